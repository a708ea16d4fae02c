"""The Qt binding must not lose references: PySide6 6.12.0 with Python 3.11 dropped one to None in each void call."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

CALLS = 5_000
NOISE = 500


class Sender(QObject):
    sent = Signal(int)


def test_calls_that_return_nothing_keep_none_alive() -> None:
    sender = QObject()
    before = sys.getrefcount(None)
    for number in range(CALLS):
        sender.setObjectName(str(number % 2))
    assert sys.getrefcount(None) > before - NOISE


def test_emits_keep_true_and_none_alive() -> None:
    sender = Sender()
    heard: list[int] = []
    sender.sent.connect(heard.append)
    nothing, true = sys.getrefcount(None), sys.getrefcount(True)
    for number in range(CALLS):
        sender.sent.emit(number)
    assert len(heard) == CALLS
    assert sys.getrefcount(None) > nothing - NOISE
    assert sys.getrefcount(True) > true - NOISE

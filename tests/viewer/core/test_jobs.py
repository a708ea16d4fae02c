"""Large things that are let go of are freed elsewhere, soon, however many follow."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from viewer.core.jobs import LEAVE_MS, Jobs


class Large:
    """Says on which thread it is freed."""

    def __init__(self, freed: list[str]) -> None:
        self._freed = freed

    def __del__(self) -> None:
        self._freed.append(threading.current_thread().name)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(lambda: sqlite3.connect(":memory:"))
    yield made
    made.close()


def test_what_is_let_go_of_is_freed_on_a_thread_of_readers(jobs: Jobs, qtbot: QtBot) -> None:
    freed: list[str] = []
    jobs.let_go(Large(freed))
    assert not freed, "its memory is given back while nobody waits for a frame"
    qtbot.waitUntil(lambda: bool(freed))
    assert freed[0].startswith("reader")


def test_what_keeps_leaving_does_not_gather(jobs: Jobs, qtbot: QtBot) -> None:
    freed: list[str] = []
    often = QTimer(interval=LEAVE_MS // 5)
    often.timeout.connect(lambda: jobs.let_go(Large(freed)))
    often.start()
    qtbot.waitUntil(lambda: len(freed) > 5)
    assert often.isActive()
    often.stop()

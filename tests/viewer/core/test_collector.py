"""Garbage is collected on the GUI thread, between events, and nowhere else."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from viewer.core import collector
from viewer.core.collector import Collector


def test_what_is_coming_up_is_not_walked(monkeypatch, qtbot: QtBot) -> None:
    """A window is set aside soon after it has come up: to walk it before takes as long as several frames."""
    looks: list[int] = []
    watched = Collector()
    try:
        monkeypatch.setattr(collector, "YOUNG", 0)
        watched._timer.setTimerType(Qt.TimerType.PreciseTimer)
        watched._timer.start()
        monkeypatch.setattr(collector.gc, "collect", looks.append)
        for _ in range(collector.FULL_EVERY - 1):
            watched._on_time()
        qtbot.wait(60)
        left = watched._timer.remainingTime()
        watched.put_off()
        assert watched._timer.remainingTime() > left
        watched._on_time()
        assert looks == [1] * collector.FULL_EVERY, "not yet over everything"
    finally:
        monkeypatch.undo()
        watched.close()


class Node:
    """Something that only a look for cycles can free."""

    def __init__(self) -> None:
        self.itself = self


def test_cycles_are_freed_on_the_gui_thread(qtbot: QtBot, monkeypatch) -> None:
    monkeypatch.setattr(collector, "EVERY_MS", 10)
    monkeypatch.setattr(collector, "YOUNG", 50)
    freed_on: list[str] = []
    watched = Collector()
    try:

        def make() -> None:
            nodes = [Node() for _ in range(5_000)]  # more than enough for the automatic collection
            weakref.finalize(nodes[0], lambda: freed_on.append(threading.current_thread().name))

        thread = threading.Thread(target=make, name="elsewhere")
        thread.start()
        thread.join()
        assert freed_on == []
        qtbot.waitUntil(lambda: bool(freed_on))
        assert freed_on == [threading.main_thread().name]
    finally:
        watched.close()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0

"""Garbage is collected on the GUI thread, between events, and nowhere else."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from viewer.core import collector
from viewer.core.collector import Collector


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

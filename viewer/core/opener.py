"""Opens projects off the GUI thread: checking the file, reading it and building the index take their time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from viewer.core.desk import OpenedProject, read_project
from viewer.core.first import Ahead, Works
from viewer.core.jobs import Cancelled

PARTS: Final = 100
"""Of an opening, for the bar."""
AGAIN_MS: Final = 50
"""So often it is asked whether an answer must still be kept back."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    done: Callable[[OpenedProject], None]
    failed: Callable[[Exception], None]
    unmake: Callable[[], None]
    works: Works


class Opener(QObject):
    """One opening at a time; a newer wish takes the place of an older one. Answers come on the GUI thread.

    What was opened and is not wanted any more is closed again.

    Signals:
        reading(Ahead): what is known of a project whose reading takes its time; never, where it has come before that
            could be told.
        progressed(int, int): how many parts of how many of it are read.
    """

    reading = Signal(object)
    progressed = Signal(int, int)
    _came = Signal(object, object)  # _Wish, Future
    _told = Signal(object, object)  # _Wish, Ahead
    _went_on = Signal(object, int)  # _Wish, parts

    def __init__(self, must_wait: Callable[[], bool], works: Callable[[], Works] = dict) -> None:
        """An answer is kept back while ``must_wait()``: a dialog is not to lose its window beneath it. ``works()``:
        what is to be made of what is opened, on the thread as well.
        """
        super().__init__()
        self._must_wait, self._works = must_wait, works
        self._kept_back: list[Callable[[], None]] = []
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._on_time)
        self._pool = ThreadPoolExecutor(1, "opener")
        self._wish: _Wish | None = None
        self._on_the_way: dict[Future[OpenedProject], _Wish] = {}
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._went_on.connect(self._on_went_on, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a project that is wanted is being opened."""
        return self._wish is not None

    def open(
        self,
        find: Callable[[], Path],
        done: Callable[[OpenedProject], None],
        failed: Callable[[Exception], None],
        unmake: Callable[[], None] = lambda: None,
    ) -> None:
        """Open the project at the path that ``find`` answers; it runs on the thread, and may make the file first.

        ``unmake`` takes that file away again when it is not wanted any more by then.
        """
        self._wish = wish = _Wish(done, failed, unmake, self._works())
        future = self._pool.submit(self._read, wish, find)
        self._on_the_way[future] = wish
        future.add_done_callback(partial(self._came.emit, wish))

    def cancel(self) -> None:
        """What is being opened is not wanted any more."""
        self._wish = None

    def close(self) -> None:
        """Wait for what is under way, and close it."""
        self._wish = None
        self._again.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for future, wish in self._on_the_way.items():
            _drop(wish, future)
        self._on_the_way.clear()

    def _read(self, wish: _Wish, find: Callable[[], Path]) -> OpenedProject:
        """On the thread: done or undone before the next wish begins."""
        if wish is not self._wish:
            raise Cancelled
        path = find()
        try:
            opened = read_project(path, partial(self._watch, wish), wish.works)
        except Cancelled:
            wish.unmake()
            raise
        if wish is not self._wish:
            opened.store.close()
            wish.unmake()
            raise Cancelled
        return opened

    def _watch(self, wish: _Wish, ahead: Ahead) -> Callable[[float], bool]:
        """On the thread, too."""
        self._told.emit(wish, ahead)

        shown = 0

        def report(share: float) -> bool:
            nonlocal shown
            part = round(share * PARTS)
            if part > shown:  # the bar is painted each time
                shown = part
                self._went_on.emit(wish, part)
            return wish is self._wish

        return report

    @Slot(object, object)
    def _on_told(self, wish: _Wish, ahead: Ahead) -> None:
        if wish is not self._wish:
            return
        if self._must_wait():
            self._keep_back(partial(self._on_told, wish, ahead))
        else:
            self.reading.emit(ahead)

    @Slot(object, int)
    def _on_went_on(self, wish: _Wish, part: int) -> None:
        if wish is self._wish:
            self.progressed.emit(part, PARTS)

    @Slot(object, object)
    def _on_came(self, wish: _Wish, future: Future[OpenedProject]) -> None:
        if future not in self._on_the_way:
            return
        if wish is self._wish and self._must_wait():
            self._keep_back(partial(self._on_came, wish, future))
            return
        del self._on_the_way[future]
        if wish is not self._wish:
            _drop(wish, future)
            return
        self._wish = None
        error = future.exception()
        if error is None:
            wish.done(future.result())
        elif isinstance(error, Exception):
            wish.failed(error)
        else:
            raise error

    def _keep_back(self, again: Callable[[], None]) -> None:
        self._kept_back.append(again)
        self._again.start()

    def _on_time(self) -> None:
        kept, self._kept_back = self._kept_back, []
        for again in kept:
            again()


def _drop(wish: _Wish, future: Future[OpenedProject]) -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().store.close()
        wish.unmake()

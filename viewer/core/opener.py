"""Opens projects off the GUI thread: checking the file, reading it and building the index take their time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from viewer.core.desk import OpenedProject, open_project


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    done: Callable[[OpenedProject], None]
    failed: Callable[[Exception], None]


class Opener(QObject):
    """One opening at a time; a newer wish takes the place of an older one. Answers come on the GUI thread.

    What was opened and is not wanted any more is closed again.
    """

    _came = Signal(object, object)  # _Wish, Future

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, "opener")
        self._wish: _Wish | None = None
        self._on_the_way: set[Future[OpenedProject]] = set()
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a project that is wanted is being opened."""
        return self._wish is not None

    def open(
        self,
        find: Callable[[], Path],
        done: Callable[[OpenedProject], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Open the project at the path that ``find`` answers; it runs on the thread, and may make the file first."""
        self._wish = wish = _Wish(done, failed)
        future = self._pool.submit(lambda: open_project(find()))
        self._on_the_way.add(future)
        future.add_done_callback(partial(self._came.emit, wish))

    def cancel(self) -> None:
        """What is being opened is not wanted any more. A file that was made for it stays."""
        self._wish = None

    def close(self) -> None:
        """Wait for what is under way, and close it."""
        self._wish = None
        self._pool.shutdown(wait=True, cancel_futures=True)
        for future in self._on_the_way:
            _drop(future)
        self._on_the_way.clear()

    @Slot(object, object)
    def _on_came(self, wish: _Wish, future: Future[OpenedProject]) -> None:
        if future not in self._on_the_way:
            return
        self._on_the_way.remove(future)
        if wish is not self._wish:
            _drop(future)
            return
        self._wish = None
        error = future.exception()
        if error is None:
            wish.done(future.result())
        elif isinstance(error, Exception):
            wish.failed(error)
        else:
            raise error


def _drop(future: Future[OpenedProject]) -> None:
    if not future.cancelled() and future.exception() is None:
        future.result().store.close()

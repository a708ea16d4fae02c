"""The true window on a project, driven frame by frame, with a watch on how long the GUI thread answers nothing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from tests.benchmarks.figures import Figure
from viewer.app import Application

SIZE = (1600, 1000)
FRAME_MS = 1000 / 60
PATIENCE_S = 240.0
QUIET_S = 0.3
NAP_S = 0.0005
LOOK_MS = 5
BLIT = "copying a full-window picture in a bare window"


def now_ms() -> float:
    return time.perf_counter() * 1000


def sync(window: QWidget) -> None:
    """Wait until the X server has drawn all that was sent to it; nothing to wait for offscreen."""
    if QApplication.platformName() == "xcb":
        window.screen().grabWindow(window.winId(), 0, 0, 1, 1)


class Loop:
    """Turns Qt's event loop by hand. ``longest``: the longest that it was away from the loop so far, ms."""

    def __init__(self) -> None:
        self.longest = 0.0

    def turn(self) -> None:
        """Handle what waits."""
        start = now_ms()
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        QCoreApplication.sendPostedEvents(None, 0)
        self.longest = max(self.longest, now_ms() - start)

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Turn until something holds. Raises TimeoutError after PATIENCE_S."""
        end = time.perf_counter() + PATIENCE_S
        last = now_ms()
        while not done():
            if time.perf_counter() > end:
                raise TimeoutError(f"waited in vain for {what}")
            self.turn()
            self.longest = max(self.longest, now_ms() - last)  # a wait for the interpreter's lock counts
            last = now_ms()
            time.sleep(NAP_S)

    def run(self, done: Callable[[], bool], what: str) -> None:
        """As ``wait``, in Qt's own loop, which leaves the interpreter to other threads while nothing happens: for work
        on these, that turning by hand would hold up. ``longest`` is not kept finer than LOOK_MS. Raises TimeoutError.
        """
        loop, watch, end = QEventLoop(), QTimer(interval=LOOK_MS), time.perf_counter() + PATIENCE_S
        last = now_ms()

        def look() -> None:
            nonlocal last
            self.longest = max(self.longest, now_ms() - last - LOOK_MS)
            last = now_ms()
            if done() or time.perf_counter() > end:
                loop.quit()

        watch.timeout.connect(look)
        watch.start()
        loop.exec()
        watch.stop()
        if not done():
            raise TimeoutError(f"waited in vain for {what}")

    def rest(self, until: float) -> None:
        """Turn until an instant of ``now_ms``."""
        while now_ms() < until:
            self.turn()
            time.sleep(NAP_S)


class Paints(QObject):
    """Counts the paint events of widgets, so that a frame that paints nothing is no frame."""

    def __init__(self, widgets: Iterable[QWidget]) -> None:
        super().__init__()
        self.counts: dict[QObject, int] = {}
        self._widgets = list(widgets)
        for widget in self._widgets:
            self.counts[widget] = 0
            widget.installEventFilter(self)

    def remove(self) -> None:
        for widget in self._widgets:
            widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.counts[watched] = self.counts.get(watched, 0) + 1
        return False


class Took(NamedTuple):
    """How long each frame took: by the clock, and of the GUI thread's processor time; ms."""

    wall: list[float]
    processor: list[float]

    def figure(self, name: str, events: int | None, blit: float, block: float) -> Figure:
        wall, processor = tuple(self.wall), tuple(self.processor)
        return Figure(name, wall, BLIT, blit, events, longest_block_ms=block, processor=processor)


class Stage:
    """A window of SIZE on a copy of a project, settled. Use as a context manager."""

    def __init__(self, project: Path, folder: Path) -> None:
        copy = folder / "open.gpkg"
        shutil.copyfile(project, copy)
        self.app = Application(folder / "settings.ini", theme="light")
        self.window = self.app.show_project(copy, SIZE)
        self.desk = self.window.desk
        self.loop = Loop()
        self.settle()
        if (self.window.width(), self.window.height()) != SIZE:
            raise RuntimeError(f"the window is {self.window.width()}x{self.window.height()}")

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.close()
        QCoreApplication.sendPostedEvents(None, 0)

    def settle(self) -> None:
        """Until nothing is loaded, placed or moved for QUIET_S."""
        since = time.perf_counter()

        def quiet() -> bool:
            nonlocal since
            if not self.window.is_settled():
                since = time.perf_counter()
            return time.perf_counter() - since > QUIET_S

        self.loop.wait(quiet, "the window to settle")
        self.loop.longest = 0.0

    def rest(self) -> None:
        """Settle, and keep the longest block that has been measured."""
        longest = self.loop.longest
        self.settle()
        self.loop.longest = longest

    def frame(self, act: Callable[[], object]) -> tuple[float, float]:
        """Do something and have all of it on the screen: how long it took and the processor time of this thread, ms."""
        start, worked = now_ms(), time.thread_time()
        act()
        QCoreApplication.sendPostedEvents(None, 0)
        sync(self.window)
        took = now_ms() - start
        self.loop.longest = max(self.loop.longest, took)
        return took, (time.thread_time() - worked) * 1000

    def frames(self, acts: Iterable[Callable[[], object]], *, paints: Iterable[QWidget]) -> Took:
        """A frame for each act, at 60 a second as a hand on the mouse gives them; what timers do goes between.

        Raises AssertionError when one of the widgets ``paints`` was not painted anew by most frames.
        """
        count = Paints(paints)
        took = Took([], [])
        for act in acts:
            start = now_ms()
            wall, processor = self.frame(act)
            took.wall.append(wall)
            took.processor.append(processor)
            self.loop.rest(start + FRAME_MS)
        count.remove()
        for widget, times in count.counts.items():
            if times < 0.9 * len(took.wall):
                raise AssertionError(f"{type(widget).__name__} was painted {times} times in {len(took.wall)} frames")
        return took

    def until_changed(self, act: Callable[[], object], changes: int = 1) -> float:
        """Do something that changes the data, until it was announced and painted: ms."""
        heard: list[object] = []
        link = self.desk.data.changed.connect(heard.append)
        start = now_ms()
        act()
        self.loop.longest = max(self.loop.longest, now_ms() - start)
        self.loop.wait(lambda: len(heard) >= changes and not self.desk.jobs.writing, "the change")
        self.loop.turn()
        sync(self.window)
        took = now_ms() - start
        self.desk.data.changed.disconnect(link)
        return took


class Blank(QWidget):
    """A window that copies one picture: the least that a frame of this size can cost."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap(*SIZE)
        self._picture.fill("white")
        self.resize(*SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)


def blit_ms(frames: int = 60) -> float:
    """Median ms to copy a picture of the window's size into a bare window and wait for it."""
    window = Blank()
    window.show()
    loop = Loop()
    loop.rest(now_ms() + 200)
    took = []
    for _ in range(frames):
        start = now_ms()
        window.update()
        QCoreApplication.sendPostedEvents(None, 0)
        sync(window)
        took.append(now_ms() - start)
        loop.rest(start + FRAME_MS)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, 0)
    return sorted(took)[len(took) // 2]

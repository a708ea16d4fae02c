"""Windows are built in steps, between which whatever stands on the screen goes on living."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from viewer.core.actions import keymap_of
from viewer.core.desk import Desk, OpenedProject, build_desk
from viewer.core.first import Ahead
from viewer.core.settings import Settings
from viewer.look.theme import ThemeManager
from viewer.shell.host import Host
from viewer.shell.main_window import MainWindow
from viewer.shell.opening_window import OpeningWindow
from viewer.shell.parts import make_parts
from viewer.views.map.ground import open_ground

AGAIN_MS: Final = 50
"""So often it is asked whether a window must still be kept back."""

W = TypeVar("W", MainWindow, OpeningWindow)
Steps = Generator[int, None, W]
"""Yields how long to leave the thread to others before the next step, ms. Closed before its end it leaves nothing."""


def build_window(
    opened: OpenedProject,
    settings: Settings,
    look: ThemeManager,
    host: Host,
    size: tuple[int, int] | None = None,
    take_over: Callable[[Desk], None] = lambda _desk: None,
) -> Steps[MainWindow]:
    """The window on a project that was opened, which is closed again where that fails; ``size`` as MainWindow has it.

    ``take_over`` hands on what was done in the window before.
    """
    try:
        desk = build_desk(opened, settings, keymap_of(settings))
    except BaseException:
        opened.store.close()
        raise
    steps = _steps(desk, look, host, size, take_over)
    next(steps)  # what has not begun could not close the project
    return steps


def _steps(
    desk: Desk, look: ThemeManager, host: Host, size: tuple[int, int] | None, take_over: Callable[[Desk], None]
) -> Steps[MainWindow]:
    try:
        yield 0
        parts = yield from make_parts(desk, look)
        try:
            take_over(desk)
            return MainWindow(desk, look, host, parts, size)
        except BaseException:
            parts.throw_away()
            raise
    except BaseException:
        desk.close()
        raise


def build_early(
    ahead: Ahead, settings: Settings, look: ThemeManager, on_cancel: Callable[[], None], on_closed: Callable[[], None]
) -> Steps[OpeningWindow]:
    """The window that stands while a large project is read; see OpeningWindow."""
    yield 0
    ground, _missing = open_ground()
    try:
        yield 0
        return OpeningWindow(settings, look, ahead, ground, on_cancel, on_closed)
    except BaseException:
        ground.close()
        raise


def at_once(steps: Steps[W]) -> W:
    """Take all steps without leaving the thread to anybody."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            window: W = end.value
            return window


class Building(QObject, Generic[W]):
    """Takes the steps to a window, and then some more that have it laid out and painted before it is seen: else all of
    it would be painted for the first time in one go.
    """

    def __init__(
        self,
        steps: Steps[W],
        must_wait: Callable[[], bool],
        done: Callable[[W], None],
        failed: Callable[[Exception], None],
        unmake: Callable[[], None] = lambda: None,
    ) -> None:
        """The window is kept back while ``must_wait()``: a dialog is not to lose its own beneath it. ``unmake`` is
        called where it is not wanted any more.
        """
        super().__init__()
        self._begun: Steps[W] = steps
        self._steps: Steps[W] = self._whole(steps, must_wait)
        self._done: Callable[[W], None] = done
        self._failed, self._unmake = failed, unmake
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def stop(self) -> None:
        """It is not wanted any more."""
        self._timer.stop()
        self._steps.close()
        self._begun.close()  # a generator that has not begun does not close the one that it would go through
        self._unmake()

    def _whole(self, steps: Steps[W], must_wait: Callable[[], bool]) -> Steps[W]:
        window = yield from steps
        try:
            yield 0
            for _part in window.warm():
                yield 0
            while must_wait():
                yield AGAIN_MS
        except BaseException:
            window.leave()
            window.deleteLater()
            raise
        return window

    def _step(self) -> None:
        try:
            self._timer.start(next(self._steps))
        except StopIteration as end:
            self._done(end.value)
        except Exception as error:
            self._failed(error)

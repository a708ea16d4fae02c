"""The composition root: the only module that sees every floor. Builds the objects, hands them in, runs."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final

import platformdirs
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication

from db.errors import EnvironmentFault
from db.importers import bundle
from db.templates import new_project
from viewer.core.collector import Collector
from viewer.core.desk import Desk, OpenedProject, read_project
from viewer.core.first import Ahead, Works
from viewer.core.opener import Opener
from viewer.core.settings import PROJECTION, REDUCE_MOTION, SCALE, THEME, Settings
from viewer.look.theme import ThemeManager
from viewer.paths import resource
from viewer.shell.building import Building, at_once, build_early, build_window
from viewer.shell.logo import window_icon
from viewer.shell.main_window import MainWindow
from viewer.shell.opening_window import OPENING, OpeningWindow
from viewer.shell.room import InRoom
from viewer.shell.start_window import StartWindow
from viewer.views.map import content as map_content

log = logging.getLogger(__name__)
NAME: Final = "dateline"
SAMPLE_NAME: Final = "Decline of ISIS territory.gpkg"
TURN_S: Final = 0.0005
"""So long the GUI thread waits at most for a thread that reads or writes to let it go on; Python's own is ten times as
long, and a frame asks dozens of times."""

SETTLE_MS: Final = 1_000
"""So long after a window has come up what it stands on is set aside by the collector."""
SLOW_START_MS: Final = 1_500
"""A project that takes longer than this to open is waited for on the first screen."""


def settings_path() -> Path:
    """The INI file of this user; its folder is made."""
    return Path(platformdirs.user_config_dir(NAME, appauthor=False, ensure_exists=True)) / "settings.ini"


def sample_path() -> Path:
    """Where the user's own copy of the bundled sample is kept, once it is made."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / SAMPLE_NAME


def sample_copy() -> Path:
    """The user's own copy of the bundled sample, made when it is not there yet."""
    path = sample_path()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{os.getpid()}-{path.name}")  # half a sample would be opened for ever
        bundle.build(resource("sample"), part)
        part.replace(path)
    return path


Window = MainWindow | StartWindow | OpeningWindow


class Application:
    """The running program: one window, on a project or on the first screen. Is the windows' Host."""

    def __init__(self, settings: Path, theme: str | None = None, scale: int | None = None) -> None:
        """``settings`` is the INI file; ``theme`` light or dark and ``scale`` in percent override what it remembers."""
        existing = QApplication.instance()
        self.qt = existing if isinstance(existing, QApplication) else QApplication([NAME])
        self.qt.setApplicationName("Dateline")
        self.qt.setDesktopFileName(NAME)
        self.qt.setWindowIcon(window_icon())
        self.settings = Settings(settings)
        self.look = ThemeManager(
            self.qt,
            theme or self.settings.get(THEME),
            scale=(scale or self.settings.get(SCALE)) / 100,
            reduce_motion=self.settings.get(REDUCE_MOTION),
        )
        self.settings.changed.connect(self._on_setting)
        self._in_room = InRoom()
        self.window: Window | None = None
        self._collector = Collector()
        self._building: Building[MainWindow] | None = None
        self._early: Building[OpeningWindow] | None = None
        self._opener = Opener(self._is_asking, self._works)
        self._opener.reading.connect(self._on_reading)
        self._opener.progressed.connect(self._on_progressed)
        self._slow_start = QTimer(singleShot=True, interval=SLOW_START_MS)
        self._settle = QTimer(singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        self._left_project = False
        sys.setswitchinterval(TURN_S)

    def show_start(self) -> StartWindow:
        """The first screen, in place of what was shown."""
        window = StartWindow(self, self.settings, self.look)
        self._replace(window)
        return window

    def show_project(self, path: Path, size: tuple[int, int] | None = None) -> MainWindow:
        """Open a project in place of what was shown, at once. Raises EnvironmentFault, and then all is as it was."""
        if (window := self._window_of(path)) is not None:
            return window
        opened = read_project(path, works=self._works())
        window = at_once(build_window(opened, self.settings, self.look, self, size))
        self._enter(window)
        return window

    @property
    def opening(self) -> bool:
        """Whether a project is on its way into a window."""
        return self._opener.busy or self._building is not None

    def _on_setting(self, key: str) -> None:
        """What is chosen holds at once, wherever it was chosen."""
        if key == SCALE.key:
            self.look.set_scale(self.settings.get(SCALE) / 100)
        elif key == THEME.key:
            self.look.set_preference(self.settings.get(THEME))
        elif key == REDUCE_MOTION.key:
            self.look.set_reduce_motion(self.settings.get(REDUCE_MOTION))

    def close(self) -> None:
        """Close the window; what is being written is finished first."""
        self._slow_start.stop()
        self._settle.stop()
        self._cancel()
        self._opener.close()
        if self.window is not None:
            _leave(self.window)
            self.window = None
        self.settings.flush()
        self._collector.close()

    # What windows ask (shell/host.py)

    def open_project(self, path: Path) -> None:
        self._go_to(path, lambda: path)

    def open_sample(self) -> None:
        self._go_to(sample_path(), sample_copy)

    def new_project(self, path: Path) -> None:
        self._open(path.stem, partial(_made, path), unmake=path.unlink)

    def import_into_new(self, path: Path, texts: list[Path]) -> None:
        """A new project from texts; those that cannot be read are named, the others go in."""
        self._open(path.stem, partial(_made, path), lambda window: window.import_files(texts), path.unlink)

    def tell_fault(self, sentence: str) -> None:
        """Show a sentence in the window that is there, on the first screen when there is none."""
        window = self.window
        (self.show_start() if window is None or isinstance(window, OpeningWindow) else window).tell_fault(sentence)

    # Opening, off the GUI thread

    def _go_to(self, path: Path, find: Callable[[], Path]) -> None:
        """To a project's window where it has one; whatever else was asked for before is not wanted any more."""
        window = self._window_of(path)
        if window is None:
            self._open(path.stem, find)
        else:
            self._cancel()
            window.busy.end(OPENING)
            window.activateWindow()

    def _open(
        self,
        name: str,
        find: Callable[[], Path],
        then: Callable[[MainWindow], object] = lambda _window: None,
        unmake: Callable[[], None] = lambda: None,
    ) -> None:
        if isinstance(self.window, MainWindow) and not self.window.may_close():
            return
        if self.window is not None:
            self.window.busy.begin(OPENING, f"Opening {name}", self._cancel)
        self._cancel()
        self._collector.put_off()
        self._opener.open(find, partial(self._on_opened, then, self._on_fault, unmake), self._on_fault, unmake)

    def _on_reading(self, ahead: Ahead) -> None:
        """The events of a large project are being read. Who has another one before them goes on with that meanwhile."""

        def done(window: OpeningWindow) -> None:
            self._early = None
            self._replace(window)

        if self.window is None or (isinstance(self.window, StartWindow) and self.window.isVisible()):
            steps = build_early(ahead, self.settings, self.look, on_cancel=self._give_up, on_closed=self._cancel)
            self._early = Building(steps, self._is_asking, done, self._on_fault)

    def _on_progressed(self, done: int, total: int) -> None:
        if self.window is not None:
            self.window.busy.report(OPENING, done, total)

    def _give_up(self) -> None:
        self._cancel()
        self.show_start()

    def _on_opened(
        self,
        then: Callable[[MainWindow], object],
        failed: Callable[[Exception], None],
        unmake: Callable[[], None],
        opened: OpenedProject,
    ) -> None:
        def done(window: MainWindow) -> None:
            self._building = None
            if self.window is not None and not self.window.isVisible():
                _leave(window)  # whoever waited has closed the window meanwhile
                unmake()
                return
            self._enter(window)
            then(window)

        def undone(error: Exception) -> None:
            self._building = None
            unmake()
            failed(error)

        self._stop_early()
        try:
            steps = build_window(opened, self.settings, self.look, self, take_over=self._take_over)
        except Exception as error:
            unmake()
            failed(error)
            return
        self._building = Building(steps, self._is_asking, done, undone, unmake)

    def _take_over(self, desk: Desk) -> None:
        """What was done in the window that waits."""
        if isinstance(self.window, OpeningWindow):
            self.window.keep_place()
            if self.window.extent is not None:
                desk.state.set("app", extent=self.window.extent)

    def _cancel(self) -> None:
        """What is on its way into a window is not wanted any more."""
        self._opener.cancel()
        self._stop_early()
        building, self._building = self._building, None
        if building is not None:
            building.stop()

    def _stop_early(self) -> None:
        early, self._early = self._early, None
        if early is not None:
            early.stop()

    def _on_fault(self, error: Exception) -> None:
        self._stop_early()
        if self.window is not None:
            self.window.busy.end(OPENING)
        if isinstance(error, EnvironmentFault):
            self.tell_fault(str(error))
        else:
            log.error("opening failed", exc_info=error)
            self.tell_fault("That did not work and nothing was changed. The log has the details.")

    def _works(self) -> Works:
        """What is made of a project for its views while it is opened."""
        spec, enlarged = self.settings.get(PROJECTION), self.look.scale
        return {map_content.TOPIC: partial(map_content.first_content, spec=spec, enlarged=enlarged)}

    def _is_asking(self) -> bool:
        """Whether a dialog or menu is open, which needs its window."""
        modal = self.qt.activeModalWidget() or self.qt.activePopupWidget() or self.qt.modalWindow()
        return modal is not None or QThread.currentThread().loopLevel() > 1

    def _window_of(self, path: Path) -> MainWindow | None:
        """The window that shows a project already."""
        window = self.window
        return window if isinstance(window, MainWindow) and window.isVisible() and window.shows(path) else None

    def _enter(self, window: MainWindow) -> None:
        self.settings.remember_file(window.desk.data.store.path)
        self._replace(window)

    def _replace(self, window: Window) -> None:
        self._slow_start.stop()
        self._settle.stop()
        self._collector.put_off()
        old, self.window = self.window, window
        window.show()
        if old is not None:
            self._left_project |= isinstance(old, MainWindow)
            _leave(old)
        if not isinstance(window, OpeningWindow):  # that one is soon gone
            self._settle.start()

    def _on_settled(self) -> None:
        """What a project has left behind is large; it is freed when another one stands."""
        (self._collector.renew if self._left_project else self._collector.settle)()
        self._left_project = False

    # From the start of the program to its end

    def run(self, name: str, find: Callable[[], Path] | None) -> int:
        """Stay until the window is closed: that of the project that ``find`` answers, or the first screen.

        Raises the EnvironmentFault for which the project could not be opened.
        """
        if find is None:
            self.show_start()
            return self.qt.exec()
        faults: list[Exception] = []

        def failed(error: Exception) -> None:
            if self.window is not None:  # waited for so long that there is somebody to tell
                self._on_fault(error)
                return
            faults.append(error)
            self.qt.quit()

        def wait() -> None:
            self.show_start().busy.begin(OPENING, f"Opening {name}", self._cancel)

        self._opener.open(find, partial(self._on_opened, lambda _window: None, failed, lambda: None), failed)
        self._slow_start.timeout.connect(wait)
        self._slow_start.start()
        code = self.qt.exec()
        if faults:
            raise faults[0]
        return code


def run(file: Path | None = None, *, sample: bool = False) -> int:
    """Open the window and stay until it is closed. Raises EnvironmentFault when the project cannot be opened."""
    _log_to_file()
    sys.excepthook = _report
    application = Application(settings_path())
    try:
        if sample:
            return application.run(sample_path().stem, sample_copy)
        return application.run(file.stem, lambda: file) if file is not None else application.run("", None)
    finally:
        application.close()


def _leave(window: Window) -> None:
    """Close a window for good; whether it may has been asked before."""
    if isinstance(window, StartWindow):
        window.close()
    else:
        window.leave()
    window.deleteLater()


def _made(path: Path) -> Path:
    """A new project's path, the project made."""
    new_project(path, path.stem)
    return path


def _log_to_file() -> None:
    folder = Path(platformdirs.user_log_dir(NAME, appauthor=False, ensure_exists=True))
    logging.basicConfig(
        filename=folder / "dateline.log", level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An exception that nobody caught, in a slot for one: write it down; finished work is on disk already."""
    log.error("uncaught", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)

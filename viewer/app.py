"""The composition root: the only module that sees every floor. Builds the objects, hands them in, runs."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final

import platformdirs
from PySide6.QtWidgets import QApplication

from db.errors import EnvironmentFault
from db.importers import bundle
from db.store import Store
from db.templates import new_project
from viewer.core.collector import Collector
from viewer.core.desk import build_desk
from viewer.core.settings import REDUCE_MOTION, THEME, Settings
from viewer.paths import resource
from viewer.shell.logo import window_icon
from viewer.shell.main_window import MainWindow
from viewer.shell.start_window import StartWindow
from viewer.theme import ThemeManager

log = logging.getLogger(__name__)
NAME: Final = "dateline"
SAMPLE_NAME: Final = "Decline of ISIS territory.gpkg"
TURN_S: Final = 0.0005
"""So long the GUI thread waits at most for a thread that reads or writes to let it go on; Python's own is ten times as
long, and a frame asks dozens of times."""


def settings_path() -> Path:
    """The INI file of this user; its folder is made."""
    return Path(platformdirs.user_config_dir(NAME, appauthor=False, ensure_exists=True)) / "settings.ini"


def sample_copy() -> Path:
    """The user's own copy of the bundled sample, made when it is not there yet."""
    folder = Path(platformdirs.user_data_dir(NAME, appauthor=False, ensure_exists=True))
    path = folder / SAMPLE_NAME
    if not path.exists():
        bundle.build(resource("sample"), path)
    return path


class Application:
    """The running program: one window, on a project or on the first screen. Is the windows' Host."""

    def __init__(self, settings: Path, theme: str | None = None) -> None:
        """``settings`` is the INI file; ``theme`` light or dark overrides what is remembered in it."""
        existing = QApplication.instance()
        self.qt = existing if isinstance(existing, QApplication) else QApplication([NAME])
        self.qt.setApplicationName("Dateline")
        self.qt.setDesktopFileName(NAME)
        self.qt.setWindowIcon(window_icon())
        self.settings = Settings(settings)
        self.look = ThemeManager(
            self.qt, theme or self.settings.get(THEME), reduce_motion=self.settings.get(REDUCE_MOTION)
        )
        self.window: MainWindow | StartWindow | None = None
        self._collector = Collector()
        sys.setswitchinterval(TURN_S)

    def show_start(self) -> StartWindow:
        """The first screen, in place of what was shown."""
        window = StartWindow(self, self.settings, self.look)
        self._replace(window)
        return window

    def show_project(self, path: Path, size: tuple[int, int] | None = None) -> MainWindow:
        """Open a project in place of what was shown. Raises EnvironmentFault, and then all is as it was."""
        if isinstance(self.window, MainWindow) and self.window.isVisible() and self.window.shows(path):
            return self.window
        store = Store.open(path)
        try:
            desk = build_desk(store, self.settings)
        except BaseException:
            store.close()
            raise
        try:
            window = MainWindow(desk, self.look, self, size)
        except BaseException:
            desk.close()
            raise
        self.settings.remember_file(path)
        self._replace(window)
        return window

    def close(self) -> None:
        """Close the window; what is being written is finished first."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
        self.settings.flush()
        self._collector.close()

    # What windows ask (shell/host.py)

    def open_project(self, path: Path) -> None:
        self._try(lambda: self.show_project(path))

    def new_project(self, path: Path) -> None:
        def make() -> None:
            new_project(path, path.stem)
            self.show_project(path)

        self._try(make)

    def open_sample(self) -> None:
        self._try(lambda: self.show_project(sample_copy()))

    def import_into_new(self, path: Path, texts: list[Path]) -> None:
        """A new project from texts; those that cannot be read are named, the others go in."""

        def make() -> None:
            new_project(path, path.stem)
            window = self.show_project(path)
            window.import_files(texts)

        self._try(make)

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except EnvironmentFault as fault:
            self.tell_fault(str(fault))
        except Exception:
            log.exception("opening failed")
            self.tell_fault("That did not work and nothing was changed. The log has the details.")

    def tell_fault(self, sentence: str) -> None:
        """Show a sentence in the window that is there, on the first screen when there is none."""
        (self.window or self.show_start()).tell_fault(sentence)

    def _replace(self, window: MainWindow | StartWindow) -> None:
        old, self.window = self.window, window
        window.show()
        if old is not None:
            old.close()
            old.deleteLater()


def run(file: Path | None = None, *, sample: bool = False) -> int:
    """Open the window and stay until it is closed. Raises EnvironmentFault when the project cannot be opened."""
    _log_to_file()
    sys.excepthook = _report
    application = Application(settings_path())
    if sample:
        application.show_project(sample_copy())
    elif file is not None:
        application.show_project(file)
    else:
        application.show_start()
    # What stands by now stands until the end: the collector need not walk it again while time is scrubbed.
    gc.collect()
    gc.freeze()
    code = application.qt.exec()
    application.close()
    return code


def _log_to_file() -> None:
    folder = Path(platformdirs.user_log_dir(NAME, appauthor=False, ensure_exists=True))
    logging.basicConfig(
        filename=folder / "dateline.log", level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An exception that nobody caught, in a slot for one: write it down; finished work is on disk already."""
    log.error("uncaught", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)

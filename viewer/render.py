"""Pictures of the true window, made without a display."""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer, qInstallMessageHandler
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from db import queries, timewords
from db.errors import EnvironmentFault, InputFault
from db.layers.adding import link_rasters
from db.store import Store

log = logging.getLogger(__name__)
LEAST: Final = (320, 200)
MOST: Final = 8192
PATIENCE_MS: Final = 20_000
QUIET_MS: Final = 120
PNG: Final = b"\x89PNG\r\n\x1a\n"
"""How such a file begins (PNG specification, section 5.2)."""


def parse_size(text: str) -> tuple[int, int]:
    """``1600x1000`` -> (1600, 1000). Raises InputFault outside 320x200 to 8192x8192."""
    match = re.fullmatch(r"(\d{1,5})[xX×](\d{1,5})", text.strip())
    if match:
        width, height = int(match[1]), int(match[2])
        if LEAST[0] <= width <= MOST and LEAST[1] <= height <= MOST:
            return width, height
    raise InputFault(f"“{text}” is no size. Write it as 1600x1000, from 320x200 to {MOST}x{MOST} pixels.")


def render(
    project: Path,
    target: Path,
    *,
    at: str | None,
    width: int,
    height: int,
    theme: str,
    view: str = "window",
    scale: int = 100,
) -> None:
    """Write a PNG of the window (or its ``map`` or ``timeline``) on a project at a date, ``scale`` in percent.

    A copy of the project is opened, so that nothing in its folder changes.

    Raises:
        EnvironmentFault: the project cannot be opened or the picture not be written; InputFault: ``at`` is no date, or
            there is something else than a PNG at ``target``.
    """
    if target.exists() and not _is_picture(target):
        raise InputFault(f"{target.name} is there already and is no PNG picture. It was left as it is.")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from viewer.app import Application

    with tempfile.TemporaryDirectory(prefix="dateline-") as folder, _qt_to_log():
        copy = Path(folder) / project.name
        _copy(project, copy)
        application = Application(Path(folder) / "settings.ini", theme=theme, scale=scale)
        try:
            window = application.show_project(copy, (width, height))
            if at:
                commands, cursor = window.desk.commands, window.desk.state.view.time_cursor
                commands.go_to(timewords.parse_typed(at, cursor).best)
            part: QWidget = {"window": window, "map": window.map_view, "timeline": window.timeline_view}[view]
            with _no_faults():
                _settle(window.is_settled)
            _write(part.grab(), target)
        finally:
            application.close()


def _copy(project: Path, target: Path) -> None:
    """Through the store, which also brings what another program has only written to its log beside the file."""
    store = Store.open(project, read_only=True)
    try:
        store.save_copy(target)
        with closing(store.reader()) as reader:
            files = {row.id: row.file.absolute() for row in queries.layers(reader) if row.file is not None}
    finally:
        store.close()
    if files:
        link_rasters(target, files)


def _is_picture(path: Path) -> bool:
    """Whether a file is a picture such as we write, and so may be written over."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(PNG)) in (PNG, b"")


def _write(picture: QPixmap, target: Path) -> None:
    """Write a PNG; the folder is made when there is none."""
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(target), "PNG"):
        raise EnvironmentFault(f"The picture could not be written to {target}. Is the folder writable?")


@contextmanager
def _qt_to_log() -> Iterator[None]:
    """Qt's remarks on having no screen are for the log, not for whoever asked for a picture."""
    before = qInstallMessageHandler(lambda _kind, _context, text: log.info("Qt: %s", text))
    try:
        yield
    finally:
        qInstallMessageHandler(before)


@contextmanager
def _no_faults() -> Iterator[None]:
    """Raise the first exception that a slot or a paint event let through meanwhile.

    The picture would have a hole, and taking it could crash: PySide carries an exception out of a paint event over into
    the paint events that follow when Qt was called from Python, as ``grab`` does. The event loop reports it at once.
    """
    faults: list[BaseException] = []
    before, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: faults.append(error)
    try:
        yield
    finally:
        sys.excepthook = before
    if faults:
        raise faults[0]


def _settle(is_settled: Callable[[], bool]) -> None:
    """Run the event loop until nothing is being loaded, placed or animated, for QUIET_MS at a stretch."""
    clock, quiet = QElapsedTimer(), QElapsedTimer()
    clock.start()
    quiet.start()
    while clock.elapsed() < PATIENCE_MS and quiet.elapsed() < QUIET_MS:
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()
        if not is_settled():
            quiet.restart()

"""A shown map on a real project, settled, with mouse and key helpers."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db import edtf
from db.edits import add_event, add_place
from db.importers import bundle
from db.store import Store
from db.templates import CONFLICT, add_kinds
from db.values import Extent, Status
from tests.helpers.desk import make_desk
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.paths import resource
from viewer.views.map.geometry import Viewport
from viewer.views.map.names import Names
from viewer.views.map.projection import to_world
from viewer.views.map.view import MapView

PATIENCE_MS = 60_000
TOWNS = {
    "Mosul": (43.13, 36.34),
    "Raqqa": (39.01, 35.95),
    "Tikrit": (43.68, 34.6),
    "Palmyra": (38.28, 34.56),
    "Sirte": (16.59, 31.2),
}
EVENTS = (
    # title, kind, date, place, status
    ("Mosul is entered", 2, "2016-11-01", "Mosul", Status.OCCURRED),
    ("Mosul is cut off", 1, "2016-11-20", "Mosul", Status.OCCURRED),
    ("Raqqa is to be taken", 1, "2017-03-01", "Raqqa", Status.PLANNED),
    ("Tikrit is retaken", 1, "2015-04-01", "Tikrit", Status.OCCURRED),
    ("Palmyra falls again", 1, "2016-12-11", "Palmyra", Status.CLAIMED),
    ("Sirte is cleared", 2, "2016-12-06", "Sirte", Status.DENIED),
    ("A statement without a place", 4, "2016-11-15", "", Status.OCCURRED),
)
OPENS = "2016-12-12"
IRAQ = Extent(36.5, 32.5, 45.5, 37.5)
SHIFT = Qt.KeyboardModifier.ShiftModifier


def on_screen(view: Viewport, lon: float, lat: float) -> tuple[float, float]:
    """Degrees to logical px."""
    x, y = view.screen(*to_world(lon, lat))
    return float(x), float(y)


@functools.cache
def sample_at(folder: Path) -> Path:
    """The bundled sample as a file, built once a run."""
    path = folder / "sample.gpkg"
    bundle.build(resource("sample"), path)
    return path


def towns_project(path: Path, events: tuple[tuple[str, int, str, str, Status], ...] = EVENTS) -> Path:
    """Seven events at five towns; Mosul has two, Sirte is far off."""
    store = Store.create(path, "Towns")
    try:
        add_kinds(store, CONFLICT)
        with store.step("Set up") as session:
            ids = {name: add_place(session, name, lon, lat) for name, (lon, lat) in TOWNS.items()}
            for title, kind, date, town, status in events:
                add_event(session, title, kind_id=kind, when=edtf.parse(date), place_id=ids.get(town), status=status)
    finally:
        store.close()
    return path


@contextmanager
def shown_map(
    qtbot: QtBot, project: Path, folder: Path, look: ThemeManager, size: tuple[int, int] = (960, 551)
) -> Iterator[MapView]:
    """A MapView of ``size`` on a copy of ``project`` in ``folder``, settled; closed with its desk at the end."""
    copy = folder / "map.gpkg"
    if copy != project:
        shutil.copyfile(project, copy)
    desk = make_desk(copy, folder)
    view = MapView(desk, look)
    try:
        view.resize(*size)
        view.show()
        qtbot.waitExposed(view)
        settle(qtbot, view)
        yield view
    finally:
        view.close()
        shiboken6.delete(view)
        desk.close()


def desk_of(view: MapView) -> Desk:
    return view._desk


def settle(qtbot: QtBot, view: MapView, *, rendered: bool = False) -> None:
    """Wait until the map is final: loaded, flown and placed; with ``rendered`` also to its last tile."""
    QApplication.processEvents()
    final = view.is_settled if rendered else view.is_at_rest
    qtbot.waitUntil(lambda: desk_of(view).jobs.idle and final(), timeout=PATIENCE_MS)
    view.repaint()


def spot(view: MapView, title: str) -> QPoint:
    """Where the mark of an event with this title is (it need not be on top of its stack)."""
    row = row_of(view, title)
    x, y = view.picture.layer.spot(row)
    return QPoint(round(x), round(y))


def row_of(view: MapView, title: str) -> int:
    data = desk_of(view).data
    return next(row for row in range(data.index.n) if data.title(row) == title)


def selected_titles(view: MapView) -> set[str]:
    desk = desk_of(view)
    return {desk.data.title(row) for row in desk.data.selected_rows()}


def click(view: MapView, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, modifier, at)


def press(view: MapView, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(view, key, modifier)


def drag(
    view: MapView, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press at ``start``, move in steps, let go at ``end``."""
    QTest.mousePress(view, Qt.MouseButton.LeftButton, modifier, start)
    for step in range(1, 6):
        QTest.mouseMove(view, start + (end - start) * step / 5)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, modifier, end)


def wheel(view: MapView, at: QPoint, notches: float) -> None:
    """Turn the wheel at a point; up is closer."""
    event = QWheelEvent(
        QPointF(at), QPointF(view.mapToGlobal(at)), QPoint(), QPoint(0, int(120 * notches)),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


class Paints(QObject):
    """The versions of names with which the map was painted."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.versions: list[int] = []
        self._names = names

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.versions.append(self._names.version)
        return False

"""A shown timeline on a small project with every way in which a date can be uncertain, and hands to move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db import edtf
from db.displayed import span_columns
from db.store import Store
from db.tables import Claim, Document, Event, Quote, Source
from db.templates import CONFLICT, add_kinds
from db.values import Shape, Status, TimeWindow
from tests.helpers.desk import make_desk
from viewer.core.desk import Desk
from viewer.core.state import ViewState
from viewer.look.theme import ThemeManager
from viewer.views.timeline.view import TimelineView

EVENTS = (
    # title, kind, date, status, lasting
    ("Town falls", 1, "2015-05-20", Status.OCCURRED, False),
    ("Siege broken", 1, "2015-06~", Status.OCCURRED, False),
    ("Refinery retaken", 1, "2015-10-15", Status.OCCURRED, False),
    ("City retaken", 1, "2015-12/2016-01", Status.OCCURRED, False),
    ("Crossing lost again", 1, "2016-12-11", Status.OCCURRED, False),
    ("Airfield taken", 1, "2016-11-16/2016-11-23", Status.OCCURRED, False),
    ("Aim: the city this year", 1, "2016", Status.PLANNED, False),
    ("Air force enters the war", 2, "2015-09-30", Status.OCCURRED, False),
    ("Cash store struck", 2, "2016-01~", Status.OCCURRED, False),
    ("Offensive", 2, "2016-10-17/2017-01~", Status.OCCURRED, True),
    ("Old siege", 2, "2013/2015-09", Status.OCCURRED, True),
    ("Next offensive", 2, "2016-12/2017-03", Status.PLANNED, False),
    ("1,024 attacks claimed", 3, "2016-01-01/2016-11-20", Status.CLAIMED, True),
    ("Attacks expected", 3, "2016-12-15/2017-03-20", Status.PREDICTED, False),
    ("No such attack", 3, "2016-07-03", Status.DENIED, False),
    ("Two-front aim", 4, "2016-01-25", Status.OCCURRED, False),
    ("Ministers pledge money", 4, "2016-07-20", Status.OCCURRED, False),
    ("“Collapsing”", 4, "[2016-11-27,2016-11-28]", Status.OCCURRED, False),
    ("بيان عن الموصل", 4, "2016-03-10", Status.OCCURRED, False),
    ("Lieutenants leave", 5, "2015-12~", Status.OCCURRED, False),
    ("Retreat foreseen", 5, "2016-12-28/2017-02-15", Status.PREDICTED, False),
    ("Leaders killed, by one count", 6, "2015-04/2015-12", Status.OCCURRED, True),
    ("Much ground lost", 6, "2016-12-20", Status.OCCURRED, False),
    ("Before it all", 6, "2009-02-01", Status.OCCURRED, False),
)
DISAGREEING = "Airfield taken"
CURSOR = "2016-11-28"
WINDOW = TimeWindow(edtf.instant(2015, 4, 20), edtf.instant(2017, 4, 20))
SIZE = (1200, 377)
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
DAY = edtf.instant


def years_project(path: Path, *, copies: int = 1) -> Path:
    """EVENTS, each with a quote; one of them with a second claim that disagrees. ``copies`` repeats them all."""
    store = Store.create(path, "Two years")
    try:
        add_kinds(store, CONFLICT)
        with store.step("Set up") as session:
            session.add(Source(id=1, title="Herald", reliability="B"))
            session.flush()
            session.add(Document(id=1, source_id=1, text_length=5000))
            session.flush()
            for title, kind, date, status, lasting in EVENTS * copies:
                event = Event(kind_id=kind)
                session.add(event)
                session.flush()
                dates = (date, "2016-11-30") if title == DISAGREEING else (date,)
                for each in dates:
                    quote = Quote(document_id=1, start=0, end=5, exact=title)
                    session.add(quote)
                    session.flush()
                    claim = Claim(event_id=event.id, quote_id=quote.id, title=title, status=status.value)
                    span = edtf.parse(each, Shape.LASTING if lasting else Shape.MOMENT)
                    claim.edtf, claim.time_shape = span.edtf, span.shape.value
                    for name, value in span_columns(span).items():
                        setattr(claim, name, value)
                    session.add(claim)
                session.flush()
    finally:
        store.close()
    return path


@contextmanager
def shown_timeline(
    qtbot: QtBot, project: Path, folder: Path, look: ThemeManager, size: tuple[int, int] = SIZE
) -> Iterator[TimelineView]:
    """A TimelineView of ``size``, standing at CURSOR in WINDOW; closed with its desk at the end."""
    desk = make_desk(project, folder)
    desk.state.set("test", time_cursor=edtf.parse(CURSOR).best, time_window=WINDOW)
    view = TimelineView(desk, look)
    try:
        view.resize(*size)
        view.show()
        qtbot.waitExposed(view)
        view.activateWindow()
        qtbot.waitUntil(view.isActiveWindow)
        view.setFocus()
        QApplication.processEvents()
        yield view
    finally:
        view.close()
        shiboken6.delete(view)
        desk.close()


def desk_of(view: TimelineView) -> Desk:
    return view._desk


def state(view: TimelineView) -> ViewState:
    return desk_of(view).state.view


def row_of(view: TimelineView, title: str) -> int:
    """The first row of the index with this title."""
    data = desk_of(view).data
    return next(row for row in range(data.index.n) if data.title(row) == title)


def current_title(view: TimelineView) -> str:
    desk = desk_of(view)
    row = desk.data.row(desk.state.view.current)
    return "" if row is None else desk.data.title(row)


def mark_of(view: TimelineView, title: str) -> QPoint:
    """Where an event's mark is in the lanes."""
    lanes = view.lanes
    item = lanes.sight.layout_now().item_of(row_of(view, title))
    assert item is not None, f"{title} is not drawn by itself"
    return QPoint(round(lanes.left + item.x), round(item.y - lanes.sight.offset))


def label_of(view: TimelineView, title: str) -> QPoint:
    """The middle of an event's label in the lanes."""
    lanes = view.lanes
    item = lanes.sight.layout_now().item_of(row_of(view, title))
    assert item is not None
    assert item.label is not None, f"{title} has no label"
    return QPoint(round(lanes.left + item.label + item.width / 2), round(item.y - lanes.sight.offset))


def drag(
    widget: QWidget, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press, move in a few steps, release."""
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(widget, left, modifier, start)
    for step in range(1, 6):
        at = QPointF(start) + (QPointF(end) - QPointF(start)) * step / 5
        move(widget, at, modifier)
    QTest.mouseRelease(widget, left, modifier, end)


def move(widget: QWidget, at: QPointF, modifier: Qt.KeyboardModifier) -> None:
    """A mouse move with the left button and a modifier held, which QTest.mouseMove cannot do."""
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), left, left, modifier)
    QApplication.sendEvent(widget, event)


def wheel(
    widget: QWidget, at: QPoint, notches: float, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Turn the wheel over a point; away from the hand is positive."""
    place = QPointF(at)
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)

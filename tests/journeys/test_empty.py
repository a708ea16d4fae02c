"""A project in which nothing has a date yet: no day is made up, nothing that does nothing can be pressed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from db import edtf
from db.edits import add_event
from db.edtf import parse
from db.templates import new_project
from tests.helpers.pictures import pixels
from tests.helpers.window import Program, picture
from viewer.core.actions import BY_ID
from viewer.core.desk import Desk
from viewer.views.timeline.items import NO_DATES


@pytest.fixture
def empty(program: Program, tmp_path: Path) -> Program:
    path = tmp_path / "empty.gpkg"
    new_project(path, "Empty")
    program.open(path)
    return program


def accents(program: Program, widget: object) -> int:
    """How many pixels have the colour of the playhead."""
    seen = pixels(picture(widget))  # type: ignore[arg-type]
    accent = QColor(program.application.look.theme.accent).getRgb()[:3]
    return int((seen == accent).all(axis=2).sum())


def test_it_stands_at_today_and_shows_no_date(empty: Program) -> None:
    window = empty.window
    days = {edtf.civil(empty.state.time_cursor)[:3], edtf.civil(empty.state.time_cursor + 86_400_000)[:3]}
    assert date.today().timetuple()[:3] in days
    assert empty.state.time_window.contains(empty.state.time_cursor)
    field = window.timeline_view.transport.date
    assert field.text() == ""
    assert field.placeholderText()
    for widget in (window.timeline_view.lanes, window.timeline_view.ruler):
        widget.clearFocus()
        assert accents(empty, widget) == 0
    assert window.timeline_view.overview.words()[0] == "No dates yet"


def test_nothing_of_the_transport_can_be_pressed_until_there_is_a_date(empty: Program) -> None:
    transport = empty.window.timeline_view.transport
    parts = (transport.play, transport.first, transport.loop, transport.date, transport.speed, transport.trail)
    assert not any(part.isEnabled() for part in parts)
    desk: Desk = empty.window.desk
    desk.commands.write(
        "Add event",
        "Added event",
        lambda session: add_event(session, "First", kind_id=1, when=parse("2016-11-28"), place_id=None),
    )
    empty.wait(lambda: desk.data.has_dates)
    empty.settle()
    assert all(part.isEnabled() for part in parts)
    assert transport.date.text()
    assert accents(empty, empty.window.timeline_view.ruler) > 100


MOVES_IN_TIME = (
    *("play", "date", "first_event", "last_event", "next_event", "previous_event", "fit_time", "snap"),
    *("day_back", "day_on", "week_back", "week_on", "month_back", "month_on"),
    *("range_start", "range_end", "trail_narrow", "trail_widen"),
)


def test_no_key_moves_in_time_where_there_is_none(empty: Program) -> None:
    window, before = empty.window, empty.state
    assert [name for name in MOVES_IN_TIME if BY_ID[name].enabled(window)] == []
    window.map_view.setFocus()
    for key in ("T", "Ctrl+Right", "A", "Home", "I"):
        empty.key(key)
    assert not window.timeline_view.transport.date.hasFocus()
    assert empty.state == before


def test_with_dates_every_move_in_time_can_be_called(app: Program) -> None:
    assert [name for name in MOVES_IN_TIME if not BY_ID[name].enabled(app.window)] == []


def test_the_lanes_say_what_will_be_there(empty: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    lanes = empty.window.timeline_view.lanes
    before = pixels(picture(lanes))
    monkeypatch.setattr("viewer.views.timeline.items.NO_DATES", "")
    lanes.renew()
    without = pixels(picture(lanes))
    changed = (before != without).any(axis=2)
    assert changed.sum() > 200, NO_DATES
    middle = changed.any(axis=0).nonzero()[0].mean()
    assert abs(middle - (lanes.left + lanes.width()) / 2) < 12


def test_no_heading_stands_over_nothing(empty: Program) -> None:
    window = empty.window
    assert not window.left_panel.filters._status_head.isVisible()
    assert not window.right_panel.source._header.isVisible()
    assert window.right_panel.source._empty.isVisible()


def test_a_project_with_events_has_its_headings(app: Program) -> None:
    assert app.window.left_panel.filters._status_head.isVisible()
    assert app.window.right_panel.source._header.isVisible()

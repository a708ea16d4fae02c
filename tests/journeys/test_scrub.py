"""Moving in time: by hand, by itself, step by step, by a typed date; everything that is linked follows."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from db.timewords import show_instant
from db.values import MS_DAY, TimeWindow
from tests.helpers.pictures import pixels
from tests.helpers.window import Program, instant, painted, picture
from viewer.core.settings import SPEED
from viewer.views.map.items import Age
from viewer.widgets.buttons import Button

pytestmark = pytest.mark.real_window


def counts(app: Program) -> tuple[int, int, int, int]:
    """In the trail, before it, and of each those without a place, counted afresh by a plain loop over the data."""
    columns, view = app.window.desk.data.index.columns, app.state
    lit = older = lit_nowhere = older_nowhere = 0
    for row in range(len(columns.id)):
        if not columns.dated[row] or columns.earliest[row] > view.time_cursor:
            continue
        nowhere = bool(np.isnan(columns.lon[row]))
        if columns.latest[row] >= view.time_cursor - view.trail:
            lit, lit_nowhere = lit + 1, lit_nowhere + nowhere
        else:
            older, older_nowhere = older + 1, older_nowhere + nowhere
    return lit, older, lit_nowhere, older_nowhere


def test_dragging_the_ruler_moves_map_lanes_date_card_and_counts_along(app: Program) -> None:
    window = app.window
    ruler, card, lanes = window.timeline_view.ruler, window.map_view.panel.date, window.timeline_view.lanes
    scale = ruler.scale()
    days = [instant(text) for text in ("2016-10-20", "2016-06-05", "2016-01-15", "2015-05-10")]
    path = [QPointF(ruler.left + scale.x(day), ruler.height() / 2) for day in days]
    seen: list[tuple[str, str]] = []
    cursors: list[int] = []
    pictures: list[np.ndarray] = []

    def look() -> None:
        seen.append(card.lines[:2])
        cursors.append(app.state.time_cursor)
        pictures.append(pixels(picture(lanes)))

    app.drag(ruler, path, meanwhile=look)
    assert [line for line, _counts in seen] == [show_instant(cursor) for cursor in cursors]
    for cursor, day in zip(cursors, days[1:], strict=True):
        assert abs(cursor - day) <= 7 * scale.ms_per_px
    assert len({counts for _date, counts in seen}) == len(seen)
    assert all(not np.array_equal(pictures[0], other) for other in pictures[1:])
    app.settle()
    lit, older, lit_nowhere, older_nowhere = counts(app)
    assert card.lines[1] == f"{lit} {'event' if lit == 1 else 'events'} in the last 90 days"
    assert f"{older} before that" in card.lines[2]
    assert f"{lit_nowhere + older_nowhere} without a place" in card.lines[2]
    assert window.timeline_view.transport.date.text() == show_instant(app.state.time_cursor)
    moment = window.map_view.picture.moment
    assert (moment.lit_count, moment.older_count) == (lit - lit_nowhere, older - older_nowhere)


def test_the_map_paints_other_events_at_another_date(app: Program) -> None:
    window = app.window
    late = {child.name for child in window.map_view.painted_children()}
    app.key("T")
    app.type("jul 2014")
    app.key("Return")
    app.settle()
    early = {child.name for child in window.map_view.painted_children()}
    assert any("Mosul falls to ISIS" in name for name in early)
    assert not any("Abadi says ISIS is collapsing" in name for name in early)
    assert any("Abadi says ISIS is collapsing" in name for name in late)


def test_snap_halts_at_events_and_can_be_switched_off(app: Program) -> None:
    ruler = app.window.timeline_view.ruler
    index = app.window.desk.data.index
    app.window.desk.commands.show_window(TimeWindow(instant("2016-03-01"), instant("2016-05-30")))
    stop = index.nearest_stop(instant("2016-03-16"))
    scale = ruler.scale()
    near = QPointF(ruler.left + scale.x(stop) + 5, 12)
    away = QPointF(ruler.left + scale.x(stop) + 200, 12)
    app.drag(ruler, [away, near])
    assert app.state.time_cursor == stop
    app.key("S")
    app.drag(ruler, [away, near])
    assert app.state.time_cursor != stop
    assert abs(app.state.time_cursor - stop) <= 8 * scale.ms_per_px


def test_the_overview_moves_and_resizes_the_window_of_the_lanes(app: Program) -> None:
    overview, lanes = app.window.timeline_view.overview, app.window.timeline_view.lanes
    before = app.state.time_window
    (first, last), scale = overview.frame(), overview.scale()
    middle, y = overview.left + (first + last) / 2, overview.height() - 8
    labels = {child.name for child in lanes.painted_children()}
    app.drag(overview, [QPointF(middle, y), QPointF(middle - 60, y), QPointF(middle - 120, y)])
    moved = app.state.time_window
    assert moved.length == before.length
    expected = before.first - round(120 * scale.ms_per_px)
    assert abs(moved.first - expected) <= 2 * scale.ms_per_px
    assert {child.name for child in lanes.painted_children()} != labels
    first, last = overview.frame()
    app.drag(overview, [QPointF(overview.left + last, y), QPointF(overview.left + last + 50, y)])
    assert app.state.time_window.first == moved.first
    assert app.state.time_window.last > moved.last


def test_drawing_a_window_in_the_empty_part_of_the_overview(app: Program) -> None:
    overview = app.window.timeline_view.overview
    y = overview.height() - 8
    app.drag(
        overview, [QPointF(overview.left + 80, y), QPointF(overview.left + 140, y), QPointF(overview.left + 200, y)]
    )
    window, scale = app.state.time_window, overview.scale()
    assert abs(window.first - scale.at(80)) <= scale.ms_per_px
    assert abs(window.last - scale.at(200)) <= scale.ms_per_px


def test_the_wheel_over_the_lanes_zooms_at_the_pointer(app: Program) -> None:
    lanes = app.window.timeline_view.lanes
    at = QPointF(lanes.left + 500, 60)
    under, before = lanes.scale().at(500), app.state.time_window.length
    app.wheel(lanes, at, 1, Qt.KeyboardModifier.ControlModifier)
    assert app.state.time_window.length < before
    assert abs(lanes.scale().at(500) - under) <= 2 * lanes.scale().ms_per_px


def test_space_plays_and_pauses_and_the_button_tells(app: Program) -> None:
    window = app.window
    app.window.desk.settings.set(SPEED, "year")
    app.window.desk.commands.go_to(instant("2015-01-01"))
    app.settle()
    start = app.state.time_cursor
    app.key("Space")
    assert window.desk.playback.playing
    assert window.timeline_view.transport.play.accessibleName().startswith("Pause")
    app.wait(lambda: app.state.time_cursor > start + 20 * MS_DAY)
    app.click(window.timeline_view.transport.play)
    assert not window.desk.playback.playing
    stood = app.state.time_cursor
    app.settle()
    assert app.state.time_cursor == stood
    assert window.map_view.panel.date.lines[0] == show_instant(stood)


def test_playing_backward_doubles_and_stops_at_the_first_event(app: Program) -> None:
    desk = app.window.desk
    desk.settings.set(SPEED, "decade")
    app.key("J", times=2)
    assert desk.playback.factor == -2
    app.wait(lambda: not desk.playback.playing)
    assert app.state.time_cursor == desk.data.index.span().first


def test_stepping_brings_the_reader_along_to_each_quote(app: Program) -> None:
    desk = app.window.desk
    app.key("T")
    app.type("1 Oct 2016")
    app.key("Return")
    app.settle()
    shown: list[str] = []
    for _ in range(3):
        app.key(".")
        app.settle()
        row = desk.data.row(app.state.current)
        assert app.state.selection == {app.state.current}
        assert app.state.time_cursor == desk.data.index.columns.best[row]
        detail = app.window.right_panel.inspector.detail
        assert detail.id == desk.data.event_id(app.state.current)
        here = {claim.quote.uid for claim in detail.claims}
        page = app.window.right_panel.source.page
        quote = next(each for each in page.quotes if each.uid == app.state.quote.uid)
        assert quote.uid in here
        shown.append(app.quote_text())
        reader = app.window.right_panel.source.reader
        span = next(each for each in reader.spans if each.quote.id == quote.id)
        seen = reader.viewport().rect()
        assert any(seen.intersects(rect.toAlignedRect()) for rect in reader.rects_of(span.start, span.end))
    assert len(set(shown)) == 3
    last = app.state.current
    app.key(".")
    app.key(",")
    app.settle()
    assert app.state.current == last


def test_on_the_map_arrows_pan_and_the_keys_of_time_go_on_working(app: Program) -> None:
    window = app.window
    app.click(window.map_view)
    app.settle()
    assert window.map_view.hasFocus()
    was, west = app.state.time_cursor, app.state.extent.west
    app.key("Right")
    app.settle()
    assert app.state.time_cursor == was
    assert app.state.extent.west > west
    west = app.state.extent.west
    for there, back in ((".", ","), ("Ctrl+Right", "Ctrl+Left")):
        app.key(there)
        app.settle()
        assert app.state.time_cursor > was, there
        app.key(back)
        app.settle()
    assert window.map_view.hasFocus()


def test_events_of_one_instant_are_visited_one_by_one(app: Program) -> None:
    desk = app.window.desk
    best = desk.data.index.columns.best[desk.data.index.stops]
    app.key("Home")
    visited = [app.state.current]
    for _ in range(len(best) - 1):
        app.window.desk.commands.step_event(1)
        visited.append(app.state.current)
    assert len(set(visited)) == len(best)
    app.key("End")
    assert app.state.current == visited[-1]
    app.settle()


def test_a_typed_date_moves_everything(app: Program) -> None:
    app.key("T")
    field = app.window.timeline_view.transport.date
    assert field.hasFocus()
    app.type("15 mar 2016")
    app.key("Return")
    assert show_instant(app.state.time_cursor) == "15 Mar 2016"
    assert not field.hasFocus()
    assert field.text() == "15 Mar 2016"
    app.settle()
    assert app.window.map_view.panel.date.lines[0] == "15 Mar 2016"
    app.key("T")
    app.type("+3w")
    app.key("Return")
    assert show_instant(app.state.time_cursor) == "5 Apr 2016"
    app.settle()


def test_a_typed_month_goes_to_its_middle_and_says_so(app: Program) -> None:
    app.key("T")
    app.type("march 2015")
    app.key("Return")
    app.says("16 Mar 2015, in the middle of Mar 2015")
    (to_the_end,) = (
        button
        for toast in app.window.toasts.toasts()
        for button in toast.findChildren(Button)
        if button.text() == "Go to 31 Mar 2015"
    )
    app.click(to_the_end)
    assert app.window.timeline_view.transport.date.text() == "31 Mar 2015"
    app.settle()


def test_an_impossible_date_is_refused_in_words_and_nothing_moves(app: Program) -> None:
    field = app.window.timeline_view.transport.date
    before = app.state
    app.key("T")
    app.type("31 feb 2016")
    app.key("Return")
    assert app.state == before
    assert field.hasFocus()
    assert "Feb" in field.fault
    assert field.text() == "31 feb 2016"
    app.key("Escape")
    assert field.text() == show_instant(before.time_cursor)
    assert not field.fault
    assert QApplication.focusWidget() is not field


def test_days_weeks_months_and_the_trail_by_keys(app: Program) -> None:
    app.window.map_view.clearFocus()
    app.window.setFocus()
    start = app.state.time_cursor
    app.key("Right")
    assert app.state.time_cursor == start + MS_DAY
    app.key("Shift+Right")
    assert app.state.time_cursor == start + 8 * MS_DAY
    app.key("Ctrl+Right")
    assert show_instant(app.state.time_cursor) == "6 Jan 2017"
    trail = app.state.trail
    app.key("]")
    assert app.state.trail > trail
    app.settle()
    assert "180 days" in app.window.map_view.panel.date.lines[1]
    assert app.window.timeline_view.transport.trail.currentText() == "180 days"


def test_back_and_forward_go_through_where_one_has_been(app: Program) -> None:
    history = app.window.desk.history
    history.settle()
    here = app.state
    app.key("T")
    app.type("jan 2015")
    app.key("Return")
    app.settle()
    history.settle()
    there = app.state
    app.key("Alt+Left")
    assert app.state.time_cursor == here.time_cursor
    app.key("Alt+Right")
    assert app.state.time_cursor == there.time_cursor
    app.settle()


def test_the_lanes_say_what_lies_outside_the_window(app: Program) -> None:
    ruler = app.window.timeline_view.ruler
    before = app.state.time_window
    columns = app.window.desk.data.index.columns
    wholly_before = int(((columns.latest < before.first) & columns.dated).sum())
    picture(app.window)
    app.click(ruler, painted(ruler, f"{wholly_before} earlier").center())
    moved = app.state.time_window
    assert moved.first < before.first
    assert moved.length == before.length
    picture(app.window)
    painted(ruler, "later")


def test_older_events_leave_the_map_and_come_back(app: Program) -> None:
    """D, or the eye beside the trail: the map shows the trail alone, and says what it leaves out."""
    transport, view = app.window.timeline_view.transport, app.window.map_view
    before = view.picture.moment
    assert before.older_count > 0
    drawn = len(view.picture.scene.rows)
    view.setFocus()
    app.key("D")
    app.settle()
    assert not transport.older.isChecked()
    assert len(view.picture.scene.rows) < drawn
    assert (view.picture.scene.ages(view.picture.scene.rows) != Age.OLDER).all()
    assert "not shown" in view.panel.date.lines[2]
    app.click(transport.older)
    app.settle()
    assert app.state.with_older
    assert len(view.picture.scene.rows) == drawn


def test_a_trail_without_end_has_everything_lit_that_has_begun(app: Program) -> None:
    view = app.window.map_view
    for _ in range(9):
        app.key("]")
    app.settle()
    moment = view.picture.moment
    assert moment.older_count == 0
    assert moment.lit_count == np.count_nonzero(moment.lit >= 0) > 0
    assert view.panel.date.lines[1].endswith("so far")
    assert app.window.timeline_view.transport.trail.currentText().endswith("no end")
    app.key("[")
    app.settle()
    assert "in the last 10 years" in view.panel.date.lines[1]

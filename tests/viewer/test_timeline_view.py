"""The timeline in a real window on a real project: what mouse and keys do, and what others hear of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db import edtf
from db.store import Store
from db.timewords import show_instant
from db.values import MS_DAY, TimeWindow
from tests.helpers.timeline import (
    CURSOR,
    DISAGREEING,
    EVENTS,
    WINDOW,
    current_title,
    desk_of,
    drag,
    label_of,
    mark_of,
    row_of,
    shown_timeline,
    wheel,
    years_project,
)
from viewer.core.settings import LOOP, SNAP, SPEED
from viewer.views.timeline.lane_children import tip_at

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
DAY = edtf.instant


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return years_project(tmp_path_factory.mktemp("years") / "years.gpkg")


@pytest.fixture
def timeline(qtbot, tmp_path, look, project):
    copy = tmp_path / "years.gpkg"
    copy.write_bytes(project.read_bytes())
    with shown_timeline(qtbot, copy, tmp_path, look) as view:
        yield view


def state(view):
    return desk_of(view).state.view


def ruler_at(view, instant):
    return QPoint(round(view.ruler.left + view.ruler.scale().x(instant)), 12)


def day_of(instant):
    return edtf.civil(instant)[:3]


# Scrolling


def whole_lines(view):
    """The middles of the lines with marks that are painted, in the lanes."""
    view.lanes.grab()
    return view.lanes._frames.pictures.ys


@pytest.mark.parametrize("height", [262, 271, 283])
def test_lanes_scroll_by_whole_lines_and_show_none_cut(timeline, height):
    timeline.resize(timeline.width(), height)
    QApplication.processEvents()
    lanes = timeline.lanes
    assert lanes._bar.isVisible()
    for _ in range(40):
        assert lanes.sight.offset in lanes.sight.layout_now().stops
        painted = whole_lines(timeline)
        assert len(painted)
        row = lanes.sight.metrics.row
        assert painted.min() - row / 2 >= 0
        assert painted.max() + row / 2 <= lanes.height()
        wheel(lanes, QPoint(600, 30), -0.5)
    assert lanes.sight.offset == lanes.sight.most()
    last = max(item.y for item in lanes.sight.layout_now().items)
    assert last - lanes.sight.offset == whole_lines(timeline).max()
    for _ in range(200):
        wheel(lanes, QPoint(600, 30), 0.1)  # a touchpad's small steps add up
    assert lanes.sight.offset == 0


def test_the_wheel_over_the_headers_goes_from_lane_to_lane(timeline):
    timeline.resize(timeline.width(), 240)
    QApplication.processEvents()
    sight = timeline.lanes.sight
    tops = [round(lane.top) for lane in sight.layout_now().lanes]
    for top in tops[1:3]:
        wheel(timeline.lanes, QPoint(60, 30), -1)
        assert sight.offset == top
    wheel(timeline.lanes, QPoint(60, 30), 1)
    assert sight.offset == tops[1]
    wheel(timeline.lanes, QPoint(60, 30), 1)
    wheel(timeline.lanes, QPoint(60, 30), -2)
    assert sight.offset == tops[2]
    wheel(timeline.lanes, QPoint(60, 30), 2)
    assert sight.offset == 0
    wheel(timeline.lanes, QPoint(60, 30), -20)
    assert sight.offset == sight.most()
    wheel(timeline.lanes, QPoint(60, 30), 20)
    assert sight.offset == 0


def test_the_scroll_bar_stands_where_the_lanes_do(timeline):
    timeline.resize(timeline.width(), 240)
    QApplication.processEvents()
    lanes = timeline.lanes
    for value in (3, 7, round(lanes.sight.metrics.row), 2):
        lanes._bar.setValue(value)
        assert lanes._bar.value() == lanes.sight.offset, value


# Ruler


def test_dragging_the_ruler_moves_the_cursor_live(timeline):
    seen = []
    desk_of(timeline).state.changed.connect(lambda _names, _origin: seen.append(state(timeline).time_cursor))
    desk_of(timeline).settings.set(SNAP, False)
    drag(timeline.ruler, ruler_at(timeline, DAY(2015, 8, 1)), ruler_at(timeline, DAY(2015, 11, 10)))
    assert len(seen) >= 5
    assert seen == sorted(seen)
    assert abs(state(timeline).time_cursor - DAY(2015, 11, 10)) < MS_DAY
    assert state(timeline).time_window == WINDOW


def test_the_ruler_halts_at_events_and_alt_frees_it(timeline):
    best = edtf.parse("2016-12-11").best
    near = ruler_at(timeline, best) + QPoint(4, 0)
    QTest.mouseClick(timeline.ruler, LEFT, NONE, near)
    assert state(timeline).time_cursor == best
    QTest.mouseClick(timeline.ruler, LEFT, ALT, near)
    assert state(timeline).time_cursor != best
    desk_of(timeline).settings.set(SNAP, False)
    QTest.mouseClick(timeline.ruler, LEFT, NONE, near)
    assert state(timeline).time_cursor != best
    QTest.mouseClick(timeline.ruler, LEFT, ALT, near)
    assert state(timeline).time_cursor == best


def test_double_click_on_the_ruler_centres_and_zooms(timeline):
    at = ruler_at(timeline, DAY(2016, 3, 1))
    QTest.mouseDClick(timeline.ruler, LEFT, ALT, at)
    window = state(timeline).time_window
    assert abs((window.first + window.last) / 2 - DAY(2016, 3, 1)) < 2 * MS_DAY
    assert window.length < WINDOW.length / 1.5


def test_hovering_tells_date_and_count(timeline, qtbot):
    at = ruler_at(timeline, DAY(2016, 7, 20) + MS_DAY // 2)
    with qtbot.waitSignal(timeline.ruler.hovered) as heard:
        QTest.mouseMove(timeline.ruler, at)
    assert day_of(heard.args[0]) in ((2016, 7, 19), (2016, 7, 20), (2016, 7, 21))
    expected = sum(
        bool(desk_of(timeline).data.index.columns.earliest[row] <= DAY(2016, 7, 20, 23))
        and bool(desk_of(timeline).data.index.columns.latest[row] >= DAY(2016, 7, 20))
        for row in range(len(EVENTS))
    )
    assert timeline.ruler.count_on(DAY(2016, 7, 20, 5)) == expected


def test_chips_tell_what_lies_outside_and_go_there(timeline):
    timeline.ruler.repaint()
    names = [child.name for child in timeline.ruler.painted_children()[1:]]
    assert names == ["1 earlier"]
    chip = timeline.ruler.painted_children()[1].rect.center()
    QTest.mouseClick(timeline.ruler, LEFT, NONE, chip)
    assert state(timeline).time_window.contains(edtf.parse("2009-02-01").best)
    timeline.ruler.repaint()
    assert [child.name for child in timeline.ruler.painted_children()[1:]] == [f"{len(EVENTS) - 1} later"]


def test_the_flag_says_the_weekday_and_the_time_when_near(timeline):
    assert timeline.ruler.flag_text() == "Mon 28 Nov 2016"
    cursor = DAY(2016, 11, 28, 14, 30)
    desk_of(timeline).state.set("test", time_cursor=cursor, time_window=TimeWindow(cursor - MS_DAY, cursor + MS_DAY))
    assert timeline.ruler.flag_text() == "Mon 28 Nov 2016 14:30"


# Overview


def overview_at(view, x):
    return QPoint(round(view.overview.left + x), 25)


def test_dragging_a_handle_resizes_the_window(timeline):
    overview = timeline.overview
    first, last = overview.frame()
    drag(overview, overview_at(timeline, last), overview_at(timeline, last - 100))
    window = state(timeline).time_window
    assert window.first == WINDOW.first
    assert abs(overview.scale().x(window.last) - (last - 100)) < 3
    drag(overview, overview_at(timeline, first), overview_at(timeline, first + 50))
    assert state(timeline).time_window.first > WINDOW.first


def test_a_handle_can_be_dragged_past_the_other(timeline):
    overview = timeline.overview
    _first, last = overview.frame()
    desk_of(timeline).state.set("test", time_window=TimeWindow(DAY(2015, 9, 1), DAY(2015, 12, 1)))
    first, last = overview.frame()
    drag(overview, overview_at(timeline, first), overview_at(timeline, last + 80))
    window = state(timeline).time_window
    assert window.first == DAY(2015, 12, 1)
    assert window.last > window.first


def test_dragging_the_middle_moves_the_window(timeline):
    desk_of(timeline).state.set("test", time_window=TimeWindow(DAY(2015, 9, 1), DAY(2015, 12, 1)))
    first, last = timeline.overview.frame()
    middle = (first + last) / 2
    drag(timeline.overview, overview_at(timeline, middle), overview_at(timeline, middle + 60))
    window = state(timeline).time_window
    assert window.length == DAY(2015, 12, 1) - DAY(2015, 9, 1)
    assert window.first > DAY(2015, 9, 1)


def test_dragging_in_the_empty_part_draws_a_window(timeline):
    desk_of(timeline).state.set("test", time_window=TimeWindow(DAY(2016, 12, 1), DAY(2017, 3, 1)))
    drag(timeline.overview, overview_at(timeline, 100), overview_at(timeline, 300))
    first, last = timeline.overview.frame()
    assert abs(first - 100) < 2
    assert abs(last - 300) < 2


def test_a_click_in_the_empty_part_moves_the_window_there(timeline):
    desk_of(timeline).state.set("test", time_window=TimeWindow(DAY(2016, 12, 1), DAY(2017, 3, 1)))
    QTest.mouseClick(timeline.overview, LEFT, NONE, overview_at(timeline, 200))
    window = state(timeline).time_window
    assert window.length == DAY(2017, 3, 1) - DAY(2016, 12, 1)
    assert abs(timeline.overview.scale().x((window.first + window.last) // 2) - 200) < 2


def test_the_overview_by_keyboard(timeline):
    timeline.overview.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(timeline.overview, Qt.Key.Key_Right)
    window = state(timeline).time_window
    assert (window.first > WINDOW.first, window.last) == (True, WINDOW.last)
    QTest.keyClick(timeline.overview, Qt.Key.Key_Tab)
    QTest.keyClick(timeline.overview, Qt.Key.Key_Right)
    moved = state(timeline).time_window
    assert moved.length == window.length
    assert moved.first > window.first
    QTest.keyClick(timeline.overview, Qt.Key.Key_Tab)
    QTest.keyClick(timeline.overview, Qt.Key.Key_Left)
    assert state(timeline).time_window.first == moved.first
    assert state(timeline).time_window.last < moved.last
    QTest.keyClick(timeline.overview, Qt.Key.Key_Tab)
    assert not timeline.overview.hasFocus()


def test_the_overview_says_what_it_leaves_out(timeline):
    assert timeline.overview.words() == ("Most of the project", "Events per month; 2 earlier")


# Lanes


def test_a_click_on_a_mark_or_a_label_selects(timeline):
    QTest.mouseClick(timeline.lanes, LEFT, NONE, mark_of(timeline, "Town falls"))
    assert current_title(timeline) == "Town falls"
    QTest.mouseClick(timeline.lanes, LEFT, NONE, label_of(timeline, "Two-front aim"))
    assert current_title(timeline) == "Two-front aim"
    assert state(timeline).time_cursor == edtf.parse(CURSOR).best
    QTest.mouseClick(timeline.lanes, LEFT, SHIFT, mark_of(timeline, "Town falls"))
    assert len(state(timeline).selection) == 2


def test_a_double_click_selects_and_moves_the_playhead(timeline):
    QTest.mouseDClick(timeline.lanes, LEFT, NONE, mark_of(timeline, "Town falls"))
    assert current_title(timeline) == "Town falls"
    assert state(timeline).time_cursor == edtf.parse("2015-05-20").best


def test_dragging_the_lanes_pans_without_selecting(timeline):
    drag(timeline.lanes, QPoint(700, 60), QPoint(600, 60))
    window = state(timeline).time_window
    assert window.length == WINDOW.length
    assert window.first > WINDOW.first
    assert state(timeline).current is None


def test_the_wheel_zooms_at_the_pointer_pans_and_scrolls(timeline):
    lanes = timeline.lanes
    at = QPoint(lanes.left + 300, 40)
    held = lanes.scale().at(300)
    wheel(lanes, at, 1, CTRL)
    assert abs(lanes.scale().x(held) - 300) < 1
    assert state(timeline).time_window.length < WINDOW.length
    zoomed = state(timeline).time_window
    wheel(lanes, at, -1, SHIFT)
    assert state(timeline).time_window.first > zoomed.first
    assert state(timeline).time_window.length == zoomed.length
    timeline.resize(1200, 220)
    QApplication.processEvents()
    assert lanes.sight.content_height() > lanes.height()
    wheel(lanes, at, -1)
    assert lanes.sight.offset > 0
    wheel(lanes, at, 20)
    assert lanes.sight.offset == 0


def header_point(view, lane):
    return view.lanes.sight.header_rect(lane).center()


def test_a_click_on_a_header_hides_its_lane_and_shows_it_again(timeline):
    lanes = timeline.lanes
    before = lanes.sight.layout_now().lanes[0].height
    QTest.mouseClick(lanes, LEFT, NONE, header_point(timeline, 0))
    assert state(timeline).filters.count == 1
    hidden = lanes.sight.layout_now().lanes[0]
    assert hidden.hidden
    assert hidden.height < before
    assert not [item for item in lanes.sight.layout_now().items if item.lane == 0]
    QTest.mouseClick(lanes, LEFT, NONE, header_point(timeline, 0))
    assert state(timeline).filters.count == 0
    assert lanes.sight.layout_now().lanes[0].height == before


def test_alt_click_on_a_header_leaves_its_lane_alone(timeline):
    QTest.mouseClick(timeline.lanes, LEFT, ALT, header_point(timeline, 3))
    assert [lane.hidden for lane in timeline.lanes.sight.layout_now().lanes] == [True, True, True, False, True, True]
    QTest.mouseClick(timeline.lanes, LEFT, ALT, header_point(timeline, 3))
    assert not any(lane.hidden for lane in timeline.lanes.sight.layout_now().lanes)


def focused(view):
    return [child.name for child in view.lanes.painted_children() if child.focused]


def test_the_lanes_by_keyboard(timeline):
    lanes = timeline.lanes
    lanes.setFocus()
    assert focused(timeline) == ["Control change lane, 7 of 7 shown, on"]
    QTest.keyClick(lanes, Qt.Key.Key_Right)
    assert focused(timeline)[0].startswith("Control change, Town falls, 20 May 2015")
    QTest.keyClick(lanes, Qt.Key.Key_Right)
    assert "Siege broken" in focused(timeline)[0]
    QTest.keyClick(lanes, Qt.Key.Key_Down)
    assert "Air force enters the war" in focused(timeline)[0]  # the nearest in time there
    QTest.keyClick(lanes, Qt.Key.Key_Return)
    assert current_title(timeline) == "Air force enters the war"
    for _ in range(4):
        QTest.keyClick(lanes, Qt.Key.Key_Left)
    assert focused(timeline) == ["Fighting and strikes lane, 5 of 5 shown, on"]
    QTest.keyClick(lanes, Qt.Key.Key_Space)
    assert focused(timeline) == ["Fighting and strikes lane, 0 of 5 shown, off"]
    QTest.keyClick(lanes, Qt.Key.Key_Return)
    assert state(timeline).filters.count == 0
    QTest.keyClick(lanes, Qt.Key.Key_Return, ALT)
    assert state(timeline).filters.count == 5


def test_the_keyboard_brings_its_event_into_view(timeline):
    timeline.lanes.setFocus()
    for _ in range(5):
        QTest.keyClick(timeline.lanes, Qt.Key.Key_Down)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(timeline.lanes, key)
    assert state(timeline).time_window.contains(edtf.parse("2009-02-01").best)
    assert "Before it all" in focused(timeline)[0]


def test_keys_that_are_not_the_lanes_are_left_to_the_window(timeline):
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Comma, Qt.Key.Key_J):
        timeline.lanes.focus.put(0, row_of(timeline, "Town falls"))
        assert not timeline.lanes._keys.press(_pressed(key))


def _pressed(key):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    return QKeyEvent(QEvent.Type.KeyPress, key, NONE)


def test_a_selection_from_elsewhere_is_brought_into_view(timeline):
    desk = desk_of(timeline)
    desk.commands.select((desk.data.row_ref(row_of(timeline, "Before it all")),), "map")
    assert state(timeline).time_window.contains(edtf.parse("2009-02-01").best)
    item = timeline.lanes.sight.layout_now().item_of(row_of(timeline, "Before it all"))
    assert item is not None
    assert item.selected
    assert 0 <= item.y - timeline.lanes.sight.offset <= timeline.lanes.height()


def test_labels_are_left_out_rather_than_set_over_each_other(qtbot, tmp_path, look):
    with shown_timeline(qtbot, years_project(tmp_path / "many.gpkg", copies=4), tmp_path, look) as view:
        items = view.lanes.sight.layout_now().items
        assert any(item.label is None for item in items)
        for one in items:
            for other in items:
                if one is not other and one.label is not None and other.label is not None and one.y == other.y:
                    assert one.label + one.width <= other.label or other.label + other.width <= one.label


def test_a_tooltip_tells_title_and_date(timeline):
    assert tip_at(timeline.lanes.sight, mark_of(timeline, "No such attack")) == "No such attack\n3 Jul 2016"
    assert tip_at(timeline.lanes.sight, QPoint(30, 10)).startswith("Hide Control change")


# Transport


def test_typing_a_date(timeline):
    timeline.edit_date()
    field = timeline.transport.date
    assert field.hasFocus()
    assert field.selectedText() == "28 Nov 2016"
    QTest.keyClicks(field, "late aug 2016")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert edtf.civil(state(timeline).time_cursor)[:2] == (2016, 8)
    assert timeline.lanes.hasFocus()
    assert field.text() == show_instant(state(timeline).time_cursor)


def test_a_date_that_cannot_be_understood_says_why_and_escape_restores(timeline):
    timeline.edit_date()
    field = timeline.transport.date
    QTest.keyClicks(field, "31 feb 2016")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert state(timeline).time_cursor == edtf.parse(CURSOR).best
    assert field.text() == "31 feb 2016"
    assert field.fault
    assert field._reason.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "28 Nov 2016"
    assert not field.fault
    assert not field._reason.isVisible()
    assert timeline.lanes.hasFocus()


def test_the_date_follows_the_cursor_but_not_while_typed(timeline):
    field = timeline.transport.date
    desk_of(timeline).commands.go_to(DAY(2016, 2, 29))
    assert field.text() == "29 Feb 2016"
    timeline.edit_date()
    QTest.keyClicks(field, "2015")
    desk_of(timeline).commands.go_to(DAY(2016, 3, 1))
    assert field.text() == "2015"


def test_steps_play_and_switches(timeline):
    bar, desk = timeline.transport, desk_of(timeline)
    bar.next.click()
    assert current_title(timeline) == "Crossing lost again"
    bar.previous.click()
    bar.last.click()
    assert current_title(timeline) == "Attacks expected"
    bar.first.click()
    assert current_title(timeline) == "Before it all"
    bar.play.click()
    assert desk.playback.playing
    assert bar.play.accessibleName() == "Pause"
    bar.play.click()
    assert not desk.playback.playing
    bar.loop.click()
    assert desk.settings.get(LOOP)
    bar.snap.click()
    assert not desk.settings.get(SNAP)
    assert not bar.snap.isChecked()
    bar.closer.click()
    closer = state(timeline).time_window.length
    bar.out.click()
    assert state(timeline).time_window.length > closer
    bar.fit.click()
    assert state(timeline).time_window.contains(edtf.parse("2009-02-01").best)


def test_speed_and_trail_are_chosen_and_follow(timeline):
    bar, desk = timeline.transport, desk_of(timeline)
    bar.speed.chosen.emit("week")
    assert desk.settings.get(SPEED) == "week"
    assert bar.speed.currentText() == "1 week / s"
    bar.trail.chosen.emit("365")
    assert state(timeline).trail == 365 * MS_DAY
    desk.commands.change_trail(-1)
    assert bar.trail.currentText() == "180 days"


def test_playing_turns_the_page(timeline):
    desk = desk_of(timeline)
    desk.state.set("playback", time_cursor=WINDOW.last + 5 * MS_DAY)
    window = state(timeline).time_window
    assert window.contains(WINDOW.last + 5 * MS_DAY)
    assert window.length == WINDOW.length
    assert window.first > WINDOW.first


# Data


def test_an_edit_shows_at_once(timeline, qtbot):
    desk = desk_of(timeline)
    ref = desk.data.row_ref(row_of(timeline, "Town falls"))
    with qtbot.waitSignal(desk.data.changed):
        desk.commands.set_title(ref, "Town is taken")
    assert mark_of(timeline, "Town is taken")
    with qtbot.waitSignal(desk.data.changed):
        desk.commands.set_date(ref, "2016-05-05")
    row = desk.data.row(ref)
    item = timeline.lanes.sight.layout_now().item_of(row)
    assert item is not None
    assert abs(item.x - timeline.lanes.scale().x(edtf.parse("2016-05-05").best)) < 1


def test_an_empty_project_shows_its_lanes(qtbot, tmp_path, look):
    from db.templates import CONFLICT, add_kinds

    store = Store.create(tmp_path / "empty.gpkg", "Empty")
    add_kinds(store, CONFLICT)
    store.close()
    with shown_timeline(qtbot, tmp_path / "empty.gpkg", tmp_path, look) as view:
        assert [lane.total for lane in view.lanes.sight.layout_now().lanes] == [0] * 6
        assert not view.transport.play.isEnabled()
        QTest.mouseClick(view.ruler, LEFT, NONE, QPoint(500, 10))
        assert state(view).time_window.contains(state(view).time_cursor)


# In words


def test_lanes_and_events_are_read_aloud(timeline):
    interface = QAccessible.queryAccessibleInterface(timeline.lanes)
    names = [interface.child(at).text(QAccessible.Text.Name) for at in range(interface.childCount())]
    assert "Statements lane, 4 of 4 shown, on" in names
    told = next(name for name in names if DISAGREEING in name)
    assert told.endswith("reported, two claims disagree")
    assert "27 or 28 Nov 2016" in next(name for name in names if "Collapsing" in name)
    at = next(at for at, name in enumerate(names) if "Collapsing" in name)
    interface.child(at).actionInterface().doAction("Press")
    assert current_title(timeline) == "“Collapsing”"


def test_the_playhead_is_a_slider_in_words(timeline):
    interface = QAccessible.queryAccessibleInterface(timeline.ruler)
    slider = interface.child(0)
    assert slider.role() == QAccessible.Role.Slider
    assert slider.text(QAccessible.Text.Value).startswith("28 November 2016, ")
    slider.valueInterface().setCurrentValue(DAY(2016, 3, 1) / MS_DAY)
    assert day_of(state(timeline).time_cursor) == (2016, 3, 1)
    assert slider.text(QAccessible.Text.Value).startswith("1 March 2016, ")

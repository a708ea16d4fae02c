"""The lanes in a real window on a real project: what mouse and keys do, and what others hear of it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar

from db import edtf
from db.store import Store
from db.values import MS_DAY
from tests.helpers.pictures import pixels
from tests.helpers.timeline import (
    ALT,
    CTRL,
    CURSOR,
    DISAGREEING,
    EVENTS,
    LEFT,
    NONE,
    SHIFT,
    WINDOW,
    current_title,
    desk_of,
    drag,
    label_of,
    mark_of,
    row_of,
    shown_timeline,
    state,
    wheel,
    years_project,
)
from viewer.core.grouping import Grouping
from viewer.views.timeline.lane_children import tip_at

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


# Lanes


def test_a_click_on_a_mark_or_a_label_selects(timeline):
    QTest.mouseClick(timeline.lanes, LEFT, NONE, mark_of(timeline, "Town falls"))
    assert current_title(timeline) == "Town falls"
    QTest.mouseClick(timeline.lanes, LEFT, NONE, label_of(timeline, "Two-front aim"))
    assert current_title(timeline) == "Two-front aim"
    assert state(timeline).time_cursor == edtf.parse(CURSOR).best
    QTest.mouseClick(timeline.lanes, LEFT, CTRL, mark_of(timeline, "Town falls"))
    assert len(state(timeline).selection) == 2
    QTest.mouseClick(timeline.lanes, LEFT, CTRL, mark_of(timeline, "Town falls"))
    assert len(state(timeline).selection) == 1


def test_ctrl_and_a_click_add_one_and_everything_stays_where_it_is(timeline):
    def places():
        layout = timeline.lanes.sight.layout_now()
        marks = {(item.lane, item.row): (item.x, item.y) for item in layout.items}
        return marks, [(lane.top, lane.height) for lane in layout.lanes]

    QTest.mouseClick(timeline.lanes, LEFT, pos=mark_of(timeline, "“Collapsing”"))
    before, window = places(), state(timeline).time_window
    lanes = timeline.lanes
    others = [item for item in lanes.sight.layout_now().items if not item.selected and 0 < item.x < lanes.width() - 260]
    for number, item in enumerate(others[:4], 2):
        spot = QPoint(round(lanes.left + item.x), round(item.y - lanes.sight.offset))
        QTest.mouseClick(lanes, LEFT, CTRL, spot)
        assert len(state(timeline).selection) == number
        assert places() == before
    assert state(timeline).time_window == window


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


def test_lanes_come_into_sight_with_their_events_while_all_is_moving(qtbot, tmp_path, look):
    project = years_project(tmp_path / "years.gpkg", copies=6)
    with shown_timeline(qtbot, project, tmp_path, look, (1200, 240)) as timeline:
        lanes, state = timeline.lanes, desk_of(timeline).state
        sight = lanes.sight

        def seen() -> list[tuple[int, float]]:
            bottom = sight.offset + lanes.height()
            return sorted((item.row, item.y) for item in sight.layout_now().items if sight.offset <= item.y <= bottom)

        lanes.grab()
        wheel(lanes, QPoint(700, 20), 2, CTRL)
        QApplication.processEvents()
        assert not sight.layout_now().whole
        sight.scroll_to(sight.most())
        QApplication.processEvents()
        assert not sight.layout_now().whole
        assert seen()
        wheel(lanes, QPoint(700, 20), -1, CTRL)
        assert not sight.layout_now().whole
        for _frame in range(100):  # as while playing
            state.set("test", time_cursor=state.view.time_cursor + MS_DAY)
            qtbot.wait(10)
            if sight.layout_now().whole:
                break
        assert sight.layout_now().whole


def test_the_lane_at_the_top_stays_there_while_the_window_is_zoomed(qtbot, tmp_path, look):
    project = years_project(tmp_path / "years.gpkg", copies=6)
    with shown_timeline(qtbot, project, tmp_path, look, (1200, 300)) as timeline:
        lanes = timeline.lanes
        sight = lanes.sight
        sight.scroll_to(round(sight.layout_now().lanes[3].top))
        lanes.grab()
        for notches in (2, -6):
            for _ in range(4):
                wheel(lanes, QPoint(700, 20), notches / 4, CTRL)
                QApplication.processEvents()
                layout = sight.layout_now()
                assert not layout.whole
                assert layout.lane_at(sight.offset + 1) == 3
            qtbot.waitUntil(lanes.is_settled)
            assert sight.layout_now().whole
            assert sight.layout_now().lane_at(sight.offset + 1) == 3
            assert lanes.findChild(QScrollBar).value() == sight.offset
            seen = lanes.grab().toImage()
            timeline.lanes.relay()
            assert lanes.grab().toImage() == seen


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
    for _ in range(2):
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


def test_space_is_the_windows_after_a_press_in_the_plot(timeline):
    lanes = timeline.lanes
    QTest.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=QPoint(lanes.left + 40, lanes.height() - 4))
    assert lanes.focus.row is None, "nothing stands there"
    QTest.keyClick(lanes, Qt.Key.Key_Space)
    assert state(timeline).filters.count == 0
    QTest.keyClick(lanes, Qt.Key.Key_Down)  # now somebody has gone to a header
    QTest.keyClick(lanes, Qt.Key.Key_Space)
    assert state(timeline).filters.count == 1


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


def test_the_last_event_of_all_comes_back_selected(timeline, qtbot):
    desk = desk_of(timeline)
    last = desk.data.ref(int(desk.data.index.columns.id[-1]))
    desk.commands.delete_events([int(desk.data.index.columns.id[-1])])
    qtbot.waitUntil(lambda: desk.jobs.idle and desk.data.index.n == len(EVENTS) - 1)
    desk.commands.undo()
    qtbot.waitUntil(lambda: desk.state.view.selection == {last})
    timeline.lanes.grab()
    row = int(desk.data.selected_rows()[0])
    assert row == desk.data.index.n - 1
    item = timeline.lanes.sight.layout_now().item_of(row)
    assert item is not None
    assert item.selected


def test_an_empty_project_shows_its_lanes(qtbot, tmp_path, look):
    from db.templates import CONFLICT, add_kinds

    store = Store.create(tmp_path / "empty.gpkg", "Empty")
    add_kinds(store, CONFLICT)
    store.close()
    with shown_timeline(qtbot, tmp_path / "empty.gpkg", tmp_path, look) as view:
        assert [lane.total for lane in view.lanes.sight.layout_now().lanes] == [0] * 6
        assert not view.transport.play.isEnabled()
        desk_of(view).commands.lanes.group_by(Grouping.TAG)
        qtbot.waitUntil(lambda: not view.lanes.sight.frames.sorting)
        assert view.lanes.sight.layout_now().lanes == []
        view.lanes.setFocus()
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return):
            QTest.keyClick(view.lanes, key)
        said = pixels(view.lanes.grab())
        assert len(np.unique(said[:, view.lanes.left :].reshape(-1, 3), axis=0)) > 5  # what will stand here, in words
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

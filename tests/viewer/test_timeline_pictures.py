"""What the timeline looks like, against stored pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtTest import QTest

from db import edtf
from db.values import TimeWindow
from tests.helpers.generate import generate
from tests.helpers.pictures import compare, pixels
from tests.helpers.timeline import CURSOR, desk_of, label_of, row_of, shown_timeline, years_project
from viewer.views.timeline.bands import count_columns, paint_columns
from viewer.views.timeline.geometry import COLUMN
from viewer.views.timeline.headers import LEFT_WIDTH, count_words, is_brief, name_room
from viewer.views.timeline.lane_model import Crowd
from viewer.views.timeline.pictures import NEVER_DIMMED, Pictures
from viewer.views.timeline.playhead import bright_region

BAR = 12
"""As wide as a scroll bar, px."""


@pytest.fixture
def timeline(qtbot, tmp_path, look):
    with shown_timeline(qtbot, years_project(tmp_path / "years.gpkg"), tmp_path, look) as view:
        desk = desk_of(view)
        desk.commands.select((desk.data.row_ref(row_of(view, "“Collapsing”")),), "test")
        view.transport.date.clearFocus()
        view.lanes.clearFocus()
        view.setFocusProxy(None)
        yield view


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_two_years(timeline, look, theme):
    look.set_preference(theme)
    compare(timeline.grab(), f"timeline-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_hidden_lane_a_range_and_the_keyboard(timeline, look, theme):
    look.set_preference(theme)
    desk = desk_of(timeline)
    desk.commands.toggle_kind(timeline.lanes.sight.layout_now().lanes[1].key)
    desk.state.set("test", time_range=TimeWindow(edtf.instant(2015, 9, 1), edtf.instant(2016, 8, 1)))
    timeline.lanes.setFocus()
    QTest.keyClick(timeline.lanes, Qt.Key.Key_Right)
    compare(timeline.grab(), f"timeline-keys-{theme}")


def test_more_than_can_be_read_is_counted(qtbot, tmp_path, look):
    with shown_timeline(qtbot, generate(tmp_path / "many.gpkg", 4000), tmp_path, look) as view:
        desk_of(view).commands.fit_time()
        view.lanes.clearFocus()
        compare(view.lanes.grab(), "timeline-crowd", 0.01)


def test_the_playhead_never_crosses_a_label(timeline):
    """Scrubbing along, the line leaves out every label that it meets."""
    desk, lanes = desk_of(timeline), timeline.lanes
    accent = QColor(timeline._look.theme.accent).getRgb()[:3]
    at = label_of(timeline, "Airfield taken")
    desk.state.set("test", time_cursor=lanes.scale().at(at.x() - lanes.left))
    painted = pixels(lanes.grab())
    line = (painted[:, at.x() - 1 : at.x() + 1] == accent).all(axis=2).all(axis=1)
    assert line.any()
    assert not line[at.y() - 6 : at.y() + 6].any()


def test_what_has_begun_is_bright_and_what_is_to_come_is_pale(timeline):
    desk, lanes = desk_of(timeline), timeline.lanes
    crossing = label_of(timeline, "Crossing lost again")
    plan = label_of(timeline, "Next offensive")

    def ink(point):
        """How much darker than the ground a label is drawn."""
        rows = pixels(lanes.grab())[point.y() - 6 : point.y() + 6, point.x() - 30 : point.x() + 30]
        return 255 - int(rows.min())

    desk.state.set("test", time_cursor=edtf.parse(CURSOR).best)
    pale, planned = ink(crossing), ink(plan)
    desk.state.set("test", time_cursor=edtf.parse("2017-04-10").best)
    assert ink(crossing) > 1.3 * pale
    assert abs(ink(plan) - planned) < 12  # a plan is never dimmed


def test_a_label_over_the_line_belongs_to_its_event(timeline):
    """The label of an event before the playhead stays bright on the other side of the line."""
    desk, lanes = desk_of(timeline), timeline.lanes
    desk.state.set("test", time_cursor=edtf.parse(CURSOR).best)
    lanes.grab()
    item = lanes.sight.layout_now().item_of(row_of(timeline, "Airfield taken"))
    assert item is not None
    assert item.label is not None
    cursor = desk.state.view.time_cursor
    split = round(lanes.scale().x(cursor))
    assert item.x < split < item.label + item.width
    region = bright_region(lanes._frames.pictures, cursor, split, lanes.sight.metrics.row)
    assert region.contains(QPoint(round(item.label + item.width), round(item.y - lanes.sight.offset)))


def test_text_from_right_to_left_is_shaped(timeline):
    """Arabic letters join: set one by one they would be wider."""
    text = "بيان عن الموصل"
    labels = timeline.lanes._frames.labels
    apart = sum(labels.width(letter) for letter in text)
    assert labels.width(text) < 0.9 * apart
    assert timeline.lanes.sight.layout_now().item_of(row_of(timeline, text)).label is not None


def test_a_larger_interface_grows_everything(timeline, look):
    before = timeline.lanes.sight.layout_now().height, timeline.ruler.height()
    look.set_scale(1.5)
    assert timeline.lanes.sight.layout_now().height > 1.4 * before[0]
    assert timeline.ruler.height() == 39
    assert timeline.lanes.left == 360


def test_painting_follows_filters(timeline):
    desk = desk_of(timeline)
    before = pixels(timeline.lanes.grab())
    kind = timeline.lanes.sight.layout_now().lanes[0].key
    desk.commands.set_filters(replace(desk.state.view.filters, hidden_kinds=frozenset({kind})))
    after = pixels(timeline.lanes.grab())
    assert (before != after).any()


@pytest.mark.parametrize(("each", "column"), [(3, 4 * COLUMN), (100, COLUMN)])
def test_columns_of_few_events_are_as_wide_as_marks(each, column):
    crowd = Crowd(np.array([13.0, 14.0, 40.0]), np.array([each, each, each]))
    assert crowd.column == column
    counts = count_columns(crowd, 60)
    assert counts.sum() == 3 * each
    assert counts[14 // column] == 2 * each - (each if 13 // column != 14 // column else 0)
    image = QImage(60, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    paint_columns(image, QColor("#2b59e0"), counts, 300, 0, 40, 1.0, crowd.column)
    painted = np.flatnonzero(pixels(image.convertToFormat(QImage.Format.Format_RGB32))[37].any(axis=1)).tolist()
    full = [at for at in range(60) if counts[at // column] and at % column < column - 1]
    assert painted == full, "whole columns with a gap of one pixel"


@pytest.mark.parametrize("many", [False, True])
def test_where_the_playhead_went_is_painted_anew(qtbot, tmp_path, look, many):
    """What a move leaves on the screen is what painting all of it would show."""
    path = generate(tmp_path / "many.gpkg", 4000) if many else years_project(tmp_path / "years.gpkg")
    with shown_timeline(qtbot, path, tmp_path, look) as view:
        desk, rng = desk_of(view), np.random.default_rng(5)
        qtbot.waitUntil(view.is_settled)
        window = desk.state.view.time_window
        shares = [*rng.uniform(0, 1, 12), 1.0, 1.0005, 3.0, -0.0005, 0.0, -2.0, 0.5, *(0.5 + np.arange(8) / 400)]
        for share in shares:
            desk.commands.go_to(window.first + round(share * window.length), "test")
            QTest.qWait(1)
            for part in (view.overview, view.ruler, view.lanes):
                # what is drawn straight and what is copied differ by a rounding; the scroll bar changes by itself
                seen, whole = (each[:, :-BAR].astype(int) for each in (_on_screen(part), pixels(part.grab())))
                np.testing.assert_allclose(seen, whole, atol=3, err_msg=f"{share} {part}")


def _on_screen(part):
    """The pixels of a widget as they were last brought to its window."""
    at = part.mapTo(part.window(), QPoint(0, 0))
    whole = part.screen().grabWindow(part.window().winId())
    return pixels(whole.copy(at.x(), at.y(), part.width(), part.height()))


def test_the_selected_part_of_a_column_stands_at_its_foot():
    counts, some = np.array([100, 100, 100, 0]), np.array([50, 1, 0, 7])
    image = QImage(12, 40, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    accent = QColor("#7fa5ff")
    paint_columns(image, QColor("#e06c00"), counts, 100, 0, 40, 1.0, COLUMN, (some, accent))
    tall = [[image.pixelColor(COLUMN * at, y) for y in range(40)] for at in range(4)]
    chosen = [sum(color == accent for color in column) for column in tall]
    drawn = [sum(color.alpha() > 0 for color in column) for column in tall]
    assert drawn == [38, 38, 38, 0]
    assert chosen == [19, 2, 0, 0]
    assert tall[0][38] == accent
    assert tall[0][1] != accent


@pytest.mark.parametrize(("left", "right", "cursor_x"), [(100, 160, 200), (100, 160, 130), (100, 160, 60)])
def test_what_is_never_dimmed_is_bright_beside_the_playhead_whatever_is_to_come_there(left, right, cursor_x):
    image = QImage(400, 60, QImage.Format.Format_RGB32)
    begins = np.array([NEVER_DIMMED, 10])
    lefts, rights, none = np.array([left, 20.0]), np.array([right, 380.0]), np.array([np.nan, np.nan])
    ys = np.array([30.0, 30.0])
    pictures = Pictures(image, image, image, image, [], lefts, rights, ys, begins, none, none)
    bright = bright_region(pictures, 5, cursor_x, 20)
    assert bright.contains(QPoint(left + 1, 30))
    assert bright.contains(QPoint(right - 1, 30))
    assert not bright.contains(QPoint(left - 10, 30)), "what is to come is pale"
    assert not bright.contains(QPoint(right + 10, 30))


def test_long_names_have_the_room_of_numbers_that_say_the_same_twice(timeline, look):
    """Of every lane alike, so that nobody looks for a meaning in it."""
    lanes = timeline.lanes.sight.layout_now().lanes
    few = [replace(each, shown=9, total=9) for each in lanes]
    many = [replace(each, shown=166_000, total=166_000) for each in lanes]
    assert not is_brief(look, few, LEFT_WIDTH)
    assert is_brief(look, many, LEFT_WIDTH)
    assert {count_words(each, brief=False) for each in few} == {"9 / 9"}
    assert {count_words(each, brief=True) for each in many} == {"166k"}
    assert count_words(replace(many[0], shown=2_000), brief=True) == "2k / 166k"
    longest = max(many, key=lambda each: len(each.name))
    assert QFontMetrics(look.theme.font("label")).horizontalAdvance(longest.name) <= name_room(
        look.theme, LEFT_WIDTH, "166k"
    )

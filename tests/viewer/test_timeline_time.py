"""Ruler, overview and transport on a real project: what mouse and keys do, and what others hear of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from db import edtf
from db.timewords import show_instant
from db.values import MS_DAY, TimeWindow
from tests.helpers.timeline import (
    ALT,
    CURSOR,
    DAY,
    EVENTS,
    LEFT,
    NONE,
    WINDOW,
    current_title,
    desk_of,
    drag,
    state,
)
from viewer.core.settings import LOOP, SNAP, SPEED


def ruler_at(view, instant):
    return QPoint(round(view.ruler.left + view.ruler.scale().x(instant)), 12)


def day_of(instant):
    return edtf.civil(instant)[:3]


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
    timeline.ruler.show_ghost(DAY(2016, 7, 20, 5))
    assert timeline.ruler._ghost_text(timeline.ruler.scale()) == f"20 Jul 2016 · {expected} on this day"


def test_what_hovers_covers_no_words_in_part(timeline, monkeypatch):
    ruler = timeline.ruler
    painted, ghosts = [], []
    painter, labels, ghost = ruler._painter, ruler._painter.paint_labels, ruler._painter.paint_ghost
    monkeypatch.setattr(painter, "paint_labels", lambda *some: (painted.append(some[-1]), labels(*some)))
    monkeypatch.setattr(painter, "paint_ghost", lambda *some: (ghosts.append(some[-1]), ghost(*some)))
    ruler.grab()
    hidden, plain = 0, painted[-1]
    for x in range(3, round(ruler.scale().width), 61):
        ruler.show_ghost(ruler.scale().at(x))
        ruler.grab()
        rect, shown = ghosts[-1], painted[-1]
        assert rect.left() >= 0
        assert rect.right() <= ruler.scale().width
        assert not rect.intersects(ruler._flag)
        assert not any(rect.intersects(chip.rect) for chip in ruler._chips)
        assert not any(label.left < rect.right() and label.right > rect.left() for label in shown)
        hidden += len(plain) - len(shown)
    assert hidden > 5
    ruler.show_ghost(None)
    ruler.grab()
    assert painted[-1] == plain, "they are back"


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


def test_the_flag_says_the_time_while_hours_pass(timeline):
    desk = desk_of(timeline)
    desk.settings.set(SPEED, "hour")
    desk.playback.go(1)
    assert timeline.ruler.flag_text().startswith("Mon 28 Nov 2016 ")
    timeline.ruler.grab()
    wide = timeline.ruler._flag.width()
    desk.playback.stop()
    assert timeline.ruler.flag_text() == "Mon 28 Nov 2016"
    timeline.ruler.grab()
    assert timeline.ruler._flag.width() < wide, "it is drawn anew"
    desk.settings.set(SPEED, "week")
    desk.playback.go(1)
    assert timeline.ruler.flag_text() == "Mon 28 Nov 2016"
    desk.playback.stop()


# Overview


def test_the_overview_looks_alike_drawn_and_copied(timeline):
    overview, desk = timeline.overview, desk_of(timeline)
    looks = []
    for kind in (None, *desk.data.loaded.kinds.values()):
        if kind is not None:
            desk.commands.toggle_kind(kind.uid)
        drawn, copied = overview.grab().toImage(), overview.grab().toImage()
        assert drawn == copied
        looks.append(drawn)
    assert len({bytes(look.constBits()) for look in looks}) > 2


def test_a_cursor_before_the_window_is_not_drawn_over_the_headers(timeline):
    lanes, desk = timeline.lanes, desk_of(timeline)
    heads = []
    for days in (4, 4000):
        desk.commands.go_to(WINDOW.first - days * MS_DAY)
        desk.commands.show_window(WINDOW)
        heads.append(lanes.grab().copy(0, 0, lanes.left - 1, lanes.height()).toImage())
    assert heads[0] == heads[1]


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


def test_the_playhead_is_a_slider_in_words(timeline):
    interface = QAccessible.queryAccessibleInterface(timeline.ruler)
    slider = interface.child(0)
    assert slider.role() == QAccessible.Role.Slider
    assert slider.text(QAccessible.Text.Value).startswith("28 November 2016, ")
    slider.valueInterface().setCurrentValue(DAY(2016, 3, 1) / MS_DAY)
    assert day_of(state(timeline).time_cursor) == (2016, 3, 1)
    assert slider.text(QAccessible.Text.Value).startswith("1 March 2016, ")

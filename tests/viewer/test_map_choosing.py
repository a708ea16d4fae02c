"""Choosing on the map: clicks, box, lasso, lists of stacks, points that are asked for, the walk by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.helpers.maps import (
    IRAQ,
    SHIFT,
    click,
    desk_of,
    drag,
    press,
    row_of,
    selected_titles,
    settle,
    spot,
)
from viewer.core.messages import Message
from viewer.views.map import hand
from viewer.views.map.items import Age
from viewer.views.map.view import MapView


def test_a_click_on_a_mark_selects_its_event(town_map: MapView) -> None:
    click(town_map, spot(town_map, "Tikrit is retaken"))
    assert selected_titles(town_map) == {"Tikrit is retaken"}
    row = row_of(town_map, "Tikrit is retaken")
    assert town_map.picture.scene.age(row) is Age.CHOSEN


def test_the_hit_area_is_24_px(town_map: MapView) -> None:
    at = spot(town_map, "Tikrit is retaken")
    click(town_map, at + QPoint(11, 0))
    assert selected_titles(town_map) == {"Tikrit is retaken"}
    click(town_map, at + QPoint(0, 40))
    assert selected_titles(town_map) == set()


def test_shift_and_click_adds_and_takes_away(town_map: MapView) -> None:
    click(town_map, spot(town_map, "Tikrit is retaken"))
    click(town_map, spot(town_map, "Palmyra falls again"), SHIFT)
    assert selected_titles(town_map) == {"Tikrit is retaken", "Palmyra falls again"}
    click(town_map, spot(town_map, "Tikrit is retaken"), SHIFT)
    assert selected_titles(town_map) == {"Palmyra falls again"}


def test_a_box_selects_what_is_in_it(town_map: MapView, qtbot: QtBot) -> None:
    mosul, tikrit = spot(town_map, "Mosul is entered"), spot(town_map, "Tikrit is retaken")
    drag(town_map, mosul + QPoint(-30, -30), tikrit + QPoint(30, 30), SHIFT)
    assert selected_titles(town_map) == {"Mosul is entered", "Mosul is cut off", "Tikrit is retaken"}
    assert desk_of(town_map).state.view.extent == IRAQ  # the map stayed where it was


def lasso(view: MapView, *spots: QPoint) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spots[0])
    for at in spots[1:]:
        QTest.mouseMove(view, at)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spots[-1])


def test_a_lasso_selects_what_is_in_it_and_not_in_its_box(
    town_map: MapView, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    mosul, tikrit = spot(town_map, "Mosul is entered"), spot(town_map, "Tikrit is retaken")
    palmyra = spot(town_map, "Palmyra falls again")
    around = [mosul + QPoint(-20, -20), mosul + QPoint(30, 0), tikrit + QPoint(20, 30), tikrit + QPoint(-20, 10)]
    lasso(town_map, *around)
    assert selected_titles(town_map) == {"Mosul is entered", "Mosul is cut off", "Tikrit is retaken"}
    # Round Palmyra and Mosul, with Raqqa outside and Tikrit within the box but not within the ring
    below = QPoint(mosul.x(), palmyra.y() - 25)
    lasso(town_map, palmyra + QPoint(-20, 20), palmyra + QPoint(-20, -20), below, mosul + QPoint(-20, -20),
          mosul + QPoint(20, -20), mosul + QPoint(20, 20), palmyra + QPoint(30, 20))  # fmt: skip
    assert selected_titles(town_map) == {"Mosul is entered", "Mosul is cut off", "Palmyra falls again"}
    assert desk_of(town_map).state.view.extent == IRAQ
    monkeypatch.setattr(hand, "MOST_SELECTED", 2)
    said: list[Message] = []
    desk_of(town_map).messages.said.connect(said.append)
    lasso(town_map, *around)
    assert len(selected_titles(town_map)) == 3, "as before"
    assert said[0].text.startswith("3 events lie there, and no more than 2 are selected at once. Draw a smaller")


def test_a_stack_fans_out_as_a_list_and_each_of_it_can_be_chosen(town_map: MapView, qtbot: QtBot) -> None:
    click(town_map, spot(town_map, "Mosul is cut off"))
    popover = town_map.popover
    assert popover.isVisible()
    titles = [desk_of(town_map).data.title(row) for row in popover.rows]
    assert titles == ["Mosul is cut off", "Mosul is entered"]  # newest first
    QTest.keyClick(popover.list, Qt.Key.Key_Down)
    QTest.keyClick(popover.list, Qt.Key.Key_Return)
    assert selected_titles(town_map) == {"Mosul is entered"}
    assert popover.isHidden()
    row = row_of(town_map, "Mosul is entered")
    assert row in town_map.picture.scene.stacks.top  # the selected one is now on top


def test_esc_closes_the_list_of_a_stack(town_map: MapView) -> None:
    click(town_map, spot(town_map, "Mosul is cut off"))
    QTest.keyClick(town_map.popover.list, Qt.Key.Key_Escape)
    assert town_map.popover.isHidden()
    assert selected_titles(town_map) == set()


def test_selection_from_elsewhere_is_shown_with_its_card(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    desk.commands.select((desk.data.row_ref(row_of(town_map, "Palmyra falls again")),), "lanes")
    settle(qtbot, town_map)
    rect = town_map.picture.callout_rects()[0]
    for other in town_map.panel.covered():
        assert not rect.meets(other)
    assert town_map.picture.hit(rect.x + 5, rect.y + 5) == row_of(town_map, "Palmyra falls again")


def test_a_point_that_is_asked_for_is_answered_by_a_click(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    got: list[tuple[float, float]] = []
    desk.picker.begin(lambda lon, lat: got.append((lon, lat)))
    settle(qtbot, town_map)
    assert town_map.panel.banner.isVisible()
    assert town_map.cursor().shape() is Qt.CursorShape.CrossCursor
    drag(town_map, QPoint(500, 300), QPoint(450, 300))  # panning is not an answer
    assert got == []
    at = spot(town_map, "Tikrit is retaken")
    click(town_map, at)
    assert got == [pytest.approx((43.68, 34.6), abs=0.02)]
    assert selected_titles(town_map) == set()
    assert town_map.panel.banner.isHidden()


def test_esc_cancels_asking(town_map: MapView) -> None:
    got: list[tuple[float, float]] = []
    desk_of(town_map).picker.begin(lambda lon, lat: got.append((lon, lat)))
    press(town_map, Qt.Key.Key_Escape)
    assert not desk_of(town_map).picker.active
    click(town_map, QPoint(500, 300))
    assert got == []


def test_coordinates_can_be_copied(town_map: MapView, qtbot: QtBot) -> None:
    at = spot(town_map, "Tikrit is retaken")
    QApplication.sendEvent(town_map, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, town_map.mapToGlobal(at)))
    menu = next(each for each in town_map.findChildren(QMenu) if each.isVisible())
    menu.actions()[0].trigger()
    menu.close()
    lat, lon = (float(part) for part in QGuiApplication.clipboard().text().split(", "))
    assert (lon, lat) == pytest.approx((43.68, 34.6), abs=0.02)


def test_tab_walks_the_events_by_date_and_enter_opens_them(town_map: MapView) -> None:
    desk = desk_of(town_map)
    town_map.setFocus(Qt.FocusReason.TabFocusReason)
    walked = []
    for _ in range(4):
        press(town_map, Qt.Key.Key_Tab)
        row = town_map.picture.focus_row
        walked.append(None if row is None else desk.data.title(row))
    assert walked == ["Tikrit is retaken", "Mosul is cut off", "Palmyra falls again", "Raqqa is to be taken"]
    press(town_map, Qt.Key.Key_Backtab)
    press(town_map, Qt.Key.Key_Return)
    assert selected_titles(town_map) == {"Palmyra falls again"}
    press(town_map, Qt.Key.Key_Backtab)
    press(town_map, Qt.Key.Key_Return)
    assert town_map.popover.isVisible()  # two events at Mosul


def test_events_are_accessible_children_with_sentences(town_map: MapView) -> None:
    interface = QAccessible.queryAccessibleInterface(town_map)
    assert interface is not None
    names = [interface.child(at).text(QAccessible.Text.Name) for at in range(4)]
    assert names[0] == "Control change, Tikrit is retaken, 1 Apr 2015, Tikrit, reported, no quote"
    assert names[1].startswith("2 events, on top: Control change, Mosul is cut off")
    assert "planned" in names[3]
    child = town_map.painted_children()[0]
    assert child.rect.contains(spot(town_map, "Tikrit is retaken"))
    assert child.activate is not None
    child.activate()
    assert selected_titles(town_map) == {"Tikrit is retaken"}
    assert town_map.painted_children()[0].selected


def test_a_click_on_a_card_is_none_on_the_map(town_map: MapView, qtbot: QtBot) -> None:
    click(town_map, spot(town_map, "Tikrit is retaken"))
    desk_of(town_map).picker.begin(lambda lon, lat: pytest.fail("the banner is no place"))
    settle(qtbot, town_map)
    banner = town_map.panel.banner
    QTest.mouseClick(banner, Qt.MouseButton.LeftButton, pos=banner.rect().center() - QPoint(0, 18))
    assert desk_of(town_map).picker.active
    QTest.mouseClick(banner.buttons()[0], Qt.MouseButton.LeftButton)
    assert not desk_of(town_map).picker.active
    assert selected_titles(town_map) == {"Tikrit is retaken"}

"""A small stack spread about its place: a mark for each of its events, beside the list of them."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.helpers.maps import click, desk_of, press, row_of, selected_titles, settle, spot
from tests.helpers.pictures import pixels
from viewer.views.map.overlays import popover
from viewer.views.map.overlays.fan import Fan
from viewer.views.map.view import MapView

MOSUL = ("Mosul is entered", "Mosul is cut off")


@pytest.fixture
def opened(town_map: MapView, qtbot: QtBot) -> Fan:
    """The stack at Mosul, opened by a click."""
    click(town_map, spot(town_map, MOSUL[0]))
    settle(qtbot, town_map)
    fan = town_map.popover.fan
    assert fan.isVisible()
    return fan


def test_a_click_on_a_stack_spreads_its_events_about_it(town_map: MapView, opened: Fan) -> None:
    assert {desk_of(town_map).data.title(row) for row in opened.spots} == set(MOSUL)
    at = spot(town_map, MOSUL[0])
    places = list(opened.spots.values())
    assert all(math.dist(place.toTuple(), at.toTuple()) > 20 for place in places)
    assert math.dist(places[0].toTuple(), places[1].toTuple()) > 24, "none covers another"
    listed, fan = town_map.popover.body(), opened.geometry()
    assert listed.x >= fan.right() or listed.right <= fan.left() + 1, "the list covers none of them"

    # Each is drawn with its own mark.
    picture = pixels(town_map.grab()).astype(int)
    marks = [picture[round(at.y()) - 7 : round(at.y()) + 8, round(at.x()) - 7 : round(at.x()) + 8] for at in places]
    assert all((mark.max(axis=2) < 200).sum() > 12 for mark in marks)
    assert (marks[0] != marks[1]).any(), "one is a square, the other a triangle"


def test_a_mark_of_the_fan_is_pointed_at_and_chosen(town_map: MapView, opened: Fan) -> None:
    listed = town_map.popover.list
    for title in reversed(MOSUL):
        place = opened.spots[row_of(town_map, title)].toPoint()
        QTest.mouseMove(town_map, place)
        QTest.mouseMove(opened, opened.mapFromParent(place))
        assert listed.currentIndex().data() == title, "list and fan go together"
    assert listed.hasFocus()
    before = pixels(opened.grab())
    QTest.keyClick(listed, Qt.Key.Key_Up)
    assert (pixels(opened.grab()) != before).any(), "the keyboard is seen in the fan"
    place = opened.spots[row_of(town_map, MOSUL[1])].toPoint()
    QTest.mouseClick(opened, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, opened.mapFromParent(place))
    assert selected_titles(town_map) == {MOSUL[1]}
    assert not opened.isVisible()
    assert not town_map.popover.isVisible()


def test_the_fan_goes_with_its_list(town_map: MapView, opened: Fan) -> None:
    QTest.keyClick(town_map.popover.list, Qt.Key.Key_Escape)
    assert not opened.isVisible()
    click(town_map, spot(town_map, MOSUL[0]))
    assert opened.isVisible()
    press(town_map, Qt.Key.Key_Plus)
    assert not opened.isVisible(), "what is moved about has no list"


def test_a_press_within_the_fan_but_beside_its_marks_is_the_maps(town_map: MapView, opened: Fan) -> None:
    middle = opened.geometry().center() + QPoint(8, 0)
    window = town_map.window().windowHandle()
    assert window is not None
    QTest.mouseClick(
        window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, town_map.mapTo(town_map.window(), middle)
    )
    assert selected_titles(town_map) == set()
    assert town_map.popover.isVisible(), "the stack is there, and was clicked again"


def test_more_than_can_be_told_apart_are_only_listed(town_map: MapView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popover, "MOST_FANNED", 1)
    click(town_map, spot(town_map, MOSUL[0]))
    assert town_map.popover.isVisible()
    assert not town_map.popover.fan.isVisible()


def test_at_the_edge_of_the_map_the_fan_is_whole(town_map: MapView, qtbot: QtBot) -> None:
    row = row_of(town_map, MOSUL[0])
    for corner in ((5, 60), (town_map.width() - 5, town_map.height() - 40)):
        x, y = town_map.picture.layer.spot(row)
        town_map._navigator.pan(corner[0] - x, corner[1] - y)
        settle(qtbot, town_map)
        click(town_map, spot(town_map, MOSUL[0]))
        fan = town_map.popover.fan
        assert fan.isVisible()
        assert town_map.rect().contains(fan.geometry())
        QTest.keyClick(town_map.popover.list, Qt.Key.Key_Escape)

"""The map moved about in a real window: wheel, drag, keys, fits and flights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.values import Extent
from tests.helpers.maps import (
    IRAQ,
    desk_of,
    drag,
    press,
    row_of,
    selected_titles,
    settle,
    spot,
    wheel,
)
from viewer.look.theme import ThemeManager
from viewer.views.map.items import REACH
from viewer.views.map.view import MapView


def test_the_wheel_zooms_at_the_pointer(town_map: MapView) -> None:
    at = QPoint(700, 140)
    before, scale = town_map.viewport.degrees_at(700, 140), town_map.viewport.scale
    for notches in (1, 1, -0.5, 2):
        wheel(town_map, at, notches)
    assert town_map.viewport.degrees_at(700, 140) == pytest.approx(before, abs=1e-6)
    assert town_map.viewport.scale == pytest.approx(scale * 2 ** (3.5 * 120 / 240))


def test_a_drag_moves_the_ground_with_the_pointer(town_map: MapView) -> None:
    start, end = QPoint(400, 300), QPoint(520, 260)
    before = town_map.viewport.degrees_at(400, 300)
    drag(town_map, start, end)
    assert town_map.viewport.degrees_at(520, 260) == pytest.approx(before, abs=1e-6)
    assert selected_titles(town_map) == set()


def test_moves_are_told_to_the_state_as_an_extent(town_map: MapView) -> None:
    drag(town_map, QPoint(400, 300), QPoint(300, 300))
    extent = desk_of(town_map).state.view.extent
    assert extent == town_map.viewport.extent()
    assert extent != IRAQ


def test_keys_pan_and_zoom(town_map: MapView, qtbot: QtBot) -> None:
    view = town_map.viewport
    press(town_map, Qt.Key.Key_Right)
    assert town_map.viewport.x > view.x
    press(town_map, Qt.Key.Key_Up)
    assert town_map.viewport.y < view.y
    press(town_map, Qt.Key.Key_Plus)
    assert town_map.viewport.scale > view.scale
    press(town_map, Qt.Key.Key_Minus)
    assert town_map.viewport.scale == pytest.approx(view.scale)


def test_fit_shows_every_event_clear_of_what_lies_over_the_map(town_map: MapView, qtbot: QtBot) -> None:
    desk_of(town_map).commands.fit_map()
    settle(qtbot, town_map)
    layer = town_map.picture.layer
    mapped = layer.index.mapped
    x, y = layer.screen(np.flatnonzero(mapped))
    assert ((x > 0) & (x < 960) & (y > 0) & (y < 551)).all()
    for card in town_map.panel.fixed():
        assert not ((x > card.x) & (x < card.right) & (y > card.y) & (y < card.bottom)).any()
    assert desk_of(town_map).state.view.extent is None


def test_another_size_shows_the_same_place_as_close_as_before(town_map: MapView, qtbot: QtBot) -> None:
    desk_of(town_map).commands.fit_map()
    settle(qtbot, town_map)
    before = town_map.viewport
    for size in ((1200, 800), (700, 420), (960, 551)):
        town_map.resize(*size)
        settle(qtbot, town_map)
        now = town_map.viewport
        assert (now.width, now.height) == size
        assert (now.x, now.y, now.scale) == pytest.approx((before.x, before.y, before.scale), rel=1e-9)

    # Until it has come to rest, as while a window opens, all it was told to show is fitted anew.
    desk_of(town_map).state.set("test", extent=IRAQ)
    town_map.resize(1200, 800)
    settle(qtbot, town_map)
    wide = town_map.viewport.extent()
    assert wide.west <= IRAQ.west
    assert wide.east >= IRAQ.east
    assert wide.east - wide.west < 2 * (IRAQ.east - IRAQ.west)


def test_fly_to_selection_brings_an_event_from_afar_onto_the_map(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    row = row_of(town_map, "Sirte is cleared")
    assert row in town_map.picture.scene.off
    desk.commands.fly_to_event(desk.data.row_ref(row))
    settle(qtbot, town_map)
    assert row in town_map.picture.scene.rows
    assert spot(town_map, "Sirte is cleared").x() == pytest.approx(480, abs=2)


def test_a_flight_takes_its_time_and_none_where_motion_is_reduced(
    town_map: MapView, qtbot: QtBot, look: ThemeManager
) -> None:
    look.set_reduce_motion(False)
    goal = Extent(10, 28, 22, 34)
    desk_of(town_map).state.set("test", extent=goal)
    assert not town_map.is_settled()
    assert town_map.picture.view != town_map.viewport
    settle(qtbot, town_map)
    assert town_map.picture.view.extent().west <= goal.west
    look.set_reduce_motion(True)
    desk_of(town_map).state.set("test", extent=IRAQ)
    assert town_map.picture.view == town_map.viewport


def test_back_returns_to_the_exact_view(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    desk.history.settle()
    before = town_map.viewport
    wheel(town_map, QPoint(300, 200), 3)
    desk.history.back()
    settle(qtbot, town_map)
    assert town_map.viewport.scale == pytest.approx(before.scale)
    assert (town_map.viewport.x, town_map.viewport.y) == pytest.approx((before.x, before.y), abs=1e-9)


def test_two_fingers_zoom_at_their_middle(town_map: MapView) -> None:
    at = QPointF(300, 200)
    before, scale = town_map.viewport.degrees_at(300, 200), town_map.viewport.scale
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, at, at, at, 0.25, QPointF()
    )
    QApplication.sendEvent(town_map, event)
    assert town_map.viewport.scale == pytest.approx(scale * 1.25)
    assert town_map.viewport.degrees_at(300, 200) == pytest.approx(before, abs=1e-6)


def test_grids_asked_for_by_layers_that_take_turns_all_come(town_map: MapView, qtbot: QtBot) -> None:
    """A layer that is shown again after another took its place would else wait for ever for what it asked for."""
    picture = town_map.picture
    layers = [picture._layer_of(picture.layer.index, picture.view.projection) for _ in range(4)]
    for layer in layers:
        layer.look(picture.view)
        layer.cells()
        layer.look(replace(picture.view, scale=picture.view.scale * 16).settle())
        layer.refine()
        assert layer.waiting
    qtbot.waitUntil(lambda: desk_of(town_map).jobs.idle)
    assert not any(layer.waiting for layer in layers)
    assert all(layer.cells().serves(layer.index, layer.view, REACH) for layer in layers)

"""Coordinates, measuring and the graticule on a real map, by mouse and keys."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from db.values import Extent
from tests.helpers.maps import click, desk_of, on_screen, row_of, selected_titles, settle, spot
from viewer.core.settings import COORDINATES, GRATICULE
from viewer.look.theme import ThemeManager
from viewer.views.map.coordinates import dms_text, mgrs_text, utm_text
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.measure import length_text
from viewer.views.map.overlays.graticule import LEAST, graticule_labels, meridians, parallels, step_for
from viewer.views.map.overlays.measure_lines import length_labels
from viewer.views.map.view import MapView

PACIFIC = Extent(150.0, -30.0, -130.0, 50.0)


def hover(view: MapView, at: QPoint) -> None:
    QTest.mouseMove(view, at - QPoint(1, 0))
    QTest.mouseMove(view, at)
    QApplication.processEvents()


def point(view: MapView, lon: float, lat: float) -> QPoint:
    x, y = on_screen(view.viewport, lon, lat)
    return QPoint(round(x), round(y))


def key(view: MapView, *keys: Qt.Key) -> None:
    for each in keys:
        QTest.keyClick(view, each)


def length(view: MapView) -> str:
    return view.survey.figures()[-1]


# The readout


def test_the_pointer_s_position_is_said_and_a_click_says_it_otherwise(town_map: MapView) -> None:
    readout = town_map.panel.readout
    assert not readout.isVisible()
    hover(town_map, QPoint(500, 300))
    lon, lat = town_map.viewport.degrees_at(500, 300)
    assert readout.isVisible()
    assert readout.text == f"{lat:.5f}, {lon:.5f}"
    for form, text in (("dms", dms_text), ("utm", utm_text), ("mgrs", mgrs_text)):
        QTest.mouseClick(readout, Qt.MouseButton.LeftButton)
        assert desk_of(town_map).settings.get(COORDINATES) == form
        assert readout.text == text(lon, lat)
        assert readout.text in readout.accessibleName()
    QTest.mouseClick(readout, Qt.MouseButton.LeftButton)
    assert desk_of(town_map).settings.get(COORDINATES) == "decimal"
    assert selected_titles(town_map) == set()
    QApplication.sendEvent(town_map, QEvent(QEvent.Type.Leave))
    assert not readout.isVisible()


def test_the_readout_lies_in_the_foot_clear_of_all_else(town_map: MapView) -> None:
    desk_of(town_map).settings.set(COORDINATES, "dms")
    hover(town_map, QPoint(500, 300))
    body = town_map.panel.readout.body()
    assert body.x >= 0
    assert body.bottom <= town_map.height()
    assert not any(body.meets(each) for each in town_map.panel.cards())


def test_the_readout_follows_when_the_map_moves_under_the_pointer(town_map: MapView, qtbot: QtBot) -> None:
    hover(town_map, QPoint(500, 300))
    before = town_map.panel.readout.text
    key(town_map, Qt.Key.Key_Right)
    settle(qtbot, town_map)
    lon, lat = town_map.viewport.degrees_at(500, 300)
    assert town_map.panel.readout.text == f"{lat:.5f}, {lon:.5f}" != before


def test_the_menu_copies_each_form(town_map: MapView) -> None:
    lon, lat = town_map.viewport.degrees_at(400, 200)
    expected = [f"{lat:.5f}, {lon:.5f}", dms_text(lon, lat), utm_text(lon, lat), mgrs_text(lon, lat)]
    for number, text in enumerate(expected):
        town_map.survey.show_menu(QPoint(400, 200))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.actions()[number].trigger()
        menu.close()
        assert QGuiApplication.clipboard().text() == text


def test_beyond_the_edge_of_the_world_there_is_nothing_to_be_said(town_map: MapView, qtbot: QtBot) -> None:
    desk_of(town_map).state.set("test", projection="equal-earth")
    town_map._navigator.zoom_middle(0.001)
    settle(qtbot, town_map)
    beyond, within = QPoint(6, 6), QPoint(town_map.width() // 2, town_map.height() // 2)
    assert not town_map.viewport.shows(6, 6)
    hover(town_map, within)
    assert town_map.panel.readout.isVisible()
    hover(town_map, beyond)
    assert not town_map.panel.readout.isVisible()
    town_map.survey.show_menu(beyond)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [each.text() for each in menu.actions() if each.text()] == ["Measure distance and area"]
    menu.close()
    town_map.survey.toggle()
    click(town_map, beyond)
    assert town_map.survey.measure is not None
    assert town_map.survey.measure.points == []
    click(town_map, within)
    assert len(town_map.survey.measure.points) == 1
    town_map.survey.stop()
    picked: list[tuple[float, float]] = []
    desk_of(town_map).picker.begin(lambda lon, lat: picked.append((lon, lat)))
    click(town_map, beyond)
    assert picked == []
    assert desk_of(town_map).picker.active
    click(town_map, within)
    assert len(picked) == 1


# Measuring


def begin(view: MapView, *places: tuple[float, float]) -> None:
    view.survey.toggle()
    for lon, lat in places:
        at = point(view, lon, lat)
        hover(view, at)
        click(view, at)


def test_a_line_is_measured_leg_by_leg(town_map: MapView) -> None:
    begin(town_map, (40.0, 35.0), (42.0, 35.0), (42.0, 34.0))
    survey = town_map.survey
    assert survey.measure is not None
    assert [round(each[0]) for each in survey.measure.points] == [40, 42, 42]
    assert selected_titles(town_map) == set(), "a click measures, and chooses nothing"
    assert town_map.panel.ruler.isChecked()
    key(town_map, Qt.Key.Key_Return)
    hover(town_map, QPoint(100, 400))
    # a degree of the meridian from 34 to 35 N is 110.93 km, two of the parallel 35 N 182.6 km
    assert survey.measure.length == pytest.approx(110_930 + 182_600, rel=0.01)
    assert length(town_map) == length_text(survey.measure.length), "it does not go on to the pointer"
    assert town_map.panel.measured.isVisible()


def test_it_goes_on_to_the_pointer_until_it_ends(town_map: MapView) -> None:
    begin(town_map, (40.0, 35.0), (42.0, 35.0))
    at = point(town_map, 42.0, 34.0)
    hover(town_map, at)
    long = length(town_map)
    assert town_map.survey.measure is not None
    assert long != length_text(town_map.survey.measure.length)
    QTest.mouseClick(town_map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.mouseDClick(town_map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    hover(town_map, QPoint(100, 100))
    assert len(town_map.survey.measure.points) == 3
    assert length(town_map) == long


def test_a_click_on_the_first_point_gives_the_area(town_map: MapView) -> None:
    begin(town_map, (40.0, 35.0), (42.0, 35.0), (42.0, 34.0), (40.0, 35.0))
    measure = town_map.survey.measure
    assert measure is not None
    assert measure.closed
    assert len(measure.points) == 3
    area, around = town_map.survey.figures()
    assert re.fullmatch(r"10,\d\d\d km²", area), "half of 182.6 km times 110.9 km"
    assert around.endswith(" km perimeter")


def test_backspace_takes_back_and_esc_leaves(town_map: MapView) -> None:
    begin(town_map, (40.0, 35.0), (42.0, 35.0), (42.0, 34.0), (40.0, 35.0))
    measure = town_map.survey.measure
    assert measure is not None
    key(town_map, Qt.Key.Key_Backspace)
    assert not measure.closed
    key(town_map, Qt.Key.Key_Backspace)
    assert len(measure.points) == 2
    key(town_map, Qt.Key.Key_Return, Qt.Key.Key_Backspace)
    assert len(measure.points) == 2, "after Enter it only goes on again"
    key(town_map, Qt.Key.Key_Escape)
    assert not town_map.survey.active
    assert not town_map.panel.measured.isVisible()
    assert not town_map.panel.ruler.isChecked()
    click(town_map, spot(town_map, "Tikrit is retaken"))
    assert selected_titles(town_map) == {"Tikrit is retaken"}


def test_the_keyboard_alone_measures(town_map: MapView, qtbot: QtBot) -> None:
    town_map.survey.toggle()
    key(town_map, Qt.Key.Key_Space, Qt.Key.Key_Right)
    settle(qtbot, town_map)
    key(town_map, Qt.Key.Key_Space, Qt.Key.Key_Return)
    measure = town_map.survey.measure
    assert measure is not None
    assert len(measure.points) == 2
    assert measure.points[1][0] > measure.points[0][0]
    assert measure.length > 1000


def test_names_keep_clear_of_lengths(town_map: MapView, qtbot: QtBot) -> None:
    begin(town_map, (38.0, 36.5), (43.0, 34.0), (39.0, 33.2), (38.0, 36.5))
    settle(qtbot, town_map)
    covered = town_map.survey.covered(town_map.picture.view)
    assert len(covered) == 3
    names = [rect for _label, candidate in town_map.picture.names._placed for rect in candidate]
    assert names
    assert not any(room.meets(name) for room in covered for name in names)


def test_a_click_after_the_end_begins_anew(town_map: MapView) -> None:
    begin(town_map, (40.0, 35.0), (42.0, 35.0))
    key(town_map, Qt.Key.Key_Return)
    click(town_map, point(town_map, 41.0, 34.0))
    assert town_map.survey.measure is not None
    assert len(town_map.survey.measure.points) == 1


def test_a_drag_still_moves_the_map_while_measuring(town_map: MapView) -> None:
    begin(town_map, (40.0, 35.0))
    before = town_map.viewport
    QTest.mousePress(town_map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(500, 300))
    for x in (480, 450, 400):
        QTest.mouseMove(town_map, QPoint(x, 300))
    QTest.mouseRelease(town_map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(400, 300))
    assert town_map.viewport != before
    assert town_map.survey.measure is not None
    assert len(town_map.survey.measure.points) == 1


def test_asking_for_a_point_leaves_measuring(town_map: MapView) -> None:
    begin(town_map, (40.0, 35.0))
    desk_of(town_map).picker.begin(lambda _lon, _lat: None)
    assert not town_map.survey.active
    desk_of(town_map).picker.cancel()


def accent_near(view: MapView, image: QImage, lon: float, lat: float) -> bool:
    """Whether the accent's colour is within 2 px of a place."""
    accent = view._look.theme.accent
    ratio = image.devicePixelRatio()
    x, y = on_screen(view.viewport, lon, lat)
    for dx in range(-2, 3):
        for dy in range(-2, 3):
            color = image.pixelColor(round((x + dx) * ratio), round((y + dy) * ratio))
            apart = (color.red() - accent.red(), color.green() - accent.green(), color.blue() - accent.blue())
            if max(map(abs, apart)) < 24:
                return True
    return False


def test_the_line_runs_over_the_antimeridian_as_the_shortest_way(town_map: MapView, qtbot: QtBot) -> None:
    desk_of(town_map).state.set("test", extent=PACIFIC)
    settle(qtbot, town_map)
    begin(town_map, (160.0, 40.0), (-140.0, 40.0))
    key(town_map, Qt.Key.Key_Return)
    image = town_map.grab().toImage()
    # Half way the great circle from 160 E to 140 W at 40 N is at 44.1 N: tan 40 / cos 30
    assert accent_near(town_map, image, -170.0, 44.1)
    assert not accent_near(town_map, image, -170.0, 40.0)
    measure = town_map.survey.measure
    assert measure is not None
    assert measure.length == pytest.approx(5.01e6, rel=0.01), "2 asin(cos 40 sin 30) of the earth's radius"


# The graticule


@pytest.mark.parametrize("scale", [960.0, 5_000.0, 40_000.0, 300_000.0, 2.0**21])
def test_lines_are_at_fitting_intervals(scale: float) -> None:
    view = Viewport(0.62, 0.41, scale, 960, 551).settle()
    step = step_for(view.scale, LEAST)
    upright, level = meridians(view, step), parallels(view, step)
    assert upright
    assert level
    gaps = {round(b.x - a.x, 6) for a, b in pairwise(upright)}
    assert len(gaps) <= 1
    assert all(LEAST <= gap < 5 * LEAST for gap in gaps)
    for each in upright:
        lon, _lat = view.degrees_at(each.x, 10)
        assert (lon - each.degrees + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
        assert each.degrees / step == pytest.approx(round(each.degrees / step), abs=1e-6)
    for each in level:
        assert view.degrees_at(0, each.y)[1] == pytest.approx(each.degrees, abs=1e-6)


def test_meridians_go_on_over_the_antimeridian() -> None:
    view = Viewport(0.0, 0.5, 3000.0, 960, 551).settle()
    assert [each.degrees for each in meridians(view, 20.0)] == [140.0, 160.0, -180.0, -160.0, -140.0]


def test_the_graticule_is_switched_on_and_stays_so(town_map: MapView, qtbot: QtBot) -> None:
    settle(qtbot, town_map, rendered=True)
    plain = town_map.grab().toImage()
    desk_of(town_map).commands.toggle_graticule()
    settle(qtbot, town_map, rendered=True)
    assert desk_of(town_map).settings.get(GRATICULE)
    drawn = town_map.grab().toImage()
    assert drawn != plain
    lines = meridians(town_map.viewport, step_for(town_map.viewport.scale, LEAST))
    columns = [round(each.x) for each in lines if 1 < each.x < town_map.width() - 2]
    assert min(changed(plain, drawn, column) for column in columns) > town_map.height() / 2
    desk_of(town_map).commands.toggle_graticule()
    settle(qtbot, town_map, rendered=True)
    again = town_map.grab().toImage()
    assert max(changed(plain, again, column) for column in columns) < town_map.height() / 5, "but for moved names"


def changed(one: QImage, other: QImage, column: int) -> int:
    """How many pixels of a column differ."""
    return sum(one.pixel(column, y) != other.pixel(column, y) for y in range(one.height()))


def test_labels_lie_on_nothing_and_names_keep_clear_of_them(town_map: MapView, qtbot: QtBot) -> None:
    desk_of(town_map).commands.toggle_graticule()
    settle(qtbot, town_map)
    labels = town_map.survey.covered(town_map.picture.view)
    assert labels
    for each in labels:
        assert not any(each.meets(card) for card in town_map.panel.cards())
    assert QPointF(labels[0].x, labels[0].y) != QPointF()


def test_degrees_keep_clear_of_what_points_off_the_map(town_map: MapView, qtbot: QtBot, look: ThemeManager) -> None:
    desk = desk_of(town_map)
    desk.commands.toggle_graticule()
    met = 0
    for step in range(8):
        south = 32.5 + 0.15 * step
        desk.state.set("test", extent=Extent(36.5, south, 45.5, south + 5.0))
        settle(qtbot, town_map)
        chips = town_map.panel.pointers.bodies()
        rooms = town_map.survey.covered(town_map.viewport)
        assert chips, "Sirte is off the map"
        assert not any(room.meets(chip) for room in rooms for chip in chips)
        every = graticule_labels(look, town_map.viewport, [])
        met += any(label.room.meets(chip) for label in every for chip in chips)
    assert met, "they would lie there otherwise"


def test_lengths_keep_clear_of_the_card_of_the_event(town_map: MapView, qtbot: QtBot, look: ThemeManager) -> None:
    desk, view = desk_of(town_map), town_map.picture.view
    desk.commands.select((desk.data.row_ref(row_of(town_map, "Palmyra falls again")),), "test")
    settle(qtbot, town_map)
    card = town_map.picture.callout_rects()[0]
    town_map.survey.toggle()
    y, reach = card.y + card.h - 2, card.w / 2 + 130
    for x in (card.x + card.w / 2 - reach, card.x + card.w / 2 + reach):
        town_map.survey.click(x, y)
    town_map.survey.click(card.x + card.w / 2 + reach, y + 5)
    town_map.survey.double_click()
    settle(qtbot, town_map)
    assert town_map.survey.measure is not None
    legs = town_map.survey.measure.legs()
    card = town_map.picture.callout_rects()[0]
    assert any(each.room.meets(card) for each in length_labels(look, view, legs)), "it would lie there otherwise"
    rooms = town_map.survey.covered(view)
    assert rooms, "it stands beside it"
    assert not any(each.meets(card) for each in rooms)
    length = town_map.survey.measure.length
    assert length_labels(look, view, legs, [Rect(0, 0, view.width, view.height)]) == [], length
    before = town_map.grab(QRect(int(card.x) + 8, int(card.y) + 8, int(card.w) - 16, int(card.h) - 16)).toImage()
    town_map.survey.stop()
    settle(qtbot, town_map)
    assert town_map.picture.callout_rects()[0] == card
    after = town_map.grab(QRect(int(card.x) + 8, int(card.y) + 8, int(card.w) - 16, int(card.h) - 16)).toImage()
    assert before == after, "the line lies beneath the card"

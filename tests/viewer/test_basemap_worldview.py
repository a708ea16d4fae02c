"""Whose borders the map draws: the table of worldviews, the lines at each level, pictures, names, the menu."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from db.values import Extent
from tests.helpers.basemaps import WHOLE, box_around, color_at, edges, named, view_at
from tests.helpers.maps import desk_of, settle
from tests.helpers.pictures import compare, pixels
from viewer.core.settings import WORLDVIEW
from viewer.look.fonts import load_fonts
from viewer.paths import resource
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.basemap.palette import PALETTES
from viewer.views.map.basemap.store import WorldStore
from viewer.views.map.basemap.worldview import View
from viewer.views.map.geometry import Viewport
from viewer.views.map.projection import to_world
from viewer.views.map.view import MapView


@pytest.fixture(scope="module")
def store() -> Iterator[WorldStore]:
    store = WorldStore(resource("basemap", "world.sqlite"))
    yield store
    store.close()


@pytest.fixture
def basemap(qapp: object) -> Iterator[Basemap]:
    load_fonts()
    basemap = Basemap(resource("basemap"))
    yield basemap
    basemap.close()


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_worldview_holds_from_the_world_to_a_city(store: WorldStore, level: int) -> None:
    """Which lines about a spot lie between two countries, for those in control and for the United Nations."""

    def borders(layer: str, lon: float, lat: float) -> list[bool]:
        spot = np.array([float(v) for v in to_world(lon, lat)])
        near = []
        for each in store.shapes(level, layer, WHOLE):
            points = np.stack((each.x, each.y), axis=1) - spot
            start, way = points[:-1], np.diff(points, axis=0)
            along = np.clip(-(start * way).sum(1) / np.maximum((way**2).sum(1), 1e-30), 0, 1)
            away = np.where(each.first[1:], 9.0, np.hypot(*(start + along[:, None] * way).T))
            at = int(np.argmin(away))
            near.append((float(away[at]), int(np.repeat(each.tags, np.diff(each.offsets))[at])))
        away_most, tag = min(near)
        assert away_most < 0.001, (layer, lon, lat)
        return [bool(store.worldview(view).parts(np.array([tag], np.int32))[0]) for view in ("control", "un")]

    assert borders("disputed", 34.0, 46.1) == [True, False], "Crimea and the mainland"
    assert borders("disputed", 21.4, 42.9) == [True, False], "Kosovo and Serbia"
    assert borders("disputed", 48.6, 9.5) == [True, False], "Somaliland and Somalia"
    assert borders("disputed", -11.4, 26.75) == [True, False], "the berm in Western Sahara"
    assert borders("claimed", -11.0, 27.66) == [False, True], "the 27°40' line"
    assert borders("claimed", 35.63, 33.0) == [False, True], "the Golan and Israel"
    assert borders("disputed", 74.2, 33.9) == [True, True], "the line of control in Kashmir"


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("spot", [(35.7, 33.05, 2.0), (-12.4, 27.6, 1.8)], ids=["golan", "western sahara"])
def test_claimed_lines_are_edges_of_the_fills(store: WorldStore, level: int, spot: tuple[float, float, float]) -> None:
    box = box_around(spot[0], spot[1], spot[2] if level < 2 else 3 * spot[2])
    lines = edges(store.shapes(level, "claimed", box), box)
    assert lines
    assert lines <= edges(store.shapes(level, "country", box), box)
    assert not lines & edges(store.shapes(level, "coast", box), box)


def test_the_worldviews_are_those_of_the_table_and_each_line_of_it_has_its_source(store: WorldStore) -> None:
    with resource("basemap", "worldviews.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(each.view, each.code, each.holder) for each in store.holdings()} == {
        (row["view"], row["code"], row["holder"]) for row in rows
    }
    known = {country.code for country in store.countries()}
    assert {row["holder"] for row in rows} - {""} <= known
    assert all(len(row["source"]) > 10 for row in rows)


def test_the_united_nations_see_other_borders(basemap: Basemap) -> None:
    """Ink of borders in pictures where there is no other one: solid or dashed, beside none."""
    wanted = np.array([int(PALETTES["plain", False].border[at : at + 2], 16) for at in (1, 3, 5)])

    def ink(view: Viewport, worldview: View) -> int:
        basemap.set_style("plain", worldview=worldview)
        away = np.abs(pixels(basemap.render(view)).astype(int) - wanted).max(axis=2)
        return int(np.count_nonzero(away < 40))

    crimea, kosovo, far = (
        view_at(33.75, 46.12, 400_000, 300, 200),
        view_at(21.4, 42.87, 250_000, 200, 150),
        view_at(20.9, 42.6, 900),
    )
    golan, berm = view_at(35.62, 33.05, 200_000, 200, 60), view_at(-11.4, 26.75, 60_000, 100, 60)
    for view in (crimea, kosovo, berm):
        assert ink(view, "control") > 20 > 0 == ink(view, "un")
    assert 2 * ink(golan, "control") < ink(golan, "un"), "beside the river there"
    assert ink(far, "control") > ink(far, "un") > 0
    tashkent = view_at(69.2, 41.3, 40_000, 200, 200)
    assert ink(tashkent, "control") == ink(tashkent, "un") > 20


def test_countries_are_those_of_the_worldview(basemap: Basemap) -> None:
    spots = {
        "KOSOVO": (20.9, 42.6),
        "SOMALILAND": (46.0, 9.5),
        "TAIWAN": (120.8, 23.8),
        "NORTHERN CYPRUS": (33.4, 35.2),
    }

    def role(name: str, lon: float, lat: float) -> str:
        found = basemap.atlas.labels(view_at(lon, lat, 70_000.0, 900, 600))
        return next(label.role for label in found if label.text.replace("\n", " ") == name)

    for worldview, expected in (("control", "country"), ("un", "region"), ("control", "country")):
        basemap.set_style(worldview=worldview)
        assert {name: role(name, *spot) for name, spot in spots.items()} == dict.fromkeys(spots, expected)
        assert role("CRIMEA", 34.3, 45.3) == "region"
        assert role("SERBIA", 20.9, 42.6) == "country"
        capital = "capital" if expected == "country" else "main"
        assert role("Pristina", 20.9, 42.6) == role("Hargeysa", 44.1, 9.5) == role("Taipei", 121.5, 25.0) == capital
        assert role("Nicosia", 33.4, 35.2) == "capital"


def test_what_a_country_has_or_claims_is_in_focus_with_it(basemap: Basemap) -> None:
    codes = basemap.atlas.codes(frozenset({"Ukraine", "Syria"}))
    assert codes == {"UKR", "crimea", "SYR", "golan"}
    basemap.set_style("plain", focus=codes)
    for worldview in ("control", "un"):
        basemap.set_style(worldview=worldview)
        view = view_at(35.0, 46.0, 9_000.0)
        image = basemap.render(view)
        assert (
            color_at(image, view, 34.2, 45.2) == color_at(image, view, 32.0, 48.0) > color_at(image, view, 39.5, 45.7)
        )


@pytest.mark.parametrize("worldview", ["control", "un"])
@pytest.mark.parametrize("place", ["crimea", "kosovo"])
def test_the_picture_of_a_worldview(basemap: Basemap, place: str, worldview: View) -> None:
    lon, lat, scale = {"crimea": (34.2, 46.0, 30_000.0), "kosovo": (20.9, 42.6, 70_000.0)}[place]
    basemap.set_style(worldview=worldview, focus=())
    compare(named(basemap, view_at(lon, lat, scale), least=4), f"basemap-{place}-{worldview}", 0.01)


def test_the_worldview_is_chosen_in_the_menu_and_the_map_names_its_countries(town_map: MapView, qtbot: QtBot) -> None:
    desk, ground = desk_of(town_map), town_map.picture.basemap
    assert isinstance(ground, Basemap)
    desk.state.set("test", extent=Extent(19.6, 41.8, 22.2, 43.3))

    def roles() -> dict[str, str]:
        settle(qtbot, town_map, rendered=True)
        return {label.text: label.role for label, _spot in town_map.picture.names._placed}

    def entry(words: str) -> QAction:
        QTest.mouseClick(town_map.panel.style, Qt.MouseButton.LeftButton)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.close()
        views = next(each.menu() for each in menu.actions() if each.text().startswith("Worldview"))
        assert isinstance(views, QMenu)
        return next(each for each in views.actions() if each.text().startswith(words))

    assert entry("In control").isChecked()
    assert roles()["KOSOVO"] == "country"
    before = town_map.grab().toImage()
    entry("United Nations").trigger()
    assert ground.look.worldview == desk.settings.get(WORLDVIEW) == "un"
    assert roles()["KOSOVO"] == "region"
    assert town_map.grab().toImage() != before
    assert entry("United Nations").isChecked()
    entry("In control").trigger()
    assert roles()["KOSOVO"] == "country"
    assert town_map.grab().toImage() == before, "its tiles are those kept"

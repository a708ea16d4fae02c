"""Places that are areas are drawn in their shapes, in each projection and over the antimeridian."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from db import edtf
from db.edits import add_event, add_place
from db.geometry import geometry_blob
from db.store import Store
from db.tables import Place
from db.values import Extent
from tests.helpers.maps import desk_of, settle, shown_map, towns_project
from tests.helpers.pictures import pixels
from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import show_extent
from viewer.views.map.outlines import outline
from viewer.views.map.projection import MERCATOR, Albers, EqualEarth, Projection
from viewer.views.map.view import MapView

IRAQ = Extent(36.0, 32.0, 46.0, 38.0)
PROVINCE = shapely.Polygon(
    [(40, 33), (43, 33), (43, 36), (40, 36), (40, 33)], [[(41, 34), (41.6, 34), (41.6, 34.6), (41, 34.6), (41, 34)]]
)


QUARTER = shapely.box(37.45, 33.45, 37.55, 33.55)


def province_project(path: Path) -> Path:
    towns_project(path, ())
    store = Store.open(path)
    try:
        with store.step("Add") as session:
            place_id = add_place(session, "Province", 41.5, 34.5)
            place = session.get(Place, place_id)
            assert place is not None
            place.geom, place.kind = geometry_blob(PROVINCE), "area"
            quarter_id = add_place(session, "Quarter", 37.5, 33.5, radius_m=7_000)
            quarter = session.get(Place, quarter_id)
            assert quarter is not None
            quarter.geom, quarter.kind = geometry_blob(QUARTER), "area"
            add_event(session, "Strike", kind_id=1, when=edtf.parse("2016-12"), place_id=quarter_id)
            add_event(session, "Unrest", kind_id=1, when=edtf.parse("2016-12"), place_id=place_id)
    finally:
        store.close()
    return path


def change(before: QImage, after: QImage, view: MapView, lon: float, lat: float) -> int:
    x, y = (round(each) for each in view.viewport.spot(lon, lat))
    one, other = (pixels(image)[y - 1 : y + 2, x - 1 : x + 2].astype(int) for image in (before, after))
    return int(np.abs(one - other).max())


def test_an_area_is_tinted_in_its_shape_and_not_in_its_holes(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, province_project(tmp_path / "p.gpkg"), tmp_path, look) as view:
        desk = desk_of(view)
        desk.state.set("test", extent=IRAQ)
        for name in ("mercator", "albers", "equal-earth"):
            desk.commands.set_projection(name)
            desk.commands.type_date("2016-11-01")
            settle(qtbot, view, rendered=True)
            without = view.grab().toImage()
            desk.commands.type_date("2016-12-15")
            settle(qtbot, view, rendered=True)
            with_it = view.grab().toImage()
            for spot in ((40.2, 33.2), (42.8, 35.8), (42.8, 33.2)):  # corners, far from any circle about the middle
                assert change(without, with_it, view, *spot) > 8, (name, spot)
            beside = ((39.6, 35.0), (39.5, 33.5), (43.4, 34.0), (43.5, 35.5), (41.5, 36.4), (41.2, 32.6))
            hole = ((41.2, 34.15), (41.3, 34.3), (41.45, 34.2), (41.2, 34.45), (41.4, 34.45))
            for spots in (beside, hole):  # a name may have moved over one of them
                assert np.median([change(without, with_it, view, *spot) for spot in spots]) <= 3, name


def test_a_small_area_with_a_radius_is_tinted_too(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, province_project(tmp_path / "p.gpkg"), tmp_path, look) as view:
        desk = desk_of(view)
        desk.state.set("test", extent=Extent(37.3, 33.4, 37.7, 33.6))
        desk.commands.type_date("2016-11-01")
        settle(qtbot, view, rendered=True)
        without = view.grab().toImage()
        desk.commands.type_date("2016-12-15")
        settle(qtbot, view, rendered=True)
        with_it = view.grab().toImage()
        for spot in ((37.46, 33.46), (37.54, 33.54)):
            assert change(without, with_it, view, *spot) > 8, spot
        assert np.median([change(without, with_it, view, 37.36, lat) for lat in (33.44, 33.5, 33.56)]) <= 3


def test_a_shape_comes_before_radii_with_more_events(
    qtbot: QtBot, tmp_path: Path, look: ThemeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.views.map.tints.MOST", 1)
    path = province_project(tmp_path / "p.gpkg")
    store = Store.open(path)
    with store.step("More") as session:
        about = add_place(session, "About there", 42.0, 34.0, radius_m=60_000)
        for _ in range(3):
            add_event(session, "Clash", kind_id=1, when=edtf.parse("2016-12"), place_id=about)
    store.close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk_of(view).state.set("test", extent=Extent(36, 31, 46, 38))
        desk_of(view).commands.type_date("2016-12-15")
        settle(qtbot, view)
        assert [tint.place > 0 for tint in view.picture.tints] == [True]


@pytest.mark.parametrize("projection", [MERCATOR, EqualEarth(), EqualEarth(180.0), Albers(178.0, -20.0, -10.0)])
def test_an_area_over_the_antimeridian_stays_in_one_piece(projection: Projection) -> None:
    ring = np.array([(178.0, -18.0), (-178.0, -18.0), (-178.0, -15.0), (178.0, -15.0), (178.0, -18.0)])
    shape = outline([[ring]], 179.5, -16.5, projection)
    view = show_extent(Extent(176.0, -20.0, -176.0, -13.0), 960, 551, projection)
    assert shape.first.sum() == 1
    assert shape.reach * view.scale < 800
    if projection.wraps or projection.middle > 100:
        here = view.spot(179.5, -16.5)
        box = shape.path(*here, view).boundingRect()
        corners = [view.spot(lon, lat) for lon, lat in ((178.0, -15.0), (-178.0, -18.0))]
        assert (box.left(), box.right()) == pytest.approx((corners[0][0], corners[1][0]), abs=6)
        assert (box.top(), box.bottom()) == pytest.approx((corners[0][1], corners[1][1]), abs=6)


def test_circles_that_are_nearly_one_are_drawn_once_and_leave_room_for_others(
    qtbot: QtBot, tmp_path: Path, look: ThemeManager
) -> None:
    """Tables of incidents give each row a position of its own within a vague place."""
    path = towns_project(tmp_path / "p.gpkg", ())
    store = Store.open(path)
    with store.step("Many") as session:
        for number in range(40):
            near = add_place(session, f"About Raqqa {number}", 39.0 + number / 1_000, 35.9, radius_m=25_000 + number)
            for _ in range(2):
                add_event(session, "Clash", kind_id=1, when=edtf.parse("2016-12"), place_id=near)
        wider = add_place(session, "About Raqqa, wider", 39.0, 35.9, radius_m=90_000)
        other = add_place(session, "About Mosul", 43.1, 36.3, radius_m=25_000)
        for place in (wider, other):
            add_event(session, "Clash", kind_id=1, when=edtf.parse("2016-12"), place_id=place)
    store.close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk_of(view).state.set("test", extent=Extent(36, 31, 46, 38))
        desk_of(view).commands.type_date("2016-12-15")
        settle(qtbot, view)
        tints = view.picture.tints
        assert len(tints) == 3, "one of the forty, the wider one, and the other town's"
        chosen = desk_of(view).data.row_ref(int(view.picture.layer.regions.rows_of(20)[0]))
        desk_of(view).state.set("test", selection=frozenset({chosen}))
        settle(qtbot, view)
        assert sum(tint.chosen for tint in view.picture.tints) == 1, "a selected one is always there"
        assert len(view.picture.tints) == 3, "and stands for those like it"

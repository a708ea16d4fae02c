"""Shapes across the antimeridian: cut along it where a file has them in one piece, so that they lie where they are."""

from __future__ import annotations

import json
import math
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from db import queries
from db.geometry import Geometry, area_m2, read_blob
from db.importers.tables.antimeridian import MOST, cut
from db.store import Store
from db.templates import new_project
from tests.helpers.imported import bring


def ring(west: float, south: float, east: float, north: float) -> np.ndarray:
    return np.array([(west, south), (east, south), (east, north), (west, north), (west, south)], np.float64)


def extent(geometry: Geometry) -> list[list[float]]:
    """West, south, east and north of each polygon."""
    boxes = [[*rings[0].min(axis=0).tolist(), *rings[0].max(axis=0).tolist()] for rings in geometry.polygons]
    return sorted(boxes)


def test_what_lies_within_the_world_is_as_it_was() -> None:
    geometry = Geometry(((180.0, 5.0), (-180.0, 1.0)), (ring(-180, 0, 180, 9),), ((ring(0, 0, 9, 9),),))
    assert cut(geometry) is geometry
    assert cut(Geometry()) == Geometry()


@pytest.mark.parametrize("turn", [0.0, -360.0])
def test_an_area_in_one_piece_is_two(turn: float) -> None:
    found = cut(Geometry(polygons=((ring(160 + turn, 60, 200 + turn, 72),),)))
    assert extent(found) == [[-180.0, 60.0, -160.0, 72.0], [160.0, 60.0, 180.0, 72.0]]


def test_an_area_wholly_beyond_is_carried_back_with_its_hole() -> None:
    found = cut(Geometry(polygons=((ring(190, 0, 220, 30), ring(200, 10, 210, 20)),)))
    assert extent(found) == [[-170.0, 0.0, -140.0, 30.0]]
    assert len(found.polygons[0]) == 2
    assert found.polygons[0][1].min(axis=0).tolist() == [-160.0, 10.0]


def test_lines_and_points_go_with_them() -> None:
    line = np.array([(170.0, 0.0), (190.0, 20.0)])
    found = cut(Geometry(((185.0, 7.0), (12.0, 3.0)), (line,)))
    assert found is not None
    assert found.points == ((-175.0, 7.0), (12.0, 3.0))
    ends = sorted(tuple(each[at]) for each in found.lines for at in (0, -1))
    assert ends == [(-180.0, 10.0), (-170.0, 20.0), (170.0, 0.0), (180.0, 10.0)]


@settings(max_examples=60)
@given(
    st.floats(-500.0, 400.0), st.floats(-80.0, 60.0), st.floats(0.5, 139.0), st.floats(0.5, 20.0), st.floats(0.0, 1.0)
)
def test_its_area_stays_the_same(west: float, south: float, wide: float, high: float, share: float) -> None:
    """Against the plane: what is cut covers as much of it, and nothing twice."""
    outer = ring(west, south, west + wide, south + high)
    hole = ring(west + wide / 4, south + high / 4, west + wide / 4 + share * wide / 2, south + high / 2)
    rings = (outer, hole) if share > 0.01 else (outer,)
    found = cut(Geometry(polygons=(rings,)))
    shapes = [shapely.Polygon(first, rest) for first, *rest in found.polygons]
    whole = shapely.union_all(shapes)
    assert whole.area == pytest.approx(shapely.Polygon(outer, rings[1:]).area, rel=1e-9)
    assert whole.area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-9)
    assert -180.0 <= whole.bounds[0] <= whole.bounds[2] <= 180.0


def test_points_alone_beyond_are_not_on_the_earth() -> None:
    assert cut(Geometry(((200.0, 7.0),))) is None
    assert cut(Geometry(((12.0, 7.0), (-181.0, 7.0)))) is None


def test_what_encloses_nothing_is_left_out() -> None:
    whole, nothing = ring(160, 60, 200, 72), np.empty((0, 2))
    halves = [[-180.0, 60.0, -160.0, 72.0], [160.0, 60.0, 180.0, 72.0]]
    for polygons in (
        ((whole[:-1],),),  # open, as some write them
        ((), (whole,)),
        ((nothing,), (whole, nothing, whole[:2])),
        ((whole[:2],), (whole,)),
    ):
        found = cut(Geometry(polygons=polygons))
        assert found is not None
        assert extent(found) == halves
        assert sum(map(len, found.polygons)) == 2
    for geometry in (Geometry(polygons=((whole[:2],),)), Geometry(lines=(whole[1:2],))):
        assert cut(geometry) is None
    for geometry in (Geometry(polygons=((nothing,), ())), Geometry(lines=(nothing,))):
        assert cut(geometry) is geometry


def test_a_ring_that_crosses_itself_is_cut_as_well() -> None:
    bow = np.array([(170.0, 0.0), (190.0, 10.0), (190.0, 0.0), (170.0, 10.0), (170.0, 0.0)])
    found = cut(Geometry(polygons=((bow,),)))
    assert found.polygons
    assert all(np.abs(each[:, 0]).max() <= 180.0 for rings in found.polygons for each in rings)


def test_a_file_with_longitudes_beyond_180_comes_in(tmp_path: Path) -> None:
    shape = {"type": "Polygon", "coordinates": [ring(160, 60, 200, 72).tolist()]}
    far = {"type": "Polygon", "coordinates": [ring(560, 60, 570, 72).tolist()]}
    features = [
        {"type": "Feature", "properties": {"title": title, "date": "2016"}, "geometry": geometry}
        for title, geometry in (("Zone", shape), ("Nowhere on earth", far))
    ]
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert MOST[0] < 560
    new_project(tmp_path / "p.gpkg", "Zones")
    with closing(Store.open(tmp_path / "p.gpkg")) as store:
        bring(store, path)
        with closing(store.reader()) as con:
            ((geom,),) = con.execute("SELECT geom FROM place").fetchall()
            columns = queries.event_columns(con)
    kept = read_blob(geom)
    assert kept is not None
    assert extent(kept) == [[-180.0, 60.0, -160.0, 72.0], [160.0, 60.0, 180.0, 72.0]]
    true = 2 * math.pi * 6_371_007**2 * (math.sin(math.radians(72)) - math.sin(math.radians(60))) * 40 / 360
    assert area_m2(kept.polygons) == pytest.approx(true, rel=0.01)
    assert np.isfinite(columns.lon).sum() == 1, "the other stands nowhere"
    assert columns.id.size == 2

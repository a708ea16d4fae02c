"""Circles about vague places: all their points lie at the radius, in each projection, over edges and round poles."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from db import edtf
from db.edits import add_event, add_place
from db.store import Store
from db.values import Extent
from tests.helpers.maps import desk_of, settle, shown_map, towns_project
from tests.helpers.pictures import pixels
from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Viewport
from viewer.views.map.projection import MERCATOR, RADIUS_M, Albers, EqualEarth, Floats, Projection
from viewer.views.map.rings import Ring, ring

EQUAL = [EqualEarth(), EqualEarth(90.0), Albers(44.0, 30.0, 37.0), Albers(-120.0, -35.0, -5.0)]
SIDE = 2000
RADIUS = 600_000.0
places = st.tuples(st.floats(-180.0, 180.0), st.floats(-89.0, 89.0), st.floats(1_000.0, 3_000_000.0))


def away_from(lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
    """Metres on the sphere, by haversines."""
    a, b, c, d = (np.radians(np.asarray(each, np.float64)) for each in (lon, lat, lons, lats))
    half = np.sin((d - b) / 2) ** 2 + np.cos(b) * np.cos(d) * np.sin((c - a) / 2) ** 2
    return 2 * RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))


def area(found: Ring) -> float:
    """Of its fill, world units squared."""
    starts = [*np.flatnonzero(found.first).tolist(), len(found.x)]
    parts = ((found.x[a:b], found.y[a:b]) for a, b in pairwise(starts))
    return sum(abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))) / 2 for x, y in parts)


def whole(projection: Projection) -> Viewport:
    return Viewport(0.5, 0.5, float(SIDE), SIDE, SIDE, projection)


@settings(max_examples=60)
@given(st.sampled_from([MERCATOR, *EQUAL]), places)
@example(EqualEarth(), (180.0, 0.0, 1_000.0))
def test_each_point_of_the_edge_is_as_far_away(projection: Projection, place: tuple[float, float, float]) -> None:
    lon, lat, radius = place
    found = ring(lon, lat, radius, projection)
    here_x, here_y = projection.to_world(lon, lat)
    relative, lats = projection.relative(found.edge_x + here_x, found.edge_y + here_y)
    off = away_from(lon, lat, relative + projection.middle, lats) / radius - 1.0
    # Where the map's edge cuts the circle its ends are drawn in to it; Web Mercator ends before the poles.
    inner = (np.abs(relative) < 179.99) if not projection.wraps else np.abs(lats) < 85.0
    assert np.abs(off[inner]).max(initial=0.0) < 1e-5
    beside = len(relative) > 0 and np.abs(relative).min() > 179.9  # a small one on the edge has no other points
    assert inner.any() or projection.wraps or beside


@settings(max_examples=60)
@given(st.sampled_from(EQUAL), places)
@example(Albers(44.0, 30.0, 37.0), (0.0, 86.0, 385_066.0))
def test_its_area_is_true(projection: Projection, place: tuple[float, float, float]) -> None:
    lon, lat, radius = place
    true = 2 * math.pi * RADIUS_M**2 * (1 - math.cos(radius / RADIUS_M))
    nearest = abs(abs(lat) + math.degrees(radius / RADIUS_M) - 90.0)
    off = 0.02 if nearest < 1.0 else 0.01  # close by a pole the edge turns faster than its points follow
    assert area(ring(lon, lat, radius, projection)) * projection.unit_m**2 == pytest.approx(true, rel=off)


def test_over_the_antimeridian_it_comes_in_at_the_other_side() -> None:
    for projection in (EqualEarth(), MERCATOR):
        view = whole(projection)
        found = ring(179.0, 20.0, 800_000.0, projection)
        x, y = view.spot(179.0, 20.0)
        paths = [found.fill(spot, y, view) for spot in found.copies(x, y, view)]
        for lon, within in ((173.0, True), (-176.0, True), (171.0, False), (-171.0, False), (0.0, False)):
            assert any(path.contains(QPointF(*view.spot(lon, 20.0))) for path in paths) == within


@pytest.mark.parametrize("projection", [MERCATOR, *EQUAL])
@pytest.mark.parametrize("side", [1, -1])
def test_round_a_pole_the_pole_is_within(projection: Projection, side: int) -> None:
    view = whole(projection)
    found = ring(30.0, 80.0 * side, 2_000_000.0, projection)
    assert found.ellipse is None
    x, y = view.spot(30.0, 80.0 * side)
    paths = [found.fill(spot, y, view) for spot in found.copies(x, y, view)]
    for lon in (-170.0, -100.0, -20.0, 30.0, 100.0, 170.0):
        for lat in (84.0, 78.0, 70.0, 60.0):
            here = QPointF(*view.spot(lon, lat * side))
            wanted = float(away_from(30.0, 80.0 * side, np.array(lon), np.array(lat * side)))
            if abs(wanted - 2_000_000.0) > 150_000.0:
                assert any(path.contains(here) for path in paths) == (wanted < 2_000_000.0), (lon, lat)


def test_it_is_painted_as_it_lies(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    """Equal Earth draws a circle at 62 degrees out and leans it over: it is tinted there, and no further."""
    path = tmp_path / "towns.gpkg"
    towns_project(path, ())
    store = Store.open(path)
    with store.step("Add") as session:
        place = add_place(session, "Somewhere", 60.0, 62.0, radius_m=RADIUS)
        add_event(session, "Unrest", kind_id=1, when=edtf.parse("2016-12"), place_id=place)
    store.close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk = desk_of(view)
        desk.state.set("test", extent=Extent(10.0, 40.0, 110.0, 75.0))
        desk.commands.set_projection("equal-earth")
        seen = []
        for day in ("2016-11-01", "2016-12-15"):
            desk.commands.type_date(day)
            settle(qtbot, view, rendered=True)
            seen.append(pixels(view.grab().toImage()).astype(int))
        turned = np.abs(seen[0] - seen[1]).max(axis=2)

        def change(bearing: float, share: float) -> int:
            reach = share * RADIUS / RADIUS_M
            b, phi = math.radians(bearing), math.radians(62.0)
            lat = math.asin(math.sin(phi) * math.cos(reach) + math.cos(phi) * math.sin(reach) * math.cos(b))
            east = math.atan2(
                math.sin(b) * math.sin(reach) * math.cos(phi), math.cos(reach) - math.sin(phi) * math.sin(lat)
            )
            x, y = (round(each) for each in view.viewport.spot(60.0 + math.degrees(east), math.degrees(lat)))
            return int(np.median(turned[y - 2 : y + 3, x - 2 : x + 3]))

        bearings = range(0, 360, 30)
        assert min(change(each, 0.8) for each in bearings) > 3
        assert np.median([change(each, 1.15) for each in bearings]) <= 1, "names may have moved over some"

"""Projections: there and back, true areas, the edge of the world, and the way from an extent to a view and back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.values import Extent
from viewer.core.settings import PROJECTION
from viewer.views.map.basemap.bending import bent
from viewer.views.map.geometry import Viewport, show_extent
from viewer.views.map.projection import (
    BEYOND,
    MAX_LATITUDE,
    MERCATOR,
    RADIUS_M,
    Albers,
    EqualEarth,
    Projection,
    fitted,
    projection_of,
)

EQUAL = [
    EqualEarth(),
    EqualEarth(90.0),
    Albers(44.0, 30.0, 37.0),
    Albers(20.0, -40.0, -20.0),
    Albers(-100.0, 60.0, 80.0),
]
lons = st.floats(-179.99, 179.99)
lats = st.floats(-84.0, 84.0)


@given(st.sampled_from([MERCATOR, *EQUAL]), lons, lats)
def test_there_and_back(projection: Projection, lon: float, lat: float) -> None:
    x, y = projection.to_world(lon, lat)
    assert 0.0 <= x <= 1.0
    assert 0.0 <= y <= 1.0
    back = projection.to_degrees(float(x), float(y))
    assert (back[0] - lon + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=1e-8)
    assert back[1] == pytest.approx(lat, abs=1e-8)


@given(st.sampled_from(EQUAL), lons, lats)
def test_areas_are_true(projection: Projection, lon: float, lat: float) -> None:
    step = 1e-3
    x, y = projection.plane([lon, lon + step, lon], [lat, lat, lat + step])
    drawn = abs((x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])) * projection.unit_m**2
    middle = math.radians(lat + step / 2)
    assert drawn == pytest.approx((RADIUS_M * math.radians(step)) ** 2 * math.cos(middle), rel=2e-3)


def test_the_cone_is_snyders() -> None:
    """The worked example: Snyder 1987, p. 291, on a sphere of radius 1."""
    cone = Albers(-96.0, 29.5, 45.5)
    x, y = cone.to_world([-75.0, -96.0], [35.0, 23.0])
    side = cone.unit_m / RADIUS_M
    assert float(x[0] - x[1]) * side == pytest.approx(0.2952720, abs=1e-7)
    assert float(y[1] - y[0]) * side == pytest.approx(0.2416774, abs=1e-7)


def test_equal_earth_is_as_wide_and_as_high_as_published() -> None:
    """Savric, Patterson and Jenny 2019: the equator 2.05458 times as long as the middle meridian."""
    left, top, right, bottom = EqualEarth().bounds
    assert (right - left) / (bottom - top) == pytest.approx(2.05458, abs=1e-4)


@pytest.mark.parametrize("projection", EQUAL)
def test_what_lies_beyond_the_edge_is_drawn_in_to_it(projection: Projection) -> None:
    ring = np.array([160.0, 200.0, 250.0, 160.0]) + projection.middle, np.array([10.0, 12.0, 20.0, 10.0])
    for turn in (0.0, -360.0):
        x, y, offsets = bent(projection, turn, *ring, np.array([0, 4], np.int32))
        assert offsets.tolist() == [0, len(x)]
        assert (x[0], y[0]) == pytest.approx((x[-1], y[-1]))
        relative, _lat = projection.relative(x, y)
        assert np.abs(relative).max() <= 180.0
        edge = projection.plane([180.0 + BEYOND, -180.0 - BEYOND], [15.0, 15.0])
        assert np.hypot(x - 0.5, y - 0.5).max() < np.hypot(edge[0] - 0.5, edge[1] - 0.5).max() + 0.05


def test_a_parallel_is_bent_and_parts_stay_apart() -> None:
    cone = Albers(44.0, 30.0, 37.0)
    lon, lat = np.array([10.0, 70.0, 71.0, 72.0]), np.array([49.0, 49.0, 30.0, 30.0])
    x, y, offsets = bent(cone, 0.0, lon, lat, np.array([0, 2, 4], np.int32))
    assert offsets.tolist() == [0, 121, 124]
    _relative, along = cone.relative(x[:121], y[:121])
    assert along == pytest.approx(49.0, abs=1e-9)
    assert (x[121], y[121]) == pytest.approx(tuple(map(float, cone.to_world(71.0, 30.0))))


views = st.tuples(
    st.sampled_from(EQUAL), st.floats(0.0, 1.0), st.floats(0.2, 0.8), st.floats(11.0, 20.0), st.integers(320, 1600),
    st.integers(240, 1000),
)  # fmt: skip


@given(views)
def test_a_view_shows_nothing_beyond_the_world_where_it_need_not(
    view: tuple[Projection, float, float, float, int, int],
) -> None:
    projection, x, y, power, width, height = view
    port = Viewport(x, y, 2.0**power, width, height, projection).settle()
    left, top, right, bottom = projection.bounds
    for at, room, low, high in ((port.x, width / port.scale, left, right), (port.y, height / port.scale, top, bottom)):
        if room >= high - low:
            assert at == pytest.approx((low + high) / 2)
        else:
            assert low - 1e-9 <= at - room / 2 <= at + room / 2 <= high + 1e-9


@settings(deadline=None)
@given(st.floats(-50.0, 50.0), st.floats(5.0, 60.0), st.floats(1.0, 15.0), st.integers(320, 1600))
def test_the_extent_of_a_view_leads_back_to_it(lon: float, lat: float, span: float, width: int) -> None:
    projection = fitted("albers", Extent(lon - span, lat, lon + span, lat + 10.0))
    if width % 2:
        projection = EqualEarth()
    lat += 5.0
    extent = Extent((lon - span + 180) % 360 - 180, lat - span / 3, (lon + span + 180) % 360 - 180, lat + span / 3)
    port = show_extent(extent, width, 551, projection)
    again = show_extent(port.extent(), width, 551, projection)
    assert again.scale == pytest.approx(port.scale, rel=1e-4)
    assert (again.x, again.y) == pytest.approx((port.x, port.y), abs=2.0 / port.scale)


@given(st.sampled_from(EQUAL), st.floats(-150.0, 150.0), st.floats(-60.0, 60.0), st.floats(12.0, 20.0))
def test_another_projection_keeps_the_middle(projection: Projection, lon: float, lat: float, power: float) -> None:
    x, y = (float(each) for each in MERCATOR.to_world(lon, lat))
    before = Viewport(x, y, 2.0**power, 960, 551).settle()
    after = before.projected(projection)
    if after.shows(480, 275) and after.scale > 2.0**13:
        left, top, right, bottom = projection.bounds
        inside = min(after.x - left, right - after.x, after.y - top, bottom - after.y) > 600 / after.scale
        if inside:
            assert after.spot(*before.degrees_at(480, 275.5)) == pytest.approx((480, 275.5), abs=1e-3)


def test_metres_to_a_pixel_are_those_of_the_ground() -> None:
    for projection in EQUAL[:3]:
        port = show_extent(Extent(40.0, 33.0, 46.0, 37.0), 960, 551, projection)
        west, east = port.degrees_at(430, 275.5), port.degrees_at(530, 275.5)
        away = math.hypot((east[0] - west[0]) * math.cos(math.radians(west[1])), east[1] - west[1])
        assert port.metres_per_pixel() * 100 == pytest.approx(math.radians(away) * RADIUS_M, rel=0.01)


@pytest.mark.parametrize("name", PROJECTION.choices)
@pytest.mark.parametrize(
    "extent",
    [Extent(36.0, 32.0, 46.0, 38.0), Extent(-180.0, -56.0, 180.0, 72.0), Extent(170.0, -50.0, -160.0, 10.0),
     Extent(0.0, -2.0, 1.0, 2.0), Extent(-50.0, 80.0, 20.0, 89.0)],
)  # fmt: skip
def test_a_projection_is_fitted_and_written_down(name: str, extent: Extent) -> None:
    projection = fitted(name, extent)
    assert projection.name == name
    assert projection_of(projection.spec) == projection
    x, y = projection.to_world([-179.0, 0.0, 179.0], [-MAX_LATITUDE, 0.0, MAX_LATITUDE])
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()


@pytest.mark.parametrize("spec", ["albers", "equal-earth", "albers 1 2", "albers 1 x 2", "albers 0 30 -30", "globe"])
def test_what_is_no_whole_projection_is_none(spec: str) -> None:
    assert projection_of(spec) is None


@pytest.mark.parametrize("projection", EQUAL)
def test_a_point_beyond_the_edge_is_told_from_one_on_the_map(projection: Projection) -> None:
    port = Viewport(0.5, 0.5, 1.0, 960, 960, projection).settle()
    assert not port.shows(1, 1)
    assert port.shows(*port.spot(projection.middle, 20.0 if projection.middle > 0 else 45.0))


def test_a_cone_beyond_its_pole_still_has_an_extent_that_holds_what_is_seen() -> None:
    cone = Albers(41.1, 35.5, 37.3)
    for lon, lat, scale in ((40.0, 82.0, 4_000.0), (-140.0, 60.0, 6_000.0), (41.0, 89.0, 20_000.0)):
        x, y = (float(each) for each in cone.to_world(lon, lat))
        port = Viewport(x, y, scale, 960, 551, cone).settle()
        extent = port.extent()
        assert extent.south < extent.north
        middle = port.degrees_at(480, 275.5)
        assert extent.south <= middle[1] <= extent.north
        assert (middle[0] - extent.west) % 360.0 <= (
            extent.east - extent.west
        ) % 360.0 or extent.east - extent.west == 360

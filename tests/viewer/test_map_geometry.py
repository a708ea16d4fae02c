"""Properties of the map's arithmetic: there and back, zoom about a point, fits, the antimeridian, the scale bar."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.values import Extent
from tests.helpers.maps import on_screen
from viewer.views.map.geometry import MAX_SCALE, Rect, Viewport, fit_extent, fit_points, scale_bar, show_extent
from viewer.views.map.projection import MERCATOR, to_world

lons = st.floats(-180, 179.9999)
lats = st.floats(-84.9, 84.9)
sizes = st.tuples(st.integers(320, 2400), st.integers(240, 1400))
CARD = Rect(14, 14, 268, 92)


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    width, height = draw(sizes)
    scale = 2.0 ** draw(st.floats(9, 21))
    return Viewport(draw(st.floats(0, 1)), draw(st.floats(0, 1)), scale, width, height).settle()


@given(lons, lats)
def test_degrees_and_world_units_are_each_others_inverse(lon: float, lat: float) -> None:
    x, y = to_world(lon, lat)
    back = MERCATOR.to_degrees(float(x), float(y))
    assert back == pytest.approx((lon, lat), abs=1e-9)


def test_known_points_of_web_mercator() -> None:
    # Mosul in EPSG:3857 by the textbook formula: R * lon, R * ln tan(45 deg + lat / 2)
    x, y = to_world(43.13, 36.34)
    half = 20_037_508.342789244
    assert (float(x) * 2 - 1) * half == pytest.approx(6378137 * math.radians(43.13), abs=1.0)
    assert (1 - 2 * float(y)) * half == pytest.approx(
        math.log(math.tan(math.pi / 4 + math.radians(36.34) / 2)) * 6378137
    )


@given(viewports(), st.floats(0.02, 0.98), st.floats(0.02, 0.98))
def test_a_pixel_leads_to_its_place_and_back(view: Viewport, across: float, down: float) -> None:
    px, py = across * view.width, down * view.height
    x, y = view.world_at(px, py)
    back_x, back_y = view.screen(x, y)
    assert float(back_x) == pytest.approx(px, abs=1e-4)
    assert float(back_y) == pytest.approx(py, abs=1e-4)


@given(viewports())
def test_a_settled_view_shows_nothing_beyond_the_poles_and_no_point_twice(view: Viewport) -> None:
    assert view.scale >= max(view.width, view.height)
    assert view.world_at(0, 0)[1] >= -1e-9
    assert view.world_at(0, view.height)[1] <= 1 + 1e-9
    assert view.settle() == view


@given(viewports(), st.floats(0.3, 3), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_zoom_keeps_the_place_under_the_pointer(view: Viewport, factor: float, across: float, down: float) -> None:
    px, py = across * view.width, down * view.height
    x, y = view.world_at(px, py)
    closer = view.zoomed(factor, px, py)
    on_edge = closer.height / closer.scale / 2
    if on_edge + 1e-9 < closer.y < 1 - on_edge - 1e-9:  # a pole was not reached
        after_x, after_y = closer.screen(x, y)
        assert abs(float(after_x) - px) < 0.01 or abs(abs(float(after_x) - px) - closer.scale) < 0.01
        assert float(after_y) == pytest.approx(py, abs=0.01)
    assert closer.scale <= MAX_SCALE


@given(viewports(), st.floats(-300, 300), st.floats(-300, 300))
def test_a_drag_moves_the_ground_with_the_pointer(view: Viewport, dx: float, dy: float) -> None:
    x, y = view.world_at(view.width / 2, view.height / 2)
    moved = view.panned(dx, dy)
    px, py = moved.screen(x, y)
    across = (float(px) - view.width / 2 - dx) / view.scale
    assert abs(across - round(across)) * view.scale < 0.01
    edge = view.height / view.scale / 2
    if edge + 1e-9 < moved.y < 1 - edge - 1e-9:
        assert float(py) == pytest.approx(view.height / 2 + dy, abs=0.01)


@given(viewports())
def test_an_extent_shows_the_same_part_of_the_world_again(view: Viewport) -> None:
    again = show_extent(view.extent(), view.width, view.height)
    assert again.scale == pytest.approx(view.scale, rel=1e-6)
    assert again.y == pytest.approx(view.y, abs=1e-6)
    if view.width / view.scale < 0.499:
        assert abs((again.x - view.x + 0.5) % 1 - 0.5) < 1e-6


@given(viewports(), viewports(), st.floats(0, 1))
def test_a_flight_starts_here_and_ends_there(start: Viewport, goal: Viewport, t: float) -> None:
    goal = goal.resized(start.width, start.height)
    for at, expected in ((0.0, start), (1.0, goal)):
        view = start.towards(goal, at)
        assert view.scale == pytest.approx(expected.scale, rel=1e-6)
        assert abs((view.x - expected.x + 0.5) % 1 - 0.5) < 1e-6
        assert view.y == pytest.approx(expected.y, abs=1e-6)
    between = start.towards(goal, t)
    assert min(start.scale, goal.scale) * 0.999 <= between.scale <= max(start.scale, goal.scale) * 1.001


def test_a_zoom_flown_keeps_its_point_all_the_way() -> None:
    start = Viewport(0.6, 0.4, 20_000.0, 960, 551)
    goal = start.zoomed(4.0, 700, 120)
    x, y = start.world_at(700, 120)
    for t in (0.1, 0.35, 0.5, 0.8):
        px, py = start.towards(goal, t).screen(x, y)
        assert (float(px), float(py)) == pytest.approx((700, 120), abs=0.01)


@st.composite
def clouds(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    n = draw(st.integers(1, 12))
    middle = draw(lons), draw(st.floats(-60, 60))
    spread = draw(st.floats(0.0, 12.0))
    offsets = draw(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=n, max_size=n))
    lon = np.array([(middle[0] + spread * dx + 180) % 360 - 180 for dx, _ in offsets])
    lat = np.array([np.clip(middle[1] + spread * dy, -70, 70) for _, dy in offsets])
    return to_world(lon, lat)


@given(clouds(), st.integers(700, 2000), st.integers(520, 1200))
@settings(max_examples=150)
def test_a_fit_has_every_point_on_the_map_and_none_below_an_overlay(
    cloud: tuple[np.ndarray, np.ndarray], width: int, height: int
) -> None:
    x, y = cloud
    overlays = [CARD, Rect(width - 48, height - 200, 34, 120), Rect(14, height - 48, width * 0.7, 30)]
    view = fit_points(x, y, width, height, overlays, 20)
    px, py = view.screen(x, y)
    assert ((px >= 0) & (px <= width) & (py >= 0) & (py <= height)).all()
    if view.scale > max(width, height) * 1.01:  # the whole world cannot be moved aside
        for card in overlays:
            assert not ((px > card.x) & (px < card.right) & (py > card.y) & (py < card.bottom)).any()


def test_a_fit_goes_across_the_antimeridian_where_that_is_shorter() -> None:
    x, y = to_world(np.array([178.0, -177.0, 179.5]), np.array([-17.0, -18.0, -16.0]))
    view = fit_points(x, y, 900, 600, [], 30)
    assert view.scale > 20_000
    px, _ = view.screen(x, y)
    assert np.all((px > 0) & (px < 900))
    assert px[0] < px[2] < px[1]


def test_overlays_that_hide_nothing_cost_no_room() -> None:
    x, y = to_world(np.array([30.0, 55.0]), np.array([28.0, 40.0]))  # from lower left to upper right
    free = fit_points(x, y, 1000, 600, [], 30)
    assert fit_points(x, y, 1000, 600, [CARD], 30).scale == pytest.approx(free.scale)
    x, y = to_world(np.array([30.0, 55.0]), np.array([40.0, 28.0]))  # one end below the card
    assert fit_points(x, y, 1000, 600, [CARD], 30).scale < free.scale


def test_a_single_event_is_seen_in_its_surroundings() -> None:
    x, y = to_world(np.array([43.13]), np.array([36.34]))
    view = fit_points(x, y, 960, 551, [CARD], 30)
    assert 150_000 < view.metres_per_pixel() * 960 < 700_000


def test_an_extent_across_the_antimeridian_is_no_wider_than_it_says() -> None:
    view = show_extent(Extent(170, -20, -170, -5), 800, 600)
    px, _ = view.screen(*to_world(np.array([170.0, -170.0]), np.array([-10.0, -10.0])))
    assert 0 <= px[0] < px[1] <= 800
    assert px[1] - px[0] > 400


@given(st.floats(0.05, 40_000), st.floats(40, 200))
def test_the_scale_bar_is_round_and_as_long_as_can_be(metres_per_pixel: float, longest: float) -> None:
    metres, length = scale_bar(metres_per_pixel, longest)
    if metres_per_pixel * longest >= 1:
        assert length <= longest + 1e-6
        assert length > longest / 2.6
    assert str(metres).rstrip("0") in ("1", "2", "5")


def test_an_extent_given_from_elsewhere_keeps_its_events_clear_of_overlays() -> None:
    extent = Extent(35.2, 31.8, 46.6, 37.9)
    x, y = to_world(np.array([35.6, 38.0, 43.1, 46.2]), np.array([37.8, 37.0, 36.3, 32.0]))
    plain = show_extent(extent, 960, 551)
    view = fit_extent(extent, x, y, 960, 551, [CARD], 12)
    px, py = view.screen(x, y)
    assert not ((px > CARD.x) & (px < CARD.right) & (py > CARD.y) & (py < CARD.bottom)).any()
    west, south = on_screen(view, extent.west, extent.south)
    east, north = on_screen(view, extent.east, extent.north)
    assert -0.01 <= west < east <= 960.01
    assert -0.01 <= north < south <= 551.01
    assert view.scale <= plain.scale
    assert fit_extent(extent, x[2:], y[2:], 960, 551, [CARD], 12) == plain  # nothing there to hide


@given(viewports())
def test_an_extent_that_was_on_the_screen_comes_back_exactly(view: Viewport) -> None:
    x, y = np.array([view.x]), np.array([view.y])
    everything = [Rect(0, 0, view.width, view.height)]
    again = fit_extent(view.extent(), x, y, view.width, view.height, everything, 12)
    assert again == show_extent(view.extent(), view.width, view.height)

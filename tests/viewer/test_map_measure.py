"""Lengths and areas on the ellipsoid against published figures, over the antimeridian too."""

from __future__ import annotations

import math

import numpy as np
import pytest

from viewer.views.map.measure import Measure, area_text, enclosed, leg, length_text, on_one_copy

WELLINGTON, SALAMANCA = (174.81, -41.32), (-5.5, 40.96)
ANTARCTICA = [
    (-58.0, -63.1), (-74.0, -72.9), (-102.0, -71.9), (-102.0, -74.9), (-131.0, -74.3), (-163.0, -77.5),
    (163.0, -77.4), (172.0, -71.7), (140.0, -65.9), (113.0, -65.7), (88.0, -66.6), (59.0, -66.9), (25.0, -69.8),
    (-4.0, -70.0), (-14.0, -71.0), (-33.0, -77.3), (-46.0, -77.9), (-61.0, -74.7),
]  # fmt: skip


def test_a_length_is_as_published() -> None:
    # The documentation of geographiclib, Examples, "Initializing"
    assert leg(WELLINGTON, SALAMANCA).length == pytest.approx(19_959_679.267, abs=0.001)


def test_an_area_is_as_published() -> None:
    # The same, "Measuring areas": perimeter 16831067.893 m, area 13662703680020.1 m^2
    measure = Measure(list(ANTARCTICA))
    measure.close()
    assert measure.length == pytest.approx(16_831_067.893, abs=0.001)
    assert measure.area == pytest.approx(13_662_703_680_020.1, abs=1.0)
    assert enclosed(ANTARCTICA[::-1]) == pytest.approx(13_662_703_680_020.1, abs=1.0), "whichever way round"


def test_the_way_over_the_antimeridian_is_the_short_one_and_does_not_jump() -> None:
    found = leg((178.0, 60.0), (-178.0, 60.0))
    assert found.length < 230_000
    assert np.abs(np.diff(found.lon)).max() < 3.6
    assert found.lon[-1] == pytest.approx(182.0)
    measure = Measure([(170.0, 0.0), (-170.0, 0.0), (-160.0, 0.0)])
    joined = on_one_copy(measure.legs())
    assert joined[1].lon[0] == pytest.approx(joined[0].lon[-1])
    assert joined[1].lon[-1] == pytest.approx(200.0)


def test_a_leg_bends_as_the_shortest_way_does() -> None:
    # Tokyo to San Francisco runs far north of both
    found = leg((139.8, 35.7), (-122.4, 37.8))
    assert 2 < len(found.lat) <= 129
    assert float(found.lat.max()) > max(found.lat[0], found.lat[-1]) + 5.0
    assert found.lat[len(found.lat) // 2] == pytest.approx(float(found.lat.max()), abs=0.5)


def test_points_come_and_go() -> None:
    measure = Measure()
    measure.take_back()
    measure.add((43.0, 36.0))
    measure.add((43.0, 36.0))
    assert measure.points == [(43.0, 36.0)]
    assert measure.legs() == []
    assert len(measure.legs((44.0, 36.0))) == 1, "to the pointer"
    measure.add((44.0, 36.0))
    measure.close()
    assert not measure.closed, "two points enclose nothing"
    measure.add((44.0, 37.0))
    measure.close()
    assert measure.closed
    assert len(measure.legs((50.0, 50.0))) == 3
    assert measure.area is not None
    assert 0 < measure.area < 111_320**2
    measure.take_back()
    assert not measure.closed
    assert measure.area is None
    assert len(measure.points) == 3


@pytest.mark.parametrize(
    ("metres", "text"),
    [(0, "0 m"), (999.4, "999 m"), (999.6, "1.00 km"), (12_344, "12.34 km"), (99_996, "100.0 km"),
     (123_456, "123.5 km"), (999_960, "1,000 km"), (19_959_679.267, "19,960 km")],
)  # fmt: skip
def test_lengths_in_words(metres: float, text: str) -> None:
    assert length_text(metres) == text


@pytest.mark.parametrize(
    ("square", "text"),
    [(12_345, "12,345 m²"), (999_600, "1.00 km²"), (45_670_000, "45.67 km²"), (1.234e9, "1,234 km²")],
)
def test_areas_in_words(square: float, text: str) -> None:
    assert area_text(square) == text


def test_a_small_square_has_the_area_of_a_plane_one() -> None:
    side = 1 / 60
    lat, lon = 36.0, 43.0
    found = enclosed([(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side)])
    # length of a degree at a latitude: radii of curvature of WGS 84
    a, e2 = 6_378_137.0, 0.00669437999014
    phi = math.radians(lat + side / 2)
    w = math.sqrt(1 - e2 * math.sin(phi) ** 2)
    plane = math.radians(side) ** 2 * a * math.cos(phi) / w * a * (1 - e2) / w**3
    assert found == pytest.approx(plane, rel=1e-6)

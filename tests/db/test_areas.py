"""Areas of shapes on the ellipsoid, against sums of geodesics through many points of the same sides."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from db.geometry import area_m2

Ring = list[tuple[float, float]]


def by_geodesics(ring: Ring) -> float:
    points = np.array([*ring, ring[0]])
    polygon = Geodesic.WGS84.Polygon()
    for start, end in pairwise(points):
        for share in np.arange(500) / 500:
            lon, lat = start + (end - start) * share
            polygon.AddPoint(float(lat), float(lon))
    return abs(float(polygon.Compute(False, True)[2]))


@pytest.mark.parametrize(
    "ring",
    [
        [(40, 33), (43, 33), (43, 36), (40, 36)],
        [(0, -5), (10, 0), (10, 60), (3, 70)],
        [(175, -10), (175, 20), (185, 10), (185, -10)],
        [(40, 33), (40.001, 33), (40.001, 33.001)],
    ],
)
def test_an_area_is_that_on_the_ellipsoid(ring: Ring) -> None:
    wanted = by_geodesics(ring)
    found = np.array(ring, np.float64)
    assert area_m2([[found]]) == pytest.approx(wanted, rel=1e-6)
    closed = np.vstack([found, found[:1]])[::-1]
    closed[:, 0] = (closed[:, 0] + 180) % 360 - 180  # over the antimeridian as files have it
    assert area_m2([[closed]]) == pytest.approx(wanted, rel=1e-6)


def test_holes_are_taken_off_parts_added_and_a_pole_is_within() -> None:
    rings: list[Ring] = [[(0, 0), (4, 0), (4, 4)], [(2, 1), (3, 1), (3, 2)], [(9, 9), (9, 8), (8, 8)]]
    outer, hole, other = (np.array(each, np.float64) for each in rings)
    parts = [area_m2([[each]]) for each in (outer, hole, other)]
    assert area_m2([[outer, hole], [other]]) == pytest.approx(parts[0] - parts[1] + parts[2])
    cap = np.array([(-180, -90), (-180, -70), (-90, -70), (0, -70), (90, -70), (180, -70), (180, -90)], np.float64)
    whole = 510_065_621_724_089  # of the ellipsoid, m2
    belt = np.array([(-180, -70), (0, -70), (180, -70), (180, 0), (0, 0), (-180, 0)], np.float64)
    assert area_m2([[cap]]) + by_strips(belt) == pytest.approx(whole / 2, rel=1e-9)


def by_strips(belt: np.ndarray) -> float:
    """A belt round the earth, as it has no beginning, in twelve strips."""
    south, north = belt[:, 1].min(), belt[:, 1].max()
    strip = np.array([(0, south), (30, south), (30, north), (0, north)], np.float64)
    return 12 * area_m2([[strip]])

"""What is measured on the map: lengths along geodesics and the area within them, on the ellipsoid WGS 84. No Qt.

By geographiclib: C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87, 43-55 (2013), good to 15 nm for lengths and
0.1 m2 a side for areas. A leg is the shortest way between its ends, over the antimeridian where that is shorter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
from geographiclib.geodesic import Geodesic

from viewer.views.map.projection import Floats

STEP_M: Final = 50_000.0
"""A leg is drawn with a point so often ..."""
MOST_STEPS: Final = 128
"""... but with no more steps than this."""
FEWEST_ROUND: Final = 3
"""Points that enclose an area."""
_EARTH: Final[Any] = Geodesic.WGS84
_MASK: Final = Geodesic.LATITUDE | Geodesic.LONGITUDE

Point = tuple[float, float]
"""Longitude and latitude, degrees."""


@dataclass(frozen=True, slots=True)
class Leg:
    """``length`` in m; the way in degrees, longitudes running on beyond 180 rather than jumping."""

    length: float
    lon: Floats
    lat: Floats


@lru_cache(maxsize=512)
def leg(start: Point, end: Point) -> Leg:
    """The shortest way from a point to another."""
    line = _EARTH.InverseLine(start[1], start[0], end[1], end[0])
    steps = 2 * min(max(math.ceil(line.s13 / STEP_M / 2), 1), MOST_STEPS // 2)
    ways = [line.Position(line.s13 * step / steps, _MASK | Geodesic.LONG_UNROLL) for step in range(steps + 1)]
    return Leg(float(line.s13), np.array([each["lon2"] for each in ways]), np.array([each["lat2"] for each in ways]))


def enclosed(points: list[Point]) -> float:
    """The area within geodesics through points and back to the first, m2; whichever way round they run.

    Of a ring that crosses itself, parts that are run round the other way are taken off.
    """
    polygon = _EARTH.Polygon()
    for lon, lat in points:
        polygon.AddPoint(lat, lon)
    _count, _perimeter, area = polygon.Compute(False, True)
    return abs(float(area))


@dataclass
class Measure:
    """A line of points that grows, and may be closed to a ring."""

    points: list[Point] = field(default_factory=list)
    closed: bool = False

    def add(self, point: Point) -> None:
        """Go on to a point (degrees); one like the last is none."""
        if not self.points or self.points[-1] != point:
            self.points.append(point)

    def take_back(self) -> None:
        """Open the ring, or take the last point away."""
        if self.closed:
            self.closed = False
        elif self.points:
            self.points.pop()

    def close(self) -> None:
        """Run back to the first point, where there are enough to enclose something."""
        self.closed = len(self.points) >= FEWEST_ROUND

    def legs(self, goal: Point | None = None) -> list[Leg]:
        """The legs in order, the last to the first point of a ring, or to a ``goal`` that is not yet taken."""
        ends = [*self.points, self.points[0]] if self.closed else list(self.points)
        if goal is not None and self.points and not self.closed:
            ends.append(goal)
        return [leg(start, end) for start, end in pairwise(ends)]

    @property
    def length(self) -> float:
        """Of all legs, m."""
        return math.fsum(each.length for each in self.legs())

    @property
    def area(self) -> float | None:
        """Within the ring, m2; None while it is open."""
        return enclosed(self.points) if self.closed else None


def on_one_copy(legs: list[Leg]) -> list[Leg]:
    """The same legs, each beginning where the one before ends: no jump at the antimeridian."""
    moved: list[Leg] = []
    for each in legs:
        turn = 360.0 * round(float(moved[-1].lon[-1] - each.lon[0]) / 360.0) if moved else 0.0
        moved.append(Leg(each.length, each.lon + turn, each.lat) if turn else each)
    return moved


def length_text(metres: float) -> str:
    """``850 m``, ``12.34 km``, ``1,234 km``."""
    if metres < 999.5:
        return f"{metres:.0f} m"
    kilometres = metres / 1000
    places = 2 if kilometres < 99.995 else 1 if kilometres < 999.95 else 0
    return f"{kilometres:,.{places}f} km"


def area_text(square_metres: float) -> str:
    """``12,300 m²``, ``45.67 km²``, ``1,234 km²``."""
    if square_metres < 999_500:
        return f"{square_metres:,.0f} m²"
    kilometres = square_metres / 1e6
    places = 2 if kilometres < 99.995 else 1 if kilometres < 999.95 else 0
    return f"{kilometres:,.{places}f} km²"

"""Geodesic circles on the plane of the map: all that lies within a distance of a point, in each projection.

On the sphere, as the projections are: the ellipsoid differs by 0.3 % of the radius. Arrays; no Qt but for paths.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QTransform

from viewer.views.map.basemap.outlines import make_path
from viewer.views.map.geometry import Viewport
from viewer.views.map.projection import RADIUS_M, Floats, Projection

POINTS: Final = 360
WIDEST: Final = math.radians(85.0)
"""A circle has this radius at most, so that it never has both poles within."""
LIKE: Final = 0.15
"""A ring is like an ellipse when it is nowhere further from it than this part of its lesser radius."""
_STEPS: Final = (10, 8, 6, 5, 4, 3, 2)
_OFF_PX: Final = 0.12
"""No side of a drawn circle is further off than this, where fewer points than there are can do."""
_FRINGE: Final = 48
"""Points along the map's edge between a circle and the pole within it."""

Flags = NDArray[np.bool_]


class Ring(NamedTuple):
    """A circle, in world units from the marker in its middle.

    ``x``, ``y``, ``first``: rings to be filled, as ``make_path`` has them; the edge of the map is part of them where it
    cuts the circle. ``edge_x``, ``edge_y``, ``edge_first``: the circle alone, in pieces there. ``box``: left, top,
    right, bottom. ``ellipse``: takes the unit circle to about this; None where it is too unlike one, or an edge
    of the map or a pole is within.
    """

    x: Floats
    y: Floats
    first: Flags
    edge_x: Floats
    edge_y: Floats
    edge_first: Flags
    box: tuple[float, float, float, float]
    ellipse: QTransform | None

    def copies(self, x: float, y: float, view: Viewport) -> list[float]:
        """Where the marker stands (logical px), once for each copy of the world in which some of the ring is seen."""
        left, top, right, bottom = (each * view.scale for each in self.box)
        if y + bottom < 0 or y + top > view.height:
            return []
        turns = (0.0, -1.0, 1.0) if view.projection.wraps else (0.0,)
        spots = [x + turn * view.scale for turn in turns]
        return [spot for spot in spots if spot + right > 0 and spot + left < view.width]

    def fill(self, x: float, y: float, view: Viewport) -> QPainterPath:
        """What is within, with the marker at (x, y) logical px."""
        path = make_path(x + self.x * view.scale, y + self.y * view.scale, self.first)
        path.setFillRule(Qt.FillRule.WindingFill)
        return path

    def edge(self, x: float, y: float, view: Viewport) -> QPainterPath:
        """The circle, with the marker at (x, y) logical px, without what is out of sight."""
        some = slice(None, None, self._step(view.scale))
        px, py, first = x + self.edge_x[some] * view.scale, y + self.edge_y[some] * view.scale, self.edge_first[some]
        code = (px < 0) * 1 + (px > view.width) * 2 + (py < 0) * 4 + (py > view.height) * 8
        seen = np.zeros(len(px), bool)
        seen[1:] = ((code[1:] & code[:-1]) == 0) & ~first[1:]
        keep = seen | np.append(seen[1:], False)
        return make_path(px[keep], py[keep], ~seen[keep])

    def _step(self, scale: float) -> int:
        """Which points of a whole circle are enough for its size: dashes along many short sides take their time."""
        if self.ellipse is None:
            return 1
        reach = scale * max(abs(each) for each in self.box)
        enough = (step for step in _STEPS if reach * (1 - math.cos(math.pi * step / POINTS)) < _OFF_PX)
        return next(enough, 1)

    def placed(self, x: float, y: float, view: Viewport) -> QTransform | None:
        """The unit circle to about this ring, with the marker at (x, y) logical px."""
        if self.ellipse is None:
            return None
        return self.ellipse * QTransform.fromScale(view.scale, view.scale) * QTransform.fromTranslate(x, y)


UNIT: Final = QRectF(-1.0, -1.0, 2.0, 2.0)


def ring(lon: float, lat: float, radius_m: float, projection: Projection) -> Ring:
    """The circle about a point (degrees) on the plane of a projection."""
    away, lats, polar = _circle(lat, min(radius_m / RADIUS_M, WIDEST))
    line = slice(POINTS) if polar else np.append(np.arange(POINTS), 0)
    if projection.wraps:
        rings = [(lon + away - projection.middle, lats)]
        lines = [(lon + away[line] - projection.middle, lats[line])]
    else:
        middle = lon - projection.middle
        middle -= 360.0 * round(middle / 360.0)
        # A circle over the edge of the map comes in again at its other side.
        turned = [middle + away + turn for turn in (0.0, -360.0, 360.0)]
        turned = [each for each in turned if each.max() > -180.0 and each.min() < 180.0]
        rings = [(np.clip(each, -180.0, 180.0), lats) for each in turned]
        lines = [part for each in turned for part in _inside(each[line], lats[line])]
    here_x, here_y = (float(each) for each in projection.to_world(lon, lat))
    x, y, first = _joined([projection.plane(*each) for each in rings])
    edge_x, edge_y, edge_first = _joined([projection.plane(*each) for each in lines])
    x, y, edge_x, edge_y = x - here_x, y - here_y, edge_x - here_x, edge_y - here_y
    whole = not polar and len(rings) == 1
    box = float(x.min()), float(y.min()), float(x.max()), float(y.max())
    return Ring(x, y, first, edge_x, edge_y, edge_first, box, _ellipse(x, y) if whole else None)


def _circle(lat: float, reach: float) -> tuple[Floats, Floats, bool]:
    """Longitudes from the middle and latitudes, degrees, of a circle of ``reach`` radians; whether a pole is within.

    Then it runs from west to east and on along the map's edges to the pole. Snyder 1987 (see Albers), p. 31, eq. 5-5.
    """
    phi = math.radians(abs(lat))
    side = math.copysign(1.0, lat)
    if phi + reach <= math.pi / 2:
        turn = np.arange(POINTS) * (2 * math.pi / POINTS)
        sine = math.sin(phi) * math.cos(reach) + math.cos(phi) * math.sin(reach) * np.cos(turn)
        east = np.sin(turn) * math.sin(reach) * math.cos(phi)
        away = np.degrees(np.arctan2(east, math.cos(reach) - math.sin(phi) * sine))
        return away, side * np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))), False
    # The law of cosines, solved for the latitude: by even steps of longitude, as a projection may draw the pole out.
    away = np.linspace(-180.0, 180.0, POINTS)
    level = math.cos(phi) * np.cos(np.radians(away))
    fall = np.clip(math.cos(reach) / np.hypot(math.sin(phi), level), -1.0, 1.0)
    lats = np.degrees(np.arctan2(math.sin(phi), level) - np.arccos(fall))
    up, along = np.linspace(lats[-1], 90.0, _FRINGE), np.linspace(180.0, -180.0, POINTS)
    flank = np.full(_FRINGE, 180.0)
    return (
        np.concatenate((away, flank, along, -flank)),
        side * np.concatenate((lats, up, np.full(POINTS, 90.0), up[::-1])),
        True,
    )


def _inside(relative: Floats, lat: Floats) -> list[tuple[Floats, Floats]]:
    """The stretches of a line between the edges of the map, drawn in to them at their ends."""
    within = np.abs(relative) <= 180.0
    if within.all():
        return [(relative, lat)]
    if within[0] and within[-1]:  # begin beyond the edge, so that no stretch is torn
        begin = -int(np.argmin(within))
        relative, lat, within = np.roll(relative, begin), np.roll(lat, begin), np.roll(within, begin)
    steps = np.diff(within.astype(np.int8), prepend=np.int8(0), append=np.int8(0))
    found = []
    for begin, end in zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True):
        some = slice(max(begin - 1, 0), min(end + 1, len(lat)))
        found.append((np.clip(relative[some], -180.0, 180.0), lat[some]))
    return found


def _joined(lines: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats, Flags]:
    first = np.zeros(sum(len(x) for x, _y in lines), bool)
    first[np.cumsum([0, *(len(x) for x, _y in lines[:-1])])] = True
    return np.concatenate([x for x, _y in lines]), np.concatenate([y for _x, y in lines]), first


def _ellipse(x: Floats, y: Floats) -> QTransform | None:
    """From the unit circle to the ellipse nearest to a ring of POINTS, by least squares: the first terms of Fourier.
    None where the ring is too far from being one.
    """
    turn = np.arange(POINTS) * (2 * math.pi / POINTS)
    sine, cosine = np.sin(turn) * (2 / POINTS), np.cos(turn) * (2 / POINTS)
    (a, b), (c, d) = (sine @ x, sine @ y), (cosine @ x, cosine @ y)
    middle_x, middle_y = x.mean(), y.mean()
    off = np.hypot(
        x - middle_x - (a * sine + c * cosine) * POINTS / 2, y - middle_y - (b * sine + d * cosine) * POINTS / 2
    )
    if off.max() > LIKE * np.hypot(x - middle_x, y - middle_y).min():
        return None
    return QTransform(float(a), float(b), float(c), float(d), float(middle_x), float(middle_y))

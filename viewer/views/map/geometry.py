"""Where things are on the screen: the viewport and how it moves. Pure arithmetic, no Qt.

World units are those of a projection (projection.py). Screen positions are logical pixels from the top left of the map.
The world is never narrower than the map, so that each point is in one place only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from db.values import Extent
from viewer.views.map.projection import EQUATOR_M, MERCATOR, Floats, Projection

Box = tuple[float, float, float, float]
"""Middle and size in world units: x, y, width, height."""

FIT_MARGIN: Final = 34.0
"""Between the outermost events and the edges of a map that shows all, logical px."""
MAX_SCALE: Final = float(2**21)
"""Closest zoom, logical px across the world: 19 m a pixel at the equator."""
LEAST_CLEAR: Final = 0.72
"""To keep events clear of overlays an extent is shown smaller, but no smaller than this: then some are covered."""
_SHIFTS: Final = (0.0, -0.06, 0.06, -0.12, 0.12, -0.18, 0.18)
"""By so much of the map's width and height it is moved to keep events clear of overlays."""
MOST_POINTS: Final = 5_000
"""Of more points than this every so manyth is looked at."""
_NEAR_PX: Final = 40.0
"""Ground metres to a pixel are taken over so many on both sides."""
_ROUNDS: Final = 24
MIN_FIT_SPAN: Final = 0.006
"""A fit never shows less than this part of the world's width (about 240 km): one event is seen in its country."""


class Rect(NamedTuple):
    """A rectangle in logical pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def grown(self, by: float) -> Rect:
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def moved(self, dx: float, dy: float) -> Rect:
        return Rect(self.x + dx, self.y + dy, self.w, self.h)

    def meets(self, other: Rect) -> bool:
        """Whether the two have an inner point in common."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def distance(self, x: float, y: float) -> float:
        """From a point to the nearest of the rectangle; 0 within."""
        return math.hypot(max(self.x - x, x - self.right, 0.0), max(self.y - y, y - self.bottom, 0.0))


class Padding(NamedTuple):
    """Margins of a rectangle in logical pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Viewport:
    """What part of the world is on the screen.

    ``x``, ``y``: world units at the centre; ``scale``: logical px across the whole world; ``width``, ``height``:
    logical px of the map. Make one by ``settle`` or the functions below, which keep it in bounds.
    """

    x: float
    y: float
    scale: float
    width: int
    height: int
    projection: Projection = MERCATOR

    def settle(self) -> Viewport:
        """The nearest viewport that shows nothing beyond the plane and no point twice."""
        low = float(max(self.width, self.height, 1))
        scale = min(max(self.scale, low), max(MAX_SCALE, low))
        left, top, right, bottom = self.projection.bounds
        x = self.x % 1.0 if self.projection.wraps else _within(self.x, left, right, self.width / scale)
        return replace(self, x=x, y=_within(self.y, top, bottom, self.height / scale), scale=scale)

    # Positions

    def screen(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """World units to logical px, each point at its copy nearest to the centre."""
        dx = np.asarray(x, np.float64) - self.x
        if self.projection.wraps:
            dx = (dx + 0.5) % 1.0 - 0.5
        return self.width / 2 + dx * self.scale, self.height / 2 + (np.asarray(y, np.float64) - self.y) * self.scale

    def world_at(self, px: float, py: float) -> tuple[float, float]:
        """Logical px to world units; x in 0..1, y not clipped."""
        x, y = self.x + (px - self.width / 2) / self.scale, self.y + (py - self.height / 2) / self.scale
        return x % 1.0 if self.projection.wraps else x, y

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        """Degrees to logical px."""
        x, y = self.screen(*self.projection.to_world(lon, lat))
        return float(x), float(y)

    def degrees_at(self, px: float, py: float) -> tuple[float, float]:
        """Logical px to (lon, lat) in degrees; beyond the edge of the world those of a point on it."""
        return self.projection.to_degrees(*self.world_at(px, py))

    def shows(self, px: float, py: float) -> bool:
        """Whether the world is at a point (logical px), and not what lies beyond its edge."""
        return math.dist(self.spot(*self.degrees_at(px, py)), (px, py)) < 1.0

    def extent(self) -> Extent:
        """What is on the screen, in degrees; where meridians and parallels are bent, between the middles of its sides.

        ``show_extent`` finds the way back, unless a cone is looked at beyond its pole or on its far side: then this is
        all that is seen, and more.
        """
        north, south = self.degrees_at(self.width / 2, 0)[1], self.degrees_at(self.width / 2, self.height)[1]
        half = self.width / self.scale / 2
        west, east = self.degrees_at(0, self.height / 2)[0], self.degrees_at(self.width, self.height / 2)[0]
        if not self.projection.wraps and not self._upright(north, south):
            return self._reach()
        if half >= 0.5 - 1e-12 or math.isclose(west, east):
            return Extent(-180.0, south, 180.0, north)
        return Extent(west, south, 180.0 if east == -180.0 else east, north)

    def _upright(self, north: float, south: float) -> bool:
        """Whether north is up and east to the right between the middles of the sides; latitudes of top and foot."""
        middle = self.degrees_at(self.width / 2, self.height / 2)[1]
        relative, _lat = self.projection.relative(
            [self.x - self.width / self.scale / 2, self.x, self.x + self.width / self.scale / 2], [self.y] * 3
        )
        below, above = (self.degrees_at(self.width / 2, y)[1] for y in (2.0, self.height - 2.0))
        rising = below <= north and above >= south
        return rising and south < middle < north and bool(relative[0] < relative[1] < relative[2])

    def _reach(self) -> Extent:
        """The least extent with all that is seen, and some more."""
        half_w, half_h, projection = self.width / self.scale / 2, self.height / self.scale / 2, self.projection
        west, south, east, north = projection.reach(self.x - half_w, self.y - half_h, self.x + half_w, self.y + half_h)
        if east - west >= 360.0:
            return Extent(-180.0, south, 180.0, north)
        west, east = ((each + projection.middle + 180.0) % 360.0 - 180.0 for each in (west, east))
        return Extent(west, south, east, north)

    def metres_per_pixel(self) -> float:
        """Ground metres to one logical px at the centre, from left to right."""
        lon, lat = self.degrees_at(self.width / 2, self.height / 2)
        if self.projection.wraps:
            return EQUATOR_M * math.cos(math.radians(lat)) / self.scale
        x, y = self.spot(lon, lat)
        before, after = (self.degrees_at(x + px, y) for px in (-_NEAR_PX, _NEAR_PX))
        return _between(before, after) / (2 * _NEAR_PX)

    # Moves

    def panned(self, dx: float, dy: float) -> Viewport:
        """The map dragged by ``dx``, ``dy`` px: what was at p is at p + d."""
        return replace(self, x=self.x - dx / self.scale, y=self.y - dy / self.scale).settle()

    def zoomed(self, factor: float, px: float, py: float) -> Viewport:
        """Closer (factor > 1) or wider; the place at (px, py) stays there unless a pole or a limit is reached."""
        scale = replace(self, scale=self.scale * factor).settle().scale
        offset_x, offset_y = px - self.width / 2, py - self.height / 2
        shrink = 1 / self.scale - 1 / scale
        return replace(self, x=self.x + offset_x * shrink, y=self.y + offset_y * shrink, scale=scale).settle()

    def resized(self, width: int, height: int) -> Viewport:
        """The same centre and scale on a map of another size."""
        return replace(self, width=max(width, 1), height=max(height, 1)).settle()

    def towards(self, other: Viewport, t: float) -> Viewport:
        """A point of the flight from here (t = 0) to ``other`` (t = 1).

        The scale grows evenly in its logarithm; the centre moves so that a zoom about a point keeps that point.
        """
        scale = self.scale ** (1 - t) * other.scale**t
        gap = 1 / self.scale - 1 / other.scale
        share = t if abs(gap) < 1e-6 / self.scale else (1 / self.scale - 1 / scale) / gap
        dx = other.x - self.x
        if self.projection.wraps:
            dx = (dx + 0.5) % 1.0 - 0.5
        return replace(other, x=self.x + dx * share, y=self.y + (other.y - self.y) * share, scale=scale).settle()

    def projected(self, projection: Projection) -> Viewport:
        """The same centre in another projection, about as close."""
        x, y = projection.to_world(*self.degrees_at(self.width / 2, self.height / 2))
        scale = self.scale * self.projection.likened(1.0) / projection.likened(1.0)
        return replace(self, x=float(x), y=float(y), scale=scale, projection=projection).settle()


def _within(middle: float, low: float, high: float, room: float) -> float:
    """The middle nearest to ``middle`` from which a view ``room`` wide shows nothing beyond; half way if it must."""
    if room >= high - low:
        return (low + high) / 2
    return min(max(middle, low + room / 2), high - room / 2)


def _between(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Metres from one point (lon, lat) to another, on the sphere by the haversine formula."""
    (lon, lat), (other, high) = (tuple(map(math.radians, point)) for point in (one, two))
    part = math.sin((high - lat) / 2) ** 2 + math.cos(lat) * math.cos(high) * math.sin((other - lon) / 2) ** 2
    return EQUATOR_M / math.pi * math.asin(math.sqrt(min(part, 1.0)))


def show_extent(extent: Extent, width: int, height: int, projection: Projection = MERCATOR) -> Viewport:
    """The closest viewport that has all of an extent on the screen."""
    return _show_box(_box_of(extent, projection), width, height, Padding(0, 0, 0, 0), projection)


def fit_extent(
    extent: Extent,
    x: Floats,
    y: Floats,
    width: int,
    height: int,
    overlays: Sequence[Rect],
    margin: float,
    projection: Projection = MERCATOR,
) -> Viewport:
    """As show_extent, but wider or to the side where some of the points (world units) would lie below an overlay.

    Where that cannot be had without showing it far smaller, as few points as possible lie below one.
    An extent that a map of this size has shown before (``Viewport.extent``) is shown again exactly.
    """
    box = _box_of(extent, projection)
    plain = _show_box(box, width, height, Padding(0, 0, 0, 0), projection)
    again = plain.extent()
    if max(abs(again.north - extent.north), abs(again.south - extent.south), _apart(again, extent)) < 1e-6:
        return plain
    least = LEAST_CLEAR * plain.scale
    paddings = _paddings(overlays, width, height, 0.0, margin)
    views = {_show_box(box, width, height, each, projection, least) for each in paddings}
    small = replace(plain, x=box[0], y=box[1], scale=least).settle()
    views |= {small.panned(dx * width, dy * height) for dx in _SHIFTS for dy in _SHIFTS}
    return _clearest(views, x, y, overlays, margin)


def fit_points(
    x: Floats,
    y: Floats,
    width: int,
    height: int,
    overlays: Sequence[Rect],
    margin: float,
    projection: Projection = MERCATOR,
    box: Box | None = None,
) -> Viewport:
    """The closest viewport with all points (world units) on the screen and none below an overlay.

    Each overlay may be kept clear of by leaving free the band beside it or the one above or below it, or, when no point
    happens to fall there, not at all. ``margin``: px around each point. ``box``: around all points, where the ones
    given are but some of them.
    """
    box = box or box_around(x, y, projection)
    paddings = _paddings(overlays, width, height, margin, margin)
    return _clearest({_show_box(box, width, height, each, projection) for each in paddings}, x, y, overlays, margin)


def _clearest(views: set[Viewport], x: Floats, y: Floats, overlays: Sequence[Rect], margin: float) -> Viewport:
    """The view with the fewest points below overlays; of those the closest, and of those the nearest to the middle."""
    step = len(x) // MOST_POINTS + 1
    x, y = x[::step], y[::step]
    middle = min(views, key=lambda each: (-each.scale, each.x, each.y))
    order = sorted(
        views, key=lambda each: (-each.scale, math.hypot(each.x - middle.x, each.y - middle.y), each.x, each.y)
    )
    best, fewest = order[0], len(x) + 1
    for view in order:
        hidden = _hidden(view, x, y, overlays, margin)
        if hidden < fewest:
            best, fewest = view, hidden
        if not hidden:
            break
    return best


def _apart(one: Extent, other: Extent) -> float:
    """How far the west and east edges of two extents are from each other, degrees."""
    return max(abs((a - b + 180.0) % 360.0 - 180.0) for a, b in ((one.west, other.west), (one.east, other.east)))


def _box_of(extent: Extent, projection: Projection) -> Box:
    span = extent.east - extent.west
    span = span if span >= 0 else span + 360.0
    if not projection.wraps:
        return _bent_box(extent, span, projection)
    left, bottom = projection.to_world(extent.west, extent.south)
    _, top = projection.to_world(extent.west, extent.north)
    high = float(bottom - top)
    return float(left) + span / 720.0, float(top) + high / 2, max(span / 360.0, 1e-9), max(high, 1e-9)


def _bent_box(extent: Extent, span: float, projection: Projection) -> Box:
    """The box the middles of whose sides are at the edges of an extent.

    Where in a side its middle is depends on the box, so one follows from the other until they agree.
    """
    middle = extent.west + span / 2, (extent.south + extent.north) / 2
    whole = span > 360.0 - 1e-6
    lon, lat = [middle[0]] * 2, [middle[1]] * 2
    box = (0.5, 0.5, 1.0, 1.0)
    for _ in range(_ROUNDS):
        left, right = (0.0, 1.0)
        if not whole:
            wide, _y = projection.to_world([extent.west, extent.east], lat)
            left, right = float(wide[0]), float(wide[1])
        _x, high = projection.to_world(lon, [extent.north, extent.south])
        top, bottom = float(high[0]), float(high[1])
        box = (left + right) / 2, (top + bottom) / 2, max(abs(right - left), 1e-9), max(bottom - top, 1e-9)
        relative, _lat = projection.relative([box[0]] * 2, [top, bottom])
        _lon, beside = projection.relative([left, right], [box[1]] * 2)
        lon, lat = [float(each) + projection.middle for each in relative], [float(each) for each in beside]
    return box


def scale_bar(metres_per_pixel: float, longest: float) -> tuple[int, float]:
    """The greatest round length (1, 2 or 5 times a power of ten metres) of at most ``longest`` px -> (metres, px)."""
    most = max(metres_per_pixel * longest, 1.0)
    power = 10 ** math.floor(math.log10(most))
    metres = next(step * power for step in (5, 2, 1) if step * power <= most)
    return int(metres), metres / metres_per_pixel


def box_around(x: Floats, y: Floats, projection: Projection) -> Box:
    """Centre and size (world units) of the least box around points, across the antimeridian where that is less."""
    if projection.wraps:
        along = np.sort(x % 1.0)
        gaps = np.diff(along, append=along[0] + 1.0)
        widest = int(np.argmax(gaps))
        width = 1.0 - float(gaps[widest])
        left = float(along[(widest + 1) % len(along)])
    else:
        left, width = float(x.min()), float(np.ptp(x))
    top, bottom = float(y.min()), float(y.max())
    grow = max(MIN_FIT_SPAN - max(width, bottom - top), 0.0)
    return left + width / 2, (top + bottom) / 2, width + grow, bottom - top + grow


def _show_box(
    box: Box, width: int, height: int, padding: Padding, projection: Projection, least: float = 0.0
) -> Viewport:
    """A box in the room within margins; not smaller than at a scale of ``least``, at which it goes beyond them."""
    x, y, w, h = box
    room_w = max(width - padding.left - padding.right, 1.0)
    room_h = max(height - padding.top - padding.bottom, 1.0)
    scale = max(min(room_w / max(w, 1e-9), room_h / max(h, 1e-9)), least)
    scale = Viewport(x, y, scale, width, height, projection).settle().scale
    x -= (padding.left - padding.right) / 2 / scale
    y -= (padding.top - padding.bottom) / 2 / scale
    return Viewport(x, y, scale, width, height, projection).settle()


def _paddings(overlays: Sequence[Rect], width: int, height: int, edge: float, margin: float) -> set[Padding]:
    """Margins that keep clear of every overlay, each from the side or from above or below; and those of none."""
    found = {Padding(edge, edge, edge, edge)}
    for each in overlays:
        on_left, on_top = each.x + each.w / 2 < width / 2, each.y + each.h / 2 < height / 2
        beside = Padding(each.right + margin, 0, 0, 0) if on_left else Padding(0, 0, width - each.x + margin, 0)
        beyond = Padding(0, each.bottom + margin, 0, 0) if on_top else Padding(0, 0, 0, height - each.y + margin)
        ways = {Padding(*map(max, have, more)) for have in found for more in (beside, beyond)}
        found |= ways
    return {p for p in found if p.left + p.right < 0.8 * width and p.top + p.bottom < 0.8 * height}


def _hidden(view: Viewport, x: Floats, y: Floats, overlays: Sequence[Rect], margin: float) -> int:
    """How many points lie below an overlay or outside the map."""
    px, py = view.screen(x, y)
    hidden = (px < 0) | (px > view.width) | (py < 0) | (py > view.height)
    for each in overlays:
        wide = each.grown(margin)
        hidden |= (px > wide.x) & (px < wide.right) & (py > wide.y) & (py < wide.bottom)
    return int(np.count_nonzero(hidden))

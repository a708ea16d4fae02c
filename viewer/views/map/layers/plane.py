"""The shapes of a layer on the plane of a projection, ready to be painted at any scale. Pure arithmetic, no Qt."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.layers.packing import HOLE, LINE, OUTER, POINT
from db.layers.packing import Shapes as Parts
from viewer.views.map.basemap.bending import bent
from viewer.views.map.basemap.store import Shapes
from viewer.views.map.projection import BEYOND, Floats, Projection

_TURNS: Final = (-360.0, 0.0, 360.0)
_COARSE: Final = 0.5
"""Points that are nearer to each other than this, px, are one."""
_MOST_SCALES: Final = 4
Numbers = NDArray[np.int32]


class Plane:
    """Rings, lines and points in world units; ``tags`` of the parts are the numbers of their features.

    ``anchor_x``, ``anchor_y`` float64[count]: where a feature's label belongs, not a number for a feature without
    parts; ``weight`` which labels come first. For one thread at a time.
    """

    def __init__(self, parts: Parts, projection: Projection) -> None:
        self.projection = projection
        self.count = parts.count
        kind = parts.kind
        self._rings = _placed(parts, projection, (kind == OUTER) | (kind == HOLE))
        self._lines = _placed(parts, projection, kind == LINE)
        alone = np.repeat(kind == POINT, np.diff(parts.offsets))
        lon = parts.lon[alone]
        self.x, self.y = projection.to_world(lon, parts.lat[alone])
        self.tags: Numbers = np.repeat(parts.feature, np.diff(parts.offsets))[alone]
        self.anchor_x, self.anchor_y, self.weight = _anchors(parts, projection)
        self._thin: OrderedDict[tuple[bool, int], Shapes | None] = OrderedDict()

    def rings(self, scale: float) -> Shapes | None:
        """The rings with what points are told apart at a scale (px across the world); None for none."""
        return self._at(True, scale)

    def lines(self, scale: float) -> Shapes | None:
        """The lines, likewise."""
        return self._at(False, scale)

    def _at(self, rings: bool, scale: float) -> Shapes | None:
        whole = self._rings if rings else self._lines
        if whole is None:
            return None
        key = rings, math.ceil(math.log2(scale))
        if key not in self._thin:
            self._thin[key] = _thinned(whole, _COARSE / 2.0 ** key[1])
            while len(self._thin) > 2 * _MOST_SCALES:
                self._thin.popitem(last=False)
        self._thin.move_to_end(key)
        return self._thin[key]


def _placed(parts: Parts, projection: Projection, which: NDArray[np.bool_]) -> Shapes | None:
    """Some of the parts in world units; around the world as often as they are seen there."""
    if not which.any():
        return None
    lengths = np.diff(parts.offsets)
    points = np.repeat(which, lengths)
    lon, lat, tags, lengths = parts.lon[points], parts.lat[points], parts.feature[which], lengths[which]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    if projection.wraps:
        return _shapes(*projection.to_world(lon, lat), offsets, tags)
    west, east = np.minimum.reduceat(lon, offsets[:-1]), np.maximum.reduceat(lon, offsets[:-1])
    found = []
    for turn in _TURNS:
        near = west + turn - projection.middle <= 180.0 + BEYOND
        near &= east + turn - projection.middle >= -180.0 - BEYOND
        if near.any():
            seen = np.repeat(near, lengths)
            some = np.concatenate(([0], np.cumsum(lengths[near]))).astype(np.int32)
            found.append(_shapes(*bent(projection, turn, lon[seen], lat[seen], some), tags[near]))
    return _together(found)


def _shapes(x: Floats, y: Floats, offsets: Numbers, tags: Numbers) -> Shapes:
    start = offsets[:-1]
    first = np.zeros(len(x), np.bool_)
    first[start] = True
    low, high = np.minimum.reduceat, np.maximum.reduceat
    boxes = np.stack((low(x, start), low(y, start), high(x, start), high(y, start)), axis=1)
    return Shapes(x, y, first, offsets, tags, boxes)


def _together(found: list[Shapes]) -> Shapes | None:
    if len(found) < 2:
        return found[0] if found else None
    lengths = np.concatenate([np.diff(each.offsets) for each in found])
    return Shapes(
        np.concatenate([each.x for each in found]),
        np.concatenate([each.y for each in found]),
        np.concatenate([each.first for each in found]),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int32),
        np.concatenate([each.tags for each in found]),
        np.concatenate([each.boxes for each in found]),
    )


def _thinned(shapes: Shapes, grid: float) -> Shapes:
    """The same without points that lie in the same square of a grid as the one before; ends of parts stay."""
    x, y = np.floor(shapes.x / grid), np.floor(shapes.y / grid)
    keep = np.ones(len(x), np.bool_)
    keep[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1]) | shapes.first[1:]
    keep[shapes.offsets[1:] - 1] = True
    if keep.all():
        return shapes
    offsets = np.concatenate(([0], np.cumsum(keep)))[shapes.offsets].astype(np.int32)
    return Shapes(shapes.x[keep], shapes.y[keep], shapes.first[keep], offsets, shapes.tags, shapes.boxes)


def _anchors(parts: Parts, projection: Projection) -> tuple[Floats, Floats, Floats]:
    """Where labels belong: amid the weight of the largest ring, halfway along the longest line, or at the point."""
    lon, lat, weight = (np.full(parts.count, np.nan) for _ in range(3))
    if not len(parts.feature):
        return lon, lat, weight
    start, end = parts.offsets[:-1], parts.offsets[1:]
    x = parts.lon - np.repeat(parts.lon[start], end - start)
    y = parts.lat - np.repeat(parts.lat[start], end - start)
    cross = np.zeros(len(x))
    cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    cross[end - 1] = 0.0
    next_x, next_y = np.append(x[1:], 0.0), np.append(y[1:], 0.0)
    area = np.add.reduceat(cross, start) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        middle_x = np.add.reduceat((x + next_x) * cross, start) / (6 * area) + parts.lon[start]
        middle_y = np.add.reduceat((y + next_y) * cross, start) / (6 * area) + parts.lat[start]
    halfway = (start + end) // 2
    ring = (parts.kind == OUTER) & (area > 0)
    at_lon = np.where(ring, middle_x, parts.lon[halfway])
    at_lat = np.where(ring, middle_y, parts.lat[halfway])
    worth = np.where(ring, 1.0 + area, np.where(parts.kind == HOLE, -1.0, (end - start) / (1.0 + end - start)))
    order = np.argsort(worth, kind="stable")  # the weightiest is written last
    number = parts.feature[order]
    lon[number], lat[number], weight[number] = at_lon[order], np.clip(at_lat[order], -90, 90), worth[order]
    seen = np.isfinite(lon)
    anchor_x, anchor_y = np.full(parts.count, np.nan), np.full(parts.count, np.nan)
    anchor_x[seen], anchor_y[seen] = projection.to_world(lon[seen], lat[seen])
    return anchor_x, anchor_y, weight

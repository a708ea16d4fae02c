"""The features of a layer as they were read: when each shows, what is written beside it, and which is at a point."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.layers.packing import HOLE, LINE, OUTER, POINT, Shapes, shapes_of
from db.layers.times import Instants
from viewer.views.map.geometry import Viewport
from viewer.views.map.projection import Floats

REACH: Final = 6.0
"""A line or a point is hit this far away, logical px."""
_TURNS: Final = (-360.0, 0.0, 360.0)


class Features:
    """Shapes in degrees with their labels and time spans.

    ``labels``: a text for each feature, or none at all; ``unread``: how many have a time that could not be read.
    """

    def __init__(
        self, parts: Shapes, labels: tuple[str, ...] = (), spans: tuple[Instants, Instants, int] | None = None
    ) -> None:
        self.parts, self.labels = parts, labels
        self.unread = 0 if spans is None else spans[2]
        self._spans = None if spans is None else spans[:2]
        self._edges = np.empty(0, np.int64)
        if self._spans is not None:
            self._edges = np.unique(np.concatenate((self._spans[0], self._spans[1] + 1)))
        start = parts.offsets[:-1]
        if len(start):
            low, high = np.minimum.reduceat, np.maximum.reduceat
            self._boxes = np.stack(
                (low(parts.lon, start), low(parts.lat, start), high(parts.lon, start), high(parts.lat, start)), axis=1
            )
        else:
            self._boxes = np.empty((0, 4))

    @classmethod
    def none(cls) -> Features:
        """Of a layer that could not be read."""
        return cls(shapes_of(()))

    def epoch(self, cursor: int) -> int:
        """A number that is the same for instants (ms) at which the same features show."""
        return int(np.searchsorted(self._edges, cursor, "right"))

    def shown(self, cursor: int) -> NDArray[np.bool_] | None:
        """Which features show at an instant (ms); None for all of them, at any time."""
        if self._spans is None:
            return None
        return np.asarray((self._spans[0] <= cursor) & (cursor <= self._spans[1]))

    def at(self, view: Viewport, x: float, y: float, cursor: int, width: float) -> int | None:
        """The feature at logical px: a point before a line before an area, and of these the last."""
        lon, lat = view.degrees_at(x, y)
        near = REACH + width / 2
        around = [view.degrees_at(x + dx, y + dy) for dx, dy in ((near, 0), (-near, 0), (0, near), (0, -near))]
        wide = max(abs((each[0] - lon + 180) % 360 - 180) for each in around)
        high = max(abs(each[1] - lat) for each in around)
        boxes = self._boxes
        within = (boxes[:, 1] - high <= lat) & (boxes[:, 3] + high >= lat)
        shown = self.shown(cursor)
        if shown is not None:
            within &= shown[self.parts.feature]
        best: tuple[int, int] | None = None
        for turn in _TURNS:
            here = within & (boxes[:, 0] - wide <= lon + turn) & (boxes[:, 2] + wide >= lon + turn)
            inside: dict[int, int] = {}
            for part in np.flatnonzero(here).tolist():
                number, kind = int(self.parts.feature[part]), int(self.parts.kind[part])
                run = slice(self.parts.offsets[part], self.parts.offsets[part + 1])
                if kind in (OUTER, HOLE):
                    inside[number] = inside.get(number, 0) + _is_in(
                        self.parts.lon[run], self.parts.lat[run], lon + turn, lat
                    )
                elif kind in (POINT, LINE) and self._distance(view, run, x, y) <= near:
                    best = max(best or (0, 0), (2 if kind == POINT else 1, number))
            areas = [number for number, times in inside.items() if times % 2]
            if areas:
                best = max(best or (0, 0), (0, max(areas)))
        return None if best is None else best[1]

    def _distance(self, view: Viewport, run: slice, x: float, y: float) -> float:
        """From logical px to a point or a line."""
        at_x, at_y = view.screen(*view.projection.to_world(self.parts.lon[run], self.parts.lat[run]))
        if len(at_x) == 1:
            return float(np.hypot(at_x[0] - x, at_y[0] - y))
        dx, dy = np.diff(at_x), np.diff(at_y)
        apart = np.abs(dx) < view.scale / 2  # not from one end of the world to the other
        with np.errstate(divide="ignore", invalid="ignore"):
            along = ((x - at_x[:-1]) * dx + (y - at_y[:-1]) * dy) / (dx * dx + dy * dy)
        along = np.clip(np.nan_to_num(along), 0, 1)
        away = np.hypot(at_x[:-1] + along * dx - x, at_y[:-1] + along * dy - y)
        return float(away[apart].min()) if apart.any() else np.inf


def _is_in(lon: Floats, lat: Floats, x: float, y: float) -> bool:
    """Whether a ring goes around a point: a ray to the east crosses it an odd number of times."""
    over = lat > y
    crosses = over[1:] != over[:-1]
    a, b = np.flatnonzero(crosses), np.flatnonzero(crosses) + 1
    meets = lon[a] + (y - lat[a]) / (lat[b] - lat[a]) * (lon[b] - lon[a])
    return bool(np.count_nonzero(meets > x) % 2)

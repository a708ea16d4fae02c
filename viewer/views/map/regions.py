"""The places known only as a region: which events lie in each, and how many of them are in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.counts import Mask, Rows
from viewer.core.index import EventIndex, Moment
from viewer.views.map.outlines import Outline
from viewer.views.map.projection import RADIUS_M, Floats, Projection
from viewer.views.map.rings import Ring, ring
from viewer.views.map.tally import Counted, Tally

KEPT: Final = 512
"""Circles that are kept of those that were drawn."""
_POLE: Final = 90.0
LEAST_RADIUS_M: Final = 25_000.0
"""An area without a radius is taken to reach so far."""


class Regions:
    """The regions of an index, numbered; regions alike in place and radius are one. Arrays are by number.

    ``x``, ``y``, ``radius``: world units, the radius in the mean of all directions. ``is_polar``: a pole is within.
    """

    def __init__(self, index: EventIndex, world_x: Floats, world_y: Floats, projection: Projection) -> None:
        self._index = index
        columns = index.columns
        self.rows: Rows = np.flatnonzero(index.region)
        _places, first, place = np.unique(columns.place[self.rows], return_index=True, return_inverse=True)
        same = np.stack([column[self.rows[first]] for column in (columns.lon, columns.lat, columns.radius_m)], axis=1)
        _each, some, number = np.unique(same, axis=0, return_index=True, return_inverse=True)
        self.numbers: NDArray[np.int32] = number.ravel()[place.ravel()].astype(np.int32)
        of = self.rows[first[some]]
        self.places: NDArray[np.int64] = columns.place[of]
        self.x, self.y, self.radius = world_x[of], world_y[of], world_radii(index, of, projection)
        radii = radii_m(index, of)
        self._about = columns.lon[of], columns.lat[of], radii, projection
        self.is_polar: Mask = np.abs(columns.lat[of]) + np.degrees(radii / RADIUS_M) > _POLE
        self._rings: dict[int, Ring] = {}
        self._tally: Tally | None = None
        self._extents: tuple[Mapping[int, Outline], Floats, Mask] | None = None
        self._by_number: tuple[Rows, NDArray[np.intp]] | None = None

    def __len__(self) -> int:
        return len(self.x)

    def ring(self, number: int) -> Ring:
        """The circle about a region; kept."""
        found = self._rings.get(number)
        if found is None:
            if len(self._rings) >= KEPT:
                self._rings.clear()
            lon, lat, radius, projection = self._about
            found = self._rings[number] = ring(
                float(lon[number]), float(lat[number]), float(radius[number]), projection
            )
        return found

    def extents(self, shapes: Mapping[int, Outline]) -> tuple[Floats, Mask]:
        """How far each reaches (world units), out to its shape where its place (id) has one, and which have one."""
        if self._extents is None or self._extents[0] is not shapes:
            reach, shaped = self.radius.copy(), np.isin(self.places, list(shapes))
            for at in np.flatnonzero(shaped).tolist():
                reach[at] = max(reach[at], shapes[int(self.places[at])].reach)
            self._extents = shapes, reach, shaped
        return self._extents[1:]

    def lit(self, moment: Moment) -> Counted:
        """How many events of each region lie in the trail."""
        if self._tally is None:
            self._tally = Tally(self._index, self.rows, self.numbers, len(self))
        self._tally.look_at()
        self._tally.move(moment)
        return self._tally.lit

    def numbers_of(self, rows: Rows) -> NDArray[np.int32]:
        """The numbers of those of some rows (ascending) that are known only as a region, in their order."""
        at = np.searchsorted(self.rows, rows)
        known = at < len(self.rows)
        at, rows = at[known], rows[known]
        return np.asarray(self.numbers[at[self.rows[at] == rows]])

    def rows_of(self, number: int) -> Rows:
        """The rows of a region, whenever, ascending."""
        if self._by_number is None:
            order = np.argsort(self.numbers, kind="stable")
            self._by_number = self.rows[order], np.searchsorted(self.numbers[order], np.arange(len(self) + 1))
        rows, offsets = self._by_number
        return np.asarray(rows[offsets[number] : offsets[number + 1]])


def world_radii(index: EventIndex, rows: Rows, projection: Projection) -> Floats:
    """The radius within which the place of each row lies (world units); 0 for an exact point."""
    latitude = np.where(index.mapped[rows], index.columns.lat[rows], 0.0)
    return np.asarray(radii_m(index, rows) * projection.units_per_metre(latitude))


def radii_m(index: EventIndex, rows: Rows) -> Floats:
    """The same in metres."""
    radius = index.columns.radius_m[rows].astype(np.float64)
    return np.where(index.region[rows] & (radius == 0), LEAST_RADIUS_M, radius)

"""The rows of an index sorted into parts: kinds, actors, sources. Arrays only. No Qt."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from db.queries import EventColumns
from viewer.core.counts import Mask, Rows


class Parts:
    """Which rows stand in each of ``count`` parts, in order of their best estimates; a row may stand in several.

    ``offsets`` (n + 1) and ``values``: row i is in the parts ``values[offsets[i]:offsets[i + 1]]``, each once. Without
    ``offsets`` every row is in one part, its value.
    """

    def __init__(
        self,
        columns: EventColumns,
        by_best: Rows,
        count: int,
        values: NDArray[np.integer],
        offsets: NDArray[np.int64] | None = None,
    ) -> None:
        """``by_best``: all rows by best estimate."""
        self.count, self._values, self._offsets = count, values, offsets
        if offsets is None:
            rows, parts = by_best, values[by_best]
        else:
            counts = np.diff(offsets)[by_best]
            rows = np.repeat(by_best, counts)
            skipped = np.cumsum(counts) - counts
            parts = values[np.arange(len(rows)) + np.repeat(offsets[by_best] - skipped, counts)]
        keys = parts.astype(np.int64) * 2 + columns.dated[rows]  # of each part first what has no date
        small = keys.astype(np.uint16) if 2 * count < 1 << 16 else keys  # sorted by their digits
        order = np.argsort(small, kind="stable")
        self._rows: Rows = rows[order]
        self._bests: NDArray[np.int64] = columns.best[self._rows]
        bounds = np.searchsorted(keys[order], np.arange(2 * count + 1))
        self._ends: list[int] = bounds.tolist()
        self.totals: NDArray[np.int64] = np.diff(bounds[::2])
        """How many rows stand in each part, shown or not, dated or not."""
        self._shown: Mask | None = None
        self._seen: Mask = np.empty(0, bool)  # of self._rows
        self._counts: NDArray[np.int64] = self.totals
        self._stops: dict[int, tuple[Rows, NDArray[np.int64]]] = {}

    def anew(self) -> Parts:
        """The same parts, with nothing worked out for any mask: for another index on another thread."""
        made = copy(self)
        made._shown, made._counts, made._stops = None, self.totals, {}
        return made

    def of_row(self, row: int) -> list[int]:
        """The parts that a row stands in, ascending."""
        if self._offsets is None:
            return [int(self._values[row])]
        found: list[int] = self._values[self._offsets[row] : self._offsets[row + 1]].tolist()
        return found

    def shown(self, shown: Mask) -> NDArray[np.int64]:
        """How many of the rows of a mask stand in each part."""
        self.look_at(shown)
        return self._counts

    def stops(self, part: int, shown: Mask) -> tuple[Rows, NDArray[np.int64]]:
        """The dated rows of a part that are in a mask, by best estimate, and these (ms, ascending)."""
        self.look_at(shown)
        if part not in self._stops:
            own = slice(self._ends[2 * part + 1], self._ends[2 * part + 2])
            rows, bests = self._rows[own], self._bests[own]
            if self._counts[part] < self.totals[part]:
                seen = self._seen[own]
                rows, bests = rows[seen], bests[seen]
            self._stops[part] = rows, bests
        return self._stops[part]

    @property
    def order(self) -> Rows:
        """The rows in the order of the parts; a row that stands in several comes several times."""
        return self._rows

    def look_at(self, shown: Mask, seen: Mask | None = None) -> None:
        """Go by a mask; ``seen`` is the same in the ``order`` of the parts, where it is known. What was worked out for
        another does not hold.
        """
        if self._shown is shown:
            return
        self._shown, self._seen = shown, shown[self._rows] if seen is None else seen
        self._stops.clear()
        bounds = zip(self._ends[:-1:2], self._ends[2::2], strict=True)
        self._counts = np.array([np.count_nonzero(self._seen[low:high]) for low, high in bounds], np.int64)

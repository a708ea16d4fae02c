"""The rows of an index sorted into parts: kinds, actors, sources. Arrays only. No Qt."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import EventColumns
from viewer.core.counts import Mask, Ranks, Rows


class Stops:
    """The dated rows of a part that are in a mask, by best estimate: a stretch of ``every`` dated row of the part.

    Places are among all of them, in the mask or not: nothing is copied until the rows are asked for.
    """

    def __init__(self, rows: Rows, bests: NDArray[np.int64], seen: Mask, ranks: Ranks, first: int = 0) -> None:
        """``bests`` (ms, ascending) and ``seen``: of ``rows``, whose ``ranks`` begin at ``first``."""
        self.every, self.every_best, self._seen = rows, bests, seen
        self._ranks, self._first = ranks, first

    def __len__(self) -> int:
        return self._ranks.before(self._first + len(self.every)) - self._ranks.before(self._first)

    def between(self, first: int, last: int) -> Stops:
        """Those with a best estimate from ``first`` to ``last`` (ms), both included."""
        low = int(np.searchsorted(self.every_best, first, "left"))
        high = int(np.searchsorted(self.every_best, last, "right"))
        return self.cut(low, high)

    def cut(self, low: int, high: int) -> Stops:
        """Those from one place to before another."""
        own = slice(low, max(low, high))
        return Stops(self.every[own], self.every_best[own], self._seen[own], self._ranks, self._first + low)

    def counts(self, places: NDArray[np.intp]) -> NDArray[np.int64]:
        """How many there are from each of some places (ascending) to before the next."""
        return np.diff(self._ranks.before_each(places + self._first))

    @cached_property
    def rows(self) -> Rows:
        """The rows in the mask."""
        return self.every if len(self) == len(self.every) else self.every[self._seen]

    @cached_property
    def bests(self) -> NDArray[np.int64]:
        """Their best estimates (ms, ascending)."""
        return self.every_best if len(self) == len(self.every) else self.every_best[self._seen]


NO_STOPS: Final = Stops(np.empty(0, np.intp), np.empty(0, np.int64), np.empty(0, bool), Ranks(np.empty(0, bool)))


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
        self._bounds = bounds[::2]
        self.totals: NDArray[np.int64] = np.diff(self._bounds)
        """How many rows stand in each part, shown or not, dated or not."""
        self._shown: Mask | None = None
        self._seen: Mask = np.empty(0, bool)  # of self._rows
        self._ranks = Ranks(self._seen)
        self._counts: NDArray[np.int64] = self.totals

    def anew(self) -> Parts:
        """The same parts, with nothing worked out for any mask: for another index on another thread."""
        made = copy(self)
        made._shown = None
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

    def stops(self, part: int, shown: Mask) -> Stops:
        """The dated rows of a part that are in a mask."""
        self.look_at(shown)
        low, high = self._ends[2 * part + 1], self._ends[2 * part + 2]
        return Stops(self._rows[low:high], self._bests[low:high], self._seen[low:high], self._ranks, low)

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
        self._ranks = Ranks(self._seen)
        self._counts = np.diff(self._ranks.before_each(self._bounds))

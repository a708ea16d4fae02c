"""Counting by difference: how many events of each group have begun and are over, from one instant to the next.

A step of time changes little. The rows that begin between two instants are a stretch of the order by start, those that
come to be over a stretch of the order by end: they are added, or taken off when time runs back. A jump starts from the
nearest of some counts that are kept along each order. Whole numbers only, so nothing drifts. No Qt.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.counts import Rows
from viewer.core.index import EventIndex, Moment

Counted = NDArray[np.int32]
Groups = NDArray[np.uint16] | NDArray[np.int32]

Ended = tuple[NDArray[np.int64], Groups]
"""The latest ends of some rows (ms), ascending, and the groups of those rows in this order."""

KEPT: Final = 32
"""Counts kept along an order, besides those of its beginning."""
FEW: Final = 4_096
"""Up to so many changes are added one by one, more are counted first."""
SPARSE: Final = 8
"""Where fewer than this part of all rows are counted, their order by end is sorted for rather than picked out."""


class Tally:
    """Counts of one set of rows by group. ``begun`` and ``over`` are its own arrays: read them, and copy to keep."""

    def __init__(self, index: EventIndex, rows: Rows, groups: Groups, size: int, ended: Ended | None = None) -> None:
        """``rows``: ascending rows of the index; ``groups``: the group of each, 0..``size`` - 1; ``ended``: what
        ``by_end`` gives for them, where it is known.
        """
        self.rows = rows
        self._ends, ended_groups = by_end(index, rows, groups) if ended is None else ended
        self._starts, self._overs = _Running(groups, size), _Running(ended_groups, size)

    @property
    def totals(self) -> Counted:
        """How many of each group there are, whenever."""
        return self._starts.totals

    @property
    def begun(self) -> Counted:
        """How many of each group have begun at the moment last moved to."""
        return self._starts.counts

    @property
    def lit(self) -> Counted:
        """How many of each group lie in the trail."""
        return self._starts.counts - self._overs.counts

    def move(self, moment: Moment) -> None:
        """Count as things stand at a moment of the same index."""
        self._starts.move(int(np.searchsorted(self.rows, moment.begun)))
        self._overs.move(int(np.searchsorted(self._ends, moment.since, "left")))


def by_end(index: EventIndex, rows: Rows, groups: Groups) -> Ended:
    """Ascending rows of an index and their groups in order of their latest ends."""
    if len(rows) == index.n:
        return index.ends, groups[index.by_end]
    if len(rows) * SPARSE < index.n:
        latest = index.columns.latest[rows]
        order = np.argsort(latest, kind="stable")
        return latest[order], groups[order]
    none = np.iinfo(groups.dtype).max  # one look-up by end tells both which rows are counted and in which group
    group_of = np.full(index.n, none, groups.dtype)
    group_of[rows] = groups
    ended = group_of[index.by_end]
    counted = ended != none
    return index.ends[counted], ended[counted]


class _Running:
    """How often each group occurs among the first ``at`` of a sequence."""

    def __init__(self, groups: Groups, size: int) -> None:
        self._groups, self._size = groups, size
        self._at = 0
        self.counts: Counted = np.zeros(size, np.int32)
        self._stride = max(len(groups) // KEPT + 1, FEW)
        self._kept: list[Counted] = [self.counts.copy()]
        for first in range(0, len(groups) - self._stride, self._stride):
            part = np.bincount(groups[first : first + self._stride], minlength=size)
            self._kept.append(self._kept[-1] + part.astype(np.int32))
        rest = np.bincount(groups[(len(self._kept) - 1) * self._stride :], minlength=size)
        self.totals: Counted = self._kept[-1] + rest.astype(np.int32)

    def move(self, to: int) -> None:
        nearest = min((to + self._stride // 2) // self._stride, len(self._kept) - 1)
        if abs(to - nearest * self._stride) < abs(to - self._at):
            np.copyto(self.counts, self._kept[nearest])
            self._at = nearest * self._stride
        low, high = sorted((self._at, to))
        changed = self._groups[low:high]
        sign = 1 if to > self._at else -1
        if len(changed) <= FEW:
            np.add.at(self.counts, changed, sign)
        else:
            part = np.bincount(changed, minlength=self._size).astype(np.int32)
            self.counts += sign * part
        self._at = to

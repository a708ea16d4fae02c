"""Counting by difference: how many events of each group have begun and are over, from one instant to the next.

A step of time changes little. The rows that begin between two instants are a stretch of the order by start, those that
come to be over a stretch of the order by end: they are added, or taken off when time runs back. A jump starts from the
nearest of some counts that are kept along each order. Whole numbers only, so nothing drifts. No Qt.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.counts import Mask, Rows
from viewer.core.index import EventIndex, Moment

Counted = NDArray[np.int32]
Groups = NDArray[np.uint16] | NDArray[np.int32]

KEPT: Final = 32
"""Counts kept along an order, besides those of its beginning."""
FEW: Final = 4_096
"""Counts are kept no nearer to each other than so many rows."""
SLOWER: Final = 16
"""To add a change by itself takes so many times as long as to add up the changes of a group."""
SPARSE: Final = 8
"""Where fewer than this part of all rows are counted, their order by end is sorted for rather than picked out."""
LITTLE: Final = 3
"""A mask is taken up by difference where no more than this part of the rows has come or gone."""


class Tally:
    """Counts of those of some rows that can be shown, by group. ``begun`` is its own array: copy it to keep it."""

    def __init__(self, index: EventIndex, rows: Rows, groups: Groups, size: int) -> None:
        """``rows``: ascending rows of the index; ``groups``: the group of each, 0..``size`` - 1."""
        self.rows = rows
        self._every = len(rows) == index.n
        self._index = index
        self._ended, self._ends, ended_groups = _by_end(index, rows, groups)
        self._starts, self._overs = Running(groups, size), Running(ended_groups, size)
        self._able: Mask | None = None
        self.look_at()

    def look_at(self) -> bool:
        """Count what the index can show now; answers whether that is another than before."""
        able = self._index.able
        if self._able is able:
            return False
        self._able = able
        self._starts.look_at(able if self._every else able[self.rows])
        self._overs.look_at(self._index.able_by_end if self._every else able[self._ended])
        return True

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


def _by_end(index: EventIndex, rows: Rows, groups: Groups) -> tuple[Rows, NDArray[np.int64], Groups]:
    """Ascending rows of an index in order of their latest ends, these (ms), and their groups."""
    if len(rows) == index.n:
        return index.by_end, index.ends, groups[index.by_end]
    if len(rows) * SPARSE < index.n:
        latest = index.columns.latest[rows]
        order = np.argsort(latest, kind="stable")
        return rows[order], latest[order], groups[order]
    none = np.iinfo(groups.dtype).max  # one look-up by end tells both which rows are counted and in which group
    group_of = np.full(index.n, none, groups.dtype)
    group_of[rows] = groups
    ended = group_of[index.by_end]
    counted = ended != none
    return index.by_end[counted], index.ends[counted], ended[counted]


class Running:
    """How often each group occurs among those of the first so many of a sequence that a mask lets through; at first it
    lets nothing through. ``counts`` is its own array.
    """

    def __init__(self, groups: Groups, size: int) -> None:
        """``groups``: 0..``size`` - 1."""
        self._groups, self._size = groups, size
        self._shift = max(len(groups) // KEPT, FEW).bit_length()
        self._stride = 1 << self._shift
        strides = max(-(-len(groups) // self._stride), 1)
        self._kept: NDArray[np.int32] = np.zeros((strides + 1, size), np.int32)
        """The counts before each stride, and those of all."""
        self._mask: Mask = np.zeros(len(groups), bool)
        self._at = 0
        self.counts: Counted = self._kept[0].copy()

    @property
    def totals(self) -> Counted:
        return np.asarray(self._kept[-1])

    def look_at(self, mask: Mask) -> None:
        """Go by another mask."""
        changed = np.flatnonzero(mask != self._mask)
        if len(changed) * LITTLE > len(mask):
            for number in range(len(self._kept) - 1):
                own = slice(number * self._stride, (number + 1) * self._stride)
                found = np.bincount(self._groups[own][mask[own]], minlength=self._size)
                np.add(self._kept[number], found, out=self._kept[number + 1], casting="same_kind")
        elif len(changed):
            every = self._kept[1:].size
            keys = (changed >> self._shift) * self._size + self._groups[changed] + mask[changed] * every
            gone, come = np.bincount(keys, minlength=2 * every).reshape(2, -1, self._size)
            self._kept[1:] += np.cumsum(come - gone, axis=0, dtype=np.int32)
        self._mask = mask
        self.counts[:] = 0
        self._at = 0

    def move(self, to: int) -> None:
        """Count the first ``to``."""
        nearest = min((to + self._stride // 2) >> self._shift, len(self._kept) - 2)
        if abs(to - nearest * self._stride) < abs(to - self._at):
            np.copyto(self.counts, self._kept[nearest])
            self._at = nearest * self._stride
        low, high = sorted((self._at, to))
        changed = self._groups[low:high][self._mask[low:high]]
        sign = 1 if to > self._at else -1
        if len(changed) * SLOWER < self._size:
            np.add.at(self.counts, changed, sign)
        else:
            part = np.bincount(changed, minlength=self._size).astype(np.int32)
            self.counts += sign * part
        self._at = to

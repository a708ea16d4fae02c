"""A grid of cells over the map and some ground about it, with the events in each counted by difference. No Qt.

The grid is laid over the world in steps of half an octave: its cells hang on the world, not on the window, and a zoom
within a step only moves them. It reaches over as much ground about the map as the map is wide and high, so that it is
seldom made anew.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.counts import Mask, Rows
from viewer.core.index import EventIndex, Moment
from viewer.views.map.geometry import Viewport
from viewer.views.map.projection import Floats
from viewer.views.map.tally import Groups, Running, Tally

SIDE: Final = 26.0
"""The least side of a cell, logical px; the greatest is half an octave more."""
APART: Final = 0.8
"""Discs whose events lie nearer together than this part of a cell's side are one: else they would lie over each other,
and a town at the edge of cells would stand as two or four.
"""
MOST_WEIGHED: Final = 50_000
"""Where discs stand in their cells is taken from about so many events."""
MOST_CELLS: Final = 65_000
"""Cells have numbers of 16 bits."""


LEAST_SHARE: Final = 0.65
"""A grid reaches at least so far from its middle, as a part of the map's width and height ..."""
EARLY: Final = 0.6
"""... and the next one is begun when less than this of it is left on a side. Half is what the map shows."""
MOST_NARROWER: Final = 1
MOST_WIDER: Final = 3
"""While the map is zoomed a grid serves this many steps of half an octave further out and in."""


def fineness(scale: float, enlarged: float = 1.0) -> int:
    """Which grid serves a scale (logical px across the world): each has cells of 2^(-1/2) of the side of the last.

    ``enlarged``: so many times as large as usual its discs are drawn.
    """
    return math.floor(2 * math.log2(scale / enlarged / SIDE))


class Cells:
    """The grid for one viewport and those near it.

    In it lie rows of the index, shown or not: another filter only has them counted anew. A cell is where ``groups`` has
    its number.
    """

    def __init__(
        self, index: EventIndex, world_x: Floats, world_y: Floats, view: Viewport, enlarged: float = 1.0
    ) -> None:
        self._index, self._x, self._y = index, world_x, world_y
        self.fineness = fineness(view.scale, enlarged)
        self.step: float = 2.0 ** (-self.fineness / 2)
        self._across = max(math.ceil(1 / self.step), 1)
        wide, high = self._reach(view)
        self._half_x, self._half_y = min(wide, 0.5), high
        self._middle = view.x, view.y
        left = view.x - self._half_x
        self.top, bottom = max(view.y - high, 0.0), min(view.y + high, 1.0)
        self._whole = self._half_x >= 0.5
        self._first = 0 if self._whole else math.floor(left % 1.0 / self.step)
        self._wide = self._across if self._whole else min(math.ceil(2 * self._half_x / self.step) + 2, self._across)
        self._first_row = math.floor(self.top / self.step)
        self._high = math.floor(bottom / self.step) - self._first_row + 1
        self.size = self._wide * self._high
        self._held: Rows = np.flatnonzero(self._inside())
        """The rows that lie in it, ascending."""
        own: Rows | slice = self._held if len(self._held) < index.n else slice(None)  # of all rows nothing is copied
        groups = self._number(world_x[own], world_y[own])
        sample = slice(None, None, len(self._held) // MOST_WEIGHED + 1)
        self._into = self._merged(*self._weigh(groups[sample], world_x[own][sample], world_y[own][sample]))
        self.groups: Groups = groups if self._into is None else self._into[groups]
        rows = self._held[sample]
        self._sample = rows, self.groups[sample], world_x[rows], world_y[rows]
        self.tally = Tally(index, self._held, self.groups, self.size)
        self._rows: Rows | None = None
        self._seen: tuple[Viewport, NDArray[np.intp]] | None = None
        self._codes: tuple[NDArray[np.int32], Running, Mask | None] | None = None
        number = np.arange(self.size)
        corners = (number % self._wide + self._first) % self._across, number // self._wide + self._first_row
        self._centres: tuple[Floats, Floats] = (corners[0] + 0.5) * self.step, (corners[1] + 0.5) * self.step
        self._middles = self._find_middles()

    def look_at(self) -> None:
        """Go by what the index can show now."""
        if self.tally.look_at():
            self._rows = None
            self._middles = self._find_middles()

    @property
    def rows(self) -> Rows:
        """The rows in it that can be shown, ascending."""
        if self._rows is None:
            self._rows = self._held[self._index.able[self._held]]
        return self._rows

    @property
    def count(self) -> int:
        """How many these are."""
        return int(self.tally.totals.sum())

    def _inside(self) -> Mask:
        """Which rows with a date and a place lie in the grid."""
        top, bottom = self.top, min(self._middle[1] + self._half_y, 1.0)
        there = self._index.columns.dated & self._index.mapped
        inside: Mask = there & (self._y >= top) & (self._y <= bottom)
        if self._whole:
            return inside
        left, right = self._middle[0] - self._half_x, self._middle[0] + self._half_x
        if left < 0 or right > 1:  # over the antimeridian
            return inside & ((self._x >= left % 1.0) | (self._x <= right % 1.0))
        return inside & (self._x >= left) & (self._x <= right)

    def _reach(self, view: Viewport) -> tuple[float, float]:
        """How far the grid reaches from its middle (world units): less far where it would have too many cells."""
        wide, high = view.width / view.scale, view.height / view.scale
        cells = (2 * wide / self.step + 2) * (2 * high / self.step + 2)
        share = min(max(math.sqrt(MOST_CELLS / cells), LEAST_SHARE), 1.0)
        return share * wide, share * high

    def prepare(self, *, rows: bool = False) -> None:
        """Work out what every frame needs, on whichever thread has the time; also what ``rows_in`` does."""
        for name in ("_offsets", "_ends", *(("_by_cell",) if rows else ())):
            getattr(self, name)

    def serves(self, index: EventIndex, view: Viewport, margin: float, enlarged: float = 1.0) -> bool:
        """Whether this is the grid for a view of an index, with ``margin`` px about it."""
        if index is not self._index or fineness(view.scale, enlarged) != self.fineness:
            return False
        return self._holds(view.width / 2 + margin, view.height / 2 + margin, view)

    def _holds(self, right: float, down: float, view: Viewport) -> bool:
        """Whether all lies in the grid that is so many px to the right, left, down and up of the middle of a view."""
        wide, high = right / view.scale, down / view.scale
        away = abs((view.x - self._middle[0] + 0.5) % 1.0 - 0.5)
        if not self._whole and away + wide > self._half_x:
            return False
        low, most = self._middle[1] - self._half_y, self._middle[1] + self._half_y
        return max(view.y - high, 0.0) >= low and min(view.y + high, 1.0) <= most

    def passes(self, index: EventIndex, view: Viewport, enlarged: float = 1.0) -> bool:
        """Whether this can stand in for the grid of a view while the map is moved: its edge is some way off, and cells
        are neither much too narrow nor much too wide.
        """
        finer = fineness(view.scale, enlarged) - self.fineness
        near = index is self._index and -MOST_NARROWER <= finer <= MOST_WIDER
        return near and self._holds(view.width * EARLY, view.height * EARLY, view)

    def number(self, row: int) -> int:
        """The number of the cell to which a row of the index belongs."""
        return int(self.numbers(np.array([row], np.intp))[0])

    def numbers(self, rows: Rows) -> NDArray[np.intp]:
        """The same for many rows."""
        numbers = self._number(self._x[rows], self._y[rows])
        return (numbers if self._into is None else self._into[numbers]).astype(np.intp)

    def _number(self, x: Floats, y: Floats) -> Groups:
        column = np.minimum((x * (1 / self.step)).astype(np.int32), self._across - 1) - self._first
        if self._first:
            column[column < 0] += self._across
        row = (y * (1 / self.step)).astype(np.int32) - self._first_row
        np.clip(column, 0, self._wide - 1, out=column)  # what lies on the very edge may be rounded over it
        np.clip(row, 0, self._high - 1, out=row)
        return self._small(row * self._wide + column)

    # Where cells are

    def _weigh(self, groups: Groups, x: Floats, y: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
        """How many of some rows are in each cell, and their middle (world units)."""
        counts = np.bincount(groups, minlength=self.size)
        of = np.maximum(counts, 1)
        sums = [np.bincount(groups, weights=each, minlength=self.size) for each in (x, y)]
        return counts, sums[0] / of, sums[1] / of

    def _find_middles(self) -> tuple[Floats, Floats]:
        """Where discs stand (world units): in the middle of the shown events that each stands for, so that none stands
        where nothing happened; in the middle of the cell where none of them is in the sample.
        """
        rows, groups, world_x, world_y = self._sample
        shown = np.flatnonzero(self._index.able[rows])
        counts, x, y = self._weigh(groups[shown], world_x[shown], world_y[shown])
        middle_x, middle_y = self._centres
        return np.where(counts > 0, x, middle_x), np.where(counts > 0, y, middle_y)

    def _small(self, numbers: NDArray[np.integer]) -> Groups:
        return numbers.astype(np.uint16) if self.size < 1 << 16 else numbers.astype(np.int32)

    def _merged(self, counts: NDArray[np.intp], x: Floats, y: Floats) -> Groups | None:
        """Which cell the events of each one are counted in: the fullest of those next to it whose events lie near its
        own, so that a disc stands for both. None where each has its own.
        """
        near: dict[int, list[int]] = {}
        table = np.arange(self.size).reshape(self._high, self._wide)
        for one, other in (
            (table[:, :-1], table[:, 1:]),
            (table[:-1], table[1:]),
            (table[:-1, :-1], table[1:, 1:]),
            (table[:-1, 1:], table[1:, :-1]),
        ):
            one, other = one.ravel(), other.ravel()
            close = (counts[one] > 0) & (counts[other] > 0)
            close &= np.hypot(x[one] - x[other], y[one] - y[other]) < APART * self.step
            for a, b in zip(one[close].tolist(), other[close].tolist(), strict=True):
                near.setdefault(a, []).append(b)
                near.setdefault(b, []).append(a)
        if not near:
            return None
        into = np.arange(self.size)
        taken: set[int] = set()
        for cell in sorted(near, key=lambda each: (-counts[each], each)):
            if cell not in taken:
                taken.add(cell)
                for beside in near[cell]:
                    if beside not in taken:
                        taken.add(beside)
                        into[beside] = cell
        return self._small(into)

    @property
    def farthest(self) -> float:
        """No event lies farther from its disc (world units), along the map or down it."""
        return self.step if self._into is None else 2 * self.step

    def seen(self, view: Viewport, margin: float) -> NDArray[np.intp]:
        """The numbers of the cells that have any rows and reach into a view, with ``margin`` px about it."""
        if self._seen is None or self._seen[0] != view:
            x, y = view.screen(*self._middles)
            reach = margin + self.farthest * view.scale
            near = (x > -reach) & (x < view.width + reach) & (y > -reach) & (y < view.height + reach)
            near &= self._ends > self._offsets
            self._seen = view, np.flatnonzero(near)
        return self._seen[1]

    def screen(self, cells: NDArray[np.intp], view: Viewport) -> tuple[Floats, Floats]:
        """Where the discs of cells stand, logical px."""
        x, y = self._middles
        return view.screen(x[cells], y[cells])

    # What is in them

    @cached_property
    def _by_cell(self) -> Rows:
        return self._held[np.argsort(self.groups, kind="stable")]  # numbers of 16 bits: sorted by their digits

    @cached_property
    def _ends(self) -> NDArray[np.intp]:
        return np.cumsum(np.bincount(self.groups, minlength=self.size), dtype=np.intp)

    @cached_property
    def _offsets(self) -> NDArray[np.intp]:
        return np.concatenate(([0], self._ends[:-1])) if self.size else self._ends

    def held(self, cells: NDArray[np.intp]) -> int:
        """How many rows lie in cells, whenever, shown or not."""
        return int((self._ends[cells] - self._offsets[cells]).sum())

    def within(self, rows: Rows) -> Rows:
        """Those of some rows that lie in the grid."""
        at = np.minimum(np.searchsorted(self._held, rows), max(len(self._held) - 1, 0))
        return rows[self._held[at] == rows] if len(self._held) else rows[:0]

    @cached_property
    def used(self) -> NDArray[np.intp]:
        """The numbers of the cells that have any rows."""
        return np.flatnonzero(self._ends > self._offsets)

    def codes_begun(self, codes: NDArray[np.int32], moment: Moment) -> list[int]:
        """Which of the ``codes`` (one for each row of the index, small) the rows have that have begun at a moment."""
        if self._codes is None or self._codes[0] is not codes:
            self._codes = codes, Running(codes[self._held], int(codes.max(initial=0)) + 1), None
        _codes, running, able = self._codes
        if able is not self._index.able:
            self._codes = codes, running, self._index.able
            running.look_at(self._index.able[self._held])
        running.move(int(np.searchsorted(self._held, moment.begun)))
        return np.flatnonzero(running.counts).tolist()

    def rows_in(self, cells: NDArray[np.intp]) -> Rows:
        """The rows in cells that can be shown, whenever, ascending."""
        parts = [
            self._by_cell[low:high]
            for low, high in zip(self._offsets[cells].tolist(), self._ends[cells].tolist(), strict=True)
        ]
        if not parts:
            return np.empty(0, np.intp)
        rows = np.concatenate(parts)
        return np.sort(rows[self._index.able[rows]])

    def counts(self, cells: NDArray[np.intp], moment: Moment) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(active, in the trail) of each of ``cells`` at a moment."""
        self.tally.move(moment)
        lit = self.tally.lit[cells].astype(np.intp)
        begun = self.tally.begun[cells].astype(np.intp) if moment.with_older else lit.copy()
        if len(moment.ahead):
            begun += self.count_rows(moment.ahead)[cells]
        return begun, lit

    def count_rows(self, rows: Rows) -> NDArray[np.intp]:
        """How many of some rows lie in each cell."""
        return np.bincount(self.numbers(self.within(rows)), minlength=self.size)

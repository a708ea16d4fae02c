"""Places the events of one lane: which stand by themselves, in which line, and which keep label and capsule."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.index import EventIndex
from viewer.core.parts import Stops
from viewer.views.timeline.geometry import COLUMN, TimeScale, has_band
from viewer.views.timeline.lane_model import LOOKS, Crowd, Item, Lane, Metrics
from viewer.views.timeline.packing import NOWHERE, by_row, crowded, insert, pack, spread

MOST_ROWS: Final = 6
"""Lines of a lane that are used to set labels, more where there is room; what is planned may take SPARE more."""
SPARE: Final = 2
BEFORE: Final = 300.0
AFTER: Final = 60.0
"""How far outside the window events are still placed (px): a label slides out at the left before its event goes."""
LEAST_CUT: Final = 56.0
"""A label is not cut shorter (px)."""
CUT_STEP: Final = 8.0
"""Labels are cut to whole steps (px), so that one picture serves while the window moves."""
MOST_EXACT: Final = 4_000
"""Of so many events in a lane each is looked at; of more only how many there are in each column."""
STACK: Final = 14
"""Lines for events of one date, so that closer looks can tell them apart, where no more than FEW are in view."""
FEW: Final = 200

Measure = Callable[[int, bool], float]
"""The width of a row's label (px), set strong or not."""


class LaneWork:
    """One lane at one window. ``lines`` tells in which line rows were before."""

    def __init__(
        self,
        index: EventIndex,
        scale: TimeScale,
        metrics: Metrics,
        measure: Measure,
        lines: Mapping[int, int],
        room: int = MOST_ROWS,
    ) -> None:
        """``room``: lines that there are for a lane."""
        self.most = max(room, MOST_ROWS)
        self.index, self.scale, self.metrics, self.measure = index, scale, metrics, measure
        self.lines = lines

    def place(self, at: int, lane: Lane, stops: Stops, passing: Sequence[int]) -> list[Item]:
        """The items of lane number ``at`` but for their y; sets its lines and columns.

        ``stops`` have their best estimates in or near the window, ``passing`` only reach into it.
        """
        limit = max(STACK, self.most) if len(stops) <= FEW else self.most
        rows, lane.columns = self._apart(stops, limit)
        items = self.items(at, rows)
        past = np.array(passing, np.intp)
        if len(lane.columns):  # of so many a few that only pass by would say nothing, but for what lasts
            past = past[self.index.columns.lasting[past]]
        beyond = self.items(at, past)
        self._settle(items, beyond, lane.columns.xs, limit)
        found = [*(item for item in beyond if item.line >= 0), *items]
        used = max((item.line for item in found), default=0) + 1
        lane.lines = max(used, 2 if len(lane.columns) else 1)
        return found

    def collapse(self, lane: Lane, stops: Stops) -> None:
        """As ``place`` for a thin lane: all are counted."""
        lane.lines = 1
        if len(stops):
            lefts, ends = column_edges(self.scale, stops.every_best)
            counts = stops.counts(ends)
            full = np.flatnonzero(counts > 0)
            lane.columns = Crowd(lefts[full] + COLUMN / 2, counts[full])

    def _apart(self, stops: Stops, limit: int) -> tuple[NDArray[np.intp], Crowd]:
        """(Rows that can be told apart, the others counted)."""
        need = 2 * self.metrics.mark + 3
        if len(stops) > MOST_EXACT:
            return self._by_column(stops, need, limit)
        xs = self.scale.xs(stops.bests)
        many = spread(xs, crowded(xs, need, limit), self._reach)
        return stops.rows[~many], Crowd(xs[many], np.ones(np.count_nonzero(many), np.intp))

    @property
    def _reach(self) -> float:
        """How near (px) to what is counted nothing is drawn by itself, so that columns cross no mark."""
        return self.metrics.mark + 1.5 + COLUMN

    def _by_column(self, stops: Stops, need: float, limit: int) -> tuple[NDArray[np.intp], Crowd]:
        """(Which of very many are apart, the others counted): as ``crowded`` to the width of a column, without looking
        at each.
        """
        lefts, ends = column_edges(self.scale, stops.every_best)
        counts = stops.counts(ends)
        wide = math.ceil(need / COLUMN) + 1
        sums = np.cumsum(np.concatenate((np.zeros(wide, np.intp), counts, np.zeros(wide, np.intp))))
        tight = sums[wide:] - sums[:-wide] > limit  # of each stretch of ``wide`` columns
        crowding = np.convolve(tight, np.ones(wide, np.intp))[wide - 1 :][: len(counts)] > 0
        full = there = np.flatnonzero(counts)
        apart = np.empty(0, np.intp)
        if not crowding[there].all():
            crowding[there] = spread(lefts[there], crowding[there], self._reach + COLUMN)
            full, free = there[crowding[there]], there[~crowding[there]].tolist()
            ranges = [stops.cut(int(ends[at]), int(ends[at + 1])).rows for at in free]
            apart = np.concatenate(ranges) if ranges else apart
        return apart, Crowd(lefts[full] + COLUMN / 2, counts[full])

    def items(self, at: int, rows: NDArray[np.intp]) -> list[Item]:
        """The items of some rows in lane number ``at``, in no line yet."""
        if not len(rows):
            return []
        c, xs = self.index.columns, self.scale.xs(self.index.columns.best[rows])
        looks = c.status[rows].astype(np.int64) * LOOKS + c.supported[rows]
        columns = (rows, xs, self.index.hollow[rows], c.disagrees[rows], looks, c.kind[rows])
        return [self._item(at, *values) for values in zip(*(column.tolist() for column in columns), strict=True)]

    def _item(self, at: int, row: int, x: float, hollow: bool, disagrees: bool, look: int, kind: int) -> Item:
        m = self.metrics
        width = self.measure(row, False)
        if disagrees:
            width += m.icon
        label, half = x + m.label, m.mark + 1.5
        left, right = x - half, label + width + m.gap
        capsule = self._capsule(row) if hollow else None
        wish = self.lines.get(row, -1)
        flags = (capsule, hollow, disagrees, look, kind)
        return Item(left, right, x - half, x + half, wish, row, at, x, label, width, *flags)

    def _capsule(self, row: int) -> tuple[float, float] | None:
        """The outline of an uncertain plan or prediction (px)."""
        c = self.index.columns
        earliest, latest = int(c.earliest[row]), int(c.latest[row])
        if not has_band(earliest, latest, self.scale):
            return None
        left, right = self.scale.x(earliest), self.scale.x(latest)
        least = 3.2 * self.metrics.mark
        if right - left < least:
            middle = (left + right) / 2
            left, right = middle - least / 2, middle + least / 2
        return left, right

    def _settle(self, items: list[Item], beyond: list[Item], columns: NDArray[np.float64], limit: int) -> None:
        """Give every item its line: first plain marks, then labels at the edge, capsules, and what only passes."""
        plain = [item for item in items if item.capsule is None]
        edge = [item for item in plain if self._is_cut(item)]
        for item in edge:
            item.left, item.right = item.mark_left, item.mark_right
        if len(columns):
            self._yield_to_columns(plain, columns)
        used = pack(plain, self.most, limit)
        most = max(used, self.most) + SPARE
        rows = by_row(plain, most)
        for item in edge:
            self._turn(rows, item, columns, most)
        for item in items:
            if item.capsule is not None:
                self._insert_capsule(rows, item, item.capsule, columns, most)
        for item in beyond:
            self._insert_passing(rows, item, columns, most)
        for item in items:
            if not item.full:
                item.label, item.capsule = None, None
                item.left, item.right = item.mark_left, item.mark_right

    def _yield_to_columns(self, boxes: list[Item], columns: NDArray[np.float64]) -> None:
        """No label is set over columns."""
        after = np.searchsorted(columns, [box.mark_right for box in boxes])
        for box, at in zip(boxes, after.tolist(), strict=True):
            if at < len(columns) and columns[at] < box.right:
                box.full = False

    def _is_cut(self, item: Item) -> bool:
        """Whether a label at the right of its mark would be cut by the edge."""
        return item.x <= self.scale.width < item.x + self.metrics.label + item.width

    def _turn(self, rows: list[list[Item]], item: Item, columns: NDArray[np.float64], most: int) -> None:
        """Set the label of an item packed as a mark where a line is free: at its left, else cut at its right."""
        right, left = item.x + self.metrics.label, item.x - self.metrics.label - item.width
        room = (self.scale.width - self.metrics.gap - right) // CUT_STEP * CUT_STEP
        ways = []
        if left >= 0:
            ways.append((left, item.width, (left - self.metrics.gap / 2, item.mark_right)))
        if room >= LEAST_CUT and not item.disagrees:
            ways.append((right, room, (item.mark_left, right + room)))
        ways = [way for way in ways if not _crosses(columns, way[0], way[0] + way[1])]
        rows[item.line].remove(item)
        item.wish = item.line
        number = insert(rows, item, [extent for _label, _width, extent in ways], most)
        if number >= 0:
            item.label, item.width, _extent = ways[number]

    def _insert_capsule(
        self,
        rows: list[list[Item]],
        item: Item,
        capsule: tuple[float, float],
        columns: NDArray[np.float64],
        most: int,
    ) -> None:
        """A capsule with its label outside: at its right, else at its left, else within where neither is in view."""
        gap, (left, right) = self.metrics.gap, capsule
        clear = self.metrics.mark + 4
        starts = [max(right, item.x + clear) + gap, min(left, item.x - clear) - gap - item.width]
        seen = [start for start in starts if start >= 0 and start + item.width <= self.scale.width]
        inside = max(item.x + self.metrics.label, gap)
        labels = [*seen, *(start for start in [*starts, inside] if start not in seen)]
        labels = [start for start in labels if not _crosses(columns, start, start + item.width)]
        options = [
            (min(left - 3, start - gap / 2, item.x - self.metrics.label), max(right, start + item.width) + gap)
            for start in labels
        ]
        if not labels:
            options.append((min(left, item.mark_left), max(right, item.mark_right)))
        number = insert(rows, item, options, most)
        if number >= 0:
            item.label = labels[number] if labels else None

    def _insert_passing(self, rows: list[list[Item]], item: Item, columns: NDArray[np.float64], most: int) -> None:
        """What only passes: its label at the edge where that is free; a capsule has to have the line for itself."""
        gap = self.metrics.gap
        c = self.index.columns
        first = max(self.scale.x(int(c.earliest[item.row])), 0.0)
        last = min(self.scale.x(int(c.latest[item.row])), self.scale.width)
        pin = first + gap
        wanted = pin + item.width
        item.mark_left = item.mark_right = NOWHERE
        if item.capsule is not None:
            options = [(first, max(last, wanted + gap)), (first, last)]
        else:
            options = [(0.0, wanted + gap)] if item.x < 0 and wanted <= last else []
        number = insert(rows, item, options, most if item.capsule else self.most)
        clear = wanted <= self.scale.width and not _crosses(columns, pin, wanted)
        item.label = pin if number == 0 and clear else None
        if number < 0:
            item.left = item.right = NOWHERE
            if item.capsule is not None:
                item.line = -1  # not drawn at all
            elif item.wish < 0:  # a band without words: where fewest others lie
                item.line = min(range(self.most), key=lambda line: len(rows[line]))


def column_edges(scale: TimeScale, best: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The left edges of the columns that some events (ms, ascending, at least one) fall into, and of one more (px); how
    many of the events lie before each edge.
    """
    first, last = (math.floor(scale.x(int(best[at])) / COLUMN) for at in (0, -1))
    lefts = np.arange(first, last + 2, dtype=np.float64) * COLUMN
    ends = np.searchsorted(best, scale.ats(lefts))
    ends[0], ends[-1] = 0, len(best)
    return lefts, ends


def _crosses(columns: NDArray[np.float64], left: float, right: float) -> bool:
    """Whether a column stands where a label would be (px)."""
    if not len(columns):
        return False
    at = int(np.searchsorted(columns, left - COLUMN))
    return at < len(columns) and bool(columns[at] < right + COLUMN)

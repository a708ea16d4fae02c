"""Selected events stand out from the lanes as they are: nothing that can be seen goes elsewhere for it.

A selected mark stays in its line and gets its title in a pill where that has room between the marks beside it; titles
under the pill are away as long as it is there. What is counted with a crowd comes out of it as a mark of its own; of
very many the columns show how many of each are selected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.index import EventIndex
from viewer.core.parts import Parts
from viewer.views.timeline.geometry import COLUMN, TimeScale
from viewer.views.timeline.lane_model import Crowd, Item, Lane, Layout, Metrics
from viewer.views.timeline.lane_work import AFTER, BEFORE, CUT_STEP, LaneWork, Measure, column_edges
from viewer.views.timeline.packing import NOWHERE

MOST_APART: Final = 200
"""So many selected events come out of a crowd; of more their share of it is shown."""
LEAST_TITLE: Final = 90.0
"""A title is not cut shorter (px): then the mark alone stands out."""
PILL: Final = 3.0
"""So far (px) a pill reaches beyond what is in it."""


class Chosen:
    """The selected ``rows``, made once for a selection: each frame of a moving window asks."""

    def __init__(self, rows: Collection[int], index: EventIndex, parts: Parts) -> None:
        self.rows = frozenset(rows)
        self._index, self._parts = index, parts
        self._bests: dict[int, NDArray[np.int64]] = {}

    def bests(self, part: int) -> NDArray[np.int64]:
        """The best estimates (ms, ascending) of the shown ones that stand in a part."""
        if part not in self._bests:
            stops = self._parts.stops(part, self._index.shown)
            mask = np.zeros(self._index.n, bool)
            mask[list(self.rows)] = True
            self._bests[part] = stops.bests[mask[stops.rows]]
        return self._bests[part]


def stand_out(
    layout: Layout, selected: Chosen, index: EventIndex, parts: Parts, metrics: Metrics, measure: Measure
) -> Layout:
    """The layout with some rows selected. The ``parts`` are those of its lanes; it stays as it is itself."""
    chosen = selected.rows
    if not chosen:
        return layout
    lanes, items = list(layout.lanes), [_selected(item) if item.row in chosen else item for item in layout.items]
    if len(chosen) <= MOST_APART:
        work = LaneWork(index, layout.scale, metrics, measure, {})
        there = {(item.lane, item.row) for item in items if item.selected}
        for at, row in _counted(lanes, chosen, there, index, parts, layout):
            (item,) = work.items(at, np.array([row], np.intp))
            lanes[at] = _without(lanes[at], item.x)
            items.append(_among(items, _selected(item), lanes[at], metrics))
    else:
        for at, lane in enumerate(lanes):
            if lane.part is not None and len(lane.columns):
                lanes[at] = replace(lane, chosen=_by_column(layout.scale, selected.bests(lane.part)))
    lines: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        lines[item.lane, item.line].append(at)
    for line in sorted({(item.lane, item.line) for item in items if item.selected}):
        if not lanes[line[0]].thin:
            _set_titles(items, lines[line], layout.scale.width, metrics, measure)
    return replace(layout, lanes=lanes, items=sorted(items, key=lambda item: item.lane))


def _selected(item: Item) -> Item:
    made = copy(item)
    made.selected = True
    return made


def _counted(
    lanes: Sequence[Lane],
    chosen: frozenset[int],
    there: Collection[tuple[int, int]],
    index: EventIndex,
    parts: Parts,
    layout: Layout,
) -> list[tuple[int, int]]:
    """Lanes (by place) and rows of those selected that are in or near the window and are not drawn by themselves."""
    of_part = {lane.part: at for at, lane in enumerate(lanes) if lane.part is not None and len(lane.columns)}
    columns = index.columns
    found = []
    for row in sorted(chosen):
        if not (index.shown[row] and columns.dated[row]):
            continue
        if -BEFORE <= layout.scale.x(int(columns.best[row])) <= layout.scale.width + AFTER:
            mine = (of_part[part] for part in parts.of_row(row) if part in of_part)
            found += [(at, row) for at in mine if (at, row) not in there]
    return found


def _by_column(scale: TimeScale, bests: NDArray[np.int64]) -> Crowd:
    """How many of some events (ms, ascending) there are in each column of the window."""
    low, high = np.searchsorted(bests, [scale.at(-BEFORE), scale.at(scale.width + AFTER)])
    if low == high:
        return Crowd()
    lefts, ends = column_edges(scale, bests[low:high])
    counts = np.diff(ends)
    full = np.flatnonzero(counts > 0)
    return Crowd(lefts[full] + COLUMN / 2, counts[full])


def _without(lane: Lane, x: float) -> Lane:
    """A lane with one less of its crowd, that nearest to ``x`` px."""
    at = int(np.argmin(np.abs(lane.columns.xs - x)))
    counts = lane.columns.counts.copy()
    counts[at] -= 1
    stay = counts > 0
    return replace(lane, columns=Crowd(lane.columns.xs[stay], counts[stay]))


def _among(items: Sequence[Item], item: Item, lane: Lane, metrics: Metrics) -> Item:
    """A mark in the line of its lane where it meets the fewest others and then the fewest titles."""
    meets = [[0, 0] for _line in range(lane.lines)]
    for other in items:
        if other.lane == item.lane and other.left < item.mark_right and other.right > item.mark_left:
            meets[other.line][0] += other.mark_left < item.mark_right and other.mark_right > item.mark_left
            meets[other.line][1] += 1
    item.line = min(range(lane.lines), key=lambda line: meets[line])
    item.label = item.capsule = None
    item.left, item.right = item.mark_left, item.mark_right
    first = (lane.height - lane.lines * metrics.row) / 2
    item.y = lane.top + (lane.height / 2 if lane.thin else first + (item.line + 0.5) * metrics.row)
    return item


def _set_titles(items: list[Item], line: Sequence[int], width: float, metrics: Metrics, measure: Measure) -> None:
    """Give the selected ones of a line (by their places among ``items``) their titles, and take others away below."""
    marks = {at: (items[at].mark_left, items[at].mark_right) for at in line if items[at].mark_left > NOWHERE}
    for at in (each for each in line if items[each].selected):
        item = items[at]
        if item.x > width or (item.mark_left == NOWHERE and item.label is None):
            continue
        full = measure(item.row, True) + (metrics.icon if item.disagrees else 0.0)
        others = [extent for other, extent in marks.items() if other != at]
        label, item.width = _place(item, full, others, width, metrics) or (None, item.width)
        item.label = label
        item.left, item.right = _extent(item)
        if label is None:
            continue
        item.left = min(item.left, label - metrics.gap) - PILL
        item.right = max(item.right, label + item.width + metrics.gap) + PILL
        if item.mark_left > NOWHERE:
            marks[at] = (min(item.mark_left, label - metrics.gap), max(item.mark_right, item.right))
        else:
            marks[at] = (item.left, item.right)
        for other in line:
            title = items[other].label
            if items[other].selected or title is None:
                continue
            if title < item.right and title + items[other].width > item.left:
                items[other] = copy(items[other])
                items[other].label = None
                items[other].left, items[other].right = _extent(items[other])


def _place(
    item: Item, full: float, others: Sequence[tuple[float, float]], width: float, metrics: Metrics
) -> tuple[float, float] | None:
    """Where a title begins and how wide it is set (px), ``full`` if it can be; None where there is no room for any.

    Where it was it stays; else it is set at the right of its mark or capsule, else at the left.
    """
    left, right = item.capsule or (item.x, item.x)
    start = max(right + metrics.gap if item.capsule else NOWHERE, item.x + metrics.label)
    end = min(left - metrics.gap if item.capsule else -NOWHERE, item.x - metrics.label)
    if item.label is not None and item.label > item.x:
        start = item.label
    elif item.label is not None:
        end = item.label + item.width
    after = min([low for low, high in others if high > start], default=width)
    before = max([high for low, high in others if low < end], default=0.0)
    edge = metrics.gap + PILL
    rooms = {True: min(after, width) - edge - start, False: end - edge - max(before, 0.0)}
    sides = (False, True) if item.label is not None and item.label < item.x else (True, False)
    for least in (full, LEAST_TITLE):
        for side in sides:
            if rooms[side] >= least:
                wide = full if rooms[side] >= full else rooms[side] // CUT_STEP * CUT_STEP
                return (start if side else end - wide), wide
    return None


def _extent(item: Item) -> tuple[float, float]:
    """What an event covers without its title (px)."""
    if item.capsule is None:
        return item.mark_left, item.mark_right
    return min(item.capsule[0], item.mark_left), max(item.capsule[1], item.mark_right)

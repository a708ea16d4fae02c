"""The lanes at a window: which events are near enough to be placed, and where each lane then begins.

Arithmetic over the index; nothing is painted here. Only events in or about the window are looked at one by one, and
only those that can be told apart; the others are counted into columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import KindRow
from db.values import TimeWindow
from viewer.core.index import EventIndex
from viewer.views.timeline.geometry import TimeScale
from viewer.views.timeline.lane_model import Item, Lane, Layout, Metrics
from viewer.views.timeline.lane_work import LaneWork, Measure

PASSING: Final = 8
"""How many events of a lane are shown whose mark is outside the window while their span reaches into it."""
BEFORE: Final = 300.0
AFTER: Final = 60.0
"""How far outside the window events are still placed (px): a label slides out at the left before its event goes."""


class Laying:
    """Makes layouts and remembers lines, so that nothing jumps to another line while the window is only moved."""

    def __init__(self) -> None:
        self._lines: dict[int, int] = {}  # row in the index -> line
        self._heights: dict[int, int] = {}  # kind id -> lines
        self._same: tuple[float, int] = (0.0, 0)

    def forget(self) -> None:
        """Other data or other filters: place everything anew."""
        self._same = (0.0, 0)

    def lay(
        self,
        index: EventIndex,
        lanes: Sequence[Lane],
        scale: TimeScale,
        metrics: Metrics,
        measure: Measure,
        selected: frozenset[int],
        *,
        settle: bool = True,
    ) -> Layout:
        """Place everything at ``scale``.

        While the user drags, ``settle`` is False: lanes then keep the height that they had.
        """
        same = (round(scale.ms_per_px, 6), id(index.shown))
        if same != self._same:
            self._same = same
            self._lines.clear()
            self._heights.clear()
        passing = _passing(index, scale)
        items: list[Item] = []
        top = 0.0
        for at, lane in enumerate(lanes):
            lane.top = top
            if lane.hidden:
                lane.height = metrics.thin
            else:
                rows, best = _near(index, lane.kind_id, scale)
                work = LaneWork(index, scale, metrics, measure, selected, self._lines)
                placed = work.place(at, lane, rows, best, passing.get(lane.kind_id, []))
                if not settle:
                    lane.lines = max(lane.lines, self._heights.get(lane.kind_id, 1))
                self._heights[lane.kind_id] = lane.lines
                lane.height = metrics.pad + lane.lines * metrics.row
                for item in placed:
                    item.y = top + metrics.pad / 2 + (item.line + 0.5) * metrics.row
                    self._lines[item.row] = item.line
                items.extend(placed)
            top += lane.height
        stops = [
            round(lane.top + line * metrics.row) for lane in lanes for line in range(1 if lane.hidden else lane.lines)
        ]
        return Layout(scale, list(lanes), items, top, stops)


def make_lanes(
    counts: Mapping[int, tuple[int, int]], kinds: Mapping[int, KindRow], hidden: frozenset[str]
) -> list[Lane]:
    """A lane for each kind of the project in its order, and one for events without a kind where there are any.

    ``counts`` are how many events are shown and how many there are, by kind.
    """
    rows: list[KindRow | None] = [*sorted(kinds.values(), key=lambda row: (row.position, row.id))]
    if any(kind not in kinds for kind in counts):
        rows.append(None)
    lanes = []
    for kind in rows:
        shown, total = counts.get(kind.id if kind is not None else 0, (0, 0))
        lanes.append(Lane(kind, shown, total, kind is not None and kind.uid in hidden))
    return lanes


def _near(index: EventIndex, kind: int, scale: TimeScale) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Rows of a kind whose mark lies in the window or near it, in order of their best estimates, and these."""
    rows = index.stops_of(kind)
    best = index.stop_bests_of(kind)
    low = int(np.searchsorted(best, scale.at(-BEFORE), "left"))
    high = int(np.searchsorted(best, scale.at(scale.width + AFTER), "right"))
    return rows[low:high], best[low:high]


def _passing(index: EventIndex, scale: TimeScale) -> dict[int, list[int]]:
    """By kind: rows that reach into the window from a mark outside of it; lasting ones first, then the nearest."""
    c = index.columns
    rows = np.sort(index.reaching(TimeWindow(scale.first, scale.last), round(AFTER * scale.ms_per_px)))
    rows = rows[(c.best[rows] < scale.at(-BEFORE)) | (c.best[rows] > scale.at(scale.width + AFTER))]
    if not len(rows):
        return {}
    middle = (scale.first + scale.last) // 2
    order = np.lexsort((np.abs(c.best[rows] - middle), ~c.lasting[rows]))
    found: dict[int, list[int]] = {}
    for row in rows[order][: PASSING * 64]:
        mine = found.setdefault(int(c.kind[row]), [])
        if len(mine) < PASSING:
            mine.append(int(row))
    return found

"""Where everything in the lanes goes: which events are read one by one, in which row, and which keep their label.

Arithmetic over the index; nothing is painted here. Places are logical pixels: x from the left edge of the plot, y from
the top of the first lane. Only events in or about the window are looked at one by one, and only those that can be
told apart; the others are counted into columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import KindRow
from viewer.core.index import EventIndex
from viewer.views.timeline.geometry import FAR, TimeScale, has_band
from viewer.views.timeline.packing import Box, crowded, pack

MOST_ROWS: Final = 6
PASSING: Final = 8
"""How many events of a lane are shown whose mark is outside the window while their span reaches into it."""
BEFORE: Final = 300.0
AFTER: Final = 60.0
"""How far outside the window events are still placed (px): a label slides out at the left before its event goes."""

Measure = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Metrics:
    """Lengths of the lanes in px, at the interface scale."""

    row: float = 17.0
    pad: float = 6.0
    thin: float = 20.0  # a hidden lane
    mark: float = 6.0  # radius
    label: float = 11.0  # from the mark's middle to its label
    gap: float = 8.0
    icon: float = 17.0  # the compare icon after a label, with its distance

    @classmethod
    def at(cls, scale: float) -> Metrics:
        plain = cls()
        return cls(
            round(plain.row * scale),
            round(plain.pad * scale),
            round(plain.thin * scale),
            plain.mark * scale,
            plain.label * scale,
            plain.gap * scale,
            plain.icon * scale,
        )


@dataclass(slots=True)
class Item:
    """One event in the lanes. ``row`` is its row in the index, ``y`` the middle of its line, ``x`` its best estimate.

    ``label`` is where its title starts, None where that was dropped; ``left..right`` is all that it covers but the
    band. ``capsule`` is the outline of what is planned or predicted.
    """

    row: int
    lane: int
    line: int
    x: float
    y: float
    left: float
    right: float
    label: float | None
    width: float
    capsule: tuple[float, float] | None
    hollow: bool
    selected: bool
    disagrees: bool


@dataclass(slots=True)
class Lane:
    """One kind. ``kind`` is None for events without one; ``columns`` are x places of events too many to tell apart."""

    kind: KindRow | None
    shown: int
    total: int
    hidden: bool
    top: float = 0.0
    height: float = 0.0
    lines: int = 1
    columns: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @property
    def name(self) -> str:
        return self.kind.name if self.kind is not None else "No kind"

    @property
    def kind_id(self) -> int:
        return self.kind.id if self.kind is not None else 0


@dataclass(slots=True)
class Layout:
    """The lanes at one window. Items in order of lanes, then time. ``height`` of all lanes."""

    scale: TimeScale
    lanes: list[Lane]
    items: list[Item]
    height: float

    def lane_at(self, y: float) -> int | None:
        for at, lane in enumerate(self.lanes):
            if lane.top <= y < lane.top + lane.height:
                return at
        return None

    def item_at(self, x: float, y: float, slack: float = 12.0) -> Item | None:
        """The event under a point: its label, else the nearest mark within ``slack`` px on the same line."""
        best, nearest = None, slack
        for item in self.items:
            if abs(item.y - y) > 10:
                continue
            if item.label is not None and item.label <= x <= item.label + item.width and abs(item.y - y) <= 8.5:
                return item
            if abs(item.x - x) < nearest:
                best, nearest = item, abs(item.x - x)
        if best is None:
            for item in self.items:
                if item.capsule is not None and item.capsule[0] <= x <= item.capsule[1] and abs(item.y - y) <= 8.5:
                    return item
        return best

    def item_of(self, row: int) -> Item | None:
        return next((item for item in self.items if item.row == row), None)


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
        """Place everything at ``scale``. ``measure`` gives the width of a row's label (px).

        While the user drags, ``settle`` is False: lanes then keep the height that they had.
        """
        same = (round(scale.ms_per_px, 6), id(index.shown))
        if same != self._same:
            self._same = same
            self._lines.clear()
            self._heights.clear()
        rows, xs = _near(index, scale)
        kinds = index.columns.kind[rows]
        passing = _passing(index, scale)
        items: list[Item] = []
        top = 0.0
        for at, lane in enumerate(lanes):
            lane.top = top
            if lane.hidden:
                lane.height = metrics.thin
            else:
                mine = kinds == lane.kind_id
                work = _LaneWork(index, scale, metrics, measure, selected, self._lines)
                placed = work.place(at, lane, rows[mine], xs[mine], passing.get(lane.kind_id, []))
                if not settle:
                    lane.lines = max(lane.lines, self._heights.get(lane.kind_id, 1))
                self._heights[lane.kind_id] = lane.lines
                lane.height = metrics.pad + lane.lines * metrics.row
                for item in placed:
                    item.y = top + metrics.pad / 2 + (item.line + 0.5) * metrics.row
                    self._lines[item.row] = item.line
                items.extend(placed)
            top += lane.height
        return Layout(scale, list(lanes), items, top)


def make_lanes(index: EventIndex, kinds: Mapping[int, KindRow], hidden: frozenset[str]) -> list[Lane]:
    """A lane for each kind of the project in its order, and one for events without a kind where there are any."""
    counts = index.shown_by_kind()
    rows: list[KindRow | None] = [*sorted(kinds.values(), key=lambda row: (row.position, row.id))]
    if any(kind not in kinds for kind in counts):
        rows.append(None)
    lanes = []
    for kind in rows:
        shown, total = counts.get(kind.id if kind is not None else 0, (0, 0))
        lanes.append(Lane(kind, shown, total, kind is not None and kind.uid in hidden))
    return lanes


def _near(index: EventIndex, scale: TimeScale) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Rows whose mark lies in the window or near it, in order of their best estimate, and the marks' places."""
    best = index.columns.best
    stops = index.stops  # shown and dated, by best estimate
    ordered = best[stops]
    low = int(np.searchsorted(ordered, scale.at(-BEFORE), "left"))
    high = int(np.searchsorted(ordered, scale.at(scale.width + AFTER), "right"))
    rows = stops[low:high]
    return rows, scale.xs(best[rows])


def _passing(index: EventIndex, scale: TimeScale) -> dict[int, list[int]]:
    """By kind: rows that reach into the window from a mark outside of it; lasting ones first, then the nearest."""
    c = index.columns
    outside = (c.best < scale.at(-BEFORE)) | (c.best > scale.at(scale.width + AFTER))
    rows = np.flatnonzero(index.shown & c.dated & outside & (c.earliest <= scale.last) & (c.latest >= scale.first))
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


class _LaneWork:
    """Places the events of one lane."""

    def __init__(
        self,
        index: EventIndex,
        scale: TimeScale,
        metrics: Metrics,
        measure: Measure,
        selected: frozenset[int],
        lines: Mapping[int, int],
    ) -> None:
        self.index, self.scale, self.metrics, self.measure = index, scale, metrics, measure
        self.selected, self.lines = selected, lines

    def place(
        self, at: int, lane: Lane, rows: NDArray[np.intp], xs: NDArray[np.float64], passing: Sequence[int]
    ) -> list[Item]:
        """The lane's items but for their y; sets its lines and columns."""
        many = crowded(xs, 2 * self.metrics.mark + 3, MOST_ROWS)
        if self.selected and many.any():
            many &= ~np.isin(rows, list(self.selected))
        lane.columns = xs[many]
        c = self.index.columns
        few = rows[~many]
        items = [
            self._item(at, row, x, hollow, disagrees)
            for row, x, hollow, disagrees in zip(
                few.tolist(),
                xs[~many].tolist(),
                self.index.hollow[few].tolist(),
                c.disagrees[few].tolist(),
                strict=True,
            )
        ]
        used = self._pack(items)
        beyond = [
            self._item(at, row, self.scale.x(int(c.best[row])), bool(self.index.hollow[row]), False) for row in passing
        ]
        used = self._put_passing(beyond, items, used)
        lane.lines = max(used, 2 if len(lane.columns) else 1)
        return [*(item for item in beyond if item.line >= 0), *items]

    def _item(self, at: int, row: int, x: float, hollow: bool, disagrees: bool) -> Item:
        m = self.metrics
        width = self.measure(row) + (m.icon if disagrees else 0.0)
        label: float = x + m.label
        left, right = x - m.mark - 3, label + width + m.gap
        capsule = None
        if hollow:
            c = self.index.columns
            earliest, latest = int(c.earliest[row]), int(c.latest[row])
            if has_band(earliest, latest, self.scale):
                capsule = self.scale.x(earliest), self.scale.x(latest)
                if capsule[1] - capsule[0] < 3 * m.mark:
                    capsule = (capsule[0] + capsule[1]) / 2 - 1.5 * m.mark, (capsule[0] + capsule[1]) / 2 + 1.5 * m.mark
                label = self._label_of(capsule, x, width)
                left = min(capsule[0], label, left) - 3
                right = max(capsule[1], label + width) + m.gap
        chosen = row in self.selected
        if chosen:  # its pill
            left, right = left - 3, right + 2
        return Item(row, at, -1, x, 0.0, left, right, label, width, capsule, hollow, chosen, disagrees)

    def _label_of(self, capsule: tuple[float, float], x: float, width: float) -> float:
        """Outside the capsule, at its right where that is in view, else at its left, else within."""
        m = self.metrics
        if capsule[1] + m.gap + width <= self.scale.width:
            return capsule[1] + m.gap
        if capsule[0] - m.gap - width >= 0:
            return capsule[0] - m.gap - width
        return max(x + m.label, m.gap)

    def _pack(self, items: list[Item]) -> int:
        half = self.metrics.mark + 1.5
        boxes = [
            Box(item.left, item.right, item.x - half, item.x + half, self.lines.get(item.row, -1), item.selected)
            for item in items
        ]
        order = sorted(range(len(boxes)), key=lambda at: boxes[at].left)
        used = pack([boxes[at] for at in order], MOST_ROWS)
        for item, box in zip(items, boxes, strict=True):
            item.line = box.row
            if not box.full:
                item.label, item.capsule = None, None
                item.left, item.right = box.mark_left, box.mark_right
        return used

    def _put_passing(self, beyond: list[Item], items: list[Item], used: int) -> int:
        """Give what only passes a line of its own among the others, its label pinned to the edge where that is free."""
        m = self.metrics
        taken: list[list[tuple[float, float]]] = [[] for _ in range(MOST_ROWS)]
        for item in items:
            taken[item.line].append((item.left, item.right))
        for item in beyond:
            first, last = self._reach(item)
            pin = max(m.gap, first + m.gap) if item.x < 0 else None
            fits = pin is not None and pin + item.width <= min(last, self.scale.width)
            needs = (
                (first, last)
                if item.capsule is not None
                else (0.0, (pin or 0.0) + item.width + m.gap)
                if fits
                else None
            )
            wish = self.lines.get(item.row, -1)
            lines = [wish, *range(MOST_ROWS)] if wish >= 0 else list(range(MOST_ROWS))
            free = [line for line in lines if needs is None or _is_free(taken[line], needs)]
            if not free:
                if item.capsule is not None:
                    continue
                free, fits = [min(wish, MOST_ROWS - 1) if wish >= 0 else 0], False
            item.line = free[0]
            item.label = pin if fits else None
            item.left, item.right = (0.0, (pin or 0.0) + item.width + m.gap) if fits else (-FAR, -FAR)
            if item.capsule is not None:
                item.left, item.right = first, last
            taken[item.line].append((item.left, item.right))
            used = max(used, item.line + 1)
        return used

    def _reach(self, item: Item) -> tuple[float, float]:
        """The part of its span that is in view (px)."""
        c = self.index.columns
        first, last = self.scale.x(int(c.earliest[item.row])), self.scale.x(int(c.latest[item.row]))
        return max(first, 0.0), min(last, self.scale.width)


def _is_free(taken: Sequence[tuple[float, float]], wanted: tuple[float, float]) -> bool:
    return all(right <= wanted[0] or left >= wanted[1] for left, right in taken)

"""The lanes at a window: which events are near enough to be placed, and where each lane then begins.

Arithmetic over the index; nothing is painted here. Only events in or about the window are looked at one by one, and
only those that can be told apart; the others are counted into columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from db.values import Status, TimeWindow
from viewer.core.counts import Mask
from viewer.core.grouping import Grouping
from viewer.core.groups import NONE, OTHERS, Groups, Label, is_special
from viewer.core.index import EventIndex
from viewer.core.loaded import Loaded
from viewer.core.parts import NO_STOPS, Parts, Stops
from viewer.core.state import Filters, Lanes
from viewer.models.wording import STATUS_WORDS, source_name
from viewer.views.timeline.geometry import TimeScale
from viewer.views.timeline.lane_model import Crowd, Item, Lane, Layout, Metrics, Sign
from viewer.views.timeline.lane_work import AFTER, BEFORE, SPARE, LaneWork, Measure

PASSING: Final = 8
"""How many events of a lane are shown whose mark is outside the window while their span reaches into it."""
MOST_HIDDEN: Final = 8
"""So many hidden lanes stay in their places; of more there is one that stands for all."""
AWAY: Final = "~away"
"""Key of that one."""


class Laying:
    """Makes layouts and remembers lines, so that nothing jumps to another line while the window is only moved."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[int, int]] = {}  # key of the lane -> row in the index -> line
        self._heights: dict[str, int] = {}  # key of the lane -> lines at this scale
        self._known: dict[str, int] = {}  # the same as they were last placed at any
        self._same: tuple[float, int, int, int] = (0.0, 0, 0, 0)

    def forget(self) -> None:
        """Other data or other filters: place everything anew."""
        self._same = (0.0, 0, 0, 0)
        self._known.clear()

    def lay(
        self,
        index: EventIndex,
        parts: Parts,
        lanes: Sequence[Lane],
        scale: TimeScale,
        metrics: Metrics,
        measure: Measure,
        *,
        settle: bool = True,
        room: float = 0.0,
        seen: tuple[float, float] | None = None,
    ) -> Layout:
        """Place everything at ``scale``; the ``parts`` are those of the lanes. Where they have more ``room`` (px) than
        they need they take more lines.

        While the user drags, ``settle`` is False: lanes then keep the height that they had. While the window moves,
        lanes that lie wholly outside what is ``seen`` of them (px from top to bottom) wait to be placed.
        """
        free = room - sum(metrics.thin if lane.thin else metrics.pad for lane in lanes)
        each = int(free / metrics.row / max(sum(not lane.thin for lane in lanes), 1)) - SPARE
        same = (round(scale.ms_per_px, 6), id(index.shown), id(parts), each)
        if same != self._same:
            self._same = same
            self._lines.clear()
            self._heights.clear()
        passing = _passing(index, parts, scale)
        items: list[Item] = []
        top, whole = 0.0, True
        for at, lane in enumerate(lanes):
            lane.top, lane.columns = top, Crowd()
            lane.lines = self._known.get(lane.key, 1)
            lane.height = metrics.thin if lane.thin else metrics.pad + lane.lines * metrics.row
            if seen is not None and lane.key in self._known and (top + lane.height <= seen[0] or top >= seen[1]):
                whole = False
            elif not lane.hidden:
                lines = self._lines.setdefault(lane.key, {})
                work = LaneWork(index, scale, metrics, measure, lines, each)
                near = _near(index, parts, lane.part, scale)
                placed: list[Item] = []
                if lane.collapsed:
                    work.collapse(lane, near)
                else:
                    placed = work.place(at, lane, near, passing.get(lane.part, []))
                    if not settle:
                        lane.lines = max(lane.lines, self._heights.get(lane.key, 1))
                    self._heights[lane.key] = self._known[lane.key] = lane.lines
                    lane.height = metrics.pad + lane.lines * metrics.row
                first = (lane.height - lane.lines * metrics.row) / 2
                for item in placed:
                    item.y = top + first + (item.line + 0.5) * metrics.row
                    lines[item.row] = item.line
                items.extend(placed)
            top += lane.height
        stops = [
            round(lane.top + line * metrics.row) for lane in lanes for line in range(1 if lane.thin else lane.lines)
        ]
        return Layout(scale, list(lanes), items, top, stops, whole)


def make_lanes(groups: Groups, loaded: Loaded, wanted: Lanes, filters: Filters, shown: Mask) -> list[Lane]:
    """A lane for each group in the order that is wanted.

    Those that are hidden stay as thin lanes while they are few; many are one lane at the end that brings them back.
    """
    hidden = wanted.hidden_with(filters)
    counts = groups.parts.shown(shown).tolist()
    lanes = []
    for group in groups.arranged(wanted.order):
        name, sign = _look_of(groups.grouping, group.label, loaded)
        lanes.append(
            Lane(
                group.key,
                name,
                sign,
                group.part,
                counts[group.part] if group.part is not None else 0,
                group.total,
                hidden=group.key in hidden,
                collapsed=group.key in wanted.collapsed,
                switchable=group.key != NONE or groups.grouping is not Grouping.KIND,
                movable=not is_special(group.key),
            )
        )
    away = [lane for lane in lanes if lane.hidden]
    if len(away) <= MOST_HIDDEN:
        return lanes
    rest = Lane(AWAY, f"{len(away)} hidden lanes", Sign("layers"), None, 0, 0, hidden=True, movable=False)
    return [*(lane for lane in lanes if not lane.hidden), rest]


def _look_of(grouping: Grouping, label: Label, loaded: Loaded) -> tuple[str, Sign]:
    """The name of a lane, and what stands before it."""
    if label.key == OTHERS:
        return label.name, Sign("layers")
    match grouping:
        case Grouping.KIND:
            kind = loaded.kinds.get(label.id)
            return label.name, Sign(shape=kind.shape, light=kind.light, dark=kind.dark) if kind is not None else Sign()
        case Grouping.STATUS:
            status = Status(label.key)
            return STATUS_WORDS[status], Sign(status=status)
        case Grouping.SOURCE:
            source = loaded.sources.get(label.id)
            return source_name(source) if source is not None else label.name, Sign("file-text")
        case Grouping.ACTOR:
            actor = loaded.actors.get(label.id)
            own = (actor.light, actor.dark) if actor is not None else (None, None)
            return label.name, Sign("" if all(own) else "user-round", light=own[0], dark=own[1])
        case Grouping.PLACE:
            return label.name, Sign("map-pin")
        case Grouping.TAG:
            return label.name, Sign("tag")
        case Grouping.ATTRIBUTION:
            return label.name, Sign("quote")


def _near(index: EventIndex, parts: Parts, part: int | None, scale: TimeScale) -> Stops:
    """The events of a part whose mark lies in the window or near it."""
    if part is None:
        return NO_STOPS
    return parts.stops(part, index.shown).between(scale.at(-BEFORE), scale.at(scale.width + AFTER))


def _passing(index: EventIndex, parts: Parts, scale: TimeScale) -> dict[int | None, list[int]]:
    """By part: rows that reach into the window from a mark outside of it; lasting ones first, then the nearest."""
    c = index.columns
    rows = np.sort(index.reaching(TimeWindow(scale.first, scale.last), round(AFTER * scale.ms_per_px)))
    rows = rows[(c.best[rows] < scale.at(-BEFORE)) | (c.best[rows] > scale.at(scale.width + AFTER))]
    if not len(rows):
        return {}
    middle = (scale.first + scale.last) // 2
    order = np.lexsort((np.abs(c.best[rows] - middle), ~c.lasting[rows]))
    found: dict[int | None, list[int]] = {}
    for row in rows[order][: PASSING * 64].tolist():
        for part in parts.of_row(row):
            mine = found.setdefault(part, [])
            if len(mine) < PASSING:
                mine.append(row)
    return found

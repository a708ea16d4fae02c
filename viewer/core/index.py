"""The events as numpy columns sorted by time: filters, what is on the map at an instant, steps, counts. No Qt.

Built once per change of the data and then only asked. Rows are positions in the columns (0..n-1, by earliest start);
ids are the project's. Every answer is plain array arithmetic over one boolean mask, so that it can be checked against
a plain loop. What is asked for each frame is counted from two orders, by earliest start and by latest end: what has
begun less what is over, which costs two searches however many events there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from db.values import OPEN_FUTURE, OPEN_PAST, Status, TimeWindow
from viewer.core.counts import Counts, Mask, Rows
from viewer.core.ordered import STATUSES, Ordered
from viewer.core.state import NO_KIND, Filters


class Moment:
    """Which rows the map shows at one instant. Counts are at hand; the rows are looked for when they are asked for.

    ``lit`` lie possibly within the trail, ``older`` before it unless they are left out, ``ahead`` are planned or
    predicted for later and had been announced by then. The three are disjoint.
    """

    def __init__(self, index: EventIndex, cursor: int, trail: int, *, with_older: bool) -> None:
        self._index = index
        self.cursor, self.since, self.with_older = cursor, cursor - trail, with_older
        self.begun = int(np.searchsorted(index.columns.earliest, cursor, "right"))
        """Rows before this one have begun."""
        self.over = int(np.searchsorted(index.ends, self.since, "left"))
        """So many rows, in order of their latest end, were over before the trail."""
        self.older_count = index.placed.over(self.over)
        self.lit_count = index.placed.begun(self.begun) - self.older_count

    @cached_property
    def ahead(self) -> Rows:
        index = self._index
        later = index.promised[np.searchsorted(index.promised, self.begun) :]
        return later[index.announced[later] <= self.cursor]

    @cached_property
    def lit(self) -> Rows:
        return np.flatnonzero(self._index.able[: self.begun] & self.is_recent(slice(0, self.begun)))

    @cached_property
    def older(self) -> Rows:
        if not self.with_older:
            return np.empty(0, np.intp)
        return np.flatnonzero(self._index.able[: self.begun] & ~self.is_recent(slice(0, self.begun)))

    def is_recent(self, rows: Rows | slice) -> Mask:
        """Which of these rows, of those that have begun, lie possibly within the trail."""
        return self._index.columns.latest[rows] >= self.since

    def active(self, rows: Rows) -> Rows:
        """Those of some shown, placed, dated rows (ascending) that are on the map."""
        begun = rows[: int(np.searchsorted(rows, self.begun))]
        if not self.with_older:
            begun = begun[self.is_recent(begun)]
        if len(self.ahead):
            return np.concatenate((begun, rows[np.isin(rows, self.ahead)]))  # they begin later: still ascending
        return begun

    @property
    def empty(self) -> bool:
        """Whether nothing is on the map."""
        return not (self.lit_count or (self.older_count and self.with_older) or len(self.ahead))


@dataclass(frozen=True, slots=True)
class HiddenReason:
    """One filter that is set and how many events it alone would hide."""

    field: str  # the field of Filters
    key: str  # the uid, status or check
    count: int


class EventIndex(Ordered):
    """All questions that the views ask while the user scrubs; made as Ordered is, and shows everything at first."""

    def _begin(self) -> None:
        self._applied: tuple[list[tuple[str, str]], frozenset[str]] | None = None
        self.apply(Filters())

    # Filters

    def apply(self, filters: Filters) -> None:
        """Set which rows are shown.

        Columns that were read with sources hidden already leave these out. Until such columns are at hand, what only
        hidden sources tell of is left out here, and the rest is as all sources tell it.
        """
        parts, unheard = self._parts(filters), self._speakers & filters.hidden_sources
        if (parts, unheard) == self._applied:
            return
        self.shown, by_end = self._masks(parts, unheard)
        dated = self.shown & self.columns.dated
        dated_by_end = by_end & self._dated_by_end
        self.able_by_end: Mask = dated_by_end & self._mapped_by_end
        # The last of the two: who counts on a thread meanwhile knows by it that there is something new.
        self.able: Mask = dated & self.mapped
        """Shown rows with a date and a place: what the map can show."""
        self.placed = Counts(self.able, self.able_by_end)
        self.dated = Counts(dated, dated_by_end)
        self.promised: Rows = self._hollow_rows[self.able[self._hollow_rows]]
        self._stops: Rows | None = None
        self._stop_bests: NDArray[np.int64] | None = None
        self._applied = parts, unheard

    def _masks(self, parts: list[tuple[str, str]], unheard: frozenset[str]) -> tuple[Mask, Mask]:
        """What is shown, by row and by latest end."""
        if not parts and not unheard:
            every = np.ones(self.n, bool)
            self.by_kind.look_at(every, every)
            return every, every
        kinds = [part for name, key in parts if name == "hidden_kinds" for part in self._kind_places(key)]
        others = [~self._hides(name, key) for name, key in parts if name != "hidden_kinds"]
        sources = [at for at, source in enumerate(self._sources.tolist()) if self._source_uids.get(source) in unheard]
        rows = self.along[0]
        if unheard and rows.speakers is None:
            others.append(~self.told_by(self._sources[sources].tolist())[1])
        among = np.logical_and.reduce(others) if others else None
        shown, by_end, by_kind = (each.kept(kinds, sources, among) for each in self.along)
        self.by_kind.look_at(shown, by_kind)
        return shown, by_end

    def hidden_reasons(self, filters: Filters) -> list[HiddenReason]:
        """What each set filter hides by itself, largest first; none with 0."""
        reasons = [HiddenReason(name, key, self._count_hidden(name, key)) for name, key in self._parts(filters)]
        return sorted((reason for reason in reasons if reason.count), key=lambda reason: -reason.count)

    def _parts(self, filters: Filters) -> list[tuple[str, str]]:
        parts = [("hidden_kinds", key) for key in sorted(filters.hidden_kinds)]
        parts += [("hidden_statuses", str(key)) for key in sorted(filters.hidden_statuses)]
        parts += [("only", key) for key in sorted(filters.only)]
        return parts

    def _hides(self, name: str, key: str) -> Mask:
        if name == "hidden_statuses":
            return np.asarray(self.columns.status == STATUSES.index(Status(key)))
        return ~self.check(key)

    def _count_hidden(self, name: str, key: str) -> int:
        if name == "hidden_kinds":
            return int(self.by_kind.totals[self._kind_places(key)].sum())
        return int(np.count_nonzero(self._hides(name, key)))

    def _kind_places(self, uid: str) -> list[int]:
        """The parts of ``by_kind`` that a kind, or NO_KIND, stands for."""
        return [part for kind, part in self.kind_parts().items() if self._kind_uids.get(kind, NO_KIND) == uid]

    def check(self, name: str) -> Mask:
        """The rows that satisfy one of state.CHECKS."""
        return {"disagreeing": self.columns.disagrees, "vague_date": self.vague, "region_only": self.region}[name]

    # Time

    def at(self, cursor: int, trail: int, *, with_older: bool = True) -> Moment:
        """What the map shows at ``cursor`` (ms) with a ``trail`` (ms): shown, placed, dated rows.

        ``with_older``: also those that were over before the trail.
        """
        return Moment(self, cursor, trail, with_older=with_older)

    def nowhere_at(self, cursor: int, trail: int) -> int:
        """How many shown, dated rows without a place possibly lie within the trail (ms) at ``cursor`` (ms)."""
        window = TimeWindow(cursor - trail, cursor)
        return self._touching(self.dated, window) - self._touching(self.placed, window)

    def count_in(self, window: TimeWindow) -> int:
        """How many shown, dated rows possibly touch the window."""
        return self._touching(self.dated, window)

    def _touching(self, counts: Counts, window: TimeWindow) -> int:
        begun, over = self._bounds(window)
        return counts.begun(begun) - counts.over(over)

    def _bounds(self, window: TimeWindow) -> tuple[int, int]:
        """How many rows begin before a window ends, and how many are over before it begins."""
        begun = int(np.searchsorted(self.columns.earliest, window.last, "right"))
        return begun, int(np.searchsorted(self.ends, window.first, "left"))

    def in_window(self, window: TimeWindow) -> Rows:
        """Shown, dated rows that possibly touch the window."""
        columns = self.columns
        hit = self.shown & columns.dated & (columns.earliest <= window.last) & (columns.latest >= window.first)
        return np.flatnonzero(hit)

    def outside(self, window: TimeWindow) -> tuple[int, int]:
        """How many shown, dated rows lie wholly before and wholly after the window."""
        begun, over = self._bounds(window)
        return self.dated.over(over), self.dated.total - self.dated.begun(begun)

    def span(self) -> TimeWindow | None:
        """From the earliest to the latest best estimate of the shown, dated rows; None when there are none.

        An event with an open start and end has no best estimate and does not count.
        """
        best = self._finite_best()
        return TimeWindow(int(best[0]), int(best[-1])) if len(best) else None

    def core_span(self, share: float = 0.9) -> TimeWindow | None:
        """The shortest stretch with at least ``share`` (0..1) of the best estimates: the events without stragglers."""
        best = self._finite_best()
        count = len(best)
        if not count:
            return None
        inside = max(1, int(np.ceil(share * count)))
        widths = best[inside - 1 :] - best[: count - inside + 1]
        first = int(np.argmin(widths))
        return TimeWindow(int(best[first]), int(best[first + inside - 1]))

    def _finite_best(self) -> NDArray[np.int64]:
        best = self.stop_bests
        return best[np.searchsorted(best, OPEN_PAST, "right") : np.searchsorted(best, OPEN_FUTURE, "left")]

    @property
    def stops(self) -> Rows:
        """Shown, dated rows in order of their best estimate: where stepping halts."""
        if self._stops is None:
            dated = self.shown & self.columns.dated
            self._stops = self.by_best[dated[self.by_best]]
        return self._stops

    def reaching(self, window: TimeWindow, least: int) -> Rows:
        """Shown, dated rows that possibly touch the window and whose span is at least half of ``least`` (ms); of the
        shorter ones some may be among them. In no order.
        """
        columns = self.columns
        found = []
        for longest, rows, starts in self._by_length:
            if longest >= least:
                low = int(np.searchsorted(starts, max(window.first - longest, OPEN_PAST), "left"))
                some = rows[low : int(np.searchsorted(starts, window.last, "right"))]
                found.append(some[(columns.latest[some] >= window.first) & self.shown[some]])
        return np.concatenate(found) if found else np.empty(0, np.intp)

    @property
    def stop_bests(self) -> NDArray[np.int64]:
        """The best estimates of ``stops``, ascending."""
        if self._stop_bests is None:
            self._stop_bests = self.columns.best[self.stops]
        return self._stop_bests

    def step(self, cursor: int, direction: int, current: int | None = None) -> int | None:
        """The row that follows (+1) or precedes (-1) in time; None at the end.

        ``current`` is the row the user stands on when its best estimate is at the cursor: events that share an
        instant are then visited one by one.
        """
        stops, best = self.stops, self.stop_bests
        if current is not None and self.columns.best[current] == cursor:
            same = slice(np.searchsorted(best, cursor, "left"), np.searchsorted(best, cursor, "right"))
            here = np.flatnonzero(stops[same] == current)
            if len(here):
                at = int(same.start + here[0]) + direction
                return int(stops[at]) if 0 <= at < len(stops) else None
        if direction > 0:
            at = int(np.searchsorted(best, cursor, "right"))
            return int(stops[at]) if at < len(stops) else None
        at = int(np.searchsorted(best, cursor, "left")) - 1
        return int(stops[at]) if at >= 0 else None

    def nearest_stop(self, instant: int) -> int | None:
        """The best estimate (ms) of a shown row that is nearest to ``instant``."""
        best = self.stop_bests
        if not len(best):
            return None
        at = int(np.searchsorted(best, instant))
        around = best[max(at - 1, 0) : at + 1]
        return int(around[np.argmin(np.abs(around - instant))])

    def histogram(self, edges: NDArray[np.int64]) -> NDArray[np.intp]:
        """Counts of shown rows by best estimate between consecutive ``edges`` (ms, ascending, length k+1) -> (k,)."""
        counts = np.zeros(len(edges) - 1, np.intp)
        for part in range(self.by_kind.count):
            stops = self.by_kind.stops(part, self.shown)
            low = int(np.searchsorted(stops.every_best, OPEN_PAST, "right"))
            places = np.searchsorted(stops.every_best, edges, "left")
            high = int(np.searchsorted(stops.every_best, OPEN_FUTURE, "left"))
            counts += stops.counts(np.clip(places, low, high))
        return counts

    # Counts

    def shown_by_kind(self) -> dict[int, tuple[int, int]]:
        """Kind id -> (shown, all) events."""
        shown, totals = self.by_kind.shown(self.shown).tolist(), self.by_kind.totals.tolist()
        return {kind: (shown[part], totals[part]) for kind, part in self.kind_parts().items()}

    @property
    def shown_count(self) -> int:
        return int(np.count_nonzero(self.shown))

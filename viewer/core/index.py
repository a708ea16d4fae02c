"""The events as numpy columns sorted by time: filters, what is on the map at an instant, steps, counts. No Qt.

Built once per change of the data and then only asked. Rows are positions in the columns (0..n-1, by earliest start);
ids are the project's. Every answer is plain array arithmetic over one boolean mask, so that it can be checked against
a plain loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import EventColumns
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Status, TimeWindow
from viewer.core.state import Filters

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]

STATUSES: Final = tuple(Status)
PLANNED: Final = STATUSES.index(Status.PLANNED)
PREDICTED: Final = STATUSES.index(Status.PREDICTED)
VAGUE_DATE_MS: Final = 30 * MS_DAY
REGION_RADIUS_M: Final = 25_000.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Which rows the map shows at one instant.

    ``lit`` lie possibly within the trail, ``older`` before it, ``ahead`` are planned or predicted for later and had
    been announced by then.
    """

    lit: Rows
    older: Rows
    ahead: Rows


@dataclass(frozen=True, slots=True)
class HiddenReason:
    """One filter that is set and how many events it alone would hide."""

    field: str  # the field of Filters
    key: str  # the uid, status or check
    count: int


class EventIndex:
    """All questions that the views ask while the user scrubs.

    ``columns`` as of db.queries.EventColumns, length n; ``kind_uids`` and ``source_uids`` map ids to uids;
    ``published`` maps a source's id to the first instant it may have been published (ms).
    """

    def __init__(
        self,
        columns: EventColumns,
        kind_uids: Mapping[int, str],
        published: Mapping[int, int],
    ) -> None:
        self.columns = columns
        self.n = len(columns.id)
        self._kind_uids = kind_uids
        self.mapped: Mask = np.isfinite(columns.lon) & np.isfinite(columns.lat)
        span = columns.latest - columns.earliest
        self.vague: Mask = columns.dated & (span >= VAGUE_DATE_MS) & ~columns.lasting
        self.region: Mask = self.mapped & (
            (columns.radius_m >= REGION_RADIUS_M) | (columns.area & (columns.radius_m == 0))
        )
        self.hollow: Mask = (columns.status == PLANNED) | (columns.status == PREDICTED)
        self.announced = self._announced(published)
        order = np.argsort(columns.id, kind="stable")
        self._ids_sorted = columns.id[order]
        self._row_by_id = order
        self._best_order = np.argsort(columns.best, kind="stable")
        self.shown: Mask = np.ones(self.n, bool)
        self._stops: Rows = np.empty(0, np.intp)
        self.apply(Filters())

    def _announced(self, published: Mapping[int, int]) -> NDArray[np.int64]:
        """Per row the first instant at which one of its visible sources may have told of it (ms)."""
        columns = self.columns
        told = np.full(self.n, OPEN_PAST, np.int64)
        counts = np.diff(columns.source_offsets)
        some = counts > 0
        if some.any():
            sources, inverse = np.unique(columns.source_ids, return_inverse=True)
            known = np.array([published.get(int(source), OPEN_PAST) for source in sources], np.int64)[inverse]
            told[some] = np.minimum.reduceat(known, columns.source_offsets[:-1][some])
        return np.minimum(told, columns.earliest)

    # Filters

    def apply(self, filters: Filters) -> None:
        """Set which rows are shown. Hidden sources are not looked at here: the columns already leave them out."""
        self.shown = np.ones(self.n, bool)
        for name, key in self._parts(filters):
            self.shown &= ~self._hides(name, key)
        dated = self.shown & self.columns.dated
        self._stops = self._best_order[dated[self._best_order]]
        self._able = dated & self.mapped
        self._promised = np.flatnonzero(self._able & self.hollow)
        self._nowhere = np.flatnonzero(dated & ~self.mapped)
        self._outside: tuple[TimeWindow, tuple[int, int]] | None = None

    def hidden_reasons(self, filters: Filters) -> list[HiddenReason]:
        """What each set filter hides by itself, largest first; none with 0."""
        reasons = [
            HiddenReason(name, key, int(np.count_nonzero(self._hides(name, key)))) for name, key in self._parts(filters)
        ]
        return sorted((reason for reason in reasons if reason.count), key=lambda reason: -reason.count)

    def _parts(self, filters: Filters) -> list[tuple[str, str]]:
        parts = [("hidden_kinds", key) for key in sorted(filters.hidden_kinds)]
        parts += [("hidden_statuses", str(key)) for key in sorted(filters.hidden_statuses)]
        parts += [("only", key) for key in sorted(filters.only)]
        return parts

    def _hides(self, name: str, key: str) -> Mask:
        if name == "hidden_kinds":
            ids = [kind for kind, uid in self._kind_uids.items() if uid == key]
            return np.isin(self.columns.kind, np.array(ids, self.columns.kind.dtype))
        if name == "hidden_statuses":
            return np.asarray(self.columns.status == STATUSES.index(Status(key)))
        return ~self.check(key)

    def check(self, name: str) -> Mask:
        """The rows that satisfy one of state.CHECKS."""
        return {"disagreeing": self.columns.disagrees, "vague_date": self.vague, "region_only": self.region}[name]

    # Rows and ids

    def row_of(self, event_id: int) -> int | None:
        """The row of an event's id, or None when it is not in the columns."""
        at = int(np.searchsorted(self._ids_sorted, event_id))
        if at < self.n and self._ids_sorted[at] == event_id:
            return int(self._row_by_id[at])
        return None

    # Time

    def at(self, cursor: int, trail: int) -> Moment:
        """What the map shows at ``cursor`` (ms) with a ``trail`` (ms): disjoint sets of shown, placed, dated rows."""
        columns = self.columns
        begun = int(np.searchsorted(columns.earliest, cursor, "right"))
        able, recent = self._able[:begun], columns.latest[:begun] >= cursor - trail
        ahead = self._promised[np.searchsorted(self._promised, begun) :]
        ahead = ahead[self.announced[ahead] <= cursor]
        return Moment(np.flatnonzero(able & recent), np.flatnonzero(able & ~recent), ahead)

    def nowhere_at(self, cursor: int, trail: int) -> int:
        """How many shown, dated rows without a place possibly lie within the trail (ms) at ``cursor`` (ms)."""
        rows = self._nowhere
        recent = (self.columns.earliest[rows] <= cursor) & (self.columns.latest[rows] >= cursor - trail)
        return int(np.count_nonzero(recent))

    def in_window(self, window: TimeWindow) -> Rows:
        """Shown, dated rows that possibly touch the window."""
        columns = self.columns
        hit = self.shown & columns.dated & (columns.earliest <= window.last) & (columns.latest >= window.first)
        return np.flatnonzero(hit)

    def outside(self, window: TimeWindow) -> tuple[int, int]:
        """How many shown, dated rows lie wholly before and wholly after the window."""
        if self._outside is None or self._outside[0] != window:
            able = self.shown & self.columns.dated
            before = int(np.count_nonzero(able & (self.columns.latest < window.first)))
            after = int(np.count_nonzero(able & (self.columns.earliest > window.last)))
            self._outside = window, (before, after)
        return self._outside[1]

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
        best = self.columns.best[self._stops]
        return best[(best > OPEN_PAST) & (best < OPEN_FUTURE)]

    @property
    def stops(self) -> Rows:
        """Shown, dated rows in order of their best estimate: where stepping halts."""
        return self._stops

    def step(self, cursor: int, direction: int, current: int | None = None) -> int | None:
        """The row that follows (+1) or precedes (-1) in time; None at the end.

        ``current`` is the row the user stands on when its best estimate is at the cursor: events that share an
        instant are then visited one by one.
        """
        best = self.columns.best[self._stops]
        if current is not None and self.columns.best[current] == cursor:
            here = np.flatnonzero(self._stops == current)
            if len(here):
                at = int(here[0]) + direction
                return int(self._stops[at]) if 0 <= at < len(self._stops) else None
        if direction > 0:
            at = int(np.searchsorted(best, cursor, "right"))
            return int(self._stops[at]) if at < len(self._stops) else None
        at = int(np.searchsorted(best, cursor, "left")) - 1
        return int(self._stops[at]) if at >= 0 else None

    def nearest_stop(self, instant: int) -> int | None:
        """The best estimate (ms) of a shown row that is nearest to ``instant``."""
        if not len(self._stops):
            return None
        best = self.columns.best[self._stops]
        at = int(np.searchsorted(best, instant))
        around = best[max(at - 1, 0) : at + 1]
        return int(around[np.argmin(np.abs(around - instant))])

    def histogram(self, edges: NDArray[np.int64]) -> NDArray[np.intp]:
        """Counts of shown rows by best estimate between consecutive ``edges`` (ms, ascending, length k+1) -> (k,)."""
        best = self._finite_best()
        return np.diff(np.searchsorted(best, edges, "left"))

    # Counts

    def shown_by_kind(self) -> dict[int, tuple[int, int]]:
        """Kind id -> (shown, all) events."""
        kinds, inverse = np.unique(self.columns.kind, return_inverse=True)
        totals = np.bincount(inverse, minlength=len(kinds))
        shown = np.bincount(inverse, weights=self.shown, minlength=len(kinds)).astype(np.int64)
        return {int(kind): (int(shown[at]), int(totals[at])) for at, kind in enumerate(kinds)}

    @property
    def shown_count(self) -> int:
        return int(np.count_nonzero(self.shown))

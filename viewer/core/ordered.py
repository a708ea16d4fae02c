"""The events as columns in their orders, and what follows from these alone, whatever is filtered. No Qt.

Rows are positions in the columns (0..n-1, by earliest start); ids are the project's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import EventColumns
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Status
from viewer.core.along import Along, codes_of
from viewer.core.counts import Mask, Orders, Rows
from viewer.core.parts import Parts

STATUSES: Final = tuple(Status)
PLANNED: Final = STATUSES.index(Status.PLANNED)
PREDICTED: Final = STATUSES.index(Status.PREDICTED)
VAGUE_DATE_MS: Final = 30 * MS_DAY
REGION_RADIUS_M: Final = 25_000.0
_WORKED_OUT: Final = {
    "ends": {"latest", "orders"},
    "_ids_sorted": {"id", "orders"},
    "_dated_by_end": {"dated", "orders"},
    "_mapped_by_end": {"lon", "lat", "orders"},
    "announced": {"source_offsets", "source_ids", "earliest", "published"},
    "all_bests": {"best", "dated", "orders"},
    "by_kind": {"kind", "best", "dated", "orders"},
    "_kinds": {"kind"},
    "_sources": {"source_ids"},
    "_heard_once": {"source_offsets", "claims"},
    "_rows_along": {"kind", "source_offsets", "source_ids", "claims"},
    "along": {"kind", "best", "dated", "source_offsets", "source_ids", "claims", "orders"},
    "_by_length": {"earliest", "latest", "dated"},
}
"""What an index works out once for all filters, and of which columns or other things."""


class Ordered:
    """Each thing is worked out when it is first asked for, or taken from an index of the same columns.

    ``columns`` as of db.queries.EventColumns, length n; ``kind_uids`` and ``source_uids`` map ids to uids;
    ``published`` maps a source's id to the first instant it may have been published (ms).
    """

    def __init__(
        self,
        columns: EventColumns,
        kind_uids: Mapping[int, str],
        published: Mapping[int, int],
        orders: Orders | None = None,
        like: Ordered | None = None,
        source_uids: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """``orders``: where they are known. ``like``: an index of columns some of which are these very ones; what it
        has worked out of them holds here.
        """
        self.columns = columns
        self.n = len(columns.id)
        self._kind_uids, self._source_uids = kind_uids, source_uids
        self.mapped: Mask = np.isfinite(columns.lon) & np.isfinite(columns.lat)
        span = columns.latest - columns.earliest
        self.vague: Mask = columns.dated & (span >= VAGUE_DATE_MS) & ~columns.lasting
        self.region: Mask = self.mapped & ((columns.radius_m >= REGION_RADIUS_M) | columns.area)
        self.hollow: Mask = (columns.status == PLANNED) | (columns.status == PREDICTED)
        if orders is None:
            by_best, by_end, by_id = (
                np.argsort(each, kind="stable") for each in (columns.best, columns.latest, columns.id)
            )
            orders = by_best, by_end, by_id
        self.orders = orders
        self.by_best, self.by_end, self._row_by_id = orders
        """Rows by best estimate and by latest end; equal ones in order of rows."""
        self._published = published
        if like is not None:
            self._carry(like)
        self._hollow_rows: Rows = np.flatnonzero(self.hollow)
        self._begin()

    def _begin(self) -> None:
        """What an index of more than this needs from the start."""

    def _carry(self, like: Ordered) -> None:
        """Take what another index has worked out of the very same columns and orders."""
        names = [field.name for field in fields(EventColumns)]
        same = {name for name in names if getattr(self.columns, name) is getattr(like.columns, name)}
        same |= {"orders"} if self.orders is like.orders else set()
        same |= {"published"} if self._published == like._published else set()
        for name, needed in _WORKED_OUT.items():
            if needed <= same and name in vars(like):
                vars(self)[name] = vars(like)[name]
        if "by_kind" in vars(self):
            self.by_kind = self.by_kind.anew()

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """The latest ends in order."""
        return self.columns.latest[self.by_end]

    @cached_property
    def _ids_sorted(self) -> NDArray[np.int64]:
        return self.columns.id[self._row_by_id]

    @cached_property
    def _dated_by_end(self) -> Mask:
        return self.columns.dated[self.by_end]

    @cached_property
    def _mapped_by_end(self) -> Mask:
        return self.mapped[self.by_end]

    def prepare(self) -> None:
        """Work out what the views ask for first, on whichever thread has the time."""
        for name in _WORKED_OUT:
            getattr(self, name)

    @cached_property
    def announced(self) -> NDArray[np.int64]:
        """Per row the first instant at which one of its visible sources may have told of it (ms)."""
        columns = self.columns
        told = np.full(self.n, OPEN_PAST, np.int64)
        counts = np.diff(columns.source_offsets)
        some = counts > 0
        if some.any():
            known = np.array([self._published.get(source, OPEN_PAST) for source in self._sources.tolist()], np.int64)
            known = known[np.searchsorted(self._sources, columns.source_ids)]
            told[some] = np.minimum.reduceat(known, columns.source_offsets[:-1][some])
        return np.minimum(told, columns.earliest)

    def told_by(self, sources: Collection[int]) -> tuple[Mask, Mask]:
        """Of which rows some sources (ids) tell, and of which only they do: these vanish where they are hidden."""
        columns = self.columns
        these = np.zeros(int(self._sources[-1]) + 1 if len(self._sources) else 0, bool)
        these[[source for source in sources if source < len(these)]] = True
        of_them = these[columns.source_ids]
        if self._heard_once is not None:
            return of_them, of_them & self._heard_once
        running, several = np.zeros(len(of_them) + 1, np.int32), np.diff(columns.source_offsets)
        np.cumsum(of_them, dtype=np.int32, out=running[1:])
        told = np.diff(running[columns.source_offsets])
        # A claim for each source, and so none without one: where all are hidden nothing is left.
        return told > 0, (told == several) & (columns.claims == several) & (several > 0)

    @cached_property
    def _heard_once(self) -> Mask | None:
        """Where each row has one source, as in a table of reports: which have a single claim. None otherwise."""
        offsets = self.columns.source_offsets
        return self.columns.claims == 1 if (offsets == np.arange(self.n + 1)).all() else None

    @cached_property
    def _sources(self) -> NDArray[np.int64]:
        """The ids of the sources that tell of any event, ascending."""
        return np.unique(self.columns.source_ids).astype(np.int64)

    @property
    def _speakers(self) -> frozenset[str]:
        """Their uids."""
        return frozenset(self._source_uids[source] for source in self._sources.tolist() if source in self._source_uids)

    @cached_property
    def all_bests(self) -> NDArray[np.int64]:
        """The best estimates of all dated rows, shown or not, ascending, but for those without any."""
        best = self.columns.best[self.by_best[self.columns.dated[self.by_best]]]
        return best[np.searchsorted(best, OPEN_PAST, "right") : np.searchsorted(best, OPEN_FUTURE, "left")]

    @cached_property
    def by_kind(self) -> Parts:
        """The rows by kind; the parts in order of the kinds' ids."""
        return Parts(self.columns, self.by_best, len(self._kinds), self._rows_along.kinds)

    @cached_property
    def _rows_along(self) -> Along:
        """Kinds as the parts of ``by_kind``; speakers as places among the sources, one more for what is heard only from
        them but in several claims.
        """
        kinds = codes_of(np.searchsorted(self._kinds, self.columns.kind), len(self._kinds))
        if self._heard_once is None:
            return Along(None, kinds, None)
        none = len(self._sources)
        speakers = np.where(self._heard_once, np.searchsorted(self._sources, self.columns.source_ids), none)
        return Along(None, kinds, codes_of(speakers, none + 1))

    @cached_property
    def along(self) -> tuple[Along, Along, Along]:
        """What filters ask, along the rows, by latest end, and in the order of ``by_kind``."""
        rows = self._rows_along
        return rows, rows.brought(self.by_end), rows.brought(self.by_kind.order)

    @cached_property
    def _kinds(self) -> NDArray[np.int64]:
        """The ids of the kinds that events are of, ascending."""
        return np.unique(self.columns.kind).astype(np.int64)

    def kind_parts(self) -> dict[int, int]:
        """Kind id -> its part in ``by_kind``, for the kinds that events are of; 0 is no kind."""
        return {kind: part for part, kind in enumerate(self._kinds.tolist())}

    @cached_property
    def _by_length(self) -> list[tuple[int, Rows, NDArray[np.int64]]]:
        """Dated rows in classes by the powers of two of their spans: (longest span in ms, rows, their starts)."""
        columns = self.columns
        rows = np.flatnonzero(columns.dated)
        spans = (columns.latest - columns.earliest)[rows]
        classes = np.frexp(np.maximum(spans, 1).astype(np.float64))[1].astype(np.uint8)
        order = np.argsort(classes, kind="stable")
        rows, classes = rows[order], classes[order]
        each, first = np.unique(classes, return_index=True)
        parts = zip(each.tolist(), np.split(rows, first[1:]), strict=True) if len(rows) else ()
        return [(1 << power, part, columns.earliest[part]) for power, part in parts]

    # Rows and ids

    def row_of(self, event_id: int) -> int | None:
        """The row of an event's id, or None when it is not in the columns."""
        at = int(np.searchsorted(self._ids_sorted, event_id))
        if at < self.n and self._ids_sorted[at] == event_id:
            return int(self._row_by_id[at])
        return None

    def rows_of(self, ids: NDArray[np.int64]) -> Rows:
        """The rows of many events' ids, -1 where one is not in the columns."""
        at = np.searchsorted(self._ids_sorted, ids)
        known = at < self.n
        known[known] = self._ids_sorted[at[known]] == ids[known]
        rows = np.full(len(ids), -1, np.intp)
        rows[known] = self._row_by_id[at[known]]
        return rows

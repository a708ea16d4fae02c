"""What the visible claims of each event count, taken together: 5 to 9 people killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.coerce import text_or_none
from db.queries.bulk import grouped
from db.queries.rows import QuantityRow

_NUMBERS: Final = ("quantity_value", "quantity_low", "quantity_high")
_IS_NUMBER: Final = "(typeof({0}) IN ('integer', 'real') AND abs({0}) < 1e300)"
_GIVEN: Final = " OR ".join(_IS_NUMBER.format(each) for each in _NUMBERS)


@dataclass(frozen=True, slots=True)
class EventQuantities:
    """The events that have a count: ``ids`` ascending, arrays of one length.

    An event counts what its first visible claim with a number counts (``whats`` at ``what``: what, and the unit), from
    all visible claims that count the same. ``value`` is the one that they agree on, NaN where they do not, or give
    none; ``low`` and ``high`` the ends of all numbers, NaN where that end is not known, and both where every number is
    ``value``.
    """

    ids: NDArray[np.int64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    what: NDArray[np.int64]
    whats: tuple[tuple[str | None, str | None], ...]

    def of(self, event_id: int) -> QuantityRow | None:
        """The count of an event; None where it has none."""
        at = int(np.searchsorted(self.ids, event_id))
        if at == len(self.ids) or self.ids[at] != event_id:
            return None
        what, unit = self.whats[self.what[at]]
        return QuantityRow(what, _known(self.value[at]), _known(self.low[at]), _known(self.high[at]), unit)

    def chosen(self, stay: NDArray[np.bool_]) -> EventQuantities:
        """The same of some of the events."""
        return EventQuantities(
            self.ids[stay], self.value[stay], self.low[stay], self.high[stay], self.what[stay], self.whats
        )


_NO_IDS: Final = np.empty(0, np.int64)
_NO_NUMBERS: Final = np.empty(0, np.float64)
NO_QUANTITIES: Final = EventQuantities(_NO_IDS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_IDS, ())


def event_quantities(
    con: sqlite3.Connection, hidden_sources: frozenset[int] = frozenset(), of: Iterable[int] | None = None
) -> EventQuantities:
    """The counts of all events, or of those asked for (ids), without what ``hidden_sources`` say."""
    hidden = ",".join(str(int(source)) for source in hidden_sources)
    asked = "" if of is None else f" AND event_id IN ({','.join(str(int(each)) for each in of)})"
    groups = grouped(
        con,
        ("quantity_what", "quantity_unit"),
        ("event_id", "id", *(_number(each) for each in _NUMBERS)),
        f"FROM claim WHERE ({_GIVEN}) AND (source_id IS NULL OR source_id NOT IN ({hidden})){asked}",
    )
    if not groups:
        return NO_QUANTITIES
    whats = tuple((text_or_none(what), text_or_none(unit)) for (what, unit), _columns in groups)
    kinds = np.concatenate([np.full(len(columns[0]), at) for at, (_key, columns) in enumerate(groups)])
    events, claims, values, lows, highs = (np.concatenate([columns[at] for _key, columns in groups]) for at in range(5))
    order = np.lexsort((claims, events))
    events, kinds = events[order].astype(np.int64), kinds[order]
    first = np.flatnonzero(np.append(True, events[1:] != events[:-1]))
    same = kinds == np.repeat(kinds[first], np.diff(np.append(first, len(events))))
    order, events, kinds = order[same], events[same], kinds[same]
    values, lows, highs = values[order], lows[order], highs[order]
    first = np.flatnonzero(np.append(True, events[1:] != events[:-1]))
    value, highest = np.fmin.reduceat(values, first), np.fmax.reduceat(values, first)
    value = np.where(value == highest, value, np.nan)
    # "At least 100" has no upper end, and so has the whole.
    above = np.where(np.isnan(values) & np.isnan(highs), np.inf, np.fmax(values, highs))
    below = np.where(np.isnan(values) & np.isnan(lows), -np.inf, np.fmin(values, lows))
    low, high = np.minimum.reduceat(below, first), np.maximum.reduceat(above, first)
    alone = (low == value) & (high == value)
    low, high = (np.where(alone | ~np.isfinite(end), np.nan, end) for end in (low, high))
    return EventQuantities(events[first], value, low, high, kinds[first], whats)


def _number(column: str) -> str:
    return f"CASE WHEN {_IS_NUMBER.format(column)} THEN {column} ELSE 'nan' END"


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)

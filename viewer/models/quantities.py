"""What events count, for a column of a table: in short, in words, and as numbers to sort by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import NO_QUANTITIES, EventQuantities, QuantityRow
from db.search import fold
from viewer.models.wording import number_words, quantity_words

LAST: Final = np.iinfo(np.int64).max
"""The rank of what counts nothing."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of events; ``ranks`` sort them by number, a range by its end."""

    found: EventQuantities
    ranks: NDArray[np.int64]

    @property
    def ids(self) -> NDArray[np.int64]:
        """The events that have a count, ascending."""
        return self.found.ids

    def text(self, event_id: int) -> str:
        """``7``, ``5–9`` where claims differ, ``100+``, ``60%``, ``500k``; empty without a count."""
        return short(self.found.of(event_id), _round_words)

    def plain(self, event_id: int) -> str:
        """The same for other programs: all digits, without commas, which are taken for text or for fractions."""
        return short(self.found.of(event_id)).replace(",", "")

    def words(self, event_id: int) -> str:
        """``5 to 9 killed``; empty without a count."""
        return quantity_words(self.found.of(event_id))

    def with_word(self, word: str) -> NDArray[np.int64]:
        """Ids of the events that have a folded word in their count, in short or in words: ``7``, ``killed``."""
        found = self.found
        absent = np.isnan(found.value) + 2 * np.isnan(found.low) + 4 * np.isnan(found.high)
        key = (self.ranks * len(found.whats) + found.what) * 8 + absent
        _each, first, which = np.unique(key, return_index=True, return_inverse=True)
        told = [(self.text(each), self.words(each)) for each in self.ids[first].tolist()]
        hits = np.array([any(word in fold(text) for text in texts) for texts in told], bool)
        return np.asarray(self.ids[hits[which]])

    def without(self, events: NDArray[np.int64]) -> Counts:
        """The same of all other events."""
        stay = ~np.isin(self.ids, events)
        return Counts(self.found.chosen(stay), self.ranks[stay])

    def ranks_of(self, events: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers that sort events (ids) by their counts; those without any are ``LAST``."""
        found = np.full(len(events), LAST, np.int64)
        if len(self.ids):
            at = np.minimum(np.searchsorted(self.ids, events), len(self.ids) - 1)
            known = self.ids[at] == events
            found[known] = self.ranks[at[known]]
        return found


def counts_of(found: EventQuantities) -> Counts:
    """Put the counts in order."""
    most = np.where(np.isnan(found.value), np.where(np.isnan(found.high), found.low, found.high), found.value)
    least = np.where(np.isnan(found.low), most, found.low)
    order = np.lexsort((least, most))
    new = (np.diff(most[order]) != 0) | (np.diff(least[order]) != 0)
    ranks: NDArray[np.int64] = np.zeros(len(order), np.int64)
    ranks[order[1:]] = np.cumsum(new)
    return Counts(found, ranks)


def short(quantity: QuantityRow | None, number_words: Callable[[float], str] = number_words) -> str:
    """A count where there is little room; what is counted is said elsewhere. ``number_words`` writes its numbers."""
    if quantity is None:
        return ""
    low, high = quantity.low, quantity.high
    if quantity.value is not None:
        number = number_words(quantity.value)
    elif low is not None and high is not None:
        number = number_words(low) if low == high else f"{number_words(low)}–{number_words(high)}"
    elif low is not None:
        number = f"{number_words(low)}+"
    else:
        number = f"≤ {number_words(high)}" if high is not None else ""
    return number + "%" if quantity.unit == "%" else number


def _round_words(number: float) -> str:
    """``500k``, ``1.5M`` where nothing is lost by that."""
    if number >= 1_000_000 and number % 100_000 == 0:
        return f"{number_words(number / 1_000_000)}M"
    return f"{number_words(number / 1_000)}k" if number >= 10_000 and number % 1_000 == 0 else number_words(number)


NO_COUNTS: Final = counts_of(NO_QUANTITIES)

"""Counts along orders of events: how many of a mask come before a place. No Qt."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Orders = tuple[Rows, Rows, Rows]
"""Rows by best estimate, by latest end and by id; equal ones in order of rows."""


WORD: Final = 64
"""Rows that are counted together, as many as a word has bits."""


class Ranks:
    """How many of the first so many values of a mask are true, from counts of whole words and the bits of one.

    The structure of G. Jacobson, Space-efficient static trees and graphs (FOCS 1989): it is made in a fraction of the
    time of a running count over all rows.
    """

    def __init__(self, values: Mask) -> None:
        bits = np.packbits(values, bitorder="little")
        self._words = np.zeros(len(values) // WORD + 1, "<u8")
        self._words.view(np.uint8)[: len(bits)] = bits
        counts = np.bitwise_count(self._words)
        self._before = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        self.total = int(self._before[-1])

    def before(self, number: int) -> int:
        """Of the first ``number`` values."""
        word, bits = divmod(number, WORD)
        return int(self._before[word]) + (int(self._words[word]) & ((1 << bits) - 1)).bit_count()

    def before_each(self, numbers: NDArray[np.integer]) -> NDArray[np.int64]:
        """The same for many numbers."""
        words = numbers // WORD
        kept = (np.uint64(1) << (numbers % WORD).astype(np.uint64)) - np.uint64(1)
        return np.asarray(self._before[words] + np.bitwise_count(self._words[words] & kept))


class Counts:
    """How many rows of a mask have begun or are over, from the two orders."""

    def __init__(self, mask: Mask, by_end: Mask) -> None:
        """``mask`` by earliest start, and the same ``by_end``: by latest end."""
        self._begun, self._over = Ranks(mask), Ranks(by_end)

    @property
    def total(self) -> int:
        return self._begun.total

    def begun(self, rows: int) -> int:
        """Of the first ``rows`` by earliest start."""
        return self._begun.before(rows)

    def over(self, rows: int) -> int:
        """Of the first ``rows`` by latest end."""
        return self._over.before(rows)

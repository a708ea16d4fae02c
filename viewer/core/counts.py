"""Counts along the two orders of events: what has begun, and what is over. No Qt."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Orders = tuple[Rows, Rows, Rows]
"""Rows by best estimate, by latest end and by id; equal ones in order of rows."""


BLOCK: Final = 64
"""Rows that are counted together, as many as a word has bits: to add up one block when asked costs far less than a
running count over all rows.
"""


class Counts:
    """How many rows of a mask have begun or are over, from the two orders."""

    def __init__(self, mask: Mask, by_end: Mask) -> None:
        """``mask`` by earliest start, and the same ``by_end``: by latest end."""
        self._begun, self._over = _Running(mask), _Running(by_end)

    @property
    def total(self) -> int:
        return self._begun.total

    def begun(self, rows: int) -> int:
        """Of the first ``rows`` by earliest start."""
        return self._begun.before(rows)

    def over(self, rows: int) -> int:
        """Of the first ``rows`` by latest end."""
        return self._over.before(rows)


class _Running:
    """How many of the first so many values are true."""

    def __init__(self, values: Mask) -> None:
        whole = len(values) // BLOCK
        self._values = values
        blocks = np.bitwise_count(np.packbits(values[: whole * BLOCK]).view(np.uint64))  # a block is one word of bits
        self._blocks = np.concatenate(([0], np.cumsum(blocks, dtype=np.int64)))
        self.total = self.before(len(values))

    def before(self, number: int) -> int:
        block = number // BLOCK
        return int(self._blocks[block]) + int(np.count_nonzero(self._values[block * BLOCK : number]))

"""Counts along the two orders of events: what has begun, and what is over. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Orders = tuple[Rows, Rows, Rows]
"""Rows by best estimate, by latest end and by id; equal ones in order of rows."""


class Counts:
    """How many rows of a mask have begun or are over, from the two orders."""

    def __init__(self, mask: Mask, by_end: Rows) -> None:
        self._begun = _running(mask)
        self._over = _running(mask[by_end])

    @property
    def total(self) -> int:
        return int(self._begun[-1])

    def begun(self, rows: int) -> int:
        """Of the first ``rows`` by earliest start."""
        return int(self._begun[rows])

    def over(self, rows: int) -> int:
        """Of the first ``rows`` by latest end."""
        return int(self._over[rows])


def _running(mask: Mask) -> NDArray[np.int32]:
    """Running counts, from 0: length n + 1."""
    counts = np.zeros(len(mask) + 1, np.int32)
    np.cumsum(mask, dtype=np.int32, out=counts[1:])
    return counts

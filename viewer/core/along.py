"""What filters ask of events, as small numbers along one order of the rows. Arrays only. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.counts import Mask, Rows

Codes = NDArray[np.unsignedinteger]
FEW: Final = 12
"""So many numbers are compared one by one: each takes a tenth of the time of looking all up in a table."""


@dataclass(frozen=True, slots=True)
class Along:
    """The events in an ``order`` of rows, None for the rows themselves.

    A mask made along each order costs less than one that is made along the rows and brought into the other orders:
    that would gather from all over the memory. ``kinds`` and ``speakers`` are small numbers; there are no ``speakers``
    where some event has several sources or none.
    """

    order: Rows | None
    kinds: Codes
    speakers: Codes | None

    def brought(self, order: Rows) -> Along:
        """The same along another order; this one is along the rows."""
        return Along(order, self.kinds[order], None if self.speakers is None else self.speakers[order])

    def kept(self, hidden_kinds: Sequence[int], hidden_speakers: Sequence[int], others: Mask | None) -> Mask:
        """Which events are of none of some kinds and speakers, and among ``others`` (along the rows) where given."""
        if others is None:
            kept = np.ones(len(self.kinds), bool)
        else:
            kept = others.copy() if self.order is None else others[self.order]
        _leave_out(kept, self.kinds, hidden_kinds)
        if self.speakers is not None:
            _leave_out(kept, self.speakers, hidden_speakers)
        return kept


def _leave_out(kept: Mask, codes: Codes, hidden: Sequence[int]) -> None:
    if len(hidden) <= FEW:
        for code in hidden:
            kept &= codes != code
    else:
        kept &= ~np.isin(np.arange(int(codes.max(initial=0)) + 1), hidden)[codes]


def codes_of(places: NDArray[np.integer], count: int) -> Codes:
    """Numbers below ``count`` in as few bytes as they need."""
    return places.astype(np.min_scalar_type(max(count - 1, 0)))

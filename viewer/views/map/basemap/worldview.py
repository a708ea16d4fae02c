"""Whose borders the map draws: a worldview counts territories to countries.

Shapes have the number of a country or territory as tag, borders the numbers of both their sides. A line whose sides a
view counts to one country is no border in it. Claimed lines are borders in some other views only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

View: TypeAlias = Literal["control", "un"]
"""Those in control, as Natural Earth has it, or the United Nations."""

SIDE: Final = 1000
"""The tag of a border: the lower number of its sides times this, and the higher one."""

Tags: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Holding:
    """What has a code, and the shapes of a number (-1: it has none), counts to ``holder``; to no country if empty."""

    view: str
    code: str
    number: int
    holder: str


class Worldview:
    """One view: which country has what."""

    def __init__(self, holdings: Iterable[Holding], numbers: dict[str, int]) -> None:
        """``holdings`` of this view; ``numbers`` of the countries by code."""
        self._whose = np.arange(SIDE, dtype=np.int32)
        self._holders: dict[str, str] = {}
        for each in holdings:
            self._holders[each.code] = each.holder
            if each.number >= 0 and each.holder:
                self._whose[each.number] = numbers[each.holder]

    def is_country(self, code: str) -> bool:
        """Whether what has a code stands for itself."""
        return code not in self._holders

    def whose(self, tags: Tags) -> Tags:
        """The numbers of the countries that shapes count to."""
        return np.asarray(self._whose[tags])

    def parts(self, tags: Tags) -> Flags:
        """Which borders lie between two countries of this view."""
        return np.asarray(self._whose[tags // SIDE] != self._whose[tags % SIDE])

    def joins(self, tags: Tags) -> Flags:
        """Which borders lie within one country of this view."""
        return ~self.parts(tags)

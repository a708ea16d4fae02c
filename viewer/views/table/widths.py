"""How wide the columns of the table are: the room there is goes where it lets most cells stand whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viewer.models.events import Column

TITLE_LEAST: Final = 150
MOST: Final = 240
"""A column other than the title is no wider by itself (px)."""
NARROW: Final = 92
"""Any but the date may become so narrow, its longest words cut (px)."""
LEAST_KEPT: Final = 40
MOST_KEPT: Final = 1200
BROKEN, CUT = 1, 5
"""What a cell in two lines, and one that is cut, count against a width."""
SHORT: Final = (Column.STATUS, Column.COUNT, Column.CLAIMS)
"""Columns of a word or two, which stand in one line."""
TITLE_COUNTS: Final = 2
"""Cells of the title count so many times: by it an event is known."""
WIDTHS_TRIED: Final = 26


class Cell(NamedTuple):
    """What a cell takes (px): in one line, and in two."""

    ease: int
    least: int


@dataclass(frozen=True, slots=True)
class Need:
    """What the cells of a column take (px, in ascending order), each in one line and in two, and its heading."""

    ease: NDArray[np.int64]
    least: NDArray[np.int64]
    heading: int

    @classmethod
    def of(cls, cells: Sequence[Cell], heading: int) -> Need:
        """Of some cells of a column, and its heading (px)."""
        ease, least = np.array(cells, np.int64).reshape(len(cells), 2).T
        return cls(np.sort(ease), np.sort(least), heading)

    @property
    def all_in_one(self) -> int:
        """In so much (px) every cell stands in one line."""
        return max(self.heading, int(self.ease[-1]) if len(self.ease) else 0)

    @property
    def all_in_two(self) -> int:
        """In so much (px) no cell is cut."""
        return max(self.heading, int(self.least[-1]) if len(self.least) else 0)

    def tried(self, first: int, last: int) -> NDArray[np.int64]:
        """Widths between two that make a difference, ``first`` among them."""
        every = np.concatenate((self.ease, self.least))
        steps = np.percentile(every, np.linspace(0, 100, WIDTHS_TRIED), method="higher") if len(every) else every
        return np.unique(np.append(steps[(steps > first) & (steps <= last)], first).astype(np.int64))

    def against(self, widths: NDArray[np.int64]) -> NDArray[np.float64]:
        """What counts against each of some widths, per cell."""
        broken = len(self.ease) - np.searchsorted(self.ease, widths, side="right")
        cut = len(self.least) - np.searchsorted(self.least, widths, side="right")
        found: NDArray[np.float64] = (BROKEN * broken + (CUT - BROKEN) * cut) / max(len(self.ease), 1)
        return found


def shared(
    needs: Mapping[Column, Need], kept: Mapping[Column, int], room: int, scale: float = 1.0
) -> dict[Column, int]:
    """A width for each column in px; ``needs`` of all that are shown. The title gets what nobody needs.

    ``kept`` is what the user chose, of all but the title. ``room`` is exceeded only where the least that makes sense is
    wider; ``scale`` is that of the interface.
    """
    widths = {column: _least(column, need, scale) for column, need in needs.items()}
    widths |= {column: width for column, width in kept.items() if column in needs}
    free = room - sum(widths.values())
    most = round(MOST * scale)
    gains: list[tuple[float, Column, int]] = []
    tried: dict[Column, NDArray[np.int64]] = {}
    for column, need in needs.items():
        if column not in kept:
            tried[column] = need.tried(widths[column], room if column is Column.TITLE else most)
            against = need.against(tried[column]) * (TITLE_COUNTS if column is Column.TITLE else 1)
            gains += [(gain, column, width) for gain, width in _gains(tried[column], against)]
    for _gain, column, width in sorted(gains, key=lambda each: -each[0]):  # stable: of one column in their order
        reached = tried[column][tried[column] <= min(width, widths[column] + free)]
        if len(reached) and (wider := int(reached[-1]) - widths[column]) > 0:
            widths[column] += wider
            free -= wider
    widths[Column.TITLE] += max(free, 0)
    return widths


def _least(column: Column, need: Need, scale: float) -> int:
    """The least width (px) in which a column makes sense: its heading is whole, and so is any date."""
    if column is Column.TITLE:
        return round(TITLE_LEAST * scale)
    if column is Column.DATE:
        return need.all_in_two
    return max(need.heading, min(need.all_in_one if column in SHORT else need.all_in_two, round(NARROW * scale)))


def _gains(widths: NDArray[np.int64], against: NDArray[np.float64]) -> list[tuple[float, int]]:
    """How much less counts against a column for each px up to a width, the best steps first: a convex hull."""
    hull: list[tuple[int, float]] = []
    for width, cost in zip(widths.tolist(), against.tolist(), strict=True):
        while len(hull) > 1 and _slope(hull[-2], hull[-1]) <= _slope(hull[-2], (width, cost)):
            hull.pop()
        hull.append((width, cost))
    steps = ((_slope(one, other), other[0]) for one, other in pairwise(hull))
    return [(slope, width) for slope, width in steps if slope > 0]


def _slope(one: tuple[int, float], other: tuple[int, float]) -> float:
    return (one[1] - other[1]) / (other[0] - one[0])


def in_two_lines(text: str, width: Callable[[str], int]) -> int:
    """The least width (px) in which a text stands in two lines, broken between words; ``width`` measures a line."""
    words = text.split()
    breaks = (max(width(" ".join(words[:at])), width(" ".join(words[at:]))) for at in range(1, len(words)))
    return min(breaks, default=width(text))


def broken(text: str, room: int, width: Callable[[str], int]) -> tuple[str, str]:
    """A text in two lines: as many words as ``room`` (px) holds, and the rest."""
    words = text.split()
    at = next((at for at in range(len(words), 1, -1) if width(" ".join(words[:at])) <= room), 1)
    return " ".join(words[:at]), " ".join(words[at:])


def held(width: int) -> int:
    """A width that the user chose (px at scale 1), within what makes sense."""
    return min(max(width, LEAST_KEPT), MOST_KEPT)


def remembered(texts: Iterable[str]) -> dict[Column, int]:
    """The widths that the settings hold as ``date=170``, in px at scale 1; what is none is left out."""
    found: dict[Column, int] = {}
    for text in texts:
        name, _equals, width = text.partition("=")
        if name.upper() in Column.__members__ and width.isascii() and width.isdigit():
            found[Column[name.upper()]] = held(int(width[:6]))
    found.pop(Column.TITLE, None)  # it has what the others leave
    return found


def to_remember(widths: Mapping[Column, int]) -> list[str]:
    """What ``remembered`` reads."""
    return [f"{column.name.lower()}={widths[column]}" for column in sorted(widths)]

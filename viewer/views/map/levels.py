"""How active events are drawn, by how many there are in view. No Qt."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

MOST_MARKS: Final = 1_500
MOST_ROWS: Final = 5_000
CALM: Final = 0.85
"""A coarser level is left only below this share of its threshold, so that scrubbing does not flicker."""


class Level(IntEnum):
    """How active events are drawn: shaped marks with counts, small marks one by one, or cells with counts."""

    MARKS = 0
    DOTS = 1
    CELLS = 2


def level_for(rows: int, stacks: int, now: Level) -> Level:
    """The level for so many active rows and stacks in view, given the level in force."""
    many = MOST_ROWS * (CALM if now is Level.CELLS else 1)
    full = MOST_MARKS * (CALM if now is not Level.MARKS else 1)
    if rows > many:
        return Level.CELLS
    return Level.DOTS if stacks > full else Level.MARKS

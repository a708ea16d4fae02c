"""In which line of a file the headings are: tables often have titles, dates and blank lines above them. No I/O.

The headings are in the first row from which on about as many cells are filled as below. What stands above them is
counted among the rows, so that the number of a row and its line are those of the file whichever line is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from db.errors import InputFault

LOOKED_AT: Final = 60
"""Rows by which it is told how many cells are filled."""
MOST_ABOVE: Final = 20
"""Rows above the headings that are guessed, and lines among which is chosen in the window."""
_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Head:
    """Where the headings are. ``lines`` are those in which the first rows of the file begin, none in a file that says
    by itself how its columns are called. ``above``: how many rows stand above the headings, where there are any.
    """

    lines: tuple[int, ...] = ()
    above: int = 0
    header: bool = True

    @property
    def line(self) -> int | None:
        """The line of the headings, 0 where there are none; None in a file where that is no question."""
        if not self.lines:
            return None
        return self.lines[self.above] if self.header else 0


def head_of(name: str, lines: Sequence[int], rows: Rows, line: int | None = None, header: bool | None = None) -> Head:
    """Where the headings of the file ``name`` are: in ``line`` (0: nowhere), or where they seem to be; with ``header``
    there are some or none. ``lines`` and ``rows`` are the first that are not blank. Raises InputFault where no row
    begins in that line.
    """
    found = tuple(lines)
    if line == 0 or (line is None and header is False):
        return Head(found, header=False)
    if line is not None:
        if line not in found:
            raise InputFault(
                f"In line {line:,} of {name} no row begins that could hold the headings. Name another line; "
                "nothing was written."
            )
        return Head(found, found.index(line))
    above = rows_above(rows)
    return Head(found, above, header=bool(header) or above > 0 or is_header(rows[0]))


def rows_above(rows: Rows) -> int:
    """How many of the first rows seem to stand above the headings: they fill at most half as many cells as those below
    them do, and what follows looks like headings and fills as many.
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:LOOKED_AT]]
    for at, row in enumerate(rows[: min(len(filled) - 1, MOST_ABOVE + 1)]):
        usual = median(each for each in filled[at + 1 :] if each) if any(filled[at + 1 :]) else 0
        second_alone = len(row) == 2 and filled[at] == 1 and not row[0].strip()  # headings, the first without a name
        if 2 * filled[at] <= usual and not second_alone:
            continue
        if at == 0 or filled[at] >= usual:
            return at if is_header(row) else 0
    return 0


def is_header(row: Sequence[str]) -> bool:
    """Whether a row looks like headings: it says something, and no cell of it is a number."""
    cells = [cell.strip() for cell in row]
    return any(cells) and not any(_NUMBER.fullmatch(cell) for cell in cells)

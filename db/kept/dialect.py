"""How a table is written, and the pieces in which it is read. No I/O."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_CELL: Final = 4 << 20
"""Bytes of one cell."""
Row = tuple[int, int, list[str], str | None]
"""Number of the row (the header, where there is one, counts, and so does what stands above it), line in the file where
it begins, cells, and what is to be told of its geometry that no cell says.
"""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written. ``names`` are its columns, ``sample`` some of its first rows. ``above``: how many rows
    stand above that with the headings, such as titles; ``header``: whether there is such a row.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    header: bool = True
    names: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    above: int = 0

    @property
    def heads(self) -> int:
        """How many rows there are before the first that is an event."""
        return self.above + self.header


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a table's bytes that can be read by itself.

    ``first_line`` is the line in the file with which it begins; ``first_row`` the first row to begin in it, after
    ``skip`` lines that belong to the row before.
    """

    data: bytes
    first_line: int
    first_row: int = 0
    skip: int = 0


def plain(header: str) -> str:
    """A header for comparing: without case and punctuation."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\W_]+", "_", text).strip("_")

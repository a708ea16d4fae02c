"""Which rows of a table without ids came in before: told by the hashes that the quotes of rows keep.

A newer copy of such a table has most of its rows as they were, and nothing but their cells says so. The hashes are read
in bulk, as text of thousands of rows at once that becomes an array of numbers: 12 bytes a row, and no object of
Python's for any of them. As with ids, a row whose event was deleted came in, and an import that was undone does not
count. A row that stands in the new table more often than in those of before comes in as often as it is more.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from db.importers.tables.codebooks import OWN, OWN_CSV
from db.importers.tables.columns import Fate, Field, PassedOver
from db.importers.tables.mapping import TableMapping
from db.kept.dialect import Dialect
from db.kept.tables import row_hash

_AT_ONCE: Final = 50_000
_DIGITS: Final = 16
"""Of a hash: among a million rows two have the same 64 bits by chance once in ten million tables."""
_MARKS: Final = (1 << 24) - 1
"""By the low bits of its hash it is told at once of nearly every row that it is new, as in came_in.py."""
_HASHES: Final = (
    f"SELECT document_id, count(*), group_concat(substr(row_sha256, 1, {_DIGITS}), '') FROM quote "
    "WHERE id > ? AND id <= ? AND selector = 'row' AND length(row_sha256) = 64 "
    "AND row_sha256 NOT GLOB '*[^0-9a-f]*' GROUP BY document_id"
)
_LAST_OF_NEXT: Final = "SELECT max(id) FROM (SELECT id FROM quote WHERE id > ? ORDER BY id LIMIT ?)"
"""By number and not by stretch of ids, which may be far apart."""
_DOCUMENTS: Final = (
    "SELECT d.id, coalesce(d.file_name, s.title) FROM document AS d JOIN source AS s ON s.id = d.source_id"
)

Report = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Again:
    """Which of the first rows of a table came in before, and with which files, that of most of them first.

    ``earlier``: whether rows of any table are in the project, so that one further down may have come in.
    """

    there: tuple[bool, ...] = ()
    files: tuple[str, ...] = ()
    earlier: bool = False

    @property
    def count(self) -> int:
        return sum(self.there)

    def said(self, *, whole: bool, only_new: bool) -> str:
        """How many came in before, and what becomes of them; ``whole``: the table has no other rows, ``only_new``: what
        came in before is left. Nothing where none did.
        """
        of, number = len(self.there), self.count
        if not number:
            return ""
        first, *more = self.files
        files = first if not more else f"{first} and {len(more)} other file{'s' if len(more) > 1 else ''}"
        if number == of:
            rows = "The one row" if of == 1 else f"All {of:,} rows" if whole else f"All of the first {of:,} rows"
        else:
            rows = f"{number:,} of these {of:,} rows" if whole else f"{number:,} of the first {of:,} rows"
        one = number == 1
        here = f"{rows} {'is' if one else 'are'} in this project already, from {files}"
        if not only_new:
            comes = "comes in once more: its event" if one else "come in once more: their events"
            return f"{here}, and {comes} will be there twice."
        if number == of:
            return here + (": nothing is left to import." if whole else ". Those after them are compared as they come.")
        out = "is" if one else "are"
        return f"{here}, and {out} left out. A corrected row comes in as a new event beside the old one."


class SameRows:
    """What is known of rows by their cells alone."""

    taken: tuple[int, str] | None = None
    """No row is let in for another: what changed in it cannot be told from a new one."""

    def __init__(self, con: sqlite3.Connection, width: int, report: Report = lambda: None) -> None:
        """``width``: how many columns the new table has. ``report`` is heard of now and then; what it raises ends the
        reading.
        """
        self._width = width
        # Not those of an import that is under way elsewhere: its document comes with its last part.
        self._names: dict[int, str] = {row[0]: str(row[1]) for row in con.execute(_DOCUMENTS).fetchall()}
        keys, documents = _hashes(con, self._names, report)
        # The first document of a hash is named; of equal rows there are as many as came in.
        found, first, counts = np.unique(keys, return_index=True, return_counts=True)
        self._keys_array, self._documents = found, documents[first]
        self._left = counts.astype(np.int32)
        self._keys = found.data  # seen so, its elements are Python's numbers at once
        self._marked = bytearray(_MARKS + 1)
        np.frombuffer(self._marked, np.uint8)[(found & np.uint64(_MARKS)).astype(np.int64)] = 1

    def __len__(self) -> int:
        """How many different rows came in."""
        return len(self._keys)

    def find(self, cells: Sequence[str]) -> int | None:
        """The document with which a row came in, None for a new one. Each row of before is found once."""
        if not len(self._keys):
            return None
        if len(cells) > self._width and not any(cell.strip() for cell in cells[self._width :]):
            cells = cells[: self._width]  # so it is hashed when it comes in
        key = int(row_hash(cells)[:_DIGITS], 16)
        if not self._marked[key & _MARKS]:
            return None
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key or not self._left[at]:
            return None
        self._left[at] -= 1
        return int(self._documents[at])

    def check(self, cells: Sequence[str]) -> int | None:
        """Raises PassedOver for a row that came in before; nothing stands for an id that a row has not."""
        document_id = self.find(cells)
        if document_id is not None:
            raise PassedOver(Fate.SAME, f"the same row came in before, from {self.name(document_id)}")
        return None

    def add(self, _key: int | None, _line: int) -> None:
        """A row that goes in: equal ones further down go in as well, as nothing says that they are one."""

    def name(self, document_id: int) -> str:
        """What the file of a document was called."""
        return self._names[document_id]


def are_compared(mapping: TableMapping) -> bool:
    """Whether rows are compared by their cells: where no column holds ids, save in an export of ours, which has some
    that the user does not want to be compared.
    """
    has_ids = any(mapping.columns.get(each) for each in (Field.ID, Field.UID))
    return not has_ids and mapping.codebook not in (OWN, OWN_CSV)


def again_of(con: sqlite3.Connection, dialect: Dialect, report: Report = lambda: None) -> Again:
    """Which of a table's first rows, ``dialect.sample``, came in before. As ``SameRows``."""
    rows = SameRows(con, len(dialect.names), report)
    found = [rows.find(cells) for cells in dialect.sample]
    files = Counter(rows.name(each) for each in found if each is not None)
    return Again(
        tuple(each is not None for each in found), tuple(name for name, _n in files.most_common()), len(rows) > 0
    )


def _hashes(
    con: sqlite3.Connection, known: Container[int], report: Report
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int32]]:
    """Beginnings of the hashes of all rows that came in with known documents, and the documents of their quotes."""
    keys, documents = [np.empty(0, np.uint64)], [np.empty(0, np.int32)]
    after = -(1 << 63)
    while (last := con.execute(_LAST_OF_NEXT, (after, _AT_ONCE)).fetchone()[0]) is not None:
        for document_id, count, text in con.execute(_HASHES, (after, last)).fetchall():
            if document_id not in known:
                continue
            keys.append(np.frombuffer(bytes.fromhex(text), ">u8").astype(np.uint64))
            documents.append(np.full(count, document_id, np.int32))
        after = last
        report()
    return np.concatenate(keys), np.concatenate(documents)

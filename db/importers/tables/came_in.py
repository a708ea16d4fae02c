"""Which rows of a table came in before: with an earlier table of its publisher, or further up in the same table.

Publishers of event data give each row an id and put the old rows into every new file. The ids of what came in stand in
the tables that the project keeps, and its quotes say of which rows events were made: so nothing more is written, an
import that was undone does not count, and an event that was deleted or merged does not come back. A row is compared
with the one that went in, so what differs is told with every file until the project has it. What is compared is
kept as three numbers for each id, however long the rows are; the earlier tables are read once, before the first row.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from db.errors import EnvironmentFault, InputFault
from db.importers.tables.codebooks import OWN, OWN_CSV
from db.importers.tables.columns import Fate, Field, PassedOver
from db.importers.tables.known import recognise
from db.importers.tables.mapping import TableMapping, from_json
from db.importers.tables.taking_over import Standing
from db.kept.dialect import Dialect, plain
from db.kept.tables import Layout, find_row, kept_rows, layout_of, piece_of
from db.values import DocumentRole

DETAILED: Final = 200
"""Changed rows of which it is said what was there before; reading one costs some milliseconds."""
NAMED: Final = 3
SHOWN: Final = 60
GATHERED: Final = 50_000
TOLD: Final = 5_000
_ROW_BITS: Final = 40
_MARKS: Final = (1 << 24) - 1
"""By the low bits of an id's hash it is told at once of nearly every row that its id is new (Bloom 1970, one hash): to
look each up among a million takes a fiftieth of an import's time.
"""

Numbers = npt.NDArray[np.int64]
Cells = Callable[[Sequence[str]], Any]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A table that came in before, with the used columns that both have: their names, and where they stand."""

    layout: Layout
    document_id: int
    id_at: int
    shared: tuple[tuple[str, int, int], ...]
    there: Cells
    here: Cells


class CameIn:
    """What is known of the ids of rows; knows nothing where no column holds an id."""

    def __init__(
        self,
        con: sqlite3.Connection,
        dialect: Dialect,
        mapping: TableMapping,
        publisher: str | None,
        report: Callable[[], None] = lambda: None,
        standing: Standing | None = None,
    ) -> None:
        """Reads the earlier tables that say the same (``_Whose``). With ``standing`` rows that differ are let in whose
        events are as they came.

        ``report`` is heard of now and then; what it raises ends the reading. Raises EnvironmentFault when such a table
        cannot be read any more.
        """
        self._con, self._width, self._detailed = con, len(dialect.names), 0
        self._standing = standing
        self._taken_at = 0
        self.taken: tuple[int, str] | None = None
        """Of the row that was checked last, where it is let in for another: the number of that event, and what differs.
        """
        plains = [plain(each) for each in dialect.names]
        self._at = id_at(dialect, mapping)
        self._name = "" if self._at is None else dialect.names[self._at]
        self._earlier: list[_Earlier] = []
        self._here: dict[int, int] = {}
        self._marked = bytearray(_MARKS + 1)
        none = np.empty(0, np.int64)
        self._set(none, none, none)
        if self._at is None:
            return
        ours = _whose(dialect, mapping, publisher)
        used = {plain(each) for field, names in mapping.columns.items() if field not in _IDS for each in names}
        for document_id, title, theirs, layout in _tables(con):
            found = _id_of(layout, ours, theirs, plain(self._name))
            if found is None:
                continue
            names = [plain(each) for each in layout.dialect.names]
            shared = tuple(
                (dialect.names[plains.index(each)], names.index(each), plains.index(each))
                for each in sorted(used)
                if each in names
            )
            if shared:  # without, rows with one id would all be alike
                there = _picked([there for _name, there, _here in shared])
                here = _picked([here for _name, _there, here in shared])
                self._earlier.append(_Earlier(layout, document_id, found, shared, there, here))
                self._learn(len(self._earlier) - 1, title, report)

    def check(self, cells: Sequence[str]) -> int | None:
        """What stands for a row's id, None where it has none. Raises PassedOver for one that is known already."""
        self.taken = None
        key = id_key(cells, self._at, self._width)
        if key is None or not self._marked[key & _MARKS]:
            return key
        line = self._here.get(key)
        if line is None:
            at = bisect_left(self._keys, key)
            if at == len(self._keys) or self._keys[at] != key:
                return key
            where = self._wheres[at]
            if where >= 0:
                known, number = self._known(cells, where, self._contents[at])
                if number is None:
                    raise known
                self.taken, self._taken_at = (number, str(known)), at
                return key
            line = -where
        raise PassedOver(Fate.REPEATED, f"its {self._name} “{self._id(cells)}” is that of line {line:,}")

    def add(self, key: int | None, line: int) -> None:
        """Take note of a row that goes in, by what ``check`` answered."""
        if key is None:
            return
        if self.taken is not None:
            self._wheres_array[self._taken_at] = -line
            return
        self._here[key] = line
        self._marked[key & _MARKS] = 1
        if len(self._here) >= GATHERED:
            count = len(self._here)
            wheres = -np.fromiter(self._here.values(), np.int64, count)
            self._merge(np.fromiter(self._here, np.int64, count), np.zeros(count, np.int64), wheres)
            self._here.clear()

    def _known(self, cells: Sequence[str], where: int, content: int) -> tuple[PassedOver, int | None]:
        """Why a row that came in before is passed over, and the number of its event where that gives way instead."""
        table, row = divmod(where, 1 << _ROW_BITS)
        earlier = self._earlier[table]
        if hash(earlier.here(cells)) == content:
            return PassedOver(Fate.SAME, f"its {self._name} {self._id(cells)} came in before"), None
        said = f"its {self._name} {self._id(cells)} came in before, but differs now"
        number, why = None, ""
        if self._standing is not None:
            number, why = self._standing.event(earlier.document_id, row)
        why = why and f"; {why}"
        if self._detailed >= DETAILED:
            return PassedOver(Fate.CHANGED, said + why), number
        self._detailed += 1
        before = find_row(self._con, earlier.layout, row) or []
        differing = [
            _difference(name, before[there], cells[here])
            for name, there, here in earlier.shared
            if there < len(before) and before[there] != cells[here]
        ]
        more = [f"{len(differing) - NAMED} more"] if len(differing) > NAMED else []
        if differing:
            said = f"{said}: {', '.join(differing[:NAMED] + more)}"
        return PassedOver(Fate.CHANGED, said + why), number

    def _id(self, cells: Sequence[str]) -> str:
        return "" if self._at is None else cells[self._at].strip()[:SHOWN]

    def _learn(self, table: int, title: str, report: Callable[[], None]) -> None:
        """Read the rows of an earlier table that went in; of those with one id its first counts, and of several tables
        the last.
        """
        earlier, keys, contents, rows = self._earlier[table], list[int](), list[int](), list[int]()
        there, at, layout = earlier.there, earlier.id_at, earlier.layout
        width = len(layout.dialect.names)
        found: list[Numbers] = []

        def gather() -> None:
            found.append(np.array([keys, contents, rows], np.int64).reshape(3, -1))
            for each in (keys, contents, rows):
                each.clear()
            report()

        try:
            for number, cells in kept_rows(self._con, layout):
                if len(cells) < width or number <= layout.dialect.heads or not cells[at].strip():
                    continue
                keys.append(hash(cells[at].strip()))
                contents.append(hash(there(cells)))
                rows.append(number)
                if len(keys) >= TOLD:
                    gather()
        except EnvironmentFault as fault:
            raise EnvironmentFault(
                f"Which rows came in before cannot be told: the table of “{title}” is damaged. Let no column be the "
                "id, and rows are compared by their cells. Nothing was written."
            ) from fault
        gather()
        all_keys, all_contents, all_rows = np.concatenate(found, axis=1)
        went_in = np.flatnonzero(np.isin(all_rows, _quoted(self._con, earlier.document_id)))
        came, at_first = np.unique(all_keys[went_in], return_index=True)
        first = went_in[at_first]
        old = ~np.isin(self._keys_array, came)
        self._set(self._keys_array[old], self._contents_array[old], self._wheres_array[old])
        self._merge(came, all_contents[first], all_rows[first] | table << _ROW_BITS)

    def _merge(self, keys: Numbers, contents: Numbers, wheres: Numbers) -> None:
        """Add ids that are not known yet, each once."""
        np.frombuffer(self._marked, np.uint8)[keys & _MARKS] = 1
        merged = np.concatenate((self._keys_array, keys))
        order = np.argsort(merged, kind="stable")
        self._set(
            merged[order],
            np.concatenate((self._contents_array, contents))[order],
            np.concatenate((self._wheres_array, wheres))[order],
        )

    def _set(self, keys: Numbers, contents: Numbers, wheres: Numbers) -> None:
        self._keys_array, self._contents_array, self._wheres_array = keys, contents, wheres
        # Seen through memory views, their elements are Python's numbers at once.
        self._keys, self._contents, self._wheres = keys.data, contents.data, wheres.data


_IDS: Final = (Field.ID, Field.UID)
_MAKING: Final = (Field.TITLE, Field.START, Field.EDTF, Field.PLACE, Field.LAT, Field.LON, Field.KIND)


def id_at(dialect: Dialect, mapping: TableMapping) -> int | None:
    """Where the ids of a table's rows stand; None where no column holds them."""
    name = _id_column(mapping)
    return None if name is None else [plain(each) for each in dialect.names].index(plain(name))


def id_key(cells: Sequence[str], at: int | None, width: int) -> int | None:
    """What stands for the id of a row of so many cells (``id_at``); None where it has none."""
    if at is None or len(cells) < width:
        return None
    text = cells[at].strip()
    return hash(text) if text else None


def _id_column(mapping: TableMapping) -> str | None:
    return next((mapping.columns[each][0] for each in _IDS if mapping.columns.get(each)), None)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose table it is, and of what: ``known`` names the data set where it is one that is recognised.

    ``making`` are the columns that make the event. All are compared by their plain names.
    """

    publishers: frozenset[str]
    columns: tuple[str, ...]
    known: str | None
    making: frozenset[str]

    def is_of(self, other: _Whose) -> bool:
        """Whether an id means the same row in both.

        They are of one publisher, or have the same columns where one does not say whose it is; and they are the same
        data set, or one of them has all that makes an event in the other. Two tables of a publisher that have no more
        in common than the name of the column with their numbers are two.
        """
        if OWN in (self.known, other.known):
            return self.known == other.known
        if self.publishers and other.publishers:
            if not self.publishers & other.publishers:
                return False
        elif self.columns != other.columns:
            return False
        if self.known is not None and self.known == other.known:
            return True
        return any(one.making and one.making <= set(two.columns) for one, two in ((self, other), (other, self)))


def _whose(dialect: Dialect, mapping: TableMapping, *publishers: str | None) -> _Whose:
    """``publishers`` as the user names them; the mapping may name one as well."""
    known = OWN if mapping.codebook in (OWN, OWN_CSV) else mapping.codebook if mapping.publisher else None
    return _Whose(
        frozenset(
            " ".join(each.split()).casefold() for each in (*publishers, mapping.publisher) if each and each.strip()
        ),
        tuple(map(plain, dialect.names)),
        known,
        frozenset(plain(each) for field in _MAKING for each in mapping.columns.get(field, ())),
    )


def _tables(con: sqlite3.Connection) -> Iterator[tuple[int, str, str | None, Layout]]:
    """The tables of a project, first the first: document, title, publisher, layout."""
    for document_id, title, publisher, sha256 in con.execute(
        "SELECT min(d.id), s.title, s.publisher, d.text_sha256 FROM document AS d JOIN source AS s ON s.id = "
        "d.source_id WHERE d.role = ? AND d.text_sha256 IS NOT NULL GROUP BY d.text_sha256 ORDER BY 1",
        (DocumentRole.TABLE.value,),
    ).fetchall():
        try:
            yield document_id, str(title), publisher, layout_of(piece_of(con, sha256))
        except EnvironmentFault:
            continue  # nobody can tell whose it is; checking the project names it


def _id_of(layout: Layout, ours: _Whose, publisher: str | None, name: str) -> int | None:
    """Where the ids of that name stand in an earlier table; None for a table of others, or without."""
    try:
        mapping = from_json(layout.mapping)
    except InputFault:
        return None
    theirs = _whose(layout.dialect, mapping, publisher)
    if not theirs.is_of(ours):
        return None
    if _id_column(mapping) is None:  # it came in before ids were compared, or the user did not want them to be
        mapping = recognise(layout.dialect.names) or mapping
    column = _id_column(mapping)
    if column is None or plain(column) != name or name not in theirs.columns:
        return None
    return theirs.columns.index(name)


def _quoted(con: sqlite3.Connection, document_id: int) -> Numbers:
    """Numbers of the rows of a table that came in: their quotes are there, whatever became of the events, also with
    other sources that have the table among their documents.
    """
    sql = (
        "SELECT CAST(substr(q.row_selector, 5) AS INTEGER) FROM document AS d JOIN document AS t "
        "ON t.text_sha256 = d.text_sha256 JOIN quote AS q ON q.document_id = t.id "
        "WHERE d.id = ? AND t.role = d.role AND q.selector = 'row'"
    )
    return np.fromiter((row[0] for row in con.execute(sql, (document_id,))), np.int64)


def _picked(at: Sequence[int]) -> Cells:
    return itemgetter(*at)


def _difference(name: str, before: str, now: str) -> str:
    if max(len(before), len(now)) > SHOWN or "\n" in before + now:
        return f"{name} is another text"
    return f"{name} is “{now}”, was “{before}”"

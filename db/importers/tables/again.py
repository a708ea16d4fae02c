"""A table that the project keeps, made into rows again: to redo its import, and to see what was changed since.

The bytes of a table stay in the project when its import is undone, as those of attached copies do. With the layout, the
mapping and the seed of the uids the same rows come of them, by number and name.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from db import journal
from db.bulk import Bulk, Record
from db.change import Change
from db.errors import EnvironmentFault
from db.history import StepHead
from db.importers.tables.claims import ClaimMaker
from db.importers.tables.columns import BadRow
from db.importers.tables.dates import DateOrder
from db.importers.tables.mapping import from_json
from db.importers.tables.parts import PartWriter
from db.importers.tables.replaced import name_again, replaced_by
from db.importers.tables.rows import RowMaker
from db.journal import Entry
from db.kept.tables import Layout, RowRanges, kept_rows, layout_of, piece_of
from db.uid import UidRun
from db.values import Stance

LENIENT: Final = "lenient"
"""In what is kept of an import: single cells that could not be read were left out, not their rows."""
_AT_ONCE: Final = 10_000
_PLAIN: Final = 18
"""Values of a row with one claim (rows.Made)."""
# What an import leaves alone in its rows: true where somebody has not.
_TOUCHED: Final = (
    "e.outcome_of_id IS NOT NULL OR c.quote_id IS NOT c.id OR c.protected <> 0 OR "
    "c.note IS NOT NULL OR c.judged_by IS NOT NULL OR c.control_place_id IS NOT NULL OR "
    "c.control_holder_id IS NOT NULL OR q.state <> 'anchored' OR q.note IS NOT NULL OR q.same_as_id IS NOT NULL"
)
_VALUES: Final = (
    f"SELECT c.id, {_TOUCHED}, q.row_selector, q.row_sha256, c.title, c.edtf, c.place_id, e.kind_id, "
    "c.attributed_to, c.credibility, c.quantity_value, c.quantity_low, c.quantity_high, "
    "c.quantity_what, c.quantity_unit, c.summary, c.status, e.note, e.tags, c.id - c.event_id, c.stance "
    "FROM claim AS c JOIN event AS e ON e.id = c.event_id JOIN quote AS q ON q.id = c.id WHERE c.id BETWEEN ? AND ?"
)


def redo(bulk: Bulk, record: Record, changes: Sequence[Entry], target: StepHead) -> Change | None:
    """Bring back the rows that a step took away: small tables from their images, the rest from the kept table.

    Raises EnvironmentFault when that cannot give the same rows; nothing was changed then.
    """
    if record.about.get("kept"):
        raise _cannot(target.label, "some of its events stayed when it was undone")
    con, tracked = bulk.con, dict(bulk.tracked)
    with bulk.trying():  # the rows name places and actors that are not there before the last part
        journal.check_untouched(con, changes, tracked, target.label)
        journal.revert(con, changes, tracked)
        source_id, document_id, layout = _document(con, record)
        unknown = _Unknown(new_kinds=False)
        maker, claims = _makers(layout, record, unknown)
        maker.learn(con, frozenset(each.row_id for each in changes if each.table == "place"))
        if claims is not None:
            claims.learn(con, document_id)
    seed, first_ms = record.about["uids"]
    uids = UidRun(bytes.fromhex(seed), int(first_ms))
    bulk.reserve_again(record.ranges)
    writer = PartWriter(bulk, maker, claims, uids, source_id, document_id)
    for number, cells in _rows(con, layout, record):
        try:
            writer.put(number, cells)
        except BadRow:
            continue
        if writer.is_full:
            writer.write()
    writer.write()
    count = sum(last - first + 1 for first, last in record.ranges["event"])
    if writer.count != count or (unknown.count and _names_unknown(con, *writer.numbers)):
        raise _cannot(target.label, "other rows would come of its table")
    with bulk.last_part(record.about):
        with bulk.watched():
            journal.revert(con, changes, tracked)
        name_again(con, replaced_by(con, record))
        writer.write_events()
    return bulk.change


def _cannot(label: str, why: str) -> EnvironmentFault:
    return EnvironmentFault(f"“{label}” cannot be redone: {why}. Import the file again instead; nothing was changed.")


def changed_rows(con: sqlite3.Connection, record: Record, places: frozenset[int]) -> set[int]:
    """Numbers of the imported rows that are not what the kept table says, for changes that left no image.

    ``places`` are those that the import made. Raises EnvironmentFault when the table cannot be read any more.
    """
    if not record.ranges.get("event"):
        return set()
    _source_id, document_id, layout = _document(con, record)
    maker, claims = _makers(layout, record, _Unknown())
    maker.learn(con, places, uids=False)
    if claims is not None:
        claims.learn(con, document_id)
    days: list[str] = []
    found: set[int] = set()
    expected: list[tuple[Any, ...]] = []
    first = at = record.ranges["event"][0][0]
    for number, cells in _rows(con, layout, record):
        try:
            row, actors = maker.make(number, cells)
            said = None if claims is None else claims.make(row, actors, cells)
        except BadRow:
            continue
        days += [when.edtf for when in maker.dates]
        maker.dates.clear()
        for one, who in ((row, actors),) if said is None else zip(said.made, said.actors, strict=True):
            (_number, sha256, title, day, place, kind), rest = one[:6], one[6:17]
            in_row, stance = (one[18], one[21]) if len(one) > _PLAIN else (0, Stance.SUPPORTS.value)
            edtf = None if day is None else days[day - 1]
            values = (0, f"row={number}", sha256, title, edtf, place, kind, *rest, in_row, stance)
            expected.append((*values, tuple(sorted(who))))
            at += 1
        if len(expected) >= _AT_ONCE:
            found |= _differing(con, first, expected)
            first, expected = at, []
    return found | _differing(con, first, expected)


def _differing(con: sqlite3.Connection, first: int, expected: Sequence[tuple[Any, ...]]) -> set[int]:
    span = (first, first + len(expected) - 1)
    actors: dict[int, list[int]] = defaultdict(list)
    sql = "SELECT claim_id, actor_id FROM claim_actor WHERE claim_id BETWEEN ? AND ?"
    for claim_id, actor_id in con.execute(sql, span).fetchall():
        actors[claim_id].append(actor_id)
    return {
        row[0]
        for row in con.execute(_VALUES, span).fetchall()
        if (*row[1:], tuple(sorted(actors[row[0]]))) != expected[row[0] - first]
    }


def _document(con: sqlite3.Connection, record: Record) -> tuple[int, int, Layout]:
    """Source, document and layout of the table that a record is about."""
    row = con.execute(
        "SELECT source_id, id, text_sha256 FROM document WHERE uid = ?", (record.about.get("document"),)
    ).fetchone()
    if row is None or row[2] is None:
        raise EnvironmentFault("The table of this import is no longer in the project. Nothing was changed.")
    return row[0], row[1], layout_of(piece_of(con, row[2]))


class _Unknown:
    """Ids for what rows name that the project does not have: below 0, so that they can be told.

    What only rows named that were left, or what came in without an unreadable cell, is not in the project; a row that
    came in and names such a thing is another than it was.
    """

    def __init__(self, *, new_kinds: bool = True) -> None:
        """``new_kinds`` False: a row that names a kind that is not there is left, as those were whose kind would have
        been one of too many.
        """
        self.count = 0
        self._new_kinds = new_kinds

    def next_id(self, table: str) -> int:
        if table == "kind" and not self._new_kinds:
            raise BadRow("its kind is not in the project")
        self.count += 1
        return -self.count


def _names_unknown(con: sqlite3.Connection, first: int, last: int) -> bool:
    """Whether one of the rows that were written names what the project does not have. That a source is not there is
    told by the document of its quotes, which is not there either.
    """
    found = con.execute(
        "SELECT EXISTS (SELECT 1 FROM claim WHERE id BETWEEN ?1 AND ?2 AND place_id < 0) "
        "OR EXISTS (SELECT 1 FROM quote WHERE id BETWEEN ?1 AND ?2 AND document_id < 0) "
        "OR EXISTS (SELECT 1 FROM claim_actor WHERE claim_id BETWEEN ?1 AND ?2 AND actor_id < 0)",
        (first, last),
    ).fetchone()
    return bool(found[0])


def _makers(layout: Layout, record: Record, unknown: _Unknown) -> tuple[RowMaker, ClaimMaker | None]:
    """Make the rows of an import again."""
    order = DateOrder(record.about.get("order", DateOrder.DAY_FIRST.value))
    mapping = from_json(layout.mapping)
    strict = not record.about.get(LENIENT)  # an import of before left whole rows
    maker = RowMaker(mapping, layout.dialect, order, unknown.next_id, strict=strict)
    return maker, ClaimMaker.of(maker, mapping, layout.dialect, unknown.next_id)


def _rows(con: sqlite3.Connection, layout: Layout, record: Record) -> Iterator[tuple[int, list[str]]]:
    """The rows that came in; of an import of before also those that could not be taken, which fail again."""
    sha256 = record.about.get("passed")
    passed = RowRanges(piece_of(con, sha256) if sha256 else b"")
    for number, cells in kept_rows(con, layout):
        if number > layout.dialect.heads and number not in passed:
            yield number, cells

"""Taking over the rows of a newer table that came in before and differ now: what the publisher has corrected.

The event that the row made becomes what the corrected row makes of it, and its claim rests on that row: it is the newer
table's then. Only what the correction changes is changed, and only where nobody has worked on the event since: what
stands there is compared with what the row of before makes, so that corrections can follow one another. One ordinary
step, undone by its images; the old quotes go with it, and the passages of the new ones go into the index of rows.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from db import edtf, row_texts
from db.bulk import RECORD
from db.displayed import span_columns
from db.errors import EnvironmentFault, InputFault
from db.importers.tables.claims import NewSource
from db.importers.tables.columns import BadLine, BadRow
from db.importers.tables.dates import DateOrder
from db.importers.tables.importer import About, OpenTable, Report
from db.importers.tables.mapping import TableMapping, from_json
from db.importers.tables.outcome import LISTED, Listed, TableImported, corrected_rows
from db.importers.tables.rows import Made, RowMaker
from db.importers.tables.small_rows import SmallRows
from db.kept.dialect import Part
from db.kept.tables import Layout, Piece, layout_of, packed, passage_of, piece_of, some_rows
from db.store import Store
from db.uid import new_uid
from db.values import DocumentRole, TimeSpan

AT_ONCE: Final = 400
"""Rows between two words of how far it is."""
_WORKED_ON: Final = (
    "e.outcome_of_id IS NOT NULL OR c.stance <> 'supports' OR c.protected <> 0 OR c.note IS NOT NULL "
    "OR c.judged_by IS NOT NULL OR c.control_place_id IS NOT NULL OR c.control_holder_id IS NOT NULL "
    "OR q.state <> 'anchored' OR q.note IS NOT NULL OR q.same_as_id IS NOT NULL "
    "OR EXISTS (SELECT 1 FROM decision AS d WHERE d.event_id = e.id) "
    "OR EXISTS (SELECT 1 FROM claim AS o WHERE o.event_id = e.id AND o.id <> c.id) "
    "OR EXISTS (SELECT 1 FROM claim AS o WHERE o.quote_id = q.id AND o.id <> c.id) "
    "OR EXISTS (SELECT 1 FROM claim_place AS p WHERE p.claim_id = c.id) "
    "OR EXISTS (SELECT 1 FROM claim_actor AS a WHERE a.claim_id = c.id AND a.role <> 'involved') "
    "OR EXISTS (SELECT 1 FROM quote AS o WHERE o.same_as_id = q.id)"
)
_COLUMNS: Final = (
    "title", "place_id", "attributed_to", "credibility", "quantity_value", "quantity_low", "quantity_high",
    "quantity_what", "quantity_unit", "summary", "status",
)  # fmt: skip
"""Columns of the claim but for the date, in the order of Made without its first three, the date and the kind."""
_STANDS: Final = (
    f"SELECT q.id, c.id, e.id, e.title, {_WORKED_ON}, q.row_sha256, c.edtf, c.time_shape, e.kind_id, e.note, e.tags, "
    f"{', '.join(f'c.{each}' for each in _COLUMNS)} "
    "FROM quote AS q JOIN claim AS c ON c.quote_id = q.id JOIN event AS e ON e.id = c.event_id "
    "WHERE q.id IN (SELECT value FROM json_each(?))"
)
_HEAD: Final = 11
_BOUNDS: Final = ("edtf", "time_shape", "earliest", "latest_start", "earliest_end", "latest", "precision")


@dataclass(slots=True)
class TakenOver:
    """How many rows were taken over, and those that were left, with the reason."""

    count: int = 0
    left: Listed = field(default_factory=Listed)


@dataclass(frozen=True, slots=True)
class _Values:
    """What a row makes, in the form of what stands in the project. ``kind``, place and actors by id."""

    when: TimeSpan | None
    kind: int | None
    note: str | None
    tags: str | None
    columns: tuple[Any, ...]
    actors: tuple[int, ...]


def take_over(
    store: Store,
    table: OpenTable,
    mapping: TableMapping,
    about: About | None,
    imported: TableImported,
    report: Report = lambda _done, _total: None,
    *,
    origin: str = "import",
) -> TakenOver:
    """Take over the corrections that an import found, as one undoable step; a table of which no row went in is kept
    first.

    ``report`` hears of rows done and of all; an exception that it raises stops the work, and nothing of it stays.
    Raises InputFault where no row can be taken over, and EnvironmentFault when a table cannot be read any more or the
    project not be written. Nothing has been changed then.
    """
    name = table.path.name
    label = f"Take over {corrected_rows(len(imported.corrections))} of {name}"
    with store.step(label, origin) as session:
        con = session.connection().connection.driver_connection
        assert isinstance(con, sqlite3.Connection)
        taking = _Taking(con, table, mapping, about or About(), imported, report)
        taken = taking.run()
        if not taken.count:
            first = next((f" Line {each.line}: {each.reason}." for each in taken.left.rows), "")
            raise InputFault(f"No corrected row of {name} can be taken over.{first} Nothing was changed.")
    return taken


class _Taking:
    """Corrections on their way in, within a step."""

    def __init__(
        self,
        con: sqlite3.Connection,
        table: OpenTable,
        mapping: TableMapping,
        about: About,
        imported: TableImported,
        report: Report,
    ) -> None:
        self.con, self.table, self.mapping, self.about = con, table, mapping, about
        self.imported, self.report = imported, report
        self.taken = TakenOver()
        self.used: dict[str, set[int]] = {"kind": set(), "place": set(), "actor": set()}
        self.next: dict[str, int] = {}
        self.unsure: dict[int, dict[str, set[int]]] = {}

    def run(self) -> TakenOver:
        source_id, document_id, layout_sha256 = self._document()
        layout = layout_of(piece_of(self.con, layout_sha256))
        self.new = RowMaker(self.mapping, layout.dialect, self.about.order, self._next_id)
        self.new.learn(self.con, uids=False)
        self.passage = passage_of(layout)
        total, done = len(self.imported.corrections), 0
        rows = iter(self.imported.corrections)
        earlier = {each: self._earlier(each) for each in {row[0] for row in self.imported.corrections}}
        quotes = self._quotes()
        while part := list(islice(rows, AT_ONCE)):
            self.report(done, total)
            self._take(part, quotes, earlier, layout, source_id, document_id)
            done += len(part)
        for names, table in ((self.new.kinds, "kind"), (self.new.places, "place"), (self.new.actors, "actor")):
            for row_id in [each for each in names.new if each not in self.used[table]]:
                del names.new[row_id]
        SmallRows(self.con, self.table, layout_sha256).put_names(self.new)
        self.report(total, total)
        return self.taken

    def _next_id(self, table: str) -> int:
        if table not in self.next:
            row = self.con.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
            self.next[table] = row[0] if row else 0
        self.next[table] += 1
        return self.next[table]

    def _document(self) -> tuple[int, int, str]:
        """Source, document and layout of the newer table; kept now where no row of it went in."""
        row = self.con.execute(
            "SELECT source_id, id, text_sha256 FROM document WHERE sha256 = ? AND role = ? AND text_sha256 IS NOT NULL "
            "ORDER BY id",
            (self.table.sha256, DocumentRole.TABLE.value),
        ).fetchone()
        if row is not None:
            return row[0], row[1], row[2]
        layout_sha256 = self._keep()
        about, made = self.about, SmallRows(self.con, self.table, layout_sha256)
        published = edtf.parse(about.published).edtf if about.published else None
        source = NewSource(self.imported.title, about.publisher or self.mapping.publisher, published, None)
        source_id = made.put_source(None, self.imported.source.uid, source)
        return source_id, made.put_document(None, self.imported.document.uid, source_id), layout_sha256

    def _keep(self) -> str:
        """Keep the table as an import does; answers the hash of its layout."""
        read, pieces, file = hashlib.sha256(), list[Piece](), list[str]()

        def keep(part: Part) -> None:
            read.update(part.data)
            pieces.append(Piece(self._put(part), part.first_row, part.skip))
            self.report(0, len(self.imported.corrections))

        for _row in self.table.rows(keep):
            pass
        for data in self.table.file_parts():
            if not file:
                read = hashlib.sha256()  # the pieces are something else than the file
            read.update(data)
            file.append(self._put(Part(data, 0)))
        if read.hexdigest() != self.table.sha256:
            raise EnvironmentFault(
                f"{self.table.path.name} was changed since it was looked at. Nothing was changed; import it again."
            )
        mapping = self.mapping.to_json()
        layout = Layout(self.table.format, self.table.dialect, tuple(pieces), tuple(file), mapping)
        return self._put(Part(layout.to_bytes(), 0))

    def _put(self, part: Part) -> str:
        sha256, body = packed(part)
        self.con.execute("INSERT OR IGNORE INTO content (sha256, body) VALUES (?, ?)", (sha256, body))
        return sha256

    def _earlier(self, document_id: int) -> tuple[Layout, RowMaker]:
        """An earlier table, and what makes the values of its rows; it names the same things by the same ids."""
        row = self.con.execute("SELECT uid, text_sha256 FROM document WHERE id = ?", (document_id,)).fetchone()
        if row is None or row[1] is None:
            raise EnvironmentFault("An earlier table is no longer in the project. Nothing was changed.")
        layout = layout_of(piece_of(self.con, row[1]))
        self.unsure[document_id] = {table: self._made_since(table, document_id) for table in self.used}
        maker = RowMaker(from_json(layout.mapping), layout.dialect, self._order_of(row[0]), self._next_id)
        maker.kinds, maker.places, maker.actors = self.new.kinds, self.new.places, self.new.actors
        maker.kind_names = self.new.kind_names
        return layout, maker

    def _made_since(self, table: str, document_id: int) -> set[int]:
        """Rows of a small table that were made after a document: no row of that can mean them."""
        sql = (
            "SELECT row_id FROM journal WHERE table_name = ? AND before IS NULL AND step_id > "
            "(SELECT max(step_id) FROM journal WHERE table_name = 'document' AND row_id = ? AND before IS NULL)"
        )
        return {row[0] for row in self.con.execute(sql, (table, document_id)).fetchall()}

    def _order_of(self, uid: str) -> DateOrder:
        """The order of days and months in an earlier table, as its import has noted it."""
        sql = "SELECT after FROM journal WHERE table_name = ? AND after IS NOT NULL"
        for (text,) in self.con.execute(sql, (RECORD,)).fetchall():
            about = json.loads(text)["about"]
            if about.get("document") == uid and "order" in about:
                return DateOrder(about["order"])
        return self.about.order

    def _quotes(self) -> dict[tuple[int, int], int]:
        """The quotes of the rows of before, by document and number."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for document_id, before, _row, _line in self.imported.corrections:
            wanted[document_id].add(before)
        found: dict[tuple[int, int], int] = {}
        sql = (
            "SELECT q.id, CAST(substr(q.row_selector, 5) AS INTEGER) FROM quote AS q "
            "WHERE q.document_id = ? AND q.selector = 'row' ORDER BY q.id DESC"
        )
        for document_id, rows in wanted.items():
            for quote_id, number in self.con.execute(sql, (document_id,)):
                if number in rows:
                    found[document_id, number] = quote_id
        return found

    def _take(
        self,
        part: Sequence[tuple[int, int, int, int]],
        quotes: dict[tuple[int, int], int],
        earlier: dict[int, tuple[Layout, RowMaker]],
        layout: Layout,
        source_id: int,
        document_id: int,
    ) -> None:
        now = some_rows(self.con, layout, [row for _document, _before, row, _line in part])
        before: dict[tuple[int, int], list[str]] = {}
        for each, (kept, _maker) in earlier.items():
            numbers = [row[1] for row in part if row[0] == each]
            before |= {(each, number): cells for number, cells in some_rows(self.con, kept, numbers).items()}
        ids = [quotes[row[:2]] for row in part if row[:2] in quotes]
        stands: dict[int, list[Any]] = defaultdict(list)
        for row in self.con.execute(_STANDS, (json.dumps(ids),)).fetchall():
            stands[row[0]].append(row)
        actors = self._actors([row[1] for rows in stands.values() for row in rows])
        texts: list[tuple[int, str]] = []
        for old_document, old_row, number, line in part:
            cells = now.get(number, [])
            there = stands.get(quotes.get((old_document, old_row), 0), [])
            reason = "its event is no longer in the project" if not there else ""
            old_maker = earlier[old_document][1]
            if not reason:
                try:
                    old = _values(old_maker, old_maker.make(old_row, before.get((old_document, old_row), [])))
                    new = self.new.make(number, cells)
                    values = _values(self.new, new)
                except BadRow as bad:
                    reason = f"it cannot be taken: {bad}"
                else:
                    if len(there) > 1 or self._is_other(there[0], actors[there[0][1]], old, self.unsure[old_document]):
                        reason = f"“{there[0][3]}” has been worked on since and stays as it is"
            if reason:
                self._leave(BadLine(number, line, reason, tuple(cells)))
                continue
            quote_id = self._quote(document_id, number, new[0][1])
            self._apply(there[0], old, values, quote_id, source_id)
            if self.passage is not None and len(cells) > self.passage and cells[self.passage].strip():
                texts.append((quote_id, cells[self.passage]))
            self.taken.count += 1
        if texts:
            row_texts.add(self.con, texts)

    def _leave(self, line: BadLine) -> None:
        self.taken.left.count += 1
        if len(self.taken.left.rows) < LISTED:
            self.taken.left.rows.append(line)

    def _actors(self, claims: Sequence[int]) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = {each: set() for each in claims}
        sql = "SELECT claim_id, actor_id FROM claim_actor WHERE claim_id IN (SELECT value FROM json_each(?))"
        for claim_id, actor_id in self.con.execute(sql, (json.dumps(claims),)).fetchall():
            found[claim_id].add(actor_id)
        return {claim_id: frozenset(ids) for claim_id, ids in found.items()}

    def _is_other(
        self, stands: Sequence[Any], actors: frozenset[int], old: _Values, unsure: Mapping[str, set[int]]
    ) -> bool:
        """Whether what stands there is other than what the row of before made. Of kinds, places and actors that are
        called otherwise since nothing can be said: what has their name now, if anything, was made later (``unsure``).
        """
        _quote, _claim, _event, _title, worked_on, _hash, text, shape, kind, note, tags = stands[:_HEAD]
        when = (None, None) if old.when is None else (old.when.edtf, old.when.shape.value)
        if worked_on or (text, shape) != when or (note, tags) != (old.note, old.tags):
            return True
        if kind != old.kind and not (old.kind in self.new.kinds.new or old.kind in unsure["kind"]):
            return True
        for name, value, made in zip(_COLUMNS, stands[_HEAD:], old.columns, strict=True):
            known = name != "place_id" or not (made in self.new.places.new or made in unsure["place"])
            if value != made and known:
                return True
        if any(each in self.new.actors.new or each in unsure["actor"] for each in old.actors):
            return len(actors) != len(old.actors)
        return actors != frozenset(old.actors)

    def _quote(self, document_id: int, number: int, sha256: str) -> int:
        made = self.con.execute(
            "INSERT INTO quote (uid, document_id, selector, row_selector, row_sha256, state) "
            "VALUES (?, ?, 'row', ?, ?, 'anchored')",
            (new_uid(), document_id, f"row={number}", sha256),
        )
        assert made.lastrowid is not None
        return made.lastrowid

    def _apply(self, stands: Sequence[Any], old: _Values, new: _Values, quote_id: int, source_id: int) -> None:
        """Change what the correction changes, and have the claim rest on the corrected row."""
        con, (old_quote, claim_id, event_id) = self.con, stands[:3]
        changed: dict[str, Any] = {"quote_id": quote_id, "source_id": source_id}
        changed |= {
            name: value
            for name, before, value in zip(_COLUMNS, old.columns, new.columns, strict=True)
            if before != value
        }
        if old.when != new.when:
            bounds = {} if new.when is None else {**span_columns(new.when), "edtf": new.when.edtf}
            shape = {} if new.when is None else {"time_shape": new.when.shape.value}
            changed |= dict.fromkeys(_BOUNDS) | bounds | shape
        place_id, kind_id = changed.get("place_id"), None if old.kind == new.kind else new.kind
        self.used["place"].update(() if place_id is None else (place_id,))
        self.used["kind"].update(() if kind_id is None else (kind_id,))
        con.execute(
            f"UPDATE claim SET {', '.join(f'{name} = ?' for name in changed)} WHERE id = ?",
            (*changed.values(), claim_id),
        )
        con.execute("DELETE FROM quote WHERE id = ?", (old_quote,))
        own = {
            name: value
            for name, before, value in (
                ("kind_id", old.kind, new.kind),
                ("note", old.note, new.note),
                ("tags", old.tags, new.tags),
            )
            if before != value
        }
        if own:
            settings = ", ".join(f"{name} = ?" for name in own)
            con.execute(f"UPDATE event SET {settings} WHERE id = ?", (*own.values(), event_id))
        if old.actors != new.actors:
            self.used["actor"].update(new.actors)
            con.execute("DELETE FROM claim_actor WHERE claim_id = ?", (claim_id,))
            con.executemany(
                "INSERT INTO claim_actor (claim_id, actor_id, role) VALUES (?, ?, 'involved')",
                [(claim_id, each) for each in new.actors],
            )


def _values(maker: RowMaker, made: tuple[Made, Sequence[int]]) -> _Values:
    (_number, _hash, title, day, place, kind, said, grade, *counts, summary, status, note, tags, _uid), actors = made
    when = None if day is None else maker.dates[day - 1]
    columns = (title, place, said, grade, *counts, summary, status)
    return _Values(when, kind, note, tags, columns, tuple(actors))

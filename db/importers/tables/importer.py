"""Brings a table into a project: a source with the table as its document, and for each row a quote, a claim, an event.

All of it is one bulk step (db/bulk.py): rows go in by parts of fifty thousand, and show with the last. They are put
into a temporary table first and go on from there by INSERT ... SELECT, which takes a third of the time. A row is quoted
by its number (RFC 7111, ``row=N``, the header being row 1 where nothing stands above it) and its hash; its words stay
in the table.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from db import edtf
from db.bulk import Bulk
from db.errors import EnvironmentFault, InputFault
from db.importers.tables.again import LENIENT
from db.importers.tables.bad_rows import BadRowFile
from db.importers.tables.came_in import CameIn
from db.importers.tables.claims import MAX_CLAIMS, ClaimMaker, NewSource
from db.importers.tables.codebooks import OWN, OWN_CSV
from db.importers.tables.columns import BadLine, BadRow, Fate, Field
from db.importers.tables.dates import DateOrder
from db.importers.tables.delimited import Scan
from db.importers.tables.heading_line import Head
from db.importers.tables.mapping import TableMapping
from db.importers.tables.outcome import TableImported, nothing_taken
from db.importers.tables.parts import PartWriter
from db.importers.tables.replaced import REPLACED, name_again, take_away, to_bytes
from db.importers.tables.rows import MAX_ACTORS, MAX_KINDS, RowMaker
from db.importers.tables.same_rows import SameRows, are_compared
from db.importers.tables.small_rows import SmallRows, forget_unused
from db.importers.tables.spots import NO_GEOMETRY, said_of_outline
from db.importers.tables.spots import named as shape_named
from db.importers.tables.taking_over import Standing, can_be_taken_over, with_uids
from db.kept.dialect import Dialect, Part, Row
from db.kept.tables import Layout, Piece, RowRanges, packed
from db.store import Store
from db.uid import UidRun, new_uid
from db.values import DocumentRole, Ref, RefKind

TOLD: Final = 2_000
"""Rows between two words of how far it is."""
TOLD_OF_SHAPES: Final = 20
"""As many where rows have shapes, of which one may take half a second."""
WAITING: Final = 8
SHOWN: Final = 110
_TELLING: Final = (Field.ID, Field.START, Field.EDTF, Field.TITLE, Field.PLACE, Field.ACTOR, Field.KIND)
"""What a row is known by that lacks something."""

Report = Callable[[int, int], None]


class OpenTable(Protocol):
    """A table file of any kind, opened by reading.open_table."""

    path: Path
    format: str
    media_type: str
    sha256: str
    size: int
    most_rows: int
    row_count: tuple[int, bool] | None
    """How many rows it has, and whether that is exact or the most there can be; None where it is not known."""
    dialect: Dialect
    head: Head
    scan: Scan
    parts: tuple[str, ...]
    made: Mapping[str, str]
    """Columns that the file itself does not have, and of what their cells are made, in words."""

    @property
    def areas(self) -> Mapping[str, bytes]:
        """Shapes that its cells name, once they have been gone through, as GeoPackage blobs."""

    def rows(self, keep: Callable[[Part], None]) -> Iterator[Row]:
        """Its rows, once; pieces of the table as it is kept go to ``keep``. Raises InputFault."""

    def done(self) -> int:
        """How many of ``size`` bytes have been read."""

    def file_parts(self) -> Iterator[bytes]:
        """The file as it came, where the pieces are something else; nothing where they are the file."""


@dataclass(frozen=True, slots=True)
class About:
    """What the user says of a table beyond its columns. ``published`` is EDTF.

    ``again``: rows without an id come in once more that came in before; otherwise they are left. ``take_over``: of rows
    with an id that changed since, the new values are taken where nobody has worked on their events.
    """

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    order: DateOrder = DateOrder.DAY_FIRST
    again: bool = False
    take_over: bool = False


def import_table(
    store: Store,
    table: OpenTable,
    mapping: TableMapping,
    about: About | None = None,
    *,
    bad_rows: Path | None = None,
    report: Report = lambda _done, _total: None,
    origin: str = "import",
) -> TableImported:
    """Bring a table in as one undoable step; rows that cannot be taken, and those that came in before (``CameIn`` by
    their ids, ``SameRows`` where there are none), are left and listed. A cell that cannot be read counts as empty where
    its row says enough without it, which is listed too.

    ``report`` hears of bytes done and of all; an exception that it raises stops the work, and nothing of it stays.
    ``bad_rows`` is a CSV file to write the rows to that are left, without those that came in before as they are, and
    those that came in without what cannot be read.
    Raises InputFault when the table is in the project already, does not fit the mapping, or has no row that can be
    taken (NothingNew where some came in before); EnvironmentFault when a file cannot be read or the project not be
    written. Nothing has been written then.
    """
    about = about or About()
    mapping.check()
    mapping.indexes(table.dialect.names)
    if about.published:
        edtf.parse(about.published)
    with ExitStack() as stack:
        left = stack.enter_context(BadRowFile(bad_rows, table.dialect.names))
        bulk = stack.enter_context(store.bulk(f"Import {table.path.name}", origin))
        if not (about.take_over and can_be_taken_over(mapping)):  # its new values may be wanted only now
            _refuse_twice(bulk.con, table)
        packer = stack.enter_context(ThreadPoolExecutor(1, "packer"))
        work = _Import(bulk, table, mapping, about, left, packer, report)
        return work.run()


def _refuse_twice(con: sqlite3.Connection, table: OpenTable) -> None:
    row = con.execute(
        "SELECT s.title FROM document AS d JOIN source AS s ON s.id = d.source_id WHERE d.sha256 = ? AND d.role = ?",
        (table.sha256, DocumentRole.TABLE.value),
    ).fetchone()
    if row is not None:
        raise InputFault(
            f"{table.path.name} is in the project already: it is the table of “{row[0]}”. Nothing was written."
        )


class _Import:
    """One table on its way in."""

    def __init__(
        self,
        bulk: Bulk,
        table: OpenTable,
        mapping: TableMapping,
        about: About,
        left: BadRowFile,
        packer: ThreadPoolExecutor,
        report: Report,
    ) -> None:
        self.bulk, self.con, self.table, self.mapping, self.about = bulk, bulk.con, table, mapping, about
        self.left, self.packer, self.report = left, packer, report
        self.uids = UidRun()
        self.read = hashlib.sha256()
        self.passed = RowRanges()
        at = mapping.indexes(table.dialect.names)
        self.telling = dict.fromkeys(index for each in _TELLING for index in at.get(each, ()))
        self.outline_at = at.get(Field.OUTLINE, (None,))[0]
        position = [table.dialect.names[index] for each in (Field.LAT, Field.LON) for index in at.get(each, ())]
        self.by_geometry = bool(position) and all(name in table.made for name in position)
        self.own = mapping.codebook in (OWN, OWN_CSV)
        self.replacing: list[tuple[int, int]] = []  # which of the events that come in, in place of which number
        self.packing: list[tuple[Future[tuple[str, bytes]], Part]] = []
        self.pieces: list[Piece] = []
        self.imported = TableImported(
            Ref(RefKind.SOURCE, new_uid()), Ref(RefKind.DOCUMENT, new_uid()), about.title or table.path.stem
        )

    def run(self) -> TableImported:
        several = bool(self.mapping.columns.get(Field.CLAIMS))
        rows = self.table.most_rows * (MAX_CLAIMS if several else 1)
        counts = {"event": rows, "claim_actor": MAX_ACTORS * rows, "place": rows, "actor": MAX_ACTORS * rows}
        sources = dict.fromkeys(("source", "document"), 1 + several * rows)
        self.bulk.reserve({**counts, "kind": MAX_KINDS, "content": 1_000_000, **sources})
        self.source_id, self.document_id = self.bulk.next_ids("source", 1), self.bulk.next_ids("document", 1)
        self.maker = RowMaker(self.mapping, self.table.dialect, self.about.order, self._next_id)
        self.maker.learn(self.con)
        self.claims = ClaimMaker.of(self.maker, self.mapping, self.table.dialect, self._next_id)
        if self.claims is not None:
            self.claims.learn(self.con)
        self.came = self._came_in()
        self.writer = PartWriter(
            self.bulk,
            self.maker,
            self.claims,
            self.uids,
            self.source_id,
            self.document_id,
            self.mapping.indexes(self.table.dialect.names).get(Field.QUOTE, (None,))[0],
        )
        self._read()
        self.imported.events, self.imported.numbers = self.writer.events, self.writer.numbers
        if not self.imported.events:
            raise nothing_taken(self.table.path.name, self.imported)
        self._finish()
        return self.imported

    def _came_in(self) -> CameIn | SameRows:
        """What tells which rows came in before."""

        def alive() -> None:
            self.report(0, max(self.table.size, 1))

        dialect = self.table.dialect
        if are_compared(self.mapping) and not self.about.again:
            return SameRows(self.con, len(dialect.names), alive)
        taking_over = self.about.take_over and can_be_taken_over(self.mapping)
        standing = Standing(self.con) if taking_over else None
        return CameIn(self.con, dialect, self.mapping, self.about.publisher, alive, standing)

    def _next_id(self, table: str) -> int:
        return self.bulk.next_ids(table, 1)

    def _read(self) -> None:
        writer, came, next_told = self.writer, self.came, 0
        for number, line, cells, remark in self.table.rows(self._keep):
            try:
                key = came.check(cells)
                lacks = writer.put(number, cells)
            except BadRow as reason:
                self._leave(reason.fate, BadLine(number, line, str(reason), tuple(cells)))
            else:
                came.add(key, line)
                if came.taken is not None:
                    old, why = came.taken
                    self.replacing.append((writer.events - 1, old))
                    self.imported.tell(Fate.TAKEN, BadLine(number, line, why, tuple(cells)))
                if remark is not None or self.outline_at is not None:
                    self._tell_of_geometry(BadLine(number, line, "", tuple(cells)), remark, lacks)
                for fate, why in lacks:
                    if self._is_told(fate, remark):
                        self._lack(fate, BadLine(number, line, why or self._telling(cells), tuple(cells)))
            if number >= next_told:
                next_told = number + (TOLD_OF_SHAPES if self.table.areas else TOLD)
                self.report(self.table.done(), self.table.size)
                if writer.is_full:
                    writer.write(self._put_ready)
        writer.write(self._put_ready)
        self.report(self.table.size, self.table.size)

    def _is_told(self, fate: Fate, remark: str | None) -> bool:
        if fate is Fate.UNTITLED:
            return Field.TITLE in self.mapping.columns  # else none can have one
        # Without a geometry of its own an event of our exports may be meant to have no place, as any row of a CSV.
        return fate is not Fate.NOWHERE or (remark == NO_GEOMETRY and not self.own)

    def _tell_of_geometry(self, line: BadLine, remark: str | None, lacks: Sequence[tuple[Fate, str]]) -> None:
        """Tell what became of a row's geometry, where that is what it stands by: not where other columns say where."""
        outline = "" if self.outline_at is None else line.cells[self.outline_at]
        is_area = shape_named(outline) is not None and not any(fate is Fate.NOWHERE for fate, _why in lacks)
        said = said_of_outline(outline) or remark
        if said is not None and said != NO_GEOMETRY and (is_area or self.by_geometry):
            self.imported.tell(Fate.RESHAPED, line._replace(reason=said))

    def _telling(self, cells: list[str]) -> str:
        return _shown([cells[at] for at in self.telling])

    def _leave(self, fate: Fate, line: BadLine) -> None:
        self.imported.tell(fate, line)
        self.passed.add(line.row)
        if fate is not Fate.SAME:
            self.left.write(line)

    def _lack(self, fate: Fate, line: BadLine) -> None:
        self.imported.tell(fate, line)
        if fate is Fate.UNREAD:
            self.left.write(line._replace(reason=f"came in without it: {line.reason}"))

    def _keep(self, part: Part) -> None:
        """Have a piece packed on another thread, whose work in C leaves this one free."""
        self.packing.append((self.packer.submit(self._packed, part), part))
        if len(self.packing) > WAITING:
            self.packing[-WAITING][0].result()

    def _packed(self, part: Part) -> tuple[str, bytes]:
        """On the packer's one thread, so piece after piece."""
        self.read.update(part.data)
        return packed(part)

    def _put_ready(self) -> None:
        self._put_pieces(wait=False)

    def _put_pieces(self, *, wait: bool) -> None:
        while self.packing and (wait or self.packing[0][0].done()):
            ready, part = self.packing.pop(0)
            sha256, body = ready.result()
            self._put_content(sha256, body)
            self.pieces.append(Piece(sha256, part.first_row, part.skip))

    def _put_content(self, sha256: str, body: bytes) -> None:
        if self.con.execute("SELECT 1 FROM content WHERE sha256 = ?", (sha256,)).fetchone() is None:
            row = self.bulk.next_ids("content", 1), sha256, body
            self.con.execute("INSERT INTO content (id, sha256, body) VALUES (?, ?, ?)", row)

    def _finish(self) -> None:
        """The last part: source, document, events and what they point at."""
        with self.bulk.part():
            self._put_pieces(wait=True)
            file: list[str] = []
            for data in self.table.file_parts():
                if not file:
                    self.read = hashlib.sha256()  # the pieces are something else than the file
                sha256, body = self._packed(Part(data, 0))
                self._put_content(sha256, body)
                file.append(sha256)
            if self.read.hexdigest() != self.table.sha256:
                raise EnvironmentFault(
                    f"{self.table.path.name} was changed while it was read. Nothing was written; import it again."
                )
        layout = Layout(self.table.format, self.table.dialect, tuple(self.pieces), tuple(file), self.mapping.to_json())
        about = {
            "document": self.imported.document.uid,
            "order": self.about.order.value,
            "uids": [self.uids.seed.hex(), self.uids.first_ms],
            LENIENT: True,
        }
        passed = self.passed.to_bytes()
        if passed:
            about["passed"] = hashlib.sha256(passed).hexdigest()
        first = self.writer.numbers[0]
        instead = with_uids(self.con, [(first + at, old) for at, old in self.replacing])
        listed = packed(Part(to_bytes(instead), 0))
        if instead:
            about[REPLACED] = listed[0]
        with self.bulk.last_part(about):
            if instead:
                self._put_content(*listed)
                take_away(self.bulk, instead)
                name_again(self.con, instead)
            if passed:
                self._put_content(*packed(Part(passed, 0)))
            sha256, body = packed(Part(layout.to_bytes(), 0))
            self._put_content(sha256, body)
            self._put_small(sha256)

    def _put_small(self, layout_sha256: str) -> None:
        """The source and document of the table, and what its rows name; then the events can be seen."""
        said, table, maker = self.about, self.table, self.maker
        published = edtf.parse(said.published).edtf if said.published else None
        source = NewSource(self.imported.title, said.publisher or self.mapping.publisher, published, None)
        small = SmallRows(self.con, table, layout_sha256)
        # Rows that came in before were not looked at. The place of an event that cannot be read is its claims' own.
        if self.imported.left or (self.claims is not None and self.imported.number(Fate.UNREAD)):
            forget_unused(self.con, self.writer, maker, self.claims)
        small.put_source(self.source_id, self.imported.source.uid, source)
        small.put_document(self.document_id, self.imported.document.uid, self.source_id)
        small.put_names(maker)
        if self.claims is not None:
            small.put_sources(self.claims)
            self.imported.sources = len(self.claims.sources.new)
        self.imported.kinds, self.imported.places = len(maker.kinds.new), len(maker.places.new)
        self.imported.actors = len(maker.actors.new)
        self.writer.write_events()
        small.put_decisions(self.writer.decided)


def _shown(cells: Sequence[str]) -> str:
    """What some cells say, shortened."""
    text = " · ".join(text for each in cells if (text := " ".join(each.split())))
    return text if len(text) <= SHOWN else text[: SHOWN - 2] + " …"

"""What the rows of a table name, written with the last part: sources, documents, kinds, places, actors, decisions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from db import edtf
from db.actors import FIELD as ACTORS
from db.actors import Differing
from db.displayed import encode_date
from db.importers.tables.claims import ClaimMaker, Decided, NewSource
from db.importers.tables.named import NewPlace, point_blob_of
from db.importers.tables.parts import PartWriter
from db.importers.tables.rows import RowMaker
from db.kept.dialect import Dialect
from db.schema import now_text
from db.templates import CONFLICT
from db.uid import new_uid
from db.values import DocumentRole, PlaceKind

_UIDS: Final = "SELECT id, uid FROM {} WHERE id IN (SELECT value FROM json_each(?))"


class _File(Protocol):
    """What documents say of the file that they came of."""

    path: Path
    media_type: str
    sha256: str
    dialect: Dialect

    @property
    def areas(self) -> Mapping[str, bytes]: ...


class SmallRows:
    """Writes them, within a step."""

    def __init__(self, con: sqlite3.Connection, file: _File, layout_sha256: str) -> None:
        self._con, self._file, self._layout = con, file, layout_sha256

    def put_source(self, row_id: int, uid: str, source: NewSource) -> None:
        """A source, behind those that there are."""
        (position,) = self._con.execute("SELECT coalesce(max(position) + 1, 0) FROM source").fetchone()
        published = edtf.parse(source.published) if source.published else None
        self._con.execute(
            "INSERT INTO source (id, uid, title, publisher, published, published_first, published_last, reliability, "
            "protected, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
            (
                row_id,
                uid,
                source.title,
                source.publisher,
                published and published.edtf,
                published and published.earliest_start,
                published and published.latest_end,
                source.reliability,
                position,
            ),
        )

    def put_document(self, row_id: int, uid: str, source_id: int, title: str | None = None) -> None:
        """The table as a document of a source; with a ``title`` where it is of another than the table's own."""
        file = self._file
        self._con.execute(
            "INSERT INTO document (id, uid, source_id, role, title, sha256, media_type, file_name, text_sha256, "
            "encoding, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "(SELECT coalesce(max(position) + 1, 0) FROM document WHERE source_id = ?))",
            (
                row_id,
                uid,
                source_id,
                DocumentRole.TABLE.value,
                title,
                file.sha256,
                file.media_type,
                file.path.name,
                self._layout,
                file.dialect.encoding,
                source_id,
            ),
        )

    def put_sources(self, claims: ClaimMaker) -> None:
        """The sources of claims, each with the table among its documents, on which its quotes are."""
        for row_id in claims.order.of(list(claims.sources.new)):
            self.put_source(row_id, new_uid(), claims.sources.new[row_id])
        for row_id, source_id in claims.new_documents.items():
            self.put_document(row_id, new_uid(), source_id, f"Rows of {self._file.path.name}")

    def put_names(self, maker: RowMaker) -> None:
        """Kinds, places and actors that the project did not have."""
        con = self._con
        con.executemany(
            "INSERT INTO kind (id, uid, name, shape, light, dark, key, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            list(_kinds(con, maker.kinds.new)),
        )
        con.executemany(
            "INSERT INTO place (id, uid, name, kind, geom, radius_m, country, admin1) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [_place(row_id, place, self._file.areas) for row_id, place in maker.places.new.items()],
        )
        con.executemany(
            "INSERT INTO actor (id, uid, name) VALUES (?, ?, ?)",
            [(row_id, new_uid(), name) for row_id, name in maker.actors.new.items()],
        )

    def put_decisions(self, decided: Mapping[int, tuple[int, Sequence[Decided]]]) -> None:
        """What was decided of events (``PartWriter.decided``), once events, places and actors are there."""
        rows: list[tuple[Any, ...]] = []
        for event_id, (count, several) in decided.items():
            found = self._con.execute(
                "SELECT uid FROM claim WHERE id BETWEEN ? AND ? ORDER BY id", (event_id, event_id + count - 1)
            )
            uids = [row[0] for row in found.fetchall()]
            for each in several:
                rests_on = [uids[at] for at in each.ignored] if each.value is None else uids
                value = None if each.value is None else json.dumps(self._value(each), ensure_ascii=False)
                treatment = "ignored" if each.value is None else "used"
                rows.append((new_uid(), event_id, each.field, value, json.dumps(rests_on), treatment, now_text()))
        self._con.executemany(
            "INSERT INTO decision (uid, event_id, field, value, claims, treatment, decided_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def _value(self, decided: Decided) -> Any:
        """The value as JSON has it (db/displayed.py, db/actors.py)."""
        if decided.field == "date":
            return encode_date(decided.value)
        if decided.field == "place":
            return self._uids("place", [decided.value])[decided.value]
        if decided.field == ACTORS:
            added, removed = decided.value
            uids = self._uids("actor", [*added, *removed])
            return Differing(tuple(uids[each] for each in added), tuple(uids[each] for each in removed)).value()
        return decided.value

    def _uids(self, table: str, ids: Sequence[int]) -> dict[int, str]:
        return dict(self._con.execute(_UIDS.format(table), (json.dumps(ids),)).fetchall())


def forget_unused(con: sqlite3.Connection, writer: PartWriter, maker: RowMaker, claims: ClaimMaker | None) -> None:
    """Let go of new kinds, places, actors, sources and documents that neither a row that was written nor a decision
    names: a row named them that could not be taken, or an event of which a cell could not be read.
    """
    decided = [each for _count, several in writer.decided.values() for each in several if each.value is not None]
    places = {each.value for each in decided if each.field == "place"}
    actors = {actor for each in decided if each.field == ACTORS for some in each.value for actor in some}
    within = "WHERE c.id BETWEEN ? AND ?"

    def forget(new: dict[int, Any], sql: str, also: Iterable[int] = (), given: Sequence[int] = writer.numbers) -> None:
        used = {row[0] for row in con.execute(sql, given).fetchall()}.union(also)
        for row_id in [each for each in new if each not in used]:
            del new[row_id]

    forget(maker.kinds.new, "SELECT DISTINCT kind FROM temp.bulk_event", given=())
    forget(maker.places.new, f"SELECT DISTINCT c.place_id FROM claim AS c {within}", places)
    by_claim = "SELECT DISTINCT a.actor_id FROM claim_actor AS a JOIN claim AS c ON c.id = a.claim_id"
    forget(maker.actors.new, f"{by_claim} {within}", actors)
    if claims is not None:
        forget(claims.sources.new, f"SELECT DISTINCT c.source_id FROM claim AS c {within}")
        forget(claims.new_documents, f"SELECT DISTINCT c.document_id FROM quote AS c {within}")


def _place(row_id: int, place: NewPlace, areas: Mapping[str, bytes]) -> tuple[Any, ...]:
    area = None if place.area is None else areas.get(place.area)
    kind, geom = (PlaceKind.POINT, point_blob_of(place)) if area is None else (PlaceKind.AREA, area)
    return row_id, new_uid(), place.name, kind.value, geom, place.radius_m or None, place.country, place.admin1


def _kinds(con: sqlite3.Connection, new: dict[int, str]) -> Iterator[tuple[Any, ...]]:
    """Rows of new kinds: marks of the template that no kind has yet, then its shapes with others of its colours."""
    rows = con.execute("SELECT shape, light, key, position FROM kind").fetchall()
    worn = {(shape, light) for shape, light, _key, _position in rows}
    keys = {key for _shape, _light, key, _position in rows}
    position = max((row[3] for row in rows), default=-1)
    size = len(CONFLICT)
    marks = [(CONFLICT[at % size], CONFLICT[(at + at // size) % size]) for at in range(size * size)]
    free = [each for each in marks if (each[0].shape, each[1].light) not in worn] or marks
    for number, (row_id, name) in enumerate(new.items()):
        shape, colours = free[number % len(free)]
        key = next((each for each in range(1, 10) if each not in keys), None)
        keys.add(key)
        yield row_id, new_uid(), name, shape.shape, colours.light, colours.dark, key, position + 1 + number

"""The claims in a row of our own export (claim_columns.py), each with its source, and what the analyst decided.

An export says of an event what is displayed, and what each claim says. Where what follows from the claims is another
than what was displayed, the analyst had decided so: it comes back as a decision that rests on all of them. A source is
known again by title, publisher and date of publication; the project's judgement of it stands. No I/O but reading these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db import edtf
from db.actors import FIELD as ACTORS
from db.claim_columns import COLUMNS, OUTLINE
from db.coerce import text_of, text_or_none
from db.derive import ClaimValues, displayed
from db.errors import InputFault
from db.formulas import unguarded
from db.importers.tables.cells import clean, credibility_of, folded, listed, reliability_of, stance_of, status_of
from db.importers.tables.codebooks import OWN_CSV
from db.importers.tables.columns import BadRow, Field, Missing, Unread
from db.importers.tables.mapping import TableMapping
from db.importers.tables.named import Names
from db.importers.tables.remembered import Remembered
from db.importers.tables.rows import Made, RowMaker
from db.importers.tables.source_order import SourceOrder
from db.kept.dialect import Dialect, plain
from db.values import DocumentRole, Grade, Stance, Status

MAX_CLAIMS: Final = 500
"""Of one event."""
ONLY: Final = (0, None, None, None)
"""What stands behind the values of a row with one claim, which is the table's own."""
_NAMES: Final = (*COLUMNS.values(), "outline")
_AT: Final = {name: at for at, name in enumerate(_NAMES)}
_FIELDS: Final = {
    Field.EDTF: "edtf",
    Field.DATE_SHAPE: "date_shape",
    Field.PLACE: "place",
    Field.LAT: "lat",
    Field.LON: "lon",
    Field.RADIUS: "radius_m",
    Field.OUTLINE: "outline",
    Field.ACTOR: "actors",
    Field.QUANTITY: "quantity",
    Field.QUANTITY_LOW: "quantity_low",
    Field.QUANTITY_HIGH: "quantity_high",
    Field.QUANTITY_WHAT: "quantity_what",
    Field.QUANTITY_UNIT: "quantity_unit",
    Field.STATUS: "status",
    Field.GRADE: "grade",
}
_COUNTS: Final = slice(8, 13)  # of Made
_DECIDED: Final = {
    "status": frozenset((Field.STATUS,)),
    "date": frozenset(RowMaker.DATE),
    "place": frozenset(RowMaker.PLACED),
}
"""From what of a row it follows what was decided."""


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to be made. ``published`` is EDTF, ``reliability`` A to F."""

    title: str
    publisher: str | None
    published: str | None
    reliability: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a field. ``value``: a text, a TimeSpan, the id of a place, those of actors added and removed;
    None where the claims at ``ignored`` are not to speak.
    """

    field: str
    value: Any
    ignored: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Claims:
    """Of one row: for each claim its values and behind them its number in the row, source, document and stance; the
    actors of each; and what was decided.
    """

    made: list[Made]
    actors: list[Sequence[int]]
    decided: list[Decided]


class ClaimMaker:
    """Makes the claims of rows; remembers the sources that they name, and the document of each that holds the rows."""

    def __init__(self, maker: RowMaker, mapping: TableMapping, dialect: Dialect, next_id: Callable[[str], int]) -> None:
        """``maker`` of the same rows. ``next_id`` gives an unused id of a table."""
        self.sources = Names(lambda: next_id("source"))
        self.documents: dict[int, int] = {}
        self.new_documents: dict[int, int] = {}
        self.order = SourceOrder()
        self._next_id = next_id
        self._maker, self._guarded = maker, mapping.codebook == OWN_CSV
        wanted = {plain(column): _AT[name] for column, name in (*COLUMNS.items(), (OUTLINE, "outline"))}
        at = mapping.indexes(dialect.names)
        names = [plain(each) for each in dialect.names]
        self._columns = [(each, wanted[names[each]]) for each in at[Field.CLAIMS] if names[each] in wanted]
        self._count = not any(_NAMES[to].startswith("quantity") for _each, to in self._columns)
        self._place_at = at.get(Field.PLACE, ())
        self._sources_at = names.index("sources") if "sources" in names else None
        fields = {field: (_AT[name],) for field, name in _FIELDS.items()}
        noted = None if maker.strict else maker.missing
        self._when = Remembered(fields, maker.DATE, maker.date, noted)
        self._where = Remembered(fields, maker.PLACED, maker.place, noted)
        self._who = Remembered(fields, (Field.ACTOR,), maker.actors_of)
        self._quantity = Remembered(fields, maker.COUNTED, maker.quantity, noted)
        self._status = Remembered(fields, (Field.STATUS,), status_of, noted)
        self._credible = Remembered(fields, (Field.GRADE,), credibility_of, noted)
        self._published: dict[str, str] = {}

    @classmethod
    def of(
        cls, maker: RowMaker, mapping: TableMapping, dialect: Dialect, next_id: Callable[[str], int]
    ) -> ClaimMaker | None:
        """One for a table whose mapping says where the claims of rows are; None for others."""
        return cls(maker, mapping, dialect, next_id) if mapping.columns.get(Field.CLAIMS) else None

    def learn(self, con: sqlite3.Connection, document_id: int | None = None) -> None:
        """Read which sources there are, and of a table that came in before, which of them have it as a document."""
        rows = con.execute("SELECT id, title, publisher, published, reliability FROM source ORDER BY id DESC")
        for row_id, title, publisher, published, letter in rows.fetchall():
            key = _key(text_of(title), text_or_none(publisher), text_or_none(published))
            self.sources.known[key] = self.sources.known[*key, letter] = row_id
        if document_id is not None:
            self.documents = dict(
                con.execute(
                    "SELECT source_id, id FROM document WHERE role = ? AND id <> ? AND text_sha256 = "
                    "(SELECT text_sha256 FROM document WHERE id = ?)",
                    (DocumentRole.TABLE.value, document_id, document_id),
                ).fetchall()
            )

    def make(self, row: Made, actors: Sequence[int], cells: Sequence[str]) -> Claims | None:
        """The claims of a row of which these values and actors were made; None where it has none of its own. What
        cannot be read is added to ``missing`` of the maker. Raises BadRow.
        """
        texts = self._texts(cells)
        if not texts:
            return None
        unread = {field for each in self._maker.missing for field in each.fields}
        number, sha256, title, when, place, kind, *_rest = row
        summary, status, note, tags, uid = row[13:18]
        name = folded(clean(", ".join(text for at in self._place_at if (text := self._bare(cells[at]).strip()))))
        made: list[Made] = []
        who: list[Sequence[int]] = []
        sources = []
        for at, said in enumerate(texts):
            source = self._source(said)
            sources.append(source)
            there = place if self._is_there(said, name) else self._where(said)
            counts = row[_COUNTS] if self._count and not at else self._quantity(said)
            own_title, by, summed = (_text(said, name) for name in ("title", "attributed_to", "summary"))
            values = (number, sha256, own_title, self._when(said), there, kind, by, self._credible(said), *counts,
                      summed, self._status(said), note, tags, uid)  # fmt: skip
            stance = self._stance(said[_AT["stance"]])
            made.append((*values, at, source, None if source is None else self._document(source), stance.value))
            who.append(tuple(dict.fromkeys(self._who(said))))
        self._learn_order(texts, sources, cells)
        one, named = made[0], set(who[0]) if made[0][21] == Stance.SUPPORTS else set()
        plainly = title is not None and one[14] == status and _stripped(one[13]) == _stripped(summary)
        if len(made) == 1 and plainly and one[2:5] == (title, when, place) and named == set(actors):
            return Claims(made, who, [])
        letters = [reliability_of(said[_AT["grade"]]) for said in texts]
        decided = self._decided(row, actors, made, who, letters, texts)
        # What cannot be read was not decided.
        return Claims(made, who, [each for each in decided if not unread & _DECIDED.get(each.field, frozenset())])

    def _learn_order(self, texts: Sequence[Sequence[str]], sources: Sequence[int | None], cells: Sequence[str]) -> None:
        """Claims stand in their own order; the column of sources has those in the project's."""
        new = {said[_AT["source"]].strip(): each for said, each in zip(texts, sources, strict=True)
               if each in self.sources.new}  # fmt: skip
        if len(new) > 1 and self._sources_at is not None:
            told = dict.fromkeys(map(str.strip, listed(self._bare(cells[self._sources_at]))))
            self.order.learn([found for each in told if (found := new.get(each)) is not None])

    def _texts(self, cells: Sequence[str]) -> list[list[str]]:
        """What each claim of a row says, in the order of _NAMES."""
        columns: list[tuple[int, list[str]]] = []
        for each, to in self._columns:
            cell = cells[each]
            if not cell or not (cell := self._bare(cell)).strip():
                continue
            plain_text = ";" not in cell and not cell.startswith(('"', "["))
            columns.append((to, [cell.strip()] if plain_text else listed(cell)))
        lengths = {len(texts) for _to, texts in columns}
        if len(lengths) > 1:
            raise BadRow(f"its columns of claims do not agree: they say {min(lengths)} and {max(lengths)} things")
        count = lengths.pop() if lengths else 0
        if count > MAX_CLAIMS:
            raise BadRow(f"it has {count} claims, of which {MAX_CLAIMS} can be taken")
        found = [[""] * len(_NAMES) for _ in range(count)]
        for to, texts in columns:
            for said, text in zip(found, texts, strict=True):
                said[to] = text
        return found

    def _bare(self, cell: str) -> str:
        return unguarded(cell) if self._guarded else cell

    def _is_there(self, said: Sequence[str], name: str) -> bool:
        """Whether a claim names the place of the event: it has no position of its own."""
        own = folded(clean(said[_AT["place"]]))
        return bool(own) and own == name and not said[_AT["lat"]].strip()

    def _source(self, said: Sequence[str]) -> int | None:
        name, publisher = said[_AT["source"]].strip(), said[_AT["publisher"]].strip() or None
        if not name:
            return None
        title = name
        if publisher is not None and name.startswith(f"{publisher}: "):
            title = name.removeprefix(f"{publisher}: ").strip() or name
        published, letter = self._date_of(said[_AT["published"]].strip()), reliability_of(said[_AT["grade"]])
        key = _key(title, publisher, published)
        known = self.sources.known.get((*key, letter), self.sources.known.get(key))
        if known is not None:
            return known
        return self.sources.get((*key, letter), NewSource(title, publisher, published, letter))

    def _date_of(self, text: str) -> str | None:
        found = self._published.get(text)
        if found is None and text:
            try:
                found = self._published[text] = edtf.parse(text).edtf
            except InputFault:
                self._miss(f"one of its sources was published on “{text[:40]}”, which is no date")
        return found

    def _stance(self, text: str) -> Stance:
        try:
            return stance_of(text)
        except Unread as reason:
            self._miss(str(reason))
            return Stance.MENTIONS  # the only one that says nothing of what happened

    def _miss(self, reason: str) -> None:
        """Take note of what a claim comes in without. Raises BadRow where its row is left for that."""
        if self._maker.strict:
            raise BadRow(reason)
        self._maker.missing.append(Missing((), reason))

    def _document(self, source_id: int) -> int:
        """The document that stands for the table among those of a source: its quotes are the source's own."""
        found = self.documents.get(source_id)
        if found is None:
            found = self.documents[source_id] = self._next_id("document")
            self.new_documents[found] = source_id
        return found

    def _decided(
        self,
        row: Made,
        actors: Sequence[int],
        made: Sequence[Made],
        who: Sequence[Sequence[int]],
        letters: Sequence[str | None],
        texts: Sequence[Sequence[str]],
    ) -> list[Decided]:
        """What of the displayed values does not follow from the claims."""
        title, when, place, kind = row[2:6]
        spans = self._maker.spans
        names = {each[4]: clean(said[_AT["place"]]) for each, said in zip(made, texts, strict=True)}
        values = [
            ClaimValues(
                at,
                str(at),
                Stance(each[21]),
                each[2],
                each[13],
                Status(each[14]),
                None if each[3] is None else spans[each[3]],
                each[4],
                Grade(letters[at], each[7]),
            )
            for at, each in enumerate(made)
        ]
        shown = displayed(values, (), None if kind is None else self._maker.kind_names[kind], names)
        assert shown is not None  # there is a claim
        found = []
        if title is not None and title.strip() != shown.title.strip():
            found.append(Decided("title", title))
        if _stripped(row[13]) != _stripped(shown.summary):
            found.append(Decided("summary", row[13] or ""))
        if row[14] != shown.status.value:
            found.append(Decided("status", row[14]))
        span = None if when is None else spans[when]
        if span is None and shown.when is not None:
            found.append(Decided("date", None, tuple(at for at, each in enumerate(made) if each[3] is not None)))
        elif span is not None and (
            shown.when is None or (span.edtf, span.shape) != (shown.when.edtf, shown.when.shape)
        ):
            found.append(Decided("date", span))
        if place is None and shown.place_id is not None:
            found.append(Decided("place", None, tuple(at for at, each in enumerate(made) if each[4] is not None)))
        elif place != shown.place_id:
            found.append(Decided("place", place))
        named = dict.fromkeys(
            each for one, several in zip(made, who, strict=True) if one[21] == Stance.SUPPORTS for each in several
        )
        if set(named) != set(actors):
            added = tuple(each for each in actors if each not in named)
            found.append(Decided(ACTORS, (added, tuple(each for each in named if each not in actors))))
        return found


def _key(title: str, publisher: str | None, published: str | None) -> tuple[str, str, str | None]:
    return folded(title), folded(publisher or ""), published


def _text(said: Sequence[str], name: str) -> str | None:
    text = said[_AT[name]]
    return text if text.strip() else None


def _stripped(text: str | None) -> str:
    return "" if text is None else text.strip()

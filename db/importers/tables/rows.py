"""A row of a table turned into values of the project: date, place, kind, actors, title.

Rows repeat themselves: what was made of some cells is remembered by their text, so that a million rows cost a few
microseconds each. Places, kinds and actors that the project has are used again: a place of the same name within a
metre and with the same radius, a kind or actor of the same name. No I/O but reading those.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from db.coerce import number_or_none, text_of
from db.formulas import unguarded
from db.geometry import point_of
from db.importers.tables.cells import (
    SPLIT,
    all_said,
    clean,
    counted,
    credibility_of,
    exact_title_of,
    folded,
    listed,
    said_of,
    shown,
    status_of,
    tags_of,
    title_of,
)
from db.importers.tables.codebooks import CODEBOOKS, OWN, OWN_CSV, Codebook
from db.importers.tables.columns import BadRow, Fate, Field, Missing, PassedOver, Unread
from db.importers.tables.dates import DateOrder, span
from db.importers.tables.mapping import TableMapping
from db.importers.tables.named import Names, NewPlace, place_key, shape_of
from db.importers.tables.remembered import Remembered
from db.importers.tables.spots import named
from db.kept.dialect import Dialect
from db.kept.tables import row_hash
from db.values import TimeSpan

MAX_KINDS: Final = 200
MAX_ACTORS: Final = 64
MAX_RADIUS: Final = 20_000_000
_UID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_POSITION: Final = (Field.LAT, Field.LON)
_NUMBERS: Final = (Field.QUANTITY, Field.QUANTITY_LOW, Field.QUANTITY_HIGH)
_OF_WHAT: Final = (Field.QUANTITY_WHAT, Field.QUANTITY_UNIT)

Made = tuple[Any, ...]
"""Number, hash, title, date, place, kind, who said it, credibility, quantity, low, high, what is counted,
its unit, summary, status, note, tags (JSON) and uid of a row."""


class RowMaker:
    """Turns rows into values; remembers the dates, places, kinds and actors that they name.

    ``dates`` are those not yet fetched, numbered on from 1 in the order of their making; ``spans`` are all of our own
    exports by their number. ``missing`` is what the last row was made without, as it cannot be read.
    """

    DATE: Final = (Field.EDTF, Field.START, Field.END, Field.DATE_PRECISION, Field.DATE_SHAPE)
    PLACED: Final = (
        *(Field.PLACE, Field.LAT, Field.LON, Field.PLACE_PRECISION, Field.RADIUS, Field.OUTLINE),
        *(Field.COUNTRY, Field.ADMIN1),
    )
    COUNTED: Final = (*_NUMBERS, *_OF_WHAT)

    def __init__(
        self,
        mapping: TableMapping,
        dialect: Dialect,
        order: DateOrder,
        next_id: Callable[[str], int],
        *,
        strict: bool = False,
    ) -> None:
        """``next_id`` gives an unused id of a table. ``strict``: a row is left for one cell that cannot be read. Raises
        InputFault for a mapping that does not fit the columns.
        """
        at = mapping.indexes(dialect.names)
        self.kinds = Names(lambda: next_id("kind"))
        self.places = Names(lambda: next_id("place"))
        self.actors = Names(lambda: next_id("actor"))
        self.missing: list[Missing] = []
        self.strict, noted = strict, None if strict else self.missing
        self.dates: list[TimeSpan] = []
        self.spans: dict[int, TimeSpan] = {}
        self._numbers: dict[tuple[str, ...], int] = {}
        self._dated = 0
        self.kind_names: dict[int, str] = {}
        self._mapping, self._order = mapping, order
        self._in_claims = bool(mapping.columns.get(Field.CLAIMS))
        self._own = own = mapping.codebook in (OWN, OWN_CSV)
        self._decimal = "." if own else dialect.decimal
        self._codebook: Codebook | None = CODEBOOKS[mapping.codebook] if mapping.codebook else None
        self._width = len(dialect.names)
        self._when = Remembered(at, self.DATE, self.date, noted)
        self._where = Remembered(at, self.PLACED, self.place, noted)
        self._what = Remembered(at, (Field.KIND,), self._kind)
        # Each column by itself: pairs of actors hardly ever come again.
        self._who = [
            Remembered({Field.ACTOR: (each,)}, (Field.ACTOR,), self.actors_of) for each in at.get(Field.ACTOR, ())
        ]
        self._named = Remembered(at, (Field.TITLE,), exact_title_of if own else title_of)
        self._said = Remembered(at, (Field.SOURCE,), all_said if own else said_of)
        self._grade = Remembered(at, (Field.GRADE,), credibility_of, noted)
        self._counts, self._counted = Remembered(at, self.COUNTED, self.quantity, noted), mapping.counted
        self._says_what = own or Field.QUANTITY_WHAT in at  # KML leaves out a column that nothing has
        self._summary = at.get(Field.SUMMARY, (None,))[0]
        self._status = Remembered(at, (Field.STATUS,), status_of, noted)
        self._tags = Remembered(at, (Field.TAGS,), tags_of)
        self._note, self._uid = (at.get(each, (None,))[0] for each in (Field.NOTE, Field.UID))
        self._guarded = mapping.codebook == OWN_CSV
        self._taken: set[int] = set()  # by hash: a million texts would fill the memory
        self._is_known: Callable[[str], bool] = lambda _uid: False

    def learn(self, con: sqlite3.Connection, own: frozenset[int] = frozenset(), *, uids: bool = True) -> None:
        """Read what the project has already. ``own`` are places that came of this very table: a name alone, without
        coordinates, does not mean one of them. ``uids``: rows whose event is there by its uid are passed over.
        """
        if uids:
            self._is_known = lambda uid: con.execute("SELECT 1 FROM event WHERE uid = ?", (uid,)).fetchone() is not None
        for row_id, name in con.execute("SELECT id, name FROM kind ORDER BY id DESC").fetchall():
            self.kinds.known[folded(text_of(name))] = row_id
            self.kind_names[row_id] = text_of(name)
        for row_id, name in con.execute("SELECT id, name FROM actor ORDER BY id DESC").fetchall():
            self.actors.known[folded(text_of(name))] = row_id
        called: dict[str, list[int]] = {}
        for row_id, name, geom, radius in con.execute(
            "SELECT id, name, geom, radius_m FROM place ORDER BY id DESC"
        ).fetchall():
            point = point_of(geom)
            lon, lat = point if point is not None else (None, None)
            if geom is None or point is not None:
                key = place_key(text_of(name), lon, lat, number_or_none(radius) or 0.0)
                self.places.known[key] = row_id
            else:
                self.places.known[folded(text_of(name)), shape_of(geom)] = row_id
            if row_id not in own:
                called.setdefault(folded(text_of(name)), []).append(row_id)
        for name, ids in called.items():
            if len(ids) == 1:  # a name alone means the one place of that name
                self.places.known.setdefault((name,), ids[0])

    def make(self, number: int, cells: list[str]) -> tuple[Made, Sequence[int]]:
        """The values of a row and the ids of its actors. Raises BadRow; what such a row names may be ``new``."""
        self.missing.clear()
        if len(cells) != self._width:
            cells = self._fitted(cells)
        sha256 = row_hash(cells)
        if self._guarded:
            cells = [unguarded(cell) for cell in cells]
        uid = None if self._uid is None else self._own_uid(cells[self._uid].strip())
        when, title, said, grade = self._when(cells), self._named(cells), self._said(cells), self._grade(cells)
        kind, place = self._what(cells), self._where(cells)
        who: list[int] = []
        for several in self._who:
            who += several(cells)
        if when is None and place is None and title is None and kind is None:
            why = "; ".join(each.reason for each in self.missing)
            raise BadRow(why or "it says neither what happened nor when nor where")
        summary = None if self._summary is None else cells[self._summary].strip() or None
        note = None if self._note is None else cells[self._note].strip() or None
        return (
            number,
            sha256,
            title,
            when,
            place,
            kind,
            said,
            grade,
            *self._counts(cells),
            summary,
            self._status(cells),
            note,
            self._tags(cells),
            uid,
        ), tuple(dict.fromkeys(who))

    def took(self, row: Made) -> None:
        """A row that was made is taken: one further down with its uid is passed over."""
        if row[-1] is not None:
            self._taken.add(hash(row[-1]))

    def _own_uid(self, uid: str) -> str | None:
        """The uid that the event of a row has elsewhere and keeps. Raises PassedOver for one that is here already."""
        if uid and self._is_known(uid):
            raise PassedOver(Fate.SAME, "its event is in the project already, by its uid")
        if not _UID.fullmatch(uid):
            return None
        if hash(uid) in self._taken:
            raise PassedOver(Fate.REPEATED, "its uid is that of a row further up")
        return uid

    def _fitted(self, cells: list[str]) -> list[str]:
        if len(cells) < self._width or any(cell.strip() for cell in cells[self._width :]):
            raise BadRow(f"it has {counted(len(cells), 'cell')} where the table has {counted(self._width, 'column')}")
        return cells[: self._width]

    def date(self, given: Mapping[Field, tuple[str, ...]]) -> int | None:
        """The number of a date; None where there is none. Raises Unread, as those below."""
        text, start, end, code, shape = (given[each][0].strip() for each in self.DATE)
        key = (text, start, end, code, shape)
        if key in self._numbers:
            return self._numbers[key]  # of our own exports: an event and its claim have one date
        if text:
            when = span(text, shape=shape)
        else:
            when = span(start, end, code, shape, order=self._order, codebook=self._codebook)
        if when is None:
            return None
        self.dates.append(when)
        self._dated += 1
        if self._own or self._in_claims:
            self.spans[self._dated] = when
        if self._own:
            self._numbers[key] = self._dated
        return self._dated

    def place(self, given: Mapping[Field, tuple[str, ...]]) -> int | None:
        """The id of a place; None where there is none."""
        name = clean(", ".join(each.strip() for each in given[Field.PLACE] if each.strip()))
        lat, lon = (
            self._degrees(given[Field.LAT][0], "latitude", 90),
            self._degrees(given[Field.LON][0], "longitude", 180),
        )
        if (lat is None) != (lon is None):
            raise Unread("it has a latitude or a longitude without the other", *_POSITION)
        if lat is None and not name:
            return None
        radius = 0.0
        if lat is not None or self._own:
            radius = self._metres(given[Field.RADIUS][0]) or self._radius(given[Field.PLACE_PRECISION][0])
        if not name and lat is not None and lon is not None:
            name = f"{abs(lat):.4g}° {'N' if lat >= 0 else 'S'}, {abs(lon):.4g}° {'E' if lon >= 0 else 'W'}"
        area = None if lat is None else named(given[Field.OUTLINE][0])
        if radius and not self._own and area is None:
            name = f"{name} (about {shown(radius)})"
        country, admin1 = (clean(given[each][0]) or None for each in (Field.COUNTRY, Field.ADMIN1))
        key = place_key(name, lon, lat, radius) if area is None else (folded(name), area)
        return self.places.get(key, NewPlace(name, lon, lat, radius, country, admin1, area))

    def _degrees(self, text: str, what: str, most: int) -> float | None:
        text = text.strip()
        if not text:
            return None
        value = self._number(text)
        if value is None:
            raise Unread(f"its {what} “{text[:40]}” is not a number", *_POSITION)
        if abs(value) > most:
            raise Unread(f"its {what} {text[:40]} is not on the earth: it goes from -{most} to {most}", *_POSITION)
        return value

    def _number(self, text: str) -> float | None:
        if self._decimal == ",":
            text = text.replace(".", "").replace(",", ".") if "," in text else text
        try:
            value = float(text) if "_" not in text else math.nan
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def _metres(self, text: str) -> float:
        value = self._number(text.strip()) if text.strip() else 0.0
        if value is None or not 0 <= value <= MAX_RADIUS:
            raise Unread(f"its radius “{text[:40]}” is not a number of metres, {MAX_RADIUS:,} at most", Field.RADIUS)
        return value

    def _radius(self, code: str) -> float:
        code = code.strip().removesuffix(".0")
        if not code or self._codebook is None:
            return 0.0
        if code not in self._codebook.radii:
            raise Unread(
                f"the precision of the place is “{code[:20]}”, which is none of {', '.join(self._codebook.radii)}",
                Field.PLACE_PRECISION,
            )
        return self._codebook.radii[code]

    def _kind(self, given: Mapping[Field, tuple[str, ...]]) -> int | None:
        code = given[Field.KIND][0].strip()
        name = clean(self._mapping.kinds.get(code, code))
        if not name:
            return None
        key = folded(name)
        if key not in self.kinds.known and len(self.kinds.new) >= MAX_KINDS:
            raise BadRow(f"its kind “{name[:40]}” would be one of more than {MAX_KINDS} new kinds: map another column")
        kind_id = self.kinds.get(key, name)
        self.kind_names.setdefault(kind_id, name)
        return kind_id

    def actors_of(self, given: Mapping[Field, tuple[str, ...]]) -> tuple[int, ...]:
        """The ids of the actors in a cell."""
        split = listed if self._own else SPLIT.split
        names = [clean(name) for cell in given[Field.ACTOR] for name in split(cell)]
        if len(names) * max(len(self._who), 1) > MAX_ACTORS:
            raise BadRow(f"it names {len(names)} actors, of which {MAX_ACTORS} can be taken")
        return tuple(self.actors.get(folded(name), name) for name in names if name)

    def quantity(self, given: Mapping[Field, tuple[str, ...]]) -> tuple[float | str | None, ...]:
        """Number, lowest, highest, of what, in which unit."""
        found = []
        for each in _NUMBERS:
            text = given[each][0].strip()
            value = self._number(text) if text else None
            if text and value is None:
                raise Unread(f"its count “{text[:40]}” is not a number", each)
            found.append(value)
        if found == [None, None, None]:
            return None, None, None, None, None
        what, unit = (given[each][0].strip() or None for each in _OF_WHAT)
        # A table that says of each count what it counts says so of those of which it says nothing, too.
        return *found, what if what or self._says_what else self._counted, unit

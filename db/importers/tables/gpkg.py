"""GeoPackages (OGC 12-128r18): one layer or table, each row a row, its geometry cells (spots.py).

Read by SQLite alone, through the guards that projects are read through (db/connection.py): nothing in the file runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

from db.connection import connect_reader
from db.errors import InputFault
from db.geometry import walk, wkb_of
from db.importers.tables.antimeridian import MOST
from db.importers.tables.delimited import opened
from db.importers.tables.gpkg_claims import Claims, claim_names
from db.importers.tables.heading_line import Head
from db.importers.tables.records import MAX_COLUMNS, Record, cell
from db.importers.tables.spots import Spots

_AT_ONCE: Final = 1_000


class Layer:
    """The rows of a layer as records, each time anew."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        """``name`` of the layer; the first with features otherwise. Raises InputFault for what is no GeoPackage."""
        self._at, self._count = 0, 1
        self._ask = partial(ask, path)
        self.most = 0
        self.head = Head()
        self.above: Sequence[Sequence[str]] = ()
        self.spots = Spots()
        opened(path).close()
        self.parts: tuple[str, ...] = tuple(self._ask(_layers))
        if not self.parts:
            raise InputFault(f"{path.name} is a GeoPackage without a layer. Nothing was written.")
        known = {each.casefold(): each for each in self.parts}
        if name is not None and name.casefold() not in known:
            there = ", ".join(self.parts)
            raise InputFault(f"{path.name} has no layer “{name}”. There are: {there}. Nothing was written.")
        self._name = self.parts[0] if name is None else known[name.casefold()]

    def progress(self) -> float:
        return min(self._at / self._count, 1.0)

    def __iter__(self) -> Iterator[Record]:
        names, shape, first, self._count = self._ask(self._about)
        areas = self._ask(_has_areas)
        area = names.index("area") if "area" in names and areas else None
        claims = (
            Claims(self._ask(claim_names), self.spots, areas) if self._name == "events" and "uid" in names else None
        )
        after, self._at = first - 1, 0
        while True:
            rows = self._ask(self._batch, after, area)
            if not rows:
                return
            said = self._ask(claims.of, [row[1 + names.index("uid")] for row in rows]) if claims else {}
            for row in rows:
                after = row[0]
                self._at += 1
                record = {name: cell(value) for name, value in zip(names, row[1:-1], strict=True) if name != shape}
                remark = None
                if shape is not None:
                    cells, remark = self._spot(row[-1] or row[1 + names.index(shape)], names)
                    record |= cells
                if said:
                    of_event = said.get(record["uid"], {})
                    self.spots.made.update(dict.fromkeys(of_event, "its table of claims"))
                    record |= of_event
                yield self._at, record, remark

    def _spot(self, blob: object, names: list[str]) -> tuple[dict[str, str], str | None]:
        """Nowhere for a geometry that cannot be taken: the row counts without it."""
        try:
            wkb = wkb_of(blob) if isinstance(blob, bytes) else None
            return self.spots.columns(None if wkb is None else walk(wkb, MOST), names)
        except InputFault:
            return self.spots.columns(None, names, unread=True)

    def _about(self, con: sqlite3.Connection) -> tuple[list[str], str | None, int, int]:
        columns = con.execute(f"PRAGMA main.table_info({quoted(self._name)})").fetchall()
        if not columns or len(columns) > MAX_COLUMNS:
            raise InputFault(f"The layer {self._name} has no columns that can be read. Nothing was written.")
        row = con.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)", (self._name,)
        ).fetchone()
        names = [str(each[1]) for each in columns]
        shape = next((name for name in names if row and name.casefold() == str(row[0]).casefold()), None)
        first, count = con.execute(
            f"SELECT coalesce(min(rowid), 0), count(*) FROM main.{quoted(self._name)}"
        ).fetchone()
        return names, shape, first, max(count, 1)

    def _batch(self, con: sqlite3.Connection, after: int, area: int | None) -> list[tuple[Any, ...]]:
        """Rows with their rowid before them and behind them the shape that the cell at ``area`` names, or None."""
        sql = f"SELECT rowid, * FROM main.{quoted(self._name)} WHERE rowid > ? ORDER BY rowid LIMIT {_AT_ONCE}"
        rows = con.execute(sql, (after,)).fetchall()
        if area is None:
            return [(*row, None) for row in rows]
        wanted = {row[1 + area] for row in rows if isinstance(row[1 + area], str)}
        shapes = {uid: con.execute("SELECT geom FROM main.areas WHERE uid = ?", (uid,)).fetchone() for uid in wanted}
        return [(*row, (shapes.get(row[1 + area]) or (None,))[0]) for row in rows]


def ask(path: Path, question: Callable[..., Any], *given: Any) -> Any:
    """What a question about a GeoPackage (a connection and what is ``given``) answers. Raises InputFault when it cannot
    be read.
    """
    try:
        with closing(connect_reader(path)) as con:
            return question(con, *given)
    except sqlite3.Error as error:
        raise InputFault(
            f"{path.name} cannot be read as a GeoPackage: it is damaged, or another program has it locked. "
            "Nothing was written."
        ) from error


def _layers(con: sqlite3.Connection) -> list[str]:
    """Tables that are registered, those with features first. Views are left out: what they ask is not ours to run."""
    names = {row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    if "gpkg_contents" not in names:
        raise InputFault("This is a database, but no GeoPackage. Nothing was written.")
    if "app_meta" in names and "search_text" in names:
        raise InputFault("This is a project. Open it instead; nothing was written.")
    rows = con.execute("SELECT table_name, data_type FROM gpkg_contents ORDER BY data_type = 'attributes'").fetchall()
    lowered = {str(name).casefold(): str(name) for name in names}
    wanted = [str(name).casefold() for name, kind in rows if kind in ("features", "attributes")]
    return [lowered[name] for name in wanted if name in lowered]


def _has_areas(con: sqlite3.Connection) -> bool:
    """Whether the shapes of areas are in a layer of their own, as our exports have them."""
    columns = {row[1] for row in con.execute("PRAGMA main.table_info(areas)").fetchall()}
    kind = con.execute("SELECT type FROM sqlite_master WHERE name = 'areas'").fetchone()
    return kind == ("table",) and {"geom", "uid"} <= columns


def quoted(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'

"""GeoJSON and GeoPackage, read feature by feature.

What is read is in degrees. Nothing of a file is trusted: see geometry.py and connection.py for how it is read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from db.errors import InputFault
from db.geometry import Geometry, walk, wkb_of
from db.importers.tables.delimited import opened
from db.importers.tables.geojson import Features, geometry_of
from db.importers.tables.gpkg import ask, quoted
from db.layers.files import Feature, VectorFile
from db.layers.reference import WGS84, Reference, by_epsg, by_wkt

_AT_ONCE: Final = 1_000
_CRS: Final = re.compile(rb'"crs"\s*:\s*(?:null|\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]*)")')
_HEAD: Final = 1 << 16


class GeoJson(VectorFile):
    """The features of a collection, or one a line; a ``crs`` member of old is heeded."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._features = Features(path)
        with opened(path) as file:
            found = _CRS.search(file.read(_HEAD))
        if found is not None and found[1]:
            self.reference = _named(found[1].decode("utf-8", "replace"))

    def progress(self) -> float:
        return self._features.progress()

    def __iter__(self) -> Iterator[Feature]:
        for feature in self._features.features():
            said = feature.get("properties")
            properties = dict(said) if isinstance(said, dict) else {}
            if "id" in feature and "id" not in properties:
                properties["id"] = feature["id"]
            yield self.placed(geometry_of(feature.get("geometry"), self.most)), properties


def _named(name: str) -> Reference:
    """The system of a ``crs`` member, as GeoJSON had it before RFC 7946."""
    if name.upper().endswith(("CRS84", "CRS83")):
        return WGS84
    code = re.search(r"EPSG:.*?(\d+)$", name, re.IGNORECASE)
    return by_epsg(int(code[1])) if code else Reference(name or "unknown", known=False)


class GeoPackage(VectorFile):
    """The rows of a table of features."""

    def __init__(self, path: Path, part: str | None) -> None:
        super().__init__(path)
        self._ask = partial(ask, path)
        opened(path).close()
        tables = self._ask(_tables)
        if not tables:
            raise InputFault(f"{path.name} is a GeoPackage without a table of shapes. Nothing was written.")
        self.parts = tuple(tables)
        if part is not None and part not in tables:
            raise InputFault(f"{path.name} has no table “{part}”. Nothing was written.")
        self._table = part or self.parts[0]
        self._shape, self.reference = tables[self._table]
        self._at, self._count = 0, 1

    def progress(self) -> float:
        return min(self._at / self._count, 1.0)

    def __iter__(self) -> Iterator[Feature]:
        table = quoted(self._table)
        names = [str(row[1]) for row in self._ask(lambda con: con.execute(f"PRAGMA table_info({table})").fetchall())]
        lowered = [name.casefold() for name in names]
        if self._shape.casefold() not in lowered:
            raise InputFault(f"The table {self._table} has no shapes that can be read. Nothing was written.")
        at = lowered.index(self._shape.casefold())
        first, self._count = self._ask(
            lambda con: con.execute(f"SELECT coalesce(min(rowid), 0), max(count(*), 1) FROM main.{table}").fetchone()
        )
        after, self._at = first - 1, 0
        while True:
            rows = self._ask(_batch, table, after)
            if not rows:
                return
            after = rows[-1][0]
            for _number, *row in rows:
                self._at += 1
                properties = {
                    name: value.hex() if isinstance(value, bytes) else value
                    for number, (name, value) in enumerate(zip(names, row, strict=True))
                    if number != at
                }
                yield self._geometry(row[at]), properties

    def _geometry(self, blob: object) -> Geometry | None:
        try:
            wkb = wkb_of(blob, any_system=True) if isinstance(blob, bytes) else None
            return None if wkb is None else self.placed(walk(wkb, self.most))
        except InputFault:
            return None


def _batch(con: sqlite3.Connection, table: str, after: int) -> list[tuple[Any, ...]]:
    sql = f"SELECT rowid, * FROM main.{table} WHERE rowid > ? ORDER BY rowid LIMIT {_AT_ONCE}"
    return con.execute(sql, (after,)).fetchall()


def _tables(con: sqlite3.Connection) -> dict[str, tuple[str, Reference]]:
    """Tables of features with the column of their shapes and its system. Views are left out: what they ask is not ours
    to run.
    """
    names = {str(row[0]).casefold(): str(row[0]) for row in con.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    ).fetchall()}  # fmt: skip
    if "gpkg_contents" not in names or "gpkg_geometry_columns" not in names:
        raise InputFault("This is a database, but no GeoPackage of shapes. Nothing was written.")
    rows = con.execute(
        "SELECT c.table_name, g.column_name, g.srs_id, s.organization, s.organization_coordsys_id, s.srs_name, "
        "s.definition FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name "
        "LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id WHERE c.data_type = 'features'"
    ).fetchall()
    found = {}
    for table, column, srs, organization, number, name, definition in rows:
        if str(table).casefold() in names:
            reference = WGS84 if srs == 0 else by_epsg(number or 0, str(name or f"number {srs}"))
            if str(organization or "").upper() != "EPSG" and srs != 0:
                reference = by_wkt(str(definition or ""))
            found[names[str(table).casefold()]] = str(column), reference
    return found

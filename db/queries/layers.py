"""The layers of the map: their rows, and the shapes and properties that are kept of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from db import edtf
from db.coerce import number_or_none, text_of, text_or_none
from db.kept.tables import piece_of
from db.layers.packing import Index, Shapes, index_of, properties_of, shapes_of
from db.layers.style import LayerStyle, style_of
from db.layers.times import guess_fields
from db.queries.snapshot import at_one_instant
from db.values import OPEN_FUTURE, OPEN_PAST, Extent

_COLUMNS = (
    "id, uid, name, kind, position, visible, style, begins, ends, begin_field, end_field, file_name, path, sha256, "
    "features, points, west, south, east, north"
)


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer. ``first`` and ``last`` are the instants (ms) between which it shows; ``file`` is where a raster is.

    ``missing``: the file of a raster is not there.
    """

    id: int
    uid: str
    name: str
    kind: str
    position: int
    visible: bool
    style: LayerStyle
    begins: str
    ends: str
    begin_field: str
    end_field: str
    file_name: str
    file: Path | None
    sha256: str
    features: int
    points: int
    extent: Extent | None
    first: int
    last: int
    missing: bool

    @property
    def is_raster(self) -> bool:
        return self.kind == "raster"

    @property
    def by_feature(self) -> bool:
        """Whether each feature has times of its own."""
        return bool(self.begin_field or self.end_field)

    def shows_at(self, instant: int) -> bool:
        """Whether the layer is on at an instant (ms)."""
        return self.visible and self.first <= instant <= self.last


def layers(con: sqlite3.Connection) -> list[LayerRow]:
    """The layers from the lowest to the highest; none in a file of a version that had no layers."""
    if con.execute("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = 'layer'").fetchone() is None:
        return []
    rows = con.execute(f"SELECT {_COLUMNS} FROM layer ORDER BY position, id").fetchall()
    folder = Path(con.execute("PRAGMA database_list").fetchone()[2] or ".").parent if rows else Path()
    return [_row(folder, *row) for row in rows]


def _row(folder: Path, *row: Any) -> LayerRow:
    row_id, uid, name, kind, position, visible, style = row[:7]
    begins, ends, begin_field, end_field, file_name, path, sha256 = (text_or_none(each) or "" for each in row[7:14])
    features, points = (each if isinstance(each, int) else 0 for each in row[14:16])
    west, south, east, north = (number_or_none(each) for each in row[16:20])
    extent = None
    if west is not None and south is not None and east is not None and north is not None:
        extent = Extent(west, south, east, north)
    raster = kind == "raster"
    file = folder / Path(PurePosixPath(path)) if raster and path else None
    return LayerRow(
        row_id, text_of(uid), text_of(name), "raster" if raster else "vector",
        position if isinstance(position, int) else 0, visible != 0, style_of(style), begins, ends, begin_field,
        end_field, file_name, file, sha256, features, points, extent, _first(begins), _last(ends),
        raster and (file is None or not file.is_file()),
    )  # fmt: skip


def _first(text: str) -> int:
    try:
        return edtf.parse(text).earliest_start if text else OPEN_PAST
    except edtf.EdtfError:
        return OPEN_PAST


def _last(text: str) -> int:
    try:
        return edtf.parse(text).latest_end if text else OPEN_FUTURE
    except edtf.EdtfError:
        return OPEN_FUTURE


@at_one_instant
def layer_index(con: sqlite3.Connection, sha256: str) -> Index:
    """What is kept of a layer. Raises EnvironmentFault when it is missing or damaged."""
    return index_of(piece_of(con, sha256))


@at_one_instant
def layer_fields(con: sqlite3.Connection, sha256: str) -> tuple[tuple[str, ...], tuple[str, str]]:
    """The fields of a layer's features, and those of them that seem to say when a feature begins and ends (empty for
    none). Raises as ``layer_shapes``.
    """
    index = layer_index(con, sha256)
    first = properties_of(piece_of(con, index.blocks[0].properties)) if index.blocks else []
    return index.fields, guess_fields(first)


@at_one_instant
def layer_shapes(con: sqlite3.Connection, sha256: str) -> Shapes:
    """All shapes of a layer. Raises EnvironmentFault when something of them is missing or damaged."""
    return shapes_of(piece_of(con, block.shapes) for block in layer_index(con, sha256).blocks)


@at_one_instant
def layer_values(con: sqlite3.Connection, sha256: str, *fields: str) -> list[tuple[Any, ...]]:
    """The values of some fields, a tuple for each feature. Raises as ``layer_shapes``."""
    found: list[tuple[Any, ...]] = []
    for block in layer_index(con, sha256).blocks:
        said = properties_of(piece_of(con, block.properties))
        found += [tuple(each.get(field) for field in fields) for each in said]
    return found


@at_one_instant
def layer_properties(con: sqlite3.Connection, sha256: str, feature: int) -> dict[str, Any]:
    """The properties of one feature by its number; empty where there is no such. Raises as ``layer_shapes``."""
    for block in layer_index(con, sha256).blocks:
        if feature < block.count:
            said = properties_of(piece_of(con, block.properties))
            return said[feature] if 0 <= feature < len(said) else {}
        feature -= block.count
    return {}

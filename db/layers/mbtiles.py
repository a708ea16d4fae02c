"""MBTiles 1.3: raster tiles of Web Mercator in an SQLite file."""

from __future__ import annotations

import math
import sqlite3
import struct
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from db.connection import connect_reader
from db.errors import InputFault
from db.importers.tables.delimited import opened
from db.layers.rasters import Floats, Level, Raster
from db.layers.reference import HALF, metres
from db.values import Extent

DEEPEST: Final = 24
_VECTOR: Final = ("pbf", "mvt")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_EDGE: Final = math.degrees(math.atan(math.sinh(math.pi)))


class MbTiles(Raster):
    """The tiles of a file; zoom levels that it lacks are not offered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        opened(path).close()
        try:
            self._con = connect_reader(path)
            try:
                self._look()
            except BaseException:
                self._con.close()
                raise
        except sqlite3.Error as error:
            raise self._fault("it is damaged, no MBTiles file, or another program has it locked") from error

    def _look(self) -> None:
        con = self._con
        rows = con.execute("SELECT type, name FROM sqlite_master").fetchall()
        kinds = {str(name).casefold(): str(kind) for kind, name in rows}
        if "tiles" not in kinds or "metadata" not in kinds:
            raise self._fault("it has no tiles")
        about = {str(name): str(value) for name, value in con.execute("SELECT name, value FROM metadata").fetchall()}
        if about.get("format", "").lower() in _VECTOR:
            raise self._fault("its tiles are shapes (vector tiles), and not pictures")
        self._source = self._tiles(kinds["tiles"], kinds)
        low, high = con.execute(f"SELECT min(zoom_level), max(zoom_level) FROM {self._source}").fetchone()
        if low is None or not 0 <= low <= high <= DEEPEST:
            raise self._fault("it has no tiles")
        zooms = con.execute(f"SELECT DISTINCT zoom_level FROM {self._source} ORDER BY zoom_level DESC").fetchall()
        self._zooms = tuple(int(zoom) for (zoom,) in zooms)
        self._side = self._tile_side()
        self.levels = tuple(Level(self._side << z, self._side << z, self._side, self._side) for z in self._zooms)
        self.extent = self._bounds(about.get("bounds", ""))
        west, east = (self.extent.west + 180.0) / 360.0, (self.extent.east + 180.0) / 360.0
        _x, high = metres(0.0, min(self.extent.north, _EDGE))
        _x, low = metres(0.0, max(self.extent.south, -_EDGE))
        self.filled = west, float(HALF - high) / (2 * HALF), east, float(HALF - low) / (2 * HALF)

    def _tiles(self, kind: str, kinds: dict[str, str]) -> str:
        """What to ask for tiles: a table; or the two tables of the usual view, as no view of a file is run."""
        if kind == "table":
            return "tiles"
        if kinds.get("map") == kinds.get("images") == "table":
            return "(SELECT * FROM map JOIN images ON images.tile_id = map.tile_id)"
        raise self._fault("its tiles are put together by a view that is not known here")

    def _tile_side(self) -> int:
        data = self._con.execute(f"SELECT tile_data FROM {self._source} LIMIT 1").fetchone()[0]
        if isinstance(data, bytes) and data[:8] == _PNG and len(data) > 24:
            (width,) = struct.unpack_from(">I", data, 16)
            return int(width) if width in (256, 512, 1024) else 256
        return 256

    def _bounds(self, text: str) -> Extent:
        try:
            west, south, east, north = (float(each) for each in text.split(","))
            if -180 <= west < east <= 180 and -90 <= south < north <= 90:
                return Extent(west, south, east, north)
        except ValueError:
            pass
        zoom = self._zooms[-1]
        left, right, low, high = self._con.execute(
            "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row) "
            f"FROM {self._source} WHERE zoom_level = ?",
            (zoom,),
        ).fetchone()
        many = 1 << zoom

        def latitude(row: int) -> float:
            return math.degrees(math.atan(math.sinh(math.pi * (2 * row / many - 1))))

        return Extent(left / many * 360 - 180, latitude(low), (right + 1) / many * 360 - 180, latitude(high + 1))

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        lat = np.asarray(lat, np.float64)
        east = (np.asarray(lon, np.float64) + 180.0) % 360.0 - 180.0
        x, y = metres(east, lat)
        return (x + HALF) / (2 * HALF), np.where(np.abs(lat) > _EDGE, -1.0, (HALF - y) / (2 * HALF))

    def tile(self, level: int, column: int, row: int) -> bytes | None:
        zoom = self._zooms[level]
        try:
            found = self._con.execute(
                f"SELECT tile_data FROM {self._source} WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                (zoom, column, (1 << zoom) - 1 - row),
            ).fetchone()
        except sqlite3.Error as error:
            raise self._fault("it is damaged, or has been taken away") from error
        return found[0] if found and isinstance(found[0], bytes) else None

    def close(self) -> None:
        self._con.close()

    def _fault(self, why: str) -> InputFault:
        return InputFault(f"{self._path.name} cannot be shown: {why}. Nothing was written.")

"""Files of layers as other programs write them, made for a test."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapefile
import shapely
import tifffile
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QColor, QImage

from db import queries
from db.geopackage import create_system_tables
from db.queries import LayerRow
from db.store import Store

UTM_PRJ = (
    'PROJCS["WGS_1984_UTM_Zone_38N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
    '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",45.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
WEB_PRJ = (
    'PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",'
    '6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],UNIT["Meter",1.0]]'
)
WGS_PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def rows(store: Store) -> list[LayerRow]:
    """The layers of a project, the lowest first."""
    with closing(store.reader()) as con:
        return queries.layers(con)


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """A closed ring."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(geometry: Mapping[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings: Sequence[Sequence[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def geojson(path: Path, *features: Mapping[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": list(features)}), "utf-8")
    return path


def geopackage(path: Path, tables: Mapping[str, Sequence[tuple[str, str]]], srs: int = 4326) -> Path:
    """Tables of features: pairs of WKT and name."""
    with closing(sqlite3.connect(path)) as con:
        create_system_tables(con)
        con.execute(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, 'undefined', '')",
            (f"EPSG:{srs}", srs, srs),
        )
        for table, rows in tables.items():
            con.execute(f'CREATE TABLE "{table}" (fid INTEGER PRIMARY KEY, geom GEOMETRY, name TEXT)')
            con.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES (?, 'features', ?)", (table, srs)
            )
            con.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?, 0, 0)", (table, srs))
            for wkt, name in rows:
                wkb = shapely.to_wkb(shapely.from_wkt(wkt), flavor="iso", output_dimension=3)
                blob = b"GP\0\x01" + srs.to_bytes(4, "little") + wkb
                con.execute(f'INSERT INTO "{table}" (geom, name) VALUES (?, ?)', (blob, name))
        con.commit()
    return path


def shapes(path: Path, rings: Sequence[Sequence[Sequence[float]]], prj: str | None = WGS_PRJ, **names: str) -> Path:
    """A shapefile with one polygon of rings and an Arabic name."""
    with shapefile.Writer(str(path), shapeType=shapefile.POLYGON, encoding="utf-8") as writer:
        writer.field("name", "C", size=60)
        writer.field("begins", "D")
        writer.poly([list(map(list, ring)) for ring in rings])
        writer.record(names.get("name", "نينوى"), "20160501")
    if prj is not None:
        path.with_suffix(".prj").write_text(prj)
    return path


def encoded(color: str, kind: str = "PNG", side: int = 256) -> bytes:
    """A picture of one colour."""
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(data.data())


def mbtiles(path: Path, tiles: Mapping[tuple[int, int, int], bytes], form: str = "png", *, view: bool = False) -> Path:
    """Tiles by zoom, column, and row from the top."""
    with closing(sqlite3.connect(path)) as con:
        con.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        con.execute("INSERT INTO metadata VALUES ('format', ?)", (form,))
        rows = [(zoom, column, (1 << zoom) - 1 - row, data) for (zoom, column, row), data in tiles.items()]
        if view:
            con.execute("CREATE TABLE map (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_id TEXT)")
            con.execute("CREATE TABLE images (tile_id TEXT, tile_data BLOB)")
            con.executemany("INSERT INTO map VALUES (?, ?, ?, ?)", [(*row[:3], str(row[:3])) for row in rows])
            con.executemany("INSERT INTO images VALUES (?, ?)", [(str(row[:3]), row[3]) for row in rows])
            con.execute(
                "CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data FROM map "
                "JOIN images ON images.tile_id = map.tile_id"
            )
        else:
            con.execute(
                "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
            )
            con.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        con.commit()
    return path


def geotiff(
    path: Path, pixels: NDArray[Any], west: float, north: float, size: float, *, code: int = 4326, **more: Any
) -> Path:
    """Pixels north up from a corner, ``size`` units each."""
    projected = code not in (4326, 4258)
    keys = (1, 1, 0, 3, 1024, 0, 1, 1 if projected else 2, 1025, 0, 1, 1, 3072 if projected else 2048, 0, 1, code)
    tags = [
        (33550, "d", 3, (size, size, 0.0), True),
        (33922, "d", 6, (0.0, 0.0, 0.0, west, north, 0.0), True),
        (34735, "H", len(keys), keys, True),
    ]
    more.setdefault("photometric", "rgb" if pixels.ndim == 3 and pixels.shape[-1] >= 3 else "minisblack")
    tifffile.imwrite(path, pixels, extratags=tags, **more)
    return path


def lzw(data: bytes) -> bytes:
    """LZW that never grows its table: a clear before each run of codes that would widen them."""
    bits = ""
    for at, byte in enumerate(data):
        if at % 250 == 0:
            bits += f"{256:09b}"
        bits += f"{byte:09b}"
    bits += f"{257:09b}"
    bits += "0" * (-len(bits) % 8)
    return np.packbits(np.array(list(bits), np.uint8)).tobytes()

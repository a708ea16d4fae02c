"""What makes the file a GeoPackage 1.4 (OGC 12-128r18) that other programs open: required tables, layers, the view.

The live file has no spatial index: its triggers need functions that plain SQLite lacks.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Final

APPLICATION_ID: Final = 0x47504B47  # "GPKG"
USER_VERSION: Final = 10400
SRS_ID: Final = 4326

_FIRST_MS: Final = -62_135_596_800_000  # 0001-01-01T00:00Z
_LAST_MS: Final = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

SYSTEM_TABLES: Final[dict[str, str]] = {
    "gpkg_spatial_ref_sys": """CREATE TABLE gpkg_spatial_ref_sys (
 srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
 organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)""",
    "gpkg_contents": """CREATE TABLE gpkg_contents (
 table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
 last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
 min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
 CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    "gpkg_geometry_columns": """CREATE TABLE gpkg_geometry_columns (
 table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
 z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
 CONSTRAINT uk_gc_table_name UNIQUE (table_name),
 CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
 CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
    "gpkg_extensions": """CREATE TABLE gpkg_extensions (
 table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
 CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
}

_WGS84_WKT: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
    'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SRS_ROWS: Final = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    ("WGS 84 geodetic", SRS_ID, "EPSG", SRS_ID, _WGS84_WKT, "longitude/latitude coordinates in decimal degrees"),
)

# GDAL wants an OGC_FID in a view, and takes a column's type from the table it comes from: so no expressions here.
VIEWS: Final[dict[str, str]] = {
    "events": """CREATE VIEW events AS SELECT e.id AS OGC_FID, p.geom AS geom, e.title AS title, e.begins AS begins,
 e.ends AS ends, e.edtf AS edtf, k.name AS kind, e.status AS status, e.grade AS grade, p.name AS place,
 p.radius_m AS radius_m, e.claim_count AS claims, e.quote_count AS quotes, e.disagrees AS disagrees,
 e.summary AS summary, e.uid AS uid
 FROM event AS e LEFT JOIN place AS p ON p.id = e.place_id LEFT JOIN kind AS k ON k.id = e.kind_id
 WHERE e.claim_count > 0""",
}

_FEATURES: Final = {
    "place": ("Places", "Where things happen: points and areas"),
    "events": ("Events on the map", "Events with place, period and grade; made from the claims, not for editing"),
}
_ATTRIBUTES: Final = {
    "event": ("Events", "Title, summary, status, edtf and place_id may be edited; other columns are made from claims"),
    "claim": ("Claims", "What each quote says about an event"),
    "decision": ("Decisions", "The analyst's word on an event where claims differ"),
    "source": ("Sources", "Publications"),
    "document": ("Documents", "Texts of the sources"),
    "quote": ("Quotes", "Passages of the documents"),
    "kind": ("Kinds of events", ""),
    "actor": ("Actors", ""),
    "claim_actor": ("Actors of claims", ""),
    "claim_place": ("Further places of claims", ""),
    "project": ("Project", ""),
}


def create_system_tables(con: sqlite3.Connection) -> None:
    """Make the file a GeoPackage: before the tables of the project."""
    con.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    con.execute(f"PRAGMA user_version = {USER_VERSION}")
    for statement in SYSTEM_TABLES.values():
        con.execute(statement)
    con.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SRS_ROWS)


def register_layers(con: sqlite3.Connection) -> None:
    """Make the views and register what other programs may see. What is not registered stays hidden from GDAL."""
    for statement in VIEWS.values():
        con.execute(statement)
    con.executemany(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?)",
        [(name, "features", *words, SRS_ID) for name, words in _FEATURES.items()]
        + [(name, "attributes", *words, None) for name, words in _ATTRIBUTES.items()],
    )
    con.executemany(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?, 0, 0)",
        [(name, SRS_ID) for name in _FEATURES],
    )


def moment_text(ms: int | None) -> str | None:
    """A DATETIME as GeoPackage wants it, ``YYYY-MM-DDTHH:MM:SS.sssZ``; None outside years 1..9999."""
    if ms is None or not _FIRST_MS <= ms <= _LAST_MS:
        return None
    moment = _EPOCH + timedelta(milliseconds=ms)
    return f"{moment.year:04d}{moment.strftime('-%m-%dT%H:%M:%S')}.{ms % 1000:03d}Z"

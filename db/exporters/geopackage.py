"""Events as a GeoPackage 1.3 (OGC 12-128r17) of its own, with all that a project's own file leaves to exports.

One layer ``events`` of points, inside areas, NULL where the place is not known, with the spatial index extension and
its standard triggers (annex F.3), as of version 1.3, which readers old and new know. Places that are areas have their
shapes, each once, in a second layer ``areas``, which the column ``area`` names by ``uid``. The table ``claims`` has
what each claim says of the event whose uid is its ``event_uid``. ``begins`` and ``ends`` are DATETIME and so NULL
outside the years 1 to 9999, where no reader has a date, as they are for open ends and undated events; ``start_iso``
and ``end_iso`` are the same as text (``dates.iso``), any year. An event whose begin and end are NULL passes every
range of QGIS' time, but the style leaves it out. The table ``layer_styles`` is QGIS' own: marks by kind and status,
titles, and the layer ready for its temporal controller.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Final

from db.exporters.areas import Area
from db.exporters.claims import NOBODY
from db.exporters.dates import iso
from db.exporters.qgis import area_style, style
from db.exporters.rows import About, Exported
from db.geometry import geometry_blob, point_blob
from db.geopackage import SRS_ID, create_system_tables, moment_text
from db.joined import join_names

_VERSION: Final = 10300
_LAYER: Final = """CREATE TABLE events (
 fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, title TEXT, summary TEXT, kind TEXT, status TEXT,
 begins DATETIME, ends DATETIME, edtf TEXT, start_iso TEXT, end_iso TEXT, date_precision TEXT, date_shape TEXT,
 grade TEXT, place TEXT, radius_m DOUBLE, area TEXT, actors TEXT, sources TEXT, attributed_to TEXT, claims INTEGER,
 disagrees BOOLEAN, tags TEXT, note TEXT, uid TEXT, row_ids TEXT, quantity_what TEXT, quantity DOUBLE,
 quantity_low DOUBLE, quantity_high DOUBLE, quantity_unit TEXT)"""
_AREAS: Final = """CREATE TABLE areas (
 fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, place TEXT, uid TEXT)"""
_CLAIMS: Final = """CREATE TABLE claims (
 fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, event_uid TEXT, source TEXT, publisher TEXT, published TEXT,
 reliability TEXT, credibility INTEGER, stance TEXT, status TEXT, title TEXT, summary TEXT, edtf TEXT, date_shape TEXT,
 place TEXT, lon DOUBLE, lat DOUBLE, radius_m DOUBLE, area TEXT, actors TEXT, attributed_to TEXT, quantity_what TEXT,
 quantity DOUBLE, quantity_low DOUBLE, quantity_high DOUBLE, quantity_unit TEXT)"""
_CLAIM_COLUMNS: Final = (
    "event_uid, source, publisher, published, reliability, credibility, stance, status, title, summary, edtf, "
    "date_shape, place, lon, lat, radius_m, area, actors, attributed_to, quantity_what, quantity, quantity_low, "
    "quantity_high, quantity_unit"
)
_STYLES: Final = """CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
 f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
 useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
 update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""

_INDEXED: Final = "NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)"
_EMPTY: Final = "NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)"
_PUT: Final = (
    "INSERT OR REPLACE INTO rtree_events_geom VALUES "
    "(NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
)
_TAKE: Final = "DELETE FROM rtree_events_geom WHERE id = OLD.fid;"
_TRIGGERS: Final = {
    "insert": f"AFTER INSERT ON events WHEN ({_INDEXED}) BEGIN {_PUT} END",
    "update1": f"AFTER UPDATE OF geom ON events WHEN OLD.fid = NEW.fid AND ({_INDEXED}) BEGIN {_PUT} END",
    "update2": f"AFTER UPDATE OF geom ON events WHEN OLD.fid = NEW.fid AND ({_EMPTY}) BEGIN {_TAKE} END",
    "update3": f"AFTER UPDATE ON events WHEN OLD.fid != NEW.fid AND ({_INDEXED}) BEGIN {_TAKE} {_PUT} END",
    "update4": f"AFTER UPDATE ON events WHEN OLD.fid != NEW.fid AND ({_EMPTY}) "
    "BEGIN DELETE FROM rtree_events_geom WHERE id IN (OLD.fid, NEW.fid); END",
    "delete": f"AFTER DELETE ON events WHEN OLD.geom NOTNULL BEGIN {_TAKE} END",
}


_TOGETHER: Final = 200
"""Rows in one statement. For every statement the thread lets others run, and waits until they let it run again."""


def write(path: Path, about: About, events: Iterable[Exported]) -> int:
    """Write the events to a new file and answer how many there were. Raises OSError and sqlite3.Error."""
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        # A file that is not finished is thrown away: it needs no journal.
        con.execute("PRAGMA journal_mode = OFF")
        con.execute("PRAGMA synchronous = OFF")
        con.execute("BEGIN")
        create_system_tables(con)
        con.execute(f"PRAGMA user_version = {_VERSION}")
        con.execute(_LAYER)
        con.execute(_CLAIMS)
        con.execute("CREATE TEMP TABLE area_bounds (west, south, east, north)")
        con.execute("CREATE VIRTUAL TABLE rtree_events_geom USING rtree(id, minx, maxx, miny, maxy)")
        areas: set[str] = set()
        count = _fill(con, events, areas)
        _register(con, about)
        if areas:
            _register_areas(con, about)
        _add_styles(con, about, count, areas=bool(areas))
        con.execute("COMMIT")
    return count


def _fill(con: sqlite3.Connection, events: Iterable[Exported], areas: set[str]) -> int:
    """Put the events into the layer and its index, each area once into a layer of its own, its uid into ``areas``."""
    count, rest = 0, iter(events)
    while batch := list(enumerate(islice(rest, _TOGETHER), count + 1)):
        _insert(con, "events", [(number, *_row(event)) for number, event in batch])
        points = [(number, event.lon, event.lat) for number, event in batch if event.lon is not None]
        _insert(con, "rtree_events_geom", [(number, lon, lon, lat, lat) for number, lon, lat in points])
        _insert(con, f"claims ({_CLAIM_COLUMNS})", [row for _number, event in batch for row in _claims(event)])
        for area in (area for _number, event in batch for area in _areas(event)):
            if area.uid not in areas:
                _put_area(con, area, first=not areas)
                areas.add(area.uid)
        count += len(batch)
    return count


def _claims(event: Exported) -> Iterator[tuple[object, ...]]:
    """The rows of its claims, in the order of _CLAIM_COLUMNS."""
    for each in event.claimed:
        told, place = each.source or NOBODY, each.place
        yield (
            event.uid,
            told.name or None,
            told.publisher,
            told.published,
            each.grade.reliability,
            each.grade.credibility,
            each.stance,
            each.status,
            each.title,
            each.summary,
            each.edtf,
            each.shape,
            *(
                (None,) * 5
                if place is None
                else (place.name, place.lon, place.lat, place.radius_m, None if place.area is None else place.area.uid)
            ),
            join_names(each.actors) or None,
            each.attributed_to,
            *each.counted,
        )


def _areas(event: Exported) -> Iterator[Area]:
    """The shapes of the places of an event and its claims."""
    if event.area is not None:
        yield event.area
    yield from (each.place.area for each in event.claimed if each.place is not None and each.place.area is not None)


def _put_area(con: sqlite3.Connection, area: Area, *, first: bool) -> None:
    shapely = importlib.import_module("shapely")
    if first:
        con.execute(_AREAS)
    shape = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in area.polygons])
    con.execute("INSERT INTO areas (geom, place, uid) VALUES (?, ?, ?)", (geometry_blob(shape), area.name, area.uid))
    con.execute("INSERT INTO temp.area_bounds VALUES (?, ?, ?, ?)", shape.bounds)


def _insert(con: sqlite3.Connection, table: str, all_rows: Sequence[tuple[object, ...]]) -> None:
    for at in range(0, len(all_rows), _TOGETHER):  # one event may have any number of claims
        rows = all_rows[at : at + _TOGETHER]
        row = f"({', '.join('?' * len(rows[0]))})"
        values = ", ".join([row] * len(rows))
        con.execute(f"INSERT INTO {table} VALUES {values}", [value for row in rows for value in row])


def _row(event: Exported) -> tuple[object, ...]:
    """The columns of an event after its number."""
    return (
        None if event.lon is None or event.lat is None else point_blob(event.lon, event.lat),
        event.title,
        event.summary,
        event.kind,
        event.status,
        moment_text(event.start),
        moment_text(event.end),
        event.edtf,
        iso(event.start),
        iso(event.end),
        event.precision,
        event.shape,
        event.grade,
        event.place,
        event.radius_m,
        None if event.area is None else event.area.uid,
        join_names(event.actors) or None,
        join_names(event.sources) or None,
        join_names(event.attributed_to) or None,
        event.claims,
        int(event.disagrees),
        join_names(event.tags) or None,
        event.note,
        event.uid,
        join_names(event.row_ids) or None,
        *event.counted,
    )


def _register(con: sqlite3.Connection, about: About) -> None:
    """Name layer and index to readers. The triggers need functions that SQLite alone lacks: they come last."""
    con.execute(
        "INSERT INTO gpkg_contents "
        "(table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) "
        "SELECT 'events', 'features', 'events', ?, min(minx), min(miny), max(maxx), max(maxy), ? "
        "FROM rtree_events_geom",
        (f"Events of {about.title}, from Dateline", SRS_ID),
    )
    con.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES ('claims', 'attributes', "
        "'claims', 'What each claim says of an event: event_uid is the uid in events')"
    )
    con.execute("INSERT INTO gpkg_geometry_columns VALUES ('events', 'geom', 'POINT', ?, 0, 0)", (SRS_ID,))
    con.execute(
        "INSERT INTO gpkg_extensions VALUES ('events', 'geom', 'gpkg_rtree_index', "
        "'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')"
    )
    for name, words in _TRIGGERS.items():
        con.execute(f"CREATE TRIGGER rtree_events_geom_{name} {words}")


def _register_areas(con: sqlite3.Connection, about: About) -> None:
    con.execute(
        "INSERT INTO gpkg_contents "
        "(table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) "
        "SELECT 'areas', 'features', 'areas', ?, min(west), min(south), max(east), max(north), ? "
        "FROM temp.area_bounds",
        (f"Shapes of the places of {about.title} that are areas, from Dateline", SRS_ID),
    )
    con.execute("INSERT INTO gpkg_geometry_columns VALUES ('areas', 'geom', 'MULTIPOLYGON', ?, 0, 0)", (SRS_ID,))


def _add_styles(con: sqlite3.Connection, about: About, count: int, *, areas: bool) -> None:
    """The styles that QGIS takes for the layers by themselves, in the table where it keeps styles."""
    con.execute(_STYLES)
    con.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles for QGIS')"
    )
    styles = [("events", style(about.kinds, count), "Marks by kind and status, in time from begins to ends")]
    if areas:
        styles.append(("areas", area_style(), "Faint, so that events show"))
    con.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, "
        "styleQML, useAsDefault, description, owner) VALUES ('', '', ?, 'geom', 'Dateline', ?, 1, ?, '')",
        styles,
    )

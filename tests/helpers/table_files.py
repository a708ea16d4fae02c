"""Workbooks, GeoPackages, GeoJSON and KML as other programs write them."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing

import openpyxl

from db.geopackage import SYSTEM_TABLES


def book(path, sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for row in lines:
            sheet.append(row)
    made.save(path)
    return path


def layer(path, name="incidents", blobs=(), *, more=()):
    """A GeoPackage as other programs write it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("PRAGMA application_id = 1196444487")
        for statement in SYSTEM_TABLES.values():
            con.execute(statement)
        con.execute(
            f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY, geom BLOB, "What happened" TEXT, date TEXT, deaths REAL)'
        )
        con.execute("INSERT INTO gpkg_contents (table_name, data_type) VALUES (?, 'features')", (name,))
        con.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', 4326, 0, 0)", (name,))
        for number, blob in enumerate(blobs):
            con.execute(
                f'INSERT INTO "{name}" VALUES (?, ?, ?, ?, ?)',
                (3 * number + 1, blob, f"Event {number}", "2016-11-27", number),
            )
        for statement in more:
            con.execute(statement)
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(path, *features, text=None):
    path.write_text(text or json.dumps({"type": "FeatureCollection", "features": features}, indent=1), "utf-8")
    return path


def placemark(inner):
    return f"<Placemark>{inner}</Placemark>"


def kml_file(path, *placemarks, head=""):
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>All</name>{"".join(placemarks)}</Document></kml>'
    if path.suffix == ".kmz":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("doc.kml", text)
            archive.writestr("files/icon.png", b"\x89PNG")
    else:
        path.write_text(text, "utf-8")
    return path

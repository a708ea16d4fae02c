"""Workbooks and features of maps as tables: rows, cells, places; and files that mean harm."""

from __future__ import annotations

import json
import sqlite3
import struct
import zipfile
from contextlib import closing
from datetime import datetime

import pytest
import shapely

from db import queries
from db.errors import EnvironmentFault, InputFault
from db.geometry import geometry_blob, point_blob
from db.importers.tables import geojson, kml, records, xlsx
from db.importers.tables.columns import Fate, Field
from db.importers.tables.mapping import guess
from db.importers.tables.reading import Asked, is_table, open_table
from db.queries.sources import document_bytes
from tests.helpers.imported import bring, details, sound
from tests.helpers.imported import store as store_fixture
from tests.helpers.table_files import book, collection, feature, kml_file, layer, placemark

store = store_fixture
SQUARE = shapely.Polygon([(43, 36), (44, 36), (44, 37), (43, 37)])


def kept(store, path):
    """The events of a file and the bytes of its document."""
    with closing(store.reader()) as con:
        (source,) = queries.sources(con)
        assert document_bytes(con, source.documents[0].id) == path.read_bytes()
    sound(store)
    return details(store)


def test_a_workbook(store, tmp_path):
    path = book(
        tmp_path / "t.xlsx",
        {
            "Events": [
                [],
                ["Date", "Title", "Lat", "Lon", "Deaths", None, "Title"],
                [datetime(2016, 11, 27), "جسر", 36.5, 43, 3, None, "second"],
                [None] * 7,
                [datetime(2016, 11, 27, 14, 5), '=HYPERLINK("x")', 36.5, 43.25, None, True],
                ["2016-11", "Only words", None, None, 2.5],
            ],
            "Other": [["Title"], ["Elsewhere"]],
        },
    )
    made = bring(store, path)
    assert (made.events, made.left) == (3, 0)
    shown = kept(store, path)
    assert [event.title for event in shown[::2]] == ["جسر", "Only words"]
    assert [event.when.edtf for event in shown] == ["2016-11-27", "2016-11-27T14:05:00", "2016-11"]
    assert [event.claims[0].quantity and event.claims[0].quantity.value for event in shown] == [3, None, 2.5]
    with closing(store.reader()) as con:
        row = queries.table_row(con, shown[1].claims[0].quote.id)
        assert (row.number, row.columns) == (3, ("Date", "Title", "Lat", "Lon", "Deaths", "Column 6", "Title 2"))
        assert row.cells[2:] == ("36.5", "43.25", "", "true", "")
    assert open_table(path, Asked(sheet="Other")).dialect.names == ("Title",)
    with pytest.raises(InputFault, match="has no sheet “Third”"):
        open_table(path, Asked(sheet="Third"))


def test_bad_rows_of_a_workbook_have_the_sheets_numbers(store, tmp_path):
    path = book(tmp_path / "t.xlsx", {"A": [[], [], ["date", "title"], ["2016", "good"], ["soon", ""]]})
    made = bring(store, path)
    assert [(bad.line, bad.cells) for bad in made.bad] == [(5, ("soon", ""))]


def test_geojson(store, tmp_path):
    path = collection(
        tmp_path / "t.geojson",
        feature({"type": "Point", "coordinates": [43.1, 36.3, 250]}, title="A", date="2016-11-27", tags=["x", 1]),
        feature(json.loads(shapely.to_geojson(SQUARE)), title="B", extra={"deep": None}),
        feature({"type": "LineString", "coordinates": [[43, 36], [43, 36.1], [43, 36.2]]}, title="C"),
        feature(None, title="D"),
        feature({"type": "Point", "coordinates": [500, 36]}, title="E"),
        feature({"type": "Polygon", "coordinates": [[["x"]]]}, title="F"),
        feature({"type": "Polygon", "coordinates": [[[43, 36], [44, 36], [43, 36]]]}, title="G"),
        feature(
            {"type": "MultiPolygon", "coordinates": [json.loads(shapely.to_geojson(SQUARE))["coordinates"]]}, title="H"
        ),
    )
    made = bring(store, path)
    assert (made.events, made.places) == (8, 4)
    assert [(each.line, each.reason) for each in made.listed[Fate.RESHAPED].rows] == [
        (3, "it is a line, so it stands as a point with a radius of 11.1 km"),
        (5, "its geometry cannot be read, so it is nowhere"),
        (6, "its geometry cannot be read, so it is nowhere"),
        (7, "its shape has no width, so it stands as a point"),
    ]
    assert [(each.line, each.reason) for each in made.listed[Fate.NOWHERE].rows] == [(4, "D")]
    shown = kept(store, path)
    with closing(store.reader()) as con:
        places = [each.place and queries.place(con, each.place.id) for each in shown]
        row = queries.table_row(con, shown[1].claims[0].quote.id)
    assert (places[0].lon, places[0].lat, places[0].radius_m) == (43.1, 36.3, 0)
    assert (places[1].lon, places[1].lat) == (43.5, 36.5)
    assert 70_000 < places[1].radius_m < 73_000  # to the corners
    assert (places[2].lat, round(places[2].radius_m, -2)) == (36.1, 11_100)
    assert places[3:6] == [None, None, None]
    assert (places[6].kind, places[6].lat) == ("point", 36)
    assert places[7].id == places[1].id  # one shape is one place
    assert places[1].kind == "area"
    assert dict(zip(row.columns, row.cells, strict=True))["extra"] == '{"deep": null}'


ODD_PLACES = (
    feature({"type": "MultiPoint", "coordinates": [[43, 36], [43, 36.1]]}, title="Two"),
    feature({"type": "MultiPoint", "coordinates": [[43, 36]]}, title="One"),
    feature({"type": "MultiLineString", "coordinates": [[[43, 36], [43, 36.1]], [[44, 36], [44, 37]]]}, title="Ways"),
    feature(
        {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Point", "coordinates": [43, 36]},
                {"type": "LineString", "coordinates": [[43, 36], [43, 36]]},
            ],
        },
        title="Both",
    ),
    feature({"type": "MultiPoint", "coordinates": []}, title="Empty"),
    feature(None, title="Somewhere", place="Mosul"),
    feature(
        {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": [43, 36]}, json.loads(shapely.to_geojson(SQUARE))],
        },
        title="Area and point",
    ),
    feature(None, title="Nowhere"),
)


def test_what_a_geometry_becomes_is_told_and_no_cell_says_it(store, tmp_path):
    path = collection(tmp_path / "t.geojson", *ODD_PLACES)
    made = bring(store, path)
    assert [(each.line, each.reason) for each in made.listed[Fate.RESHAPED].rows] == [
        (1, "it has 2 points, so it stands as one with a radius of 11.1 km"),
        (3, "it has 2 lines, so it stands as a point with a radius of 134 km"),
        (4, "it is a line beside points, so it stands as a point"),
        (7, "of its shape only the area is drawn, not its lines or points"),
    ]
    assert [(each.line, each.reason) for each in made.listed[Fate.NOWHERE].rows] == [(5, "Empty"), (8, "Nowhere")]
    assert "2 rows have no geometry: they stand nowhere on the map" in [said for _fate, _listed, said in made.told()]
    # Rows are compared with those of earlier imports, which knew of no such column.
    assert open_table(path).dialect.names == ("title", "longitude", "latitude", "radius_m", "place", "area_outline")


LINE = {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}


def test_where_properties_say_the_position_the_geometry_is_not_told_of(store, tmp_path):
    """Only of what stands nowhere, and of the areas that are drawn all the same."""
    box = json.loads(shapely.to_geojson(SQUARE))
    there = {"lat": 36.25, "lon": 43.5}
    path = collection(
        tmp_path / "t.geojson",
        feature(None, title="No geometry", **there),
        feature(LINE, title="Line", **there),
        feature({"type": "Polygon", "coordinates": [[["x"]]]}, title="Unread", **there),
        feature({"type": "Polygon", "coordinates": [[[43, 36], [44, 36], [43, 36]]]}, title="Flat", **there),
        feature({"type": "GeometryCollection", "geometries": [box, LINE]}, title="Area and line", **there),
        feature(None, title="Neither"),
    )
    table = open_table(path)
    mapping = guess(table.dialect.names, table.made)
    assert (mapping.columns[Field.LAT], Field.RADIUS in mapping.columns) == (("lat",), False)
    assert mapping.columns[Field.OUTLINE] == ("area_outline",)
    made = bring(store, path)
    assert [(each.line, each.reason) for each in made.listed[Fate.NOWHERE].rows] == [(6, "Neither")]
    assert [(each.line, each.reason) for each in made.listed[Fate.RESHAPED].rows] == [
        (5, "of its shape only the area is drawn, not its lines or points")
    ]
    shown = kept(store, path)
    with closing(store.reader()) as con:
        places = [each.place and queries.place(con, each.place.id) for each in shown]
    assert [(each.lon, each.lat, each.radius_m) for each in places[:4]] == [(43.5, 36.25, 0)] * 4
    assert (places[4].kind, places[5]) == ("area", None)


def test_a_radius_goes_with_the_position_that_it_is_about():
    header, made = ("lat", "lon", "radius", "longitude", "latitude", "radius_m"), ("longitude", "latitude", "radius_m")
    assert guess(header, made).columns[Field.RADIUS] == ("radius",)
    assert guess(header).columns[Field.RADIUS] == ("radius_m",)
    assert guess(made, made).columns == {
        Field.LAT: ("latitude",), Field.LON: ("longitude",), Field.RADIUS: ("radius_m",)
    }  # fmt: skip


def test_geojson_line_by_line_and_in_small_pieces(tmp_path, monkeypatch):
    features = [
        feature({"type": "Point", "coordinates": [n, n]}, name=f"عربي {n} ]}}", text="é" * n) for n in range(40)
    ]
    lines = tmp_path / "t.geojsonl"
    lines.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in features), "utf-8")
    whole = collection(tmp_path / "t.geojson", text=json.dumps({"features": features, "type": "x"}, ensure_ascii=False))
    for size in (1, 7, 64, 1 << 20):
        monkeypatch.setattr(geojson, "_READ", size)
        for path in (lines, whole):
            found = [record for _number, record, _said in geojson.Features(path)]
            assert [record["name"] for record in found] == [f"عربي {n} ]}}" for n in range(40)]
            assert found[7]["text"] == "é" * 7


def test_geopackage(store, tmp_path):
    blobs = (point_blob(43.1, 36.3), geometry_blob(SQUARE), None, b"GP\0nonsense")
    path = layer(tmp_path / "t.gpkg", blobs=blobs)
    made = bring(store, path)
    assert (made.events, made.left, made.places) == (4, 0, 2)
    shown = kept(store, path)
    assert [event.when.edtf for event in shown] == ["2016-11-27"] * 4
    with closing(store.reader()) as con:
        row = queries.table_row(con, shown[1].claims[0].quote.id)
    assert row.columns == (
        "fid",
        "What happened",
        "date",
        "deaths",
        "longitude",
        "latitude",
        "radius_m",
        "area_outline",
    )
    assert row.cells[:6] == ("4", "Event 1", "2016-11-27", "1", "43.5", "36.5")
    with pytest.raises(InputFault, match="has no layer “roads”"):
        open_table(path, Asked(sheet="roads"))


def test_a_project_is_no_table(store):
    store.step("x")
    with pytest.raises(InputFault, match="This is a project"):
        open_table(store.path)


def test_kml_and_kmz(store, tmp_path):
    placemarks = (
        placemark(
            "<name>Bridge &amp; road</name><description><![CDATA[<b>It</b> fell &amp; burned]]></description>"
            "<TimeStamp><when>2016-11-27</when></TimeStamp><Point><coordinates>43.1,36.3,0</coordinates></Point>"
            '<ExtendedData><Data name="type"><value>Raid</value></Data></ExtendedData>'
        ),
        placemark(
            "<name>Area</name><TimeSpan><begin>2016-11</begin><end>2016-12</end></TimeSpan><Polygon><outerBoundaryIs>"
            "<LinearRing><coordinates>43,36 44,36 44,37 43,37 43,36</coordinates></LinearRing>"
            "</outerBoundaryIs></Polygon>"
            '<ExtendedData><SchemaData><SimpleData name="type">Siege</SimpleData></SchemaData></ExtendedData>'
        ),
        placemark("<name>Nowhere</name><Point><coordinates>not,numbers</coordinates></Point>"),
    )
    path = kml_file(tmp_path / "t.kml", *placemarks)
    made = bring(store, path)
    assert (made.events, made.kinds) == (3, 2)
    shown = kept(store, path)
    assert [(event.title, event.when and event.when.edtf) for event in shown] == [
        ("Bridge & road", "2016-11-27"), ("Area", "2016-11/2016-12"), ("Nowhere", None),
    ]  # fmt: skip
    assert shown[0].summary == "It fell & burned"
    assert [event.kind and event.kind.name for event in shown] == ["Raid", "Siege", None]
    packed = kml_file(tmp_path / "t.kmz", *placemarks)
    assert open_table(packed).dialect.sample == open_table(path).dialect.sample


def test_pieces_of_records_hold_all_rows(store, tmp_path, monkeypatch):
    monkeypatch.setattr(records, "BLOCK", 50)
    path = collection(tmp_path / "t.geojson", *(feature(None, title=f"Event {n}\nline") for n in range(30)))
    bring(store, path)
    shown = kept(store, path)
    with closing(store.reader()) as con:
        for number, event in enumerate(shown):
            row = queries.table_row(con, event.claims[0].quote.id)
            assert (row.number, row.cells[0]) == (number + 1, f"Event {number}\nline")


# What means harm, or is broken


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(1 << 20))
    return path


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def workbook_with_entities(path):
    book(path, {"A": [["title"], ["x"]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        b"<?xml version='1.0'?>" + ENTITIES.encode() + parts[sheet].partition(b"?>")[2].replace(b"title", b"&b;")
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def features(text):
    return lambda folder: collection(folder / "t.geojson", text=text)


def data(name, data):
    return lambda folder: (folder / name).write_bytes(data)


HARMFUL = {
    "workbook that is none": ("t.xlsx", data("t.xlsx", b"PK\x03\x04nonsense"), "damaged"),
    "workbook of text": ("t.xlsx", data("t.xlsx", b"a,b\n1,2\n"), "damaged"),
    "zip that is no workbook": ("t.xlsx", lambda p: zipped(p / "t.xlsx"), "damaged, or has a password"),
    "workbook without rows": (
        "t.xlsx",
        lambda p: book(p / "t.xlsx", {"A": []}),
        "has nothing in it that could be an event",
    ),
    "entities in a workbook": ("t.xlsx", lambda p: workbook_with_entities(p / "t.xlsx"), "document type"),
    "entities in KML": ("t.kml", lambda p: kml_file(p / "t.kml", placemark("&b;"), head=ENTITIES), "document type"),
    "KML nested without end": ("t.kml", lambda p: kml_file(p / "t.kml", "<Folder>" * 300), "too deeply"),
    "KML cut short": ("t.kml", data("t.kml", b"<kml><Placemark><name>x"), "not KML that can be read"),
    "KML without placemarks": ("t.kml", lambda p: kml_file(p / "t.kml"), "has nothing in it that could be an event"),
    "KMZ without KML": ("t.kmz", lambda p: zipped(p / "t.kmz"), "There is no KML"),
    "KMZ that is none": ("t.kmz", data("t.kmz", b"nonsense"), "damaged"),
    "GeoJSON cut short": ("t.geojson", features('{"features": [{"a": '), "at feature 1"),
    "GeoJSON nested": ("t.geojson", features('{"features": [' + '{"a":[' * 200_000), "at feature 1"),
    "GeoJSON of numbers": ("t.geojson", features('{"features": [1, 2]}'), "it is no feature"),
    "GeoJSON of nothing": ("t.geojson", features("{}"), "it is no feature"),
    "GeoJSON without features": ("t.geojson", features('{"features": []}'), "has nothing in it that could be an event"),
    "GeoJSON in Latin": ("t.geojson", data("t.geojson", b'{"features": [{"a": "\xe9"}]}'), "not in UTF-8"),
    "GeoPackage that is none": ("t.gpkg", data("t.gpkg", b"x" * 5000), "cannot be read as a GeoPackage"),
    "data base that is no GeoPackage": ("t.gpkg", lambda p: plain_base(p / "t.gpkg"), "no GeoPackage"),
    "GeoPackage with a view": ("t.gpkg", lambda p: hidden_view(p / "t.gpkg"), "without a layer"),
    "GeoPackage that is empty": ("t.gpkg", lambda p: layer(p / "t.gpkg"), "has nothing in it that could be an event"),
}


def zipped(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("note.txt", "no")


def plain_base(path):
    with closing(sqlite3.connect(path)) as con:
        con.execute("CREATE TABLE t (x)")


def hidden_view(path):
    more = (
        "DELETE FROM gpkg_contents",
        "CREATE VIEW evil AS SELECT 1 AS fid, randomblob(1000000000) AS geom",
        "INSERT INTO gpkg_contents (table_name, data_type) VALUES ('evil', 'features')",
    )
    layer(path, more=more)


@pytest.mark.parametrize("kind", HARMFUL)
def test_what_cannot_be_taken_is_told_in_a_sentence(tmp_path, kind):
    name, make, words = HARMFUL[kind]
    make(tmp_path)
    with pytest.raises(EnvironmentFault) as caught:
        open_table(tmp_path / name)
    said = str(caught.value)
    assert words in said
    assert said.endswith(".")
    assert len(said) < 300


def test_archives_are_measured_before_they_are_opened(tmp_path, monkeypatch):
    path = bomb(tmp_path / "t.xlsx")
    monkeypatch.setattr(xlsx, "MAX_UNPACKED", 1 << 21)
    with pytest.raises(InputFault, match="too large to be unpacked"):
        open_table(path)
    # One that lies about its size is stopped while it is read.
    path = kml_file(tmp_path / "t.kmz", placemark(f"<name>{'x' * 3_000_000}</name>"))
    monkeypatch.setattr(kml, "MAX_BYTES", 1 << 20)
    with pytest.raises(InputFault, match="too large to be unpacked"):
        open_table(path)


def test_wkb_that_lies_is_nowhere(store, tmp_path):
    lying = b"GP\0\x01" + struct.pack("<iBII", 4326, 1, 2, 2**31)
    bring(store, layer(tmp_path / "t.gpkg", blobs=(lying, point_blob(1, 2))))
    assert [event.place is None for event in details(store)] == [True, False]


def test_endings_that_are_tables(tmp_path):
    assert all(
        is_table(tmp_path / f"a.{each}") for each in ("csv", "CSV", "tsv", "xlsx", "geojson", "gpkg", "kml", "kmz")
    )
    assert not any(is_table(tmp_path / f"a.{each}") for each in ("txt", "json", "pdf", "docx"))

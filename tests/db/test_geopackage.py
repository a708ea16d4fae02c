"""The file is a GeoPackage that other programs open, and no geometry in it is trusted."""

from __future__ import annotations

import math
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from db import edits, edtf, queries
from db.errors import InputFault
from db.geometry import geometry_blob, marker_point, point_blob, point_of, read_blob, walk
from db.geopackage import moment_text
from db.store import Store
from db.tables import Place
from tests.helpers.project import small_project

VALIDATOR = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    store = small_project(tmp_path / "small.gpkg")
    with store.step("Old and far") as session:
        edits.add_event(session, "Before Christ", when=edtf.parse("-0044-03-15"), place_id=1)
        edits.add_event(session, "No date", place_id=1)
        area = shapely.Polygon([(40, 35), (42, 35), (42, 36), (40, 36)], [[(40.5, 35.2), (41, 35.2), (41, 35.5)]])
        session.add(Place(id=20, name="Desert", kind="area", geom=geometry_blob(area)))
        session.flush()
        edits.add_event(session, "In the desert", when=edtf.parse("2016-12-01T10:00:00Z"), place_id=20)
    store.close()
    return tmp_path / "small.gpkg"


@pytest.mark.skipif(not VALIDATOR.exists(), reason="python3-gdal is not installed")
def test_the_validator_of_gdal_has_nothing_to_say(path: Path):
    ran = subprocess.run(["/usr/bin/python3", str(VALIDATOR), str(path)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip(), ran.stderr.strip()) == (0, "", "")


def test_identity_in_the_header(path: Path):
    raw = path.read_bytes()[:100]
    assert struct.unpack_from(">I", raw, 60)[0] == 10400
    assert raw[68:72] == b"GPKG"


def test_gdal_sees_layers_and_not_our_journal(path: Path):
    layers = dict(pyogrio.list_layers(path))
    assert layers["place"] == "Unknown"
    assert layers["events"] == "Unknown"
    assert layers["event"] is None
    assert not {"journal", "step", "app_meta", "content", "search_index", "search_text", "migration"} & set(layers)


def test_events_appear_with_datetimes_places_and_grades(path: Path):
    meta, _fids, geometry, columns = pyogrio.raw.read(path, "events")
    found = dict(zip(meta["fields"], columns, strict=True))
    kinds = dict(zip(meta["fields"], meta["dtypes"], strict=True))
    assert kinds["begins"] == kinds["ends"] == "datetime64[ms]"
    assert meta["crs"] == "EPSG:4326"
    titles = found["title"].tolist()
    first, old = titles.index("Mosul is entered"), titles.index("Before Christ")
    assert found["begins"][first] == np.datetime64("2016-11-27T00:00:00.000")
    assert found["ends"][first] == np.datetime64("2016-11-27T23:59:59.999")
    assert np.isnat(found["begins"][old])
    assert np.isnat(found["begins"][titles.index("No date")])
    assert found["grade"][first] == "B–"
    assert found["kind"][first] == "Fighting"
    assert found["place"][first] == "Mosul"
    assert (found["claims"][first], found["quotes"][first], found["disagrees"][first]) == (2, 2, 1)
    assert found["quotes"][titles.index("A guess")] == 0
    assert shapely.from_wkb(geometry[first]).coords[0] == (43.13, 36.34)
    assert shapely.from_wkb(geometry[titles.index("In the desert")]).area == pytest.approx(2 - 0.075)
    assert geometry[titles.index("A statement is made")] is None


def test_gdal_finds_events_by_time_and_extent(path: Path):
    window = "begins >= '2016-11-01T00:00:00Z' AND begins < '2016-12-02T00:00:00Z'"
    _meta, _fids, geometry, _columns = pyogrio.raw.read(path, "events", where=window)
    assert len(geometry) == 3
    _meta, _fids, geometry, _columns = pyogrio.raw.read(path, "events", bbox=(43, 36, 44, 37))
    assert len(geometry) == 3


def test_column_types_are_those_that_a_geopackage_has(path: Path):
    con = sqlite3.connect(path)
    tables = [row[0] for row in con.execute("SELECT table_name FROM gpkg_contents").fetchall()]
    types = {row[2] for table in tables for row in con.execute(f"PRAGMA table_info({table})").fetchall()}
    assert types <= {"TEXT", "INTEGER", "DOUBLE", "BLOB", "DATETIME", "GEOMETRY"}
    con.close()


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_480_204_800_123, "2016-11-27T00:00:00.123Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        (-62_135_596_800_001, None),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (253_402_300_800_000, None),
        (None, None),
    ],
)
def test_moments_are_written_as_a_geopackage_wants_them(ms: int | None, text: str | None):
    assert moment_text(ms) == text


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_point_comes_back(lon: float, lat: float):
    blob = point_blob(lon, lat)
    assert point_of(blob) == (lon, lat)
    assert marker_point(blob) == (lon, lat, False)
    assert read_blob(blob).points == ((lon, lat),)
    assert shapely.from_wkb(blob[8:]).coords[0] == (lon, lat)


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (math.nan, 0), (0, math.inf)])
def test_a_point_that_is_not_on_the_earth_is_refused(lon: float, lat: float):
    with pytest.raises(InputFault):
        point_blob(lon, lat)


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON ((40 35, 42 35, 42 36, 40 36, 40 35), (40.5 35.2, 41 35.2, 41 35.5, 40.5 35.2))",
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 9 5, 9 9, 5 9, 5 5)))",
        "LINESTRING (1 2, 3 4, 5 6)",
        "MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))",
        "MULTIPOINT ((1 2), (3 4))",
        "POINT Z (1 2 3)",
        "GEOMETRYCOLLECTION (POINT (1 2), POLYGON ((0 0, 4 0, 4 4, 0 0)))",
    ],
)
@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("order", [0, 1])
def test_the_walker_reads_what_geometry_libraries_write(wkt: str, flavor: str, order: int):
    shape = shapely.from_wkt(wkt)
    found = walk(shapely.to_wkb(shape, flavor=flavor, byte_order=order))
    assert sum(len(rings) for rings in found.polygons) == len(shapely.get_rings(shapely.get_parts(shape)))
    polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in found.polygons]
    assert sum(polygon.area for polygon in polygons) == pytest.approx(shape.area)
    count = (
        len(found.points) + sum(map(len, found.lines)) + sum(len(ring) for rings in found.polygons for ring in rings)
    )
    assert count == shapely.get_num_coordinates(shape)
    lon, lat, area = marker_point(_blob(shapely.to_wkb(shape)))
    assert area == found.is_area
    assert shape.intersects(shapely.Point(lon, lat))


def _blob(wkb: bytes) -> bytes:
    return b"GP\0\x01" + struct.pack("<i", 4326) + wkb


def test_a_marker_of_an_area_lies_in_it():
    shape = shapely.from_wkt("POLYGON ((0 0, 10 0, 10 10, 9 10, 9 1, 0 1, 0 0))")
    lon, lat, area = marker_point(geometry_blob(shape))
    assert area
    assert shape.contains(shapely.Point(lon, lat))
    assert geometry_blob(shapely.Point()) is None


def nested(depth: int) -> bytes:
    return struct.pack("<BII", 1, 7, 1) * depth + struct.pack("<BIdd", 1, 1, 1, 2)


HOSTILE = {
    "nested": nested(10_000),
    "two deep": nested(2),
    "nan": struct.pack("<BIIdddd", 1, 2, 2, math.nan, 1, 2, 3),
    "half nan": struct.pack("<BIdd", 1, 1, math.nan, 3),
    "infinite": struct.pack("<BIdd", 1, 1, math.inf, 3),
    "off the earth": struct.pack("<BIdd", 1, 1, 500, 3),
    "huge count": struct.pack("<BII", 1, 2, 0xFFFF_FFFF),
    "huge rings": struct.pack("<BII", 1, 3, 0xFFFF_FFFF),
    "huge members": struct.pack("<BII", 1, 6, 0x0FFF_FFFF) + b"\1" * 100,
    "wrong member": struct.pack("<BII", 1, 6, 1) + struct.pack("<BIdd", 1, 1, 1, 2),
    "unknown type": struct.pack("<BI", 1, 99),
    "curve": struct.pack("<BII", 1, 8, 0),
    "byte order": struct.pack("<BIdd", 7, 1, 1, 2),
    "cut short": struct.pack("<BId", 1, 1, 1),
    "empty bytes": b"",
    "trailing": struct.pack("<BIdd", 1, 1, 1, 2) + b"x",
}


@pytest.mark.parametrize("wkb", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_geometry_is_refused_in_words(wkb: bytes):
    with pytest.raises(InputFault):
        walk(wkb)
    assert marker_point(_blob(wkb)) is None


@given(st.binary(max_size=200))
def test_the_walker_survives_any_bytes(raw: bytes):
    for bytes_ in (raw, _blob(raw)):
        try:
            read_blob(bytes_)
        except InputFault:
            continue
    marker_point(raw)


@given(st.data())
def test_the_walker_survives_any_damage(data: st.DataObject):
    wkb = bytearray(shapely.to_wkb(shapely.from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 9 5, 9 9, 5 5)))")))
    for _ in range(data.draw(st.integers(1, 4))):
        wkb[data.draw(st.integers(0, len(wkb) - 1))] = data.draw(st.integers(0, 255))
    marker_point(_blob(bytes(wkb)))


def test_a_project_with_hostile_geometries_opens_and_draws_the_rest(path: Path):
    store = Store.open(path)
    with store.step("Plant") as session:
        for number, wkb in enumerate(HOSTILE.values()):
            session.add(Place(id=100 + number, name=f"bad {number}", geom=_blob(wkb)))
    store.close()
    script = (
        "import sys; from pathlib import Path; from db.store import Store; from db import queries\n"
        "store = Store.open(Path(sys.argv[1])); con = store.reader()\n"
        "print(len(queries.event_columns(con)), len(queries.places(con)), len(queries.place_outlines(con)))"
    )
    ran = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.split() == ["6", str(4 + len(HOSTILE)), "1"]


def test_outlines_and_markers_of_areas(path: Path):
    store = Store.open(path, read_only=True)
    con = store.reader()
    outlines = queries.place_outlines(con)
    assert list(outlines) == [20]
    assert [len(ring) for ring in outlines[20][0]] == [5, 4]
    columns = queries.event_columns(con)
    row = columns.place.tolist().index(20)
    assert columns.area[row]
    assert 40 < columns.lon[row] < 42
    con.close()
    store.close()

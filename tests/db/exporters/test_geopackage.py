"""The exported GeoPackage: sound to GDAL's validator, indexed, kept in order by other programs, ready for QGIS."""

from __future__ import annotations

import json
import sqlite3
import struct
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
import pytest
import shapely

from db import edits, edtf
from db.errors import EnvironmentFault
from db.exporters import export_events
from db.geometry import geometry_blob
from db.geopackage import moment_text
from db.importers import bundle
from db.store import Store
from db.tables import Kind, Place
from tests.helpers.exports import read
from tests.helpers.system_python import PYTHON, has_qgis, process
from viewer.paths import resource

VALIDATOR = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")
needs_gdal = pytest.mark.skipif(not VALIDATOR.exists(), reason="python3-gdal is not installed")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample with events that have no date, no place, no kind, one before year 1, and one in an area."""
    folder = tmp_path_factory.mktemp("exported")
    bundle.build(resource("sample"), folder / "sample.gpkg")
    store = Store.open(folder / "sample.gpkg")
    with store.step("More") as session:
        edits.add_event(session, "No date and no place")
        edits.add_event(session, "Before Christ", when=edtf.parse("-0044-03-15"), place_id=1, kind_id=1)
        area = edits.add_place(session, "Desert", 41.0, 35.5)
        session.get(Place, area).geom = geometry_blob(shapely.box(40, 35, 42, 36))  # type: ignore[union-attr]
        edits.add_event(session, "In an area", place_id=area, kind_id=1)
        session.add(Kind(name='<"Odd"> & \x01', shape="star", light="none", dark="none"))
    with closing(store.reader()) as con:
        assert export_events(con, folder / "out.gpkg") == 133
    store.close()
    return folder / "out.gpkg"


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as con:
        return con.execute(sql).fetchall()


@needs_gdal
def test_the_validator_of_gdal_has_nothing_to_say(path: Path):
    ran = subprocess.run([PYTHON, str(VALIDATOR), str(path)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip(), ran.stderr.strip()) == (0, "", "")


@needs_gdal
def test_the_validator_has_nothing_to_say_of_an_empty_one(tmp_path: Path):
    store = Store.create(tmp_path / "empty.gpkg", "Empty")
    with closing(store.reader()) as con:
        export_events(con, tmp_path / "out.gpkg")
    store.close()
    ran = subprocess.run([PYTHON, str(VALIDATOR), str(tmp_path / "out.gpkg")], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_identity_and_soundness(path: Path):
    raw = path.read_bytes()[:100]
    assert raw[68:72] == b"GPKG"
    assert struct.unpack_from(">I", raw, 60)[0] == 10300
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []


def test_layers_of_points_and_of_areas_and_the_styles_table(path: Path):
    assert dict(pyogrio.list_layers(path)) == {
        "events": "Point",
        "areas": "MultiPolygon",
        **dict.fromkeys(("claims", "layer_styles")),
    }
    assert pyogrio.read_info(path, layer="areas")["total_bounds"] == pytest.approx((40, 35, 42, 36))
    info = pyogrio.read_info(path, layer="events")
    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert types["begins"] == types["ends"] == "datetime64[ms]"
    assert types["disagrees"] == "bool"
    assert info["features"] == 133


def test_the_index_finds_what_a_scan_finds(path: Path):
    box = (43.0, 36.0, 43.5, 36.5)
    _meta, fids, _geometry, _columns = pyogrio.raw.read(path, layer="events", bbox=box, return_fids=True)
    inside = [
        number
        for number, event in enumerate(read(path), 1)
        if event["lon"] is not None and box[0] <= event["lon"] <= box[2] and box[1] <= event["lat"] <= box[3]
    ]
    assert len(inside) > 5
    assert sorted(fids.tolist()) == inside
    placed = ask(path, "SELECT count(*) FROM events WHERE geom NOTNULL")
    assert ask(path, "SELECT count(*) FROM rtree_events_geom") == placed
    (extent,) = ask(path, "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'events'")
    lons, lats = ([event[name] for event in read(path) if event[name] is not None] for name in ("lon", "lat"))
    assert extent == pytest.approx((min(lons), min(lats), max(lons), max(lats)), abs=1e-4)


@needs_gdal
def test_other_programs_keep_the_index(path: Path, tmp_path: Path):
    """Inserting, moving, emptying and deleting through GDAL fires the standard triggers."""
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(path.read_bytes())
    process(
        "import sys\n"
        "from osgeo import gdal, ogr\n"
        "gdal.UseExceptions()\n"
        "data = gdal.OpenEx(sys.argv[1], gdal.OF_UPDATE | gdal.OF_VECTOR)\n"
        "layer = data.GetLayer('events')\n"
        "new = ogr.Feature(layer.GetLayerDefn())\n"
        "new.SetGeometry(ogr.CreateGeometryFromWkt('POINT (1 2)'))\n"
        "layer.CreateFeature(new)\n"
        "for fid, wkt in ((20, 'POINT (5 6)'), (21, 'POINT EMPTY')):\n"
        "    moved = layer.GetFeature(fid)\n"
        "    moved.SetGeometry(ogr.CreateGeometryFromWkt(wkt))\n"
        "    layer.SetFeature(moved)\n"
        "layer.DeleteFeature(22)\n",
        copy,
    )
    index = {row[0]: row[1:] for row in ask(copy, "SELECT id, minx, maxx, miny, maxy FROM rtree_events_geom")}
    assert index[134] == (1, 1, 2, 2)
    assert index[20] == (5, 5, 6, 6)
    assert not {21, 22} & set(index)


def first_layer(symbol: ElementTree.Element) -> dict[str | None, str | None]:
    return {each.get("name"): each.get("value") for each in symbol.iterfind("layer[1]/Option/Option")}


def test_the_style_has_a_mark_for_each_kind_and_the_fields_of_time(path: Path):
    row, areas = ask(path, "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles")
    assert areas[:3] == ("areas", "geom", 1)
    symbol = ElementTree.fromstring(str(areas[3]).split("\n", 1)[1]).find("renderer-v2/symbols/symbol")
    assert symbol is not None
    assert symbol.get("type") == "fill"
    assert row[:3] == ("events", "geom", 1)
    root = ElementTree.fromstring(str(row[3]).split("\n", 1)[1])
    temporal = root.find("temporal")
    assert temporal is not None
    told = {name: temporal.get(name) for name in ("enabled", "mode", "startField", "endField", "limitMode")}
    assert told == {"enabled": "1", "mode": "2", "startField": "begins", "endField": "ends", "limitMode": "1"}
    renderer = root.find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "kind")
    values = {each.get("value"): each.get("symbol") for each in renderer.iter("category")}
    kinds = {str(event["kind"]) for event in read(path)} - {"None"}
    assert len(kinds) == 6
    assert kinds | {'<"Odd"> & \ufffd', ""} == set(values)
    symbols = {each.get("name"): each for each in renderer.iter("symbol")}
    assert set(values.values()) == set(symbols)
    options = first_layer(symbols[values["Control change"]])
    assert (options["name"], options["color"]) == ("square", "18,96,196,255")
    odd = first_layer(symbols[values['<"Odd"> & \ufffd']])
    assert (odd["name"], odd["color"]) == ("circle", "128,128,128,255")


def test_an_export_is_no_project(path: Path):
    before = path.read_bytes()
    with pytest.raises(EnvironmentFault, match=r"out\.gpkg"):
        Store.open(path)
    assert path.read_bytes() == before


IN_QGIS = """
import json, sys
from qgis.core import (
    QgsApplication, QgsDateTimeRange, QgsMapRendererCustomPainterJob, QgsMapSettings, QgsRectangle,
    QgsRenderedFeatureHandlerInterface, QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QImage, QPainter

application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=events", "events", "ogr")
layer.loadDefaultStyle()  # as the program does with each layer that is added
time, renderer = layer.temporalProperties(), layer.renderer()
looks = {each.value(): each.symbol().color().name() for each in renderer.categories()}


class Drawn(QgsRenderedFeatureHandlerInterface):
    def handleRenderedFeature(self, feature, _geometry, _context):
        fids.add(feature.id())


frames, drawn = [], Drawn()
for first, last in json.loads(sys.argv[2]):
    fids = set()
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(QgsRectangle(-180, -90, 180, 90))
    settings.setOutputSize(QSize(800, 400))
    settings.setIsTemporal(True)
    settings.setTemporalRange(QgsDateTimeRange(*(QDateTime.fromMSecsSinceEpoch(at, Qt.UTC) for at in (first, last))))
    settings.addRenderedFeatureHandler(drawn)
    image = QImage(800, 400, QImage.Format_ARGB32)
    painter = QPainter(image)
    QgsMapRendererCustomPainterJob(settings, painter).renderSynchronously()
    painter.end()
    frames.append(sorted(fids))
told = [time.isActive(), time.mode() == time.ModeFeatureDateTimeStartAndEndFromFields]
told += [time.startField(), time.endField(), renderer.type(), renderer.classAttribute()]
print(json.dumps([told, looks, frames]))
"""


@pytest.mark.skipif(not has_qgis(), reason="python3-qgis is not installed")
def test_qgis_opens_it_styled_and_draws_the_events_of_a_day(path: Path):
    """What the map of QGIS draws in a range of time are the events that lie possibly within, and no others."""
    days = [(edtf.parse(day).earliest_start, edtf.parse(day).latest_end) for day in ("2016-11-28", "2014-06", "2030")]
    told, looks, frames = json.loads(process(IN_QGIS, path, json.dumps(days)).splitlines()[-1])
    assert told == [True, True, "begins", "ends", "categorizedSymbol", "kind"]
    assert (looks["Control change"], looks[""]) == ("#1260c4", "#808080")
    assert len(looks) == 8
    events = ask(path, "SELECT fid, begins, ends FROM events WHERE geom NOTNULL")
    for (first, last), drawn in zip(days, frames, strict=True):
        begin, end = moment_text(first), moment_text(last)
        assert begin is not None
        assert end is not None
        within = [
            fid
            for fid, begins, ends in events
            if (begins is None or str(begins) <= end) and (ends is None or str(ends) >= begin)
        ]
        assert drawn == within
    assert len(frames[0]) > 20
    assert not {len(events), 0} & set(map(len, frames))
    assert len(set(map(tuple, frames))) == len(frames)

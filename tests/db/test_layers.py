"""Layers from files of each kind, good and bad; kept, read back, undone."""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from db import queries
from db.checks import check
from db.errors import EnvironmentFault, InputFault
from db.geometry import Geometry
from db.layers import adding
from db.layers.adding import add_layer, reorder, tables_of
from db.layers.packing import HOLE, LINE, OUTER, POINT, Packer, shapes_of
from db.layers.reference import metres
from db.layers.style import LayerStyle, style_of
from db.layers.times import guess_fields, spans_of
from db.queries import LayerRow
from db.store import Store
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Extent
from tests.helpers import layers as made
from tests.helpers.layers import box, feature, polygon, rows


def parts(store: Store, row: LayerRow) -> list[tuple[int, int, list[tuple[float, float]]]]:
    """Feature, kind and points of each part."""
    with closing(store.reader()) as con:
        shapes = queries.layer_shapes(con, row.sha256)
    points = list(zip(shapes.lon.round(6).tolist(), shapes.lat.round(6).tolist(), strict=True))
    bounds = zip(shapes.offsets[:-1].tolist(), shapes.offsets[1:].tolist(), strict=True)
    runs = [points[first:last] for first, last in bounds]
    return list(zip(shapes.feature.tolist(), shapes.kind.tolist(), runs, strict=True))


def properties(store: Store, row: LayerRow, feature_number: int) -> dict[str, Any]:
    with closing(store.reader()) as con:
        return queries.layer_properties(con, row.sha256, feature_number)


def test_geojson_of_all_shapes_comes_back_as_it_was(blank: Store, tmp_path: Path):
    path = made.geojson(
        tmp_path / "all.geojson",
        feature(polygon(box(40, 30, 45, 35)[::-1], box(41, 31, 42, 32)), name="مدينة", n=1),
        feature({"type": "Point", "coordinates": [10, 20, 300]}, name="high"),
        feature({"type": "GeometryCollection", "geometries": [
            {"type": "MultiPoint", "coordinates": [[1, 1], [2, 2]]},
            {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]], [[5, 5], [6, 6]]]},
            {"type": "MultiPolygon", "coordinates": [[box(0, 0, 1, 1)], [box(179, 0, 190, 1)]]},
        ]}, name="many"),
        feature(None, name="nowhere"),
        feature({"type": "Point", "coordinates": [10, 95]}, name="off the earth"),
        feature({"type": "Polygon", "coordinates": []}, name="empty"),
    )  # fmt: skip
    added = add_layer(blank, path)
    assert (added.name, added.features, added.left) == ("all", 3, 3)
    (row,) = rows(blank)
    assert (row.kind, row.features, row.extent) == ("vector", 3, Extent(0.0, 0.0, 190.0, 35.0))
    found = parts(blank, row)
    assert [(number, kind) for number, kind, _points in found] == [
        (0, OUTER), (0, HOLE), (1, POINT), (2, POINT), (2, POINT), (2, LINE), (2, LINE), (2, OUTER), (2, OUTER),
    ]  # fmt: skip
    assert found[0][2] == [tuple(map(float, each)) for each in box(40, 30, 45, 35)]  # turned to run anticlockwise
    assert found[1][2] == [tuple(map(float, each)) for each in box(41, 31, 42, 32)[::-1]]
    assert found[2][2] == [(10.0, 20.0)]
    assert properties(blank, row, 0) == {"name": "مدينة", "n": 1}
    assert properties(blank, row, 2) == {"name": "many"}
    with closing(blank.reader()) as con:
        assert queries.layer_index(con, row.sha256).fields == ("name", "n")
        assert queries.layer_values(con, row.sha256, "name", "n") == [("مدينة", 1), ("high", None), ("many", None)]


def test_web_mercator_becomes_degrees_in_every_format(blank: Store, tmp_path: Path):
    x, y = (float(each) for each in metres(43.0, 36.0))
    ring = [[x, y], [x + 1000, y], [x + 1000, y + 1000], [x, y]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    wkt = f"POINT Z ({x} {y} 5)"
    for path in (
        made.geojson(tmp_path / "a.geojson", feature(polygon(ring)), crs=crs),
        made.shapes(tmp_path / "b.shp", [ring], made.WEB_PRJ),
        made.geopackage(tmp_path / "c.gpkg", {"here": [(wkt, "x")]}, srs=3857),
    ):
        add_layer(blank, path)
    for row in rows(blank):
        assert row.extent is not None
        assert (row.extent.west, row.extent.south) == pytest.approx((43.0, 36.0), abs=1e-6), row.name


def test_a_geopackage_is_asked_which_table(blank: Store, tmp_path: Path):
    tables = {"towns": [("POINT (43 36)", "Mosul")], "rivers": [("MULTILINESTRING Z ((1 1 9, 2 2 9))", "Tigris")]}
    path = made.geopackage(tmp_path / "several.gpkg", tables)
    assert tables_of(path) == ("towns", "rivers")
    add_layer(blank, path, "rivers")
    (row,) = rows(blank)
    assert row.name == "rivers"
    assert parts(blank, row) == [(0, LINE, [(1.0, 1.0), (2.0, 2.0)])]
    assert properties(blank, row, 0) == {"fid": 1, "name": "Tigris"}
    with pytest.raises(InputFault, match="no table “roads”"):
        add_layer(blank, path, "roads")


def test_a_shapefile_with_holes_arabic_and_no_index(blank: Store, tmp_path: Path):
    path = made.shapes(tmp_path / "areas.shp", [box(40, 30, 45, 35)[::-1], box(41, 31, 42, 32)])
    path.with_suffix(".shx").unlink()
    add_layer(blank, path)
    (row,) = rows(blank)
    assert [kind for _number, kind, _points in parts(blank, row)] == [OUTER, HOLE]
    assert properties(blank, row, 0) == {"name": "نينوى", "begins": "2016-05-01"}


UTM_RING = [[500_000.0, 4_000_000.0], [500_000.0, 4_100_000.0], [600_000.0, 4_100_000.0], [500_000.0, 4_000_000.0]]


def test_another_system_is_refused_by_name_or_brought_to_degrees(
    blank: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = made.shapes(tmp_path / "utm.shp", [UTM_RING], made.UTM_PRJ)
    add_layer(blank, path)  # pyogrio is among the tools of development
    (row,) = rows(blank)
    assert row.extent is not None
    assert (row.extent.west, row.extent.south) == pytest.approx((45.0, 36.144719), abs=1e-5)
    assert properties(blank, row, 0)["name"] == "نينوى"
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputFault, match=r"reference system WGS 1984 UTM Zone 38N.*pyogrio"):
        add_layer(blank, path)
    other = made.geopackage(tmp_path / "other.gpkg", {"x": [("POINT (500000 4000000)", "x")]}, srs=32638)
    with pytest.raises(InputFault, match="EPSG:32638"):
        add_layer(blank, other)


def cut(path: Path, share: float = 0.6) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def test_bad_files_are_told_in_a_sentence_and_leave_nothing(blank: Store, tmp_path: Path):
    many = [feature(polygon(box(40, 30, 45, 35)), name="x" * 50) for _ in range(20)]
    pixels = np.zeros((64, 64, 3), np.uint8)
    turned = tmp_path / "no-place.tif"
    tifffile.imwrite(turned, pixels, photometric="rgb")
    bad = {
        cut(
            made.geojson(tmp_path / "cut.geojson", *many)
        ): "cannot be read at feature .*the file ends in the middle of it",
        made.geojson(tmp_path / "empty.geojson"): "nothing in empty.geojson that could be drawn: it is empty",
        made.geojson(tmp_path / "bare.geojson", feature(None)): "none of its features has a shape",
        cut(made.shapes(tmp_path / "cut.shp", [box(40, 30, 45, 35)]), 0.9): "cannot be read as a shapefile",
        cut(made.geopackage(tmp_path / "cut.gpkg", {"a": [("POINT (1 1)", "x")]}), 0.3): "cannot be read as a GeoP",
        made.geopackage(tmp_path / "none.gpkg", {}): "without a table of shapes",
        made.mbtiles(tmp_path / "vector.mbtiles", {(0, 0, 0): b"x"}, "pbf"): "vector tiles",
        made.mbtiles(tmp_path / "none.mbtiles", {}): "it has no tiles",
        cut(made.geotiff(tmp_path / "cut.tif", pixels, 40, 40, 0.1, compression="zlib"), 0.4): "cannot be shown",
        made.geotiff(tmp_path / "utm.tif", pixels, 500_000, 4_000_000, 10, code=32638): "EPSG:32638.*3857.\\. Nothing",
        turned: "does not say where on the earth",
        tmp_path / "gone.geojson": "There is no file",
        tmp_path / "text.txt": "known here",
    }
    for path, said in bad.items():
        with pytest.raises(EnvironmentFault, match=f"(?i){said}"):
            add_layer(blank, path)
        assert rows(blank) == []
        assert blank.undo_label is None


def test_adding_restyling_ordering_and_removing_are_a_step_each(blank: Store, tmp_path: Path):
    for name in "abc":
        add_layer(blank, made.geojson(tmp_path / f"{name}.geojson", feature(polygon(box(1, 1, 2, 2)), name=name)))
    one, two, three = rows(blank)
    assert len({row.style.color for row in (one, two, three)}) == 3
    with blank.step("Reorder layers") as session:
        reorder(session, [three.id, one.id, two.id])
    with blank.step("Style") as session:
        row = adding.layer_of(session, two.id)
        row.style = LayerStyle("red", 3.0, 0.5, 0.9, "name").to_json()
    with blank.step("Remove layer") as session:
        session.delete(adding.layer_of(session, one.id))
    assert [(row.name, row.style.color) for row in rows(blank)] == [("c", three.style.color), ("b", "red")]
    blank.undo()
    assert [row.name for row in rows(blank)] == ["c", "a", "b"]
    blank.undo()
    blank.undo()
    assert rows(blank) == [one, two, three]
    blank.undo()
    assert [row.name for row in rows(blank)] == ["a", "b"]
    blank.redo()
    assert parts(blank, rows(blank)[2]) == parts(blank, three)  # its shapes are there again


def test_many_features_come_in_blocks_with_progress_and_can_be_stopped(
    blank: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("db.layers.packing.BLOCK_FEATURES", 100)
    points = [feature({"type": "Point", "coordinates": [at % 180, at % 90]}, n=at) for at in range(1050)]
    path = made.geojson(tmp_path / "many.geojson", *points)
    told: list[tuple[int, int]] = []
    add_layer(blank, path, None, lambda done, total: told.append((done, total)))
    (row,) = rows(blank)
    with closing(blank.reader()) as con:
        assert [block.count for block in queries.layer_index(con, row.sha256).blocks] == [100] * 10 + [50]
        (size,) = con.execute("SELECT max(length(after)) FROM journal WHERE table_name = 'layer'").fetchone()
    assert size < 1000  # the journal carries no shape
    assert [properties(blank, row, number)["n"] for number in (0, 99, 100, 1049)] == [0, 99, 100, 1049]
    assert properties(blank, row, 1050) == {}
    assert told[-1] == (1000, 1000)

    class Stopped(Exception):
        pass

    def stop(_done: int, _total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        add_layer(blank, path, None, stop)
    assert len(rows(blank)) == 1
    monkeypatch.setattr(adding, "MOST_POINTS", 500)
    with pytest.raises(InputFault, match="more than 500 points"):
        add_layer(blank, path)


def test_damage_in_kept_shapes_is_named(blank: Store, tmp_path: Path):
    packer = Packer()
    packer.add(Geometry(points=((1.0, 2.0), (3.0, 4.0))), {})
    shapes, _properties, _count = packer.take()
    assert shapes_of([shapes]).lat.tolist() == [2.0, 4.0]
    for data in (b"", shapes[:3], shapes[:-1], b"\1\0\0\0" + b"\xff" * 60, shapes[:16] + b"\7" + shapes[17:]):
        with pytest.raises(EnvironmentFault, match="damaged"):
            shapes_of([data])
    add_layer(blank, made.geojson(tmp_path / "a.geojson", feature(polygon(box(1, 1, 2, 2)))))
    (row,) = rows(blank)
    blank.close()
    with closing(sqlite3.connect(blank.path)) as con:
        con.execute("UPDATE content SET body = x'00'")
        con.commit()
    with closing(sqlite3.connect(blank.path)) as con:
        with pytest.raises(EnvironmentFault, match="damaged"):
            queries.layer_shapes(con, row.sha256)
        said = [finding.sentence for finding in check(con).findings]
    assert "Shapes of the layer “a” are damaged. Add it again, or open a backup." in said


def test_times_of_features_in_the_words_that_fields_have():
    first, last, unread = spans_of(
        [("2016-05-01", "2016-05-03"), ("2016", None), (20160501, ""), ("1 May 2016", "whenever"),
         (1462060800000, "2016/5/1"), (None, None), ("2016-05-01T12:00:00Z", "2016-05")]
    )  # fmt: skip
    may = 1_462_060_800_000
    year = 1_451_606_400_000
    assert first.tolist() == [may, year, may, may, may, OPEN_PAST, may + MS_DAY // 2]
    assert last.tolist() == [
        may + 3 * MS_DAY - 1, OPEN_FUTURE, OPEN_FUTURE, OPEN_FUTURE, may + MS_DAY - 1, OPEN_FUTURE,
        may + 31 * MS_DAY - 1,
    ]  # fmt: skip
    assert unread == 1
    odd = [float("nan"), float("inf"), -float("inf"), 1e20, -1e20, 10**400, 2**62, "1e20", "Y99999999999", "9" * 30]
    first, last, unread = spans_of([(value, value) for value in odd] + [(20160501, None)])
    assert unread == len(odd)
    assert first.tolist() == [OPEN_PAST] * len(odd) + [may]
    assert last.tolist() == [OPEN_FUTURE] * (len(odd) + 1)


def test_a_style_that_makes_no_sense_is_plain():
    assert style_of(None) == style_of("[]") == style_of("{") == style_of('{"color": "pink", "width": "x"}')
    assert style_of('{"width": 99, "fill": -1, "label": 3}') == LayerStyle(width=12.0, fill=0.0)
    style = LayerStyle("teal", 2.0, 0.4, 0.8, "اسم")
    assert style_of(style.to_json()) == style


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"name": "a", "begin": "2016-01-01", "end": "2016-12-31"}, ("begin", "end")),
        ({"Start_Date": "2016/1/5", "END_DATE": "2016/2/5"}, ("Start_Date", "END_DATE")),
        ({"validFrom": 20160501, "validTo": 20160601}, ("validFrom", "validTo")),
        ({"since": 2014, "until": None}, ("since", "")),
        ({"from": "Mosul", "to": "Raqqa", "date": "5 May 2016"}, ("date", "")),
        ({"event_date": 1_479_168_000_000}, ("event_date", "")),
        ({"time": 12, "day": 5, "start": "yes", "end": "3"}, ("", "")),
        ({"total": 2016, "update_of": "2016-01-01", "population": 2016}, ("", "")),
        ({"السنة": 2016, "start": "2016-05~"}, ("start", "")),
    ],
)
def test_fields_with_times_are_guessed_by_name_and_value(values: dict[str, Any], found: tuple[str, str]):
    assert guess_fields([values] * 20) == found
    assert guess_fields([{}, *[values] * 19, dict.fromkeys(values)]) == found, "some features may lack them"
    assert guess_fields([values] * 5 + [dict.fromkeys(values, "no date 2016 x")] * 5) == ("", "")


def test_a_layer_says_which_of_its_fields_hold_times(blank: Store, tmp_path: Path):
    path = made.geojson(
        tmp_path / "a.geojson", feature(polygon(box(1, 1, 2, 2)), note="x", starts="2016-05", ends="2016-06")
    )
    assert add_layer(blank, path).times == ("starts", "ends")
    (row,) = rows(blank)
    with closing(blank.reader()) as con:
        assert queries.layer_fields(con, row.sha256) == (("note", "starts", "ends"), ("starts", "ends"))
    assert not row.by_feature, "it shows always until somebody says so"

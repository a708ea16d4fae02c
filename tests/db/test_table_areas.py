"""Areas of a file become places with their shapes; what is wrong with one is told."""

from __future__ import annotations

import json
from contextlib import closing

import numpy as np
import pytest
import shapely

from db import queries
from db.geometry import geometry_blob, wkb_of
from db.importers.tables import importer, outlines, records, spots
from db.importers.tables.columns import Fate
from db.importers.tables.importer import About, import_table
from db.importers.tables.mapping import guess
from db.importers.tables.reading import open_table
from db.importers.tables.spots import named, without_key
from tests.helpers.imported import bring, details, everything, rows, sound
from tests.helpers.imported import store as store_fixture
from tests.helpers.table_files import collection, feature, kml_file, layer, placemark

store = store_fixture
SQUARE = shapely.Polygon([(43, 36), (44, 36), (44, 37), (43, 37)])


def areas(store):
    """The shapes of the places that are areas."""
    return [shapely.from_wkb(wkb_of(geom)) for (geom,) in rows(store, "SELECT geom FROM place WHERE kind = 'area'")]


ISLANDS = shapely.MultiPolygon([SQUARE, shapely.box(10, 10, 11, 11)])
BOW_TIE = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def kml_of(shape):
    rings = (" ".join(f"{x},{y}" for x, y in part.exterior.coords) for part in shapely.get_parts(shape))
    outer = (f"<LinearRing><coordinates>{each}</coordinates></LinearRing>" for each in rings)
    parts = (f"<Polygon><outerBoundaryIs>{each}</outerBoundaryIs></Polygon>" for each in outer)
    return f"<MultiGeometry>{''.join(parts)}</MultiGeometry>"


def write(path, shapes):
    """A file in the format of its name, with a feature for each shape."""
    if path.suffix == ".geojson":
        collection(path, *(feature(json.loads(shapely.to_geojson(each)), title="x") for each in shapes))
    elif path.suffix == ".gpkg":
        layer(path, blobs=[geometry_blob(each) for each in shapes])
    else:
        kml_file(path, *(placemark(f"<name>x</name>{kml_of(each)}") for each in shapes))


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "kml"])
def test_areas_are_places_with_their_shapes(store, tmp_path, kind):
    path = tmp_path / f"t.{kind}"
    shapes = (SQUARE, ISLANDS, SQUARE)
    write(path, shapes)
    made = bring(store, path)
    assert (made.events, made.places) == (3, 2)
    assert Fate.RESHAPED not in made.listed
    square, islands = areas(store)
    assert square.equals(SQUARE)
    assert islands.equals(ISLANDS)
    sound(store)
    with closing(store.reader()) as con:
        assert len(queries.place_outlines(con)) == 2
        assert queries.event_columns(con).area.all()
    before = everything(store)
    store.undo()
    assert areas(store) == []
    store.redo()
    assert everything(store) == before
    # The same shapes under another name are found again.
    other = layer(tmp_path / "other.gpkg", blobs=[geometry_blob(SQUARE)])
    assert bring(store, other, about=About(again=True)).places == 0


def test_an_area_with_very_many_points_is_simplified_and_that_is_told(store, tmp_path, monkeypatch):
    monkeypatch.setattr(spots, "MAX_POINTS", 40)
    many = shapely.Point(43, 36).buffer(0.5, quad_segs=50)
    grains = shapely.MultiPolygon([shapely.box(x, 0, x + (0.5 if x else 0.7), 0.5) for x in range(20)])
    path = layer(tmp_path / "t.gpkg", blobs=[geometry_blob(many), geometry_blob(grains), geometry_blob(BOW_TIE)])
    made = bring(store, path)
    said = [each.reason for each in made.listed[Fate.RESHAPED].rows]
    assert [each.partition(" points")[0] for each in said] == ["its shape has 201", "its shape has 100"]
    circle, row, mended = areas(store)
    assert shapely.get_num_coordinates(circle) <= 40
    assert circle.symmetric_difference(many).area < 0.02 * many.area
    assert len(row.geoms) == 8
    assert row.contains(shapely.Point(0.6, 0.2))  # the largest stays
    assert mended.is_valid
    assert mended.area == pytest.approx(2)


def test_heavy_and_tangled_shapes_are_made_light_before_they_are_made_valid(store, tmp_path, monkeypatch):
    """Of what crosses itself everywhere the geometry library would make millions of pieces, and not end."""
    reached = []
    make_valid = shapely.make_valid

    def heard(shape):
        reached.append(shapely.get_num_coordinates(shape))
        assert reached[-1] <= spots.MAX_POINTS  # before it is tried
        return make_valid(shape)

    monkeypatch.setattr(shapely, "make_valid", heard)
    rng = np.random.default_rng(1)
    around = np.linspace(0, 2 * np.pi, 100_000)
    far = 10 + rng.normal(0, 0.5, len(around))
    noisy = shapely.Polygon(np.stack([far * np.cos(around), far * np.sin(around)], 1))
    tangled = [shapely.Polygon(rng.uniform(-10, 10, (count, 2))) for count in (3_000, 30_000)]
    holes = [shapely.Point(x, y).buffer(0.1 + 0.2 * (x == y), 4).exterior for x in range(30) for y in range(30)]
    pierced = shapely.Polygon(shapely.box(-1, -1, 30, 30).exterior, holes)
    path = layer(tmp_path / "t.gpkg", blobs=[geometry_blob(each) for each in (noisy, *tangled, pierced)])
    made = bring(store, path)
    assert [each.reason.split()[3] for each in made.listed[Fate.RESHAPED].rows] == [
        "100,001",
        "3,001",
        "30,001",
        "15,305",
    ]
    assert reached
    found = areas(store)
    assert all(each.is_valid and shapely.get_num_coordinates(each) <= spots.MAX_POINTS for each in found)
    ring = shapely.Point(0, 0).buffer(10)
    assert found[0].symmetric_difference(ring).area < 0.2 * ring.area
    assert len(found[3].interiors) > 100
    assert not found[3].intersects(shapely.Point(7, 7)), "the largest holes stay"


@pytest.mark.parametrize("kind", ["geojson", "gpkg", "kml"])
def test_a_look_at_a_file_makes_no_outline_that_it_does_not_show_and_can_be_stopped(store, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(records, "SAMPLE_ROWS", 3)
    monkeypatch.setattr(records, "TOLD", 2)
    monkeypatch.setattr(importer, "TOLD_OF_SHAPES", 2)
    monkeypatch.setattr(spots, "MAX_POINTS", 40)
    worked = []
    shape_of = outlines.shape_of
    monkeypatch.setattr(outlines, "shape_of", lambda *given: worked.append(given) or shape_of(*given))
    many = shapely.Point(43, 36).buffer(0.5, quad_segs=50)
    shapes = [SQUARE, many, *(shapely.box(x, 0, x + 1, 1) for x in range(9)), many]
    path = tmp_path / f"t.{kind}"
    write(path, shapes)
    table = open_table(path)
    assert len(worked) == 2, "the light ones of those that are shown"
    at = table.dialect.names.index("longitude")
    assert [row[at : at + 2] for row in table.dialect.sample] == [("43.5", "36.5"), ("43", "36"), ("0.5", "0.5")]
    assert [named(row[at + 3]) is None for row in table.dialect.sample] == [False] * 3
    assert [without_key(row[at + 3]) for row in table.dialect.sample] == ["5 points", "201 points", "5 points"]
    assert without_key("5 points, or so") == "5 points, or so"
    heard = []

    def stop(*_said):
        heard.append(len(worked))
        if len(heard) == 3:
            raise KeyboardInterrupt

    mapping = guess(table.dialect.names)
    if kind != "kml":  # which is read by pieces of some hundred kilobytes
        with pytest.raises(KeyboardInterrupt):
            import_table(store, table, mapping, report=stop)
        assert 2 < len(worked) < 10, "it is heard between two shapes"
    made = import_table(store, open_table(path), mapping)
    assert (made.events, made.places) == (12, 11)
    assert len(areas(store)) == 11
    again = []

    def stop_looking(*said):
        again.append(said)
        if len(again) > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_table(path, report=stop_looking, scanned=table.scan)


def test_shapes_beyond_the_room_for_them_stand_as_points(store, tmp_path, monkeypatch):
    monkeypatch.setattr(spots, "MAX_BYTES", 200)
    path = layer(tmp_path / "t.gpkg", blobs=[geometry_blob(each) for each in (SQUARE, ISLANDS, SQUARE)])
    made = bring(store, path)
    assert [each.line for each in made.listed[Fate.RESHAPED].rows] == [2]
    assert [event.place.kind for event in details(store)] == ["area", "point", "area"]

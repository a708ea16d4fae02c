"""Layers on the map: painted where they belong in each projection, at their times; rasters; what is hit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from db.geometry import Geometry
from db.importers.tables.geojson import geometry_of
from db.layers.opening import open_raster
from db.layers.packing import Packer, Shapes, shapes_of
from db.layers.times import spans_of
from db.values import MS_DAY, Extent
from tests.helpers import layers as made
from tests.helpers.layers import box, polygon
from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.geometry import Viewport, show_extent
from viewer.views.map.layers.brush import Ink, blank, lay, paint_shapes
from viewer.views.map.layers.features import Features
from viewer.views.map.layers.labels import MOST_LABELS, label_text, labels_in
from viewer.views.map.layers.plane import Plane
from viewer.views.map.layers.resample import Sampler
from viewer.views.map.layers.tips import tip_text
from viewer.views.map.projection import MERCATOR, Albers, EqualEarth, Projection

PROJECTIONS = [MERCATOR, EqualEarth(0.0), Albers(44.0, 30.0, 40.0)]
RED = QColor(255, 0, 0)


def packed(*geometries: object) -> Shapes:
    """GeoJSON geometries as they are kept."""
    packer = Packer()
    for geometry in geometries:
        found = geometry if isinstance(geometry, Geometry) else geometry_of(geometry, (540.0, 90.0))
        assert found is not None
        packer.add(found, {})
    return shapes_of([packer.take()[0]])


@pytest.fixture
def ink() -> Callable[..., Ink]:
    def make(width: float = 0.0, fill: float = 1.0) -> Ink:
        return Ink(RED, QColor("white"), width, fill, 1.0)

    return make


def frame_of(extent: Extent, projection: Projection, width: int = 500, height: int = 400) -> tuple[Frame, Viewport]:
    view = show_extent(extent, width, height, projection)
    left, top = view.x - width / 2 / view.scale, view.y - height / 2 / view.scale
    return Frame(left, top, view.scale, width, height, projection), view


def alpha(image: QImage, view: Viewport, lon: float, lat: float) -> int:
    x, y = view.spot(lon, lat)
    return image.pixelColor(round(x), round(y)).alpha()


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_a_polygon_is_where_it_belongs_and_its_hole_is_empty(projection: Projection, ink: Callable[..., Ink]):
    frame, view = frame_of(Extent(36, 28, 50, 40), projection)
    parts = packed(polygon(box(40, 30, 46, 36), box(42, 32, 44, 34)))
    image = paint_shapes(frame, Plane(parts, projection), ink(), None)
    for lon in np.arange(37.05, 49.5, 0.5):
        for lat in np.arange(29.05, 39.5, 0.5):
            inside = 40 < lon < 46 and 30 < lat < 36 and not (42 < lon < 44 and 32 < lat < 34)
            assert alpha(image, view, lon, lat) == (255 if inside else 0), (lon, lat)


@pytest.mark.parametrize("projection", [MERCATOR, EqualEarth(90.0), EqualEarth(180.0), Albers(170.0, 30.0, 40.0)])
def test_shapes_cross_the_antimeridian(projection: Projection, ink: Callable[..., Ink]):
    frame, view = frame_of(Extent(165, 20, -165, 50), projection)
    cut = packed({"type": "MultiPolygon", "coordinates": [[box(170, 30, 180, 40)], [box(-180, 30, -170, 40)]]})
    whole = packed(polygon(box(170, 30, 190, 40)))
    west = packed(polygon(box(-190, 30, -170, 40)))
    for parts in (cut, whole, west):
        image = paint_shapes(frame, Plane(parts, projection), ink(), None)
        assert [alpha(image, view, lon, 35) for lon in (168, 172, 179, -179, -172, -168)] == [0, 255, 255, 255, 255, 0]
        assert alpha(image, view, 175, 28) == alpha(image, view, -175, 42) == 0


def test_nothing_is_painted_beyond_the_edge_of_the_world(ink: Callable[..., Ink]):
    projection = EqualEarth(0.0)
    frame, view = frame_of(Extent(-180, -80, 180, 80), projection)
    image = paint_shapes(frame, Plane(packed(polygon(box(-180, -90, 180, 90))), projection), ink(), None)
    assert image.pixelColor(250, 200).alpha() == 255
    x, y = view.spot(180, 60)
    assert image.pixelColor(round(x) - 6, round(y)).alpha() == 255
    assert image.pixelColor(round(x) + 6, round(y)).alpha() == 0


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_lines_are_bent_and_points_round(projection: Projection, ink: Callable[..., Ink]):
    frame, view = frame_of(Extent(20, 20, 70, 60), projection)
    line = {"type": "LineString", "coordinates": [[25, 50], [65, 50]]}
    point = {"type": "Point", "coordinates": [45, 30]}
    parts = packed(line, point)
    image = paint_shapes(frame, Plane(parts, projection), ink(4.0, 0.0), None)
    for lon in (26, 35, 45, 55, 64):
        assert alpha(image, view, lon, 50) > 200, lon
        assert alpha(image, view, lon, 47) == 0
    assert alpha(image, view, 45, 30) == 255
    x, y = view.spot(45, 30)
    assert image.pixelColor(round(x) + 12, round(y)).alpha() == 0
    only = paint_shapes(frame, Plane(parts, projection), ink(4.0, 0.0), np.array([False, True]))
    assert alpha(only, view, 45, 50) == 0
    assert alpha(only, view, 45, 30) == 255


def test_many_points_of_one_pixel_do_not_change_what_is_seen(ink: Callable[..., Ink]):
    angle = np.linspace(0, 2 * np.pi, 40_000)
    ring = np.column_stack((43 + 3 * np.cos(angle), 33 + 3 * np.sin(angle)))
    frame, view = frame_of(Extent(36, 28, 50, 40), MERCATOR, 250, 200)
    plane = Plane(packed(Geometry(polygons=((ring,),))), MERCATOR)
    thin = plane.rings(frame.scale)
    assert thin is not None
    assert len(thin.x) < 2_000
    image = paint_shapes(frame, plane, ink(), None)
    assert [alpha(image, view, 43 + away, 33) for away in (0, 2.9, 3.1)] == [255, 255, 0]


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_labels_are_offered_for_the_features_in_a_picture_the_weightiest_first(projection: Projection):
    frame, view = frame_of(Extent(36, 28, 50, 40), projection)
    parts = packed(
        polygon(box(42.9, 32.9, 43.2, 33.1)),
        polygon(box(40, 30, 46, 36)),
        {"type": "Point", "coordinates": [45, 38]},
        {"type": "Point", "coordinates": [80, 10]},
        {"type": "Point", "coordinates": [46, 38]},
    )
    plane, texts = Plane(parts, projection), ("small", "مدينة", "a point", "elsewhere", "")
    found = labels_in(frame, plane, texts, None)
    assert [each.text for each in found] == ["مدينة", "small", "a point"]
    assert [each.beside for each in found] == [False, False, True]
    for each, (lon, lat) in zip(found, ((43, 33), (43.05, 33), (45, 38)), strict=True):
        x, y = view.screen(each.x, each.y)
        assert math.dist((float(x), float(y)), view.spot(lon, lat)) < 3
    assert found[0].room > found[1].room > found[2].room == 0
    only = labels_in(frame, plane, texts, np.array([False, False, True, True, True]))
    assert [each.text for each in only] == ["a point"]
    assert labels_in(frame, plane, (), None) == ()


def test_of_very_many_points_labels_are_offered_all_over_the_picture():
    frame, _view = frame_of(Extent(36, 28, 50, 40), MERCATOR)
    crowd = [{"type": "Point", "coordinates": [37 + at % 40 * 0.01, 30 + at // 40 * 0.005]} for at in range(2000)]
    plane = Plane(packed(*crowd, {"type": "Point", "coordinates": [48, 38]}), MERCATOR)
    found = labels_in(frame, plane, tuple(f"point {at}" for at in range(2001)), None)
    assert len(found) == MOST_LABELS
    assert "point 2000" in [each.text for each in found[:100]]


def test_the_text_of_a_label_is_one_short_line():
    assert [label_text(each) for each in (None, 3.0, " a\n b ", 2.5)] == ["", "3", "a b", "2.5"]


@pytest.mark.parametrize("projection", PROJECTIONS)
@pytest.mark.parametrize("code", [4326, 3857])
def test_a_geotiff_is_laid_where_it_belongs(projection: Projection, code: int, tmp_path: Path):
    pixels = np.zeros((60, 60, 3), np.uint8)
    pixels[:30] = (200, 0, 0)
    pixels[30:] = (0, 0, 200)
    if code == 4326:
        west, north, size = 40.0, 36.0, 0.1
    else:
        from db.layers.reference import metres

        left, high = (float(each) for each in metres(40.0, 36.0))
        right, low = (float(each) for each in metres(46.0, 30.0))
        west, north, size = left, high, (right - left) / 60
        pixels = np.repeat(pixels, 2, axis=0)[: round((high - low) / size)]
    path = made.geotiff(tmp_path / "a.tif", pixels, west, north, size, code=code, tile=(16, 16))
    frame, view = frame_of(Extent(36, 28, 50, 40), projection)
    with open_raster(path) as raster:
        south = raster.extent.south
        image = Sampler(raster).paint(frame)
    assert image is not None
    for lon in (37.0, 39.8, 40.2, 43.0, 45.8, 46.2, 49.0):
        inside = 40 < lon < 46
        x, y = view.spot(lon, 35.5)
        seen = image.pixelColor(round(x), round(y))
        assert (seen.alpha(), seen.red()) == ((255, 200) if inside else (0, 0)), lon
        assert alpha(image, view, lon, 36.3) == 0
        assert alpha(image, view, lon, south + 0.3) == (255 if inside else 0)
        assert alpha(image, view, lon, south - 0.3) == 0


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_mbtiles_of_png_jpeg_and_webp(projection: Projection, tmp_path: Path):
    tiles = {
        (1, 0, 0): made.encoded("#c80000"),
        (1, 1, 0): made.encoded("#00c800", "JPG"),
        (1, 1, 1): made.encoded("#0000c8", "WEBP"),
    }
    frame, view = frame_of(Extent(-60, -50, 60, 60), projection)
    with open_raster(made.mbtiles(tmp_path / "a.mbtiles", tiles)) as raster:
        image = Sampler(raster).paint(frame)
    assert image is not None
    found = []
    for lon, lat in ((-30, 30), (30, 30), (30, -30), (-30, -30)):
        x, y = view.spot(lon, lat)
        color = image.pixelColor(round(x), round(y))
        found.append([value > 150 for value in (color.red(), color.green(), color.blue(), color.alpha())])
    assert found == [[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 0]]


def test_tiles_of_a_small_part_of_the_earth_are_seen_from_far_away(tmp_path: Path):
    tiles = {(9, column, row): made.encoded("#c80000") for column in range(310, 318) for row in range(200, 206)}
    frame, view = frame_of(Extent(10, 10, 70, 60), MERCATOR)
    with open_raster(made.mbtiles(tmp_path / "a.mbtiles", tiles)) as raster:
        extent = raster.extent
        image = Sampler(raster).paint(frame)
    assert image is not None
    middle = (extent.south + extent.north) / 2
    assert alpha(image, view, (extent.west + extent.east) / 2, middle) == 255
    assert alpha(image, view, extent.west - 0.5, middle) == alpha(image, view, extent.east + 0.5, middle) == 0


@pytest.mark.parametrize("projection", [MERCATOR, EqualEarth(180.0), Albers(175.0, 20.0, 40.0)])
@pytest.mark.parametrize("reach", [180, 175])
def test_over_the_antimeridian_only_the_two_ends_of_a_raster_are_read(
    projection: Projection, reach: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pixels = np.zeros((160, 8 * reach, 3), np.uint8)  # a quarter of a degree each
    pixels[:, : 4 * reach] = (200, 0, 0)
    pixels[:, 4 * reach :] = (0, 0, 200)
    pixels[:, 400:-400] = (0, 200, 0)
    path = made.geotiff(tmp_path / "world.tif", pixels, -reach, 50.0, 0.25, tile=(16, 16))
    frame, view = frame_of(Extent(160, 20, -160, 40), projection)
    monkeypatch.setattr("viewer.views.map.layers.resample.MOST_SOURCE", pixels.shape[0] * pixels.shape[1] // 2)
    with open_raster(path) as raster:
        image = Sampler(raster).paint(frame)
    assert image is not None, "all of the raster is more than may be looked at"
    for lon, wanted in ((162, (0, 200)), (172, (0, 200)), (174.8, (0, 200)), (-174.8, (200, 0)), (-165, (200, 0))):
        x, y = view.spot(lon, 30)
        seen = image.pixelColor(round(x), round(y))
        assert (seen.red(), seen.green(), seen.blue(), seen.alpha()) == (wanted[0], 0, wanted[1], 255), lon
    x, y = view.spot(179.0, 30)
    assert image.pixelColor(round(x), round(y)).alpha() == (255 if reach == 180 else 0)


def test_a_picture_is_moved_with_the_map_and_around_the_world():
    frame, view = frame_of(Extent(170, 20, -170, 40), MERCATOR, 300, 200)
    image = blank(frame)
    with QPainter(image) as painter:
        painter.fillRect(140, 90, 20, 20, RED)
    for x in (view.x, view.x + 1.0, view.x - 1.0):
        target = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
        target.fill(0)
        left, top = round(x * view.scale - 150), round(view.y * view.scale - 100)
        with QPainter(target) as painter:
            lay(painter, image, frame, left - 40, top, view.scale)
        assert target.pixelColor(190, 100).red() > 200
        assert target.pixelColor(140, 100).alpha() == 0
    twice = QImage(600, 400, QImage.Format.Format_ARGB32_Premultiplied)
    twice.fill(0)
    with QPainter(twice) as painter:
        lay(painter, image, frame, view.x * 2 * view.scale - 300, view.y * 2 * view.scale - 200, 2 * view.scale)
    assert twice.pixelColor(300, 200).red() > 200
    assert twice.pixelColor(300 + 25, 200).alpha() == 0


def test_time_spans_of_features_end_with_their_last_instant():
    day = 1_462_060_800_000  # 1 May 2016
    parts = packed(polygon(box(0, 0, 1, 1)), polygon(box(2, 2, 3, 3)), polygon(box(4, 4, 5, 5)))
    features = Features(parts, (), spans_of([("2016-05-01", "2016-05-01"), ("2016-05-02", None), (None, "2015")]))

    def shown(instant: int) -> list[bool]:
        mask = features.shown(instant)
        assert mask is not None
        return mask.tolist()

    assert shown(day - 1) == [False, False, False]
    assert shown(day) == shown(day + MS_DAY - 1) == [True, False, False]
    assert shown(day + MS_DAY) == [False, True, False]
    assert shown(day - 500 * MS_DAY) == [False, False, True]
    assert features.epoch(day) == features.epoch(day + MS_DAY - 1) != features.epoch(day + MS_DAY)
    assert Features(parts).shown(day) is None


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_the_feature_under_the_pointer(projection: Projection):
    view = show_extent(Extent(36, 28, 50, 40), 500, 400, projection)
    features = Features(
        packed(
            polygon(box(40, 30, 46, 36), box(42, 32, 44, 34)),
            {"type": "LineString", "coordinates": [[37, 29], [37, 39]]},
            {"type": "Point", "coordinates": [45, 35]},
            polygon(box(405, 38, 406, 39)),  # once around the earth
        )
    )

    def at(lon: float, lat: float) -> int | None:
        return features.at(view, *view.spot(lon, lat), 0, 1.5)

    assert [at(41, 31), at(43, 33), at(47, 33)] == [0, None, None]
    assert [at(37.05, 33), at(37.6, 33)] == [1, None]
    assert at(45.02, 35.02) == 2, "a point before the area that it lies on"
    assert at(45.5, 38.5) == 3


@pytest.fixture
def row(tmp_path: Path) -> Iterator[object]:
    from contextlib import closing

    from db import queries
    from db.layers.adding import add_layer
    from db.store import Store

    store = Store.create(tmp_path / "p.gpkg", "P")
    add_layer(store, made.geojson(tmp_path / "Areas.geojson", made.feature(polygon(box(0, 0, 1, 1)))))
    with closing(store.reader()) as con:
        yield queries.layers(con)[0]
    store.close()


def test_a_tip_says_names_and_values_as_plain_words(row):
    many = {f"field {number}": number for number in range(15)}
    text = tip_text(row, {"NAME": "<b>Nineveh</b> نينوى", "empty": "", "none": None, "n": 3.0, **many})
    assert text.startswith("<b>&lt;b&gt;Nineveh&lt;/b&gt; نينوى</b><br>Layer: Areas<br>n: 3<br>field 0: 0")
    assert "empty" not in text
    assert text.endswith("and 6 more")
    assert tip_text(row, {}) == "<b>Areas</b>"

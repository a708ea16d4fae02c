"""The basemap painted: tiles, what stands in for them, labels; pictures of four looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from pytestqt.qtbot import QtBot

from tests.helpers.basemaps import color_at, named, view_at
from tests.helpers.pictures import compare, pixels
from viewer.look.fonts import load_fonts
from viewer.paths import resource
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.basemap.label_painter import DOT
from viewer.views.map.basemap.labels import Label, Script
from viewer.views.map.basemap.outlines import Frame, fill_path, line_path, make_path
from viewer.views.map.basemap.painter import Look
from viewer.views.map.basemap.palette import PALETTES, Disputed, Style
from viewer.views.map.basemap.ramps import relief_table
from viewer.views.map.basemap.store import Shapes
from viewer.views.map.basemap.tiles import Grid, TileCache, TileKey, Workers
from viewer.views.map.geometry import Viewport

FOCUS = frozenset({"IRQ", "SYR"})


@pytest.fixture
def basemap(qapp: object) -> Iterator[Basemap]:
    load_fonts()
    basemap = Basemap(resource("basemap"))
    basemap.set_style("atlas", dark=False, focus=FOCUS)
    yield basemap
    basemap.close()


def rest(qtbot: QtBot, basemap: Basemap, view: Viewport, ratio: float = 1.0) -> QImage:
    """The picture when all of its tiles are there."""
    image = basemap.compose(view, ratio)
    while not basemap.complete:
        with qtbot.waitSignal(basemap.ready, timeout=20_000):
            image = basemap.compose(view, ratio)
            if basemap.complete:
                basemap.ready.emit()
        image = basemap.compose(view, ratio)
    return image


def shapes_of(*parts: list[tuple[float, float]]) -> Shapes:
    """Parts in world units with the tags 0, 1, 2..."""
    flat = np.array([point for part in parts for point in part])
    offsets = np.concatenate(([0], np.cumsum([len(part) for part in parts]))).astype(np.int32)
    first = np.zeros(len(flat), np.bool_)
    first[offsets[:-1]] = True
    boxes = np.array([[*np.min(part, axis=0), *np.max(part, axis=0)] for part in parts])
    return Shapes(flat[:, 0], flat[:, 1], first, offsets, np.arange(len(parts), dtype=np.int32), boxes)


# Paths


def test_a_path_built_from_bytes_is_the_path_built_by_calls(qapp: object) -> None:
    expected = QPainterPath()
    expected.setFillRule(Qt.FillRule.WindingFill)
    expected.moveTo(1.5, 2)
    expected.lineTo(30, 4)
    expected.moveTo(5, 6)
    expected.lineTo(7, 8)
    expected.lineTo(-9, 1e4)
    x, y = np.array([1.5, 30, 5, 7, -9]), np.array([2, 4, 6, 8, 1e4])
    assert make_path(x, y, np.array([True, False, True, False, False])) == expected


def test_points_far_outside_do_not_change_what_is_filled(qapp: object) -> None:
    """A ring much larger than the picture fills it as it would whole, at every corner of its outline."""
    rng = np.random.default_rng(4)
    frame = Frame(0.4, 0.4, 1000.0, 100, 80)
    for _ in range(25):
        angle = np.sort(rng.uniform(0, 2 * np.pi, 30))
        reach = rng.uniform(0.01, 0.5, 30)
        ring = [(0.45 + r * np.cos(a), 0.44 + r * np.sin(a)) for a, r in zip(angle, reach, strict=True)]
        ring.append(ring[0])
        shapes = shapes_of(ring)
        whole = make_path((shapes.x - 0.4) * 1000.0, (shapes.y - 0.4) * 1000.0, shapes.first)
        painted = []
        for path in (whole, fill_path(frame, [(shapes, 0.0)])):
            image = QImage(100, 80, QImage.Format.Format_Grayscale8)
            image.fill(0)
            painter = QPainter(image)
            painter.fillPath(path, QColor("white"))
            painter.end()
            painted.append(pixels(image).astype(int))
        assert (np.abs(painted[0] - painted[1]) > 0).mean() < 0.002


def test_a_line_is_cut_where_it_leaves_the_picture(qapp: object) -> None:
    frame = Frame(0.0, 0.0, 100.0, 50, 50)
    line = shapes_of([(0.1, 0.1), (0.2, 0.1), (3.0, 0.1), (3.0, 0.4), (0.2, 0.4), (0.1, 0.4)])
    path = line_path(frame, [(line, 0.0)])
    kinds = [path.elementAt(n).isMoveTo() for n in range(path.elementCount())]
    assert kinds == [True, False, False, True, False, False]
    assert line_path(frame, [(line, 0.0)], lambda tags: tags > 0).isEmpty()


# Colours


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("style", ["atlas", "plain"])
def test_sea_land_and_lake_have_their_colours(basemap: Basemap, style: Style, dark: bool) -> None:
    basemap.set_style(style, dark=dark)
    view = view_at(38.2, 35.0, 30_000, 900, 400)
    image = basemap.render(view)
    palette = PALETTES[style, dark]
    sea, lake, land = (np.array(color_at(image, view, *spot)) for spot in ((34.2, 34.6), (38.25, 35.95), (39.5, 34.9)))

    def near(color: np.ndarray, name: str, most: float) -> bool:
        wanted = [int(name[at : at + 2], 16) for at in (1, 3, 5)]
        return bool(np.abs(color - wanted).max() <= most)

    assert near(sea, palette.sea, 4)
    assert near(lake, palette.lake, 6)
    assert near(land, palette.land, 40 if style == "atlas" else 2)
    assert np.abs(sea - land).max() > 14


def test_countries_in_focus_are_brighter(basemap: Basemap) -> None:
    basemap.set_style("plain", focus={"SYR"})
    view = view_at(41.0, 34.0, 20_000)
    image = basemap.render(view)
    assert color_at(image, view, 38.5, 34.8) > color_at(image, view, 43.0, 32.5)
    basemap.set_style(focus=())
    image = basemap.render(view)
    assert color_at(image, view, 38.5, 34.8) == color_at(image, view, 43.0, 32.5)


def test_disputed_borders_are_dashed_full_or_left_out(basemap: Basemap) -> None:
    """The neck of land between Crimea and the mainland, where no other border is."""
    view = view_at(33.75, 46.12, 400_000, 300, 200)
    wanted = np.array([int(PALETTES["plain", False].border[at : at + 2], 16) for at in (1, 3, 5)])

    def ink(disputed: Disputed) -> int:
        basemap.set_style("plain", disputed=disputed)
        away = np.abs(pixels(basemap.render(view)).astype(int) - wanted).max(axis=2)
        return int(np.count_nonzero(away < 40))

    dashed, full, hidden = ink("dashed"), ink("full"), ink("hidden")
    assert hidden == 0
    assert 20 < dashed < 0.8 * full


def test_the_relief_fades_out_close_by(basemap: Basemap) -> None:
    def roughness(scale: float) -> float:
        image = pixels(basemap.render(view_at(44.0, 36.9, scale, 200, 150))).astype(float)
        return float(np.percentile(np.abs(np.diff(image, axis=1)), 80))

    assert roughness(50_000) > 2 * roughness(512.0 * 2**10)


def test_flat_ground_takes_no_light(qapp: object) -> None:
    for style, dark in (("atlas", False), ("atlas", True)):
        full, none = relief_table(style, dark, False, 8), relief_table(style, dark, False, 0)
        assert np.array_equal(full[128], none[128])
        assert not np.array_equal(full[60], none[60])
        muted = relief_table(style, dark, True, 8)
        assert ((muted >> 24) <= (full >> 24)).all()


# Tiles


def test_tiles_at_rest_are_the_picture(qtbot: QtBot, basemap: Basemap) -> None:
    view = view_at(39.0, 35.4, 33_333.0, 800, 600)
    got, wanted = pixels(rest(qtbot, basemap, view)).astype(int), pixels(basemap.render(view)).astype(int)
    assert got.shape == (600, 800, 3)
    assert (np.abs(got - wanted).max(axis=2) > 24).mean() < 0.01


def test_tiles_at_rest_on_a_dense_screen(qtbot: QtBot, basemap: Basemap) -> None:
    view = view_at(39.0, 35.4, 33_333.0, 300, 200)
    image = rest(qtbot, basemap, view, 1.5)
    assert (image.width(), image.height(), image.devicePixelRatio()) == (450, 300, 1.5)


def test_nothing_is_ever_blank(qtbot: QtBot, basemap: Basemap) -> None:
    """The first picture, a far jump and another look all have land and sea where they belong, before any tile."""
    for lon, lat, dark in ((36.5, 35.0, False), (-4.0, 53.0, False), (100.0, 14.0, True)):
        basemap.set_style(dark=dark)
        view = view_at(lon, lat, 20_000.0)
        early = pixels(basemap.compose(view)).astype(int)
        final = pixels(basemap.render(view)).astype(int)
        assert (np.abs(early - final).max(axis=2) < 60).mean() > 0.9
        rest(qtbot, basemap, view)


def test_a_map_shows_at_once_what_one_before_it_has_painted(qtbot: QtBot) -> None:
    tiles, view = TileCache(), view_at(43.0, 36.0, 40_000.0)
    first = Basemap(resource("basemap"), tiles=tiles)
    painted = pixels(rest(qtbot, first, view))
    first.close()
    second = Basemap(resource("basemap"), tiles=tiles)
    image = second.compose(view)
    assert second.complete
    assert (pixels(image) == painted).all()
    second.close()


def test_while_moving_few_scales_are_rendered(qtbot: QtBot, basemap: Basemap) -> None:
    view = view_at(43.0, 36.0, 40_000.0)
    rest(qtbot, basemap, view)
    for _ in range(12):
        view = view.zoomed(1.02, 240, 160)
        basemap.compose(view, moving=True)
        assert not basemap.complete
    wanted = basemap.wanted_scales()
    assert len(wanted) == 1
    assert view.scale not in wanted
    rest(qtbot, basemap, view)
    assert basemap.complete


def test_the_view_is_cut_at_no_meridian(qtbot: QtBot, basemap: Basemap) -> None:
    view = view_at(180.0, 66.5, 6000.0)
    image = rest(qtbot, basemap, view)
    palette = basemap.palette
    for lon in (175.0, 179.8, -179.8, -176.0):
        land = np.array(color_at(image, view, lon, 67.5))
        assert np.abs(land - [int(palette.land[at : at + 2], 16) for at in (1, 3, 5)]).max() < 60, lon
    columns = pixels(image).astype(int)[:, 235:245]
    assert np.abs(np.diff(columns, axis=1)).mean() < 6


def test_the_cache_keeps_to_its_cap(qapp: object) -> None:
    cache = TileCache(cap=3_000_000)
    grid = Grid(Look(), 4096.0)
    image = QImage(512, 512, QImage.Format.Format_RGB32)
    for column in range(8):
        cache.put(TileKey(grid, column, 0), image)
        cache.get(TileKey(grid, 0, 0))
    assert cache.bytes <= 3_000_000
    assert TileKey(grid, 0, 0) in cache
    assert TileKey(grid, 7, 0) in cache
    assert TileKey(grid, 3, 0) not in cache
    assert cache.grids(Look()) == [grid]
    assert cache.grids(Look(dark=True)) == []


def test_a_tile_that_fails_is_told_and_the_next_is_rendered(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    finished = threading.Event()

    def render(key: TileKey) -> QImage:
        if key.column == 0:
            raise ValueError("no such cell")
        return QImage(8, 8, QImage.Format.Format_RGB32)

    def keep(key: TileKey, _image: QImage) -> None:
        done.append(key.column)
        finished.set()

    workers = Workers(render, keep, count=1)
    try:
        workers.want([TileKey(Grid(Look(), 4096.0), column, 0) for column in (0, 1)])
        assert finished.wait(10)
    finally:
        workers.close()
    assert done == [1]
    assert "Tile 0, 0 could not be rendered" in caplog.text


def test_panning_a_complete_picture_is_quick(qtbot: QtBot, basemap: Basemap) -> None:
    view = view_at(42.0, 34.0, 37_000.0, 1200, 700)
    rest(qtbot, basemap, view)
    times = []
    for step in range(15):
        started = time.perf_counter()
        basemap.compose(view.panned(-step, step))
        times.append(time.perf_counter() - started)
    assert sorted(times)[7] < 0.05


# Names


def labels(basemap: Basemap, view: Viewport, script: Script = "latin") -> dict[str, Label]:
    return {label.text: label for label in basemap.atlas.labels(view, focus=FOCUS, script=script)}


def test_labels_of_a_view_come_by_importance(basemap: Basemap) -> None:
    view = view_at(42.0, 34.0, 37_000.0, 1200, 700)
    found = basemap.atlas.labels(view, focus=FOCUS)
    priorities = [label.priority for label in found]
    assert priorities == sorted(priorities)
    by_text = labels(basemap, view)
    roles = {text: by_text[text].role for text in ("Baghdad", "Mosul", "Raqqa", "IRAQ", "SYRIAN DESERT", "Euphrates")}
    assert list(roles.values()) == ["capital", "main", "city", "country", "region", "river"]
    assert by_text["Amman"].dim
    assert not by_text["Baghdad"].dim
    assert basemap.atlas.labels(view, focus=FOCUS) is found
    assert basemap.atlas.labels(view.panned(3, 2), focus=FOCUS) is found


def test_labels_in_arabic(basemap: Basemap) -> None:
    view = view_at(42.0, 34.0, 37_000.0, 1200, 700)
    found = labels(basemap, view, "arabic")
    for text in ("بغداد", "الموصل", "الرقة", "العراق", "الفرات"):
        assert text in found


def test_a_country_is_named_where_it_is_seen(basemap: Basemap) -> None:
    view = view_at(42.0, 37.6, 37_000.0, 1200, 700)
    turkey = labels(basemap, view)["TURKEY"]
    x, y = view.screen(turkey.x, turkey.y)
    assert 0 < float(x) < 1200
    assert 0 < float(y) < 400


def test_more_is_named_the_closer_one_looks(basemap: Basemap) -> None:
    scales = (2_000.0, 12_000.0, 37_000.0, 120_000.0)
    towns = [
        {text for text, label in labels(basemap, view_at(40.0, 35.5, scale, 1200, 700)).items() if label.role in DOT}
        for scale in scales
    ]
    assert "Cairo" in towns[0]
    assert "Dabiq" not in towns[1]
    assert {"Raqqa", "Deir ez-Zor", "Manbij"} <= towns[2]
    assert {"Ain Issa", "Tabqa", "Raqqa"} <= towns[3]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("style", ["atlas", "plain"])
def test_the_picture_with_its_names(basemap: Basemap, style: Style, dark: bool) -> None:
    basemap.set_style(style, dark=dark)
    view = view_at(41.2, 34.6, 17_000.0)
    compare(named(basemap, view, FOCUS), f"basemap-{style}-{'dark' if dark else 'light'}", 0.01)


def test_the_picture_in_arabic(basemap: Basemap) -> None:
    compare(named(basemap, view_at(41.2, 34.6, 17_000.0), FOCUS, "arabic"), "basemap-arabic", 0.01)

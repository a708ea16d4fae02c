"""Pictures below the map: GeoTIFF and links to files."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from db.layers.adding import add_layer, link_rasters, path_in_project, relink
from db.layers.lzw import unpacked
from db.layers.opening import open_raster
from db.layers.reference import metres
from db.store import Store
from tests.helpers import layers as made
from tests.helpers.layers import rows


def test_a_copy_elsewhere_is_told_where_the_rasters_are(blank: Store, tmp_path: Path):
    add_layer(blank, made.mbtiles(tmp_path / "tiles.mbtiles", {(0, 0, 0): made.encoded("red")}))
    (row,) = rows(blank)
    assert row.file is not None
    copy = tmp_path / "far" / "away" / "copy.gpkg"
    copy.parent.mkdir(parents=True)
    blank.save_copy(copy)
    with closing(Store.open(copy)) as other:
        assert rows(other)[0].missing
    link_rasters(copy, {row.id: row.file})
    with closing(Store.open(copy)) as other:
        assert not rows(other)[0].missing


def test_rasters_are_linked_beside_the_project_and_found_again(blank: Store, tmp_path: Path):
    tiles = made.mbtiles(tmp_path / "tiles.mbtiles", {(0, 0, 0): made.encoded("red")}, view=True)
    add_layer(blank, tiles)
    (row,) = rows(blank)
    assert (row.kind, row.missing, row.file) == ("raster", False, tiles)
    with closing(blank.reader()) as con:
        assert con.execute("SELECT path FROM layer").fetchone() == ("tiles.mbtiles",)
    moved = tiles.rename(tmp_path / "moved.mbtiles")
    assert rows(blank)[0].missing
    with blank.step("Find") as session:
        relink(session, row.id, moved, blank.path)
    assert not rows(blank)[0].missing
    assert path_in_project(Path("/data/maps/a.tif"), Path("/data/work/p.gpkg")) == "../maps/a.tif"
    assert path_in_project(Path("/data/work/in/a.tif"), Path("/data/work/p.gpkg")) == "in/a.tif"
    assert path_in_project(Path("/media/a.tif"), Path("/home/x/work/p.gpkg")) == "/media/a.tif"


@pytest.mark.parametrize("code", [4326, 3857])
@pytest.mark.parametrize("form", ["strips", "tiles", "deflate", "planes", "lzw"])
def test_a_geotiff_has_its_pixels_where_they_belong(tmp_path: Path, code: int, form: str):
    pixels = np.arange(90 * 120 * 3).reshape(90, 120, 3).astype(np.uint8)
    west, north = (40.0, 40.0) if code == 4326 else (float(each) for each in metres(40.0, 40.0))
    size = 0.05 if code == 4326 else 5000.0
    more: dict[str, Any] = {
        "strips": {"rowsperstrip": 16},
        "tiles": {"tile": (32, 32)},
        "deflate": {"tile": (32, 48), "compression": "zlib", "predictor": True},
        "planes": {"tile": (32, 32), "planarconfig": "separate"},
        "lzw": {"rowsperstrip": 90},
    }[form]
    path = tmp_path / "picture.tif"
    if form == "planes":
        made.geotiff(path, np.moveaxis(pixels, -1, 0).copy(), west, north, size, code=code, photometric="rgb", **more)
    else:
        made.geotiff(path, pixels, west, north, size, code=code, **more)
    if form == "lzw":
        path = packed_by_lzw(path, pixels)
    with open_raster(path) as raster:
        assert raster.extent.west == pytest.approx(40.0)
        assert raster.extent.north == pytest.approx(40.0)
        level = raster.levels[0]
        assert (level.width, level.height) == (120, 90)
        whole = np.zeros((90, 120, 4), np.uint8)
        for row in range(-(-90 // level.tile_height)):
            for column in range(-(-120 // level.tile_width)):
                tile = raster.tile(0, column, row)
                assert isinstance(tile, np.ndarray)
                top, left = row * level.tile_height, column * level.tile_width
                whole[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
        assert np.array_equal(whole[..., :3], pixels)
        assert (whole[..., 3] == 255).all()
        x, y = raster.locate([40.0, 41.0], [40.0, 39.0])
        assert x[0] == pytest.approx(0.0, abs=1e-9)
        assert y[0] == pytest.approx(0.0, abs=1e-9)
        if code == 4326:
            assert (x[1] * 120, y[1] * 90) == pytest.approx((20.0, 20.0))
        else:
            assert x[1] * 120 * 5000 == pytest.approx(float(metres(1.0, 0.0)[0]))


def packed_by_lzw(path: Path, pixels: np.ndarray) -> Path:
    """The same file with its one strip packed by LZW."""
    packed = made.lzw(pixels.tobytes())
    target = path.with_name("lzw.tif")
    data = bytearray(path.read_bytes())
    offset = len(data)
    data += packed
    with tifffile.TiffFile(path) as tif:
        page = tif.pages[0].aspage()
        for code, value in ((259, 5), (273, offset), (279, len(packed))):
            tag = page.tags[code]
            width = {3: 2, 4: 4}[int(tag.dtype)]
            data[tag.valueoffset : tag.valueoffset + width] = value.to_bytes(width, "little")
    target.write_bytes(bytes(data))
    return target


def test_lzw_with_codes_that_grow():
    # From TIFF 6.0, section 13: codes 256, 7, 258, 8, 8, 258, 6, 6, 257 of nine bits stand for 7 7 7 8 8 7 7 6 6.
    bits = "".join(f"{code:09b}" for code in (256, 7, 258, 8, 8, 258, 6, 6, 257))
    data = int(bits.ljust(88, "0"), 2).to_bytes(11, "big")
    assert list(unpacked(data, 100)) == [7, 7, 7, 8, 8, 7, 7, 6, 6]
    with pytest.raises(ValueError, match="no sense"):
        unpacked(bytes([128, 127, 255]), 10)


def test_a_large_file_without_overviews_gets_a_small_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("db.layers.geotiff.PREVIEW", 50)
    pixels = np.arange(200 * 130).reshape(200, 130).astype(np.int16)
    path = made.geotiff(tmp_path / "heights.tif", pixels, 170, 40, 0.1, tile=(16, 16), metadata=None)
    with open_raster(path) as raster:
        assert [(level.width, level.height) for level in raster.levels] == [(130, 200), (33, 50)]
        small = raster.tile(1, 0, 0)
        assert isinstance(small, np.ndarray)
        grey = small[..., 0].astype(int)
        assert (np.diff(grey[:, 5]) >= 0).all()  # higher values are brighter
        assert (grey[0, 0], grey[-1, -1]) == (0, 255)
        x, _y = raster.locate([-179.0, 171.0], [39.0, 39.0])  # beyond the antimeridian
        assert (x * 130).round(6).tolist() == [110.0, 10.0]


@pytest.mark.parametrize(("bands", "dtype"), [(4, "u1"), (2, "u1"), (4, "u2"), (2, "u2")])
@pytest.mark.parametrize("extra", ["unspecified", "unassalpha"])
def test_a_band_beyond_the_colours_is_alpha_where_the_file_says_so(tmp_path: Path, bands: int, dtype: str, extra: str):
    pixels = np.full((8, 8, bands), 200, dtype) * (257 if dtype == "u2" else 1)
    pixels[..., -1] = 3 * (257 if dtype == "u2" else 1)
    photometric = "rgb" if bands == 4 else "minisblack"
    path = made.geotiff(
        tmp_path / "a.tif", pixels, 40, 40, 1, photometric=photometric, planarconfig="contig", extrasamples=[extra]
    )
    with open_raster(path) as raster:
        tile = raster.tile(0, 0, 0)
    assert isinstance(tile, np.ndarray)
    assert np.unique(tile[..., 3]).tolist() == [3 if extra == "unassalpha" else 255]

"""GeoTIFF (OGC 19-008r4), north up, in WGS 84 or Web Mercator; overviews are used where the file has them.

tifffile reads the structure and most compressions; LZW, the most common, is unpacked here.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import ArrayLike, NDArray

from db.errors import InputFault
from db.importers.tables.delimited import opened
from db.layers.lzw import unpacked
from db.layers.rasters import Floats, Level, Pixels, Raster
from db.layers.reference import WGS84, Reference, by_epsg, lon_lat, metres, refused
from db.values import Extent

PREVIEW: Final = 2048
"""A file without overviews gets one of at most so many pixels a side, made when it is first wanted."""
MOST_SEGMENT: Final = 256 * 1024 * 1024
"""Bytes of a strip or tile; more cannot be unpacked while the map waits."""
_USER_DEFINED: Final = 32767
_LZW: Final = 5
_PALETTE: Final = 3
_WHITE_IS_ZERO: Final = 0
_SEPARATE: Final = 2
_ALPHA: Final = (1, 2)
"""What a band beyond the colours is by its tag: coverage, with or without the colours multiplied by it."""
_NO_DATA: Final = 42113
_SCALE, _TIEPOINT, _MATRIX = 33550, 33922, 34264


class GeoTiff(Raster):
    """The first image of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        opened(path).close()
        try:
            self._file = tifffile.TiffFile(path)
        except Exception as error:  # tifffile's faults are of many kinds
            raise self._fault(f"it is damaged, or no TIFF ({error})") from error
        try:
            self._look()
        except InputFault:
            self._file.close()
            raise
        except Exception as error:
            self._file.close()
            raise self._fault(f"it is damaged, or of a kind that is not known here ({error})") from error

    def _look(self) -> None:
        pages = self._file.series[0].levels if self._file.series else ()
        firsts: list[Any] = [level.pages[0] for level in pages]
        self._pages: list[Any] = [each.aspage() for each in firsts if each is not None]
        if not self._pages:
            raise self._fault("there is no image in it")
        page = self._pages[0]
        self._pages = [each for each in self._pages if each.dtype == page.dtype]
        self.reference = self._reference(page)
        self._left, self._top, self._across, self._down = self._grid(page)
        for each in self._pages:
            if self._segment_bytes(each) > MOST_SEGMENT:
                raise self._fault("it is kept in one piece that is too large; save it in tiles")
        self.levels = tuple(map(_level, self._pages))
        self._preview: Pixels | None = None
        last = self.levels[-1]
        self._shrunk = -(-max(last.width, last.height) // PREVIEW)
        if self._shrunk > 1:
            width, height = -(-last.width // self._shrunk), -(-last.height // self._shrunk)
            self.levels += (Level(width, height, width, height),)
        self._nothing = self._no_data(page)
        self._palette = self._colors(page)
        extra = tuple(page.extrasamples or ())
        self._alpha = bool(extra) and int(extra[-1]) in _ALPHA and page.dtype.kind == "u"
        self._raw(0, 0, 0)  # whether it can be unpacked at all
        self._stretch: tuple[float, float] | None = None
        self.extent = self._extent()

    # Where it lies

    def _reference(self, page: Any) -> Reference:
        keys = page.geotiff_tags or {}
        model = int(keys.get("GTModelTypeGeoKey", 0))
        if not keys or not model:
            raise self._fault("it does not say where on the earth it lies, as a GeoTIFF does")
        code = int(keys.get("ProjectedCSTypeGeoKey" if model == 1 else "GeographicTypeGeoKey", 0))
        words = str(keys.get("PCSCitationGeoKey") or keys.get("GTCitationGeoKey") or "")
        if model == 2 and code in (0, _USER_DEFINED) and "WGS 84" in words:
            return WGS84
        found = by_epsg(code, words.split("|")[0] if code in (0, _USER_DEFINED) else "")
        if model not in (1, 2) or not found.known:
            raise refused(self._path.name, found, picture=True)
        return found

    def _grid(self, page: Any) -> tuple[float, float, float, float]:
        """Left and top edge, and what a pixel is across and down, in units of the file."""
        keys, tags = page.geotiff_tags, page.tags
        if _MATRIX in tags:
            m = [float(each) for each in tags[_MATRIX].value]
            if m[1] or m[4]:
                raise self._fault("it is turned; only rasters with north up are shown")
            left, top, across, down = m[3], m[7], m[0], -m[5]
        elif _SCALE in tags and _TIEPOINT in tags:
            scale, tie = tags[_SCALE].value, tags[_TIEPOINT].value
            across, down = float(scale[0]), float(scale[1])
            left, top = float(tie[3]) - float(tie[0]) * across, float(tie[4]) + float(tie[1]) * down
        else:
            raise self._fault("it does not say where on the earth it lies")
        if int(keys.get("GTRasterTypeGeoKey", 1)) == 2:  # the point is the middle of the pixel
            left, top = left - across / 2, top + down / 2
        if not (np.isfinite([left, top, across, down]).all() and across > 0 and down > 0):
            raise self._fault("it is upside down, or has no size; only rasters with north up are shown")
        return left, top, across, down

    def _extent(self) -> Extent:
        finest = self.levels[0]
        x = np.array([self._left, self._left + self._across * finest.width])
        y = np.array([self._top - self._down * finest.height, self._top])
        if not self.reference.degrees:
            x, y = lon_lat(x, y)
        if y[0] > 90 or y[1] < -90 or np.abs(x).max() > 1000:
            raise self._fault("it does not lie on the earth")
        return Extent(float(x[0]), float(max(y[0], -90.0)), float(x[1]), float(min(y[1], 90.0)))

    def locate(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        west = self.extent.west
        x = west + (np.asarray(lon, np.float64) - west) % 360.0
        y = np.asarray(lat, np.float64)
        if not self.reference.degrees:
            x, y = metres(x, y)
        finest = self.levels[0]
        return (x - self._left) / (self._across * finest.width), (self._top - y) / (self._down * finest.height)

    # What is in it

    def tile(self, level: int, column: int, row: int) -> Pixels | None:
        try:
            if level == len(self._pages):
                return self._whole()
            raw = self._raw(level, column, row)
            return None if raw is None else self._painted(raw)
        except InputFault:
            raise
        except Exception as error:
            raise self._fault(f"a part of it is damaged ({error})") from error

    def close(self) -> None:
        self._file.close()

    def _whole(self) -> Pixels:
        """The preview: every so-many-th pixel of the coarsest image."""
        if self._preview is None:
            level = self.levels[len(self._pages) - 1]
            step = self._shrunk
            preview = np.zeros((-(-level.height // step), -(-level.width // step), 4), np.uint8)
            for row in range(-(-level.height // level.tile_height)):
                top = -(-row * level.tile_height // step)
                for column in range(-(-level.width // level.tile_width)):
                    raw = self._raw(len(self._pages) - 1, column, row)
                    if raw is None:
                        continue
                    left = -(-column * level.tile_width // step)
                    thin = raw[
                        top * step - row * level.tile_height :: step, left * step - column * level.tile_width :: step
                    ]
                    painted = self._painted(thin)[: preview.shape[0] - top, : preview.shape[1] - left]
                    preview[top : top + painted.shape[0], left : left + painted.shape[1]] = painted
            self._preview = preview
        return self._preview

    def _segment_bytes(self, page: Any) -> int:
        level = _level(page)
        return int(level.tile_width * level.tile_height * page.samplesperpixel * page.dtype.itemsize)

    def _raw(self, number: int, column: int, row: int) -> NDArray[Any] | None:
        """A tile as (rows, columns, samples) in the file's own type; None where it is left out."""
        page, level = self._pages[number], _level(self._pages[number])
        across, down = -(-level.width // level.tile_width), -(-level.height // level.tile_height)
        at = row * across + column
        bands = range(page.samplesperpixel) if page.planarconfig == _SEPARATE else range(1)
        found = [self._segment(page, at + band * across * down) for band in bands]
        if any(each is None for each in found):
            return None
        whole = np.concatenate([each for each in found if each is not None], axis=-1)
        return whole[: level.height - row * level.tile_height, : level.width - column * level.tile_width]

    def _segment(self, page: Any, index: int) -> NDArray[Any] | None:
        offset, size = page.dataoffsets[index], page.databytecounts[index]
        if not size:
            return None
        handle = self._file.filehandle
        handle.seek(offset)
        data = handle.read(size)
        if page.compression == _LZW:
            samples = 1 if page.planarconfig == _SEPARATE else page.samplesperpixel
            rows = _level(page).tile_height
            if not page.is_tiled:
                across = -(-page.imagelength // rows)
                rows = min(rows, page.imagelength - (index % across) * rows)
            return self._from_lzw(page, data, rows, samples)
        try:
            decoded = page.decode(data, index, jpegtables=page.jpegtables, jpegheader=page.jpegheader)[0]
        except (ValueError, KeyError) as error:
            with suppress(Exception):
                name = page.compression.name
                raise self._fault(f"it is compressed by {name}; save it with DEFLATE, LZW or without") from error
            raise
        return None if decoded is None else np.asarray(decoded)[0]

    def _from_lzw(self, page: Any, data: bytes, rows: int, samples: int) -> NDArray[Any]:
        columns = _level(page).tile_width
        dtype = np.dtype(page.dtype).newbyteorder(self._file.byteorder)
        if page.bitspersample != 8 * dtype.itemsize:
            raise self._fault("its pixels have an odd number of bits")
        wanted = rows * columns * samples * dtype.itemsize
        flat = unpacked(data, wanted)
        whole = np.frombuffer(flat.ljust(wanted, b"\0")[:wanted], dtype).reshape(rows, columns, samples)
        if page.predictor == 2:
            with np.errstate(over="ignore"):
                return np.cumsum(whole, axis=1, dtype=whole.dtype.newbyteorder("="))
        if page.predictor != 1:
            raise self._fault("it is compressed with a predictor for fractions; save it with DEFLATE")
        return whole

    # How it looks

    def _no_data(self, page: Any) -> float | None:
        tag = page.tags.get(_NO_DATA)
        try:
            return None if tag is None else float(str(tag.value).strip("\0 "))
        except ValueError:
            return None

    def _colors(self, page: Any) -> Pixels | None:
        if int(page.photometric) != _PALETTE or page.colormap is None:
            return None
        colors = (np.asarray(page.colormap).T >> 8).astype(np.uint8)
        return np.column_stack((colors, np.full(len(colors), 255, np.uint8)))

    def _painted(self, raw: NDArray[Any]) -> Pixels:
        """Pixels of values: colours as they are, one value a pixel as greys between its usual least and most."""
        bands = raw.shape[-1]
        seen = np.ones(raw.shape[:2], np.bool_)
        if self._nothing is not None:
            missing = np.isnan(raw) if np.isnan(self._nothing) else raw == self._nothing
            seen &= ~missing.all(axis=-1)
        if raw.dtype.kind == "f":
            seen &= np.isfinite(raw[..., 0])
        if self._palette is not None:
            painted = self._palette[np.clip(raw[..., 0], 0, len(self._palette) - 1)]
            return np.where(seen[..., None], painted, 0).astype(np.uint8)
        if raw.dtype == np.uint8:
            values = raw
        elif raw.dtype == np.uint16 and bands >= 3:
            values = (raw >> 8).astype(np.uint8)
        else:
            values = self._stretched(raw)
        painted = np.empty((*raw.shape[:2], 4), np.uint8)
        painted[..., :3] = values[..., :3] if bands >= 3 else values[..., :1]
        if bands < 3 and int(self._pages[0].photometric) == _WHITE_IS_ZERO:
            painted[..., :3] = 255 - painted[..., :3]
        painted[..., 3] = raw[..., -1] >> 8 * (raw.dtype.itemsize - 1) if self._alpha else 255
        painted[~seen] = 0
        return painted

    def _stretched(self, raw: NDArray[Any]) -> NDArray[np.uint8]:
        if self._stretch is None:
            sample = self._sample()
            low, high = (float(each) for each in np.percentile(sample, (2, 98))) if len(sample) else (0.0, 1.0)
            self._stretch = low, high if high > low else low + 1.0
        low, high = self._stretch
        with np.errstate(invalid="ignore"):
            grey = np.nan_to_num((raw.astype(np.float64) - low) / (high - low) * 255.0)
        return np.clip(grey, 0, 255).astype(np.uint8)

    def _sample(self) -> Floats:
        """Values from all over the coarsest image."""
        number = len(self._pages) - 1
        level = self.levels[number]
        across, down = -(-level.width // level.tile_width), -(-level.height // level.tile_height)
        places = np.unique(np.linspace(0, across * down - 1, min(across * down, 32)).astype(int))
        parts = [self._raw(number, int(at) % across, int(at) // across) for at in places]
        found = [part.ravel()[:: max(part.size // 20_000, 1)].astype(np.float64) for part in parts if part is not None]
        values = np.concatenate(found) if found else np.empty(0)
        values = values[np.isfinite(values)]
        return values if self._nothing is None else values[values != self._nothing]

    def _fault(self, why: str) -> InputFault:
        return InputFault(f"{self._path.name} cannot be shown: {why}. Nothing was written.")


def _level(page: Any) -> Level:
    width, height = int(page.imagewidth), int(page.imagelength)
    if page.is_tiled:
        return Level(width, height, int(page.tilewidth), int(page.tilelength))
    return Level(width, height, width, min(int(page.rowsperstrip), height) or height)

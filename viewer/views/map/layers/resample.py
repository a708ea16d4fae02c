"""Lays a raster on a picture of the world, in any projection: each pixel looks up its place in the raster.

For one thread at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from db.layers.rasters import Floats, Level, Pixels, Raster
from viewer.views.map.basemap.outlines import Frame

CACHE_BYTES: Final = 96 * 1024 * 1024
MOST_SOURCE: Final = 16_000_000
"""Pixels of the source looked at for one picture."""
_ENOUGH: Final = 0.75
"""A level is fine enough that has so many pixels to one of the picture."""
_ROWS: Final = 64
_RGBA: Final = QImage.Format.Format_RGBA8888
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]
_BINS: Final = 256


class Sampler:
    """A raster, and those of its tiles that were wanted last."""

    def __init__(self, raster: Raster) -> None:
        self._raster = raster
        self._tiles: OrderedDict[tuple[int, int, int], Pixels | None] = OrderedDict()
        self._bytes = 0

    def close(self) -> None:
        """Let go of the file."""
        self._raster.close()

    def paint(self, frame: Frame) -> QImage | None:
        """The picture of a frame, transparent beyond the raster; None where nothing of it is seen, or where it is too
        far away to be read. Raises InputFault when the file cannot be read.
        """
        u, v, seen = self._places(frame)
        sides = _sides(u, seen)
        found = self._window(u, v, sides)
        if found is None:
            return None
        number, boxes = found
        level = self._raster.levels[number]
        pixels = np.zeros((frame.height, frame.width, 4), np.uint8)
        for side, (left, top, right, bottom) in zip(sides, boxes, strict=True):
            source = self._patch(number, left, top, right, bottom)
            for start in range(0, frame.height, _ROWS):
                rows = slice(start, start + _ROWS)
                across = (u[rows] if len(u) > 1 else u) * level.width - 0.5 - left
                down = v[rows] * level.height - 0.5 - top
                part = side[rows]
                if part.any():
                    pixels[rows] += _between(source, across, down) * part[..., None]
        image = QImage(
            pixels.data, frame.width, frame.height, 4 * frame.width, QImage.Format.Format_RGBA8888_Premultiplied
        )
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def _places(self, frame: Frame) -> tuple[Floats, Floats, Mask]:
        """Where the pixels lie in the raster; a row and a column where meridians and parallels are straight."""
        x = frame.left + (np.arange(frame.width) + 0.5) / frame.scale
        y = frame.top + (np.arange(frame.height) + 0.5) / frame.scale
        projection = frame.projection
        relative, lat = projection.relative(x[None, :], y[:, None])
        if projection.wraps:
            on_earth = np.ones((1, 1), np.bool_)
        else:
            back = projection.plane(relative, lat)  # beyond the edge the nearest place on it comes back
            on_earth = np.abs(back[0] - x[None, :]) + np.abs(back[1] - y[:, None]) < 1.0 / frame.scale
        u, v = self._raster.locate(relative + projection.middle, lat)
        left, top, right, bottom = self._raster.filled
        return u, v, (u >= left) & (u < right) & (v >= top) & (v < bottom) & on_earth

    def _window(self, u: Floats, v: Floats, sides: list[Mask]) -> tuple[int, list[Box]] | None:
        """The level that a picture needs, and of each of its sides the part of it: left, top, right, bottom."""
        if not sides:
            return None
        bounds = []
        for side in sides:
            across, down = np.broadcast_to(u, side.shape)[side], np.broadcast_to(v, side.shape)[side]
            bounds.append((float(across.min()), float(down.min()), float(across.max()), float(down.max())))
        step = np.abs(np.diff(u, axis=1))
        step = step[step < 0.5]
        apart = float(np.median(step)) if len(step) else 1.0
        levels = self._raster.levels
        wanted = [number for number, level in enumerate(levels) if apart * level.width >= _ENOUGH]
        for number in range(wanted[-1] if wanted else 0, len(levels)):
            width, height = levels[number].width, levels[number].height
            boxes = [
                (int(west * width) - 1, int(north * height) - 1, int(east * width) + 3, int(south * height) + 3)
                for west, north, east, south in bounds
            ]
            if sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) <= MOST_SOURCE:
                return number, boxes
        return None

    def _patch(self, number: int, left: int, top: int, right: int, bottom: int) -> Pixels:
        """Source pixels, premultiplied; held at the edges of the raster, so that its outermost pixels do not fade."""
        level = self._raster.levels[number]
        patch = np.zeros((bottom - top, right - left, 4), np.uint8)
        first, last = max(left, 0) // level.tile_width, (min(right, level.width) - 1) // level.tile_width
        for row in range(max(top, 0) // level.tile_height, (min(bottom, level.height) - 1) // level.tile_height + 1):
            for column in range(first, last + 1):
                tile = self._tile(number, level, column, row)
                if tile is None:
                    continue
                x, y = column * level.tile_width, row * level.tile_height
                a, b = max(y, top), min(y + tile.shape[0], bottom)
                c, d = max(x, left), min(x + tile.shape[1], right)
                if a < b and c < d:
                    patch[a - top : b - top, c - left : d - left] = tile[a - y : b - y, c - x : d - x]
        _hold(patch, -left, level.width - left, 1)
        _hold(patch, -top, level.height - top, 0)
        return patch

    def _tile(self, number: int, level: Level, column: int, row: int) -> Pixels | None:
        key = number, column, row
        if key in self._tiles:
            self._tiles.move_to_end(key)
            return self._tiles[key]
        found = self._raster.tile(number, column, row)
        tile = _decoded(found, level) if isinstance(found, bytes) else found
        if tile is not None:
            tile = _premultiplied(tile)
            self._bytes += tile.nbytes
        self._tiles[key] = tile
        while self._bytes > CACHE_BYTES and len(self._tiles) > 1:
            _key, old = self._tiles.popitem(last=False)
            self._bytes -= 0 if old is None else old.nbytes
        return tile


def _sides(u: Floats, seen: Mask) -> list[Mask]:
    """What is seen of a raster: all of it at once, or apart where a view over the seam of the world sees both of the
    raster's ends and nothing between; empty where nothing is seen.
    """
    across = u[0][seen.any(axis=0)] if len(u) == 1 else u[seen]
    filled = np.flatnonzero(np.bincount((across * _BINS).astype(np.intp)))
    gaps = np.diff(filled)
    if not len(gaps) or gaps.max() < _BINS // 4:
        return [seen] if len(filled) else []
    widest = int(gaps.argmax())
    cut = (filled[widest] + filled[widest + 1] + 1) / 2 / _BINS
    return [seen & (u < cut), seen & (u >= cut)]


def _hold(patch: Pixels, low: int, high: int, axis: int) -> None:
    """Repeat the first and last line of what there is beyond it; ``low``, ``high`` bound it."""
    lines = np.moveaxis(patch, axis, 0)
    if 0 < low < len(lines):
        lines[:low] = lines[low]
    if 0 < high < len(lines):
        lines[high:] = lines[high - 1]


def _decoded(data: bytes, level: Level) -> Pixels | None:
    """A picture file as pixels of a tile's size; None for what is no picture."""
    image = QImage.fromData(data)
    if image.isNull():
        return None
    if (image.width(), image.height()) != (level.tile_width, level.tile_height):
        image = image.scaled(level.tile_width, level.tile_height)
    image = image.convertToFormat(_RGBA)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def _premultiplied(tile: Pixels) -> Pixels:
    alpha = tile[..., 3:]
    if (alpha == 255).all():
        return tile
    made = tile.copy()
    made[..., :3] = (tile[..., :3].astype(np.uint16) * alpha + 127) // 255
    return made


def _between(source: Pixels, across: Floats, down: Floats) -> Pixels:
    """The source at fractional places, each between four of its pixels."""
    height, width = source.shape[:2]
    column = np.clip(np.floor(across), 0, width - 2).astype(np.intp)
    row = np.clip(np.floor(down), 0, height - 2).astype(np.intp)
    right = np.clip(across - column, 0, 1).astype(np.float32)[..., None]
    below = np.clip(down - row, 0, 1).astype(np.float32)[..., None]
    flat = source.reshape(-1, 4)
    at = row * width + column
    upper = flat[at] * (1 - right) + flat[at + 1] * right
    lower = flat[at + width] * (1 - right) + flat[at + width + 1] * right
    return np.asarray(upper * (1 - below) + lower * below + 0.5).astype(np.uint8)

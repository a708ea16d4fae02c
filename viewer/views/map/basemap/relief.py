"""Reads the relief store (resources/basemap/relief.sqlite) and lays it on any picture of the world.

The store has two grey planes on a plain grid of degrees: light (128 is flat ground) and height. A picture asks for
both, resampled smoothly to its own pixels. May be called from any thread.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from db.errors import EnvironmentFault
from viewer.views.map.basemap.outlines import Frame

Greys = NDArray[np.uint8]

CACHE_TILES: Final = 48
"""Decoded tiles kept, 0.3 MB each."""
COARSE: Final = 4
MOST_SOURCE: Final = 3_000_000
"""Values of the source looked at for one picture."""
FLAT: Final = {"shade": 128, "height": 0}


class ReliefStore:
    """The relief store at ``path``.

    :raises EnvironmentFault: the file is missing or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._tiles: OrderedDict[tuple[int, str, int, int], Greys | None] = OrderedDict()
        if not path.exists():
            raise EnvironmentFault(f"The relief {path.name} is missing. Install Dateline again.")
        try:
            self._con = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            rows = self._con.execute("SELECT level, width, height, tile FROM level").fetchall()
        except sqlite3.DatabaseError as error:
            raise EnvironmentFault(f"The relief {path.name} cannot be read. Install Dateline again.") from error
        self._levels = {level: (width, height, tile) for level, width, height, tile in rows}

    def close(self) -> None:
        """Closes the file. No thread may be reading."""
        self._con.close()

    def planes(self, frame: Frame) -> tuple[Greys, Greys]:
        """Light and height, uint8[height, width] each, at the pixels of a picture."""
        wide = frame.likened / 10800.0
        finest = int(np.clip(np.floor(-np.log2(max(wide, 1e-9)) + 0.35), 0, max(self._levels)))
        # Height only tints, softly: a quarter of the pixels each way, and one more on each side so that tiles meet.
        small = Frame(
            frame.left - COARSE / frame.scale,
            frame.top - COARSE / frame.scale,
            frame.scale / COARSE,
            -(-frame.width // COARSE) + 2,
            -(-frame.height // COARSE) + 2,
            frame.projection,
        )
        height = _enlarged(self._plane("height", max(finest, 1), small), COARSE)
        return self._plane("shade", finest, frame), height[COARSE:, COARSE:][: frame.height, : frame.width]

    def _plane(self, plane: str, level: int, frame: Frame) -> Greys:
        return self._straight(plane, level, frame) if frame.projection.wraps else self._bent(plane, level, frame)

    def _bent(self, plane: str, level: int, frame: Frame) -> Greys:
        """Where meridians and parallels are bent: the source smoothed, and each pixel looked up between four of its."""
        x = frame.left + (np.arange(frame.width) + 0.5) / frame.scale
        y = frame.top + (np.arange(frame.height) + 0.5) / frame.scale
        relative, lat = frame.projection.relative(x[None, :], y[:, None])
        while True:
            columns, rows, tile = self._levels[level]
            at_x = (relative + frame.projection.middle + 180.0) / 360.0 * columns - 0.5
            at_y = (90.0 - lat) / 180.0 * rows - 0.5
            x0, x1 = int(np.floor(at_x.min())) - 1, int(np.floor(at_x.max())) + 3
            y0, y1 = int(np.floor(at_y.min())) - 1, int(np.floor(at_y.max())) + 3
            if (x1 - x0) * (y1 - y0) <= MOST_SOURCE or level == max(self._levels):
                break
            level += 1  # about a pole every longitude is near
        source = self._patch(plane, level, x0, x1, y0, y1, columns, rows, tile)
        if source is None:
            return np.full(lat.shape, FLAT[plane], np.uint8)
        smooth = _smoothed(_smoothed(source.astype(np.float32)).T).T
        across, down = (at_x - x0).astype(np.float32), (at_y - y0).astype(np.float32)
        column, row = across.astype(np.int32), down.astype(np.int32)
        across -= column
        down -= row
        place = row * smooth.shape[1] + column
        flat = np.ascontiguousarray(smooth).ravel()
        upper = flat[place] * (1 - across) + flat[place + 1] * across
        place += smooth.shape[1]
        lower = flat[place] * (1 - across) + flat[place + 1] * across
        return np.asarray(np.clip(upper * (1 - down) + lower * down + 0.5, 0, 255).astype(np.uint8))

    def _straight(self, plane: str, level: int, frame: Frame) -> Greys:
        columns, rows, tile = self._levels[level]
        x = (frame.left + (np.arange(frame.width) + 0.5) / frame.scale) * columns - 0.5
        world_y = frame.top + (np.arange(frame.height) + 0.5) / frame.scale
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * np.clip(world_y, 0.0, 1.0)))))
        y = (90.0 - lat) / 180.0 * rows - 0.5
        x0, x1 = int(np.floor(x[0])) - 1, int(np.floor(x[-1])) + 3
        y0, y1 = int(np.floor(y[0])) - 1, int(np.floor(y[-1])) + 3
        source = self._patch(plane, level, x0, x1, y0, y1, columns, rows, tile)
        if source is None:
            return np.full((frame.height, frame.width), FLAT[plane], np.uint8)
        wide = _resampled(np.ascontiguousarray(source.T), x - x0)
        smooth = _resampled(np.ascontiguousarray(wide.T), y - y0)
        grey: Greys = np.clip(smooth + 0.5, 0, 255).astype(np.uint8)
        return grey

    def _patch(
        self, plane: str, level: int, x0: int, x1: int, y0: int, y1: int, columns: int, rows: int, tile: int
    ) -> Greys | None:
        """Source values of columns x0..x1 (around the world) and rows y0..y1 (held at the poles)."""
        patch = np.full((y1 - y0, x1 - x0), FLAT[plane], np.uint8)
        found = False
        for world in range(x0 // columns, (x1 - 1) // columns + 1):
            west = world * columns
            first, last = max(x0 - west, 0) // tile, (min(x1 - west, columns) - 1) // tile
            for row in range(max(y0, 0) // tile, (min(y1, rows) - 1) // tile + 1):
                for column in range(first, last + 1):
                    grey = self._tile(level, plane, row, column)
                    if grey is None:
                        continue
                    found = True
                    top, left = row * tile, west + column * tile
                    a, b = max(top, y0), min(top + grey.shape[0], y1)
                    c, d = max(left, x0), min(left + grey.shape[1], x1)
                    patch[a - y0 : b - y0, c - x0 : d - x0] = grey[a - top : b - top, c - left : d - left]
        return patch if found else None

    def _tile(self, level: int, plane: str, row: int, column: int) -> Greys | None:
        key = (level, plane, row, column)
        with self._lock:
            if key in self._tiles:
                self._tiles.move_to_end(key)
                return self._tiles[key]
            found = self._con.execute(
                "SELECT data FROM tile WHERE level = ? AND plane = ? AND row = ? AND col = ?", key
            ).fetchone()
        grey = _decoded(found[0]) if found else None
        with self._lock:
            self._tiles[key] = grey
            while len(self._tiles) > CACHE_TILES:
                self._tiles.popitem(last=False)
        return grey


def _smoothed(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cubic B-spline at the points of the source, down its columns."""
    padded = np.pad(rows, ((1, 1), (0, 0)), mode="edge")
    return np.asarray((padded[:-2] + 4 * padded[1:-1] + padded[2:]) / 6)


def _decoded(data: bytes) -> Greys:
    return _grey(QImage.fromData(data).convertToFormat(QImage.Format.Format_Grayscale8))


def _enlarged(grey: Greys, times: int) -> Greys:
    rows, columns = grey.shape
    image = QImage(grey.data, columns, rows, grey.strides[0], QImage.Format.Format_Grayscale8)
    size = QSize(columns * times, rows * times)
    large = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return _grey(large)


def _grey(image: QImage) -> Greys:
    rows, stride = image.height(), image.bytesPerLine()
    return np.frombuffer(image.constBits(), np.uint8).reshape(rows, stride)[:, : image.width()].copy()


def _resampled(rows: NDArray[Any], positions: NDArray[np.float64]) -> NDArray[np.float32]:
    """The rows at fractional positions, by a cubic B-spline, which also takes the grain off the source.

    No matrix product: its threads and ours would wait for each other.
    """
    base = np.floor(positions).astype(np.int64)
    t = (positions - base).astype(np.float32)
    parts = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
    values = rows.astype(np.float32)
    result = np.zeros((len(positions), values.shape[1]), np.float32)
    for offset, part in enumerate(parts, -1):
        taken = values[np.clip(base + offset, 0, len(values) - 1)]
        taken *= (part / 6)[:, None]
        result += taken
    return result

"""Rasters that lie outside the project: tiles of MBTiles and pixels of GeoTIFF, asked for piece by piece."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from db.values import Extent

Floats = NDArray[np.float64]
Pixels = NDArray[np.uint8]
"""(rows, columns, 4): red, green, blue, alpha, not premultiplied."""


@dataclass(frozen=True, slots=True)
class Level:
    """One resolution of a raster: its size and that of its tiles, in pixels."""

    width: int
    height: int
    tile_width: int
    tile_height: int


class Raster(ABC):
    """A picture of a part of the earth in several resolutions, ``levels`` from the finest to the coarsest.

    ``filled``: left, top, right and bottom of the part that has tiles, as ``locate`` has it.

    For one thread at a time. ``close`` it, or use it in a ``with``.
    """

    levels: tuple[Level, ...]
    extent: Extent
    filled: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)

    @abstractmethod
    def locate(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Where degrees lie in the picture: from 0 to 1 from its left edge and from its top, beyond that outside."""

    @abstractmethod
    def tile(self, level: int, column: int, row: int) -> Pixels | bytes | None:
        """A tile as pixels, or as the bytes of a picture file; None where there is none. Raises InputFault."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Raster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

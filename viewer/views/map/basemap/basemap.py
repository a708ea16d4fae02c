"""Basemap: the picture of the world under the map's events, at any place, scale and look, at once.

``compose`` answers in a few milliseconds with one opaque picture put together from tiles; what is not rendered yet is
stood in for by tiles of other scales, and ``ready`` tells when a better picture can be composed. At rest the tiles are
of exactly the viewport's scale, so that lines are crisp. Names are not in the picture: see labels.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from viewer.views.map.basemap.labels import Atlas
from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.basemap.painter import Look, Painter
from viewer.views.map.basemap.palette import Palette, Style
from viewer.views.map.basemap.relief import ReliefStore
from viewer.views.map.basemap.store import WorldStore
from viewer.views.map.basemap.tiles import CAP_BYTES, SIDE, Grid, TileCache, TileKey, Workers
from viewer.views.map.geometry import Viewport

BASE_SCALE: Final = 1024.0
"""Device px across the world of the tiles that are rendered for every look, so that no place is ever blank."""
MOVING_STEPS: Final = 2.0
"""While the scale is changing, tiles are rendered at this many scales to a doubling only."""
STAND_INS: Final = 3


class Basemap(QObject):
    """The basemap of one map view. GUI thread only; rendering is on threads of its own until ``close``.

    Signals:
        ready(): a better picture than the last one composed can be had.
    """

    ready = Signal()
    _rendered = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None, *, cap: int = CAP_BYTES) -> None:
        """``folder`` holds world.sqlite and relief.sqlite; ``cap`` is the most bytes of tiles kept.

        :raises EnvironmentFault: one of them is missing or cannot be read.
        """
        super().__init__(parent)
        self._store = WorldStore(folder / "world.sqlite")
        self._relief = ReliefStore(folder / "relief.sqlite")
        self._painter = Painter(self._store, self._relief)
        self._cache = TileCache(cap)
        self._numbers = {country.code: country.number for country in self._store.countries()}
        self._look = Look()
        self._composed: tuple[Viewport, Look, QImage] | None = None
        self._complete = False
        self._told = False
        self.atlas = Atlas(self._store)
        self._workers = Workers(self._render, self._keep)
        self._rendered.connect(self._on_rendered)

    # What is painted

    @property
    def look(self) -> Look:
        """How the map is painted."""
        return self._look

    @property
    def palette(self) -> Palette:
        """The colours in use, for labels and marks."""
        return self._look.palette

    def set_style(
        self,
        style: Style | None = None,
        *,
        dark: bool | None = None,
        focus: Iterable[str] | None = None,
        muted: bool | None = None,
    ) -> None:
        """Change the look; what is not given stays. ``focus``: three-letter codes of the countries drawn brighter."""
        old = self._look
        numbers = old.focus if focus is None else frozenset(self._numbers[c] for c in focus if c in self._numbers)
        self._look = Look(
            old.style if style is None else style,
            old.dark if dark is None else dark,
            numbers,
            old.muted if muted is None else muted,
            old.ratio,
        )

    # Pictures

    def compose(self, view: Viewport, ratio: float = 1.0, *, moving: bool = False) -> QImage:
        """The picture of a viewport: opaque, ``view`` times ``ratio`` device px, its device pixel ratio set.

        ``moving``: the scale is changing, so tiles are only rendered at some scales and the picture may be coarse.
        Compose again without it when the movement ends. The image is shared: do not paint on it.
        """
        self._look = look = Look(self._look.style, self._look.dark, self._look.focus, self._look.muted, ratio)
        self._told = False
        if self._composed and self._complete and self._composed[:2] == (view, look):
            return self._composed[2]
        picture = _Composition(view, look)
        keys = picture.keys(Grid(look, view.scale * ratio))
        missing = [key for key in keys if key not in self._cache]
        self._complete = not missing
        image = QImage(picture.width, picture.height, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            if missing:
                self._stand_in(painter, picture, view)
            for key in keys:
                tile = self._cache.get(key)
                if tile is not None:
                    picture.lay(painter, key, tile)
        image.setDevicePixelRatio(ratio)
        self._workers.want(self._wanted(picture, missing, moving, view.scale * ratio))
        self._composed = (view, look, image)
        return image

    @property
    def complete(self) -> bool:
        """Whether the last picture composed is final: every tile of it is of its own scale."""
        return self._complete

    def render(self, view: Viewport, ratio: float = 1.0) -> QImage:
        """The final picture, painted now and here. For exports and tests: takes 0.1 to 1 s. Any thread."""
        look = Look(self._look.style, self._look.dark, self._look.focus, self._look.muted, ratio)
        picture = _Composition(view, look)
        image = self._painter.paint(picture.frame, look)
        image.setDevicePixelRatio(ratio)
        return image

    def cached_bytes(self) -> int:
        """Bytes of tiles kept."""
        return self._cache.bytes

    def close(self) -> None:
        """Stop the threads and close the files; nothing may be composed afterwards."""
        self._workers.close()
        self._cache.clear()
        self._relief.close()
        self._store.close()

    def _stand_in(self, painter: QPainter, picture: _Composition, view: Viewport) -> None:
        """Fill the picture from other scales, the most different first; a sketch where there are none."""
        own = picture.frame.scale
        grids = [grid for grid in self._cache.grids(picture.look) if grid.scale != own]
        grids.sort(key=lambda grid: abs(math.log2(grid.scale / own)))
        base = Grid(picture.look, BASE_SCALE)
        near = [grid for grid in grids[:STAND_INS] if grid != base]
        if all(key in self._cache for key in picture.keys(base)):
            near.append(base)
        elif not (near and all(key in self._cache for key in picture.keys(near[0]))):
            painter.drawImage(0, 0, self._painter.sketch(picture.frame, picture.look))
        for grid in reversed(near):
            for key in picture.keys(grid):
                tile = self._cache.get(key)
                if tile is not None:
                    picture.lay(painter, key, tile)

    def _wanted(self, picture: _Composition, missing: list[TileKey], moving: bool, scale: float) -> list[TileKey]:
        wanted = missing
        if moving and missing:
            step = 2.0 ** (round(math.log2(scale) * MOVING_STEPS) / MOVING_STEPS)
            wanted = [key for key in picture.keys(Grid(picture.look, step)) if key not in self._cache]
        base = Grid(picture.look, BASE_SCALE)
        count = int(BASE_SCALE / SIDE)
        everywhere = [TileKey(base, column, row) for row in range(count) for column in range(count)]
        return wanted + [key for key in everywhere if key not in self._cache and key not in wanted]

    def _render(self, key: TileKey) -> QImage:
        return self._painter.paint(key.frame(), key.grid.look)

    def _keep(self, key: TileKey, image: QImage) -> None:
        self._cache.put(key, image)
        self._rendered.emit()

    def _on_rendered(self) -> None:
        if not self._complete and not self._told:
            self._told = True
            self.ready.emit()


class _Composition:
    """Where tiles lie in one picture of a viewport."""

    def __init__(self, view: Viewport, look: Look) -> None:
        self.look = look
        self.width, self.height = math.ceil(view.width * look.ratio), math.ceil(view.height * look.ratio)
        scale = view.scale * look.ratio
        # Whole device pixels, so that tiles of the picture's own scale are copied, not resampled.
        self._left = round(view.x * scale - self.width / 2)
        self._top = round(view.y * scale - self.height / 2)
        self.frame = Frame(self._left / scale, self._top / scale, scale, self.width, self.height)

    def keys(self, grid: Grid) -> list[TileKey]:
        """The tiles of a grid that the picture shows, from the middle outwards."""
        side = SIDE * self.frame.scale / grid.scale
        columns = math.ceil(grid.scale / SIDE)
        rows = columns
        first, last = math.floor(self._top / side), math.ceil((self._top + self.height) / side)
        middle = (self._left + self.width / 2) / side, (self._top + self.height / 2) / side
        found: dict[tuple[int, int], float] = {}
        for world in self._worlds():
            west = (self._left - world * self.frame.scale) / side
            east = west + self.width / side
            for column in range(max(math.floor(west), 0), min(math.ceil(east), columns)):
                for row in range(max(first, 0), min(last, rows)):
                    across = column + 0.5 + world * self.frame.scale / side - middle[0]
                    away = across**2 + (row + 0.5 - middle[1]) ** 2
                    found[column, row] = min(away, found.get((column, row), away))
        return [TileKey(grid, *place) for place in sorted(found, key=lambda place: (found[place], place))]

    def lay(self, painter: QPainter, key: TileKey, tile: QImage) -> None:
        """Paint a tile where it belongs, as often as it is seen."""
        own = key.grid.scale == self.frame.scale
        side = SIDE * self.frame.scale / key.grid.scale
        # The last column holds a strip of the next world, which the next world's first column covers again.
        for world in self._worlds():
            left = round(world * self.frame.scale) + key.column * side - self._left
            top = key.row * side - self._top
            if left >= self.width or top >= self.height or left + side <= 0 or top + side <= 0:
                continue
            if own:
                painter.drawImage(QPoint(round(left), round(top)), tile)
            else:
                painter.drawImage(QRectF(left, top, side, side), tile, QRectF(0, 0, SIDE, SIDE))

    def _worlds(self) -> range:
        west, east = self._left / self.frame.scale, (self._left + self.width) / self.frame.scale
        return range(math.floor(west), math.floor(east) + 1)

"""Basemap: the picture of the world under the map's events, at any place, scale and look, at once.

``compose`` answers in a few milliseconds with one opaque picture put together from tiles; what is not rendered yet is
stood in for by tiles of other scales, and ``ready`` tells when a better picture can be composed. At rest the tiles are
of exactly the viewport's scale, so that lines are crisp. Names are not in the picture: see labels.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QRect, QRectF, Signal
from PySide6.QtGui import QImage, QPainter, QRegion

from viewer.views.map.basemap.aside import aside
from viewer.views.map.basemap.labels import Atlas
from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.basemap.painter import Look, open_painter
from viewer.views.map.basemap.palette import Disputed, Palette, Style
from viewer.views.map.basemap.tiles import SIDE, Grid, TileCache, TileKey, Workers
from viewer.views.map.basemap.worldview import View
from viewer.views.map.geometry import Viewport

BASE_SCALE: Final = 1024.0
"""Device px across the world of the tiles that are rendered for every look, so that no place is ever blank."""
MOVING_STEPS: Final = 2.0
"""While the scale is changing, tiles are rendered at this many scales to a doubling only."""
STAND_INS: Final = 3
SKETCH: Final = 2
"""A sketch has so many times fewer pixels each way: it is painted at once, and seen until the first tiles come."""


class Basemap(QObject):
    """The basemap of one map view. GUI thread only; rendering is elsewhere until ``close``.

    Signals:
        ready(): a better picture than the last one composed can be had.
    """

    ready = Signal()
    _rendered = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None, *, tiles: TileCache | None = None) -> None:
        """``folder`` holds world.sqlite, relief.sqlite and perhaps tributaries.sqlite; ``tiles`` is shared with other
        maps of the folder, by default with none.

        :raises EnvironmentFault: one of them is missing or cannot be read.
        """
        super().__init__(parent)
        self._painter = open_painter(folder)
        self._aside = aside(folder)
        world, _relief, tributaries = self._painter.stores
        self._cache = TileCache() if tiles is None else tiles
        self._numbers = {each.code: each.number for each in world.countries()}
        self._numbers |= {each.code: each.number for each in world.holdings()}
        self._look = Look()
        self._composed: tuple[tuple[Viewport, Look, bool], QImage] | None = None
        self._complete = False
        self._told = False
        self.atlas = Atlas(world, tributaries)
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
        disputed: Disputed | None = None,
        worldview: View | None = None,
    ) -> None:
        """Change the look; what is not given stays. ``focus``: three-letter codes of the countries drawn brighter."""
        old = self._look
        numbers = old.focus if focus is None else frozenset(self._numbers[c] for c in focus if c in self._numbers)
        self._look = replace(
            old,
            style=old.style if style is None else style,
            dark=old.dark if dark is None else dark,
            focus=numbers,
            muted=old.muted if muted is None else muted,
            disputed=old.disputed if disputed is None else disputed,
            worldview=old.worldview if worldview is None else worldview,
        )
        self.atlas.worldview = self._look.worldview

    # Pictures

    def compose(self, view: Viewport, ratio: float = 1.0, *, moving: bool = False) -> QImage:
        """The picture of a viewport: opaque, ``view`` times ``ratio`` device px, its device pixel ratio set.

        ``moving``: the scale is changing, so tiles are only rendered at some scales and the picture may be coarse.
        Compose again without it when the movement ends. The image is shared: do not paint on it.
        """
        self._look = look = replace(self._look, ratio=ratio)
        self._told = False
        before = self._composed[1] if self._composed is not None and self._composed[0] == (view, look, moving) else None
        if before is not None and self._complete:
            return before
        picture = _Composition(view, look)
        grid = Grid(look, view.scale * ratio, view.projection)
        keys = picture.keys(grid)
        missing = [key for key in keys if key not in self._cache]
        self._complete = not missing
        image = QImage(picture.width, picture.height, QImage.Format.Format_RGB32) if before is None else before.copy()
        image.setDevicePixelRatio(1.0)
        with QPainter(image) as painter:
            if missing and before is None:
                self._stand_in(painter, picture, missing, moving)
            for key in keys:
                tile = self._cache.get(key)
                if tile is not None:
                    picture.lay(painter, key, tile)
        image.setDevicePixelRatio(ratio)
        self._workers.want(*self._wanted(picture, missing, moving, grid))
        self._composed = (view, look, moving), image
        return image

    @property
    def complete(self) -> bool:
        """Whether the last picture composed is final: every tile of it is of its own scale."""
        return self._complete

    def render(self, view: Viewport, ratio: float = 1.0) -> QImage:
        """The final picture, painted now and here. For exports and tests: takes 0.1 to 1 s. Any thread."""
        look = replace(self._look, ratio=ratio)
        picture = _Composition(view, look)
        image = self._painter.paint(picture.frame, look)
        image.setDevicePixelRatio(ratio)
        return image

    def wanted_scales(self) -> set[float]:
        """Device px across the world of the tiles that wait to be rendered."""
        return {key.grid.scale for key in self._workers.wanted()}

    def close(self) -> None:
        """Stop the threads and close the files; nothing may be composed afterwards."""
        self._workers.close()
        self._painter.close()

    def _stand_in(self, painter: QPainter, picture: _Composition, missing: list[TileKey], moving: bool) -> None:
        """Fill the gaps from other scales, the most different first; with a sketch where there are none."""
        gaps = picture.gaps(missing)
        painter.setClipRegion(gaps)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not moving)
        own, projection = picture.frame.scale, picture.frame.projection
        base = Grid(picture.look, BASE_SCALE, projection)
        grids = [each for each in self._cache.grids(picture.look, projection) if each.scale != own and each != base]
        grids.sort(key=lambda grid: abs(math.log2(grid.scale / own)))
        near = grids[:STAND_INS]
        whole = next((n for n, grid in enumerate(near) if self._covers(picture, grid, gaps)), None)
        if whole is not None:
            near = near[: whole + 1]
        elif self._covers(picture, base, gaps):
            near.append(base)
        else:
            frame, place = picture.part(gaps.boundingRect(), SKETCH)
            look = replace(picture.look, ratio=picture.look.ratio / SKETCH)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._painter.sketch(frame, look))
        for grid in reversed(near):
            for key in picture.keys(grid):
                tile = self._cache.get(key)
                if tile is not None:
                    picture.lay(painter, key, tile)
        painter.setClipping(False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

    def _covers(self, picture: _Composition, grid: Grid, gaps: QRegion) -> bool:
        return all(key in self._cache or not picture.touches(key, gaps) for key in picture.keys(grid))

    def give_way(self) -> None:
        """Something moves: render nothing ahead for a moment."""
        self._workers.give_way()

    def _wanted(
        self, picture: _Composition, missing: list[TileKey], moving: bool, grid: Grid
    ) -> tuple[list[TileKey], list[TileKey]]:
        """What to render: the picture; and ahead what every look needs, then the tiles around the picture."""
        if moving and missing:
            scale = 2.0 ** (round(math.log2(grid.scale) * MOVING_STEPS) / MOVING_STEPS)
            step = Grid(picture.look, scale, grid.projection)
            return [key for key in picture.keys(step) if key not in self._cache], []
        base = Grid(picture.look, BASE_SCALE, grid.projection)
        count = int(BASE_SCALE / SIDE)
        later = [TileKey(base, column, row) for row in range(count) for column in range(count)]
        later += picture.keys(grid, around=1)
        ahead = [key for key in dict.fromkeys(later) if key not in self._cache and key not in missing]
        return missing, ahead

    def _render(self, key: TileKey) -> QImage:
        frame, look = key.frame(), key.grid.look
        image = self._aside.paint(frame, look)
        return self._painter.paint(frame, look) if image is None else image

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
        self.frame = Frame(self._left / scale, self._top / scale, scale, self.width, self.height, view.projection)

    def keys(self, grid: Grid, around: int = 0) -> list[TileKey]:
        """The tiles of a grid that the picture shows, and so many more on each side, from the middle outwards."""
        side = SIDE * self.frame.scale / grid.scale
        columns = math.ceil(grid.scale / SIDE)
        rows = columns
        first, last = math.floor(self._top / side) - around, math.ceil((self._top + self.height) / side) + around
        middle = (self._left + self.width / 2) / side, (self._top + self.height / 2) / side
        found: dict[tuple[int, int], float] = {}
        for world in self._worlds():
            west = (self._left - world * self.frame.scale) / side
            east = west + self.width / side
            for column in range(max(math.floor(west) - around, 0), min(math.ceil(east) + around, columns)):
                for row in range(max(first, 0), min(last, rows)):
                    across = column + 0.5 + world * self.frame.scale / side - middle[0]
                    away = across**2 + (row + 0.5 - middle[1]) ** 2
                    found[column, row] = min(away, found.get((column, row), away))
        return [TileKey(grid, *place) for place in sorted(found, key=lambda place: (found[place], place))]

    def lay(self, painter: QPainter, key: TileKey, tile: QImage) -> None:
        """Paint a tile where it belongs, as often as it is seen."""
        for place in self._places(key):
            if key.grid.scale == self.frame.scale:
                painter.drawImage(place.topLeft().toPoint(), tile)
            else:
                painter.drawImage(place, tile, QRectF(0, 0, SIDE, SIDE))

    def gaps(self, missing: Iterable[TileKey]) -> QRegion:
        """The part of the picture that these tiles would cover, in device px."""
        region = QRegion()
        for key in missing:
            for place in self._places(key):
                region += place.toAlignedRect()
        return region & QRect(0, 0, self.width, self.height)

    def touches(self, key: TileKey, region: QRegion) -> bool:
        """Whether a tile is seen in a part of the picture."""
        return any(region.intersects(place.toAlignedRect()) for place in self._places(key))

    def part(self, rect: QRect, coarser: int) -> tuple[Frame, QRectF]:
        """The frame of a part of the picture, so many times smaller, and where it belongs."""
        scale = self.frame.scale
        left, top = (self._left + rect.x()) / scale, (self._top + rect.y()) / scale
        width, height = math.ceil(rect.width() / coarser), math.ceil(rect.height() / coarser)
        frame = Frame(left, top, scale / coarser, width, height, self.frame.projection)
        return frame, QRectF(rect.x(), rect.y(), width * coarser, height * coarser)

    def _places(self, key: TileKey) -> list[QRectF]:
        """Where a tile lies in the picture, in device px: once for each world it is seen in."""
        side = SIDE * self.frame.scale / key.grid.scale
        top = key.row * side - self._top
        places = []
        for world in self._worlds():
            left = round(world * self.frame.scale) + key.column * side - self._left
            if left < self.width and top < self.height and left + side > 0 and top + side > 0:
                places.append(QRectF(left, top, side, side))
        return places

    def _worlds(self) -> range:
        if not self.frame.projection.wraps:
            return range(1)
        west, east = self._left / self.frame.scale, (self._left + self.width) / self.frame.scale
        return range(math.floor(west), math.floor(east) + 1)

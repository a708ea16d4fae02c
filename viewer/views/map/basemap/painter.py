"""Paints a picture of the world without names: sea, coastal glow, land with relief, water, lines. On any thread.

One picture is one tile or one whole view; what it shows depends only on its Frame and Look, so tiles fit together.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from viewer.views.map.basemap.outlines import Frame, fill_path, held, line_path, line_runs, make_path
from viewer.views.map.basemap.palette import PALETTES, Disputed, Palette, Style
from viewer.views.map.basemap.ramps import blurred, glow_table, relief_table
from viewer.views.map.basemap.relief import ReliefStore
from viewer.views.map.basemap.store import Shapes, WorldStore
from viewer.views.map.basemap.worldview import View

TILE_SCALE: Final = 512.0
"""Logical px across the world at zoom 0."""
RELIEF_FADE: Final = (8.4, 9.6)
"""Zoom at which the relief starts to fade and is gone (1:750,000 and 1:330,000): its source has 3.7 km a pixel."""
GLOW: Final = (21.0, 14.5, 9.0, 4.5)
"""Reach of the glow's bands from a straight coast, in logical px at full size."""
GLOW_STEP: Final = 2
"""The glow is found on a picture so many times smaller."""
EDGE_ROOM: Final = 16.0
"""The edge of the world is drawn so far outside a picture, device px."""
BANDS: Final = (9.0, 4.6)
RIVER_ZOOM: Final = (2.6, 3.1, 3.7, 4.3, 4.8, 5.3, 5.8, 6.3, 6.7, 7.1)
RIVER_WIDTH: Final = (2.4, 2.1, 1.9, 1.7, 1.5, 1.35, 1.2, 1.1, 1.0, 1.0)
PROVINCE_ZOOM: Final = 4.4


@dataclass(frozen=True, slots=True)
class Look:
    """How to paint: part of the key of each tile.

    ``focus``: numbers of the countries the project is about, drawn brighter than the rest; none means all alike.
    ``muted``: relief and tint recede, for when areas of control are painted above. ``ratio``: device px to a logical
    px.
    """

    style: Style = "atlas"
    dark: bool = False
    focus: frozenset[int] = frozenset()
    muted: bool = False
    ratio: float = 1.0
    disputed: Disputed = "dashed"
    worldview: View = "control"

    @property
    def palette(self) -> Palette:
        """The colours of this look."""
        return PALETTES[self.style, self.dark]


class Stores(NamedTuple):
    """What pictures are painted from; tributaries are smaller rivers, from a file that may be left out."""

    world: WorldStore
    relief: ReliefStore
    tributaries: WorldStore | None


class Painter:
    """Paints pictures from the stores."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores

    def paint(self, frame: Frame, look: Look) -> QImage:
        """The picture, Format_RGB32, without a device pixel ratio set."""
        return _Picture(self.stores, frame, look).paint()

    def sketch(self, frame: Frame, look: Look) -> QImage:
        """The same from coarse shapes, without relief and thin lines: at once, to stand in for what is not ready."""
        return _Picture(self.stores, frame, look, hasty=True).paint()

    def close(self) -> None:
        """Close the files. No thread may be painting."""
        for store in self.stores:
            if store is not None:
                store.close()


def open_painter(folder: Path) -> Painter:
    """Paints from world.sqlite, relief.sqlite and, where it is there, tributaries.sqlite in a folder.

    :raises EnvironmentFault: one of them is missing or cannot be read.
    """
    extra = folder / "tributaries.sqlite"
    tributaries = WorldStore(extra) if extra.exists() else None
    return Painter(Stores(WorldStore(folder / "world.sqlite"), ReliefStore(folder / "relief.sqlite"), tributaries))


class _Picture:
    """One painting."""

    def __init__(self, stores: Stores, frame: Frame, look: Look, *, hasty: bool = False) -> None:
        self._store, self._relief, self._tributaries = stores
        self._frame, self._look = frame, look
        self._colors = look.palette
        self._hasty = hasty
        self._worldview = self._store.worldview(look.worldview)
        self._zoom = float(np.log2(frame.likened / look.ratio / TILE_SCALE))
        step = 360.0 / frame.likened
        fit = [level for level, tolerance in self._store.tolerances.items() if tolerance <= 0.85 * step]
        self._level = max(fit, default=0)
        if hasty:
            self._level = max(self._level, max(self._store.tolerances) - 1)

    def paint(self) -> QImage:
        frame, colors = self._frame, self._colors
        image = QImage(frame.width, frame.height, QImage.Format.Format_RGB32)
        image.fill(QColor(colors.sea))
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._hasty)
            if not self._hasty:
                self._paint_glow(painter)
            land = fill_path(frame, self._cells("country"))
            if not land.isEmpty():
                painter.drawImage(0, 0, self._land(land))
                self._paint_lines(painter)
            self._paint_edge(painter)
        return image

    def _paint_edge(self, painter: QPainter) -> None:
        """What lies beyond the edge of the world."""
        frame, outline = self._frame, self._frame.projection.outline()
        if outline is None:
            return
        x, y = (outline[0] - frame.left) * frame.scale, (outline[1] - frame.top) * frame.scale
        first = np.zeros(len(x), np.bool_)
        first[0] = True
        room = EDGE_ROOM
        ring = make_path(*held(x, y, first, -room, frame.width + room, -room, frame.height + room))
        ring.closeSubpath()
        beyond = QPainterPath()
        beyond.addRect(QRectF(0, 0, frame.width, frame.height).adjusted(-room - 8, -room - 8, room + 8, room + 8))
        beyond.addPath(ring)
        beyond.setFillRule(Qt.FillRule.OddEvenFill)
        painter.fillPath(beyond, QColor(self._colors.beyond))
        painter.strokePath(ring, _pen(self._colors.coast, self._width(1.2)))

    def _cells(
        self, layer: str, margin: float = 8.0, level: int | None = None, store: WorldStore | None = None
    ) -> list[tuple[Shapes, float]]:
        left, top, right, bottom = self._frame.box(margin)
        projection = self._frame.projection
        found: list[tuple[Shapes, float]] = []
        if not projection.wraps:
            box = left, top, right, bottom
            cells = (store or self._store).shapes(self._level if level is None else level, layer, box, projection)
            return [(shapes, 0.0) for shapes in cells]
        for shift in range(int(np.floor(left)), int(np.floor(right)) + 1):
            box = left - shift, top, right - shift, bottom
            cells = (store or self._store).shapes(self._level if level is None else level, layer, box)
            found.extend((shapes, float(shift)) for shapes in cells)
        return found

    def _width(self, logical: float) -> float:
        return logical * self._look.ratio

    def _paint_glow(self, painter: QPainter) -> None:
        """Bands of sea around the land, by blurring the land: the same far from any tile edge as near it."""
        bands = self._colors.glow
        if not bands:
            return
        frame = self._frame
        size = self._width(float(np.clip(0.3 + (self._zoom - 2.0) * 0.175, 0.3, 1.0)))
        step = GLOW_STEP
        blur = max(round(GLOW[0] * size * 0.42 / step), 1)
        reach = 3 * blur * step
        level = min(self._level + 1, max(self._store.tolerances))
        land = fill_path(frame, self._cells("country", reach, level), margin=float(reach))
        if land.isEmpty():
            return
        width, height = -(-(frame.width + 2 * reach) // step), -(-(frame.height + 2 * reach) // step)
        mask = QImage(width, height, QImage.Format.Format_Grayscale8)
        mask.fill(0)
        with QPainter(mask) as filler:
            filler.setRenderHint(QPainter.RenderHint.Antialiasing)
            filler.scale(1 / step, 1 / step)
            filler.translate(reach, reach)
            filler.fillPath(land, QColor("white"))
        grey = np.frombuffer(mask.constBits(), np.uint8).reshape(height, mask.bytesPerLine())[:, :width]
        if grey.min() == 255:
            return
        near = blurred(grey.astype(np.float32), blur)
        table = glow_table(self._look.style, self._look.dark, blur, tuple(half * size / step for half in GLOW))
        pixels = table[np.clip(near * 4, 0, 1023).astype(np.int32)]
        glow = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], QImage.Format.Format_RGB32)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0, 0, pixels.shape[1] * step, pixels.shape[0] * step), glow)

    def _land(self, land: QPainterPath) -> QImage:
        """Land with its relief and lakes on a transparent ground."""
        frame, colors, look = self._frame, self._colors, self._look
        layer = QImage(frame.width, frame.height, QImage.Format.Format_ARGB32_Premultiplied)
        layer.fill(0)
        with QPainter(layer) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._hasty)
            painter.fillPath(land, QColor(colors.outside if look.focus else colors.land))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
            if look.focus:
                numbers = np.array(sorted(look.focus), np.int32)
                near = fill_path(frame, self._cells("country"), lambda tags: np.isin(tags, numbers))
                painter.fillPath(near, QColor(colors.land))
            if not self._hasty:
                self._lay_relief(painter)
                self._paint_rivers(painter)
            lakes = fill_path(frame, self._cells("lake"), lambda tags: tags <= self._zoom * 1.9 - 2.0)
            if not lakes.isEmpty():
                painter.fillPath(lakes, QColor(colors.lake))
                if not self._hasty:
                    painter.strokePath(lakes, _pen(colors.lake_edge, self._width(0.9)))
        return layer

    def _lay_relief(self, painter: QPainter) -> None:
        colors = self._colors
        if not colors.shadow_strength:
            return
        start, end = RELIEF_FADE
        strength = float(np.clip((end - self._zoom) / (end - start), 0.0, 1.0))
        shade, height = self._relief.planes(self._frame)
        table = relief_table(self._look.style, self._look.dark, self._look.muted, round(strength * 8))
        pixels = table.ravel().take((shade.astype(np.uint16) << 8) | height, mode="clip")
        overlay = QImage(
            pixels.data, self._frame.width, self._frame.height, pixels.strides[0],
            QImage.Format.Format_ARGB32_Premultiplied,
        )  # fmt: skip
        painter.drawImage(0, 0, overlay)

    def _paint_rivers(self, painter: QPainter) -> None:
        cells = self._cells("river")
        if self._tributaries:
            cells += self._cells("river", store=self._tributaries)
        if not cells:
            return
        grow = float(np.clip(0.5 + (self._zoom - 3.0) * 0.16, 0.45, 1.3))
        narrowest = len(RIVER_ZOOM)
        strokes = []
        for rank in range(narrowest, 0, -1):
            visible = float(np.clip((self._zoom - RIVER_ZOOM[rank - 1]) / 0.5, 0.0, 1.0))
            if visible == 0.0:
                continue
            runs = line_runs(self._frame, cells, functools.partial(_of_rank, rank, narrowest))
            color = QColor(self._colors.river)
            color.setAlphaF(visible * (1.0 if rank <= 4 else 0.85))
            strokes.append((runs, _pen(color, self._width(RIVER_WIDTH[rank - 1] * grow))))
        painter.drawImage(0, 0, _layered(self._frame, strokes))

    def _paint_lines(self, painter: QPainter) -> None:
        colors = self._colors
        grow = float(np.clip(0.42 + (self._zoom - 2.0) * 0.17, 0.42, 1.0))
        if not self._hasty:
            # At most one device pixel wide: Qt has a fast way for those.
            coast = _pen(colors.coast, min(self._width(0.9), 1.0))
            painter.strokePath(line_path(self._frame, self._cells("coast")), coast)
            self._paint_provinces(painter)
        parts = self._worldview.parts
        borders = self._cells("border", 16.0)
        disputed = [*self._cells("disputed", 16.0), *self._cells("claimed", 16.0)]
        match self._look.disputed:
            case "full":
                borders, disputed = borders + disputed, []
            case "hidden":
                disputed = []
        runs = line_runs(self._frame, borders, parts, margin=16.0)
        if any(colors.border_band_alphas) and not self._hasty:
            self._paint_bands(painter, runs + line_runs(self._frame, disputed, parts, margin=16.0), grow)
        width = self._width(0.5 + 0.75 * grow)
        _stroke(painter, runs, _pen(colors.border, width))
        dashed = _pen(colors.border, width)
        dashed.setCapStyle(Qt.PenCapStyle.FlatCap)
        dashed.setDashPattern([4.2, 2.6])
        painter.strokePath(line_path(self._frame, disputed, parts, margin=16.0), dashed)

    def _paint_bands(self, painter: QPainter, runs: list[QPainterPath], grow: float) -> None:
        """Two translucent bands along borders."""
        if not runs:
            return
        strokes = []
        for alpha, width in zip(self._colors.border_band_alphas, BANDS, strict=True):
            color = QColor(self._colors.border_band)
            color.setAlpha(alpha)
            strokes.append((runs, _pen(color, self._width(width * grow))))
        painter.drawImage(0, 0, _layered(self._frame, strokes))

    def _paint_provinces(self, painter: QPainter) -> None:
        visible = float(np.clip((self._zoom - PROVINCE_ZOOM) / 0.8, 0.0, 1.0))
        if visible == 0.0:
            return
        most = (self._zoom - 3.0) * 2.4
        path = line_path(self._frame, self._cells("province"), lambda tags: tags <= most)
        within = [*self._cells("border"), *self._cells("disputed")]
        path.addPath(line_path(self._frame, within, self._worldview.joins))
        color = QColor(self._colors.province)
        color.setAlphaF(visible)
        pen = _pen(color, self._width(0.95))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([4.0, 3.4])
        painter.strokePath(path, pen)


def _layered(frame: Frame, strokes: list[tuple[list[QPainterPath], QPen]]) -> QImage:
    """A transparent picture on which strokes replace each other instead of adding up, so that translucent lines can be
    painted in pieces that overlap."""
    layer = QImage(frame.width, frame.height, QImage.Format.Format_ARGB32_Premultiplied)
    layer.fill(0)
    with QPainter(layer) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        for runs, pen in strokes:
            _stroke(painter, runs, pen)
    return layer


def _stroke(painter: QPainter, runs: list[QPainterPath], pen: QPen) -> None:
    for run in runs:
        painter.strokePath(run, pen)


def _of_rank(rank: int, narrowest: int, tags: NDArray[np.int32]) -> NDArray[np.bool_]:
    return tags >= rank if rank == narrowest else tags == rank


def _pen(color: QColor | str, width: float) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen

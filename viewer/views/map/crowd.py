"""Many events at once: small marks stamped into one image, or discs with counts on a grid.

Above a few thousand active events single marks can be neither read nor painted in time; the two ways here cost the same
whatever the number. The discs look like the badges of stacks, so that the change from one to the other is calm.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPixmap

from viewer.look.theme import Theme, ThemeManager
from viewer.look.tokens import mix, readable
from viewer.models.wording import short_count
from viewer.views.map.geometry import Viewport
from viewer.views.map.items import Age, EventLayer, Scene
from viewer.views.map.looks import Looks
from viewer.views.map.stacking import Stacks

STEPS: Final = (1, 3, 10, 30, 100, 300)
"""From so many events in the trail on a disc has the next tone; the first is that of none."""
TONES: Final = len(STEPS) + 1


def tone_color(theme: Theme, tone: int) -> QColor:
    """The colour of a disc, from 0 (none of its events is in the trail) to TONES - 1."""
    return mix(theme.raised, theme.text, 0.14 + 0.72 * tone / (TONES - 1))


MOST_COUNTS: Final = 20_000
RING: Final = 4.0
"""Width of the ring of a disc with selected events, px."""
RING_PARTS: Final = 16
GLYPH_MARGIN: Final = 1
"""Room about a character for what reaches beyond its advance, px."""
Disc = tuple[QPixmap, float]
"""A picture, and how far its middle is from its corner (logical px)."""


class CellPainter:
    """Draws cells as discs; the discs are drawn once for each text, size and tone.

    The figure and the size say how many events there are in all, the tone how many of them are in the trail, a ring
    about them which part is selected.
    """

    def __init__(self, look: ThemeManager, ratio: float) -> None:
        self._look = look
        self._ratio = ratio
        self._discs: dict[tuple[str, int, int], Disc] = {}
        self._grounds: dict[tuple[float, int], Disc] = {}
        self._by_count: dict[tuple[int, int], Disc] = {}  # the same by their count and tone
        self._glyphs: dict[tuple[str, int, int], tuple[QPixmap, float]] = {}
        theme = look.theme
        self._inks = [readable(tone_color(theme, tone), theme.text, theme.halo) for tone in range(TONES)]
        self._rings: dict[tuple[float, int], Disc] = {}

    def paint(self, painter: QPainter, cells: Stacks, chosen: NDArray[np.intp] | None = None) -> None:
        """``chosen``: how many of each cell are selected; None where that is shown otherwise."""
        ratio, draw = self._ratio, painter.drawPixmap
        whole = ratio == 1.0  # whole numbers are passed to Qt in half the time
        tones = np.searchsorted(STEPS, cells.lit, "right")
        columns = (cells.x.tolist(), cells.y.tolist(), cells.count.tolist(), tones.tolist())
        if len(self._by_count) > MOST_COUNTS:
            self._by_count.clear()
        for x, y, count, tone in zip(*columns, strict=True):
            disc = self._by_count.get((count, tone)) or self._disc(count, tone)
            pixmap, half = disc
            if whole:
                draw(round(x - half), round(y - half), pixmap)
            else:
                draw(QPointF(round((x - half) * ratio) / ratio, round((y - half) * ratio) / ratio), pixmap)
        if chosen is not None:
            self._paint_rings(painter, cells, tones, chosen)

    def _paint_rings(self, painter: QPainter, cells: Stacks, tones: NDArray[np.intp], chosen: NDArray[np.intp]) -> None:
        for at in np.flatnonzero(chosen).tolist():
            _pixmap, half = self._disc(int(cells.count[at]), int(tones[at]))
            ring, reach = self._ring(half, max(round(RING_PARTS * chosen[at] / cells.count[at]), 1))
            painter.drawPixmap(QPointF(cells.x[at] - reach, cells.y[at] - reach), ring)

    def _ring(self, half: float, part: int) -> Disc:
        """A ring about a disc that reaches ``half`` px from its middle, so many of RING_PARTS of it in full colour."""
        found = self._rings.get((half, part))
        if found is not None:
            return found
        theme, reach = self._look.theme, half + RING / 2
        pixmap = QPixmap(math.ceil(2 * reach * self._ratio), math.ceil(2 * reach * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        edge = QRectF(RING / 2 + 0.5, RING / 2 + 0.5, 2 * reach - RING - 1, 2 * reach - RING - 1)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rest = mix(theme.halo, theme.accent, 0.45)
            for color, width, parts in ((rest, RING - 1.5, RING_PARTS), (theme.accent, RING, part)):
                painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
                painter.drawArc(edge, 90 * 16, -round(360 * 16 * parts / RING_PARTS))
        self._rings[half, part] = pixmap, reach
        return self._rings[half, part]

    def _disc(self, count: int, tone: int) -> Disc:
        size = min(int(math.log2(count) * 2), 13)
        key = (short_count(count) if count >= 10 else "", size, tone)
        found = self._discs.get(key)
        if found is None:
            found = self._discs[key] = self._draw(*key)
        self._by_count[count, tone] = found
        return found

    def _draw(self, text: str, size: int, tone: int) -> Disc:
        ground, half = self._ground(max(3.5 + 0.6 * size, 8.5 if text else 0.0) * self._look.scale, tone)
        if not text:
            return ground, half
        glyphs = [self._glyph(character, 9 if len(text) < 4 else 8, tone) for character in text]
        left = half - sum(advance for _glyph, advance in glyphs) / 2
        pixmap = ground.copy()
        with QPainter(pixmap) as painter:
            for glyph, advance in glyphs:
                x, y = left - GLYPH_MARGIN, half - glyph.height() / self._ratio / 2
                painter.drawPixmap(QPointF(round(x * self._ratio), round(y * self._ratio)) / self._ratio, glyph)
                left += advance
        return pixmap, half

    def _glyph(self, character: str, size: int, tone: int) -> tuple[QPixmap, float]:
        """A character of a figure and its advance (logical px): shaping each figure takes longer than all else."""
        ink = self._inks[tone]
        key = (character, size, ink.rgb())
        if key not in self._glyphs:
            theme = self._look.theme
            font = theme.font("meta_strong")
            font.setPixelSize(theme.px(size))
            advance = QFontMetricsF(font).horizontalAdvance(character)
            wide, high = math.ceil(advance) + 2 * GLYPH_MARGIN, 2 * theme.px(size)
            pixmap = QPixmap(math.ceil(wide * self._ratio), math.ceil(high * self._ratio))
            pixmap.setDevicePixelRatio(self._ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setFont(font)
                painter.setPen(ink)
                painter.drawText(QRectF(GLYPH_MARGIN, 0, wide, high), Qt.AlignmentFlag.AlignVCenter, character)
            self._glyphs[key] = pixmap, advance
        return self._glyphs[key]

    def _ground(self, radius: float, tone: int) -> Disc:
        """A disc without its figure: of figures there are many new ones while the map is zoomed."""
        found = self._grounds.get((radius, tone))
        if found is not None:
            return found
        theme, half = self._look.theme, math.ceil(radius + 2)
        pixmap = QPixmap(math.ceil(2 * half * self._ratio), math.ceil(2 * half * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.halo)
            painter.drawEllipse(QPointF(half, half), radius + 1, radius + 1)
            painter.setBrush(tone_color(theme, tone))
            painter.drawEllipse(QPointF(half, half), radius, radius)
        self._grounds[radius, tone] = pixmap, float(half)
        return self._grounds[radius, tone]


class DotPainter:
    """Stamps small marks into one image of the map's size."""

    def __init__(self) -> None:
        self._buffer: NDArray[np.uint32] = np.zeros((0, 0), np.uint32)
        self._touched: NDArray[np.int64] = np.empty(0, np.int64)

    def image(self, scene: Scene, layer: EventLayer, looks: Looks, view: Viewport, ratio: float) -> QImage:
        """An image of device pixels with a small mark for each row of the scene, those in the trail over older ones.

        The image shares the painter's buffer: draw it before the next call.
        """
        rows = scene.rows
        x, y = layer.screen(rows)
        width, height = view.width, view.height
        size = (math.ceil(height * ratio), math.ceil(width * ratio))
        if self._buffer.shape != size:
            self._buffer = np.zeros(size, np.uint32)
        else:
            self._buffer.ravel()[self._touched] = 0
        flat = self._buffer.ravel()
        left, top = np.rint(x * ratio).astype(np.int64), np.rint(y * ratio).astype(np.int64)
        keys = (scene.ages(rows) > Age.OLDER) * (1 << 20) + looks.codes[rows]
        touched = []
        for key in np.unique(keys).tolist():
            these = keys == key
            strong, code = divmod(key, 1 << 20)
            at, colors = _stamp(looks.dot(code, strong=bool(strong)), left[these], top[these], size)
            flat[at] = colors
            touched.append(at)
        self._touched = np.concatenate(touched) if touched else np.empty(0, np.int64)
        image = QImage(self._buffer.data, size[1], size[0], size[1] * 4, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        return image


def _stamp(
    sprite: QImage, left: NDArray[np.int64], top: NDArray[np.int64], size: tuple[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Where in a flat image of ``size`` (height, width) a sprite centred at points falls, and its colours there."""
    side = sprite.width()
    pixels = np.frombuffer(sprite.constBits(), np.uint32).reshape(sprite.height(), sprite.bytesPerLine() // 4)
    down, right = np.nonzero(pixels[:, :side])
    colors = pixels[down, right]
    x = left[:, None] + (right - side // 2)[None, :]
    y = top[:, None] + (down - side // 2)[None, :]
    inside = (x >= 0) & (x < size[1]) & (y >= 0) & (y < size[0])
    return (y * size[1] + x)[inside], np.broadcast_to(colors, x.shape)[inside]

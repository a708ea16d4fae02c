"""Small words painted straight on the map, on a glow that parts them from any ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect

_GLOW: Final = 4
_KEPT: Final = 120
"""Texts kept as pictures: a glow takes its time."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text to be written, where it ends and stands, and what it covers, logical px."""

    text: str
    right: float
    base: float
    room: Rect


class GlowTexts:
    """Writes texts and keeps them as pictures."""

    def __init__(self, look: ThemeManager) -> None:
        self._look = look
        self._texts: dict[tuple[str, int, float, str, float], QPixmap] = {}

    def write(self, painter: QPainter, font: QFont, text: str, right: float, base: float) -> None:
        """Write ``text`` so that it ends at ``right``, with its baseline at ``base``, logical px."""
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        theme, metrics = self._look.theme, QFontMetricsF(font)
        key = (text, font.pixelSize(), ratio, theme.name, theme.scale)
        width, ascent = metrics.horizontalAdvance(text), metrics.ascent()
        if key not in self._texts:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            size = math.ceil((width + 2 * _GLOW) * ratio), math.ceil((metrics.height() + 2 * _GLOW) * ratio)
            pixmap = QPixmap(*size)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            path = QPainterPath()
            path.addText(QPointF(_GLOW, _GLOW + ascent), font, text)
            halo = QPen(theme.color("halo", 0.82), 3)
            halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            with QPainter(pixmap) as inner:
                inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                inner.strokePath(path, halo)
                inner.setPen(theme.place)
                inner.setFont(font)
                inner.drawText(QPointF(_GLOW, _GLOW + ascent), text)
            self._texts[key] = pixmap
        left, top = round((right - width) * ratio) / ratio - _GLOW, round((base - ascent) * ratio) / ratio - _GLOW
        painter.drawPixmap(QPointF(left, top), self._texts[key])

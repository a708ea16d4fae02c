"""The scale bar and the line that says where the map's data come from: painted, not widgets."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from viewer.theme import ThemeManager
from viewer.views.map.geometry import Rect, Viewport, scale_bar

LONGEST: Final = 110.0
EDGE: Final = 14.0
FOOT: Final = 60
"""From the bar down to the edge of the map; the legend and the credits lie between."""
_LINE: Final = 14.0
_CREDIT_PX: Final = 10
_GLOW: Final = 4


class ScaleLine:
    """Paints both in the lower right corner; ``credits`` names the makers of the map's data."""

    def __init__(self, look: ThemeManager, credits: str) -> None:
        self._look = look
        self._credits = credits
        self._kept: tuple[tuple[object, ...], QPixmap] | None = None

    def rects(self, view: Viewport) -> tuple[Rect, Rect]:
        """What the scale bar and the credits cover, logical px."""
        px = self._look.theme.px
        _, length = scale_bar(view.metres_per_pixel(), px(LONGEST))
        credit = QFontMetricsF(self._credit_font()).horizontalAdvance(self._credits)
        line = px(_LINE)
        bottom = view.height - px(FOOT)
        return (
            Rect(view.width - EDGE - length, bottom - line - px(9), length, line + px(9)),
            Rect(view.width - EDGE - credit, view.height - line - 1, credit, line),
        )

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw both, from a picture kept until the scale or the theme is another."""
        bar, credit = self.rects(view)
        left, top = min(bar.x, credit.x) - _GLOW, bar.y - _GLOW
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        metres, _ = scale_bar(view.metres_per_pixel(), self._look.theme.px(LONGEST))
        theme = self._look.theme
        key = (metres, round(bar.w, 1), ratio, theme.name, theme.scale, view.height - top)
        if self._kept is None or self._kept[0] != key:
            pixmap = QPixmap(math.ceil((view.width - left) * ratio), math.ceil((view.height - top) * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as inner:
                inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                inner.translate(-left, -top)
                self._draw(inner, bar, credit, f"{metres // 1000} km" if metres >= 1000 else f"{metres} m")
            self._kept = (key, pixmap)
        painter.drawPixmap(QPointF(left, top), self._kept[1])

    def _draw(self, painter: QPainter, bar: Rect, credit: Rect, text: str) -> None:
        ink, halo = self._look.theme.color("place"), self._look.theme.color("halo", 0.82)
        left, right, foot = round(bar.x) + 0.5, round(bar.right) - 0.5, round(bar.bottom) - 0.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = QPainterPath(QPointF(left, foot - 5))
        line.lineTo(left, foot)
        line.lineTo(right, foot)
        line.lineTo(right, foot - 5)
        painter.setPen(QPen(halo, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(line)
        painter.setPen(QPen(ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
        painter.drawPath(line)
        font = self._look.theme.font("meta_medium")
        width = QFontMetricsF(font).horizontalAdvance(text)
        _glow_text(painter, font, QPointF(max(left, right - width), foot - 7), text, ink, halo)
        _glow_text(painter, self._credit_font(), QPointF(credit.x, credit.bottom - 4), self._credits, ink, halo)

    def _credit_font(self) -> QFont:
        font = self._look.theme.font("meta")
        font.setPixelSize(self._look.theme.px(_CREDIT_PX))
        return font


def _glow_text(painter: QPainter, font: QFont, base: QPointF, text: str, ink: QColor, halo: QColor) -> None:
    """Write ``text`` with its baseline starting at a point, on a glow that keeps it readable."""
    path = QPainterPath()
    path.addText(base, font, text)
    painter.strokePath(path, QPen(halo, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setPen(ink)
    painter.setFont(font)
    painter.drawText(base, text)

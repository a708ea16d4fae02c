"""The scale bar and the line that says where the map's data come from: painted, not widgets."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect, Viewport, scale_bar

LONGEST: Final = 110.0
EDGE: Final = 14.0
FOOT: Final = 60
"""From the bar down to the edge of the map; the legend and the credits lie between."""
_LINE: Final = 14.0
_CREDIT_PX: Final = 10
_GLOW: Final = 4
_KEPT: Final = 40


class ScaleLine:
    """Paints both in the lower right corner; ``credits`` names the makers of the map's data."""

    def __init__(self, look: ThemeManager, credits: str) -> None:
        self._look = look
        self._credits = credits
        self._texts: dict[tuple[str, float, str, float], QPixmap] = {}

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

    def room(self, view: Viewport) -> tuple[Rect, Rect]:
        """What they cover at most, whatever the scale."""
        bar, credit = self.rects(view)
        longest = self._look.theme.px(LONGEST)
        return Rect(bar.right - longest, bar.y, longest, bar.h), credit

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw both; texts are kept as pictures."""
        bar, credit = self.rects(view)
        metres, _ = scale_bar(view.metres_per_pixel(), self._look.theme.px(LONGEST))
        ink, halo = self._look.theme.color("place"), self._look.theme.color("halo", 0.82)
        left, right, foot = round(bar.x) + 0.5, round(bar.right) - 0.5, round(bar.bottom) - 0.5
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = QPolygonF([QPointF(left, foot - 5), QPointF(left, foot), QPointF(right, foot), QPointF(right, foot - 5)])
        painter.setPen(QPen(halo, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(line)
        painter.setPen(QPen(ink, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
        painter.drawPolyline(line)
        font = self._look.theme.font("meta_medium")
        text = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
        self._write(painter, font, text, right, foot - 7)
        self._write(painter, self._credit_font(), self._credits, credit.right, credit.bottom - 4)

    def _write(self, painter: QPainter, font: QFont, text: str, right: float, base: float) -> None:
        """Write ``text`` so that it ends at ``right``, with its baseline at ``base``, on a glow."""
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        theme, metrics = self._look.theme, QFontMetricsF(font)
        key = (text, ratio, theme.name, theme.scale)
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

    def _credit_font(self) -> QFont:
        font = self._look.theme.font("meta")
        font.setPixelSize(self._look.theme.px(_CREDIT_PX))
        return font

"""The scale bar and the line that says where the map's data come from: painted, not widgets."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect, Viewport, scale_bar
from viewer.views.map.overlays.glow import GlowTexts

LONGEST: Final = 110.0
EDGE: Final = 14.0
FOOT: Final = 60
"""From the bar down to the edge of the map; the legend and the credits lie between."""
_LINE: Final = 14.0
_CREDIT_PX: Final = 10


class ScaleLine:
    """Paints both in the lower right corner; ``credits`` names the makers of the map's data."""

    def __init__(self, look: ThemeManager, credits: str) -> None:
        self._look = look
        self._credits = credits
        self._texts = GlowTexts(look)

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
        self._texts.write(painter, font, text, right, foot - 7)
        self._texts.write(painter, self._credit_font(), self._credits, credit.right, credit.bottom - 4)

    def _credit_font(self) -> QFont:
        font = self._look.theme.font("meta")
        font.setPixelSize(self._look.theme.px(_CREDIT_PX))
        return font

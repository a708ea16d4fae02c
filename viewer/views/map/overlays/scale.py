"""The scale bar and the line that says where the map's data come from: painted, not widgets."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect, Viewport, scale_bar
from viewer.views.map.overlays.glow import GlowTexts
from viewer.widgets.kept import KeptDrawing

LONGEST: Final = 110.0
EDGE: Final = 14.0
FOOT: Final = 60
"""From the bar down to the edge of the map; the legend and the credits lie between ..."""
LOW_FOOT: Final = 24
"""... or the credits alone."""
_LINE: Final = 14.0
_CREDIT_PX: Final = 10
_GLOW: Final = 6
"""Room for the glow about what is drawn."""


class ScaleLine:
    """Paints both in the lower right corner; ``credits`` names the makers of the map's data."""

    def __init__(self, look: ThemeManager, credits: str) -> None:
        self._look = look
        self._credits = credits
        self._texts = GlowTexts(look)
        self._kept = KeptDrawing()
        self._wide: tuple[float, float] | None = None
        self._foot, self._right = float(FOOT), EDGE

    def stand(self, foot: float, right: float) -> None:
        """Have the bar stand so far (px) from the foot and the right edge of the map."""
        self._foot, self._right = foot, right

    def rects(self, view: Viewport) -> tuple[Rect, Rect]:
        """What the scale bar and the credits cover, logical px."""
        px = self._look.theme.px
        _, length = scale_bar(view.metres_per_pixel(), px(LONGEST))
        credit = self._credit_width()
        line = px(_LINE)
        bottom = view.height - self._foot
        return (
            Rect(view.width - self._right - length, bottom - line - px(9), length, line + px(9)),
            Rect(view.width - EDGE - credit, view.height - line - 1, credit, line),
        )

    def room(self, view: Viewport) -> tuple[Rect, Rect]:
        """What they cover at most, whatever the scale."""
        bar, credit = self.rects(view)
        longest = self._look.theme.px(LONGEST)
        return Rect(bar.right - longest, bar.y, longest, bar.h), credit

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw both; while the scale is the same they are a picture."""
        bar, credit = self.rects(view)
        left, top = math.floor(min(bar.x, credit.x)) - _GLOW, math.floor(bar.y) - _GLOW
        corner = bar.moved(-left, -top), credit.moved(-left, -top)
        metres, _ = scale_bar(view.metres_per_pixel(), self._look.theme.px(LONGEST))
        device, theme = painter.device(), self._look.theme
        ratio = device.devicePixelRatio() if device is not None else 1.0
        painter.save()
        painter.translate(left, top)
        size = QSizeF(view.width - left, view.height - top)
        key = (*corner, metres, theme.name, theme.scale)
        self._kept.paint(painter, size, ratio, key, lambda inner: self._draw(inner, *corner, metres))
        painter.restore()

    def _draw(self, painter: QPainter, bar: Rect, credit: Rect, metres: int) -> None:
        ink, halo = self._look.theme.color("place"), self._look.theme.color("halo", 0.82)
        left, right, foot = round(bar.x) + 0.5, round(bar.right) - 0.5, round(bar.bottom) - 0.5
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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

    def _credit_width(self) -> float:
        """How long the credits are at the present size, px."""
        scale = self._look.theme.scale
        if self._wide is None or self._wide[0] != scale:
            self._wide = scale, QFontMetricsF(self._credit_font()).horizontalAdvance(self._credits)
        return self._wide[1]

    def _credit_font(self) -> QFont:
        font = self._look.theme.font("meta")
        font.setPixelSize(self._look.theme.px(_CREDIT_PX))
        return font

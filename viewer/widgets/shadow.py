"""The one shadow, for things above the map: a soft rounded rectangle, stretched from nine pieces of a picture."""

from __future__ import annotations

import functools

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from viewer.look.tokens import Theme

SHADOW_MARGIN = 14
"""How far the shadow reaches around what casts it, in logical px."""
_DROP = 3
_STEPS = 14


def paint_shadow(painter: QPainter, rect: QRect, radius: int, theme: Theme) -> None:
    """Shade the ground around ``rect`` (logical px, rounded by ``radius``), reaching out SHADOW_MARGIN."""
    device = painter.device()
    ratio = device.devicePixelRatio() if device is not None else 1.0
    strength = 0.5 if theme.dark else 0.13
    picture = _picture(radius, theme.shadow.rgb(), strength, ratio)
    reach = SHADOW_MARGIN + radius + _DROP
    outer = rect.adjusted(-SHADOW_MARGIN, -SHADOW_MARGIN, SHADOW_MARGIN, SHADOW_MARGIN)
    across = _pieces(outer.left(), outer.width(), reach)
    down = _pieces(outer.top(), outer.height(), reach)
    for row, (sy, sh, ty, th) in enumerate(down):
        for column, (sx, sw, tx, tw) in enumerate(across):
            if (row, column) != (1, 1) and tw > 0 and th > 0:
                source = QRectF(sx * ratio, sy * ratio, sw * ratio, sh * ratio)
                painter.drawPixmap(QRectF(tx, ty, tw, th), picture, source)


def _pieces(start: int, length: int, reach: int) -> tuple[tuple[int, int, int, int], ...]:
    """Along one side, for both ends and the stretch between: start and length in the picture and on the screen."""
    return (
        (0, reach, start, reach),
        (reach, 2, start + reach, length - 2 * reach),
        (reach + 2, reach, start + length - reach, reach),
    )


@functools.lru_cache(maxsize=16)
def _picture(radius: int, rgb: int, strength: float, ratio: float) -> QPixmap:
    reach = SHADOW_MARGIN + radius + _DROP
    side = 2 * reach + 2
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        caster = QRectF(SHADOW_MARGIN, SHADOW_MARGIN, side - 2 * SHADOW_MARGIN, side - 2 * SHADOW_MARGIN)
        # Sheets of growing size add up to a fall-off like a blur's, densest beside the edge.
        for step in range(_STEPS):
            spread = (SHADOW_MARGIN - _DROP) * (1 - step / _STEPS)
            color = QColor.fromRgb(rgb)
            color.setAlphaF(strength * 2.5 * ((step + 0.5) / _STEPS) ** 1.5 / _STEPS)
            painter.setBrush(color)
            sheet = caster.adjusted(-spread, -spread, spread, spread).translated(0, _DROP * 0.7)
            painter.drawRoundedRect(sheet, radius + spread, radius + spread)
    return pixmap

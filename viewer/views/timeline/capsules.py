"""The dashed outline of what is planned or predicted for an uncertain time.

Put together from copied dashes and two short arcs: stroking the whole outline takes a hundred times as long.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from viewer.look.theme import ThemeManager
from viewer.views.timeline.bands import BAND

DASH: Final = 4
GAP: Final = 3
STRENGTH: Final = 0.8


class Capsules:
    """Draws capsules in the present theme; ``reset`` after it changed."""

    def __init__(self, look: ThemeManager) -> None:
        self._look = look
        self._dashes: dict[tuple[int, float], QPixmap] = {}

    def reset(self) -> None:
        self._dashes.clear()

    def paint(self, painter: QPainter, ends: tuple[float, float], y: int, width: int, color: QColor) -> None:
        """One capsule between ``ends`` (px) about ``y``, as much as is seen in a plot of ``width`` px."""
        theme = self._look.theme
        high = theme.px(BAND) - 1
        left, right = round(max(ends[0], -40.0)), round(min(ends[1], width + 40.0))
        if right - left < high:
            return
        top, half = y - high // 2, high / 2
        inside, ink = theme.color("surface", 0.7), QColor(color)
        ink.setAlphaF(STRENGTH)
        dashes = self._dash(ink, painter.device().devicePixelRatio())
        middle = QRectF(left + half, top, right - left - high, high)
        painter.fillRect(middle, inside)
        for edge in (top, top + high - 1):
            painter.drawTiledPixmap(QRectF(middle.left(), edge, middle.width(), 1), dashes)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for start, x in ((90, left), (270, right - high)):
            if -high <= x <= width:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(inside)
                painter.drawPie(QRectF(x, top, high, high), start * 16, 180 * 16)
                pen = QPen(ink, 1.1)
                pen.setDashPattern([DASH / 1.1, (GAP - 0.4) / 1.1])
                painter.setPen(pen)
                painter.drawArc(QRectF(x + 0.5, top + 0.5, high - 1, high - 1), start * 16, 180 * 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _dash(self, ink: QColor, ratio: float) -> QPixmap:
        key = ink.rgba(), ratio
        found = self._dashes.get(key)
        if found is None:
            found = QPixmap(round((DASH + GAP) * ratio), max(round(ratio), 1))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            with QPainter(found) as painter:
                painter.fillRect(0, 0, DASH, 1, ink)
            self._dashes[key] = found
        return found

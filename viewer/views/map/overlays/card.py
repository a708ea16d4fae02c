"""The raised ground of everything that lies over the map, and texts on it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from viewer.look.theme import RADIUS_CARD, ThemeManager
from viewer.views.map.geometry import Rect
from viewer.widgets.kept import KeptDrawing
from viewer.widgets.shadow import SHADOW_MARGIN, paint_shadow

SHADOW: Final = SHADOW_MARGIN
"""Room around a card for its shadow, logical px."""


def draw_card(look: ThemeManager, width: int, height: int, radius: int, ratio: float) -> QPixmap:
    """A card's ground with its shadow, SHADOW px larger on each side."""
    theme = look.theme
    pixmap = QPixmap(round((width + 2 * SHADOW) * ratio), round((height + 2 * SHADOW) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRect(SHADOW, SHADOW, width, height)
        paint_shadow(painter, body, radius, theme)
        painter.setBrush(theme.raised)
        painter.setPen(theme.border2 if theme.dark else theme.border)
        painter.drawRoundedRect(QRectF(body).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    return pixmap


class Card(QWidget):
    """A raised card; its own size is that of the body, the widget is larger by the shadow.

    Subclasses paint in ``paint_body`` with the origin at the body's corner, and say with ``renew`` that it has become
    another: the map below is painted for each frame, and with it everything that lies on it.
    """

    def __init__(self, look: ThemeManager, parent: QWidget, radius: int = RADIUS_CARD) -> None:
        super().__init__(parent)
        self.look = look
        self._radius = radius
        self._ground: tuple[tuple[int, int, float], QPixmap] | None = None
        self._kept = KeptDrawing()
        self.setCursor(Qt.CursorShape.ArrowCursor)
        look.changed.connect(self._on_look)

    def body(self) -> Rect:
        """The card itself in the parent's logical px."""
        return Rect(self.x() + SHADOW, self.y() + SHADOW, self.width() - 2 * SHADOW, self.height() - 2 * SHADOW)

    def place(self, x: float, y: float, width: float, height: float) -> None:
        """Put the body at a rectangle of the parent."""
        self.setGeometry(round(x) - SHADOW, round(y) - SHADOW, round(width) + 2 * SHADOW, round(height) + 2 * SHADOW)

    def paint_body(self, painter: QPainter, width: int, height: int) -> None:
        """Draw what is on the card; the origin is the body's top left."""

    def renew(self) -> None:
        """What is on the card has changed."""
        self._kept.forget()
        self.update()

    def _on_look(self) -> None:
        self._ground = None
        self.renew()

    def _draw_ground(self, painter: QPainter) -> None:
        key = (self.width(), self.height(), self.devicePixelRatioF())
        if self._ground is None or self._ground[0] != key:
            width, height = self.width() - 2 * SHADOW, self.height() - 2 * SHADOW
            self._ground = (key, draw_card(self.look, width, height, self._radius, key[2]))
        painter.drawPixmap(QPointF(0, 0), self._ground[1])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the card is none on the map."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._kept.paint(painter, QSizeF(self.size()), self.devicePixelRatioF(), self._radius, self._draw)

    def _draw(self, painter: QPainter) -> None:
        self._draw_ground(painter)
        painter.translate(SHADOW, SHADOW)
        self.paint_body(painter, self.width() - 2 * SHADOW, self.height() - 2 * SHADOW)

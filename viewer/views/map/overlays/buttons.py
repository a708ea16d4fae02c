"""Zoom and map style: small cards with icon buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from viewer.look.theme import ThemeManager
from viewer.views.map.overlays.card import SHADOW, Card
from viewer.widgets.buttons import IconButton

SIDE: Final = 34


class ButtonCard(Card):
    """Icon buttons one below the other, 34 px wide."""

    def __init__(self, look: ThemeManager, parent: QWidget, buttons: Sequence[IconButton]) -> None:
        super().__init__(look, parent)
        self._buttons = tuple(buttons)
        for button in self._buttons:
            button.setParent(self)

    def arrange(self, right: float, bottom: float) -> float:
        """Put the lower right corner of the body at a point of the parent; returns the body's top."""
        side = self.look.theme.px(SIDE)
        height = side * len(self._buttons)
        self.place(right - side, bottom - height, side, height)
        for at, button in enumerate(self._buttons):
            button.setGeometry(SHADOW + 2, SHADOW + 2 + at * side, side - 4, side - 4)
        return bottom - height

    def paint_body(self, painter: QPainter, width: int, height: int) -> None:
        side = self.look.theme.px(SIDE)
        painter.setPen(self.look.theme.border)
        for at in range(1, len(self._buttons)):
            painter.drawLine(QPointF(0.5, at * side + 0.5), QPointF(width - 0.5, at * side + 0.5))

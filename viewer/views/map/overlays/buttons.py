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
    """Icon buttons one below the other, 34 px wide, or side by side."""

    def __init__(self, look: ThemeManager, parent: QWidget, buttons: Sequence[IconButton]) -> None:
        super().__init__(look, parent)
        self._buttons = tuple(buttons)
        self._flat = False
        for button in self._buttons:
            button.setParent(self)

    def length(self) -> int:
        """The longer side of the body in logical px."""
        return self.look.theme.px(SIDE) * len(self._buttons)

    def arrange(self, right: float, bottom: float, *, flat: bool = False) -> tuple[float, float]:
        """Put the lower right corner of the body at a point of the parent; returns the body's left and top.

        ``flat``: the buttons side by side.
        """
        side, length = self.look.theme.px(SIDE), self.length()
        self._flat = flat
        width, height = (length, side) if flat else (side, length)
        self.place(right - width, bottom - height, width, height)
        for at, button in enumerate(self._buttons):
            along = at * side
            button.setGeometry(
                SHADOW + 2 + (along if flat else 0), SHADOW + 2 + (0 if flat else along), side - 4, side - 4
            )
        return right - width, bottom - height

    def paint_body(self, painter: QPainter, width: int, height: int) -> None:
        side = self.look.theme.px(SIDE)
        painter.setPen(self.look.theme.border)
        for at in range(1, len(self._buttons)):
            if self._flat:
                painter.drawLine(QPointF(at * side + 0.5, 0.5), QPointF(at * side + 0.5, height - 0.5))
            else:
                painter.drawLine(QPointF(0.5, at * side + 0.5), QPointF(width - 0.5, at * side + 0.5))

"""The fading of text that goes on out of sight, so that no half line or stray underline stands at an edge."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QLinearGradient, QPainter
from PySide6.QtWidgets import QScrollBar

from viewer.look.tokens import Theme

FADE: Final = 14
OPAQUE: Final = 0.4
"""The share of the fade, from the edge, where nothing is seen."""


def paint_edges(painter: QPainter, area: QRect, bar: QScrollBar, theme: Theme) -> None:
    """Draw the ground of panels over the top and bottom of ``area`` where ``bar`` can be scrolled further."""
    high, ground = theme.px(FADE), QColor(theme.surface)
    clear = QColor(ground)
    clear.setAlpha(0)
    bottom = area.height()
    for more, edge, inner in (
        (bar.value() > bar.minimum(), 0, high),
        (bar.value() < bar.maximum(), bottom, bottom - high),
    ):
        if more:
            fade = QLinearGradient(0, edge, 0, inner)
            fade.setColorAt(0, ground)
            fade.setColorAt(OPAQUE, ground)
            fade.setColorAt(1, clear)
            painter.fillRect(QRectF(0, min(edge, inner), area.width(), high), fade)

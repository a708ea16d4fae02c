"""What has been measured, on a card that lets the mouse through: a point may lie under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from viewer.look.theme import ThemeManager
from viewer.views.map.overlays.card import Card

_SIDE: Final = 14
_TOP: Final = 9
_LINE: Final = 20
_HINT: Final = 15


class MeasureCard(Card):
    """Figures, and below them in small what can be done next."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.figures: tuple[str, ...] = ()
        self.hints: tuple[str, ...] = ()
        self._at = (0.0, 0.0)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def arrange(self, x: float, y: float) -> None:
        """Put the body's upper left at a point of the map."""
        self._at = (x, y)
        self._lay()

    def show_lines(self, figures: Sequence[str], hints: Sequence[str]) -> None:
        """Say it; no figures hide the card."""
        self.figures, self.hints = tuple(figures), tuple(hints)
        self.setAccessibleName(". ".join((*figures, *hints)))
        self._lay()
        self.setVisible(bool(figures))
        self.renew()

    def _lay(self) -> None:
        theme = self.look.theme
        strong, small = QFontMetricsF(theme.font("body_strong")), QFontMetricsF(theme.font("meta"))
        wide = max(
            (
                *(strong.horizontalAdvance(each) for each in self.figures),
                *(small.horizontalAdvance(each) for each in self.hints),
                theme.px(90),
            )
        )
        high = theme.px(_LINE) * len(self.figures) + theme.px(_HINT) * len(self.hints)
        self.place(*self._at, wide + 2 * theme.px(_SIDE), high + 2 * theme.px(_TOP))

    def paint_body(self, painter: QPainter, width: int, _height: int) -> None:
        theme = self.look.theme
        y = float(theme.px(_TOP))
        where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        lines = [(each, "body_strong", theme.text, theme.px(_LINE)) for each in self.figures]
        lines += [(each, "meta", theme.text2, theme.px(_HINT)) for each in self.hints]
        for text, role, color, high in lines:
            painter.setFont(theme.font(role))
            painter.setPen(color)
            painter.drawText(QRectF(theme.px(_SIDE), y, width - theme.px(_SIDE), high), where, text)
            y += high

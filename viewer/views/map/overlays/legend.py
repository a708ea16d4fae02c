"""The strip that names the marks now on the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from viewer.marks import MarkLook
from viewer.theme import ThemeManager
from viewer.views.map.overlays.card import Card

HEIGHT: Final = 30
_MARGIN: Final = 12
_MARK: Final = 18
_GAP: Final = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark and what it means."""

    mark: MarkLook
    text: str


class Legend(Card):
    """Kinds first, then states; the mouse passes through to the map."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.entries: tuple[Entry, ...] = ()
        self._widths: list[float] = []

    def show_entries(
        self, kinds: Sequence[Entry], states: Sequence[Entry], left: float, bottom: float, room: float
    ) -> None:
        """Show what fits in ``room`` px: all, or the kinds alone, or nothing. The body's lower left is given."""
        for entries in ((*kinds, *states), tuple(kinds)):
            widths = [self._measure(entry) for entry in entries]
            width = sum(widths) + self.look.theme.px(2 * _MARGIN) + self.look.theme.px(_GAP) * (len(entries) - 1)
            if entries and width <= room:
                self._widths = widths
                height = self.look.theme.px(HEIGHT)
                self.place(left, bottom - height, math.ceil(width), height)
                if entries != self.entries:
                    self.entries = entries
                    self.setAccessibleName("Legend: " + ", ".join(entry.text for entry in entries))
                    self.update()
                self.show()
                return
        self.entries = ()
        self.hide()

    def paint_body(self, painter: QPainter, _width: int, height: int) -> None:
        theme = self.look.theme
        painter.setFont(theme.font("note"))
        painter.setPen(theme.text2)
        x = float(theme.px(_MARGIN))
        for entry, width in zip(self.entries, self._widths, strict=True):
            self.look.marks.draw(painter, QPointF(x + 6, height / 2), entry.mark)
            space = QRectF(x + theme.px(_MARK), 0, width, height)
            painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.text)
            x += width + theme.px(_GAP)

    def _measure(self, entry: Entry) -> float:
        metrics = QFontMetricsF(self.look.theme.font("note"))
        return metrics.horizontalAdvance(entry.text) + self.look.theme.px(_MARK)

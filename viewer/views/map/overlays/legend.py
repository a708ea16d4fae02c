"""The strip that names the marks now on the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from viewer.look.marks import MarkLook
from viewer.look.theme import ThemeManager
from viewer.views.map.overlays.card import Card

HEIGHT: Final = 30
_ROW: Final = 17
"""Height of a row where there are several."""
_MARGIN: Final = 12
_PAD: Final = 4
_MARK: Final = 18
_GAP: Final = 14
_MOST_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark and what it means."""

    mark: MarkLook
    text: str


@dataclass(frozen=True, slots=True)
class _Table:
    """Entries in rows: how many in one, how wide each of its columns, and the size of the body."""

    across: int
    columns: tuple[float, ...]
    width: int
    height: int


class Legend(Card):
    """Kinds first, then states; the mouse passes through to the map."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.entries: tuple[Entry, ...] = ()
        self._table = _Table(0, (), 0, 0)

    def show_entries(
        self,
        kinds: Sequence[Entry],
        states: Sequence[Entry],
        left: float,
        bottom: float,
        room: float,
        less: float | None = None,
    ) -> None:
        """Show what fits in ``room`` px: all in one row, or the kinds alone, in several rows if need be, or nothing.

        The body's lower left is given; several rows have ``less`` room, where something lies above the first.
        """
        table = self._lay_out((*kinds, *states), room, 1)
        entries = (*kinds, *states) if table else tuple(kinds)
        table = table or self.fit(kinds, room, less)
        if table is None:
            self.entries = ()
            self.hide()
            return
        self.place(left, bottom - table.height, table.width, table.height)
        if (entries, table) != (self.entries, self._table):
            self.entries, self._table = entries, table
            self.setAccessibleName("Legend: " + ", ".join(entry.text for entry in entries))
            self.renew()
        self.show()

    def fit(self, entries: Sequence[Entry], room: float, less: float | None = None) -> _Table | None:
        """The fewest rows in which entries have room; None when they have none."""
        tables = (
            self._lay_out(entries, room if rows == 1 or less is None else less, rows)
            for rows in range(1, _MOST_ROWS + 1)
        )
        return next((table for table in tables if table is not None), None)

    def paint_body(self, painter: QPainter, _width: int, height: int) -> None:
        theme, table = self.look.theme, self._table
        rows = max(math.ceil(len(self.entries) / max(table.across, 1)), 1)
        pad = theme.px(_PAD) if rows > 1 else 0
        step = (height - 2 * pad) / rows
        painter.setFont(self._font(rows))
        painter.setPen(theme.text2)
        for number, entry in enumerate(self.entries):
            row, column = divmod(number, table.across)
            x = theme.px(_MARGIN) + sum(table.columns[:column])
            middle = pad + (row + 0.5) * step
            self.look.marks.draw(painter, QPointF(x + 6, middle), entry.mark)
            space = QRectF(x + theme.px(_MARK), middle - step / 2, table.columns[column], step)
            painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.text)

    def _font(self, rows: int) -> QFont:
        return self.look.theme.font("note" if rows == 1 else "meta")

    def _lay_out(self, entries: Sequence[Entry], room: float, rows: int) -> _Table | None:
        """Entries row by row, in columns as wide as their widest; None when that is wider than ``room``."""
        if not entries or rows > len(entries):
            return None
        px = self.look.theme.px
        metrics = QFontMetricsF(self._font(rows))
        across = math.ceil(len(entries) / rows)
        widths = [metrics.horizontalAdvance(entry.text) + px(_MARK + _GAP) for entry in entries]
        columns = tuple(max(widths[column::across]) for column in range(across))
        width = math.ceil(sum(columns) - px(_GAP) + px(2 * _MARGIN))
        height = px(HEIGHT) if rows == 1 else px(_ROW) * rows + 2 * px(_PAD)
        return _Table(across, columns, width, height) if width <= room else None

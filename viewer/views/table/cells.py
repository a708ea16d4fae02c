"""How a cell of the table is painted: the mark before the title, an amber word for claims that disagree."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.models.event_marks import row_mark
from viewer.models.events import Column, EventModel, Index
from viewer.views.table.widths import Cell, broken, in_two_lines
from viewer.widgets.text import AT_LEFT, each_its_way

PADDING: Final = 10
END: Final = 6
MARK_SPACE: Final = 20
LINE: Final = 14


class CellDelegate(QStyledItemDelegate):
    """Paints on the theme's own ground; selection is the accent's soft colour, as everywhere."""

    def __init__(self, desk: Desk, look: ThemeManager, model: EventModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look, self._model = desk, look, model

    def need(self, text: str, column: Column) -> Cell:
        """What a cell takes, px: in one line, and in two."""
        theme = self._look.theme
        beside = theme.px(PADDING) + theme.px(END) + 2 + (theme.px(MARK_SPACE) if column is Column.TITLE else 0)
        wide = QFontMetrics(self._font(column)).horizontalAdvance
        return Cell(wide(text) + beside, in_two_lines(text, wide) + beside)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        column = Column(index.column())
        text = self._model.text(self._model.row_at(index.row()), column)
        return QSize(self.need(text, column).ease, self._look.theme.px(32))

    def _font(self, column: Column) -> QFont:
        return self._look.theme.font("label" if column is Column.TITLE else "note")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, row = self._look.theme, self._model.row_at(index.row())
        column = Column(index.column())
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        ground = theme.accent_soft if selected else theme.hover if hovered else theme.surface
        painter.fillRect(area, ground)
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.border)
        left = area.left() + theme.px(PADDING)
        columns = self._desk.data.index.columns
        if column is Column.TITLE:
            mark = row_mark(self._desk.data, row)(self._look)
            self._look.marks.draw(painter, QPointF(left + theme.px(6), area.center().y() + 0.5), mark)
            left += theme.px(MARK_SPACE)
        painter.setFont(self._font(column))
        warns = column is Column.CLAIMS and bool(columns.disagrees[row])
        painter.setPen(theme.warn if warns else theme.text if column is Column.TITLE else theme.text2)
        space = QRect(left, area.top(), area.right() - left - theme.px(END), area.height())
        self._paint_text(painter, space, self._model.text(row, column), column)
        painter.restore()

    def _paint_text(self, painter: QPainter, space: QRect, text: str, column: Column) -> None:
        """In one line, else in two of the same type: rows in several sizes are hard to read down."""
        where, metrics = Qt.AlignmentFlag.AlignVCenter | AT_LEFT, QFontMetrics(painter.font())
        if column is Column.PLACE:  # “الرقة (about 100 km)” ends in our words, whatever letters begin it
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        else:
            each_its_way(painter)
        if metrics.horizontalAdvance(text) <= space.width():
            painter.drawText(space, where, text)
            return
        lines = [line for line in broken(text, space.width() - 1, metrics.horizontalAdvance) if line]
        high = self._look.theme.px(LINE)
        top = space.center().y() - high * len(lines) // 2
        for number, line in enumerate(lines):
            at = QRect(space.left(), top + number * high, space.width(), high)
            painter.drawText(at, where, metrics.elidedText(line, Qt.TextElideMode.ElideRight, space.width()))

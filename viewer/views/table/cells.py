"""How a cell of the table is painted: the mark before the title, an amber word for claims that disagree."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.core.desk import Desk
from viewer.models.event_marks import row_mark
from viewer.models.events import Column, EventModel, Index
from viewer.theme import ThemeManager

PADDING: Final = 10
MARK_SPACE: Final = 20


class CellDelegate(QStyledItemDelegate):
    """Paints on the theme's own ground; selection is the accent's soft colour, as everywhere."""

    def __init__(self, desk: Desk, look: ThemeManager, model: EventModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look, self._model = desk, look, model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(self._look.theme.px(80), self._look.theme.px(32))

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
        painter.setFont(theme.font("body_medium" if column is Column.TITLE else "body"))
        warns = column is Column.CLAIMS and bool(columns.disagrees[row])
        painter.setPen(theme.warn if warns else theme.text if column is Column.TITLE else theme.text2)
        space = QRect(left, area.top(), area.right() - left - theme.px(6), area.height())
        text = QFontMetrics(painter.font()).elidedText(
            self._model.text(row, column), Qt.TextElideMode.ElideRight, space.width()
        )
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

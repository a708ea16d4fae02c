"""Rows of lists: a mark or icon, a title, small print, and a fact and a badge at the right end.

A model answers ROW_ROLE with a RowContent; RowDelegate draws it. ``paint_row`` does it for painted views.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from viewer.look.theme import ThemeManager
from viewer.look.tokens import RADIUS_INPUT
from viewer.widgets.chips import MarkMaker, badge_size, paint_badge
from viewer.widgets.text import AT_LEFT, each_its_way

LOW: Final = 30
TALL: Final = 46
ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 100
"""The item data role of a RowContent."""


@dataclass(frozen=True, slots=True)
class RowContent:
    """What a row shows. ``badge`` is text and tone (chips.tone_colors); ``bold``: found ranges of the title."""

    title: str
    small: str = ""
    fact: str = ""
    mark: MarkMaker | None = None
    icon: str = ""
    badge: tuple[str, str] | None = None
    bold: tuple[tuple[int, int], ...] = ()


def row_height(look: ThemeManager, content: RowContent) -> int:
    """The height of a row in logical px: one line 30, two lines 46 at scale 1."""
    return look.theme.px(TALL if content.small else LOW)


def paint_row(
    painter: QPainter,
    rect: QRect,
    look: ThemeManager,
    content: RowContent,
    *,
    selected: bool = False,
    hovered: bool = False,
    focused: bool = False,
) -> None:
    """Draw a row into ``rect``. A selected row has a ground and outline of accent, a hovered one a grey ground."""
    theme = look.theme
    painter.save()
    each_its_way(painter)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(rect).adjusted(theme.px(4) + 0.5, 1.5, -theme.px(4) - 0.5, -1.5)
    if selected or hovered or focused:
        painter.setPen(QPen(theme.accent, 2 if focused else 1) if selected or focused else Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent_soft if selected else theme.hover if hovered else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, theme.px(RADIUS_INPUT), theme.px(RADIUS_INPUT))
    left, right = rect.left() + theme.px(14), rect.right() - theme.px(14)
    middle = rect.center().y() + 0.5 - (theme.px(8) if content.small else 0)
    left += _paint_lead(painter, QPointF(left + theme.px(6), middle), look, content)
    right -= _paint_end(painter, right, rect, look, content)
    room = max(0, right - left)
    line = QRect(left, round(middle) - theme.px(10), room, theme.px(20))
    _paint_title(painter, line, look, content)
    if content.small:
        font = theme.font("meta")
        painter.setFont(font)
        painter.setPen(theme.text2 if selected else theme.text3)
        below = line.translated(0, theme.px(17))
        words = QFontMetrics(font).elidedText(content.small, Qt.TextElideMode.ElideRight, room)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | AT_LEFT, words)
    painter.restore()


def _paint_lead(painter: QPainter, center: QPointF, look: ThemeManager, content: RowContent) -> int:
    """The mark or icon; returns the width that it takes."""
    if content.mark is not None:
        look.marks.draw(painter, center, content.mark(look))
    elif content.icon:
        pixmap = look.pixmap(content.icon, "text2", 15)
        side = pixmap.width() / pixmap.devicePixelRatio()
        painter.drawPixmap(center - QPointF(side / 2, side / 2), pixmap)
    else:
        return 0
    return look.theme.px(22)


def _paint_end(painter: QPainter, right: int, rect: QRect, look: ThemeManager, content: RowContent) -> int:
    """Fact and badge at the right end; returns the width that they take, gap included."""
    theme = look.theme
    used = 0
    if content.badge is not None:
        size = badge_size(look, content.badge[0])
        corner = QPointF(right - size.width(), round(rect.center().y() + 0.5 - size.height() / 2))
        paint_badge(painter, QRectF(corner, size.toSizeF()), look, *content.badge)
        used += size.width() + theme.px(10)
    if content.fact:
        font = theme.font("meta")
        metrics = QFontMetricsF(font)
        title = QFontMetrics(theme.font("body_strong")).horizontalAdvance(content.title) + theme.px(60)
        most = max(rect.width() * 9 // 20, rect.width() - title)  # the title has the larger part, where it needs it
        whole = math.ceil(metrics.horizontalAdvance(content.fact))
        width = min(whole, most)
        fits = whole <= most  # asked of Qt, a text in its very width may be cut
        words = content.fact if fits else metrics.elidedText(content.fact, Qt.TextElideMode.ElideRight, width)
        painter.setFont(font)
        painter.setPen(theme.text2)
        place = QRect(right - used - width, rect.top(), width + 1, rect.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | AT_LEFT, words)
        used += width + theme.px(10)
    return used


def _paint_title(painter: QPainter, line: QRect, look: ThemeManager, content: RowContent) -> None:
    """The title, cut to fit, its found words heavier."""
    theme = look.theme
    plain, strong = theme.font("body"), theme.font("body_strong")
    painter.setPen(theme.text)
    if not content.bold:
        painter.setFont(plain)
        words = QFontMetrics(plain).elidedText(content.title, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | AT_LEFT, words)
        return
    x, at = line.left(), 0
    pieces: list[tuple[str, bool]] = []
    for start, end in content.bold:
        pieces += [(content.title[at:start], False), (content.title[start:end], True)]
        at = end
    pieces.append((content.title[at:], False))
    for text, heavy in pieces:
        font = strong if heavy else plain
        metrics = QFontMetrics(font)
        words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, line.right() - x))
        painter.setFont(font)
        place = QRect(x, line.top(), line.right() - x + 1, line.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | AT_LEFT, words)
        x += metrics.horizontalAdvance(words)
        if words != text:
            break


class RowDelegate(QStyledItemDelegate):
    """Draws items that answer ROW_ROLE; others as Qt does. The view needs mouse tracking for the hovered ground.

    ``tall``: all rows are as high as those of two lines, for lists with uniform sizes.
    """

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.tall = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        content = index.data(ROW_ROLE)
        if not isinstance(content, RowContent):
            return super().sizeHint(option, index)
        return QSize(0, self._look.theme.px(TALL) if self.tall else row_height(self._look, content))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        content = index.data(ROW_ROLE)
        if not isinstance(content, RowContent):
            super().paint(painter, option, index)
            return
        state = option.state
        paint_row(
            painter,
            option.rect,
            self._look,
            content,
            selected=bool(state & QStyle.StateFlag.State_Selected),
            hovered=bool(state & QStyle.StateFlag.State_MouseOver),
            focused=bool(
                state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange
            ),
        )

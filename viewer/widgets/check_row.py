"""A check box with a line of its own: words, a badge, a count at the right end, and a second line of small print."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton

from viewer.look.theme import ThemeManager
from viewer.look.tokens import RADIUS_CHIP, TARGET
from viewer.widgets.chips import MarkMaker, badge_size, paint_badge
from viewer.widgets.text import AT_LEFT, each_its_way

_WRAP = int(Qt.TextFlag.TextWordWrap) | int(AT_LEFT) | int(Qt.AlignmentFlag.AlignTop)


class CheckRow(QCheckBox):
    """A check box as wide as its panel; a click anywhere on it counts, and long words wrap.

    Use QCheckBox's own ``toggled`` (any change) or ``clicked`` (the user's). Where the words open something, only the
    box and Space tick; a click on the words and Enter open.

    Signals:
        opened(): the user wants to see what the words stand for.
    """

    opened = Signal()

    def __init__(
        self,
        look: ThemeManager,
        text: str,
        *,
        small: str = "",
        count: str = "",
        badge: tuple[str, str, str] | None = None,
        mark: MarkMaker | None = None,
        checked: bool = True,
        opens: str = "",
    ) -> None:
        """``badge``: its text, its tone (chips.tone_colors) and its meaning in words. ``opens``: what a click on the
        words does, in words.
        """
        super().__init__()
        self._look = look
        self._words = text
        self._small = small
        self._count = count
        self._badge = badge
        self._mark = mark
        self._opens = opens
        self._pressed = False
        self._heights: dict[int, int] = {}
        self._refitted = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setProperty("focus_radius", float(RADIUS_CHIP))
        self.setMouseTracking(bool(opens))
        self.setChecked(checked)
        self._name()
        self._explain()
        look.changed.connect(self._on_look)

    def words(self) -> str:
        """The main words."""
        return self._words

    def set_words(self, text: str, small: str, badge: tuple[str, str, str] | None = None) -> None:
        """Other words, small print and badge."""
        if (text, small, badge) != (self._words, self._small, self._badge):
            self._words, self._small, self._badge = text, small, badge
            self._name()
            self._explain()
            self._fit()

    def count(self) -> str:
        """What stands at the right end."""
        return self._count

    def set_count(self, count: str) -> None:
        """Another count at the right end."""
        if count != self._count:
            self._count = count
            self._name()
            self._fit()

    def _name(self) -> None:
        meaning = self._badge[2] if self._badge else ""
        self.setAccessibleName(", ".join(part for part in (self._words, meaning, self._small, self._count) if part))

    def _explain(self) -> None:
        meaning = self._badge[2] if self._badge else ""
        self.setToolTip("\n".join(part for part in (meaning, self._opens) if part))
        if self._opens:
            self.setAccessibleDescription(f"Space shows or hides, Enter: {self._opens.lower()}")

    def _on_look(self) -> None:
        self._heights.clear()
        self.updateGeometry()
        self.update()

    def _fit(self) -> None:
        """Other texts: the panel is laid out anew only where they need another height."""
        before = self._heights.get(self.width())
        self._heights.clear()
        self._refitted = before == self.heightForWidth(self.width())
        if not self._refitted:
            self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._refitted:  # layouts remember heights of other widths
            self._refitted = False
            self.updateGeometry()

    def _left(self) -> int:
        px = self._look.theme.px
        return px(24) + (px(18) if self._mark else 0)

    def _tail(self) -> int:
        """Width of badge and count at the right of the first line."""
        theme = self._look.theme
        width = 0
        if self._count:
            width += QFontMetrics(theme.font("meta")).horizontalAdvance(self._count) + theme.px(8)
        if self._badge:
            width += badge_size(self._look, self._badge[0]).width() + theme.px(8)
        return width

    def _areas(self, width: int) -> tuple[QRect, QRect]:
        """Where the words and the small print go in a row of that width."""
        theme = self._look.theme
        left, top = self._left(), theme.px(4)
        room = max(theme.px(40), width - left - self._tail())
        words = QFontMetrics(theme.font("body")).boundingRect(QRect(left, top, room, 9999), _WRAP, self._words)
        room = max(theme.px(40), width - left)
        below = QRect(left, words.bottom() + 1, room, 9999)
        if not self._small:
            return words, QRect(left, words.bottom() + 1, 0, 0)
        return words, QFontMetrics(theme.font("meta")).boundingRect(below, _WRAP, self._small)

    def hitButton(self, pos: QPoint) -> bool:
        return not self._opens or pos.x() < self._look.theme.px(TARGET)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() is Qt.MouseButton.LeftButton and not self.hitButton(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        pressed, self._pressed = self._pressed, False
        if pressed and self.rect().contains(at) and not self.hitButton(at):
            self.opened.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._opens:
            over = not self.hitButton(event.position().toPoint())
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._opens and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        # Layouts ask several times for each width.
        if width not in self._heights:
            theme = self._look.theme
            self._heights[width] = max(theme.px(TARGET), self._areas(width)[1].bottom() + 1 + theme.px(4))
        return self._heights[width]

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        width = self._left() + QFontMetrics(theme.font("body")).horizontalAdvance(self._words) + self._tail()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(120), self._look.theme.px(TARGET))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.setOpacity(1.0 if self.isEnabled() else 0.5)
            words, small = self._areas(self.width())
            line = QFontMetrics(theme.font("body")).height()
            middle = words.top() + line / 2
            if not self._small and words.height() <= line:
                words.moveTop((self.height() - words.height()) // 2)
                middle = self.height() / 2
            self._paint_box(painter, middle)
            if self._mark is not None:
                self._look.marks.draw(painter, QPointF(theme.px(31), middle), self._mark(self._look))
            painter.setFont(theme.font("body"))
            painter.setPen(theme.text if self.isChecked() else theme.text2)
            words.setWidth(words.width() + 1)
            each_its_way(painter)
            painter.drawText(words, _WRAP, self._words)
            self._paint_tail(painter, words, middle)
            painter.setFont(theme.font("meta"))
            painter.setPen(theme.text3)
            small.setWidth(small.width() + 1)
            painter.drawText(small, _WRAP, self._small)

    def _paint_box(self, painter: QPainter, middle: float) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        side = self._look.theme.px(16)
        option.rect = QRect(0, round(middle - side / 2), side, side)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, option, painter, self)

    def _paint_tail(self, painter: QPainter, words: QRect, middle: float) -> None:
        theme = self._look.theme
        if self._badge:
            size = badge_size(self._look, self._badge[0])
            corner = QPointF(words.right() + theme.px(7), round(middle - size.height() / 2))
            paint_badge(painter, QRectF(corner, size.toSizeF()), self._look, self._badge[0], self._badge[1])
        painter.setFont(theme.font("meta"))
        painter.setPen(theme.text2)
        box = QRectF(0, middle - theme.px(10), self.width(), theme.px(20))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._count)

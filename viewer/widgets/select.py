"""A choice from a list that drops down, with a few words before the value: ``Trail 90 days``."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionComboBox, QStylePainter

from viewer.look.theme import ThemeManager


class Select(QComboBox):
    """A QComboBox with values by key. The wheel scrolls what lies under it, it does not change the value.

    Signals:
        chosen(str): the user picked a value; ``set_value`` is silent.
    """

    chosen = Signal(str)

    def __init__(
        self, look: ThemeManager, name: str, items: tuple[tuple[str, str], ...] = (), *, prefix: str = ""
    ) -> None:
        """``name`` is its accessible name, ``items`` pairs of key and words."""
        super().__init__()
        self._look = look
        self._prefix = prefix
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setItemDelegate(QStyledItemDelegate(self))  # the plain one ignores the style sheet's row height
        self.set_items(items)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))
        look.changed.connect(self.updateGeometry)

    def set_items(self, items: tuple[tuple[str, str], ...]) -> None:
        """Other values; the present one stays where it is among them."""
        before = self.value() if self.count() else None
        self.clear()
        for key, words in items:
            self.addItem(words, key)
        if before is not None:
            self.set_value(before)

    def value(self) -> str:
        """The key of the value that holds; empty without items."""
        return self.currentData() or ""

    def set_value(self, key: str) -> None:
        """Show a value without a signal; an unknown key changes nothing."""
        index = self.findData(key)
        if index >= 0:
            self.setCurrentIndex(index)

    def choose(self, key: str) -> None:
        """Pick a value as the user does, from elsewhere."""
        self.set_value(key)
        self.chosen.emit(key)

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        bold, plain = QFontMetrics(theme.font("body_medium")), QFontMetrics(theme.font("note"))
        words = max((bold.horizontalAdvance(self.itemText(row)) for row in range(self.count())), default=0)
        before = plain.horizontalAdvance(self._prefix) + theme.px(6) if self._prefix else 0
        return QSize(words + before + theme.px(42), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(72), self._look.theme.px(32))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        with QStylePainter(self) as painter:
            assert isinstance(painter, QStylePainter)
            option = QStyleOptionComboBox()
            self.initStyleOption(option)
            painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
            rect = self.rect().adjusted(theme.px(10), 0, -theme.px(26), 0)
            faded = 1.0 if self.isEnabled() else 0.5
            painter.setOpacity(faded)
            if self._prefix:
                painter.setFont(theme.font("note"))
                painter.setPen(theme.text2)
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._prefix)
                rect.setLeft(
                    rect.left() + QFontMetrics(theme.font("note")).horizontalAdvance(self._prefix) + theme.px(6)
                )
            font = theme.font("body_medium")
            painter.setFont(font)
            painter.setPen(theme.text)
            words = QFontMetrics(font).elidedText(self.currentText(), Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

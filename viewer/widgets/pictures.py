"""An icon or an event mark as a label, fresh in each theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.look.theme import ThemeManager
from viewer.widgets.chips import MarkMaker


class IconLabel(QWidget):
    """An icon that only shows. Without ``meaning`` (tooltip and accessible name) it is decoration."""

    def __init__(
        self, look: ThemeManager, icon: str, role: str = "text2", size: int = 16, *, meaning: str = ""
    ) -> None:
        super().__init__()
        self._look = look
        self._icon, self._role, self._size = icon, role, size
        self.setToolTip(meaning)
        self.setAccessibleName(meaning)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        look.changed.connect(self.update)

    def set_icon(self, icon: str, role: str) -> None:
        """Show another icon in the colour of a role."""
        self._icon, self._role = icon, role
        self.update()

    def sizeHint(self) -> QSize:
        side = self._look.theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            side = self._look.theme.px(self._size)
            left, top = (self.width() - side) // 2, (self.height() - side) // 2
            painter.drawPixmap(left, top, self._look.pixmap(self._icon, self._role, self._size, self))


class MarkLabel(QWidget):
    """An event mark that only shows; ``make`` is asked in each theme."""

    def __init__(self, look: ThemeManager, make: MarkMaker, side: int = 16, *, meaning: str = "") -> None:
        """``side`` of the square that it stands in the middle of, in px at scale 1."""
        super().__init__()
        self._look = look
        self._make = make
        self._side = side
        self.setToolTip(meaning)
        self.setAccessibleName(meaning)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        look.changed.connect(self.update)

    def set_mark(self, make: MarkMaker, meaning: str = "") -> None:
        """Show another mark."""
        self._make = make
        self.setToolTip(meaning)
        self.setAccessibleName(meaning)
        self.update()

    def sizeHint(self) -> QSize:
        side = self._look.theme.px(self._side)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        center = QPointF(self.width() / 2, self.height() / 2)
        self._look.marks.draw(QPainter(self), center, self._make(self._look))

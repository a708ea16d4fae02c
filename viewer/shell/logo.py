"""The program's own sign, drawn at any size."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from viewer.look.theme import ThemeManager
from viewer.paths import resource

ICON_SIDES = (16, 24, 32, 48, 64, 128, 256)


class Logo(QWidget):
    """The sign as a square of ``side`` px at scale 1."""

    def __init__(self, look: ThemeManager, side: int) -> None:
        super().__init__()
        self._look, self._side = look, side
        self._art = QSvgRenderer(str(resource("app-icon.svg")), self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        side = self._look.theme.px(self._side)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._art.render(QPainter(self), self.rect().toRectF())


def window_icon() -> QIcon:
    """The sign for title bars and task switchers."""
    art, icon = QSvgRenderer(str(resource("app-icon.svg"))), QIcon()
    for side in ICON_SIDES:
        pixmap = QPixmap(side, side)
        pixmap.fill("transparent")
        with QPainter(pixmap) as painter:
            art.render(painter)
        icon.addPixmap(pixmap)
    return icon

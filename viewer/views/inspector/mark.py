"""An event's mark as a small widget."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from db.queries import KindRow
from db.values import Status
from viewer.theme import ThemeManager


class MarkLabel(QWidget):
    """The mark of one event, as on map and lanes."""

    def __init__(self, look: ThemeManager, radius: float = 6.0) -> None:
        super().__init__()
        self._look, self._radius = look, radius
        self._kind: KindRow | None = None
        self._status, self._supported = Status.OCCURRED, True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def show_event(self, kind: KindRow | None, status: Status, *, supported: bool) -> None:
        self._kind, self._status, self._supported = kind, status, supported
        self.update()

    def sizeHint(self) -> QSize:
        side = self._look.theme.px(18)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._look.theme
        color = theme.pick(self._kind.light, self._kind.dark) if self._kind else theme.color("text3")
        mark = self._look.mark(
            self._kind.shape if self._kind else "circle",
            self._status,
            color,
            self._radius * theme.scale,
            supported=self._supported,
            halo=False,
        )
        painter = QPainter(self)
        self._look.marks.draw(painter, QPointF(self.width() / 2, self.height() / 2), mark)

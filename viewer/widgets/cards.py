"""Cards: parts of a panel with a frame, and panes that float above the map with the one shadow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMargins, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from viewer.look.theme import ThemeManager
from viewer.look.tokens import RADIUS_CARD, Theme
from viewer.widgets.shadow import SHADOW_MARGIN, paint_shadow
from viewer.widgets.text import restyle


class Card(QFrame):
    """A framed part of a panel; its layout is ``body``. With ``clickable`` it is a button as large as itself.

    Signals:
        clicked(): pressed with the mouse, Enter or Space.
    """

    clicked = Signal()

    def __init__(self, look: ThemeManager, *, inset: bool = False, clickable: bool = False, name: str = "") -> None:
        super().__init__()
        self._look = look
        self._stripe: QColor | Callable[[Theme], QColor] | None = None
        self.setProperty("inset", "true" if inset else "false")
        self.setProperty("focus_radius", float(RADIUS_CARD))
        self.setAccessibleName(name)
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._clickable = clickable
        self.body = QVBoxLayout(self)
        self.body.setSpacing(look.theme.px(4))
        self._on_look()
        look.changed.connect(self._on_look)

    def set_stripe(self, color: QColor | Callable[[Theme], QColor] | None) -> None:
        """A bar of colour on the left edge, beside the first lines; a function is asked again in each theme."""
        self._stripe = color
        self.update()

    def set_active(self, active: bool) -> None:
        """Frame it in accent: it is the one that is shown elsewhere."""
        restyle(self, active="true" if active else "false")

    def _on_look(self) -> None:
        side = self._look.theme.px(12)
        self.body.setContentsMargins(side, self._look.theme.px(10), side, self._look.theme.px(10))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self._clickable and event.button() is Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()
        else:
            super().mouseReleaseEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._clickable and event.button() is Qt.MouseButton.LeftButton:
            event.accept()
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._stripe is not None:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                stripe = self._stripe
                painter.setBrush(stripe if isinstance(stripe, QColor) else stripe(self._look.theme))
                px = self._look.theme.px
                painter.drawRoundedRect(QRectF(0, px(10), px(3), min(px(34), self.height() - px(20))), 1.5, 1.5)


class FloatingCard(QWidget):
    """A pane above the map, with its shadow inside its geometry: ``pane`` is what is seen, ``body`` its layout.

    Place it with ``move_pane`` and measure it with ``pane``; the shadow lets the mouse through to the parent.
    """

    def __init__(
        self,
        look: ThemeManager,
        parent: QWidget | None = None,
        *,
        radius: int = RADIUS_CARD,
        padding: tuple[int, int, int, int] = (12, 10, 12, 10),
    ) -> None:
        """``padding`` left, top, right, bottom and ``radius`` in px at scale 1."""
        super().__init__(parent)
        self._look = look
        self._radius = radius
        self._padding = padding
        self.body = QVBoxLayout(self)
        self._on_look()
        look.changed.connect(self._on_look)

    @property
    def pane(self) -> QRect:
        """The visible rectangle in the parent's coordinates."""
        return self.geometry().marginsRemoved(self._margins())

    def move_pane(self, corner: QPoint) -> None:
        """Put the visible rectangle's top left corner at a point of the parent."""
        self.move(corner - QPoint(SHADOW_MARGIN, SHADOW_MARGIN))

    def resize_pane(self, size: QSize) -> None:
        """Give the visible rectangle a size."""
        self.resize(size.grownBy(self._margins()))

    def pane_hint(self) -> QSize:
        """The size that the visible rectangle would like."""
        return self.sizeHint().shrunkBy(self._margins())

    def _margins(self) -> QMargins:
        return QMargins(SHADOW_MARGIN, SHADOW_MARGIN, SHADOW_MARGIN, SHADOW_MARGIN)

    def _on_look(self) -> None:
        left, top, right, bottom = (self._look.theme.px(side) + SHADOW_MARGIN for side in self._padding)
        self.body.setContentsMargins(left, top, right, bottom)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = self.rect().marginsRemoved(self._margins())
            radius = theme.px(self._radius)
            paint_shadow(painter, rect, radius, theme)
            painter.setPen(QPen(theme.border, 1))
            painter.setBrush(theme.raised)
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

"""Chips at the edge of the map that point at events outside it and fly there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from viewer.look.theme import ThemeManager
from viewer.look.tokens import FOCUS_WIDTH
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.overlays.card import SHADOW, draw_card
from viewer.views.map.pointers import Pointer, settle_at_edge

HEIGHT, SMALL_HEIGHT = 28, 24
_MARGIN: Final = 12
_ARROW: Final = 20
_MOST_TEXT, _SMALL_TEXT = 210, 110


class PointerChip(QAbstractButton):
    """One pointer."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._angle = 0.0
        self._shown = ""
        self._font = "label"
        self._ground: tuple[object, QPixmap] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("own_focus", True)  # its shadow is part of the widget, which a ring would go around
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def body(self) -> Rect:
        return Rect(self.x() + SHADOW, self.y() + SHADOW, self.width() - 2 * SHADOW, self.height() - 2 * SHADOW)

    def show_pointer(self, pointer: Pointer, view: Viewport, blocked: Sequence[Rect], *, small: bool) -> bool:
        """Say and place it; False when there is no room."""
        theme = self._look.theme
        self._font = "meta_medium" if small else "label"
        high = theme.px(SMALL_HEIGHT if small else HEIGHT)
        metrics = QFontMetricsF(theme.font(self._font))
        most = theme.px(_SMALL_TEXT if small else _MOST_TEXT)
        where = metrics.elidedText(pointer.where, Qt.TextElideMode.ElideRight, most)
        shown = f"{where} · {pointer.count:,}"
        width = math.ceil(metrics.horizontalAdvance(shown)) + theme.px(2 * _MARGIN + _ARROW)
        rect = settle_at_edge(pointer.angle, width, high, view, blocked)
        if rect is None:
            return False
        self._shown, self._angle = shown, pointer.angle
        self.setAccessibleName(f"Outside the map: {pointer.text}")
        self.setToolTip(f"Fly to {pointer.text}")
        self.setGeometry(round(rect.x) - SHADOW, round(rect.y) - SHADOW, width + 2 * SHADOW, high + 2 * SHADOW)
        self.update()
        return True

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW).contains(at)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width, height = self.width() - 2 * SHADOW, self.height() - 2 * SHADOW
            key = (width, height, self.devicePixelRatioF(), theme.name, theme.scale)
            if self._ground is None or self._ground[0] != key:
                self._ground = (key, draw_card(self._look, width, height, height // 2, key[2]))
            painter.drawPixmap(QPointF(0, 0), self._ground[1])
            body = QRectF(SHADOW, SHADOW, width, height)
            if self.underMouse():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.hover)
                painter.drawRoundedRect(body.adjusted(2, 2, -2, -2), height / 2 - 2, height / 2 - 2)
            painter.save()
            painter.translate(SHADOW + theme.px(_MARGIN) + theme.px(6), SHADOW + height / 2)
            painter.scale(theme.scale, theme.scale)
            painter.rotate(math.degrees(self._angle))
            painter.setPen(
                QPen(theme.text2, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawLine(QPointF(-5, 0), QPointF(5, 0))
            painter.drawPolyline(QPolygonF([QPointF(1, -4), QPointF(5, 0), QPointF(1, 4)]))
            painter.restore()
            painter.setFont(theme.font(self._font))
            painter.setPen(theme.text)
            text = body.adjusted(theme.px(_MARGIN + _ARROW), 0, 0, 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._shown)
            if self.hasFocus():
                painter.setPen(QPen(theme.accent, FOCUS_WIDTH))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(body.adjusted(-1, -1, 1, 1), height / 2 + 1, height / 2 + 1)


class PointerChips:
    """Keeps as many chips as there are pointers; chips are used again."""

    def __init__(self, look: ThemeManager, parent: QWidget, fly: Callable[[Pointer], None]) -> None:
        self._look, self._parent, self._fly = look, parent, fly
        self._chips: list[PointerChip] = []
        self.shown: list[Pointer] = []

    def show(
        self,
        pointers: Sequence[Pointer],
        view: Viewport,
        blocked: Sequence[Rect],
        marks: Sequence[Rect] = (),
        *,
        small: bool = False,
    ) -> None:
        """Show pointers at the edges of the map, clear of ``blocked``, of each other and if possible of ``marks``."""
        taken = list(blocked)
        self.shown = []
        for pointer in pointers:
            chip = self._chip(len(self.shown))
            clear = chip.show_pointer(pointer, view, [*taken, *marks], small=small)
            if clear or chip.show_pointer(pointer, view, taken, small=small):
                taken.append(chip.body())
                self.shown.append(pointer)
                chip.show()
        for chip in self._chips[len(self.shown) :]:
            chip.hide()

    def bodies(self) -> list[Rect]:
        """Rectangles that the visible chips cover, logical px of the map."""
        return [chip.body() for chip in self._chips[: len(self.shown)]]

    def chip(self, at: int) -> PointerChip:
        """The chip of ``shown[at]``."""
        return self._chips[at]

    def _chip(self, at: int) -> PointerChip:
        if at == len(self._chips):
            chip = PointerChip(self._look, self._parent)
            chip.clicked.connect(lambda _checked=False: self._fly(self.shown[at]))
            self._chips.append(chip)
        return self._chips[at]

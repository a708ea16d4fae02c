"""Where the pointer is, in the corner of the map's foot; a click shows it in another form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.look.theme import ThemeManager
from viewer.views.map.coordinates import FORM_WORDS, FORMS, Form, text_of
from viewer.views.map.geometry import Rect

_HIGH: Final = 18
_SIDE: Final = 8


class Readout(QWidget):
    """Takes a click. Hidden while the pointer is elsewhere.

    Opaque, and as wide as its longest text so far: else the map below would be painted anew at each move of the mouse.
    """

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._bottom = 0
        self._form: Form | None = None
        self._wide = 0
        self.on_click: Callable[[], object] = lambda: None
        self.text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def arrange(self, bottom: int) -> None:
        """Stand at the left edge of a map so high."""
        self._bottom = bottom
        self._lay()

    def body(self) -> Rect:
        """What it covers of the map, logical px."""
        return Rect(self.x(), self.y(), self.width(), self.height())

    def show_point(self, lon: float, lat: float, form: Form) -> None:
        """Say where a point (degrees) is."""
        text = text_of(form, lon, lat)
        if form != self._form:
            self._form, self._wide = form, 0
            other = FORM_WORDS[FORMS[(FORMS.index(form) + 1) % len(FORMS)]]
            self.setToolTip(f"Where the pointer is, on WGS 84. A click shows {_within(other)}.")
        if text != self.text:
            self.text = text
            self.setAccessibleName(f"Position of the pointer, {_within(FORM_WORDS[form])}: {text}")
            self._lay()
            self.update()
        self.show()

    def _lay(self) -> None:
        px = self._look.theme.px
        text = QFontMetrics(self._look.theme.font("meta")).horizontalAdvance(self.text)
        self._wide = max(self._wide, text + 2 * px(_SIDE))
        self.setGeometry(0, self._bottom - px(_HIGH), self._wide, px(_HIGH))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click here is none on the map."""
        event.accept()
        if event.button() is Qt.MouseButton.LeftButton:
            self.on_click()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.surface)
            painter.fillRect(0, 0, self.width(), 1, theme.border2)
            painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.border2)
            painter.setFont(theme.font("meta"))
            painter.setPen(theme.text2)
            room = QRect(theme.px(_SIDE), 0, self.width(), self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text)


def _within(words: str) -> str:
    """Words within a sentence; names of grids keep their capitals."""
    return words if words.isupper() else words[:1].lower() + words[1:]

"""Where the pointer is, in the map's foot; a click shows it in another form."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from viewer.look.theme import ThemeManager
from viewer.views.map.coordinates import FORM_WORDS, FORMS, Form, text_of
from viewer.views.map.geometry import Rect
from viewer.views.map.overlays.glow import GlowTexts

_HIGH = 18
_AROUND = 4


class Readout(QWidget):
    """Painted words that take a click. Hidden while the pointer is elsewhere."""

    def __init__(self, look: ThemeManager, parent: QWidget, texts: GlowTexts) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self.on_click: Callable[[], object] = lambda: None
        self._left, self._bottom = 0.0, 0.0
        self.text = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def arrange(self, left: float, bottom: float) -> None:
        """Stand with the lower left corner at a point of the map."""
        self._left, self._bottom = left, bottom
        self._lay()

    def body(self) -> Rect:
        """What it covers of the map, logical px."""
        return Rect(self.x(), self.y(), self.width(), self.height())

    def show_point(self, lon: float, lat: float, form: Form) -> None:
        """Say where a point (degrees) is."""
        text = text_of(form, lon, lat)
        if text != self.text:
            self.text = text
            other = FORM_WORDS[FORMS[(FORMS.index(form) + 1) % len(FORMS)]]
            self.setToolTip(f"{FORM_WORDS[form]} of the pointer. A click shows {_within(other)}")
            self.setAccessibleName(f"Position of the pointer, {_within(FORM_WORDS[form])}: {text}")
            self._lay()
            self.update()
        self.show()

    def _lay(self) -> None:
        px = self._look.theme.px
        wide = QFontMetricsF(self._look.theme.font("meta_medium")).horizontalAdvance(self.text)
        self.setGeometry(
            round(self._left) - _AROUND, round(self._bottom) - px(_HIGH), round(wide) + 2 * _AROUND + 2, px(_HIGH)
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click here is none on the map."""
        event.accept()
        if event.button() is Qt.MouseButton.LeftButton:
            self.on_click()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            font = self._look.theme.font("meta_medium")
            metrics = QFontMetricsF(font)
            base = (self.height() + metrics.ascent() - metrics.descent()) / 2
            self._texts.write(painter, font, self.text, _AROUND + metrics.horizontalAdvance(self.text), base)


def _within(words: str) -> str:
    """Words within a sentence; names of grids keep their capitals."""
    return words if words.isupper() else words[:1].lower() + words[1:]

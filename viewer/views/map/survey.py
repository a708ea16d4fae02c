"""What is read off the map rather than told on it: where the pointer is, how far and how large something is, the
graticule. One object of the map, which hears of the pointer and the keys before the map itself does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from viewer.core.desk import Desk
from viewer.core.settings import COORDINATES, GRATICULE
from viewer.look.theme import ThemeManager
from viewer.views.map.coordinates import FORM_WORDS, FORMS, NO_GRID, Form, text_of
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.measure import FEWEST_ROUND, Measure, Point, area_text, length_text
from viewer.views.map.overlays.glow import GlowTexts
from viewer.views.map.overlays.graticule import graticule_labels, paint_graticule
from viewer.views.map.overlays.measure_lines import length_labels, paint_measure
from viewer.views.map.panel import Panel
from viewer.views.map.picture import MapPicture
from viewer.widgets.buttons import Menu

CLOSES: Final = 10.0
"""A click so near the first point closes the ring, logical px."""
_CROSS: Final = 9
_BEGIN: Final = ("Click the map to measure",), ("Esc stops measuring",)
_GOES_ON: Final = (
    "Double-click or Enter to finish, Backspace to undo a point",
    "Click the first point to close the line",
)
_ENDED: Final = ("Backspace to add more points", "Click to measure anew, Esc to stop")


class Survey(QObject):
    """Readout, measuring and graticule of one map."""

    def __init__(
        self,
        desk: Desk,
        look: ThemeManager,
        picture: MapPicture,
        panel: Panel,
        widget: QWidget,
        touched: Callable[[], None],
    ) -> None:
        """``widget`` is the map; ``touched`` has its words placed anew."""
        super().__init__(widget)  # as settings outlive a window
        self._desk, self._look, self._picture, self._panel, self._widget = desk, look, picture, panel, widget
        self._touched = touched
        self._texts = GlowTexts(look)
        self._pointer: tuple[float, float] | None = None  # logical px
        self.measure: Measure | None = None
        self._ended = False
        self._by_keys = False
        panel.readout.on_click = desk.commands.next_coordinates
        panel.ruler.clicked.connect(lambda _checked=False: self.toggle())
        desk.settings.changed.connect(self._on_setting)

    @property
    def active(self) -> bool:
        """Whether something is being measured."""
        return self.measure is not None

    @property
    def form(self) -> Form:
        """In which form the pointer's position is shown."""
        chosen = self._desk.settings.get(COORDINATES)
        return next((form for form in FORMS if form == chosen), FORMS[0])

    # The pointer

    def hover(self, x: float, y: float) -> bool:
        """The pointer is at logical px; answers whether it is the survey's and no mark's."""
        self._pointer = (x, y)
        self._by_keys = False
        self._show_point()
        if self.active:
            self._widget.setCursor(Qt.CursorShape.CrossCursor)
            self._show_measure()
        return self.active

    def leave(self) -> None:
        """The pointer is elsewhere."""
        self._pointer = None
        self._show_point()
        if self.active:
            self._show_measure()

    def moved(self) -> None:
        """Another part of the world is under the pointer."""
        self._show_point()
        if self.active:
            self._show_measure()

    def click(self, x: float, y: float) -> bool:
        """Measure on to logical px; False when nothing is being measured."""
        if self.measure is None:
            return False
        if not self._picture.view.shows(x, y):
            return True
        if self._ended:
            self.measure, self._ended = Measure(), False
        if len(self.measure.points) >= FEWEST_ROUND and self._is_first(x, y):
            self.measure.close()
            self._ended = True
        else:
            self.measure.add(self._picture.view.degrees_at(x, y))
        self._touched()
        self._show_measure()
        return True

    def double_click(self) -> bool:
        """End the line; False when nothing is being measured."""
        if self.measure is None:
            return False
        self._ended = len(self.measure.points) > 1
        self._show_measure()
        return True

    # Keys

    def key(self, event: QKeyEvent) -> bool:
        """Take a key that means something while measuring; False for others."""
        if self.measure is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        match event.key():
            case Qt.Key.Key_Backspace:
                if self._ended and not self.measure.closed:
                    self._ended = False
                else:
                    self.measure.take_back()
                    self._ended = False
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.double_click()
            case Qt.Key.Key_Escape:
                self.stop()
            case Qt.Key.Key_Space:
                self.click(self._widget.width() / 2, self._widget.height() / 2)
                self._by_keys = True
            case _:
                return False
        if self.active:
            self._show_measure()
        return True

    # Measuring

    def toggle(self) -> None:
        """Begin to measure, or leave it."""
        if self.active:
            self.stop()
            return
        self._desk.picker.cancel()
        self.measure, self._ended = Measure(), False
        self._widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_measure()
        self._touched()
        self._desk.messages.announced.emit("Measuring. Space adds the middle of the map, Enter finishes, Escape stops")

    def stop(self) -> None:
        """Forget what was measured."""
        if not self.active:
            return
        self.measure, self._ended, self._by_keys = None, False, False
        self._widget.unsetCursor()
        self._show_measure()
        self._touched()

    def figures(self) -> tuple[str, ...]:
        """The length so far, to the pointer where the line goes on there, and the area of a ring."""
        if self.measure is None or not self.measure.points:
            return ()
        text = length_text(sum(each.length for each in self.measure.legs(self._goal())))
        area = self.measure.area
        return (text,) if area is None else (area_text(area), f"{text} perimeter")

    def _goal(self) -> Point | None:
        """Where the line goes on from the last point: the pointer, or the middle of the map for keys."""
        if self.measure is None or self._ended:
            return None
        view = self._picture.view
        if self._by_keys:
            return view.degrees_at(view.width / 2, view.height / 2)
        return None if self._pointer is None else view.degrees_at(*self._pointer)

    def _is_first(self, x: float, y: float) -> bool:
        assert self.measure is not None
        return math.dist(self._picture.view.spot(*self.measure.points[0]), (x, y)) <= CLOSES

    def _show_measure(self) -> None:
        before = self._panel.measured.body()
        if self.measure is None:
            self._panel.show_measured((), ())
        elif not self.measure.points:
            self._panel.show_measured(*_BEGIN)
        else:
            self._panel.show_measured(self.figures(), _ENDED if self._ended else _GOES_ON)
        if self._panel.measured.body() != before:
            self._touched()  # names and pointers keep clear of it
        self._widget.update()

    # The readout

    def _show_point(self) -> None:
        readout, view = self._panel.readout, self._picture.view
        if self._pointer is None or not view.shows(*self._pointer):
            readout.hide()
        else:
            readout.show_point(*view.degrees_at(*self._pointer), self.form)

    def _on_setting(self, key: str) -> None:
        if key == COORDINATES.key:
            self._show_point()
        if key == GRATICULE.key:
            self._touched()

    def show_menu(self, at: QPoint) -> None:
        """Offer the coordinates of a point of the map (logical px) in each form; none beyond the edge of the world."""
        view = self._picture.view
        lon, lat = view.degrees_at(at.x(), at.y())
        menu = Menu(parent=self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, form in enumerate(FORMS if view.shows(at.x(), at.y()) else ()):
            text = text_of(form, lon, lat)
            words = "Copy coordinates" if number == 0 else f"Copy as {FORM_WORDS[form] if form != 'dms' else 'DMS'}"
            action = menu.addAction(f"{words}\t{text}", partial(QGuiApplication.clipboard().setText, text))
            action.setEnabled(text != NO_GRID)
        menu.addSeparator()  # not shown above the first
        menu.addAction("Stop measuring" if self.active else "Measure distance and area", self.toggle)
        menu.popup(self._widget.mapToGlobal(at))

    # Painting

    def covered(self, view: Viewport) -> list[Rect]:
        """What the degrees and lengths cover that stand still: the map's names keep clear of it."""
        labels = []
        if self.measure is not None:
            labels = length_labels(self._look, view, self.measure.legs(), self._cards())
        if self._desk.settings.get(GRATICULE):
            labels += graticule_labels(self._look, view, self._panel.covered())
        return [each.room for each in labels]

    def _cards(self) -> list[Rect]:
        """What no length is written over."""
        return [*self._panel.covered(), *self._picture.callout_rects()]

    def paint_ground(self, painter: QPainter) -> None:
        """Draw the graticule, below the events."""
        if self._desk.settings.get(GRATICULE):
            view = self._picture.view
            painter.save()
            labels = graticule_labels(self._look, view, self._panel.covered())
            paint_graticule(painter, self._look, self._texts, view, labels)
            painter.restore()

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Draw what is measured, over the picture."""
        if self.measure is None:
            return
        paint_measure(painter, self._look, self._texts, view, self.measure, self._goal(), self._cards())
        if self._by_keys:
            x, y = view.width // 2 + 0.5, view.height // 2 + 0.5
            painter.setPen(QPen(self._look.theme.accent, 1))
            painter.drawLine(int(x) - _CROSS, int(y), int(x) + _CROSS, int(y))
            painter.drawLine(int(x), int(y) - _CROSS, int(x), int(y) + _CROSS)

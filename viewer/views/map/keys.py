"""What keys do on the map: pan, zoom, open the event that Tab has come to, and leave what has been begun."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from viewer.core.desk import Desk
from viewer.views.map.hand import Hand
from viewer.views.map.navigator import Navigator
from viewer.views.map.overlays.popover import StackPopover
from viewer.views.map.survey import Survey
from viewer.views.map.tools import Mouse
from viewer.views.map.walk import Walk

PAN_STEP: Final = 80.0
ZOOM_STEP: Final = 1.6
_ARROWS: Final = {
    Qt.Key.Key_Left: (PAN_STEP, 0.0),
    Qt.Key.Key_Right: (-PAN_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, PAN_STEP),
    Qt.Key.Key_Down: (0.0, -PAN_STEP),
}


class Keys:
    """Of one map."""

    def __init__(
        self,
        desk: Desk,
        navigator: Navigator,
        popover: StackPopover,
        survey: Survey,
        walk: Walk,
        hand: Hand,
        mouse: Mouse,
    ) -> None:
        self._desk, self._navigator, self._popover, self._survey = desk, navigator, popover, survey
        self._walk, self._hand, self._mouse = walk, hand, mouse

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means; False where it means nothing here."""
        if self._survey.key(event):
            return True
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and key in _ARROWS:
            dx, dy = _ARROWS[Qt.Key(key)]
            times = 3.0 if modifiers else 1.0
            self._popover.close_list()
            self._navigator.pan(dx * times, dy * times, fly=True)
        elif plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(ZOOM_STEP)
        elif plain and key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._zoom(1 / ZOOM_STEP)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._walk.row is not None:
            self._hand.open(self._walk.row)
        else:
            return key == Qt.Key.Key_Escape and self._leave()
        return True

    def _zoom(self, factor: float) -> None:
        self._popover.close_list()
        self._navigator.zoom_middle(factor)

    def _leave(self) -> bool:
        """Esc: drop a drag, a request for a point, or the keyboard's place; False when there is nothing to leave."""
        if self._mouse.give_up():
            return True
        if self._desk.picker.active:
            self._desk.picker.cancel()
            return True
        return self._walk.leave()

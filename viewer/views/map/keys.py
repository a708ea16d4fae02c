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
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)

BY_KEYBOARD: Final = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}
"""How the focus comes when it is to be seen where it is."""


def panned_by(event: QKeyEvent) -> tuple[float, float] | None:
    """By how many logical px a key drags the map; None for one that does not."""
    modifiers = _held(event)
    if modifiers not in _PLAIN or event.key() not in _ARROWS:
        return None
    dx, dy = _ARROWS[Qt.Key(event.key())]
    times = 3.0 if modifiers else 1.0
    return dx * times, dy * times


def zoomed_by(event: QKeyEvent) -> float | None:
    """How many times closer a key brings the map; None for one that does not."""
    if _held(event) not in _PLAIN:
        return None
    if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        return ZOOM_STEP
    return 1 / ZOOM_STEP if event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore) else None


def _held(event: QKeyEvent) -> Qt.KeyboardModifier:
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


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
        key = event.key()
        if (way := panned_by(event)) is not None:
            self._popover.close_list()
            self._navigator.pan(*way, fly=True)
        elif (factor := zoomed_by(event)) is not None:
            self._popover.close_list()
            self._navigator.zoom_middle(factor)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._walk.row is not None:
            self._hand.open(self._walk.row)
        else:
            return key == Qt.Key.Key_Escape and self._leave()
        return True

    def _leave(self) -> bool:
        """Esc: drop a drag, a request for a point, or the keyboard's place; False when there is nothing to leave."""
        if self._mouse.give_up():
            return True
        if self._desk.picker.active:
            self._desk.picker.cancel()
            return True
        return self._walk.leave()

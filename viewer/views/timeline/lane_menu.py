"""What can be done with one lane, as a menu at its header: the same as by clicks and keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from viewer.core.actions import BY_ID
from viewer.views.timeline.headers import has_chevron
from viewer.views.timeline.lane_focus import LaneFocus
from viewer.views.timeline.lane_sight import LaneSight
from viewer.views.timeline.lanes import AWAY
from viewer.widgets.buttons import Menu
from viewer.widgets.text import key_text


def open_lane_menu(sight: LaneSight, focus: LaneFocus, lane: int, at: QPoint, parent: QWidget) -> Menu:
    """Drop down the menu of a lane at a point of the screen; the keyboard is on its header from then on."""
    focus.put(lane, None)
    lanes = sight.layout_now().lanes
    row, moves = lanes[lane], sight.desk.commands.lanes
    menu = Menu(row.name, parent)
    menu.setAccessibleName(f"{row.name} lane")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def stand() -> bool:
        """Have the keyboard on the lane's header, wherever that is by now; False when the lane has gone."""
        now = next((place for place, each in enumerate(sight.layout_now().lanes) if each.key == row.key), None)
        if now is not None:
            focus.put(now, None)
        return now is not None

    def add(words: str, key: str, run: Callable[[int], object], *, able: bool) -> None:
        """``run`` gets the place that the lane has by then, as lanes may have been sorted anew."""

        def triggered() -> None:
            if stand():
                run(focus.lane)
                stand()

        menu.addAction(f"{words}\t{key}" if key else words, triggered).setEnabled(able)

    if row.key != AWAY:
        alone = not row.hidden and all(each.hidden or each is row or not each.switchable for each in lanes)
        words, key = ("Expand", "Right") if row.collapsed else ("Collapse", "Left")
        add(words, key, sight.fold_lane, able=has_chevron(row))
        add("Show all again" if alone else "Show alone", key_text("Alt+Enter"), _switch(sight, solo=True),
            able=row.switchable)  # fmt: skip
        add("Show" if row.hidden else "Hide", "Enter", _switch(sight, solo=False), able=row.switchable)
        menu.addSeparator()
        add("Move up", key_text("Alt+Up"), lambda _lane: focus.carry(-1), able=focus.can_carry(-1))
        add("Move down", key_text("Alt+Down"), lambda _lane: focus.carry(1), able=focus.can_carry(1))
        menu.addSeparator()
    everything = BY_ID["lanes_show"]
    shown = key_text(sight.desk.keymap.first(everything.id))
    menu.addAction(everything.title + (f"\t{shown}" if shown else ""), moves.show_all).setEnabled(bool(moves.hidden()))
    first = next((action for action in menu.actions() if action.isEnabled()), None)
    if first is not None:
        menu.setActiveAction(first)
    menu.popup(at)
    return menu


def _switch(sight: LaneSight, *, solo: bool) -> Callable[[int], None]:
    return lambda lane: sight.switch_lane(lane, solo=solo)

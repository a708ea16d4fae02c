"""The list of all keys, made from ACTIONS and the keymap, so that it cannot be out of date."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from viewer.core.actions import ACTIONS
from viewer.core.keymap import Keymap
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.shell.dialogs.frame import Page, scrolled
from viewer.widgets.text import KeyCap, label

COLUMNS = 2
POINTER_KEYS = (
    ("Ruler", "Drag", "Scrub; hold Alt to leave or take the snap"),
    ("Ruler", "Double click", "Centre and zoom in one step"),
    ("Overview", "Drag", "Move, resize or draw the window"),
    ("Lanes", "Shift+wheel, Ctrl+wheel", "Move in time, zoom at the pointer"),
    ("Lanes", "Ctrl+click, Shift+click", "Add one to the selection, select a stretch of the lane"),
    ("Lanes", "Double click", "Select, move the playhead, fly there"),
    ("Lanes", "Click a header, Alt+click", "Hide a lane, show it alone"),
    ("Lanes", "Right click a header, Shift+F10", "Menu of a lane: collapse, alone, hide, move"),
    ("Lanes", "Click a chevron, drag a header", "Collapse or expand a lane, move it"),
    ("Lanes", "On a header: ←, →, Alt+↑, Alt+↓", "Collapse, expand, move the lane"),
    ("Map", "Wheel, drag", "Zoom at the pointer, move"),
    ("Map", "Shift+click, Shift+drag", "Add to the selection, select a box"),
    ("Map", "Arrows, + and −, Tab", "Move, zoom, walk the events"),
)


class KeysDialog(Page):
    """Two columns of keys by menu, then what the pointer does."""

    def __init__(self, look: ThemeManager, keymap: Keymap, parent: QWidget) -> None:
        super().__init__(look, "Keyboard shortcuts", (860, 680), parent)
        content = QWidget()
        content.setProperty("panel", "surface")
        columns = QHBoxLayout(content)
        gap(columns, 32)
        margins(columns, 20, 16, 20, 16)
        grids = [QGridLayout() for _ in range(COLUMNS)]
        menus = list(dict.fromkeys(action.menu for action in ACTIONS if keymap.keys(action.id)))
        heights = [0] * COLUMNS
        for menu in menus:
            entries = [action for action in ACTIONS if action.menu == menu and keymap.keys(action.id)]
            at = heights.index(min(heights))
            self._add(grids[at], menu, [(action.title.rstrip("…"), keymap.keys(action.id)) for action in entries])
            heights[at] += len(entries) + 2
        at = heights.index(min(heights))
        self._add(
            grids[at],
            "With the pointer",
            [(f"{where}: {what}", (keys,)) for where, keys, what in POINTER_KEYS],
            caps=False,
        )
        for grid in grids:
            gap(grid, 16, 5)
            grid.setColumnStretch(0, 1)
            column = QVBoxLayout()
            column.addLayout(grid)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.show_part(scrolled(content))
        self.close_button.setFocus()

    def _add(
        self, grid: QGridLayout, heading: str, entries: list[tuple[str, tuple[str, ...]]], *, caps: bool = True
    ) -> None:
        head = label(heading, "label_strong", "text2")
        margins(head, 0, 10 if grid.rowCount() > 1 else 0, 0, 2)
        grid.addWidget(head, grid.rowCount(), 0, 1, 2)
        for title, keys in entries:
            row = grid.rowCount()
            grid.addWidget(label(title, "body", "text", wrap=True), row, 0)
            line = QHBoxLayout()
            gap(line, 4)
            line.addStretch(1)
            for key in keys:
                line.addWidget(KeyCap(key) if caps else label(key, "meta", "text2"))
            grid.addLayout(line, row, 1, Qt.AlignmentFlag.AlignRight)

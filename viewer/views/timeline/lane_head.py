"""Over the headers of the lanes: what lanes stand for, to be chosen, and the way back from hidden ones."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from viewer.core.actions import BY_ID
from viewer.core.desk import Desk
from viewer.core.grouping import Grouping
from viewer.look.theme import ThemeManager
from viewer.views.timeline.headers import LEFT_MARGIN, RIGHT_MARGIN
from viewer.widgets.buttons import Menu
from viewer.widgets.text import key_text, label, with_keys

INSET: Final = 13
"""What lies between the edge of the button and its words, at any scale (px)."""
WORDS: Final = {
    Grouping.KIND: "Kind",
    Grouping.ACTOR: "Actor",
    Grouping.SOURCE: "Source",
    Grouping.PLACE: "Place",
    Grouping.STATUS: "Status",
    Grouping.TAG: "Tag",
    Grouping.ATTRIBUTION: "Attribution (who said it)",
}


class LaneHead(QWidget):
    """``Lanes by kind`` drops down the choice; at the right what the counts are, or how many lanes are hidden."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.choose = self._button("ghost")
        desk.keymap.bind("lanes", self._tell_choose_key)
        self.choose.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.choose.clicked.connect(lambda _checked=False: self.open())
        self.show_all = self._button("link")
        desk.keymap.bind("lanes_show", self._tell_show_key)
        self.show_all.clicked.connect(lambda _checked=False: desk.commands.lanes.show_all())
        self._counts = label("shown / all", "note", "text3")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._row.addWidget(self.choose)
        self._row.addStretch(1)
        self._row.addWidget(self.show_all)
        self._row.addWidget(self._counts)
        self.menu: Menu | None = None
        look.changed.connect(self._on_look)
        self._on_look()

    def refresh(self) -> None:
        """Say what the lanes stand for and how many are hidden."""
        lanes = self._desk.commands.lanes
        sorted_so = self._desk.data.grouped(lanes.now.grouping) is not None
        self.choose.setText(f"{'Lanes' if sorted_so else 'Sorting'} by {lanes.now.grouping}")
        hidden = len(lanes.hidden())
        self.show_all.setText(f"Show {hidden} hidden")
        self.show_all.setVisible(hidden > 0)
        self._counts.setVisible(not hidden)
        self._row.activate()  # the words stand right in the very next picture

    def open(self) -> None:
        """Drop down what the lanes can stand for, and what can be done with all of them."""
        lanes = self._desk.commands.lanes
        menu = self.menu = Menu("Lanes", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choice = QActionGroup(menu)
        for grouping, words in WORDS.items():
            item = menu.addAction(words, partial(lanes.group_by, grouping))
            item.setCheckable(True)
            item.setChecked(grouping is lanes.now.grouping)
            choice.addAction(item)
            if item.isChecked():
                menu.setActiveAction(item)
        menu.addSeparator()
        for name, run, able in (
            ("lanes_collapse", lanes.collapse_all, True),
            ("lanes_expand", lanes.expand_all, bool(lanes.now.collapsed)),
            ("lanes_show", lanes.show_all, bool(lanes.hidden())),
            ("lanes_order", lanes.reset_order, bool(lanes.now.order)),
        ):
            key = key_text(self._desk.keymap.first(name))
            menu.addAction(BY_ID[name].title + (f"\t{key}" if key else ""), run).setEnabled(able)
        menu.popup(self.choose.mapToGlobal(QPoint(0, self.choose.height() + 2)))

    def _tell_choose_key(self, key: str) -> None:
        self.choose.setToolTip(with_keys(BY_ID["lanes"].title, key))

    def _tell_show_key(self, key: str) -> None:
        self.show_all.setToolTip(with_keys(BY_ID["lanes_show"].title, key))

    def _button(self, variant: str) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("variant", variant)
        button.setProperty("compact", "true")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _on_look(self) -> None:
        px = self._look.theme.px
        self.choose.setIcon(self._look.icon("chevron-down", "text3", 13))
        self._row.setContentsMargins(px(LEFT_MARGIN) - INSET, px(1), px(RIGHT_MARGIN), px(2))
        self.refresh()

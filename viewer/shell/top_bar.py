"""The bar at the top: which project, whether it is saved, the way to find anything, undo, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from viewer.core.actions import ACTIONS
from viewer.core.desk import Desk
from viewer.core.keymap import Keymap
from viewer.core.messages import within
from viewer.look.sizes import fix, gap, least, margins, most
from viewer.look.theme import ThemeManager
from viewer.shell.logo import Logo
from viewer.shell.right_side import RightSide
from viewer.widgets.buttons import ElidedButton, IconButton, Menu
from viewer.widgets.text import ElidedLabel, KeyCap, hairline, label, with_keys

HEIGHT: Final = 48
SEARCH: Final = (420, 32)
SEARCH_LEAST: Final = 150
LOGO: Final = 26


class TopBar(QWidget):
    """Knows the window's actions and nothing of the views."""

    def __init__(
        self, desk: Desk, look: ThemeManager, actions: dict[str, QAction], recent: Menu, enable: Callable[[], None]
    ) -> None:
        """``recent`` stands below the opening of a project; ``enable`` brings the actions' enabled state up to date."""
        super().__init__()
        self._desk, self._look, self._actions, self._enable = desk, look, actions, enable
        self.setProperty("panel", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        fix(self, height=HEIGHT)
        self._logo = Logo(look, LOGO)
        self._name = ElidedButton()
        self._name.setProperty("variant", "ghost")
        self._name.setAccessibleName("Menu of the project")
        self._name.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._saved = label("Saved", "note", "text3")
        self._search = _SearchButton(look, desk.keymap)
        self.undo = IconButton(look, "undo-2", "Undo")
        self.redo = IconButton(look, "redo-2", "Redo")
        self.theme = IconButton(look, "moon", "Light or dark")
        self.table = IconButton(look, "table", "Table of events")
        self.left = IconButton(look, "panel-left-open", "Show the left panel")
        self.right = IconButton(look, "panel-right-open", "Show the event and its source")
        self.recent = recent
        self._menu = self._make_menu()
        for button, name in (
            (self.undo, "undo"),
            (self.redo, "redo"),
            (self.theme, "theme"),
            (self.table, "table"),
            (self.left, "left"),
            (self.right, "right"),
        ):
            button.clicked.connect(actions[name].trigger)
            desk.keymap.bind(name, button.set_keys)
        desk.keymap.bind("menu", self._set_menu_key)
        self._search.clicked.connect(actions["palette"].trigger)
        self._name.clicked.connect(self.show_menu)
        self._build()
        desk.jobs.busy_changed.connect(self._on_busy)
        desk.data.changed.connect(self._on_change)
        look.changed.connect(self._on_look)
        self._on_look()
        self._on_change(None)

    def follow(self, left: QWidget, right: RightSide) -> None:
        """Offer a button for each panel that is away, and for one that lies over the map as long as it does."""
        self._sides = left, right
        left.installEventFilter(self)
        right.changed.connect(self._show_sides)
        self._show_sides()

    def _show_sides(self) -> None:
        left, right = self._sides
        self.left.setVisible(left.isHidden())
        self.right.setVisible(right.is_drawer or not right.is_open)
        shown = right.is_drawer and right.is_open
        words = "Hide the event and its source" if shown else "Show the event and its source"
        self.right.set_text(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self._show_sides()
        return False

    def show_menu(self) -> None:
        """Open the menu of everything under the project's name."""
        self._enable()
        self._menu.popup(self._name.mapToGlobal(QPoint(0, self._name.height() + 4)))

    def search_anchor(self) -> QRect:
        """Where the palette drops from, in the window's coordinates."""
        return QRect(self._search.mapTo(self.window(), QPoint(0, 0)), self._search.size())

    def _build(self) -> None:
        row = QHBoxLayout()
        margins(row, 14, 0, 12, 0)
        gap(row, 10)
        left = QHBoxLayout()
        gap(left, 8)
        for part in (self.left, self._logo, self._name, self._saved):
            left.addWidget(part)
        left.addStretch(1)
        right = QHBoxLayout()
        gap(right, 4)
        right.addStretch(1)
        for button in (self.table, self.undo, self.redo, self.theme, self.right):
            right.addWidget(button)
        row.addLayout(left, 1)
        row.addWidget(self._search, 1)
        row.addLayout(right, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(row)
        self._line = hairline()
        self._line.setParent(self)

    def _make_menu(self) -> Menu:
        menu = Menu("Project", self)
        parts: dict[str, Menu] = {}
        for action in ACTIONS:
            if action.menu not in parts:
                parts[action.menu] = Menu(action.menu, menu)
                menu.addMenu(parts[action.menu])
            parts[action.menu].addAction(self._actions[action.id])
            if action.id == "open":
                self.recent.setParent(parts[action.menu], self.recent.windowFlags())
                parts[action.menu].addMenu(self.recent)
        menu.aboutToHide.connect(self._allow_all)
        return menu

    def _allow_all(self) -> None:
        """What cannot be done is grey in the menu alone: keys and buttons ask anew each time."""
        for action in self._actions.values():
            action.setEnabled(True)

    def _set_menu_key(self, key: str) -> None:
        self._name.setToolTip(with_keys("All that can be done", key))

    def _on_busy(self, busy: bool) -> None:
        self._saved.setText("Saving…" if busy else self._rest())

    def _rest(self) -> str:
        return "Read-only" if self._desk.data.store.read_only else "Saved"

    def _on_change(self, _change: object) -> None:
        store = self._desk.data.store
        self._name.setText(self._desk.data.loaded.project.title)
        self._saved.setText("Saving…" if self._desk.jobs.writing else self._rest())
        self._saved.setToolTip(str(store.path))
        for button, text, words in ((self.undo, store.undo_label, "Undo"), (self.redo, store.redo_label, "Redo")):
            button.setEnabled(text is not None and not store.read_only)
            button.set_text(f"{words} {within(text)}" if text else words)

    def _on_look(self) -> None:
        self._name.setIcon(self._look.icon("chevron-down", "text3", 14))
        side = self._look.theme.px(14)
        self._name.setIconSize(QSize(side, side))
        self.theme.set_icon("sun" if self._look.theme.dark else "moon")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._line.setGeometry(0, self.height() - 1, self.width(), 1)


class _SearchButton(QPushButton):
    """Looks like a field, opens the palette."""

    def __init__(self, look: ThemeManager, keymap: Keymap) -> None:
        super().__init__()
        self._look = look
        least(self, width=SEARCH_LEAST)
        most(self, width=SEARCH[0])
        fix(self, height=SEARCH[1])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Find an event, place, actor, quote or command")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = QLabel()
        row = QHBoxLayout(self)
        margins(row, 10, 0, 6, 0)
        gap(row, 8)
        row.addWidget(self._icon)
        row.addWidget(ElidedLabel("Find an event, place, actor, quote or command", "body", "text3"), 1)
        self._cap = KeyCap("")
        row.addWidget(self._cap)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.changed.connect(self._on_look)
        self._on_look()
        keymap.bind("palette", self._set_key)

    def _set_key(self, key: str) -> None:
        self.setToolTip(with_keys("Find anything", key))
        self._cap.set_keys(key)
        self._cap.setVisible(bool(key))

    def _on_look(self) -> None:
        self._icon.setPixmap(self._look.pixmap("search", "text3", 15, self))

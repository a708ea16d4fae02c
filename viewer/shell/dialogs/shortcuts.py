"""Keyboard shortcuts to look through and to change: a page of the settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMessageBox, QVBoxLayout, QWidget

from db.search import fold
from viewer.core.actions import ACTIONS, BY_ID, FIXED, Action
from viewer.core.keymap import OF_REGIONS, REFUSED, Keymap
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.shell.dialogs.frame import scrolled
from viewer.shell.keys import key_label, key_of
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.key_field import KeyField
from viewer.widgets.search_field import SearchField
from viewer.widgets.text import KeyCap, announce, label

_RESET_ALL = "Give every action the keys it came with? Your own shortcuts are forgotten."


def _title(action: str) -> str:
    return BY_ID[action].title.rstrip("…")


class Shortcuts(QWidget):
    """All actions under their menus, each with its keys; a field narrows them."""

    def __init__(self, keymap: Keymap, look: ThemeManager) -> None:
        super().__init__()
        self._keymap = keymap
        self.field = SearchField(look, "Action or key", name="Narrow the shortcuts")
        self.reset_button = Button(look, "Reset all", "quiet", icon="undo-2")
        self._none = label("", "body", "text2", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._headings: dict[str, QLabel] = {}
        self.rows: dict[str, Row] = {}
        content = QWidget()
        content.setProperty("panel", "surface")
        column = QVBoxLayout(content)
        margins(column, 20, 4, 16, 12)
        gap(column, 2)
        for menu in dict.fromkeys(action.menu for action in ACTIONS):
            heading = self._headings[menu] = label(menu, "label_strong", "text2")
            margins(heading, 0, 10, 0, 2)
            column.addWidget(heading)
            for action in ACTIONS:
                if action.menu == menu:
                    self.rows[action.id] = Row(action, keymap, look)
                    column.addWidget(self.rows[action.id])
        column.addWidget(self._none)
        column.addStretch(1)
        head = QHBoxLayout()
        margins(head, 20, 12, 20, 8)
        gap(head, 8)
        head.addWidget(self.field, 1)
        head.addWidget(self.reset_button)
        self.area = scrolled(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.area, 1)
        self.field.changed.connect(self._narrow)
        self.reset_button.clicked.connect(lambda _checked=False: self._reset_all())
        keymap.changed.connect(self._show)
        self._show()
        self._narrow("")

    def _show(self) -> None:
        for row in self.rows.values():
            row.show_keys()
        self.reset_button.setEnabled(any(self._keymap.is_own(action) for action in self.rows))

    def _narrow(self, text: str) -> None:
        words = fold(text).split()
        seen = set()
        for action in ACTIONS:
            keys = " ".join(key_label(key) for key in self._keymap.keys(action.id))
            fits = all(word in fold(f"{action.menu} {action.title} {keys}") for word in words)
            self.rows[action.id].setVisible(fits)
            if fits:
                seen.add(action.menu)
        for menu, heading in self._headings.items():
            heading.setVisible(menu in seen)
        self._none.setText(f"No action and no key is called “{text.strip()}”.")
        self._none.setVisible(not seen)

    def _reset_all(self) -> None:
        if QMessageBox.question(self, "Reset all shortcuts", _RESET_ALL) == QMessageBox.StandardButton.Yes:
            self._keymap.reset_all()


class Row(QWidget):
    """One action: its name, its keys, and a way back to those it came with. What stands in the way is said below."""

    def __init__(self, action: Action, keymap: Keymap, look: ThemeManager) -> None:
        super().__init__()
        self._action, self._keymap = action, keymap
        self._look = look
        self._agree: Callable[[], None] | None = None
        title = label(_title(action.id), "body", "text", wrap=True)
        self.keys: KeyField | None = None
        self.reset_button = IconButton(look, "undo-2", f"Reset “{_title(action.id)}”")
        policy = self.reset_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset_button.setSizePolicy(policy)
        line = QHBoxLayout()
        gap(line, 8)
        line.addWidget(title, 1)
        if action.id in FIXED:
            line.addWidget(KeyCap(action.keys[0]))
            self.reset_button.hide()
        else:
            self.keys = KeyField(_title(action.id))
            self.keys.pressed_keys.connect(self._on_keys)
            self.reset_button.clicked.connect(lambda _checked=False: self._ask_reset())
            line.addWidget(self.keys)
        line.addWidget(self.reset_button)
        self.elsewhere = label("", "note", "text3", wrap=True)
        margins(self.elsewhere, 12, 0, 8, 4)
        self.said = label("", "note", "warn", wrap=True)
        self.replace_button = Button(look, "Replace", "quiet")
        self.cancel_button = Button(look, "Cancel", "quiet")
        self.replace_button.clicked.connect(lambda _checked=False: self._on_agreed())
        self.cancel_button.clicked.connect(lambda _checked=False: self._dismiss())
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        margins(below, 12, 4, 8, 8)
        gap(below, 8)
        below.addWidget(self.said, 1)
        for button in (self.replace_button, self.cancel_button):
            button.setProperty("compact", "true")
            below.addWidget(button)
        self._below.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.elsewhere)
        column.addWidget(self._below)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves what is said and asked here, not the dialog around it."""
        if event.key() == Qt.Key.Key_Escape and not self._below.isHidden():
            self._dismiss()
        else:
            super().keyPressEvent(event)

    def show_keys(self) -> None:
        """The keys that hold now, and what they do where a region wants them first."""
        found = (OF_REGIONS[key] for key in self._keymap.keys(self._action.id) if key in OF_REGIONS)
        self.elsewhere.setText(next(found, ""))
        self.elsewhere.setVisible(bool(self.elsewhere.text()))
        if self.keys is not None:
            self.keys.show_keys(self._keymap.keys(self._action.id))
            self.reset_button.setVisible(self._keymap.is_own(self._action.id))

    def _on_keys(self, event: QKeyEvent) -> None:
        key = key_of(event)
        if not key:
            return  # a modifier alone: the rest is to come
        assert self.keys is not None
        self.keys.setChecked(False)
        if key in REFUSED:
            self._say(f"{REFUSED[key]} Choose other keys.")
            return
        holder = self._keymap.holder(key)
        take = partial(self._assign, key)
        if holder is None or holder == self._action.id:
            take()
        elif holder in FIXED:
            self._say(f"{key_label(key)} calls “{_title(holder)}” for good. Choose other keys.")
        else:
            self._say(f"{key_label(key)} calls “{_title(holder)}” now, which would be without it.", take)

    def _assign(self, key: str) -> None:
        self._keymap.assign(self._action.id, key)
        self._say("")
        announce(self, f"{_title(self._action.id)}: {key_label(key)}. {OF_REGIONS.get(key, '')}".removesuffix(". "))

    def _ask_reset(self) -> None:
        taken = self._keymap.taken_by(self._action.id)
        if taken:
            names = " and ".join(f"“{_title(each)}”" for each in taken)
            keys = " and ".join(key_label(key) for key in self._action.keys)
            self._say(f"{keys} calls {names} now, which would be without it.", self._reset)
        else:
            self._reset()

    def _reset(self) -> None:
        self._keymap.reset(self._action.id)
        self._say("")
        if self.keys is not None:
            self.keys.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, sentence: str, agree: Callable[[], None] | None = None) -> None:
        """Say what stands in the way, or nothing for the empty sentence; with ``agree`` it can be done all the same."""
        self._agree = agree
        self.said.setText(sentence)
        self._below.setVisible(bool(sentence))
        self.replace_button.setVisible(agree is not None)
        self.cancel_button.setText("Cancel" if agree is not None else "Close")
        if sentence:
            announce(self, sentence)
            (self.replace_button if agree is not None else self.cancel_button).setFocus()

    def _on_agreed(self) -> None:
        agree = self._agree
        self._dismiss()
        if agree is not None:
            agree()

    def _dismiss(self) -> None:
        self._say("")
        if self.keys is not None:
            self.keys.setFocus(Qt.FocusReason.OtherFocusReason)

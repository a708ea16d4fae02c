"""Keys: from a key press to the action that it calls, the same for menus, shortcuts and the list of keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from viewer.core.actions import ACTIONS, Action, Window, is_plain


class PlainKeys:
    """Finds the action of a key that no focused widget wanted for itself."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}
        for action in ACTIONS:
            for key in action.keys:
                if is_plain(key):
                    self._actions[QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)] = action

    def action_for(self, event: QKeyEvent) -> Action | None:
        """The action of a key press, or None. Keypad keys count as their plain twins; Shift is part of ``?``."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.text().isprintable() and event.text() and not event.text().isalnum() and event.text() != " ":
            modifiers &= ~Qt.KeyboardModifier.ShiftModifier
            return self._actions.get(event.text())
        text = QKeySequence(event.key() | modifiers.value).toString(QKeySequence.SequenceFormat.PortableText)
        return self._actions.get(text)


def key_label(key: str) -> str:
    """How a key is written for people on this system."""
    names = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Del": "Delete"}
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = text.rpartition("+")
    if not last:  # the plus key itself
        return text
    return head + plus + names.get(last, last)


def make_actions(window: QWidget, target: Window) -> dict[str, QAction]:
    """A QAction for each of ACTIONS, those with modifiers bound to their keys everywhere in ``window``."""
    made: dict[str, QAction] = {}
    for action in ACTIONS:
        item = QAction(action.title, window)
        item.setObjectName(action.id)
        item.setCheckable(action.checked is not None)
        bound = [QKeySequence(key) for key in action.keys if not is_plain(key)]
        if bound:
            item.setShortcuts(bound)
            item.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        item.triggered.connect(lambda _checked=False, action=action: run(action, target))
        window.addAction(item)
        made[action.id] = item
    return made


def refresh(made: dict[str, QAction], target: Window) -> None:
    """Bring up to date which actions can be done now, and which switches are on."""
    for action in ACTIONS:
        made[action.id].setEnabled(action.enabled(target))
        if action.checked is not None:
            made[action.id].setChecked(action.checked(target))


def run(action: Action, target: Window) -> bool:
    """Do it when it can be done now; tells whether it was done."""
    if not action.enabled(target):
        return False
    action.run(target)
    return True

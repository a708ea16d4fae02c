"""Keys: from a key press to the action that it calls, the same for menus, shortcuts and the list of keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from viewer.core.actions import ACTIONS, BY_ID, Action, Window, is_plain
from viewer.core.keymap import Keymap

_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)


class PlainKeys:
    """Finds the action of a key that no focused widget wanted for itself."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap

    def action_for(self, event: QKeyEvent) -> Action | None:
        """The action of a key press, or None."""
        key = key_of(event)
        action = self._keymap.holder(key) if key and is_plain(key) else None
        return None if action is None else BY_ID[action]


def key_of(event: QKeyEvent) -> str:
    """A key press in Qt's portable text; empty for a modifier alone, and for what has no name.

    Keypad keys count as their plain twins; Shift is part of ``?`` and of other signs, whatever the keyboard.
    """
    if event.key() in _MODIFIERS or event.key() == Qt.Key.Key_unknown:
        return ""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    sign = chr(event.key()) if 32 < event.key() < 0x1000 else ""
    if sign and not sign.isalnum():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    if not modifiers and event.text().isprintable() and len(event.text()) == 1 and not event.text().isalnum():
        return event.text() if event.text() != " " else "Space"
    return QKeySequence(event.key() | modifiers.value).toString(QKeySequence.SequenceFormat.PortableText)


def key_label(key: str) -> str:
    """How a key is written for people on this system."""
    names = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Del": "Delete"}
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = text.rpartition("+")
    if not last:  # the plus key itself
        return text
    return head + plus + names.get(last, last)


def make_actions(window: QWidget, target: Window) -> dict[str, QAction]:
    """A QAction for each of ACTIONS, those with modifiers bound to their keys everywhere in ``window``.

    ``bind_keys`` gives them their keys.
    """
    made: dict[str, QAction] = {}
    for action in ACTIONS:
        item = QAction(action.title, window)
        item.setObjectName(action.id)
        item.setCheckable(action.checked is not None)
        item.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        item.triggered.connect(lambda _checked=False, action=action: run(action, target))
        window.addAction(item)
        made[action.id] = item
    return made


def bind_keys(made: dict[str, QAction], keymap: Keymap) -> None:
    """Bind the keys that hold now; plain ones are written in menus only."""
    for action in ACTIONS:
        keys = keymap.keys(action.id)
        made[action.id].setShortcuts([QKeySequence(key) for key in keys if not is_plain(key)])
        made[action.id].setText(f"{action.title}\t{key_label(keys[0])}" if keys else action.title)


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

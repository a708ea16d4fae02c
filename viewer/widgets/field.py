"""A line to type in that knows whose undo it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QLineEdit


class Field(QLineEdit):
    """A line that leaves undo and redo to the project as long as there is no typing of its own to take back."""

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)

    def show_text(self, text: str) -> None:
        """Put in a text that nobody has typed; of a long one the beginning is seen."""
        self.setText(text)
        self.setCursorPosition(0)
        self.setModified(False)

    def keep(self) -> None:
        """What has been typed is the project's now, and so is its undo; no letter of it is to be taken back here."""
        at = self.cursorPosition()
        self.setText(self.text())
        self.setCursorPosition(at)
        self.setModified(False)

    def select_all(self) -> None:
        """Select all, the cursor at the beginning, so that this is what is seen."""
        self.setSelection(len(self.text()), -len(self.text()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.select_all()


def completer(names: Sequence[str], line: QLineEdit) -> QCompleter:
    """Offers those of ``names`` that have in them what is typed, in a list under the line."""
    made = QCompleter(list(names), line)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    popup = made.popup()
    assert popup is not None
    popup.setProperty("popup", "true")
    return made

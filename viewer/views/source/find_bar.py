"""Finding words in the document that is open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.views.source.reader import Reader
from viewer.widgets.buttons import IconButton
from viewer.widgets.text import ElidedLabel


class FindBar(QWidget):
    """A line above the text: Enter finds on, Shift+Enter back, Esc closes."""

    def __init__(self, reader: Reader, look: ThemeManager) -> None:
        super().__init__()
        self._reader = reader
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in this document")
        self.field.setAccessibleName("Find in this document")
        self.field.setClearButtonEnabled(True)
        self._result = ElidedLabel("", "meta", "text3")
        back = IconButton(look, "chevron-left", "Find previous", "Shift+Return")
        on = IconButton(look, "chevron-right", "Find next", "Return")
        close = IconButton(look, "x", "Close", "Esc")
        row = QHBoxLayout(self)
        margins(row, 14, 6, 8, 6)
        gap(row, 4)
        for part in (self.field, self._result, back, on, close):
            row.addWidget(part)
        self.field.textChanged.connect(self._on_text)
        back.clicked.connect(lambda _checked=False: self._find(backward=True))
        on.clicked.connect(lambda _checked=False: self._find())
        close.clicked.connect(lambda _checked=False: self.dismiss())
        self.hide()

    def open(self) -> None:
        selected = self._reader.textCursor().selectedText()
        self.show()
        if selected and len(selected) < 80:
            self.field.setText(selected)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        self.hide()
        self._reader.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_text(self, _text: str) -> None:
        cursor = self._reader.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self._reader.setTextCursor(cursor)
        self._find()

    def _find(self, *, backward: bool = False) -> None:
        text = self.field.text()
        found = not text or self._reader.find_next(text, backward=backward)
        self._result.setText("" if found else "Not found")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._find(backward=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

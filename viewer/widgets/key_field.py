"""A button that shows keys and, once pressed, takes the next ones as others."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton

from viewer.look.sizes import least
from viewer.widgets.text import key_text, restyle

_ASK = "Press the new keys"


class KeyField(QPushButton):
    """Shows keys in words. A press of it (Space, Enter or the mouse) waits for keys; Esc and leaving it give up.

    Signals:
        pressed_keys(QKeyEvent): what was pressed; the owner decides and calls ``show_keys``. The event is valid only
            while it is told of.
    """

    pressed_keys = Signal(object)

    def __init__(self, what: str) -> None:
        """``what`` the keys do, in words."""
        super().__init__()
        self._what = what
        self._words = ""
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("keys", "true")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        least(self, width=96)
        self.toggled.connect(lambda _on: self._show())

    @property
    def waiting(self) -> bool:
        """Whether it takes the next keys."""
        return self.isChecked()

    def show_keys(self, keys: tuple[str, ...]) -> None:
        """Show some keys, in Qt's portable text, and wait no more."""
        self._words = "  or  ".join(key_text(key) for key in keys)
        self.setChecked(False)
        self._show()

    def _show(self) -> None:
        restyle(self, empty="true" if not self._words and not self.waiting else None)
        self.setText(_ASK if self.waiting else self._words or "None")
        self.setAccessibleName(f"{self._what}: {self._words or 'no keys'}")
        self.setAccessibleDescription(_ASK if self.waiting else "Press to choose other keys")

    def event(self, event: QEvent) -> bool:
        if self.waiting and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:  # before Qt takes Tab to move on
                self.keyPressEvent(event)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.waiting:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.click()
            else:
                super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.setChecked(False)
        elif not event.isAutoRepeat():
            self.pressed_keys.emit(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self.waiting:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setChecked(False)

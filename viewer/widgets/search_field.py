"""A field to search with: magnifier, text, a cross to empty it, and the key that leads to it while it is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy

from viewer.look.theme import ThemeManager
from viewer.widgets.buttons import IconButton
from viewer.widgets.text import KeyCap, restyle


class SearchField(QFrame):
    """One line to search with. ``keys`` (shown, not bound) is the shortcut that puts the focus here.

    Signals:
        changed(str): the text, once typing has paused for ``pause`` ms; at once when it was emptied.
        submitted(str): Enter.
        left(): Escape in an empty field; Escape in one with text empties it first.
        stepped(int): Up (-1) or Down (+1), for a list of results that keeps the typing here.
    """

    changed = Signal(str)
    submitted = Signal(str)
    left = Signal()
    stepped = Signal(int)

    def __init__(
        self,
        look: ThemeManager,
        hint: str,
        keys: str = "",
        *,
        name: str = "",
        pause: int = 120,
        escape_empties: bool = True,
    ) -> None:
        """``pause`` in ms between the last letter and ``changed``; without ``escape_empties`` Escape always leaves."""
        super().__init__()
        self._escape_empties = escape_empties
        self._look = look
        self._glass = QLabel()
        self.edit = QLineEdit()
        self._clear = IconButton(look, "x", "Clear", size=14)
        self._cap = KeyCap(keys) if keys else None
        self._timer = QTimer(self)
        self._told = ""
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause)
        self._timer.timeout.connect(self._tell)
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(name or hint)
        self.edit.setProperty("bare", "true")
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._on_text)
        self._clear.clicked.connect(self.clear)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._glass)
        self._row.addWidget(self.edit, 1)
        self._row.addWidget(self._clear)
        if self._cap is not None:
            self._row.addWidget(self._cap)
        self._on_look()
        self._on_text("")
        look.changed.connect(self._on_look)

    def text(self) -> str:
        """What is typed."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Put text in, as if typed."""
        self.edit.setText(text)

    def clear(self) -> None:
        """Empty it and say so."""
        self.edit.clear()
        self.edit.setFocus()

    def _on_text(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if self._cap is not None:
            self._cap.setVisible(not text)
        if text:
            self._timer.start()
        else:
            self._tell()

    def _tell(self) -> None:
        self._timer.stop()
        text = self.edit.text()
        if text != self._told:
            self._told = text
            self.changed.emit(text)

    def _on_look(self) -> None:
        px = self._look.theme.px
        self._glass.setPixmap(self._look.pixmap("search", "text3", 15, self))
        self._row.setContentsMargins(px(10), 0, px(4) if self._cap is None else px(7), 0)
        self._row.setSpacing(px(8))
        self.setFixedHeight(px(32))

    def _on_key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._tell()
                self.submitted.emit(self.text())
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Escape:
                if self.text() and self._escape_empties:
                    self.clear()
                else:
                    self.left.emit()
            case _:
                return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            restyle(self, active="true" if event.type() is QEvent.Type.FocusIn else "false")
        return event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._on_key(event)

"""What the arrow keys do where the keyboard is: said in the status bar, by the ``arrows`` property of the parts."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from viewer.core.keymap import Keymap
from viewer.look.sizes import add_gap, gap
from viewer.widgets.text import KeyCap, key_text, label

ARROWS: Final = "arrows"
"""The property of a part of the window that says what the plain arrow keys do in it."""


class ArrowHint(QWidget):
    """Says it while a part with such keys of its own has the keyboard.

    Signals:
        said(): it says something else, or nothing any more.
    """

    said = Signal()

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._words = label("", "meta", "text3")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        gap(row, 8)
        row.addWidget(KeyCap("Arrows"))
        row.addWidget(self._words)
        add_gap(row, 6)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        for action in ("month_back", "month_on", "next_region"):
            keymap.bind(action, self._tell_keys)

    def words(self) -> str:
        """What is said; empty where the arrows have no meaning of their own."""
        return self._words.text()

    def _tell_keys(self, _key: str) -> None:
        back, on, region = (key_text(self._keymap.first(each)) for each in ("month_back", "month_on", "next_region"))
        tip = "The arrow keys do what the part of the window with the keyboard needs."
        tip += f" {back} and {on} go by a month anywhere." if back and on else ""
        self.setToolTip(tip + (f" {region} takes the keyboard to the next part." if region else ""))

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new.window() is self.window():  # in a dialog the last part keeps what it says
            words = str(new.property(ARROWS) or "")
            if words != self.words():
                self._words.setText(words)
                self.said.emit()

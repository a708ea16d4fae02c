"""A row of choices of which exactly one holds: the mode switch, the layer switch, before and after."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy

from viewer.look.theme import ThemeManager
from viewer.widgets.text import with_keys


@dataclass(frozen=True, slots=True)
class Choice:
    """One segment: ``key`` is its value, ``keys`` a shortcut that is shown in its tooltip but bound elsewhere."""

    key: str
    text: str
    keys: str = ""


class Segmented(QFrame):
    """One of some choices, by mouse, Tab and arrow keys. ``tone="accent"`` marks the choice in accent, not in white.

    Signals:
        chosen(str): the user picked another choice; ``set_value`` is silent.
    """

    chosen = Signal(str)

    def __init__(self, look: ThemeManager, choices: tuple[Choice, ...], name: str, *, tone: str = "plain") -> None:
        super().__init__()
        self._look = look
        self._buttons: dict[str, QPushButton] = {}
        self._row = QHBoxLayout(self)
        self._group = QButtonGroup(self)
        self.setProperty("tone", tone)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for choice in choices:
            button = QPushButton(choice.text)
            button.setCheckable(True)
            button.setAutoDefault(False)  # else the first of a dialog looks chosen
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(f"{name}: {choice.text}")
            if choice.keys:
                button.setToolTip(with_keys(choice.text, choice.keys))
            button.clicked.connect(lambda _on=False, key=choice.key: self.chosen.emit(key))
            self._buttons[choice.key] = button
            self._group.addButton(button)
            self._row.addWidget(button, 1)
        self._buttons[choices[0].key].setChecked(True)
        self._on_look()
        look.changed.connect(self._on_look)

    def value(self) -> str:
        """The key of the choice that holds."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_value(self, key: str) -> None:
        """Make a choice hold without a signal. KeyError for an unknown key."""
        self._buttons[key].setChecked(True)

    def _on_look(self) -> None:
        theme = self._look.theme
        self._row.setContentsMargins(theme.px(3), theme.px(3), theme.px(3), theme.px(3))
        self._row.setSpacing(theme.px(2))
        # As wide as in the bold of the chosen one, so that choosing moves nothing.
        bold = QFontMetrics(theme.font("body_strong"))
        for button in self._buttons.values():
            button.setMinimumWidth(bold.horizontalAdvance(button.text()) + theme.px(20))

"""What stands where there is nothing to show: a sentence with a way out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.look.theme import ThemeManager
from viewer.widgets.pictures import IconLabel
from viewer.widgets.text import label


class EmptyState(QWidget):
    """What stands where there is nothing: an icon, a sentence that says what happened, and what to do about it."""

    def __init__(self, look: ThemeManager, icon: str, sentence: str, buttons: tuple[QWidget, ...] = ()) -> None:
        super().__init__()
        self._look = look
        self._icon = IconLabel(look, icon, "ctl", 28)
        self._words = label(sentence, "body", "text2", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._words)
        for button in buttons:
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self._on_look()
        look.changed.connect(self._on_look)

    def sentence(self) -> str:
        """What it says."""
        return self._words.text()

    def set_sentence(self, sentence: str) -> None:
        """Say something else."""
        self._words.setText(sentence)

    def _on_look(self) -> None:
        px = self._look.theme.px
        self._column.setSpacing(px(12))
        self._column.setContentsMargins(px(24), px(16), px(24), px(16))

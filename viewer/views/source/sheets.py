"""What the reader shows, one page at a time."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget

from viewer.look.theme import ThemeManager

LEAST: Final = 110


class Sheets(QStackedWidget):
    """Has the room that is left, however long its pages are, but never less than a few lines."""

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self._look = look

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._look.theme.px(LEAST))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self._look.theme.px(LEAST))

"""The item view of the table, with keys of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView, QWidget


class Grid(QTableView):
    """Keys that mean something else in the table than in the window come here first.

    Signals:
        copy_wanted(): Ctrl+C. Qt's own would copy one cell.
        find_wanted(): Ctrl+F.
        delete_wanted(): Delete. The window's would also delete what the table does not show.
        clear_wanted(): Escape, while ``can_clear`` says that there is something to clear.
    """

    copy_wanted = Signal()
    find_wanted = Signal()
    delete_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.can_clear: Callable[[], bool] = lambda: False
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _wish(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key asks of the table; None for one that is not its own."""
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copy_wanted.emit
        if event.matches(QKeySequence.StandardKey.Find):
            return self.find_wanted.emit
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            return self.delete_wanted.emit
        if event.key() == Qt.Key.Key_Escape and self.can_clear():
            return self.clear_wanted.emit
        return None

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the window. Qt would go to a line that begins so and drop what is selected."""

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._wish(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._wish(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()
            event.accept()

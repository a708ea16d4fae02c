"""Lines of the table on the clipboard as CSV."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, QObject, QPoint
from PySide6.QtGui import QGuiApplication

from viewer.core.desk import Desk
from viewer.models.events import Column
from viewer.models.selection import selected_lines
from viewer.models.wording import count
from viewer.views.table.columns import Columns
from viewer.views.table.grid import Grid
from viewer.views.table.model import TableModel
from viewer.widgets.buttons import Menu
from viewer.widgets.text import with_keys

MOST: Final = 100_000
"""Of more lines other programs would choke, and Export writes them to a file."""
AT_ONCE: Final = 2_000
"""So many are copied on the spot, in some hundredths of a second; more on a thread."""


class Copying(QObject):
    """Copies the selected lines, in their order, with the columns that are shown, in theirs."""

    def __init__(self, desk: Desk, model: TableModel, table: Grid, columns: Columns, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._model, self._table, self._columns = desk, model, table, columns

    def columns(self) -> list[Column]:
        """The columns that are shown, from left to right."""
        header = self._table.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        return [Column(each) for each in order if not header.isSectionHidden(each)]

    def copy(self) -> None:
        """Put text/csv and text/plain on the clipboard, and say so."""
        lines = selected_lines(self._table)
        if not lines:
            return
        if len(lines) > MOST:
            self._desk.messages.warn(
                f"More than {MOST:,} events are too many for the clipboard. Nothing was copied; "
                f"{with_keys('Export writes them to a file', self._desk.keymap.first('export'))}."
            )
            return
        rows, columns, before = self._model.rows_at(lines), self.columns(), self._desk.data.loaded

        def put(text: str) -> None:
            if self._desk.data.loaded is not before:
                self._desk.messages.warn("The events have changed meanwhile. Nothing was copied; copy them again.")
                return
            mime = QMimeData()
            mime.setData("text/csv", text.encode())
            mime.setText(text)
            QGuiApplication.clipboard().setMimeData(mime)
            self._desk.messages.done(f"Copied {count(len(lines), 'event')} as CSV")

        if len(lines) <= AT_ONCE:
            put(self._model.as_csv(rows, columns))
        else:
            self._desk.jobs.run(lambda: self._model.as_csv(rows, columns), put)

    def show_menu(self, at: QPoint) -> None:
        """The menu of the selected lines and the columns, at a point of the table's viewport."""
        selected = len(selected_lines(self._table))
        menu = Menu(parent=self._table)
        menu.aboutToHide.connect(menu.deleteLater)
        if selected:
            menu.addAction("Copy as CSV\tCtrl+C", self.copy)
            menu.addSeparator()
            words = "Delete event" if selected == 1 else f"Delete {selected:,} events"
            delete = menu.addAction(f"{words}\tDel", self._table.delete_wanted.emit)
            delete.setEnabled(not self._desk.data.store.read_only)
            menu.addSeparator()
        columns = Menu("Columns", parent=menu)
        self._columns.fill(columns)
        menu.addMenu(columns)
        menu.popup(self._table.viewport().mapToGlobal(at))

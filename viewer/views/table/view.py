"""All shown events in a plain table: for sorting, for keyboards, for assistive technology."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from viewer.core.desk import Desk
from viewer.models.events import Column, EventModel
from viewer.models.selection import LinkedSelection
from viewer.theme import ThemeManager
from viewer.views.table.cells import CellDelegate

ORIGIN: Final = "table"
WIDTHS: Final = {
    Column.DATE: 140,
    Column.TITLE: 300,
    Column.KIND: 140,
    Column.PLACE: 110,
    Column.STATUS: 84,
    Column.SOURCES: 120,
    Column.CLAIMS: 84,
}


class TableView(QWidget):
    """The same selection as map and lanes; Enter flies there."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.model = EventModel(desk.data, desk.state, desk.commands, self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Table of events")
        self.table.setItemDelegate(CellDelegate(desk, look, self.model, self.table))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        for column, width in WIDTHS.items():
            self.table.setColumnWidth(column, width)
        header.setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Stretch)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(Column.DATE, Qt.SortOrder.AscendingOrder)
        self._linked = LinkedSelection(self.table, self.model, desk.data, desk.state, desk.commands, ORIGIN)
        self.table.activated.connect(self._on_activated)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.setFocusProxy(self.table)
        look.changed.connect(self._on_look)
        self._on_look()

    def _on_activated(self, index: QModelIndex) -> None:
        self._desk.commands.fly_to_event(self._desk.data.row_ref(self.model.row_at(index.row())))

    def _on_look(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(self._look.theme.px(32))
        self.table.viewport().update()

"""Which columns the table shows: a menu over the headings, remembered; actors, tags, counts where there are any."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QTableView

from viewer.core.settings import TABLE_HIDDEN, Settings
from viewer.models.events import HEADINGS, Column
from viewer.widgets.buttons import Menu


class Columns(QObject):
    """Hides and shows the columns of one table; the title always stays."""

    def __init__(self, table: QTableView, settings: Settings, shown: Callable[[], object], parent: QObject) -> None:
        """``shown`` is called when other columns are to be seen."""
        super().__init__(parent)
        self._table, self._settings, self._shown = table, settings, shown
        self._empty: frozenset[Column] = frozenset()
        self.applying = False
        """Columns are being hidden or shown, which Qt tells as other widths."""
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self.show_menu)

    @property
    def hidden(self) -> frozenset[Column]:
        """Those that the user does not want to see."""
        names: list[str] = self._settings.get(TABLE_HIDDEN)
        return remembered(names)

    def without(self, empty: Collection[Column]) -> None:
        """Show what the user wants but for columns that are ``empty`` in this project."""
        self._empty = frozenset(empty)
        self._apply()

    def show_menu(self, at: QPoint) -> None:
        """The columns to choose from, at a point of the header."""
        menu = Menu(parent=self._table)
        menu.aboutToHide.connect(menu.deleteLater)
        self.fill(menu)
        menu.popup(self._table.horizontalHeader().mapToGlobal(at))

    def fill(self, menu: QMenu) -> None:
        """Put the columns that there can be into a menu, those that are shown checked."""
        for column in Column:
            if column is not Column.TITLE and column not in self._empty:
                action = menu.addAction(HEADINGS[column])
                action.setCheckable(True)
                action.setChecked(column not in self.hidden)
                action.triggered.connect(partial(self._toggle, column))

    def _toggle(self, column: Column, _checked: bool = False) -> None:
        self._settings.set(TABLE_HIDDEN, [each.name.lower() for each in sorted(self.hidden ^ {column})])
        self._apply()

    def _apply(self) -> None:
        self.applying = True
        for column in Column:
            self._table.setColumnHidden(column, column in self._empty or column in self.hidden)
        self.applying = False
        self._shown()


def remembered(names: Iterable[str]) -> frozenset[Column]:
    """The columns with these names; what is none is left out, and the title is never among them."""
    found = {Column[name.upper()] for name in names if name.upper() in Column.__members__}
    return frozenset(found - {Column.TITLE})

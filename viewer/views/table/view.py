"""All shown events in a plain table: for sorting, for keyboards, for assistive technology."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from viewer.core.desk import Desk
from viewer.core.settings import TABLE_WIDTHS
from viewer.look.theme import ThemeManager
from viewer.models.events import HEADINGS, Column
from viewer.models.selection import LinkedSelection, selected_lines
from viewer.models.wording import count
from viewer.views.table.cells import CellDelegate
from viewer.views.table.columns import Columns
from viewer.views.table.copying import Copying
from viewer.views.table.grid import Grid
from viewer.views.table.model import TableModel
from viewer.views.table.widths import Need, held, remembered, shared, to_remember
from viewer.widgets.search_field import SearchField
from viewer.widgets.text import hairline, label

ORIGIN: Final = "table"
MEASURED: Final = 400
"""Of more events, so many are measured for the widths of the columns."""
ARROW: Final = 30
"""Room in a heading for its margins and the arrow of the sorted column (px)."""


class TableView(QWidget):
    """The same selection as map and lanes; Enter flies there. A field narrows it.

    Signals:
        chosen_changed(): other events are selected in it, or it has come into sight.
    """

    chosen_changed = Signal()

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._needs: dict[Column, Need] | None = None  # None: to be measured anew
        kept: list[str] = desk.settings.get(TABLE_WIDTHS)
        self._kept = remembered(kept)
        self._sharing = False
        self.model = TableModel(desk.data, desk.state, desk.commands, self)
        self.table = Grid(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Table of events")
        self.cells = CellDelegate(desk, look, self.model, self.table)
        self.table.setItemDelegate(self.cells)
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
        header.setSectionResizeMode(Column.TITLE, QHeaderView.ResizeMode.Fixed)  # it has what the others leave
        header.sectionResized.connect(self._on_resized)
        header.sectionHandleDoubleClicked.connect(self._on_edge_double_clicked)
        header.viewport().installEventFilter(self)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(Column.DATE, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(self._on_sorted)
        self.table.viewport().installEventFilter(self)
        self._linked = LinkedSelection(self.table, self.model, desk.data, desk.state, desk.commands, ORIGIN)
        self.table.activated.connect(self._on_activated)
        self.field = SearchField(look, "Filter this table only", "Ctrl+F", name="Filter the table of events")
        self.field.setToolTip("Filters this table only; map and lanes stay as they are (Ctrl+F)")
        self.field.changed.connect(self.model.narrow)
        self.field.submitted.connect(lambda _text: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.field.left.connect(lambda: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.field.stepped.connect(lambda _step: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.shown = label("", "meta", "text2")
        self.columns = Columns(self.table, desk.settings, self._on_columns, self)
        self._copying = Copying(desk, self.model, self.table, self.columns, self)
        self.table.copy_wanted.connect(self._copying.copy)
        self.table.find_wanted.connect(lambda: self.field.edit.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.table.delete_wanted.connect(lambda: desk.commands.delete_events(self.chosen_ids()))
        self.table.clear_wanted.connect(self.field.clear)
        self.table.customContextMenuRequested.connect(self._copying.show_menu)
        self.table.can_clear = lambda: self.model.narrowed
        self._head = QHBoxLayout()
        self._head.addWidget(self.field, 3)
        self._head.addWidget(self.shown, 0)
        self._head.addStretch(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head)
        layout.addWidget(hairline())
        layout.addWidget(self.table, 1)
        self.table.selectionModel().selectionChanged.connect(self._show_counts)
        self.model.modelReset.connect(self._show_counts)
        self.model.working_changed.connect(self._show_counts)
        desk.state.changed.connect(self._on_state)
        self.setFocusProxy(self.table)
        desk.data.changed.connect(self._on_change)
        look.changed.connect(self._on_look)
        self.model.names.changed.connect(self._show_columns)
        self._on_look()
        self._show_columns()

    def _on_sorted(self) -> None:
        """Show what is selected where it stands now; without a selection what is first."""
        if self.table.selectionModel().hasSelection():
            self.table.scrollTo(self.table.currentIndex())
        else:
            self.table.scrollToTop()

    def _on_activated(self, index: QModelIndex) -> None:
        self._desk.commands.fly_to_event(self._desk.data.row_ref(self.model.row_at(index.row())))

    def chosen_ids(self) -> list[int]:
        """Ids of the events that are selected in the table, in its order."""
        rows = self.model.rows[np.array(selected_lines(self.table), np.intp)]
        found: list[int] = self._desk.data.index.columns.id[rows].tolist()
        return found

    def chosen_count(self) -> int:
        """How many events are selected in the table."""
        return len(selected_lines(self.table))

    def _show_counts(self) -> None:
        """Say what the table shows, and that something else may be selected in it."""
        lines, total = self.model.rowCount(), self._desk.data.index.shown_count
        words = f"{lines:,} of {total:,} shown" if self.model.narrowed else count(total, "event")
        words = "No event matches" if self.model.narrowed and not lines else words
        if self.model.looking:
            words = "Looking through the events …"
        elif self.model.sorting:
            words = f"Sorting {words} …"
        self.shown.setText(words)
        if self.isVisible():
            self.chosen_changed.emit()

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "selection" in names:
            self._show_counts()

    # Widths

    def _share(self) -> None:
        """Give every column its width, unless nobody sees them."""
        if not self.isVisible():
            return
        if self._needs is None:
            self._needs = self._measured()
        scale = self._look.theme.scale
        kept = {column: round(width * scale) for column, width in self._kept.items()}
        self._sharing = True
        for column, width in shared(self._needs, kept, self.table.viewport().width(), scale).items():
            self.table.setColumnWidth(column, width)
        self._sharing = False

    def _measured(self) -> dict[Column, Need]:
        """What each column takes, whatever the filters: no jumps while they are tried."""
        count = self._desk.data.index.n
        rows = np.unique(np.linspace(0, count - 1, min(count, MEASURED)).astype(np.intp)).tolist() if count else []
        head, arrow = QFontMetrics(self._look.theme.font("meta_medium")), self._look.theme.px(ARROW)
        return {
            column: Need.of(
                [self.cells.need(self.model.text(row, column), column) for row in rows],
                head.horizontalAdvance(HEADINGS[column]) + arrow,
            )
            for column in Column
            if not self.table.isColumnHidden(column)
        }

    def _on_resized(self, section: int, _old: int, width: int) -> None:
        """By the user's hand: it stays so, and is remembered when the hand lets go."""
        if self._sharing or not self.isVisible() or self.columns.applying:
            return
        self._kept[Column(section)] = held(round(width / self._look.theme.scale))
        self._share()

    def _on_edge_double_clicked(self, section: int) -> None:
        """The column has its own width again."""
        self._kept.pop(Column(section), None)
        self._share()
        self._remember()

    def _remember(self) -> None:
        self._desk.settings.set(TABLE_WIDTHS, to_remember(self._kept))

    def _show_columns(self) -> None:
        """Actors, tags and counts have columns where the project has any."""
        names = self.model.names
        several = (Column.ACTORS, names.actors.ids), (Column.TAGS, names.tags.ids), (Column.COUNT, names.counts.ids)
        self.columns.without([column for column, ids in several if not len(ids)])

    def _on_columns(self) -> None:
        self._needs = None
        self._share()

    def _on_change(self, _change: object) -> None:
        self._needs = None
        self._share()

    def _on_look(self) -> None:
        px = self._look.theme.px
        self._head.setContentsMargins(px(10), px(7), px(10), px(7))
        self._head.setSpacing(px(12))
        self.table.verticalHeader().setDefaultSectionSize(px(32))
        self.table.viewport().update()
        self._needs = None
        self._share()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.names.want(True)
        self._share()
        self._show_counts()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.names.want(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table.viewport():
            if event.type() is QEvent.Type.Resize:
                self._share()
        elif event.type() is QEvent.Type.MouseButtonRelease:
            self._remember()
        return False

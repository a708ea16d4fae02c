"""The middle of the window: the map or the table, and below it what can be done with many selected events."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from viewer.core.counts import Rows
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.views.many.bar import ManyBar
from viewer.views.map.geometry import Rect
from viewer.views.map.panel import EDGE
from viewer.views.map.view import MapView
from viewer.views.table.view import TableView
from viewer.widgets.shadow import SHADOW_MARGIN


def rect_of(rect: QRect) -> Rect:
    return Rect(rect.x(), rect.y(), rect.width(), rect.height())


class Stage(QWidget):
    """Shows one of the two. The bar takes its room from the table, but lies on the map as a card above the legend:
    nothing there moves under the hand that selects.
    """

    def __init__(self, desk: Desk, look: ThemeManager, map_view: MapView, table_view: TableView) -> None:
        super().__init__()
        self._desk, self._look, self._map, self._table = desk, look, map_view, table_view
        self._stack = QStackedWidget(self)
        self._stack.addWidget(map_view)
        self._stack.addWidget(table_view)
        self.bar = ManyBar(desk, look, self._chosen_ids)
        self.bar.setParent(self)
        self.bar.raise_()
        table_view.chosen_changed.connect(self._count)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        look.changed.connect(self._arrange)

    @property
    def shows_table(self) -> bool:
        return self._stack.currentWidget() is self._table

    def show_table(self, wanted: bool) -> None:
        """The table in place of the map, or the map."""
        self._stack.setCurrentWidget(self._table if wanted else self._map)
        self._count()

    def _chosen_ids(self) -> list[int]:
        """Ids of the events that the bar changes: those selected that are to be seen here."""
        if self.shows_table:
            return self._table.chosen_ids()
        found: list[int] = self._desk.data.index.columns.id[self._chosen()].tolist()
        return found

    def _chosen(self) -> Rows:
        """The selected rows that the filters show."""
        rows = np.array(self._desk.data.selected_rows(), np.intp)
        return rows[self._desk.data.index.shown[rows]]

    def _count(self) -> None:
        number = self._table.chosen_count() if self.shows_table else len(self._chosen())
        others = max(len(self._desk.state.view.selection) - number, 0)
        self.bar.show_count(number, others, "not in the table" if self.shows_table else "hidden by filters")
        self._arrange()

    def _arrange(self) -> None:
        self.bar.set_floating(not self.shows_table)
        hint, width, height = self.bar.sizeHint(), self.width(), self.height()
        shown = not self.bar.isHidden()
        taken = hint.height() if shown and self.shows_table else 0
        self._stack.setGeometry(0, 0, width, height - taken)
        if self.shows_table:
            self.bar.setGeometry(0, height - hint.height(), width, hint.height())
            self._map.panel.cover(None)
            return
        inner = width - 2 * (EDGE - SHADOW_MARGIN)
        size = QSize(max(min(hint.width(), inner), self.bar.minimumSizeHint().width()), hint.height())
        foot = height - round(self._map.panel.foot()) + SHADOW_MARGIN
        self.bar.setGeometry(QRect(QPoint(EDGE - SHADOW_MARGIN, foot - size.height()), size))
        self._map.panel.cover(rect_of(self.bar.body()) if shown else None)

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if names & {"selection", "filters"}:
            self._count()

    def _on_change(self, _change: object) -> None:
        self._count()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

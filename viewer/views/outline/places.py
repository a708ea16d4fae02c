"""The project's places: a click brings one into the map, with its events."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from viewer.core.desk import Desk
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.places import PLACE_ROLE, PlaceModel
from viewer.widgets.rows import RowDelegate
from viewer.widgets.search_field import SearchField

MARGIN: Final = 10


class PlacesView(QWidget):
    """A list with a field that narrows it. Enter or a click flies there."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.model = PlaceModel(desk.data, self)
        self.field = SearchField(look, "Narrow places", name="Narrow the list of places")
        self.list = QListView()
        self._rows = RowDelegate(look, self.list)
        self.list.setItemDelegate(self._rows)
        self.list.setUniformItemSizes(True)  # else each of ten thousand places is asked for its height
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Places")
        self._set_height()
        self.model.modelReset.connect(self._set_height)
        self.field.changed.connect(self.model.narrow)
        self.field.stepped.connect(lambda _step: self.list.setFocus(Qt.FocusReason.TabFocusReason))
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        column = QVBoxLayout(self)
        margins(column, 0, MARGIN, 0, 0)
        gap(column, 6)
        head = QVBoxLayout()
        margins(head, MARGIN, 0, MARGIN, 0)
        head.addWidget(self.field)
        column.addLayout(head)
        column.addWidget(self.list, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Many places take their time to be laid out: not before somebody looks."""
        if self.list.model() is None:
            self.list.setModel(self.model)
        super().showEvent(event)

    def _set_height(self) -> None:
        self._rows.tall = self.model.has_other_names

    def _on_chosen(self, index: QModelIndex) -> None:
        place = index.data(PLACE_ROLE)
        if place is not None and place.lon == place.lon:  # not NaN: it has a position
            self._desk.commands.look_at(place.lon, place.lat, place.radius_m)

"""The project's places as a list, those with most events first, narrowed by what is typed."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from db.queries import PlaceRow
from db.search import fold
from viewer.core.data import ProjectData
from viewer.models.events import Index
from viewer.models.wording import count
from viewer.widgets.rows import ROW_ROLE, RowContent

PLACE_ROLE: Final = Qt.ItemDataRole.UserRole
"""The PlaceRow behind a line."""


class PlaceModel(QAbstractListModel):
    """Follows changes of the data; ``narrow`` matches any of a place's names, diacritics folded."""

    def __init__(self, data: ProjectData, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self._needle = ""
        self._lines: list[PlaceRow] = []
        self._refill()
        data.changed.connect(self._on_change)

    def narrow(self, text: str) -> None:
        self._needle = fold(text.strip())
        self._reset()

    @property
    def has_other_names(self) -> bool:
        """Whether any line has small print."""
        return any(place.names.get("ar") for place in self._data.loaded.places.values())

    def place_at(self, line: int) -> PlaceRow:
        return self._lines[line]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return place.name
        if role == PLACE_ROLE:
            return place
        if role == ROW_ROLE:
            arabic = place.names.get("ar", "")
            return RowContent(place.name, arabic, str(place.events) if place.events else "", icon="map-pin")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{place.name}, {place.type or 'place'}, {count(place.events, 'event')}"
        return None

    def _refill(self) -> None:
        places = self._data.loaded.places.values()
        self._lines = [place for place in places if self._needle in fold(" ".join((place.name, *place.names.values())))]
        self._lines.sort(key=lambda place: (-place.events, fold(place.name)))

    def _reset(self) -> None:
        self.beginResetModel()
        self._refill()
        self.endResetModel()

    def _on_change(self, _change: object) -> None:
        self._reset()

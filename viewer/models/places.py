"""The project's places as a list, those with most events first, narrowed by what is typed."""

from __future__ import annotations

from functools import lru_cache
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
        self._others: tuple[object, bool] | None = None
        self._lines: list[PlaceRow] | None = None  # None: in no order yet, as nobody looks
        data.changed.connect(self._on_change)

    def narrow(self, text: str) -> None:
        self._needle = fold(text.strip())
        self._reset()

    @property
    def has_other_names(self) -> bool:
        """Whether any line has small print."""
        places = self._data.loaded.places
        if self._others is None or self._others[0] is not places:
            self._others = places, any(place.names.get("ar") for place in places.values() if place.names)
        return self._others[1]

    def place_at(self, line: int) -> PlaceRow:
        return self._lines_now()[line]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if parent.isValid():
            return 0
        return len(self._lines_now()) if self._needle else len(self._data.loaded.places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = self.place_at(index.row())
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

    def _lines_now(self) -> list[PlaceRow]:
        if self._lines is None:
            places = self._data.loaded.places.values()
            lines = [place for place in places if not self._needle or self._needle in _folded(*_names(place))]
            self._lines = sorted(lines, key=lambda place: (-place.events, _folded(place.name)))
        return self._lines

    def _reset(self) -> None:
        self.beginResetModel()
        self._lines = None
        self.endResetModel()

    def _on_change(self, _change: object) -> None:
        self._reset()


def _names(place: PlaceRow) -> tuple[str, ...]:
    return place.name, *place.names.values()


@lru_cache(maxsize=1 << 17)
def _folded(*names: str) -> str:
    return fold(" ".join(names))

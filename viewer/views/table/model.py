"""The table's own model: the shown events, narrowed by typed words; and its lines as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt

from db.formulas import guarded
from db.queries import STATUS_CODES
from db.search import fold
from viewer.core.commands import Commands
from viewer.core.counts import Mask, Rows
from viewer.core.data import ProjectData
from viewer.core.state import State
from viewer.models.events import HEADINGS, Column, EventModel
from viewer.models.names import EventNames, Names
from viewer.models.quantities import LAST, Counts
from viewer.models.wording import STATUS_WORDS, source_name


class TableModel(EventModel):
    """Each typed word is to be found in any column but dates and numbers of claims; folded."""

    def __init__(self, data: ProjectData, state: State, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(data, state, commands, parent)
        self._words: tuple[str, ...] = ()
        self._hits: Mask | None = None  # over all rows; None: nothing is typed
        self.names = EventNames(data, self)
        self.names.changed.connect(self._on_names)
        self._folded: tuple[list[int], list[str]] | None = None  # ids and titles, made when first needed

    @property
    def narrowed(self) -> bool:
        """Whether words are typed."""
        return bool(self._words)

    def narrow(self, text: str) -> None:
        """Show only the events in which each of these words is found; all of them for none."""
        words = tuple(dict.fromkeys(fold(text).split()))
        if words != self._words:
            self._words = words
            self._find()
            self._reset()

    def by_time(self) -> Rows:
        rows = super().by_time()
        return rows if self._hits is None else rows[self._hits[rows]]

    def text(self, row: int, column: Column) -> str:
        named = self._names_in(column)
        return super().text(row, column) if named is None else named.text(int(self._data.index.columns.id[row]))

    def words(self, row: int, column: Column) -> str:
        if column is Column.COUNT:
            return self.names.counts.words(int(self._data.index.columns.id[row]))
        return super().words(row, column)

    def rows_at(self, lines: Sequence[int]) -> list[int]:
        """The index's rows behind lines."""
        found: list[int] = self.rows[np.asarray(lines, np.intp)].tolist()
        return found

    def as_csv(self, rows: Iterable[int], columns: Sequence[Column]) -> str:
        """Rows of the index as RFC 4180 has them, under the headings; what a spreadsheet would run is guarded."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([HEADINGS[column] for column in columns])
        writer.writerows([guarded(self._cell(row, column)) for column in columns] for row in rows)
        return out.getvalue()

    # Inside

    def _cell(self, row: int, column: Column) -> str:
        """A cell of a CSV."""
        if column is Column.COUNT:
            return self.names.counts.plain(int(self._data.index.columns.id[row]))
        return self.text(row, column)

    def _names_in(self, column: Column) -> Names | Counts | None:
        match column:
            case Column.ACTORS:
                return self.names.actors
            case Column.TAGS:
                return self.names.tags
            case Column.COUNT:
                return self.names.counts
        return None

    def _ranks(self, rows: Rows) -> NDArray[np.int64]:
        named = self._names_in(self._column)
        if named is None:
            return super()._ranks(rows)
        ranks = named.ranks_of(self._data.index.columns.id[rows])
        if self._order is Qt.SortOrder.DescendingOrder:
            ranks[ranks == LAST] = -1  # events without any come last either way
        return ranks

    def _on_names(self) -> None:
        """Actors, tags and counts have been read: what rests on them is worked out again."""
        if self._words:
            self._find()
        if self._words or self._names_in(self._column) is not None:
            self._reset()
        elif self._count:
            self.dataChanged.emit(self.index(0, Column.ACTORS), self.index(self._count - 1, Column.COUNT))

    def _find(self) -> None:
        self._hits = np.logical_and.reduce([self._with(word) for word in self._words]) if self._words else None

    def _with(self, word: str) -> Mask:
        """The rows in which a folded word is found."""
        columns, loaded = self._data.index.columns, self._data.loaded
        if self._folded is None:
            ids, titles = loaded.titles.listed()
            self._folded = ids, [title.casefold() if title.isascii() else fold(title) for title in titles]
        titled = [key for key, title in zip(*self._folded, strict=True) if word in title]
        status = [code for code, each in enumerate(STATUS_CODES) if word in fold(STATUS_WORDS[each])]
        hits: Mask = np.isin(columns.id, titled)
        for named in (self.names.actors, self.names.tags, self.names.counts):
            hits |= np.isin(columns.id, named.with_word(word))
        hits |= np.isin(columns.status, status)
        hits |= np.isin(columns.kind, _named(word, ((key, kind.name) for key, kind in loaded.kinds.items())))
        hits |= np.isin(columns.place, _named(word, ((key, place.name) for key, place in loaded.places.items())))
        sources = _named(word, ((key, source_name(source)) for key, source in loaded.sources.items()))
        before: NDArray[np.int64] = np.zeros(len(columns.source_ids) + 1, np.int64)
        np.cumsum(np.isin(columns.source_ids, sources), out=before[1:])
        hits |= before[columns.source_offsets[1:]] > before[columns.source_offsets[:-1]]
        return hits

    def _reset(self) -> None:
        self.beginResetModel()
        self._ordered = None
        shown = self._data.index.shown
        self._count = self._data.index.shown_count if self._hits is None else int((shown & self._hits).sum())
        self.endResetModel()

    def _on_change(self, change: object) -> None:
        self._folded = None
        self._find()
        super()._on_change(change)
        self.names.refresh()


def _named(word: str, names: Iterable[tuple[int, str]]) -> list[int]:
    """The ids of what has a word in its name."""
    return [key for key, name in names if word in fold(name)]

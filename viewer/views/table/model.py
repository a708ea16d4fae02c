"""The table's own model: the shown events, narrowed by typed words; and its lines as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from db.formulas import guarded
from db.search import fold
from viewer.core.commands import Commands
from viewer.core.counts import Mask, Rows
from viewer.core.data import ProjectData
from viewer.core.state import State
from viewer.models.events import AT_ONCE, HEADINGS, Column, EventModel, Ranking
from viewer.models.names import EventNames, Names
from viewer.models.quantities import Counts
from viewer.views.table.looking import FoldedTitles, Look


class TableModel(EventModel):
    """Narrowed by words (looking.py), which very many events are looked through for on a thread: the lines stay as
    they are meanwhile.
    """

    def __init__(self, data: ProjectData, state: State, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(data, state, commands, parent)
        self._words: tuple[str, ...] = ()
        self._hits: Mask | None = None  # over all rows; None: nothing is typed
        self._ids = data.index.columns.id  # of these rows
        self.names = EventNames(data, self)
        self.names.changed.connect(self._on_names)
        self._titles = FoldedTitles(data.loaded)
        self._looking: Look | None = None

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

    @property
    def looking(self) -> bool:
        """Whether the words are still being looked for."""
        return self._looking is not None

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

    def _kept(self, rows: Rows) -> Rows:
        rows = super()._kept(rows)
        return rows if self._hits is None else rows[self._hits[rows]]

    def _sorted_of(self) -> tuple[object, ...]:
        return *super()._sorted_of(), self._names_in(self._column)

    def _ranking(self) -> Ranking:
        named = self._names_in(self._column)
        return super()._ranking() if named is None else partial(named.ranks_of, self._data.index.columns.id)

    def _on_names(self) -> None:
        """Actors, tags and counts have been read: what rests on them is worked out again."""
        if self._words:
            self._find()
        elif self._names_in(self._column) is not None:
            self._reset()
        elif self._count:
            self.dataChanged.emit(self.index(0, Column.ACTORS), self.index(self._count - 1, Column.COUNT))

    def _find(self) -> None:
        """Look for the words, and show what they are found in."""
        data = self._data
        if self._titles.loaded.titles is not data.loaded.titles:
            self._titles = FoldedTitles(data.loaded)
        self._looking = None
        if not self._words:
            self._narrow(None)
            return
        look = Look(self._words, data.index, data.loaded, self._titles, self._named())
        if data.index.n <= AT_ONCE:
            self._narrow(look.hits())
            return
        self._looking = look
        self.working_changed.emit()

        def done(hits: Mask) -> None:
            if self._looking is look:
                self._looking = None
                self._narrow(hits)

        data.ask("words in the table", lambda _connection: look.hits(), done)

    def _narrow(self, hits: Mask | None) -> None:
        self._hits, self._ids = hits, self._data.index.columns.id
        self._reset()
        self.working_changed.emit()

    def _named(self) -> tuple[Names | Counts, ...]:
        return self.names.actors, self.names.tags, self.names.counts

    def _reset(self) -> None:
        self.beginResetModel()
        self._ordered = None
        shown = self._data.index.shown
        self._count = self._data.index.shown_count if self._hits is None else int(np.count_nonzero(shown & self._hits))
        self.endResetModel()

    def _on_change(self, change: object) -> None:
        ids = self._data.index.columns.id
        if self._hits is not None and ids is not self._ids:  # until they are looked through, what was found before
            self._hits, self._ids = np.isin(ids, self._ids[self._hits]), ids
        super()._on_change(change)
        if self._words:
            self._find()
        self.names.refresh()

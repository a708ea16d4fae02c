"""Keeps an item view's selection and the State's selection the same, both ways, without echo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject
from PySide6.QtWidgets import QTableView

from viewer.core.commands import MOST_SELECTED, Commands
from viewer.core.data import ProjectData
from viewer.core.state import State
from viewer.models.events import EventModel


def selected_lines(view: QTableView) -> list[int]:
    """The lines of a view that are selected, ascending: by ranges, as each cell of many lines would take its time."""
    ranges = view.selectionModel().selection().toList()
    return sorted({line for each in ranges for line in range(each.top(), each.bottom() + 1)})


def _runs(lines: Iterable[int | None]) -> Iterator[tuple[int, int]]:
    """First and last of each run of lines that follow one another; None is no line."""
    first = end = -2
    for line in sorted(line for line in lines if line is not None):
        if line != end + 1:
            if first >= 0:
                yield first, end
            first = line
        end = line
    if first >= 0:
        yield first, end


class LinkedSelection(QObject):
    """Links one item view over an EventModel. Build it after the model was set on the view."""

    def __init__(
        self,
        view: QTableView,
        model: EventModel,
        data: ProjectData,
        state: State,
        commands: Commands,
        origin: str,
    ) -> None:
        super().__init__(view)
        self._view, self._model, self._data, self._state = view, model, data, state
        self._commands, self._origin = commands, origin
        self._echo = False
        view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        model.modelReset.connect(self.show_state)
        state.changed.connect(self._on_state)
        view.installEventFilter(self)
        self.show_state()

    def show_state(self) -> None:
        """Select in the view what the State has selected, and scroll to the current event; nothing unless it is seen,
        as that would put its lines in order.
        """
        if not self._view.isVisible():
            return
        chosen, last = QItemSelection(), self._model.columnCount() - 1
        for first, end in _runs([self._model.line_of(row) for row in self._data.selected_rows()]):
            chosen.select(self._model.index(first, 0), self._model.index(end, last))
        current_row = self._data.row(self._state.view.current)
        line = None if current_row is None else self._model.line_of(current_row)
        selection = self._view.selectionModel()
        self._echo = True
        try:
            selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            if line is not None:
                index = self._model.index(line, max(selection.currentIndex().column(), self._first_column()))
                selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
                self._view.scrollTo(index)
        finally:
            self._echo = False

    def _first_column(self) -> int:
        """A view scrolls to nothing but a column that it shows."""
        columns = range(self._model.columnCount())
        return next((column for column in columns if not self._view.isColumnHidden(column)), 0)

    def _on_selection_changed(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        if self._echo:
            return
        selection = self._view.selectionModel()
        self._hold(selection)
        lines = selected_lines(self._view)
        current = selection.currentIndex().row()
        if current in lines:  # the current one comes last, so that it is the one shown
            lines.remove(current)
            lines.append(current)
        refs = [self._data.row_ref(self._model.row_at(line)) for line in lines]
        self._commands.select(refs, self._origin)

    def _hold(self, selection: QItemSelectionModel) -> None:
        """Of more than MOST_SELECTED lines the first stay selected; the user is told."""
        ranges = sorted((each.top(), each.bottom()) for each in selection.selection().toList())
        chosen, room, last = QItemSelection(), MOST_SELECTED, self._model.columnCount() - 1
        for top, bottom in ranges:
            end = min(bottom, top + room - 1)
            if end >= top:
                chosen.select(self._model.index(top, 0), self._model.index(end, last))
            room -= bottom - top + 1
        if room >= 0:
            return
        self._echo = True
        try:
            selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        finally:
            self._echo = False
        words = f"These are {MOST_SELECTED - room:,} events, and no more than {MOST_SELECTED:,} are selected at once:"
        self._commands.messages.warn(f"{words} the first of them. Narrow the table or set filters to have others.")

    def _on_state(self, names: frozenset[str], origin: str) -> None:
        if origin != self._origin and names & {"selection", "current"}:
            self.show_state()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self.show_state()
        return False

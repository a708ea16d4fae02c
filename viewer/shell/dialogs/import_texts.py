"""Importing texts: a row per file with its date of publication, its stage, and the plain cause when it cannot be."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QWidget

from db import timewords
from db.errors import EnvironmentFault, InputFault
from db.importers.text import import_text
from db.values import Ref, TimeSpan
from viewer.core.desk import Desk
from viewer.core.jobs import Cancelled
from viewer.look.sizes import fix, gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.wording import count
from viewer.shell.dialogs.frame import fill, open_size, scrolled
from viewer.widgets.buttons import Button
from viewer.widgets.text import ElidedLabel, label, restyle


class ImportDialog(QDialog):
    """Each file is one undoable step; those that fail leave the others alone."""

    def __init__(self, desk: Desk, look: ThemeManager, paths: list[Path], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._paths = paths
        self._waiting: list[int] = []
        self._done: dict[int, Ref] = {}  # rows that are in the project -> their documents
        self._cancelled = False
        self.setWindowTitle("Import texts")
        open_size(self, look, 720, min(640, 220 + 40 * len(paths)))
        self._dates = [QLineEdit() for _ in paths]
        self._states = [label("", "note", "text2", wrap=True) for _ in paths]
        self.start = Button(look, f"Import {count(len(paths), 'text')}", "primary")
        self.close_button = Button(look, "Cancel", "quiet")
        content = QWidget()
        content.setProperty("panel", "surface")
        grid = QGridLayout(content)
        margins(grid, 20, 8, 20, 8)
        gap(grid, 14, 8)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(2, 3)
        for column, words in enumerate(("File", "Published", "")):
            grid.addWidget(label(words, "label_strong", "text2"), 0, column)
        for row, path in enumerate(paths):
            name = ElidedLabel(path.name, "body_medium", "text", mode=Qt.TextElideMode.ElideMiddle)
            name.setToolTip(str(path))
            date = self._dates[row]
            date.setPlaceholderText("not known")
            date.setAccessibleName(f"Date of publication of {path.name}")
            fix(date, width=150)
            date.textChanged.connect(partial(self._on_date, row))
            for column, widget in enumerate((name, date, self._states[row])):
                grid.addWidget(widget, row + 1, column)
        grid.setRowStretch(len(paths) + 1, 1)
        hint = label(
            "When was each text published? 2 Dec 2016, about Sep 2016, 2016. Dates in a text are read against it.",
            "note",
            "text2",
            wrap=True,
        )
        margins(hint, 20, 14, 20, 4)
        fill(self, hint, scrolled(content), buttons=(self.close_button, self.start))
        self.start.clicked.connect(lambda _checked=False: self._start())
        self.close_button.clicked.connect(lambda _checked=False: self.reject())
        self._dates[0].setFocus()

    def _on_date(self, row: int, text: str) -> None:
        """Say what a typed date is understood as."""
        words, fault = "", False
        if text.strip():
            try:
                words = timewords.show(self._span(text))
            except InputFault as error:
                words, fault = str(error), True
        self._states[row].setText(words)
        restyle(self._dates[row], invalid="true" if fault else "false")

    def _span(self, text: str) -> TimeSpan:
        return timewords.parse_typed(text, self._desk.state.view.time_cursor)

    def _start(self) -> None:
        todo: list[tuple[int, str | None]] = []
        for row, field in enumerate(self._dates):
            if row in self._done:
                continue
            text = field.text().strip()
            try:
                todo.append((row, self._span(text).edtf if text else None))
            except InputFault as error:
                self._states[row].setText(str(error))
                field.setFocus()
                return
        self.start.setEnabled(False)
        for row, published in todo:
            self._waiting.append(row)
            self._states[row].setText("Waiting")
            self._desk.jobs.write(
                partial(self._import, row, published), partial(self._on_done, row), partial(self._on_failed, row)
            )

    def _import(self, row: int, published: str | None) -> Ref:
        if self._cancelled:
            raise Cancelled
        return import_text(self._desk.data.store, self._paths[row], published=published).document

    def _on_done(self, row: int, document: Ref) -> None:
        self._done[row] = document
        self._dates[row].setEnabled(False)
        self._finish(row, "Imported")

    def _on_failed(self, row: int, error: Exception) -> None:
        if isinstance(error, Cancelled):
            text = "Not imported"
        elif isinstance(error, EnvironmentFault):
            text = str(error)
        else:
            text = "This text could not be read. Nothing of it was kept."
        self._finish(row, text)
        self._states[row].setToolTip(text)

    def _finish(self, row: int, text: str) -> None:
        self._states[row].setText(text)
        self._waiting.remove(row)
        if self._waiting:
            return
        self.close_button.setText("Close")
        left = len(self._paths) - len(self._done)
        self.start.setText("Try the rest again" if left else "Done")
        self.start.setEnabled(left > 0)
        if self._cancelled:
            self._leave()
        elif not left:
            self.accept()

    def _leave(self) -> None:
        """Say what came in, and show the first of it."""
        if self._done:
            self._desk.messages.done(f"Imported {count(len(self._done), 'text')}", "Undo", self._undo)
            self._desk.commands.read_document(self._done[min(self._done)], "import")
        self.deleteLater()

    def _undo(self) -> None:
        for _ in self._done:
            self._desk.commands.undo()

    def done(self, result: int) -> None:
        """However it is left, what waits is not imported any more; what is under way still finds its row."""
        self._cancelled = True
        super().done(result)
        if not self._waiting:
            self._leave()

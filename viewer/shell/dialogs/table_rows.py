"""The rows of a table that did not go in, or lack something: which, why, and a file of those to be mended."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from db.importers.tables.columns import Fate
from db.importers.tables.outcome import FILED, Listed, TableImported
from viewer.core.messages import Messages
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.wording import count
from viewer.shell.dialogs.frame import Page, fill, scrolled
from viewer.widgets.buttons import Button
from viewer.widgets.text import label

LISTED: Final = 200
FEW: Final = 20
"""Of the rows that came in before as they are: there is nothing to do about them."""


class TableRowsPage(Page):
    """Lists the first of each fate under a sentence; all to be looked into can be saved as a file."""

    def __init__(
        self, look: ThemeManager, messages: Messages, name: str, imported: TableImported, file: Path, parent: QWidget
    ) -> None:
        """``name`` of the table; ``file`` holds the rows to be looked into, in a folder that goes with the page."""
        super().__init__(look, _title(name, imported), (760, 560), parent)
        self._messages, self._name, self._file = messages, name, file
        self.save_button = Button(look, "Save these rows…", "quiet", icon="file-text")
        self.save_button.clicked.connect(lambda _checked=False: self._save())
        self.save_button.setToolTip("As CSV, with line and reason: what could not be taken or read, differs or repeats")
        filed = imported.number(*FILED)
        self.save_button.setVisible(bool(filed))
        said = label(_said(imported), "note", "text2", wrap=True)
        margins(said, 20, 14, 20, 4)
        content = QWidget()
        content.setProperty("panel", "surface")
        self._grid = QGridLayout(content)
        margins(self._grid, 20, 8, 20, 8)
        gap(self._grid, 14, 6)
        self._grid.setColumnStretch(1, 1)
        told = imported.told()
        for fate, listed, sentence in told:
            if len(told) > 1:
                self._head(sentence)
            self._list(fate, listed)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        fill(self, said, scrolled(content), buttons=(self.save_button, self.close_button))

    def _head(self, sentence: str) -> None:
        head = label(f"{sentence}.", "label_strong", "text", wrap=True)
        first = self._grid.count() == 0
        margins(head, 0, 0 if first else 12, 0, 2)
        self._grid.addWidget(head, self._grid.rowCount(), 0, 1, 2)

    def _list(self, fate: Fate, listed: Listed) -> None:
        grid, top = self._grid, Qt.AlignmentFlag.AlignTop
        shown = listed.rows[: FEW if fate is Fate.SAME else LISTED]
        for each in shown:
            row = grid.rowCount()
            grid.addWidget(label(f"Line {each.line:,}", "meta_medium", "text3"), row, 0, top)
            grid.addWidget(label(each.reason[:1].upper() + each.reason[1:], "note", "text", wrap=True), row, 1, top)
        if listed.count > len(shown):
            where = ", all of them in the file" if fate in FILED else ""
            more = label(f"and {listed.count - len(shown):,} more{where}", "note", "text2")
            grid.addWidget(more, grid.rowCount(), 0, 1, 2)

    def _save(self) -> None:
        start = f"{Path(self._name).stem} rows left.csv"
        path, _kind = QFileDialog.getSaveFileName(self, "Save the rows that were left", start, "CSV (*.csv)")
        if not path:
            return
        try:
            shutil.copyfile(self._file, path)
        except OSError as error:
            self._messages.warn(f"{Path(path).name} could not be written: {error.strerror or error}.")
        else:
            self._messages.done(f"Saved as {Path(path).name}")

    def done(self, result: int) -> None:
        """The file goes with the page."""
        shutil.rmtree(self._file.parent, ignore_errors=True)
        super().done(result)


def _title(name: str, imported: TableImported) -> str:
    told = imported.told()
    if len(told) > 1:
        return f"What became of the rows of {name}"
    ((_fate, listed, sentence),) = told
    rows = count(listed.count, "row")
    return f"{rows} of {name}{sentence.removeprefix(rows)}"


def _said(imported: TableImported) -> str:
    went = f"{count(imported.events, 'row')} went in." if imported.events else "No row went in."
    if set(imported.listed) == {Fate.LEFT}:
        which = "This one did not; mend it" if imported.left == 1 else "These did not; mend them"
        return f"{went} {which} in a file and import that."
    if imported.number(*FILED):
        went += " What could not be taken or read, differs or repeats can be saved as a file with lines and reasons."
    return went

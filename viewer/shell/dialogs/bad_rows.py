"""The rows of a table that could not be taken: which, why, and a file of them to be mended."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from db.importers.tables.importer import TableImported
from viewer.core.messages import Messages
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.wording import count
from viewer.shell.dialogs.frame import Page, fill, scrolled
from viewer.widgets.buttons import Button
from viewer.widgets.text import label

LISTED = 200


class BadRowsPage(Page):
    """Lists the first of them; all of them can be saved as a file."""

    def __init__(
        self, look: ThemeManager, messages: Messages, name: str, imported: TableImported, file: Path, parent: QWidget
    ) -> None:
        """``name`` of the table; ``file`` holds all of its rows that were left, in a folder that goes with the page."""
        super().__init__(look, f"{count(imported.left, 'row')} of {name} could not be taken", (760, 560), parent)
        self._messages, self._name, self._file = messages, name, file
        self.save_button = Button(look, "Save these rows…", "quiet", icon="file-text")
        self.save_button.clicked.connect(lambda _checked=False: self._save())
        said = label(
            f"{count(imported.events, 'row')} went in. These did not; mend them in a file and import that.",
            "note",
            "text2",
            wrap=True,
        )
        margins(said, 20, 14, 20, 4)
        content = QWidget()
        content.setProperty("panel", "surface")
        grid = QGridLayout(content)
        margins(grid, 20, 8, 20, 8)
        gap(grid, 14, 6)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, bad in enumerate(imported.bad[:LISTED]):
            grid.addWidget(label(f"Line {bad.line:,}", "meta_medium", "text3"), row, 0, top)
            grid.addWidget(label(bad.reason[:1].upper() + bad.reason[1:], "note", "text", wrap=True), row, 1, top)
        if imported.left > LISTED:
            more = label(f"and {imported.left - LISTED:,} more, all of them in the file", "note", "text2")
            grid.addWidget(more, LISTED, 0, 1, 2)
        grid.setRowStretch(LISTED + 1, 1)
        fill(self, said, scrolled(content), buttons=(self.save_button, self.close_button))

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

"""A table on its way in, beside the window: how far it is, and what became of its rows."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.importers.tables.importer import About, OpenTable, import_table
from db.importers.tables.mapping import TableMapping
from db.importers.tables.outcome import NothingNew, TableImported
from viewer.core.desk import Desk
from viewer.core.jobs import Cancelled, Progress
from viewer.look.theme import ThemeManager
from viewer.models.wording import count
from viewer.shell.dialogs.table_rows import TableRowsPage

PARTS: Final = 1000


def begin_import(
    desk: Desk, look: ThemeManager, window: QWidget, table: OpenTable, mapping: TableMapping, about: About
) -> None:
    """Import a table beside the window, which says how far it is; then tell of it, and list the rows that did not go
    in, or lack something.
    """
    folder = Path(tempfile.mkdtemp(prefix="dateline-"))
    left = folder / "left.csv"
    name, was_empty = table.path.name, not desk.data.has_dates

    def work(progress: Progress) -> TableImported:
        def report(done: int, total: int) -> None:
            progress.report(PARTS * done // max(total, 1), PARTS)

        return import_table(desk.data.store, table, mapping, about, bad_rows=left, report=report)

    def tell(imported: TableImported) -> None:
        said = f"Imported {count(imported.new, 'event')} from {name}"
        desk.messages.done(
            f"{said}. {imported.in_short()}." if imported.listed else said,
            "Undo",
            desk.commands.undo,
            ("Show", partial(desk.commands.show_imported, imported.source, imported.numbers)),
        )
        if desk.state.view.current is None:  # else its quote stays to be read
            desk.commands.read_document(imported.document, "import")
        if was_empty:
            desk.commands.show_imported(imported.source, imported.numbers)
        show_rows(imported)

    def show_rows(imported: TableImported) -> None:
        if not imported.listed:
            shutil.rmtree(folder, ignore_errors=True)
            return
        page = TableRowsPage(look, desk.messages, name, imported, left, window)
        page.setWindowModality(Qt.WindowModality.NonModal)
        page.show()

    def failed(error: Exception) -> None:
        if isinstance(error, NothingNew):
            desk.messages.fault(error)
            show_rows(error.imported)
            return
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, Cancelled):
            desk.messages.done(f"The import of {name} was stopped; nothing of it is in the project")
        else:
            desk.messages.fault(error)

    desk.jobs.write_long(f"Importing {name}", work, tell, failed)

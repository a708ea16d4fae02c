"""The dialog of tables opened in a window on a project without events, and its columns given their meaning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from db.templates import new_project
from tests.helpers.window import Program
from viewer.shell.dialogs.import_tables import TableDialog
from viewer.shell.dialogs.table_rows import TableRowsPage

Look = Callable[[Path], TableDialog]


@pytest.fixture
def tables_project(program: Program, tmp_path: Path) -> Path:
    path = tmp_path / "Tables.gpkg"
    new_project(path, "Tables")
    program.open(path)
    return path


@pytest.fixture
def look(program: Program, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Open the dialog of a table by the window's own command; it is looked through when it has a verdict."""
    made: list[TableDialog] = []
    monkeypatch.setattr(TableDialog, "exec", lambda self: (made.append(self), self.open()))

    def call(path: Path) -> TableDialog:
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
        made.clear()  # those of before may be gone
        program.key("Ctrl+I")
        program.wait(lambda: bool(made) and not made[-1].verdict.text().startswith("Reading"))
        return made[-1]

    return call


def page_of_rows() -> TableRowsPage:
    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, TableRowsPage) and each.isVisible())


def column(dialog: TableDialog, name: str) -> int:
    assert dialog.columns is not None
    return next(
        at for at, button in enumerate(dialog.columns.buttons) if button.accessibleName().startswith(f"{name} ")
    )


def mean(dialog: TableDialog, name: str, field: str) -> None:
    """Tick or untick a meaning in the menu of a column."""
    assert dialog.columns is not None
    menu = dialog.columns.menu(column(dialog, name))
    next(action for action in menu.actions() if action.text() == field).trigger()
    menu.deleteLater()

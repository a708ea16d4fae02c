"""The table of events in the window, worked by mouse and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu

from tests.helpers.window import Program
from viewer.models.events import Column
from viewer.views.table.view import TableView


@pytest.fixture
def table(app: Program) -> TableView:
    app.window.show_table()
    app.settle()
    return app.window.table_view


def narrow(app: Program, table: TableView, text: str) -> None:
    """Ctrl+F in the table, and type."""
    app.click(table.table.viewport(), QPoint(200, 10))
    app.key("Ctrl+F")
    assert QApplication.focusWidget() is table.field.edit
    app.key("Ctrl+A")
    app.type(text)
    app.wait(lambda: table.model.narrowed)


def select_all(app: Program, table: TableView) -> list[int]:
    table.table.setFocus()
    app.key("Ctrl+A")
    app.settle()
    return table.chosen_ids()


def titles(table: TableView) -> list[str]:
    return [table.model.text(row, Column.TITLE) for row in table.model.rows.tolist()]


def pick(app: Program, words: str) -> None:
    """Choose from the menu that has popped up."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(each for each in menu.actions() if each.text().partition("\t")[0] == words)
    action.trigger()
    menu.close()

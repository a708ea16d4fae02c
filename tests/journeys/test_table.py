"""The table of events in the window: no date is cut, and a column that was dragged stays as it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.helpers.window import LEFT, NONE, Program
from viewer.core.settings import TABLE_WIDTHS
from viewer.models.events import Column


@pytest.mark.parametrize("size", [(1600, 1000), (1280, 720)])
def test_no_date_is_cut_in_the_table(app: Program, size: tuple[int, int]) -> None:
    app.window.resize(*size)
    app.window.show_table()
    app.settle()
    view = app.window.table_view
    width = view.table.columnWidth(Column.DATE)
    for row in range(app.window.desk.data.index.n):
        text = view.model.text(row, Column.DATE)
        assert view.cells.need(text, Column.DATE).least <= width, text
    assert view.table.columnWidth(Column.TITLE) >= 180


def test_a_column_that_was_dragged_stays_so(app: Program) -> None:
    app.window.show_table()
    app.settle()
    table = app.window.table_view.table
    header = table.horizontalHeader()
    before = table.columnWidth(Column.KIND)
    edge = QPoint(header.sectionViewportPosition(Column.KIND) + before - 1, header.height() // 2)
    QTest.mouseMove(header.viewport(), edge)
    QTest.mousePress(header.viewport(), LEFT, NONE, edge)
    QTest.mouseMove(header.viewport(), edge + QPoint(20, 0))
    QTest.mouseMove(header.viewport(), edge + QPoint(40, 0))
    QTest.mouseRelease(header.viewport(), LEFT, NONE, edge + QPoint(40, 0))
    QApplication.processEvents()
    wide = table.columnWidth(Column.KIND)
    assert wide > before
    assert f"kind={wide}" in app.window.desk.settings.get(TABLE_WIDTHS)
    app.window.resize(1280, 720)
    app.settle()
    assert table.columnWidth(Column.KIND) == wide
    path = app.window.desk.data.store.path
    app.window.close()
    app.open(path)
    app.window.show_table()
    app.settle()
    assert app.window.table_view.table.columnWidth(Column.KIND) == wide

"""The table of events in the window: no date is cut, and a column that was dragged stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView

from tests.helpers.pictures import pixels
from tests.helpers.window import LEFT, NONE, Program
from viewer.core.settings import TABLE_WIDTHS
from viewer.models.events import Column
from viewer.views.table.widths import TITLE_LEAST


def edge_of(table: QTableView, column: Column) -> QPoint:
    header = table.horizontalHeader()
    return QPoint(header.sectionViewportPosition(column) + table.columnWidth(column) - 1, header.height() // 2)


def drag_edge(table: QTableView, column: Column, way: int) -> None:
    """Drag the right edge of a column by ``way`` px, in several moves."""
    edge, viewport = edge_of(table, column), table.horizontalHeader().viewport()
    QTest.mouseMove(viewport, edge)
    QTest.mousePress(viewport, LEFT, NONE, edge)
    for part in (0.2, 0.6, 1):
        QTest.mouseMove(viewport, edge + QPoint(round(way * part), 0))
    QTest.mouseRelease(viewport, LEFT, NONE, edge + QPoint(way, 0))
    QApplication.processEvents()


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
    assert view.table.columnWidth(Column.TITLE) >= TITLE_LEAST


def test_a_cell_in_two_lines_is_of_the_type_of_those_in_one(app: Program) -> None:
    cells, ground = app.window.table_view.cells, app.application.look.theme.surface

    def lines(width: int) -> list[int]:
        """How high the letters of each line are, px."""
        image = QImage(width, 32, QImage.Format.Format_RGB32)
        image.fill(ground)
        with QPainter(image) as painter:
            painter.setPen(QColor("black"))
            painter.setFont(cells._font(Column.PLACE))
            cells._paint_text(painter, QRect(0, 0, width, 32), "Tal Tall", Column.PLACE)
        inked = (pixels(image) != pixels(image)[0, -1]).any(axis=(1, 2))
        edges = np.flatnonzero(np.diff(np.concatenate(([0], inked, [0]))))
        return (edges[1::2] - edges[::2]).tolist()

    (one,) = lines(200)
    assert lines(30) == [one, one]


def test_a_column_that_was_dragged_stays_so(app: Program) -> None:
    app.window.show_table()
    app.settle()
    table = app.window.table_view.table
    before = table.columnWidth(Column.KIND)
    written: list[str] = []
    app.window.desk.settings.changed.connect(written.append)
    drag_edge(table, Column.KIND, 40)
    assert written.count(TABLE_WIDTHS.key) == 1, "once, not for each pixel"
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


@pytest.mark.parametrize(("way", "width"), [(-2000, 40), (3000, 1200)])
def test_a_column_is_dragged_no_farther_than_is_remembered(app: Program, way: int, width: int) -> None:
    app.window.show_table()
    app.settle()
    table = app.window.table_view.table
    drag_edge(table, Column.KIND, way)
    assert table.columnWidth(Column.KIND) == width
    assert f"kind={width}" in app.window.desk.settings.get(TABLE_WIDTHS)


def test_the_title_has_what_the_others_leave_and_cannot_be_dragged(app: Program) -> None:
    app.window.show_table()
    app.settle()
    table = app.window.table_view.table
    app.window.desk.commands.set_title(app.state.current, "Another title")
    app.settle()
    before = [table.columnWidth(column) for column in Column]
    drag_edge(table, Column.TITLE, -60)
    assert [table.columnWidth(column) for column in Column] == before
    assert app.window.desk.settings.get(TABLE_WIDTHS) == []


def test_a_double_click_on_its_edge_gives_a_column_its_own_width_again(app: Program) -> None:
    app.window.show_table()
    app.settle()
    table = app.window.table_view.table
    own = table.columnWidth(Column.KIND)
    drag_edge(table, Column.KIND, 70)
    assert table.columnWidth(Column.KIND) > own
    QTest.mouseDClick(table.horizontalHeader().viewport(), LEFT, NONE, edge_of(table, Column.KIND))
    QApplication.processEvents()
    assert table.columnWidth(Column.KIND) == own
    assert app.window.desk.settings.get(TABLE_WIDTHS) == []


def test_the_heading_of_the_date_says_by_what_it_sorts(app: Program) -> None:
    app.window.show_table()
    app.settle()
    model, across = app.window.table_view.model, Qt.Orientation.Horizontal
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
        assert "best estimate" in model.headerData(Column.DATE, across, role)
        assert model.headerData(Column.TITLE, across, role) is None
    index = app.window.desk.data.index
    best = index.columns.best[model.rows]
    assert (np.diff(best.astype(float)) >= 0).all()

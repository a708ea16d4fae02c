"""The table narrowed by words, copied as CSV, and its columns of actors and tags; with the mouse and the keys."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication

from db.values import Status
from tests.helpers.event_table import narrow, pick, select_all, titles
from tests.helpers.event_table import table as table_fixture
from tests.helpers.window import Program
from viewer.core.settings import TABLE_HIDDEN
from viewer.models.events import HEADINGS, Column
from viewer.models.selection import selected_lines
from viewer.views.table import copying
from viewer.views.table.view import TableView
from viewer.views.table.widths import NARROW

table = table_fixture


# Narrowing


def test_words_narrow_the_table_and_nothing_else(app: Program, table: TableView) -> None:
    total = table.model.rowCount()
    assert table.shown.text() == f"{total} events"
    narrow(app, table, "mosul reported")
    found = table.model.rowCount()
    assert 0 < found < total
    assert table.shown.text() == f"{found} of {total} shown"
    for row in table.model.rows.tolist():
        cells = " ".join(table.model.text(row, column) for column in Column).casefold()
        assert "mosul" in cells
        assert "reported" in cells
    assert app.window.desk.data.index.shown_count == total, "map and lanes stay as they are"
    app.key("Esc")
    assert table.model.rowCount() == total
    assert table.field.text() == ""


@pytest.mark.parametrize(
    ("typed", "column"), [("statements", Column.KIND), ("denied", Column.STATUS), ("reuters", Column.SOURCES)]
)
def test_each_column_is_looked_in(app: Program, table: TableView, typed: str, column: Column) -> None:
    everything = table.model.rows.tolist()
    whole = sum(
        any(
            typed in table.model.text(row, each).casefold()
            for each in Column
            if each not in (Column.DATE, Column.CLAIMS)
        )
        for row in everything
    )
    narrow(app, table, typed)
    assert table.model.rowCount() == whole > 0
    assert any(typed in table.model.text(row, column).casefold() for row in table.model.rows.tolist())


def test_letters_with_marks_are_found_without_them(app: Program, table: TableView) -> None:
    app.window.desk.commands.set_title(app.window.desk.data.row_ref(5), "Sīrnāk ist Ägypten")
    app.settle()
    narrow(app, table, "agypten sirnak")
    assert titles(table) == ["Sīrnāk ist Ägypten"]


def test_what_matches_nothing_says_so(app: Program, table: TableView) -> None:
    narrow(app, table, "qqqq")
    assert table.model.rowCount() == 0
    assert table.shown.text() == "No event matches"
    app.key("Return")
    assert QApplication.focusWidget() is table.table
    app.key("Esc")
    assert table.model.rowCount() == 130, "Escape in the table clears first"
    assert table.isVisible()


def test_what_is_first_is_in_sight_after_sorting(app: Program, table: TableView) -> None:
    bar = table.table.verticalScrollBar()
    table.table.clearSelection()
    app.wait(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    table.table.sortByColumn(Column.TITLE, Qt.SortOrder.DescendingOrder)
    assert bar.value() == 0


def test_the_sorted_column_and_the_filters_hold_while_words_are_typed(app: Program, table: TableView) -> None:
    table.table.sortByColumn(Column.TITLE, Qt.SortOrder.DescendingOrder)
    narrow(app, table, "mosul")
    shown = titles(table)
    assert shown == sorted(shown, key=str.casefold, reverse=True)
    app.window.desk.commands.toggle_status(Status.OCCURRED)
    app.settle()
    assert titles(table) == [each for each in shown if each in titles(table)]
    assert 0 < len(titles(table)) < len(shown)
    assert "Reported" not in {table.model.text(row, Column.STATUS) for row in table.model.rows.tolist()}


def test_an_edit_is_found_at_once(app: Program, table: TableView) -> None:
    narrow(app, table, "mosul")
    before = table.model.rowCount()
    app.window.desk.commands.set_title(app.window.desk.data.row_ref(int(table.model.rows[0])), "Mosul, Mosul")
    app.settle()
    assert table.model.rowCount() == before
    assert "Mosul, Mosul" in titles(table)


# Copying


def copied() -> list[list[str]]:
    mime = QGuiApplication.clipboard().mimeData()
    text = bytes(mime.data("text/csv").data()).decode()
    assert mime.text() == text
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_ctrl_c_copies_the_lines_as_they_stand(app: Program, table: TableView) -> None:
    app.window.desk.commands.set_title(app.window.desk.data.row_ref(0), '=SUM(1), "quoted"')
    app.settle()
    table.table.sortByColumn(Column.TITLE, Qt.SortOrder.AscendingOrder)
    header = table.table.horizontalHeader()
    header.moveSection(header.visualIndex(Column.TITLE), 0)
    table.table.setColumnHidden(Column.CLAIMS, True)
    select_all(app, table)
    app.key("Ctrl+C")
    app.says("Copied 130 events as CSV")
    rows = copied()
    assert rows[0] == ["Event", "Date", "Kind", "Place", "Actors", "Status", "Count", "Sources"]
    found = [row[0] for row in rows[1:]]
    assert '\'=SUM(1), "quoted"' in found, "a spreadsheet does not run it"
    assert [each.lstrip("'") for each in found] == titles(table)


def test_the_menu_copies_too(app: Program, table: TableView) -> None:
    app.click(table.table.viewport(), QPoint(200, 10))
    app.settle()
    table.table.customContextMenuRequested.emit(QPoint(200, 10))
    pick(app, "Copy as CSV")
    rows = copied()
    assert rows[0] == [heading for heading in HEADINGS if heading != "Tags"]
    assert len(rows) == 2


def test_more_than_the_clipboard_should_hold_is_told(
    app: Program, table: TableView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST", 100)
    QGuiApplication.clipboard().setText("before")
    select_all(app, table)
    app.key("Ctrl+C")
    app.says("too many for the clipboard")
    assert QGuiApplication.clipboard().text() == "before"


def test_many_lines_are_copied_off_the_window_thread(
    app: Program, table: TableView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "AT_ONCE", 10)
    select_all(app, table)
    app.key("Ctrl+C")
    app.says("Copied 130 events as CSV")
    assert len(copied()) == 131


def test_a_table_that_nobody_sees_is_not_put_in_order(app: Program) -> None:
    model = app.window.table_view.model
    app.window.desk.commands.toggle_status(Status.DENIED)
    app.settle()
    assert model._ordered is None
    assert app.window.table_view.table.selectionBehavior() is QAbstractItemView.SelectionBehavior.SelectRows


# Actors and tags


def test_a_tag_longer_than_those_before_is_not_cut(app: Program, table: TableView) -> None:
    commands, grid = app.window.desk.commands, table.table
    ids = [app.window.desk.data.event_id(app.event(title)) or 0 for title in ("YPG takes Tel Abyad", "Abadi says ISIS")]
    commands.add_tag_to(ids[:1], "a")
    app.settle()
    before = grid.columnWidth(Column.TAGS)
    commands.add_tag_to(ids[1:], "campaign")
    app.settle()
    least = min(table._measured()[Column.TAGS].all_in_two, NARROW)
    assert grid.columnWidth(Column.TAGS) >= least > before


def test_actors_and_tags_are_columns_where_there_are_any(app: Program, table: TableView) -> None:
    grid, commands = table.table, app.window.desk.commands
    assert not grid.isColumnHidden(Column.ACTORS)
    assert grid.isColumnHidden(Column.TAGS), "the project has no tags yet"
    ids = [app.window.desk.data.event_id(app.event(title)) or 0 for title in ("YPG takes Tel Abyad", "Abadi says ISIS")]
    commands.add_tag_to(ids[:1], "zebra")
    commands.add_tag_to(ids[1:], "الموصل")
    commands.add_tag_to(ids, "checked")
    app.settle()
    assert not grid.isColumnHidden(Column.TAGS)

    # Sorted either way, events without a tag come last.
    header = grid.horizontalHeader()
    for _ in range(2):
        app.click(header.viewport(), QPoint(header.sectionViewportPosition(Column.TAGS) + 12, 10))
        app.settle()
        tags = [table.model.text(row, Column.TAGS) for row in table.model.rows.tolist()]
        assert sorted(tags[:2]) == ["checked, zebra", "checked, الموصل"]
        assert set(tags[2:]) == {""}
    assert tags[0] == "checked, الموصل"

    # Narrowed by both; another tag is found as soon as it is there.
    narrow(app, table, "haider الموصل")
    assert titles(table) == ["Abadi says ISIS is collapsing at Mosul"]
    commands.add_tag_to(ids[:1], "Haider’s الموصل")
    app.settle()
    assert len(titles(table)) == 2

    # Copied as they stand; a column that is put away stays away and is not copied.
    select_all(app, table)
    app.key("Ctrl+C")
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))
    assert rows[0] == list(HEADINGS)
    assert {row[Column.TAGS] for row in rows[1:]} == {"checked, الموصل", "checked, Haider’s الموصل, zebra"}
    assert "Haider al-Abadi, Iraqi army, ISIS" in {row[Column.ACTORS] for row in rows[1:]}
    table.columns.show_menu(QPoint(20, 10))
    pick(app, "Tags")
    assert grid.isColumnHidden(Column.TAGS)
    app.key("Ctrl+C")
    assert next(csv.reader(io.StringIO(QGuiApplication.clipboard().text()))) == [h for h in HEADINGS if h != "Tags"]
    assert app.window.desk.settings.get(TABLE_HIDDEN) == ["tags"]


def test_very_many_lines_are_sorted_beside_the_window(
    app: Program, table: TableView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stay as they are until their order is there, and it is kept through filters, edits and hidden sources."""
    monkeypatch.setattr("viewer.models.events.AT_ONCE", 10)
    model, data = table.model, app.window.desk.data

    def in_order() -> bool:
        shown = [data.title(row).casefold() for row in model.rows.tolist()]
        return shown == sorted(shown) and not model.sorting

    before = model.rows.tolist()
    chosen = data.row_ref(before[3])
    app.window.desk.commands.select((chosen,), "test")
    table.table.sortByColumn(Column.TITLE, Qt.SortOrder.AscendingOrder)
    assert model.rows.tolist() == before
    assert model.sorting
    assert table.shown.text() == "Sorting 130 events …"
    app.wait(in_order)
    assert table.shown.text() == "130 events"
    assert [data.row_ref(model.row_at(line)) for line in selected_lines(table.table)] == [chosen]
    kind = next(iter(data.loaded.kinds.values())).uid
    app.window.desk.commands.toggle_kind(kind)
    assert in_order(), "a filter asks for nothing"
    app.window.desk.commands.toggle_kind(kind)
    app.window.desk.commands.set_title(chosen, "zzz is the last of all")
    app.wait(lambda: in_order() and data.title(model.rows[-1]) == "zzz is the last of all")
    source = next(iter(data.loaded.sources.values())).uid
    app.window.desk.commands.toggle_source(source)
    app.wait(lambda: data.loaded.hidden_sources == {source} and in_order())
    app.window.desk.commands.toggle_source(source)
    app.wait(in_order)
    table.table.sortByColumn(Column.PLACE, Qt.SortOrder.DescendingOrder)
    table.table.sortByColumn(Column.DATE, Qt.SortOrder.AscendingOrder)
    assert not model.sorting, "what was asked for is not wanted any more"
    app.settle()
    assert model.rows.tolist() == [row for row in data.index.by_best.tolist() if data.index.shown[row]]


def test_very_many_events_are_looked_through_beside_the_window(
    app: Program, table: TableView, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow(app, table, "mosul")
    wanted = table.model.rows.tolist()
    table.field.clear()
    app.wait(lambda: not table.model.narrowed)
    monkeypatch.setattr("viewer.views.table.model.AT_ONCE", 10)
    table.model.narrow("mosul")
    assert table.model.rowCount() == 130, "the lines stay as they are meanwhile"
    assert table.shown.text() == "Looking through the events …"
    app.wait(lambda: not table.model.looking)
    assert table.model.rows.tolist() == wanted
    assert table.shown.text() == f"{len(wanted)} of 130 shown"
    data, commands = app.window.desk.data, app.window.desk.commands
    renamed = data.row_ref(next(row for row in range(data.index.n) if row not in wanted))
    commands.set_title(renamed, "Somebody goes to Mosul")
    app.wait(lambda: table.model.rowCount() == len(wanted) + 1)
    commands.delete_events([data.event_id(renamed)])
    app.wait(lambda: table.model.rowCount() == len(wanted) and not table.model.looking)
    table.model.narrow("mosul nobody-is-called-so")
    table.model.narrow("")
    app.settle()
    assert table.model.rowCount() == 129, "what was looked for before is not wanted any more"

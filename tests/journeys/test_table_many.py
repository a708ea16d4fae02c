"""Many events in the table: narrowed by words, changed in one step, copied as CSV; with the mouse and the keys."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu

from db.values import Status
from tests.helpers.generate import generate
from tests.helpers.window import Program, detail_on_disk
from viewer.core.settings import TABLE_HIDDEN
from viewer.models.events import HEADINGS, Column
from viewer.views.many.choosers import Chooser
from viewer.views.table import copying
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


# Changing many


def test_the_bar_is_there_for_two_and_more(app: Program, table: TableView) -> None:
    app.click(table.table.viewport(), QPoint(200, 10))
    app.settle()
    assert not app.window.stage.bar.isVisible()
    app.key("Shift+Down")
    app.settle()
    assert app.window.stage.bar.isVisible()
    assert app.window.stage.bar.words.text() == "2 selected"
    app.click(app.window.stage.bar.clear)
    assert not app.window.stage.bar.isVisible()
    assert app.state.selection == frozenset()


def test_a_kind_is_set_for_all_and_one_undo_takes_it_back(app: Program, table: TableView) -> None:
    narrow(app, table, "mosul")
    ids = select_all(app, table)
    columns = app.window.desk.data.index.columns
    before = columns.kind.copy()
    app.click(app.window.stage.bar.kind)
    pick(app, "Assessments")
    app.says(f"Changed the kind of {len(ids)} events")
    app.settle()
    kinds = app.window.desk.data.loaded.kinds
    now = app.window.desk.data.index.columns
    assert {kinds[int(kind)].name for kind, key in zip(now.kind, now.id, strict=True) if key in ids} == {"Assessments"}
    assert table.chosen_ids() == ids, "they stay selected"
    assert app.window.desk.data.store.undo_label == f"Change the kind of {len(ids)} events"
    app.key("Ctrl+Z")
    app.settle()
    assert app.window.desk.data.index.columns.kind.tolist() == before.tolist()
    app.key("Ctrl+Shift+Z")
    app.settle()
    assert app.window.desk.data.index.columns.kind.tolist() == now.kind.tolist()


def test_a_status_is_set_for_all(app: Program, table: TableView) -> None:
    narrow(app, table, "ramadi")
    ids = select_all(app, table)
    refs = [app.window.desk.data.ref(each) for each in ids]
    app.click(app.window.stage.bar.status)
    pick(app, "Denied")
    app.says(f"Changed the status of {len(ids)} events")
    app.settle()
    path = app.window.desk.data.store.path
    for ref in refs:
        detail = detail_on_disk(path, ref)
        assert detail is not None
        assert detail.status is Status.DENIED


def chooser(app: Program) -> Chooser:
    found = [each for each in app.window.findChildren(Chooser) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def test_a_place_is_found_and_set_for_all_by_keys(app: Program, table: TableView) -> None:
    narrow(app, table, "ramadi")
    ids = select_all(app, table)
    app.click(app.window.stage.bar.place)
    app.type("palmyra")
    assert chooser(app).list.model().rowCount() > 0
    app.key("Return")
    app.says(f"Changed the place of {len(ids)} events")
    app.settle()
    columns, places = app.window.desk.data.index.columns, app.window.desk.data.loaded.places
    found = {places[int(place)].name for place, key in zip(columns.place, columns.id, strict=True) if key in ids}
    assert found == {"Palmyra (Tadmur)"}


def test_a_tag_is_added_and_taken_away(app: Program, table: TableView) -> None:
    narrow(app, table, "ramadi")
    ids = select_all(app, table)
    ref = app.window.desk.data.ref(ids[0])
    path = app.window.desk.data.store.path
    app.click(app.window.stage.bar.tag)
    app.type("to {check}")
    app.key("Return")
    app.says(f"Tagged {len(ids)} events with “to {{check}}”")
    app.settle()
    detail = detail_on_disk(path, ref)
    assert detail is not None
    assert detail.tags == ("to {check}",)
    # What other events alone have is only to be added.
    others = [each for each in app.window.desk.data.index.columns.id.tolist() if each not in ids]
    app.window.desk.commands.add_tag_to([ids[0], others[0]], "some")
    app.window.desk.commands.add_tag_to(others[:3], "elsewhere")
    app.settle()
    app.click(app.window.stage.bar.tag)
    app.wait(lambda: chooser(app).list.model().rowCount() > 0)
    model = chooser(app).list.model()
    offered = {model.index(line, 0).data() for line in range(model.rowCount())}
    assert offered == {"Add “elsewhere”", "Add “some”", "Remove “to {check}”", "Remove “some”"}
    app.type("check")
    app.wait(lambda: chooser(app).list.model().rowCount() == 2)
    app.key("Down")
    app.key("Return")
    app.settle()
    detail = detail_on_disk(path, ref)
    assert detail is not None
    assert detail.tags == ("some",)


def test_delete_takes_only_what_the_table_shows(app: Program, table: TableView) -> None:
    select_all(app, table)
    narrow(app, table, "ramadi")
    table.table.setFocus()
    shown = table.model.rowCount()
    app.key("Ctrl+A")
    app.settle()
    total = app.window.desk.data.index.n
    app.key("Del")
    app.says(f"Deleted {shown} events")
    app.settle()
    assert app.window.desk.data.index.n == total - shown
    assert table.model.rowCount() == 0
    app.key("Ctrl+Z")
    app.settle()
    assert app.window.desk.data.index.n == total
    assert table.model.rowCount() == shown


def test_what_is_selected_and_not_in_the_table_stays_as_it_is(app: Program, table: TableView) -> None:
    every = select_all(app, table)
    app.key("Ctrl+F")
    app.type("ramadi")
    app.wait(lambda: table.model.narrowed)
    selected = len(table.chosen_ids())
    assert selected == table.model.rowCount() < len(every)
    assert app.window.stage.bar.words.text() == f"{selected} selected"
    assert f"{len(every) - selected} selected events are not in the table" in app.window.stage.bar.words.toolTip()
    app.click(app.window.stage.bar.delete)
    app.settle()
    assert app.window.desk.data.index.n == len(every) - selected
    assert len(app.state.selection) == len(every) - selected


def test_a_long_change_can_be_stopped(program: Program, tmp_path: Path) -> None:
    program.open(generate(tmp_path / "many.gpkg", 4000))
    desk = program.window.desk
    before = desk.data.index.columns.status.tolist()
    ids = desk.data.index.columns.id.tolist()
    stops: list[object] = []
    desk.jobs.long_began.connect(lambda _progress, label, stop: stops.append((label, stop())))
    desk.commands.set_status_of(ids, Status.DENIED)
    program.says("Stopped. Nothing was changed.")
    program.settle()
    assert [label for label, _none in stops] == ["Change the status of 4,000 events"]  # type: ignore[misc]
    assert desk.data.store.undo_label is None
    assert desk.data.index.columns.status.tolist() == before


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
    assert rows[0] == ["Event", "Date", "Kind", "Place", "Actors", "Status", "Sources"]
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

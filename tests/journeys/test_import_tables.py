"""Tables in the window: looked at, told what their columns mean, brought in beside the window, their rows read."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox

from db import queries
from db.importers.tables import importer, parts
from db.templates import new_project
from tests.helpers import tables
from tests.helpers.palette import find
from tests.helpers.window import Program, reopened
from viewer.core.finder import Group
from viewer.core.mappings import mappings_folder
from viewer.shell.dialogs import table_run
from viewer.shell.dialogs.import_tables import TableDialog
from viewer.shell.dialogs.table_rows import TableRowsPage
from viewer.widgets.buttons import Button

Look = Callable[[Path], TableDialog]
MEANINGS = (("Datum", "Date, or its start"), ("Was", "Title"), ("Breite", "Latitude"), ("Länge", "Longitude"))


@pytest.fixture
def project(program: Program, tmp_path: Path) -> Path:
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
        program.key("Ctrl+I")
        program.wait(lambda: made and not made[-1].verdict.text().startswith("Reading"))
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


def test_a_known_table_from_the_key_to_its_row(
    program: Program, project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tables.acled(tmp_path / "events.csv", 60, towns=8, groups=5)
    with path.open("a", encoding="utf-8") as file:
        file.write("X,soon" + "," * 29 + "\n")
    dialog = look(path)
    assert dialog.mapping_choice.currentText() == "ACLED, recognised"
    assert (dialog.delimiter.value(), dialog.encoding.value(), dialog.decimal.value()) == (",", "utf-8", ".")
    assert dialog.verdict.text().startswith(
        "1 of the first 61 rows cannot be taken: the date “soon” cannot be understood."
    )
    dialog.title.setText("Weekly export")
    dialog.start.click()
    program.says("Imported 60 events from events.csv")
    program.settle()
    window = program.window
    data, view = window.desk.data, program.state
    assert data.index.n == 60
    assert data.index.count_in(view.time_window) == 60, "an empty project goes to what came in"
    kinds = window.left_panel.filters._kinds
    assert {kind.uid for kind in data.loaded.kinds.values()} < kinds.keys()
    page = page_of_rows()
    target = tmp_path / "left.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page.save_button.click()
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert (rows[1][0], rows[1][2:4]) == ("62", ["X", "soon"])
    folder = page._file.parent
    page.close()
    assert not folder.exists()

    # The row is in the source panel, once its event is chosen.
    source = window.right_panel.source
    assert source._stack.currentWidget() is source._no_row
    for row in (7, 31):
        ref = window.desk.data.row_ref(row)
        window.desk.commands.select((ref,), "test")
        program.settle()
        program.wait(lambda: source.row_view.isVisible() and source.page is not None and source.page.row is not None)
        shown = source.row_view.row
        assert shown is not None
        cells = dict(zip(shown.columns, shown.cells, strict=True))
        assert program.title(ref) == f"{cells['sub_event_type']}, {cells['location']}"
        assert source._place.text() == f"Row {shown.number} of the table"
    assert source._name.text() == "Weekly export"

    # One step for undo.
    program.back_in_window()
    program.key("Ctrl+Z")
    program.wait(lambda: window.desk.data.index.n == 0)
    program.settle()
    assert source._stack.currentWidget() is source._empty
    assert len(kinds) == len(data.loaded.kinds) + 1, "the kinds of the import are gone with it"
    info = reopened(project, queries.info)
    assert (info["events"], info["sources"], info["claims"]) == (0, 0, 0)


def test_the_next_months_file_and_rows_that_lack_something(
    program: Program, project: Path, look: Look, tmp_path: Path
) -> None:
    rows = list(tables.acled_rows(30, towns=8, groups=5))
    first = tables.write(tmp_path / "january.csv", iter(rows[:20]), tables.ACLED)
    dialog = look(first)
    assert dialog.verdict.text().startswith("The first 20 rows can be taken.")
    assert "came in before" not in dialog.verdict.text(), "there is no earlier table"
    dialog.start.click()
    program.says("Imported 20 events from january.csv")
    program.settle()

    rows[3][tables.ACLED.index("fatalities")] = "88"
    rows[25][tables.ACLED.index("event_date")] = ""
    second = tables.write(tmp_path / "february.csv", iter(rows), tables.ACLED)
    program.back_in_window()
    dialog = look(second)
    assert "1 without a date will stand undated." in dialog.verdict.text()
    assert "Rows whose event_id_cnty came in before are passed over." in dialog.verdict.text()
    dialog.start.click()
    program.says("Imported 10 events from february.csv")
    program.settle()
    said = program.window.toasts.toasts()[-1]
    text = " ".join(each.text() for each in said.findChildren(QLabel))
    assert ". Rows: 1 came in before but differ now, 1 undated, 19 came in before." in text
    page = page_of_rows()
    assert page.windowTitle() == "What became of the rows of february.csv"
    listed = [each.text() for each in page.findChildren(QLabel)]
    at = listed.index("Its event_id_cnty TST3 came in before, but differs now: fatalities is “88”, was “3”")
    assert listed[at - 1] == "Line 5"
    assert listed[listed.index("1 row has no date: it stands undated.") + 1] == "Line 27"
    assert "19 rows came in before; passed over." in listed
    assert page.save_button.isVisible()
    page.close()
    assert program.window.desk.data.index.n == 30

    # What a row says leads to its event, and the row is shown.
    program.back_in_window()
    opened = find(program, f"bridge convoy {rows[23][tables.ACLED.index('location')]}")
    program.wait(lambda: not opened._awaited)
    line = next(each for each in opened.lines.found if each.group is Group.QUOTE)
    assert "convoy was fired at on the way to the bridge" in line.title
    when, where, who = line.detail.split(" · ")
    assert when.endswith("2019")
    assert where in {row.name for row in program.window.desk.data.loaded.places.values()}
    assert who in ("ACLED", "january", "february")
    opened._choose(opened.lines.index(opened.lines.found.index(line), 0))
    program.settle()
    source = program.window.right_panel.source
    program.wait(lambda: source.row_view.isVisible() and source.row_view.row is not None)
    assert program.state.current is not None
    shown = source.row_view.row
    assert shown is not None
    assert "convoy was fired at" in shown.cells[tables.ACLED.index("notes")]
    assert program.title(program.state.current).endswith(shown.cells[tables.ACLED.index("location")])

    # With nothing new nothing is written, and what differs is listed all the same.
    rows[4][tables.ACLED.index("fatalities")] = "99"
    third = tables.write(tmp_path / "march.csv", iter(rows[:12]), tables.ACLED)
    program.back_in_window()
    look(third).start.click()
    program.says("march.csv has no new row: 12 rows came in before, 2 of them otherwise. Nothing was written.")
    page = page_of_rows()
    assert any(each.text().endswith("fatalities is “99”, was “0”") for each in page.findChildren(QLabel))
    page.close()
    assert program.window.desk.data.index.n == 30


def test_how_it_is_written_and_what_it_means_can_be_changed(
    program: Program, project: Path, look: Look, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(
        "Datum;Was;Breite;Länge\n03.04.2016;Brücke;36,34;43,13\n05.04.2016;Straße;36,5;43,5\n".encode("cp1252")
    )
    dialog = look(path)
    assert dialog.columns is not None
    assert "No column of this table says" in dialog.verdict.text()
    assert not dialog.start.isEnabled()
    assert (dialog.delimiter.value(), dialog.decimal.value()) == (";", ",")
    for name, field in MEANINGS[:3]:
        mean(dialog, name, field)
    assert "A latitude needs a longitude" in dialog.verdict.text()
    mean(dialog, "Länge", "Longitude")
    assert "3 Apr 2016 · Brücke · 36.34° N, 43.13° E" in dialog.verdict.text()
    dialog.dates.set_value("mdy")
    dialog.dates.chosen.emit("mdy")
    assert "4 Mar 2016" in dialog.verdict.text()
    mean(dialog, "Was", "Title")
    assert column(dialog, "Was") == 1
    assert dialog.columns.buttons[1].text() == "Kept, not used"
    mean(dialog, "Was", "Title")

    dialog.encoding.set_value("cp1251")
    dialog.encoding.chosen.emit("cp1251")
    program.wait(lambda: dialog._table is not None and dialog._table.dialect.names[3] == "Lдnge")
    assert "There is no column" not in dialog.verdict.text()  # other names: their meaning is guessed anew
    dialog.encoding.set_value("cp1252")
    dialog.encoding.chosen.emit("cp1252")
    program.wait(lambda: dialog._table is not None and dialog._table.dialect.names[3] == "Länge")
    for name, field in MEANINGS:
        mean(dialog, name, field)
    dialog.name.setText("Listen")
    dialog.keep_button.click()
    assert (mappings_folder() / "Listen.json").is_file()
    assert dialog.mapping_choice.currentText() == "Listen"
    dialog.start.click()
    program.says("Imported 2 events from own.csv")
    program.settle()
    titles = set(program.window.desk.data.loaded.titles.values())
    assert titles == {"Brücke", "Straße"}

    second = tmp_path / "second.csv"
    second.write_text("Datum;Was;Breite;Länge\n06.04.2016;Turm;36,34;43,13\n", "utf-8")
    program.back_in_window()
    again = look(second)
    key = again.mapping_choice.itemData(again.mapping_choice.findText("Listen"))
    again.mapping_choice.set_value(key)
    again.mapping_choice.chosen.emit(key)
    assert "Turm" in again.verdict.text()
    again.reject()


def test_stopped_nothing_of_it_stays(
    program: Program, project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BATCH", 200)
    monkeypatch.setattr(importer, "TOLD", 20)
    dialog = look(tables.acled(tmp_path / "events.csv", 3000))
    window = program.window
    heard: list[int] = []

    def stop(progress: object, done: int, _total: int) -> None:
        heard.append(done)
        if len(heard) == 5:
            progress.cancel()  # type: ignore[attr-defined]

    window.desk.jobs.progressed.connect(stop)
    dialog.start.click()
    program.says("The import of events.csv was stopped; nothing of it is in the project")
    program.settle()
    info = reopened(project, queries.info)
    assert (info["events"], info["sources"], info["claims"]) == (0, 0, 0)
    window.desk.jobs.progressed.disconnect(stop)


def test_what_cannot_be_imported_is_told(program: Program, project: Path, look: Look, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    dialog = look(empty)
    assert "empty.csv is empty: there is no table in it." in dialog.verdict.text()
    assert not dialog.start.isEnabled()
    dialog.reject()
    program.back_in_window()
    path = tables.acled(tmp_path / "events.csv", 5)
    look(path).start.click()
    program.says("Imported 5 events")
    program.settle()
    program.back_in_window()
    look(path).start.click()
    program.says("events.csv is in the project already: it is the table of “events”. Nothing was written.")


def test_sheets_of_a_workbook(program: Program, project: Path, look: Look, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "One"
    book.active.append(["title", "date"])
    book.active.append(["First", "2016"])
    other = book.create_sheet("Two")
    other.append(["title", "date"])
    other.append(["Second", "2017"])
    book.save(tmp_path / "t.xlsx")
    dialog = look(tmp_path / "t.xlsx")
    assert not dialog.delimiter.isVisible()
    assert "First" in dialog.verdict.text()
    dialog.sheet.set_value("Two")
    dialog.sheet.chosen.emit("Two")
    program.wait(lambda: "Second" in dialog.verdict.text())
    dialog.start.click()
    program.says("Imported 1 event from t.xlsx")
    program.settle()
    assert set(program.window.desk.data.loaded.titles.values()) == {"Second"}


def test_a_file_that_is_no_table_says_so_and_offers_another(
    program: Program, project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = tmp_path / "photo.csv", tmp_path / "untitled.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    right.write_text("date,place,latitude,longitude\n2016-03-04,A,10.0,170.0\n2016-05-04,B,12.0,-170.0\n", "utf-8")
    dialog = look(wrong)
    assert dialog.verdict.text() == "photo.csv: This is a picture, not a plain text file."
    shown = [dialog.verdict, dialog.close_button, dialog.other_button]
    dead = [dialog.title, dialog.published, dialog.mapping_choice, dialog.encoding, dialog.area, dialog.start]
    assert [each.isVisible() for each in (*shown, *dead)] == [True] * len(shown) + [False] * len(dead)
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (asked.append("again"), ([], ""))[1])
    dialog.other_button.click()
    program.wait(lambda: asked == ["again"])

    # Of one without titles it is said; what came in is shown when that is wanted.
    program.back_in_window()
    dialog = look(right)
    assert "No column is the title" in dialog.verdict.text()
    assert dialog.start.isEnabled()
    mean(dialog, "place", "Title")
    assert "No column is the title" not in dialog.verdict.text()
    dialog.start.click()
    program.says("Imported 2 events")
    program.settle()
    desk = program.window.desk
    desk.commands.type_date("1999")
    toast = program.window.toasts.toasts()[-1]
    next(each for each in toast.findChildren(Button) if each.text() == "Show").click()
    program.settle()
    view = program.state
    assert view.extent is not None
    assert view.extent.west < 170.0
    assert -170.0 < view.extent.east < 0.0, "over the antimeridian"
    assert view.time_cursor == desk.data.index.columns.best.max()
    assert all(view.time_window.contains(int(best)) for best in desk.data.index.columns.best)


def test_closing_during_an_import_asks_first(
    program: Program, project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Path
) -> None:
    monkeypatch.setattr(parts, "BATCH", 200)
    monkeypatch.setattr(importer, "TOLD", 20)
    window = program.window
    asked: list[str] = []
    answer = ""

    def box() -> QMessageBox | None:
        top = QApplication.activeModalWidget()
        return top if isinstance(top, QMessageBox) else None

    def reply() -> None:
        """Whoever is asked answers; with no answer the question is left to go by itself."""
        question = box()
        if question is not None and not asked:
            asked.append(question.text())
            if answer:
                next(each for each in question.buttons() if each.text() == answer).click()
            else:
                going.set()

    going = threading.Event()
    timer = QTimer(interval=20)
    timer.timeout.connect(reply)
    timer.start()

    real = importer.import_table

    def held(*arguments: object, report: Callable[[int, int], None], **named: object) -> object:
        """The import, at a stand until it is let go on or stopped."""
        while not going.wait(0.01):
            report(0, 1)
        return real(*arguments, report=report, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(table_run, "import_table", held)
    dialog = look(tables.acled(tmp_path / "events.csv", 400))
    dialog.start.click()
    program.wait(lambda: window.desk.jobs.long_writes == ("Importing events.csv",))
    program.back_in_window()
    answer = "Keep open"
    program.key("Ctrl+Q")
    assert asked == ["An import is going on. Stop it and close?"]
    assert window.isVisible()
    asked.clear()
    program.application.open_project(sample)
    assert asked
    assert not program.application.opening
    asked.clear()
    answer = ""
    window.close_window()
    timer.stop()
    assert asked
    assert not window.isVisible()
    assert reopened(project, queries.info)["events"] == 400

    program.open(project)
    asked.clear()
    going.clear()
    dialog = look(tables.acled(tmp_path / "more.csv", 300))
    dialog.start.click()
    window = program.window
    program.wait(lambda: bool(window.desk.jobs.long_writes))
    timer.start()
    answer = "Stop and close"
    window.close_window()
    timer.stop()
    assert not window.isVisible()
    assert reopened(project, queries.info)["events"] == 400

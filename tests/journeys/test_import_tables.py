"""Tables in the window: looked at, told what their columns mean, brought in beside the window, their rows read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox

from db import queries
from tests.helpers import tables
from tests.helpers.palette import find
from tests.helpers.table_dialog import Look, column, mean, page_of_rows
from tests.helpers.window import Program, reopened
from viewer.core.finder import Group
from viewer.core.mappings import mappings_folder

MEANINGS = (("Wann", "Date, or its start"), ("Was", "Title"), ("Nördlich", "Latitude"), ("Östlich", "Longitude"))


def test_a_known_table_from_the_key_to_its_row(
    program: Program, tables_project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = look(tables.acled(tmp_path / "long.csv", 1500, towns=8, groups=5))
    assert dialog.verdict.text().startswith("The first 200 of up to 1,500 rows can be taken.")
    assert dialog.columns is not None
    assert len({button.width() for button in dialog.columns.buttons}) == 1
    dialog.reject()
    program.back_in_window()
    path = tables.acled(tmp_path / "events.csv", 60, towns=8, groups=5)
    with path.open("a", encoding="utf-8") as file:
        file.write("X,soon" + "," * 29 + "\n")
    dialog = look(path)
    assert dialog.choices.mapping.currentText() == "ACLED, recognised"
    assert (dialog.choices.delimiter.value(), dialog.choices.encoding.value(), dialog.choices.decimal.value()) == (
        ",",
        "utf-8",
        ".",
    )
    assert dialog.verdict.text().startswith("1 of the 61 rows cannot be taken: the date “soon” cannot be understood.")
    dialog.title.setText("Weekly export")
    assert dialog.focusWidget() is dialog.start
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
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
    info = reopened(tables_project, queries.info)
    assert (info["events"], info["sources"], info["claims"]) == (0, 0, 0)


def test_the_next_months_file_and_rows_that_lack_something(
    program: Program, tables_project: Path, look: Look, tmp_path: Path
) -> None:
    rows = list(tables.acled_rows(30, towns=8, groups=5))
    first = tables.write(tmp_path / "january.csv", iter(rows[:20]), tables.ACLED)
    dialog = look(first)
    assert dialog.verdict.text().startswith("All 20 rows can be taken.")
    assert "came in before" not in dialog.verdict.text(), "there is no earlier table"
    dialog.start.click()
    program.says("Imported 20 events from january.csv")
    program.settle()

    rows[3][tables.ACLED.index("fatalities")] = "88"
    rows[25][tables.ACLED.index("event_date")] = ""
    rows[26][tables.ACLED.index("fatalities")] = "many"
    second = tables.write(tmp_path / "february.csv", iter(rows), tables.ACLED)
    program.back_in_window()
    dialog = look(second)
    assert "1 without a date will stand undated." in dialog.verdict.text()
    unread = "1 will come in without what cannot be read: its count “many” is not a number."
    assert unread in dialog.verdict.text()
    assert dialog.verdict.property("tone") == "warn"
    assert "Rows whose event_id_cnty came in before are passed over." in dialog.verdict.text()
    dialog.start.click()
    program.says("Imported 10 events from february.csv")
    program.settle()
    said = program.window.toasts.toasts()[-1]
    text = " ".join(each.text() for each in said.findChildren(QLabel))
    assert (
        ". Rows: 1 taken without what cannot be read, 1 came in before but differ now, 1 undated, 19 came in before."
        in text
    )
    page = page_of_rows()
    assert page.windowTitle() == "What became of the rows of february.csv"
    listed = [each.text() for each in page.findChildren(QLabel)]
    at = listed.index("Its event_id_cnty TST3 came in before, but differs now: fatalities is “88”, was “3”")
    assert listed[at - 1] == "Line 5"
    assert listed[listed.index("1 row has no date: it stands undated.") + 1] == "Line 27"
    at = listed.index("1 row came in without what cannot be read in it.")
    assert listed[at + 1 : at + 3] == ["Line 28", "Its count “many” is not a number"]
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
    program.says("march.csv has no new row: 12 rows came in before, 2 of them with other values. Nothing was written.")
    page = page_of_rows()
    assert any(each.text().endswith("fatalities is “99”, was “0”") for each in page.findChildren(QLabel))
    page.close()
    assert program.window.desk.data.index.n == 30


def test_how_it_is_written_and_what_it_means_can_be_changed(
    program: Program, tables_project: Path, look: Look, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(
        "Wann;Was;Nördlich;Östlich\n03.04.2016;Brücke;36,34;43,13\n05.04.2016;Straße;36,5;43,5\n".encode("cp1252")
    )
    dialog = look(path)
    assert dialog.columns is not None
    assert "No column of this table says" in dialog.verdict.text()
    assert not dialog.start.isEnabled()
    assert (dialog.choices.delimiter.value(), dialog.choices.decimal.value()) == (";", ",")
    for name, field in MEANINGS[:3]:
        mean(dialog, name, field)
    assert "A latitude needs a longitude" in dialog.verdict.text()
    mean(dialog, "Östlich", "Longitude")
    assert "3 Apr 2016 · Brücke · 36.34° N, 43.13° E" in dialog.verdict.text()
    dialog.choices.dates.set_value("mdy")
    dialog.choices.dates.chosen.emit("mdy")
    assert "4 Mar 2016" in dialog.verdict.text()
    mean(dialog, "Was", "Title")
    assert column(dialog, "Was") == 1
    assert dialog.columns.buttons[1].text() == "Kept, not used"
    mean(dialog, "Was", "Title")

    dialog.choices.encoding.set_value("cp1251")
    dialog.choices.encoding.chosen.emit("cp1251")
    program.wait(lambda: dialog._table is not None and dialog._table.dialect.names[3] == "Цstlich")
    assert "There is no column" not in dialog.verdict.text()  # other names: their meaning is guessed anew
    dialog.choices.encoding.set_value("cp1252")
    dialog.choices.encoding.chosen.emit("cp1252")
    program.wait(lambda: dialog._table is not None and dialog._table.dialect.names[3] == "Östlich")
    for name, field in MEANINGS:
        mean(dialog, name, field)
    dialog.name.setText("Listen")
    dialog.keep_button.click()
    assert (mappings_folder() / "Listen.json").is_file()
    assert dialog.choices.mapping.currentText() == "Listen"
    dialog.start.click()
    program.says("Imported 2 events from own.csv")
    program.settle()
    titles = set(program.window.desk.data.loaded.titles.values())
    assert titles == {"Brücke", "Straße"}

    second = tmp_path / "second.csv"
    second.write_text("Wann;Was;Nördlich;Östlich\n06.04.2016;Turm;36,34;43,13\n", "utf-8")
    program.back_in_window()
    again = look(second)
    key = again.choices.mapping.itemData(again.choices.mapping.findText("Listen"))
    again.choices.mapping.set_value(key)
    again.choices.mapping.chosen.emit(key)
    assert "Turm" in again.verdict.text()

    # Esc and the window's close ask once columns were given their meaning by hand.
    asked: list[str] = []
    rooms: list[int] = []
    answer = "Stay"

    def reply() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.informativeText())
            rooms.append(box.width() - box.fontMetrics().horizontalAdvance(box.windowTitle()))
            if answer == "Stay":
                QTest.keyClick(box, Qt.Key.Key_Escape)
            else:
                next(each for each in box.buttons() if each.text() == answer).click()

    timer = QTimer(interval=20)
    timer.timeout.connect(reply)
    timer.start()
    for name, field in (("Was", "Title"), ("Was", "Summary"), ("Wann", "End of the date")):
        mean(again, name, field)
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert asked == ["The meaning of the 2 columns that you set is lost."]
    assert again.isVisible()
    mean(again, "Wann", "End of the date")
    again.close()
    assert asked.pop() == "The meaning of the column that you set is lost."
    assert again.isVisible()
    mean(again, "Wann", "End of the date")
    mean(again, "Was", "Summary")  # what it means now is taken from it, no other column has it
    again.close()
    assert asked.pop() == "The meaning of the 2 columns that you set is lost."
    mean(again, "Wann", "End of the date")
    mean(again, "Was", "Summary")
    mean(again, "Wann", "Latitude")  # taken over from another column, which is not set by that
    again.close()
    assert asked.pop() == "The meaning of the 2 columns that you set is lost."
    for field in ("Summary", "Title"):  # as it was
        mean(again, "Was", field)
    mean(again, "Wann", "Latitude")  # given up again: now no column is the latitude
    again.close()
    assert asked.pop() == "The meaning of the column that you set is lost."
    mean(again, "Wann", "Summary")
    again.close()
    assert asked.pop() == "The meaning of the column that you set is lost."
    mean(again, "Wann", "Summary")
    mean(again, "Wann", "Title")  # beside the other one, which keeps it
    again.close()
    assert asked.pop() == "The meaning of the column that you set is lost."
    mean(again, "Was", "Title")
    again.close()
    assert asked.pop() == "The meaning of the 2 columns that you set is lost."
    mean(again, "Was", "Title")
    mean(again, "Wann", "Title")
    for name in ("Nördlich", "Nördlich", "Wann"):  # taken from one by hand and given to another by hand
        mean(again, name, "Latitude")
    again.close()
    assert asked.pop() == "The meaning of the 2 columns that you set is lost."
    again.choices.mapping.chosen.emit(key)  # chosen anew: nothing is set by hand
    mean(again, "Wann", "Latitude")
    again.close()
    assert asked.pop() == "The meaning of the column that you set is lost."
    mean(again, "Nördlich", "Latitude")
    asked.clear()
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert (asked, again.isVisible()) == ([], False)
    program.back_in_window()
    third = look(second)
    mean(third, "Was", "Title")
    answer = "Leave"
    QTest.keyClick(third, Qt.Key.Key_Escape)
    timer.stop()
    assert len(asked) == 1
    assert not third.isVisible()
    assert min(rooms) > 150, "a title bar has room for its title and its buttons"


def test_sheets_of_a_workbook(program: Program, tables_project: Path, look: Look, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "One"
    book.active.append(["title", "date"])
    book.active.append(["First", "2016"])
    book.active.append(["Another", "2016"])
    other = book.create_sheet("Two")
    other.append(["A list of 2017"])
    other.append(["By hand"])
    other.append(["title", "date"])
    other.append(["Second", "2017"])
    book.save(tmp_path / "t.xlsx")
    dialog = look(tmp_path / "t.xlsx")
    assert not dialog.choices.delimiter.isVisible()
    assert "First" in dialog.verdict.text()
    assert [dialog.choices.headings.itemText(at) for at in range(2)] == ["line 1", "line 2"]
    dialog.choices.headings.choose("2")
    program.wait(lambda: dialog._table is not None and dialog._table.dialect.names == ("First", "2016"))
    dialog.choices.sheet.set_value("Two")
    dialog.choices.sheet.chosen.emit("Two")
    program.wait(lambda: "Second" in dialog.verdict.text())
    assert dialog.choices.headings.value() == "3", "each sheet has its headings where it has them"
    dialog.start.click()
    program.says("Imported 1 event from t.xlsx")
    program.settle()
    assert set(program.window.desk.data.loaded.titles.values()) == {"Second"}

"""Tables of one's own in the window: copies that come again, without ids, and titles above the headings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from tests.helpers.table_dialog import Look, mean, page_of_rows
from tests.helpers.window import Program


def test_a_corrected_copy_of_a_table_without_ids(
    program: Program, tables_project: Path, look: Look, tmp_path: Path
) -> None:
    lines = [f"2016-11-{day:02},Event {day}\n" for day in range(1, 11)]
    paths = tmp_path / "own.csv", tmp_path / "newer.csv", tmp_path / "newest.csv"
    for path, old in zip(paths, ("", "Event 4", "Event 5"), strict=True):
        text = "date,title\n" + "".join(lines)
        path.write_text(text.replace(old, f"{old} mended") if old else text, "utf-8")
    dialog = look(paths[0])
    assert not dialog.choices.only_new.isVisible(), "there is no earlier table"
    dialog.start.click()
    program.says("Imported 10 events from own.csv")
    program.settle()

    program.back_in_window()
    dialog = look(paths[1])
    here = "9 of these 10 rows are in this project already, from own.csv, and "
    assert dialog.verdict.text().startswith(f"{here}are left out. A corrected row comes in as a new event beside")
    assert "The one other row can be taken. For example: 4 Nov 2016 · Event 4 mended" in dialog.verdict.text()
    assert dialog.choices.only_new.isVisible()
    mean(dialog, "title", "Id of the row")
    assert not dialog.choices.only_new.isVisible(), "ids decide where there are any"
    mean(dialog, "title", "Id of the row")
    dialog.choices.only_new.click()
    assert dialog.verdict.text().startswith(f"{here}come in once more: their events will be there twice. All 10 rows")
    assert dialog.verdict.property("tone") == "warn"
    dialog.choices.only_new.click()
    dialog.start.click()
    program.says("Imported 1 event from newer.csv")
    program.settle()
    assert program.window.desk.data.index.n == 11
    page_of_rows().close()

    program.back_in_window()
    dialog = look(paths[2])
    dialog.choices.only_new.click()
    dialog.start.click()
    program.says("Imported 10 events from newest.csv")
    program.settle()
    assert program.window.desk.data.index.n == 21

    third = tmp_path / "third.csv"
    third.write_text("date,title\n" + "".join(lines[2:]), "utf-8")
    program.back_in_window()
    dialog = look(third)
    nothing = "All 8 rows are in this project already, from own.csv: nothing is left to import."
    assert (dialog.verdict.text(), dialog.start.isEnabled()) == (nothing, False)
    dialog.choices.only_new.click()
    assert dialog.start.isEnabled()
    dialog.reject()


def test_headings_below_a_title(program: Program, tables_project: Path, look: Look, tmp_path: Path) -> None:
    text = "Incidents,by,people\n\nDate,Title,Remark\n{}-11-03,Raid,\n{}-11-04,Fire,\n"
    path, second = tmp_path / "t.csv", tmp_path / "u.csv"
    for each, year in ((path, 2016), (second, 2017)):
        each.write_text(text.format(year, year), "utf-8")
    dialog = look(path)
    lines = dialog.choices.headings
    assert (lines.isVisible(), lines.value(), lines.currentText()) == (True, "1", "line 1")
    assert [lines.itemText(at) for at in range(lines.count())] == ["line 1", "line 3", "line 4", "line 5", "no line"]
    assert not dialog.start.isEnabled()
    lines.choose("3")
    program.wait(lambda: "3 Nov 2016 · Raid" in dialog.verdict.text())
    assert dialog.verdict.text().endswith("What stands above the headings in line 3 is not taken.")
    assert lines.value() == "3"
    mean(dialog, "Remark", "Name of the place")
    dialog.name.setText("Towns")
    dialog.keep_button.click()
    assert dialog._set_by_hand() == 0
    lines.choose("0")
    program.wait(lambda: dialog._table is not None and dialog._table.dialect.names[0] == "Column 1")
    assert dialog.choices.mapping.currentText() == "guessed by their names"
    lines.choose("3")
    program.wait(lambda: "Raid" in dialog.verdict.text())
    dialog.start.click()
    program.says("Imported 2 events from t.csv")
    program.settle()
    program.window.desk.commands.select((program.window.desk.data.row_ref(0),), "test")
    source = program.window.right_panel.source
    program.wait(lambda: source.row_view.isVisible() and source.page is not None and source.page.row is not None)
    assert source._place.text() == "Row 3 of the table", "blank lines are no rows, as before"

    # What is kept knows the line: it is looked at where the columns are not found otherwise.
    program.back_in_window()
    dialog = look(second)
    assert dialog.choices.headings.value() == "1"
    key = dialog.choices.mapping.itemData(dialog.choices.mapping.findText("Towns"))
    dialog.choices.mapping.choose(key)
    program.wait(lambda: "3 Nov 2017 · Raid" in dialog.verdict.text())
    assert (dialog.choices.headings.value(), dialog.choices.mapping.currentText()) == ("3", "Towns")
    assert dialog.columns is not None
    assert dialog.columns.buttons[2].text() == "Name of the place"
    dialog.start.click()
    program.says("Imported 2 events from u.csv")


def test_new_values_are_taken_over(program: Program, tables_project: Path, look: Look, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("event_id,date,title\n1,2016-11-01,Raid\n2,2016-11-02,Fire\n3,2016-11-03,Flood\n", "utf-8")
    second.write_text("event_id,date,title\n1,2016-11-01,Siege\n2,2016-11-02,Blaze\n4,2016-11-04,Storm\n", "utf-8")
    dialog = look(first)
    assert not dialog.choices.take_over.isVisible(), "there is no earlier table"
    dialog.start.click()
    program.says("Imported 3 events from a.csv")
    program.settle()
    desk = program.window.desk
    fire = next(row for row in range(3) if program.title(desk.data.row_ref(row)) == "Fire")
    raid = desk.data.row_ref(next(row for row in range(3) if program.title(desk.data.row_ref(row)) == "Raid"))
    with desk.data.store.step("Tag") as session:
        session.connection().exec_driver_sql(
            "UPDATE event SET tags = '[\"mine\"]' WHERE uid = ?", (desk.data.row_ref(fire).uid,)
        )
    program.settle()

    program.back_in_window()
    dialog = look(second)
    assert (dialog.choices.take_over.isVisible(), dialog.choices.only_new.isVisible()) == (True, False)
    assert dialog.verdict.text().endswith("Rows whose event_id came in before are passed over.")
    dialog.choices.take_over.click()
    assert dialog.verdict.text().endswith("differ now are taken over, where nobody has worked on their events.")
    dialog.start.click()
    program.says("Imported 1 event from b.csv. Rows: 1 with new values, 1 came in before but differ now.")
    program.settle()
    listed = [each.text() for each in page_of_rows().findChildren(QLabel)]
    assert "1 row came in before and differs now; its event has the new values." in listed
    assert any(each.endswith("title is “Blaze”, was “Fire”; its event was worked on since") for each in listed)
    page_of_rows().close()
    titles = set(desk.data.loaded.titles.values())
    assert titles == {"Siege", "Fire", "Flood", "Storm"}
    assert program.title(raid) == "Siege", "what had it selected, or in a file, still means it"
    program.back_in_window()
    program.key("Ctrl+Z")
    program.wait(lambda: desk.data.index.n == 3)
    program.settle()
    assert set(desk.data.loaded.titles.values()) == {"Raid", "Fire", "Flood"}
    assert program.title(raid) == "Raid"

"""What a newer table corrects is taken over from the page that lists it: a step, stopped and undone as any."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from db import queries
from db.importers.tables import corrected
from tests.helpers import tables
from tests.helpers.table_dialog import Look, page_of_rows
from tests.helpers.window import Program, reopened


def test_corrected_rows_are_taken_over(
    program: Program, tables_project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrected, "AT_ONCE", 1)
    rows = list(tables.acled_rows(30, towns=8, groups=5))
    look(tables.write(tmp_path / "january.csv", iter(rows[:20]), tables.ACLED)).start.click()
    program.says("Imported 20 events from january.csv")
    program.settle()
    program.back_in_window()
    desk = program.window.desk
    ours, theirs = (desk.data.row_ref(desk.data.index.columns.id.tolist().index(each)) for each in (4, 6))
    desk.commands.set_title(ours, "Ours")
    program.wait(lambda: program.title(ours) == "Ours")

    for at in (3, 5):
        rows[at][tables.ACLED.index("location")] = "Corrected town"
    newer = tables.write(tmp_path / "february.csv", iter(rows), tables.ACLED)
    look(newer).start.click()
    program.says("Imported 10 events from february.csv")
    program.settle()
    page = page_of_rows()
    assert page.take_button.isVisible()
    assert page.take_button.text() == "Take over 2 corrected rows"

    # Stopped nothing is changed, and it can be begun again.
    def stop(progress: object, done: int, _total: int) -> None:
        if done:
            progress.cancel()  # type: ignore[attr-defined]

    desk.jobs.progressed.connect(stop)
    page.take_button.click()
    assert not page.take_button.isEnabled()
    program.says("Taking over was stopped; nothing was changed")
    desk.jobs.progressed.disconnect(stop)
    program.settle()
    assert "Corrected" not in program.title(theirs)
    assert page.take_button.isEnabled()

    page.take_button.click()
    program.says("Took over 1 corrected row of february.csv; 1 left as they were")
    program.settle()
    assert program.title(theirs).endswith("Corrected town")
    assert program.title(ours) == "Ours"
    listed = [each.text() for each in page.findChildren(QLabel)]
    assert listed[0] == "1 corrected row taken over: its event is as this table has it."
    assert listed[listed.index("1 corrected row left.") + 1 :][:2] == [
        "Line 5",
        "“Ours” has been worked on since and stays as it is",
    ]
    assert "2 rows came in before, but differ now." in listed
    assert not page.take_button.isVisible()
    page.close()
    program.back_in_window()
    desk.commands.select((theirs,), "test")
    source = program.window.right_panel.source
    program.wait(lambda: source.row_view.isVisible() and source.row_view.row is not None)
    assert source.row_view.row is not None
    assert "Corrected town" in source.row_view.row.cells
    assert source._name.text() == "february"

    # Undone all is as before; the same file offers it again.
    program.key("Ctrl+Z")
    program.wait(lambda: "Corrected" not in program.title(theirs))
    program.settle()
    look(newer).start.click()
    program.says(
        "february.csv is in the project already: it is the table of “february”. 2 rows differ from what came in with "
        "an earlier table. Nothing was written."
    )
    again = page_of_rows()
    again.take_button.click()
    program.says("Took over 1 corrected row of february.csv")
    again.close()
    program.settle()
    assert reopened(tables_project, queries.info)["events"] == 30

"""Tables that do not come in at once: stopped, refused, told to be none, or still coming in when the window closes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from db import queries
from db.importers.tables import importer, parts
from tests.helpers import tables
from tests.helpers.table_dialog import Look, mean
from tests.helpers.window import Program, reopened
from viewer.shell.dialogs import table_run
from viewer.widgets.buttons import Button


def test_stopped_nothing_of_it_stays(
    program: Program, tables_project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    info = reopened(tables_project, queries.info)
    assert (info["events"], info["sources"], info["claims"]) == (0, 0, 0)
    window.desk.jobs.progressed.disconnect(stop)


def test_what_cannot_be_imported_is_told(program: Program, tables_project: Path, look: Look, tmp_path: Path) -> None:
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


def test_a_file_that_is_no_table_says_so_and_offers_another(
    program: Program, tables_project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = tmp_path / "photo.csv", tmp_path / "untitled.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    right.write_text("date,place,latitude,longitude\n2016-03-04,A,10.0,170.0\n2016-05-04,B,12.0,-170.0\n", "utf-8")
    dialog = look(wrong)
    assert dialog.verdict.text() == "photo.csv: This is a picture, not a plain text file."
    shown = [dialog.verdict, dialog.close_button, dialog.other_button]
    dead = [dialog.title, dialog.published, dialog.choices.mapping, dialog.choices.encoding, dialog.area, dialog.start]
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
    buttons = [each for toast in program.window.toasts.toasts() for each in toast.findChildren(Button)]
    next(each for each in buttons if each.text() == "Show").click()
    program.settle()
    view = program.state
    assert view.extent is not None
    assert view.extent.west < 170.0
    assert -170.0 < view.extent.east < 0.0, "over the antimeridian"
    assert view.time_cursor == desk.data.index.columns.best.max()
    assert all(view.time_window.contains(int(best)) for best in desk.data.index.columns.best)


def test_closing_during_an_import_asks_first(
    program: Program, tables_project: Path, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: Path
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
            apart = question.frameGeometry().center() - program.window.frameGeometry().center()
            assert apart.manhattanLength() < 60, "it stands over the window"
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
    assert window.isVisible(), "nobody has said that it is to be closed"
    program.settle()
    assert reopened(tables_project, queries.info)["events"] == 400

    asked.clear()
    going.clear()
    program.back_in_window()
    dialog = look(tables.acled(tmp_path / "more.csv", 300))
    dialog.start.click()
    window = program.window
    program.wait(lambda: bool(window.desk.jobs.long_writes))
    timer.start()
    answer = "Stop and close"
    window.close_window()
    timer.stop()
    assert not window.isVisible()
    assert reopened(tables_project, queries.info)["events"] == 400

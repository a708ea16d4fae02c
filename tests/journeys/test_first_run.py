"""The first screen, and ways from it into a project: the sample, an empty one, a recent one, one that cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QPushButton

from tests.helpers.window import Program, answer, picture, reopened
from viewer.app import SAMPLE_NAME, sample_copy
from viewer.core.loading import load
from viewer.core.settings import LAST_FOLDER, RECENT
from viewer.shell.start_window import StartWindow


def test_from_the_first_screen_into_the_sample(program: Program) -> None:
    start = program.start()
    assert [tile.accessibleName() for tile in (start.sample, start.importing, start.empty)] == [
        "Open the sample",
        "Import documents",
        "Start empty",
    ]
    assert start.sample.hasFocus()
    program.key("Space")
    program.settle()
    window = program.window
    program.wait(window.isActiveWindow)
    path = window.desk.data.store.path
    assert path.name == SAMPLE_NAME
    assert path == sample_copy()
    assert Path(str(window.desk.settings.get(RECENT)[0])).name == SAMPLE_NAME
    assert window.map_view.panel.date.lines[0] == "28 Nov 2016"
    assert program.title(program.state.current).startswith("Abadi says")
    inspector = window.right_panel.inspector
    assert inspector.isVisible()
    assert inspector._disagree.isVisible()
    assert program.quote_text()
    assert window.windowTitle() == "Decline of ISIS territory, 2014-2017 – Dateline"
    program.wait(lambda: not shiboken6.isValid(start))


def test_edits_go_to_the_copy_and_the_bundled_sample_stays(program: Program) -> None:
    program.start()
    program.key("Space")
    program.settle()
    window = program.window
    window.desk.commands.set_title(program.state.current, "Mine")
    program.settle()
    assert program.title(program.state.current) == "Mine"
    window.open_sample()
    program.settle()
    again = program.window
    assert again.desk.data.store.path == sample_copy()
    assert program.title(program.state.current) == "Mine"
    assert not again.desk.data.store.read_only


def test_an_empty_project_says_what_to_do(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, save=tmp_path / "Mine")
    start = program.start()
    program.click(start.empty)
    program.settle()
    window = program.window
    assert window.desk.data.store.path == tmp_path / "Mine.gpkg"
    assert (tmp_path / "Mine.gpkg").is_file()
    assert window.desk.data.index.n == 0
    assert window.map_view.panel.notice.isVisible()
    assert "Nothing here yet" in window.map_view.panel.notice.accessibleName()
    assert window.status_bar._counts.text() == "0 of 0 events"
    assert not window.timeline_view.transport.play.isEnabled()
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *words: (asked.append(words[1]) or [], ""))
    program.click(window.right_panel.source.importing)
    assert asked == ["Import texts or tables"]
    for key in ("Space", ".", ",", "Home", "End", "N", "P", "Z", "0", "A", "J", "Del", "F2", "Ctrl+Z", "I", "O"):
        program.key(key)
    assert not window.desk.playback.playing
    program.settle()
    assert picture(window).size() == window.size()
    kinds = reopened(tmp_path / "Mine.gpkg", lambda connection: load(connection).kinds)
    assert len(kinds) == 6


def test_file_dialogs_begin_where_people_look(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_file: Path
) -> None:
    """In the documents, or the home where there are none; then where a file was chosen last; beside no hidden file."""
    documents, hidden = tmp_path / "Documents", tmp_path / ".share"
    documents.mkdir()
    hidden.mkdir()
    (hidden / "s.gpkg").write_bytes(sample_file.read_bytes())
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _kind: str(documents))
    begun: list[str] = []
    chosen = str(tmp_path / "Mine")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: (begun.append(words[2]), (chosen, ""))[1])
    start = program.start()
    program.click(start.empty)
    program.settle()
    program.window.new_project()
    program.settle()
    program.window.desk.settings.set(LAST_FOLDER, "")
    program.open(hidden / "s.gpkg").new_project()
    assert begun == [str(documents), str(tmp_path), str(documents)]
    documents.rmdir()
    program.window.desk.settings.set(LAST_FOLDER, str(documents))
    assert program.window.folders.start() == str(Path.home())


def test_cancelled_dialogs_leave_the_first_screen_as_it_was(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch)
    start = program.start()
    for tile in (start.empty, start.importing):
        program.click(tile)
    assert program.application.window is start
    assert not start.banner.isVisible()


def test_a_name_that_is_taken_is_refused_and_the_file_kept(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken.gpkg"
    taken.write_bytes(b"not yours")
    answer(monkeypatch, save=taken)
    start = program.start()
    program.click(start.empty)
    program.opened()
    assert program.application.window is start
    assert start.banner.isVisible()
    assert "There is already a file taken.gpkg" in start.banner.text()
    assert taken.read_bytes() == b"not yours"


def test_recent_projects_are_one_click_away(program: Program, sample: Path) -> None:
    program.open(sample)
    start = program.start()
    lines = [each for each in start.findChildren(QPushButton) if each.accessibleName() == "Open sample"]
    assert len(lines) == 1
    assert lines[0].toolTip() == str(sample)
    program.click(lines[0])
    program.settle()
    assert program.window.desk.data.store.path == sample


def test_a_recent_project_that_is_gone_is_not_offered(program: Program, sample: Path) -> None:
    program.open(sample)
    program.application.close()
    sample.unlink()
    start = program.start()
    assert not [each for each in start.findChildren(QPushButton) if each.accessibleName() == "Open sample"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"just text\n" * 400, "is not a Dateline project"),
        (b"", "is empty"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "damaged"),
    ],
    ids=["text", "empty", "damaged"],
)
def test_what_is_no_project_is_told_on_the_first_screen(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, sentence: str
) -> None:
    path = tmp_path / "bad.gpkg"
    path.write_bytes(content)
    answer(monkeypatch, open_one=path)
    start = program.start()
    browse = next(each for each in start.findChildren(QPushButton) if "Open another" in each.text())
    program.click(browse)
    program.opened()
    assert program.application.window is start
    assert isinstance(program.application.window, StartWindow)
    assert sentence in start.banner.text()
    assert path.read_bytes() == content
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith("bad")) == ["bad.gpkg"]


def test_a_bad_file_leaves_the_open_project_open(app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = tmp_path / "bad.gpkg"
    bad.write_bytes(b"just text")
    answer(monkeypatch, open_one=bad)
    window = app.window
    app.key("Ctrl+O")
    app.opened()
    assert app.window is window
    assert window.banner.isVisible()
    assert "bad.gpkg is not a Dateline project" in window.banner.text()
    window.desk.commands.set_title(app.state.current, "Still works")
    app.settle()
    assert app.title(app.state.current) == "Still works"

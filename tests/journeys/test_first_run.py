"""The first screen, and ways from it into a project: the sample, an empty one, a recent one, one that cannot be had."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from db.store import Store
from tests.helpers.window import Program, picture, reopened
from viewer.app import OPENING, SAMPLE_NAME, sample_copy
from viewer.core.loading import load
from viewer.core.settings import RECENT
from viewer.shell.dialogs.import_texts import ImportDialog
from viewer.shell.start_window import StartWindow


class Repeat(QTimer):
    """Calls something every 20 ms, also within the loop of a dialog."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__(interval=20)
        self.count = 0
        self._act = act
        self.timeout.connect(self._on_time)

    def _on_time(self) -> None:
        self.count += 1
        self._act()


def answer(monkeypatch: pytest.MonkeyPatch, **paths: Path | list[Path] | None) -> None:
    """What the system's file dialogs will answer: ``open_one``, ``open_many``, ``save``; None is Cancel."""
    one, many, save = paths.get("open_one"), paths.get("open_many"), paths.get("save")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(one or ""), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(each) for each in many or []], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(save or ""), ""))


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


def test_another_project_in_the_same_window(
    app: Program, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.gpkg"
    Store.create(other, "The other").close()
    answer(monkeypatch, open_one=other)
    first = app.window
    app.key("Ctrl+O")
    app.opened()
    assert app.window is not first
    assert app.window.windowTitle() == "The other – Dateline"
    app.settle()
    app.wait(lambda: not shiboken6.isValid(first))
    sample.unlink()


def test_the_same_project_once_more_is_not_read_only(
    app: Program, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, open_one=sample)
    app.key("Ctrl+O")
    app.settle()
    window = app.window
    assert not window.desk.data.store.read_only
    assert not window.banner.isVisible()
    window.desk.commands.set_title(app.state.current, "Written")
    app.settle()
    assert app.title(app.state.current) == "Written"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program has the file to itself: opening it waits."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.close()


def test_what_takes_its_time_to_open_says_so_and_can_be_stopped(program: Program, sample: Path) -> None:
    program.application.settings.remember_file(sample)
    start = program.start()
    line = next(each for each in start.findChildren(QPushButton) if each.accessibleName() == "Open sample")
    with locked(sample):
        program.click(line)
        program.wait(start.busy.isVisible)
        assert start.busy.text() == "Opening sample"
        assert not start.sample.isEnabled()
        program.click(start.busy.cancel_button)
        assert not start.busy.isVisible()
        assert start.sample.isEnabled()
    program.opened()
    assert program.application.window is start
    with locked(sample):
        program.click(line)
        program.wait(start.busy.isVisible)
    program.settle()
    assert program.window.desk.data.store.path == sample
    assert not program.window.desk.data.store.read_only


def test_the_open_project_can_be_used_while_another_is_opened(
    app: Program, tmp_path: Path, sample_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.gpkg"
    other.write_bytes(sample_file.read_bytes())
    answer(monkeypatch, open_one=other)
    first = app.window
    with locked(other):
        app.key("Ctrl+O")
        app.wait(first.busy.isVisible)
        first.desk.commands.set_title(app.state.current, "Meanwhile")
        app.wait(lambda: app.title(app.state.current) == "Meanwhile")
    app.settle()
    assert app.window is not first
    assert app.window.desk.data.store.path == other


def test_a_project_that_comes_open_waits_for_the_dialog_that_is_open(
    app: Program, tmp_path: Path, sample_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, text = tmp_path / "other.gpkg", tmp_path / "a.txt"
    other.write_bytes(sample_file.read_bytes())
    text.write_text("A text of some length, to be imported.", "utf-8")
    first = app.window
    app.application.open_project(other)
    seen: list[bool] = []

    def answer_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ImportDialog)
        seen.append(app.application.opening and app.window is first)
        if waited.count == 12:
            waited.stop()
            dialog.reject()

    waited = Repeat(answer_dialog)
    waited.start()
    first.import_files([text])
    assert seen == [True] * 12
    app.settle()
    assert app.window is not first


def test_closing_the_window_ends_what_is_being_opened(app: Program, tmp_path: Path, sample_file: Path) -> None:
    other = tmp_path / "other.gpkg"
    other.write_bytes(sample_file.read_bytes())
    first = app.window
    app.application.open_project(other)
    first.close()
    app.wait(lambda: not app.application.opening)
    app.wait(lambda: not app.application._opener._on_the_way)
    assert app.application.window is first
    assert not any(each.isVisible() for each in QApplication.topLevelWidgets())


def test_a_new_project_given_up_can_be_made_again(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "new.gpkg"
    start = program.start()
    program.application.new_project(path)
    program.application._opener.cancel()
    start.busy.end(OPENING)
    program.application.new_project(path)
    program.settle()
    assert program.window.desk.data.store.path == path


def test_the_last_wish_wins(app: Program, tmp_path: Path, sample: Path, sample_file: Path) -> None:
    other = tmp_path / "other.gpkg"
    other.write_bytes(sample_file.read_bytes())
    first = app.window
    app.application.open_project(other)
    app.application.open_project(sample)
    app.wait(lambda: not app.application._opener._on_the_way)
    assert app.window is first
    assert not app.application.opening


def test_a_project_that_is_left_is_freed(app: Program, tmp_path: Path, sample_file: Path) -> None:
    paths = [tmp_path / f"{number}.gpkg" for number in range(2)]
    for path in paths:
        path.write_bytes(sample_file.read_bytes())
    collector = app.application._collector
    collector.settle()
    left = [weakref.ref(app.window.desk.data), weakref.ref(app.window.desk.data.index)]
    for path in paths:
        app.open(path)
        collector.settle()
    app.wait(lambda: collector.settle() or not any(each() for each in left))


def test_save_a_copy(app: Program, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app.window.desk.commands.set_title(app.state.current, "In both")
    answer(monkeypatch, save=tmp_path / "copy")
    app.key("Ctrl+S")
    app.settle()
    app.says("Copy saved as copy.gpkg")
    titles = reopened(tmp_path / "copy.gpkg", lambda connection: set(load(connection).titles.values()))
    assert "In both" in titles
    answer(monkeypatch, save=sample)
    app.key("Ctrl+S")
    app.settle()
    app.says("That is the project itself")
    answer(monkeypatch, save=tmp_path / "no" / "such" / "folder")
    app.key("Ctrl+S")
    app.settle()
    app.says("could not be written")
    assert app.window.desk.data.store.path == sample

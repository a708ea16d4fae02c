"""Another project in the same window: opened, waited for, given up, gone back to."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from db.store import Store
from tests.helpers.window import Program, answer, reopened
from viewer.app import OPENING
from viewer.core.loading import load
from viewer.shell.dialogs.import_texts import ImportDialog


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


def recent_of(app: Program) -> list[str]:
    """The names in the menu of recent projects, which stands behind the way to open one."""
    recent = app.window.top_bar.recent.menuAction()
    behind = next(part for part in app.window.findChildren(QMenu) if recent in part.actions())
    assert behind.actions()[behind.actions().index(recent) - 1] is app.window.actions_by_id["open"]
    return [action.text().split("\t")[0] for action in app.window.top_bar.recent.actions()]


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

    # Back by the menu of recent projects; one that is gone is told of, and nothing happens to what is open.
    assert recent_of(app) == ["sample"]
    next(iter(app.window.top_bar.recent.actions())).trigger()
    app.settle()
    assert app.window.desk.data.store.path == sample
    assert recent_of(app) == ["other"]
    other.unlink()
    here = app.window
    next(iter(here.top_bar.recent.actions())).trigger()
    app.says(f"other.gpkg is not in {tmp_path} now.")
    assert app.window is here
    here.close()
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
    settle = app.application._settle
    settle.setInterval(1)
    settle.start()
    app.wait(lambda: not settle.isActive())
    left = [weakref.ref(app.window.desk.data), weakref.ref(app.window.desk.data.index)]
    for path in paths:
        app.open(path)
        app.wait(lambda: not settle.isActive())
    app.wait(lambda: not any(each() for each in left))


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

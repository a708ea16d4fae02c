"""The window of a project is built in steps: what stood before goes on living, and nothing is left of half a window."""

from __future__ import annotations

import gc
import sqlite3
import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog

from tests.helpers.building import Steps
from tests.helpers.free import is_free
from tests.helpers.pictures import pixels
from tests.helpers.window import Program
from viewer.core import column_cache, turns
from viewer.shell import building, parts
from viewer.shell.main_window import MainWindow
from viewer.shell.start_window import StartWindow
from viewer.views.map.view import MapView


def test_between_the_steps_events_are_handled(program: Program, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program.start()
    steps = Steps(monkeypatch)
    seen: list[int] = []
    beat = QTimer(interval=0)
    beat.timeout.connect(lambda: seen.append(steps.count))
    beat.start()
    program.application.open_project(sample)
    program.opened()
    beat.stop()
    assert steps.count >= 12
    assert len(set(seen)) >= steps.count - 2


def test_the_first_picture_of_the_map_has_all_at_hand(
    program: Program, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[tuple[bool, str]] = []
    paint = MapView.paintEvent
    monkeypatch.setattr(turns, "TURN_S", 0.0)  # as on a slow machine: each name in a turn of its own

    def watched(view: MapView, event: QPaintEvent) -> None:
        paint(view, event)
        painted.append((view.isVisible(), str(view.picture.names.placed_names())))

    monkeypatch.setattr(MapView, "paintEvent", watched)
    program.start()
    program.application.open_project(sample)
    program.opened()
    program.wait(lambda: any(visible for visible, _names in painted))
    first = next(names for visible, names in painted if visible)
    assert painted[0] == (False, "[]")
    assert len(first) > 20, "names are placed already"
    program.settle()
    assert program.window.map_view.is_settled()
    assert len(set(map(tuple, pixels(program.window.map_view.grab()).reshape(-1, 3)[::97].tolist()))) > 50


@pytest.mark.parametrize("at", range(0, 13, 2))
def test_a_window_that_is_not_wanted_any_more_leaves_nothing(
    program: Program, sample: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    start = program.start()
    threads = threading.active_count()
    steps = Steps(monkeypatch)
    steps.at, steps.act = at, lambda: start.busy.cancel_button.click()
    program.application.open_project(sample)
    assert program.application.opening
    program.wait(lambda: not program.application.opening)
    assert steps.count == at
    assert program.application.window is start
    assert is_free(sample)
    program.wait(lambda: threading.active_count() <= threads + 1)  # the one that opens stays
    steps.at = -1
    program.application.open_project(sample)
    program.opened()
    program.settle()
    assert isinstance(program.application.window, MainWindow)


def test_another_project_takes_the_place_of_one_that_is_being_built(
    program: Program, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.gpkg"
    other.write_bytes(sample.read_bytes())
    program.start()
    steps = Steps(monkeypatch)

    def change() -> None:
        steps.at = -1
        program.application.open_project(other)

    steps.at, steps.act = 5, change
    program.application.open_project(sample)
    program.opened()
    program.settle()
    assert program.window.shows(other)
    assert is_free(sample)


def test_what_fails_in_the_middle_is_told_and_closed(
    program: Program, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("no left side")

    program.start()
    monkeypatch.setattr(parts, "LeftPanel", broken)
    program.application.open_project(sample)
    program.wait(lambda: not program.application.opening)
    start = program.application.window
    assert isinstance(start, StartWindow)
    assert "nothing was changed" in start.banner.text()
    assert is_free(sample)
    program.application.new_project(sample.with_name("new.gpkg"))
    program.wait(lambda: not program.application.opening)
    assert not sample.with_name("new.gpkg").exists()


def test_a_new_project_that_is_given_up_while_its_window_is_built_is_not_left_behind(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = program.start()
    steps = Steps(monkeypatch)
    steps.at, steps.act = 6, lambda: start.busy.cancel_button.click()
    path = tmp_path / "new.gpkg"
    program.application.new_project(path)
    program.wait(lambda: not program.application.opening)
    assert not path.exists()


def test_a_window_waits_for_a_dialog_to_close(app: Program, sample: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gpkg"
    other.write_bytes(sample.read_bytes())
    first, dialog = app.window, QDialog(app.window)
    dialog.setModal(True)
    found = []

    def look() -> None:
        if not dialog.isVisible() and app.application._building is not None:
            dialog.open()
            found.append(app.application._building)

    watch = QTimer(interval=0)
    watch.timeout.connect(look)
    watch.start()
    app.application.open_project(other)
    app.wait(dialog.isVisible)
    watch.stop()
    app.wait(lambda: found[0]._timer.interval() > 0)
    assert app.application.window is first
    dialog.close()
    app.opened()
    app.settle()
    assert app.window is not first


@pytest.mark.parametrize("at", [1, 4, 6, 8, 12])
def test_a_window_that_is_not_wanted_any_more_is_freed(
    program: Program, sample: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    start = program.start()
    kept: list[weakref.ref[object]] = []
    made = building.build_desk

    def watched(*given: object) -> object:
        desk = made(*given)  # type: ignore[arg-type]
        kept.extend([weakref.ref(desk.data), weakref.ref(desk.data.index)])
        return desk

    monkeypatch.setattr(building, "build_desk", watched)
    steps = Steps(monkeypatch)
    before = len(QApplication.topLevelWidgets())
    steps.at, steps.act = at, lambda: start.busy.cancel_button.click()
    program.application.open_project(sample)
    program.wait(lambda: not program.application.opening)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    program.wait(lambda: gc.collect() >= 0 and not any(each() for each in kept))
    assert len(QApplication.topLevelWidgets()) <= before


def test_what_was_made_for_the_views_is_let_go_of(app: Program) -> None:
    assert app.window.desk.data.made("map") is None


def test_a_project_whose_file_is_gone_is_closed_all_the_same(
    program: Program, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(column_cache, "WORTH", 1)
    program.open(sample)
    program.window.desk.data._unkept = True
    store = program.window.desk.data.store
    sample.unlink()
    assert program.application.show_start() is program.application.window
    with pytest.raises(sqlite3.ProgrammingError):
        store._con.execute("SELECT 1")

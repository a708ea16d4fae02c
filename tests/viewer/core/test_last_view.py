"""A project opens where it was left, whatever stands in the settings or is gone from the project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from db.store import Store
from db.values import Extent, Ref, RefKind, TimeWindow
from tests.helpers.desk import make_desk
from tests.helpers.project import small_project
from viewer.core.desk import Desk
from viewer.core.grouping import Grouping
from viewer.core.last_view import MOST
from viewer.core.settings import LANES, PROJECTION, Settings, lane_order, last_view
from viewer.core.state import ViewState

WINDOW = TimeWindow(1_400_000_000_000, 1_420_000_000_000)
EXTENT = Extent(40.5, 33.25, 44.0, 36.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    small_project(tmp_path / "p.gpkg").close()
    return tmp_path / "p.gpkg"


def left_at(path: Path, folder: Path, move: Callable[[Desk], object]) -> ViewState:
    """Where the project is left by a move."""
    desk = make_desk(path, folder)
    move(desk)
    view = desk.state.view
    desk.close()
    desk.settings.flush()
    return view


def found_at(path: Path, folder: Path) -> ViewState:
    return left_at(path, folder, lambda _desk: None)


def test_it_opens_where_it_was_left(path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    def move(desk: Desk) -> None:
        events = [desk.data.row_ref(row) for row in range(desk.data.index.n)]
        desk.commands.select(events[:3], "test")
        desk.commands.lanes.group_by(Grouping.PLACE)
        document = next(iter(desk.data.loaded.sources.values())).documents[0]
        reading, quote = Ref(RefKind.DOCUMENT, document.uid), Ref(RefKind.QUOTE, "a quote")
        desk.state.set("test", time_cursor=WINDOW.last + 5, time_window=WINDOW, extent=EXTENT)
        desk.state.set("test", time_range=TimeWindow(WINDOW.first + 1, WINDOW.last - 1), reading=reading, quote=quote)

    left = left_at(path, tmp_path, move)
    assert left.time_window == WINDOW
    assert len(left.selection) == 3
    assert found_at(path, tmp_path) == left
    # What the lanes stand for is each project's own, and so is that nothing is chosen.
    other = tmp_path / "other.gpkg"
    small_project(other).close()
    left_at(other, tmp_path, lambda desk: desk.commands.lanes.group_by(Grouping.TAG))
    left = left_at(path, tmp_path, lambda desk: desk.commands.clear_selection())
    assert left.lanes.grouping is Grouping.PLACE
    assert found_at(path, tmp_path) == left
    assert left_at(path, tmp_path, lambda desk: desk.commands.fit_map()).extent is None
    assert found_at(path, tmp_path).extent is None


def test_a_fitted_projection_stays_fitted_as_long_as_it_is_the_chosen_one(
    path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    def move(desk: Desk) -> None:
        desk.settings.set(PROJECTION, "albers")
        desk.state.set("test", projection="albers 44.0 30.0 37.0", extent=EXTENT)

    left = left_at(path, tmp_path, move)
    assert left.projection == "albers 44.0 30.0 37.0"
    assert found_at(path, tmp_path) == left
    elsewhere = tmp_path / "other.gpkg"
    small_project(elsewhere).close()
    left_at(elsewhere, tmp_path, lambda desk: desk.settings.set(PROJECTION, "equal-earth"))
    assert found_at(path, tmp_path).projection == "equal-earth", "it is chosen for all projects"


def test_a_great_selection_is_left_with_the_current_event_alone(
    path: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.core.last_view.MOST", 2)
    assert MOST >= 100
    left = left_at(
        path, tmp_path, lambda desk: desk.commands.select([desk.data.row_ref(row) for row in range(3)], "test")
    )
    found = found_at(path, tmp_path)
    assert found.current == left.current
    assert found.selection == {left.current}


def test_what_is_gone_from_the_project_is_left_out(path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    left = left_at(path, tmp_path, lambda desk: desk.commands.select([desk.data.row_ref(0)], "test"))
    store = Store.open(path)
    with store.step("Delete it") as session:
        run = session.connection().exec_driver_sql
        run("DELETE FROM claim WHERE event_id IN (SELECT id FROM event WHERE uid = ?)", (left.current.uid,))
        run("DELETE FROM event WHERE uid = ?", (left.current.uid,))
    store.close()
    found = found_at(path, tmp_path)
    assert found.selection == frozenset()
    assert found.current is None
    assert found.time_cursor == left.time_cursor


@pytest.mark.parametrize(
    "kept",
    [
        "no json",
        [],
        {"cursor": "2016", "window": [5], "range": 7, "extent": [1, 2, 3], "lanes": "planet", "selection": "x"},
        {"cursor": True, "window": [2, 1], "range": [1, None], "extent": [0, 50, 1, 40], "lanes": 3, "current": 5},
        {"cursor": 10**40, "window": [-(10**40), 10**40], "range": [0, 10**30], "extent": [10**400, 0, 2, 1]},
        {"extent": [float("nan"), 0, 1, float("inf")], "selection": [1, None, "x"], "reading": "x", "quote": [2]},
        {"projection": "albers 44.0 30.0 37.0"},
        {"projection": ["mercator"]},
        {"window": [1, 2], "extent": ["1", "2", "3", "4"], "reading": {"uid": 1}, "selection": [{}], "lanes": []},
    ],
)
def test_what_no_program_of_ours_has_written_counts_for_nothing(
    path: Path, tmp_path: Path, qtbot: QtBot, kept: Any
) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    usual = found_at(path, fresh)
    desk = make_desk(path, fresh)
    uid = desk.data.loaded.project.uid
    desk.close()
    ini = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    ini.setValue(last_view(uid).key, kept if isinstance(kept, str) else json.dumps(kept))
    ini.sync()
    assert found_at(path, tmp_path) == usual


def test_it_is_kept_while_the_project_is_open_too(
    path: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.core.last_view.KEEP_MS", 1)
    desk = make_desk(path, tmp_path)
    desk.commands.go_to(WINDOW.first)
    setting = last_view(desk.data.loaded.project.uid)
    qtbot.waitUntil(lambda: desk.settings.get(setting).get("cursor") == WINDOW.first)
    desk.close()


def test_of_projects_not_opened_for_long_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.core.settings.PROJECTS_KEPT", 2)
    settings = Settings(tmp_path / "settings.ini")
    for uid in ("one", "two", "three", "two"):
        settings.remember_project(uid)
        settings.set(last_view(uid), {"cursor": 1})
        settings.set(lane_order(uid, Grouping.KIND), ["some"])
    settings.remember_project("four")
    for uid, kept in (("one", False), ("two", True), ("three", False)):  # "two" and "four" were the last
        assert bool(settings.get(last_view(uid))) is kept
        assert bool(settings.get(lane_order(uid, Grouping.KIND))) is kept
    assert settings.get(LANES) == str(Grouping.KIND)

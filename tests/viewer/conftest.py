"""The look of the application for tests of anything that is drawn, a timeline and a map."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db import edtf
from tests.helpers.maps import IRAQ, OPENS, desk_of, settle, shown_map, towns_project
from tests.helpers.timeline import shown_timeline, years_project
from viewer.look.theme import ThemeManager
from viewer.views.map.view import MapView
from viewer.views.timeline.view import TimelineView


@pytest.fixture
def look(qapp: QApplication) -> Iterator[ThemeManager]:
    """A light theme at scale 1 without motion; the application is left unstyled."""
    manager = ThemeManager(qapp, "light", reduce_motion=True)
    yield manager
    shiboken6.delete(manager)
    qapp.setStyleSheet("")
    qapp.styleHints().unsetColorScheme()


@pytest.fixture(scope="session")
def years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of tests.helpers.timeline, built once; not to be changed."""
    return years_project(tmp_path_factory.mktemp("years") / "years.gpkg")


@pytest.fixture
def timeline(qtbot: QtBot, tmp_path: Path, look: ThemeManager, years: Path) -> Iterator[TimelineView]:
    """A timeline in a window of its own on a copy of that project."""
    copy = tmp_path / "years.gpkg"
    copy.write_bytes(years.read_bytes())
    with shown_timeline(qtbot, copy, tmp_path, look) as view:
        yield view


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of tests.helpers.maps, built once; not to be changed."""
    return towns_project(tmp_path_factory.mktemp("towns") / "towns.gpkg")


@pytest.fixture
def town_map(qtbot: QtBot, tmp_path: Path, look: ThemeManager, towns: Path) -> Iterator[MapView]:
    """The map of a copy of that project over Iraq in December 2016."""
    with shown_map(qtbot, towns, tmp_path, look) as view:
        desk_of(view).state.set("test", time_cursor=edtf.parse(OPENS).best, extent=IRAQ)
        settle(qtbot, view)
        yield view

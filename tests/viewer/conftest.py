"""The look of the application for tests of anything that is drawn, and a timeline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.timeline import shown_timeline, years_project
from viewer.look.theme import ThemeManager
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

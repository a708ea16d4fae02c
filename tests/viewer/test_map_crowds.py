"""Marks that stand for more events than a list is read to the end of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.values import Extent
from tests.helpers.generate import generate
from tests.helpers.maps import desk_of, settle, shown_map
from viewer.look.theme import ThemeManager
from viewer.views.map.hand import MOST_LISTED
from viewer.views.map.view import MapView


@pytest.fixture
def crowded_map(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> Iterator[MapView]:
    project = generate(tmp_path / "crowded.gpkg", 1_500, places=40)
    with shown_map(qtbot, project, tmp_path, look) as view:
        desk_of(view).commands.last_event()
        desk_of(view).state.set("test", extent=Extent(0.0, 10.0, 80.0, 60.0))
        settle(qtbot, view)
        yield view


def test_a_stack_of_too_many_to_read_is_looked_at_more_closely(qtbot: QtBot, crowded_map: MapView) -> None:
    view, picture = crowded_map, crowded_map.picture
    for _ in range(12):
        at = int(np.argmax(picture.scene.stacks.count))
        if picture.scene.stacks.count[at] <= MOST_LISTED:
            break
        before = view.viewport.scale
        x, y = float(picture.scene.stacks.x[at]), float(picture.scene.stacks.y[at])
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        settle(qtbot, view)
        if view.popover.isVisible():
            break
        assert view.viewport.scale > 1.2 * before
    else:
        pytest.fail("a closer look never parts them")


def test_of_very_many_at_one_place_the_newest_are_listed(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    project = generate(tmp_path / "one.gpkg", 400, places=1)
    with shown_map(qtbot, project, tmp_path, look) as view:
        desk_of(view).commands.last_event()
        settle(qtbot, view)
        top = int(view.picture.scene.stacks.top[-1])
        x, y = view.picture.spot(top)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        settle(qtbot, view)
        assert view.popover.isVisible()
        assert len(view.popover.rows) == MOST_LISTED
        assert view.popover.list.accessibleName().startswith(f"{MOST_LISTED} newest of ")

"""The map of the sample as a picture: light and dark atlas, plain style, a window of the least size, many events."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from db.values import Extent
from tests.helpers.generate import generate
from tests.helpers.maps import click, desk_of, sample_at, settle, shown_map
from tests.helpers.pictures import compare
from viewer.look.theme import ThemeManager
from viewer.views.map.levels import Level

OPENING = "2016-11-28"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_at(tmp_path_factory.mktemp("sample"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("style", ["atlas", "plain"])
def test_the_opening_view_of_the_sample(
    sample: Path, theme: str, style: str, qtbot: QtBot, tmp_path: Path, look: ThemeManager
) -> None:
    look.set_preference(theme)
    with shown_map(qtbot, sample, tmp_path, look) as view:
        desk = desk_of(view)
        desk.commands.type_date(OPENING)
        if style == "plain":
            desk.commands.toggle_map_style()
        view.setFocus()
        settle(qtbot, view, rendered=True)
        compare(view.grab(), f"map-{style}-{theme}")


@pytest.mark.parametrize(("theme", "name"), [("light", "albers"), ("dark", "equal-earth")])
def test_true_areas(sample: Path, theme: str, name: str, qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    look.set_preference(theme)
    with shown_map(qtbot, sample, tmp_path, look) as view:
        desk = desk_of(view)
        desk.commands.type_date(OPENING)
        desk.state.set("test", extent=Extent(-180, -56, 180, 75) if name == "equal-earth" else Extent(-10, 20, 75, 60))
        desk.commands.set_projection(name)
        desk.commands.toggle_graticule()
        view.setFocus()
        settle(qtbot, view, rendered=True)
        compare(view.grab(), f"map-{name}-{theme}")


def test_a_small_map_with_an_open_stack(sample: Path, qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, sample, tmp_path, look, (640, 360)) as view:
        desk = desk_of(view)
        desk.commands.type_date(OPENING)
        settle(qtbot, view, rendered=True)
        row = desk.data.row(desk.state.view.current)
        assert row is not None
        x, y = view.picture.spot(row) or (0.0, 0.0)
        click(view, QPoint(round(x), round(y)))
        settle(qtbot, view, rendered=True)
        assert view.popover.isVisible()
        compare(view.grab(), "map-small-stack")


def test_twenty_thousand_events(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, generate(tmp_path / "many.gpkg", 20_000), tmp_path, look) as view:
        desk_of(view).commands.type_date("2016-06-01")
        view.setFocus()
        settle(qtbot, view, rendered=True)
        compare(view.grab(), "map-many")
        desk_of(view).commands.type_date("2016-07-01")
        scene = view.picture.scene
        assert scene.level is Level.CELLS
        view.picture.place_names([], hurried=True)
        assert "top" not in vars(scene.stacks), "a frame of discs looks for no single event"

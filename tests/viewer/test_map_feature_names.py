"""Labels of the user's own layers: placed with the names of the map and the titles of events, none over another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from db import edtf
from db.layers.adding import add_layer
from db.store import Store
from tests.helpers.layers import box, feature, geojson, polygon
from tests.helpers.maps import IRAQ, OPENS, TOWNS, desk_of, settle, shown_map
from tests.helpers.pictures import pixels
from viewer.core.layer_changes import settings_of
from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect
from viewer.views.map.view import MapView


@pytest.fixture
def labelled(qtbot: QtBot, tmp_path: Path, look: ThemeManager, towns: Path) -> Iterator[MapView]:
    """The map of some towns with a layer that has labels at all of them, and an area about each."""
    path = tmp_path / "labelled.gpkg"
    path.write_bytes(towns.read_bytes())
    store = Store.open(path)
    points = [
        feature({"type": "Point", "coordinates": [lon, lat]}, name=f"Depot at {name}")
        for name, (lon, lat) in TOWNS.items()
    ]
    areas = [
        feature(polygon(box(lon - 0.8, lat - 0.6, lon + 0.8, lat + 0.6)), name=f"District of {name}")
        for name, (lon, lat) in TOWNS.items()
    ]
    add_layer(store, geojson(tmp_path / "Depots.geojson", *points, *areas))
    store.close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk = desk_of(view)
        desk.state.set("test", time_cursor=edtf.parse(OPENS).best, extent=IRAQ)
        settle(qtbot, view, rendered=True)
        assert view.picture.names.placed_features() == {}
        restyle(qtbot, view, label="name")
        yield view


def restyle(qtbot: QtBot, view: MapView, **look: object) -> None:
    desk = desk_of(view)
    (row,) = desk.data.loaded.layers
    desk.commands.layers.set(row, replace(settings_of(row), style=replace(row.style, **look)))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: desk.data.loaded.layers[0].style != row.style)
    settle(qtbot, view, rendered=True)


def others(view: MapView) -> list[Rect]:
    """What names of places, titles of events, marks and cards cover."""
    names = view.picture.names
    titles = []
    for row, title in names.titles.items():
        x, y = view.picture.spot(row) or (0.0, 0.0)
        titles.append(Rect(x + title.dx, y + title.dy, *names._titles.size(title.text)))
    placed = [rect for _label, candidate in names._placed for rect in candidate]
    return [*titles, *placed, *view.picture.mark_rects(), *view.panel.covered()]


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_labels_of_a_layer_and_names_of_places_keep_apart(
    labelled: MapView, look: ThemeManager, qtbot: QtBot, scale: float
) -> None:
    look.set_scale(scale)
    settle(qtbot, labelled, rendered=True)
    names = labelled.picture.names
    for zoom in (0.5, 1.0, 2.0, 5.0):
        home = labelled.viewport
        labelled._navigator.go(home.zoomed(zoom, *home.spot(*TOWNS["Mosul"])), fly=False)
        settle(qtbot, labelled, rendered=True)
        placed = names.placed_features()
        assert placed, zoom
        assert names.placed_names()
        rects = [*others(labelled), *placed.values()]
        for rect in placed.values():
            assert sum(rect.meets(other) for other in rects) == 1, "itself alone"
        labelled._navigator.go(home, fly=False)
        settle(qtbot, labelled, rendered=True)


def test_a_label_is_seen_where_it_was_placed_moves_with_the_map_and_goes_with_its_layer(
    labelled: MapView, qtbot: QtBot
) -> None:
    view, names = labelled, labelled.picture.names
    text, rect = next((text, rect) for text, rect in names.placed_features().items() if text.startswith("Depot"))

    def ink(dx: int = 0) -> np.ndarray:
        return pixels(view.grab(QRect(round(rect.x) + dx, round(rect.y), round(rect.w), round(rect.h)))).astype(int)

    with_it, before = ink(), view.viewport
    view._navigator.go(view.viewport.panned(-30, 0), fly=False)
    moved = ink(round(view.viewport.spot(43, 36)[0] - before.spot(43, 36)[0]))
    assert view._settle_timer.isActive()
    assert np.abs(moved - with_it).max(axis=2).mean() < 25, "the letters are there before anything is placed anew"
    view._navigator.go(before, fly=False)
    settle(qtbot, view, rendered=True)
    restyle(qtbot, view, label=None)
    assert text not in names.placed_features()
    assert np.abs(ink() - with_it).max(axis=2).mean() > 25


def test_the_town_whose_name_a_label_would_cover_gives_way_or_moves(labelled: MapView, qtbot: QtBot) -> None:
    """Without the layer more towns are named: labels come before small towns, and after capitals."""
    names = labelled.picture.names
    with_labels = set(names.placed_names())
    restyle(qtbot, labelled, label=None)
    assert "Baghdad" in with_labels
    assert len(set(names.placed_names())) >= len(with_labels)


def test_while_time_runs_titles_keep_clear_of_labels(labelled: MapView, qtbot: QtBot) -> None:
    desk, names = desk_of(labelled), labelled.picture.names
    desk.state.set("test", time_cursor=edtf.parse("2010").best)  # what happened is not there yet
    settle(qtbot, labelled)
    before = set(names.titles)
    desk.state.set("test", time_cursor=edtf.parse(OPENS).best)
    labelled.settle(hurried=True)
    placed = names.placed_features().values()
    assert placed
    assert set(names.titles) > before
    for row, title in names.titles.items():
        x, y = labelled.picture.spot(row) or (0.0, 0.0)
        rect = Rect(x + title.dx, y + title.dy, *names._titles.size(title.text))
        assert not any(rect.meets(other) for other in placed)
    settle(qtbot, labelled)

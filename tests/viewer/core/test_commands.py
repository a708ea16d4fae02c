"""Moves of the desk: what is put into the state."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import edits
from db.values import Extent, Ref, RefKind
from tests.helpers.desk import make_desk
from tests.helpers.project import small_project
from viewer.core.layer_changes import around


@pytest.mark.parametrize(("lat", "south", "north"), [(-90.0, -84.0, -83.4), (89.0, 83.4, 84.0), (83.8, 83.2, 84.0)])
def test_what_came_in_of_a_pole_is_shown_where_the_map_ends(
    tmp_path: Path, qapp: object, lat: float, south: float, north: float
) -> None:
    store = small_project(tmp_path / "pole.gpkg")
    with store.step("Pole") as session:
        place = edits.add_place(session, "Pole", 0.0, lat)
        for event in (1, 2):
            edits.set_event_place(session, event, place)
    store.close()
    desk = make_desk(store.path, tmp_path)
    (uid,) = (row.uid for row in desk.data.loaded.sources.values() if row.id == 1)
    desk.commands.show_imported(Ref(RefKind.SOURCE, uid), (1, 2))
    extent = desk.state.view.extent
    assert extent is not None
    assert (extent.south, extent.north) == pytest.approx((south, north))
    desk.close()


@pytest.mark.parametrize(("south", "north"), [(-90.0, -86.0), (86.0, 89.0), (-90.0, 90.0), (10.0, 11.0)])
def test_a_layer_about_a_pole_is_shown_where_the_map_ends(south: float, north: float) -> None:
    shown = around(Extent(-30.0, south, 60.0, north))
    assert -84.0 <= shown.south < shown.north <= 84.0
    if south > -84.0 and north < 84.0:
        assert shown.south < south < north < shown.north

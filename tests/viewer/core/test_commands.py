"""Moves of the desk: what is put into the state."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import edits
from db.timewords import show_instant
from db.values import Extent, Ref, RefKind
from tests.helpers.desk import make_desk
from tests.helpers.project import small_project
from viewer.core.layer_changes import around
from viewer.core.messages import Message


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


@pytest.mark.parametrize(
    ("typed", "at", "words", "last"),
    [
        ("March 2015", "16 Mar 2015", "16 Mar 2015, in the middle of Mar 2015", "31 Mar 2015"),
        ("about 2015", "1 Jul 2015", "1 Jul 2015, in the middle of about 2015", "31 Mar 2016"),
        ("12 to 16 may 2016", "14 May 2016", "14 May 2016, in the middle of 12 to 16 May 2016", "16 May 2016"),
    ],
)
def test_a_typed_date_of_several_days_says_which_it_went_to_and_leads_to_the_last(
    tmp_path: Path, qapp: object, typed: str, at: str, words: str, last: str
) -> None:
    store = small_project(tmp_path / "dates.gpkg")
    store.close()
    desk = make_desk(store.path, tmp_path)
    said: list[Message] = []
    desk.messages.said.connect(said.append)
    desk.commands.type_date(typed)
    assert show_instant(desk.state.view.time_cursor) == at
    assert [message.text for message in said] == [words]
    assert said[0].action_label == f"Go to {last}"
    assert said[0].action is not None
    said[0].action()
    assert show_instant(desk.state.view.time_cursor) == last
    desk.close()


@pytest.mark.parametrize("typed", ["16 mar 2015", "+3w", "2015-03-16T14:30", "from 2015", "until 2015"])
def test_a_typed_day_and_one_where_a_time_begins_or_ends_need_no_word(tmp_path: Path, qapp: object, typed: str) -> None:
    store = small_project(tmp_path / "days.gpkg")
    store.close()
    desk = make_desk(store.path, tmp_path)
    said: list[Message] = []
    desk.messages.said.connect(said.append)
    desk.commands.type_date(typed)
    assert said == []
    desk.close()

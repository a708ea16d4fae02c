"""Widths of the table's columns: what they hold is read, and what the user chose stays."""

from __future__ import annotations

import pytest

from viewer.models.events import Column
from viewer.views.table.widths import TITLE_LEAST, Need, broken, in_two_lines, remembered, shared, to_remember

NEEDS = {
    Column.DATE: Need(200, 120),
    Column.KIND: Need(140, 90),
    Column.PLACE: Need(300, 200),
    Column.STATUS: Need(80, 80),
    Column.SOURCES: Need(220, 110),
    Column.CLAIMS: Need(84, 84),
}


def test_with_room_everything_is_as_wide_as_its_content_and_the_title_has_the_rest() -> None:
    widths = shared(NEEDS, {}, 1600)
    assert widths[Column.DATE] == 200
    assert widths[Column.SOURCES] == 220
    assert widths[Column.PLACE] == 240, "a long name does not take the room of all else"
    assert sum(widths.values()) == 1600


@pytest.mark.parametrize("room", [300, 640, 800, 960, 1200])
def test_the_date_is_never_cut_and_the_title_always_to_be_read(room: int) -> None:
    widths = shared(NEEDS, {}, room)
    assert widths[Column.DATE] >= NEEDS[Column.DATE].least
    assert widths[Column.TITLE] >= TITLE_LEAST
    assert sum(widths.values()) == room or widths[Column.TITLE] == TITLE_LEAST


def test_what_the_user_chose_is_taken_as_it_is() -> None:
    widths = shared(NEEDS, {Column.KIND: 300}, 1000)
    assert widths[Column.KIND] == 300
    assert sum(widths.values()) == 1000, "the title has what is left"


def test_widths_are_remembered_and_nonsense_is_not() -> None:
    kept = {Column.DATE: 170, Column.SOURCES: 90}
    assert remembered(to_remember(kept)) == kept
    assert remembered(["date", "date=", "colour=9", "kind=-4", "place=٣", "kind=99999999"]) == {Column.KIND: 1200}
    assert remembered(["title=500", "kind=39"]) == {Column.KIND: 40}


def test_a_text_is_broken_between_words() -> None:
    assert broken("about Sep 2016 to about 17 Oct 2016", 17, len) == ("about Sep 2016 to", "about 17 Oct 2016")
    assert in_two_lines("about Sep 2016 to about 17 Oct 2016", len) == 17
    assert broken("Intervention", 4, len) == ("Intervention", "")
    assert in_two_lines("", len) == 0

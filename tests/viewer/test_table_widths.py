"""Widths of the table's columns: what they hold is read, and what the user chose stays."""

from __future__ import annotations

import numpy as np
import pytest

from viewer.models.events import Column
from viewer.views.table.widths import (
    MOST,
    NARROW,
    TITLE_LEAST,
    Cell,
    Need,
    broken,
    in_two_lines,
    remembered,
    shared,
    to_remember,
)


def of(*cells: tuple[int, int], heading: int = 40, times: int = 50) -> Need:
    """A column of these cells (px in one line and in two), each so many times."""
    return Need.of([Cell(*cell) for cell in cells] * times, heading)


NEEDS = {
    Column.DATE: of((88, 60), (200, 120)),
    Column.TITLE: of((250, 140), (310, 170)),
    Column.KIND: of((96, 60), (140, 90)),
    Column.PLACE: of((100, 70), (130, 80)),
    Column.STATUS: of((80, 80)),
    Column.SOURCES: of((220, 110)),
    Column.CLAIMS: of((84, 60)),
}


def test_with_room_everything_stands_whole_and_the_title_has_the_rest() -> None:
    widths = shared(NEEDS, {}, 1600)
    whole = {column: need.all_in_one for column, need in NEEDS.items() if column is not Column.TITLE}
    assert {column: widths[column] for column in whole} == whole
    assert sum(widths.values()) == 1600


def test_a_long_name_does_not_take_the_room_of_all_else() -> None:
    widths = shared({**NEEDS, Column.PLACE: of((900, 500))}, {}, 1600)
    assert widths[Column.PLACE] <= MOST


@pytest.mark.parametrize("room", [300, 640, 800, 960, 1200])
def test_the_date_is_never_cut_and_the_title_always_to_be_read(room: int) -> None:
    widths = shared(NEEDS, {}, room)
    assert widths[Column.DATE] >= NEEDS[Column.DATE].all_in_two
    assert widths[Column.TITLE] >= TITLE_LEAST
    assert sum(widths.values()) == room or widths[Column.TITLE] == TITLE_LEAST


def test_room_goes_where_it_lets_most_cells_stand_whole() -> None:
    """One long date in fifty is broken before each name of a place is, and neither the title nor the actors are cut."""
    dates = Need.of([Cell(88, 60)] * 49 + [Cell(200, 120)], 60)
    needs = {
        Column.DATE: dates,
        Column.TITLE: of((230, 140)),
        Column.PLACE: of((112, 70)),
        Column.ACTORS: of((180, 110)),
    }
    widths = shared(needs, {}, 120 + 230 + 112 + 110)
    assert widths == {Column.DATE: 120, Column.TITLE: 230, Column.PLACE: 112, Column.ACTORS: 110}
    wider = shared(needs, {}, 200 + 230 + 112 + 180)
    assert wider == {Column.DATE: 200, Column.TITLE: 230, Column.PLACE: 112, Column.ACTORS: 180}


@pytest.mark.parametrize("room", range(400, 1400, 97))
def test_more_room_makes_no_column_worse_off_altogether(room: int) -> None:
    def against(room: int) -> float:
        widths = shared(NEEDS, {}, room)
        return sum(float(need.against(np.array([widths[column]]))[0]) for column, need in NEEDS.items())

    assert against(room + 97) <= against(room)


def test_words_of_one_line_and_headings_stand_whole_in_the_least_room() -> None:
    widths = shared({**NEEDS, Column.COUNT: of((20, 20), heading=71)}, {}, 300)
    assert (widths[Column.STATUS], widths[Column.CLAIMS], widths[Column.COUNT]) == (80, 84, 71)
    assert widths[Column.SOURCES] == NARROW


def test_a_table_without_events_has_columns() -> None:
    widths = shared({column: Need.of([], 50) for column in NEEDS}, {}, 900)
    assert sum(widths.values()) == 900
    assert widths[Column.DATE] == 50


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

"""What is said of a table before it comes in is right word for word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from db.importers.tables.dates import DateOrder
from db.importers.tables.mapping import guess
from db.importers.tables.reading import open_table
from db.importers.tables.same_rows import Again
from db.importers.tables.trial import Trial
from viewer.shell.dialogs.table_verdict import Known, described, judged

WHOLE = (14, True)


def test_one_reason_is_not_given_for_several_rows() -> None:
    short = "it has 3 cells where the table has 4 columns"
    one, several, none = (described(Trial(14, left, short), WHOLE) for left in (1, 3, 14))
    assert one.startswith(f"1 of the 14 rows cannot be taken: {short}. For example: ")
    assert several.startswith(f"3 of the 14 rows cannot be taken, the first because {short}. For example: ")
    assert none == f"No row can be taken so, the first because {short}."
    assert described(Trial(1, 1, short), (1, True)) == f"No row can be taken so: {short}."


def test_nor_one_date_for_several() -> None:
    odd = "the date “soon” cannot be understood"
    assert described(Trial(14, misdated=1, misdate=odd), WHOLE).endswith(f" will stand undated: {odd}.")
    assert described(Trial(14, misdated=2, misdate=odd), WHOLE).endswith(
        f"2 with a date that cannot be read will stand undated, the first because {odd}."
    )
    most = described(Trial(14, misdated=9, misdate=odd), WHOLE)
    assert most.startswith(f"Most dates cannot be read, the first because {odd}. Does another column hold them? All 14")
    assert most.endswith("9 with a date that cannot be read will stand undated.")
    some = described(Trial(14, unread=2, missing="its count “many” is not a number"), WHOLE)
    assert some.endswith(
        "2 will come in without what cannot be read, the first because its count “many” is not a number."
    )


def test_rows_of_one_id_can_be_taken_once() -> None:
    one, several = (described(Trial(14, repeated=number), WHOLE) for number in (1, 2))
    assert one.startswith("13 of the 14 rows can be taken. 1 repeats the id of a row further up and is passed over.")
    assert several.startswith("12 of the 14 rows can be taken. 2 repeat ids and are passed over.")


def test_rows_that_may_have_come_in_before_are_not_called_new() -> None:
    for trial in (Trial(14), Trial(14, repeated=2), Trial(1)):
        whole = (trial.tried, True)
        new, known = described(trial, whole), described(trial, whole, known="event_id")
        assert "can be taken." in new
        assert "can be taken" not in known
        assert known.endswith("Rows whose event_id came in before are passed over.")
    assert described(Trial(14), WHOLE, known="id").startswith("All 14 rows can be read. For example: ")


def test_most_dates_are_counted_among_the_rows_that_come_in() -> None:
    """Of 14 rows 7 come in with a date or with one that cannot be read."""
    beside = Trial(14, left=2, reason="odd", repeated=3, undated=2, misdate="odd")
    most, less = (described(replace(beside, misdated=number), WHOLE) for number in (4, 3))
    assert most.startswith("Most dates cannot be read, the first because odd. ")
    assert less.startswith(
        "2 of the 14 rows cannot be taken, the first because odd. 3 repeat ids and are passed over. "
    )


@pytest.mark.parametrize(("heading", "dated"), [("end_date", True), ("start_date", True), ("remark", False)])
def test_an_end_alone_is_a_date(tmp_path: Path, heading: str, dated: bool) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"title,{heading}\nFirst,2016-12-20\nSecond,2016-12-21\n", "utf-8")
    table = open_table(path)
    verdict = judged(table, guess(table.dialect.names), DateOrder.DAY_FIRST, Again(), Known())
    assert ("For example: 20 Dec 2016 · First" in verdict.text) is dated
    assert ("No column is the date: events will stand undated." in verdict.text) is not dated
    assert verdict.warns is not dated

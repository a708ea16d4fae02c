"""New values of rows with ids: taken over where nobody has worked on the event, left and listed where somebody has."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db import edits
from db.importers.tables import came_in, taking_over
from db.importers.tables.columns import Fate, Field
from db.importers.tables.importer import About, TableImported
from db.importers.tables.mapping import TableMapping
from db.importers.tables.outcome import NothingNew
from db.store import Store
from tests.helpers.imported import bring, everything, own, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture
DESK = TableMapping(
    "Desk",
    {
        Field.ID: ("nr",), Field.TITLE: ("what",), Field.START: ("when",), Field.QUANTITY: ("dead",),
        Field.ACTOR: ("who",), Field.PLACE: ("town",), Field.QUOTE: ("note",),
    },
)  # fmt: skip
HEAD = "nr,what,when,dead,who,town,note\n"
ALL = About(take_over=True)
SHOWN = (
    "SELECT e.title, c.quantity_value, e.edtf, p.name FROM event AS e JOIN claim AS c ON c.event_id = e.id "
    "LEFT JOIN place AS p ON p.id = e.place_id ORDER BY c.quote_id"
)


def lines(count: int, **changed: str) -> list[str]:
    """Rows by their id, of which some are others."""
    found = {
        f"r{at}": f"r{at},Event {at},2016-11-{at:02},{at},Army;Group {at},Town {at},Note {at}\n"
        for at in range(1, count + 1)
    }
    return list({**found, **{key: f"{key},{rest}\n" for key, rest in changed.items()}}.values())


def desk(tmp_path: Path, name: str, given: list[str]) -> Path:
    return own(tmp_path, HEAD + "".join(given), name)


def told(made: TableImported) -> dict[Fate, int]:
    return {fate: listed.count for fate, listed in made.listed.items()}


def uids(store: Store) -> dict[str, str]:
    return dict(rows(store, "SELECT title, uid FROM event"))


NEW = {
    "r2": "Event 2,2016-12-24,99,Army;Navy,Town 2,Mended",
    "r3": "Event 3,2016-11-03,33,Army;Group 3,Harbour,Note 3",
}


def test_new_values_are_taken_over_with_the_uid_of_the_event(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(came_in, "GATHERED", 2)
    bring(store, desk(tmp_path, "a.csv", lines(4)), DESK)
    before, named = everything(store), uids(store)
    given = [*lines(6, **NEW), "r2,Again,2016,1,,,\n"]
    made = bring(store, desk(tmp_path, "b.csv", given), DESK, ALL)
    assert (made.events, made.new, told(made)) == (4, 2, {Fate.TAKEN: 2, Fate.SAME: 2, Fate.REPEATED: 1})
    assert [each[1:3] for each in made.listed[Fate.TAKEN].rows] == [
        (3, "its nr r2 came in before, but differs now: dead is “99”, was “2”, note is “Mended”, was “Note 2”, "
            "when is “2016-12-24”, was “2016-11-02”, 1 more"),
        (4, "its nr r3 came in before, but differs now: dead is “33”, was “3”, town is “Harbour”, was “Town 3”"),
    ]  # fmt: skip
    assert made.listed[Fate.REPEATED].rows[0].reason == "its nr “r2” is that of line 3"
    assert rows(store, SHOWN) == [
        ("Event 1", 1.0, "2016-11-01", "Town 1"),
        ("Event 4", 4.0, "2016-11-04", "Town 4"),
        ("Event 2", 99.0, "2016-12-24", "Town 2"),
        ("Event 3", 33.0, "2016-11-03", "Harbour"),
        ("Event 5", 5.0, "2016-11-05", "Town 5"),
        ("Event 6", 6.0, "2016-11-06", "Town 6"),
    ]
    assert {title: uid for title, uid in uids(store).items() if title in named} == named
    sound(store)
    after = everything(store)
    for _ in range(2):
        store.undo()
        assert everything(store) == before
        sound(store)
        store.redo()
        assert everything(store) == after
        sound(store)
    path = store.path
    store.undo()
    store.undo()
    assert rows(store, "SELECT count(*) FROM event") == [(0,)], "brought back as they came, they go with their import"
    store.redo()
    store.redo()
    assert everything(store) == after
    sound(store)
    assert path.exists()


def test_what_somebody_worked_on_is_left_and_listed(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", lines(9)), DESK)
    with store.step("Work on it") as session:
        edits.set_event_title(session, 1, "Ours")
        edits.delete_events(session, [2])
    for sql in (
        "UPDATE event SET tags = '[\"mine\"]' WHERE id = 3",
        "UPDATE event SET outcome_of_id = 4 WHERE id = 5",
        "UPDATE claim SET event_id = 7 WHERE id = 8",
        "DELETE FROM event WHERE id = 8",
    ):
        with store.step("More work") as session:
            session.connection().exec_driver_sql(sql)
    with store.step("Taken back") as session:
        edits.set_event_title(session, 6, "Not for long")
    store.undo()
    before = {row[0]: row for row in rows(store, SHOWN)}
    given = [f"r{at},Event {at},2016-11-{at:02},77,Army;Group {at},Town {at},Note {at}\n" for at in range(1, 10)]
    made = bring(store, desk(tmp_path, "b.csv", given), DESK, ALL)
    assert [each.cells[0] for each in made.listed[Fate.TAKEN].rows] == ["r6", "r9"]
    assert {each.cells[0]: each.reason.rpartition("; ")[2] for each in made.listed[Fate.CHANGED].rows} == {
        **dict.fromkeys(("r2", "r8"), "its event was deleted since"),
        **dict.fromkeys(("r1", "r3", "r4", "r5", "r7"), "its event was worked on since"),
    }
    after = {row[0]: row for row in rows(store, SHOWN)}
    assert {title for title in before.keys() | after.keys() if before.get(title) != after.get(title)} == {
        "Event 6", "Event 9",
    }  # fmt: skip
    assert (after["Event 6"][1], after["Event 9"][1]) == (77.0, 77.0)
    sound(store)


def test_what_another_program_changed_is_worked_on_too(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", lines(3)), DESK)
    path = store.path
    store.close()
    with closing(sqlite3.connect(path)) as con:
        con.execute("UPDATE claim SET quantity_value = 55 WHERE id = 2")
        con.commit()
    with closing(Store.open(path)) as opened:
        newer = [f"r{at},Event {at},2016-11-{at:02},77,Army;Group {at},Town {at},Note {at}\n" for at in (1, 2, 3)]
        made = bring(opened, desk(tmp_path, "b.csv", newer), DESK, ALL)
        assert told(made) == {Fate.TAKEN: 2, Fate.CHANGED: 1}
        assert [row[:2] for row in rows(opened, SHOWN)] == [("Event 2", 55.0), ("Event 1", 77.0), ("Event 3", 77.0)]


def test_what_was_worked_on_since_stays_when_the_import_is_undone(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", lines(4)), DESK)
    bring(store, desk(tmp_path, "b.csv", lines(5, **NEW)), DESK, ALL)
    ids: dict[str, int] = dict(rows(store, "SELECT title, id FROM event"))
    with store.step("Work on it") as session:
        edits.set_event_title(session, ids["Event 2"], "Ours")
    con = sqlite3.connect(store.path)
    with closing(con):
        con.execute("UPDATE claim SET note = 'seen' WHERE event_id = ?", (ids["Event 3"],))
        con.commit()
    path = store.path
    store.close()
    with closing(Store.open(path)) as opened:
        while any(row[0] == "Event 5" for row in rows(opened, SHOWN)):
            opened.undo()
        shown: list[tuple[Any, ...]] = rows(opened, SHOWN)
        assert [(row[0], row[1]) for row in shown] == [
            ("Event 1", 1.0), ("Event 2", 2.0), ("Event 4", 4.0), ("Event 3", 33.0),
        ]  # fmt: skip
        sound(opened, checked=False)


def test_values_are_taken_over_again_and_again(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", lines(2)), DESK)
    named = uids(store)
    for at, count in enumerate(("7", "8", "9")):
        newer = lines(2, r1=f"Event 1,2016-11-01,{count},,,")
        made = bring(store, desk(tmp_path, f"b{at}.csv", newer), DESK, ALL)
        assert told(made) == {Fate.TAKEN: 1, Fate.SAME: 1}
    assert sorted(row[:2] for row in rows(store, SHOWN)) == [("Event 1", 9.0), ("Event 2", 2.0)]
    assert uids(store) == named
    sound(store)
    for _ in range(3):
        store.undo()
    assert sorted(row[:2] for row in rows(store, SHOWN)) == [("Event 1", 1.0), ("Event 2", 2.0)]
    sound(store)


def test_a_row_that_cannot_be_taken_takes_nothing_away(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", lines(2)), DESK)
    before = everything(store)
    with pytest.raises(NothingNew):
        bring(store, desk(tmp_path, "b.csv", ["r1,,soon,,,,\n", *lines(2)[1:]]), DESK, ALL)
    assert everything(store) == before
    made = bring(store, desk(tmp_path, "c.csv", ["r1,,soon,,,,\n", *lines(3)[1:]]), DESK, ALL)
    assert told(made) == {Fate.LEFT: 1, Fate.SAME: 1}
    assert len(rows(store, SHOWN)) == 3


def test_only_rows_with_ids_of_others_are_taken_over() -> None:
    assert taking_over.can_be_taken_over(DESK)
    assert not taking_over.can_be_taken_over(DESK.with_column(Field.ID))
    assert not taking_over.can_be_taken_over(TableMapping("x", {Field.UID: ("uid",)}, codebook="dateline"))


def test_rows_of_several_claims_are_not_taken_over_and_need_no_date_in_them(store: Store, tmp_path: Path) -> None:
    """Their events are counted otherwise than their claims."""
    mapping = replace(DESK, columns={**DESK.columns, Field.CLAIMS: ("claims",)})
    assert taking_over.can_be_taken_over(DESK)
    assert not taking_over.can_be_taken_over(mapping)
    head = HEAD.replace("\n", ",claims\n")
    said = '"[{""source"": ""Us"", ""title"": ""Raid""}, {""source"": ""Them"", ""title"": ""Riot""}]"'
    first = own(tmp_path, head + "".join(f"{line[:-1]},\n" for line in lines(3)), "first.csv")
    bring(store, first, mapping)
    before = uids(store)
    newer = f"n9,New,2016-12-01,,,,,{said}\nr3,Event 3 mended,2016-12-24,,,,,\nn10,Newer,2016-12-02,,,,,\n"
    made = bring(store, own(tmp_path, head + newer, "second.csv"), mapping, about=ALL)
    assert Fate.TAKEN not in told(made)
    after = uids(store)
    assert {title: after[title] for title in before} == before


def test_what_was_only_listed_can_be_taken_over_from_the_same_file(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "one.csv", lines(3)), DESK)
    newer = desk(tmp_path, "two.csv", lines(4, r2="Event 2 mended,2016-12-24,99,Army,Town 2,Mended"))
    made = bring(store, newer, DESK)
    assert (made.events, told(made)[Fate.CHANGED]) == (1, 1)
    made = bring(store, newer, DESK, about=ALL)
    assert told(made)[Fate.TAKEN] == 1
    assert [row[0] for row in rows(store, SHOWN)].count("Event 2 mended") == 1
    assert "Event 2" not in [row[0] for row in rows(store, SHOWN)]
    before = everything(store)
    with pytest.raises(NothingNew):
        bring(store, newer, DESK, about=ALL)
    assert everything(store) == before
    sound(store)

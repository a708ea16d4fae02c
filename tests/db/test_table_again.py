"""Imports of which rows were left are undone and redone: what only such rows name is nowhere, and hinders nothing."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.errors import EnvironmentFault
from db.exporters import export_events
from db.importers.tables.cells import clean
from db.importers.tables.claims import ClaimMaker
from db.importers.tables.columns import Fate, Field
from db.importers.tables.rows import MAX_ACTORS, MAX_KINDS
from db.kept.tables import RowRanges
from db.store import Store
from db.templates import new_project
from tests.helpers.imported import HEADER, MAPPING, bring, counts, everything, own, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture
KINDS = MAPPING.with_column(Field.KIND, "remark")
GOOD = "2016-11-27,,Raid,Here,36.3,43.1,Group A,,2,Raid\n"
LAST = "2016-11-28,,Last,There,36.4,43.2,Group B,,2,Raid\n"


def exported(tmp_path: Path, change: Callable[[int, dict[str, str]], dict[str, str]]) -> Path:
    """Our own export of three events, of which each row is changed."""
    new_project(tmp_path / "first.gpkg", "First")
    with closing(Store.open(tmp_path / "first.gpkg")) as first:
        middle = GOOD.replace("Raid", "Siege").replace("Here", "Away").replace("36.3", "35.9").replace("up A", "up C")
        bring(first, own(tmp_path, HEADER + GOOD + middle + LAST, "given.csv"), KINDS)
        with closing(first.reader()) as con:
            export_events(con, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    with (tmp_path / "own.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(change(at, row) for at, row in enumerate(found))
    return tmp_path / "own.csv"


def with_actors(store: Store, tmp_path: Path) -> int:
    many = ";".join(f"Fighter {number}" for number in range(MAX_ACTORS + 1))
    left = f"2016-11-27,,Crowd,Nowhere else,35.1,42.2,{many},,2,Crowds\n"
    return bring(store, own(tmp_path, HEADER + GOOD + left + LAST), KINDS).left


def with_kinds(store: Store, tmp_path: Path) -> int:
    several = "".join(
        f"2016-11-27,,Event {number},Town {number},36.3,{number / 10},Group {number},,2,Kind {number}\n"
        for number in range(MAX_KINDS + 3)
    )
    return bring(store, own(tmp_path, HEADER + several + (GOOD + LAST).replace("2,Raid", "2,Kind 3")), KINDS).left


def with_claims(store: Store, tmp_path: Path) -> int:
    def change(at: int, row: dict[str, str]) -> dict[str, str]:
        return row | {"claim_edtf": "2016; 2017", "claim_titles": "A; B; C"} if at == 1 else row

    return bring(store, exported(tmp_path, change)).left


PLACED = {"place": "Where it was decided", "lat": "north", "claim_lats": "35.9", "claim_lons": "43.1"}


def with_position(store: Store, tmp_path: Path) -> int:
    """No row is left; one comes in at the place of its claim, as that of its event cannot be read."""
    made = bring(store, exported(tmp_path, lambda at, row: row | PLACED if at == 1 else row))
    assert made.number(Fate.UNREAD) == 1
    return made.left


def with_both(store: Store, tmp_path: Path) -> int:
    def change(at: int, row: dict[str, str]) -> dict[str, str]:
        odd: list[dict[str, str]] = [{}, PLACED, {"claim_edtf": "2016; 2017", "claim_titles": "A; B; C"}]
        return row | odd[at]

    made = bring(store, exported(tmp_path, change))
    assert made.number(Fate.UNREAD) == 1
    return made.left


TRIGGERS = {with_actors: 1, with_kinds: 3, with_claims: 1, with_position: 0, with_both: 1}
"""Each with the number of rows that it leaves."""


@pytest.mark.parametrize("before", [False, True], ids=["now", "before"])
@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda each: each.__name__)
def test_redo_gives_the_same_rows_whatever_was_left(
    store: Store, tmp_path: Path, trigger: Any, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``before``: the rows that were left are not noted in the record, as imports did not once."""
    empty = counts(store), rows(store, "SELECT name FROM kind ORDER BY id")
    with monkeypatch.context() as patched:
        if before:
            patched.setattr(RowRanges, "add", lambda _self, _number: None)
        assert trigger(store, tmp_path) == TRIGGERS[trigger]
    after = everything(store)
    unused = "SELECT name FROM place WHERE id NOT IN (SELECT place_id FROM claim WHERE place_id IS NOT NULL)"
    assert rows(store, unused) == []
    sound(store)
    for _ in range(2):
        assert store.undo() is not None
        assert (counts(store), rows(store, "SELECT name FROM kind ORDER BY id")) == empty
        assert store.redo() is not None
        assert everything(store) == after
        sound(store)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda each: each.__name__)
def test_only_what_another_program_changed_stays(store: Store, tmp_path: Path, trigger: Any) -> None:
    trigger(store, tmp_path)
    count = counts(store)["event"]
    (last,) = rows(store, "SELECT title FROM event ORDER BY id DESC LIMIT 1")[0]
    store.close()
    with closing(sqlite3.connect(store.path)) as con:
        con.execute("UPDATE claim SET attributed_to = 'by another hand' WHERE title = ?", (last,))
        con.execute("UPDATE event SET title = 'Seen' WHERE id = (SELECT min(id) FROM event)")  # seen when it is opened
        con.commit()
    with closing(Store.open(store.path)) as again:
        while counts(again)["event"] == count:
            assert again.undo() is not None
        assert [row[0] for row in rows(again, "SELECT title FROM event")] == [last]


@pytest.mark.parametrize("other", ["Nobody", "Known"], ids=["not there", "without these rows"])
def test_claims_that_would_rest_on_another_source_are_not_redone(
    store: Store, tmp_path: Path, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that the project has not, or one that has, but not with this table among its documents."""
    bring(store, own(tmp_path, HEADER + LAST, "Known.csv"), KINDS)
    bring(store, exported(tmp_path, lambda _at, row: row))
    after = everything(store)
    store.undo()
    before = everything(store)
    with monkeypatch.context() as patched:
        source = ClaimMaker._source
        patched.setattr(
            ClaimMaker, "_source", lambda self, said: source(self, [text.replace("given", other) for text in said])
        )
        with pytest.raises(EnvironmentFault, match=r"other rows would come of its table.*nothing was changed"):
            store.redo()
    assert everything(store) == before
    sound(store)
    store.redo()
    assert everything(store) == after


@pytest.mark.parametrize("name", ["There", "Group B", "Raid"], ids=["place", "actor", "kind"])
def test_rows_that_would_name_something_else_are_not_redone(
    store: Store, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a version of the program reads a name otherwise than the one that imported it."""
    bring(store, own(tmp_path, HEADER + GOOD + LAST), KINDS)
    after = everything(store)
    store.undo()
    before = everything(store)
    with monkeypatch.context() as other:
        other.setattr("db.importers.tables.rows.clean", lambda text: clean(text).replace(name, "Another"))
        with pytest.raises(EnvironmentFault, match=r"other rows would come of its table.*nothing was changed"):
            store.redo()
    assert everything(store) == before
    sound(store)
    store.redo()
    assert everything(store) == after

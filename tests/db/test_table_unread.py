"""A cell that cannot be read costs its row nothing else: what comes in, what is told, and that it is undone and redone
as any.
"""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from db import edits
from db.exporters import export_events
from db.importers.tables import importer
from db.importers.tables.columns import Fate, Field
from db.importers.tables.dates import DateOrder
from db.importers.tables.known import recognise
from db.importers.tables.mapping import TableMapping
from db.importers.tables.outcome import TableImported
from db.importers.tables.reading import open_table
from db.importers.tables.rows import RowMaker
from db.importers.tables.trial import try_rows
from db.store import Store
from db.values import Stance
from tests.helpers.imported import bring, details, everything, own, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture
OWN = TableMapping(
    "Own",
    {
        Field.TITLE: ("what",), Field.START: ("when",), Field.END: ("until",), Field.PLACE: ("town",),
        Field.LAT: ("lat",), Field.LON: ("lon",), Field.QUANTITY: ("dead",), Field.QUANTITY_LOW: ("low",),
        Field.GRADE: ("trust",), Field.STATUS: ("how",),
    },
)  # fmt: skip
HEADER = "what,when,until,town,lat,lon,dead,low,trust,how\n"
ODD = (
    "Good,2016-11-27,,Here,36.3,43.1,3,1,2,planned\n"
    "Many,2016-11-27,,Here,36.3,43.1,many,1,2,planned\n"
    "Neither,2016-11-27,,Here,36.3,43.1,many,few,2,\n"
    "Graded,2016-11-27,,Here,36.3,43.1,3,,Apple,rumoured\n"
    "Soon,soon,,Here,36.3,43.1,3,,,\n"
    "Backwards,2016-11-27,2016-11-01,Here,36.3,43.1,,,,\n"
    "Ongoing,2016-10-17,ongoing,Here,36.3,43.1,,,,\n"
    "North,2016-11-27,,Elsewhere,north,43.1,,,,\n"
    "Half,2016-11-27,,,36.3,,,,,\n"
    ",soon,,,,,3,,,\n"
)


def unread(made: TableImported) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in made.listed[Fate.UNREAD].rows]


def test_what_cannot_be_read_is_left_out_and_told(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "odd.csv"
    made = bring(store, own(tmp_path, HEADER + ODD), OWN, bad_rows=target)
    assert (made.events, made.left, made.number(Fate.UNREAD), made.number(Fate.UNDATED)) == (9, 1, 8, 0)
    assert unread(made) == [
        (3, "its count “many” is not a number"),
        (4, "its count “many” is not a number; its count “few” is not a number"),
        (5, "its grade “Apple” is none: credibility is a number from 1 to 6; its status “rumoured” is none: there are "
            "reported, planned, predicted, claimed, denied"),
        (6, "the date “soon” cannot be understood; it stands undated"),
        (7, "it ends (2016-11-01) before it begins (2016-11-27); it stands undated"),
        (8, "the end of the date “ongoing” cannot be understood"),
        (9, "its latitude “north” is not a number"),
        (10, "it has a latitude or a longitude without the other"),
    ]  # fmt: skip
    assert [(each.line, each.reason) for each in made.bad] == [(11, "the date “soon” cannot be understood")]
    assert [sentence for _fate, _listed, sentence in made.told()] == [
        "1 row could not be taken",
        "8 rows came in without what cannot be read in them",
    ]
    with target.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert [each[0] for each in written[1:]] == [str(line) for line in range(3, 12)]
    assert written[1][1:3] == ["came in without it: its count “many” is not a number", "Many"]
    assert written[-1][1] == "the date “soon” cannot be understood"
    found = {each.title: each for each in details(store)}
    counted = {name: (each.claims[0].quantity.value, each.claims[0].quantity.low) if each.claims[0].quantity else None
               for name, each in found.items()}  # fmt: skip
    assert (counted["Good"], counted["Many"], counted["Neither"]) == ((3, 1), (None, 1), None)
    assert found["Many"].status == found["Good"].status, "what can be read of the row is taken"
    assert found["Graded"].claims[0].grade.credibility is None
    assert (found["Soon"].when, found["Backwards"].when) == (None, None)
    assert found["Soon"].place is not None
    assert found["Soon"].place.name == "Here"
    assert found["Ongoing"].when is not None
    assert found["Ongoing"].when.edtf == "2016-10-17"
    assert found["Half"].place is None
    assert rows(store, "SELECT name, geom FROM place WHERE name = 'Elsewhere'") == [("Elsewhere", None)]
    sound(store)


def test_undo_and_redo_give_the_same_rows(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 4)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 2)
    bring(store, own(tmp_path, HEADER + ODD), OWN)
    after = everything(store)
    assert store.undo() is not None
    assert rows(store, "SELECT count(*) FROM event") == [(0,)]
    assert store.redo() is not None
    assert everything(store) == after
    sound(store)

    # What another program changed is told from the rest by making the rows again.
    store.close()
    with closing(sqlite3.connect(store.path)) as con:
        con.execute("UPDATE claim SET attributed_to = 'by another hand' WHERE title = 'Ongoing'")
        con.execute("UPDATE event SET title = 'Seen' WHERE title = 'Good'")  # so that it is seen when it is opened
        con.commit()
    again = Store.open(store.path)
    while len(rows(again, "SELECT id FROM event")) == 9:
        change = again.undo()
    assert change is not None
    assert change.note.startswith("1 event has been worked on since and stays, with what they rest on: “Ongoing”")
    again.close()


def test_an_import_of_before_that_left_such_rows_is_redone_as_it_was(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(importer, "RowMaker", partial(RowMaker, strict=True))
        before.setattr(importer, "LENIENT", "nothing")
        made = bring(store, own(tmp_path, HEADER + ODD), OWN)
    assert (made.events, made.left) == (1, 9)
    after = everything(store)
    for _ in range(2):
        store.undo()
        store.redo()
    assert everything(store) == after


def test_of_our_own_export_nothing_is_decided_that_nobody_decided(store: Store, tmp_path: Path) -> None:
    one = "Raid,2016-11-27,,Here,36.3,43.1,3,1,2,planned\n"
    bring(store, own(tmp_path, HEADER + one), OWN)
    with closing(store.reader()) as con:
        export_events(con, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        names, cells = csv.reader(file)
    row = dict(zip(names, cells, strict=True))

    def again(**odd: str) -> list[tuple[object, ...]]:
        store.undo()
        with (tmp_path / "odd.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, list((row | odd).values())])
        made = bring(store, tmp_path / "odd.csv")
        assert (made.events, made.number(Fate.UNREAD)) == (1, 1), odd
        sound(store)
        return rows(
            store, "SELECT c.stance, e.status, e.edtf, (SELECT count(*) FROM decision), c.edtf FROM event e, claim c"
        )

    # Where only the claim can be read it holds; where only the event's can, that was displayed and is kept.
    assert again(status="perhaps") == [("supports", "planned", "2016-11-27", 0, "2016-11-27")]
    assert again(edtf="soon") == [("supports", "planned", "2016-11-27", 0, "2016-11-27")]
    assert again(claim_edtf="soon") == [("supports", "planned", "2016-11-27", 1, None)]
    ((stance, *_shown),) = again(claim_stances="cheers")
    assert stance == Stance.MENTIONS.value, "an unknown stance supports nothing"


def test_a_look_at_the_first_rows_tells_wrong_columns_from_single_cells(tmp_path: Path) -> None:
    table = open_table(own(tmp_path, HEADER + ODD))
    trial = try_rows(table.dialect, OWN, DateOrder.DAY_FIRST)
    assert (trial.tried, trial.left, trial.unread, trial.misdated, trial.undated) == (10, 1, 6, 2, 0)
    assert trial.missing == "its count “many” is not a number"
    assert trial.misdate == "the date “soon” cannot be understood"
    wrong = try_rows(table.dialect, OWN.with_column(Field.START, "town"), DateOrder.DAY_FIRST)
    assert (wrong.left, wrong.misdated) == (1, 8), "a column of names as the date"


DAMAGED: tuple[dict[str, str], ...] = (
    {"edtf": "soon"},
    {},
    {"claim_edtf": "soon"},
    {"edtf": "soon", "claim_edtf": "later"},
    {"edtf": "soon", "claim_edtf": "later", "quantity": "many"},
    {"edtf": "", "claim_edtf": ""},
    {"lat": "north"},
    {"claim_stances": "cheers"},
    {"claim_quantities": "some"},
    {"title": ""},
    {"title": "", "claim_titles": ""},
    {"claim_edtf": "2016; 2017", "claim_titles": "A; B; C"},
    {"claim_published": "some day"},
)


def test_what_is_said_of_the_first_rows_of_our_own_export_comes_true(store: Store, tmp_path: Path) -> None:
    several = "".join(f"Raid {at},2016-11-27,,Here,36.3,43.1,3,1,2,planned\n" for at in range(len(DAMAGED)))
    bring(store, own(tmp_path, HEADER + several), OWN)
    with closing(store.reader()) as con:
        export_events(con, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    store.undo()
    with (tmp_path / "odd.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows([row | odd for row, odd in zip(found, DAMAGED, strict=True)] + [found[1]])
    table = open_table(tmp_path / "odd.csv")
    mapping = recognise(table.dialect.names)
    assert mapping is not None
    trial = try_rows(table.dialect, mapping, DateOrder.DAY_FIRST)
    made = bring(store, tmp_path / "odd.csv")
    told = [reason for _line, reason in unread(made)]
    undated = [each for each in told if each.endswith("; it stands undated")]
    assert (trial.tried, trial.left, trial.repeated) == (14, made.left, made.number(Fate.REPEATED)) == (14, 1, 1)
    assert trial.reason == made.bad[0].reason == "its columns of claims do not agree: they say 1 and 3 things"
    assert (trial.undated, trial.untitled) == (made.number(Fate.UNDATED), made.number(Fate.UNTITLED)) == (1, 1)
    # One of the two with unreadable dates lacks its count, too.
    assert (trial.misdated, trial.unread) == (len(undated), len(told) - len(undated) + 1) == (2, 7)
    assert trial.misdate == "the date “soon” cannot be understood"
    assert trial.missing == told[0] == "the date “soon” cannot be understood"
    with closing(store.reader()) as con:
        assert con.execute("SELECT count(*) FROM event WHERE edtf IS NULL").fetchone() == (3,)
        assert con.execute("SELECT count(*) FROM event WHERE title = 'Event at Here'").fetchone() == (1,)
    whole = [found[1], found[1] | {"uid": found[11]["uid"]}]
    with (tmp_path / "next.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows([found[11] | DAMAGED[11], *whole, whole[1]])
    trial_of_next = try_rows(open_table(tmp_path / "next.csv").dialect, mapping, DateOrder.DAY_FIRST)
    assert (trial_of_next.left, trial_of_next.repeated) == (1, 1), "a row that is left stands in nobody's way"
    made = bring(store, tmp_path / "next.csv")
    assert (made.events, made.left, made.number(Fate.REPEATED, Fate.SAME)) == (1, 1, 2)
    first = details(store)[0]
    assert first.when is not None
    assert trial.when is not None
    assert (trial.title, trial.when.edtf, trial.place) == (first.title, first.when.edtf, "Here")


def test_a_corrected_row_is_told_when_it_comes_again(store: Store, tmp_path: Path) -> None:
    mapping = OWN.with_column(Field.ID, "until").with_column(Field.END)
    bring(store, own(tmp_path, HEADER + "Raid,soon,7,,,,many,,,\n"), mapping)
    with store.step("Retitle") as session:
        edits.set_event_title(session, 1, "Known by now")
    extra = "Raid,2016,7,,,,4,,,\nNew,2016,8,,,,,,,\n"
    made = bring(store, own(tmp_path, HEADER + extra, "next.csv"), mapping)
    assert (made.events, made.number(Fate.CHANGED)) == (1, 1)
    assert "dead is “4”, was “many”, when is “2016”, was “soon”" in made.listed[Fate.CHANGED].rows[0].reason

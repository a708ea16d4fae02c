"""Rows that came in before are passed over by their ids, those that differ are named, and what a row lacks is told."""

from __future__ import annotations

import csv
from contextlib import closing
from pathlib import Path

import pytest

from db import edits, queries
from db.errors import EnvironmentFault
from db.importers.tables import came_in
from db.importers.tables.columns import Fate, Field
from db.importers.tables.dates import DateOrder
from db.importers.tables.importer import About
from db.importers.tables.known import recognise
from db.importers.tables.mapping import TableMapping
from db.importers.tables.outcome import NothingNew
from db.importers.tables.reading import open_table
from db.importers.tables.trial import try_rows
from db.kept.tables import RowRanges
from db.store import Store
from tests.helpers import tables
from tests.helpers.imported import bring, counts, everything, own, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture
SAME, CHANGED, REPEATED, LEFT = Fate.SAME, Fate.CHANGED, Fate.REPEATED, Fate.LEFT
DESK = TableMapping(
    "Desk", {Field.ID: ("nr",), Field.TITLE: ("what",), Field.START: ("when",), Field.QUANTITY: ("dead",)}
)


def acled(path: Path, count: int, first: int = 0, **changed: str) -> Path:
    """Rows as ACLED has them, from ``first`` on, some with other fatalities."""
    found = list(tables.acled_rows(count, towns=9, groups=5))[first:]
    for row in found:
        row[tables.ACLED.index("fatalities")] = changed.get(row[0], row[tables.ACLED.index("fatalities")])
    return tables.write(path, iter(found), tables.ACLED)


def told(made: object) -> dict[Fate, int]:
    return {fate: listed.count for fate, listed in made.listed.items()}  # type: ignore[attr-defined]


def lines(made: object, fate: Fate) -> list[int]:
    return [each.line for each in made.listed[fate].rows]  # type: ignore[attr-defined]


def desk(tmp_path: Path, name: str, *given: str) -> Path:
    return own(tmp_path, "\n".join(("nr,what,when,dead", *given, "")), name)


def test_the_trial_foresees_which_rows_repeat_an_id(store: Store, tmp_path: Path) -> None:
    given = ("1,A,2016,", "1,Again,2017,", ",Without,2016,", ",Other,2016,", "2,,,", " 2 ,B,2016,", "2,B,2016,", "3")
    path = desk(tmp_path, "t.csv", *given)
    trial = try_rows(open_table(path).dialect, DESK, DateOrder.DAY_FIRST)
    made = bring(store, path, DESK)
    assert (trial.tried, trial.left, trial.repeated) == (8, made.left, made.number(REPEATED)) == (8, 2, 2)
    assert made.events == trial.tried - trial.left - trial.repeated
    without = DESK.with_column(Field.ID)
    assert try_rows(open_table(path).dialect, without, DateOrder.DAY_FIRST).repeated == 0
    by_uid = without.with_column(Field.UID, "nr")
    assert try_rows(open_table(path).dialect, by_uid, DateOrder.DAY_FIRST).repeated == 2


def test_the_next_months_file_brings_only_what_is_new(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(came_in, "GATHERED", 40)  # of the rows of the same file, too, only some are kept loose
    monkeypatch.setattr(came_in, "TOLD", 30)
    monkeypatch.setattr(came_in, "DETAILED", 1)
    bring(store, acled(tmp_path / "january.csv", 100))
    with store.step("Work on it") as session:
        edits.delete_events(session, [1, 2])  # a deleted event does not come back
        edits.set_event_title(session, 5, "Ours")
    sql = "SELECT e.title, c.quantity_value FROM event AS e JOIN claim AS c ON c.event_id = e.id WHERE e.id = 5"
    ours = rows(store, sql)
    before = everything(store)
    target = tmp_path / "left.csv"
    newer = acled(tmp_path / "february.csv", 130, 3, TST4="77", TST40="78", TST120="79")
    made = bring(store, newer, bad_rows=target)
    assert (made.events, told(made)) == (30, {SAME: 95, CHANGED: 2})
    assert [(each.line, each.reason) for each in made.listed[CHANGED].rows] == [
        (3, "its event_id_cnty TST4 came in before, but differs now: fatalities is “77”, was “0”"),
        (39, "its event_id_cnty TST40 came in before, but differs now"),
    ]
    assert made.listed[SAME].rows[0].reason == "its event_id_cnty TST3 came in before"
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["line", "3", "39"]
    assert rows(store, sql) == ours, "what is in the project is left as it is"
    assert counts(store)["event"] == 128
    sound(store)

    # Undone and redone the same rows come, without those that were passed over.
    after = everything(store)
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after
    sound(store)

    # What differed last month differs as long as the project holds the older value; what is undone was never there.
    third = bring(store, acled(tmp_path / "march.csv", 131, 0, TST4="77", TST40="0", TST120="0"))
    assert (third.events, told(third)) == (1, {SAME: 128, CHANGED: 2})
    assert [(each.line, each.reason.partition(": ")[2]) for each in third.listed[CHANGED].rows] == [
        (6, "fatalities is “77”, was “0”"),
        (122, ""),
    ]
    store.undo()
    store.undo()
    fourth = bring(store, acled(tmp_path / "april.csv", 110))
    assert (fourth.events, told(fourth)) == (10, {SAME: 100})
    sound(store)


@pytest.mark.parametrize("name", ["ucdp", "gdelt"])
def test_other_known_sets_have_ids_too(store: Store, tmp_path: Path, name: str) -> None:
    def write(path: Path, count: int) -> Path:
        if name == "ucdp":
            return tables.write(path, tables.ucdp_rows(count), tables.UCDP)
        return tables.write(path, tables.gdelt_rows(count), None, "\t")

    bring(store, write(tmp_path / "one.export.CSV", 20))
    made = bring(store, write(tmp_path / "two.export.CSV", 23))
    assert (made.events, told(made)) == (3, {SAME: 20})
    older = [*(each for each in tables.ACLED if each != "event_id_cnty"), "data_id"]
    found = recognise(older)
    assert found is not None
    assert found.columns[Field.ID] == ("data_id",)


def test_ids_are_a_publishers_own(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", "1,Raid,2016,3"), DESK, About(publisher="Desk  A"))
    other = bring(store, desk(tmp_path, "b.csv", "1,Raid,2016,3", "2,Fire,2016,"), DESK, About(publisher="Desk B"))
    assert (other.events, told(other)) == (2, {})
    same = bring(store, desk(tmp_path, "c.csv", "3,Flood,2016,", "1,Raid,2016,3"), DESK, About(publisher="desk a"))
    assert (same.events, told(same)) == (1, {SAME: 1})
    # Where one of two does not say whose it is, the same columns go together; a table without an id is not compared.
    nobody = bring(store, desk(tmp_path, "d.csv", "1,Raid,2016,4", "8,Mine,2016,"), DESK)
    assert (nobody.events, told(nobody)) == (1, {CHANGED: 1})
    again = bring(store, desk(tmp_path, "e.csv", "8,Mine,2016,", "9,New,2016,"), DESK)
    assert (again.events, told(again)) == (1, {SAME: 1})
    named = bring(store, desk(tmp_path, "h.csv", "9,New,2016,", "10,Last,2016,"), DESK, About(publisher="Desk C"))
    assert (named.events, told(named)) == (1, {SAME: 1})
    text = (tmp_path / "e.csv").read_text("utf-8").replace("nr,what", "nr,about,what").replace(",Mine", ",x,Mine")
    wider = bring(store, own(tmp_path, text.replace(",New", ",x,New"), "f.csv"), DESK)
    assert (wider.events, told(wider)) == (2, {})
    without = DESK.with_column(Field.ID)
    assert bring(store, desk(tmp_path, "g.csv", "1,Raid,2016,4", "1,Raid,2016,5"), without).events == 2
    sound(store)


def test_another_table_of_the_same_publisher_is_another(store: Store, tmp_path: Path) -> None:
    """Each is numbered from 1, and the ids stand under the same name: what makes the events is what counts."""
    un = About(publisher="UN")
    raids = TableMapping("Raids", {Field.ID: ("id",), Field.TITLE: ("what",), Field.START: ("when",)})
    mines = TableMapping("Mines", {Field.ID: ("id",), Field.TITLE: ("name",), Field.START: ("day",)})
    bring(store, own(tmp_path, "id,what,when\n1,A,2016\n2,B,2016\n", "raids.csv"), raids, un)
    other = bring(store, own(tmp_path, "id,name,day\n1,Mine,2017\n2,Sea,2017\n3,New,2017\n", "mines.csv"), mines, un)
    assert (other.events, told(other)) == (3, {})
    # One column of the same name is not enough; a table of the same that says more, or less, is the same.
    floods = TableMapping("Floods", {Field.ID: ("id",), Field.TITLE: ("river",), Field.START: ("day",)})
    some = bring(store, own(tmp_path, "id,river,day\n1,Tigris,2018\n", "floods.csv"), floods, un)
    assert (some.events, told(some)) == (1, {})
    more = raids.with_column(Field.PLACE, "town")
    text = "id,what,when,town\n1,A,2016,Here\n3,C,2016,There\n"
    wider = bring(store, own(tmp_path, text, "wider.csv"), more, un)
    assert (wider.events, told(wider)) == (1, {SAME: 1})
    less = bring(store, own(tmp_path, "id,what,when\n3,C,2016\n4,D,2016\n", "less.csv"), raids, un)
    assert (less.events, told(less)) == (1, {SAME: 1})
    # Codes of precision are known to many; whose table it is they do not say.
    coded = TableMapping("Coded", {Field.ID: ("id",), Field.TITLE: ("act",)}, codebook="acled")
    act = bring(store, own(tmp_path, "id,act\n1,A\n", "act.csv"), coded, un)
    deed = bring(store, own(tmp_path, "id,deed\n1,B\n", "deed.csv"), coded.with_column(Field.TITLE, "deed"), un)
    assert (act.events, deed.events) == (1, 1)


def test_repeats_bad_rows_and_rows_without_an_id(store: Store, tmp_path: Path) -> None:
    first = bring(
        store,
        desk(tmp_path, "a.csv", "7,,soon,3", "7,Raid,2016,3", ",Fire,2016,", " 7 ,Other,2017,", ",Fire,2016,"),
        DESK,
    )
    assert (first.events, told(first)) == (3, {LEFT: 1, REPEATED: 1})
    assert (lines(first, LEFT), lines(first, REPEATED)) == ([2], [5])
    assert first.listed[REPEATED].rows[0].reason == "its nr “7” is that of line 3"
    bring(store, desk(tmp_path, "b.csv", "8,,never,3", "9,Flood,2016,"), DESK)
    mended = bring(store, desk(tmp_path, "c.csv", "8,Late,2018,3", "9,Flood,2016,"), DESK)
    assert (mended.events, told(mended)) == (1, {SAME: 1}), "a row that was bad comes in when it is mended"
    later = bring(store, desk(tmp_path, "d.csv", "7,Raid,2016,3", "10,Storm,2016,"), DESK)
    assert (later.events, told(later)) == (1, {SAME: 1}), "a bad row before the one that came in does not hide it"
    sound(store)


def test_a_table_without_anything_new_is_told_and_listed(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", "1,Raid,2016,3", "2,Fire,2016,"), DESK)
    before = everything(store)
    with pytest.raises(NothingNew) as caught:
        bring(store, desk(tmp_path, "b.csv", "2,Fire,2016,", "1,Raid,2016,4"), DESK)
    said = "b.csv has no new row: 2 rows came in before, 1 of them with other values. Nothing was written."
    assert str(caught.value) == said
    assert lines(caught.value.imported, CHANGED) == [3]
    assert everything(store) == before
    sound(store)


def test_an_earlier_table_that_is_damaged_is_named(store: Store, tmp_path: Path) -> None:
    bring(store, desk(tmp_path, "a.csv", "1,Raid,2016,3"), DESK, About("First table"))
    with store.step("Damage") as session:
        session.connection().exec_driver_sql(
            "DELETE FROM content WHERE sha256 NOT IN (SELECT text_sha256 FROM document)"
        )
    with pytest.raises(EnvironmentFault, match="cannot be told: the table of “First table” is damaged"):
        bring(store, desk(tmp_path, "b.csv", "1,Raid,2016,3", "2,Fire,2016,"), DESK)
    again = bring(store, desk(tmp_path, "b.csv", "1,Raid,2016,3", "2,Fire,2016,"), DESK.with_column(Field.ID))
    assert (again.events, told(again)) == (1, {SAME: 1}), "by its cells, whose hash its quote keeps"


def test_rows_without_a_date_or_a_title_go_in_and_are_told(store: Store, tmp_path: Path) -> None:
    made = bring(store, desk(tmp_path, "a.csv", "1,Raid,,3", "2,,2016,4", "3,,soon,", "4,Fire,2016,"), DESK)
    assert (made.events, told(made)) == (3, {Fate.UNDATED: 1, LEFT: 1, Fate.UNTITLED: 1})
    assert (lines(made, Fate.UNDATED), lines(made, Fate.UNTITLED)) == ([2], [3])
    assert [sentence for _fate, _listed, sentence in made.told()] == [
        "1 row could not be taken",
        "1 row has no date: it stands undated",
        "1 row has no title: it is called by kind and place",
    ]
    assert made.listed[Fate.UNDATED].rows[0].reason == "1 · Raid"
    untitled = bring(store, own(tmp_path, "when,where\n2016,A\n2017,B\n", "b.csv"))
    assert told(untitled) == {}, "where no column is the title, that is said beforehand"
    with closing(store.reader()) as con:
        assert queries.info(con)["events"] == 5


def test_runs_of_rows() -> None:
    runs = RowRanges()
    for number in (2, 3, 4, 9, 11, 12):
        runs.add(number)
    again = RowRanges(runs.to_bytes())
    assert [number for number in range(15) if number in again] == [2, 3, 4, 9, 11, 12]
    assert runs.to_bytes() == b"[2,4,9,9,11,12]"
    assert RowRanges().to_bytes() == b""
    assert 1 not in RowRanges(b"")

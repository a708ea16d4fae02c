"""Rows that the publisher has corrected are taken over: their events change, but for those worked on, as one step."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from db import edits, queries
from db.errors import EnvironmentFault, InputFault
from db.importers.tables import corrected
from db.importers.tables.columns import Fate, Field
from db.importers.tables.corrected import TakenOver, take_over
from db.importers.tables.dates import DateOrder
from db.importers.tables.importer import About, import_table
from db.importers.tables.known import recognise
from db.importers.tables.mapping import TableMapping, guess
from db.importers.tables.outcome import NothingNew, TableImported
from db.importers.tables.reading import open_table
from db.search import search
from db.store import Store
from db.values import RefKind
from tests.helpers import tables
from tests.helpers.imported import bring, everything, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture
SHOWN = (
    "SELECT e.title, e.edtf, p.name, k.name, c.quantity_value, s.title, e.claim_count, e.quote_count, "
    "(SELECT group_concat(name, '|') FROM (SELECT a.name FROM claim_actor AS ca JOIN actor AS a ON a.id = ca.actor_id "
    "WHERE ca.claim_id = c.id ORDER BY ca.id)), q.row_selector FROM event AS e JOIN claim AS c ON c.event_id = e.id "
    "JOIN quote AS q ON q.id = c.quote_id JOIN source AS s ON s.id = c.source_id "
    "LEFT JOIN place AS p ON p.id = e.place_id LEFT JOIN kind AS k ON k.id = e.kind_id WHERE e.id = ?"
)


def acled(path: Path, count: int, first: int = 0, **changed: dict[str, str]) -> Path:
    """Rows as ACLED has them, from ``first`` on, some with other cells."""
    found = list(tables.acled_rows(count, towns=9, groups=5))[first:]
    for row in found:
        for name, cell in changed.get(row[0], {}).items():
            row[tables.ACLED.index(name)] = cell
    return tables.write(path, iter(found), tables.ACLED)


def taken_over(store: Store, path: Path, **named: object) -> tuple[TableImported, TakenOver]:
    """Bring a newer table in, and take over what it corrects."""
    table = open_table(path)
    mapping = recognise(table.dialect.names) or guess(table.dialect.names)
    try:
        imported = import_table(store, table, mapping)
    except NothingNew as nothing:
        imported = nothing.imported
    return imported, take_over(store, table, mapping, None, imported, **named)  # type: ignore[arg-type]


CORRECTED = {
    "fatalities": "88", "event_date": "2017-03-04", "location": "Elsewhere", "latitude": "10.5", "longitude": "20.25",
    "event_type": "Something new", "actor1": "A newcomer", "sub_event_type": "Ambush",
    "notes": "The zeppelin came down",
}  # fmt: skip


def test_what_a_newer_table_corrects_is_taken_over_as_one_step(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrected, "AT_ONCE", 2)
    bring(store, acled(tmp_path / "january.csv", 40))
    worked_on, decided, renamed, gone, actor = 6, 8, 10, 12, 14  # rows TST5, TST7, TST9, TST11, TST13
    with store.step("Work on it") as session:
        edits.set_event_title(session, decided, "Ours")
        session.connection().exec_driver_sql("UPDATE event SET tags = '[\"mine\"]' WHERE id = ?", (worked_on,))
        edits.delete_events(session, [gone])
        edits.add_event_actor(session, actor, "Somebody")
        # Another name for a kind is no work on its events.
        session.connection().exec_driver_sql(
            "UPDATE kind SET name = 'Renamed' WHERE id = (SELECT kind_id FROM event WHERE id = ?)", (renamed,)
        )
    kind = rows(store, "SELECT kind_id FROM event WHERE id = ?", renamed)
    untouched = rows(store, SHOWN, 20)
    newer = acled(
        tmp_path / "february.csv", 45,
        TST1=CORRECTED, TST5={"fatalities": "55"}, TST7={"fatalities": "77"}, TST9={"fatalities": "99"},
        TST11={"fatalities": "11"}, TST13={"fatalities": "13"}, TST15={"event_date": "soon"},
    )  # fmt: skip
    table = open_table(newer)
    mapping = recognise(table.dialect.names)
    assert mapping is not None
    imported = import_table(store, table, mapping)
    assert (imported.events, imported.number(Fate.CHANGED), len(imported.corrections)) == (5, 7, 7)
    before = everything(store)
    heard: list[tuple[int, int]] = []
    taken = take_over(store, table, mapping, None, imported, lambda done, total: heard.append((done, total)))
    assert heard == [(0, 7), (2, 7), (4, 7), (6, 7), (7, 7)]
    assert (taken.count, taken.left.count) == (2, 5)
    title = "SELECT title FROM event WHERE id = ?"
    stays = "has been worked on since and stays as it is"
    assert [(each.line, each.reason) for each in taken.left.rows] == [
        (7, f"“{rows(store, title, worked_on)[0][0]}” {stays}"),
        (9, f"“Ours” {stays}"),
        (13, "its event is no longer in the project"),
        (15, f"“{rows(store, title, actor)[0][0]}” {stays}"),
        (17, "it cannot be taken: the date “soon” cannot be understood"),
    ]
    assert store.undo_label == "Take over 7 corrected rows of february.csv"
    ((title, day, place, kind_name, dead, source, claims, quotes, who, row),) = rows(store, SHOWN, 2)
    assert (title, day, place, kind_name, dead) == ("Ambush, Elsewhere", "2017-03-04", "Elsewhere", "Something new", 88)
    assert (source, claims, quotes, row) == ("february", 1, 1, "row=3")
    assert who.split("|")[0] == "A newcomer"
    assert rows(store, "SELECT geom FROM place WHERE name = 'Elsewhere'") != []
    assert rows(store, SHOWN, 20) == untouched
    assert rows(store, SHOWN, renamed)[0][4:6] == (99, "february")
    assert rows(store, "SELECT kind_id FROM event WHERE id = ?", renamed) == kind
    with closing(store.reader()) as con:
        assert (RefKind.EVENT, 2) in {(hit.kind, hit.id) for hit in search(con, "Ambush Elsewhere", 9)}
        (hit,) = queries.rows_saying(con, "zeppelin came", 5)
        shown = queries.table_row(con, hit.id)
        assert shown is not None
        assert "The zeppelin came down" in shown.cells
        old = list(tables.acled_rows(2, towns=9, groups=5))[1][tables.ACLED.index("notes")]
        assert all(hit.id != 2 for hit in queries.rows_saying(con, old, 50)), "the old passage is not found any more"
    sound(store)
    after = everything(store)
    store.undo()
    assert everything(store) == before
    sound(store)
    store.redo()
    assert everything(store) == after
    sound(store)

    # The next file is compared with what was taken over, which can be corrected again.
    third = acled(tmp_path / "march.csv", 45, TST1=CORRECTED | {"fatalities": "90"}, TST9={"fatalities": "99"})
    imported, taken = taken_over(store, third)
    assert imported.number(Fate.CHANGED) == 1
    assert (taken.count, taken.left.count) == (1, 0)
    assert rows(store, SHOWN, 2)[0][4:6] == (90, "march")
    sound(store)
    for _step in range(2):
        store.undo()
    store.undo()
    store.undo()
    store.undo()
    assert rows(store, "SELECT count(*) FROM event") == [(0,)]
    sound(store)


def test_a_table_without_a_new_row_is_kept_with_its_corrections(store: Store, tmp_path: Path) -> None:
    bring(store, acled(tmp_path / "january.csv", 10))
    before = everything(store)
    imported, taken = taken_over(store, acled(tmp_path / "february.csv", 10, TST3={"fatalities": "33"}))
    assert (imported.events, taken.count) == (0, 1)
    assert rows(store, SHOWN, 4)[0][4:6] == (33, "february")
    assert rows(store, "SELECT count(*) FROM event") == [(10,)]
    sound(store)
    # What came in is known by both tables: of the next one only its news count.
    with pytest.raises(NothingNew) as same:
        bring(store, acled(tmp_path / "march.csv", 10, TST3={"fatalities": "33", "region": "not used"}))
    assert same.value.imported.number(Fate.SAME) == 10
    store.undo()
    assert everything(store) == before
    store.redo()
    assert rows(store, SHOWN, 4)[0][4:6] == (33, "february")
    sound(store)


@pytest.mark.parametrize("name", ["ucdp", "gdelt"])
def test_corrections_of_other_known_sets(store: Store, tmp_path: Path, name: str) -> None:
    def write(path: Path, **cells: str) -> Path:
        header = tables.UCDP if name == "ucdp" else None
        names = header or tables.GDELT_2
        found = list((tables.ucdp_rows if name == "ucdp" else tables.gdelt_rows)(12))
        for column, cell in cells.items():
            found[4][names.index(column)] = cell
        return tables.write(path, iter(found), header, "," if header else "\t")

    bring(store, write(tmp_path / "one.export.CSV"))
    changes = (
        {"best": "7", "side_b": "Other side"} if name == "ucdp" else {"Actor1Name": "OTHER", "SQLDATE": "20170102"}
    )
    imported, taken = taken_over(store, write(tmp_path / "two.export.CSV", **changes))
    assert (imported.number(Fate.CHANGED), taken.count) == (1, 1)
    shown = rows(store, SHOWN, 5)[0]
    if name == "ucdp":
        assert (shown[4], shown[8].split("|")[1]) == (7, "Other side")
    else:
        assert (shown[1], shown[8].split("|")[0]) == ("2017-01-02", "OTHER")
    sound(store)


def test_stopped_or_refused_nothing_is_changed(store: Store, tmp_path: Path) -> None:
    bring(store, acled(tmp_path / "january.csv", 10))
    newer = acled(tmp_path / "february.csv", 10, TST3={"fatalities": "33"})
    before = everything(store)

    class Stop(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done:
            raise Stop

    with pytest.raises(Stop):
        taken_over(store, newer, report=stop)
    assert everything(store) == before
    with store.step("Work on it") as session:
        edits.set_event_title(session, 4, "Ours")
    before = everything(store)
    with pytest.raises(InputFault, match=r"No corrected row of february.csv can be taken over\. Line 5: “Ours” has"):
        taken_over(store, newer)
    assert everything(store) == before
    store.undo()
    # A file that has become another one meanwhile is not taken for the one that was looked at.
    table = open_table(newer)
    mapping = recognise(table.dialect.names)
    assert mapping is not None
    with pytest.raises(NothingNew) as nothing:
        import_table(store, table, mapping)
    acled(newer, 10, TST3={"fatalities": "34"})
    with pytest.raises(EnvironmentFault, match="was changed since it was looked at"):
        take_over(store, table, mapping, None, nothing.value.imported)
    sound(store)


def test_own_tables_and_dates_in_either_order(store: Store, tmp_path: Path) -> None:
    mapping = TableMapping("Desk", {Field.ID: ("nr",), Field.TITLE: ("what",), Field.START: ("when",)})
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("nr,what,when\n1,Raid,3/4/2016\n2,Fire,5/6/2016\n", "utf-8")
    second.write_text("nr,what,when\n1,Raid,2016-03-04\n2,Blaze,2016-05-06\n3,New,2016\n", "utf-8")
    import_table(store, open_table(first), mapping, About(order=DateOrder.MONTH_FIRST))
    table = open_table(second)
    imported = import_table(store, table, mapping)
    assert len(imported.corrections) == 2
    taken = take_over(store, table, mapping, None, imported)
    assert (taken.count, taken.left.count) == (2, 0), "what was read month first is not taken for work on it"
    assert [row[:2] for each in (1, 2) for row in rows(store, SHOWN, each)] == [
        ("Raid", "2016-03-04"),
        ("Blaze", "2016-05-06"),
    ]
    sound(store)

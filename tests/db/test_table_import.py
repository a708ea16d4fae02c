"""A table coming in: what becomes of its rows, in one step, and that they display what would be derived of them."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing

import pytest

from db import checks, edits, queries
from db.displayed import DERIVED_COLUMNS, derived_values, displayed_events
from db.errors import EnvironmentFault, InputFault
from db.importers.tables.codebooks import UCDP
from db.importers.tables.columns import Field
from db.importers.tables.importer import About, import_table
from db.importers.tables.known import recognise
from db.importers.tables.mapping import TableMapping, guess
from db.importers.tables.reading import Asked, open_table
from db.queries.sources import document_bytes
from db.search import search
from db.store import Store
from db.templates import new_project
from db.values import DocumentRole, RefKind
from tests.helpers import tables

HEADER = "when,until,what,town,lat,lon,who,said,trust,remark\n"
MAPPING = TableMapping(
    "Own",
    {
        Field.START: ("when",), Field.END: ("until",), Field.TITLE: ("what",), Field.PLACE: ("town",),
        Field.LAT: ("lat",), Field.LON: ("lon",), Field.ACTOR: ("who",), Field.SOURCE: ("said",),
        Field.GRADE: ("trust",), Field.QUOTE: ("remark",),
    },
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    new_project(tmp_path / "project.gpkg", "Tables")
    made = Store.open(tmp_path / "project.gpkg")
    yield made
    made.close()


def bring(store, path, mapping=None, about=None, **named):
    table = open_table(path, named.pop("asked", None))
    names = table.dialect.names
    return import_table(store, table, mapping or recognise(names) or guess(names), about, **named)


def own(tmp_path, text, name="own.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(store, sql, *parameters):
    with closing(store.reader()) as con:
        return con.execute(sql, parameters).fetchall()


def details(store):
    """Every event as it is shown, by its title."""
    with closing(store.reader()) as con:
        ids = [row[0] for row in con.execute("SELECT id FROM event ORDER BY id").fetchall()]
        return [queries.event_detail(con, each) for each in ids]


def counts(store):
    names = ("event", "claim", "quote", "claim_actor", "place", "actor", "kind", "source", "document", "search_text")
    return {name: rows(store, f"SELECT count(*) FROM {name}")[0][0] for name in names}


def sound(store, *, checked=True):
    """Nothing points at nothing, the search index agrees with the tables, what is displayed is what is derived."""
    with closing(store.reader()) as con:
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert con.execute("SELECT key FROM app_meta WHERE key GLOB 'bulk/*'").fetchall() == []
        stored = con.execute(f"SELECT id, {', '.join(DERIVED_COLUMNS)} FROM event").fetchall()
        shown = displayed_events(con, [row[0] for row in stored])
        assert {row[0]: tuple(row[1:]) for row in stored} == {k: derived_values(v) for k, v in shown.items()}
        indexed = con.execute("SELECT count(*) FROM search_text WHERE id % 8 = 1").fetchone()[0]
        assert indexed == len(stored)
        assert not checked or checks.check(con).sound
    with closing(sqlite3.connect(store.path)) as con:
        con.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
        con.rollback()


def test_a_row_becomes_an_event_with_a_claim_that_rests_on_it(store, tmp_path):
    text = HEADER + '2016-11-27,,Bridge blown,Old Bridge,36.34,43.13,Group A; Group B,Herald,2,"It fell\nat dawn"\n'
    made = bring(store, own(tmp_path, text), MAPPING, About("Our table", "Us", "2017-01"))
    (event,) = details(store)
    assert (event.title, event.when.edtf, event.place.name) == ("Bridge blown", "2016-11-27", "Old Bridge")
    (claim,) = event.claims
    assert [actor.name for actor in claim.actors] == ["Group A", "Group B"]
    assert (claim.attributed_to, claim.grade.credibility, claim.source_title) == ("Herald", 2, "Our table")
    assert (claim.document_role, claim.quote.selector, claim.quote.row_selector) == (DocumentRole.TABLE, "row", "row=2")
    assert claim.quote.exact is None  # the words stay in the table
    with closing(store.reader()) as con:
        row = queries.table_row(con, claim.quote.id)
        (source,) = queries.sources(con)
        assert [hit.id for hit in search(con, "bridge blow") if hit.kind is RefKind.EVENT] == [event.id]
    assert row.columns == tuple(HEADER.strip().split(","))
    assert row.cells[-1] == "It fell\nat dawn"
    assert row.columns[row.passage] == "remark"
    assert (source.publisher, source.published, source.uid) == ("Us", "2017-01", made.source.uid)
    assert (made.events, made.left, made.places, made.actors, made.kinds) == (1, 0, 1, 2, 0)
    sound(store)


def test_the_file_is_kept_as_it_came(store, tmp_path):
    path = tables.acled(tmp_path / "events.csv", 3000, towns=40)
    bring(store, path)
    with closing(store.reader()) as con:
        (source,) = queries.sources(con)
        (document,) = source.documents
        assert document_bytes(con, document.id) == path.read_bytes()
        assert (document.file_name, document.media_type, document.has_text) == ("events.csv", "text/csv", False)
        assert queries.document_text(con, document.id) is None
    sound(store)


def test_acled_rows(store, tmp_path):
    path = tables.acled(tmp_path / "events.csv", 400, towns=20, groups=9)
    made = bring(store, path)
    with path.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    shown = details(store)
    assert made.events == len(shown) == 400
    for row, event in zip(given, shown, strict=True):
        assert event.title == f"{row['sub_event_type']}, {row['location']}"
        assert event.kind.name == row["event_type"]
        first, last = event.when.earliest_start, event.when.latest_end
        days = (last + 1 - first) // 86_400_000
        if row["time_precision"] == "1":
            assert event.when.edtf == row["event_date"]
        elif row["time_precision"] == "2":
            assert days == 7
        else:
            assert (event.when.edtf, days >= 28) == (row["event_date"][:7], True)
        (claim,) = event.claims
        named = filter(None, (row["actor1"], row["actor2"]))
        assert [actor.name for actor in claim.actors] == list(dict.fromkeys(named))
        assert (claim.quantity.what, claim.quantity.value) == ("people killed", float(row["fatalities"]))
    with closing(store.reader()) as con:
        places = {place.id: place for place in queries.places(con)}
        for row, event in zip(given, shown, strict=True):
            place = places[event.place.id]
            assert (place.lat, place.lon) == (float(row["latitude"]), float(row["longitude"]))
            assert place.radius_m == {"1": 0, "2": 25_000}[row["geo_precision"]]
        sample = [quote.id for event in shown[::37] for claim in event.claims if (quote := claim.quote)]
        for quote_id, row in zip(sample, given[::37], strict=True):
            assert dict(zip(tables.ACLED, queries.table_row(con, quote_id).cells, strict=True)) == row
    sound(store)


def test_ucdp_rows(store, tmp_path):
    path = tables.write(tmp_path / "ged.csv", tables.ucdp_rows(70), tables.UCDP)
    bring(store, path)
    shown = details(store)
    for row, event in zip(tables.ucdp_rows(70), shown, strict=True):
        given = dict(zip(tables.UCDP, row, strict=True))
        first, last = given["date_start"][:10], given["date_end"][:10]
        assert event.when.edtf == (first if given["date_prec"] == "1" else f"[{first}..{last}]")
        assert event.kind.name.endswith("violence")
        claim = event.claims[0]
        assert (claim.quantity.value, claim.quantity.low, claim.quantity.high) == (3, 2, 9)
    with closing(store.reader()) as con:
        radii = {place.radius_m for place in queries.places(con)}
    assert radii == {UCDP.radii[code] for code in "1234567"}
    sound(store)


@pytest.mark.parametrize("second", [True, False])
def test_gdelt_rows(store, tmp_path, second):
    path = tables.write(tmp_path / "x.export.CSV", tables.gdelt_rows(60, second=second), None, "\t")
    made = bring(store, path)
    assert (made.events, made.left) == (60, 0)
    shown = details(store)
    assert {event.kind.name for event in shown} == {"Fighting", "Consultation"}
    assert sum(event.place is None or event.place.name == "" for event in shown) == 0
    with closing(store.reader()) as con:
        row = queries.table_row(con, shown[5].claims[0].quote.id)
    assert (row.number, row.columns[0], row.cells[0]) == (6, "GLOBALEVENTID", "400000005")
    assert shown[5].claims[0].attributed_to == "https://herald.invalid/5"
    sound(store)


def test_it_is_one_step_and_undo_takes_all_of_it(store, tmp_path):
    before, told = counts(store), []
    store.subscribe(told.append)
    bring(store, tables.acled(tmp_path / "events.csv", 500, towns=30))
    assert [change.label for change in told] == ["Import events.csv"]
    assert len(told[0].rows["event"]) == len(told[0].rows["quote"]) == 500
    assert store.undo_label == "Import events.csv"
    change = store.undo()
    assert (counts(store), change.note) == (before, "")
    assert len(change.rows["event"]) == 500
    sound(store)
    bring(store, tmp_path / "events.csv")  # what was undone does not count as there
    assert counts(store)["event"] == 500
    sound(store)


TABLES = ("event", "claim", "quote", "claim_actor", "place", "actor", "kind", "source", "document", "search_text")


def everything(store):
    return {name: rows(store, f"SELECT * FROM {name} ORDER BY id") for name in TABLES}


def test_redo_brings_back_the_same_rows(store, tmp_path, monkeypatch):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 120)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 50)
    bring(store, own(tmp_path, HEADER + "2016,,Raid,Old Bridge,36.34,43.13,Group A,,,\n", "one.csv"), MAPPING)
    text = HEADER + "2016,,No coordinates,Old Bridge,,,Group A;B,,,\nsoon,,bad,Lost,1,1,Nobody,,,\n"
    text += "".join(
        f"2016-{n % 12 + 1:02d},,Raid {n},Old Bridge,36.{n % 7},43.1,Group {n % 5},Herald,{n % 6 + 1},\n"
        for n in range(400)
    )
    bring(store, own(tmp_path, text + "2016,,Last,Town 9,,,,,,\n"), MAPPING)
    with store.step("Rename") as session:
        edits.set_event_title(session, rows(store, "SELECT max(id) FROM event")[0][0], "Renamed")
    after = everything(store)
    for _ in range(2):
        assert [store.undo().label, store.undo().label] == ["Rename", "Import own.csv"]
        sound(store)
        assert [store.redo().label, store.redo().label] == ["Import own.csv", "Rename"]
        assert everything(store) == after
        sound(store)
    store.close()
    again = Store.open(store.path)
    assert [again.undo().label, again.undo().label, again.undo().label] == [
        "Rename",
        "Import own.csv",
        "Import one.csv",
    ]
    assert counts(again)["event"] == 0
    sound(again)
    assert again.redo().label == "Import one.csv"
    assert again.redo().label == "Import own.csv"
    assert again.redo().label == "Rename"
    assert everything(again) == after
    again.close()


def test_a_redo_that_cannot_be_leaves_all_as_it_was(store, tmp_path):
    bring(store, tables.acled(tmp_path / "events.csv", 300, towns=9))
    store.undo()
    before = everything(store)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        body = con.execute("SELECT id, body FROM content ORDER BY length(body) DESC").fetchone()
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        con.execute("UPDATE content SET body = ? WHERE id = ?", (body[1][:-9], body[0]))
    again = Store.open(store.path)
    while again.undo_label == "Edited outside":
        again.undo()
    if again.redo_label == "Import events.csv":
        with pytest.raises(EnvironmentFault, match="damaged"):
            again.redo()
    assert everything(again) == before
    sound(again, checked=False)
    again.close()


def test_undo_after_opening_again(store, tmp_path):
    before = counts(store)
    bring(store, tables.acled(tmp_path / "events.csv", 50))
    with store.step("Rename") as session:
        session.connection().exec_driver_sql("UPDATE claim SET title = 'x' WHERE id = (SELECT min(id) FROM claim)")
    store.close()
    again = Store.open(store.path)
    assert again.undo().label == "Rename"
    assert again.undo().note == ""
    assert counts(again) == before
    sound(again)
    again.close()


def test_the_same_table_twice_is_refused(store, tmp_path):
    path = tables.acled(tmp_path / "events.csv", 30)
    bring(store, path)
    before = counts(store)
    again = tmp_path / "renamed.csv"
    again.write_bytes(path.read_bytes())
    with pytest.raises(InputFault, match="is in the project already: it is the table of “events”"):
        bring(store, again)
    assert counts(store) == before
    assert store.undo_label == "Import events.csv"


def test_places_actors_and_kinds_are_used_again(store, tmp_path):
    line = "2016,,Raid,Old Bridge,36.340001,43.13,GROUP a,,,\n"
    bring(store, own(tmp_path, HEADER + line.replace("GROUP a", "Group A"), "one.csv"), MAPPING)
    elsewhere, nowhere = line.replace("36.340001", "36.35"), "2016,,Raid,old bridge,,,,,,\n"
    second = own(tmp_path, HEADER + line + elsewhere + nowhere, "two.csv")
    made = bring(store, second, MAPPING)
    assert (made.places, made.actors) == (1, 0)  # the one elsewhere is another place of that name
    kinds = own(tmp_path, "title,type\nA,statements\nB,Raids\n", "kinds.csv")
    assert bring(store, kinds).kinds == 1
    new = rows(store, "SELECT shape, light FROM kind")
    assert len(set(new)) == len(new)  # a new kind has a mark of its own
    sound(store)


def test_bad_rows_are_told_and_the_others_go_in(store, tmp_path):
    text = HEADER + (
        "2016-11-27,,Good,Here,36.3,43.1,,,,\n"
        "2016-13-40,,Month 13,Here,36.3,43.1,,,,\n"
        "2016-11-27,2016-11-01,Backwards,Here,36.3,43.1,,,,\n"
        "2016-11-27,,No number,Here,north,43.1,,,,\n"
        "2016-11-27,,Off the earth,There alone,96.3,43.1,,,,\n"
        '2016-11-27,,"=HYPERLINK(""x"")",Here,36.3,,,,,\n'
        "2016-11-27,,Grade,Only bad rows name it,36.3,43.1,Nobody else,,9,\n"
        "short,row\n"
        ",,,,,,,,,\n"
    )
    target = tmp_path / "bad.csv"
    made = bring(store, own(tmp_path, text), MAPPING, bad_rows=target)
    assert (made.events, made.left, made.places, made.actors) == (1, 8, 1, 0)
    assert [bad.line for bad in made.bad] == [3, 4, 5, 6, 7, 8, 9, 10]
    reasons = " | ".join(bad.reason for bad in made.bad)
    for words in ("2016-13-40", "ends (2016-11-01) before", "“north” is not a number", "not on the earth",
                  "without the other", "grade “9”", "2 cells where the table has 10", "neither what"):  # fmt: skip
        assert words in reasons
    with target.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert written[0][:3] == ["line", "reason", "when"]
    assert (len(written), written[5][4], written[5][0]) == (9, '\'=HYPERLINK("x")', "7")
    sound(store)


def test_no_row_that_can_be_taken(store, tmp_path):
    before = counts(store)
    for text, words in (
        (HEADER, "No row of own.csv could be taken. It has none"),
        (HEADER + "soon,,x,,,,,,,\n", "Line 2: the date “soon” cannot be understood"),
        ("", "is empty"),
        ("a,b\n1,2\n", "No column of this table says"),
    ):
        with pytest.raises(InputFault, match="Nothing was written") as caught:
            bring(store, own(tmp_path, text), MAPPING if text.startswith("when") else None)
        assert words in str(caught.value)
    assert counts(store) == before
    assert store.undo_label is None
    sound(store)


def test_a_mapping_that_does_not_fit(store, tmp_path):
    with pytest.raises(InputFault, match="There is no column “when” for the date, or its start"):
        bring(store, own(tmp_path, "a,b\n1,2\n"), MAPPING)


class Stop(Exception):
    pass


@pytest.mark.parametrize("after", [0, 1, 2])
def test_stopped_on_the_way_nothing_stays(store, tmp_path, monkeypatch, after):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 100)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 90)
    path = tables.acled(tmp_path / "events.csv", 1000)
    table = open_table(path)
    before, heard = counts(store), []
    size = store.path.stat().st_size

    def report(done, total):
        heard.append(done)
        if len(heard) > 4 * after:
            raise Stop

    with pytest.raises(Stop):
        import_table(store, table, recognise(table.dialect.names), report=report)
    assert counts(store) == before
    assert rows(store, "SELECT count(*) FROM content") == [(0,)]
    assert store.undo_label is None
    sound(store)
    bring(store, path)  # and it can be done again
    assert counts(store)["event"] == 1000
    assert store.path.stat().st_size > size
    sound(store)


def test_a_file_that_changes_while_it_is_read(store, tmp_path):
    before = counts(store)
    path = tables.acled(tmp_path / "events.csv", 40)
    table = open_table(path)
    with path.open("a", encoding="utf-8") as file:
        file.write("X" + "," * 30 + "\n")
    with pytest.raises(EnvironmentFault, match="was changed while it was read"):
        import_table(store, table, recognise(table.dialect.names))
    assert counts(store) == before
    assert rows(store, "SELECT count(*) FROM content") == [(0,)]


def test_bad_rows_that_cannot_be_written(store, tmp_path):
    before = counts(store)
    path = own(tmp_path, "title,date\nA,2016\nB,soon\n")
    with pytest.raises(EnvironmentFault, match="The bad rows could not be written to bad"):
        bring(store, path, bad_rows=tmp_path / "no folder" / "bad.csv")
    assert counts(store) == before


def test_a_reader_goes_on_reading_meanwhile(store, tmp_path, monkeypatch):
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 200)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 50)
    table = open_table(tables.acled(tmp_path / "events.csv", 2000))
    seen = []
    with closing(store.reader()) as con:

        def report(_done, _total):
            visible = con.execute("SELECT count(*) FROM event").fetchone()[0]
            claims = con.execute("SELECT count(*) FROM claim AS c JOIN event AS e ON e.id = c.event_id").fetchone()[0]
            found = len(search(con, "armed clash"))
            seen.append((visible, claims, found, len(queries.sources(con))))

        import_table(store, table, recognise(table.dialect.names), report=report)
        assert len(seen) > 20
        assert set(seen) == {(0, 0, 0, 0)}  # nothing shows before all of it does
        assert con.execute("SELECT count(*) FROM event").fetchone() == (2000,)


def test_other_writers_of_the_format(store, tmp_path):
    text = "Datum;Titel;Breite;Länge\n27.11.2016;Brücke – gesprengt;36,34;43,13\n03.12.2016;جسر;36,5;43,5\n"
    mapping = TableMapping(
        "x", {Field.START: ("Datum",), Field.TITLE: ("titel",), Field.LAT: ("Breite",), Field.LON: ("Länge",)}
    )
    for number, encoding in enumerate(("utf-8", "utf-8-sig", "utf-16", "utf-16-be")):
        data = text.encode(encoding) if encoding != "utf-16-be" else b"\xfe\xff" + text.encode("utf-16-be")
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(data)
        assert bring(store, path, mapping).events == 2, encoding
        titles = [event.title for event in details(store)[2 * number :]]
        assert titles == ["Brücke – gesprengt", "جسر"]
    path = own(tmp_path, text.replace("جسر", "Straße"), "western.csv", "cp1252")
    bring(store, path, mapping, asked=Asked(encoding="cp1252"))
    last = details(store)[-1]
    assert (last.title, last.when.edtf) == ("Straße", "2016-12-03")
    with closing(store.reader()) as con:
        place = queries.place(con, last.place.id)
        assert (place.name, queries.table_row(con, last.claims[0].quote.id).cells[1]) == ("36.5° N, 43.5° E", "Straße")
    sound(store)

"""A table coming in: what becomes of its rows, and that they display what would be derived of them."""

from __future__ import annotations

import csv
from contextlib import closing

import pytest

from db import queries
from db.errors import InputFault
from db.importers.tables.codebooks import UCDP
from db.importers.tables.columns import Field
from db.importers.tables.importer import About
from db.importers.tables.mapping import TableMapping
from db.importers.tables.reading import Asked
from db.queries.sources import document_bytes
from db.search import search
from db.values import DocumentRole, RefKind
from tests.helpers import tables
from tests.helpers.imported import HEADER, MAPPING, bring, counts, details, own, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture


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
        "2016-13-40,,,,,,Nobody else,,,\n"
        ",,,,96.3,43.1,,,,\n"
        ',,,,,,"=HYPERLINK(""x"")",,,\n'
        "short,row\n"
        ",,,,,,,,,\n"
    )
    target = tmp_path / "bad.csv"
    made = bring(store, own(tmp_path, text), MAPPING, bad_rows=target)
    assert (made.events, made.left, made.places, made.actors) == (1, 5, 1, 0)
    assert [bad.line for bad in made.bad] == [3, 4, 5, 6, 7]
    reasons = " | ".join(bad.reason for bad in made.bad)
    for words in ("2016-13-40", "not on the earth", "2 cells where the table has 10", "neither what"):
        assert words in reasons
    with target.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert written[0][:3] == ["line", "reason", "when"]
    assert (len(written), written[3][8], written[3][0]) == (6, '\'=HYPERLINK("x")', "5")
    sound(store)


def test_no_row_that_can_be_taken(store, tmp_path):
    before = counts(store)
    for text, words in (
        (HEADER, "own.csv has headings and no rows"),
        (HEADER + "soon,,,,,,,,,\n", "Line 2: the date “soon” cannot be understood"),
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


def test_other_writers_of_the_format(store, tmp_path):
    text = "Datum;Titel;Breite;Länge\n27.11.2016;Brücke – gesprengt;36,34;43,13\n03.12.2016;جسر;36,5;43,5\n"
    mapping = TableMapping(
        "x", {Field.START: ("Datum",), Field.TITLE: ("titel",), Field.LAT: ("Breite",), Field.LON: ("Länge",)}
    )
    for number, encoding in enumerate(("utf-8", "utf-8-sig", "utf-16", "utf-16-be")):
        data = text.encode(encoding) if encoding != "utf-16-be" else b"\xfe\xff" + text.encode("utf-16-be")
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(data)
        assert bring(store, path, mapping, About(again=True)).events == 2, encoding
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

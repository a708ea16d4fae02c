"""Our own exports come back: every value in its place, and an event that the project has is passed over."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from sqlmodel import select

from db import edtf
from db.edits import add_event, add_place
from db.exporters import export_events
from db.exporters.csv_file import FIELDS
from db.importers.tables.cells import clean
from db.importers.tables.codebooks import OWN, OWN_CSV
from db.importers.tables.columns import BadRow, Fate, Field
from db.importers.tables.dates import span
from db.importers.tables.importer import TableImported, import_table
from db.importers.tables.known import DATELINE, recognise
from db.importers.tables.mapping import guess
from db.importers.tables.reading import open_table
from db.store import Store
from db.tables import Actor, Claim, ClaimActor, Event, Kind
from db.templates import new_project
from db.values import Shape, Status

FORMATS = (".csv", ".geojson", ".gpkg", ".kml", ".kmz")
SHOWN = (
    "SELECT e.title, e.uid, e.summary, e.status, e.edtf, e.time_shape, k.name, p.name, p.radius_m, e.tags, e.note "
    "FROM event AS e LEFT JOIN kind AS k ON k.id = e.kind_id LEFT JOIN place AS p ON p.id = e.place_id "
    "WHERE e.claim_count > 0 ORDER BY e.title"
)
PEOPLE = (
    "SELECT c.title, c.attributed_to, a.name FROM claim AS c JOIN claim_actor AS ca ON ca.claim_id = c.id "
    "JOIN actor AS a ON a.id = ca.actor_id ORDER BY c.id, ca.id"
)


COUNTS = [
    ("-5 degrees", None, 3.0, None, None, None),
    ("=SUM(A1)", "=families; العائلات", 7.0, 5.0, 9.5, "%"),
    ("Plain", "people killed", None, 100.0, None, "people"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    new_project(tmp_path / "first.gpkg", "First")
    store = Store.open(tmp_path / "first.gpkg")
    with store.step("Events") as session:
        session.add(Kind(id=50, name="Odd ones", shape="circle", light="#000000", dark="#ffffff", position=50))
        session.flush()
        place = add_place(session, "Ar Raqqah; old town", 39.0, 35.95, radius_m=5_000)
        titles = ("=SUM(A1)", "'=quoted", "-5 degrees", "Plain", "الموصل")
        for number, (title, status) in enumerate(zip(titles, Status, strict=True)):
            when = edtf.parse("2016-11-20/2016-11-27" if number else "2016-11~", list(Shape)[number % 2])
            event = add_event(session, title, kind_id=50, when=when, place_id=place)
            session.get(Event, event).tags = '["one; tag", "zwei", "\\"q\\"", "a\\"b"]' if number % 2 else None
            session.get(Event, event).note = "=a note" if number % 2 else None
            session.connection().exec_driver_sql(
                "UPDATE claim SET status = ? WHERE event_id = ?", (status.value, event)
            )
        session.add_all([Actor(id=1, name="@army; 2nd"), Actor(id=2, name="داعش")])
        session.flush()
        (claim,) = session.exec(select(Claim.id).where(Claim.title == "Plain")).all()
        for actor in (2, 1):
            session.add(ClaimActor(claim_id=claim, actor_id=actor))
            session.flush()
        session.connection().exec_driver_sql(
            "UPDATE claim SET attributed_to = '=a colonel; retired' WHERE id = ?", (claim,)
        )
        for title, *values in COUNTS:
            session.connection().exec_driver_sql(
                "UPDATE claim SET quantity_what = ?, quantity_value = ?, quantity_low = ?, quantity_high = ?, "
                "quantity_unit = ? WHERE title = ?",
                (*values, title),
            )
    yield store
    store.close()


def shown(store: Store) -> list[tuple[Any, ...]]:
    con = store.reader()
    try:
        return con.execute(SHOWN).fetchall()
    finally:
        con.close()


def people(store: Store) -> dict[str, tuple[list[str], str | None]]:
    """By title, the actors and who said it, of events that have either."""
    con = store.reader()
    try:
        found: dict[str, tuple[list[str], str | None]] = {}
        for title, said, name in con.execute(PEOPLE).fetchall():
            found.setdefault(title, ([], said))[0].append(name)
        return found
    finally:
        con.close()


def counts(store: Store) -> list[tuple[Any, ...]]:
    con = store.reader()
    try:
        return con.execute(
            "SELECT title, quantity_what, quantity_value, quantity_low, quantity_high, quantity_unit FROM claim "
            "WHERE coalesce(quantity_value, quantity_low, quantity_high) IS NOT NULL ORDER BY title"
        ).fetchall()
    finally:
        con.close()


def export(store: Store, target: Path) -> Path:
    con = store.reader()
    try:
        export_events(con, target)
    finally:
        con.close()
    return target


def bring(store: Store, path: Path) -> TableImported:
    table = open_table(path)
    mapping = recognise(table.dialect.names)
    assert mapping is not None
    return import_table(store, table, mapping)


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_export_comes_back_with_everything_in_its_place(store: Store, tmp_path: Path, suffix: str) -> None:
    file = export(store, tmp_path / f"events{suffix}")
    new_project(tmp_path / "second.gpkg", "Second")
    second = Store.open(tmp_path / "second.gpkg")
    imported = bring(second, file)
    assert (imported.events, imported.left) == (5, 0)
    assert {row[3] for row in shown(second)} == {status.value for status in Status}
    assert {row[5] for row in shown(second)} == {shape.value for shape in Shape}
    assert shown(second) == shown(store)
    assert people(second) == people(store) == {"Plain": (["داعش", "@army; 2nd"], "=a colonel; retired")}
    assert counts(second) == counts(store) == COUNTS
    second.undo()
    assert shown(second) == []
    assert people(second) == {}
    second.redo()
    assert shown(second) == shown(store)
    assert people(second) == people(store)
    assert counts(second) == COUNTS
    with second.step("Tag") as session:
        session.connection().exec_driver_sql("UPDATE event SET tags = '[\"mine\"]' WHERE title = 'Plain'")
    second.undo()
    second.undo()
    assert shown(second) == []
    second.close()


@pytest.mark.parametrize("suffix", FORMATS)
def test_events_that_the_project_has_are_passed_over(store: Store, tmp_path: Path, suffix: str) -> None:
    with store.step("One more") as session:
        gone = add_event(session, "Soon gone", kind_id=50, when=edtf.parse("2017"))
    file = export(store, tmp_path / f"events{suffix}")
    with store.step("Delete") as session:
        session.delete(session.get(Event, gone))
    before = shown(store)
    imported = bring(store, file)
    assert (imported.events, imported.left, imported.number(Fate.SAME)) == (1, 0, 5)
    reasons = {each.reason for each in imported.listed[Fate.SAME].rows}
    assert reasons == {"its event is in the project already, by its uid"}
    assert sorted(row[0] for row in shown(store)) == sorted([*(row[0] for row in before), "Soon gone"])


def test_rows_of_one_uid_are_one_event_and_a_uid_that_is_none_is_not_kept(store: Store, tmp_path: Path) -> None:
    file = export(store, tmp_path / "events.csv")
    head, *lines = file.read_text("utf-8").splitlines(keepends=True)
    odd = lines[1].rpartition(",")[0] + ",no uid\r\n"
    file.write_text(head + lines[0] + lines[0].replace("2016", "2017") + odd, "utf-8")
    new_project(tmp_path / "second.gpkg", "Second")
    second = Store.open(tmp_path / "second.gpkg")
    imported = bring(second, file)
    assert (imported.events, imported.number(Fate.REPEATED)) == (2, 1)
    assert [each.line for each in imported.listed[Fate.REPEATED].rows] == [3]
    assert [len(row[1]) for row in shown(second)] == [36, 36]
    second.close()


def test_what_another_program_changed_stays_when_the_import_is_undone(store: Store, tmp_path: Path) -> None:
    file = export(store, tmp_path / "events.csv")
    new_project(tmp_path / "second.gpkg", "Second")
    second = Store.open(tmp_path / "second.gpkg")
    bring(second, file)
    second.close()
    with closing(sqlite3.connect(tmp_path / "second.gpkg")) as con:
        con.execute("UPDATE event SET title = 'By another hand' WHERE title = '-5 degrees'")  # seen when it is opened
        con.execute("UPDATE claim SET attributed_to = 'somebody else' WHERE title = 'Plain'")
        con.commit()
    second = Store.open(tmp_path / "second.gpkg")
    while len(shown(second)) == 5:
        second.undo()
    assert [row[0] for row in shown(second)] == ["Plain"]
    second.close()


def test_what_it_changed_in_imported_claims_alone_stays_too(store: Store, tmp_path: Path) -> None:
    file = export(store, tmp_path / "events.csv")
    new_project(tmp_path / "second.gpkg", "Second")
    second = Store.open(tmp_path / "second.gpkg")
    bring(second, file)
    second.close()
    with closing(sqlite3.connect(tmp_path / "second.gpkg")) as con:
        con.execute("UPDATE claim SET attributed_to = 'somebody else' WHERE title = 'Plain'")
        con.commit()
    second = Store.open(tmp_path / "second.gpkg")
    while len(shown(second)) == 5:
        second.undo()
    assert [row[0] for row in shown(second)] == ["Plain"]
    second.close()


AREAS = (
    shapely.Polygon(
        [(43, 36), (43, 37), (44, 37), (44, 36)], [[(43.2, 36.2), (43.4, 36.2), (43.4, 36.4), (43.2, 36.4)]]
    ),
    shapely.MultiPolygon([shapely.box(10, 10, 12, 12), shapely.box(20, 10, 20.5, 10.5)]),
)


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".kml"])
def test_areas_come_back_in_their_shapes(store: Store, tmp_path: Path, suffix: str) -> None:
    given = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(AREAS[at])),
            "properties": {"title": f"T{number}"},
        }
        for number, at in enumerate((0, 1, 0))
    ]
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": given}), "utf-8")
    table = open_table(tmp_path / "areas.geojson")
    import_table(store, table, guess(table.dialect.names))
    file = export(store, tmp_path / f"events{suffix}")
    names, shapes = gdal(file, "areas" if suffix == ".gpkg" else 0)
    assert all(shape.is_valid for shape in shapes)
    if suffix == ".gpkg":
        assert len(shapes) == 2  # each once
        with closing(sqlite3.connect(file)) as con:
            joined = con.execute("SELECT e.title FROM events AS e JOIN areas AS a ON a.uid = e.area").fetchall()
        assert sorted(joined) == [("T0",), ("T1",), ("T2",)]
        shapes = [shapes[0], shapes[1], shapes[0]]
        assert {each.geom_type for each in gdal(file, "events")[1]} == {"Point"}
    else:
        shapes = [shapes[names.index(f"T{number}")] for number in range(3)]
    assert [shape.equals(AREAS[at]) for shape, at in zip(shapes, (0, 1, 0), strict=True)] == [True] * 3
    new_project(tmp_path / "second.gpkg", "Second")
    second = Store.open(tmp_path / "second.gpkg")
    bring(second, file)
    assert places(second) == places(store)
    assert shown(second) == shown(store)
    second.close()


def gdal(file: Path, layer: str | int) -> tuple[list[Any], list[Any]]:
    """Titles, or names of places, and shapes as GDAL reads them, without those that are nowhere."""
    meta, _fids, geometry, columns = pyogrio.raw.read(file, layer=layer)
    fields = [str(each) for each in meta["fields"]]
    names = columns[next(fields.index(each) for each in ("title", "Name", "place") if each in fields)]
    found = [(name, each) for name, each in zip(names, geometry, strict=True) if each is not None]
    return [name for name, _shape in found], [shapely.from_wkb(shape) for _name, shape in found]


def places(store: Store) -> list[tuple[Any, ...]]:
    with closing(store.reader()) as con:
        return con.execute("SELECT name, kind, geom, radius_m FROM place WHERE kind = 'area' ORDER BY id").fetchall()


def test_who_wants_them_all_the_same_says_so(store: Store, tmp_path: Path) -> None:
    table = open_table(export(store, tmp_path / "events.csv"))
    imported = import_table(store, table, DATELINE.with_column(Field.UID))
    assert (imported.events, imported.left) == (5, 0)


def test_guards_are_taken_off_our_csv_alone() -> None:
    assert recognise(FIELDS).codebook == OWN_CSV
    behind = [*(name for name in FIELDS if name not in ("lat", "lon")), "longitude", "latitude"]
    assert recognise(behind).codebook == OWN
    assert recognise([name for name in FIELDS if name != "uid"]) is None


def test_who_said_it_and_the_sources_are_both_taken_and_older_exports_have_the_sources_alone() -> None:
    assert recognise(FIELDS).columns[Field.SOURCE] == ("attributed_to", "sources")
    older = recognise([name for name in FIELDS if name not in ("actors", "attributed_to")]).columns
    assert older[Field.SOURCE] == ("sources",)
    assert Field.ACTOR not in older


def test_a_guess_takes_notes_for_the_quote() -> None:
    assert guess(["title", "date", "notes", "tags"]).columns[Field.QUOTE] == ("notes",)


def test_a_status_that_is_none_is_told(store: Store, tmp_path: Path) -> None:
    file = export(store, tmp_path / "events.csv")
    text = file.read_text("utf-8").replace(",planned,", ",perhaps,")
    (tmp_path / "other.csv").write_text(text, "utf-8")
    table = open_table(tmp_path / "other.csv")
    imported = import_table(store, table, recognise(table.dialect.names).with_column(Field.UID))
    ((bad,),) = (each.rows for fate, each in imported.listed.items() if fate is Fate.UNREAD)
    assert "perhaps" in bad.reason
    assert "planned" in bad.reason
    assert imported.events == 5


def test_the_shape_of_a_date_is_as_the_table_says() -> None:
    for start, end, shape, expected in (
        ("2016-11", "", "", Shape.MOMENT),
        ("2016-11", "", " Lasting", Shape.LASTING),
        ("2016-11-03", "2016-11-05", "", Shape.LASTING),
        ("2016-11-03", "2016-11-05", "moment", Shape.MOMENT),
    ):
        when = span(start, end, "", shape)
        assert when is not None
        assert when.shape is expected, (start, end, shape)
    with pytest.raises(BadRow, match="“long”, which is none of moment, lasting"):
        span("2016-11", shape="long")


def test_letters_are_joined_or_not_as_they_were_spelt() -> None:
    assert clean("می\u200cروم\x07 \u200bها") == "می\u200cروم ها"

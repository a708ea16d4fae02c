"""What another program does to the file is kept, recorded as a step, and can be undone."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from db import edits, queries
from db.errors import EnvironmentFault
from db.search import search
from db.store import Change, Store
from db.tables import Source
from tests.helpers.project import contents, detail, small_project

OGRINFO = shutil.which("ogrinfo")
needs_ogr = pytest.mark.skipif(OGRINFO is None, reason="GDAL's programs are not installed")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    small_project(tmp_path / "small.gpkg", seal=True).close()
    yield tmp_path / "small.gpkg"
    left = [each.name for each in tmp_path.iterdir() if each.name != "small.gpkg"]
    assert left == []


def ogr(path: Path, *statements: str) -> None:
    """Have GDAL change the file."""
    for statement in statements:
        assert OGRINFO is not None
        command = [OGRINFO, "-q", "-sql", statement, str(path)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        assert "ERROR" not in ran.stderr, ran.stderr


def by_sqlite(path: Path, *statements: str) -> None:
    """Have some other program change the file, foreign keys off, as they are by default."""
    con = sqlite3.connect(path)
    for statement in statements:
        con.execute(statement)
    con.commit()
    con.close()


def place(store: Store, place_id: int) -> queries.PlaceRow:
    con = store.reader()
    try:
        return next(row for row in queries.places(con) if row.id == place_id)
    finally:
        con.close()


def labels(store: Store) -> list[str]:
    con = store.reader()
    try:
        return [row.label for row in queries.steps(con)]
    finally:
        con.close()


@needs_ogr
def test_gdal_edits_a_place_and_an_event_and_the_edits_hold(path: Path):
    ogr(
        path,
        "UPDATE place SET name = 'Nineveh' WHERE id = 1",
        "UPDATE event SET title = 'Title from outside' WHERE id = 1",
    )
    store = Store.open(path)
    assert not store.read_only
    assert store.undo_label == "Edited outside"
    assert detail(store, 1).title == "Title from outside"
    assert [decision.field for decision in detail(store, 1).decisions] == ["title"]
    assert place(store, 1).name == "Nineveh"
    con = store.reader()
    assert {hit.text for hit in search(con, "nineveh")} == {"Nineveh\nالموصل"}
    assert [hit.id for hit in search(con, "outside")] == [1]
    con.close()
    with store.step("Go on") as session:
        edits.set_event_title(session, 2, "From inside")
    store.close()

    store = Store.open(path)
    assert store.undo_label == "Go on"
    assert detail(store, 1).title == "Title from outside"
    store.undo()
    store.undo()
    assert place(store, 1).name == "Mosul"
    assert detail(store, 1).title == "Mosul is entered"
    assert store.undo_label is None
    store.redo()
    assert place(store, 1).name == "Nineveh"
    assert detail(store, 1).title == "Title from outside"
    store.close()


def test_pyogrio_adds_a_place_with_a_polygon(path: Path):
    area = shapely.to_wkb(shapely.box(40, 35, 41, 36))
    pyogrio.raw.write(
        path,
        np.array([area], object),
        [np.array(["A desert"], object)],
        ["name"],
        layer="place",
        geometry_type="Unknown",
        crs="EPSG:4326",
        append=True,
    )
    store = Store.open(path)
    added = place(store, 4)
    assert (added.name, added.kind.value, len(added.uid)) == ("A desert", "area", 36)
    assert 40 < added.lon < 41
    with store.step("Use it") as session:
        edits.set_event_place(session, 1, 4)
    assert detail(store, 1).place == added
    store.undo()
    store.undo()
    assert [row[0] for row in contents(store)["place"]] == [1, 2, 3]
    store.close()


@needs_ogr
def test_a_spatial_index_of_gdal_is_taken_off_again(path: Path):
    ogr(path, "SELECT CreateSpatialIndex('place', 'geom')")
    assert triggers(path)
    assert Store.open(path, read_only=True).read_only
    store = Store.open(path)
    with store.step("Add") as session:
        edits.add_place(session, "Hit", 42.8, 33.6)
    store.close()
    assert triggers(path) == []
    assert pyogrio.raw.read(path, "place", bbox=(42, 33, 43, 34))[3][1].tolist() == ["Hit"]


def triggers(path: Path) -> list[str]:
    con = sqlite3.connect(path)
    names = [row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()]
    con.close()
    return names


@needs_ogr
def test_layers_metadata_and_counters_of_gdal_stay_whole(path: Path):
    other = shapely.to_wkb(shapely.Point(1, 2))
    pyogrio.raw.write(
        path,
        np.array([other], object),
        [np.array(["a note"], object)],
        ["text"],
        layer="notes",
        geometry_type="Point",
        crs="EPSG:4326",
        append=True,
        layer_metadata={"abstract": "mine"},
    )
    counting = "UPDATE gpkg_ogr_contents SET feature_count = feature_count + 1 WHERE lower(table_name) = 'place'"
    by_sqlite(
        path,
        "CREATE TABLE gpkg_ogr_contents (table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL)",
        "INSERT INTO gpkg_ogr_contents VALUES ('place', 3), ('notes', 1)",
        f"CREATE TRIGGER trigger_insert_feature_count_place AFTER INSERT ON place BEGIN {counting}; END",
    )
    planted = [name for name in triggers(path) if "notes" in name]
    store = Store.open(path)
    with store.step("Add") as session:
        edits.add_place(session, "Hit", 42.8, 33.6)
    store.close()
    assert triggers(path) == planted
    assert len(planted) >= 5
    con = sqlite3.connect(path)
    assert con.execute("SELECT * FROM gpkg_ogr_contents").fetchall() == [("place", None), ("notes", 1)]
    con.close()
    assert pyogrio.read_info(path, "place")["features"] == 4
    assert pyogrio.raw.read(path, "notes", bbox=(0, 0, 3, 3))[3][0].tolist() == ["a note"]


@needs_ogr
def test_columns_and_layers_of_other_programs_are_kept(path: Path):
    with_step = Store.open(path)
    with with_step.step("Rename") as session:
        edits.set_event_title(session, 1, "Renamed")
        session.get(Source, 1).note = "a note"
    with_step.close()
    ogr(path, "ALTER TABLE place ADD COLUMN my_code TEXT", "ALTER TABLE event ADD COLUMN weight REAL")
    ogr(path, "UPDATE place SET my_code = 'x''y' WHERE id = 2", "UPDATE event SET weight = 0.1 WHERE id = 1")
    by_sqlite(path, "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_name TEXT)")
    store = Store.open(path)
    with store.step("Delete") as session:
        session.connection().exec_driver_sql("DELETE FROM place WHERE id = 2")
        edits.delete_events(session, [1])
    store.undo()
    con = store.reader()
    assert con.execute("SELECT my_code FROM place WHERE id = 2").fetchone() == ("x'y",)
    assert con.execute("SELECT weight FROM event WHERE id = 1").fetchone() == (0.1,)
    con.close()
    assert store.undo_label == "Edited outside"
    store.undo()
    assert store.undo_label == "Rename"
    store.undo()
    assert detail(store, 1).title == "Mosul is entered"
    store.close()
    by_sqlite(path, "UPDATE place SET my_code = NULL")
    store = Store.open(path)
    assert store.redo_label == "Rename"
    store.close()


def test_other_displayed_values_of_an_event_hold_too(path: Path):
    by_sqlite(
        path,
        "UPDATE event SET summary = 'In short', status = 'planned', edtf = '2016-12-24', place_id = 3 WHERE id = 1",
        "UPDATE event SET begins = '2016-12-01T00:00:00Z', ends = '2016-12-05T23:59:59.999Z' WHERE id = 2",
        "UPDATE event SET title = 'My guess', earliest = 17 WHERE id = 3",
    )
    store = Store.open(path)
    one, two, three = (detail(store, number) for number in (1, 2, 3))
    assert (one.summary, one.status.value, one.place.name) == ("In short", "planned", "Tikrit")
    assert one.when.edtf == "2016-12-24"
    assert {decision.field for decision in one.decisions} == {"summary", "status", "date", "place"}
    assert two.when.edtf == "[2016-12-01..2016-12-05]"
    assert (three.title, three.decisions, three.claims[0].title) == ("My guess", (), "My guess")
    assert three.when.edtf == "2017"
    store.undo()
    assert detail(store, 1).when.edtf == "2016-11-27"
    assert detail(store, 3).title == "A guess"
    store.close()


def test_values_that_mean_nothing_are_put_right(path: Path):
    before = Store.open(path)
    expected = contents(before)
    before.close()
    by_sqlite(path, "UPDATE event SET title = '', status = 'exploded', edtf = 'soon', best = 5, claim_count = 70")
    store = Store.open(path)
    assert contents(store) == expected
    assert "Edited outside" not in labels(store)
    store.close()


def test_a_claim_edited_outside_is_no_edit_of_its_event(path: Path):
    by_sqlite(path, "UPDATE claim SET title = 'The claim was edited' WHERE id = 1")
    store = Store.open(path)
    assert detail(store, 1).title == "The claim was edited"
    assert detail(store, 1).decisions == ()
    store.undo()
    assert detail(store, 1).title == "Mosul is entered"
    store.close()


def test_a_grade_given_outside_moves_what_is_displayed(path: Path):
    by_sqlite(path, "UPDATE source SET reliability = 'A' WHERE id = 2")
    store = Store.open(path)
    assert detail(store, 1).title == "Raqqa is entered"
    assert detail(store, 1).decisions == ()
    store.close()


def test_an_event_added_outside_gets_a_claim_of_its_own(path: Path):
    by_sqlite(
        path,
        "INSERT INTO event (title, edtf, place_id) VALUES ('Added', '2016-12', 3)",
        "INSERT INTO event (title) VALUES (NULL)",
    )
    store = Store.open(path)
    added = detail(store, 4)
    assert (added.title, added.when.edtf, added.place.name, added.supported) == ("Added", "2016-12", "Tikrit", False)
    assert len(added.uid) == 36
    con = store.reader()
    assert len(queries.event_columns(con)) == 4
    con.close()
    store.undo()
    assert len(contents(store)["event"]) == 3
    store.close()


def test_rows_deleted_outside_take_their_dependants_along_and_come_back(path: Path):
    store = Store.open(path)
    before = contents(store)
    store.close()
    by_sqlite(path, "DELETE FROM source WHERE id = 2", "DELETE FROM place WHERE id = 1")
    store = Store.open(path)
    after = contents(store)
    assert [len(after[name]) for name in ("source", "document", "quote", "claim", "place")] == [1, 1, 1, 2, 2]
    assert detail(store, 1).place is None
    assert store._con.execute("PRAGMA foreign_key_check").fetchall() == []
    store.undo()
    assert contents(store) == before
    store.close()


def test_a_file_left_in_wal_mode_is_one_file_again(path: Path):
    con = sqlite3.connect(path)
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("UPDATE place SET name = 'In the log' WHERE id = 1")
    con.commit()
    copy = path.with_name("copy.gpkg")
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    con.close()
    store = Store.open(copy)
    assert not store.read_only
    assert place(store, 1).name == "In the log"
    assert store.undo_label == "Edited outside"
    store.close()
    assert copy.read_bytes()[18:20] == b"\1\1"
    copy.unlink()


def test_an_edit_while_the_project_is_open_is_taken_over_before_the_next_step(path: Path):
    store = Store.open(path)
    told: list[Change] = []
    store.subscribe(told.append)
    by_sqlite(path, "UPDATE place SET name = 'Meanwhile' WHERE id = 1", "UPDATE event SET title = 'So' WHERE id = 2")
    with store.step("Rename") as session:
        edits.set_event_title(session, 1, "Mine")
    assert [change.label for change in told] == ["Edited outside", "Rename"]
    assert 1 in told[0].rows["place"]
    assert place(store, 1).name == "Meanwhile"
    assert (detail(store, 1).title, detail(store, 2).title) == ("Mine", "So")
    store.undo()
    store.undo()
    assert (place(store, 1).name, detail(store, 2).title) == ("Mosul", "A statement is made")
    store.close()


def test_nothing_of_ours_looks_like_an_edit_from_outside(path: Path):
    store = Store.open(path)
    for number in range(5):
        with store.step("Rename") as session:
            edits.set_event_title(session, 1, str(number))
        if number % 2:
            store.undo()
    store.seal()
    store.close()
    for _ in range(2):
        store = Store.open(path)
        assert "Edited outside" not in labels(store)
        store.close()


def test_a_vacuum_by_another_program_is_no_edit(path: Path):
    con = sqlite3.connect(path)
    con.execute("VACUUM")
    con.close()
    store = Store.open(path)
    assert store.undo_label is None
    store.close()


def test_an_outside_edit_in_a_file_opened_for_reading_is_shown_and_not_recorded(path: Path):
    by_sqlite(path, "UPDATE place SET name = 'Nineveh' WHERE id = 1")
    before = path.read_bytes()
    store = Store.open(path, read_only=True)
    assert place(store, 1).name == "Nineveh"
    with pytest.raises(EnvironmentFault), store.step("No"):
        pass
    store.close()
    assert path.read_bytes() == before

"""The ids that rows of tables came in with, in exports of every format."""

from __future__ import annotations

import csv
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from db.exporters import export_events, row_ids
from db.importers.tables.columns import Field
from db.importers.tables.mapping import TableMapping
from db.store import Store
from tests.helpers import tables
from tests.helpers.exports import FORMATS
from tests.helpers.imported import bring, own, rows
from tests.helpers.imported import store as store_fixture

store = store_fixture
DESK = TableMapping("Desk", {Field.ID: ("nr",), Field.TITLE: ("what",), Field.START: ("when",)})


def exported(store: Store, path: Path, hidden: frozenset[int] = frozenset()) -> dict[str, str]:
    """The ids by title, as a CSV file has them."""
    with closing(store.reader()) as con:
        export_events(con, path, hidden_sources=hidden, overwrite=True)
    with path.open(encoding="utf-8", newline="") as file:
        return {row["title"]: row["row_ids"] for row in csv.DictReader(file)}


def found_in(path: Path) -> list[str | list[str] | None]:
    """What a file of each format has, by the order of its events."""
    if path.suffix == ".geojson":
        return [each["properties"]["row_ids"] for each in json.loads(path.read_text("utf-8"))["features"]]
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as con:
            return [row[0] for row in con.execute("SELECT row_ids FROM events ORDER BY fid")]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [row["row_ids"] or None for row in csv.DictReader(file)]
    text = zipfile.ZipFile(path).read("doc.kml").decode() if path.suffix == ".kmz" else path.read_text("utf-8")
    marks = [each.partition('<Data name="row_ids"><value>') for each in text.split("<Placemark>")[1:]]
    return [after.partition("<")[0] if mark else None for _before, mark, after in marks]


@pytest.mark.parametrize("few", [0, 1000], ids=["all rows gone through", "each looked up"])
def test_each_format_has_the_ids_of_rows(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(row_ids, "FEW", few)
    bring(store, own(tmp_path, "nr,what,when\nä-1,Raid,2016\n,Fire,2017\nshort\n=7;8,Flood,2018\n"), DESK)
    for suffix in FORMATS:
        path = tmp_path / f"out{suffix}"
        with closing(store.reader()) as con:
            export_events(con, path)
        semicolon = ["=7;8"] if suffix == ".geojson" else '\'"=7;8"' if suffix == ".csv" else '"=7;8"'
        found = found_in(path)
        assert [found[0], found[1]] == [["ä-1"] if suffix == ".geojson" else "ä-1", None], suffix
        assert str(found[2]).replace("&quot;", '"').removeprefix("'") == str(semicolon).removeprefix("'"), suffix


def test_of_several_rows_all_are_named_but_those_of_hidden_and_protected_sources(store: Store, tmp_path: Path) -> None:
    bring(store, tables.acled(tmp_path / "known.csv", 1), None)
    bring(store, own(tmp_path, "nr,what,when\n77,Raid,2016\n"), DESK)
    bring(store, own(tmp_path, "title,date\nWithout an id,2017\n", "plain.csv"))
    (known, first), (desk, second), _plain = rows(store, "SELECT source_id, event_id FROM claim ORDER BY id")
    with store.step("Join") as session:
        session.connection().exec_driver_sql(f"UPDATE claim SET event_id = {first} WHERE event_id = {second}")
    (title,) = rows(store, f"SELECT title FROM event WHERE id = {first}")[0]
    out = tmp_path / "out.csv"
    assert exported(store, out) == {title: "TST0; 77", "Without an id": ""}
    assert exported(store, out, frozenset({desk}))[title] == "TST0"
    with store.step("Protect") as session:
        session.connection().exec_driver_sql(f"UPDATE source SET protected = 1 WHERE id = {known}")
    assert set(exported(store, out).values()) == {"77", ""}


def test_a_damaged_table_costs_the_ids_alone(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(store, own(tmp_path, "nr,what,when\n1,Raid,2016\n"), DESK)
    with store.step("Damage") as session:
        session.connection().exec_driver_sql(
            "DELETE FROM content WHERE sha256 NOT IN (SELECT text_sha256 FROM document)"
        )
    for few in (0, 1000):
        monkeypatch.setattr(row_ids, "FEW", few)
        assert exported(store, tmp_path / "out.csv") == {"Raid": ""}

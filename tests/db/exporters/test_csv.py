"""The CSV file to the letter: RFC 4180, the byte order mark, and texts that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.exporters import export_events
from db.formulas import guarded, unguarded
from db.geometry import point_blob
from db.store import Store
from db.tables import Event, Place
from tests.helpers.exports import read
from tests.helpers.project import add_claim, small_project

RISKY = ("=1+1", "+1", "-1", "@x", "\tx", "\rx")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = small_project(tmp_path / "small.gpkg")
    with store.step("Risky") as session:
        for text in RISKY:
            session.add(Event(id=100 + len(text) + ord(text[0]), note=text))
            session.flush()
            add_claim(session, 100 + len(text) + ord(text[0]), "-0044-03-15", title=text, place_id=1)
    yield store
    store.close()


def test_records_and_headings(store: Store, tmp_path: Path):
    with closing(store.reader()) as con:
        assert export_events(con, tmp_path / "out.csv") == 9
    raw = (tmp_path / "out.csv").read_bytes()
    assert raw.startswith(b"title,summary,kind,status,edtf,start,end,date_precision,date_shape,grade,place,lon,lat,")
    assert raw.endswith(b"\r\n")
    assert b"Mosul is entered,,Fighting,reported," in raw
    assert re.search(rb"[^\r]\n", raw) is None


def test_a_byte_order_mark_is_the_first_thing(store: Store, tmp_path: Path):
    with closing(store.reader()) as con:
        export_events(con, tmp_path / "out.csv")
        export_events(con, tmp_path / "bom.csv", bom=True)
    assert (tmp_path / "bom.csv").read_bytes() == b"\xef\xbb\xbf" + (tmp_path / "out.csv").read_bytes()
    assert read(tmp_path / "bom.csv") == read(tmp_path / "out.csv")


def test_no_cell_of_text_begins_as_a_formula_does(store: Store, tmp_path: Path):
    with store.step("Place") as session:
        place = session.get(Place, 1)
        assert place is not None
        place.geom = point_blob(-43.5, -36.25)
    with closing(store.reader()) as con:
        export_events(con, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    risky = [row for row in rows if row["edtf"] == "'-0044-03-15"]
    assert sorted(row["title"] for row in risky) == sorted(f"'{text}" for text in RISKY)
    for row in rows:
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or name in ("lon", "lat"), (name, cell)
    assert {(row["lon"], row["lat"], row["start"]) for row in risky} == {
        ("-43.5", "-36.25", "'-0044-03-15T00:00:00.000Z")
    }


@given(st.one_of(st.text(), st.text("'=+-@\t\r a", max_size=5)))
def test_a_guarded_text_comes_back(text: str):
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(cell) == text
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize("text", ["", "Mosul", "'s-Hertogenbosch", "''", "1-2", " =1"])
def test_other_texts_stay_as_they_are(text: str):
    assert guarded(text) == unguarded(text) == text

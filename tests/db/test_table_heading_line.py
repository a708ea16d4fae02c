"""Titles above the headings of a table: where these are is guessed, chosen and remembered; rows keep their numbers."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from db import queries
from db.errors import InputFault
from db.importers.tables.columns import Fate, Field
from db.importers.tables.heading_line import rows_above
from db.importers.tables.mapping import TableMapping, from_json, guess, read_mapping, save_mapping
from db.importers.tables.reading import Asked, open_table
from db.kept.tables import kept_rows, layout_of, piece_of
from db.store import Store
from tests.helpers import tables
from tests.helpers.imported import bring, everything, own, rows, sound
from tests.helpers.imported import store as store_fixture
from tests.helpers.table_files import book

store = store_fixture
NAMES = ("Date", "Title", "Town")
HEAD = "Date,Title,Town\n"
BODY = "2016-11-03,Raid,Hit\n2016-11-04,Fire,Rawa\n2016-11-05,Flood,Ana\n"
TITLED = {
    "one line": "Incidents by town\n" + HEAD + BODY,
    "with blank lines": "\nIncidents by town\n\n" + HEAD + BODY,
    "filled up as Excel does": "Incidents by town,,\n,,\n" + HEAD + BODY,
    "the separator in the title": '"Incidents, by town",,\nIncidents, 2016\n' + HEAD + BODY,
    "what Excel is told of the separator": ("sep=;\n" + HEAD + BODY).replace(",", ";"),
    "by semicolons, with commas in the title": "Incidents, Anbar, 2016\n" + (HEAD + BODY).replace(",", ";"),
    "over several lines": '"Incidents\nby town"\nAs of 2016\n' + HEAD + BODY,
    "by tabs": "Incidents by town\n" + (HEAD + BODY).replace(",", "\t"),
}


@pytest.mark.parametrize("kind", TITLED)
def test_the_line_of_the_headings_is_guessed(store: Store, tmp_path: Path, kind: str) -> None:
    path = own(tmp_path, TITLED[kind], "t.csv")
    table = open_table(path)
    assert (table.dialect.names, table.dialect.sample[0]) == (NAMES, ("2016-11-03", "Raid", "Hit"))
    lines = TITLED[kind].splitlines()
    at = next(number for number, line in enumerate(lines, 1) if line.startswith("Date"))
    assert (table.head.line, table.row_count) == (at, (3, True))
    found = list(table.rows(lambda _part: None))
    assert [line for _number, line, _cells, _said in found] == [at + 1, at + 2, at + 3]
    made = bring(store, path)
    assert (made.events, made.left) == (3, 0)
    sound(store)


@pytest.mark.parametrize("unit", ["", " km"])
def test_numbers_with_decimal_commas_part_no_headings(tmp_path: Path, unit: str) -> None:
    path = own(tmp_path, "Ways\nTown;Length\n" + "".join(f"Hit {at};{at},5{unit}\n" for at in range(9)), "t.csv")
    table = open_table(path)
    assert (table.dialect.delimiter, table.dialect.names) == (";", ("Town", "Length"))


@pytest.mark.parametrize(
    "given",
    [
        ["a,b,c", "1,2,3", "4,5,6"],
        ["a,b,c", "1,,", "2,,", "3,,"],
        [",value", "Hit,many", "Rawa,few"],
        ["name", "Hit", "Rawa"],
        ["a,b", "1,2"],
        ["a,b,c,d"],
        ["Raid,,,", "Fire,1,2,3", "Flood,4,5,6"],
        ["2016,Raid,Hit", "2017,Fire,Rawa"],
    ],
)
def test_headings_are_in_the_first_line_where_nothing_says_otherwise(given: list[str]) -> None:
    assert rows_above([line.split(",") for line in given]) == 0


def test_rows_are_those_of_the_file_whichever_line_is_chosen(store: Store, tmp_path: Path) -> None:
    path = own(tmp_path, 'Incidents\n\n"by\ntown",,\n' + HEAD + BODY, "t.csv")
    made = bring(store, path)
    assert made.events == 3
    assert rows(store, "SELECT row_selector FROM quote ORDER BY id") == [("row=4",), ("row=5",), ("row=6",)]
    with closing(store.reader()) as con:
        row = queries.table_row(con, 2)
    assert row is not None
    assert (row.number, row.columns, row.cells) == (5, NAMES, ("2016-11-04", "Fire", "Rawa"))
    before = everything(store)
    store.undo()
    store.redo()
    assert everything(store) == before
    sound(store)
    store.undo()
    other = bring(store, path, asked=Asked(line=6), mapping=TableMapping("x", {Field.TITLE: ("Raid",)}))
    assert other.events == 2
    assert rows(store, "SELECT row_selector FROM quote ORDER BY id") == [("row=5",), ("row=6",)]
    sound(store)


def test_a_line_is_chosen_or_refused(tmp_path: Path) -> None:
    path = own(tmp_path, "Incidents\n\n" + HEAD + BODY, "t.csv")
    assert open_table(path).head.lines == (1, 3, 4, 5, 6)
    for line, names in ((1, ("Incidents",)), (3, NAMES), (4, ("2016-11-03", "Raid", "Hit"))):
        table = open_table(path, Asked(line=line, delimiter=","))
        assert (table.dialect.names, table.head.line) == (names, line)
    for asked in (Asked(line=0), Asked(header=False)):
        table = open_table(path, asked)
        assert (table.dialect.names, len(table.dialect.sample), table.head.line) == (("Column 1",), 5, 0)
    assert open_table(path, Asked(header=True)).head.line == 3
    for line in (2, 70):
        with pytest.raises(InputFault, match=rf"In line {line} of t.csv no row begins .* nothing was written"):
            open_table(path, Asked(line=line))


def test_sheets_have_titles_too(store: Store, tmp_path: Path) -> None:
    titled = [
        ["Incidents by town"],
        [None, "As of", datetime(2017, 1, 1)],
        [],
        ["Date", "Title", "Town", "Killed"],
        [datetime(2016, 11, 3), "Raid", "Hit", 2],
        [],
        [datetime(2016, 11, 4), "Fire", None, None],
    ]
    path = book(tmp_path / "t.xlsx", {"All": titled, "Plain": [["Title"], ["Flood"]]})
    table = open_table(path)
    assert (table.head.line, table.dialect.names, table.row_count) == (
        4,
        ("Date", "Title", "Town", "Killed"),
        (2, True),
    )
    made = bring(store, path)
    assert (made.events, made.number(Fate.UNDATED)) == (2, 0)
    assert rows(store, "SELECT row_selector FROM quote ORDER BY id") == [("row=4",), ("row=5",)]
    with closing(store.reader()) as con:
        (sha256,) = con.execute("SELECT text_sha256 FROM document").fetchone()
        layout = layout_of(piece_of(con, sha256))
        assert [cells for _number, cells in kept_rows(con, layout)] == [
            ["Incidents by town"],
            ["", "As of", "2017-01-01"],
            ["Date", "Title", "Town", "Killed"],
            ["2016-11-03", "Raid", "Hit", "2"],
            ["2016-11-04", "Fire", "", ""],
        ]
        row = queries.table_row(con, 1)
        assert row is not None
        assert (row.number, row.cells[1]) == (4, "Raid")
    before = everything(store)
    store.undo()
    store.redo()
    assert everything(store) == before
    sound(store)
    assert [line for _number, line, _cells, _said in table.rows(lambda _part: None)] == [5, 7]
    assert open_table(path, Asked(line=5)).dialect.names == ("2016-11-03", "Raid", "Hit", "2")
    assert open_table(path, Asked(sheet="Plain")).head.line == 1
    with pytest.raises(InputFault, match=r"In line 3 of t.xlsx no row begins"):
        open_table(path, Asked(line=3))


def test_rows_below_a_title_are_known_by_their_ids(store: Store, tmp_path: Path) -> None:
    given = [list(tables.ACLED), *tables.acled_rows(6, towns=3, groups=2)]
    book(tmp_path / "one.xlsx", {"All": [["Export of January"], *given[:5]]})
    book(tmp_path / "two.xlsx", {"All": [["Export of February"], ["By hand"], *given]})
    assert bring(store, tmp_path / "one.xlsx").events == 4
    made = bring(store, tmp_path / "two.xlsx")
    assert (made.events, made.number(Fate.SAME), made.number(Fate.CHANGED)) == (2, 4, 0)


def test_known_sets_without_headings_have_none_above(tmp_path: Path) -> None:
    path = tables.write(tmp_path / "day.export.CSV", tables.gdelt_rows(8), None, "\t")
    path.rename(tmp_path / "day.tsv")
    table = open_table(tmp_path / "day.tsv")
    assert (table.head.line, table.dialect.heads, len(table.dialect.sample)) == (0, 0, 8)


def test_the_line_is_kept_with_a_named_mapping(tmp_path: Path) -> None:
    path = save_mapping(guess(NAMES), "Towns", tmp_path)
    assert read_mapping(path).line is None
    made = json.loads(path.read_text("utf-8")) | {"line": 4}
    assert from_json(made).line == 4
    assert from_json(made | {"line": 0}).line == 0
    for wrong in (-1, "4", 1.5, 10**9):
        with pytest.raises(InputFault, match="“line” is the number of the line with the headings"):
            from_json(made | {"line": wrong})
    assert guess(NAMES).fits(["town", "TITLE", "date", "more"])
    assert not guess(NAMES).fits(["Town", "Title"])

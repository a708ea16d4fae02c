"""Tables as they are written: what is guessed of them, and that every row is found again cell by cell."""

from __future__ import annotations

import csv
import io
import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from db.errors import EnvironmentFault, InputFault
from db.importers.tables import delimited
from db.importers.tables.bad_rows import harmless
from db.importers.tables.codebooks import ACLED, UCDP
from db.importers.tables.columns import BadRow, Field
from db.importers.tables.dates import DateOrder, date_text, guess_order, span
from db.importers.tables.delimited import DelimitedRows, blocks, guess_dialect, scan
from db.importers.tables.known import GDELT_1, GDELT_2, recognise
from db.importers.tables.mapping import from_json, guess, read_mapping, save_mapping, saved_mappings
from db.importers.tables.reading import Asked, open_table
from db.kept.dialect import Dialect
from db.kept.tables import Layout, Piece, find_row, kept_rows, layout_of, packed
from db.values import MS_DAY, Shape
from tests.helpers import tables

CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\ufeff\x00"), max_size=12)
AWKWARD = st.sampled_from(
    ["", '"', 'a "b" c', "two\nlines", "two\r\nlines", "=1+1", "عربي", "a,b;c\td|e", "\u2028", "é"]
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


def bare(path, dialect):
    """All rows of a file, and a layout of its pieces kept in a data base in memory."""
    parts = []
    found = list(DelimitedRows(path, dialect, parts.append))
    con = sqlite3.connect(":memory:")
    con.execute("CREATE TABLE content (sha256 TEXT UNIQUE, body BLOB)")
    pieces = []
    for part in parts:
        sha256, body = packed(part)
        con.execute("INSERT OR IGNORE INTO content VALUES (?, ?)", (sha256, body))
        pieces.append(Piece(sha256, part.first_row, part.skip))
    return found, Layout("csv", dialect, tuple(pieces)), con, b"".join(part.data for part in parts)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.lists(CELL | AWKWARD, min_size=3, max_size=3), min_size=1, max_size=12),
    size=st.integers(1, 60),
    encoding=st.sampled_from(ENCODINGS),
    delimiter=st.sampled_from(delimited.DELIMITERS),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_row_is_found_again_in_its_piece(tmp_path, table, size, encoding, delimiter, ends):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows(table)
    path = tmp_path / "t.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    dialect = Dialect({"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding),
                      delimiter, header=False)  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "BLOCK", size)
        patch.setattr(delimited.blocks, "__defaults__", (size,))
        found, layout, con, data = bare(path, dialect)
    with closing(con):
        assert data == path.read_bytes()
        expected = [
            cells for cells in csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=delimiter) if cells
        ]
        assert [cells for _number, _line, cells, _said in found] == expected
        assert [number for number, *_rest in found] == list(range(1, len(expected) + 1))
        assert [cells for _number, cells in kept_rows(con, layout)] == expected
        for number, cells in enumerate(expected, 1):
            assert find_row(con, layout, number) == cells
        assert find_row(con, layout, len(expected) + 1) is None
        assert find_row(con, layout, 0) is None


def test_lines_count_as_people_count_them(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n\n"1\n2",x\n\n3,y\n', "utf-8")
    rows = list(DelimitedRows(path, guess_dialect(path)[0], lambda _part: None))
    assert rows == [(2, 3, ["1\n2", "x"], None), (3, 6, ["3", "y"], None)]


def test_pieces_are_about_as_large_as_asked(tmp_path):
    data = b"".join(b"%d,row\r\n" % number for number in range(5000))
    for width, encoding in ((1, "utf-8"), (2, "utf-16-le"), (4, "utf-32-be")):
        made = list(blocks(io.BytesIO(data.decode().encode(encoding)), encoding, 1000))
        assert b"".join(made).decode(encoding) == data.decode()
        assert all(len(piece) <= 1000 + 20 * width for piece in made)
        assert all(piece.decode(encoding).endswith("\n") for piece in made)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", delimited.DELIMITERS)
def test_how_it_is_written_is_guessed(tmp_path, encoding, delimiter):
    rows = [["Größe", "Ort", "Breite"], *([f"{n},5", f"Straße {n}, Müllerhof", f"3{n % 7},25"] for n in range(40))]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = tmp_path / "t.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    dialect, _head = guess_dialect(path)
    assert (dialect.delimiter, dialect.header, dialect.decimal) == (delimiter, True, ",")
    assert dialect.names == ("Größe", "Ort", "Breite")
    assert dialect.sample[0] == tuple(rows[1])


def test_what_is_asked_for_counts(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("1;2\n3;4\n", "utf-8")
    table = open_table(path)
    assert (table.dialect.names, table.dialect.header) == (("Column 1", "Column 2"), False)
    table = open_table(path, Asked(header=True, delimiter=";", decimal=","))
    assert (table.dialect.names, table.dialect.decimal, table.dialect.sample) == (("1", "2"), ",", (("3", "4"),))
    table = open_table(path, Asked(header=False))
    assert table.dialect.sample == (("1", "2"), ("3", "4"))
    with pytest.raises(InputFault, match="no encoding called"):
        open_table(path, Asked(encoding="utf-9"))


def test_what_comes_later_is_not_what_the_beginning_was(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "SAMPLE", 100)
    path = tmp_path / "t.csv"
    path.write_bytes(b"name,n\n" + b"plain,1\n" * 50 + "Straße,2\n".encode("cp1252"))
    table = open_table(path)
    assert table.dialect.encoding == "cp1252"
    assert [cells[0] for _n, _l, cells, _said in table.rows(lambda _part: None)][-1] == "Straße"
    path.write_bytes(b"name,n\n" + b"plain,1\n" * 50 + b"\x81\x8d,2\n")
    table = open_table(path)
    with pytest.raises(InputFault, match="cannot be read as cp1252"):
        list(table.rows(lambda _part: None))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "picture"),
        (b"PK\x03\x04" + bytes(200), "zip"),
        (bytes(range(256)) * 40, "not a text"),
    ],
)
def test_what_is_no_table(tmp_path, data, words):
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(InputFault, match=words) as caught:
        open_table(path)
    assert "Nothing was written" in str(caught.value)


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(EnvironmentFault, match="There is no file"):
        open_table(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputFault, match="folder"):
        open_table(tmp_path / "folder.csv")
    with pytest.raises(InputFault, match="of no kind"):
        open_table(tmp_path / "table.docx")


def test_a_scan_knows_all_of_it(tmp_path):
    path = tables.acled(tmp_path / "t.csv", 100)
    found = scan(path)
    assert (found.size, found.is_utf8) == (path.stat().st_size, True)
    assert found.lines >= 101


def test_how_many_rows_there_are_is_known_or_bounded(tmp_path):
    few, many, book = tmp_path / "few.csv", tmp_path / "many.csv", tmp_path / "t.geojson"
    few.write_text('a,b\n1,"two\nlines"\n\n2,x\n', "utf-8")
    assert open_table(few).row_count == (2, True)
    for encoding, end in (("utf-8", "\n"), ("utf-8", "\r\n"), ("utf-16", "\r\n"), ("utf-16-be", "\r\n")):
        text = end.join(["day,what", *(f"2016-01-0{n % 9 + 1},row {n}" for n in range(3000))])
        many.write_bytes((text + end if end == "\n" else text).encode(encoding))
        assert open_table(many, Asked(encoding=encoding)).row_count == (3000, False)
    feature = '{"type":"Feature","geometry":null,"properties":{"n":1}}'
    book.write_text('{"type":"FeatureCollection","features":[' + ",".join([feature] * 1200) + "]}", "utf-8")
    assert open_table(book).row_count == (1200, True)


def test_a_damaged_layout_is_told():
    layout = Layout("csv", Dialect(names=("a",)), (Piece("0" * 64, 1, 0),), mapping={"name": "x"})
    assert layout_of(layout.to_bytes()) == layout
    for data in (b"", b"{}", b"[1]", layout.to_bytes()[:-2]):
        with pytest.raises(EnvironmentFault, match="damaged"):
            layout_of(data)
    with closing(sqlite3.connect(":memory:")) as con:
        con.execute("CREATE TABLE content (sha256 TEXT, body BLOB)")
        with pytest.raises(EnvironmentFault, match="damaged"):
            find_row(con, layout, 1)


# Columns


def test_the_known_sets_are_recognised(tmp_path):
    assert recognise(tables.ACLED).name == "ACLED"
    assert recognise([name.upper() for name in tables.UCDP]).name == "UCDP GED"
    assert (len(GDELT_2), len(GDELT_1)) == (61, 58)
    assert recognise(GDELT_1).name == recognise(GDELT_2).name == "GDELT"
    assert recognise(["a", "b"]) is None
    short = recognise([name for name in tables.ACLED if name not in ("fatalities", "actor2")])
    assert Field.QUANTITY not in short.columns
    assert short.columns[Field.ACTOR] == ("actor1",)


def test_columns_are_guessed_by_their_names():
    header = ["ID", "Start Date", "End-date", "Headline", "Latitude", "LONG", "Town", "Actor 1", "Actor2", "Type"]
    mapping = guess(header)
    assert {field.value: names for field, names in mapping.columns.items()} == {
        "id": ("ID",), "title": ("Headline",), "start": ("Start Date",), "end": ("End-date",), "lat": ("Latitude",),
        "lon": ("LONG",), "place": ("Town",), "kind": ("Type",), "actor": ("Actor2",),
    }  # fmt: skip
    assert Field.LAT not in guess(["date", "lat"]).columns  # alone it says nothing


def test_mappings_are_kept_and_read_again(tmp_path):
    mapping = guess(["date", "title", "actor1", "actor2"])
    path = save_mapping(mapping, "Our lists 2", tmp_path / "new" / "folder")
    assert saved_mappings(tmp_path / "new" / "folder") == {"Our lists 2": path}
    read = read_mapping(path)
    assert (read.name, dict(read.columns), read.codebook) == ("Our lists 2", dict(mapping.columns), None)
    for name in ("", "../x", "a/b", "x" * 90, "dot."):
        with pytest.raises(InputFault, match="name has letters"):
            save_mapping(mapping, name, tmp_path)
    for said in ("", "[]", '{"columns": 1}', '{"columns": {"colour": "a"}}', '{"columns": {"title": 1}}',
                 '{"columns": {"start": ["a", "b"]}}', '{"columns": {}, "codebook": "x"}', "[" * 9000):  # fmt: skip
        bad = tmp_path / "bad.json"
        bad.write_text(said, "utf-8")
        with pytest.raises(InputFault, match=r"bad\.json"):
            read_mapping(bad)
    assert from_json({"columns": {"title": "A"}}).columns == {Field.TITLE: ("A",)}
    # Names of one field are one field.
    joined = from_json({"columns": {"actor": "A", "who": ["B", "C"], "end": [], "until": "D"}})
    assert joined.columns == {Field.ACTOR: ("A", "B", "C"), Field.END: ("D",)}
    with pytest.raises(InputFault, match="“date” can be one column only"):
        from_json({"columns": {"start": "A", "date": "B"}})


# Dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-11-27", "2016-11-27"), ("20161127", "2016-11-27"), ("20161100", "2016-11"), ("2016", "2016"),
        ("27/11/2016", "2016-11-27"), ("3.4.2016", "2016-04-03"), ("2016/11/27", "2016-11-27"),
        ("2016-11-27 00:00:00.000", "2016-11-27"), ("2016-11-27 14:05", "2016-11-27T14:05"),
        ("2016-11-27T14:05:06Z", "2016-11-27T14:05:06Z"), ("2016-11-27 14:05:06+0300", "2016-11-27T14:05:06+03:00"),
        ("27 November 2016", "2016-11-27"), ("November 2016", "2016-11"), ("2016-11~", "2016-11~"),
        ("-0043-03-15", "-0043-03-15"), ("44 BC", "-0043"), ("Y-10000", "Y-10000"), (" 2016-11-27 ", "2016-11-27"),
    ],
)  # fmt: skip
def test_dates_as_tables_write_them(text, expected):
    assert date_text(text) == expected
    assert span(text).edtf == expected


@given(st.dates())
def test_short_dates_in_both_orders(day):
    assume(day.year >= 1000)
    iso = day.isoformat()
    assert date_text(f"{day.day}/{day.month}/{day.year}") == iso
    assert date_text(f"{day.month:02d}/{day.day:02d}/{day.year}", DateOrder.MONTH_FIRST) == iso
    order, told = guess_order([f"{day.month}/{day.day}/{day.year}"] * 3)
    assert (order is DateOrder.MONTH_FIRST) == told == (day.day > 12)


def test_two_dates_last_or_lie_between():
    assert span("", "") is None
    assert span("2016-11-27", "2016-11-27").edtf == "2016-11-27"
    both = span("2016-11-01", "2016-11-27")
    assert (both.edtf, both.shape) == ("2016-11-01/2016-11-27", Shape.LASTING)
    between = span("2016-11-01", "2016-11-27", "3", codebook=UCDP)
    assert (between.edtf, between.shape) == ("[2016-11-01..2016-11-27]", Shape.MOMENT)
    week = span("2016-11-27", code="2", codebook=ACLED)
    assert (week.edtf, week.latest_end + 1 - week.earliest_start) == ("[2016-11-24..2016-11-30]", 7 * MS_DAY)
    assert span("2016-11-15", code="3", codebook=ACLED).edtf == "2016-11"
    assert span("2016-11-27T10:00", "2016-11-27T10:00").edtf == "2016-11-27T10:00"  # no length at all
    for bad in (("2016-11-27", "2016-11-01", ""), ("soon", "", ""), ("2016-02-30", "", ""), ("2016", "", "9")):
        with pytest.raises(BadRow):
            span(*bad, codebook=ACLED)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_bad_row(text):
    try:
        found = span(text)
    except BadRow:
        return
    assert found is None or found.earliest_start <= found.latest_end


@given(st.text(max_size=12))
def test_no_cell_is_taken_for_a_formula(text):
    made = harmless(text)
    assert made.removeprefix("'") == text.removeprefix("'") or made == text
    assert made[:1] not in ("=", "@", "\t", "\r")
    assert not made.startswith(("+", "-")) or made.lstrip("+-")[:1].isdecimal()

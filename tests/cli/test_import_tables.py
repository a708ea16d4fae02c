"""``dateline import`` of tables: what it says, what it leaves, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from db.store import Store
from tests.helpers import tables
from tests.helpers.commands import Run, process
from viewer.core.mappings import mappings_folder


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "project.gpkg"
    assert run("new", path).code == 0
    return path


def facts(run: Run, project: Path) -> dict[str, object]:
    return json.loads(run("info", project, "--json").out)


def test_a_known_table_is_brought_in(run: Run, project: Path, tmp_path: Path) -> None:
    said = run("import", project, tables.acled(tmp_path / "events.csv", 120, towns=10, groups=4))
    assert (said.code, said.out) == (0, "events.csv: 120 events imported, 20 new places, 4 new actors, 6 new kinds\n")
    assert "events.csv: ACLED, 31 columns, parted by commas, utf-8" in said.err
    assert "title=sub_event_type + location" in said.err
    found = facts(run, project)
    assert (found["events"], found["claims"], found["sources"]) == (120, 120, 1)
    assert run("check", project).code == 0


def test_bad_rows_are_listed_and_written(run: Run, project: Path, tmp_path: Path) -> None:
    path, target = tmp_path / "t.csv", tmp_path / "bad.csv"
    path.write_text("date,title\n2016,good\n" + "soon,\n" * 12, "utf-8")
    said = run("import", project, path, "--bad-rows", target)
    assert (said.code, said.out) == (0, "t.csv: 1 event imported\n")
    assert "12 rows could not be taken" in said.err
    assert "line 3: the date “soon” cannot be understood" in said.err
    assert "and 2 more" in said.err
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert (rows[0], len(rows), rows[1][0], rows[1][2:]) == (
        ["line", "reason", "date", "title"],
        13,
        "3",
        ["soon", ""],
    )


def test_what_came_in_before_and_what_lacks_a_date_is_told(run: Run, project: Path, tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{name}.csv" for name in ("one", "two", "three"))
    first.write_text("event_id,date,title,deaths\n1,2016,Raid,3\n2,,Fire,\n", "utf-8")
    said = run("import", project, first)
    assert (said.code, said.out) == (0, "one.csv: 2 events imported\n")
    assert "1 row has no date: it stands undated:\n  line 3: 2 · Fire\n" in said.err
    second.write_text("event_id,date,title,deaths\n2,,Fire,\n1,2016,Raid,4\n3,2016,Flood,\n3,2017,Flood,\n", "utf-8")
    target = tmp_path / "left.csv"
    said = run("import", project, second, "--bad-rows", target)
    assert (said.code, said.out) == (0, "two.csv: 1 event imported\n")
    for words in (
        "1 row came in before, but differs now; its event stays as it is:\n  line 3: its event_id 1 came in before, "
        "but differs now: deaths is “4”, was “3”\n",
        "1 row has the id of a row further up; passed over:\n  line 5: its event_id “3” is that of line 4\n",
        "1 row came in before; passed over:\n  line 2: its event_id 2 came in before\n",
        f"What could not be taken or read, differs or repeats is in {target}.",
    ):
        assert words in said.err
    with target.open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["line", "3", "5"]
    third.write_text("event_id,date,title,deaths\n1,2016,Raid,5\n", "utf-8")
    said = run("import", project, third)
    assert said.code != 0
    assert (
        "three.csv has no new row: 1 row came in before, 1 of them with other values. Nothing was written." in said.err
    )
    assert "line 2: its event_id 1 came in before, but differs now: deaths is “5”, was “3”" in said.err
    assert facts(run, project)["events"] == 3


def test_new_values_are_taken_over_where_that_is_asked_for(run: Run, project: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text("event_id,date,title,deaths\n1,2016,Raid,3\n2,2016,Fire,1\n", "utf-8")
    assert run("import", project, first).code == 0
    second.write_text("event_id,date,title,deaths\n1,2016,Raid,4\n2,2016,Fire,1\n3,2016,Flood,\n", "utf-8")
    said = run("import", project, second, "--take-over")
    assert (said.code, said.out) == (0, "two.csv: 1 event imported\n")
    assert (
        "1 row came in before and differs now; its event has the new values:\n  line 2: its event_id 1 came in before, "
        "but differs now: deaths is “4”, was “3”\n"
    ) in said.err
    assert "--bad-rows" not in said.err, "there is nothing to be looked into"
    assert facts(run, project)["events"] == 3
    assert run("check", project).code == 0


def test_rows_without_ids_come_in_once_unless_all_are_asked_for(run: Run, project: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "own.csv", tmp_path / "newer.csv"
    lines = [f"2016-11-{day:02},Event {day}\n" for day in range(1, 11)]
    first.write_text("date,title\n" + "".join(lines), "utf-8")
    second.write_text("date,title\n" + "".join(lines).replace("Event 4", "Event four"), "utf-8")
    assert run("import", project, first).code == 0
    said = run("import", project, second)
    assert (said.code, said.out) == (0, "newer.csv: 1 event imported\n")
    here = "9 of these 10 rows are in this project already, from own.csv, and "
    assert f"{here}are left out. A corrected row comes in as a new event beside the old one. --again takes" in said.err
    assert "9 rows came in before; passed over:\n  line 2: the same row came in before, from own.csv\n" in said.err
    assert facts(run, project)["events"] == 11
    third = tmp_path / "third.csv"
    third.write_text("date,title\n" + "".join(reversed(lines)), "utf-8")
    said = run("import", project, third)
    assert said.code != 0
    assert "All 10 rows are in this project already, from own.csv: nothing is left to import. --again" in said.err
    assert "third.csv has no new row: 10 rows came in before. Nothing was written." in said.err
    said = run("import", project, third, "--again")
    assert (said.code, said.out) == (0, "third.csv: 10 events imported\n")
    assert "and come in once more: their events will be there twice.\n" in said.err
    assert facts(run, project)["events"] == 21


def test_what_is_asked_for_in_vain_is_told(run: Run, project: Path, tmp_path: Path) -> None:
    known, plain = tmp_path / "known.csv", tmp_path / "plain.csv"
    known.write_text("event_id,date,title\n1,2016,Raid\n", "utf-8")
    plain.write_text("date,title\n2016,Fire\n", "utf-8")
    said = run("import", project, known, "--again", "--take-over")
    assert said.code == 0
    assert "--again changes nothing here: ids tell which rows came in before." in said.err
    assert "--take-over changes nothing" not in said.err
    said = run("import", project, plain, "--again", "--take-over")
    assert said.code == 0
    assert "--take-over changes nothing here: no column of the table holds ids of its rows." in said.err
    assert "--again changes nothing" not in said.err


def test_rows_that_come_again_behind_the_first_thousand_are_left_and_told(
    run: Run, project: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "own.csv", tmp_path / "newer.csv"
    first.write_text("date,title\n2016,Old\n", "utf-8")
    assert run("import", project, first).code == 0
    second.write_text("date,title\n" + "".join(f"2017,New {at}\n" for at in range(1200)) + "2016,Old\n", "utf-8")
    said = run("import", project, second)
    assert (said.code, said.out) == (0, "newer.csv: 1,200 events imported\n")
    assert "in this project already" not in said.err
    assert "  line 1202: the same row came in before, from own.csv\n--again takes the rows that came" in said.err


def test_columns_are_told_and_the_mapping_kept(run: Run, project: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("wann;was;wer;mit\n3/4/2016;Treffen;A;B\n", "utf-8")
    assert "No column of this table says" in run("import", project, path).sentence
    maps = ("--map", "start=wann", "--map", "title=was", "--map", "actor=wer", "--map", "actor=mit")
    said = run("import", project, path, *maps, "--dates", "mdy", "--save-mapping", "Listen", "--title", "Liste")
    assert (said.code, said.out) == (0, "t.csv: 1 event imported, 2 new actors\nSaved the mapping “Listen”\n")
    assert "dates as month/day/year" in said.err
    assert (mappings_folder() / "Listen.json").is_file()
    second = tmp_path / "u.csv"
    second.write_text("wann;was;wer;mit\n4/4/2016;Treffen;A;C\n", "utf-8")
    said = run("import", project, second, "--mapping", "Listen")
    assert (said.code, said.out) == (0, "u.csv: 1 event imported, 1 new actor\n")
    assert "dates as day/month/year (--dates mdy for the other)" in said.err
    assert "Listen, 4 columns, parted by semicolons" in said.err
    store = Store.open(project)
    con = store.reader()
    assert con.execute("SELECT edtf FROM event ORDER BY id").fetchall() == [("2016-03-04",), ("2016-04-04",)]
    assert con.execute("SELECT title FROM source ORDER BY id").fetchall() == [("Liste",), ("u",)]
    con.close()
    store.close()


def test_a_map_says_what_the_file_has_and_what_became_of_its_geometries(
    run: Run, project: Path, tmp_path: Path
) -> None:
    shapes = (
        {"type": "Point", "coordinates": [43, 36]},
        {"type": "Polygon", "coordinates": [[[43, 36], [44, 36], [44, 37], [43, 36]]]},
        {"type": "LineString", "coordinates": [[43, 36], [43, 36.2]]},
        None,
    )
    features = [
        {"type": "Feature", "geometry": shape, "properties": {"title": f"E{at}", "when": "2016"}}
        for at, shape in enumerate(shapes)
    ]
    path = tmp_path / "t.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    said = run("import", project, path)
    assert (said.code, said.out) == (0, "t.geojson: 4 events imported, 3 new places\n")
    assert said.err == (
        "t.geojson: Guessed from the headers, 2 columns\n"
        "  title=title, start=when, lat + lon + radius + outline from its geometry\n"
        "1 row has a geometry that is not taken as it is:\n"
        "  line 3: it is a line, so it stands as a point with a radius of 22.2 km\n"
        "1 row has no geometry: it stands nowhere on the map:\n"
        "  line 4: 2016 · E3\n"
    )


def test_our_own_exports_say_what_they_have(run: Run, project: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("title,date,lat,lon,deaths\nRaid,2016,36,43,3\nNowhere,2017,,,\n", "utf-8")
    assert run("import", project, table).code == 0
    for suffix in (".geojson", ".gpkg", ".kml", ".csv"):
        assert run("export", project, tmp_path / f"out{suffix}").code == 0
        new = tmp_path / f"of{suffix}.gpkg"
        assert run("new", new).code == 0
        said = run("import", new, tmp_path / f"out{suffix}")
        assert said.code == 0
        assert "geometry that" not in said.err, "an event without a place is no trouble"
        assert "no geometry" not in said.err
        assert ("from its geometry" in said.err) == (suffix != ".csv")
        assert ("claims from its table of claims" in said.err) == (suffix == ".gpkg")


def test_the_line_of_the_headings_is_guessed_asked_for_and_remembered(run: Run, project: Path, tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{name}.csv" for name in ("one", "two", "three"))
    first.write_text("Incidents by town\n\nwann,was,wo\n2016-11-03,Raid,Hit\n2016-11-04,,\n", "utf-8")
    said = run("import", project, first, "--map", "start=wann", "--map", "title=was")
    assert (said.code, said.out) == (0, "one.csv: 2 events imported\n")
    assert "3 columns, parted by commas, utf-8, headings in line 3\n" in said.err
    assert "line 5: 2016-11-04" in said.err

    # A title as long as the headings is none by the number of its cells.
    text = "Incidents,by,town\nwann,was,wo\n{},Fire,Rawa\n"
    second.write_text(text.format("2016-11-05"), "utf-8")
    options = ("--map", "start=wann", "--map", "title=was")
    assert "There is no column “wann”" in run("import", project, second, *options).sentence
    said = run("import", project, second, *options, "--header-line", "2", "--save-mapping", "Towns")
    assert (said.code, said.out.splitlines()[0]) == (0, "two.csv: 1 event imported")
    third.write_text(text.format("2016-11-06"), "utf-8")
    said = run("import", project, third, "--mapping", "Towns")
    assert (said.code, said.out) == (0, "three.csv: 1 event imported\n")
    assert "headings in line 2" in said.err

    # Where the headings are found elsewhere the line that is remembered does not matter.
    fourth = tmp_path / "four.csv"
    fourth.write_text("wann,was,wo\n2016-11-07,Flood,Ana\n2016-11-08,Storm,Ana\n", "utf-8")
    said = run("import", project, fourth, "--mapping", "Towns")
    assert (said.code, said.out) == (0, "four.csv: 2 events imported\n")
    assert "There is no column" in run("import", project, third, "--mapping", "Towns", "--header-line", "1").sentence
    said = run("import", project, third, "--header-line", "9")
    assert "In line 9 of three.csv no row begins that could hold the headings. Name another line" in said.sentence
    said = run("import", project, third, "--header-line", "2", "--no-header")
    assert "Either a line has the headings or none does" in said.sentence


@pytest.mark.parametrize(
    ("name", "option", "kinds"),
    [
        ("book.xlsx", ["--no-header"], "CSV and TSV"),
        ("map.geojson", ["--no-header"], "CSV and TSV"),
        ("map.kml", ["--header-line", "2"], "CSV, TSV and XLSX"),
    ],
)
def test_headings_are_not_asked_for_where_nobody_looks_for_them(
    run: Run, project: Path, tmp_path: Path, name: str, option: list[str], kinds: str
) -> None:
    (tmp_path / name).write_bytes(b"")
    said = run("import", project, tmp_path / name, *option)
    assert said.code != 0
    assert said.sentence.startswith(f"{name}: {option[0]} is for {kinds} files. Nothing was imported")


def test_fields_are_known_by_their_usual_headings(run: Run, project: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b;c;d;e\n2016;Raid;36;43;Here\n", "utf-8")
    maps = [
        f"{field}={column}" for field, column in zip(("Date", "name", "latitude", "lng", "town"), "abcde", strict=True)
    ]
    said = run("import", project, path, *(part for each in maps for part in ("--map", each)))
    assert (said.code, said.out) == (0, "t.csv: 1 event imported, 1 new place\n")
    assert "start=a, title=b, lat=c, lon=d, place=e" in said.err
    said = run("import", project, path, "--map", "titlle=b")
    assert "There is no field “titlle”. Did you mean title? The fields are: title, summary" in said.sentence


def test_texts_and_tables_together(run: Run, project: Path, tmp_path: Path) -> None:
    text, table = tmp_path / "report.txt", tmp_path / "t.tsv"
    text.write_text("A report\n\nIt says so.\n", "utf-8")
    table.write_text("date\ttitle\n2016\tA\n", "utf-8")
    said = run("import", project, table, text, "--published", "2017")
    assert (said.code, said.out) == (0, "report.txt: imported\nt.tsv: 1 event imported\n")
    assert facts(run, project)["sources"] == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--mapping", "nowhere"], "There is no mapping “nowhere”. There are: ACLED, UCDP GED, GDELT"),
        (["--mapping", "nowhere.json"], "The mapping nowhere.json cannot be read"),
        (["--map", "title"], "--map says FIELD=COLUMN"),
        (["--map", "colour=title"], "There is no field “colour”. The fields are: title, summary"),
        (["--map", "title=Nothing"], "There is no column “Nothing” for the title"),
        (["--map", "lat=title"], "A latitude needs a longitude"),
        (["--encoding", "utf-9"], "There is no encoding called “utf-9”"),
        (["--encoding", "utf-16-le"], "cannot be read as utf-16-le"),
        (["--delimiter", "ab"], "The delimiter is one character"),
        (["--decimal", ";"], "The decimal mark"),
        (["--published", "soon"], "soon"),
    ],
)
def test_what_is_refused(run: Run, project: Path, tmp_path: Path, options: list[str], words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text("date,title\n2016,A\n2017,B!\n!", "utf-8")
    before = project.read_bytes()
    said = run("import", project, path, *options)
    assert said.code == 2
    assert words in said.sentence
    assert said.out == ""
    assert project.read_bytes() == before


def test_the_same_table_twice(run: Run, project: Path, tmp_path: Path) -> None:
    path = tables.acled(tmp_path / "events.csv", 20)
    assert run("import", project, path).code == 0
    before = project.read_bytes()
    said = run("import", project, path)
    assert said.code == 2
    assert "events.csv is in the project already: it is the table of “events”. Nothing was written." in said.sentence
    assert project.read_bytes() == before


def test_what_cannot_be_opened(run: Run, project: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    for path, words in ((tmp_path / "none.csv", "There is no file"), (empty, "empty.csv is empty")):
        said = run("import", project, path)
        assert (said.code, words in said.sentence) == (2, True)
    other = tmp_path / "bad" / "place.csv"
    said = run("import", project, tables.acled(tmp_path / "e.csv", 2), "--bad-rows", other)
    assert said.code == 0  # there were none to write


def test_a_sheet_of_a_workbook(run: Run, project: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("One", "Two"):
        book.create_sheet(name).append(["title"])
        book[name].append([f"In {name}"])
    book.save(tmp_path / "t.xlsx")
    said = run("import", project, tmp_path / "t.xlsx", "--sheet", "Two")
    assert (said.code, said.out) == (0, "t.xlsx: 1 event imported\n")
    said = run("import", project, tmp_path / "t.xlsx", "--sheet", "Three")
    assert (said.code, "has no sheet “Three”. There are: Sheet, One, Two" in said.sentence) == (2, True)


def test_as_its_own_process_without_warnings(project: Path, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "day.export.CSV", tables.gdelt_rows(40), None, "\t")
    said = process("import", project, path, XDG_CONFIG_HOME=str(tmp_path))
    assert (said.code, said.out.split(":")[1].split(",")[0]) == (0, " 40 events imported")

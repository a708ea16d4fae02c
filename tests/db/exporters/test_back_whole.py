"""What is exported and imported into another project is the same there: every event with all its claims."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db import edits, edtf, queries
from db.displayed import span_columns
from db.errors import EnvironmentFault
from db.exporters import export_events
from db.geometry import geometry_blob, point_blob
from db.importers import bundle
from db.importers.tables.columns import Field
from db.importers.tables.importer import import_table
from db.importers.tables.known import recognise
from db.importers.tables.outcome import NothingNew, TableImported
from db.importers.tables.reading import open_table
from db.store import Store
from db.tables import Actor, Claim, ClaimActor, Event, Kind, Place, Source
from db.templates import new_project
from db.values import Shape, Stance, Status
from tests.helpers.described import Described, described
from tests.helpers.examples import examples
from tests.helpers.imported import bring, counts, everything, own, rows, sound
from viewer.paths import resource

FORMATS = (".csv", ".geojson", ".kml", ".kmz", ".gpkg")


def told(store: Store) -> Described:
    with closing(store.reader()) as con:
        return described(con)


def exported_again(store: Store, file: Path) -> bytes:
    with closing(store.reader()) as con:
        export_events(con, file)
    return file.read_bytes()


def passed_on(store: Store, folder: Path, suffix: str, name: str = "second") -> tuple[Store, TableImported]:
    """Another project into which all events were exported and imported."""
    file = folder / f"{name}-out{suffix}"
    with closing(store.reader()) as con:
        export_events(con, file)
    new_project(folder / f"{name}.gpkg", "Second")
    second = Store.open(folder / f"{name}.gpkg")
    return second, bring(second, file)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    bundle.build(resource("sample"), path)
    store = Store.open(path)
    with store.step("Decide") as session:
        first, second, third, fourth = rows(store, "SELECT id FROM event WHERE claim_count > 1 ORDER BY id LIMIT 4")
        edits.set_event_title(session, first[0], "Decided; otherwise")
        edits.set_event_date(session, second[0], edtf.parse("2015-05~", Shape.LASTING))
        edits.add_event_actor(session, third[0], "Somebody new")
        edits.set_event_place(session, fourth[0], edits.add_place(session, "Decided", 40.123456789, 35.5, radius_m=700))
        edits.set_event_status(session, fourth[0], Status.DENIED)
    yield store
    store.close()


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_sample_comes_back_whole(sample: Store, tmp_path: Path, suffix: str) -> None:
    expected = told(sample)
    assert len(expected) == 130
    assert sum(len(event["claims"]) for event in expected.values()) == 162
    second, imported = passed_on(sample, tmp_path, suffix)
    assert (imported.events, imported.left) == (130, 0)
    assert told(second) == expected
    sound(second)
    # The sources of an event stand in the project's order, which is not that of its claims.
    assert exported_again(second, tmp_path / "again.csv") == exported_again(sample, tmp_path / "first.csv")
    assert {row[0] for row in rows(second, "SELECT treatment || field FROM decision")} == {
        f"used{field}" for field in ("title", "date", "actors", "place", "status")
    }
    # It is one step: taken back, brought again by number and uid.
    after, empty = (
        everything(second),
        {"event": 0, "claim": 0, "quote": 0, "source": 0, "document": 0, "claim_actor": 0},
    )
    assert second.undo().note == ""
    assert {name: counts(second)[name] for name in empty} == empty
    assert rows(second, "SELECT count(*) FROM decision") == [(0,)]
    sound(second)
    second.redo()
    assert everything(second) == after
    assert told(second) == expected
    sound(second)
    second.close()


def test_sources_that_came_back_are_sources_as_any(sample: Store, tmp_path: Path) -> None:
    second, imported = passed_on(sample, tmp_path, ".csv")
    with closing(second.reader()) as con:
        found = {row.title: row for row in queries.sources(con) if row.claims}
        wanted = {row.title: row for row in queries.sources(sample.reader()) if row.claims}
    assert found.keys() == wanted.keys()
    for title, row in found.items():
        same = wanted[title]
        assert (row.publisher, row.published, row.reliability) == (same.publisher, same.published, same.reliability)
        assert (row.claims, row.events) == (same.claims, same.events)
        (document,) = row.documents
        assert (document.role, document.title) == ("table", f"Rows of {imported.title}.csv")
    # The lens: what one of them says alone goes with it, as in the project of before.
    title = max(found, key=lambda each: found[each].events)
    with closing(second.reader()) as con, closing(sample.reader()) as old:
        here = queries.event_columns(con, frozenset({found[title].id}))
        there = queries.event_columns(old, frozenset({wanted[title].id}))
        assert sorted(here.earliest.tolist()) == sorted(there.earliest.tolist())
    # The grade: a new judgement of the source is that of its claims.
    with second.step("Judge") as session:
        edits.set_source_reliability(session, found[title].id, "F")
    assert {
        event["grade"][0] for event in told(second).values() if [c["source"][0] for c in event["claims"]] == [title]
    } == {"F"}
    # The row is what a claim rests on.
    quote, claim_source = rows(second, "SELECT quote_id, source_id FROM claim ORDER BY id LIMIT 1")[0]
    with closing(second.reader()) as con:
        row = queries.table_row(con, quote)
        assert row is not None
        assert row.cells[row.columns.index("uid")] == rows(second, "SELECT uid FROM event ORDER BY id LIMIT 1")[0][0]
    assert claim_source in {row.id for row in found.values()}
    # A second file of the same sources makes no second sources, and their judgement stands.
    with closing(sample.reader()) as con:
        ids = [row[0] for row in con.execute("SELECT id FROM event ORDER BY uid").fetchall()]
        export_events(con, tmp_path / "again.csv", ids=ids)
    before = counts(second)["source"]
    table = open_table(tmp_path / "again.csv")
    mapping = recognise(table.dialect.names)
    assert mapping is not None
    with pytest.raises(NothingNew):
        import_table(second, table, mapping)
    made = import_table(second, table, mapping.with_column(Field.UID))
    assert made.events == 130
    assert counts(second)["source"] == before + 1, "that of the file alone"
    assert {letter for (letter,) in rows(second, "SELECT reliability FROM source WHERE title = ?", title)} == {"F"}
    sound(second)
    second.close()


def test_what_was_worked_on_stays_with_all_its_claims_when_the_import_is_taken_back(
    sample: Store, tmp_path: Path
) -> None:
    second, _imported = passed_on(sample, tmp_path, ".gpkg")
    second.close()
    with closing(sqlite3.connect(tmp_path / "second.gpkg")) as con:
        event, claim = con.execute("SELECT event_id, max(id) FROM claim GROUP BY 1 HAVING count(*) > 1").fetchone()
        con.execute("UPDATE claim SET attributed_to = 'by another hand' WHERE id = ?", (claim,))
        con.execute("UPDATE event SET title = 'Seen' WHERE id = 1")  # so that it is seen when it is opened
        con.commit()
    second = Store.open(tmp_path / "second.gpkg")
    kept = len(rows(second, "SELECT id FROM claim WHERE event_id = ?", event))
    while counts(second)["event"] == 130:
        change = second.undo()
    assert change is not None
    assert change.note.startswith("1 event has been worked on since and stays")
    assert (counts(second)["event"], counts(second)["claim"], counts(second)["quote"]) == (1, kept, kept)
    sound(second, checked=False)
    with closing(second.reader()) as con:
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
    second.close()


def test_columns_of_claims_that_do_not_agree_are_told(sample: Store, tmp_path: Path) -> None:
    with closing(sample.reader()) as con:
        export_events(con, tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines(keepends=True)
    cut = [lines[0], lines[1].replace(",supports,", ",supports; supports,"), *lines[2:5]]
    new_project(tmp_path / "second.gpkg", "Second")
    second = Store.open(tmp_path / "second.gpkg")
    made = bring(second, own(tmp_path, "".join(cut), "cut.csv"))
    assert (made.events, made.left) == (3, 1)
    assert made.bad[0].reason == "its columns of claims do not agree: they say 1 and 2 things"
    short = [lines[0], cut[1]]
    with pytest.raises(EnvironmentFault, match="Line 2: its columns of claims do not agree"):
        bring(second, own(tmp_path, "".join(short), "short.csv"))
    sound(second)
    second.close()


# A property: whatever claims say

words = st.text(st.sampled_from("a;\"=-[\n\u0627\u0644 ,'"), min_size=1, max_size=8).map(lambda text: f"x{text}y")
risky = st.sampled_from(["=1+1", "-44", "'=x", "@a; b", '"q"; r', "[x]", "الموصل; داعش", "a\nb"]) | words
dates = st.none() | st.sampled_from(
    [
        "2016-11-27",
        "-0043-03-15",
        "2016~",
        "[2016-11..2016-12]",
        "2014/..",
        "../2017",
        "2016-11-27T10:30Z",
        "1999?",
        "-0500",
    ]
)
claim = st.fixed_dictionaries(
    {
        "title": st.none() | risky,
        "summary": st.none() | risky,
        "when": dates,
        "shape": st.sampled_from(Shape),
        "place": st.none() | st.integers(1, 6),
        "source": st.none() | st.integers(1, 4),
        "stance": st.sampled_from(Stance),
        "status": st.sampled_from(Status),
        "credibility": st.none() | st.integers(1, 6),
        "actors": st.lists(st.integers(1, 3), unique=True, max_size=2),
        "said": st.none() | risky,
        "count": st.none() | st.sampled_from([(3.0, None, None), (None, 5.5, None), (-1e9, 0.1, 7.0)]),
    }
)
made_events = st.lists(st.tuples(st.lists(claim, min_size=1, max_size=4), st.booleans(), st.none() | risky), max_size=6)
PLAIN = {"title": None, "summary": None, "when": None, "shape": Shape.MOMENT, "place": None, "source": 1,
         "stance": Stance.SUPPORTS, "status": Status.OCCURRED, "credibility": None, "actors": [], "said": None,
         "count": None}  # fmt: skip


def make(path: Path, made: list[tuple[list[dict], bool, str | None]]) -> Store:
    store = Store.create(path, "Made")
    with store.step("Make") as session:
        session.add(Kind(id=1, name="Fighting; =more", shape="chevron", light="#102030", dark="#ffffff"))
        session.add(Place(id=1, name="الموصل", geom=point_blob(43.13, 36.34)))
        session.add(Place(id=2, name="@Raqqa; old", geom=point_blob(-179.123456789, -89.5), radius_m=20_000.5))
        session.add(Place(id=3, name="Nowhere", radius_m=1e6))
        area = shapely.Polygon([(40, 35), (42, 35), (42, 36), (40, 36)])
        session.add(Place(id=4, name="Desert", kind="area", geom=geometry_blob(area)))
        session.add(Place(id=5, name="Zero", geom=point_blob(0, 0)))
        session.add(Place(id=6, name="Zero", geom=point_blob(1, 0)))
        for number, (title, publisher, letter) in enumerate(
            [("-Report; one", "Herald; Co", "B"), ("a: b", None, None), ("تقرير", "وكالة", "F"), ("a: b", "a", "A")], 1
        ):
            published = edtf.parse("2017-01~") if number % 2 else None
            session.add(Source(id=number, title=title, publisher=publisher, reliability=letter,
                               published=published and published.edtf))  # fmt: skip
        for number, name in enumerate(("@army; 2nd", "داعش", "=x"), 1):
            session.add(Actor(id=number, name=name))
        session.flush()
        for number, (claims, decided, note) in enumerate(made, 1):
            session.add(
                Event(
                    id=number, kind_id=1 if note else None, note=note, tags=json.dumps(["a; b", "ع"]) if note else None
                )
            )
            session.flush()
            for each in claims:
                found = Claim(event_id=number, source_id=each["source"], title=each["title"], summary=each["summary"],
                              place_id=each["place"], stance=each["stance"].value, status=each["status"].value,
                              credibility=each["credibility"], attributed_to=each["said"])  # fmt: skip
                if each["count"]:
                    found.quantity_value, found.quantity_low, found.quantity_high = each["count"]
                    found.quantity_what, found.quantity_unit = "=families", "%"
                if each["when"]:
                    span = edtf.parse(each["when"], each["shape"])
                    found.edtf, found.time_shape = span.edtf, span.shape.value
                    for name, value in span_columns(span).items():
                        setattr(found, name, value)
                session.add(found)
                session.flush()
                for actor in each["actors"]:
                    session.add(ClaimActor(claim_id=found.id, actor_id=actor))
                    session.flush()
            if decided and any(each["source"] for each in claims):
                edits.set_event_title(session, number, "Decided")
                edits.set_event_place(session, number, 2)
                edits.add_event_actor(session, number, "@army; 2nd")
                edits.set_event_date(session, number, edtf.parse("-0300"))
    return store


@settings(max_examples=examples(5), deadline=None)
@given(made_events)
@example([([PLAIN | {"source": each, "place": each, "title": f"t{each}"} for each in (1, 2, 3, 4)], False, "n")])
@example([([PLAIN | {"place": 5}, PLAIN | {"place": 6, "source": None}, PLAIN | {"place": 4}], False, None)])
@example(
    [
        ([PLAIN | {"actors": [1], "stance": Stance.DISPUTES}], False, None),
        ([PLAIN | {"when": "../2017"}, PLAIN | {"when": "2014/.."}], True, None),
    ]
)
def test_whatever_claims_say_comes_back(made: list[tuple[list[dict], bool, str | None]]) -> None:
    if not made:
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        store = make(folder / "made.gpkg", made)
        expected = told(store)
        for number, suffix in enumerate(FORMATS):
            second, imported = passed_on(store, folder, suffix, f"project{number}")
            assert (imported.events, imported.left) == (len(made), 0)
            found = told(second)
            assert found.keys() == expected.keys()
            for uid in expected:
                assert as_carried(found[uid], suffix) == as_carried(expected[uid], suffix)
            sound(second, checked=False)
            second.close()
        store.close()


def as_carried(event: dict, suffix: str) -> dict:
    """Of areas a CSV has a point, and GeoJSON and KML their shape only where the event is displayed there."""
    if suffix == ".gpkg":
        return event

    def place(given):
        return given and ("Desert" if given[0] == "Desert" else given)

    claims = [each | {"place": place(each["place"])} for each in event["claims"]]
    return event | {"place": place(event["place"]), "claims": claims}

"""The bundled sample: complete, coded with allowed words, in our own words, and the same whenever it is built."""

from __future__ import annotations

import importlib.util
import json
import re
import sqlite3
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from db import edtf
from db.importers.bundle import build, uid_of
from db.importers.digest import read_digest
from db.queries.catalogue import project
from db.queries.columns import event_columns, event_titles
from db.queries.events import event_detail
from db.queries.sources import document_text, quotes_of_document, sources
from db.reading.attach import attach
from db.store import Store
from db.values import DocumentRole, Mode, QuoteState, Reach, Shape, Stance, Status
from tests.helpers.shared import SHARED, needs_shared

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sample"
ROWS = [f"e{number:03d}" for number in range(1, 163)]
DISAGREEING = {
    "abadi-collapsing",
    "caliphate-declared",
    "mosul-end-of-isis",
    "raqqa-offensive",
    "raqqa-plan",
    "russian-targets",
    "supplies-cut",
    "turkish-border-tightens",
}
OUTCOMES = {
    "isis-stays-in-mosul": "isis-retreat-plan",
    "mosul-expected-to-fall": "isis-gone-in-2016",
    "mosul-offensive": "mosul-plan",
    "palmyra-retaken-by-isis": "isis-gone-in-2016",
    "peshmerga-turn-back": "peshmerga-to-close-in",
}


def data(name):
    return json.loads((FOLDER / name).read_text("utf-8"))


def claims_of(events):
    return [claim for event in events for claim in event["claims"]]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    out = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    build(FOLDER, out)
    return out


@pytest.fixture
def con(path):
    store = Store.open(path, read_only=True)
    reader = store.reader()
    yield reader
    reader.close()
    store.close()


@pytest.fixture
def details(con):
    """Data-file id of an event -> the event as displayed."""
    ids = dict(con.execute("SELECT uid, id FROM event").fetchall())
    return {item["id"]: event_detail(con, ids[uid_of("event", item["id"])]) for item in data("events.json")}


def test_every_row_is_the_original_quote_of_exactly_one_claim(con):
    found = con.execute(
        "SELECT o.uid, o.state, o.exact, d.role, s.id = c.source_id "
        "FROM claim AS c JOIN quote AS q ON q.id = c.quote_id "
        "JOIN quote AS o ON o.id = coalesce(q.same_as_id, q.id) JOIN document AS d ON d.id = o.document_id "
        "JOIN source AS s ON s.id = d.source_id"
    ).fetchall()
    assert sorted(row[0] for row in found) == sorted(uid_of("quote", row) for row in ROWS)
    assert {row[1:] for row in found} == {("standoff", None, "original", 1)}


def test_files_are_in_a_stable_order():
    events = data("events.json")
    for event in events:
        rows = [claim["row"] for claim in event["claims"]]
        assert rows == sorted(rows)
    firsts = [event["claims"][0]["row"] for event in events]
    assert firsts == sorted(firsts)
    for name in ("actors.json", "places.json"):
        ids = [item["id"] for item in data(name)]
        assert ids == sorted(ids)


@pytest.mark.parametrize("claim", claims_of(data("events.json")), ids=lambda claim: claim["row"])
def test_claim_is_coded_with_allowed_words(claim):
    edtf.parse(claim["date"], Shape(claim["shape"]))
    Stance(claim["stance"])
    Status(claim["status"])
    assert claim["credibility"] in range(1, 7) if "credibility" in claim else True
    assert 3 <= len(claim["title"]) <= 40
    assert claim["summary"].endswith(".")
    assert len(claim["summary"]) <= 160
    control = claim.get("control")
    if control:
        Reach(control["reach"])
        Mode(control["mode"])
        kind = next(place["type"] for place in data("places.json") if place["id"] == control["place"])
        assert kind in {"city", "town", "airbase", "airfield"}
        assert claim["status"] in {"occurred", "claimed"}
    quantity = claim.get("quantity")
    if quantity:
        assert {"value", "low", "high"} & quantity.keys()


def test_each_event_has_visible_words(con, details):
    assert len(details) == len(data("events.json"))
    for key, detail in details.items():
        assert detail.claims, key
        assert any(claim.document_role is DocumentRole.DIGEST for claim in detail.claims), key
        assert detail.title
        assert detail.supported
        assert detail.when is not None


def test_disagreement_is_shown_where_sources_disagree(details):
    assert {key for key, detail in details.items() if detail.disagrees} == DISAGREEING


def test_forecasts_have_their_outcomes(details):
    by_id = {detail.id: key for key, detail in details.items()}
    found = {key: by_id[detail.outcome_of_id] for key, detail in details.items() if detail.outcome_of_id}
    assert found == OUTCOMES
    for later, forecast in OUTCOMES.items():
        assert details[forecast].status in {Status.PLANNED, Status.PREDICTED}
        assert any("Outcome of" in (claim.note or "") for claim in details[later].claims)


def test_opens_with_the_conflict_at_mosul(con, details):
    opening = project(con)
    abadi = details["abadi-collapsing"]
    assert opening.opens_with == abadi.uid
    assert abadi.title == "Abadi says ISIS is collapsing at Mosul"
    assert abadi.when == edtf.parse("[2016-11-27,2016-11-28]")
    assert [claim.stance for claim in abadi.claims].count(Stance.DISPUTES) == 2
    at = edtf.parse(opening.opens_at)
    assert abadi.when.possibly_in(at.earliest_start, at.latest_end)
    assert opening.extent.west < abadi.place.lon < opening.extent.east
    assert opening.extent.south < abadi.place.lat < opening.extent.north


def test_control_steps_follow_the_story(con):
    rows = con.execute(
        "SELECT p.name, a.name, c.control_reach, c.control_mode FROM claim AS c JOIN place AS p "
        "ON p.id = c.control_place_id JOIN actor AS a ON a.id = c.control_holder_id WHERE p.name LIKE 'Palmyra%' "
        "ORDER BY c.earliest"
    ).fetchall()
    assert [(holder, reach, mode) for _, holder, reach, mode in rows] == [
        ("ISIS", "whole", "takes"),
        ("Syrian government", "whole", "takes"),
        ("ISIS", "whole", "takes"),
    ]
    takes = con.execute(
        "SELECT count(*) FROM claim AS c JOIN place AS p ON p.id = c.control_place_id JOIN actor AS a ON "
        "a.id = c.control_holder_id WHERE p.name = 'Mosul' AND a.name != 'ISIS' AND c.control_reach = 'whole'"
    ).fetchone()
    assert takes == (0,)  # a partial gain at Mosul is no change of hands


def test_hiding_a_source_leaves_nothing_of_it(con):
    debka = next(source for source in sources(con) if source.publisher == "DEBKA Weekly")
    all_titles = set(event_titles(con, event_columns(con).id.tolist()).values())
    hidden = frozenset({debka.id})
    columns = event_columns(con, hidden)
    titles = set(event_titles(con, columns.id.tolist(), hidden).values())
    assert len(columns) < len(event_columns(con))
    assert "Abadi says ISIS is collapsing at Mosul" in all_titles - titles


def test_sources_are_complete_and_judged(con):
    found = sources(con)
    assert [source.publisher for source in found] == [
        "Reuters",
        "The Arab Weekly",
        "Al-Masdar News",
        "The Cipher Brief",
        "DEBKA Weekly",
    ]
    for source in found:
        assert source.published_first < source.published_last
        assert source.published_evidence
        assert source.reliability in {"B", "C", "D"}
        assert source.judged_by == "Dateline sample editors"
        assert f"Why {source.reliability}: " in source.note
        assert [document.role for document in source.documents] == [DocumentRole.DIGEST, DocumentRole.ORIGINAL]
        digest, original = source.documents
        assert digest.origin_id == original.id
        assert digest.has_text
        assert not original.has_text


@pytest.mark.parametrize("digest", sorted((FOLDER / "digests").glob("*.md")), ids=lambda digest: digest.stem)
def test_digest_is_short_and_labelled(digest):
    text = digest.read_text("utf-8")
    assert text.startswith("# Digest of ")
    assert "in our own words" in text.splitlines()[0]
    assert 250 <= len(read_digest(text).text.split()) <= 450


def test_digest_quotes_are_anchored_in_their_own_source(con):
    rows_of = {item["source"]: {quote["row"] for quote in item["quotes"]} for item in data("standoff.json")}
    overlapping = 0
    for source in sources(con):
        digest = next(document for document in source.documents if document.role is DocumentRole.DIGEST)
        text = document_text(con, digest.id)
        quotes = quotes_of_document(con, digest.id)
        for quote in quotes:
            assert quote.state is QuoteState.ANCHORED
            assert text[quote.start : quote.end] == quote.exact
            assert quote.claims
        uids = {
            con.execute("SELECT uid FROM quote WHERE id = ?", (quote.same_as_id,)).fetchone()[0] for quote in quotes
        }
        assert any(uids <= {uid_of("quote", row) for row in rows} for rows in rows_of.values())
        overlapping += sum(after.start < before.end for before, after in pairwise(quotes))
    assert overlapping >= 5


def test_two_builds_are_the_same_but_for_identity(path, tmp_path):
    again = tmp_path / "again.gpkg"
    build(FOLDER, again)
    first, second = _content(path), _content(again)
    assert first.keys() == second.keys()
    for table, rows in first.items():
        assert rows == second[table], table
    assert "event" in first
    assert first["claim"]


def _content(path):
    con = sqlite3.connect(path)
    own = {"journal", "step", "app_meta", "migration", "project", "gpkg_contents", "sqlite_sequence"}
    tables = [row[0] for row in con.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    kept = [name for name in tables if name not in own and not name.startswith(("search_", "row_index"))]
    content = {name: con.execute(f'SELECT * FROM "{name}"').fetchall() for name in kept}
    con.close()
    return content


def test_nothing_can_be_undone_in_a_fresh_sample(path):
    store = Store.open(path)
    try:
        assert store.undo_label is None
        assert store.undo() is None
        assert not store.read_only
    finally:
        store.close()


# With the articles at hand


def words(text):
    return re.findall(r"[a-z0-9]+", re.sub("['’‘`]", "", text.lower()))


def runs(text, length=6):
    found = words(text)
    return {" ".join(found[start : start + length]) for start in range(len(found) - length + 1)}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


@needs_shared
def test_no_six_words_in_a_row_are_an_articles():
    taken = set().union(*(runs(path.read_text("utf-8")) for path in (SHARED / "seeds").glob("*.txt")))
    assert "aims this year to recapture iraqs" in taken
    names = {item["title"] for item in data("sources.json")}
    names |= {name for item in data("actors.json") for name in (item["name"], *item.get("aliases", ()))}
    texts = [text for path in FOLDER.glob("*.json") for text in strings(data(path.name)) if text not in names]
    texts += [re.sub(r"\{/?e\d+\}", "", path.read_text("utf-8")) for path in FOLDER.rglob("*.md")]
    for text in texts:
        assert not runs(text) & taken


@needs_shared
def test_standoff_quotes_are_those_of_the_articles():
    annotated = {row["id"]: row for row in json.loads((SHARED / "sample" / "events.json").read_text("utf-8"))}
    assert sorted(annotated) == ROWS
    texts = {path.name: path.read_text("utf-8") for path in (SHARED / "seeds").glob("*.txt")}
    for item in data("standoff.json"):
        for quote in item["quotes"]:
            row = annotated[quote["row"]]
            assert texts[row["file"]][quote["start"] : quote["end"]] == row["quote"]


@needs_shared
def test_standoff_file_is_what_its_script_makes():
    spec = importlib.util.spec_from_file_location("sample_standoff", FOLDER / "standoff.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    rows = json.loads((SHARED / "sample" / "events.json").read_text("utf-8"))
    documents = [
        script.describe(path, [row for row in rows if row["file"] == path.name])
        for path in sorted((SHARED / "seeds").glob("*.txt"))
    ]
    assert script.write(documents) == (FOLDER / "standoff.json").read_text("utf-8")


@needs_shared
def test_attached_articles_bring_every_quote_alive(tmp_path):
    out = tmp_path / "sample.gpkg"
    build(FOLDER, out)
    store = Store.open(out)
    try:
        report = attach(store, sorted((SHARED / "seeds").glob("*.txt")))
        assert report.attached == 5
        reader = store.reader()
        found = 0
        for source in sources(reader):
            original = next(each for each in source.documents if each.role is DocumentRole.ORIGINAL)
            text = document_text(reader, original.id)
            quotes = quotes_of_document(reader, original.id)
            assert {quote.state for quote in quotes} == {QuoteState.ANCHORED}
            for quote in quotes:
                assert sha256(text[quote.start : quote.end].encode()).hexdigest() == quote.exact_sha256
                assert quote.exact is None  # it can still be shared without a word of the article
            found += len(quotes)
        reader.close()
        assert found == 162
    finally:
        store.close()

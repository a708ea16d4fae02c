"""What is displayed comes from the visible claims only: rule by rule, and against copies without the hidden sources."""

from __future__ import annotations

import json
import random
import shutil
from collections import defaultdict
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db import edits, edtf, queries, search
from db.derive import ClaimValues, DecisionValues, disagree, displayed, hull
from db.displayed import encode_date, span_columns
from db.store import Store
from db.tables import Claim, Decision, Document, Event, Kind, Place, Quote, Source
from db.values import Grade, RefKind, Shape, Stance, Status, TimeSpan
from tests.helpers.examples import examples

PLACES = {1: "Mosul", 2: "Raqqa"}


def claim(number: int, date: str | None = None, grade: str = "", **values: Any) -> ClaimValues:
    letter = grade[:1] or None
    credibility = int(grade[1:]) if grade[1:] else None
    when = None if date is None else edtf.parse(date)
    return ClaimValues(number, f"c{number}", when=when, grade=Grade(letter, credibility), **values)


def shown(*claims: ClaimValues, decisions: tuple[DecisionValues, ...] = ()) -> Any:
    return displayed(claims, decisions, "Fighting", PLACES)


def test_an_event_without_a_visible_claim_vanishes():
    assert shown() is None


def test_the_best_graded_claim_gives_each_value():
    event = shown(
        claim(1, "2016-11-27", "C2", title="worse", place_id=1, status=Status.CLAIMED),
        claim(2, "2016-11-28", "B4", title="better", place_id=2),
        claim(3, "2016-11-29", "", title="not judged", place_id=1),
    )
    assert (event.title, event.place_id, event.status, event.when.edtf) == ("better", 2, Status.OCCURRED, "2016-11-28")
    assert event.grade.code == "B4"
    assert event.used["date"] == {2}


@pytest.mark.parametrize(
    ("better", "worse"),
    [("A6", "B1"), ("B1", "B2"), ("E5", ""), ("E5", "F1"), ("D", "F"), ("C1", "C"), ("B", "C1")],
)
def test_reliability_comes_before_credibility_and_unjudged_last(better: str, worse: str):
    assert shown(claim(1, grade=worse, title="worse"), claim(2, grade=better, title="better")).title == "better"


def test_f_is_no_better_than_not_judged():
    assert shown(claim(1, "2016", ""), claim(2, "2017", "F")).when.edtf == "[2016..2017]"


def test_supporting_claims_speak_before_mentions_and_disputes():
    event = shown(
        claim(1, "2015", "A1", title="disputed", stance=Stance.DISPUTES),
        claim(2, "2016", "A1", title="mentioned", stance=Stance.MENTIONS),
        claim(3, "2017", "E5", title="supported"),
    )
    assert (event.title, event.when.edtf) == ("supported", "2017")


def test_a_value_that_the_best_claim_lacks_comes_from_the_next():
    event = shown(claim(1, None, "A1", title="best"), claim(2, "2016", "C3", title="next", place_id=2))
    assert (event.title, event.when.edtf, event.place_id) == ("best", "2016", 2)


def test_a_title_is_never_another_claims():
    event = shown(claim(1, "2016", "A1", place_id=1), claim(2, "2016", "B1", title="another's"))
    assert event.title == "Fighting at Mosul"
    assert displayed((claim(1),), (), None, {}).title == "Event"


def test_claims_of_one_rank_give_the_hull_of_their_dates():
    event = shown(claim(1, "2016-11-27"), claim(2, "2016-11-29"))
    assert event.when.edtf == "[2016-11-27..2016-11-29]"
    assert event.when == replace(edtf.parse("[2016-11-27..2016-11-29]"), zone_minutes=None)
    assert event.used["date"] == {1, 2}
    assert event.disagrees


def test_the_most_common_place_is_shown_and_the_first_of_those_as_common():
    assert shown(claim(1, place_id=2), claim(2, place_id=1), claim(3, place_id=1)).place_id == 1
    assert shown(claim(2, place_id=1), claim(1, place_id=2)).place_id == 2


def test_a_decision_with_a_value_holds_while_all_its_claims_are_visible():
    one, two = claim(1, "2016", title="one"), claim(2, "2017", "A1", title="two")
    decisions = (
        DecisionValues(1, "title", "mine", ("c1", "c2")),
        DecisionValues(2, "date", edtf.parse("2015"), ("c1",)),
        DecisionValues(3, "place", 2, ()),
        DecisionValues(4, "status", Status.DENIED, ("c2",)),
        DecisionValues(5, "summary", "so it was", ("c2",)),
    )
    both = shown(one, two, decisions=decisions)
    assert (both.title, both.when.edtf, both.place_id, both.status) == ("mine", "2015", 2, Status.DENIED)
    assert (both.summary, both.used["title"]) == ("so it was", frozenset())
    alone = shown(one, decisions=decisions)
    assert (alone.title, alone.when.edtf, alone.place_id, alone.status) == ("one", "2015", 2, Status.OCCURRED)
    other = shown(two, decisions=decisions)
    assert (other.title, other.when.edtf, other.status) == ("two", "2017", Status.DENIED)


def test_a_decision_may_choose_and_ignore_claims():
    claims = (claim(1, "2014", "A1", place_id=1), claim(2, "2016", "C1", place_id=2), claim(3, "2018", "D1"))
    chosen = shown(*claims, decisions=(DecisionValues(1, "date", None, ("c2", "c3")),))
    assert chosen.when.edtf == "[2016..2018]"
    ignored = shown(*claims, decisions=(DecisionValues(1, "date", None, ("c1",), "ignored"),))
    assert ignored.when.edtf == "2016"
    neither = shown(*claims, decisions=(DecisionValues(1, "place", None, ("c1", "c2"), "ignored"),))
    assert neither.place_id is None


def test_the_last_decision_on_a_field_is_taken():
    decisions = (DecisionValues(2, "title", "second", ()), DecisionValues(1, "title", "first", ()))
    assert shown(claim(1), decisions=decisions).title == "second"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ((claim(1, "2016-11-27"), claim(2, "2016-11-27")), False),
        ((claim(1, "2016-11-27"), claim(2, "2016-11-28")), True),
        ((claim(1, "2016-11-27"), claim(2, "2016-11")), False),
        ((claim(1, "2016-11-27"), claim(2, "2016-11-28", stance=Stance.MENTIONS)), False),
        ((claim(1), claim(2, "2016-11-28")), False),
        ((claim(1, place_id=1), claim(2, place_id=2)), True),
        ((claim(1, place_id=1), claim(2)), False),
        ((claim(1), claim(2, stance=Stance.DISPUTES)), True),
        ((claim(1, stance=Stance.DISPUTES), claim(2, stance=Stance.DISPUTES)), False),
        ((claim(1, "2016"), claim(2, "2016-01"), claim(3, "2016-12")), True),
    ],
)
def test_when_claims_disagree(claims: tuple[ClaimValues, ...], expected: bool):
    assert disagree(claims) is expected
    assert shown(*claims).disagrees is expected


def test_lasting_times_disagree_by_their_ends():
    def lasting(number: int, text: str) -> ClaimValues:
        return ClaimValues(number, f"c{number}", when=edtf.parse(text, Shape.LASTING))

    assert not disagree((lasting(1, "2014-06/2016"), lasting(2, "2014/2016-12")))
    assert disagree((lasting(1, "2014/2015"), lasting(2, "2014/2016")))
    assert not disagree((lasting(1, "2014/2016"), claim(2, "2015")))


spans = st.builds(
    lambda a, b, c, d: TimeSpan("x", min(a, b), max(a, b), min(a, b) + c, max(a, b) + max(c, d)),
    *(st.integers(0, 50) for _ in range(4)),
)


@given(st.lists(st.tuples(spans, st.sampled_from(Shape)), min_size=2, max_size=5))
def test_a_hull_allows_every_reading_of_each(parts: list[tuple[TimeSpan, Shape]]):
    whole = [replace(span, shape=shape) for span, shape in parts]
    result = hull(whole)
    assert result is not None
    assert result.earliest_start <= min(span.earliest_start for span in whole)
    assert result.latest_end >= max(span.latest_end for span in whole)
    assert result.earliest_start <= result.latest_start <= result.latest_end
    assert result.earliest_start <= result.earliest_end <= result.latest_end
    assert hull([result, *whole]) is not None


def test_a_hull_without_any_bound_is_no_date():
    assert hull((edtf.parse("../2014"), edtf.parse("2015/.."))) is None


def random_project(path: Path, seed: int) -> Store:
    """Events, claims and decisions thrown together, with every kind of thing that derivation looks at."""
    chance = random.Random(seed)
    store = Store.create(path, "Random")
    dates = ("2016", "2016-11-27", "2016-11-28", "2016-12~", "[2016-11-27,2016-11-29]", "../2014", "2015/..", None)
    with store.step("Make") as session:
        for number in (1, 2):
            session.add(Kind(id=number, name=f"Kind {number}", shape="circle", light="", dark=""))
        for number in (1, 2, 3):
            session.add(Place(id=number, name=f"Place {number}", radius_m=chance.choice((None, 500.0))))
        for number in range(1, 5):
            reliability = chance.choice(("A", "B", "C", "F", None, None))
            session.add(Source(id=number, title=f"Source {number}", reliability=reliability))
        session.flush()
        for number in range(1, 7):
            session.add(Document(id=number, source_id=chance.randint(1, 4)))
        session.flush()
        for number in range(1, 13):
            exact = f"words {number}"
            session.add(Quote(id=number, document_id=chance.randint(1, 6), start=number, end=number + 5, exact=exact))
        session.flush()
        for event in range(1, 8):
            before = event - 1
            session.add(Event(id=event, kind_id=chance.choice((1, 2, None)), outcome_of_id=before or None))
            session.flush()
            uids = []
            for _ in range(chance.randint(0, 4)):
                new = Claim(event_id=event)
                kind = chance.randint(0, 3)
                if kind == 0:
                    new.source_id = chance.randint(1, 4)
                elif kind > 1:
                    new.quote_id = chance.randint(1, 12)
                new.stance = chance.choice(("supports", "supports", "mentions", "disputes"))
                new.title = chance.choice((f"said {chance.randint(1, 9)}", None))
                new.summary = chance.choice((f"more {chance.randint(1, 9)}", None))
                new.status = chance.choice(("occurred", "planned", "denied"))
                new.place_id = chance.choice((1, 2, 3, None))
                new.credibility = chance.choice((1, 3, None, None))
                date, shape = chance.choice(dates), chance.choice(list(Shape))
                if date is not None:
                    span = edtf.parse(date, shape)
                    new.edtf, new.time_shape = span.edtf, span.shape.value
                    for name, value in span_columns(span).items():
                        setattr(new, name, value)
                session.add(new)
                session.flush()
                uids.append(new.uid)
            for field in ("title", "date", "place", "status", "summary"):
                if uids and chance.random() < 0.4:
                    session.add(_decision(chance, session, event, field, uids))
    return store


def _decision(chance: random.Random, session: Any, event: int, field: str, uids: list[str]) -> Decision:
    place = session.get(Place, chance.randint(1, 3))
    value: Any = {
        "title": "decided",
        "summary": "",
        "date": encode_date(edtf.parse("2013")),
        "place": place.uid,
        "status": "claimed",
    }[field]
    treatment = chance.choice(("used", "used", "hatched", "ignored"))
    text = None if treatment == "ignored" or chance.random() < 0.4 else json.dumps(value)
    rests_on = chance.sample(uids, chance.randint(1, len(uids)))
    return Decision(event_id=event, field=field, value=text, claims=json.dumps(rests_on), treatment=treatment)


def pictures(store: Store, hidden: frozenset[int]) -> dict[str, Any]:
    """Everything displayed, in a form that can be compared."""
    con = store.reader()
    try:
        columns = queries.event_columns(con, hidden)
        ids = [row[0] for row in con.execute("SELECT id FROM event ORDER BY id").fetchall()]
        quotes = {number: queries.quotes_of_document(con, number, hidden) for number in range(1, 7)}
        return {
            "columns": {field.name: getattr(columns, field.name).tolist() for field in fields(columns)},
            "titles": queries.event_titles(con, None, hidden),
            "some titles": queries.event_titles(con, ids[:3], hidden),
            "details": {event: queries.event_detail(con, event, hidden) for event in ids},
            "places": queries.places(con, hidden),
            "quotes": {number: rows for number, rows in quotes.items() if rows},
            "found": {
                word: sorted((hit.kind, hit.id, hit.text) for hit in search.search(con, word, hidden_sources=hidden))
                for word in ("said", "decided", "kind", "place", "words", "source", "more")
            },
        }
    finally:
        con.close()


def only_told_by(store: Store, sources: set[int]) -> set[tuple[RefKind, int]]:
    """The places and actors that claims of some sources name and no other claims do."""
    named: dict[tuple[RefKind, int], set[int | None]] = defaultdict(set)
    con = store.reader()
    try:
        for kind, sql in (
            (RefKind.PLACE, "SELECT source_id, place_id FROM claim"),
            (RefKind.PLACE, "SELECT source_id, control_place_id FROM claim"),
            (
                RefKind.PLACE,
                "SELECT c.source_id, p.place_id FROM claim_place AS p JOIN claim AS c ON c.id = p.claim_id",
            ),
            (RefKind.ACTOR, "SELECT source_id, control_holder_id FROM claim"),
            (
                RefKind.ACTOR,
                "SELECT c.source_id, a.actor_id FROM claim_actor AS a JOIN claim AS c ON c.id = a.claim_id",
            ),
        ):
            for source, each in con.execute(sql).fetchall():
                named[kind, each].add(source)
    finally:
        con.close()
    return {thing for thing, tellers in named.items() if tellers <= sources}


@settings(max_examples=examples(12), deadline=None)
@given(seed=st.integers(0, 2**32), hidden=st.sets(st.integers(1, 4), min_size=1))
@example(seed=49, hidden={2})  # a place that only the hidden source names
def test_hiding_sources_shows_what_a_project_without_them_shows(
    tmp_path_factory: pytest.TempPathFactory, seed: int, hidden: set[int]
):
    folder = tmp_path_factory.mktemp("random")
    store = random_project(folder / "whole.gpkg", seed)
    whole = pictures(store, frozenset(hidden))
    untold = only_told_by(store, hidden)
    with store.step("Delete sources") as session:
        for source in hidden:
            session.delete(session.get(Source, source))
    without = pictures(store, frozenset())
    # Places outlive the sources that are deleted; looked past, what only those name is not found either.
    without["found"] = {
        words: [hit for hit in hits if hit[:2] not in untold] for words, hits in without["found"].items()
    }
    np.testing.assert_equal(whole["columns"], without["columns"])
    for part in whole:
        if part != "columns":
            assert whole[part] == without[part], part
    store.undo()
    np.testing.assert_equal(pictures(store, frozenset(hidden)), whole)
    store.close()
    shutil.rmtree(folder)


def test_what_the_columns_hold_is_what_the_rows_hold(tmp_path: Path):
    store = random_project(tmp_path / "p.gpkg", 7)
    con = store.reader()
    columns = queries.event_columns(con)
    assert list(zip(columns.earliest, columns.id, strict=True)) == sorted(
        zip(columns.earliest, columns.id, strict=True)
    )
    assert len(columns) > 3
    for row, event_id in enumerate(columns.id.tolist()):
        detail = queries.event_detail(con, event_id)
        assert detail is not None
        assert queries.STATUS_CODES[columns.status[row]] is detail.status
        assert columns.claims[row] == len(detail.claims)
        assert columns.supported[row] == detail.supported
        assert columns.disagrees[row] == detail.disagrees
        assert columns.dated[row] == (detail.when is not None)
        assert columns.place[row] == (detail.place.id if detail.place else 0)
        assert columns.sources_of(row).tolist() == sorted({c.source_id for c in detail.claims if c.source_id})
        if detail.when is not None:
            assert columns.edtf[row] == detail.when.edtf
            assert columns.best[row] == detail.when.best
            assert columns.lasting[row] == (detail.when.shape is Shape.LASTING)
            bounds = (columns.earliest[row], columns.latest_start[row], columns.earliest_end[row], columns.latest[row])
            when = detail.when
            assert bounds == (when.earliest_start, when.latest_start, when.earliest_end, when.latest_end)
    con.close()
    store.close()


def test_an_edited_event_goes_back_to_its_claims_when_one_of_them_is_hidden(tmp_path: Path):
    store = random_project(tmp_path / "p.gpkg", 11)
    con = store.reader()
    found = con.execute("SELECT event_id FROM claim GROUP BY event_id HAVING count(DISTINCT source_id) > 1").fetchone()
    event_id = found[0]
    with store.step("Rename") as session:
        edits.set_event_title(session, event_id, "edited")
    assert queries.event_titles(con)[event_id] == "edited"
    hidden = frozenset(
        con.execute("SELECT source_id FROM claim WHERE event_id = ? AND source_id", (event_id,)).fetchone()
    )
    assert queries.event_titles(con, None, hidden).get(event_id) != "edited"
    con.close()
    store.close()

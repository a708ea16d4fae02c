"""What the views are given."""

from __future__ import annotations

import hashlib
import math
import sqlite3
import threading
import zlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from db import queries
from db.errors import EnvironmentFault
from db.migrations import latest
from db.store import Store
from db.tables import Actor, Claim, ClaimActor, ClaimPlace, Content, Document, Event, Project, Quote, Source
from db.values import OPEN_FUTURE, OPEN_PAST, DocumentRole, Mode, QuoteState, Reach, Stance
from tests.helpers.generate import generate
from tests.helpers.project import add_claim

TEXT = "Mosul łost — 🇮🇶 and more"


def test_a_new_project_answers_every_question(tmp_path: Path):
    store = Store.create(tmp_path / "new.gpkg", "New")
    con = store.reader()
    assert len(queries.event_columns(con)) == 0
    assert queries.event_columns(con).source_offsets.tolist() == [0]
    assert len(queries.event_columns(con, frozenset({1}))) == 0
    for question in (queries.kinds, queries.sources, queries.places, queries.actors, queries.steps, queries.event_uids):
        assert len(question(con)) == 0
    assert queries.event_detail(con, 1) is None
    assert queries.quotes_of_document(con, 1) == []
    assert queries.document_text(con, 1) is None
    assert queries.project(con).title == "New"
    assert queries.project(con).uid == store.project_uid
    assert queries.info(con) == {
        "title": "New",
        "project_uid": store.project_uid,
        "schema_version": latest(),
        "sources": 0,
        "documents": 0,
        "quotes": {"anchored": 0, "moved": 0, "changed": 0, "orphan": 0, "standoff": 0},
        "events": 0,
        "claims": 0,
        "decisions": 0,
        "places": 0,
        "actors": 0,
        "kinds": 0,
        "steps": 0,
        "unused_bytes": 0,
    }
    con.close()
    store.close()


def test_columns_of_undated_and_unplaced_events(store: Store):
    with store.step("Add") as session:
        session.add(Event(id=9))
        session.add(Event(id=10))
        session.flush()
        add_claim(session, 9)
    con = store.reader()
    columns = queries.event_columns(con)
    con.close()
    assert columns.id.tolist() == [9, 1, 2, 3]
    assert columns.dated.tolist() == [False, True, True, True]
    assert (columns.earliest[0], columns.latest[0], columns.best[0]) == (OPEN_PAST, OPEN_FUTURE, OPEN_PAST)
    assert math.isnan(columns.lon[0])
    assert columns.edtf.tolist() == ["", "2016-11-27", "2016-12", "2017"]
    assert columns.lon[1] == 43.13
    assert columns.radius_m.tolist() == [0, 0, 0, 20_000]
    assert not columns.area.any()  # a radius is no shape
    assert columns.kind.tolist() == [0, 1, 2, 1]
    assert columns.supported.tolist() == [False, True, True, False]
    assert [columns.sources_of(row).tolist() for row in range(4)] == [[], [1, 2], [2], []]
    with pytest.raises(ValueError, match="read-only"):
        columns.id[0] = 3


def test_a_claim_card_has_everything(store: Store):
    with store.step("Fill") as session:
        session.add(Actor(id=1, name="Army", aliases='["Forces"]'))
        session.flush()
        claim = session.get(Claim, 2)
        assert claim is not None
        claim.stance, claim.attributed_to, claim.credibility, claim.note = "disputes", "a resident", 3, "see also"
        claim.control_place_id, claim.control_holder_id, claim.control_reach, claim.control_mode = 2, 1, "part", "takes"
        claim.quantity_what, claim.quantity_value, claim.quantity_unit = "killed", 40.0, "people"
        session.add(ClaimActor(claim_id=2, actor_id=1, role="attacks"))
        session.add(ClaimPlace(claim_id=2, place_id=3, role="from"))
    con = store.reader()
    event = queries.event_detail(con, 1)
    con.close()
    assert event is not None
    first, card = event.claims
    assert card.stance is Stance.DISPUTES
    assert (card.title, card.attributed_to, card.note) == ("Raqqa is entered", "a resident", "see also")
    assert (card.grade.code, card.source_title, card.publisher) == ("–3", "Gazette", None)
    assert (card.place.name, card.place.role, card.places[0].name, card.places[0].role) == (
        "Raqqa",
        "at",
        "Tikrit",
        "from",
    )
    assert [(actor.name, actor.role) for actor in card.actors] == [("Army", "attacks")]
    control = card.control
    assert (control.place_name, control.holder_name, control.reach, control.mode) == (
        "Raqqa",
        "Army",
        Reach.PART,
        Mode.TAKES,
    )
    assert (card.quantity.what, card.quantity.value, card.quantity.low, card.quantity.unit) == (
        "killed",
        40,
        None,
        "people",
    )
    assert (card.quote.exact, card.quote.start, card.quote.document_id) == ("fell in Raqqa", 5, 2)
    assert card.document_role is DocumentRole.ORIGINAL
    assert card.when.edtf == "2016-11-29"
    assert card.used_for == frozenset()
    assert first.used_for == {"title", "date", "place", "status"}
    assert (first.control, first.quantity, first.grade.code) == (None, None, "B–")
    assert event.disagrees
    assert event.place.name == "Mosul"


def test_quotes_stand_where_they_were_found(store: Store):
    with store.step("More") as session:
        session.add(Quote(id=10, document_id=1, start=50, end=60, found_start=20, found_end=31, state="moved"))
        session.add(Quote(id=11, document_id=1, start=1, end=2, found_start=5, found_end=6, state="orphan"))
        session.add(Quote(id=12, document_id=1, start=0, end=4, state="anchored"))
    con = store.reader()
    rows = queries.quotes_of_document(con, 1)
    assert [(row.id, row.start, row.end) for row in rows] == [(12, 0, 4), (1, 0, 9), (10, 20, 31), (11, None, None)]
    assert (rows[2].given_start, rows[2].given_end, rows[2].state) == (50, 60, QuoteState.MOVED)
    assert [(claim.event_id, claim.kind_id, claim.claim_id) for claim in rows[1].claims] == [(1, 1, 1)]
    assert rows[1].claims[0].event_uid == queries.event_uids(con)[1]
    assert queries.quotes_of_document(con, 1, frozenset({1})) == []
    assert queries.quote(con, 10) == rows[2]
    assert queries.quote(con, 99) is None
    con.close()


def test_sources_come_in_order_with_documents_and_counts(store: Store):
    with store.step("More") as session:
        session.get(Source, 1).position = 5
        session.add(Document(id=9, source_id=2, role="digest", origin_id=2, position=1, text_sha256="x"))
    con = store.reader()
    rows = queries.sources(con)
    con.close()
    assert [(row.id, row.quotes, row.claims, row.events) for row in rows] == [(2, 2, 2, 2), (1, 1, 1, 1)]
    original, digest = rows[0].documents
    assert (original.role, original.quotes, original.has_text) == (DocumentRole.ORIGINAL, 2, False)
    assert (digest.role, digest.origin_id, digest.quotes) == (DocumentRole.DIGEST, 2, 0)


def test_places_are_counted_by_what_is_displayed(store: Store):
    con = store.reader()
    counts = {row.name: (row.events, row.claims) for row in queries.places(con)}
    assert counts == {"Mosul": (1, 1), "Raqqa": (1, 2), "Tikrit": (0, 0)}
    hidden = {row.name: (row.events, row.claims) for row in queries.places(con, frozenset({1}))}
    assert hidden == {"Mosul": (0, 0), "Raqqa": (2, 2), "Tikrit": (0, 0)}
    con.close()


def test_text_and_bytes_of_a_document_are_checked(store: Store):
    raw = TEXT.encode("utf-16")
    with store.step("Attach") as session:
        for body in (TEXT.encode(), raw):
            session.add(Content(sha256=hashlib.sha256(body).hexdigest(), body=zlib.compress(body)))
        document = session.get(Document, 1)
        document.text_sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
        document.sha256 = hashlib.sha256(raw).hexdigest()
    con = store.reader()
    assert queries.document_text(con, 1) == TEXT
    assert queries.document_bytes(con, 1) == raw
    assert queries.document_text(con, 2) is None
    assert next(row for row in queries.sources(con) if row.id == 1).documents[0].has_text
    for body in (zlib.compress(b"another text"), b"no zlib at all", zlib.compress(TEXT.encode())[:-6]):
        with store.step("Damage") as session:
            session.connection().exec_driver_sql("UPDATE content SET body = ? WHERE id = 1", (body,))
        with pytest.raises(EnvironmentFault, match="damaged"):
            queries.document_text(con, 1)
    con.close()


def test_the_project_row(store: Store):
    with store.step("Set") as session:
        project = session.get(Project, 1)
        project.west, project.south, project.east, project.north = 36, 30, 48, 38
        project.opens_at = "2016-11-28"
    con = store.reader()
    found = queries.project(con)
    assert (found.title, found.extent.west, found.opens_at) == ("Small", 36, "2016-11-28")
    assert [row.label for row in queries.steps(con)] == ["Set", "Set up"]
    assert [row.label for row in queries.steps(con, 1)] == ["Set"]
    con.close()


def test_a_generated_project_is_sound_and_the_same_each_time(tmp_path: Path):
    one = Store.open(generate(tmp_path / "one.gpkg", 300))
    two = Store.open(generate(tmp_path / "two.gpkg", 300))
    found = []
    for store in (one, two):
        con = store.reader()
        assert con.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
        text = queries.document_text(con, 1)
        assert all(text[row.start : row.end] == row.exact for row in queries.quotes_of_document(con, 1))
        columns = queries.event_columns(con)
        assert len(columns) == 300
        assert np.isfinite(columns.lon).all()
        found.append((columns.best.tolist(), queries.event_titles(con)))
        con.close()
        assert store.undo_label is None
        store.close()
    assert found[0] == found[1]


def test_an_answer_is_of_one_instant_though_a_step_ends_meanwhile(store: Store):
    con = store.reader()
    before = (queries.event_detail(con, 1), queries.sources(con), queries.event_columns(con).edtf.tolist())
    threads: list[threading.Thread] = []

    def step() -> None:
        with store.step("Meanwhile") as session:
            session.delete(session.get(Source, 2))
            session.get(Claim, 1).edtf = "2015"

    def meanwhile(statement: str) -> None:
        # Runs before each statement of the question: the step gets every chance to end between two of them.
        if statement.startswith("SELECT") and not threads:
            threads.append(threading.Thread(target=step))
            threads[0].start()
        elif threads:
            threads[0].join(0.1)

    questions = (
        lambda: queries.event_detail(con, 1),
        lambda: queries.sources(con),
        lambda: queries.event_columns(con).edtf.tolist(),
    )
    for at, question in enumerate(questions):
        con.set_trace_callback(meanwhile)
        assert question() == before[at]
        con.set_trace_callback(None)
        threads.pop().join()
        assert question() != before[at]
        store.undo()
    con.close()


def test_whole_columns_may_be_longer_than_a_value_out_of_a_file(tmp_path: Path):
    with closing(Store.open(generate(tmp_path / "generated.gpkg", 300))) as store, closing(store.reader()) as con:
        con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1_000)
        assert len(queries.event_uids(con)) == len(queries.event_titles(con)) == 300
        assert len(queries.event_columns(con).id) == 300
        assert con.getlimit(sqlite3.SQLITE_LIMIT_LENGTH) == 1_000, "single values are held to it as before"

"""Search as one types: in any script, without its marks, and kept through steps and undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import edits
from db.search import rebuild, search
from db.store import Store
from db.tables import Actor, Place, Quote, Source
from db.values import RefKind
from tests.helpers.project import small_project


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = small_project(tmp_path_factory.mktemp("search") / "small.gpkg")
    with store.step("Names") as session:
        session.add(Place(id=10, name="Dayr az-Zawr", names='{"fr": "Déïr ez-Zor", "ar": "دير الزور"}'))
        session.add(Place(id=11, name="Kobanî", names="not json"))
        session.add(Actor(id=1, name="Peshmerga", aliases='["Pêşmerge"]'))
    yield store
    store.close()


def found(store: Store, text: str, **options: object) -> set[tuple[str, int]]:
    con = store.reader()
    try:
        return {(hit.kind.value, hit.id) for hit in search(con, text, **options)}
    finally:
        con.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mosul", {("event", 1), ("quote", 1), ("place", 1)}),
        ("MOS", {("event", 1), ("quote", 1), ("place", 1)}),
        ("mosul ent", {("event", 1)}),
        ("deir", {("place", 10)}),
        ("Déir", {("place", 10)}),
        ("الموصل", {("place", 1)}),
        ("دير", {("place", 10)}),
        ("kobani", {("place", 11)}),
        ("herald", {("source", 1)}),
        ("peşmerge", {("actor", 1)}),
        ("guess", {("event", 3)}),
        ("osul", set()),
        ("", set()),
        ("  -- ", set()),
        ('"', set()),
        ("mosul AND raqqa", set()),
        ("NOT", set()),
        ("mosul*", {("event", 1), ("quote", 1), ("place", 1)}),
        ("body:mosul", set()),
    ],
)
def test_what_is_found(store: Store, text: str, expected: set[tuple[str, int]]):
    assert found(store, text) == expected


def test_one_may_ask_for_some_kinds_only(store: Store):
    assert found(store, "mosul", kinds=[RefKind.PLACE]) == {("place", 1)}
    assert found(store, "mosul", kinds=[]) == set()
    assert len(found(store, "mosul", limit=2)) == 2


def test_hidden_sources_leave_no_trace(store: Store):
    assert ("event", 1) not in found(store, "mosul entered", hidden_sources=frozenset({1}))
    assert ("event", 1) in found(store, "raqqa entered", hidden_sources=frozenset({1}))
    assert ("event", 1) in found(store, "mosul entered", hidden_sources=frozenset({2}))
    assert found(store, "herald", hidden_sources=frozenset({1})) == set()
    assert found(store, "lost", hidden_sources=frozenset({1})) == set()
    assert found(store, "mosul", kinds=[RefKind.PLACE], hidden_sources=frozenset({1})) == {("place", 1)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30))
def test_any_typing_is_taken(store: Store, text: str):
    found(store, text)
    found(store, text, hidden_sources=frozenset({1}))


def test_steps_and_undo_keep_the_index(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    everything = {word: found(store, word) for word in ("mosul", "raqqa", "gazette", "tikrit", "statement", "new")}
    with store.step("Change") as session:
        session.get(Place, 1).name = "New Nineveh"
        session.get(Quote, 1).exact = None
        session.delete(session.get(Source, 2))
        edits.set_event_title(session, 3, "New guess")
        session.connection().exec_driver_sql("DELETE FROM place WHERE id = 3")
    assert found(store, "new") == {("place", 1), ("event", 3)}
    assert found(store, "tikrit") == found(store, "gazette") == found(store, "statement") == set()
    assert found(store, "mosul") == {("event", 1)}
    store.undo()
    assert {word: found(store, word) for word in everything} == everything
    con = store._con
    kept = con.execute("SELECT id, body FROM search_text ORDER BY id").fetchall()
    con.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
    con.execute("BEGIN")
    rebuild(con)
    assert con.execute("SELECT id, body FROM search_text ORDER BY id").fetchall() == kept
    con.execute("ROLLBACK")
    store.close()

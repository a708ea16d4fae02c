"""Search as one types: in any script, without its marks, and kept through steps and undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import displayed, edits
from db import search as searching
from db.search import fold, rebuild, search, search_each
from db.store import Store
from db.tables import Actor, ClaimActor, ClaimPlace, Event, Place, Quote, Source
from db.values import RefKind
from tests.helpers.project import add_claim, small_project


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
    assert found(store, "mosul", kinds=[RefKind.PLACE], hidden_sources=frozenset({2})) == {("place", 1)}
    assert found(store, "mosul", kinds=[RefKind.PLACE], hidden_sources=frozenset({1})) == set()
    assert found(store, "kobani", hidden_sources=frozenset({1, 2})) == {("place", 11)}  # no claim speaks of it
    assert found(store, "raqqa", kinds=[RefKind.PLACE], hidden_sources=frozenset({1, 2})) == {("place", 2)}


@pytest.mark.parametrize(
    ("name", "place", "actor"),
    [("control", {"control_place_id": 12}, {"control_holder_id": 2}), ("further", {}, {})],
)
def test_places_and_actors_that_only_hidden_sources_name_are_not_found(
    tmp_path: Path, name: str, place: dict[str, int], actor: dict[str, int]
):
    store = small_project(tmp_path / "p.gpkg")
    with store.step("Names") as session:
        session.add(Place(id=12, name="Sinjar"))
        session.add(Actor(id=2, name="Sinjar Resistance"))
        session.flush()
        claims = [add_claim(session, 2, source_id=source, title="Said", **place, **actor) for source in (1, 2)]
        if name == "further":
            session.add_all(ClaimPlace(claim_id=each.id, place_id=12) for each in claims)
            session.add_all(ClaimActor(claim_id=each.id, actor_id=2) for each in claims)
    both = {("place", 12), ("actor", 2)}
    assert found(store, "sinjar") == found(store, "sinjar", hidden_sources=frozenset({1})) == both
    assert found(store, "sinjar", hidden_sources=frozenset({1, 2})) == set()
    store.close()


def test_what_is_hidden_does_not_stand_before_what_is_shown_in_a_crowd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(searching, "CROWD", 10)
    store = small_project(tmp_path / "p.gpkg")
    with store.step("Many") as session:
        session.add(Source(id=3, title="Third"))
        session.flush()
        session.add_all(Event(id=number) for number in range(10, 55))
        session.add_all(Place(id=number, name="Ambush valley") for number in range(10, 55))
        session.add_all(Quote(id=number, document_id=1 + number // 50, exact="An ambush") for number in range(10, 55))
        session.flush()
        for number in range(10, 55):
            source = 1 if number < 50 else 3
            add_claim(session, number, source_id=source, title=f"Ambush {number}", place_id=number)
    con = store.reader()
    hits = search_each(con, "ambush", 8, hidden_sources=frozenset({1}))
    assert {kind.value: sorted(hit.id for hit in each) for kind, each in hits.items()} == {
        kind: list(range(50, 55)) for kind in ("event", "place", "quote")
    }
    assert len(search_each(con, "ambush", 8)[RefKind.EVENT]) == 8
    con.close()
    store.close()


def test_of_few_hits_the_hidden_ones_do_not_take_the_room_of_others(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    with store.step("Many") as session:
        session.add_all(Quote(id=number, document_id=1, exact="Ambush") for number in range(10, 130))
        session.add(Quote(id=130, document_id=2, exact="Of an ambush in the hills was spoken at great length"))
    con = store.reader()
    hits = search_each(con, "ambush", 1, hidden_sources=frozenset({1}))
    assert [hit.id for hit in hits[RefKind.QUOTE]] == [130]
    con.close()
    store.close()


def test_each_kind_has_its_own_limit(store: Store):
    con = store.reader()
    for hidden in (frozenset(), frozenset({99})):
        by_kind = search_each(con, "mosul", 1, hidden_sources=hidden)
        assert {kind: len(hits) for kind, hits in by_kind.items()} == {
            RefKind.EVENT: 1,
            RefKind.QUOTE: 1,
            RefKind.PLACE: 1,
        }
    con.close()


def test_events_are_derived_again_once_and_only_where_they_are_wanted(store: Store, monkeypatch: pytest.MonkeyPatch):
    asked: list[list[int]] = []

    def counted(con: object, ids: list[int], hidden: frozenset[int]) -> dict[int, object]:
        if ids:
            asked.append(ids)
        return displayed.displayed_events(con, ids, hidden)

    monkeypatch.setattr(searching, "displayed_events", counted)
    found(store, "mosul", kinds=[RefKind.PLACE, RefKind.QUOTE], hidden_sources=frozenset({1}))
    assert not asked
    found(store, "mosul", hidden_sources=frozenset({1}))
    assert len(asked) == 1


def test_what_is_typed_and_what_there_is_fold_alike():
    assert fold("Déïr EZ-Zor") == "deir ez-zor"
    assert fold("STRASSE") == fold("Straße")
    assert fold("ﬁeld") == "field"


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

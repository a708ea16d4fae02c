"""Who takes part in an event: as claims say and the analyst decides, in every place that tells of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from db import edits, queries
from db.errors import InputFault
from db.exporters.rows import EventReader
from db.search import search
from db.store import Store
from db.tables import Actor, ClaimActor, Decision
from db.values import RefKind
from tests.helpers.project import contents, small_project

NOBODY: frozenset[int] = frozenset()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Event 1: the claim of source 1 names the Army and the Police, that of source 2 the Army and the Guard."""
    store = small_project(tmp_path / "small.gpkg")
    with store.step("Actors") as session:
        for number, name in enumerate(("Army", "Police", "Guard", "الجيش"), 1):
            session.add(
                Actor(
                    id=number, uid=f"actor-{number}", name=name, aliases='["Defence Forces"]' if number == 1 else None
                )
            )
        session.flush()
        for claim, actor, role in ((1, 1, "acts"), (1, 2, "target"), (2, 1, "target"), (2, 3, "involved")):
            session.add(ClaimActor(claim_id=claim, actor_id=actor, role=role))
    yield store
    store.close()


def shown(store: Store, event_id: int = 1, hidden: frozenset[int] = NOBODY) -> list[str]:
    """The names in the panel, the columns of all events and the exports, which must agree (of supporting claims)."""
    con = store.reader()
    try:
        detail = queries.event_detail(con, event_id, hidden)
        assert detail is not None
        panel = [actor.name for actor in detail.actors]
        names = {row.id: row.name for row in queries.actors(con)}
        pairs = zip(*(each.tolist() for each in queries.event_actors(con, hidden)), strict=True)
        assert {names[actor] for event, actor in pairs if event == event_id} == set(panel)
        (exported,) = EventReader(con, [event_id], hidden).events(lambda _done, _total: None)
        assert list(exported.actors) == panel
        return panel
    finally:
        con.close()


def add(store: Store, name: str, event_id: int = 1, hidden: frozenset[int] = NOBODY) -> None:
    with store.step("Add") as session:
        edits.add_event_actor(session, event_id, name, hidden)


def remove(store: Store, actor_id: int, event_id: int = 1, hidden: frozenset[int] = NOBODY) -> None:
    with store.step("Remove") as session:
        edits.remove_event_actor(session, event_id, actor_id, hidden)


def test_claims_name_actors_with_their_parts(store: Store) -> None:
    con = store.reader()
    detail = queries.event_detail(con, 1)
    con.close()
    assert detail is not None
    assert [(each.name, each.roles) for each in detail.actors] == [
        ("Army", ("acts", "target")),
        ("Police", ("target",)),
        ("Guard", ("involved",)),
    ]


def test_what_is_added_and_removed_is_shown_everywhere_and_undone(store: Store) -> None:
    before = contents(store)
    add(store, "  Red\n Crescent ")
    assert shown(store) == ["Army", "Police", "Guard", "Red Crescent"]
    remove(store, 1)
    assert shown(store) == ["Police", "Guard", "Red Crescent"]
    con = store.reader()
    assert con.execute("SELECT count(*) FROM claim_actor").fetchone() == (4,), "claims say what they said"
    con.close()
    add(store, "Army")
    assert shown(store) == ["Army", "Police", "Guard", "Red Crescent"]
    for _ in range(3):
        store.undo()
    assert contents(store) == before
    store.redo()
    assert shown(store) == ["Army", "Police", "Guard", "Red Crescent"]


@pytest.mark.parametrize("typed", ["army", "ÀRMY", "defence  forces"])
def test_a_name_that_the_project_has_makes_no_second_actor(store: Store, typed: str) -> None:
    add(store, typed, event_id=2)
    assert shown(store, 2) == ["Army"]
    add(store, "الجيش", event_id=2)
    assert shown(store, 2) == ["Army", "الجيش"]
    con = store.reader()
    assert con.execute("SELECT count(*) FROM actor").fetchone() == (4,)
    con.close()


def test_taking_back_what_was_decided_leaves_no_decision(store: Store) -> None:
    add(store, "Guard", event_id=2)
    remove(store, 3, event_id=2)
    with store.step("Look") as session:
        assert session.exec(select(Decision)).all() == []
    assert shown(store, 2) == []


def test_an_event_of_ones_own_keeps_them_in_its_claim(store: Store) -> None:
    add(store, "Guard", event_id=3)
    add(store, "guard", event_id=3)
    assert shown(store, 3) == ["Guard"]
    with store.step("Look") as session:
        assert session.exec(select(Decision)).all() == []
    remove(store, 3, event_id=3)
    assert shown(store, 3) == []


def test_nothing_of_a_hidden_source_shows(store: Store) -> None:
    hidden = frozenset((2,))
    assert shown(store, hidden=hidden) == ["Army", "Police"]
    add(store, "Navy")  # rests on the claims of both sources
    assert shown(store, hidden=hidden) == ["Army", "Police"]
    add(store, "Coast", hidden=hidden)  # rests on what is seen alone, and takes the place of the decision unseen
    assert shown(store, hidden=hidden) == ["Army", "Police", "Coast"]
    assert shown(store) == ["Army", "Police", "Guard", "Coast"]
    con = store.reader()
    assert "Guard" not in queries.actor_names(con, hidden), "only the hidden source names it"
    for of in ((1,), (2, 3), ()):  # pairs of some actors are those among all
        for sources in (NOBODY, hidden):
            every = zip(*(each.tolist() for each in queries.event_actors(con, sources)), strict=True)
            some = zip(*(each.tolist() for each in queries.event_actors(con, sources, of)), strict=True)
            assert set(some) == {pair for pair in every if pair[1] in of}
    (coast,) = (row.id for row in queries.actors(con) if row.name == "Coast")
    assert queries.event_actors(con, hidden, (coast,))[0].tolist() == [1]
    assert queries.much_named(con, (1, 2, 3), 1) == {1}, "named by two claims"
    assert queries.actor_names(con) == ["Army", "Coast", "Defence Forces", "Guard", "Navy", "Police", "الجيش"]
    assert not search(con, "guard", hidden_sources=hidden)
    add(store, "Guard", hidden=hidden)  # which the analyst has seen as well
    assert [(hit.kind, hit.id) for hit in search(con, "guard", hidden_sources=hidden)] == [(RefKind.ACTOR, 3)]
    con.close()


def test_bad_input_is_told(store: Store) -> None:
    for name in (" ", "x" * (edits.LONGEST_NAME + 1)):
        with pytest.raises(InputFault, match="between 1 and"):
            add(store, name)
    with pytest.raises(InputFault, match="no longer"):
        remove(store, 99)


@pytest.mark.parametrize("value", ["null", "[]", '{"added": 3}', "{", '{"added": ["gone"], "removed": ["gone"]}'])
def test_a_decision_that_another_program_spoilt_changes_nothing(store: Store, value: str) -> None:
    with store.step("Spoil") as session:
        session.add(Decision(event_id=1, field="actors", value=value, claims="[]"))
    assert shown(store) == ["Army", "Police", "Guard"]


@pytest.mark.parametrize("actor", ["99", "'1) UNION SELECT id, note FROM event --'", "'1, 2'"])
def test_an_actor_that_another_program_made_none_is_left_out(store: Store, actor: str) -> None:
    con = sqlite3.connect(store.path, isolation_level=None)  # without foreign keys
    con.execute(f"INSERT INTO claim_actor (claim_id, actor_id, role) VALUES (1, {actor}, 'acts'), (1, 3, x'6163')")
    con.execute("UPDATE actor SET name = x'4775617264' WHERE id = 3")
    detail = queries.event_detail(con, 1)
    (exported,) = EventReader(con, [1], NOBODY).events(lambda _done, _total: None)
    con.close()
    assert detail is not None
    assert [(each.name, each.roles) for each in detail.actors] == [
        ("Army", ("acts", "target")),
        ("Police", ("target",)),
        ("Guard", ("ac", "involved")),
    ]
    assert exported.actors == ("Army", "Police", "Guard")


def test_what_was_decided_and_is_ignored_does_not_come_back(store: Store) -> None:
    with store.step("Ignore") as session:
        value = json.dumps({"added": ["actor-4"], "removed": ["actor-2"]})
        session.add(Decision(event_id=1, field="actors", value=value, treatment="ignored"))
    add(store, "Navy")
    assert shown(store) == ["Army", "Police", "Guard", "Navy"]
    remove(store, 5)
    assert shown(store) == ["Army", "Police", "Guard"]
    with store.step("Look") as session:
        assert [each.treatment for each in session.exec(select(Decision))] == ["ignored"]

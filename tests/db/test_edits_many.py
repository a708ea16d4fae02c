"""The same change to many events as one step: what is displayed, undo, and stopping in the middle."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from db import edits, edits_many, queries
from db.errors import InputFault
from db.queries.tags import tags_of
from db.store import Store
from db.values import Status
from tests.helpers.generate import generate
from tests.helpers.project import contents, small_project

ALL = (1, 2, 3)


def silent(_done: int, _total: int) -> None:
    pass


def shown(store: Store, hidden: frozenset[int] = frozenset()) -> dict[int, tuple[object, ...]]:
    """Kind, status, place and tags of each event as displayed."""
    con = store.reader()
    try:
        found = {}
        for event_id in ALL:
            detail = queries.event_detail(con, event_id, hidden)
            if detail is not None:
                kind, place = detail.kind, detail.place
                found[event_id] = (kind and kind.id, detail.status, place and place.id, detail.tags)
        return found
    finally:
        con.close()


CHANGES: dict[str, Callable[[Session], None]] = {
    "kind": partial(edits_many.set_kind, event_ids=ALL, kind_id=2, told=silent),
    "status": partial(edits_many.set_status, event_ids=ALL, status=Status.DENIED, told=silent),
    "place": partial(edits_many.set_place, event_ids=ALL, place_id=3, told=silent),
    "tag": partial(edits_many.add_tag, event_ids=ALL, tag=" to  check ", told=silent),
}
AFTER = {"kind": (0, 2), "status": (1, Status.DENIED), "place": (2, 3), "tag": (3, ("to check",))}


@pytest.mark.parametrize("name", CHANGES)
def test_all_show_it_and_one_undo_brings_all_back(store: Store, name: str) -> None:
    before = contents(store)
    with store.step("Many") as session:
        CHANGES[name](session)
    field, value = AFTER[name]
    assert {values[field] for values in shown(store).values()} == {value}
    after = contents(store)
    with store.step("Again") as session:
        CHANGES[name](session)
    assert session.change is None, "what is so already leaves no step"
    store.undo()
    assert contents(store) == before
    store.redo()
    assert contents(store) == after


@pytest.mark.parametrize("hidden", [frozenset(), frozenset({1}), frozenset({2})])
def test_many_are_changed_as_each_alone_would_be(store: Store, tmp_path: Path, hidden: frozenset[int]) -> None:
    one_by_one = small_project(tmp_path / "other.gpkg")
    try:
        with one_by_one.step("Earlier") as session:
            edits.set_event_status(session, 1, Status.PLANNED)
        with store.step("Earlier") as session:
            edits.set_event_status(session, 1, Status.PLANNED)
        with store.step("Many") as session:
            edits_many.set_place(session, ALL, 2, silent, hidden)
            edits_many.set_status(session, ALL, Status.CLAIMED, silent)
        with one_by_one.step("One by one") as session:
            for event_id in ALL:
                edits.set_event_place(session, event_id, 2, hidden)
            for event_id in ALL:
                edits.set_event_status(session, event_id, Status.CLAIMED)
        for unseen in (frozenset[int](), frozenset({1}), frozenset({2})):
            assert shown(store, unseen) == shown(one_by_one, unseen)
        assert len(contents(store)["decision"]) == len(contents(one_by_one)["decision"])
    finally:
        one_by_one.close()


def test_a_tag_is_not_given_twice_and_is_taken_from_those_that_have_it(store: Store) -> None:
    with store.step("Tag") as session:
        edits_many.add_tag(session, (1,), "Siege", silent)
    with store.step("Tag") as session:
        edits_many.add_tag(session, (1, 2), "siege", silent)
    con = store.reader()
    assert tags_of(con) == {"siege": 1, "Siege": 1}
    assert tags_of(con, [2]) == {"siege": 1}
    with store.step("Untag") as session:
        edits_many.remove_tag(session, ALL, "Siege", silent)
    assert tags_of(con) == {"siege": 1}
    assert con.execute("SELECT tags FROM event WHERE id = 1").fetchone() == (None,)
    con.close()


@pytest.mark.parametrize("tag", ["", "  ", "x" * 101])
def test_what_is_no_tag_is_refused(store: Store, tag: str) -> None:
    before = contents(store)
    with pytest.raises(InputFault, match="A tag has between"), store.step("Tag") as session:
        edits_many.add_tag(session, ALL, tag, silent)
    assert contents(store) == before


def test_deleted_events_come_back_with_their_claims(store: Store) -> None:
    before = contents(store)
    with store.step("Delete") as session:
        edits_many.delete_events(session, (1, 3, 99), silent)
    assert [row[0] for row in contents(store)["event"]] == [2]
    assert [row[0] for row in contents(store)["claim"]] == [3]
    store.undo()
    assert contents(store) == before


def test_an_event_that_is_gone_stops_all(store: Store) -> None:
    before = contents(store)
    with pytest.raises(InputFault, match="no longer in the project"), store.step("Many") as session:
        edits_many.set_kind(session, (1, 2, 99), 2, silent)
    assert contents(store) == before


def test_stopping_in_the_middle_takes_all_back(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    heard: list[tuple[int, int]] = []

    def told(done: int, total: int) -> None:
        heard.append((done, total))
        if done >= 800:
            raise Stopped

    store = Store.open(generate(tmp_path / "many.gpkg", 1500))
    try:
        before = contents(store)
        with pytest.raises(Stopped), store.step("Many") as session:
            edits_many.set_status(session, range(1, 1501), Status.DENIED, told)
        assert heard == [(0, 1500), (400, 1500), (800, 1500)]
        assert contents(store) == before
        assert store.undo_label is None
    finally:
        store.close()

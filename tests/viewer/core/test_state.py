"""State: one announcement for what moved, silence for what did not, an end to endless answers."""

from __future__ import annotations

import pytest

from db.values import Ref, RefKind
from viewer.core.history import History
from viewer.core.state import State


@pytest.fixture
def heard() -> list[tuple[frozenset[str], str]]:
    return []


def listening(heard) -> State:
    state = State()
    state.changed.connect(lambda names, origin: heard.append((names, origin)))
    return state


def test_a_new_value_is_announced_with_its_origin(heard) -> None:
    state = listening(heard)
    state.set("lanes", time_cursor=5)
    assert heard == [(frozenset({"time_cursor"}), "lanes")]


def test_an_equal_value_is_silent(heard) -> None:
    state = listening(heard)
    state.set("lanes", time_cursor=5)
    state.set("map", time_cursor=5)
    assert len(heard) == 1


def test_a_batch_is_one_announcement(heard) -> None:
    state = listening(heard)
    with state.batch("fly"):
        state.set("a", time_cursor=7)
        state.set("b", trail=9)
    assert heard == [(frozenset({"time_cursor", "trail"}), "fly")]


def test_a_batch_that_comes_back_to_the_start_is_silent(heard) -> None:
    state = listening(heard)
    before = state.view.time_cursor
    with state.batch("fly"):
        state.set("a", time_cursor=before + 1)
        state.set("a", time_cursor=before)
    assert heard == []


def test_what_a_slot_sets_waits_for_the_next_round(heard) -> None:
    state = State()
    order: list[str] = []

    def first(names: frozenset[str], _origin: str) -> None:
        order.append("first:" + ",".join(sorted(names)))
        if "time_cursor" in names:
            state.set("first", trail=1)

    state.changed.connect(first)
    state.changed.connect(lambda names, _origin: order.append("second:" + ",".join(sorted(names))))
    state.set("user", time_cursor=3)
    assert order == ["first:time_cursor", "second:time_cursor", "first:trail", "second:trail"]


def test_views_that_keep_answering_are_stopped() -> None:
    state = State()
    answering = True

    def answer(_names: frozenset[str], _origin: str) -> None:
        if answering:
            state.set("loop", time_cursor=state.view.time_cursor + 1)

    state.changed.connect(answer)
    with pytest.raises(RuntimeError, match="keep answering"):
        state.set("user", time_cursor=1)
    answering = False
    state.set("user", time_cursor=100)
    assert state.view.time_cursor == 100


def test_history_goes_back_and_forward_through_rests() -> None:
    state = State()
    history = History(state)
    start = state.view
    state.set("user", time_cursor=1)
    state.set("user", time_cursor=2)
    history.settle()
    state.set("user", selection=frozenset({Ref(RefKind.EVENT, "e")}))
    history.settle()
    history.back()
    assert state.view.time_cursor == 2
    assert not state.view.selection
    history.back()
    assert state.view == start
    history.back()
    assert state.view == start
    history.forward()
    history.forward()
    assert state.view.selection
    assert not history.can_go_forward


def test_a_new_move_forgets_the_way_forward() -> None:
    state = State()
    history = History(state)
    state.set("user", time_cursor=1)
    history.settle()
    history.back()
    assert history.can_go_forward
    state.set("user", time_cursor=9)
    history.settle()
    assert not history.can_go_forward

"""Sources that come back stand as the events that name several of them say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db.importers.tables.source_order import SourceOrder

IDS = st.integers(1, 12)


@given(st.lists(IDS, unique=True), st.lists(st.lists(IDS, unique=True), max_size=8))
def test_what_was_learnt_of_one_order_holds(order: list[int], named: list[list[int]]) -> None:
    learnt = SourceOrder()
    known = [sorted((each for each in several if each in order), key=order.index) for several in named]
    for several in known:
        learnt.learn(several)
    found = learnt.of(sorted(order))
    assert sorted(found) == sorted(order)
    assert all([each for each in found if each in several] == several for several in known)


@given(st.permutations(range(8)), st.sets(st.integers(0, 7)), st.permutations(range(7)))
def test_what_follows_through_others_holds(order: list[int], asked: set[int], pairs: list[int]) -> None:
    learnt = SourceOrder()
    for at in pairs:
        learnt.learn(order[at : at + 2])
    assert learnt.of(sorted(asked)) == [each for each in order if each in asked]


@given(st.lists(IDS, unique=True), st.lists(st.lists(IDS, unique=True), max_size=8))
def test_contradictions_lose_nothing(ids: list[int], named: list[list[int]]) -> None:
    learnt = SourceOrder()
    for several in named:
        learnt.learn(several)
    assert sorted(learnt.of(ids)) == sorted(ids)


def test_without_a_word_they_stay_as_given() -> None:
    learnt = SourceOrder()
    assert learnt.of([3, 1, 2]) == [3, 1, 2]
    learnt.learn([2, 3])
    assert learnt.of([3, 1, 2]) == [1, 2, 3]
    learnt.learn([3, 2])
    assert learnt.of([3, 1, 2]) == [1, 3, 2]

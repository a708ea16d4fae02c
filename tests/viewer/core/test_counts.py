"""Counting along an order against counting one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.core.counts import Ranks
from viewer.core.parts import NO_STOPS, Stops


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), max_size=300), st.data())
def test_ranks_count_what_comes_before(values: list[bool], data: st.DataObject) -> None:
    ranks = Ranks(np.array(values, bool))
    assert ranks.total == sum(values)
    every = range(len(values) + 1)
    assert [ranks.before(number) for number in every] == [sum(values[:number]) for number in every]
    some = data.draw(st.lists(st.integers(0, len(values)), max_size=9))
    assert ranks.before_each(np.array(some, np.intp)).tolist() == [sum(values[:number]) for number in some]


@pytest.mark.parametrize("length", [63, 64, 65, 128, 1_000])
def test_ranks_of_whole_words(length: int) -> None:
    ranks = Ranks(np.ones(length, bool))
    assert ranks.total == ranks.before(length) == length
    assert ranks.before_each(np.arange(length + 1)).tolist() == list(range(length + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=200), st.integers(0, 60), st.integers(0, 60))
def test_stops_are_those_of_a_mask_within_a_stretch_of_time(
    given_stops: list[tuple[int, bool]], first: int, last: int
) -> None:
    given_stops.sort(key=lambda each: each[0])
    bests = np.array([best for best, _seen in given_stops], np.int64)
    seen = np.array([each for _best, each in given_stops], bool)
    every = Stops(np.arange(len(bests)) + 7, bests, seen, Ranks(seen))
    wanted = [row for row, (best, each) in enumerate(given_stops, 7) if each and first <= best <= last]
    stops = every.between(first, last)
    assert stops.rows.tolist() == wanted
    assert stops.bests.tolist() == [given_stops[row - 7][0] for row in wanted]
    assert len(stops) == len(wanted)
    edges = np.searchsorted(stops.every_best, np.arange(0, 60, 4))
    assert stops.counts(edges).tolist() == [len(stops.cut(int(low), int(high)).rows) for low, high in pairwise(edges)]
    assert not len(NO_STOPS)

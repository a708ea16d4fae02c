"""Rows of a lane: nothing covers anything else, and nothing is lost."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from viewer.views.timeline.packing import Box, by_row, crowded, insert, pack, spread

NEED = 15.0


def box(x, label=60.0, wish=-1):
    return Box(x - NEED / 2, x + 11 + label, x - NEED / 2, x + NEED / 2, wish)


def covers(each):
    return (each.left, each.right) if each.full else (each.mark_left, each.mark_right)


def clash(one, other):
    (left, right), (low, high) = covers(one), covers(other)
    return one.line == other.line and left < high and low < right


def marks_clash(one, other):
    return one.line == other.line and one.mark_left < other.mark_right and other.mark_left < one.mark_right


PLACES = st.lists(st.tuples(st.floats(0, 900), st.floats(10, 200), st.integers(-1, 7)), max_size=60)


@given(PLACES, st.integers(1, 7))
def test_crowded_marks_are_those_that_no_rows_can_hold(places, rows):
    xs = np.sort(np.array([x for x, *_rest in places]))
    mask = crowded(xs, NEED, rows)
    for at in range(len(xs)):
        groups = (xs[start : start + rows + 1] for start in range(at - rows, at + 1) if start >= 0)
        tight = any(len(group) == rows + 1 and group[-1] - group[0] < NEED for group in groups)
        assert mask[at] == tight


@given(PLACES)
def test_packed_things_never_cover_each_other(places):
    """A property of what is left after the crowded ones are counted into columns."""
    places = sorted(places)
    mask = crowded(np.array([x for x, *_rest in places]), NEED, 6)
    boxes = [box(x, label, wish) for (x, label, wish), many in zip(places, mask, strict=True) if not many]
    used = pack(boxes, 6, 6)
    assert used <= 6
    assert all(0 <= each.line < used for each in boxes)
    for one, other in combinations(boxes, 2):
        assert not marks_clash(one, other), "a mark stands on another"
        assert not clash(one, other), "a label is covered"


@given(st.lists(st.floats(0, 900), max_size=40))
def test_more_rows_are_opened_for_marks_of_one_date(xs):
    boxes = [box(x) for x in sorted(xs)]
    pack(boxes, 3, 40)
    assert not any(clash(one, other) for one, other in combinations(boxes, 2))


@given(PLACES, st.integers(-3200, 3200).map(lambda eighths: eighths / 8))
def test_things_keep_their_rows_while_the_window_moves(places, shift):
    xs = sorted(round(8 * x) / 8 for x, *_rest in places)  # so that moving is exact
    mask = crowded(np.array(xs), NEED, 6)
    xs = [x for x, many in zip(xs, mask, strict=True) if not many]
    before = [box(x) for x in xs]
    pack(before, 6, 6)
    again = [box(x + shift, wish=each.line) for x, each in zip(xs, before, strict=True)]
    pack(again, 6, 6)
    assert [each.line for each in again] == [each.line for each in before]


def test_the_label_that_reaches_furthest_goes_first():
    short, long, late = box(0, 60), box(5, 300), box(50, 60)
    pack([short, long, late], 2)
    assert [each.full for each in (short, long, late)] == [True, False, True]
    assert late.line == long.line


@given(PLACES, st.lists(st.tuples(st.floats(0, 800), st.floats(20, 300)), max_size=8))
def test_what_is_put_between_finds_a_free_place_or_only_its_mark(places, capsules):
    xs = sorted(x for x, *_rest in places)
    mask = crowded(np.array(xs), NEED, 6)
    boxes = [box(x) for x, many in zip(xs, mask, strict=True) if not many]
    pack(boxes, 6, 6)
    rows = by_row(boxes, 8)
    for left, wide in capsules:
        each = Box(left, left + wide, left + 1, left + 14, -1)
        options = [(left - 5, left + wide + 80), (left - 80, left + wide + 5)]
        number = insert(rows, each, options, 8)
        assert (number >= 0) is each.full
        if each.full:
            assert (each.left, each.right) == options[number]
            assert not any(clash(each, other) for other in rows[each.line] if other is not each)


@given(PLACES, st.floats(0, 40))
def test_what_is_near_to_crowded_things_is_counted_with_them(places, reach):
    xs = np.sort(np.array([x for x, *_rest in places]))
    many = crowded(xs, NEED, 6)
    wide = spread(xs, many, reach)
    assert not (many & ~wide).any()
    for alone in xs[~wide]:
        assert not len(xs[wide]) or np.abs(xs[wide] - alone).min() > reach
    joined = many.copy()
    for _ in xs:  # one step a time
        joined |= np.array([bool((np.abs(xs[joined] - x) <= reach).any()) for x in xs], bool)
    assert (joined == wide).all()

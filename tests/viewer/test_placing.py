"""Placing of labels: no overlap, priority, stability, determinism."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.views.map.geometry import Rect
from viewer.views.map.placing import SAME, Points, Wish, around, centred, place

BOUNDS = Rect(0, 0, 400, 300)
SPOTS = st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.floats(5, 120), st.integers(0, 9)), max_size=40)


def wish(key: str, x: float, y: float, width: float = 60.0, priority: float = 1.0) -> Wish:
    return Wish(key, priority, around(x, y, width, 12.0, 6.0))


def test_the_first_of_the_eight_positions_is_east_and_none_covers_the_marker() -> None:
    positions = [rects[0] for rects in around(100, 100, 60, 12, 8)]
    assert len(positions) == 8
    assert positions[0] == Rect(108, 94, 60, 12)
    assert all(not rect.meets(Rect(97, 97, 6, 6)) for rect in positions)
    compass = [(round(r.x + r.w / 2 - 100), round(r.y + r.h / 2 - 100)) for r in positions]
    signs = [((dx > 0) - (dx < 0), (dy > 0) - (dy < 0)) for dx, dy in compass]
    assert signs == [(1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1), (0, -1), (0, 1)]


def test_a_label_gives_way_to_what_is_blocked() -> None:
    card = Rect(105, 80, 200, 40)
    assert place([wish("a", 100, 100)], BOUNDS, [card]) == {"a": 1}


def test_a_label_without_room_is_dropped() -> None:
    assert place([wish("a", 100, 100)], BOUNDS, [Rect(20, 60, 160, 80)]) == {}


def test_the_lower_number_goes_first_whatever_the_order() -> None:
    cities = [
        Wish("village", 70.0, centred(100, 100, 60, 12)),
        Wish("capital", 10.0, centred(105, 103, 60, 12)),
    ]
    assert place(cities, BOUNDS) == {"capital": 0}
    assert place(cities[::-1], BOUNDS) == {"capital": 0}


def test_a_label_stays_where_it_was_while_it_fits() -> None:
    assert place([wish("a", 100, 100)], BOUNDS, previous={"a": 4}) == {"a": 4}
    assert place([wish("a", 100, 100)], BOUNDS, previous={"a": 77}) == {"a": 0}
    north_west = around(100, 100, 60, 12, 6)[4][0]
    assert place([wish("a", 100, 100)], BOUNDS, [north_west], previous={"a": 4}) == {"a": 0}


def test_names_of_one_group_keep_their_distance() -> None:
    rivers = [Wish(n, 1.0, centred(60 + 40 * n, 50 + 20 * n, 30, 10), "Tigris", 150.0) for n in range(6)]
    assert set(place(rivers, BOUNDS)) == {0, 4}


def test_a_curve_is_free_only_where_all_of_it_is() -> None:
    curve = (Rect(10, 10, 10, 10), Rect(30, 20, 10, 10), Rect(50, 30, 10, 10))
    assert place([Wish("river", 1.0, [curve])], BOUNDS, [Rect(52, 32, 3, 3)]) == {}
    assert place([Wish("river", 1.0, [curve])], BOUNDS, [Rect(52, 12, 3, 3)]) == {"river": 0}


@given(SPOTS)
def test_nothing_overlaps_and_all_lies_within(spots: list[tuple[float, float, float, int]]) -> None:
    wishes = [wish(str(n), x, y, width, priority) for n, (x, y, width, priority) in enumerate(spots)]
    blocked = [Rect(150, 100, 80, 60)]
    taken = place(wishes, BOUNDS, blocked)
    rects = [each.candidates[taken[each.key]][0] for each in wishes if each.key in taken]
    for rect in rects:
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.right <= BOUNDS.w
        assert rect.bottom <= BOUNDS.h
    assert not any(a.meets(b) for a, b in itertools.combinations([*rects, *blocked], 2))
    assert place(wishes, BOUNDS, blocked) == taken
    assert place(wishes, BOUNDS, blocked, taken) == taken


@pytest.mark.parametrize("count", [300])
def test_many_labels_are_placed_at_once(count: int) -> None:
    wishes = [wish(str(n), (n * 97) % 1600, (n * 61) % 1000, 80.0, n % 7) for n in range(count)]
    assert len(place(wishes, Rect(0, 0, 1600, 1000))) > count / 3


def test_a_name_keeps_clear_of_other_marks_or_is_dropped() -> None:
    own, size = (100.0, 100.0, 3.0), (60.0, 12.0, 6.0)
    name = [Wish("a", 1.0, around(*own[:2], *size), own=(own,), rivals=Points([own, (165.0, 108.0, 6.0)]))]
    assert place(name, BOUNDS) == {"a": 1}  # east would end at the other mark
    ring = [(100 + 30 * dx, 100 + 22 * dy, 6.0) for dx in (-2, -1, 0, 1, 2) for dy in (-1, 0, 1) if (dx, dy) != (0, 0)]
    crowded = [Wish("a", 1.0, around(*own[:2], *size), own=(own,), rivals=Points([own, *ring]))]
    assert place(crowded, BOUNDS) == {}


def test_a_mark_at_the_same_spot_is_no_other() -> None:
    own = (100.0, 100.0, 3.0)
    wishes = [Wish("a", 1.0, around(100, 100, 60, 12, 6), own=(own,), rivals=Points([own, (103.0, 101.0, 9.0)]))]
    assert place(wishes, BOUNDS) == {"a": 0}


@given(SPOTS)
def test_every_placed_name_is_nearest_to_its_own_point(spots: list[tuple[float, float, float, int]]) -> None:
    points = [(x, y, 3.0 + priority) for x, y, _width, priority in spots]
    rivals = Points(points)
    wishes = [
        Wish(str(n), 1.0, around(x, y, width, 12.0, 8.0), own=(points[n],), rivals=rivals)
        for n, (x, y, width, _priority) in enumerate(spots)
    ]
    for key, number in place(wishes, BOUNDS).items():
        at = int(str(key))
        rect, own = wishes[at].candidates[number][0], points[at]
        for other in points:
            if math.dist(other[:2], own[:2]) > SAME:
                assert rect.distance(*other[:2]) > rect.distance(*own[:2])

"""Instants and pixels, ticks and bars, against plain arithmetic."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from db.civil import Unit, civil, instant
from db.values import MS_DAY, MS_HOUR, OPEN_FUTURE, OPEN_PAST, TimeWindow
from viewer.views.timeline.geometry import (
    BINS,
    FAR,
    NARROWEST_BAR,
    TimeScale,
    bin_edges,
    has_band,
    hull,
    place_labels,
    tick_step,
    ticks,
    whole,
)

DAYS = st.integers(-2_000_000, 2_000_000)
LENGTHS = st.integers(6 * MS_HOUR, 30_000 * 365 * MS_DAY)
WIDTHS = st.integers(100, 4000)


@st.composite
def scales(draw):
    first = draw(DAYS) * MS_DAY + draw(st.integers(0, MS_DAY))
    return TimeScale.of(TimeWindow(first, first + draw(LENGTHS)), draw(WIDTHS))


@given(scales(), st.floats(0, 1))
def test_pixel_to_instant_and_back(scale, share):
    x = share * scale.width
    assert abs(scale.x(scale.at(x)) - x) < 0.01


@given(scales(), st.floats(0, 1))
def test_instant_to_pixel_and_back(scale, share):
    at = scale.first + round(share * (scale.last - scale.first))
    assert abs(scale.at(scale.x(at)) - at) <= max(scale.ms_per_px * 1e-6, 1)


@given(scales(), st.lists(DAYS, min_size=1, max_size=20))
def test_many_places_are_those_of_each(scale, days):
    many = scale.xs(np.array([day * MS_DAY for day in days], np.int64))
    assert np.allclose(many, [scale.x(day * MS_DAY) for day in days], atol=1e-3)


def test_open_ends_lie_far_outside():
    scale = TimeScale.of(TimeWindow(0, MS_DAY), 100)
    assert scale.xs(np.array([OPEN_PAST, OPEN_FUTURE], np.int64)).tolist() == [-FAR, FAR]
    assert (scale.x(OPEN_PAST), scale.x(OPEN_FUTURE)) == (-FAR, FAR)


@given(scales(), st.floats(0, 1), st.floats(0.2, 5))
def test_zooming_holds_the_instant_under_the_pointer(scale, share, factor):
    x = share * scale.width
    zoomed = TimeScale.of(scale.zoomed(factor, x), scale.width)
    assert abs(zoomed.x(scale.at(x)) - x) < 0.5


@given(scales(), st.floats(-500, 500))
def test_dragging_moves_everything_by_the_same(scale, pixels):
    moved = TimeScale.of(scale.moved(pixels), scale.width)
    assert abs(moved.x(scale.first) - pixels) < 0.01
    assert moved.last - moved.first == scale.last - scale.first


@given(scales())
def test_ticks_have_room_and_ascend(scale):
    step, marks = tick_step(scale), ticks(scale)
    assert step.length / scale.ms_per_px >= step.least
    assert len(marks) < 400
    assert all(one.at < other.at for one, other in pairwise(marks))
    named = [mark for mark in marks if mark.label]
    assert named or scale.width < 150


def test_units_go_from_quarters_of_an_hour_to_ages():
    found = []
    for days in (0.25, 1, 7, 30, 120, 700, 2500, 12_000, 60_000, 400_000, 4_000_000):
        step = tick_step(TimeScale.of(TimeWindow(0, round(days * MS_DAY)), 960))
        found.append((step.unit, step.count))
    assert found == [
        (Unit.MINUTE, 30),
        (Unit.HOUR, 3),
        (Unit.HOUR, 12),
        (Unit.DAY, 1),
        (Unit.WEEK, 1),
        (Unit.MONTH, 1),
        (Unit.QUARTER, 1),
        (Unit.YEAR, 2),
        (Unit.YEAR, 10),
        (Unit.YEAR, 50),
        (Unit.YEAR, 1000),
    ]


def test_a_new_year_is_major_and_says_the_year():
    scale = TimeScale.of(TimeWindow(instant(2015, 4, 20), instant(2017, 4, 20)), 960)
    labels = [(tick.label, tick.major) for tick in ticks(scale, 0)]
    assert labels[:3] == [("May", False), ("Jun", False), ("Jul", False)]
    assert ("2016", True) in labels
    assert ("Jan", False) not in labels


def test_years_before_the_first():
    scale = TimeScale.of(TimeWindow(instant(-50), instant(20)), 960)
    years = [tick.label for tick in ticks(scale, 0)]
    assert "11 BC" in years  # 45 BC, 40 BC ... in astronomical fives
    assert "5" in years


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(5, 60), st.booleans()), max_size=40))
def test_set_labels_keep_their_distance(wanted):
    places = [(left, left + wide, major) for left, wide, major in wanted]
    taken = [(100.0, 180.0)]
    shown = [place[:2] for place, is_set in zip(places, place_labels(places, 6.0, taken), strict=True) if is_set]
    everything = sorted([*shown, *taken])
    assert all(one[1] + 6.0 <= other[0] + 1e-9 for one, other in pairwise(everything))


@given(scales())
def test_bars_cover_the_overview_and_can_be_seen(scale):
    name, edges = bin_edges(scale)
    assert edges[0] <= scale.first
    assert edges[-1] >= scale.last
    assert (np.diff(edges) > 0).all()
    if name != BINS[-1][0]:
        assert np.median(np.diff(edges)) / scale.ms_per_px >= NARROWEST_BAR * 0.9


def test_bars_of_two_years_are_months():
    assert bin_edges(TimeScale.of(TimeWindow(instant(2014, 6), instant(2017, 2)), 960))[0] == "month"


def test_the_overview_leaves_out_stragglers_only_where_they_squeeze():
    months = [instant(2015 + at // 12, at % 12 + 1) for at in range(24)]
    even = whole(np.array(months, np.int64), 0)
    assert even.contains(months[0])
    assert even.contains(months[-1])
    lone = whole(np.array([instant(1990), *months], np.int64), 0)
    assert not lone.contains(instant(1990))
    assert lone.contains(months[0])
    assert lone.contains(months[-1])


def test_the_overview_of_nothing_is_a_year_about_the_cursor():
    shown = whole(np.empty(0, np.int64), instant(2016, 7, 1))
    assert civil(shown.first).year == 2015
    assert civil(shown.last).year == 2016


def test_hull():
    assert hull(TimeWindow(3, 5), TimeWindow(1, 4)) == TimeWindow(1, 5)


def test_an_exact_day_has_a_band_only_where_a_day_is_wide():
    day = instant(2016, 11, 28), instant(2016, 11, 29) - 1
    assert not has_band(*day, TimeScale.of(TimeWindow(instant(2016), instant(2017)), 960))
    assert has_band(*day, TimeScale.of(TimeWindow(instant(2016, 11, 20), instant(2016, 12, 1)), 960))
    assert has_band(instant(2016, 11), instant(2016, 12), TimeScale.of(TimeWindow(instant(2016), instant(2017)), 960))

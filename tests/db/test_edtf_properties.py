"""Laws that every EDTF text obeys, and PyPI's edtf package as a second opinion where it can be trusted."""

import re
from datetime import date, timedelta
from itertools import pairwise

import edtf as other
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import edtf
from db.edtf import EdtfError, Unit, add, instant
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Shape, TimeSpan
from tests.helpers.examples import examples

FEW = settings(max_examples=150, deadline=None)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
YEARS = st.one_of(
    st.integers(1900, 2100).map(lambda year: f"{year:04d}"),
    st.integers(0, 9999).map(lambda year: f"{year:04d}"),
    st.integers(1, 9999).map(lambda year: f"-{year:04d}"),
    st.integers(10_000, edtf.MAX_YEAR).flatmap(lambda year: st.sampled_from([f"Y{year}", f"Y-{year}"])),
)
MARKS = st.sampled_from(["", "", "~", "?", "%"])


@st.composite
def timed(draw):
    text = f"{draw(DAYS)}T{draw(st.integers(0, 23)):02d}"
    for _ in range(draw(st.integers(0, 2))):
        text += f":{draw(st.integers(0, 59)):02d}"
    return text + draw(st.sampled_from(["", "Z", "+03:00", "-11:30"]))


BARE = st.one_of(
    YEARS,
    DAYS.map(str),
    DAYS.map(lambda day: str(day)[:7]),
    DAYS.map(lambda day: f"{str(day)[:7]}-XX"),
    DAYS.flatmap(lambda day: st.sampled_from([f"{str(day)[:4]}-XX", f"{str(day)[:4]}-XX-XX"])),
    DAYS.flatmap(lambda day: st.sampled_from([f"{str(day)[:4]}-{season}" for season in range(21, 25)])),
    st.integers(0, 999).flatmap(lambda n: st.sampled_from([f"{n:03d}X", f"-{n:03d}X"])),
    st.integers(0, 99).flatmap(lambda n: st.sampled_from([f"{n:02d}XX", f"-{n:02d}XX"])),
    timed(),
)
POINTS = st.builds(str.__add__, BARE, MARKS)
OWN_ZONE = re.compile(r"T[0-9:]+[Z+-]")  # such a range can be backwards in another zone
SHAPES = st.sampled_from(list(Shape))
ZONES = st.sampled_from([None, None, 0, 180, -660])


@st.composite
def ranges(draw, joint="/"):
    """Two dates in order, or one and a gap."""
    ends = [draw(POINTS), draw(POINTS)]
    try:
        edtf.parse("/".join(ends))
    except EdtfError:
        ends.reverse()
    if joint == "/":
        gaps = [["..", ends[0]], [ends[0], ".."], ["", ends[0]], [ends[0], ""], ends, ends]
        return "/".join(draw(st.sampled_from(gaps)))
    return "..".join(draw(st.sampled_from([["", ends[0]], [ends[0], ""], ends, ends])))


MEMBERS = st.one_of(POINTS, ranges(".."))
SETS = st.lists(MEMBERS, min_size=1, max_size=4).map(lambda members: f"[{','.join(members)}]")
TEXTS = st.one_of(POINTS, ranges(), SETS)


def check_invariants(span: TimeSpan) -> None:
    assert span.earliest_start <= span.latest_start <= span.latest_end
    assert span.earliest_start <= span.earliest_end <= span.latest_end
    bounds = (span.earliest_start, span.latest_start, span.earliest_end, span.latest_end)
    assert all(OPEN_PAST <= bound <= OPEN_FUTURE for bound in bounds)
    assert all(abs(bound) < 2**61 // 1.01 or bound in (OPEN_PAST, OPEN_FUTURE) for bound in bounds)
    assert span.earliest_start <= span.best <= span.latest_end
    if span.shape is Shape.MOMENT:
        assert bounds[:2] == bounds[2:]


@FEW
@given(TEXTS, SHAPES, ZONES)
def test_bounds_are_in_order(text, shape, zone):
    check_invariants(edtf.parse(text, shape, None if OWN_ZONE.search(text) else zone))


@FEW
@given(TEXTS, SHAPES, ZONES)
def test_a_span_survives_its_canonical_text(text, shape, zone):
    span = edtf.parse(text, shape, None if OWN_ZONE.search(text) else zone)
    again = edtf.parse(edtf.format(span), span.shape, span.zone_minutes)
    assert again.edtf == edtf.format(again) == edtf.format(span)
    for name in ("earliest_start", "latest_start", "earliest_end", "latest_end", "precision", "qualifier", "shape"):
        assert getattr(again, name) == getattr(span, name)


@FEW
@given(DAYS, MARKS, SHAPES)
def test_a_day_lies_in_its_month_its_year_its_decade_and_its_century(day, mark, shape):
    text = str(day)
    spans = [edtf.parse(part + mark, shape) for part in (text, text[:7], text[:4], f"{text[:3]}X", f"{text[:2]}XX")]
    for inner, outer in pairwise(spans):
        assert outer.earliest_start <= inner.earliest_start
        assert inner.latest_end <= outer.latest_end
        assert inner.precision < outer.precision


@FEW
@given(BARE, SHAPES)
def test_a_qualifier_only_widens(text, shape):
    plain = edtf.parse(text, shape)
    for mark in "~?%":
        padded = edtf.parse(text + mark, shape)
        assert padded.earliest_start < plain.earliest_start
        assert padded.latest_start > plain.latest_start
        assert padded.earliest_end < plain.earliest_end
        assert padded.latest_end > plain.latest_end


@FEW
@given(st.lists(DAYS, min_size=2, max_size=8), st.sampled_from([4, 7, 10]))
def test_texts_of_one_precision_sort_as_their_times(days, length):
    texts = [str(day)[:length] for day in days]
    assert sorted(texts) == sorted(texts, key=lambda text: edtf.parse(text).earliest_start)


@FEW
@given(TEXTS, SHAPES, st.integers(instant(-100), instant(2200)), st.integers(0, 400 * MS_DAY * 365))
def test_certainly_in_a_window_is_possibly_in_it(text, shape, first, length):
    span = edtf.parse(text, shape)
    if span.certainly_in(first, first + length):
        assert span.possibly_in(first, first + length)
    assert span.possibly_in(span.earliest_start, span.latest_end)


@FEW
@given(TEXTS, ZONES)
def test_a_zone_moves_every_finite_bound_of_a_text_without_one(text, zone):
    if OWN_ZONE.search(text):
        return
    here, there = edtf.parse(text), edtf.parse(text, zone_minutes=zone)
    shift = (zone or 0) * 60_000
    if here.earliest_start > OPEN_PAST:
        assert there.earliest_start == here.earliest_start - shift
    if here.latest_end < OPEN_FUTURE:
        assert there.latest_end == here.latest_end - shift


@FEW
@given(st.integers(instant(-9000), instant(9000)), st.sampled_from(list(Unit)), st.integers(1, 40), SHAPES)
def test_the_text_that_encloses_a_range_covers_it(first, unit, count, shape):
    start = edtf.floor(first, unit)
    last = add(start, count, unit) - 1
    span = edtf.enclosing(start, last, shape)
    assert (span.earliest_start, span.latest_end) == (start, last)
    loose = edtf.enclosing(first, first + 1, shape)
    assert loose.earliest_start <= first
    assert loose.latest_end >= first + 1


@settings(max_examples=examples(200), deadline=None)
@given(
    st.one_of(
        st.text(max_size=30),
        st.text(alphabet="0123456789-/.,[]XY~?%TZ:+ {}uU", max_size=24),
        TEXTS.flatmap(lambda text: st.integers(0, len(text)).map(lambda cut: text[:cut] + text[cut + 1 :])),
    ),
    SHAPES,
)
def test_any_text_is_a_span_or_a_refusal(text, shape):
    try:
        span = edtf.parse(text, shape)
    except EdtfError:
        return
    check_invariants(span)
    assert edtf.parse(edtf.format(span), span.shape, span.zone_minutes).earliest_start == span.earliest_start


def check_days(text: str) -> None:
    """The other package's strict bounds are days, written as their midnights."""
    theirs, ours = other.parse_edtf(text), edtf.parse(text)
    assert edtf.civil(ours.earliest_start)[:3] == theirs.lower_strict()[:3]
    assert edtf.civil(ours.latest_end)[:3] == theirs.upper_strict()[:3]


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        DAYS.map(str),
        DAYS.map(lambda day: str(day)[:7]),
        DAYS.map(lambda day: str(day)[:4]),
        st.tuples(DAYS, st.integers(0, 4000), st.sampled_from([4, 7, 10])).map(
            lambda row: (
                f"{str(row[0])[: row[2]]}/{str(min(row[0] + timedelta(row[1]), date.max))[: row[2]]}"
                if row[0] < date(9980, 1, 1)
                else str(row[0])
            )
        ),
    )
)
def test_closed_dates_and_intervals_agree_with_the_edtf_package(text):
    check_days(text)


@pytest.mark.parametrize("text", ["201X", "19XX", "2016-XX", "2014-22", "-0044", "0000", "2016-12-XX", "Y17000"])
def test_single_forms_agree_with_the_edtf_package(text):
    check_days(text)

"""Calendar arithmetic: against datetime where that reaches, by its own laws beyond."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import edtf
from db.edtf import Civil, Unit, add, civil, floor, instant, starts, weekday
from db.values import MS_DAY, MS_HOUR, Precision

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(-(2**58), 2**58)
DATETIMES = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))


@settings(max_examples=200)
@given(DATETIMES)
def test_agrees_with_datetime(at):
    ms = (at - EPOCH) // timedelta(milliseconds=1)
    fields = (at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond // 1000)
    assert civil(ms) == fields
    assert instant(*fields) == ms
    assert weekday(ms) == at.weekday()


@settings(max_examples=200)
@given(INSTANTS)
def test_fields_and_instant_undo_each_other_over_millions_of_years(ms):
    assert instant(*civil(ms)) == ms


def test_four_centuries_have_146097_days_and_every_day_follows_the_last():
    days = [civil(day * MS_DAY)[:3] for day in range(-146_097, 1)]
    assert days == sorted(set(days))
    assert days[0][1:] == days[-1][1:]
    assert days[-1][0] - days[0][0] == 400


@pytest.mark.parametrize(
    "fields",
    [(2015, 2, 29), (1900, 2, 29), (2016, 13), (2016, 0), (2016, 4, 31), (2016, 1, 1, 24), (2016, 1, 1, 0, 60)],
)
def test_dates_that_do_not_exist_are_refused(fields):
    with pytest.raises(ValueError, match="no such"):
        instant(*fields)


def test_year_zero_is_a_leap_year():
    assert civil(instant(0, 2, 29) + MS_DAY) == Civil(0, 3, 1)
    assert civil(instant(1) - 1).year == 0


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit.SECOND, (2016, 11, 30, 14, 30, 5)),
        (Unit.MINUTE, (2016, 11, 30, 14, 30)),
        (Unit.HOUR, (2016, 11, 30, 14)),
        (Unit.DAY, (2016, 11, 30)),
        (Unit.WEEK, (2016, 11, 28)),
        (Unit.MONTH, (2016, 11)),
        (Unit.QUARTER, (2016, 10)),
        (Unit.YEAR, (2016,)),
        (Unit.DECADE, (2010,)),
        (Unit.CENTURY, (2000,)),
    ],
)
def test_floor_of_each_unit(unit, expected):
    assert floor(instant(2016, 11, 30, 14, 30, 5, 250), unit) == instant(*expected)


@pytest.mark.parametrize(
    ("unit", "step", "expected"),
    [
        (Unit.HOUR, 6, (2016, 11, 30, 12)),
        (Unit.YEAR, 1000, (2000,)),
        (Unit.MONTH, 6, (2016, 7)),
        (Unit.CENTURY, 5, (2000,)),
    ],
)
def test_floor_to_every_step(unit, step, expected):
    assert floor(instant(2016, 11, 30, 14, 30), unit, step) == instant(*expected)


def test_floor_goes_down_before_the_epoch_and_before_year_zero():
    assert floor(instant(1969, 12, 31, 23, 59), Unit.HOUR) == instant(1969, 12, 31, 23)
    assert floor(instant(-1, 6, 5), Unit.DECADE) == instant(-10)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ((2016, 1, 31), 1, Unit.MONTH, (2016, 2, 29)),
        ((2015, 1, 31), 1, Unit.MONTH, (2015, 2, 28)),
        ((2016, 2, 29), 1, Unit.YEAR, (2017, 2, 28)),
        ((2016, 2, 29), 4, Unit.YEAR, (2020, 2, 29)),
        ((2016, 2, 29), -1, Unit.CENTURY, (1916, 2, 29)),
        ((2016, 11, 30), 1, Unit.QUARTER, (2017, 2, 28)),
        ((2016, 3, 31), -1, Unit.MONTH, (2016, 2, 29)),
        ((2016, 12, 31, 23, 59, 59, 999), 1, Unit.MONTH, (2017, 1, 31, 23, 59, 59, 999)),
        ((2016, 11, 28), 3, Unit.WEEK, (2016, 12, 19)),
        ((2016, 11, 28), -2, Unit.DECADE, (1996, 11, 28)),
        ((1, 1, 1), -1, Unit.DAY, (0, 12, 31)),
    ],
)
def test_adding_clamps_the_day_and_keeps_the_time(start, count, unit, end):
    assert add(instant(*start), count, unit) == instant(*end)


@settings(max_examples=200)
@given(INSTANTS, st.sampled_from(list(Unit)), st.integers(1, 12))
def test_an_instant_lies_between_its_floor_and_the_next_start(ms, unit, step):
    start = floor(ms, unit, step)
    assert start <= ms < add(start, step, unit)
    assert floor(start, unit, step) == start
    assert floor(add(start, step, unit), unit, step) == add(start, step, unit)


@settings(max_examples=100)
@given(INSTANTS, st.sampled_from(list(Unit)), st.integers(1, 5), st.integers(0, 30))
def test_starts_are_all_the_starts_in_a_window(first, unit, step, count):
    last = add(first, count * step, unit)
    found = starts(first, last, unit, step)
    assert found == [ms for ms in sorted(set(found)) if first <= ms <= last and floor(ms, unit, step) == ms]
    assert all(add(a, step, unit) == b for a, b in pairwise(found))
    assert not found or add(found[-1], step, unit) > last
    assert len(found) in range(count - 1, count + 3)


def test_starts_of_months_and_of_an_empty_window():
    assert starts(instant(2016, 11, 2), instant(2017, 2, 1), Unit.MONTH) == [
        instant(2016, 12),
        instant(2017, 1),
        instant(2017, 2),
    ]
    assert starts(instant(2016, 11, 2), instant(2016, 11, 3) - 1, Unit.DAY, 1) == [instant(2016, 11, 2)]
    assert starts(instant(2016, 11, 2) + 1, instant(2016, 11, 3) - 1, Unit.DAY) == []


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        (Precision.SECOND, "2016-11-28T14:30:05"),
        (Precision.MINUTE, "2016-11-28T14:30"),
        (Precision.HOUR, "2016-11-28T14"),
        (Precision.DAY, "2016-11-28"),
        (Precision.MONTH, "2016-11"),
        (Precision.YEAR, "2016"),
        (Precision.DECADE, "201X"),
        (Precision.CENTURY, "20XX"),
    ],
)
def test_the_edtf_of_an_instant(precision, text):
    ms = instant(2016, 11, 28, 14, 30, 5, 250)
    assert edtf.date_text(ms, precision) == text
    span = edtf.parse(text)
    assert span.earliest_start <= ms <= span.latest_end
    assert span.precision is precision


def test_the_edtf_of_a_day_beyond_four_digit_years_is_its_year():
    assert edtf.date_text(instant(-20_000, 5, 5)) == "Y-20000"
    assert edtf.date_text(instant(12_345, 5, 5) + 3 * MS_HOUR) == "Y12345"

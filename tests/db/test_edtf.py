"""EDTF text to bounds, form by form."""

import json

import pytest

from db import edtf
from db.edtf import EdtfError, all_through, instant, parse
from db.errors import InputFault
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Precision, Qualifier, Shape
from tests.helpers.shared import SHARED, needs_shared


def end_of(*fields):
    """Last ms before the given fields."""
    return instant(*fields) - 1


HALF_PAST = instant(2016, 11, 28, 14, 30)

# text, first ms, last ms, precision
PLAIN = [
    ("2016", instant(2016), end_of(2017), Precision.YEAR),
    ("2016-12", instant(2016, 12), end_of(2017), Precision.MONTH),
    ("2016-02", instant(2016, 2), end_of(2016, 3), Precision.MONTH),
    ("2016-11-28", instant(2016, 11, 28), end_of(2016, 11, 29), Precision.DAY),
    ("2016-02-29", instant(2016, 2, 29), end_of(2016, 3), Precision.DAY),
    ("2016-11-28T14", instant(2016, 11, 28, 14), end_of(2016, 11, 28, 15), Precision.HOUR),
    ("2016-11-28T14:30", instant(2016, 11, 28, 14, 30), end_of(2016, 11, 28, 14, 31), Precision.MINUTE),
    ("2016-11-28T14:30:05", instant(2016, 11, 28, 14, 30, 5), end_of(2016, 11, 28, 14, 30, 6), Precision.SECOND),
    ("2016-11-28T14:30:05Z", instant(2016, 11, 28, 14, 30, 5), end_of(2016, 11, 28, 14, 30, 6), Precision.SECOND),
    ("2016-11-28T00:30:05+03:00", instant(2016, 11, 27, 21, 30, 5), end_of(2016, 11, 27, 21, 30, 6), Precision.SECOND),
    ("2016-11-28T14:30-03", instant(2016, 11, 28, 17, 30), end_of(2016, 11, 28, 17, 31), Precision.MINUTE),
    ("2016-11-28T14:30:05.25", HALF_PAST + 5250, HALF_PAST + 5259, Precision.SECOND),
    ("2014-21", instant(2014, 3), end_of(2014, 6), Precision.SEASON),
    ("2014-22", instant(2014, 6), end_of(2014, 9), Precision.SEASON),
    ("2014-23", instant(2014, 9), end_of(2014, 12), Precision.SEASON),
    ("2014-24", instant(2014, 12), end_of(2015, 3), Precision.SEASON),
    ("201X", instant(2010), end_of(2020), Precision.DECADE),
    ("20XX", instant(2000), end_of(2100), Precision.CENTURY),
    ("-019X", instant(-199), end_of(-189), Precision.DECADE),
    ("-01XX", instant(-199), end_of(-99), Precision.CENTURY),
    ("2016-XX", instant(2016), end_of(2017), Precision.YEAR),
    ("2016-XX-XX", instant(2016), end_of(2017), Precision.YEAR),
    ("2016-12-XX", instant(2016, 12), end_of(2017), Precision.MONTH),
    ("0000", instant(0), end_of(1), Precision.YEAR),
    ("0044", instant(44), end_of(45), Precision.YEAR),
    ("-0199", instant(-199), end_of(-198), Precision.YEAR),
    ("-9999", instant(-9999), end_of(-9998), Precision.YEAR),
    ("9999", instant(9999), end_of(10_000), Precision.YEAR),
    ("Y-10000", instant(-10_000), end_of(-9999), Precision.YEAR),
    ("Y17000", instant(17_000), end_of(17_001), Precision.YEAR),
    ("Y-70000000", instant(-70_000_000), end_of(-69_999_999), Precision.YEAR),
    ("2015-10/2016-03", instant(2015, 10), end_of(2016, 4), Precision.MONTH),
    ("2015/2016-03-05", instant(2015), end_of(2016, 3, 6), Precision.DAY),
    ("../2014", OPEN_PAST, end_of(2015), Precision.YEAR),
    ("/2014", OPEN_PAST, end_of(2015), Precision.YEAR),
    ("2015-10/..", instant(2015, 10), OPEN_FUTURE, Precision.MONTH),
    ("2015-10/", instant(2015, 10), OPEN_FUTURE, Precision.MONTH),
    ("[2016-11-27,2016-11-28]", instant(2016, 11, 27), end_of(2016, 11, 29), Precision.DAY),
    ("[1667,1670..1672]", instant(1667), end_of(1673), Precision.YEAR),
    ("[2016-11-03..2016-11-09]", instant(2016, 11, 3), end_of(2016, 11, 10), Precision.DAY),
    ("[..2014]", OPEN_PAST, end_of(2015), Precision.YEAR),
    ("[2014..]", instant(2014), OPEN_FUTURE, Precision.YEAR),
]


@pytest.mark.parametrize(("text", "first", "last", "precision"), PLAIN, ids=[row[0] for row in PLAIN])
def test_a_moment_lies_between_the_first_and_last_ms_of_its_text(text, first, last, precision):
    span = edtf.parse(text)
    assert (span.earliest_start, span.latest_start) == (first, last)
    assert (span.earliest_end, span.latest_end) == (first, last)
    assert (span.edtf, span.precision, span.qualifier, span.shape) == (text, precision, Qualifier.NONE, Shape.MOMENT)


PADDED = [
    ("2016-11-28T14:30:05~", instant(2016, 11, 28, 14, 29, 5), end_of(2016, 11, 28, 14, 31, 6)),
    ("2016-11-28T14:30~", instant(2016, 11, 28, 14, 15), end_of(2016, 11, 28, 14, 46)),
    ("2016-11-28T14~", instant(2016, 11, 28, 11), end_of(2016, 11, 28, 18)),
    ("2016-11-28~", instant(2016, 11, 25), end_of(2016, 12, 2)),
    ("2016-12~", instant(2016, 11, 16), end_of(2017, 1, 16)),
    ("2016-12-XX~", instant(2016, 11, 16), end_of(2017, 1, 16)),
    ("2014-22~", instant(2014, 5), end_of(2014, 10)),
    ("2015~", instant(2014, 10), end_of(2016, 4)),
    ("201X~", instant(2007), end_of(2023)),
    ("19XX~", instant(1870), end_of(2030)),
    ("2015-10~/2016-03", instant(2015, 9, 16), end_of(2016, 4)),
    ("2015-10/2016-03~", instant(2015, 10), end_of(2016, 4, 16)),
    ("[2016-11-27~,2016-11-28]", instant(2016, 11, 24), end_of(2016, 12)),
]


@pytest.mark.parametrize(("text", "first", "last"), PADDED, ids=[row[0] for row in PADDED])
@pytest.mark.parametrize("mark", ["~", "?", "%"])
def test_a_qualified_date_is_padded_by_the_stated_width(text, first, last, mark):
    span = edtf.parse(text.replace("~", mark))
    assert (span.earliest_start, span.latest_start) == (first, last)
    assert span.qualifier == mark


def test_the_qualifier_of_a_range_joins_those_of_its_ends():
    assert edtf.parse("2015-10~/2016-03?").qualifier is Qualifier.BOTH
    assert edtf.parse("2015-10?/2016-03").qualifier is Qualifier.UNCERTAIN
    assert edtf.parse("2016?~").qualifier is Qualifier.BOTH


# text, earliest start, latest start, earliest end, latest end
LASTING = [
    ("2016", instant(2016), instant(2016), end_of(2017), end_of(2017)),
    ("2016-11-28", instant(2016, 11, 28), instant(2016, 11, 28), end_of(2016, 11, 29), end_of(2016, 11, 29)),
    ("2015~", instant(2014, 10), instant(2015, 4), end_of(2015, 10), end_of(2016, 4)),
    ("2016-12~", instant(2016, 11, 16), instant(2016, 12, 16), end_of(2016, 12, 17), end_of(2017, 1, 16)),
    ("2016-12-XX", instant(2016, 12), instant(2016, 12, 31), end_of(2016, 12, 2), end_of(2017)),
    ("2016-XX", instant(2016), instant(2016, 12), end_of(2016, 2), end_of(2017)),
    ("2015-10/2016-03", instant(2015, 10), end_of(2015, 11), instant(2016, 3), end_of(2016, 4)),
    ("2015-10~/2016-03", instant(2015, 9, 16), end_of(2015, 11, 16), instant(2016, 3), end_of(2016, 4)),
    ("2016/2016-03", instant(2016), end_of(2016, 4), instant(2016, 3), end_of(2016, 4)),
    ("2016-03/2016", instant(2016, 3), end_of(2016, 4), instant(2016, 3), end_of(2017)),
    ("2015-10/..", instant(2015, 10), end_of(2015, 11), OPEN_FUTURE, OPEN_FUTURE),
    ("2015-10/", instant(2015, 10), end_of(2015, 11), instant(2015, 10), OPEN_FUTURE),
    ("../2014", OPEN_PAST, OPEN_PAST, instant(2014), end_of(2015)),
    ("/2014", OPEN_PAST, end_of(2015), instant(2014), end_of(2015)),
]


@pytest.mark.parametrize("row", LASTING, ids=[row[0] for row in LASTING])
def test_what_lasts_starts_and_ends_within_its_dates(row):
    span = edtf.parse(row[0], Shape.LASTING)
    assert (span.earliest_start, span.latest_start, span.earliest_end, span.latest_end) == row[1:]
    assert span.shape is Shape.LASTING


def test_a_set_is_a_moment_whatever_was_asked_for():
    assert edtf.parse("[2016-11-27,2016-11-28]", Shape.LASTING) == edtf.parse("[2016-11-27,2016-11-28]")


def test_a_zone_moves_times_and_the_boundaries_of_days():
    baghdad = 180
    day = edtf.parse("2016-11-28", zone_minutes=baghdad)
    assert day.earliest_start == instant(2016, 11, 27, 21)
    assert day.latest_end == end_of(2016, 11, 28, 21)
    assert edtf.parse("2016-11-28T14:30", zone_minutes=baghdad).earliest_start == instant(2016, 11, 28, 11, 30)
    assert edtf.parse("2016-11-28T14:30Z", zone_minutes=baghdad).earliest_start == instant(2016, 11, 28, 14, 30)
    assert day.zone_minutes == baghdad
    assert edtf.parse("2016-11-28").zone_minutes is None


def test_a_zone_named_at_one_end_holds_for_the_other():
    span = edtf.parse("2016-11-28T14:30+03:00/2016-11-29")
    assert span.latest_end == end_of(2016, 11, 29, 21)
    assert span == edtf.parse(span.edtf, span.shape, span.zone_minutes)


def test_a_date_without_a_time_is_a_whole_day_and_never_midnight():
    span = edtf.parse("2016-11-28")
    assert span.latest_end - span.earliest_start == MS_DAY - 1
    assert span.best == instant(2016, 11, 28, 12) - 1


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" 2016-12~ ", "2016-12~"),
        ("201x", "201X"),
        ("2016?~", "2016%"),
        ("y-10000", "Y-10000"),
        ("Y2016", "2016"),
        ("-0000", "0000"),
        ("2016-11-28t14:30:05,250+0300", "2016-11-28T14:30:05.250+03:00"),
        ("2016-11-28T14:30-03", "2016-11-28T14:30-03:00"),
        ("2016-11-28T14:30+00:00", "2016-11-28T14:30Z"),
        ("2015-10 / open", "2015-10/.."),
        ("unknown/2015-10", "/2015-10"),
        ("[2016-11-28, 2016-11-27]", "[2016-11-27,2016-11-28]"),
        ("[ ..2014 ]", "[..2014]"),
        ("[1670 .. 1672,1667]", "[1667,1670..1672]"),
    ],
)
def test_normalise_gives_the_canonical_text(text, canonical):
    assert edtf.normalise(text) == canonical
    assert edtf.normalise(canonical) == canonical
    assert edtf.format(edtf.parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is no date here"),
        ("   ", "Type for example 28 Nov 2016"),
        ("2016-02-30", "There is no day 30 in February 2016: it has 29 days. Type one from 1 to 29."),
        ("2015-02-29", "it has 28 days"),
        ("2016-13", "There is no month 13"),
        ("2016-00", "There is no month 00"),
        ("2016-13-01", "There is no month 13"),
        ("2016-22-01", "There is no month 22"),
        ("2016-11-28T24:00", "There is no time 24:00:00"),
        ("2016-11-28T12:60", "There is no time 12:60:00"),
        ("2016-11-28T12:30+15:00", "There is no time zone +15:00"),
        ("2016-12/2015-10", "A range cannot end before it starts: Oct 2015 is before Dec 2016."),
        ("[2016-12..2015-10]", "A range cannot end before it starts"),
        ("2014/2015/2016", "more than one “/”"),
        ("../..", "no date at either end"),
        ("/", "no date at either end"),
        ("[..]", "no date at either end"),
        ("[2016,]", "lacks a date"),
        ("[]", "lacks a date"),
        ("{2016,2017}", "braces"),
        ("200", "write a year with four digits, as in 0200"),
        ("12345", "begins with Y, as in Y12345"),
        ("2016-1-5", "Type 2016-01-05"),
        ("201u", "Type 201X"),
        ("Y70000001", "Years go from"),
        ("Y99999999999999999999999999999999", "Years go from"),
        ("Y17000-03", "four digits"),
        ("201X-05", "four digits"),
        ("2016-XX-05", "a day without its month"),
        ("2016-12-XXT14:30", "a time without its day"),
        ("2016-12-28T", "not a date that can be read"),
        ("yesterday", "“yesterday” is not a date that can be read"),
        ("٢٠١٦", "not a date that can be read"),
        ("2016-11-28" * 50, "longer than 400 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text, says):
    with pytest.raises(EdtfError) as caught:
        edtf.parse(text)
    message = str(caught.value)
    assert says in message
    assert message.endswith((".", ".."))
    assert len(message) < 220
    assert isinstance(caught.value, InputFault)


def test_a_refusal_offers_what_may_have_been_meant():
    for text in ("200", "12345", "2016-1-5", "201u", "2016-12/2015-10"):
        with pytest.raises(EdtfError) as caught:
            edtf.parse(text)
        assert caught.value.offers
        for offer in caught.value.offers:
            edtf.parse(offer)


@pytest.mark.parametrize("minutes", [-841, 841])
def test_a_zone_that_does_not_exist_is_refused(minutes):
    with pytest.raises(EdtfError, match="Time zones go from"):
        edtf.parse("2016", zone_minutes=minutes)


@pytest.mark.parametrize(
    ("first", "last", "moment", "lasting"),
    [
        (instant(2016), end_of(2017), "2016", "2016"),
        (instant(2016, 12), end_of(2017), "2016-12", "2016-12"),
        (instant(2016, 11, 28), end_of(2016, 11, 29), "2016-11-28", "2016-11-28"),
        (instant(2015, 10), end_of(2016, 4), "[2015-10..2016-03]", "2015-10/2016-03"),
        (instant(2016, 11, 27), end_of(2016, 11, 29), "[2016-11-27..2016-11-28]", "2016-11-27/2016-11-28"),
        (OPEN_PAST, end_of(2015), "[..2014]", "../2014"),
        (instant(2015, 10), OPEN_FUTURE, "[2015-10..]", "2015-10/.."),
        (instant(-20_000, 3), end_of(-19_990, 6), "[Y-20000..Y-19990]", "Y-20000/Y-19990"),
        (instant(2016, 11, 28, 14, 30), end_of(2016, 11, 28, 14, 31), "2016-11-28T14:30", "2016-11-28T14:30"),
    ],
)
def test_the_plainest_text_that_covers_a_range(first, last, moment, lasting):
    span = edtf.enclosing(first, last)
    assert span.edtf == moment
    assert edtf.enclosing(first, last, Shape.LASTING).edtf == lasting
    assert (span.earliest_start, span.latest_end) == (first, last) or span.precision is Precision.YEAR
    assert span.earliest_start <= first
    assert span.latest_end >= last


def test_no_text_covers_a_backward_or_a_boundless_range():
    with pytest.raises(ValueError, match="no date covers"):
        edtf.enclosing(1, 0)
    with pytest.raises(ValueError, match="no date covers"):
        edtf.enclosing(OPEN_PAST, OPEN_FUTURE)


@needs_shared
def test_every_date_of_the_annotated_articles_is_read():
    texts = set()

    def collect(node):
        if isinstance(node, dict):
            texts.update(value for key, value in node.items() if key.startswith("edtf") and isinstance(value, str))
            node = list(node.values())
        if isinstance(node, list):
            for item in node:
                collect(item)

    for name in ("events.json", "sources.json", "conflicts.json"):
        collect(json.loads((SHARED / "sample" / name).read_text()))
    assert len(texts) > 50
    for text in texts:
        assert edtf.normalise(text) == text


def test_all_through_a_moment() -> None:
    assert all_through(parse("[2016-05-03..2016-05-05~]")) == parse("2016-05-03/2016-05-05~", Shape.LASTING)
    assert all_through(parse("2016-05-03/2016-05-05")) == parse("2016-05-03/2016-05-05", Shape.LASTING)
    assert all_through(parse("2016")) == parse("2016", Shape.LASTING)
    for text in ("[2016-05-03,2016-05-05]", "[..2016]", "[2016..]"):
        with pytest.raises(EdtfError, match="cannot last all through"):
            all_through(parse(text))

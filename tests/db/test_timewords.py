"""Dates shown in words, and dates as people type them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import edtf, timewords
from db.edtf import EdtfError, instant
from db.values import OPEN_FUTURE, OPEN_PAST, Precision, Qualifier, Shape, TimeSpan
from tests.db.test_edtf_properties import DAYS, MARKS, SHAPES, TEXTS, check_invariants
from tests.helpers.examples import examples

NOW = instant(2016, 11, 28, 9)
# EDTF, shown, short, spoken
WORDS = [
    ("2016-11-28", "28 Nov 2016", "28 Nov 2016", "28 November 2016"),
    ("2016-12", "Dec 2016", "Dec 2016", "December 2016"),
    ("2016", "2016", "2016", "2016"),
    ("2016-12~", "about Dec 2016", "~Dec 2016", "about December 2016"),
    ("2016-12?", "perhaps Dec 2016", "Dec 2016?", "perhaps December 2016"),
    ("2016-12%", "perhaps about Dec 2016", "~Dec 2016?", "perhaps about December 2016"),
    ("[2016-11-27,2016-11-28]", "27 or 28 Nov 2016", "27 or 28 Nov 2016", "27 or 28 November 2016"),
    ("[2016-11-27?,2016-11-28?]", "perhaps 27 or 28 Nov 2016", "27 or 28 Nov 2016?", "perhaps 27 or 28 November 2016"),
    (
        "[2016-11-27~,2016-11-28]",
        "about 27 Nov 2016 or 28 Nov 2016",
        "~27 Nov 2016 or 28 Nov 2016",
        "about 27 November 2016 or 28 November 2016",
    ),
    (
        "[2016-11-27,2016-11-28,2016-12-03]",
        *["27 Nov, 28 Nov or 3 Dec 2016"] * 2,
        "27 November, 28 November or 3 December 2016",
    ),
    ("[2016-10,2016-11]", "Oct or Nov 2016", "Oct or Nov 2016", "October or November 2016"),
    ("[2014,2016]", *["2014 or 2016"] * 3),
    ("[2016-11-03..2016-11-09]", "between 3 and 9 Nov 2016", "3–9 Nov 2016", "between 3 and 9 November 2016"),
    (
        "[1667,1668,1670..1672]",
        "1667, 1668 or between 1670 and 1672",
        "1667, 1668 or 1670–1672",
        "1667, 1668 or between 1670 and 1672",
    ),
    ("[..2014,2016]", *["2014 or earlier or 2016"] * 3),
    ("[..2014]", *["2014 or earlier"] * 3),
    ("[2014-03..]", "Mar 2014 or later", "Mar 2014 or later", "March 2014 or later"),
    ("2015-10/2016-03", "Oct 2015 to Mar 2016", "Oct 2015 – Mar 2016", "October 2015 to March 2016"),
    ("2015-10/2015-12", "Oct to Dec 2015", "Oct–Dec 2015", "October to December 2015"),
    ("2015-10~/2015-12~", "about Oct to Dec 2015", "~Oct–Dec 2015", "about October to December 2015"),
    ("2015-10~/2016-03", "about Oct 2015 to Mar 2016", "~Oct 2015 – Mar 2016", "about October 2015 to March 2016"),
    ("2016-11-03/2016-11-09", "3 to 9 Nov 2016", "3–9 Nov 2016", "3 to 9 November 2016"),
    ("2016-11-28/2016-12-03", "28 Nov to 3 Dec 2016", "28 Nov – 3 Dec 2016", "28 November to 3 December 2016"),
    ("2016-02-05/2016-03", "5 Feb 2016 to Mar 2016", "5 Feb 2016 – Mar 2016", "5 February 2016 to March 2016"),
    ("2003/2008", "2003 to 2008", "2003–2008", "2003 to 2008"),
    ("../2014", "until 2014", "– 2014", "until 2014"),
    ("2015-10/..", "from Oct 2015", "Oct 2015 –", "from October 2015"),
    ("/2014", "until 2014, start unknown", "? – 2014", "until 2014, start unknown"),
    ("2015-10/", "from Oct 2015, end unknown", "Oct 2015 – ?", "from October 2015, end unknown"),
    ("201X", *["2010s"] * 3),
    ("190X", *["1900s (decade)"] * 3),
    ("19XX", *["20th century"] * 3),
    ("20XX", *["21st century"] * 3),
    ("10XX~", "about 11th century", "~11th century", "about 11th century"),
    ("-01XX", *["2nd century BC"] * 3),
    ("-019X", *["200 BC to 191 BC"] * 3),
    ("2014-21", *["spring 2014"] * 3),
    ("2014-22", *["summer 2014"] * 3),
    ("2014-23~", "about autumn 2014", "~autumn 2014", "about autumn 2014"),
    ("2016-24", "winter 2016–17", "winter 2016–17", "winter 2016 into 2017"),
    ("2016-12-XX", "a day in Dec 2016", "Dec 2016", "a day in December 2016"),
    ("2016-XX", "a month in 2016", "2016", "a month in 2016"),
    ("2016-XX-XX", "a day in 2016", "2016", "a day in 2016"),
    ("2016-08-01/2016-08-10~", "early Aug 2016", "early Aug 2016", "early August 2016"),
    ("2016-12-11~/2016-12-20~", "mid-Dec 2016", "mid-Dec 2016", "mid-December 2016"),
    ("2016-02-21~/2016-02-29", "late Feb 2016", "late Feb 2016", "late February 2016"),
    ("2016-02-21%/2016-02-29?", "perhaps late Feb 2016", "late Feb 2016?", "perhaps late February 2016"),
    ("2016-01/2016-04~", *["early 2016"] * 3),
    ("2014-05~/2014-08~", *["mid-2014"] * 3),
    ("2016-09~/2016-12", *["late 2016"] * 3),
    ("2010/2013~", *["early 2010s"] * 3),
    ("1967~/1999", *["late 20th century"] * 3),
    ("2016-01/2016-04", "Jan to Apr 2016", "Jan–Apr 2016", "January to April 2016"),
    ("-9999", *["10,000 BC"] * 3),
    ("Y-10000", *["10,001 BC"] * 3),
    ("-0199", *["200 BC"] * 3),
    ("0000", *["1 BC"] * 3),
    ("0044-24", *["winter AD 44"] * 3),
    ("-0043-03-15", "15 Mar 44 BC", "15 Mar 44 BC", "15 March 44 BC"),
    ("0044", *["AD 44"] * 3),
    ("Y17000", *["AD 17,000"] * 3),
    ("2016-11-28T14:30", "28 Nov 2016 14:30", "28 Nov 2016 14:30", "28 November 2016 14:30"),
    ("2016-11-28T14", "28 Nov 2016 14h", "28 Nov 2016 14h", "28 November 2016 14h"),
    ("2016-11-28T14:30:05Z", *["28 Nov 2016 14:30:05 UTC"] * 2, "28 November 2016 14:30:05 UTC"),
    ("2016-11-28T14:30+03:00", *["28 Nov 2016 14:30 UTC+03:00"] * 2, "28 November 2016 14:30 UTC+03:00"),
    ("2016-11-28T14:30~", "about 28 Nov 2016 14:30", "~28 Nov 2016 14:30", "about 28 November 2016 14:30"),
    (
        "2016-11-28T14:30/2016-11-28T16:00",
        "28 Nov 2016 14:30 to 16:00",
        "28 Nov 2016 14:30–16:00",
        "28 November 2016 14:30 to 16:00",
    ),
]


@pytest.mark.parametrize("row", WORDS, ids=[row[0] for row in WORDS])
def test_a_span_in_words(row):
    span = edtf.parse(row[0])
    assert (timewords.show(span), timewords.show_short(span), timewords.spoken(span)) == row[1:]


@pytest.mark.parametrize("row", WORDS, ids=[row[0] for row in WORDS])
@pytest.mark.parametrize("shape", list(Shape))
def test_what_is_shown_or_spoken_can_be_typed_again(row, shape):
    span = edtf.parse(row[0], shape)
    for text in (row[1], row[3]):
        typed = timewords.parse_typed(text, NOW, shape)
        assert bounds(typed) == bounds(span) or row[0] == "-019X"
        if row[0] != "-019X":  # shown by its first and last year
            assert typed == span


def bounds(span: TimeSpan) -> tuple[int, int, int, int]:
    return span.earliest_start, span.latest_start, span.earliest_end, span.latest_end


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        (Precision.SECOND, "28 Nov 2016 09:05:07"),
        (Precision.MINUTE, "28 Nov 2016 09:05"),
        (Precision.HOUR, "28 Nov 2016 09:00"),
        (Precision.DAY, "28 Nov 2016"),
        (Precision.MONTH, "Nov 2016"),
        (Precision.SEASON, "autumn 2016"),
        (Precision.YEAR, "2016"),
        (Precision.DECADE, "2010s"),
        (Precision.CENTURY, "21st century"),
    ],
)
def test_an_instant_in_words(unit, text):
    ms = instant(2016, 11, 28, 9, 5, 7, 250)
    assert timewords.show_instant(ms, unit) == text
    assert timewords.spoken_instant(ms, unit) == text.replace("Nov", "November")


@pytest.mark.parametrize(
    ("ms", "unit", "text"),
    [
        (instant(2017, 2, 28), Precision.SEASON, "winter 2016–17"),
        (instant(2016, 12, 1), Precision.SEASON, "winter 2016–17"),
        (instant(2017, 3, 1), Precision.SEASON, "spring 2017"),
        (instant(-9999, 3, 3), Precision.DAY, "3 Mar 10,000 BC"),
        (instant(-20_000, 3, 3), Precision.YEAR, "20,001 BC"),
        (instant(-150), Precision.CENTURY, "2nd century BC"),
        (instant(44, 3, 15), Precision.DAY, "15 Mar AD 44"),
        (OPEN_PAST, Precision.DAY, "open"),
        (OPEN_FUTURE, Precision.YEAR, "open"),
    ],
)
def test_instants_at_the_edges(ms, unit, text):
    assert timewords.show_instant(ms, unit) == text


def test_the_weekday_of_an_instant():
    assert timewords.show_weekday(NOW) == "Mon 28 Nov 2016"
    assert timewords.show_weekday(instant(2016, 11, 27, 22), zone_minutes=180) == "Mon 28 Nov 2016"
    assert timewords.show_weekday(instant(1969, 12, 31)) == "Wed 31 Dec 1969"
    assert timewords.parse_typed(timewords.show_weekday(NOW), 0).edtf == "2016-11-28"


def test_a_span_whose_text_is_no_edtf_is_shown_by_its_bounds():
    first, last = instant(2016, 11, 3), instant(2016, 11, 10) - 1
    span = TimeSpan("", first, last, first, last, Precision.DAY, Qualifier.NONE)
    assert timewords.show(span) == "between 3 and 9 Nov 2016"
    assert timewords.show(TimeSpan("x", OPEN_PAST, last, OPEN_PAST, last)) == "9 Nov 2016 or earlier"
    assert timewords.show(TimeSpan("", OPEN_PAST, OPEN_FUTURE, OPEN_PAST, OPEN_FUTURE)) == "any time"


@settings(max_examples=150, deadline=None)
@given(TEXTS, SHAPES)
def test_every_span_has_words(text, shape):
    span = edtf.parse(text, shape)
    for words in (timewords.show(span), timewords.show_short(span), timewords.spoken(span)):
        assert words.strip() == words != ""
        assert "  " not in words
    assert "–" not in timewords.spoken(span)


@settings(max_examples=150, deadline=None)
@given(TEXTS, SHAPES)
def test_every_span_can_be_typed_as_shown(text, shape):
    span = edtf.parse(text, shape)
    if re.search(r"-[0-9]{3}X|00[0-9]X", text):
        return  # decades BC and about year 1 are shown by their first and last year
    typed = timewords.parse_typed(timewords.show(span), NOW, shape)
    assert bounds(typed) == bounds(span)
    assert typed.edtf == edtf.format(span)


@settings(max_examples=100, deadline=None)
@given(DAYS, MARKS, st.integers(0, 40))
def test_days_shown_in_words_come_back(day, mark, length):
    for text in (f"{day}{mark}", f"{str(day)[:7]}{mark}", f"{str(day)[:4]}{mark}"):
        assert timewords.parse_typed(timewords.show(edtf.parse(text)), NOW).edtf == text


WORDS_TYPED = (
    "28 nov 2016 may mid early late of about or to between and from since before after until earlier 14:30 pm "
    "+ - 3w ? ~ / , . bc ad century s 2010s a day in 11/12/2016 2016-12 [ ] .. x 12 200 sun today ago weeks – winter q3"
)
PIECES = st.sampled_from(WORDS_TYPED.split(" "))


@settings(max_examples=examples(300), deadline=None)
@given(
    st.one_of(
        st.text(max_size=25),
        st.lists(PIECES, max_size=8).map(" ".join),
        st.lists(PIECES, max_size=5).map("".join),
        st.text(alphabet="0123456789 -/.,apmtoz+~?", max_size=16),
    ),
    st.integers(OPEN_PAST, OPEN_FUTURE),
)
def test_anything_typed_is_a_span_or_a_refusal(text, now):
    try:
        span = timewords.parse_typed(text, now)
    except EdtfError:
        return
    check_invariants(span)
    assert timewords.show(span)
    assert edtf.normalise(span.edtf) == span.edtf


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2016-11-28", "28 Nov 2016"), ("some time in 2016", "some time in 2016"), ("2016-13-45", "2016-13-45"), ("", "")],
)
def test_a_text_from_a_file_is_shown_in_words_or_as_it_is(text: str, shown: str) -> None:
    assert timewords.show_text(text) == shown
    assert timewords.show_text(text, Shape.LASTING) == shown

"""Dates shown in words, and dates as people type them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import edtf, timewords
from db.edtf import EdtfError, instant
from db.errors import InputFault
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


# typed, EDTF
TYPED = {
    "28 nov 2016": "2016-11-28",
    "28 NOV 2016": "2016-11-28",
    "  28   Nov  2016 ": "2016-11-28",
    "28th nov 2016": "2016-11-28",
    "28th of November, 2016": "2016-11-28",
    "the 3rd of nov 2016": "2016-11-03",
    "nov 28 2016": "2016-11-28",
    "November 28th, 2016": "2016-11-28",
    "28-nov-2016": "2016-11-28",
    "28.11.2016": "2016-11-28",
    "11.12.2016": "2016-12-11",
    "28/11/2016": "2016-11-28",
    "11/28/2016": "2016-11-28",
    "11/11/2016": "2016-11-11",
    "2016/11/28": "2016-11-28",
    "2016-1-5": "2016-01-05",
    "２８ nov ２０１６": "2016-11-28",
    "on 28 nov 2016": "2016-11-28",
    "mon 28 nov 2016": "2016-11-28",
    "Monday, 28 November 2016": "2016-11-28",
    "nov 2016": "2016-11",
    "Sept. 2016": "2016-09",
    "in december 2016": "2016-12",
    "december of 2016": "2016-12",
    "11/2016": "2016-11",
    "2016": "2016",
    "late aug 2016": "2016-08-21~/2016-08-31",
    "end of february 2015": "2015-02-21~/2015-02-28",
    "early 2016": "2016-01/2016-04~",
    "the beginning of 2016": "2016-01/2016-04~",
    "mid-december 2016": "2016-12-11~/2016-12-20~",
    "mid december 2016": "2016-12-11~/2016-12-20~",
    "early in 2016": "2016-01/2016-04~",
    "mid-2010s": "2014~/2016~",
    "early 19th century": "1800/1833~",
    "about late 2016": "2016-09~/2016-12",
    "early summer 2014": "2014-06~",
    "summer 2014": "2014-22",
    "fall of 2014": "2014-23",
    "winter 2016": "2016-24",
    "winter 2016-17": "2016-24",
    "winter 2016/2017": "2016-24",
    "q3 2016": "2016-07/2016-09",
    "about dec 2016": "2016-12~",
    "circa 2015": "2015~",
    "c. 2015": "2015~",
    "c2015": "2015~",
    "ca. 2015": "2015~",
    "~2015": "2015~",
    "approx. nov 2016": "2016-11~",
    "2015?": "2015?",
    "nov 2015 (?)": "2015-11?",
    "maybe may 2016": "2016-05?",
    "probably about 2016": "2016%",
    "circa 2015?": "2015%",
    "oct 2015 to mar 2016": "2015-10/2016-03",
    "from oct 2015 until mar 2016": "2015-10/2016-03",
    "oct–dec 2015": "2015-10/2015-12",
    "oct-dec 2015": "2015-10/2015-12",
    "Dec 2016 - Jan 2017": "2016-12/2017-01",
    "27-28 nov 2016": "2016-11-27/2016-11-28",
    "27th to 28th nov 2016": "2016-11-27/2016-11-28",
    "2015-2016": "2015/2016",
    "2015/16": "2015/2016",
    "late 2015 to early 2016": "2015-09~/2016-04~",
    "3 to about 9 nov 2016": "2016-11-03/2016-11-09~",
    "200 bc to ad 100": "-0199/0100",
    "winter 2016 to spring 2018": "2016-24/2018-21",
    "since oct 2015": "2015-10/..",
    "oct 2015 onwards": "2015-10/..",
    "after 28 nov 2016": "2016-11-29/..",
    "after 2016": "2017/..",
    "after nov 2016": "2016-12/..",
    "after 28 nov 2016 23:59": "2016-11-29T00:00/..",
    "before 2014": "../2013",
    "before 1 jan 2014": "../2013-12-31",
    "before winter 2016": "../2016-11",
    "before about 2014": "../2013~",
    "before the 2010s": "../2009",
    "before ad 1": "../0000",
    "before mid-2014": "../2014-04~",
    "until 2014": "../2014",
    "by mid-december 2016": "../2016-12-20~",
    "2014 or before": "[..2014]",
    "27 or 28 nov 2016": "[2016-11-27,2016-11-28]",
    "27 or 28 nov 2016?": "[2016-11-27?,2016-11-28?]",
    "27, 28 or 29 nov 2016": "[2016-11-27,2016-11-28,2016-11-29]",
    "nov 28, 2016 or dec 3, 2016": "[2016-11-28,2016-12-03]",
    "summer or autumn 2014": "[2014-22,2014-23]",
    "between oct 2015 and mar 2016": "[2015-10..2016-03]",
    "today": "2016-11-28",
    "yesterday": "2016-11-27",
    "tomorrow": "2016-11-29",
    "+3w": "2016-12-19",
    "+3 weeks": "2016-12-19",
    "-10d": "2016-11-18",
    "−10d": "2016-11-18",
    "+2m": "2017-01-28",
    "+1q": "2017-02-28",
    "+1y": "2017-11-28",
    "+2 decades": "2036-11-28",
    "+5h": "2016-11-28T14:00",
    "-30min": "2016-11-28T08:30",
    "3 weeks ago": "2016-11-07",
    "in 2 years": "2018-11-28",
    "this week": "2016-11-28/2016-12-04",
    "last month": "2016-10",
    "next year": "2017",
    "since yesterday": "2016-11-27/..",
    "200 bc": "-0199",
    "200 B.C.E.": "-0199",
    "1 bc": "0000",
    "10,000 bc": "-9999",
    "20,000 bc": "Y-19999",
    "44 ad": "0044",
    "march 44 bc": "-0043-03",
    "1990s": "199X",
    "the 1990s": "199X",
    "the 2nd century bc": "-01XX",
    "28 nov 2016 14:30": "2016-11-28T14:30",
    "28 nov 2016 at 14:30:05": "2016-11-28T14:30:05",
    "2016-11-28 14:30": "2016-11-28T14:30",
    "28 nov 2016 2:30 pm": "2016-11-28T14:30",
    "28 nov 2016 12am": "2016-11-28T00",
    "28 nov 2016 14:30 utc+3": "2016-11-28T14:30+03:00",
    "28 nov 2016 14:30 -03:30": "2016-11-28T14:30-03:30",
    "28 nov 2016 14:30 gmt": "2016-11-28T14:30Z",
    "28 nov 2016 14:30 to 16:00": "2016-11-28T14:30/2016-11-28T16:00",
    "2016-12~": "2016-12~",
    "2016-11-28t14:30:00z": "2016-11-28T14:30:00Z",
    "../2014": "../2014",
    "2015-10/open": "2015-10/..",
    "[2016-11-27, 2016-11-28]": "[2016-11-27,2016-11-28]",
    "y-10000": "Y-10000",
    "20xx": "20XX",
}


@pytest.mark.parametrize(("typed", "text"), TYPED.items(), ids=list(TYPED))
def test_a_typed_date(typed, text):
    span = timewords.parse_typed(typed, NOW)
    assert span.edtf == text
    assert bounds(span) == bounds(edtf.parse(text))


REFUSED = [
    ("11/12/2016", "can be 2016-12-11 (11 December) or 2016-11-12 (12 November). Type one of the two."),
    ("11-12-2016", "can be 2016-12-11"),
    ("1900s", "can be ten years (190X) or a hundred (19XX)"),
    ("Sunday 28 nov 2016", "28 Nov 2016 was a Monday, not a Sunday. Type 28 Nov 2016, or 27 Nov 2016 for the Sunday."),
    ("sunday nov 2016", "names a weekday, but no day"),
    ("28 nov", "“28 nov” has no year. Type for example 28 Nov 2016."),
    ("nov 16", "has no year. Type for example 16 Nov 2016."),
    ("may", "has no year. Type for example May 2016."),
    ("summer", "has no year. Type for example summer 2016."),
    ("16", "has no month and no year"),
    ("28.11.16", "write the year with four digits"),
    ("28 nov 16", "write the year with four digits (2016), or with its era: AD 16, 16 BC."),
    ("17000", "or with its era: AD 17,000, 17,000 BC"),
    ("0 ad", "there is no year 0 with BC or AD"),
    ("the 60s", "does not say which century"),
    ("0th century", "centuries go from the 1st to the 100th"),
    ("30 feb 2016", "There is no day 30 in February 2016: it has 29 days. Type one from 1 to 29."),
    ("31.11.2016", "There is no day 31 in November 2016"),
    ("40/13/2016", "There is no month 13"),
    ("dec 2016 to oct 2015", "A range cannot end before it starts: Oct 2015 is before Dec 2016."),
    ("28 to 3 dec 2016", "A range cannot end before it starts"),
    ("14:30", "is a time without its day"),
    ("28 nov 2016 13pm", "hours with pm go from 1 to 12"),
    ("28 nov 2016 25:00", "There is no time 25:00:00"),
    ("nov 2016 14:30", "not a date that can be read"),
    ("early 28 nov 2016", "only months, seasons, years, decades and centuries have such parts"),
    ("summer 2014/15", "a season is of one year"),
    ("a day in summer 2014", "type a day in Dec 2016"),
    ("late 2015 or 2016", "cannot stand here"),
    ("5 jan 10,500 bc", "only a year of four digits can have a month"),
    ("", "There is no date here"),
    ("hello", "“hello” is not a date that can be read. Type for example 28 Nov 2016"),
    ("to", "not a date that can be read"),
    ("between and", "not a date that can be read"),
    ("nov " * 200, "longer than 400 characters"),
]


@pytest.mark.parametrize(("typed", "says"), REFUSED, ids=[row[0][:20] for row in REFUSED])
def test_what_cannot_be_read_is_refused_with_a_sentence(typed, says):
    with pytest.raises(InputFault) as caught:
        timewords.parse_typed(typed, NOW)
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("11/12/2016", ("2016-12-11", "2016-11-12")),
        ("1900s", ("190X", "19XX")),
        ("sun 28 nov 2016", ("2016-11-28", "2016-11-27")),
        ("tue 28 nov 2016", ("2016-11-28", "2016-11-29")),
        ("28 nov", ("28 Nov 2016",)),
    ],
)
def test_a_refusal_offers_what_may_have_been_meant(typed, offers):
    with pytest.raises(EdtfError) as caught:
        timewords.parse_typed(typed, NOW)
    assert caught.value.offers == offers
    for offer in offers:
        timewords.parse_typed(offer, NOW)


def test_relative_dates_count_days_by_the_clock_of_the_zone():
    evening = instant(2016, 11, 28, 22, 30)
    assert timewords.parse_typed("today", evening).edtf == "2016-11-28"
    baghdad = timewords.parse_typed("today", evening, zone_minutes=180)
    assert baghdad.edtf == "2016-11-29"
    assert baghdad.earliest_start == instant(2016, 11, 28, 21)


def test_the_shape_is_handed_on():
    assert timewords.parse_typed("2016", NOW, Shape.LASTING) == edtf.parse("2016", Shape.LASTING)


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

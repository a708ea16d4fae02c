"""Dates as people type them."""

import pytest

from db import edtf, timewords
from db.edtf import EdtfError, instant
from db.errors import InputFault
from db.values import Shape, TimeSpan

NOW = instant(2016, 11, 28, 9)


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

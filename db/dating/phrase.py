"""Floor 0: one date as people write it in English, turned into EDTF; several dates together are the business of typed.

``28 nov 2016``, ``28th of november 2016``, ``nov 28 2016``, ``28.11.2016``, ``nov 2016``, ``summer 2014``, ``q3 2016``,
``2016``, ``2010s``, ``20th century``, ``200 bc``, ``28 nov 2016 14:30``, ``today``, ``+3w``, ``2 weeks ago``, ``last
month``; in front ``early``, ``mid``, ``late``, ``about``, ``perhaps``, ``a day in``, a weekday (checked against the
calendar); behind ``?`` or ``~``. Day comes before month; with slashes or dashes a day and month that can be either
are refused with both readings.
"""

from __future__ import annotations

import re
from typing import Final, NoReturn

from db.civil import Unit, add, civil, floor, weekday
from db.dating.figures import (
    CLOCK,
    CLOCK_TEXT,
    NEAR,
    NUMBERS,
    RELATIVE,
    Context,
    Ends,
    clock,
    clock_alone,
    near,
    numbers,
    relative,
)
from db.dating.grammar import read, read_point
from db.dating.model import EXAMPLES, MONTHS, EdtfError, Form, Point, point_text, quoted, year_text
from db.dating.thirds import third_of
from db.dating.wording import SHOWN, bare_words, point_words
from db.edtf import date_text
from db.values import MS_DAY, Precision, Qualifier

MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTH: Final = rf"(?P<month>{MONTH})"
_YEAR: Final = r"(?P<ad>ad )?(?P<year>[0-9]{1,12})(?: ?(?P<era>bce?|ad|ce))?"
_DAY: Final = r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_DAY_FIRST: Final = re.compile(rf"{_DAY}(?:(?:[ -]| of ){_MONTH}(?:(?: of)?[ -]{_YEAR})?)?")
_MONTH_FIRST: Final = re.compile(rf"{_MONTH} {_DAY}(?: {_YEAR})?")
_MONTH_YEAR: Final = re.compile(rf"{_MONTH}(?:(?: of)?[ -]{_YEAR})?")
_YEAR_ALONE: Final = re.compile(_YEAR)
_SEASON: Final = re.compile(
    rf"(?P<season>spring|summer|autumn|fall|winter)(?:(?: of)? {_YEAR}(?:(?:/|-| to | into )(?P<to>[0-9]{{2,8}}))?)?"
)
_QUARTER: Final = re.compile(rf"q(?P<quarter>[1-4]) {_YEAR}")
_DECADE: Final = re.compile(r"(?:the )?(?P<year>[0-9]{1,3}0)s(?P<sure> \(decade\))?")
_CENTURY: Final = re.compile(r"(?:the )?(?P<number>[0-9]{1,3})(?:st|nd|rd|th) century(?: (?P<era>bce?|ad|ce))?")
_SOME: Final = re.compile(r"(?:a|one|some) (?P<unit>day|month) (?:in|of) (?P<whole>.+)")
_THIRD: Final = re.compile(
    r"(?:(?P<word>early|mid|late)(?: in)?|(?:the )?(?P<long>beginning|start|middle|end) of)[ -](?P<whole>.+)"
)
_THIRD_WORDS: Final = {"beginning": "early", "start": "early", "middle": "mid", "end": "late"}
_WEEKDAY: Final = re.compile(r"(?P<name>mon|tue|wed|thu|fri|sat|sun)(?:(?:s|nes|r|rs|ur)?day|s|r|rs)?\.? (?P<date>.+)")
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SEASONS: Final = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

_WITH_CLOCK: Final = re.compile(rf"(?P<date>.+?)(?: at)? (?P<clock>{CLOCK_TEXT})")

_ABOUT: Final = re.compile(
    r"(?:(?:about|around|circa|ca\.?|approximately|approx\.?|roughly) |~ ?|c\.? |c\.?(?=[0-9]))(?P<rest>.+)"
)
_PERHAPS: Final = re.compile(r"(?:perhaps|possibly|maybe|probably) (?P<rest>.+)")
_TRAILING: Final = re.compile(r"(?P<rest>.+?) ?(?:\((?P<inner>\?)\)|(?P<mark>[?~%]))")
_FILLER: Final = re.compile(r"(?:on|in|during|at|sometime in|some time in) (?P<rest>.+)")
_WRAPS: Final = (_ABOUT, _PERHAPS, _FILLER, _TRAILING)


def phrase(words: str, context: Context) -> Ends:
    """EDTF of one date in cleaned words (small letters, single spaces, no commas). Raises EdtfError."""
    if RELATIVE.fullmatch(words):
        return _bare(words, context)  # "in 3 weeks" is no filler word
    doubtful = vague = False
    rest = words
    while True:
        match = (
            _ABOUT.fullmatch(rest) or _PERHAPS.fullmatch(rest) or _FILLER.fullmatch(rest) or _TRAILING.fullmatch(rest)
        )
        if match is None:
            break
        vague |= match.re is _ABOUT
        doubtful |= match.re is _PERHAPS
        if match.re is _TRAILING:
            mark = match["inner"] or match["mark"]
            vague |= mark in "~%"
            doubtful |= mark in "?%"
        rest = match["rest"]
    left, right = _bare(rest, context)
    if not doubtful and not vague:
        return left, right
    if left == right:
        vague_too = doubtful and vague
        return (left + ("%" if vague_too else "?" if doubtful else "~"),) * 2
    if not doubtful:
        return left, right  # early, mid and late are vague at their edges already
    return _doubted(left), _doubted(right)


def single(ends: Ends, words: str) -> str:
    """EDTF of a phrase that has to be one date; EdtfError about ``words`` where it is early, mid, late or a quarter."""
    if ends[0] != ends[1]:
        raise EdtfError(f"{quoted(words)} cannot stand here: name a day, month, season or year. {EXAMPLES}")
    return ends[0]


def one_point(words: str, context: Context) -> Point:
    """A phrase that has to be one date."""
    return point_of(single(phrase(words, context), words), words)


def point_of(text: str, words: str) -> Point:
    """The one date that an EDTF text names, else EdtfError about ``words``."""
    expression = read(text)
    point = expression.pairs[0][0]
    if expression.form is not Form.DATE or not isinstance(point, Point):
        _refuse(words)
    return point


def _doubted(text: str) -> str:
    return f"{text[:-1]}%" if text[-1] == "~" else text if text[-1] in "?%" else f"{text}?"


def _bare(words: str, context: Context) -> Ends:
    """EDTF of a date without its qualifiers."""
    match = _THIRD.fullmatch(words)
    if match is not None:
        return _third(match["word"] or _THIRD_WORDS[match["long"]], match["whole"], context)
    text = _one(words, context)
    if text is not None:
        return text, text
    match = NEAR.fullmatch(words)
    if match is not None:
        return near(match, context)
    match = _QUARTER.fullmatch(words)
    if match is not None:
        year, first = year_text(_year(match, words)), int(match["quarter"]) * 3 - 2
        return f"{year}-{first:02d}", f"{year}-{first + 2:02d}"
    point = read_point(words.upper(), words)
    return point_text(point), point_text(point)


def _one(words: str, context: Context) -> str | None:
    """EDTF of one day, month, season, year, decade or century in words; None where it is none."""
    for pattern, build in _BUILDERS:
        match = pattern.fullmatch(words)
        if match is not None:
            return build(match, words, context)
    return None


def _third(word: str, whole: str, context: Context) -> Ends:
    point = one_point(whole, context)
    if point.precision is Precision.SEASON:  # no EDTF for a part of a season: its month, approximately
        start = add(point.low, ("early", "mid", "late").index(word), Unit.MONTH)
        return (date_text(start, Precision.MONTH) + "~",) * 2
    ends = third_of(word, point)
    if ends is None:
        shown = quoted(f"{word} {whole}")
        raise EdtfError(f"{shown}: only months, seasons, years, decades and centuries have such parts. {EXAMPLES}")
    return ends


def _with_clock(match: re.Match[str], words: str, context: Context) -> str:
    day = point_text(one_point(match["date"], context))
    return day + clock(match, words)


def _weekday(match: re.Match[str], words: str, context: Context) -> str:
    point = one_point(match["date"], context)
    if point.precision > Precision.DAY:
        raise EdtfError(f"{quoted(words)} names a weekday, but no day. Type for example 28 Nov 2016.")
    named = next(index for index, name in enumerate(WEEKDAYS) if name.lower().startswith(match["name"]))
    actual = weekday(point.low)
    if named == actual:
        return point_text(point)
    day = floor(point.low, Unit.DAY)
    ahead = (named - actual) % 7
    texts = (date_text(day), date_text(day + (ahead if ahead <= 3 else ahead - 7) * MS_DAY))
    shown, nearest = (point_words(read_point(text, words), SHOWN) for text in texts)
    raise EdtfError(
        f"{shown} was a {WEEKDAYS[actual]}, not a {WEEKDAYS[named]}. "
        f"Type {shown}, or {nearest} for the {WEEKDAYS[named]}.",
        texts,
    )


def _day_month(match: re.Match[str], words: str, context: Context) -> str:
    groups = match.groupdict()
    month = _month(groups["month"]) if groups["month"] else context.month
    if month is None:
        raise EdtfError(f"{quoted(words)} has no month and no year. {EXAMPLES}")
    return f"{_year_or_context(match, words, context)}-{month:02d}-{int(match['day']):02d}"


def _month_year(match: re.Match[str], words: str, context: Context) -> str:
    return f"{_year_or_context(match, words, context)}-{_month(match['month']):02d}"


def _season(match: re.Match[str], words: str, context: Context) -> str:
    year = _year_or_context(match, words, context)
    if match["to"] and (match["season"] != "winter" or not str(_year(match, words) + 1).endswith(match["to"])):
        raise EdtfError(f"{quoted(words)}: a season is of one year, or for a winter of two: winter 2016-17.")
    return f"{year}-{_SEASONS[match['season']]}"


def _decade(match: re.Match[str], words: str, context: Context) -> str:
    year = int(match["year"])
    decade, century = f"{year // 10:03d}X", f"{year // 100:02d}XX"
    if year < 100:
        raise EdtfError(f"{quoted(words)} does not say which century. Type for example 1960s.")
    if year % 100 == 0 and match["sure"] is None:
        raise EdtfError(
            f"{quoted(words)} can be ten years ({decade}) or a hundred ({century}). Type one of the two.",
            (decade, century),
        )
    return decade


def _century(match: re.Match[str], words: str, context: Context) -> str:
    number = int(match["number"])
    if not 1 <= number <= 100:
        raise EdtfError(f"{quoted(words)}: centuries go from the 1st to the 100th.")
    return f"{'-' if (match['era'] or '').startswith('b') else ''}{number - 1:02d}XX"


def _some(match: re.Match[str], words: str, context: Context) -> str:
    whole = one_point(match["whole"], context)
    text = point_text(whole._replace(qualifier=Qualifier.NONE))
    if whole.some is None and whole.precision is Precision.MONTH and match["unit"] == "day":
        return f"{text}-XX{whole.qualifier.value}"
    if whole.some is None and whole.precision is Precision.YEAR and len(text) <= 5:
        return f"{text}-XX{'-XX' if match['unit'] == 'day' else ''}{whole.qualifier.value}"
    raise EdtfError(f"{quoted(words)}: type a day in Dec 2016, a month in 2016, or a day in 2016.")


def _year_alone(match: re.Match[str], words: str, context: Context) -> str:
    return year_text(_year(match, words))


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month[:3].lower() == name[:3])


def _year_or_context(match: re.Match[str], words: str, context: Context) -> str:
    if match.groupdict().get("year"):
        return year_text(_year(match, words))
    if context.year is not None:
        return year_text(context.year)
    year = civil(context.now).year
    if not 1000 <= year <= 9999:
        raise EdtfError(f"{quoted(words)} has no year. {EXAMPLES}")
    offer = bare_words(one_point(words, context._replace(year=year)), SHOWN)
    raise EdtfError(f"{quoted(words)} has no year. Type for example {offer}.", (offer,))


def _year(match: re.Match[str], words: str) -> int:
    """The astronomical year of a match of _YEAR: 1 BC is 0."""
    digits, era = match["year"], match["era"] or ("ad" if match["ad"] else "")
    number = int(digits)
    if era.startswith("b") and number:
        return 1 - number
    if era and not number:
        raise EdtfError(f"{quoted(words)}: there is no year 0 with BC or AD. Type 1 BC or AD 1.")
    if not era and len(digits) != 4:
        raise EdtfError(
            f"{quoted(words)}: write the year with four digits (2016), or with its era: AD {number:,}, {number:,} BC."
        )
    return number


def _refuse(words: str) -> NoReturn:
    raise EdtfError(f"{quoted(words)} is not a date that can be read. {EXAMPLES}")


_BUILDERS: Final = (
    (RELATIVE, relative),
    (NUMBERS, numbers),
    (CLOCK, clock_alone),
    (_WITH_CLOCK, _with_clock),
    (_WEEKDAY, _weekday),
    (_SOME, _some),
    (_DAY_FIRST, _day_month),
    (_MONTH_FIRST, _day_month),
    (_MONTH_YEAR, _month_year),
    (_SEASON, _season),
    (_DECADE, _decade),
    (_CENTURY, _century),
    (_YEAR_ALONE, _year_alone),
)

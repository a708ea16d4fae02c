"""Floor 0: one date as people write it in English, turned into EDTF; several dates together are timetyped's business.

``28 nov 2016``, ``28th of november 2016``, ``nov 28 2016``, ``28.11.2016``, ``nov 2016``, ``summer 2014``, ``q3 2016``,
``2016``, ``2010s``, ``20th century``, ``200 bc``, ``28 nov 2016 14:30``, ``today``, ``+3w``, ``2 weeks ago``, ``last
month``; in front ``early``, ``mid``, ``late``, ``about``, ``perhaps``, ``a day in``, a weekday (checked against the
calendar); behind ``?`` or ``~``. Day comes before month; with slashes or dashes a day and month that can be either
are refused with both readings.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, NoReturn

from db.civil import Unit, add, civil, floor, weekday
from db.edtf import date_text
from db.edtf_grammar import read, read_point
from db.edtf_model import EXAMPLES, MONTHS, EdtfError, Form, Point, point_text, quoted, year_text
from db.timethirds import third_of
from db.values import MS_DAY, Precision, Qualifier

Ends = tuple[str, str]
"""EDTF of the first and the last date of a phrase; twice the same text for one date."""


class Context(NamedTuple):
    """What a date may leave unsaid."""

    now: int  # ms by the wall clock, for "today" and "+3w"
    year: int | None = None  # of the later date of a range
    month: int | None = None  # likewise; 1-12
    day: str | None = None  # EDTF of the day of the earlier time of a range


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
    rf"(?P<season>spring|summer|autumn|fall|winter)(?: of)? {_YEAR}(?:(?:/|-| to )(?P<to>[0-9]{{2,8}}))?"
)
_QUARTER: Final = re.compile(rf"q(?P<quarter>[1-4]) {_YEAR}")
_DECADE: Final = re.compile(r"(?:the )?(?P<year>[0-9]{2,3}0)s(?P<sure> \(decade\))?")
_CENTURY: Final = re.compile(r"(?:the )?(?P<number>[0-9]{1,3})(?:st|nd|rd|th) century(?: (?P<era>bce?|ad|ce))?")
_SOME: Final = re.compile(r"(?:a|one|some) (?P<unit>day|month) (?:in|of) (?P<whole>.+)")
_THIRD: Final = re.compile(
    r"(?:(?P<word>early|mid|late)(?: in)?|(?:the )?(?P<long>beginning|start|middle|end) of)[ -](?P<whole>.+)"
)
_THIRD_WORDS: Final = {"beginning": "early", "start": "early", "middle": "mid", "end": "late"}
_WEEKDAY: Final = re.compile(r"(?P<name>mon|tue|wed|thu|fri|sat|sun)(?:(?:s|nes|r|rs|ur)?day|s|r|rs)?\.? (?P<date>.+)")
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SEASONS: Final = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

NUMBERS: Final = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[./-])(?P<second>[0-9]{1,2})(?P=mark)(?P<last>[0-9]+)"
    r"|(?P<year>[0-9]{4})(?P<mark2>[./-])(?P<month>[0-9]{1,2})(?P=mark2)(?P<day>[0-9]{1,2})"
)
"""A date in figures, in any order; EDTF's own 2016-11-28 among them."""

_CLOCK: Final = (
    r"(?P<hour>[0-9]{1,2})(?:h|(?P<half>\ ?[ap]m)"
    r"|:(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]{1,9})?))?(?P<half2>\ ?[ap]m)?)"
    r"(?: ?(?P<zone>z|(?:utc|gmt)?[+-][0-9]{1,2}(?::?[0-9]{2})?|utc|gmt))?"
)
CLOCK: Final = re.compile(rf"(?:at )?{_CLOCK}")
_WITH_CLOCK: Final = re.compile(rf"(?P<date>.+?)(?: at)? (?P<clock>{_CLOCK})")

_UNIT: Final = r"min|minutes?|h|hours?|d|days?|w|wks?|weeks?|m|mo|months?|q|quarters?|y|yrs?|years?|decades?"
_RELATIVE: Final = re.compile(
    rf"(?P<sign>[+-]) ?(?P<count>[0-9]{{1,5}}) ?(?P<unit>{_UNIT})|in (?P<count2>[0-9]{{1,5}}) (?P<unit2>{_UNIT})"
    rf"|(?P<count3>[0-9]{{1,5}}) (?P<unit3>{_UNIT}) (?P<way>ago|earlier|later)"
)
_UNITS: Final = {"h": Unit.HOUR, "d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH, "q": Unit.QUARTER, "y": Unit.YEAR}
_NEAR_DAYS: Final = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}
_NEAR: Final = re.compile(r"(?P<which>last|this|next) (?P<unit>week|month|year)")

_ABOUT: Final = re.compile(
    r"(?:(?:about|around|circa|ca\.?|approximately|approx\.?|roughly) |~ ?|c\.? |c\.?(?=[0-9]))(?P<rest>.+)"
)
_PERHAPS: Final = re.compile(r"(?:perhaps|possibly|maybe|probably) (?P<rest>.+)")
_TRAILING: Final = re.compile(r"(?P<rest>.+?) ?(?:\((?P<inner>\?)\)|(?P<mark>[?~%]))")
_FILLER: Final = re.compile(r"(?:on|in|during|at|sometime in|some time in) (?P<rest>.+)")
_WRAPS: Final = (_ABOUT, _PERHAPS, _FILLER, _TRAILING)


def phrase(words: str, context: Context) -> Ends:
    """EDTF of one date in cleaned words (small letters, single spaces, no commas). Raises EdtfError."""
    if _RELATIVE.fullmatch(words):
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


def one_point(words: str, context: Context) -> Point:
    """As phrase, for a place where early, mid and late cannot stand."""
    left, right = phrase(words, context)
    if left != right:
        raise EdtfError(f"{quoted(words)} cannot stand here: name a day, month, season or year. {EXAMPLES}")
    return point_of(left, words)


def point_of(text: str, words: str) -> Point:
    """The one date that an EDTF text names, else EdtfError about ``words``."""
    expression = read(text)
    point = expression.pairs[0][0]
    if expression.form is not Form.DATE or not isinstance(point, Point):
        _refuse(words)
    return point


def clock(match: re.Match[str], words: str) -> str:
    """EDTF time of day, with the T, of a match of CLOCK."""
    hour, half = int(match["hour"]), (match["half"] or match["half2"] or "").strip()
    if half and not 1 <= hour <= 12:
        raise EdtfError(f"{quoted(words)}: hours with {half} go from 1 to 12. Type for example 2:30 {half} or 14:30.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    text = f"t{hour:02d}"
    if match["minute"]:
        text += f":{match['minute']}"
    if match["second"]:
        text += f":{match['second']}"
    zone = re.sub(r"utc|gmt", "", match["zone"] or "") if match["zone"] not in ("utc", "gmt") else "z"
    if zone in ("", "z"):
        return text + zone
    hours, _, minutes = zone[1:].partition(":")
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return f"{text}{zone[0]}{hours:0>2}:{minutes or '00'}"


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
    match = _NEAR.fullmatch(words)
    if match is not None:
        return _near(match, context)
    match = _QUARTER.fullmatch(words)
    if match is not None:
        year, first = year_text(_year(match, words)), int(match["quarter"]) * 3 - 2
        return f"{year}-{first:02d}", f"{year}-{first + 2:02d}"
    point = read_point(words.upper(), words)
    return point_text(point), point_text(point)


def _one(words: str, context: Context) -> str | None:
    """EDTF of one day, month, season, year, decade or century in words; None where it is none."""
    if words in _NEAR_DAYS:
        return date_text(context.now + _NEAR_DAYS[words] * MS_DAY)
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
        raise EdtfError(
            f"{quoted(f'{word} {whole}')}: only a month, season, year, decade or century has an {word} part."
        )
    return ends


def _near(match: re.Match[str], context: Context) -> Ends:
    unit = Unit(match["unit"])
    moved = add(floor(context.now, unit), {"last": -1, "this": 0, "next": 1}[match["which"]], unit)
    if unit is Unit.WEEK:
        return date_text(moved), date_text(moved + 6 * MS_DAY)
    return (date_text(moved, Precision.MONTH if unit is Unit.MONTH else Precision.YEAR),) * 2


def _relative(match: re.Match[str], words: str, context: Context) -> str:
    count = int(match["count"] or match["count2"] or match["count3"])
    name = match["unit"] or match["unit2"] or match["unit3"]
    if match["sign"] == "-" or match["way"] in ("ago", "earlier"):
        count = -count
    if name.startswith("min") or name[0] == "h":
        moved = add(context.now, count, Unit.MINUTE if name.startswith("min") else Unit.HOUR)
        return date_text(moved, Precision.MINUTE)
    return date_text(add(context.now, count, Unit.DECADE if name.startswith("dec") else _UNITS[name[0]]))


def _numbers(match: re.Match[str], words: str, context: Context) -> str:
    if match["year"]:
        return f"{match['year']}-{match['month']:0>2}-{match['day']:0>2}"
    first, second, last = int(match["first"]), int(match["second"]), match["last"]
    if len(last) != 4:
        raise EdtfError(f"{quoted(words)}: write the year with four digits, as in 28.11.2016.")
    day_first, month_first = f"{last}-{second:02d}-{first:02d}", f"{last}-{first:02d}-{second:02d}"
    if match["mark"] == "." or first == second or first > 12:
        return day_first
    if second > 12:
        return month_first
    if not first or not second:
        _refuse(words)
    raise EdtfError(
        f"{quoted(words)} can be {day_first} ({first} {MONTHS[second - 1]}) or {month_first} "
        f"({second} {MONTHS[first - 1]}). Type one of the two.",
        (day_first, month_first),
    )


def _with_clock(match: re.Match[str], words: str, context: Context) -> str:
    day = point_text(one_point(match["date"], context))
    return day + clock(match, words)


def _clock_alone(match: re.Match[str], words: str, context: Context) -> str:
    if context.day is None:
        raise EdtfError(f"{quoted(words)} is a time without its day. Type for example 28 Nov 2016 14:30.")
    return context.day + clock(match, words)


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
    nearest = date_text(day + (ahead if ahead <= 3 else ahead - 7) * MS_DAY)
    raise EdtfError(
        f"{date_text(day)} was a {WEEKDAYS[actual]}, not a {WEEKDAYS[named]}. "
        f"Type {date_text(day)}, or {nearest} for the {WEEKDAYS[named]}.",
        (date_text(day), nearest),
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
    year = _year(match, words)
    if match["to"] and (match["season"] != "winter" or not str(year + 1).endswith(match["to"])):
        raise EdtfError(f"{quoted(words)}: a season is of one year, or for a winter of two: winter 2016-17.")
    return f"{year_text(year)}-{_SEASONS[match['season']]}"


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
    offer = words.title() + f" {year}" if 1000 <= year <= 9999 else ""
    raise EdtfError(
        f"{quoted(words)} has no year. Type for example {offer or '28 Nov 2016'}.", (offer,) if offer else ()
    )


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
    (_RELATIVE, _relative),
    (NUMBERS, _numbers),
    (CLOCK, _clock_alone),
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

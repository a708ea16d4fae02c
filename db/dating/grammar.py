"""Floor 0: the text of an EDTF date, taken apart into its model. Bounds in time are the business of db.edtf.

Reads ISO 8601-2:2019 (EDTF) levels 0 and 1 and the *one of* sets of level 2: dates, reduced times of day, seasons 21
to 24, unspecified digits from the right, the qualifiers ``? ~ %`` on a whole date, intervals with open and unknown
ends, years beyond four digits (``Y17000``). Letters may be small; the ``open`` and ``unknown`` of older drafts are
read as ends. Anything else raises EdtfError.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NoReturn

from db.civil import days_from_civil, month_length
from db.dating.model import (
    EXAMPLES,
    MONTHS,
    EdtfError,
    End,
    Expression,
    Form,
    Gap,
    Pair,
    Point,
    low_of,
    quoted,
    year_text,
)
from db.values import MS_DAY, MS_HOUR, MS_MINUTE, MS_SECOND, Precision, Qualifier

MAX_YEAR: Final = 70_000_000
"""Years run from -MAX_YEAR to MAX_YEAR: with every padding they stay well within OPEN_PAST..OPEN_FUTURE."""

MAX_TEXT: Final = 400
"""Longest text that is looked at (characters)."""

_POINT: Final = re.compile(
    r"(?:(?P<far>Y-?[0-9]+)|(?P<sign>-?)(?:(?P<year>[0-9]{4})|(?P<decade>[0-9]{3})X|(?P<century>[0-9]{2})XX))"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX)"
    r"(?:T(?P<hour>[0-9]{2})(?P<minutes>:(?P<minute>[0-9]{2})(?P<seconds>:(?P<second>[0-9]{2})"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?)?)?"
    r"(?P<qualifier>[?~%]|\?~|~\?)?"
)
_SEASON_MONTHS: Final = {21: 3, 22: 6, 23: 9, 24: 12}
_QUALIFIERS: Final = {None: Qualifier.NONE, "?~": Qualifier.BOTH, "~?": Qualifier.BOTH} | {
    q.value: q for q in Qualifier
}


@lru_cache(maxsize=4096)
def read(text: str) -> Expression:
    """Take an EDTF text apart. Raises EdtfError."""
    if len(text) > MAX_TEXT:
        raise EdtfError(f"This date is longer than {MAX_TEXT} characters. {EXAMPLES}")
    cleaned = text.strip().upper()
    if not cleaned:
        raise EdtfError(f"There is no date here. {EXAMPLES}")
    if cleaned[0] == "[" and cleaned[-1] == "]":
        return _read_set(cleaned, text)
    if "/" in cleaned:
        return _read_interval(cleaned, text)
    point = read_point(cleaned, text)
    return Expression(Form.DATE, ((point, point),))


def read_point(cleaned: str, text: str) -> Point:
    """One date from stripped upper-case EDTF; ``text`` is what the user typed, for the message of an EdtfError."""
    match = _POINT.fullmatch(cleaned)
    if match is None:
        _refuse(cleaned, text)
    qualifier = _QUALIFIERS[match["qualifier"]]
    month, day = match["month"], match["day"]
    if match["year"] is None:
        if month is not None:
            raise EdtfError(f"{quoted(text)}: only a year of four digits can have a month. Type the year alone.")
        return _whole_years(match, qualifier)
    year = int(match["sign"] + match["year"])
    if month is None:
        return _years(Precision.YEAR, year, 1, qualifier)
    if month == "XX":
        if day not in (None, "XX"):
            raise EdtfError(f"{quoted(text)} gives a day without its month. Type {match['sign']}{match['year']}-XX-XX.")
        _no_time(match, text)
        point = _years(Precision.YEAR, year, 1, qualifier)
        return point._replace(some=Precision.MONTH if day is None else Precision.DAY)
    number = int(month)
    if number in _SEASON_MONTHS and day is None:
        low = _month_ms(year, _SEASON_MONTHS[number])
        high = _month_ms(year, _SEASON_MONTHS[number] + 3) - 1
        return Point(Precision.SEASON, year, low, high, season=number, qualifier=qualifier)
    if not 1 <= number <= 12:
        raise EdtfError(f"There is no month {month}: months are 01 to 12, and seasons 21 (spring) to 24 (winter).")
    if day is None or day == "XX":
        _no_time(match, text)
        low, high = _month_ms(year, number), _month_ms(year, number + 1) - 1
        some = None if day is None else Precision.DAY
        return Point(Precision.MONTH, year, low, high, month=number, some=some, qualifier=qualifier)
    days = month_length(year, number)
    if not 1 <= int(day) <= days:
        raise EdtfError(
            f"There is no day {int(day)} in {MONTHS[number - 1]} {year}: it has {days} days. Type one from 1 to {days}."
        )
    low = days_from_civil(year, number, int(day)) * MS_DAY
    if match["hour"] is None:
        return Point(Precision.DAY, year, low, low + MS_DAY - 1, number, int(day), qualifier=qualifier)
    return _timed(match, Point(Precision.DAY, year, low, low, number, int(day), qualifier=qualifier))


def _month_ms(year: int, month: int) -> int:
    """Start of a month (ms); months 13 to 15 are those of the next year."""
    return days_from_civil(year + (month > 12), month - 12 if month > 12 else month, 1) * MS_DAY


def _years(precision: Precision, first: int, count: int, qualifier: Qualifier) -> Point:
    return Point(precision, first, _month_ms(first, 1), _month_ms(first + count, 1) - 1, qualifier=qualifier)


def _whole_years(match: re.Match[str], qualifier: Qualifier) -> Point:
    """A decade, a century, or a year beyond four digits."""
    if match["far"] is not None:
        year = int(match["far"][1:])
        if abs(year) > MAX_YEAR:
            raise EdtfError(f"Years go from {-MAX_YEAR:,} to {MAX_YEAR:,}. Type one within that range.")
        return _years(Precision.YEAR, year, 1, qualifier)
    precision, width = (Precision.DECADE, 10) if match["decade"] is not None else (Precision.CENTURY, 100)
    first = int(match["decade"] or match["century"]) * width
    if match["sign"]:
        first = -first - width + 1  # -01XX is -0199 to -0100
    return _years(precision, first, width, qualifier)


def _timed(match: re.Match[str], date: Point) -> Point:
    """A date with its time of day, whose ``low`` is that day's start."""
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise EdtfError(
            f"There is no time {hour:02d}:{minute:02d}:{second:02d}: times go from 00:00:00 to 23:59:59. "
            "Midnight at the end of a day is 00:00 of the next."
        )
    low = date.low + hour * MS_HOUR + minute * MS_MINUTE + second * MS_SECOND
    time, precision, width = match["hour"], Precision.HOUR, MS_HOUR
    if match["minutes"]:
        time, precision, width = f"{time}:{match['minute']}", Precision.MINUTE, MS_MINUTE
    if match["seconds"]:
        time, precision, width = f"{time}:{match['second']}", Precision.SECOND, MS_SECOND
    if match["fraction"]:
        digits = match["fraction"][:3]
        time, width = f"{time}.{digits}", 10 ** (3 - len(digits))
        low += int(digits) * width
    return date._replace(low=low, high=low + width - 1, time=time, precision=precision, zone=_zone(match["zone"]))


def _zone(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "Z":
        return 0
    hours, minutes = int(text[1:3]), int(text[3:].lstrip(":") or 0)
    if hours * 60 + minutes > 14 * 60 or minutes > 59:
        raise EdtfError(f"There is no time zone {text}: zones go from -14:00 to +14:00. Type for example +03:00 or Z.")
    return (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)


def _no_time(match: re.Match[str], text: str) -> None:
    if match["hour"] is not None:
        raise EdtfError(f"{quoted(text)} gives a time without its day. Type the day, or leave the time out.")


def _read_end(part: str, text: str) -> End:
    part = part.strip()
    if part in ("..", "OPEN"):
        return Gap.OPEN
    if part in ("", "UNKNOWN"):
        return Gap.UNKNOWN
    return read_point(part, text)


def _read_interval(cleaned: str, text: str) -> Expression:
    parts = cleaned.split("/")
    if len(parts) != 2:
        raise EdtfError(f"{quoted(text)} has more than one “/”. A range is two dates: 2015-10/2016-03.")
    left, right = (_read_end(part, text) for part in parts)
    if isinstance(left, Gap) and isinstance(right, Gap):
        raise EdtfError(f"{quoted(text)} has no date at either end. Type at least one, for example 2015-10/..")
    return Expression(Form.INTERVAL, ((left, right),))


def _read_set(cleaned: str, text: str) -> Expression:
    pairs: list[Pair] = []
    for part in cleaned[1:-1].split(","):
        before, dots, after = part.strip().partition("..")
        if not dots:
            if not before:
                raise EdtfError(f"{quoted(text)} lacks a date. One of several dates is [2016-11-27,2016-11-28].")
            point = read_point(before, text)
            pairs.append((point, point))
            continue
        left: End = read_point(before.strip(), text) if before.strip() else Gap.OPEN
        right: End = read_point(after.strip(), text) if after.strip() else Gap.OPEN
        if isinstance(left, Gap) and isinstance(right, Gap):
            raise EdtfError(f"{quoted(text)} has no date at either end. Type at least one, for example [..2016-11-28].")
        pairs.append((left, right))
    pairs.sort(key=lambda pair: low_of(pair[0]))
    if len(pairs) == 1 and pairs[0][0] is pairs[0][1]:
        return Expression(Form.DATE, (pairs[0],))  # one of one date
    return Expression(Form.SET, tuple(pairs))


def _refuse(cleaned: str, text: str) -> NoReturn:
    """Say what is wrong with a date that fits no pattern."""
    shown = quoted(text)
    older = cleaned.replace("U", "X")
    if older != cleaned and _POINT.fullmatch(older):
        raise EdtfError(f"{shown}: digits that are not known are written X. Type {older}.", (older,))
    if cleaned.startswith("{"):
        raise EdtfError(f"{shown}: a list in braces (all of these dates) is not read. Make one event of each date.")
    if re.fullmatch(r"-?[0-9]{1,3}", cleaned):
        offer = year_text(int(cleaned))
        raise EdtfError(
            f"{shown}: write a year with four digits, as in {offer}, or with its era, as in AD 200 or 200 BC.", (offer,)
        )
    if re.fullmatch(r"-?[0-9]{5,}", cleaned):
        raise EdtfError(f"{shown}: a year of more than four digits begins with Y, as in Y{cleaned}.", (f"Y{cleaned}",))
    loose = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", cleaned)
    if loose:
        offer = f"{loose[1]}-{loose[2]:0>2}-{loose[3]:0>2}"
        raise EdtfError(f"{shown}: month and day have two digits each. Type {offer}.", (offer,))
    raise EdtfError(f"{shown} is not a date that can be read. {EXAMPLES}")

"""Floor 0: typed dates that are figures rather than names: 28.11.2016, 14:30, +3w, 2 weeks ago, last month.

Each builder takes a match of its pattern, the cleaned words and what they may leave unsaid, and gives EDTF.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from db.civil import Unit, add, floor
from db.dating.model import MONTHS, EdtfError, quoted
from db.edtf import date_text
from db.values import MS_DAY, Precision

Ends = tuple[str, str]
"""EDTF of the first and the last date of a phrase; twice the same text for one date."""


class Context(NamedTuple):
    """What a date may leave unsaid."""

    now: int  # ms by the wall clock, for "today" and "+3w"
    year: int | None = None  # of the later date of a range
    month: int | None = None  # likewise; 1-12
    day: str | None = None  # EDTF of the day of the earlier time of a range


NUMBERS: Final = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<mark>[./-])(?P<second>[0-9]{1,2})(?P=mark)(?P<last>[0-9]+)"
    r"|(?P<year>[0-9]{4})(?P<mark2>[./-])(?P<month>[0-9]{1,2})(?P=mark2)(?P<day>[0-9]{1,2})"
    r"|(?P<month3>[0-9]{1,2})[./](?P<year3>[0-9]{4})"
)
"""A day or month in figures, in any order; EDTF's own 2016-11-28 among them."""

CLOCK_TEXT: Final = (
    r"(?P<hour>[0-9]{1,2})(?:h|(?P<half> ?[ap]m)"
    r"|:(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]{1,9})?))?(?P<half2> ?[ap]m)?)"
    r"(?: ?(?P<zone>z|(?:utc|gmt)?[+-][0-9]{1,2}(?::?[0-9]{2})?|utc|gmt))?"
)
CLOCK: Final = re.compile(rf"(?:at )?{CLOCK_TEXT}")

_UNIT: Final = r"min|minutes?|h|hours?|d|days?|w|wks?|weeks?|m|mo|months?|q|quarters?|y|yrs?|years?|decades?"
RELATIVE: Final = re.compile(
    rf"(?P<sign>[+-]) ?(?P<count>[0-9]{{1,5}}) ?(?P<unit>{_UNIT})|in (?P<count2>[0-9]{{1,5}}) (?P<unit2>{_UNIT})"
    rf"|(?P<count3>[0-9]{{1,5}}) (?P<unit3>{_UNIT}) (?P<way>ago|earlier|later)"
)
_UNITS: Final = {"h": Unit.HOUR, "d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH, "q": Unit.QUARTER, "y": Unit.YEAR}
NEAR: Final = re.compile(r"(?P<day>today|now|yesterday|tomorrow)|(?P<which>last|this|next) (?P<unit>week|month|year)")
_NEAR_DAYS: Final = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1}


def numbers(match: re.Match[str], words: str, context: Context) -> str:
    """28.11.2016, 28/11/2016, 2016/11/28, 11.2016. With slashes or dashes 11/12/2016 is refused with both readings."""
    if match["year"]:
        return f"{match['year']}-{match['month']:0>2}-{match['day']:0>2}"
    if match["year3"]:
        return f"{match['year3']}-{match['month3']:0>2}"
    first, second, last = int(match["first"]), int(match["second"]), match["last"]
    if len(last) != 4:
        raise EdtfError(f"{quoted(words)}: write the year with four digits, as in 28.11.2016.")
    day_first, month_first = f"{last}-{second:02d}-{first:02d}", f"{last}-{first:02d}-{second:02d}"
    if match["mark"] == "." or first == second or first > 12 or not second >= 1 or not first:
        return day_first
    if second > 12:
        return month_first
    raise EdtfError(
        f"{quoted(words)} can be {day_first} ({first} {MONTHS[second - 1]}) or {month_first} "
        f"({second} {MONTHS[first - 1]}). Type one of the two.",
        (day_first, month_first),
    )


def clock(match: re.Match[str], words: str) -> str:
    """EDTF time of day, with its T, of a match of CLOCK."""
    hour, half = int(match["hour"]), (match["half"] or match["half2"] or "").strip()
    if half and not 1 <= hour <= 12:
        raise EdtfError(f"{quoted(words)}: hours with {half} go from 1 to 12. Type for example 2:30 {half} or 14:30.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    text = f"T{hour:02d}"
    if match["minute"]:
        text += f":{match['minute']}"
    if match["second"]:
        text += f":{match['second']}"
    zone = match["zone"]
    if zone is None:
        return text
    zone = re.sub(r"utc|gmt|z", "", zone)
    if not zone:
        return f"{text}Z"
    hours, minutes = (zone[1:].replace(":", "")[:-2], zone[-2:]) if len(zone) > 3 else (zone[1:], "00")
    return f"{text}{zone[0]}{hours:0>2}:{minutes}"


def clock_alone(match: re.Match[str], words: str, context: Context) -> str:
    """16:00 as the later end of "28 nov 2016 14:30 to 16:00"."""
    text = clock(match, words)
    if context.day is None:
        raise EdtfError(f"{quoted(words)} is a time without its day. Type for example 28 Nov 2016 14:30.")
    return context.day + text


def relative(match: re.Match[str], words: str, context: Context) -> str:
    """+3w, -10d, in 2 years, 3 weeks ago: a day, or with hours and minutes a minute."""
    count = int(match["count"] or match["count2"] or match["count3"])
    name = match["unit"] or match["unit2"] or match["unit3"]
    if match["sign"] == "-" or match["way"] in ("ago", "earlier"):
        count = -count
    if name.startswith("min") or name[0] == "h":
        moved = add(context.now, count, Unit.MINUTE if name.startswith("min") else Unit.HOUR)
        return date_text(moved, Precision.MINUTE)
    return date_text(add(context.now, count, Unit.DECADE if name.startswith("dec") else _UNITS[name[0]]))


def near(match: re.Match[str], context: Context) -> Ends:
    """Yesterday, last week (Monday to Sunday), this month, next year."""
    if match["day"]:
        return (date_text(context.now + _NEAR_DAYS[match["day"]] * MS_DAY),) * 2
    unit = Unit(match["unit"])
    moved = add(floor(context.now, unit), {"last": -1, "this": 0, "next": 1}[match["which"]], unit)
    if unit is Unit.WEEK:
        return date_text(moved), date_text(moved + 6 * MS_DAY)
    return (date_text(moved, Precision.MONTH if unit is Unit.MONTH else Precision.YEAR),) * 2

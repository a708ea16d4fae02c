"""Dates as tables write them, turned into time spans. No I/O.

Taken are ISO 8601 with or without a time, eight digits (20161127), days with slashes or dots in either order, EDTF, and
the words that dates are typed in elsewhere ("27 November 2016", "500 BC"). Midnight alone, as data bases write it
behind a date (2016-11-27 00:00:00.000), is no time of day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from db import edtf
from db.dating.typed import parse_typed
from db.errors import InputFault
from db.importers.tables.codebooks import Codebook, DateCode
from db.importers.tables.columns import Field, Unread
from db.values import MS_DAY, Shape, TimeSpan


class DateOrder(StrEnum):
    """How days with slashes or dots are read: 3/4/2016 is 3 April or 4 March."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


_DATES: Final = (Field.EDTF, Field.START, Field.END)
_ISO: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_EIGHT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_TIMED: Final = re.compile(
    r"(?P<date>-?\d{4}-\d\d-\d\d)[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r" ?(?P<zone>Z|UTC|[+-]\d\d(?::?\d\d)?)?"
)
_SHORT: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: 0{1,2}:00(?::00)?)?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?: 0{1,2}:00(?::00)?)?")


def date_text(text: str, order: DateOrder = DateOrder.DAY_FIRST) -> str:
    """EDTF of a date as a table writes it. Raises InputFault when it cannot be understood."""
    text = text.strip()
    if _ISO.fullmatch(text):
        return text
    found = _EIGHT.fullmatch(text)
    if found:
        year, month, day = found.groups()
        return f"{year}-{month}-{day}" if day != "00" else f"{year}-{month}" if month != "00" else year
    found = _TIMED.fullmatch(text)
    if found:
        return _timed(found)
    found = _SHORT.fullmatch(text)
    if found:
        first, _mark, second, year = found.groups()
        day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
        return f"{year}-{int(month):02d}-{int(day):02d}"
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        year, _mark, month, day = found.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return _words(text)


def _timed(found: re.Match[str]) -> str:
    hour, minute, second, zone = found["hour"], found["minute"], found["second"], found["zone"]
    if zone is None and hour == minute == "00" and second in (None, "00"):
        return found["date"]
    text = f"{found['date']}T{hour}:{minute}" + (f":{second}" if second else "")
    if zone in ("Z", "UTC"):
        return text + "Z"
    if zone:
        return text + (zone if ":" in zone else f"{zone[:3]}:{zone[3:] or '00'}")
    return text


def _words(text: str) -> str:
    try:
        return edtf.parse(text).edtf
    except InputFault:
        return parse_typed(text, 0).edtf


def span(
    start: str,
    end: str = "",
    code: str = "",
    shape: str = "",
    *,
    order: DateOrder = DateOrder.DAY_FIRST,
    codebook: Codebook | None = None,
) -> TimeSpan | None:
    """What the date columns of a row mean; None where they are empty.

    Two different dates last all through, unless the code or ``shape`` says that it happened some time between; all
    else is a moment unless ``shape`` says that it lasts. Raises Unread.
    """
    start, end = start.strip(), end.strip()
    if not start and not end:
        return None
    precision, wanted = _code(code, codebook), _shape(shape)
    texts: list[str] = []
    days: list[TimeSpan] = []
    try:
        for each in filter(None, (start, end)):
            texts.append(date_text(each, order))
            days.append(edtf.parse(texts[-1]))
        first, last = days[0], days[-1]
        if first.earliest_start > last.latest_end:
            raise Unread(f"it ends ({end}) before it begins ({start})", *_DATES)
        if precision is DateCode.WEEK:
            return edtf.enclosing(first.earliest_start - 3 * MS_DAY, last.latest_end + 3 * MS_DAY)
        if precision is DateCode.MONTH:
            return edtf.parse(edtf.date_text(first.earliest_start)[:-3])
        if texts[0] == texts[-1] or first.edtf == last.edtf:
            return edtf.parse(texts[0], Shape.LASTING) if wanted is Shape.LASTING else first
        if precision is DateCode.BETWEEN or wanted is Shape.MOMENT:
            return edtf.parse(f"[{texts[0]}..{texts[-1]}]")
        return edtf.parse(f"{texts[0]}/{texts[-1]}", Shape.LASTING)
    except Unread:
        raise
    except InputFault as fault:
        why = str(fault).partition(". ")[0].removesuffix(".")
        because = "" if why.endswith("is not a date that can be read") else f": {why}"
        if len(days) == 1 and start and end:  # only the end is not known
            raise Unread(f"the end of the date “{end[:60]}” cannot be understood{because}", Field.END) from fault
        shown = " to ".join(each for each in (start, end) if each)
        raise Unread(f"the date “{shown[:60]}” cannot be understood{because}", *_DATES) from fault


def _shape(text: str) -> Shape | None:
    name = text.strip().casefold()
    if not name:
        return None
    if name not in set(Shape):
        raise Unread(
            f"the shape of the date is “{text.strip()[:20]}”, which is none of {', '.join(Shape)}", Field.DATE_SHAPE
        )
    return Shape(name)


def _code(code: str, codebook: Codebook | None) -> DateCode:
    code = code.strip()
    if not code or codebook is None or not codebook.dates:
        return DateCode.EXACT
    if code not in codebook.dates:
        raise Unread(
            f"the precision of the date is “{code[:20]}”, which is none of {', '.join(codebook.dates)}",
            Field.DATE_PRECISION,
        )
    return codebook.dates[code]


def guess_order(values: Iterable[str]) -> tuple[DateOrder, bool]:
    """The order in which days and months stand, by some dates, and whether they tell: day first where they do not."""
    day = month = 0
    told = False
    for value in values:
        found = _SHORT.fullmatch(value.strip())
        if found:
            told = True
            day += int(found[1]) > 12
            month += int(found[3]) > 12
    return (DateOrder.MONTH_FIRST if month > day else DateOrder.DAY_FIRST), not told or day != month

"""Floor 0: the parts of an EDTF date, and their canonical text. Their bounds in time are the business of db.edtf."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

from db.errors import InputFault
from db.values import OPEN_PAST, Precision, Qualifier

EXAMPLES: Final = "Type for example 28 Nov 2016, Nov 2016, about Dec 2016, 2016-11-28 or 2016-12~."
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class EdtfError(InputFault):
    """A text is no date that can be read. The message says why and what to type.

    ``offers`` holds texts that would be accepted and may be what was meant; empty when there is no good guess.
    """

    def __init__(self, message: str, offers: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.offers = tuple(offers)


class Point(NamedTuple):
    """One date without its neighbours. ``low`` and ``high`` are its nominal first and last ms by the wall clock."""

    precision: Precision
    year: int  # of a decade or century the earliest
    low: int
    high: int
    month: int = 0  # 0 where there is none
    day: int = 0
    season: int = 0  # 21 spring, 22 summer, 23 autumn, 24 winter (December of the year to February of the next)
    time: str = ""  # "14", "14:30", "14:30:05" or "14:30:05.250"
    zone: int | None = None  # minutes east of Greenwich, where the text says so
    some: Precision | None = None  # DAY or MONTH where its digits are X: some day within
    qualifier: Qualifier = Qualifier.NONE


class Gap(Enum):
    """An end of a range that is no date."""

    OPEN = ".."
    UNKNOWN = ""


class Form(Enum):
    DATE = "date"
    INTERVAL = "interval"
    SET = "set"


End = Point | Gap
Pair = tuple[End, End]


class Expression(NamedTuple):
    """A whole EDTF text. A date is one pair of twice itself, an interval one pair, a set one or more by time."""

    form: Form
    pairs: tuple[Pair, ...]


def write(expression: Expression) -> str:
    """The canonical EDTF text of what was read: ``read(write(read(t))) == read(t)``."""
    texts = [
        point_text(left) if left is right else f"{_end_text(left)}..{_end_text(right)}".replace("....", "..")
        for left, right in expression.pairs
    ]
    if expression.form is Form.SET:
        return f"[{','.join(texts)}]"
    if expression.form is Form.DATE:
        return texts[0]
    left, right = expression.pairs[0]
    return f"{left.value if isinstance(left, Gap) else point_text(left)}/" + (
        right.value if isinstance(right, Gap) else point_text(right)
    )


def year_text(year: int) -> str:
    """A year in EDTF: ``2016``, ``0044``, ``-0199``, ``Y-10000``."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"{year:05d}" if year < 0 else f"{year:04d}"


def point_text(end: End) -> str:
    """One date in canonical EDTF; a gap as it stands at the end of an interval."""
    if isinstance(end, Gap):
        return end.value
    sign = "-" if end.year < 0 else ""
    if end.precision is Precision.CENTURY:
        body = f"{sign}{abs(end.year) // 100:02d}XX"
    elif end.precision is Precision.DECADE:
        body = f"{sign}{abs(end.year) // 10:03d}X"
    else:
        body = year_text(end.year)
    if end.season or end.month:
        body += f"-{end.season or end.month:02d}"
    elif end.some is not None:
        body += "-XX"
    if end.day:
        body += f"-{end.day:02d}"
    elif end.some is Precision.DAY:
        body += "-XX"
    if end.time:
        body += f"T{end.time}{zone_text(end.zone)}"
    return body + end.qualifier.value


def zone_text(zone: int | None) -> str:
    """``Z``, ``+03:00`` or nothing for minutes east of Greenwich."""
    if zone is None:
        return ""
    if zone == 0:
        return "Z"
    hours, minutes = divmod(abs(zone), 60)
    return f"{'-' if zone < 0 else '+'}{hours:02d}:{minutes:02d}"


def quoted(text: str) -> str:
    """What the user typed, short enough for a sentence."""
    shown = " ".join(text.split())
    return f"“{shown}”" if len(shown) <= 40 else f"“{shown[:39]}…”"


def low_of(end: End) -> int:
    """Nominal first ms of an end by the wall clock; a gap lies before every date."""
    return OPEN_PAST if isinstance(end, Gap) else end.low


def _end_text(end: End) -> str:
    return ".." if isinstance(end, Gap) else point_text(end)

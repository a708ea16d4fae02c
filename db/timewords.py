"""Floor 0: dates in plain English: shown, written short, spoken, and (``parse_typed``) read as people type them.

What is shown can be typed again and means the same. The words follow the EDTF text of a span, so an interval reads
the same for a moment as for what lasts; a span whose text is no EDTF is described by its bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from db.civil import civil, weekday
from db.edtf import enclosing
from db.edtf_grammar import read
from db.edtf_model import MONTHS, EdtfError, End, Expression, Form, Gap, Pair, Point
from db.timethirds import third_named
from db.timetyped import parse_typed
from db.values import MS_MINUTE, OPEN_FUTURE, OPEN_PAST, Precision, Qualifier, TimeSpan

__all__ = ["parse_typed", "show", "show_instant", "show_short", "show_weekday", "spoken", "spoken_instant"]

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SEASONS: Final = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_SOME: Final = {Precision.DAY: "a day in ", Precision.MONTH: "a month in "}


@dataclass(frozen=True, slots=True)
class _Style:
    months: tuple[str, ...]
    about: str
    perhaps: str
    doubt: str  # after the date
    tight: bool
    winter: str  # between the two years of a winter


_SHOWN: Final = _Style(tuple(name[:3] for name in MONTHS), "about ", "perhaps ", "", False, "–")
_SHORT: Final = _Style(_SHOWN.months, "~", "", "?", True, "–")
_SPOKEN: Final = _Style(MONTHS, "about ", "perhaps ", "", False, " to ")


def show(span: TimeSpan) -> str:
    """A span as the program shows it everywhere: ``28 Nov 2016``, ``27 or 28 Nov 2016``, ``about Dec 2016``."""
    return _words(_expression(span), _SHOWN)


def show_short(span: TimeSpan) -> str:
    """For tight labels: ``~Dec 2016``, ``3–9 Nov 2016``, ``Oct 2015 – Mar 2016``, ``Oct 2015 –``."""
    return _words(_expression(span), _SHORT)


def spoken(span: TimeSpan) -> str:
    """For accessible names: months in full and no dashes, ``27 or 28 November 2016``."""
    return _words(_expression(span), _SPOKEN)


def show_instant(instant_ms: int, unit: Precision = Precision.DAY, zone_minutes: int = 0) -> str:
    """An instant (ms) to the given unit, by the clock of a zone: ``28 Nov 2016``, ``Nov 2016``, ``28 Nov 2016 14:30``.

    ``open`` for OPEN_PAST and OPEN_FUTURE.
    """
    return _instant_words(instant_ms, unit, zone_minutes, _SHOWN)


def spoken_instant(instant_ms: int, unit: Precision = Precision.DAY, zone_minutes: int = 0) -> str:
    """As show_instant, with the month in full."""
    return _instant_words(instant_ms, unit, zone_minutes, _SPOKEN)


def show_weekday(instant_ms: int, zone_minutes: int = 0) -> str:
    """The day of an instant with its weekday: ``Mon 28 Nov 2016``."""
    day = WEEKDAYS[weekday(instant_ms + zone_minutes * MS_MINUTE)]
    return f"{day} {show_instant(instant_ms, zone_minutes=zone_minutes)}"


def _expression(span: TimeSpan) -> Expression:
    try:
        return read(span.edtf)
    except EdtfError:
        low, high = span.earliest_start, span.latest_end
        if low <= OPEN_PAST and high >= OPEN_FUTURE:
            return Expression(Form.INTERVAL, ((Gap.OPEN, Gap.OPEN),))
        return read(enclosing(low, high, span.shape).edtf)


def _words(expression: Expression, style: _Style) -> str:
    if expression.form is Form.SET:
        return _set_words(expression.pairs, style)
    left, right = expression.pairs[0]
    if isinstance(left, Gap) or isinstance(right, Gap):
        return _open_words(left, right, style)
    if expression.form is Form.DATE:
        return _point_words(left, style)
    named = third_named(left, right)
    if named is not None:
        return _qualified(f"{named.word} {_bare_words(named.whole, style)}", named.whole.qualifier, style)
    return _range_words(left, right, style)


def _open_words(left: End, right: End, style: _Style) -> str:
    if isinstance(left, Point):
        start = _point_words(left, style)
        if style.tight:
            return f"{start} –" if right is Gap.OPEN else f"{start} – ?"
        return f"from {start}" if right is Gap.OPEN else f"from {start}, end unknown"
    if isinstance(right, Point):
        end = _point_words(right, style)
        if style.tight:
            return f"– {end}" if left is Gap.OPEN else f"? – {end}"
        return f"until {end}" if left is Gap.OPEN else f"until {end}, start unknown"
    return "any time"


def _range_words(left: Point, right: Point, style: _Style) -> str:
    first, last = _pair_words(left, right, style)
    if not style.tight:
        return f"{first} to {last}"
    return f"{first} – {last}" if " " in first or (" " in last and not _dropped(left, right)) else f"{first}–{last}"


def _pair_words(left: Point, right: Point, style: _Style) -> tuple[str, str]:
    """Both dates of a range, without what the other one says already."""
    first = _point_words(left, style, _dropped(left, right))
    if left.time and right.time and left.zone == right.zone and left[1:2] + left[4:6] == right[1:2] + right[4:6]:
        return first, _qualified(_time_words(right), right.qualifier, style)
    return first, _point_words(right, style)


def _set_words(pairs: tuple[Pair, ...], style: _Style) -> str:
    last = pairs[-1][1]
    texts = []
    for left, right in pairs:
        if isinstance(left, Point) and isinstance(right, Point):
            if left is right:
                texts.append(_point_words(left, style, _dropped_of_all(pairs) if right is not last else 0))
            elif style.tight:
                texts.append(_range_words(left, right, style))
            else:
                texts.append("between {} and {}".format(*_pair_words(left, right, style)))
        elif isinstance(left, Point):
            texts.append(f"{_point_words(left, style)} or later")
        elif isinstance(right, Point):
            texts.append(f"{_point_words(right, style)} or earlier")
    return " or ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _dropped_of_all(pairs: tuple[Pair, ...]) -> int:
    """How much the dates of a set but the last can leave out: see _dropped."""
    singles = [left for left, right in pairs if left is right and isinstance(left, Point)]
    if len(singles) < len(pairs):
        return 0
    return min(_dropped(point, singles[-1]) for point in singles[:-1])


def _dropped(left: Point, right: Point) -> int:
    """What ``left`` need not say before ``right``: 0 nothing, 1 the year, 2 the month and the year."""
    if left.qualifier or right.qualifier or left.some or right.some or left.time or right.time:
        return 0
    if left.precision is not right.precision or left.year != right.year:
        return 0
    if left.precision is Precision.DAY:
        return 2 if left.month == right.month else 1
    return 1 if left.precision is Precision.MONTH else 0


def _point_words(point: Point, style: _Style, dropped: int = 0) -> str:
    return _qualified(_bare_words(point, style, dropped), point.qualifier, style)


def _qualified(words: str, qualifier: Qualifier, style: _Style) -> str:
    if qualifier in (Qualifier.APPROXIMATE, Qualifier.BOTH):
        words = style.about + words
    if qualifier in (Qualifier.UNCERTAIN, Qualifier.BOTH):
        words = style.perhaps + words + style.doubt
    return words


def _bare_words(point: Point, style: _Style, dropped: int = 0) -> str:
    year = "" if dropped else year_words(point.year)
    if point.precision is Precision.CENTURY:
        number = (-point.year if point.year < 0 else point.year) // 100 + 1
        return f"{ordinal(number)} century" + (" BC" if point.year < 0 else "")
    if point.precision is Precision.DECADE:
        if point.year < 100:
            return f"{year_words(point.year)} to {year_words(point.year + 9)}"
        return f"{point.year}s" + ("" if point.year % 100 else " (decade)")
    if point.season == 24 and point.year > 0:
        following = str(point.year + 1)
        return f"winter {year}{style.winter}{following[-2:] if style.winter == '–' else following}"
    if point.season:
        return f"{SEASONS[point.season]} {year}"
    words = year
    if point.month:
        words = f"{style.months[point.month - 1]} {words}".rstrip()
    if point.day:
        words = f"{point.day} {words}" if dropped < 2 else f"{point.day}"
    if point.some is not None and not style.tight:
        words = _SOME[point.some] + words
    return f"{words} {_time_words(point)}" if point.time else words


def _time_words(point: Point) -> str:
    time = f"{point.time}h" if point.precision is Precision.HOUR else point.time
    if point.zone is None:
        return time
    if point.zone == 0:
        return f"{time} UTC"
    hours, minutes = divmod(abs(point.zone), 60)
    return f"{time} UTC{'-' if point.zone < 0 else '+'}{hours:02d}:{minutes:02d}"


def year_words(year: int) -> str:
    """``2016``, ``AD 44``, ``200 BC``, ``10,000 BC``; year 0 is 1 BC. Thousands are parted from five digits on."""
    number = 1 - year if year <= 0 else year
    digits = f"{number:,}" if number > 9999 else f"{number}"
    if year <= 0:
        return f"{digits} BC"
    return digits if 1000 <= year <= 9999 else f"AD {digits}"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``, ``21st``."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _instant_words(instant_ms: int, unit: Precision, zone_minutes: int, style: _Style) -> str:
    if instant_ms <= OPEN_PAST or instant_ms >= OPEN_FUTURE:
        return "open"
    at = civil(instant_ms + zone_minutes * MS_MINUTE)
    if unit is Precision.SEASON:
        season = (at.month // 3 + 3) % 4 + 21
        year = at.year - (at.month < 3)
        return _bare_words(Point(unit, year, 0, 0, season=season), style)
    if unit >= Precision.DECADE:
        width = 100 if unit is Precision.CENTURY else 10
        first = at.year // width * width if at.year > 0 else -(-at.year // width * width) - width + 1
        return _bare_words(Point(unit, first, 0, 0), style)
    month = at.month if unit <= Precision.MONTH else 0
    words = _bare_words(Point(unit, at.year, 0, 0, month, at.day if unit <= Precision.DAY else 0), style)
    if unit >= Precision.DAY:
        return words
    words += f" {at.hour:02d}:{at.minute if unit < Precision.HOUR else 0:02d}"
    return f"{words}:{at.second:02d}" if unit is Precision.SECOND else words

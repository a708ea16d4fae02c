"""Floor 0: dates in plain English: shown, written short, spoken, and (``parse_typed``) read as people type them.

What is shown can be typed again and means the same. The words follow the EDTF text of a span, so an interval reads
the same for a moment as for what lasts; a span whose text is no EDTF is described by its bounds.
"""

from __future__ import annotations

from typing import Final

from db.civil import civil, weekday
from db.dating.grammar import read
from db.dating.model import EdtfError, End, Expression, Form, Gap, Pair, Point
from db.dating.thirds import third_named
from db.dating.typed import parse_typed
from db.dating.wording import (
    SHORT,
    SHOWN,
    SPOKEN,
    Style,
    bare_words,
    point_words,
    qualified,
    same_day,
    series_words,
    time_words,
)
from db.edtf import enclosing, parse
from db.values import MS_MINUTE, OPEN_FUTURE, OPEN_PAST, Precision, Shape, TimeSpan

__all__ = [
    "parse_typed",
    "show",
    "show_instant",
    "show_short",
    "show_text",
    "show_weekday",
    "spoken",
    "spoken_instant",
]

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def show(span: TimeSpan) -> str:
    """A span as the program shows it everywhere: ``28 Nov 2016``, ``27 or 28 Nov 2016``, ``about Dec 2016``."""
    return _words(_expression(span), SHOWN)


def show_text(text: str, shape: Shape = Shape.MOMENT) -> str:
    """A date as a project file holds it, in words; a text that is no EDTF (other programs write there too) as it is."""
    try:
        return show(parse(text, shape))
    except EdtfError:
        return text


def show_short(span: TimeSpan) -> str:
    """For tight labels: ``~Dec 2016``, ``3–9 Nov 2016``, ``Oct 2015 – Mar 2016``, ``Oct 2015 –``."""
    return _words(_expression(span), SHORT)


def spoken(span: TimeSpan) -> str:
    """For accessible names: months in full and no dashes, ``27 or 28 November 2016``."""
    return _words(_expression(span), SPOKEN)


def show_instant(instant_ms: int, unit: Precision = Precision.DAY, zone_minutes: int = 0) -> str:
    """An instant (ms) to the given unit, by the clock of a zone: ``28 Nov 2016``, ``Nov 2016``, ``28 Nov 2016 14:30``.

    ``open`` for OPEN_PAST and OPEN_FUTURE.
    """
    return _instant_words(instant_ms, unit, zone_minutes, SHOWN)


def spoken_instant(instant_ms: int, unit: Precision = Precision.DAY, zone_minutes: int = 0) -> str:
    """As show_instant, with the month in full."""
    return _instant_words(instant_ms, unit, zone_minutes, SPOKEN)


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


def _words(expression: Expression, style: Style) -> str:
    if expression.form is Form.SET:
        return _set_words(expression.pairs, style)
    left, right = expression.pairs[0]
    if isinstance(left, Gap) or isinstance(right, Gap):
        return _open_words(left, right, style)
    if expression.form is Form.DATE:
        return point_words(left, style)
    named = third_named(left, right)
    if named is not None:
        joint = "-" if named.word == "mid" else " "
        return qualified(f"{named.word}{joint}{bare_words(named.whole, style)}", named.whole.qualifier, style)
    return _range_words(left, right, style)


def _open_words(left: End, right: End, style: Style) -> str:
    if isinstance(left, Point):
        start = point_words(left, style)
        if style.tight:
            return f"{start} –" if right is Gap.OPEN else f"{start} – ?"
        return f"from {start}" if right is Gap.OPEN else f"from {start}, end unknown"
    if isinstance(right, Point):
        end = point_words(right, style)
        if style.tight:
            return f"– {end}" if left is Gap.OPEN else f"? – {end}"
        return f"until {end}" if left is Gap.OPEN else f"until {end}, start unknown"
    return "any time"


def _range_words(left: Point, right: Point, style: Style) -> str:
    if same_day(left, right) and not right.qualifier:
        return f"{point_words(left, style)}{'–' if style.tight else ' to '}{time_words(right)}"
    (first, last), qualifier = series_words((left, right), style)
    if not style.tight:
        return qualified(f"{first} to {last}", qualifier, style)
    plain = " " not in first and (" " not in last or first.isdigit() or first in style.months)
    return qualified(f"{first}–{last}" if plain else f"{first} – {last}", qualifier, style)


def _set_words(pairs: tuple[Pair, ...], style: Style) -> str:
    singles = [left for left, right in pairs if left is right and isinstance(left, Point)]
    if len(singles) == len(pairs):
        texts, qualifier = series_words(singles, style)
        return qualified(_listed(texts), qualifier, style)
    return _listed([_member_words(left, right, style) for left, right in pairs])


def _member_words(left: End, right: End, style: Style) -> str:
    """One member of a set: a date, or all that is between two."""
    if isinstance(left, Point) and isinstance(right, Point):
        if left is right:
            return point_words(left, style)
        if style.tight:
            return _range_words(left, right, style)
        if left.qualifier or right.qualifier:
            return f"between {point_words(left, style)} and {point_words(right, style)}"
        return "between {} and {}".format(*series_words((left, right), style)[0])
    if isinstance(left, Point):
        return f"{point_words(left, style)} or later"
    return f"{point_words(right, style)} or earlier" if isinstance(right, Point) else "any time"


def _listed(texts: list[str]) -> str:
    return " or ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def _instant_words(instant_ms: int, unit: Precision, zone_minutes: int, style: Style) -> str:
    if instant_ms <= OPEN_PAST or instant_ms >= OPEN_FUTURE:
        return "open"
    at = civil(instant_ms + zone_minutes * MS_MINUTE)
    if unit is Precision.SEASON:
        season = (at.month // 3 + 3) % 4 + 21
        year = at.year - (at.month < 3)
        return bare_words(Point(unit, year, 0, 0, season=season), style)
    if unit >= Precision.DECADE:
        width = 100 if unit is Precision.CENTURY else 10
        first = at.year // width * width if at.year > 0 else -(-at.year // width * width) - width + 1
        return bare_words(Point(unit, first, 0, 0), style)
    month = at.month if unit <= Precision.MONTH else 0
    words = bare_words(Point(unit, at.year, 0, 0, month, at.day if unit <= Precision.DAY else 0), style)
    if unit >= Precision.DAY:
        return words
    words += f" {at.hour:02d}:{at.minute if unit < Precision.HOUR else 0:02d}"
    return f"{words}:{at.second:02d}" if unit is Precision.SECOND else words

"""Floor 0: EDTF text <-> four inclusive bounds in time.

``parse`` gives what a text can mean. A qualified date (``~ ? %`` alike) is padded on both sides by a stated width:
second 1 minute, minute 15 minutes, hour 3 hours, day 3 days, month 15 days, season 1 month, year 3 months, decade
3 years, century 30 years. A date without a time is the whole day, to its last millisecond, in the zone handed in or
else in UTC; it never becomes midnight. Seasons are the northern meteorological ones (spring 1 March to 31 May, winter
1 December to the end of February of the next year).

Shapes. A *moment* lies somewhere between the first and the last ms of the text. What is *lasting* fills its text: one
date starts at its first ms and ends at its last; an interval starts somewhere within its left date and ends somewhere
within its right one. Sets name alternatives, so they are moments whatever was asked for. An open end (``..``) has no
bound; an unknown one (nothing before or after the slash) may lie anywhere that the other end allows.
"""

from __future__ import annotations

from typing import Final

from db.civil import Civil, Unit, add, civil, floor, instant, month_length, starts, weekday
from db.dating.grammar import MAX_YEAR, read
from db.dating.model import EdtfError, Form, Gap, Pair, Point, point_text, write, year_text
from db.dating.wording import SHOWN, point_words
from db.values import (
    MS_DAY,
    MS_HOUR,
    MS_MINUTE,
    OPEN_FUTURE,
    OPEN_PAST,
    Precision,
    Qualifier,
    Shape,
    TimeSpan,
)

__all__ = [
    "MAX_YEAR",
    "Civil",
    "EdtfError",
    "Unit",
    "add",
    "all_through",
    "civil",
    "date_text",
    "enclosing",
    "floor",
    "format",
    "instant",
    "month_length",
    "normalise",
    "parse",
    "starts",
    "weekday",
]

PADDING_MS: Final = {
    Precision.SECOND: MS_MINUTE,
    Precision.MINUTE: 15 * MS_MINUTE,
    Precision.HOUR: 3 * MS_HOUR,
    Precision.DAY: 3 * MS_DAY,
    Precision.MONTH: 15 * MS_DAY,
}
PADDING_MONTHS: Final = {
    Precision.SEASON: 1,
    Precision.YEAR: 3,
    Precision.DECADE: 36,
    Precision.CENTURY: 360,
}
_UNITS: Final = {
    Precision.CENTURY: Unit.CENTURY,
    Precision.DECADE: Unit.DECADE,
    Precision.YEAR: Unit.YEAR,
    Precision.MONTH: Unit.MONTH,
    Precision.DAY: Unit.DAY,
    Precision.HOUR: Unit.HOUR,
    Precision.MINUTE: Unit.MINUTE,
    Precision.SECOND: Unit.SECOND,
}
_MAX_ZONE: Final = 14 * 60


def parse(text: str, shape: Shape = Shape.MOMENT, zone_minutes: int | None = None) -> TimeSpan:
    """What an EDTF text can mean.

    ``zone_minutes`` (east of Greenwich, -840..840) is the zone of every date whose text gives none: its times and its
    day boundaries. Without it, a zone given by one end of a range holds for the other end too, else UTC. The span
    keeps the text as entered (stripped) and the zone used, so that parsing both again gives the same span.
    Raises EdtfError with a sentence for the user.
    """
    expression = read(text)
    if zone_minutes is not None and abs(zone_minutes) > _MAX_ZONE:
        raise EdtfError("Time zones go from -14:00 to +14:00.")
    points = [end for pair in expression.pairs for end in pair if isinstance(end, Point)]
    zone = zone_minutes if zone_minutes is not None else next((p.zone for p in points if p.zone is not None), None)
    for pair in expression.pairs:
        _check_order(pair, zone or 0)
    if expression.form is Form.SET:
        shape = Shape.MOMENT
    if shape is Shape.MOMENT:
        low = min(_moment(pair, zone or 0)[0] for pair in expression.pairs)
        high = max(_moment(pair, zone or 0)[1] for pair in expression.pairs)
        bounds = (low, high, low, high)
    elif expression.form is Form.DATE:
        bounds = _lasting_date(points[0], zone or 0)
    else:
        bounds = _lasting_interval(expression.pairs[0], zone or 0)
    return TimeSpan(
        text.strip(),
        *bounds,
        precision=min(point.precision for point in points),
        qualifier=_joint_qualifier(points),
        shape=shape,
        zone_minutes=zone,
    )


def all_through(span: TimeSpan) -> TimeSpan:
    """The dates of a moment, lasting all through: "between 3 and 5 May" becomes "3 to 5 May".

    Raises EdtfError for alternatives ("3 or 5 May", "2014 or earlier"): nothing lasts all through one or another.
    """
    expression = read(span.edtf)
    text = span.edtf
    if expression.form is Form.SET:
        left, right = expression.pairs[0]
        if len(expression.pairs) > 1 or not isinstance(left, Point) or not isinstance(right, Point):
            raise EdtfError(
                "What happened on one date or another cannot last all through. "
                "Choose “At some time within”, or type a range such as 3 to 5 May 2016."
            )
        text = f"{point_text(left)}/{point_text(right)}"
    return parse(text, Shape.LASTING, span.zone_minutes)


def normalise(text: str) -> str:
    """Canonical EDTF of an EDTF text: upper case, full zones, sets in order. Raises EdtfError."""
    return write(read(text))


def format(span: TimeSpan) -> str:
    """Canonical EDTF of a span; parsed with the span's shape and zone it gives the same bounds again."""
    return normalise(span.edtf)


def date_text(instant_ms: int, precision: Precision = Precision.DAY) -> str:
    """EDTF of the second, minute, hour, day, month, year, decade or century that holds an instant (ms, UTC).

    Years beyond four digits stand alone in EDTF, so there the year is given whatever the precision.
    """
    at = civil(instant_ms)
    if abs(at.year) > 9999 or precision is Precision.YEAR:
        return year_text(at.year)
    if precision >= Precision.DECADE:
        width, digits = (100, 2) if precision is Precision.CENTURY else (10, 3)
        sign = "-" if at.year < 0 else ""
        return f"{sign}{abs(at.year) // width:0{digits}d}{'X' * (4 - digits)}"
    if precision >= Precision.MONTH:
        return f"{year_text(at.year)}-{at.month:02d}"
    text = f"{year_text(at.year)}-{at.month:02d}-{at.day:02d}"
    if precision is Precision.DAY:
        return text
    text += f"T{at.hour:02d}"
    if precision is Precision.HOUR:
        return text
    text += f":{at.minute:02d}"
    return text if precision is Precision.MINUTE else f"{text}:{at.second:02d}"


def enclosing(first_ms: int, last_ms: int, shape: Shape = Shape.MOMENT) -> TimeSpan:
    """A span with the plainest text that covers ``first_ms..last_ms`` (inclusive, UTC; OPEN_PAST, OPEN_FUTURE allowed).

    One date where the range is just a year, month, day, hour, minute or second; else from the first to the last date
    of the coarsest such unit that fits both ends, as a set of alternatives for a moment and as an interval for what
    is lasting. A range within a second is widened to whole seconds, one beyond four-digit years to whole years.
    Raises ValueError when the range is backwards or open at both ends.
    """
    if first_ms > last_ms or (first_ms <= OPEN_PAST and last_ms >= OPEN_FUTURE):
        raise ValueError(f"no date covers {first_ms} to {last_ms}")
    ends = [ms for ms in (first_ms, last_ms + 1) if OPEN_PAST < ms < OPEN_FUTURE]
    widths = (Precision.YEAR, Precision.MONTH, Precision.DAY, Precision.HOUR, Precision.MINUTE)
    fitting = (width for width in widths if all(floor(ms, _UNITS[width]) == ms for ms in ends))
    precision = next(fitting, Precision.SECOND)
    left = ".." if first_ms <= OPEN_PAST else date_text(first_ms, precision)
    right = ".." if last_ms >= OPEN_FUTURE else date_text(last_ms, precision)
    if left == right:
        return parse(left, shape)
    if shape is Shape.LASTING:
        return parse(f"{left}/{right}", shape)
    return parse(f"[{left}..{right}]".replace("....", ".."), shape)


def _shift(end: Point, zone: int) -> int:
    """Milliseconds from the wall clock of a date to UTC."""
    return -(zone if end.zone is None else end.zone) * MS_MINUTE


def _padded(ms: int, point: Point, direction: int) -> int:
    """``ms`` (a start of the point's unit) moved by the point's padding."""
    if point.qualifier is Qualifier.NONE:
        return ms
    if point.precision in PADDING_MS:
        return ms + direction * PADDING_MS[point.precision]
    return add(ms, direction * PADDING_MONTHS[point.precision], Unit.MONTH)


def _outer(point: Point, zone: int) -> tuple[int, int]:
    """First and last ms (UTC) that a date may mean, padding included."""
    shift = _shift(point, zone)
    if point.qualifier is Qualifier.NONE:
        return point.low + shift, point.high + shift
    return _padded(point.low, point, -1) + shift, _padded(point.high + 1, point, 1) - 1 + shift


def _moment(pair: Pair, zone: int) -> tuple[int, int]:
    left, right = pair
    return (
        OPEN_PAST if isinstance(left, Gap) else _outer(left, zone)[0],
        OPEN_FUTURE if isinstance(right, Gap) else _outer(right, zone)[1],
    )


def _lasting_date(point: Point, zone: int) -> tuple[int, int, int, int]:
    """All through one date; of some day or month within (X), all through that one."""
    shift = _shift(point, zone)
    start, end = point.low, point.high + 1
    latest_start, earliest_end = start, end
    if point.some is not None:
        latest_start = add(end, -1, _UNITS[point.some])
        earliest_end = add(start, 1, _UNITS[point.some])
    return (
        _padded(start, point, -1) + shift,
        _padded(latest_start, point, 1) + shift,
        _padded(earliest_end, point, -1) - 1 + shift,
        _padded(end, point, 1) - 1 + shift,
    )


def _lasting_interval(pair: Pair, zone: int) -> tuple[int, int, int, int]:
    """Start somewhere in the left date, end somewhere in the right one."""
    left, right = pair
    if isinstance(left, Point):
        start = _outer(left, zone)
        end = (start[0], OPEN_FUTURE) if right is Gap.UNKNOWN else (OPEN_FUTURE, OPEN_FUTURE)
        if isinstance(right, Point):
            end = _outer(right, zone)
    else:
        assert isinstance(right, Point)  # the grammar refuses a range with no date
        end = _outer(right, zone)
        start = (OPEN_PAST, end[1]) if left is Gap.UNKNOWN else (OPEN_PAST, OPEN_PAST)
    # Where the dates overlap ("2016/2016-03"), what starts cannot start after it has ended.
    return start[0], min(start[1], end[1]), max(end[0], start[0]), end[1]


def _check_order(pair: Pair, zone: int) -> None:
    left, right = pair
    if isinstance(left, Gap) or isinstance(right, Gap):
        return
    if left.low + _shift(left, zone) > right.high + _shift(right, zone):
        first, last = point_words(left, SHOWN), point_words(right, SHOWN)
        raise EdtfError(
            f"A range cannot end before it starts: {last} is before {first}. Type the earlier date first.",
            (f"{point_text(right)}/{point_text(left)}",),
        )


def _joint_qualifier(points: list[Point]) -> Qualifier:
    """The qualifier of all the dates together: uncertain if one is, approximate if one is."""
    found = {point.qualifier for point in points} - {Qualifier.NONE}
    if not found:
        return Qualifier.NONE
    return found.pop() if len(found) == 1 else Qualifier.BOTH

"""Pure arithmetic of the timeline: instants and pixels, ticks of the ruler, bars of the overview. No Qt.

Instants are int64 ms since 1970 UTC, lengths logical pixels with 0 at the left edge of the plot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.civil import Unit, civil, instant, starts, weekday
from db.values import MS_DAY, MS_HOUR, MS_MINUTE, OPEN_FUTURE, OPEN_PAST, TimeWindow

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FAR: Final = 1e6
"""Pixels beyond which nothing needs an exact place; Qt's rasteriser is sound up to here."""


COLUMN: Final = 3
"""Width in px of the columns that stand for events too many to tell apart."""
LONGEST: Final = round(100_000 * 365.2425) * MS_DAY


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Maps the window ``first..last`` (ms, first < last) onto 0..``width`` (px, at least 1)."""

    first: int
    last: int
    width: float

    @classmethod
    def of(cls, window: TimeWindow, width: float) -> TimeScale:
        return cls(window.first, max(window.last, window.first + 1), max(width, 1.0))

    @property
    def ms_per_px(self) -> float:
        return (self.last - self.first) / self.width

    def x(self, at: int) -> float:
        """The place of an instant (px), held within +-FAR."""
        return min(max((at - self.first) / (self.last - self.first) * self.width, -FAR), FAR)

    def xs(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """The places of many instants (px), held within +-FAR; open ends lie there."""
        places = (at - np.int64(self.first)).astype(np.float64) * (self.width / (self.last - self.first))
        return np.clip(places, -FAR, FAR)

    def at(self, x: float) -> int:
        """The instant at a place (ms)."""
        return self.first + round(x * (self.last - self.first) / self.width)

    def ats(self, x: NDArray[np.float64]) -> NDArray[np.int64]:
        """The instants at many places."""
        return np.int64(self.first) + np.rint(x * ((self.last - self.first) / self.width)).astype(np.int64)

    def zoomed(self, factor: float, around: float) -> TimeWindow:
        """The window ``factor`` times as long, the instant at ``around`` px staying where it is."""
        length = min(max(round((self.last - self.first) * factor), 1), LONGEST)
        share = around / self.width
        first = self.at(around) - round(length * share)
        return TimeWindow(first, first + length)

    def moved(self, pixels: float) -> TimeWindow:
        """The window after its content was dragged to the right by ``pixels``."""
        shift = round(pixels * self.ms_per_px)
        return TimeWindow(self.first - shift, self.last - shift)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the ruler: where (ms), what it says, and whether it begins something larger."""

    at: int
    label: str
    major: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A distance between ticks: ``count`` units, about ``length`` ms, worth it from ``least`` px on."""

    unit: Unit
    count: int
    length: float
    least: float


_YEAR: Final = 365.2425 * MS_DAY
STEPS: Final = (
    Step(Unit.MINUTE, 15, 15 * MS_MINUTE, 44),
    Step(Unit.MINUTE, 30, 30 * MS_MINUTE, 44),
    Step(Unit.HOUR, 1, MS_HOUR, 44),
    Step(Unit.HOUR, 3, 3 * MS_HOUR, 44),
    Step(Unit.HOUR, 6, 6 * MS_HOUR, 44),
    Step(Unit.HOUR, 12, 12 * MS_HOUR, 44),
    Step(Unit.DAY, 1, MS_DAY, 25),
    Step(Unit.WEEK, 1, 7 * MS_DAY, 50),
    Step(Unit.MONTH, 1, _YEAR / 12, 31),
    Step(Unit.QUARTER, 1, _YEAR / 4, 31),
    *(Step(Unit.YEAR, count, count * _YEAR, 42) for count in (1, 2, 5, 10, 20, 50)),
    *(Step(Unit.YEAR, count, count * _YEAR, 54) for count in (100, 200, 500, 1000, 2000, 5000, 10_000, 50_000)),
)


_BETWEEN: Final = {(Unit.QUARTER, 1): Unit.MONTH, (Unit.YEAR, 1): Unit.QUARTER}
"""Units with lines but no labels between the ticks of others."""


def tick_step(scale: TimeScale) -> Step:
    """The finest of STEPS whose labels have room."""
    for step in STEPS:
        if step.length / scale.ms_per_px >= step.least:
            return step
    return STEPS[-1]


@lru_cache(maxsize=8)
def ticks(scale: TimeScale, margin: float = 60.0) -> tuple[Tick, ...]:
    """The ticks of the window and of ``margin`` px around it, ascending."""
    step = tick_step(scale)
    first, last = scale.at(-margin), scale.at(scale.width + margin)
    found = {at: _tick(at, step) for at in starts(first, last, step.unit, step.count)}
    if step.unit is Unit.WEEK:
        found |= {at: Tick(at, year_label(civil(at).year), True) for at in starts(first, last, Unit.YEAR)}
    finer = _BETWEEN.get((step.unit, step.count))
    if finer is not None:
        found = {at: Tick(at, "", False) for at in starts(first, last, finer)} | found
    return tuple(found[at] for at in sorted(found))


@lru_cache(maxsize=2048)
def _tick(at: int, step: Step) -> Tick:
    when = civil(at)
    new_year = when.month == 1 and when.day == 1
    match step.unit:
        case Unit.MINUTE | Unit.HOUR:
            if at % MS_DAY == 0:
                return Tick(at, f"{DAYS[weekday(at)]} {when.day} {MONTHS[when.month - 1]}", True)
            return Tick(at, f"{when.hour:02}:{when.minute:02}", False)
        case Unit.DAY:
            if new_year:
                return Tick(at, year_label(when.year), True)
            return Tick(at, MONTHS[when.month - 1] if when.day == 1 else str(when.day), when.day == 1)
        case Unit.WEEK:
            return Tick(at, f"{when.day} {MONTHS[when.month - 1]}", False)
        case Unit.MONTH | Unit.QUARTER:
            return Tick(at, year_label(when.year) if new_year else MONTHS[when.month - 1], new_year)
    return Tick(at, year_label(when.year), step.count == 1 or when.year % (10 ** len(str(step.count))) == 0)


def year_label(year: int) -> str:
    """A calendar year in words; year 0 is 1 BC."""
    return str(year) if year > 0 else f"{1 - year} BC"


def place_labels(
    places: Sequence[tuple[float, float, bool]], gap: float, taken: Sequence[tuple[float, float]] = ()
) -> list[bool]:
    """Which labels are set so that none comes nearer than ``gap`` px to another.

    ``places`` are (left, right, major) in px, ``taken`` stretches that are not free. Majors go first.
    """
    occupied = list(taken)
    shown = [False] * len(places)
    for wanted in (True, False):
        for at, (left, right, major) in enumerate(places):
            if major is wanted and all(right + gap <= low or left >= high + gap for low, high in occupied):
                shown[at] = True
                occupied.append((left, right))
    return shown


BINS: Final = (
    ("day", Unit.DAY, 1, float(MS_DAY)),
    ("week", Unit.WEEK, 1, 7.0 * MS_DAY),
    ("month", Unit.MONTH, 1, _YEAR / 12),
    ("quarter", Unit.QUARTER, 1, _YEAR / 4),
    ("year", Unit.YEAR, 1, _YEAR),
    ("5 years", Unit.YEAR, 5, 5 * _YEAR),
    ("decade", Unit.DECADE, 1, 10 * _YEAR),
    ("50 years", Unit.YEAR, 50, 50 * _YEAR),
    ("century", Unit.CENTURY, 1, 100 * _YEAR),
    ("1,000 years", Unit.YEAR, 1000, 1000 * _YEAR),
)
NARROWEST_BAR: Final = 12.0


def bin_edges(scale: TimeScale) -> tuple[str, NDArray[np.int64]]:
    """(name of the bins, their edges in ms covering the scale): the finest whose bars are wide enough to see."""
    for name, unit, count, length in BINS:
        if length / scale.ms_per_px >= NARROWEST_BAR or (name, unit, count, length) == BINS[-1]:
            edges = starts(scale.first - round(length * 1.1), scale.last + round(length * 1.1), unit, count)
            return name, np.array(edges, np.int64)
    raise AssertionError("the last of BINS always serves")


MOST: Final = 0.9


def whole(best: NDArray[np.int64], cursor: int) -> TimeWindow:
    """What the overview shows at the least, for events at ``best`` (ms, ascending).

    All of them with a margin, or a year about the cursor where there are none; but where a few stragglers would squeeze
    the others into less than half of it, only the shortest stretch that has MOST of them.
    """
    if not len(best):
        return TimeWindow(cursor - round(_YEAR / 2), cursor + round(_YEAR / 2))
    first, last = int(best[0]), int(best[-1])
    inside = max(1, math.ceil(MOST * len(best)))
    lengths = best[inside - 1 :] - best[: len(best) - inside + 1]
    start = int(np.argmin(lengths))
    if 2 * int(lengths[start]) < last - first and int(lengths[start]) > 0:
        spare = int(lengths[start]) // 5
        first = max(first, int(best[start]) - spare)
        last = min(last, int(best[start + inside - 1]) + spare)
    margin = max((last - first) // 25, 10 * MS_DAY)
    return TimeWindow(first - margin, last + margin)


def hull(one: TimeWindow, other: TimeWindow) -> TimeWindow:
    """The shortest window that has both."""
    return TimeWindow(min(one.first, other.first), max(one.last, other.last))


def has_band(earliest: int, latest: int, scale: TimeScale) -> bool:
    """Whether an uncertain moment gets a band: an exact day only where a day is wide enough to see that it is one."""
    wide = (latest - earliest) / scale.ms_per_px
    return wide >= (20.0 if latest - earliest <= MS_DAY else 5.0)


def is_open(at: int) -> bool:
    return at <= OPEN_PAST or at >= OPEN_FUTURE


def day_of(at: int) -> TimeWindow:
    """The UTC day of an instant."""
    when = civil(at)
    first = instant(when.year, when.month, when.day)
    return TimeWindow(first, first + MS_DAY - 1)

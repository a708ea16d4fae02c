"""Floor 0: the small frozen values that everything else speaks in. No I/O, no Qt, no SQL.

Time is an int64 count of milliseconds since 1970-01-01T00:00Z in the proleptic Gregorian calendar, so that ten
thousand years each way are a small part of the range. Bounds are inclusive at both ends: a day ends at its last
millisecond. Coordinates are WGS 84 degrees, longitude before latitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

MS_SECOND: Final = 1_000
MS_MINUTE: Final = 60 * MS_SECOND
MS_HOUR: Final = 60 * MS_MINUTE
MS_DAY: Final = 24 * MS_HOUR

# An end that is open (EDTF "..") or unknown (EDTF ""). Far outside any date, and small enough that the difference of
# two of them still fits an int64.
OPEN_PAST: Final = -(2**61)
OPEN_FUTURE: Final = 2**61


class Shape(StrEnum):
    """How a span is meant: somewhere within it, or all through it."""

    MOMENT = "moment"
    LASTING = "lasting"


class Precision(IntEnum):
    """The finest unit that the text gives. Larger is coarser."""

    SECOND = 0
    MINUTE = 1
    HOUR = 2
    DAY = 3
    MONTH = 4
    SEASON = 5
    YEAR = 6
    DECADE = 7
    CENTURY = 8


class Qualifier(StrEnum):
    """EDTF level 1 qualification of a whole date."""

    NONE = ""
    UNCERTAIN = "?"
    APPROXIMATE = "~"
    BOTH = "%"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A date as entered and what it can mean: four inclusive bounds in milliseconds.

    ``earliest_start <= latest_start``, ``earliest_end <= latest_end``, ``earliest_start <= earliest_end`` and
    ``latest_start <= latest_end`` always hold. For a moment, start and end bounds are the same pair.
    """

    edtf: str
    earliest_start: int
    latest_start: int
    earliest_end: int
    latest_end: int
    precision: Precision = Precision.DAY
    qualifier: Qualifier = Qualifier.NONE
    shape: Shape = Shape.MOMENT
    zone_minutes: int | None = None

    def possibly_in(self, first: int, last: int) -> bool:
        """Whether some reading of the span touches the window ``first..last`` (inclusive, ms)."""
        return self.earliest_start <= last and self.latest_end >= first

    def certainly_in(self, first: int, last: int) -> bool:
        """Whether every reading of the span touches the window ``first..last`` (inclusive, ms)."""
        if self.shape is Shape.LASTING:
            return self.latest_start <= last and self.earliest_end >= first
        return self.earliest_start >= first and self.latest_end <= last

    @property
    def best(self) -> int:
        """The instant to draw a marker at (ms): the middle of a moment's band, the start of what lasts.

        Where the start is open or unknown, the end; open only when both are.
        """
        low, high = self.earliest_start, self.latest_start
        if low <= OPEN_PAST:
            return high if OPEN_PAST < high < OPEN_FUTURE else self.latest_end
        if high >= OPEN_FUTURE:
            return low
        return low + (high - low) // 2


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """An inclusive range of instants in milliseconds, ``first <= last``."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"time window ends before it begins: {self.first} > {self.last}")

    @property
    def length(self) -> int:
        return self.last - self.first

    def contains(self, instant: int) -> bool:
        return self.first <= instant <= self.last


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle on the earth in degrees. ``west > east`` means that it crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


class RefKind(StrEnum):
    """What a Ref can point at; the value is the table's name."""

    EVENT = "event"
    CLAIM = "claim"
    QUOTE = "quote"
    SOURCE = "source"
    DOCUMENT = "document"
    PLACE = "place"
    ACTOR = "actor"
    KIND = "kind"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One row of a project, by its uid (a UUIDv7 in canonical text form): valid across copies of the file."""

    kind: RefKind
    uid: str


class Status(StrEnum):
    """The modality of an event. Shown as Reported, Planned, Predicted, Claimed, Denied."""

    OCCURRED = "occurred"
    PLANNED = "planned"
    PREDICTED = "predicted"
    CLAIMED = "claimed"
    DENIED = "denied"

    @property
    def word(self) -> str:
        """As the interface and exported files say it."""
        return "reported" if self is Status.OCCURRED else self.value


class Stance(StrEnum):
    """What a claim does for its event."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    MENTIONS = "mentions"


class Reach(StrEnum):
    """How much of a place a control claim speaks of. Only WHOLE changes its holder."""

    WHOLE = "whole"
    PART = "part"
    SIEGE = "siege"
    ADVANCE = "advance"


class Mode(StrEnum):
    """What a control claim says of the holder."""

    TAKES = "takes"
    HOLDS = "holds"
    LOSES = "loses"


class PlaceKind(StrEnum):
    """The geometry by which a place is drawn."""

    POINT = "point"
    AREA = "area"
    LINE = "line"


class DocumentRole(StrEnum):
    """What a document is to its source. A digest is our own words and never set as the source's."""

    ORIGINAL = "original"
    COPY = "copy"
    TRANSLATION = "translation"
    DIGEST = "digest"
    TABLE = "table"
    IMAGE = "image"


class QuoteState(StrEnum):
    """How well a quote sits in the text it was taken from."""

    ANCHORED = "anchored"  # the text at its position has its hash
    MOVED = "moved"  # found, verified, at another position
    CHANGED = "changed"  # found with small differences
    ORPHAN = "orphan"  # not found; candidates at most
    STANDOFF = "standoff"  # positions and hash only: there is no text to look at yet


RELIABILITY: Final = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
"""Admiralty code, source reliability: NATO AJP-2.1 (STANAG 2191), annex on the grading of information."""

CREDIBILITY: Final = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}
"""Admiralty code, information credibility: same source as RELIABILITY."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A source's reliability A-F and a claim's credibility 1-6; None is *not judged*. Never multiplied."""

    reliability: str | None = None
    credibility: int | None = None

    def __post_init__(self) -> None:
        if self.reliability is not None and self.reliability not in RELIABILITY:
            raise ValueError(f"reliability is a letter A to F, not {self.reliability!r}")
        if self.credibility is not None and self.credibility not in CREDIBILITY:
            raise ValueError(f"credibility is a number 1 to 6, not {self.credibility!r}")

    @property
    def code(self) -> str:
        """The two-character code, with a dash for what is not judged; empty when neither is."""
        if self.reliability is None and self.credibility is None:
            return ""
        return f"{self.reliability or '–'}{self.credibility or '–'}"

    @property
    def words(self) -> str:
        reliability = "source not judged" if self.reliability is None else RELIABILITY[self.reliability]
        credibility = "information not judged" if self.credibility is None else CREDIBILITY[self.credibility]
        return f"{reliability}; {credibility}"

"""What the lanes consist of: lengths, lanes, items and a whole layout. Places in logical px, no painting.

x counts from the left edge of the plot, y from the top of the first lane.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.values import Status
from viewer.views.timeline.geometry import COLUMN, TimeScale
from viewer.views.timeline.packing import Box


@dataclass(frozen=True, slots=True)
class Metrics:
    """Lengths of the lanes in px, at the interface scale."""

    row: float = 17.0
    pad: float = 6.0
    thin: float = 20.0  # a lane that is hidden or collapsed
    mark: float = 6.0  # radius
    label: float = 11.0  # from the mark's middle to its label
    gap: float = 8.0
    icon: float = 17.0  # the compare icon after a label, with its distance

    @classmethod
    def at(cls, scale: float) -> Metrics:
        plain = cls()
        return cls(
            round(plain.row * scale),
            round(plain.pad * scale),
            round(plain.thin * scale),
            plain.mark * scale,
            plain.label * scale,
            plain.gap * scale,
            plain.icon * scale,
        )


LOOKS: Final = 2


@dataclass(slots=True, eq=False)
class Item(Box):
    """One event in the lanes. ``row`` is its row in the index, ``y`` the middle of its line, ``x`` its best estimate.

    ``label`` is where its title starts, None where that was dropped; ``left..right`` is all that it covers but the
    band. ``capsule`` is the outline of what is planned or predicted.
    """

    row: int
    lane: int
    x: float
    label: float | None
    width: float
    capsule: tuple[float, float] | None
    hollow: bool
    disagrees: bool
    look: int  # LOOKS * status + whether a quote supports it
    kind: int  # kind id, 0 none
    y: float = field(default=0.0, init=False)
    selected: bool = field(default=False, init=False)


FEW_COUNTED: Final = 200


@dataclass(frozen=True, slots=True)
class Crowd:
    """Events too many to tell apart: how many (``counts``) at each of some places (``xs``, px, ascending)."""

    xs: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    counts: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))

    def __len__(self) -> int:
        return len(self.xs)

    @property
    def column(self) -> int:
        """How wide (px) the columns are in which it is drawn: as a mark where they would be few and far between."""
        return COLUMN if int(self.counts.sum()) > FEW_COUNTED else 4 * COLUMN

    def between(self, first: float, last: float) -> int:
        """How many stand from ``first`` to before ``last`` (px)."""
        low, high = np.searchsorted(self.xs, (first, last), "left")
        return int(self.counts[low:high].sum())


@dataclass(frozen=True, slots=True)
class Sign:
    """What stands before a lane's name: an ``icon``, else a mark of a ``shape`` and ``status``.

    ``light`` and ``dark`` are the lane's own colours (#RRGGBB), None where it has none.
    """

    icon: str = ""
    shape: str = "circle"
    status: Status = Status.OCCURRED
    light: str | None = None
    dark: str | None = None


@dataclass(slots=True)
class Lane:
    """One kind, actor, source ...; ``part`` is its place among the parts of the events, None where it has none."""

    key: str
    name: str
    sign: Sign
    part: int | None
    shown: int
    total: int
    hidden: bool = False
    collapsed: bool = False
    switchable: bool = True  # it can be hidden
    movable: bool = True  # it can stand elsewhere
    top: float = 0.0
    height: float = 0.0
    lines: int = 1
    columns: Crowd = field(default_factory=Crowd)
    chosen: Crowd = field(default_factory=Crowd)  # those among the columns that are selected, where they are many

    @property
    def header(self) -> tuple[object, ...]:
        """All that its header shows, and where."""
        return (
            self.key,
            self.name,
            self.sign,
            self.shown,
            self.total,
            self.hidden,
            self.collapsed,
            self.top,
            self.height,
        )

    @property
    def thin(self) -> bool:
        """Whether no line of events is in it."""
        return self.hidden or self.collapsed


@dataclass(slots=True)
class Layout:
    """The lanes at one window. Items in order of lanes, then time. ``height`` of all lanes."""

    scale: TimeScale
    lanes: list[Lane]
    items: list[Item]
    height: float
    stops: list[int] = field(default_factory=list)
    """Where lines begin (px): what can stand at the top of the lanes without being cut."""
    whole: bool = True
    """Whether all lanes were placed; those out of sight otherwise only keep the height that they had."""

    @property
    def empty(self) -> bool:
        """Whether nothing is in any lane."""
        return self.whole and not self.items and not any(len(lane.columns) for lane in self.lanes)

    def lane_at(self, y: float) -> int | None:
        for at, lane in enumerate(self.lanes):
            if lane.top <= y < lane.top + lane.height:
                return at
        return None

    def item_at(self, x: float, y: float, slack: float = 12.0) -> Item | None:
        """The event under a point: its label, else the nearest mark within ``slack`` px on the same line."""
        best, nearest = None, slack
        for item in self.items:
            if abs(item.y - y) > 10:
                continue
            if item.label is not None and item.label <= x <= item.label + item.width and abs(item.y - y) <= 8.5:
                return item
            if abs(item.x - x) < nearest:
                best, nearest = item, abs(item.x - x)
        if best is None:
            for item in self.items:
                if item.capsule is not None and item.capsule[0] <= x <= item.capsule[1] and abs(item.y - y) <= 8.5:
                    return item
        return best

    def item_of(self, row: int, lane: int | None = None) -> Item | None:
        """An event, in one lane if that is given, where it is drawn by itself."""
        return next((item for item in self.items if item.row == row and lane in (None, item.lane)), None)

"""What the user looks at: one frozen ViewState, and the one announcement when it moves.

No data of the project lives here, only where the user stands in it. A view writes by ``State.set`` or a command and
hears of it, like everybody else, through ``changed``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypedDict, Unpack

from PySide6.QtCore import QObject, Signal

from db.values import MS_DAY, Extent, Ref, Status, TimeWindow
from viewer.core.grouping import Grouping
from viewer.core.settings import MAP_STYLE, PROJECTION, WITH_OLDER, Settings

MAX_ROUNDS: Final = 8
CHECKS: Final = ("disagreeing", "vague_date", "region_only")
"""The *Show only* conditions of Filters.only."""


NO_KIND: Final = ""
"""Stands for the events without a kind among the uids of hidden kinds."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is left out of the picture. Kinds and sources by uid, so that a stored state survives a copy."""

    hidden_kinds: frozenset[str] = frozenset()
    hidden_statuses: frozenset[Status] = frozenset()
    hidden_sources: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many single filters are set."""
        parts = (self.hidden_kinds, self.hidden_statuses, self.hidden_sources, self.only)
        return sum(len(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Lanes:
    """What the lanes stand for and how they are arranged; each by its key (see groups.py)."""

    grouping: Grouping = Grouping.KIND
    order: tuple[str, ...] = ()  # those that the user has put into an order of his own
    collapsed: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()  # hidden as lanes alone: their events stay on the map

    def hidden_with(self, filters: Filters) -> frozenset[str]:
        """The keys of hidden lanes. Lanes of kinds and statuses are hidden by the filter of the same name."""
        match self.grouping:
            case Grouping.KIND:
                return filters.hidden_kinds
            case Grouping.STATUS:
                return frozenset(str(status) for status in filters.hidden_statuses)
            case _:
                return self.hidden


EVER_DAYS: Final = 2**61 // MS_DAY
EVER: Final = EVER_DAYS * MS_DAY
"""A trail that reaches back to the beginning of time (ms)."""


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything that makes two looks at one project differ. Times in ms since 1970 UTC."""

    time_cursor: int = 0
    time_window: TimeWindow = field(default_factory=lambda: TimeWindow(-365 * MS_DAY, 365 * MS_DAY))  # lanes show
    time_range: TimeWindow | None = None  # set by I and O: playback stays inside
    trail: int = 90 * MS_DAY  # how long events stay lit; EVER: for good
    with_older: bool = True  # what was over before the trail is on the map as well, pale
    extent: Extent | None = None  # None: fit to the events
    selection: frozenset[Ref] = frozenset()
    current: Ref | None = None  # the event in the right panel
    reading: Ref | None = None  # the document in the reader
    quote: Ref | None = None  # the quote the reader stands at
    filters: Filters = field(default_factory=Filters)
    lanes: Lanes = field(default_factory=Lanes)
    map_style: str = "atlas"  # atlas | plain
    projection: str = "mercator"  # and how it is fitted, as views/map/projection.py writes it
    mode: str = "explore"

    @property
    def projection_name(self) -> str:
        """Which projection it is, however it is fitted."""
        return self.projection.split(" ", 1)[0]


class Changes(TypedDict, total=False):
    """The fields of ViewState as keyword arguments."""

    time_cursor: int
    time_window: TimeWindow
    time_range: TimeWindow | None
    trail: int
    with_older: bool
    extent: Extent | None
    selection: frozenset[Ref]
    current: Ref | None
    reading: Ref | None
    quote: Ref | None
    filters: Filters
    lanes: Lanes
    map_style: str
    projection: str
    mode: str


class State(QObject):
    """Holds the ViewState and announces what moved.

    Signals:
        changed(frozenset[str], str): names of the fields that have new values, and who asked. Assigning an equal value
            is silent. What a slot assigns while the announcement runs waits for the next round.
    """

    changed = Signal(object, str)

    def __init__(self, view: ViewState | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view or ViewState()
        self._announced = self._view
        self._depth = 0
        self._origin = ""
        self._announcing = False
        self._settings: Settings | None = None

    @property
    def view(self) -> ViewState:
        """The present state; frozen, so it can be kept, compared and stored."""
        return self._view

    def set(self, origin: str, **changes: Unpack[Changes]) -> None:
        """Move to new values of some fields; ``origin`` names who asked, so that it need not answer itself."""
        self._view = dataclasses.replace(self._view, **changes)
        self._origin = origin
        if self._depth == 0:
            self._announce()

    def apply(self, origin: str, view: ViewState) -> None:
        """Move to a whole state: a step back, a slide. What is chosen among the settings is chosen there too."""
        self._view = view
        self._origin = origin
        if self._depth == 0:
            self._announce()
        if self._settings is not None:
            self._settings.set(MAP_STYLE, view.map_style)
            self._settings.set(PROJECTION, view.projection_name)
            self._settings.set(WITH_OLDER, view.with_older)

    def follow(self, settings: Settings) -> None:
        """Take over what is chosen among the settings from now on."""
        self._settings = settings
        settings.changed.connect(self._on_setting)

    def _on_setting(self, key: str) -> None:
        assert self._settings is not None
        get, view = self._settings.get, self._view
        if key == MAP_STYLE.key and get(MAP_STYLE) != view.map_style:
            self.set("settings", map_style=get(MAP_STYLE))
        elif key == PROJECTION.key and get(PROJECTION) != view.projection_name:
            self.set("settings", projection=get(PROJECTION))
        elif key == WITH_OLDER.key and get(WITH_OLDER) != view.with_older:
            self.set("settings", with_older=get(WITH_OLDER))

    @contextmanager
    def batch(self, origin: str) -> Iterator[None]:
        """Make everything set inside one announcement."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            self._origin = origin
            if self._depth == 0:
                self._announce()

    def _announce(self) -> None:
        if self._announcing:
            return
        self._announcing = True
        try:
            for _ in range(MAX_ROUNDS):
                names = self._moved()
                if not names:
                    return
                self._announced = self._view
                self.changed.emit(names, self._origin)
            if self._moved():
                raise RuntimeError("linked views keep answering each other")
        finally:
            self._announcing = False
            self._announced = self._view

    def _moved(self) -> frozenset[str]:
        old, new = self._announced, self._view
        return frozenset(
            item.name for item in dataclasses.fields(ViewState) if getattr(old, item.name) != getattr(new, item.name)
        )

"""Where somebody stood in a project when it was left, kept among the settings for when it is opened again.

Time, map, lanes, selection and reader. Not what is hidden: events that are missing for a reason of last week would be
missed in earnest.
"""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from db.values import Extent, Ref, RefKind, TimeWindow
from viewer.core.commands import FIRST_INSTANT, LAST_INSTANT, Commands
from viewer.core.grouping import Grouping
from viewer.core.settings import Settings, last_view
from viewer.core.state import State, ViewState

ORIGIN: Final = "app"
KEEP_MS: Final = 5_000
"""Whoever moves about is remembered so often at least, also where the program comes to a sudden end."""
MOST: Final = 200
"""More selected events are too many to be looked for again; then the current one stands for all."""


def kept_grouping(settings: Settings, project: str) -> Grouping | None:
    """What the lanes of a project (uid) stood for; None where that is not known."""
    name = settings.get(last_view(project)).get("lanes")
    return Grouping(name) if isinstance(name, str) and name in set(Grouping) else None


def kept_extent(settings: Settings, project: str) -> Extent | None:
    """What the map of a project (uid) showed; None where that is not known."""
    return _extent(settings.get(last_view(project)).get("extent"))


def stand_as_left(commands: Commands, settings: Settings) -> None:
    """Go where the project was left. What is not kept, damaged or gone from the project stays as it is."""
    data, state = commands.data, commands.state
    kept = settings.get(last_view(data.loaded.project.uid))
    window, inside, extent = _window(kept.get("window")), _window(kept.get("range")), _extent(kept.get("extent"))
    cursor, chosen, current = _instant(kept.get("cursor")), kept.get("selection"), kept.get("current")
    reading, quote, projection = kept.get("reading"), kept.get("quote"), kept.get("projection")
    with state.batch(ORIGIN):
        if cursor is not None:
            commands.go_to(cursor, ORIGIN)
        if window is not None:
            commands.show_window(window, ORIGIN)
        if inside is not None:
            state.set(ORIGIN, time_range=inside)
        if isinstance(projection, str) and projection.startswith(f"{state.view.projection} "):  # the chosen one, fitted
            state.set(ORIGIN, projection=projection)
        if extent is not None or kept.get("extent", "") is None:
            state.set(ORIGIN, extent=extent)
        if isinstance(chosen, list):
            last = [current] if isinstance(current, str) else []
            uids = [uid for uid in chosen[:MOST] if isinstance(uid, str) and uid not in last] + last
            refs = (Ref(RefKind.EVENT, uid) for uid in uids)
            commands.select([ref for ref in refs if data.event_id(ref) is not None], ORIGIN)
        if isinstance(reading, str) and data.document(reading) is not None:
            found = Ref(RefKind.QUOTE, quote) if isinstance(quote, str) else None
            state.set(ORIGIN, reading=Ref(RefKind.DOCUMENT, reading), quote=found)


class LastView(QObject):
    """Keeps where the user stands in a project (uid)."""

    def __init__(self, state: State, settings: Settings, project: str) -> None:
        super().__init__()
        self._state, self._settings, self._setting = state, settings, last_view(project)
        self._timer = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._timer.timeout.connect(self.keep)
        state.changed.connect(self._on_state)
        settings.remember_project(project)

    def keep(self) -> None:
        self._timer.stop()
        self._settings.set(self._setting, _described(self._state.view))

    def _on_state(self, _names: frozenset[str], _origin: str) -> None:
        if not self._timer.isActive():
            self._timer.start()


def _described(view: ViewState) -> dict[str, Any]:
    extent, inside = view.extent, view.time_range
    few = view.selection if len(view.selection) <= MOST else ()
    return {
        "cursor": view.time_cursor,
        "window": [view.time_window.first, view.time_window.last],
        "range": [inside.first, inside.last] if inside is not None else None,
        "extent": [extent.west, extent.south, extent.east, extent.north] if extent is not None else None,
        "projection": view.projection,
        "lanes": str(view.lanes.grouping),
        "selection": sorted(ref.uid for ref in few),
        "current": view.current.uid if view.current is not None else None,
        "reading": view.reading.uid if view.reading is not None else None,
        "quote": view.quote.uid if view.quote is not None else None,
    }


def _instant(value: object) -> int | None:
    return value if type(value) is int and FIRST_INSTANT <= value <= LAST_INSTANT else None


def _window(value: object) -> TimeWindow | None:
    match value:
        case [one, other]:
            first, last = _instant(one), _instant(other)
            if first is not None and last is not None and first <= last:
                return TimeWindow(first, last)
    return None


def _extent(value: Any) -> Extent | None:
    match value:
        case [west, south, east, north] if all(type(each) in (int, float) for each in value):
            # Comparing leaves out what is no number or too large for one.
            if -360 <= west <= 360 and -360 <= east <= 360 and -90 <= south < north <= 90:
                return Extent(float(west), float(south), float(east), float(north))
    return None

"""Every change and every move a user can make, one method each. Views, menus, keys and the palette all call these.

Moves write to State at once. Changes are in changes.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from db import edtf, queries, timewords
from db.civil import Unit
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Extent, Ref, Shape, Status, TimeSpan, TimeWindow
from viewer.core.changes import Changes
from viewer.core.data import ProjectData
from viewer.core.jobs import Jobs
from viewer.core.lane_moves import LaneMoves
from viewer.core.layer_changes import HIGHEST, LayerChanges
from viewer.core.messages import Messages
from viewer.core.playback import Playback
from viewer.core.settings import (
    COORDINATES,
    DISPUTED,
    GRATICULE,
    MAP_STYLE,
    PROJECTION,
    SNAP,
    TRAIL_DAYS,
    WITH_OLDER,
    WORLDVIEW,
    Settings,
)
from viewer.core.state import EVER_DAYS, Filters, State

TRAILS: Final = (1, 7, 30, 90, 180, 365, 3650, EVER_DAYS)
"""Choices for the trail in days."""
MOST_SELECTED: Final = 20_000
"""More events at once are seldom meant, and take seconds to tell of."""
ZOOM_STEP: Final = 1.6
SHORTEST_WINDOW: Final = 6 * 3_600_000
LONGEST_WINDOW: Final = 200_000 * 366 * MS_DAY
FIRST_INSTANT: Final = edtf.instant(-60_000_000)
LAST_INSTANT: Final = edtf.instant(60_000_000)
"""Where the cursor and the lanes can be: far beyond any event, and far from what an int64 can hold (ms)."""


class Commands(Changes):
    """What the user can do: changes, and the moves here. Holds no state of its own."""

    def __init__(
        self,
        data: ProjectData,
        state: State,
        jobs: Jobs,
        settings: Settings,
        messages: Messages,
        playback: Playback,
    ) -> None:
        super().__init__(data, state, jobs, messages)
        self.settings, self.playback = settings, playback
        self.lanes = LaneMoves(data, state, settings)
        self.layers = LayerChanges(self)

    # Moving in time

    def go_to(self, instant: int, origin: str = "command") -> None:
        """Put the cursor at an instant (ms); the lanes' window follows when it would be left."""
        instant = min(max(instant, FIRST_INSTANT), LAST_INSTANT)
        with self.state.batch(origin):
            self.state.set(origin, time_cursor=instant)
            self._keep_in_window(instant, origin)

    def type_date(self, text: str) -> None:
        """Go to a typed date. Raises InputFault with a sentence when it cannot be understood."""
        self.go_to_date(timewords.parse_typed(text, self.state.view.time_cursor))

    def go_to_date(self, span: TimeSpan) -> None:
        """Go to a date; of several days to the middle one, which is said, with a way to the last that it can be."""
        self.playback.stop()
        self.go_to(span.best)
        first, last = span.earliest_start, span.latest_start
        if last - first > MS_DAY and first > OPEN_PAST and last < OPEN_FUTURE:
            there = f"{timewords.show_instant(span.best)}, in the middle of {timewords.show(span)}"
            self.messages.went(there, f"Go to {timewords.show_instant(last)}", lambda: self.go_to(last))

    def shift(self, unit: Unit, count: int) -> None:
        """Move the cursor by steps of a calendar, the time of day kept."""
        self.playback.stop()
        self.go_to(edtf.add(self.state.view.time_cursor, count, unit))

    def step_event(self, direction: int) -> None:
        """Go to the next (+1) or previous (-1) event and select it."""
        self.playback.stop()
        row = self.data.index.step(self.state.view.time_cursor, direction, self.data.row(self.state.view.current))
        if row is None:
            self.messages.announced.emit("No later event" if direction > 0 else "No earlier event")
            return
        self._land(row)

    def first_event(self) -> None:
        stops = self.data.index.stops
        if len(stops):
            self.playback.stop()
            self._land(int(stops[0]))

    def last_event(self) -> None:
        stops = self.data.index.stops
        if len(stops):
            self.playback.stop()
            self._land(int(stops[-1]))

    def _land(self, row: int) -> None:
        ref = self.data.row_ref(row)
        with self.state.batch("command"):
            self.go_to(int(self.data.index.columns.best[row]))
            self.select((ref,), "step")
        self.messages.announced.emit(f"{self.when(row)}, {self.data.title(row)}")

    def when(self, row: int) -> str:
        """The displayed date of a row, in words."""
        columns = self.data.index.columns
        text = columns.edtf[row]
        if not text:
            return "no date"
        shape = Shape.LASTING if columns.lasting[row] else Shape.MOMENT
        return timewords.show(edtf.parse(text, shape))

    def set_trail(self, days: int) -> None:
        self.settings.set(TRAIL_DAYS, days)
        self.state.set("command", trail=days * MS_DAY)

    def change_trail(self, direction: int) -> None:
        """One choice narrower (-1) or wider (+1)."""
        days = self.state.view.trail // MS_DAY
        choices = [each for each in TRAILS if (each > days if direction > 0 else each < days)]
        if choices:
            self.set_trail(choices[0] if direction > 0 else choices[-1])

    def toggle_older(self) -> None:
        """Have what was over before the trail on the map, or not."""
        shown = not self.state.view.with_older
        self.settings.set(WITH_OLDER, shown)
        self.state.set("command", with_older=shown)

    def toggle_snap(self) -> None:
        self.settings.set(SNAP, not self.settings.get(SNAP))

    def set_range_start(self) -> None:
        cursor, old = self.state.view.time_cursor, self.state.view.time_range
        last = old.last if old and old.last > cursor else self._span().last
        self.state.set("command", time_range=TimeWindow(cursor, max(last, cursor)))

    def set_range_end(self) -> None:
        cursor, old = self.state.view.time_cursor, self.state.view.time_range
        first = old.first if old and old.first < cursor else self._span().first
        self.state.set("command", time_range=TimeWindow(min(first, cursor), cursor))

    def clear_range(self) -> None:
        self.state.set("command", time_range=None)

    # The window of the lanes

    def show_window(self, window: TimeWindow, origin: str = "command") -> None:
        """Show a stretch of time in the lanes; too short a one is not shown, too long a one is cut about its middle."""
        if window.length < SHORTEST_WINDOW:
            return
        half = min(window.length, LONGEST_WINDOW) // 2
        centre = min(max(window.first + window.length // 2, FIRST_INSTANT + half), LAST_INSTANT - half)
        cut = window.length > LONGEST_WINDOW or window.first < FIRST_INSTANT or window.last > LAST_INSTANT
        self.state.set(origin, time_window=TimeWindow(centre - half, centre + half) if cut else window)

    def zoom_time(self, direction: int, around: int | None = None) -> None:
        """Closer (+1) or wider (-1) around an instant (ms), by default the cursor when it is in view."""
        window = self.state.view.time_window
        cursor = self.state.view.time_cursor
        centre = around if around is not None else cursor if window.contains(cursor) else sum(_ends(window)) // 2
        factor = 1 / ZOOM_STEP if direction > 0 else ZOOM_STEP
        first = centre - int((centre - window.first) * factor)
        self.show_window(TimeWindow(first, first + max(int(window.length * factor), 1)))

    def fit_time(self) -> None:
        """Show all events in the lanes."""
        self.show_time(self._span())

    def show_time(self, span: TimeWindow) -> None:
        """Show a stretch of time in the lanes with a margin on both sides, a wider one where the last titles stand."""
        margin = max(span.length // 25, 5 * MS_DAY)
        self.show_window(TimeWindow(span.first - margin, span.last + 6 * margin))

    def _span(self) -> TimeWindow:
        cursor = self.state.view.time_cursor
        return self.data.index.span() or TimeWindow(cursor - 365 * MS_DAY, cursor + 365 * MS_DAY)

    def _keep_in_window(self, instant: int, origin: str) -> None:
        window = self.state.view.time_window
        if not window.contains(instant):
            half = window.length // 2
            self.show_window(TimeWindow(instant - half, instant - half + window.length), origin)

    # Choosing

    def select(self, refs: Iterable[Ref], origin: str) -> None:
        """Select events; the last becomes current. Nothing selected clears the right panel."""
        chosen = tuple(refs)
        current = chosen[-1] if chosen else None
        self.state.set(origin, selection=frozenset(chosen), current=current)

    def add_to_selection(self, ref: Ref, origin: str) -> None:
        """Select one more, or take it out when it is in."""
        selection = self.state.view.selection
        if ref in selection:
            rest = selection - {ref}
            current = self.state.view.current
            self.state.set(origin, selection=rest, current=None if current == ref else current)
        else:
            self.state.set(origin, selection=selection | {ref}, current=ref)

    def clear_selection(self) -> None:
        self.state.set("command", selection=frozenset(), current=None, quote=None)

    def fly_to_event(self, ref: Ref) -> None:
        """Select an event, put the cursor on it and bring it into the map."""
        row = self.data.row(ref)
        self.playback.stop()
        with self.state.batch("command"):
            if row is not None:
                columns = self.data.index.columns
                if columns.dated[row] and OPEN_PAST < columns.best[row] < OPEN_FUTURE:
                    self.go_to(int(columns.best[row]))
                if self.data.index.mapped[row]:
                    self.look_at(float(columns.lon[row]), float(columns.lat[row]), float(columns.radius_m[row]))
            self.select((ref,), "fly")

    def fly_to_selection(self) -> None:
        if self.state.view.current is not None:
            self.fly_to_event(self.state.view.current)

    def look_at(self, lon: float, lat: float, radius_m: float = 0.0) -> None:
        """Show a place in the map with its surroundings; degrees, metres."""
        half = max(0.9, radius_m / 111_000 * 2)
        self.state.set(
            "command", extent=Extent(lon - 1.6 * half, max(lat - half, -84), lon + 1.6 * half, min(lat + half, 84))
        )

    def fit_map(self) -> None:
        """Show all events in the map."""
        self.state.set("command", extent=None)

    def show_imported(self, source: Ref, numbers: tuple[int, int]) -> None:
        """Show the events that came in with a source: those shown of the ids from the first to the last of ``numbers``,
        in the lanes and on the map, the cursor on the last of them.

        What has only just come in is shown as soon as it has been read.
        """
        if all(row.uid != source.uid for row in self.data.loaded.sources.values()):
            once = Qt.ConnectionType.SingleShotConnection
            self.data.changed.connect(lambda _change: self.show_imported(source, numbers), once)
            return
        ids, (first, last) = self.data.index.columns.id, numbers
        self._show_rows(np.flatnonzero((ids >= first) & (ids <= last) & self.data.index.shown))

    def show_actor(self, actor: Ref) -> None:
        """Select the shown events in which an actor takes part, the first MOST_SELECTED of them by date, and show them
        in the lanes and on the map, the cursor on the last.
        """
        row = next((each for each in self.data.loaded.actors.values() if each.uid == actor.uid), None)
        if row is None:
            return
        hidden = self.data.loaded.hidden_ids

        def question(connection: sqlite3.Connection) -> NDArray[np.int64]:
            return np.unique(queries.event_actors(connection, hidden, (row.id,))[0])

        def show(events: NDArray[np.int64]) -> None:
            index = self.data.index
            rows = index.rows_of(events)
            rows = rows[rows >= 0]
            rows = rows[index.shown[rows]]
            if not len(rows):
                self.messages.warn(f"None of the events that are shown names {row.name}.")
                return
            rows = rows[np.lexsort((index.columns.best[rows], index.columns.dated[rows]))]
            chosen = rows[:MOST_SELECTED]
            if len(chosen) < len(rows):
                words = f"{row.name} takes part in {len(rows):,} events, and no more than {MOST_SELECTED:,}"
                self.messages.warn(
                    f"{words} are selected at once: the first by date. Hide some with the filters to have others."
                )
            with self.state.batch("command"):
                self._show_rows(chosen)
                self.select([self.data.row_ref(each) for each in chosen.tolist()], "actor")

        self.data.ask("actor", question, show)

    def _show_rows(self, rows: NDArray[np.intp]) -> None:
        """Bring events into the lanes and onto the map, and the cursor to the last of them."""
        data, columns = self.data, self.data.index.columns
        best = columns.best[rows]
        dated = rows[columns.dated[rows] & (best > OPEN_PAST) & (best < OPEN_FUTURE)]
        mapped = rows[data.index.mapped[rows]]
        self.playback.stop()
        with self.state.batch("command"):
            if len(dated):
                first, last = int(columns.best[dated].min()), int(columns.best[dated].max())
                self.show_time(TimeWindow(first, last))
                self.go_to(last)
            if len(mapped):
                self.state.set("command", extent=_around(columns.lon[mapped], columns.lat[mapped]))

    def read_document(self, ref: Ref, origin: str = "command") -> None:
        self.state.set(origin, reading=ref, quote=None)

    def show_quote(self, document: Ref, quote: Ref, event: Ref | None, origin: str) -> None:
        """Stand at a quote in the reader, and on its event."""
        with self.state.batch(origin):
            self.state.set(origin, reading=document, quote=quote)
            if event is not None:
                self.select((event,), origin)

    def toggle_map_style(self) -> None:
        style = "plain" if self.state.view.map_style == "atlas" else "atlas"
        self.settings.set(MAP_STYLE, style)
        self.state.set("command", map_style=style)

    def set_projection(self, name: str) -> None:
        """Lay the earth flat in another way, fitted to what the map shows; again fits it anew."""
        if self.state.view.projection_name == name:
            self.state.set("command", projection=name)
        else:
            self.settings.set(PROJECTION, name)  # which the state follows

    def set_worldview(self, view: str) -> None:
        """Draw the borders, and name the countries, of one of map_choices.WORLDVIEWS."""
        self.settings.set(WORLDVIEW, view)

    def set_disputed(self, way: str) -> None:
        """Draw the borders on which states disagree in one of map_choices.DISPUTED_WAYS."""
        self.settings.set(DISPUTED, way)

    def toggle_graticule(self) -> None:
        self.settings.set(GRATICULE, not self.settings.get(GRATICULE))

    def next_coordinates(self) -> None:
        """Show the pointer's position in the next form."""
        forms = COORDINATES.choices
        self.settings.set(COORDINATES, forms[(forms.index(self.settings.get(COORDINATES)) + 1) % len(forms)])

    # Filters

    def toggle_kind(self, uid: str) -> None:
        filters = self.state.view.filters
        self.set_filters(replace(filters, hidden_kinds=filters.hidden_kinds ^ {uid}))

    def toggle_status(self, status: Status) -> None:
        filters = self.state.view.filters
        self.set_filters(replace(filters, hidden_statuses=filters.hidden_statuses ^ {status}))

    def toggle_source(self, uid: str) -> None:
        filters = self.state.view.filters
        self.set_filters(replace(filters, hidden_sources=filters.hidden_sources ^ {uid}))

    def toggle_check(self, check: str) -> None:
        filters = self.state.view.filters
        self.set_filters(replace(filters, only=filters.only ^ {check}))

    def clear_filters(self) -> None:
        self.set_filters(Filters())

    def set_filters(self, filters: Filters) -> None:
        self.state.set("command", filters=filters)


def _ends(window: TimeWindow) -> tuple[int, int]:
    return window.first, window.last


def _around(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Extent:
    """A rectangle about points (degrees) with some room at its edges; over the antimeridian where that is narrower."""
    lat = np.clip(lat, -HIGHEST, HIGHEST)
    turned = lon % 360.0
    if np.ptp(turned) < np.ptp(lon):
        lon = turned
    aside, down = max(0.15 * float(np.ptp(lon)), 0.9), max(0.15 * float(np.ptp(lat)), 0.6)
    west, east = float(lon.min()) - aside, float(lon.max()) + aside
    if east - west >= 360.0:
        west, east = -180.0, 180.0
    south, north = max(float(lat.min()) - down, -HIGHEST), min(float(lat.max()) + down, HIGHEST)
    west, east = (each if abs(each) <= 180.0 else (each + 180.0) % 360.0 - 180.0 for each in (west, east))
    return Extent(west, south, east, north)

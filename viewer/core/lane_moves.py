"""What a user can do with the lanes: what they stand for, which are thin, hidden or alone, and in which order.

Moves only: they write to State and, but for what is hidden, to the settings of the project.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from db.values import Status
from viewer.core.data import ProjectData
from viewer.core.grouping import Grouping
from viewer.core.groups import is_special
from viewer.core.settings import LANES, Settings, lane_order, lanes_collapsed
from viewer.core.state import Filters, Lanes, State

ORIGIN = "lanes"


def kept_lanes(settings: Settings, project: str, grouping: Grouping) -> Lanes:
    """The lanes as a project (uid) was last looked at by a grouping, none of them hidden."""
    order: list[str] = settings.get(lane_order(project, grouping))
    collapsed: list[str] = settings.get(lanes_collapsed(project, grouping))
    return Lanes(grouping, tuple(order), frozenset(collapsed))


class LaneMoves:
    """The moves of the lanes; lanes by their keys (see groups.py)."""

    def __init__(self, data: ProjectData, state: State, settings: Settings) -> None:
        self._data, self._state, self._settings = data, state, settings

    @property
    def now(self) -> Lanes:
        """The lanes as they are to be."""
        return self._state.view.lanes

    def hidden(self) -> list[str]:
        """The lanes that are hidden and of which there are any events or filters."""
        hidden = self.now.hidden_with(self._state.view.filters)
        return [key for key in self._keys() if key in hidden]

    def group_by(self, grouping: Grouping) -> None:
        """Have the lanes stand for something else, arranged as they were for it the last time."""
        if grouping is not self.now.grouping:
            self._settings.set(LANES, str(grouping))
            self._state.set(ORIGIN, lanes=kept_lanes(self._settings, self._project, grouping))

    def toggle(self, key: str) -> None:
        """Hide a lane or show it again. Those of kinds and statuses are filters, which the map follows as well."""
        self._hide(self.now.hidden_with(self._state.view.filters) ^ {key})

    def solo(self, key: str) -> None:
        """Show a lane alone; again shows all."""
        others = self._hidable(frozenset(self._keys()) - {key})
        self._hide(frozenset() if others == frozenset(self.hidden()) else others)

    def show_all(self) -> None:
        """Hide no lane."""
        self._hide(frozenset())

    def collapse(self, keys: Collection[str]) -> None:
        """Make lanes thin."""
        self._collapsed(self.now.collapsed | frozenset(keys))

    def expand(self, keys: Collection[str]) -> None:
        """Give lanes their height again."""
        self._collapsed(self.now.collapsed - frozenset(keys))

    def collapse_all(self) -> None:
        self.collapse(self._keys())

    def expand_all(self) -> None:
        self._collapsed(frozenset())

    def place(self, key: str, before: str | None) -> None:
        """Move a lane to where another stands, or behind all; the last two, of all others and of none, stay last."""
        keys = [each for each in self._keys() if not is_special(each)]
        if key not in keys or key == before:
            return
        stored = self.now.order  # with lanes that do not stand now, which keep their places
        order = [each for each in (*stored, *(each for each in keys if each not in stored)) if each != key]
        order.insert(order.index(before) if before in keys and before is not None else len(order), key)
        self._arrange(tuple(order))

    def reset_order(self) -> None:
        """Have the lanes in the order that nobody has changed."""
        self._arrange(())

    @property
    def _project(self) -> str:
        return self._data.loaded.project.uid

    def _keys(self) -> list[str]:
        """The keys of the lanes, in the order in which they stand; none while they are being sorted."""
        groups = self._data.grouped(self.now.grouping)
        return [group.key for group in groups.arranged(self.now.order)] if groups is not None else []

    def _hidable(self, keys: frozenset[str]) -> frozenset[str]:
        """Those of some lanes that can be hidden: the filter of kinds knows none for events without a kind."""
        return frozenset(key for key in keys if not is_special(key)) if self.now.grouping is Grouping.KIND else keys

    def _hide(self, keys: frozenset[str]) -> None:
        keys = self._hidable(keys)
        filters: Filters = self._state.view.filters
        match self.now.grouping:
            case Grouping.KIND:
                self._state.set(ORIGIN, filters=replace(filters, hidden_kinds=keys))
            case Grouping.STATUS:
                self._state.set(ORIGIN, filters=replace(filters, hidden_statuses=frozenset(map(Status, keys))))
            case _:
                self._state.set(ORIGIN, lanes=replace(self.now, hidden=keys))

    def _collapsed(self, keys: frozenset[str]) -> None:
        self._settings.set(lanes_collapsed(self._project, self.now.grouping), sorted(keys))
        self._state.set(ORIGIN, lanes=replace(self.now, collapsed=keys))

    def _arrange(self, order: tuple[str, ...]) -> None:
        self._settings.set(lane_order(self._project, self.now.grouping), list(order))
        self._state.set(ORIGIN, lanes=replace(self.now, order=order))

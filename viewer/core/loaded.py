"""What is read of a project for the views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from db.geometry import Part
from db.queries import ActorRow, EventColumns, KindRow, LayerRow, Movement, PlaceRow, ProjectRow, SourceRow, Texts

Areas = Mapping[int, tuple[tuple[Part, ...], ...]]
"""The polygons of the places (ids) that have some, each a tuple of rings."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that a change of the data replaces at once."""

    project: ProjectRow
    columns: EventColumns
    titles: Texts  # by event id; of events that are not displayed there may be some
    uids: Texts
    kinds: Mapping[int, KindRow]
    sources: Mapping[int, SourceRow]
    places: Mapping[int, PlaceRow]
    actors: Mapping[int, ActorRow]
    movements: tuple[Movement, ...]
    areas: Areas
    layers: tuple[LayerRow, ...]  # from the lowest to the highest
    total_events: int  # with and without a visible claim
    has_dates: bool  # of any event, hidden sources included
    hidden_sources: frozenset[str]  # uids of those looked past
    stamp: int  # of the last change that is in it

    @property
    def hidden_ids(self) -> frozenset[int]:
        """Ids of the sources looked past."""
        return frozenset(row.id for row in self.sources.values() if row.uid in self.hidden_sources)

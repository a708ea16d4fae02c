"""Rows of small tables that a table names: those that the project has, and those still to be made. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from db.errors import InputFault
from db.geometry import point_blob
from db.importers.tables.cells import folded
from db.importers.tables.spots import area_key

_PER_DEGREE: Final = 5  # decimals of a degree within which two points are one: about a metre


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to be made. ``lon`` None is nowhere known; ``area`` names its shape (spots.py) where it is an area."""

    name: str
    lon: float | None
    lat: float | None
    radius_m: float
    country: str | None
    admin1: str | None
    area: str | None


@dataclass(slots=True)
class Names:
    """Ids of the rows of a small table by what makes two of them one; ``new`` are those still to be made."""

    next_id: Callable[[], int]
    known: dict[Any, int] = field(default_factory=dict)
    new: dict[int, Any] = field(default_factory=dict)

    def get(self, key: Any, row: Any) -> int:
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.next_id()
            self.new[found] = row
        return found


def place_key(name: str, lon: float | None, lat: float | None, radius: float) -> tuple[object, ...]:
    if lon is None or lat is None:
        return (folded(name),)
    return folded(name), round(lon, _PER_DEGREE) + 0.0, round(lat, _PER_DEGREE) + 0.0, radius


def shape_of(blob: bytes) -> str | None:
    """What names the shape of a place; None for one that cannot be taken."""
    try:
        return area_key(blob)
    except InputFault:
        return None


def point_blob_of(place: NewPlace) -> bytes | None:
    """The geometry of a new place that is no area."""
    return None if place.lon is None or place.lat is None else point_blob(place.lon, place.lat)

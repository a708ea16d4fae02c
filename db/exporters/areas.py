"""Places that are areas, as exports write their shapes: closed rings, outer ones counterclockwise (RFC 7946, 3.1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from db.errors import InputFault
from db.geometry import Part, read_blob

_LEAST: Final = 3
"""More points than these make a ring that is closed."""


@dataclass(frozen=True, slots=True)
class Area:
    """The shape of a place. ``polygons``: tuples of rings, the outer one first, each (k, 2) lon, lat."""

    uid: str
    name: str
    polygons: tuple[tuple[Part, ...], ...]

    def coordinates(self) -> list[list[list[list[float]]]]:
        """As GeoJSON has the coordinates of a MultiPolygon."""
        return [[ring.tolist() for ring in rings] for rings in self.polygons]


def area_of(uid: str, name: str, blob: bytes | None) -> Area | None:
    """The area in a blob; None for a point, a line, nothing, and what cannot be taken."""
    if blob is None or len(blob) <= 40:
        return None
    try:
        geometry = read_blob(blob)
    except InputFault:
        return None
    if geometry is None:
        return None
    closed = [[_closed(ring) for ring in rings] for rings in geometry.polygons]
    polygons = tuple(
        tuple(_turned(ring, hole=bool(at)) for at, ring in enumerate(rings) if len(ring) > _LEAST)
        for rings in closed
        if len(rings[0]) > _LEAST
    )
    return Area(uid, name, polygons) if polygons else None


def _closed(ring: Part) -> Part:
    return ring if len(ring) == 0 or (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]])


def _turned(ring: Part, *, hole: bool) -> Part:
    x, y = ring.T
    twice = float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
    return ring if (twice < 0) == hole else ring[::-1]

"""Brings shapes given in degrees onto the plane of a projection: straight lines between far points become bent ones."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.views.map.projection import BEYOND, Floats, Projection

LONGEST: Final = 0.5
"""Degrees from one point of a line to the next, where meridians and parallels are bent."""
MOST_ADDED: Final = 720


def bent(
    projection: Projection, turn: float, lon: Floats, lat: Floats, offsets: NDArray[np.int32]
) -> tuple[Floats, Floats, NDArray[np.int32]]:
    """World units and offsets of parts, turned by ``turn`` degrees around the earth.

    What lies beyond the edge of the world is drawn in to a little beyond it, so that rings stay closed.
    """
    relative = lon + turn - projection.middle
    relative, lat, offsets = _denser(relative, lat, offsets)
    most = 180.0 + BEYOND
    x, y = projection.plane(np.clip(relative, -most, most), lat)
    return x, y, offsets


def _denser(lon: Floats, lat: Floats, offsets: NDArray[np.int32]) -> tuple[Floats, Floats, NDArray[np.int32]]:
    """The same parts with points put in so that no two neighbours are far apart."""
    span = np.maximum(np.abs(np.diff(lon)), np.abs(np.diff(lat)))
    span[offsets[1:-1] - 1] = 0.0  # from one part to the next
    steps = np.clip(np.ceil(span / LONGEST), 1, MOST_ADDED).astype(np.int64)
    if not (steps > 1).any():
        return lon, lat, offsets
    starts = np.concatenate(([0], np.cumsum(steps)))
    share = (np.arange(starts[-1]) - np.repeat(starts[:-1], steps)) / np.repeat(steps, steps)
    place = np.append(np.repeat(np.arange(len(steps)), steps) + share, len(lon) - 1.0)
    number = np.arange(len(lon))
    moved = np.append(starts[offsets[:-1]], len(place)).astype(np.int32)
    return np.interp(place, number, lon), np.interp(place, number, lat), moved

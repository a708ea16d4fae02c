"""The shapes of places that are areas, on the plane of the map. Arrays; no Qt but for the path of what is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath

from db.geometry import Part
from db.queries import PlaceRow
from viewer.views.map.basemap.bending import bent
from viewer.views.map.basemap.outlines import make_path
from viewer.views.map.geometry import Viewport
from viewer.views.map.projection import Floats, Projection

Polygons = Sequence[Sequence[Part]]


class Outline(NamedTuple):
    """The rings of one place, world units from its marker; ``first`` marks the points at which rings begin, ``reach``
    is how far it is to the furthest.
    """

    x: Floats
    y: Floats
    first: NDArray[np.bool_]
    reach: float

    def path(self, x: float, y: float, view: Viewport) -> QPainterPath:
        """The shape where its marker is at (x, y) logical px. Holes are left out."""
        path = make_path(x + self.x * view.scale, y + self.y * view.scale, self.first)
        path.setFillRule(Qt.FillRule.OddEvenFill)
        return path


def outline(polygons: Polygons, lon: float, lat: float, projection: Projection) -> Outline:
    """The shape of a place with its marker at (lon, lat) degrees."""
    rings = [np.asarray(ring, np.float64) for polygon in polygons for ring in polygon if len(ring) > 2]
    offsets = np.concatenate(([0], np.cumsum([len(ring) for ring in rings]))).astype(np.int32)
    points = np.concatenate(rings)
    # About the marker, so that what crosses the antimeridian stays in one piece.
    lons = lon + (points[:, 0] - lon + 180.0) % 360.0 - 180.0
    here_x, here_y = projection.to_world(lon, lat)
    if projection.wraps:
        x, y = projection.to_world(lons, points[:, 1])
    else:
        turn = 360.0 * round((projection.middle - lon) / 360.0)
        x, y, offsets = bent(projection, turn, lons, points[:, 1], offsets)
    first = np.zeros(len(x), np.bool_)
    first[offsets[:-1]] = True
    x, y = x - float(here_x), y - float(here_y)
    return Outline(x, y, first, float(np.hypot(x, y).max()))


def outlines_of(
    areas: Mapping[int, Polygons], places: Mapping[int, PlaceRow], projection: Projection
) -> dict[int, Outline]:
    """The shapes of the places (ids) that have some."""
    return {
        place: outline(polygons, places[place].lon, places[place].lat, projection)
        for place, polygons in areas.items()
        if place in places and any(len(ring) > 2 for polygon in polygons for ring in polygon)
    }

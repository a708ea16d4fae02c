"""Shapes that cross the antimeridian in one piece, with longitudes beyond 180, cut along it (RFC 7946, 3.1.9)."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from db.geometry import Geometry, Part
from db.importers.tables.outlines import closed

MOST: Final = (540.0, 90.0)
"""So far from zero longitudes and latitudes of a file may be: once round the world further on either side."""
_WORLDS: Final = (-360.0, 0.0, 360.0)


def cut(geometry: Geometry) -> Geometry | None:
    """The same within -180 and 180 degrees; what lies there already is as it was. None where nothing but points is
    left: they cross nothing, so that something is wrong with them.
    """
    runs = [*geometry.lines, *(ring for rings in geometry.polygons for ring in rings)]
    xs = np.concatenate([[x for x, _y in geometry.points], *(run[:, 0] for run in runs)])
    if np.abs(xs).max(initial=0.0) <= 180.0:
        return geometry
    shapely = importlib.import_module("shapely")
    whole = shapely.MultiLineString([line for line in geometry.lines if len(line) > 1])
    lines = tuple(shapely.get_coordinates(part) for part in _parts(whole, "LineString"))
    whole = shapely.make_valid(shapely.MultiPolygon([shapely.Polygon(*each) for each in _areas(geometry)]))
    polygons = tuple(
        tuple(shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors))
        for part in _parts(whole, "Polygon")
    )
    if not lines and not polygons:
        return None
    points = tuple((x if abs(x) <= 180.0 else (x + 180.0) % 360.0 - 180.0, y) for x, y in geometry.points)
    return Geometry(points, lines, polygons)


def _areas(geometry: Geometry) -> Iterator[tuple[Part, list[Part]]]:
    """The rings that enclose something, each outer one with its holes."""
    for outer, *holes in filter(None, geometry.polygons):
        if len(closed(outer)) > 3:
            yield closed(outer), [closed(hole) for hole in holes if len(closed(hole)) > 3]


def _parts(whole: Any, kind: str) -> Iterator[Any]:
    """What of a shape lies in each turn of the world, in its place; only what is of one kind."""
    shapely = importlib.import_module("shapely")
    for east in _WORLDS:
        inside = shapely.intersection(whole, shapely.box(east - 180.0, -90.0, east + 180.0, 90.0))
        moved = shapely.transform(inside, lambda points, east=east: points - (east, 0.0))
        for part in shapely.get_parts(shapely.get_parts(moved)).tolist():  # of collections as well
            if part.geom_type == kind and not part.is_empty:
                yield part

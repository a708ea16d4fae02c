"""Shapes that cross the antimeridian in one piece, with longitudes beyond 180, cut along it (RFC 7946, 3.1.9)."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from db.geometry import Geometry

MOST: Final = (540.0, 90.0)
"""So far from zero longitudes and latitudes of a file may be: once round the world further on either side."""
_WORLDS: Final = (-360.0, 0.0, 360.0)


def cut(geometry: Geometry) -> Geometry | None:
    """The same within -180 and 180 degrees; what lies there already is as it was. None where points alone lie beyond:
    they cross nothing, so that something is wrong with them.
    """
    runs = [*geometry.lines, *(ring for rings in geometry.polygons for ring in rings)]
    if all(abs(x) <= 180.0 for x, _y in geometry.points) and all(np.abs(run[:, 0]).max() <= 180.0 for run in runs):
        return geometry
    if not runs:
        return None
    shapely = importlib.import_module("shapely")
    lines, polygons = list(geometry.lines), list(geometry.polygons)
    if any(len(line) > 1 for line in lines):
        whole = shapely.MultiLineString([line for line in lines if len(line) > 1])
        lines = [shapely.get_coordinates(part) for part in _parts(whole, "LineString")]
    areas = [shapely.Polygon(outer, holes) for outer, *holes in polygons if all(map(_is_closed, (outer, *holes)))]
    if areas:
        whole = shapely.make_valid(shapely.MultiPolygon(areas))
        polygons = [
            tuple(shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors))
            for part in _parts(whole, "Polygon")
        ]
    points = tuple((x if abs(x) <= 180.0 else (x + 180.0) % 360.0 - 180.0, y) for x, y in geometry.points)
    return Geometry(points, tuple(lines), tuple(polygons))


def _is_closed(ring: Any) -> bool:
    return len(ring) > 3 and bool((ring[0] == ring[-1]).all())


def _parts(whole: Any, kind: str) -> Iterator[Any]:
    """What of a shape lies in each turn of the world, in its place; only what is of one kind."""
    shapely = importlib.import_module("shapely")
    for east in _WORLDS:
        inside = shapely.intersection(whole, shapely.box(east - 180.0, -90.0, east + 180.0, 90.0))
        moved = shapely.transform(inside, lambda points, east=east: points - (east, 0.0))
        for part in shapely.get_parts(shapely.get_parts(moved)).tolist():  # of collections as well
            if part.geom_type == kind and not part.is_empty:
                yield part

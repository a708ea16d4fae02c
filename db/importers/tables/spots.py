"""Where a geometry lies, as three cells: longitude, latitude, and the radius in metres within which all of it is.

A table has points. A line or an area becomes a point in it with the radius that holds all of it; the geometry itself
stays in the file.
"""

from __future__ import annotations

import math
from typing import Final

from db.geometry import Geometry, marker_of

COLUMNS: Final = ("longitude", "latitude", "radius_m")
NOWHERE: Final = ("", "", "")
_EARTH: Final = 6_371_000.0  # metres, mean radius


def spot(geometry: Geometry | None) -> tuple[str, str, str]:
    """The cells of a geometry; empty for none."""
    marker = None if geometry is None else marker_of(geometry)
    if geometry is None or marker is None:
        return NOWHERE
    lon, lat, _area = marker
    radius = max((_metres(lon, lat, x, y) for x, y in _outline(geometry)), default=0.0)
    return f"{lon:.7g}", f"{lat:.7g}", f"{radius:.0f}" if radius >= 1 else ""


def _outline(geometry: Geometry) -> list[tuple[float, float]]:
    found = list(geometry.points)
    for run in (*geometry.lines, *(rings[0] for rings in geometry.polygons if rings)):
        found += [(float(x), float(y)) for x, y in run]
    return found


def _metres(lon: float, lat: float, x: float, y: float) -> float:
    """Great-circle distance by the haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984)."""
    low, high = math.radians(lat), math.radians(y)
    half = math.sin((high - low) / 2) ** 2
    half += math.cos(low) * math.cos(high) * math.sin(math.radians(x - lon) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))

"""Where a geometry lies, as cells: longitude, latitude, the radius in metres within which all of it is, its outline.

A table has points. A line becomes a point in it with the radius that holds all of it. So does an area, but its shape
goes beside the cells, into ``Spots.areas``, and the fourth cell names it there: ``5 points, 8f3c0a1b22d94e77``, by the
hash of its bytes, so that rows with one shape have one place. The geometry as it came stays in the file.
"""

from __future__ import annotations

import hashlib
import importlib
import math
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, Final

import numpy as np

from db.geometry import Geometry, Part, geometry_blob, marker_of, wkb_of

OUTLINE: Final = "area_outline"
COLUMNS: Final = ("longitude", "latitude", "radius_m", OUTLINE)
MAX_POINTS: Final = 5_000
"""Of one shape; one with more is simplified: what is drawn with each picture of the map must stay light."""
MAX_BYTES: Final = 32 << 20
"""Of all shapes of a file, some two million points: a project reads them whenever it is opened."""
_NOWHERE: Final = ("", "", "", "")
_UNREAD: Final = ("", "", "", "no area: its geometry cannot be read, so it is nowhere")
_FLAT: Final = "no area: its shape has no width, so it stands as a point"
_FULL: Final = f"no area: the shapes of this file fill {MAX_BYTES >> 20} MB already, so it stands as a point"
_NAMED: Final = re.compile(r"(?:([\d,]+) of )?([\d,]+) points?, ([0-9a-f]{16})")
_KEY: Final = 16
_EARTH: Final = 6_371_000.0  # metres, mean radius
_FINEST: Final = 1e-5  # degrees, about a metre


class Spots:
    """The cells of a file's geometries. ``areas``: the shapes that these name, as GeoPackage blobs."""

    def __init__(self) -> None:
        self.areas: dict[str, bytes] = {}
        self._known: dict[bytes, tuple[str, ...]] = {}
        self._room = MAX_BYTES

    def columns(self, geometry: Geometry | None, taken: Iterable[str], *, unread: bool = False) -> dict[str, str]:
        """The cells by column, under names not ``taken``; without the outline where there is nothing to say of it.

        ``unread``: there is a geometry, and it cannot be taken.
        """
        if geometry is None or not geometry.is_area:
            cells = spot(geometry)
            cells = _UNREAD if unread and cells == _NOWHERE else cells
        else:
            raw = _digest(geometry)
            if raw not in self._known:
                self._known[raw] = (*spot(geometry)[:3], self._outline(geometry))
            cells = self._known[raw]
        names = _free_names(COLUMNS if cells[3] else COLUMNS[:3], taken)
        return dict(zip(names, cells, strict=False))

    def _outline(self, geometry: Geometry) -> str:
        shape, points = _shape(geometry)
        blob = None if shape is None else geometry_blob(shape)
        if shape is None or blob is None:
            return _FLAT
        if len(blob) > self._room and area_key(blob) not in self.areas:
            return _FULL
        kept = _size(shape)
        key = area_key(blob)
        if key not in self.areas:
            self.areas[key] = blob
            self._room -= len(blob)
        return f"{f'{kept:,} of ' if kept < points else ''}{points:,} points, {key}"


def _free_names(wanted: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Names for columns of ours beside those of a file."""
    there = {name.casefold() for name in taken}
    return [name if name.casefold() not in there else f"geometry {name}" for name in wanted]


def spot(geometry: Geometry | None) -> tuple[str, ...]:
    """The cells of a geometry without its outline; empty for none."""
    marker = None if geometry is None else marker_of(geometry)
    if geometry is None or marker is None:
        return _NOWHERE
    lon, lat, _area = marker
    radius = max((_metres(lon, lat, x, y) for x, y in _points(geometry)), default=0.0)
    return f"{lon:.7g}", f"{lat:.7g}", f"{radius:.0f}" if radius >= 1 else "", ""


def area_key(blob: bytes) -> str:
    """What names the shape of an area: by its WKB, since headers differ from program to program."""
    return hashlib.sha256(wkb_of(blob) or b"").hexdigest()[:_KEY]


def named(cell: str) -> str | None:
    """The key of the shape that a cell of the outline names; None where it names none."""
    found = _NAMED.fullmatch(cell)
    return None if found is None else found[3]


def remark(cell: str) -> str | None:
    """What is to be told of a row by the cell of its outline: None where its shape is as it came."""
    if cell.startswith("no area: "):
        return cell.removeprefix("no area: ")
    found = _NAMED.fullmatch(cell)
    if found is None or found[1] is None:
        return None
    return f"its shape has {found[2]} points, of which {found[1]} are drawn"


def _shape(geometry: Geometry) -> tuple[Any, int]:
    """The area as a shapely geometry, valid and with few enough points, and how many it had. None without any width."""
    shapely = _shapely()
    polygons = []
    for rings in geometry.polygons:
        outer, *holes = [_closed(ring) for ring in rings]
        if len(outer) > 3:
            polygons.append(shapely.Polygon(outer, [hole for hole in holes if len(hole) > 3]))
    shape = _areas(shapely.make_valid(shapely.MultiPolygon(polygons)))
    points, step, coarsest = _size(shape), _FINEST, math.sqrt(shape.area) / 20
    while _size(shape) > MAX_POINTS and step < coarsest:
        shape = _areas(shapely.make_valid(shape.simplify(step)))
        step *= 2
    if _size(shape) > MAX_POINTS:  # of very many parts the largest
        parts = sorted(shapely.get_parts(shape), key=lambda part: float(part.area), reverse=True)
        shape = shapely.MultiPolygon(parts[: max(1, sum(size <= MAX_POINTS for size in accumulate(map(_size, parts))))])
    return (None if shape.is_empty or not shape.area else shape), points


def _areas(shape: Any) -> Any:
    """The polygons of a shape alone, as one polygon where there is one, in the order that makes equal ones the same."""
    shapely = _shapely()
    parts = [each for each in shapely.get_parts(shapely.get_parts(shape)) if each.geom_type == "Polygon"]
    return shapely.normalize(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))


def _size(shape: Any) -> int:
    return int(_shapely().get_num_coordinates(shape))


def _shapely() -> Any:
    """The geometry library, untyped; slow to load, and points do without it."""
    return importlib.import_module("shapely")


def _closed(ring: Part) -> Part:
    return ring if len(ring) < 1 or (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]])


def _digest(geometry: Geometry) -> bytes:
    read = hashlib.sha256()
    for rings in geometry.polygons:
        for ring in rings:
            read.update(len(ring).to_bytes(4, "little"))
            read.update(np.ascontiguousarray(ring).tobytes())
        read.update(b"/")
    return read.digest()


def _points(geometry: Geometry) -> list[tuple[float, float]]:
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

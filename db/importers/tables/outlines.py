"""The outline of an area made valid and light enough to be drawn with each picture of the map.

Making a shape valid takes time with the square of its points where they cross each other. So a heavy one is made light
before: its largest rings, thinned, simplified (D. Douglas, T. Peucker, Cartographica 10, 1973) without regard to how
they lie to each other. What crosses itself too often even then is thinned on; how often is told by a sample.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from db.geometry import Geometry, Part

RAW: Final = 25_000
"""Points that reach the geometry library: of more no more would be seen in a fifth of them."""
_FINEST: Final = 1e-5  # degrees, about a metre
_SAMPLED: Final = 200_000
_LEAST: Final = 64
"""Points that a thinned shape keeps at least."""

Polygons = list[list[Part]]


def shape_of(geometry: Geometry, most: int) -> tuple[Any, int]:
    """The area as a shapely geometry, valid, with ``most`` points, and how many it had. None without any width.

    Of more polygons and holes than that allows the largest stay.
    """
    every = [[closed(ring) for ring in rings] for rings in geometry.polygons]
    polygons = [
        [outer, *(hole for hole in holes if len(hole) > 3)] for outer, *holes in filter(None, every) if len(outer) > 3
    ]
    points = _count(polygons)
    light = _light(polygons, most)
    shape = _valid(light)
    if _count(light) < points:
        most = min(most, points - 1)  # that it is another shape is told by its having fewer
    elif size(shape) <= most:
        points = max(points, size(shape))
    if size(shape) > most:  # where its lines crossed it has points more
        shape = _valid(_light(polygons, most // 2))
    if size(shape) > most:
        shape = _valid(_largest(_rings(shape), most, len))
    return (None if shape.is_empty or not shape.area else shape), points


def size(shape: Any) -> int:
    """How many points a shapely geometry has."""
    return int(_shapely().get_num_coordinates(shape))


def _light(polygons: Polygons, most: int) -> Polygons:
    """With ``most`` points, and not so many crossings that there would be more."""
    if _count(polygons) > most:
        polygons = _thinned(_largest(polygons, most, lambda _ring: 4), RAW)
        polygons = _simplified(polygons, most)
        if _count(polygons) > most:
            polygons = _largest(_thinned(polygons, most), most, len)
    while (points := _count(polygons)) > _LEAST and not _multi(polygons).is_valid and _crossings(polygons) > most / 4:
        lighter = _largest(_thinned(polygons, points // 2), max(points // 2, _LEAST), len)
        if _count(lighter) == points:
            break
        polygons = lighter
    return polygons


def _simplified(polygons: Polygons, most: int) -> Polygons:
    """By about the finest tolerance that leaves ``most`` points; by less where so much would fall away at once."""
    shapely = _shapely()
    # Rings as lines: what crosses itself as an area is repaired by the library before, which may never end.
    lines = [[shapely.LineString(ring) for ring in rings] for rings in polygons]
    every = np.concatenate([ring for rings in polygons for ring in rings])
    coarsest = float(np.ptp(every, axis=0).max()) / 10
    found, low, high = polygons, 0, max(1, math.ceil(math.log2(max(coarsest / _FINEST, 1))))
    best: Polygons | None = None
    while low < high:  # the least power of two by which the finest is to be multiplied
        middle = (low + high) // 2
        simple = _simple(lines, _FINEST * 2**middle)
        if _count(simple) > most:
            low, found = middle + 1, simple
        else:
            high, best = middle, simple
    return found if best is None or _count(best) < most / 4 else best


def _simple(lines: Sequence[Sequence[Any]], tolerance: float) -> Polygons:
    """Closed lines simplified, with those that still are rings."""
    shapely = _shapely()
    simple = (shapely.simplify(list(lined), tolerance, preserve_topology=False) for lined in lines)
    rings = [list(map(_points, each)) for each in simple]
    return [[outer, *(hole for hole in holes if len(hole) > 3)] for outer, *holes in rings if len(outer) > 3]


def _thinned(polygons: Polygons, most: int) -> Polygons:
    """Of each run of points the first and the one furthest from the line to the next run; short rings stay."""
    run = -(-2 * _count(polygons) // max(most, 1))
    return polygons if run <= 2 else [[_thin(ring, run) for ring in rings] for rings in polygons]


def _thin(ring: Part, run: int) -> Part:
    count = (len(ring) - 1) // run
    if count < 2:
        return ring
    runs = ring[: count * run].reshape(count, run, 2)
    first = runs[:, 0]
    along = np.roll(first, -1, axis=0) - first
    off = runs - first[:, None]
    furthest = np.abs(off[..., 0] * along[:, None, 1] - off[..., 1] * along[:, None, 0]).argmax(axis=1)
    at = np.arange(count) * run
    kept = np.unique(np.concatenate((at, at + furthest, [len(ring) - 1])))
    return np.asarray(ring[kept], np.float64) if len(kept) > 3 else ring


def _largest(polygons: Polygons, most: int, cost: Callable[[Part], int]) -> Polygons:
    """The largest rings that cost ``most`` together, one at least; a hole only with what it is in."""
    rings = [(-_area(ring), at, number) for at, each in enumerate(polygons) for number, ring in enumerate(each)]
    kept: dict[int, list[int]] = {}
    room = most
    for _area_of_it, at, number in sorted(rings):
        room -= cost(polygons[at][number])
        if room < 0 and kept:
            break
        if number == 0 or at in kept:
            kept.setdefault(at, []).append(number)
    return [[polygons[at][number] for number in sorted(numbers)] for at, numbers in sorted(kept.items())]


def _crossings(polygons: Polygons) -> float:
    """About how often lines of a shape cross each other, by a sample of pairs of them, the same each time."""
    starts = np.concatenate([ring[:-1] for rings in polygons for ring in rings])
    ends = np.concatenate([ring[1:] for rings in polygons for ring in rings])
    one, other = np.random.default_rng(1).integers(0, len(starts), (2, _SAMPLED))
    a, b, c, d = starts[one], ends[one], starts[other], ends[other]
    apart = _side(a, b, c) * _side(a, b, d) < 0
    crossing = apart & (_side(c, d, a) * _side(c, d, b) < 0)
    return float(np.count_nonzero(crossing)) / _SAMPLED * len(starts) ** 2 / 2


def _side(a: Part, b: Part, point: Part) -> Any:
    """On which side of the lines from a to b points lie: -1, 0 or 1."""
    return np.sign((b[:, 0] - a[:, 0]) * (point[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (point[:, 0] - a[:, 0]))


def _area(ring: Part) -> float:
    """The area of a closed ring (the shoelace formula), near its first point, where numbers are exact."""
    x, y = (ring - ring[0]).T
    return abs(float(x[:-1] @ y[1:] - x[1:] @ y[:-1])) / 2


def _count(polygons: Polygons) -> int:
    return sum(len(ring) for rings in polygons for ring in rings)


def closed(ring: Part) -> Part:
    """A ring that ends where it begins."""
    return ring if len(ring) < 1 or (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]])


def _multi(polygons: Polygons) -> Any:
    shapely = _shapely()
    return shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, *holes in polygons])


def _valid(polygons: Polygons) -> Any:
    return _areas(_shapely().make_valid(_multi(polygons)))


def _rings(shape: Any) -> Polygons:
    return [[_points(part.exterior), *map(_points, part.interiors)] for part in _parts(shape)]


def _points(ring: Any) -> Part:
    return np.asarray(_shapely().get_coordinates(ring), np.float64)


def _parts(shape: Any) -> Sequence[Any]:
    shapely = _shapely()
    return [each for each in shapely.get_parts(shapely.get_parts(shape)) if each.geom_type == "Polygon"]


def _areas(shape: Any) -> Any:
    """The polygons of a shape alone, as one polygon where there is one, in the order that makes equal ones the same."""
    shapely, parts = _shapely(), _parts(shape)
    return shapely.normalize(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))


def _shapely() -> Any:
    """The geometry library, untyped; slow to load, and points do without it."""
    return importlib.import_module("shapely")

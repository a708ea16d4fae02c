"""GeoPackage geometry blobs: making them, and reading them from anybody without trusting a byte.

A blob is the GeoPackage header (OGC 12-128r18, 2.1.3) and ISO WKB (OGC 06-103r4, 8.2). ``walk`` reads WKB itself, with
bounds on nesting, counts and coordinates, before any geometry library sees it: nested collections overflow GEOS' stack.
Coordinates are WGS 84 degrees, longitude before latitude.
"""

from __future__ import annotations

import importlib
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.errors import InputFault
from db.values import Extent

WGS84: Final = 4326
_ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)
_POINT, _LINE, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON, _COLLECTION = range(1, 8)
_MEMBER: Final = {_MULTIPOINT: _POINT, _MULTILINE: _LINE, _MULTIPOLYGON: _POLYGON}
MAX_POINTS: Final = 2_000_000

_A_M: Final = 6_378_137.0
_E2: Final = 0.00669437999014
"""The ellipsoid WGS 84."""
_GAUSS: Final = 0.6**0.5

Part = NDArray[np.float64]
"""Points of one ring or line as (k, 2) lon, lat."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry that has been walked: its points, its lines, and polygons as lists of rings (outer ring first)."""

    points: tuple[tuple[float, float], ...] = ()
    lines: tuple[Part, ...] = ()
    polygons: tuple[tuple[Part, ...], ...] = ()

    @property
    def is_area(self) -> bool:
        return bool(self.polygons)


def point_blob(lon: float, lat: float) -> bytes:
    """The blob of a point. Raises InputFault when it is not on the earth (|lon| <= 180, |lat| <= 90)."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise InputFault(f"There is no place at longitude {lon:g}, latitude {lat:g}. Nothing was changed.")
    return _header() + struct.pack("<BIdd", 1, _POINT, lon, lat)


def geometry_blob(shape: Any) -> bytes | None:
    """The blob of a shapely geometry in two dimensions; None for an empty one, as an empty point has no bytes."""
    shapely = _shapely()

    if shape.is_empty:
        return None
    wkb = shapely.to_wkb(shapely.force_2d(shape), byte_order=1, flavor="iso")
    walk(wkb)
    west, south, east, north = shape.bounds
    return _header(Extent(west, south, east, north)) + bytes(wkb)


def _shapely() -> Any:
    """The geometry library, untyped; slow to load, and points do without it."""
    return importlib.import_module("shapely")


def _header(envelope: Extent | None = None) -> bytes:
    if envelope is None:
        return b"GP\0\x01" + struct.pack("<i", WGS84)
    box = struct.pack("<4d", envelope.west, envelope.east, envelope.south, envelope.north)
    return b"GP\0\x03" + struct.pack("<i", WGS84) + box


def point_of(blob: bytes | None) -> tuple[float, float] | None:
    """Longitude and latitude of a plain point blob, the common case, or None when it is anything else."""
    if blob is None or len(blob) != 29 or blob[:13] != _PLAIN_POINT:
        return None
    lon, lat = struct.unpack_from("<dd", blob, 13)
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


_PLAIN_POINT: Final = b"GP\0\x01" + struct.pack("<iBI", WGS84, 1, _POINT)


def read_blob(blob: bytes | None) -> Geometry | None:
    """The geometry in a blob; None for none or an empty one. Raises InputFault when it cannot be taken."""
    if blob is None:
        return None
    wkb = wkb_of(blob)
    return None if wkb is None else walk(wkb)


def wkb_of(blob: bytes, *, any_system: bool = False) -> bytes | None:
    """The WKB behind the header; None for an empty geometry. Raises InputFault for another layout, or another reference
    system unless ``any_system`` will do.
    """
    if len(blob) < 8 or blob[:3] != b"GP\0":
        raise InputFault("A geometry does not begin as a GeoPackage geometry does.")
    flags = blob[3]
    envelope = flags >> 1 & 7
    if envelope >= len(_ENVELOPE_BYTES) or flags & 0x20:
        raise InputFault("A geometry has a header of a kind that is not known here.")
    (srs,) = struct.unpack_from("<i" if flags & 1 else ">i", blob, 4)
    if not any_system and srs not in (WGS84, 0, -1):
        raise InputFault("A geometry is not in longitude and latitude (WGS 84).")
    return None if flags & 0x10 else blob[8 + _ENVELOPE_BYTES[envelope] :]


def walk(wkb: bytes, most: tuple[float, float] = (180.0, 90.0)) -> Geometry:
    """Read WKB (2D; Z and M are read over) into a Geometry. ``most``: how far coordinates may be from zero.

    Raises InputFault for nesting deeper than a multi-geometry or one plain collection, counts that the bytes cannot
    hold, coordinates that are not finite or not on the earth, unknown types and trailing bytes.
    """
    walker = _Walker(wkb, most)
    walker.geometry(None)
    if walker.at != len(wkb):
        raise InputFault("A geometry has bytes after its end.")
    return Geometry(tuple(walker.points), tuple(walker.lines), tuple(walker.polygons))


class _Walker:
    def __init__(self, wkb: bytes, most: tuple[float, float]) -> None:
        self.wkb, self.at, self.budget, self.most = wkb, 0, MAX_POINTS, most
        self.points: list[tuple[float, float]] = []
        self.lines: list[Part] = []
        self.polygons: list[tuple[Part, ...]] = []

    def geometry(self, parent: int | None) -> None:
        order, code = self._take("<B", 1), 0
        if order not in (0, 1):
            raise InputFault("A geometry has an unknown byte order.")
        end = "<" if order == 1 else ">"
        code = self._take(end + "I", 4)
        kind, dims = self._kind(code)
        allowed = _MEMBER.get(parent) if parent in _MEMBER else None
        if allowed is not None and kind != allowed:
            raise InputFault("A geometry has a member that does not belong in it.")
        if parent == _COLLECTION and kind == _COLLECTION:
            raise InputFault("A geometry holds a collection within a collection.")
        if kind == _POINT:
            self._point(end, dims)
        elif kind == _LINE:
            self.lines.append(self._run(end, dims))
        elif kind == _POLYGON:
            rings = tuple(self._run(end, dims) for _ in range(self._count(end, 4)))
            if rings:
                self.polygons.append(rings)
        else:
            for _ in range(self._count(end, 9)):
                self.geometry(kind)

    @staticmethod
    def _kind(code: int) -> tuple[int, int]:
        """Type 1..7 and dimensions 2..4 of an ISO type code, or of an EWKB one with its flag bits."""
        dims = 2 + bool(code & 0x8000_0000) + bool(code & 0x4000_0000)
        thousands, kind = divmod(code & 0x0FFF_FFFF, 1000)
        dims = max(dims, (2, 3, 3, 4)[thousands] if thousands <= 3 else 9)
        if code & 0x2000_0000 or dims > 4 or not _POINT <= kind <= _COLLECTION:
            raise InputFault("A geometry is of a type that is not known here.")
        return kind, dims

    def _take(self, layout: str, size: int) -> int:
        if self.at + size > len(self.wkb):
            raise InputFault("A geometry ends too early.")
        (value,) = struct.unpack_from(layout, self.wkb, self.at)
        self.at += size
        return int(value)

    def _count(self, end: str, least: int) -> int:
        count = self._take(end + "I", 4)
        if count * least > len(self.wkb) - self.at:
            raise InputFault("A geometry announces more parts than it has bytes for.")
        return count

    def _doubles(self, end: str, count: int, dims: int) -> Part:
        self.budget -= count
        if self.budget < 0:
            raise InputFault("A geometry has too many points.")
        if count * dims * 8 > len(self.wkb) - self.at:
            raise InputFault("A geometry ends too early.")
        flat = np.frombuffer(self.wkb, end + "f8", count * dims, self.at)
        self.at += count * dims * 8
        return flat.reshape(count, dims)[:, :2].astype(np.float64)

    def _point(self, end: str, dims: int) -> None:
        pair = self._doubles(end, 1, dims)
        if np.isnan(pair).all():
            return  # how WKB writes an empty point
        _check_range(pair, self.most)
        self.points.append((float(pair[0, 0]), float(pair[0, 1])))

    def _run(self, end: str, dims: int) -> Part:
        run = self._doubles(end, self._count(end, dims * 8), dims)
        _check_range(run, self.most)
        return run


def _check_range(run: Part, most: tuple[float, float]) -> None:
    if not np.isfinite(run).all():
        raise InputFault("A geometry has a coordinate that is not a number.")
    if len(run) and (np.abs(run[:, 0]).max() > most[0] or np.abs(run[:, 1]).max() > most[1]):
        raise InputFault("A geometry has a coordinate that is not on the earth.")


def marker_point(blob: bytes | None) -> tuple[float, float, bool] | None:
    """Where to draw a marker and whether the geometry is an area: (lon, lat, area); None for nowhere.

    Inside an area where that can be had: the middle of its weight, else a point on it. Never raises: a geometry that
    cannot be taken is nowhere.
    """
    plain = point_of(blob)
    if plain is not None:
        return (*plain, False)
    try:
        geometry = read_blob(blob)
    except InputFault:
        return None
    return None if geometry is None else marker_of(geometry)


def marker_of(geometry: Geometry) -> tuple[float, float, bool] | None:
    """As ``marker_point``, of a geometry that has been walked."""
    if geometry.polygons:
        return (*_middle(geometry), True)
    if geometry.lines:
        line = max(geometry.lines, key=len)
        if len(line):
            lon, lat = line[len(line) // 2]
            return float(lon), float(lat), False
    if geometry.points:
        return (*geometry.points[0], False)
    return None


def inside_ring(ring: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie within or on a ring, float64[k, 2], open or closed; what it encloses twice is outside."""
    shapely = _shapely()
    return np.asarray(shapely.intersects_xy(shapely.make_valid(shapely.Polygon(ring)), x, y))


def area_m2(polygons: Sequence[Sequence[Part]]) -> float:
    """The area of polygons on the ellipsoid WGS 84, m2, whichever way round their rings run; holes are taken off.

    Sides are straight in longitude and latitude, as files have them (OGC 12-128r19), and run the shorter way round the
    earth. The area from the equator to a latitude is that of J. P. Snyder, Map projections, USGS PP 1395 (1987), eq.
    3-12; along a side it is summed by Gauss' rule of three points. A ring round a pole has the pole within.
    """
    return sum(max(_ring_m2(rings[0]) - sum(map(_ring_m2, rings[1:])), 0.0) for rings in polygons if len(rings))


def _ring_m2(ring: Part) -> float:
    if len(ring) < 3:
        return 0.0
    lon, lat = np.radians(np.vstack([ring, ring[:1]])).T
    east = (np.diff(lon) + np.pi) % (2 * np.pi) - np.pi
    middle, half = (lat[1:] + lat[:-1]) / 2, np.diff(lat) / 2
    below = (5 * _zone(middle - _GAUSS * half) + 8 * _zone(middle) + 5 * _zone(middle + _GAUSS * half)) / 18
    area = abs(float(below @ east))
    if abs(float(east.sum())) > np.pi:
        area = 2 * np.pi * float(_zone(np.float64(np.pi / 2))) - area
    return area


def _zone(lat: Any) -> Any:
    """The area between the equator and a latitude (radians, negative in the south) for a radian of longitude, m2."""
    sine = np.sin(lat)
    q = sine / (1 - _E2 * sine**2) + np.arctanh(_E2**0.5 * sine) / _E2**0.5
    return _A_M**2 * (1 - _E2) / 2 * q


def _middle(geometry: Geometry) -> tuple[float, float]:
    shapely = _shapely()

    polygons = [shapely.Polygon(rings[0], rings[1:]) for rings in geometry.polygons if all(len(r) >= 4 for r in rings)]
    if polygons:
        largest = shapely.make_valid(max(polygons, key=lambda polygon: float(polygon.area)))
        middle = largest.centroid
        if not largest.contains(middle):
            middle = largest.representative_point()
        if not middle.is_empty:
            return float(middle.x), float(middle.y)
    lon, lat = np.concatenate([rings[0] for rings in geometry.polygons]).mean(axis=0)
    return float(lon), float(lat)

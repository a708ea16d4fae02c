"""Which coordinates a file has, and how they become degrees of WGS 84; the two systems that need no library for it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from db.errors import InputFault
from db.geometry import Geometry, Part

Floats = NDArray[np.float64]
MOST_LONGITUDE: Final = 540.0
"""Longitudes go beyond 180 where a shape crosses the antimeridian in one piece."""
RADIUS: Final = 6_378_137.0
HALF: Final = math.pi * RADIUS
_WEB_MERCATOR: Final = frozenset((3857, 900913, 3785, 102100, 102113))
_DEGREES: Final = frozenset((4326, 4979, 4258, 4269))
"""WGS 84, and ETRS89 and NAD83, which lie within two metres of it."""
_EPSG: Final = re.compile(r"(?:AUTHORITY|ID)\[\s*\"EPSG\"\s*,\s*\"?(\d+)\"?\s*\]\s*\]\s*$", re.IGNORECASE)
_NAME: Final = re.compile(r'^\s*\w+\[\s*"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference system: ``name`` for people; ``degrees`` or else Web Mercator metres; neither is ``known``."""

    name: str
    known: bool = True
    degrees: bool = True


WGS84: Final = Reference("WGS 84")
WEB_MERCATOR: Final = Reference("Web Mercator", degrees=False)


def by_epsg(code: int, name: str = "") -> Reference:
    """The system of an EPSG number, 0 for what does not say."""
    if code in _WEB_MERCATOR:
        return WEB_MERCATOR
    if code in _DEGREES:
        return WGS84
    return Reference(name or f"EPSG:{code}", known=False)


def by_wkt(text: str) -> Reference:
    """The system that well-known text describes, of OGC's or ESRI's kind."""
    text = text.strip("\ufeff \r\n\t\0")
    found = _NAME.match(text)
    name = found[1].replace("_", " ") if found else text[:60]
    code = _EPSG.search(text)
    if code is not None and by_epsg(int(code[1])).known:
        return by_epsg(int(code[1]))
    plain = re.sub(r"[\s_]", "", text).upper()
    if plain.startswith(("GEOGCS[", "GEOGCRS[", "GEODCRS[")):
        same = any(each in plain for each in ("WGS1984", "WGS84", "ETRS89", "ETRS1989", "NORTHAMERICANDATUM1983"))
        if same and "0.0174532925" in plain:
            return WGS84
    sphere = "AUXILIARYSPHERE" in plain or "PSEUDO-MERCATOR" in plain or "POPULARVISUALISATION" in plain
    if plain.startswith(("PROJCS[", "PROJCRS[")) and sphere and "MERCATOR" in plain:
        return WEB_MERCATOR
    return Reference(name or "unknown", known=False)


def refused(file_name: str, reference: Reference, *, picture: bool = False) -> InputFault:
    """What is said of a file in another system. The optional library is for shapes, not for pictures."""
    others = "" if picture else "; others with the optional library pyogrio"
    read = "Pictures" if picture else "Layers"
    return InputFault(
        f"{file_name} is in the reference system {reference.name}. {read} are read in WGS 84 (EPSG:4326) and Web "
        f"Mercator (EPSG:3857){others}. Nothing was written."
    )


def lon_lat(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Degrees of Web Mercator metres."""
    lon = np.asarray(x, np.float64) / HALF * 180.0
    return lon, np.degrees(np.arctan(np.sinh(np.asarray(y, np.float64) / RADIUS)))


def metres(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Web Mercator metres of degrees."""
    phi = np.radians(np.clip(np.asarray(lat, np.float64), -89.9999, 89.9999))
    return np.asarray(lon, np.float64) / 180.0 * HALF, RADIUS * np.arcsinh(np.tan(phi))


def in_degrees(geometry: Geometry, reference: Reference) -> Geometry | None:
    """A geometry in degrees; None where some of it is not on the earth."""

    def placed(part: Part) -> Part:
        return part if reference.degrees else np.column_stack(lon_lat(part[:, 0], part[:, 1]))

    found = replace(
        geometry,
        points=tuple((float(x), float(y)) for point in geometry.points for x, y in placed(np.array([point]))),
        lines=tuple(map(placed, geometry.lines)),
        polygons=tuple(tuple(map(placed, rings)) for rings in geometry.polygons),
    )
    return found if on_earth(found) else None


def on_earth(geometry: Geometry) -> bool:
    """Whether all of a geometry in degrees is there."""
    runs = [*geometry.lines, *(ring for rings in geometry.polygons for ring in rings)]
    if geometry.points:
        runs.append(np.array(geometry.points, np.float64))
    for run in runs:
        if len(run) and not (np.abs(run[:, 0]).max() <= MOST_LONGITUDE and np.abs(run[:, 1]).max() <= 90.0):
            return False  # also what is not a number
    return True

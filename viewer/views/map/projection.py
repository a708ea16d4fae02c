"""Map projections: from degrees to the plane that the map is a window on, and back. Pure arithmetic, no Qt.

World units: the plane is a square, x and y run 0..1 to the right and down. Web Mercator fills it and goes on around the
world; the equal-area projections lie within it and have an edge. All are of the sphere.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from db.values import Extent

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]

MAX_LATITUDE: Final = math.degrees(math.atan(math.sinh(math.pi)))
EQUATOR_M: Final = 40_075_016.686
"""Circumference at the equator, metres (WGS 84)."""
RADIUS_M: Final = EQUATOR_M / (2 * math.pi)
BEYOND: Final = 1.0
"""Shapes that cross the edge of the world are drawn so many degrees beyond it; what lies there is painted over."""
MIDDLE_COS: Final = 0.8
"""Styles and names are made for Web Mercator at about 37 degrees, where a metre is so much longer."""
_SAMPLES: Final = 17


class Projection(ABC):
    """One way to lay the earth on the plane.

    ``middle``: the longitude (degrees) that runs straight down the middle. ``wraps``: whether the plane goes on around
    the world, x + 1 being the same place as x.
    """

    name: ClassVar[str]
    wraps: ClassVar[bool] = False
    middle: float

    @property
    @abstractmethod
    def spec(self) -> str:
        """The projection in words that ``projection_of`` reads."""

    @property
    @abstractmethod
    def unit_m(self) -> float:
        """Metres to a world unit where lengths are true: at the equator, or in the mean of an equal-area map."""

    @abstractmethod
    def plane(self, relative: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """World units of longitudes relative to the middle, which are not brought into -180..180, and latitudes."""

    @abstractmethod
    def relative(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees of world units, longitudes relative to the middle; beyond the edge those of a point on it."""

    def to_world(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees to world units."""
        away = np.asarray(lon, np.float64) - self.middle
        return self.plane(away - 360.0 * np.round(away / 360.0), lat)

    def to_degrees(self, x: float, y: float) -> tuple[float, float]:
        """World units to degrees: (lon in -180..180, lat)."""
        relative, lat = self.relative(x, y)
        return (float(relative) + self.middle + 180.0) % 360.0 - 180.0, float(lat)

    def units_per_metre(self, lat: ArrayLike) -> Floats:
        """World units to a metre at latitudes; of equal-area maps in the mean of all directions."""
        return np.full(np.shape(lat), 1.0 / self.unit_m)

    def likened(self, scale: float) -> float:
        """The scale (px across the world) at which Web Mercator shows about as much on as many px."""
        return scale * EQUATOR_M * MIDDLE_COS / self.unit_m

    def reach(self, left: float, top: float, right: float, bottom: float) -> Bounds:
        """West, south, east, north of all that lies in a box of the plane, and a little more; longitudes relative."""
        x, y = np.meshgrid(np.linspace(left, right, _SAMPLES), np.linspace(top, bottom, _SAMPLES))
        lon, lat = self.relative(x, y)
        west, east, south, north = float(lon.min()), float(lon.max()), float(lat.min()), float(lat.max())
        more_lon, more_lat = 2 * (east - west) / _SAMPLES + 0.01, 2 * (north - south) / _SAMPLES + 0.01
        return (
            max(west - more_lon, -180.0 - BEYOND),
            max(south - more_lat, -90.0),
            min(east + more_lon, 180.0 + BEYOND),
            min(north + more_lat, 90.0),
        )

    @cached_property
    def bounds(self) -> Bounds:
        """Left, top, right, bottom of the world on the plane."""
        ring = self.outline()
        if ring is None:
            return 0.0, 0.0, 1.0, 1.0
        return float(ring[0].min()), float(ring[1].min()), float(ring[0].max()), float(ring[1].max())

    def outline(self) -> tuple[Floats, Floats] | None:
        """The edge of the world as a ring in world units; None where there is none."""
        along, across = np.linspace(-90.0, 90.0, 361), np.linspace(-180.0, 180.0, 361)
        lon = np.concatenate((np.full(361, 180.0), across[::-1], np.full(361, -180.0), across))
        lat = np.concatenate((along, np.full(361, 90.0), along[::-1], np.full(361, -90.0)))
        return self.plane(lon, lat)


@dataclass(frozen=True)
class Mercator(Projection):
    """Spherical Web Mercator (EPSG:3857): true angles, and areas that grow towards the poles. Ends at 85.05 degrees."""

    name: ClassVar[str] = "mercator"
    wraps: ClassVar[bool] = True
    middle: ClassVar[float] = 0.0  # type: ignore[misc]

    @property
    def spec(self) -> str:
        return self.name

    @property
    def unit_m(self) -> float:
        return EQUATOR_M

    def plane(self, relative: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        x = (np.asarray(relative, np.float64) + 180.0) / 360.0
        phi = np.radians(np.clip(np.asarray(lat, np.float64), -MAX_LATITUDE, MAX_LATITUDE))
        return x, 0.5 - np.arcsinh(np.tan(phi)) / (2 * math.pi)

    def to_world(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees to world units; longitudes beyond 180 are beyond 0..1."""
        return self.plane(lon, lat)

    def relative(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        lat = np.degrees(np.arctan(np.sinh(math.pi * (1.0 - 2.0 * np.asarray(y, np.float64)))))
        return np.asarray(x, np.float64) * 360.0 - 180.0, lat

    def to_degrees(self, x: float, y: float) -> tuple[float, float]:
        return (x % 1.0) * 360.0 - 180.0, math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y))))

    def units_per_metre(self, lat: ArrayLike) -> Floats:
        return np.asarray(1.0 / (EQUATOR_M * np.maximum(np.cos(np.radians(np.asarray(lat, np.float64))), 0.05)))

    def likened(self, scale: float) -> float:
        return scale

    def reach(self, left: float, top: float, right: float, bottom: float) -> Bounds:
        lon, lat = self.relative((left, right), (bottom, top))
        return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])

    def outline(self) -> None:
        return None


_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)
_SLANT: Final = math.sqrt(3.0) / 2.0
_HALF_WIDTH: Final = 2 * math.sqrt(3.0) * math.pi / (3 * _A[0])
"""From the middle of the equator to its end on a globe of radius 1."""


@dataclass(frozen=True)
class EqualEarth(Projection):
    """Equal Earth: the whole world with true areas, rounded at its sides.

    B. Savric, T. Patterson, B. Jenny, The Equal Earth map projection, Int. J. Geographical Information Science 33,
    454-465 (2019).
    """

    middle: float = 0.0
    name: ClassVar[str] = "equal-earth"

    @property
    def spec(self) -> str:
        return f"{self.name} {self.middle:g}"

    @property
    def unit_m(self) -> float:
        return 2 * _HALF_WIDTH * RADIUS_M

    def plane(self, relative: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        theta = np.arcsin(_SLANT * np.sin(np.radians(np.asarray(lat, np.float64))))
        x = np.radians(np.asarray(relative, np.float64)) * np.cos(theta) / (_SLANT * _slope(theta))
        return 0.5 + x / (2 * _HALF_WIDTH), 0.5 - _height(theta) / (2 * _HALF_WIDTH)

    def relative(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        most = math.pi / 3
        high = np.clip((0.5 - np.asarray(y, np.float64)) * 2 * _HALF_WIDTH, -_height(most), _height(most))
        theta = high / _A[0]
        for _ in range(6):  # Newton: the digits that are right double
            theta = theta - (_height(theta) - high) / _slope(theta)
        theta = np.clip(theta, -most, most)
        wide = (np.asarray(x, np.float64) - 0.5) * 2 * _HALF_WIDTH
        lon = np.degrees(wide * _SLANT * _slope(theta) / np.cos(theta))
        lat = np.degrees(np.arcsin(np.clip(np.sin(theta) / _SLANT, -1.0, 1.0)))
        return np.clip(lon, -180.0, 180.0), lat + np.zeros_like(lon)


def _height(theta: ArrayLike) -> Floats:
    theta = np.asarray(theta, np.float64)
    square = theta * theta
    sixth = square * square * square
    return np.asarray(theta * (_A[0] + _A[1] * square + sixth * (_A[2] + _A[3] * square)))


def _slope(theta: Floats) -> Floats:
    square = theta * theta
    sixth = square * square * square
    return np.asarray(_A[0] + 3 * _A[1] * square + sixth * (7 * _A[2] + 9 * _A[3] * square))


LEAST_TILT: Final = 6.0
"""The standard parallels lie so far (degrees) to one side of the equator in the mean; else there would be no cone."""
MOST_TILT: Final = 80.0


@dataclass(frozen=True)
class Albers(Projection):
    """Albers equal-area conic, on the sphere, with standard parallels ``first`` and ``second`` (degrees).

    J. P. Snyder, Map projections: a working manual, USGS Professional Paper 1395 (1987), p. 98-103.
    """

    middle: float
    first: float
    second: float
    name: ClassVar[str] = "albers"

    @property
    def spec(self) -> str:
        return f"{self.name} {self.middle:g} {self.first:g} {self.second:g}"

    @property
    def unit_m(self) -> float:
        return self._room[2] * RADIUS_M

    @cached_property
    def _cone(self) -> tuple[float, float]:
        one, two = math.sin(math.radians(self.first)), math.sin(math.radians(self.second))
        n = (one + two) / 2
        return n, 1 - one * one + 2 * n * one

    @cached_property
    def _room(self) -> tuple[float, float, float]:
        """Middle and side of the square about the whole world, for a globe of radius 1."""
        lon, lat = np.meshgrid(np.linspace(-180.0, 180.0, 361), np.linspace(-90.0, 90.0, 37))
        x, y = self._flat(lon, lat)
        side = max(float(np.ptp(x)), float(np.ptp(y)))
        return (float(x.min()) + float(x.max())) / 2, (float(y.min()) + float(y.max())) / 2, side

    def _flat(self, relative: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """From the tip of the cone: x to the right, y up."""
        n, c = self._cone
        rho = np.sqrt(np.maximum(c - 2 * n * np.sin(np.radians(np.asarray(lat, np.float64))), 0.0)) / n
        theta = n * np.radians(np.asarray(relative, np.float64))
        return rho * np.sin(theta), -rho * np.cos(theta)

    def plane(self, relative: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        middle_x, middle_y, side = self._room
        x, y = self._flat(relative, lat)
        return 0.5 + (x - middle_x) / side, 0.5 - (y - middle_y) / side

    def relative(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        n, c = self._cone
        middle_x, middle_y, side = self._room
        sign = math.copysign(1.0, n)
        wide = sign * ((np.asarray(x, np.float64) - 0.5) * side + middle_x)
        down = sign * ((np.asarray(y, np.float64) - 0.5) * side - middle_y)
        lon = np.degrees(np.arctan2(wide, down)) / n
        sine = (c - (wide * wide + down * down) * n * n) / (2 * n)
        return np.clip(lon, -180.0, 180.0), np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))


MERCATOR: Final = Mercator()
_QUARTER: Final = 90.0


def to_world(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Degrees to world units of Web Mercator."""
    return MERCATOR.to_world(lon, lat)


def fitted(spec: str, extent: Extent) -> Projection:
    """The projection with the name in a ``spec`` that suits an extent; Web Mercator for a name that is not known.

    Equal Earth is turned by quarters only, so that it mostly looks as in any atlas. The parallels of the cone lie a
    sixth of the height from its edges (Snyder 1987, p. 99).
    """
    span = extent.east - extent.west
    middle = extent.west + (span if span >= 0 else span + 360.0) / 2
    match spec.partition(" ")[0]:
        case EqualEarth.name:
            return EqualEarth((round(middle / _QUARTER) * _QUARTER + 180.0) % 360.0 - 180.0)
        case Albers.name:
            tilt = (extent.south + extent.north) / 2
            tilt = math.copysign(min(max(abs(tilt), LEAST_TILT), MOST_TILT), tilt)
            apart = min(max(extent.north - extent.south, 2.0) / 3, 40.0)
            low, high = max(tilt - apart, -89.0), min(tilt + apart, 89.0)
            return Albers(round((middle + 180.0) % 360.0 - 180.0, 1), round(low, 1), round(high, 1))
    return MERCATOR


def projection_of(spec: str) -> Projection | None:
    """The projection that a ``Projection.spec`` names; None where it is not one, or not yet fitted to anything."""
    name, *figures = spec.split()
    try:
        numbers = [float(each) for each in figures]
        if name == EqualEarth.name and len(numbers) == 1:
            return EqualEarth(*numbers)
        if name == Albers.name and len(numbers) == 3 and abs(numbers[1] + numbers[2]) > 1.0:
            return Albers(*numbers)
    except ValueError:
        return None
    return MERCATOR if name == Mercator.name else None

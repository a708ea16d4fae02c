"""A point of the earth in words: decimal degrees, degrees, minutes and seconds, UTM, MGRS. WGS 84, pure arithmetic.

UTM is the transverse Mercator projection by Krüger's series to the sixth order in the third flattening, good to some
nanometres within a zone: C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85,
475-485 (2011), equations 7 to 12 and 35. Zones, bands, letters and truncation are those of NGA.SIG.0012, The Universal
Grids and the Transverse Mercator and Polar Stereographic Map Projections (2014). Beyond 84 N and 80 S, where the
polar grids begin, there are neither.
"""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple

Form = Literal["decimal", "dms", "utm", "mgrs"]
FORMS: Final[tuple[Form, ...]] = ("decimal", "dms", "utm", "mgrs")
FORM_WORDS: Final = {"decimal": "Decimal degrees", "dms": "Degrees, minutes, seconds", "utm": "UTM", "mgrs": "MGRS"}
NO_GRID: Final = "outside 80° S to 84° N"

_A: Final = 6_378_137.0
"""Equatorial radius, m."""
_F: Final = 1 / 298.257223563
_N: Final = _F / (2 - _F)
_E: Final = math.sqrt(_F * (2 - _F))
_K0: Final = 0.9996
_RADIUS: Final = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
"""Of the rectifying sphere, m."""
_ALPHA: Final = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288 + 7891 * _N**6 / 37800,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630 - 1983433 * _N**6 / 1935360,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880 + 167603 * _N**6 / 181440,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168 + 6601661 * _N**6 / 7257600,
    34729 * _N**5 / 80640 - 3418889 * _N**6 / 1995840,
    212378941 * _N**6 / 319334400,
)
_BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"
"""Of 8 degrees each from 80 S; the last is of 12."""
_COLUMNS: Final = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS: Final = "ABCDEFGHJKLMNPQRSTUV"


class Utm(NamedTuple):
    """``easting`` and ``northing`` in m, false origins included; ``band`` is the letter of the latitude."""

    zone: int
    band: str
    easting: float
    northing: float


def utm(lon: float, lat: float) -> Utm | None:
    """A point in degrees as UTM; None beyond 84 N and 80 S."""
    if not -80.0 <= lat <= 84.0:
        return None
    lon = (lon + 180.0) % 360.0 - 180.0
    band = _BANDS[min(int((lat + 80.0) // 8), 19)]
    zone = _zone(lon, lat, band)
    x, y = _transverse_mercator(lon - (6 * zone - 183), lat)
    return Utm(zone, band, x + 500_000.0, y + (10_000_000.0 if lat < 0 else 0.0))


def _zone(lon: float, lat: float, band: str) -> int:
    """Zones of 6 degrees, but for the south west of Norway and Svalbard."""
    zone = int((lon + 180.0) // 6) + 1
    if band == "V" and 3 <= lon < 12:
        return 32
    if band == "X" and 0 <= lon < 42:
        return 31 if lon < 9 else 33 if lon < 21 else 35 if lon < 33 else 37
    return zone


def _transverse_mercator(lon: float, lat: float) -> tuple[float, float]:
    """Degrees from the central meridian, and latitude, to m east of it and north of the equator."""
    lam, phi = math.radians(lon), math.radians(lat)
    tau = math.tan(phi)
    sigma = math.sinh(_E * math.atanh(_E * tau / math.hypot(1, tau)))
    conformal = tau * math.hypot(1, sigma) - sigma * math.hypot(1, tau)
    xi = math.atan2(conformal, math.cos(lam))
    eta = math.asinh(math.sin(lam) / math.hypot(conformal, math.cos(lam)))
    east = eta + sum(a * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    north = xi + sum(a * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, a in enumerate(_ALPHA, 1))
    return _K0 * _RADIUS * east, _K0 * _RADIUS * north


# In words


def decimal_text(lon: float, lat: float, places: int = 5) -> str:
    """Latitude and longitude in degrees, as programs take them."""
    return f"{lat:.{places}f}, {_turned(lon):.{places}f}"


def dms_text(lon: float, lat: float) -> str:
    """Degrees, minutes and seconds to a tenth, some 3 m."""
    return f"{_sexagesimal(lat, 'N', 'S')} {_sexagesimal(_turned(lon), 'E', 'W')}"


def utm_text(lon: float, lat: float) -> str:
    """Zone with band, easting and northing in m."""
    found = utm(lon, lat)
    return NO_GRID if found is None else f"{found.zone}{found.band} {round(found.easting)} {round(found.northing)}"


def mgrs_text(lon: float, lat: float) -> str:
    """The square of one metre: zone with band, the letters of 100 km, easting and northing cut off, not rounded."""
    found = utm(lon, lat)
    if found is None:
        return NO_GRID
    east, north = math.floor(found.easting + 1e-6), math.floor(found.northing + 1e-6)
    column = _COLUMNS[(found.zone - 1) % 3][east // 100_000 - 1]
    row = _ROWS[(north // 100_000 + (5 if found.zone % 2 == 0 else 0)) % 20]
    return f"{found.zone:02d}{found.band} {column}{row} {east % 100_000:05d} {north % 100_000:05d}"


def text_of(form: Form, lon: float, lat: float) -> str:
    """A point in degrees in a form."""
    return {"decimal": decimal_text, "dms": dms_text, "utm": utm_text, "mgrs": mgrs_text}[form](lon, lat)


def degree_text(value: float, step: float, positive: str, negative: str) -> str:
    """A meridian or parallel with as much as its ``step`` (degrees) asks for: ``44° E``, ``36°30′ N``, ``0°``."""
    seconds = round(abs(value) * 3600)
    degrees, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{degrees}°"
    if step < 1:
        text += f"{minutes:02d}′"
    if step < 1 / 60:
        text += f"{seconds:02d}″"
    plain = abs(value) < 1e-9 or abs(abs(value) - 180) < 1e-9
    return text if plain else f"{text} {positive if value > 0 else negative}"


def _sexagesimal(value: float, positive: str, negative: str) -> str:
    tenths = round(abs(value) * 36_000)
    degrees, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    return f"{degrees}°{minutes:02d}′{rest / 10:04.1f}″ {positive if value >= 0 else negative}"


def _turned(lon: float) -> float:
    """A longitude within -180 to 180 degrees."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0

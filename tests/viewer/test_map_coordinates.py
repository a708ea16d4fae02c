"""Coordinates in words, against published values and against NGA's own GEOTRANS."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.views.map.coordinates import (
    NO_GRID,
    decimal_text,
    degree_text,
    dms_text,
    mgrs_text,
    text_of,
    utm,
    utm_text,
)


@pytest.mark.parametrize(
    ("lat", "lon", "zone", "easting", "northing", "within"),
    [
        # GeoConvert(1) of GeographicLib: 38SMB4488 is 33.33424 44.40363, at 38n 444500 3688500
        (33.33424, 44.40363, 38, 444_500, 3_688_500, 1.0),
        # the same page: latitude -1, longitude 3 is 31s 500000 9889470
        (-1.0, 3.0, 31, 500_000, 9_889_470, 0.5),
        # Wikipedia, Universal Transverse Mercator coordinate system: the CN Tower
        (43 + 38 / 60 + 33.24 / 3600, -(79 + 23 / 60 + 13.7 / 3600), 17, 630_084, 4_833_438, 1.0),
        # the series of the utm package 0.9.0, to its millimetre
        (36.34, 43.13, 38, 332_178.8107, 4_023_283.6841, 0.002),
        (60.5, 4.0, 32, 225_510.3478, 6_717_531.1560, 0.002),
        (78.2, 9.1, 33, 365_529.2112, 8_687_473.5622, 0.002),
        (-33.8568, 151.2153, 56, 334_900.5696, 6_252_288.7529, 0.002),
        (-79.9, -179.9, 1, 443_247.8718, 1_128_161.3721, 0.002),
        (0.0, 0.0, 31, 166_021.4432, 0.0, 0.002),
    ],
)
def test_utm_is_as_published(lat: float, lon: float, zone: int, easting: float, northing: float, within: float) -> None:
    found = utm(lon, lat)
    assert found is not None
    assert found.zone == zone
    assert found.easting == pytest.approx(easting, abs=within)
    assert found.northing == pytest.approx(northing, abs=within)


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        # the mgrs package 1.6.0, which is NGA's GEOTRANS
        (33.3, 44.4, "38SMB4414084706"),
        (36.34, 43.13, "38SLF3217823283"),
        (33.33424, 44.40363, "38SMB4450088500"),
        (60.5, 4.0, "32VKN2551017531"),
        (60.5, 2.9, "31VDH9450607101"),
        (78.2, 15.6, "33XWG1369680760"),
        (78.2, 9.1, "33XUG6552987473"),
        (73.0, 20.9, "33XXB9225609955"),
        (72.0, 32.9, "35XQV0320298893"),
        (-33.8568, 151.2153, "56HLH3490052288"),
        (-79.9, -179.9, "01CDM4324728161"),
        (83.9, 179.9, "60XWU3439017795"),
        (0.0, 0.0, "31NAA6602100000"),
        (-0.0001, -0.0001, "30MZE3396799988"),
        (40.0, -75.0, "18TWK0000027757"),
        (55.999999, 3.0, "31UEC0000006079"),
        (56.0, 3.0, "32VJH2604922336"),
        (-54.8, -68.3, "19FEV4500027239"),
    ],
)
def test_mgrs_is_what_geotrans_says(lat: float, lon: float, expected: str) -> None:
    assert mgrs_text(lon, lat).replace(" ", "") == expected


def test_mgrs_is_cut_off_and_not_rounded() -> None:
    # NGA.SIG.0012, and the documentation of GeographicLib: [444 km, 445 km) x [3688 km, 3689 km) of 38N is 38SMB4488
    assert mgrs_text(44.40363, 33.33424).startswith("38S MB 44")
    assert mgrs_text(44.40363, 33.33424).split()[3].startswith("88")


@pytest.mark.parametrize("lat", [84.01, 89.0, -80.01, -85.0])
def test_the_poles_have_no_utm(lat: float) -> None:
    assert utm(10.0, lat) is None
    assert utm_text(10.0, lat) == mgrs_text(10.0, lat) == NO_GRID


def test_degrees_in_words() -> None:
    assert decimal_text(43.13, 36.34) == "36.34000, 43.13000"
    assert decimal_text(190.0, -1.0) == "-1.00000, -170.00000"
    assert dms_text(43.13, -36.34) == "36°20′24.0″ S 43°07′48.0″ E"
    assert dms_text(-0.99999999, 59.99999999) == "60°00′00.0″ N 1°00′00.0″ W", "sixty seconds are a minute"
    assert degree_text(44.0, 2.0, "E", "W") == "44° E"
    assert degree_text(-36.5, 0.5, "N", "S") == "36°30′ S"
    assert degree_text(36.508333333, 1 / 120, "N", "S") == "36°30′30″ N"
    assert degree_text(0.0, 5.0, "N", "S") == "0°"
    assert degree_text(-180.0, 30.0, "E", "W") == "180°"
    assert text_of("dms", 43.13, 36.34) == dms_text(43.13, 36.34)


@given(st.floats(-180, 179.999), st.floats(-80, 84))
def test_utm_keeps_the_scale_and_is_within_its_zone(lon: float, lat: float) -> None:
    """A step of a hundred metres north on the earth is one of 99.9 to 100.2 m in the grid; nothing jumps."""
    found, step = utm(lon, lat), utm(lon, min(lat + 0.0001, 84))
    assert found is not None
    assert step is not None
    assert 0 < found.easting < 1_000_000
    assert 0 <= found.northing <= 10_000_000
    if found.zone == step.zone and (lat < 0) == (lat + 0.0001 < 0) and lat + 0.0001 <= 84:
        moved = math.hypot(step.easting - found.easting, step.northing - found.northing)
        # a meridian's degree is between 110.57 km at the equator and 111.69 km at the pole
        assert 0.999 * 11.057 < moved < 1.003 * 11.170

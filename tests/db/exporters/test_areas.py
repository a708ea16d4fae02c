"""Shapes as exports write them."""

from __future__ import annotations

import struct

import shapely

from db.exporters.areas import area_of
from db.geometry import WGS84, geometry_blob, point_blob


def blob(*polygons: list[list[tuple[float, float]]]) -> bytes:
    """A multipolygon as it stands, sound or not."""
    wkb = struct.pack("<BII", 1, 6, len(polygons))
    for rings in polygons:
        wkb += struct.pack("<BII", 1, 3, len(rings))
        for ring in rings:
            wkb += struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *each) for each in ring)
    return b"GP\0\x01" + struct.pack("<i", WGS84) + wkb


def test_outer_rings_turn_left_and_holes_right() -> None:
    shape = shapely.Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    area = area_of("u", "n", geometry_blob(shape))
    assert area is not None
    ((outer, hole),) = area.coordinates()
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(hole).is_ccw
    assert shapely.Polygon(outer, [hole]).equals(shape)


def test_rings_are_closed_and_what_has_no_width_is_left_out() -> None:
    flat = [(0.0, 0.0), (1.0, 0.0), (0.0, 0.0)]
    good = [(5.0, 5.0), (6.0, 5.0), (6.0, 6.0)]
    area = area_of("u", "n", blob([flat], [good, flat], [[]]))
    assert area is not None
    assert area.coordinates() == [[[list(each) for each in [*good, good[0]]]]]
    assert area_of("u", "n", blob([flat])) is None
    assert area_of("u", "n", point_blob(1, 2)) is None
    assert area_of("u", "n", b"GP\0" + bytes(60)) is None
    assert area_of("u", "n", None) is None

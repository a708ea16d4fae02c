"""Tables shaped like published event data, of any length, generated: names of places and actors are made up.

The same arguments give the same bytes. A million rows of ``acled`` take some seconds and 300 MB.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from db.importers.tables.known import GDELT_1, GDELT_2

ACLED = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1",
    "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso",
    "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source",
    "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
UCDP = (
    "id", "relid", "year", "type_of_violence", "conflict_name", "dyad_name", "side_a", "side_b", "number_of_sources",
    "source_article", "source_office", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "country", "date_prec", "date_start", "date_end", "best", "high", "low",
)  # fmt: skip
TYPES = {
    "Battles": ("Armed clash", "Government regains territory", "Non-state actor overtakes territory"),
    "Explosions/Remote violence": ("Air/drone strike", "Shelling/artillery/missile attack", "Remote explosive"),
    "Violence against civilians": ("Attack", "Abduction/forced disappearance"),
    "Protests": ("Peaceful protest", "Protest with intervention"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Strategic developments": ("Agreement", "Change to group/activity", "Looting/property destruction"),
}
_FIRST = date(2014, 1, 1)
_SYLLABLES = (
    "al",
    "ba",
    "dar",
    "el",
    "fa",
    "ghar",
    "ha",
    "jab",
    "kar",
    "lum",
    "mar",
    "nah",
    "qas",
    "raf",
    "sil",
    "tal",
)
_SENTENCES = (
    "Units of the one side clashed with fighters of the other near the market; the road was closed for some hours",
    "Shelling was reported from the hills in the evening, and residents said that windows broke in two streets",
    "People gathered at the square to ask for water and power, and went home before dark without incident",
    "A convoy was fired at on the way to the bridge, and turned back; it is not known by whom",
)


def places(count: int, seed: int = 1) -> list[tuple[str, str, str, str]]:
    """Name, province, latitude and longitude of made-up towns."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        name = "".join(chance.choice(_SYLLABLES) for _ in range(3)).capitalize()
        lat, lon = chance.uniform(30, 37), chance.uniform(36, 48)
        found.append((f"{name} {number % 97}", f"Province {number % 19}", f"{lat:.4f}", f"{lon:.4f}"))
    return found


def acled_rows(count: int, *, seed: int = 1, towns: int = 20_000, groups: int = 3_000) -> Iterator[list[str]]:
    """Rows as ACLED exports them, without their header."""
    chance = random.Random(seed)
    sites, kinds = places(towns, seed), list(TYPES)
    for number in range(count):
        day = _FIRST + timedelta(days=int(chance.random() * 3650))
        kind = kinds[int(chance.random() * len(kinds))]
        name, province, lat, lon = sites[int(chance.random() * towns)]
        first, second = int(chance.random() * groups), int(chance.random() * groups)
        notes = f"On {day.day} {day:%B} {day.year}, {_SENTENCES[number % 4].lower()} ({name})."
        yield [
            f"TST{number}", day.isoformat(), str(day.year), "1112"[number % 4] if number % 50 else "3",
            "Political violence", kind, TYPES[kind][number % len(TYPES[kind])], f"Group {first}", "", "2",
            f"Group {second}" if number % 3 else "", "", "3", "23", "", "368", "Middle East", "Testland", province,
            f"District {number % 60}", "", name, lat, lon, "1" if number % 5 else "2", "Daily Herald; Evening Post",
            "National", notes, str(number % 7 if number % 3 == 0 else 0), "", "1480000000",
        ]  # fmt: skip


def acled(path: Path, count: int, **named: int) -> Path:
    """A CSV file shaped like an ACLED export."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ACLED)
        writer.writerows(acled_rows(count, **named))
    return path


def ucdp_rows(count: int, seed: int = 1) -> Iterator[list[str]]:
    """Rows as UCDP GED has them: every precision of date and place comes."""
    chance = random.Random(seed)
    sites = places(200, seed)
    for number in range(count):
        start = _FIRST + timedelta(days=chance.randrange(3650))
        precision = number % 5 + 1
        end = start + timedelta(days=(0, 4, 6, 25, 90)[precision - 1])
        name, province, lat, lon = sites[number % 200]
        yield [
            str(number), f"TST-{number}", str(start.year), "123"[number % 3], "Testland: Government",
            f"Government of Testland - Group {number % 9}", "Government of Testland", f"Group {number % 9}", "2",
            '"Daily Herald, 2 January, ""Clashes"""', "Daily Herald", str(number % 7 + 1), name, "near the river",
            province, "", lat, lon, "Testland", str(precision), f"{start} 00:00:00.000", f"{end} 00:00:00.000",
            "3", "9", "2",
        ]  # fmt: skip


def gdelt_rows(count: int, *, second: bool = True, seed: int = 1) -> Iterator[list[str]]:
    """Rows of a GDELT export: version 2.0, or 1.0."""
    chance = random.Random(seed)
    columns = GDELT_2 if second else GDELT_1
    sites = places(50, seed)
    for number in range(count):
        name, province, lat, lon = sites[number % 50]
        day = _FIRST + timedelta(days=chance.randrange(3650))
        known = {
            "GLOBALEVENTID": str(400_000_000 + number), "SQLDATE": f"{day:%Y%m%d}", "Year": str(day.year),
            "Actor1Name": f"GROUP {number % 12}", "Actor2Name": "" if number % 2 else "POLICE",
            "EventCode": "190", "EventBaseCode": "190", "EventRootCode": "19" if number % 3 else "04",
            "ActionGeo_Type": "4" if number % 4 else "1", "ActionGeo_FullName": f"{name}, {province}, Testland",
            "ActionGeo_CountryCode": "TT", "ActionGeo_Lat": lat if number % 9 else "",
            "ActionGeo_Long": lon if number % 9 else "", "DATEADDED": f"{day:%Y%m%d}",
            "SOURCEURL": f"https://herald.invalid/{number}",
        }  # fmt: skip
        yield [known.get(name, "") for name in columns]


def write(path: Path, rows: Iterator[list[str]], header: tuple[str, ...] | None, delimiter: str = ",") -> Path:
    """A delimited file of rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        if header:
            writer.writerow(header)
        writer.writerows(rows)
    return path

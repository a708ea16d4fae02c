"""Generated projects of a million events and more: one claim each, by plain SQL around the Store.

What ``generate`` gives in seconds for twenty thousand events this gives for a million, by writing what the Store would
derive: of a single claim every displayed value is the claim's own.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from db import search
from db.civil import civil
from db.edtf import date_text
from db.geometry import point_blob
from db.header import HeaderWatch
from db.store import Store
from db.templates import CONFLICT, add_kinds
from db.uid import new_uid
from db.values import MS_DAY, Precision, Status

PLACES = 20_000
ACTORS = 300
TAGS = ("urban", "border", "verified", "unclear", "night", "repeat")
SOURCES = 8
FIRST = 852_076_800_000  # 1997-01-01
DAYS = 29 * 365
CENTRES = ((40.0, 34.0), (8.0, 10.0), (30.0, 4.0), (72.0, 31.0), (35.0, 48.0), (-75.0, 5.0), (100.0, 15.0))
VERBS = ("Armed clash", "Shelling", "Air strike", "Protest", "Attack on civilians", "Change of control")
BATCH = 20_000
_EVENT = (
    "id, uid, kind_id, title, status, edtf, time_shape, earliest, latest_start, earliest_end, latest, best, precision, "
    "place_id, claim_count, disagrees, supported, quote_count, begins, ends, tags"
)
_CLAIM = (
    "id, uid, event_id, source_id, title, status, edtf, time_shape, earliest, latest_start, earliest_end, latest, "
    "precision, place_id"
)


def generate_many(path: Path, events: int, *, seed: int = 1) -> Path:
    """Write a project with ``events`` events over 29 years and the world to ``path`` and answer it."""
    store = Store.create(path, f"Generated, {events} events")
    try:
        add_kinds(store, CONFLICT)
        store.seal()
    finally:
        store.close()
    chance = random.Random(seed)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, closing(HeaderWatch(path)) as watch:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        names = [_place(chance, number) for number in range(1, PLACES + 1)]
        connection.executemany("INSERT INTO place (id, uid, name, kind, geom, radius_m) VALUES (?,?,?,?,?,?)", names)
        sources = [(n, new_uid(), f"Data set {n}", "Generated", n) for n in range(1, SOURCES + 1)]
        connection.executemany("INSERT INTO source (id, uid, title, publisher, position) VALUES (?,?,?,?,?)", sources)
        actors = [(number, new_uid(), f"Armed group {number}") for number in range(1, ACTORS + 1)]
        connection.executemany("INSERT INTO actor (id, uid, name) VALUES (?,?,?)", actors)
        for rows in _events(chance, events, [name[2] for name in names]):
            marks = ",".join("?" * 21)
            connection.executemany(f"INSERT INTO event ({_EVENT}) VALUES ({marks})", rows)
            marks = ",".join("?" * 14)
            connection.executemany(f"INSERT INTO claim ({_CLAIM}) VALUES ({marks})", [_claim(row) for row in rows])
            pairs = [(row[0], actor) for row in rows for actor in _actors(row[0])]
            connection.executemany("INSERT INTO claim_actor (claim_id, actor_id) VALUES (?,?)", pairs)
        search.rebuild(connection)
        counter = (watch.read().change_counter + 1) & 0xFFFF_FFFF
        connection.execute("UPDATE app_meta SET value = ? WHERE key = 'change_counter'", (str(counter),))
        connection.execute("COMMIT")
    return path


def _place(chance: random.Random, number: int) -> tuple[object, ...]:
    lon, lat = chance.choice(CENTRES)
    lon, lat = round(lon + chance.gauss(0, 7), 4), round(max(min(lat + chance.gauss(0, 5), 75), -60), 4)
    return number, new_uid(), f"Town {number}", "point", point_blob(lon, lat), chance.choice((None,) * 7 + (25_000.0,))


def _events(chance: random.Random, events: int, names: list[str]) -> Iterator[list[tuple[object, ...]]]:
    texts: dict[int, str] = {}
    rows: list[tuple[object, ...]] = []
    occurred = Status.OCCURRED.value
    for event in range(1, events + 1):
        place, kind = chance.randint(1, len(names)), chance.randint(1, 6)
        first = FIRST + int(DAYS * chance.random() ** 0.6) * MS_DAY
        days = 1 if chance.random() < 0.9 else chance.choice((7, 30))
        last = first + days * MS_DAY - 1
        edtf = texts.setdefault(first, date_text(first))
        if days > 1:
            edtf = f"[{edtf}..{texts.setdefault(last, date_text(last))}]"
        bounds = (first, last, first, last, first + (last - first) // 2)
        title = f"{VERBS[kind - 1]} at {names[place - 1]}"
        head = (event, new_uid(), kind, title, occurred, edtf, "moment")
        tags = f'["{TAGS[event % len(TAGS)]}", "{TAGS[event % 4]}"]' if event % 3 == 0 else None
        ends = (int(Precision.DAY), place, 1, 0, 0, 0, _moment(first), _moment(last), tags)
        rows.append((*head, *bounds, *ends))
        if len(rows) == BATCH:
            yield rows
            rows = []
    if rows:
        yield rows


def _claim(row: tuple[object, ...]) -> tuple[object, ...]:
    event = row[0]
    assert isinstance(event, int)
    return event, new_uid(), event, event % SOURCES + 1, *row[3:11], row[12], row[13]


def _actors(event: object) -> set[int]:
    """None, one or two actors of an event; the first ones far more often than the last."""
    assert isinstance(event, int)
    first, second = event * 0x9E37_79B1 % (1 << 32) / (1 << 32), event * 0x85EB_CA77 % (1 << 32) / (1 << 32)
    return {1 + int(ACTORS * share**3) for share in (first, second)[: (0, 1, 1, 2)[event % 4]]}


def _moment(at: int) -> str:
    when = civil(at)
    clock = "00:00:00.000" if at % MS_DAY == 0 else "23:59:59.999"
    return f"{when.year:04d}-{when.month:02d}-{when.day:02d}T{clock}Z"

"""Generated projects of any size: events around Iraq and Syria from several sources, each with quotes in a text.

The same arguments give the same project but for its uids. Made by bulk statements within one step, so 20,000 events
take a few seconds.
"""

from __future__ import annotations

import hashlib
import random
import zlib
from pathlib import Path

from db.derive import hull
from db.edtf import date_text
from db.geometry import point_blob
from db.store import Store
from db.templates import CONFLICT, add_kinds
from db.uid import new_uid
from db.values import MS_DAY, QuoteState, Reach, Status, TimeSpan

TOWNS = (
    ("Mosul", 43.13, 36.34), ("Raqqa", 39.01, 35.95), ("Tikrit", 43.68, 34.6), ("Ramadi", 43.3, 33.42),
    ("Fallujah", 43.78, 33.35), ("Kirkuk", 44.39, 35.47), ("Palmyra", 38.28, 34.56), ("Deir ez-Zor", 40.14, 35.34),
    ("Kobani", 38.35, 36.89), ("Manbij", 37.95, 36.53), ("Sinjar", 41.87, 36.32), ("Baiji", 43.49, 34.93),
    ("Hit", 42.83, 33.64), ("Tal Afar", 42.45, 36.38), ("Aleppo", 37.16, 36.2), ("Baghdad", 44.4, 33.34),
)  # fmt: skip
VERBS = ("is shelled", "is retaken", "is entered", "is cut off", "is struck from the air", "is left by its people")
FIRST = 1_388_534_400_000  # 2014-01-01
DAYS = 4 * 365
CLAIM_COLUMNS = (
    "id, uid, event_id, quote_id, source_id, title, status, edtf, time_shape, earliest, latest_start, earliest_end, "
    "latest, precision, place_id, credibility, control_reach"
)
SIZES = (1, 1, 1, 1, 2, 2, 3)  # claims per event


def generate(path: Path, events: int, *, seed: int = 1, sources: int = 5, places: int = 200) -> Path:
    """Write a project with ``events`` events to ``path`` and answer it."""
    chance = random.Random(seed)
    store = Store.create(path, f"Generated, {events} events")
    try:
        add_kinds(store, CONFLICT)
        with store.step("Generate", origin="generate") as session:
            connection = session.connection()

            def insert(table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

            insert("place", "id, uid, name, kind, geom, radius_m", [_place(chance, n) for n in range(1, places + 1)])
            insert("source", "id, uid, title, publisher, reliability, published, published_first, published_last, "
                   "position", [_source(chance, n) for n in range(1, sources + 1)])  # fmt: skip
            claims, quotes, texts = _claims(chance, events, sources, places)
            documents = [(n, new_uid(), n, "original", *_content(texts[n])[:2]) for n in texts]
            insert("content", "sha256, body", [_content(text)[0::2] for text in texts.values()])
            insert("document", "id, uid, source_id, role, text_sha256, text_length", documents)
            insert("quote", 'id, uid, document_id, start, "end", exact, exact_sha256, state', quotes)
            insert("event", "id, uid, kind_id", [(n, new_uid(), chance.randint(1, 6)) for n in range(1, events + 1)])
            insert("claim", CLAIM_COLUMNS, claims)
        store.seal()
    finally:
        store.close()
    return path


def _place(chance: random.Random, number: int) -> tuple[object, ...]:
    name, lon, lat = TOWNS[(number - 1) % len(TOWNS)]
    if number > len(TOWNS):
        name = f"{chance.choice(('north', 'south', 'east', 'west'))} of {name} {number}"
        lon, lat = lon + chance.gauss(0, 0.8), lat + chance.gauss(0, 0.5)
    radius = chance.choice((None, None, None, 20_000.0))
    return number, new_uid(), name, "point", point_blob(lon, lat), radius


def _source(chance: random.Random, number: int) -> tuple[object, ...]:
    published = FIRST + chance.randrange(DAYS) * MS_DAY
    text = date_text(published)
    reliability = chance.choice(("A", "B", "C", "D", None))
    return (
        number,
        new_uid(),
        f"Report {number}",
        "Generated",
        reliability,
        text,
        published,
        published + MS_DAY - 1,
        number,
    )


def _claims(
    chance: random.Random, events: int, sources: int, places: int
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], dict[int, str]]:
    claims: list[tuple[object, ...]] = []
    quotes: list[tuple[object, ...]] = []
    texts: dict[int, list[str]] = {number: [] for number in range(1, sources + 1)}
    lengths = dict.fromkeys(texts, 0)
    statuses = [status.value for status in Status]
    for event in range(1, events + 1):
        place, day = chance.randint(1, places), chance.randrange(DAYS)
        title = f"{TOWNS[(place - 1) % len(TOWNS)][0]} {chance.choice(VERBS)}"
        for _ in range(chance.choice(SIZES)):
            source = chance.randint(1, sources)
            span = _span(chance, day + chance.choice((0, 0, 0, 1)))
            number = len(claims) + 1
            sentence = f"Report {number}: {title} on {span.edtf}. "
            start = lengths[source]
            exact = sentence.strip()
            digest = hashlib.sha256(exact.encode()).hexdigest()
            quotes.append(
                (number, new_uid(), source, start, start + len(exact), exact, digest, QuoteState.ANCHORED.value)
            )
            texts[source].append(sentence)
            lengths[source] += len(sentence)
            status = chance.choices(statuses, (80, 5, 5, 8, 2))[0]
            bounds = (span.earliest_start, span.latest_start, span.earliest_end, span.latest_end)
            credibility = chance.choice((None, None, 1, 2, 3, 4))
            reach = chance.choice((None, None, Reach.WHOLE.value))
            head = (number, new_uid(), event, number, source, title, status, span.edtf, span.shape.value)
            claims.append((*head, *bounds, int(span.precision), place, credibility, reach))
    return claims, quotes, {number: "".join(parts) for number, parts in texts.items()}


def _span(chance: random.Random, day: int) -> TimeSpan:
    first = FIRST + day * MS_DAY
    last = first + MS_DAY - 1
    exact = TimeSpan(date_text(first), first, last, first, last)
    if chance.random() < 0.8:
        return exact
    later = first + chance.randint(1, 40) * MS_DAY
    vague = hull((exact, TimeSpan(date_text(later), later, later + MS_DAY - 1, later, later + MS_DAY - 1)))
    assert vague is not None
    return vague


def _content(text: str) -> tuple[str, int, bytes]:
    raw = text.encode()
    return hashlib.sha256(raw).hexdigest(), len(text), zlib.compress(raw)

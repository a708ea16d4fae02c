"""The least work for the same end, without the program: what its figures are held against."""

from __future__ import annotations

import csv
import hashlib
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from tests.benchmarks.stage import now_ms

FETCH = "sqlite3 fetchall of the event and claim rows"
COMMIT = "one bare sqlite3 transaction, DELETE journal, FULL sync"
EXPORT = "sqlite3 fetchall of the same rows and csv.writer"
KEEP = "reading, hashing, packing and storing the files in one bare transaction"
MATCH = "the same FTS5 match by bare sqlite3"


def median(times: Iterable[float]) -> float:
    ordered = sorted(times)
    return ordered[len(ordered) // 2]


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median ms of a piece of work."""
    times = []
    for _ in range(repeats):
        start = now_ms()
        work()
        times.append(now_ms() - start)
    return median(times)


def fetch_ms(project: Path, repeats: int = 5) -> float:
    def fetch() -> None:
        with closing(sqlite3.connect(project)) as connection:
            connection.execute("SELECT * FROM event").fetchall()
            connection.execute("SELECT event_id, source_id FROM claim").fetchall()

    return timed(fetch, repeats)


def export_ms(project: Path, folder: Path, repeats: int = 5) -> float:
    """The events with their kinds, places and sources fetched and written, nothing made of them."""
    target = folder / "bare.csv"
    sql = (
        "SELECT e.title, e.summary, k.name, e.status, e.edtf, e.begins, e.ends, e.precision, e.time_shape, e.grade, "
        "p.name, p.geom, p.radius_m, e.claim_count, e.disagrees, e.tags, e.note, e.uid FROM event AS e "
        "LEFT JOIN kind AS k ON k.id = e.kind_id LEFT JOIN place AS p ON p.id = e.place_id ORDER BY e.earliest"
    )

    def export() -> None:
        with closing(sqlite3.connect(project)) as connection, target.open("w", newline="", encoding="utf-8") as file:
            connection.execute("SELECT DISTINCT event_id, source_id FROM claim").fetchall()
            csv.writer(file).writerows(connection.execute(sql).fetchall())

    took = timed(export, repeats)
    target.unlink()
    return took


def _copy(project: Path, folder: Path) -> Path:
    copy = folder / "bare.sqlite"
    shutil.copyfile(project, copy)
    with closing(sqlite3.connect(copy)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.commit()
    return copy


def commit_ms(project: Path, folder: Path, repeats: int = 20) -> float:
    """One row of an event changed, durably."""
    copy = _copy(project, folder)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        (event_id,) = connection.execute("SELECT min(id) FROM event").fetchone()
        turn = iter(range(repeats))

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE event SET title = ? WHERE id = ?", (f"Title {next(turn)}", event_id))
            connection.execute("COMMIT")

        took = timed(commit, repeats)
    copy.unlink()
    return took


def keep_ms(paths: list[Path], folder: Path, repeats: int = 5) -> float:
    """Files read, hashed, packed and stored durably."""
    target = folder / "kept.sqlite"
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE content (sha256 TEXT, body BLOB)")

        def keep() -> None:
            connection.execute("BEGIN IMMEDIATE")
            for path in paths:
                data = path.read_bytes()
                data.decode("utf-8", "replace")
                row = hashlib.sha256(data).hexdigest(), zlib.compress(data)
                connection.execute("INSERT INTO content VALUES (?, ?)", row)
            connection.execute("COMMIT")

        took = timed(keep, repeats)
    target.unlink()
    return took


def match_ms(project: Path, texts: list[str]) -> float:
    """Median ms of a prefix search for each text, the first 32 rows unranked."""
    times = []
    with closing(sqlite3.connect(project)) as connection:
        for text in texts:
            query = " ".join(f'"{word}"*' for word in text.split())
            start = now_ms()
            connection.execute(
                "SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT 32", (query,)
            ).fetchall()
            times.append(now_ms() - start)
    return median(times)

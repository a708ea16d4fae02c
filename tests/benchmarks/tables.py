"""Scenario of a large table: rows shaped like an ACLED export, brought in and taken away again.

200,000 rows, so that the round fits into a minute; DATELINE_TABLE_ROWS=1000000 measures the million that the target is
for. Memory is the process's largest resident size until then, interpreter and Qt included.
"""

from __future__ import annotations

import csv
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil

from db.importers.tables import importer
from db.importers.tables.known import ACLED
from db.importers.tables.reading import open_table
from db.store import Store
from db.templates import new_project
from tests.benchmarks.figures import Figure
from tests.benchmarks.setting import Setting
from tests.benchmarks.stage import now_ms
from tests.benchmarks.targets import Target
from tests.helpers import tables

ROWS = int(os.environ.get("DATELINE_TABLE_ROWS", "200000"))
MOST_MS = Target(60_000.0 * ROWS / 1_000_000)
MOST_MB = Target(1_500.0)
PLAIN = "csv.reader and one bare sqlite3 table of the same cells"


def import_table(setting: Setting) -> Iterator[Figure]:
    """The file opened and brought in, while a reader asks on; then undone."""
    file = tables.acled(setting.folder / "events.csv", ROWS)
    plain = plain_ms(file, setting.folder)
    project = setting.folder / "table.gpkg"
    new_project(project, "Table")
    with closing(Store.open(project)) as store:
        waits: list[float] = []
        sizes: list[float] = []
        over = threading.Event()
        asking = threading.Thread(target=_ask, args=(store, over, waits, sizes))
        asking.start()
        begun = now_ms()
        importer.import_table(store, open_table(file), ACLED)
        took = now_ms() - begun
        over.set()
        asking.join()
        begun = now_ms()
        store.undo()
        undone = now_ms() - begun
    name = f"table of {ROWS:,} rows"
    yield Figure(f"{name}, import", (took,), PLAIN, plain, setting.events, own_target=MOST_MS)
    yield Figure(f"{name}, a reader's questions meanwhile", tuple(waits), PLAIN, plain, setting.events)
    yield Figure(f"{name}, memory", (max(sizes),), PLAIN, plain, setting.events, unit="MB", own_target=MOST_MB)
    yield Figure(f"{name}, undo", (undone,), PLAIN, plain, setting.events)


def _ask(store: Store, over: threading.Event, waits: list[float], sizes: list[float]) -> None:
    """Ask as a view does, ten times a second, and look at the memory. A lock that lasts ends the asking."""
    process = psutil.Process()
    with closing(store.reader()) as con:
        while not over.is_set():
            begun = now_ms()
            con.execute("SELECT count(*) FROM source").fetchone()
            waits.append(now_ms() - begun)
            sizes.append(process.memory_info().rss / 1e6)
            time.sleep(0.1)


def plain_ms(file: Path, folder: Path) -> float:
    """The cells of a file in one table, durably."""
    begun = now_ms()
    with closing(sqlite3.connect(folder / "plain.sqlite", isolation_level=None)) as con, file.open(newline="") as text:
        rows = csv.reader(text)
        names = ", ".join(f'"{name}"' for name in next(rows))
        con.execute(f"CREATE TABLE t ({names})")
        con.execute("BEGIN IMMEDIATE")
        con.executemany(f"INSERT INTO t VALUES ({', '.join('?' * (names.count(',') + 1))})", rows)
        con.execute("COMMIT")
    return now_ms() - begun

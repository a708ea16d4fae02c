"""Killed at any moment, a project is whole, and every step that was acknowledged is in it."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from db.store import Store
from tests.helpers.project import contents, small_project

ROUNDS = 25
# Everything is imported once; each line read makes a child that works until it is killed.
WORKER = """
import os, sys
from pathlib import Path
from db import edits
from db.store import Store
from db.tables import Place

def work(path, log, number):
    store = Store.open(Path(path))
    log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        number += 1
        with store.step(f"Step {number}") as session:
            session.add(Place(name=f"step {number}", note="x" * (number % 7) * 3000))
            edits.set_event_title(session, 1, f"step {number}")
        os.write(log, f"{number}\\n".encode())
        if number % 5 == 0:
            store.undo()
            os.write(log, f"-{number}\\n".encode())

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        work(sys.argv[1], sys.argv[2], int(line))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


def acknowledged(log: Path) -> list[int]:
    """Numbers of the steps said to be on disk, an undone one taken off again."""
    done: list[int] = []
    for line in log.read_text().splitlines() if log.exists() else ():
        done.append(int(line)) if int(line) > 0 else done.remove(-int(line))
    return done


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_kill_at_any_moment(tmp_path: Path):
    path, log = tmp_path / "project.gpkg", tmp_path / "acknowledged"
    small_project(path, seal=True).close()
    log.touch()
    chance = random.Random(int(os.environ.get("DATELINE_SEED", "3")))
    last = torn = 0
    command = [sys.executable, "-c", WORKER, str(path), str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as maker:
        for _ in range(ROUNDS):
            size = log.stat().st_size
            maker.stdin.write(f"{last}\n")
            maker.stdin.flush()
            worker = int(maker.stdout.readline())
            deadline = time.monotonic() + 30
            while log.stat().st_size <= size:
                assert time.monotonic() < deadline
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.1))  # the moment is what is tried here
            os.kill(worker, signal.SIGKILL)
            assert maker.stdout.readline() == "gone\n"
            torn += path.with_name(path.name + "-journal").exists()
            last, kept = check(path, acknowledged(log))
            log.write_text("".join(f"{number}\n" for number in kept))
        maker.stdin.close()
    print(f"{last} steps, {torn} of {ROUNDS} times killed within one")


def check(path: Path, done: list[int]) -> tuple[int, list[int]]:
    """Every acknowledged step is there, at most one more, nothing torn, and undo works.

    Answers the number of the last step and the numbers of those that stand.
    """
    con = sqlite3.connect(path, isolation_level=None)
    assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert con.execute("PRAGMA foreign_key_check").fetchall() == []
    places = [row[0] for row in con.execute("SELECT name FROM place WHERE name LIKE 'step %' ORDER BY id").fetchall()]
    (title,) = con.execute("SELECT title FROM event WHERE id = 1").fetchone()
    (steps,) = con.execute("SELECT max(CAST(substr(label, 6) AS INTEGER)) FROM step").fetchone()
    con.close()
    expected = [f"step {number}" for number in done]
    # The last step or undo may have reached the disk without its acknowledgement.
    assert places in (expected, [*expected, f"step {steps}"], expected[:-1])
    if places:
        assert title == places[-1]

    store = Store.open(path)
    assert "Edited outside" not in [row[0] for row in store._con.execute("SELECT label FROM step").fetchall()]
    store._con.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
    if store.undo_label is not None:
        before = contents(store)
        store.undo()
        assert contents(store) != before
        store.redo()
        assert contents(store) == before
    store.close()
    return int(steps or 0), [int(place.split()[1]) for place in places]

"""Many rows as one step: a million events in seconds, where the journal's row images would take minutes.

Rows that came together share their ids: an event, its claim and the quote under it have one number. What is many
(quotes, claims, actors of claims, stored bytes) goes in by parts, each a commit of its own, so that memory is bounded
and readers wait only while a part is put on disk. It points at a document and at events that are not there yet, and
so shows nowhere. The last part adds those, the search index and a compact record in the journal, all at once: a crash
before it leaves rows that nobody can see, noted under ``bulk/`` in app_meta, and the next opening sweeps them away.
Undo goes the same way backwards (bulk_undo.py).
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from db import journal, search
from db.change import Change
from db.errors import EnvironmentFault, StoreBug
from db.history import StepHead
from db.journal import Tracked
from db.schema import now_text
from db.uid import new_uid

RECORD: Final = "bulk"
"""What stands for a table in the journal's compact record of a bulk step."""
MARKED: Final = "bulk/"
"""How the keys in app_meta begin under which a bulk change says that it is not done."""
MANY: Final = ("event", "quote", "claim", "claim_actor")
"""Tables whose rows come without images."""
SHARED: Final = ("event", "quote", "claim")
"""Tables that give one number to rows that came together."""
ABANDONED: Final = timedelta(seconds=60)
"""How long an unfinished change is left alone where its process may be alive: another window may be at it."""
SWEPT_AT_ONCE: Final = 100_000

Segments = list[list[int]]
"""Ranges of ids, first and last."""
Ranges = dict[str, Segments]


@dataclass(frozen=True, slots=True)
class Record:
    """What the journal keeps of a bulk step: ids by table, and what its author wants to know again.

    ``removed``: the step took the rows away (it undid another).
    """

    ranges: Ranges
    about: Mapping[str, Any]
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Hands:
    """What the Store does for a bulk change.

    ``begin`` opens a transaction, and raises where the file was changed by others; ``commit`` stamps and commits it.
    ``open_step`` writes the heading of the step, and ``close_step`` its record, with a note for the user: it commits.
    """

    begin: Callable[[], None]
    commit: Callable[[], int]
    open_step: Callable[[], StepHead]
    close_step: Callable[[StepHead, Record, str], Change | None]


class Bulk:
    """A bulk change under way, on the writer's connection. The Store makes it (``Store.bulk``)."""

    def __init__(self, con: sqlite3.Connection, tracked: Mapping[str, Tracked], hands: Hands) -> None:
        self.con, self.tracked = con, tracked
        self.change: Change | None = None
        self._hands = hands
        self._key = MARKED + new_uid()
        self._reserved: dict[str, tuple[int, int]] = {}
        self._next: dict[str, int] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Without the journal's triggers on what is many and without foreign keys; whatever fails is swept away."""
        con = self.con
        journal.uninstall(con, MANY)
        con.execute("PRAGMA foreign_keys = OFF")
        try:
            yield
        finally:
            if con.in_transaction:
                con.execute("ROLLBACK")
            if self._reserved and self.change is None:
                with suppress(sqlite3.Error, EnvironmentFault):  # a full disk: then the next opening does it
                    self.finish_sweeping(self._used())
            for (name,) in con.execute("SELECT name FROM temp.sqlite_master WHERE name GLOB 'bulk_*'").fetchall():
                con.execute(f'DROP TABLE temp."{name}"')
            con.execute("PRAGMA foreign_keys = ON")
            journal.install(con, [self.tracked[name] for name in MANY])

    def reserve(self, counts: Mapping[str, int]) -> None:
        """Set ids aside, at most so many for each table: nobody else is given one of them meanwhile.

        The tables in SHARED get the same ones; ``event`` says how many.
        """
        with self._transaction():
            last = {
                name: int(seq) for name, seq in self.con.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
            }
            together = max(last.get(name, 0) for name in SHARED)
            for name, count in {**counts, **dict.fromkeys(SHARED, counts["event"])}.items():
                first = (together if name in SHARED else last.get(name, 0)) + 1
                self._reserved[name] = (first, first + count - 1)
                self._next[name] = first
                self._set_sequence(name, first + count - 1)
            self._mark()

    def reserve_again(self, ranges: Ranges) -> None:
        """Set aside the ids that rows had which were taken away: nobody else was ever given one of them."""
        with self._transaction():
            for name, ((first, last), *_rest) in ranges.items():
                self._reserved[name] = (first, last)
                self._next[name] = first
            self._reserved.setdefault("claim_actor", (1, 0))
            self._next.setdefault("claim_actor", 1)
            self._mark()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Within a step: single rows of what is many are changed, which leaves images in the journal as ever."""
        journal.install(self.con, [self.tracked[name] for name in MANY])
        yield
        journal.uninstall(self.con, MANY)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """A transaction within a step that is rolled back: to see what would be."""
        self._hands.begin()
        self._hands.open_step()
        try:
            yield
        finally:
            self.con.execute("ROLLBACK")

    def next_ids(self, table: str, count: int) -> int:
        """The first of ``count`` reserved ids. Raises StoreBug when so many were not reserved."""
        first = self._next[table]
        if first + count - 1 > self._reserved[table][1] and count:
            raise StoreBug(f"more rows of {table} than were reserved")
        self._next[table] = first + count
        return first

    @contextmanager
    def part(self) -> Iterator[None]:
        """One commit of rows that show nowhere yet."""
        with self._transaction():
            yield
            self._mark()

    @contextmanager
    def last_part(self, about: Mapping[str, Any]) -> Iterator[None]:
        """The commit with which all shows. What is within adds the events and the rows of small tables.

        ``about`` is kept in the journal.
        """
        with self.closing_step() as close:
            yield
            ranges: Ranges = {}
            for name, (first, end) in self._reserved.items():
                used = self._next[name]
                if used > first and name in MANY:
                    ranges[name] = [[first, used - 1]]
                self.con.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ? AND seq = ?", (used - 1, name, end))
            self.con.execute("DELETE FROM app_meta WHERE key = ?", (self._key,))
            for first, last in ranges.get("event", []):
                search.add_range(self.con, "event", first, last)
            close(Record(ranges, about), "")

    @contextmanager
    def closing_step(self) -> Iterator[Callable[[Record, str], None]]:
        """The transaction that holds the heading of the step; what is within ends it by calling what is given."""
        self._hands.begin()
        head = self._hands.open_step()

        def close(record: Record, note: str) -> None:
            self.change = self._hands.close_step(head, record, note)

        yield close

    def sweep_later(self, ranges: Ranges) -> None:
        """Within a part: note rows that are to go, however this ends."""
        self._put_mark(ranges)

    def finish_sweeping(self, ranges: Ranges, told: Callable[[int], None] = lambda _done: None) -> None:
        """Take the noted rows away by parts, and the note with the last. ``told`` hears how many are gone."""
        gone = 0
        for table, first, last in pieces(ranges):
            with self._transaction():
                delete(self.con, table, first, last)
            gone += last - first + 1
            told(gone)
        with self._transaction():
            self.con.execute("DELETE FROM app_meta WHERE key = ?", (self._key,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._hands.begin()
        try:
            yield
        except BaseException:
            if self.con.in_transaction:
                self.con.execute("ROLLBACK")
            raise
        self._hands.commit()

    def _used(self) -> Ranges:
        """What may be in the file by now and shows nowhere."""
        firsts = {name: first for name, (first, _last) in self._reserved.items() if name in (*MANY, "content")}
        return {name: [[first, self._next[name] - 1]] for name, first in firsts.items() if self._next[name] > first}

    def _mark(self) -> None:
        self._put_mark(self._used())

    def _put_mark(self, ranges: Ranges) -> None:
        text = json.dumps({"at": now_text(), "by": [platform.node(), os.getpid()], "ranges": ranges})
        self.con.execute("INSERT OR REPLACE INTO app_meta (key, value) VALUES (?, ?)", (self._key, text))

    def _set_sequence(self, table: str, last: int) -> None:
        if not self.con.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table)).rowcount:
            self.con.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))


def pieces(ranges: Ranges) -> Iterator[tuple[str, int, int]]:
    """Ranges in runs short enough for one commit: table, first, last. What points at others goes first."""
    order = ("claim_actor", "claim", "quote", "event")
    for table in sorted(ranges, key=lambda name: order.index(name) if name in order else len(order)):
        for first, last in ranges[table]:
            for start in range(first, last + 1, SWEPT_AT_ONCE):
                yield table, start, min(start + SWEPT_AT_ONCE - 1, last)


def delete(con: sqlite3.Connection, table: str, first: int, last: int) -> None:
    con.execute(f'DELETE FROM main."{table}" WHERE id BETWEEN ? AND ?', (first, last))


def sweep_abandoned(
    con: sqlite3.Connection, commit: Callable[[], object] | None, patience: timedelta = ABANDONED
) -> bool:
    """Take away what a bulk change left that a crash cut off; answers whether there was any.

    Before the journal's triggers are installed. What may still be under way in another window stays. ``commit`` stamps
    and commits; None where another program has written the file, which a stamp would hide.
    """
    rows = con.execute("SELECT key, value FROM app_meta WHERE key GLOB ?", (MARKED + "*",)).fetchall()
    due = [(key, ranges) for key, value in rows if (ranges := _abandoned(value, patience)) is not None]
    if not due:
        return False
    done = commit or (lambda: con.execute("COMMIT"))
    con.execute("PRAGMA foreign_keys = OFF")
    try:
        for key, ranges in due:
            for table, first, last in pieces(ranges):
                con.execute("BEGIN IMMEDIATE")
                delete(con, table, first, last)
                done()
            con.execute("BEGIN IMMEDIATE")
            con.execute("DELETE FROM app_meta WHERE key = ?", (key,))
            done()
    finally:
        con.execute("PRAGMA foreign_keys = ON")
    return True


def _abandoned(value: object, patience: timedelta) -> Ranges | None:
    """The ranges in a note whose author has not been heard of for long enough; None for others."""
    try:
        note = json.loads(str(value))
        heard = datetime.fromisoformat(note["at"])
        ranges = {
            name: [[int(first), int(last)] for first, last in note["ranges"][name]]
            for name in note["ranges"]
            if name in journal.TRACKED or name == "content"
        }
    except (ValueError, TypeError, KeyError):
        return None
    waits = abs(datetime.now(UTC) - heard) < patience and not _is_gone(note.get("by"))
    return None if waits else ranges


def _is_gone(by: object) -> bool:
    """Whether the process that left a note was one of this machine and has ended; False where that cannot be told."""
    if os.name != "posix" or not isinstance(by, list) or len(by) != 2 or by[0] != platform.node():
        return False
    try:
        os.kill(int(by[1]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, TypeError, OverflowError):
        return False
    return False


def write_record(con: sqlite3.Connection, step_id: int, record: Record) -> None:
    """Put the compact record of a bulk step into the journal."""
    text = json.dumps({"ranges": record.ranges, "about": record.about}, ensure_ascii=False)
    images = (text, None) if record.removed else (None, text)
    con.execute(
        "INSERT INTO journal (step_id, table_name, row_id, before, after) VALUES (?, ?, 0, ?, ?)",
        (step_id, RECORD, *images),
    )


def record_of(con: sqlite3.Connection, first_entry: int, entries: int) -> Record | None:
    """The compact record among the journal's entries from ``first_entry`` on; None for an ordinary step."""
    row = con.execute(
        "SELECT before, after FROM journal WHERE id >= ? AND id < ? AND table_name = ?",
        (first_entry, first_entry + entries, RECORD),
    ).fetchone()
    if row is None:
        return None
    said = json.loads(row[0] if row[1] is None else row[1])
    return Record(said["ranges"], said["about"], removed=row[1] is None)


def imageless(con: sqlite3.Connection, table: str) -> str:
    """SQL that is true of a row ``t`` of a table that a bulk step brought and that has no image since."""
    if table not in MANY:
        return "0"
    found: Segments = []
    for (text,) in con.execute(
        "SELECT after FROM journal WHERE table_name = ? AND after IS NOT NULL", (RECORD,)
    ).fetchall():
        found += json.loads(text)["ranges"].get(table, [])
    if not found:
        return "0"
    within = " OR ".join(f"t.id BETWEEN {int(first)} AND {int(last)}" for first, last in found)
    return f"(({within}) AND t.id NOT IN (SELECT row_id FROM journal WHERE table_name = '{table}'))"


def with_ranges(rows: Mapping[str, frozenset[int]], record: Record) -> dict[str, frozenset[int]]:
    """Changed rows with those of a bulk step. Tables that share their numbers share one set."""
    found = {name: ids for name, ids in rows.items() if name != RECORD}
    sets: dict[str, frozenset[int]] = {}
    for name, segments in record.ranges.items():
        key = json.dumps(segments)
        if key not in sets:
            sets[key] = frozenset(each for first, last in segments for each in range(first, last + 1))
        found[name] = found[name] | sets[key] if name in found else sets[key]
    return found

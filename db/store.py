"""The project file: opened and closed, changed in labelled steps, undone and redone, told to those who listen.

One Store is the one writer of its file in this process; readers are connections of their own. Questions are in
db/queries, what is displayed in db/derive.py, the journal in db/journal.py, checks on opening in db/opening.py.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from db import journal, search
from db.connection import connect_reader, connect_writer
from db.displayed import keep_sources, rebuild_derived
from db.errors import EnvironmentFault, InputFault, StoreBug
from db.faults import as_fault
from db.history import History, StepHead
from db.opening import Opened, open_project
from db.schema import create_identity, create_schema, now_text
from db.uid import new_uid

FLOOR_KEY: Final = "undo_floor"
STAMP_KEY: Final = "change_counter"


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed: table name -> ids of rows, those inserted and deleted included. ``origin`` is who asked.

    Under ``event`` stand also the events whose displayed values may be others.
    """

    label: str
    rows: Mapping[str, frozenset[int]]
    origin: str


class StepSession(Session):
    """The session of a step. The step commits, and nobody else: a half of it must never be on disk."""

    def commit(self) -> NoReturn:
        raise StoreBug("a session of a step is committed by the step itself")

    def rollback(self) -> NoReturn:
        raise StoreBug("leave a step by an exception to have it rolled back")


class Store:
    """An open project. Make one with ``create`` or ``open``, and close it.

    Steps, undo and redo may be run from any thread, one at a time; the rest is for any thread at any time.

    Attributes:
        path: the file.
        project_uid: who the project is, in all its copies.
        read_only, read_only_reason: whether steps are refused, and why, as a sentence; None where it was asked for.
        who: whom to name in the steps; None until the user sets it.
    """

    def __init__(self, path: Path, opened: Opened) -> None:
        """Not to be called: see ``create`` and ``open``."""
        self.path = path
        self.project_uid = opened.meta["project_uid"]
        self.read_only = opened.read_only
        self.read_only_reason = opened.reason
        self.who: str | None = None
        self._con = opened.con
        self._watch = opened.watch
        self._lock = threading.RLock()
        self._stepping = False
        self._listeners: list[Callable[[Change], None]] = []
        self._history = _load_history(self._con)
        self._tracked: dict[str, journal.Tracked] = {}
        self._engine: Engine | None = None
        if not self.read_only:
            self._tracked = journal.tracked_tables(self._con)
            journal.install(self._con, self._tracked.values())
            self._engine = create_engine("sqlite://", creator=lambda: self._con, poolclass=StaticPool)
            self._engine.connect().close()  # its first connection asks around and rolls back

    @classmethod
    def create(cls, path: Path, title: str) -> Store:
        """Make a new project file and open it.

        It is made under another name beside ``path`` and moved there when it is complete. Raises InputFault when there
        is something at ``path`` already, EnvironmentFault when it cannot be written.
        """
        if path.exists():
            raise InputFault(f"There is already a file {path.name} here. It was left as it is.")
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            part.unlink(missing_ok=True)
            part.touch()
            con = connect_writer(part)
            try:
                con.execute("BEGIN IMMEDIATE")
                create_schema(con)
                create_identity(con, title)
                con.execute("INSERT INTO app_meta (key, value) VALUES (?, '1')", (STAMP_KEY,))
                con.execute("COMMIT")
            finally:
                con.close()
            part.rename(path)
        except Exception as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise as_fault(error, path) from error
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Store:
        """Open a project. A file that may be read and not written is opened read-only, with the reason.

        Raises EnvironmentFault with a sentence when it cannot be opened at all; then nothing was written.
        """
        opened = open_project(path, read_only=read_only)
        try:
            return cls(path, opened)
        except Exception as error:
            opened.close()
            raise as_fault(error, path) from error

    def close(self) -> None:
        """Wait for a step that is running, then close the file. Readers are closed by those who asked for them."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
            self._con.close()
            self._watch.close()

    def reader(self) -> sqlite3.Connection:
        """A fresh connection that cannot write, for use in one thread at a time. The caller closes it."""
        try:
            return connect_reader(self.path)
        except sqlite3.Error as error:
            raise as_fault(error, self.path) from error

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Have every Change told, on the thread that made it, after it is on disk. Answers how to stop that."""
        self._listeners.append(callback)

        def stop() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return stop

    @contextmanager
    def step(self, label: str, origin: str = "") -> Iterator[Session]:
        """One transaction, one entry for undo, one Change. Leaving by an exception takes everything back.

        A step that changes nothing leaves no trace. Raises EnvironmentFault when the file cannot be written (then the
        step has not happened) and StoreBug for a step within a step.
        """
        with self._lock:
            change = None
            step_id = self._begin(label, None)
            try:
                assert self._engine is not None
                with self._engine.connect() as connection, StepSession(connection, expire_on_commit=False) as session:
                    yield session
                    session.flush()
                    change = self._finish(StepHead(step_id, label, None, None, 0), label, origin)
            except BaseException as error:
                self._abandon()
                if isinstance(error, Exception):
                    fault = as_fault(error, self.path)
                    if fault is not error:
                        raise fault from error
                raise
            finally:
                self._stepping = False
        self._tell(change)

    @property
    def undo_label(self) -> str | None:
        """The label of the step that ``undo`` would revert; None when there is none."""
        step = self._history.next_undo
        return None if step is None or self.read_only else step.label

    @property
    def redo_label(self) -> str | None:
        step = self._history.next_redo
        return None if step is None or self.read_only else step.label

    def undo(self) -> Change | None:
        """Revert the last step that is not undone; None when there is none.

        Raises EnvironmentFault, naming the row, when another program has changed what the step left behind.
        """
        return self._revert(self._history.next_undo, "undo")

    def redo(self) -> Change | None:
        """Revert the last undoing; None when there is none. Raises as ``undo``."""
        return self._revert(self._history.next_redo, "redo")

    def seal(self) -> None:
        """Make everything so far the ground that undo does not go below."""
        with self._lock:
            self._begin_transaction()
            try:
                self._put(FLOOR_KEY, "(SELECT coalesce(max(id), 0) FROM step)")
                self._commit()
            except Exception as error:
                self._abandon()
                raise as_fault(error, self.path) from error
            self._history.clear()

    # One transaction

    def _begin(self, label: str, undoes_id: int | None) -> int:
        """Open the transaction of a step and write its heading; answers its id."""
        if self._stepping:
            raise StoreBug(f"the step {label!r} begins within another step")
        self._begin_transaction()
        try:
            cursor = self._con.execute(
                "INSERT INTO step (uid, label, who, at, undoes_id) VALUES (?, ?, ?, ?, ?)",
                (new_uid(), label, self.who, now_text(), undoes_id),
            )
            step_id = cursor.lastrowid
            assert step_id is not None
            self._con.execute("INSERT INTO step_now VALUES (?)", (step_id,))
        except Exception as error:
            self._abandon()
            raise as_fault(error, self.path) from error
        self._stepping = True
        self._changes_before = self._con.total_changes
        return step_id

    def _begin_transaction(self) -> None:
        if self.read_only:
            raise EnvironmentFault(self.read_only_reason or f"{self.path.name} was opened for reading only.")
        try:
            self._con.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise as_fault(error, self.path) from error

    def _finish(self, head: StepHead, label: str, origin: str) -> Change | None:
        """Bring everything derived up to date, write the stamp and commit; roll back when nothing was changed."""
        con = self._con
        if not con.in_transaction:
            raise StoreBug(f"the transaction of the step {label!r} ended before the step did")
        if con.total_changes == self._changes_before:
            self._abandon()
            return None
        rows = self._derive(head.id)
        first, entries = con.execute("SELECT min(id), count(*) FROM journal WHERE step_id = ?", (head.id,)).fetchone()
        if entries:
            con.execute("UPDATE step SET first_entry = ?, entries = ? WHERE id = ?", (first, entries, head.id))
        else:
            con.execute("DELETE FROM step WHERE id = ?", (head.id,))
        con.execute("DELETE FROM step_now")
        self._commit()
        if entries:
            self._history.add(StepHead(head.id, label, head.undoes_id, first, entries))
        return Change(label, rows, origin) if rows else None

    def _derive(self, step_id: int) -> dict[str, frozenset[int]]:
        """Keep the source of quoted claims, what events display and the search index in step; answers what changed."""
        con = self._con
        touched = {row[0] for row in con.execute("SELECT DISTINCT event_id FROM touched").fetchall()}
        con.execute("DELETE FROM touched")
        changed: dict[str, set[int]] = defaultdict(set)
        for name, row_id in con.execute("SELECT table_name, row_id FROM journal WHERE step_id = ?", (step_id,)):
            changed[name].add(row_id)
        claims = changed["claim"]
        keep_sources(con, claims)
        rebuild_derived(con, touched)
        con.execute("DELETE FROM touched")
        changed["event"] |= touched
        search.update(con, changed)
        return {name: frozenset(ids) for name, ids in changed.items() if ids}

    def _commit(self) -> None:
        """Stamp the file with the change counter that this commit will give it, so that other writers show."""
        counter = self._watch.read().change_counter
        self._put(STAMP_KEY, str((counter + 1) & 0xFFFF_FFFF))
        self._con.execute("COMMIT")

    def _put(self, key: str, value: str) -> None:
        expression = value if value.startswith("(") else "?"
        parameters = (key,) if expression != "?" else (key, value)
        self._con.execute(f"INSERT OR REPLACE INTO app_meta (key, value) VALUES (?, {expression})", parameters)

    def _abandon(self) -> None:
        if self._con.in_transaction:
            with suppress(sqlite3.Error):
                self._con.execute("ROLLBACK")
        self._stepping = False

    def _revert(self, target: StepHead | None, origin: str) -> Change | None:
        if target is None:
            return None
        with self._lock:
            step_id = self._begin(target.label, target.id)
            try:
                changes = journal.entries(self._con, target.first_entry or 0, target.entries)
                journal.check_untouched(self._con, changes, self._tracked, target.label)
                journal.revert(self._con, changes, self._tracked)
                change = self._finish(StepHead(step_id, target.label, target.id, None, 0), target.label, origin)
            except Exception as error:
                self._abandon()
                raise as_fault(error, self.path) from error
            finally:
                self._stepping = False
        self._tell(change)
        return change

    def _tell(self, change: Change | None) -> None:
        if change is not None:
            for listener in tuple(self._listeners):
                listener(change)


def _load_history(con: sqlite3.Connection) -> History:
    rows = con.execute("SELECT id, label, undoes_id, first_entry, entries FROM step ORDER BY id").fetchall()
    floor = con.execute("SELECT value FROM app_meta WHERE key = ?", (FLOOR_KEY,)).fetchone()
    return History((StepHead(*row) for row in rows), int(floor[0]) if floor else 0)

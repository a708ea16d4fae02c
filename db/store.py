"""The project file: opened and closed, changed in labelled steps, undone and redone, told to those who listen.

One Store is the one writer of its file in this process; readers are connections of their own. Questions are in
db/queries, what is displayed in db/derive.py, the journal in db/journal.py, checks on opening in db/opening.py.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from db import bulk_undo, journal, outside, search
from db.backup import save_copy
from db.bulk import Bulk, Hands, Record, record_of, sweep_abandoned, with_ranges, write_record
from db.change import Change, StepSession
from db.connection import connect_reader
from db.creation import STAMP_KEY, make_file
from db.displayed import keep_sources, rebuild_derived, underived
from db.errors import EnvironmentFault, StoreBug
from db.faults import as_fault
from db.history import History, StepHead
from db.opening import Opened, open_project
from db.schema import now_text
from db.steps import FLOOR_KEY, last_stamp, load_history
from db.uid import new_uid

__all__ = ["ELSEWHERE", "Change", "StepSession", "Store", "last_stamp"]

ELSEWHERE: Final = "Changed in another window"


class Store:
    """An open project. Make one with ``create`` or ``open``, and close it.

    Steps, undo and redo may be run from any thread, one at a time; the rest is for any thread at any time.

    Attributes:
        path: the file.
        project_uid: who the project is, in all its copies.
        read_only, read_only_reason: whether steps are refused, and why, as a sentence; None where it was asked for.
        swept: whether opening took away what a bulk change left that was cut off.
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
        self._immutable = opened.immutable
        self._lock = threading.RLock()
        self._stepping = False
        self._changes_before = 0
        self._listeners: list[Callable[[Change], None]] = []
        self._news: list[Change] = []
        self._history = load_history(self._con)
        self._tracked: dict[str, journal.Tracked] = {}
        self._engine = create_engine("sqlite://", creator=lambda: self._con, poolclass=StaticPool)
        self._engine.connect().close()  # its first connection asks around and rolls back
        self.swept = not self.read_only and sweep_abandoned(self._con, None if opened.outside else self._commit)
        if not self.read_only:
            if opened.outside:
                self._adopt()
            else:
                self._install()
                search.complete(self._con, self._commit)
        self._seen = self._data_version()

    @classmethod
    def create(cls, path: Path, title: str) -> Store:
        """Make a new project file and open it. Raises as ``creation.make_file``."""
        make_file(path, title)
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
            self._engine.dispose()
            self._con.close()
            self._watch.close()

    def reader(self) -> sqlite3.Connection:
        """A fresh connection that cannot write, for use in one thread at a time. The caller closes it."""
        try:
            return connect_reader(self.path, immutable=self._immutable)
        except sqlite3.Error as error:
            raise as_fault(error, self.path) from error

    def save_copy(self, target: Path) -> None:
        """Write the whole project to another file, in place of what is there.

        Raises InputFault when that is this project's own file, EnvironmentFault when it cannot be written.
        """
        with self._lock:
            save_copy(self._con, self.path, target)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Have every Change told, on the thread that made it, after it is on disk. Answers how to stop that."""
        self._listeners.append(callback)

        def stop() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return stop

    @contextmanager
    def step(self, label: str, origin: str = "") -> Iterator[StepSession]:
        """One transaction, one entry for undo, one Change. Leaving by an exception takes everything back.

        A step that changes nothing leaves no trace. Raises EnvironmentFault when the file cannot be written (then the
        step has not happened) and StoreBug for a step within a step.
        """
        with self._telling():
            self._begin()
            with self._guarded():
                head = self._head(label, None)
                with self._engine.connect() as connection, StepSession(connection, expire_on_commit=False) as session:
                    yield session
                    session.flush()
                    session.change = self._finish(head, origin)

    @contextmanager
    def bulk(self, label: str, origin: str = "") -> Iterator[Bulk]:
        """Many rows as one entry for undo and one Change, in several commits of which the last shows them (bulk.py).

        Left without a last part, or by an exception, everything is taken back. Raises as ``step``, and EnvironmentFault
        when another program writes the file meanwhile.
        """
        with self._telling():
            self._begin()
            self._abandon()  # each part is a transaction of its own
            with self._guarded():
                bulk = self._bulk(label, None, origin)
                with bulk.running():
                    yield bulk

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
        return self._revert(lambda history: history.next_undo, "undo")

    def redo(self) -> Change | None:
        """Revert the last undoing; None when there is none. Raises as ``undo``."""
        return self._revert(lambda history: history.next_redo, "redo")

    def seal(self) -> None:
        """Make everything so far the ground that undo does not go below."""
        with self._telling():
            self._begin()
            with self._guarded():
                self._con.execute(
                    "INSERT OR REPLACE INTO app_meta (key, value) SELECT ?, coalesce(max(id), 0) FROM step",
                    (FLOOR_KEY,),
                )
                self._commit()
            self._history.clear()

    # One transaction

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Hold the lock, and tell what came to be on disk once it is left, by whichever way: others' news are met with
        also where a step of ours fails or has nothing to do.
        """
        news: list[Change] = []
        try:
            with self._lock:
                try:
                    yield
                finally:
                    if not self._stepping:  # else it is a step within a step that was refused; the outer one tells
                        news, self._news = self._news, news
        finally:
            for change in news:
                for listener in tuple(self._listeners):
                    listener(change)

    def _begin(self) -> None:
        """Open a transaction on the file as it is now, having caught up with what others have written meanwhile."""
        if self._stepping:
            raise StoreBug("a step begins within another step")
        if self.read_only:
            raise EnvironmentFault(self.read_only_reason or f"{self.path.name} was opened for reading only.")
        try:
            self._con.execute("BEGIN IMMEDIATE")
            if not self._catch_up():
                self._con.execute("ROLLBACK")
                self._adopt()
                self._con.execute("BEGIN IMMEDIATE")
                self._seen = self._data_version()
        except Exception as error:
            self._abandon()
            raise as_fault(error, self.path) from error

    def _begin_part(self) -> None:
        """Open the transaction of one part of a bulk change."""
        self._con.execute("BEGIN IMMEDIATE")
        if not self._catch_up():
            raise EnvironmentFault(
                f"Another program has changed {self.path.name} meanwhile. Nothing was added; try again."
            )

    def _catch_up(self) -> bool:
        """Take note of what other windows have written; False when it was another program."""
        if self._data_version() == self._seen:
            return True
        if last_stamp(self._con) != self._watch.read().change_counter:
            return False
        self._history = load_history(self._con)
        self._news.append(Change(ELSEWHERE, outside.all_rows(self._con, self._tracked.values()), "elsewhere"))
        self._seen = self._data_version()
        return True

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Take the whole transaction back on any exception; errors of the file become sentences."""
        self._stepping = True
        try:
            yield
        except BaseException as error:
            self._abandon()
            if isinstance(error, Exception):
                fault = as_fault(error, self.path)
                if fault is not error:
                    raise fault from error
            raise
        finally:
            self._stepping = False

    def _abandon(self) -> None:
        if self._con.in_transaction:
            with suppress(sqlite3.Error):
                self._con.execute("ROLLBACK")

    def _head(self, label: str, undoes_id: int | None) -> StepHead:
        """Write the heading of a step."""
        cursor = self._con.execute(
            "INSERT INTO step (uid, label, who, at, undoes_id) VALUES (?, ?, ?, ?, ?)",
            (new_uid(), label, self.who, now_text(), undoes_id),
        )
        assert cursor.lastrowid is not None
        self._con.execute("INSERT INTO step_now VALUES (?)", (cursor.lastrowid,))
        self._changes_before = self._con.total_changes
        (last,) = self._con.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
        return StepHead(cursor.lastrowid, label, undoes_id, last + 1, 0)

    def _finish(
        self, head: StepHead, origin: str, *, rebuild: bool = False, record: Record | None = None, note: str = ""
    ) -> Change | None:
        """Bring everything derived up to date, stamp and commit; roll back when nothing was changed.

        ``rebuild`` does so for all rows, not only for those that the step has touched, and commits in any case.
        ``record`` is of the rows of a bulk step, whose displayed values stand.
        """
        con = self._con
        if not con.in_transaction:
            raise StoreBug(f"the transaction of the step {head.label!r} ended before the step did")
        if con.total_changes == self._changes_before and not rebuild:
            self._abandon()
            return None
        rows = self._derive(head, rebuild)
        if record is not None:
            write_record(con, head.id, record)
            rows = with_ranges(rows, record)
        (entries,) = con.execute("SELECT count(*) FROM journal WHERE id >= ?", (head.first_entry,)).fetchone()
        if entries:
            values = (head.first_entry, entries, head.id)
            con.execute("UPDATE step SET first_entry = ?, entries = ? WHERE id = ?", values)
        else:
            con.execute("DELETE FROM step WHERE id = ?", (head.id,))
        con.execute("DELETE FROM step_now")
        stamp = self._commit()
        if entries:
            self._history.add(replace(head, entries=entries))
        change = Change(head.label, rows, origin, stamp, note) if rows else None
        if change is not None:
            self._news.append(change)
        return change

    def _derive(self, head: StepHead, rebuild: bool) -> dict[str, frozenset[int]]:
        """Keep the source of quoted claims, what events display and the search index in step; answers what changed."""
        con = self._con
        changed: dict[str, set[int]] = defaultdict(set)
        sql = "SELECT DISTINCT table_name, row_id FROM journal WHERE id >= ?"
        entries = con.execute(sql, (head.first_entry,)).fetchall()
        for name, row_id in entries:
            changed[name].add(row_id)
        keep_sources(con, changed["claim"])
        touched = {row[0] for row in con.execute("SELECT DISTINCT event_id FROM touched").fetchall()}
        rebuild_derived(con, touched.union(underived(con)) if rebuild else touched)
        con.execute("DELETE FROM touched")
        changed["event"] |= touched
        if rebuild:
            changed["event"] = {row[0] for row in con.execute("SELECT id FROM event").fetchall()}
            search.rebuild(con)
        else:
            search.update(con, changed)
        return {name: frozenset(ids) for name, ids in changed.items() if ids}

    def _commit(self) -> int:
        """Stamp the file with the change counter that this commit will give it, so that other writers show."""
        counter = (self._watch.read().change_counter + 1) & 0xFFFF_FFFF
        self._con.execute("INSERT OR REPLACE INTO app_meta (key, value) VALUES (?, ?)", (STAMP_KEY, str(counter)))
        self._con.execute("COMMIT")
        return counter

    def _revert(self, pick: Callable[[History], StepHead | None], origin: str) -> Change | None:
        with self._telling():
            self._begin()
            with self._guarded():
                target = pick(self._history)
                if target is None:
                    self._abandon()
                    return None
                record = record_of(self._con, target.first_entry or 0, target.entries)
                if record is not None:
                    self._abandon()
                    return self._revert_bulk(target, record, origin)
                head = self._head(target.label, target.id)
                changes = journal.entries(self._con, target.first_entry or 0, target.entries)
                journal.check_untouched(self._con, changes, self._tracked, target.label)
                with journal.fitting(target.label):
                    journal.revert(self._con, changes, self._tracked)
                    return self._finish(head, origin)

    def _bulk(self, label: str, undoes_id: int | None, origin: str) -> Bulk:
        def close(head: StepHead, record: Record, note: str) -> Change | None:
            return self._finish(head, origin, record=record, note=note)

        hands = Hands(self._begin_part, self._commit, lambda: self._head(label, undoes_id), close)
        return Bulk(self._con, self._tracked, hands)

    def _revert_bulk(self, target: StepHead, record: Record, origin: str) -> Change | None:
        bulk = self._bulk(target.label, target.id, origin)
        with bulk.running():
            return bulk_undo.undo(bulk, record, target)

    # Other programs

    def _adopt(self) -> None:
        """Take over what another program has written, as a step of its own."""
        journal.uninstall(self._con)
        self._con.execute("BEGIN IMMEDIATE")
        with self._guarded():
            outside.drop_foreign_indexes(self._con)
            self._install()
            head = self._head(outside.LABEL, None)
            with self._engine.connect() as connection, StepSession(connection, expire_on_commit=False) as session:
                outside.adopt(self._con, session, head.id, self._tracked)
                session.flush()
                self._finish(head, "outside", rebuild=True)
        self._history = load_history(self._con)

    def _install(self) -> None:
        self._tracked = journal.tracked_tables(self._con)
        journal.install(self._con, self._tracked.values())

    def _data_version(self) -> int:
        """A number that changes when another connection has written the file."""
        return int(self._con.execute("PRAGMA data_version").fetchone()[0])

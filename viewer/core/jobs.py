"""Work off the GUI thread: one writer so that steps never interleave, some readers for questions.

Answers come back on the GUI thread. A reader's question has a topic: a newer one on the same topic makes the older
answer unwanted, which is what a scrubber needs. Long work gets a Progress it reports to and asks whether to stop.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from db.errors import EnvironmentFault
from viewer.core.priority import make_way

log = logging.getLogger(__name__)
READERS: Final = 2
LEAVE_MS: Final = 1_000
"""After so long nobody else has what has been let go."""

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class Cancelled(Exception):
    """The user asked the work to stop; it has left nothing behind."""


class Progress:
    """Handed to long work. Thread-safe.

    ``report(done, total)`` says how far it is; it raises Cancelled once ``cancel`` was called.
    """

    def __init__(self, listener: Callable[[int, int], None]) -> None:
        self._listener = listener
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def report(self, done: int, total: int) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self._listener(done, total)


class Jobs(QObject):
    """Runs functions on threads and brings the answers home.

    Signals:
        busy_changed(bool): the writer has, or no longer has, work.
        long_began(Progress, str, object): something long with a label begins; the object is called to stop it, and
            None where it cannot be stopped.
        progressed(Progress, int, int): how much of how many it has done.
        long_ended(Progress): it is over, one way or another.
        failed(Exception): a job without its own ``failed`` raised; EnvironmentFault is for the user's eyes.
    """

    busy_changed = Signal(bool)
    long_began = Signal(object, str, object)
    progressed = Signal(object, int, int)
    long_ended = Signal(object)
    failed = Signal(object)
    _came_home = Signal(object)

    def __init__(self, connect: Callable[[], sqlite3.Connection], parent: QObject | None = None) -> None:
        """``connect`` makes a query-only connection for the calling thread."""
        super().__init__(parent)
        self._connect = connect
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._writer = ThreadPoolExecutor(1, "writer", make_way)
        self._readers = ThreadPoolExecutor(READERS, "reader", make_way)
        self._long_reader = ThreadPoolExecutor(1, "long reader", make_way)
        self._latest: dict[str, int] = {}
        self._long: set[Progress] = set()
        self._long_writes: dict[Progress, str] = {}
        self._writing = 0
        self._waiting = 0
        self._closed = False
        self._leaving: list[object] = []
        self._leave = QTimer(self, singleShot=True, interval=LEAVE_MS)
        self._leave.timeout.connect(self._on_leave)
        self._came_home.connect(self._on_came_home, Qt.ConnectionType.QueuedConnection)

    @property
    def writing(self) -> bool:
        """Whether a change is under way or waits its turn."""
        return self._writing > 0

    @property
    def long_writes(self) -> tuple[str, ...]:
        """The labels of the long changes, under way or waiting, that ``close`` would stop."""
        return tuple(self._long_writes.values())

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def idle(self) -> bool:
        """Whether no answer is outstanding."""
        return self._waiting == 0

    def read(
        self, topic: str, question: Callable[[sqlite3.Connection], Any], done: Done, failed: Failed | None = None
    ) -> None:
        """Ask on a reader thread; ``done(answer)`` on the GUI thread unless the topic was asked anew meanwhile.

        After ``close`` nothing is asked: news of the last change may still come in then.
        """
        if self._closed:
            return
        ticket = self._latest[topic] = self._latest.get(topic, 0) + 1

        def ask() -> Any:
            if self._latest.get(topic) != ticket:  # asked anew before we began: spare the work
                raise Cancelled
            return question(self._reader())

        def wanted() -> bool:
            return self._latest.get(topic) == ticket

        self._submit(self._readers, ask, done, failed, wanted)

    def write(self, work: Callable[[], Any], done: Done | None = None, failed: Failed | None = None) -> None:
        """Run a change on the writer thread, after all earlier ones. After ``close`` nothing is run any more."""
        if self._closed:
            return
        self._writing += 1
        if self._writing == 1:
            self.busy_changed.emit(True)

        def after(answer: Any) -> None:
            self._written()
            if done is not None:
                done(answer)

        def after_failure(error: Exception) -> None:
            self._written()
            self._report(error, failed)

        self._submit(self._writer, work, after, after_failure, None)

    def write_long(
        self,
        label: str | Callable[[], str],
        work: Callable[[Progress], Any],
        done: Done,
        failed: Failed | None = None,
        *,
        stops: bool = True,
    ) -> None:
        """As ``write``, for work that may take its time; it reports how far it is where it knows. A ``label`` that is
        called is so on the writer thread when its turn has come.

        Where it ``stops`` it can be stopped whenever it reports: it fails with Cancelled then.
        """
        if self._closed:
            return
        self.write(*self._long_work(label, work, done, failed, stops=stops, writes=True))

    def read_long(
        self,
        label: str,
        question: Callable[[sqlite3.Connection, Progress], Any],
        done: Done,
        failed: Failed | None = None,
    ) -> None:
        """A question that reports how far it is and can be stopped: it fails with Cancelled then.

        On a thread of its own, one after the other, so that no reader is kept from the views. After ``close`` nothing
        is asked.
        """
        if self._closed:
            return
        begin, after, after_failure = self._long_work(
            label, lambda progress: question(self._reader(), progress), done, failed
        )
        self._submit(self._long_reader, begin, after, after_failure, None)

    def _long_work(
        self,
        label: str | Callable[[], str],
        work: Callable[[Progress], Any],
        done: Done,
        failed: Failed | None,
        *,
        stops: bool = True,
        writes: bool = False,
    ) -> tuple[Callable[[], Any], Done, Failed]:
        """Work that tells the signals of its beginning, its progress and its end."""
        progress = Progress(lambda done, total: self.progressed.emit(progress, done, total))
        self._long.add(progress)
        if writes and stops:
            self._long_writes[progress] = label if isinstance(label, str) else label()

        def begin() -> Any:
            said = label if isinstance(label, str) else label()
            self.long_began.emit(progress, said, progress.cancel if stops else None)
            return work(progress)

        def end() -> None:
            self._long.discard(progress)
            self._long_writes.pop(progress, None)
            self.long_ended.emit(progress)

        def after(answer: Any) -> None:
            end()
            done(answer)

        def after_failure(error: Exception) -> None:
            end()
            self._report(error, failed)

        return begin, after, after_failure

    def run(self, work: Callable[[], Any], done: Done, failed: Failed | None = None) -> None:
        """Run any other slow work on a reader's thread. After ``close`` nothing is run any more."""
        if self._closed:
            return
        self._submit(self._readers, work, done, failed, None)

    def let_go(self, thing: object) -> None:
        """Have something large that holds nothing of Qt freed on a reader's thread: to give its memory back would take
        longer than a frame.
        """
        self._leaving.append(thing)
        if not self._leave.isActive():  # begun anew each time, it would never come to it while things keep leaving
            self._leave.start()

    def _on_leave(self) -> None:
        leaving, self._leaving = self._leaving, []
        if not self._closed:
            self._readers.submit(leaving.clear)

    def close(self) -> None:
        """Wait for what is being written, stop what is long, drop what is being read.

        Answers after this are not delivered.
        """
        self._closed = True
        for progress in self._long:
            progress.cancel()
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._long_reader.shutdown(wait=True, cancel_futures=True)
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            with self._guard:
                self._connections.append(connection)
        return connection

    def _submit(
        self,
        pool: ThreadPoolExecutor,
        work: Callable[[], Any],
        done: Done,
        failed: Failed | None,
        wanted: Callable[[], bool] | None,
    ) -> None:
        self._waiting += 1

        def arrive(future: Future[Any]) -> None:
            def deliver() -> None:
                self._waiting -= 1
                if self._closed or future.cancelled():
                    return
                error = future.exception()
                if isinstance(error, Cancelled) and wanted is not None:
                    return
                if wanted is not None and not wanted():
                    return
                if error is None:
                    done(future.result())
                elif isinstance(error, Exception):
                    self._report(error, failed)
                else:
                    raise error

            if not self._closed:
                self._came_home.emit(deliver)

        pool.submit(work).add_done_callback(arrive)

    def _written(self) -> None:
        self._writing -= 1
        if self._writing == 0:
            self.busy_changed.emit(False)

    def _report(self, error: Exception, failed: Failed | None) -> None:
        if not isinstance(error, (EnvironmentFault, Cancelled)):
            log.error("a job failed", exc_info=error)
        if failed is not None:
            failed(error)
        else:
            self.failed.emit(error)

    @Slot(object)
    def _on_came_home(self, deliver: Callable[[], None]) -> None:
        deliver()

"""Questions asked at the same time, on several connections that see one state of the file: SQLite lets the interpreter
go while it works, and a large table is read in a fraction of the time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from queue import SimpleQueue
from types import TracebackType
from typing import Self, TypeVar

from db.queries.snapshot import snapshot

T = TypeVar("T")


class Alone:
    """Answers at once, on the one connection that there is. Use as a context manager, like Together."""

    connections: tuple[sqlite3.Connection, ...] = ()

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """The answer to a question, which must leave nothing open on the connection that it is given."""
        answer: Future[T] = Future()
        answer.set_result(question(self._connection))
        return answer


class Together:
    """Answers on threads, each with one of ``connections``, which are its own. Use as a context manager, which waits
    for all answers; after an error nobody waits for those that have not been begun.
    """

    def __init__(self, connections: Sequence[sqlite3.Connection], end: ExitStack) -> None:
        """``end`` closes the connections."""
        self.connections = tuple(connections)
        self._end = end
        self._pool = ThreadPoolExecutor(len(connections), "reading")
        self._free: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        for connection in connections:
            self._free.put(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=error is not None)
        self._end.close()

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """As Alone has it."""

        def answer() -> T:
            connection = self._free.get()
            try:
                return question(connection)
            finally:
                self._free.put(connection)

        return self._pool.submit(answer)


Others = Together | Alone
"""Who answers questions besides a connection, at once or meanwhile."""


def together(
    connection: sqlite3.Connection,
    connect: Callable[[], sqlite3.Connection],
    count: int,
    state: Callable[[sqlite3.Connection], object],
) -> Others:
    """Who answers besides a ``connection`` that is within a snapshot: ``count`` (1 or more) further ones as ``connect``
    opens them; nobody where not all see what has the same ``state``, as the file has gone on just now.
    """
    with ExitStack() as end:
        others = [end.enter_context(closing(connect())) for _ in range(count)]
        for other in others:
            end.enter_context(snapshot(other))
        if {state(other) for other in others} == {state(connection)}:
            return Together(others, end.pop_all())
    return Alone(connection)

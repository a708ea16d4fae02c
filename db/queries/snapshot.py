"""Several statements that see one state of the file, though steps go on meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def snapshot(con: sqlite3.Connection) -> Iterator[None]:
    """Everything asked within sees the file at one instant. A step that ends meanwhile waits: be brief."""
    if con.in_transaction:
        yield
        return
    con.execute("BEGIN")
    try:
        yield
    finally:
        con.execute("ROLLBACK")


def at_one_instant(
    question: Callable[Concatenate[sqlite3.Connection, P], T],
) -> Callable[Concatenate[sqlite3.Connection, P], T]:
    """Have a question of several statements answered within a snapshot."""

    @wraps(question)
    def ask(con: sqlite3.Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with snapshot(con):
            return question(con, *args, **kwargs)

    return ask

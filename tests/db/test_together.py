"""Questions on several connections at the same time are answered as on one, and of one state of the file."""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

import pytest

from db import queries
from db.queries.together import Alone, Together
from db.store import Store, last_stamp
from tests.helpers.generate import generate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(generate(tmp_path / "some.gpkg", 40))
    yield store
    store.close()


def titles(connection: sqlite3.Connection) -> dict[int, str]:
    return dict(queries.event_titles(connection))


def test_all_answer_alike_and_none_is_left_open(store: Store) -> None:
    with closing(store.reader()) as connection, queries.snapshot(connection):
        before = titles(connection)
        with queries.together(connection, store.reader, 2, last_stamp) as others:
            assert isinstance(others, Together)
            assert len(others.connections) == 2
            assert all(other.in_transaction for other in others.connections)
            answers = [others.ask(titles) for _ in range(4)]
            assert [answer.result() for answer in answers] == [before] * 4
        for other in others.connections:
            with pytest.raises(sqlite3.ProgrammingError):
                other.execute("SELECT 1")


def test_they_work_at_the_same_time(store: Store) -> None:
    met = threading.Barrier(2)
    with (
        closing(store.reader()) as connection,
        queries.snapshot(connection),
        queries.together(connection, store.reader, 2, last_stamp) as others,
    ):
        answers = [others.ask(lambda _connection: met.wait(20)) for _ in range(2)]
        assert {answer.result() for answer in answers} == {0, 1}


def test_where_not_all_see_the_same_one_connection_answers(store: Store) -> None:
    states = itertools.count()
    opened: list[sqlite3.Connection] = []

    def connect() -> sqlite3.Connection:
        opened.append(store.reader())
        return opened[-1]

    with closing(store.reader()) as connection:
        with queries.together(connection, connect, 2, lambda _connection: next(states)) as others:
            assert isinstance(others, Alone)
            assert others.ask(titles).result() == titles(connection)
        assert connection.execute("SELECT 1").fetchone() == (1,)
    for other in opened:
        with pytest.raises(sqlite3.ProgrammingError):
            other.execute("SELECT 1")


def fail_with(others: Together | Alone, go_on: threading.Event, late: list[Future[dict[int, str]]]) -> None:
    with others:
        wrong = others.ask(lambda beside: beside.execute("SELECT * FROM absent"))
        others.ask(lambda _connection: go_on.wait(20))
        late.append(others.ask(titles))
        threading.Timer(0.2, go_on.set).start()
        wrong.result()


def test_an_error_comes_home_and_ends_what_has_not_been_begun(store: Store) -> None:
    late: list[Future[dict[int, str]]] = []
    with closing(store.reader()) as connection, queries.snapshot(connection):
        others = queries.together(connection, store.reader, 1, last_stamp)
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            fail_with(others, threading.Event(), late)
        assert late[0].cancelled()

"""A small project written by hand: two sources that disagree about Mosul, and an assertion of the analyst's own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlmodel import Session

from db import edtf, queries
from db.displayed import span_columns
from db.edits import add_event, add_place
from db.geometry import point_blob
from db.journal import EVENT_DERIVED, TRACKED, Tracked
from db.outside import baseline, put_columns
from db.schema import create_identity, create_schema
from db.store import Store
from db.tables import Claim, Document, Event, Kind, Place, Quote, Source


def add_claim(session: Session, event_id: int, date: str | None = None, **values: Any) -> Claim:
    """A claim with the bounds of an EDTF date."""
    claim = Claim(event_id=event_id, **values)
    if date is not None:
        span = edtf.parse(date)
        claim.edtf, claim.time_shape = span.edtf, span.shape.value
        for name, value in span_columns(span).items():
            setattr(claim, name, value)
    session.add(claim)
    session.flush()
    return claim


def small_project(path: Path, *, seal: bool = False) -> Store:
    """Event 1: two claims that disagree (sources 1, 2). Event 2: source 2 alone. Event 3: the analyst's own."""
    store = Store.create(path, "Small")
    with store.step("Set up") as session:
        session.add(Kind(id=1, name="Fighting", shape="triangle", light="#000000", dark="#ffffff", key=1))
        session.add(Kind(id=2, name="Statements", shape="circle", light="#000000", dark="#ffffff", key=2))
        session.add(Place(id=1, name="Mosul", names='{"ar": "الموصل"}', geom=point_blob(43.13, 36.34)))
        session.add(Place(id=2, name="Raqqa", geom=point_blob(39.01, 35.95), radius_m=20_000))
        session.add(Source(id=1, title="Herald", publisher="Herald & Co", reliability="B"))
        session.add(Source(id=2, title="Gazette"))
        session.flush()
        for number in (1, 2):
            session.add(Document(id=number, source_id=number, text_length=100))
        session.flush()
        session.add(Quote(id=1, document_id=1, start=0, end=9, exact="Mosul łost"))
        session.add(Quote(id=2, document_id=2, start=5, end=20, exact="fell in Raqqa"))
        session.add(Quote(id=3, document_id=2, start=30, end=40, exact="a statement"))
        session.add(Event(id=1, kind_id=1))
        session.add(Event(id=2, kind_id=2))
        session.flush()
        add_claim(session, 1, "2016-11-27", quote_id=1, title="Mosul is entered", place_id=1)
        add_claim(session, 1, "2016-11-29", quote_id=2, title="Raqqa is entered", place_id=2)
        add_claim(session, 2, "2016-12", quote_id=3, title="A statement is made")
        add_event(session, "A guess", kind_id=1, when=edtf.parse("2017"), place_id=2)
        add_place(session, "Tikrit", 43.68, 34.6)
    if seal:
        store.seal()
    return store


def contents(path_or_store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the user's tables, for comparing two states of a project."""
    con = path_or_store.reader()
    try:
        names = ("kind", "place", "source", "document", "quote", "event", "claim", "decision", "actor", "claim_actor")
        return {name: con.execute(f'SELECT * FROM "{name}" ORDER BY id').fetchall() for name in names}
    finally:
        con.close()


def first_version(path: Path) -> None:
    """Make a project as the first version of the schema has it, without what migrations bring."""
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.execute("BEGIN")
        create_schema(con)
        create_identity(con, "First")
        tables = {row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
        tracked = [Tracked(name, columns_of(con, name)) for name in TRACKED if name in tables]
        put_columns(con, tracked)
        baseline(con, 0, next(each for each in tracked if each.name == "project"))
        con.execute("INSERT INTO app_meta (key, value) VALUES ('change_counter', '1')")
        con.execute("COMMIT")


def columns_of(con: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """The columns of a table that are journalled."""
    skipped = EVENT_DERIVED if table == "event" else frozenset()
    names = [row[1] for row in con.execute(f'PRAGMA table_info("{table}")').fetchall()]
    return tuple(name for name in names if name not in skipped)


def title(store: Store, event_id: int) -> str | None:
    with closing(store.reader()) as con:
        return con.execute("SELECT title FROM event WHERE id = ?", (event_id,)).fetchone()[0]


def steps(store: Store) -> list[str]:
    """What was done, the oldest first."""
    with closing(store.reader()) as con:
        return [row[0] for row in con.execute("SELECT label FROM step ORDER BY id").fetchall()]


def detail(store: Store, event_id: int) -> queries.EventDetail:
    with closing(store.reader()) as con:
        found = queries.event_detail(con, event_id)
        assert found is not None
        return found

"""A project that tables are brought into, and what is asked of it then."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from db import checks, queries
from db.displayed import DERIVED_COLUMNS, derived_values, displayed_events
from db.importers.tables.columns import Field
from db.importers.tables.importer import import_table
from db.importers.tables.known import recognise
from db.importers.tables.mapping import TableMapping, guess
from db.importers.tables.reading import open_table
from db.store import Store
from db.templates import new_project

HEADER = "when,until,what,town,lat,lon,who,said,trust,remark\n"
MAPPING = TableMapping(
    "Own",
    {
        Field.START: ("when",), Field.END: ("until",), Field.TITLE: ("what",), Field.PLACE: ("town",),
        Field.LAT: ("lat",), Field.LON: ("lon",), Field.ACTOR: ("who",), Field.SOURCE: ("said",),
        Field.GRADE: ("trust",), Field.QUOTE: ("remark",),
    },
)  # fmt: skip
TABLES = ("event", "claim", "quote", "claim_actor", "place", "actor", "kind", "source", "document", "search_text")


@pytest.fixture
def store(tmp_path):
    new_project(tmp_path / "project.gpkg", "Tables")
    made = Store.open(tmp_path / "project.gpkg")
    yield made
    made.close()


def bring(store, path, mapping=None, about=None, **named):
    table = open_table(path, named.pop("asked", None))
    names = table.dialect.names
    return import_table(store, table, mapping or recognise(names) or guess(names, table.made), about, **named)


def own(tmp_path, text, name="own.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(store, sql, *parameters):
    with closing(store.reader()) as con:
        return con.execute(sql, parameters).fetchall()


def details(store):
    """Every event as it is shown, by its title."""
    with closing(store.reader()) as con:
        ids = [row[0] for row in con.execute("SELECT id FROM event ORDER BY id").fetchall()]
        return [queries.event_detail(con, each) for each in ids]


def counts(store):
    names = ("event", "claim", "quote", "claim_actor", "place", "actor", "kind", "source", "document", "search_text")
    return {name: rows(store, f"SELECT count(*) FROM {name}")[0][0] for name in names}


def sound(store, *, checked=True):
    """Nothing points at nothing, the search index agrees with the tables, what is displayed is what is derived."""
    with closing(store.reader()) as con:
        assert con.execute("PRAGMA foreign_key_check").fetchall() == []
        assert con.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert con.execute("SELECT key FROM app_meta WHERE key GLOB 'bulk/*'").fetchall() == []
        stored = con.execute(f"SELECT id, {', '.join(DERIVED_COLUMNS)} FROM event").fetchall()
        shown = displayed_events(con, [row[0] for row in stored])
        assert {row[0]: tuple(row[1:]) for row in stored} == {k: derived_values(v) for k, v in shown.items()}
        indexed = con.execute("SELECT count(*) FROM search_text WHERE id % 8 = 1").fetchone()[0]
        assert indexed == len(stored)
        assert not checked or checks.check(con).sound
    with closing(sqlite3.connect(store.path)) as con:
        con.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
        con.rollback()


def everything(store):
    return {name: rows(store, f"SELECT * FROM {name} ORDER BY id") for name in TABLES}

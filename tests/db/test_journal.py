"""Row images are exact for every value, and undo brings back every byte, whatever the change was."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from db import queries
from db.errors import EnvironmentFault
from db.history import History, StepHead
from db.search import search
from db.store import Store
from db.tables import Actor, Event, Place, Source
from tests.helpers.examples import examples
from tests.helpers.project import contents, small_project

HARD = (
    "",
    "'; DROP TABLE place; --",
    "nul\0within",
    "\0",
    "line\nfeed\r\ttab\x01\x1f\x7f",
    "الموصل 🇮🇶 e\u0301 \u202e",
    "a" * 70_000,
    b"",
    b"\x00\xff'\"" * 50,
    0.1 + 0.2,
    1e308,
    5e-324,
    -1.5,
    1.0,
    math.inf,
    -math.inf,
    2**63 - 1,
    -(2**63),
    0,
    None,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = small_project(tmp_path_factory.mktemp("journal") / "small.gpkg")
    yield store
    store.close()


def run(session: Session, sql: str, *parameters: Any) -> None:
    session.connection().exec_driver_sql(sql, parameters)


def typed(store: Store, table: str) -> list[tuple[Any, ...]]:
    """The rows with the storage class of each value, so that 1 and 1.0 differ."""
    con = store.reader()
    try:
        names = [row[1] for row in con.execute(f"PRAGMA table_info({table})")]
        parts = ", ".join(f'typeof("{name}"), "{name}"' for name in names)
        return con.execute(f"SELECT {parts} FROM {table} ORDER BY id").fetchall()
    finally:
        con.close()


@pytest.mark.parametrize("column", ["note", "names", "geom", "radius_m", "geonames_id"])
@pytest.mark.parametrize("value", HARD, ids=lambda value: f"{type(value).__name__}-{str(value)[:12]!r}")
def test_every_value_comes_back_from_update_delete_and_insert(store: Store, column: str, value: object):
    with store.step("Put") as session:
        run(session, f"INSERT INTO place (id, uid, name, {column}) VALUES (70, 'u', 'n', ?)", value)
    put = typed(store, "place")
    with store.step("Update") as session:
        run(session, f"UPDATE place SET {column} = 'else' WHERE id = 70")
    store.undo()
    assert typed(store, "place") == put
    with store.step("Delete") as session:
        run(session, "DELETE FROM place WHERE id = 70")
    store.undo()
    assert typed(store, "place") == put
    store.redo()
    assert len(typed(store, "place")) == 3
    store.undo()
    store.undo()
    assert len(typed(store, "place")) == 3
    store.redo()
    assert typed(store, "place") == put
    store.undo()


texts = st.text(max_size=20) | st.text(alphabet="\0'\"\\;a", max_size=8)
values = st.one_of(
    st.none(),
    texts,
    st.binary(max_size=20),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(values, values, values), min_size=1, max_size=4), update=values)
def test_images_are_exact_for_any_values(store: Store, rows: list[tuple[Any, ...]], update: object):
    before = typed(store, "place")
    with store.step("Put") as session:
        for number, row in enumerate(rows):
            run(session, "INSERT INTO place (id, uid, name, note, radius_m, geom) VALUES (?, ?, 'n', ?, ?, ?)",
                80 + number, f"u{number}", *row)  # fmt: skip
    put = typed(store, "place")
    with store.step("Change") as session:
        run(session, "UPDATE place SET note = ?, geom = ?, radius_m = ? WHERE id >= 80", update, update, update)
        run(session, "DELETE FROM place WHERE id = 80")
    changed = typed(store, "place")
    store.undo()
    assert typed(store, "place") == put
    store.redo()
    assert typed(store, "place") == changed
    store.undo()
    store.undo()
    assert typed(store, "place") == before


def test_cascades_and_released_references_come_back(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    with store.step("More") as session:
        session.add(Actor(id=1, name="Army"))
        session.add(Actor(id=2, name="Division", parent_id=1))
        run(session, "INSERT INTO claim_actor (claim_id, actor_id, role) VALUES (1, 2, 'fights')")
        run(session, "UPDATE event SET outcome_of_id = 2 WHERE id = 1")
    before = contents(store)
    with store.step("Delete much") as session:
        for model, row_id in ((Source, 2), (Place, 1), (Actor, 1), (Event, 2)):
            session.delete(session.get(model, row_id))
    after = contents(store)
    assert [len(after[name]) for name in ("source", "document", "quote", "claim", "actor")] == [1, 1, 1, 2, 1]
    assert after["claim"][0][after_column(store, "claim", "place_id")] is None
    store.undo()
    assert contents(store) == before
    store.redo()
    assert contents(store) == after
    store.undo()
    assert contents(store) == before
    store.close()


def after_column(store: Store, table: str, column: str) -> int:
    con = store.reader()
    try:
        return [row[1] for row in con.execute(f"PRAGMA table_info({table})")].index(column)
    finally:
        con.close()


def test_replace_does_not_escape_the_journal(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    before = contents(store)
    with store.step("Replace") as session:
        uid = session.get(Place, 1).uid
        run(session, "INSERT OR REPLACE INTO place (id, uid, name) VALUES (9, ?, 'other')", uid)
        run(session, "INSERT OR REPLACE INTO kind (id, uid, name, shape, light, dark) "
                     "VALUES (1, 'k', 'other', 'circle', '', '')")  # fmt: skip
        run(
            session,
            "INSERT INTO place (id, uid, name) VALUES (2, 'x', 'up') ON CONFLICT (id) DO UPDATE SET name = 'up'",
        )
    assert contents(store) != before
    store.undo()
    assert contents(store) == before
    store.close()


def test_a_changed_column_of_another_type_is_a_change(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    with store.step("Text") as session:
        run(session, "UPDATE place SET geom = 'abc' WHERE id = 1")
    put = typed(store, "place")
    with store.step("Bytes") as session:
        run(session, "UPDATE place SET geom = x'616263' WHERE id = 1")
    assert store.undo_label == "Bytes"
    store.undo()
    assert typed(store, "place") == put
    store.close()


def test_undo_keeps_the_search_index_and_what_is_displayed_in_step(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    with store.step("Delete") as session:
        session.delete(session.get(Source, 1))
    con = store.reader()
    assert not search(con, "lost")
    assert queries.event_titles(con)[1] == "Raqqa is entered"
    store.undo()
    assert [hit.id for hit in search(con, "lost")] == []
    assert [hit.id for hit in search(con, "mosul łost")] == [1]
    assert queries.event_titles(con)[1] == "Mosul is entered"
    con.close()
    store._con.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
    store.close()


def test_undo_names_the_row_that_another_program_has_changed(tmp_path: Path):
    store = small_project(tmp_path / "p.gpkg")
    with store.step("Rename place") as session:
        session.get(Place, 1).name = "Ninive"
    # Behind the Store's back and in its own name, as a lost or foreign journal would leave it.
    store._con.execute("BEGIN IMMEDIATE")
    store._con.execute("INSERT INTO step_now VALUES (99)")
    store._con.execute("UPDATE place SET name = 'Nineveh' WHERE id = 1")
    store._con.execute("DELETE FROM journal WHERE step_id = 99")
    store._con.execute("DELETE FROM step_now")
    store._commit()
    before = contents(store)
    with pytest.raises(EnvironmentFault, match="“Rename place” cannot be undone: the place “Nineveh”"):
        store.undo()
    assert contents(store) == before
    assert store.undo_label == "Rename place"
    store.close()


def heads(*pairs: tuple[int, int | None]) -> list[StepHead]:
    return [StepHead(number, f"s{number}", undoes, number, 1) for number, undoes in pairs]


@pytest.mark.parametrize(
    ("pairs", "undo", "redo"),
    [
        ((), None, None),
        (((1, None),), 1, None),
        (((1, None), (2, 1)), None, 2),
        (((1, None), (2, 1), (3, 2)), 3, None),
        (((1, None), (2, 1), (3, 2), (4, 3)), None, 4),
        (((1, None), (2, None), (3, 2), (4, 1)), None, 4),
        (((1, None), (2, None), (3, 2), (4, 1), (5, 4)), 5, 3),
        (((1, None), (2, 1), (3, None)), 3, None),
    ],
)
def test_what_would_be_undone_follows_from_the_steps(
    pairs: tuple[tuple[int, int | None], ...], undo: int | None, redo: int | None
):
    history = History(heads(*pairs))
    assert (history.next_undo.id if history.next_undo else None) == undo
    assert (history.next_redo.id if history.next_redo else None) == redo


def test_the_floor_is_not_undone():
    assert History(heads((1, None), (2, None)), floor=2).next_undo is None
    history = History(heads((1, None), (2, None), (3, 2)), floor=2)
    assert history.next_undo is None
    assert history.next_redo is None

"""Which events SQLite may take for just what their claim says: never one that derivation would change."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.displayed import DERIVED_COLUMNS, derived_values, displayed_events, underived
from tests.helpers import tables
from tests.helpers.examples import examples
from tests.helpers.imported import bring, own
from tests.helpers.imported import store as store_fixture

store = store_fixture
ODD = st.one_of(
    st.none(), st.text(max_size=4), st.binary(max_size=3), st.floats(allow_nan=False), st.integers(-9, 9),
    st.sampled_from(["", "moment", "lasting", "occurred", "denied", "2016-11-27", "–2", 0, 2**61, -(2**61), 10**15]),
)  # fmt: skip
COLUMNS = {
    "event": ("kind_id", *DERIVED_COLUMNS),
    "claim": ("stance", "title", "summary", "status", "edtf", "time_shape", "earliest", "latest_start", "earliest_end",
              "latest", "precision", "place_id", "credibility", "quote_id", "source_id"),
    "source": ("reliability",),
    "kind": ("name",),
    "place": ("name",),
}  # fmt: skip
PLACES = [(table, column) for table, columns in COLUMNS.items() for column in columns]


@pytest.fixture
def project(store, tmp_path):
    """A few events of each sort: exact and not, undated, without a title, before 1970, with a grade."""
    bring(store, tables.acled(tmp_path / "events.csv", 12, towns=4))
    text = "start,title,kind,place,grade,summary\n,Undated,Raid,,,\n1943-02,,Raid,Town,2,Said\n"
    text += "-0044,Old,,,B3,\n,,Raid,Town,,\n"
    bring(store, own(tmp_path, text))
    store.close()
    return store.path


def differing(con):
    stored = con.execute(f"SELECT id, {', '.join(DERIVED_COLUMNS)} FROM event").fetchall()
    shown = displayed_events(con, [row[0] for row in stored])
    return {row[0] for row in stored if tuple(row[1:]) != derived_values(shown.get(row[0]))}


def test_of_an_untouched_project_hardly_any_are_left(project):
    with closing(sqlite3.connect(project)) as con:
        assert differing(con) == set()
        left = underived(con)
        assert 0 < len(left) <= 2  # before 1970
        con.execute("INSERT INTO claim (uid, event_id) SELECT 'x', max(id) - 8 FROM event")
        con.execute("INSERT INTO decision (uid, event_id, field) SELECT 'y', max(id) - 9, 'title' FROM event")
        assert len(underived(con)) == len(left) + 2


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 15), ODD), min_size=1, max_size=3))
def test_what_derivation_would_change_is_never_left_out(project, changes):
    with closing(sqlite3.connect(project)) as con:
        for (table, column), at, value in changes:
            if column.endswith("_id") and not (value is None or (isinstance(value, int) and 0 < value < 10)):
                continue  # what points nowhere is mended before
            row = f"(SELECT id FROM {table} ORDER BY id LIMIT 1 OFFSET ?)"
            sql = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE id = {row}"
            try:
                con.execute(sql, (value, at))
            except sqlite3.IntegrityError:
                continue
        assert differing(con) <= set(underived(con))
        con.rollback()

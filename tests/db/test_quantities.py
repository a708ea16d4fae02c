"""What events count, taken together from the claims that can be seen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from db import queries
from db.queries import QuantityRow
from db.tables import Claim
from tests.helpers.project import add_claim, small_project

KILLED = "people killed"


def test_counts_are_those_of_the_visible_claims(tmp_path: Path) -> None:
    store = small_project(tmp_path / "small.gpkg")
    with store.step("Counts") as session:
        first, second = session.get(Claim, 1), session.get(Claim, 2)
        assert first is not None
        assert second is not None
        first.quantity_what, first.quantity_value = KILLED, 5
        second.quantity_what, second.quantity_value = KILLED, 9
        add_claim(session, 1, quantity_what="injured", quantity_value=40)  # another thing, said later
        add_claim(session, 2, quantity_what="العائلات", quantity_value=7, quantity_low=4, quantity_high=12)
        add_claim(session, 3, quantity_what=KILLED, quantity_low=100)
        add_claim(session, 3, quantity_what=KILLED, quantity_value=120)
    store.close()
    with closing(store.reader()) as con:
        found = queries.event_quantities(con)
        assert found.ids.tolist() == [1, 2, 3]
        assert found.of(1) == QuantityRow(KILLED, None, 5, 9, None)
        assert found.of(2) == QuantityRow("العائلات", 7, 4, 12, None)
        assert found.of(3) == QuantityRow(KILLED, 120, 100, None, None)
        assert found.of(4) is None
        alone = queries.event_quantities(con, frozenset({2}), [1, 3])
        assert alone.of(1) == QuantityRow(KILLED, 5, None, None, None), "nothing of the hidden source"
        assert alone.ids.tolist() == [1, 3]
        assert queries.event_quantities(con, of=[]).ids.tolist() == []
        assert found.chosen(np.array([False, True, False])).ids.tolist() == [2]


def test_what_is_no_number_is_no_count(tmp_path: Path) -> None:
    path = tmp_path / "small.gpkg"
    small_project(path).close()
    with closing(sqlite3.connect(path)) as con:
        assert queries.event_quantities(con) is queries.NO_QUANTITIES
        con.execute("UPDATE claim SET quantity_what = 'killed', quantity_value = 'many', quantity_high = 9e999")
        assert queries.event_quantities(con).of(1) is None

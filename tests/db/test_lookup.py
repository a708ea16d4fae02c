"""Places of ids among others, found by a table or by searching, against a plain loop."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from db.queries import positions
from db.queries.lookup import find_all
from db.queries.texts import Texts
from db.store import Store
from tests.helpers.generate import generate


@pytest.mark.parametrize("most", [60, 10**6, 2**62])
@pytest.mark.parametrize("count", [0, 1, 40])
def test_places_are_those_of_a_loop(most: int, count: int) -> None:
    random = np.random.default_rng(count + most % 97)
    ids = random.permutation(np.unique(random.integers(-most, most, count)))
    wanted = np.concatenate((ids[::2], random.integers(-2 * most, 2 * most, 30), [0, most, -most]))
    places = {key: place for place, key in enumerate(ids.tolist())}
    found = find_all(ids, wanted)
    assert found.tolist() == [places.get(key, -1) for key in wanted.tolist()]
    assert find_all(ids, wanted[:0]).tolist() == []


def test_a_place_that_is_not_there_is_nowhere(tmp_path: Path) -> None:
    with closing(Store.open(generate(tmp_path / "some.gpkg", 30))) as store, closing(store.reader()) as con:
        known, last = con.execute("SELECT min(id), max(id) FROM place WHERE geom IS NOT NULL").fetchone()
        found = positions(con, np.array([known, last + 7, 0, 2**40], np.int64))
        assert np.isfinite(found["lon"]).tolist() == [True, False, False, False]
        assert found["radius_m"][1:].tolist() == [0.0] * 3
        many = np.tile(np.array([known, last + 7], np.int64), 20_000)  # so many that the whole table is read
        assert np.isfinite(positions(con, many)["lat"]).tolist() == [True, False] * 20_000


def test_texts_that_were_changed_are_found_by_their_words() -> None:
    texts = Texts.of({1: "one", 2: "two", 3: "three"})
    changed = texts.replaced({2: "zwei", 7: "seven"}, [3])
    assert [changed.find(each) for each in ("one", "two", "zwei", "three", "seven")] == [1, None, 2, None, 7]
    again = changed.replaced({2: "deux"})
    assert [again.find(each) for each in ("zwei", "deux", "seven")] == [None, 2, 7]
    assert texts.find("two") == 2

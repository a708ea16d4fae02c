"""Places of ids among others, found by a table or by searching, against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest

from db.queries.lookup import find_all


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

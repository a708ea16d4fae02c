"""What lies outside the map is counted in full, of few events one by one and of many by the cells of the world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.values import MS_DAY
from tests.helpers.columns import KINDS, random_columns
from tests.helpers.examples import examples
from viewer.core.index import EventIndex
from viewer.views.map import items, pointers
from viewer.views.map.geometry import Viewport
from viewer.views.map.items import Age, EventLayer
from viewer.views.map.pointers import point_out

NONE = np.empty(0, np.intp)


def build(seed: int) -> EventIndex:
    rng = np.random.default_rng(seed)
    columns = random_columns(900, seed)
    columns = replace(columns, lon=rng.uniform(-180, 180, 900), lat=rng.uniform(-80, 80, 900))
    return EventIndex(columns, {kind: f"kind-{kind}" for kind in KINDS}, {1: 0, 2: 0, 3: 0, 4: 0})


@pytest.mark.parametrize("most", [50_000, 100])
@given(st.integers(0, 20), st.floats(0, 1), st.floats(0.1, 0.9), st.floats(11.0, 17.0), st.booleans())
@settings(max_examples=examples(20), deadline=None)
def test_all_that_is_active_outside_is_counted_once(
    most: int, seed: int, x: float, y: float, scale: float, with_older: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for module in (items, pointers):
            patch.setattr(module, "MOST_STACKED", most)
        index = build(seed)
        layer = EventLayer(index)
        view = Viewport(x, y, 2.0**scale, 900, 520).settle()
        layer.look(view)
        scene = layer.scene(index.at(200 * MS_DAY, 30 * MS_DAY, with_older=with_older), NONE)
        found = point_out(layer, scene, view, {})
        every = np.arange(index.n)
        active = every[scene.ages(every) > Age.NONE]
        outside = layer.outside(active)
        assert sum(pointer.count for pointer in found) == len(outside)
        for pointer in found:
            assert set(pointer.rows.tolist()) <= set(outside.tolist())
            assert 0 < len(pointer.rows) <= pointer.count
            assert pointer.text.endswith(f" {pointer.count:,}")

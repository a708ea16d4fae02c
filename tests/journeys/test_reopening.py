"""A project that is opened again shows what was seen when its window was closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.window import Program
from viewer.core.grouping import Grouping
from viewer.core.settings import PROJECTION
from viewer.views.map.projection import Albers


def test_the_window_is_found_as_it_was_left(program: Program, sample: Path) -> None:
    window = program.open(sample)
    first = program.state
    window.desk.commands.lanes.group_by(Grouping.ACTOR)
    window.map_view.setFocus()
    program.key("+", times=3)
    program.key("Shift+Left", times=2)
    program.key(".", times=2)
    program.settle()
    program.key("N")
    program.settle()
    window.desk.commands.zoom_time(1)
    program.settle()
    left, quote, viewport = program.state, program.quote_text(), window.map_view.viewport
    assert (left.time_cursor, left.extent, left.current) != (first.time_cursor, first.extent, first.current)
    window.close()
    window = program.open(sample)
    assert program.state == left
    assert program.quote_text() == quote
    assert window.map_view.viewport.scale == pytest.approx(viewport.scale)
    assert (window.map_view.viewport.x, window.map_view.viewport.y) == pytest.approx((viewport.x, viewport.y))
    sight = window.timeline_view.lanes.sight
    assert sight.frames.grouping is Grouping.ACTOR
    (item, *_others) = (each for each in sight.layout_now().items if each.selected)
    assert 0 < item.y - sight.offset < window.timeline_view.lanes.height(), "the event is in the part that is seen"


def test_a_map_in_a_fitted_projection_is_found_as_it_was_left(program: Program, sample: Path) -> None:
    """Fitted to something else it would be another map: it is fitted when it is chosen."""
    window = program.open(sample)
    window.desk.settings.set(PROJECTION, "albers")
    program.settle()
    window.map_view.setFocus()
    program.key("-", times=2)
    program.key("Right", times=3)
    program.settle()
    viewport = window.map_view.viewport
    assert isinstance(viewport.projection, Albers)
    window.close()
    window = program.open(sample)
    program.settle()
    found = window.map_view.viewport
    assert found.projection == viewport.projection
    assert found.scale == pytest.approx(viewport.scale, rel=0.01)
    assert (found.x, found.y) == pytest.approx((viewport.x, viewport.y), abs=0.01)

"""Movements: which claims tell of one, where its line runs, how far it is at an instant, and that it is painted."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot
from sqlmodel import select

from db import edtf, queries
from db.displayed import span_columns
from db.edits import add_event, add_place
from db.store import Store
from db.tables import Claim, ClaimPlace, Place, Source
from db.values import Extent, Shape, Status
from tests.helpers.maps import desk_of, settle, shown_map, towns_project
from viewer.core.state import Filters
from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Viewport, show_extent
from viewer.views.map.moves import BULGE, CLEAR, Drawn, lines_of
from viewer.views.map.projection import MERCATOR, Albers, EqualEarth, Projection
from viewer.views.map.view import MapView

IRAQ = Extent(36.0, 32.0, 46.0, 38.0)


def moving_project(path: Path) -> Path:
    """A column goes from Raqqa over Palmyra to Mosul through 2015, a convoy is planned from Tikrit to Mosul, and a
    disputed claim tells of a third way.
    """
    towns_project(path, ())
    store = Store.open(path)
    try:
        with store.step("Move") as session:
            source = Source(title="Herald")
            session.add(source)
            session.flush()
            for title, when, status, own, way, stance, told in (
                ("A column moves", "2015", Status.OCCURRED, 1, (("from", 2), ("via", 4)), "supports", source.id),
                ("A convoy is planned", "2015-06", Status.PLANNED, None, (("to", 1), ("from", 3)), "supports", None),
                ("None of it", "2015", Status.OCCURRED, 1, (("from", 3), ("to", 2)), "disputes", None),
            ):
                event = add_event(session, title, kind_id=1)
                for claim in session.exec(select(Claim).where(Claim.event_id == event)).all():
                    session.delete(claim)
                span = edtf.parse(when, Shape.LASTING if when == "2015" else Shape.MOMENT)
                claim = Claim(event_id=event, title=title, status=status, stance=stance, source_id=told, place_id=own,
                              edtf=span.edtf, time_shape=span.shape.value)  # fmt: skip
                for name, value in span_columns(span).items():
                    setattr(claim, name, value)
                session.add(claim)
                session.flush()
                for role, place in way:
                    session.add(ClaimPlace(claim_id=claim.id, place_id=place, role=role))
    finally:
        store.close()
    return path


def lines(view: MapView) -> list[Drawn]:
    return view.picture.moves


def go(view: MapView, qtbot: QtBot, date: str) -> None:
    desk_of(view).commands.type_date(date)
    settle(qtbot, view, rendered=True)


def painted(image: QImage, at: tuple[float, float], color: QColor) -> bool:
    """Whether a colour is within 3 px of a spot."""
    ratio = image.devicePixelRatio()
    near = [
        image.pixelColor(round((at[0] + dx) * ratio), round((at[1] + dy) * ratio))
        for dx in range(-3, 4)
        for dy in range(-3, 4)
    ]
    return any(max(abs(p.red() - color.red()), abs(p.green() - color.green()), abs(p.blue() - color.blue())) < 30
               for p in near)  # fmt: skip


def test_a_movement_is_drawn_as_far_as_it_has_come(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, moving_project(tmp_path / "moves.gpkg"), tmp_path, look) as view:
        desk = desk_of(view)
        ways = [(each.places, each.source_id is None) for each in desk.data.loaded.movements]
        assert ways == [((2, 4, 1), False), ((3, 1), True)], "the disputed claim tells of none"
        desk.state.set("test", extent=IRAQ)
        go(view, qtbot, "2015-07-02")
        column, convoy = sorted(lines(view), key=lambda each: each.open)
        assert not column.open
        assert column.done == pytest.approx(0.5, abs=0.01)
        assert convoy.open
        assert convoy.done == 1.0
        starts, ends = view.viewport.spot(39.01, 35.95), view.viewport.spot(43.13, 36.34)
        assert math.dist(column.line[0], starts) == pytest.approx(CLEAR, abs=1.5)
        assert math.dist(column.line[-1], ends) == pytest.approx(CLEAR, abs=1.5)
        color, image = view.picture.looks.color(column.row), view.grab().toImage()
        early = tuple(column.line[len(column.line) // 4].tolist())
        assert painted(image, early, color)
        # Paint is where the line is, and not on its other side
        middle = column.line[len(column.line) // 5]
        chord = column.line[-1] - column.line[0]
        off = middle + np.array([-chord[1], chord[0]]) * 0.05
        assert not painted(image, (float(off[0]), float(off[1])), color)
        go(view, qtbot, "2015-01-02")
        assert min(each.done for each in lines(view)) == pytest.approx(0.12)
        go(view, qtbot, "2017-01-02")
        assert lines(view) == [], "what is over before the trail is told by its mark alone"
        go(view, qtbot, "2015-07-02")
        (source,) = desk.data.loaded.sources.values()
        desk.commands.set_filters(Filters(hidden_sources=frozenset({source.uid})))
        qtbot.waitUntil(lambda: len(desk.data.loaded.movements) == 1)
        settle(qtbot, view, rendered=True)
        assert [each.open for each in lines(view)] == [True], "of a hidden source no way is left"


def test_the_line_bends_to_its_left_and_back_is_another_line() -> None:
    view = show_extent(IRAQ, 960, 551)
    (there,) = lines_of(((39.0, 36.0), (43.0, 36.0)), view)
    (back,) = lines_of(((43.0, 36.0), (39.0, 36.0)), view)
    half = len(there) // 2
    wide = view.spot(43.0, 36.0)[0] - view.spot(39.0, 36.0)[0]
    assert back[half, 1] - there[half, 1] == pytest.approx(2 * BULGE * wide, rel=0.25)
    assert not lines_of(((39.0, 36.0), (39.01, 36.0)), view), "too short to be read"
    assert not lines_of(((-60.0, -30.0), (-70.0, -40.0)), view), "off the map"


@pytest.mark.parametrize("projection", [MERCATOR, EqualEarth(), Albers(44.0, 20.0, 50.0)])
def test_a_long_way_does_not_jump(projection: Projection) -> None:
    view = Viewport(0.5, 0.5, 1.0, 960, 551, projection).settle()
    for start, end in (((2.0, 48.0), (44.0, 33.0)), ((-77.0, 39.0), (44.0, 33.0)), ((150.0, 40.0), (-150.0, 40.0))):
        for line in lines_of((start, end), view):
            assert np.hypot(*np.diff(line, axis=0).T).max() < 60


def test_a_way_over_the_antimeridian_is_drawn_at_both_edges_of_the_world() -> None:
    view = Viewport(0.5, 0.5, 1.0, 1200, 800).settle()
    lines = lines_of(((160.0, 0.0), (-160.0, 0.0)), view)
    assert len(lines) == 2
    assert {bool(line[-1, 0] < 600) for line in lines} == {True, False}, "its goal is seen at the left"
    torn = lines_of(
        ((100.0, 0.0), (160.0, 0.0), (-160.0, 0.0)), Viewport(0.5, 0.5, 1.0, 1200, 800, EqualEarth()).settle()
    )
    assert len(torn) == 1, "the leg that is not torn stays"


def test_places_that_are_nowhere_make_no_way(tmp_path: Path, qtbot: QtBot, look: ThemeManager) -> None:
    path = moving_project(tmp_path / "moves.gpkg")
    store = Store.open(path)
    with store.step("Lose") as session:
        gone = add_place(session, "Nowhere", 0.0, 0.0)
        via = session.exec(select(ClaimPlace).where(ClaimPlace.role == "via")).one()
        place = session.get(Place, gone)
        assert place is not None
        via.place_id, place.geom = gone, None
    with_it = queries.movements(store.reader())
    store.close()
    assert with_it[0].places[1] == gone
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk_of(view).state.set("test", extent=IRAQ)
        go(view, qtbot, "2015-07-02")
        assert [each.open for each in lines(view)] == [True]

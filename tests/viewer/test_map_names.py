"""Words on the map belong to what they name: on the sample, at several dates, zooms and sizes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.maps import Paints, desk_of, sample_at, settle, shown_map, towns_project
from viewer.core import turns
from viewer.look.theme import ThemeManager
from viewer.views.map.basemap.label_painter import DOT
from viewer.views.map.basemap.labels import PRIORITY
from viewer.views.map.geometry import Rect
from viewer.views.map.items import Age
from viewer.views.map.layers.labels import FeatureLabel, Written
from viewer.views.map.names import NearMarks
from viewer.views.map.placing import Points
from viewer.views.map.view import MapView

SAME = 5.0
HALF = {Age.OLDER: 6.5, Age.AHEAD: 9.0, Age.LIT: 9.0, Age.CHOSEN: 13.0}
SIZES = [(960, 551), (640, 345), (1300, 800)]
DATES = ["2014-08-01", "2015-06-15", "2016-06-20", "2016-11-28", "2017-03-01"]
ZOOMS = [0.6, 1.0, 1.7, 3.0, 8.0]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample_at(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def view(sample: Path, qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> Iterator[MapView]:
    with shown_map(qtbot, sample, tmp_path, look) as found:
        yield found


def marks(view: MapView) -> list[tuple[float, float, float, int]]:
    """x, y, half a side and the row on top of each mark."""
    scene = view.picture.scene
    return [
        (float(x), float(y), HALF[scene.age(int(row))], int(row))
        for x, y, row in zip(scene.stacks.x, scene.stacks.y, scene.stacks.top, strict=True)
    ]


def stands_for(view: MapView, top: int, town: tuple[float, float]) -> bool:
    """Whether one of a stack's events may be in a town, as far as the places of events are known."""
    layer = view.picture.layer
    return any(
        math.dist(layer.spot(row), town) <= max(SAME, layer.radius(row))
        for row in view.picture.members(top).tolist()
        if not layer.index.region[row]
    )


def mistaken(view: MapView) -> tuple[list[str], int]:
    """Names and titles that are nearer to something else than to what they name, and how many were looked at."""
    names, v = view.picture.names, view.picture.view
    across, down = v.screen([label.x for label in names._dots], [label.y for label in names._dots])
    towns = dict(
        zip([label.key for label in names._dots], zip(across.tolist(), down.tolist(), strict=True), strict=True)
    )
    drawn, wrong, seen = marks(view), [], 0
    for label, candidate in names._placed:
        if label.role not in DOT:
            continue
        seen += 1
        town, rect = towns[label.key], candidate[0]
        own = [town]
        others = [at for key, at in towns.items() if key != label.key and math.dist(at, town) > SAME]
        for x, y, half, top in drawn:
            covers = abs(x - town[0]) < half and abs(y - town[1]) < half
            if math.dist((x, y), town) <= SAME or (covers and stands_for(view, top, town)):
                own.append((x, y))
            elif covers and not any(math.dist((x, y), each) < math.dist((x, y), town) for each in own[1:]):
                wrong.append(f"{label.text} stands by another's mark")
            else:
                others.append((x, y))
        if not nearest(rect, own, others):
            wrong.append(label.text)
    for row, title in names.titles.items():
        seen += 1
        own_mark = view.picture.spot(row)
        assert own_mark is not None
        rect = Rect(own_mark[0] + title.dx, own_mark[1] + title.dy, *names._titles.size(title.text))
        if not nearest(rect, [own_mark], [(x, y) for x, y, _half, top in drawn if top != row]):
            wrong.append(title.text)
    return wrong, seen


def nearest(rect: Rect, own: list[tuple[float, float]], others: list[tuple[float, float]]) -> bool:
    mine = min(rect.distance(*at) for at in own)
    return all(rect.distance(*at) > mine or any(math.dist(at, each) <= SAME for each in own) for at in others)


@pytest.mark.parametrize("size", SIZES)
def test_a_name_is_nearer_to_its_own_place_than_to_any_other(
    view: MapView, size: tuple[int, int], qtbot: QtBot
) -> None:
    view.resize(*size)
    desk, looked_at = desk_of(view), 0
    for date in DATES:
        desk.commands.type_date(date)
        settle(qtbot, view)
        home = view.viewport
        for zoom in ZOOMS:
            view._navigator.go(home.zoomed(zoom, size[0] * 0.6, size[1] * 0.4), fly=False)
            settle(qtbot, view)
            wrong, seen = mistaken(view)
            assert wrong == [], (date, zoom)
            looked_at += seen
        view._navigator.go(home, fly=False)
    assert looked_at > 200


def test_towns_below_their_own_marks_are_named(view: MapView, qtbot: QtBot) -> None:
    desk_of(view).commands.type_date("2016-11-28")
    settle(qtbot, view)
    assert {"Hasakah", "Tal Afar", "Raqqa", "Tikrit", "Palmyra"} <= set(view.picture.names.placed_names())


def test_the_town_of_the_selected_event_is_named_before_capitals(view: MapView, qtbot: QtBot) -> None:
    desk_of(view).commands.type_date("2016-11-28")  # an event at Mosul is selected when the sample opens
    settle(qtbot, view)
    names, picture = view.picture.names, view.picture
    near = NearMarks(picture.scene, picture.layer)
    mosul = next(label for label in names._dots if label.text == "Mosul")
    wish = names._name_wish(mosul, picture.view, near, Points([]))
    assert wish is not None
    assert wish.priority < PRIORITY["capital"] < mosul.priority


def test_the_name_of_an_ocean_stays_in_it(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, towns_project(tmp_path / "empty.gpkg", ()), tmp_path, look, (640, 345)) as view:
        names = view.picture.names
        rect = next(each[0] for label, each in names._placed if label.text == "Indian Ocean")
        west, east = (view.viewport.degrees_at(x, rect.y)[0] for x in (rect.x, rect.right))
        assert 42 < west < east < 115  # between Africa and Australia


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_no_name_lies_on_a_mark_or_its_badge(view: MapView, qtbot: QtBot, look: ThemeManager, scale: float) -> None:
    look.set_scale(scale)
    covered, words = [], 0
    for zoom in (1.0, 2.5, 3.0, 0.2):
        view._navigator.zoom_middle(zoom)
        settle(qtbot, view)
        picture = view.picture
        stacks, spots = picture.scene.stacks, picture.scene.stacks.spots()
        marks = []
        for x, y, count, row in zip(stacks.x, stacks.y, stacks.count, stacks.top, strict=True):
            half = picture.looks.mark(int(row), picture.scene.age(int(row))).radius
            marks.append(Rect(x - half, y - half, 2 * half, 2 * half))
            if count > 1:
                _disc, wide = picture.looks.badge(int(count))
                marks.append(Rect(x + 3.5 * scale, y - 16.5 * scale, min(wide, 15 * scale), 15 * scale))
        for label, candidate in picture.names._placed:
            if label.role in DOT:
                words += 1
                covered += [(zoom, label.text, candidate[0], mark) for mark in marks if candidate[0].meets(mark)]
        for row, title in picture.names.titles.items():
            x, y = spots[row]
            width, height = picture.names._titles.size(title.text)
            words += 1
            rect = Rect(x + title.dx, y + title.dy, width, height)
            covered += [(zoom, title.text, rect, mark) for mark in marks if rect.meets(mark)]
    assert words > 20
    assert covered == [], covered


def test_names_are_drawn_in_turns_and_shown_when_all_are(view: MapView, qtbot: QtBot, monkeypatch) -> None:
    """Drawing a hundred new ones takes as long as several frames. Until then those before stay."""
    names, seen = view.picture.names, view.picture.view
    before, version, kept = names.placed_names(), names.version, set(names._titles._drawn)
    view.picture.set_view(replace(seen, scale=seen.scale * 4).settle())
    monkeypatch.setattr(turns, "TURN_S", 0.0)
    drawn: list[str] = []
    for painter in (names._names, names._titles, names._features._painter):
        draw = painter._draw
        watched = lambda text, draw=draw: drawn.append(str(getattr(text, "text", text))) or draw(text)  # noqa: E731
        monkeypatch.setattr(painter, "_draw", watched)
    names.written = lambda _projection: [Written("depots", 1.0, FeatureLabel(1, "A depot", seen.x, seen.y, True, 0.0))]
    paints = Paints(names)
    view.installEventFilter(paints)
    view.picture.place_names([], hurried=False)
    steps = set()
    while view.picture.lettering:
        assert not view.is_at_rest()
        assert (names.placed_names(), names.version) == (before, version), "what was there stays meanwhile"
        view.grab()
        steps.add(len(drawn))
        QApplication.processEvents()
    qtbot.waitUntil(lambda: version + 1 in paints.versions)
    after = names.placed_names()
    assert "A depot" in drawn
    assert names.titles
    assert set(drawn) >= {title.text for title in names.titles.values()} - kept
    assert len(steps) > 8, "name by name"
    assert set(after) - set(before)
    assert names.version == version + 1
    drawn.clear()
    view.grab()
    assert drawn == [], "all is at hand when it is painted"


def place_all(view: MapView) -> None:
    view.picture.place_names([], hurried=False)
    while view.picture.lettering:
        QApplication.processEvents()


def test_names_that_are_overtaken_are_not_shown(view: MapView, monkeypatch) -> None:
    """While they are drawn time runs on, or the look changes: what was placed for that stays."""
    names, seen = view.picture.names, view.picture.view
    for change in (
        lambda: view.picture.place_names([], hurried=True),
        lambda: place_all(view),
        lambda: names.restyle(1.0),
        names.forget_titles,
    ):
        view.picture.set_view(seen)
        place_all(view)
        assert "Raqqa" in names.placed_names()
        slow = names.placing(replace(seen, scale=seen.scale * 30), view.picture.scene, view.picture.layer, [], None)
        next(slow)
        change()
        after, version = names.placed_names(), names.version
        assert sum(1 for _step in slow) > 3, "they are drawn nonetheless"
        assert (names.placed_names(), names.version) == (after, version)


def test_names_that_are_being_drawn_are_not_lost_as_the_map_is_zoomed(view: MapView) -> None:
    names, seen = view.picture.names, view.picture.view
    place_all(view)
    slow = names.placing(seen, view.picture.scene, view.picture.layer, [], None)
    next(slow)
    view.picture.set_view(replace(seen, scale=seen.scale * 1.3).settle())
    view.picture.place_names([], hurried=True)  # finds room for nothing in the midst of it
    version = names.version
    for _step in slow:
        pass
    assert names.version == version + 1


def test_names_follow_a_map_that_was_zoomed_while_time_runs(view: MapView, qtbot: QtBot) -> None:
    """As soon as it stands still; time that runs never comes to rest."""
    before = set(view.picture.names.placed_names())
    seen = view.picture.view
    view.picture.set_view(replace(seen, scale=seen.scale / 20).settle())
    view.picture.place_names([], hurried=True)
    assert set(view.picture.names.placed_names()) == before, "in the midst of the zoom names wait"
    view.picture.place_names([], hurried=True)
    qtbot.waitUntil(lambda: not view.picture.lettering)
    after = set(view.picture.names.placed_names())
    assert "Raqqa" in before - after
    assert after

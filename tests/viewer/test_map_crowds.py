"""Marks that stand for more events than a list is read to the end of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.values import MS_DAY, Extent
from tests.helpers.colors import contrast
from tests.helpers.generate import generate
from tests.helpers.maps import desk_of, settle, shown_map
from tests.helpers.pictures import pixels
from viewer.core.state import EVER_DAYS
from viewer.look.theme import ThemeManager
from viewer.views.map import items
from viewer.views.map.crowd import STEPS, TONES, CellPainter, tone_color
from viewer.views.map.hand import MOST_LISTED
from viewer.views.map.levels import Level
from viewer.views.map.view import MapView


@pytest.fixture
def crowded_map(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> Iterator[MapView]:
    project = generate(tmp_path / "crowded.gpkg", 1_500, places=40)
    with shown_map(qtbot, project, tmp_path, look) as view:
        desk_of(view).commands.last_event()
        desk_of(view).state.set("test", extent=Extent(0.0, 10.0, 80.0, 60.0))
        settle(qtbot, view)
        yield view


def test_a_stack_of_too_many_to_read_is_looked_at_more_closely(qtbot: QtBot, crowded_map: MapView) -> None:
    view, picture = crowded_map, crowded_map.picture
    for _ in range(12):
        at = int(np.argmax(picture.scene.stacks.count))
        if picture.scene.stacks.count[at] <= MOST_LISTED:
            break
        before = view.viewport.scale
        x, y = float(picture.scene.stacks.x[at]), float(picture.scene.stacks.y[at])
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        settle(qtbot, view)
        if view.popover.isVisible():
            break
        assert view.viewport.scale > 1.2 * before
    else:
        pytest.fail("a closer look never parts them")


def test_of_very_many_at_one_place_the_newest_are_listed(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    project = generate(tmp_path / "one.gpkg", 400, places=1)
    with shown_map(qtbot, project, tmp_path, look) as view:
        desk_of(view).commands.last_event()
        settle(qtbot, view)
        top = int(view.picture.scene.stacks.top[-1])
        x, y = view.picture.spot(top)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        settle(qtbot, view)
        assert view.popover.isVisible()
        assert len(view.popover.rows) == MOST_LISTED
        assert view.popover.list.accessibleName().startswith(f"{MOST_LISTED} newest of ")


def test_very_many_selected_events_are_rings_about_the_discs_that_hold_them(
    qtbot: QtBot, tmp_path: Path, look: ThemeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "MOST_SINGLE", 20)
    with shown_map(qtbot, generate(tmp_path / "many.gpkg", 9_000), tmp_path, look) as view:
        desk, layer = desk_of(view), view.picture.layer
        desk.state.set("test", time_cursor=int(desk.data.index.ends[-1]), with_older=True)
        settle(qtbot, view)
        assert view.picture.scene.level is Level.CELLS
        plain = pixels(view.grab()).astype(int)

        # Few are drawn one by one, as ever.
        rows = np.flatnonzero(desk.data.index.able)
        desk.state.set("test", selection=frozenset(desk.data.row_ref(int(row)) for row in rows[:20]))
        settle(qtbot, view)
        assert view.picture.scene.shares is None

        # Of one disc half, of another all.
        scene = view.picture.scene
        full, half = (scene.stacks.top[at] for at in (-1, -2))
        chosen = [*layer.members(scene, int(full)), *layer.members(scene, int(half))[::2]]
        assert len(chosen) > 40
        desk.state.set("test", selection=frozenset(desk.data.row_ref(int(row)) for row in chosen))
        settle(qtbot, view)
        scene, shares = view.picture.scene, view.picture.scene.shares
        assert shares is not None
        assert shares[-1] == scene.stacks.count[-1]
        assert shares[-2] == len(layer.members(scene, int(half))[::2])
        assert shares.sum() == len(chosen)

        accent = np.array(look.theme.accent.getRgb()[:3])
        rung = (np.abs(pixels(view.grab()).astype(int) - accent) <= 12).all(axis=2)
        before = (np.abs(plain - accent) <= 12).all(axis=2)

        def ink(at: int) -> int:
            x, y = round(scene.stacks.x[at]), round(scene.stacks.y[at])
            here = np.s_[max(y - 18, 0) : y + 18, max(x - 18, 0) : x + 18]
            return int(rung[here].sum() - before[here].sum())

        assert ink(-1) > 100
        assert ink(-1) > 1.5 * ink(-2) > 40


def test_discs_are_as_large_as_the_interface_and_leave_each_other_room(
    qtbot: QtBot, tmp_path: Path, look: ThemeManager
) -> None:
    with shown_map(qtbot, generate(tmp_path / "many.gpkg", 9_000), tmp_path, look) as view:
        desk = desk_of(view)
        desk.state.set("test", time_cursor=int(desk.data.index.ends[-1]), with_older=True)
        counted = []
        for scale in (1.0, 2.0):
            look.set_scale(scale)
            settle(qtbot, view)
            assert view.picture.scene.level is Level.CELLS
            stacks = view.picture.scene.stacks
            counted.append(int(stacks.count.sum()))
            fullest = int(stacks.count.max())
            pixmap, half = view.picture._cells._disc(fullest, 0)
            assert half == pytest.approx(13 * scale, abs=2.5 * scale)
            assert pixmap.width() == pytest.approx(2 * half, abs=1)
            apart = np.hypot(stacks.x[:, None] - stacks.x, stacks.y[:, None] - stacks.y)
            np.fill_diagonal(apart, np.inf)
            assert apart.min() > 18 * scale
            x, y = float(stacks.x[-1]), float(stacks.y[-1])
            assert view.picture.hit(x + 11 * scale, y) is not None
        assert counted[0] == counted[1], "the same events, on fewer and larger discs"


@pytest.mark.parametrize("preference", ["light", "dark"])
def test_the_figures_of_all_tones_can_be_read(look: ThemeManager, preference: str) -> None:
    look.set_preference(preference)
    theme, painter = look.theme, CellPainter(look, 4.0)
    for tone in range(TONES):
        ground = tone_color(theme, tone)
        glyph, _advance = painter._glyph("8", 9, tone)
        image = glyph.toImage()
        inks = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        (ink,) = {each.rgb() for each in inks if each.alpha() == 255}
        ratio = contrast(ground, QColor(ink))
        assert ratio >= max(contrast(ground, each) for each in (theme.text, theme.halo)) - 0.01
        assert ratio > 4.1, tone


def test_the_legend_says_what_the_tones_of_discs_mean(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, generate(tmp_path / "many.gpkg", 9_000), tmp_path, look) as view:
        desk, legend = desk_of(view), view.panel.legend
        desk.state.set("test", time_cursor=int(desk.data.index.ends[-1]) - 200 * MS_DAY, with_older=True)
        settle(qtbot, view)
        assert view.picture.scene.level is Level.CELLS
        said = legend.accessibleName()
        assert "Tone: events in the last 90 days, from none to 300 or more" in said
        assert "No quote" not in said

        # Tones of the legend are those of discs with no and with the most events in the trail.
        image, stacks = pixels(view.grab()).astype(int), view.picture.scene.stacks
        strip = pixels(legend.grab()).astype(int)
        places = []
        most = int(stacks.lit.max())
        last = sum(step <= most for step in STEPS)
        assert last > 3
        for lit, tone in ((stacks.lit == 0, 0), (stacks.lit == most, last)):
            color = np.array(tone_color(look.theme, tone).getRgb()[:3])
            clear = [
                (round(x), round(y))
                for x, y in zip(stacks.x[lit], stacks.y[lit], strict=True)
                if 20 < x < view.width() - 20
                and not any(card.holds(x, y) for card in view.panel.covered())
                and 20 < y < view.height() - 20
            ]
            assert clear
            x, y = clear[0]
            near = image[y - 9 : y + 10, x - 9 : x + 10]
            assert (np.abs(near - color).max(axis=2) <= 2).sum() > 20
            there = np.abs(strip - color).max(axis=2) <= 2
            assert there.sum() > 20
            places.append(np.nonzero(there)[1].mean())
        assert places[0] < places[1]

        desk.commands.set_trail(EVER_DAYS)
        settle(qtbot, view)
        assert "Tone: events so far" in legend.accessibleName()
        desk.state.set("test", time_cursor=int(np.sort(desk.data.index.columns.earliest)[200]))
        settle(qtbot, view)
        assert view.picture.scene.level is Level.MARKS
        assert "Tone" not in legend.accessibleName()

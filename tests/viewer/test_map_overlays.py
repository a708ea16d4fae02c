"""What lies over the map and what is written on it: pointers, the date card, callouts, notices, titles."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db import edtf
from db.values import MS_DAY
from tests.helpers.maps import desk_of, drag, row_of, sample_at, settle, shown_map, towns_project
from tests.helpers.project import small_project
from viewer.core.countries import country_name
from viewer.core.state import ViewState
from viewer.look.theme import ThemeManager
from viewer.models.wording import count, short_count
from viewer.paths import resource
from viewer.views.map.countries import countries_of
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.overlays.callout import choose_spot, leader_rects
from viewer.views.map.overlays.date_card import DateCard, figures, trail_words
from viewer.views.map.panel import CREDITS
from viewer.views.map.pointers import EDGE, settle_at_edge
from viewer.views.map.titles import TitlePainter
from viewer.views.map.view import MapView

VIEW = Viewport(0.6, 0.4, 9_000.0, 960, 551)
CARDS = [Rect(14, 14, 268, 92), Rect(912, 340, 34, 110), Rect(14, 500, 700, 30)]


@given(st.floats(-math.pi, math.pi), st.integers(80, 240))
def test_a_pointer_lies_at_the_edge_it_points_to_and_on_nothing_else(angle: float, width: int) -> None:
    rect = settle_at_edge(angle, width, 28, VIEW, CARDS)
    assert rect is not None
    assert rect.x == pytest.approx(EDGE) or rect.right == pytest.approx(960 - EDGE) or rect.y == pytest.approx(EDGE) \
        or rect.bottom == pytest.approx(551 - EDGE)  # fmt: skip
    assert not any(rect.meets(card) for card in CARDS)


def test_pointers_give_way_to_each_other_and_go_when_there_is_no_room() -> None:
    taken = list(CARDS)
    for _ in range(6):
        rect = settle_at_edge(math.pi, 150, 28, VIEW, taken)
        assert rect is not None
        assert not any(rect.meets(other) for other in taken)
        taken.append(rect)
    assert settle_at_edge(0.0, 150, 28, VIEW, [Rect(0, 0, 960, 551)]) is None
    assert settle_at_edge(0.0, 150, 28, Viewport(0.6, 0.4, 900.0, 120, 40), []) is None


@pytest.mark.parametrize(
    ("days", "words"), [(1, "day"), (7, "7 days"), (90, "90 days"), (365, "year"), (3650, "10 years")]
)
def test_a_trail_in_words(days: int, words: str) -> None:
    assert trail_words(days * MS_DAY) == words


def test_the_figures_in_words() -> None:
    cursor = edtf.parse("2016-11-28").best
    assert figures(ViewState(time_cursor=cursor, trail=90 * MS_DAY), 1, 0, 0, 0) == (
        "28 Nov 2016",
        "1 event in the last 90 days",
        "none before that",
    )
    assert figures(ViewState(time_cursor=cursor, trail=MS_DAY), 0, 1286, 3, 2)[1:] == (
        "No events in the last day",
        "1,286 before that · 3 announced · 2 without a place",
    )


def test_counts_get_short() -> None:
    assert [short_count(n) for n in (2, 99, 999, 1000, 1240, 9949, 12_400)] == [
        "2", "99", "999", "1k", "1.2k", "9.9k", "12k",
    ]  # fmt: skip


marks = st.lists(st.tuples(st.floats(0, 960), st.floats(0, 551)), max_size=20)


@given(st.floats(20, 940), st.floats(20, 531), st.integers(140, 290), marks)
@settings(max_examples=120)
def test_a_card_lies_on_the_map_clear_of_overlays(
    x: float, y: float, width: int, others: list[tuple[float, float]]
) -> None:
    room = Rect(10, 10, 940, 531)
    rect = choose_spot((x, y), (width, 60), room, CARDS, [Rect(px - 8, py - 8, 16, 16) for px, py in others])
    if rect is None:
        return
    assert rect.x >= 10
    assert rect.right <= 950
    assert rect.y >= 10
    assert rect.bottom <= 541
    assert not any(rect.meets(card) for card in CARDS)
    assert not rect.holds(x, y)


def test_a_card_prefers_a_spot_that_covers_no_mark() -> None:
    room = Rect(10, 10, 940, 531)
    free = choose_spot((480, 300), (200, 60), room, [], [])
    assert free is not None
    assert free.bottom < 300  # above, and near
    in_the_way = Rect(free.x + 92, free.y + 22, 16, 16)
    other = choose_spot((480, 300), (200, 60), room, [], [in_the_way])
    assert other is not None
    assert not other.grown(4).meets(in_the_way)


def test_a_card_hides_one_mark_before_two() -> None:
    room = Rect(10, 10, 300, 300)
    grid = [Rect(20.0 + 40 * across, 20.0 + 40 * down, 16, 16) for across in range(7) for down in range(7)]
    kept = [rect for rect in grid if rect.y > 90]
    rect = choose_spot((150, 200), (150, 60), room, [], kept)
    assert rect is not None
    hidden = sum(rect.meets(other) for other in kept)
    assert hidden == 0  # all the way up, where there are none
    assert rect.bottom <= 100


def test_a_card_finds_its_spot_in_a_crowd_within_a_frame() -> None:
    """Each look at all lines to all marks took 60 to 100 ms; what is measured is the best of some runs."""
    points = np.random.default_rng(1).normal((480, 275), (160, 90), (2_000, 2)).tolist()
    others = [Rect(x - 8, y - 8, 16, 16) for x, y in points]
    room = Rect(10, 10, 940, 531)

    def seconds() -> float:
        start = thread_time()
        assert choose_spot((480, 300), (264, 60), room, CARDS, others) is not None
        return thread_time() - start

    assert min(seconds() for _ in range(7)) < 0.016


@given(st.floats(200, 760), st.floats(150, 400), marks)
@settings(max_examples=120)
def test_the_line_of_a_card_crosses_nothing_while_it_can(x: float, y: float, others: list[tuple[float, float]]) -> None:
    room = Rect(10, 10, 940, 531)
    few = [Rect(px - 8, py - 8, 16, 16) for px, py in others[:3] if math.hypot(px - x, py - y) > 40]
    rect = choose_spot((x, y), (200, 60), room, [], few)
    assert rect is not None
    assert not any(rect.meets(other) for other in few)
    assert not any(lies_on(other, leader_rects(rect, x, y)) for other in few)


def lies_on(mark: Rect, line: list[Rect]) -> bool:
    """Whether the line goes through the middle part of a mark."""
    return any(mark.grown(-1).holds(each.x + 4, each.y + 4) for each in line)


def test_the_line_to_a_card_is_kept_free_all_along() -> None:
    rects = leader_rects(Rect(600, 100, 200, 60), 400.0, 300.0)
    for share in np.linspace(0, 1, 50):
        x, y = 400 + share * (608 - 400), 300 + share * (152 - 300)
        assert any(rect.grown(1).holds(x, y) for rect in rects)


def test_long_titles_are_cut_between_words(look: ThemeManager) -> None:
    painter = TitlePainter(look, 1.0)
    assert painter.fit("Mosul falls") == "Mosul falls"
    short = painter.fit("The militias claim to have cut every road between Mosul and the Syrian border")
    assert short.endswith("…")
    assert not short.endswith(" …")
    assert painter.size(short)[0] <= 190
    assert painter.fit("Donaudampfschifffahrtsgesellschaftskapitänswitwenrente").endswith("…")


def test_countries_by_code() -> None:
    assert country_name("LY") == "Libya"
    assert country_name("SY") == "Syria"
    assert country_name("") == ""
    assert country_name("QQ") == ""


@pytest.fixture
def town_map(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> Iterator[MapView]:
    with shown_map(qtbot, towns_project(tmp_path / "towns.gpkg"), tmp_path, look) as view:
        desk_of(view).state.set("test", time_cursor=edtf.parse("2016-12-12").best)
        settle(qtbot, view)
        yield view


def test_a_project_whose_places_have_no_country_is_about_the_whole_world(town_map: MapView) -> None:
    loaded = desk_of(town_map).data.loaded
    assert countries_of(desk_of(town_map).data.index, loaded.places) == frozenset()
    assert town_map.picture.basemap.atlas.codes(frozenset({"Iraq", "Syria"})) == {"IRQ", "SYR", "golan"}


def test_two_claims_that_disagree_are_said_on_the_card(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    path = tmp_path / "small.gpkg"
    small_project(path).close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk = desk_of(view)
        row = row_of(view, "Mosul is entered")
        desk.commands.fly_to_event(desk.data.row_ref(row))
        settle(qtbot, view)
        callout = view.picture._callout
        assert callout is not None
        assert callout[0].chip == "2 claims disagree"
        assert callout[0].title == "Mosul is entered"


def test_overlays_keep_apart_and_keep_their_sizes(town_map: MapView, qtbot: QtBot) -> None:
    for width, height in ((960, 551), (640, 330), (1500, 900)):
        town_map.resize(width, height)
        settle(qtbot, town_map)
        rects = town_map.panel.covered()
        body = town_map.panel.date.body()
        assert (body.x, body.y, body.h) == (14, 14, 46 if width == 640 else 92)
        assert body.w >= (186 if width == 640 else 268)
        for at, rect in enumerate(rects):
            assert rect.x >= 0
            assert rect.right <= width
            assert rect.bottom <= height
            assert not any(rect.meets(other) for other in rects[at + 1 :]), (width, rect)


@pytest.mark.parametrize("size", [(1280, 309), (880, 345), (640, 345), (480, 320), (1280, 272), (1023, 483)])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_on_a_small_map_what_lies_on_it_keeps_to_the_corners(
    qtbot: QtBot, tmp_path: Path, look: ThemeManager, size: tuple[int, int], scale: float
) -> None:
    look.set_scale(scale)
    with shown_map(qtbot, sample_at(tmp_path), tmp_path, look, size) as view:
        desk, panel = desk_of(view), view.panel
        if not panel.is_small or size[0] < 320 * scale:  # no window is so narrow
            return
        for bar in (False, True) if size[0] >= 640 * scale else (False,):  # that of many events, above the legend
            panel.cover(Rect(EDGE, size[1] - panel.foot() - 40, 300 * scale, 40) if bar else None)
            desk.state.set("test", time_cursor=edtf.parse("2016-11-28").best)
            settle(qtbot, view)
            cards = panel.cards()
            for at, card in enumerate(cards):
                assert card.x >= 0
                assert card.right <= size[0]
                assert not [other for other in cards[at + 1 :] if card.meets(other)], card
        low, legend = size[1] < 200 * scale, panel.legend
        assert legend.isHidden() or len(legend.entries) >= 6
        if size[0] >= 640 * scale and not low:
            assert legend.isVisible()
            assert legend.body().w <= max(size[0] * 0.5, 300 * scale), "no strip from side to side"
            line, credits = panel._scale.rects(view.picture.view)
            assert line.bottom > size[1] - 30 * scale, "nothing but the credits lies below it"
            assert credits.y >= line.bottom


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_date_card_is_as_wide_as_its_figures(qtbot: QtBot, look: ThemeManager, scale: float) -> None:
    look.set_scale(scale)
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(800, 500)
    card = DateCard(look, host)
    for small, roles in ((False, ("map_date", "label_strong", "note")), (True, ("event_title", "note"))):
        card.show_lines("1 Dec 2016", "1 event in the last year", "")
        card.arrange(14, 14, small=small)
        least = card.body().w
        lines = ("1 Dec 2016", "6,592 events in the last 90 days", "142,468 before that · 3,117 without a place")
        card.show_lines(*lines)
        advances = [
            QFontMetricsF(look.theme.font(role)).horizontalAdvance(line)
            for role, line in zip(roles, lines, strict=False)
        ]
        assert card.body().w >= max(advances) + 2 * look.theme.px(10)
        assert card.body().w > least
        wide = card.body().w
        card.show_lines("2 Dec 2016", "No events in the last year", "")
        assert card.body().w == wide, "a card that shrinks trembles while the cursor moves"
        card.arrange(14, 14, small=small)
        assert card.body().w < wide
        card.show_lines("1 Dec 2016", "6,592 events in the last 90 days" * 9, "")
        assert card.body().right <= 800 - 14


def test_the_mouse_goes_through_the_date_card_to_the_map(town_map: MapView) -> None:
    before = town_map.viewport
    assert town_map.panel.date.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    drag(town_map, QPoint(60, 40), QPoint(90, 60))
    assert town_map.viewport != before


@pytest.mark.parametrize("size", [(638, 345), (938, 345), (960, 551)])
def test_the_sample_opens_with_no_mark_below_a_card(
    size: tuple[int, int], qtbot: QtBot, tmp_path: Path, look: ThemeManager
) -> None:
    with shown_map(qtbot, sample_at(tmp_path), tmp_path, look, size) as view:
        desk = desk_of(view)
        desk.commands.type_date("2016-11-28")
        settle(qtbot, view)
        picture, panel = view.picture, view.panel
        stacks = picture.scene.stacks
        assert len(stacks.top) > 15
        assert len(panel.legend.entries) == 6
        callout = picture.callout_rects()[0].grown(-3)
        for x, y in zip(stacks.x.tolist(), stacks.y.tolist(), strict=True):
            assert not any(rect.holds(x, y) for rect in [*panel.covered(), callout]), (x, y)
        row = desk.data.row(desk.state.view.current)
        assert row is not None
        at = picture.spot(row)
        assert at is not None
        others = [rect for rect in picture.mark_rects() if not rect.holds(*at)]
        assert not any(lies_on(other, leader_rects(callout, *at)[2:]) for other in others)


def test_cards_are_smaller_on_a_small_map(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, sample_at(tmp_path), tmp_path, look) as view:
        desk = desk_of(view)
        desk.commands.type_date("28 nov 2016")
        desk.commands.select((desk.data.row_ref(row_of(view, "Abadi says ISIS is collapsing at Mosul")),), "test")
        sizes = []
        for size in ((960, 551), (640, 345)):
            view.resize(*size)
            settle(qtbot, view)
            assert view.panel.pointers.bodies()
            sizes.append((view.panel.date.body(), view.picture.callout_rects()[0], view.panel.pointers.bodies()[0]))
        for large, small in zip(*sizes, strict=True):
            assert small.h < large.h
        for large, small in list(zip(*sizes, strict=True))[:2]:
            assert small.w <= 0.85 * large.w


def test_the_figures_are_those_of_the_events(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, sample_at(tmp_path), tmp_path, look) as view:
        desk = desk_of(view)
        columns, trail = desk.data.index.columns, desk.state.view.trail
        widest = view.panel.date.body().w - 2 * 14 + 4
        for date in ("2014-08-01", "2015-06-15", "2016-06-20", "2016-11-28", "2017-06-01"):
            desk.commands.type_date(date)
            cursor = desk.state.view.time_cursor
            begun = columns.dated & (columns.earliest <= cursor)
            recent = begun & (columns.latest >= cursor - trail)
            _date, headline, detail = view.panel.date.lines
            assert headline == f"{count(int(recent.sum()), 'event')} in the last 90 days"
            parts = detail.split(" · ")
            assert parts[0] == f"{int((begun & ~recent).sum())} before that"
            without = int((begun & ~desk.data.index.mapped).sum())
            assert parts[-1] == f"{without} without a place"
            assert QFontMetricsF(look.theme.font("note")).horizontalAdvance(detail) <= widest  # not cut


def test_the_credits_on_the_map_name_each_source_of_its_data() -> None:
    text = resource("basemap", "CREDITS.md").read_text("utf-8")
    assert f"**{CREDITS}**" in text
    for licence in ("Natural Earth", "GeoNames", "SRTM30", "GSHHG"):
        assert re.search(rf"\| {licence},", text)
        assert licence in CREDITS

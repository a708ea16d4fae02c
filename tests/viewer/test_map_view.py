"""The map in a real window on a real project: mouse, keys, what it says, what others hear of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from db import edtf
from db.edits import add_event
from db.errors import EnvironmentFault
from db.importers.text import import_text
from db.store import Store
from db.values import MS_DAY, Extent, Status
from tests.helpers.desk import make_desk
from tests.helpers.maps import (
    EVENTS,
    IRAQ,
    OPENS,
    TOWNS,
    click,
    desk_of,
    row_of,
    selected_titles,
    settle,
    shown_map,
    spot,
    towns_project,
)
from tests.helpers.pictures import pixels
from tests.helpers.project import small_project
from viewer.core.settings import DISPUTED, PROJECTION
from viewer.core.state import Filters
from viewer.look.theme import ThemeManager
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.items import REACH
from viewer.views.map.projection import to_world
from viewer.views.map.view import MapView

# What is drawn


def test_what_is_drawn_is_what_a_plain_query_gives(town_map: MapView) -> None:
    desk = desk_of(town_map)
    kinds = {row.name: row.uid for row in desk.data.loaded.kinds.values()}
    rng = np.random.default_rng(3)
    statuses = list(Status)
    for _ in range(60):
        day = int(rng.integers(0, 900))
        cursor = edtf.parse("2015-01-01").best + day * MS_DAY
        trail = int(rng.choice([7, 90, 365])) * MS_DAY
        hidden = frozenset(kinds[name] for name in rng.choice(sorted(kinds), rng.integers(0, 3), replace=False))
        off = frozenset(statuses[i] for i in rng.choice(len(statuses), rng.integers(0, 2), replace=False))
        desk.state.set(
            "test", time_cursor=cursor, trail=trail, filters=Filters(hidden_kinds=hidden, hidden_statuses=off)
        )
        expected = set()
        for title, kind, date, town, status in EVENTS:
            span = edtf.parse(date)
            kind_uid = desk.data.loaded.kinds[kind].uid
            coming = status in (Status.PLANNED, Status.PREDICTED)
            if not town or kind_uid in hidden or status in off or (span.earliest_start > cursor and not coming):
                continue
            spot_at = spot(town_map, title)
            if -REACH < spot_at.x() < 960 + REACH and -REACH < spot_at.y() < 551 + REACH:
                expected.add(title)
        drawn = {desk.data.title(int(row)) for row in town_map.picture.scene.rows}
        assert drawn == expected


def test_a_mark_is_painted_where_its_event_is_and_nowhere_when_hidden(town_map: MapView, qtbot: QtBot) -> None:
    def grabbed() -> np.ndarray:
        settle(qtbot, town_map, rendered=True)
        return pixels(town_map.grab()).astype(int)

    desk, at, elsewhere = desk_of(town_map), spot(town_map, "Palmyra falls again"), spot(town_map, "Mosul is entered")
    shown = grabbed()
    desk.commands.toggle_status(Status.CLAIMED)  # Palmyra alone
    changed = np.abs(grabbed() - shown).max(axis=2) > 60

    def around(middle: QPoint) -> int:
        return int(changed[middle.y() - 8 : middle.y() + 9, middle.x() - 8 : middle.x() + 9].sum())

    assert around(at) > 25
    assert around(elsewhere) == 0


def test_titles_and_names_never_cover_a_mark_or_each_other(town_map: MapView, qtbot: QtBot) -> None:
    names = town_map.picture.names
    assert names.titles
    assert "Mosul" in names.placed_names() or "Baghdad" in names.placed_names()
    marks = town_map.picture.mark_rects()
    rects = [rect for _label, candidate in names._placed for rect in candidate]
    assert not any(rect.meets(mark) for rect in rects for mark in marks)


def test_pointers_name_what_is_outside_and_fly_there(town_map: MapView, qtbot: QtBot) -> None:
    pointers = town_map.panel.pointers
    assert [each.text for each in pointers.shown] == ["Sirte · 1"]
    chip = pointers.chip(0)
    body = chip.body()
    assert body.x < 480  # Libya is to the west
    assert not any(body.meets(other) for other in town_map.panel.cards())
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    settle(qtbot, town_map)
    assert row_of(town_map, "Sirte is cleared") in town_map.picture.scene.rows
    assert all("Sirte" not in each.text for each in pointers.shown)


def test_the_date_card_gives_true_figures(town_map: MapView) -> None:
    date, headline, detail = town_map.panel.date.lines
    assert date == "12 Dec 2016"
    # lit: Mosul twice, Palmyra, Sirte, and the statement, which has no place; older: Tikrit; announced: Raqqa
    assert headline == "5 events in the last 90 days"
    assert detail == "1 before that · 1 announced · 1 without a place"


# States


def test_no_match_says_how_many_are_hidden_and_offers_to_show_them(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    for status in Status:
        desk.commands.toggle_status(status)
    settle(qtbot, town_map)
    notice = town_map.panel.notice
    assert notice.isVisible()
    assert notice.notice is not None
    assert notice.notice.text == "No events match. 7 are hidden by 5 filters."
    QTest.mouseClick(notice.buttons()[0], Qt.MouseButton.LeftButton)
    settle(qtbot, town_map)
    assert desk.state.view.filters == Filters()
    assert notice.isHidden()


def test_an_instant_without_events_points_both_ways(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    planned = frozenset({Status.PLANNED})
    desk.state.set(
        "test", time_cursor=edtf.parse("2014-01-01").best, filters=replace(Filters(), hidden_statuses=planned)
    )
    settle(qtbot, town_map)
    notice = town_map.panel.notice
    assert [button.text() for button in notice.buttons()] == ["5 later"]
    QTest.mouseClick(notice.buttons()[0], Qt.MouseButton.LeftButton)
    settle(qtbot, town_map)
    assert notice.isHidden()
    assert desk.data.title(int(town_map.picture.scene.rows[0])) == "Tikrit is retaken"


def test_an_empty_project_says_what_to_do(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    with shown_map(qtbot, towns_project(tmp_path / "empty.gpkg", ()), tmp_path, look) as view:
        assert view.panel.notice.notice is not None
        assert view.panel.notice.notice.text == "Nothing here yet. Import a text or a table of events to begin."
        assert view.panel.date.isHidden()  # there is no date to tell of
        view.picture.walk()
        assert view.painted_children() == ()


@pytest.mark.parametrize(
    ("texts", "detail"),
    [
        (1, "Its source can be read.\nThis version cannot make events from it."),
        (2, "Its 2 sources can be read.\nThis version cannot make events from them."),
    ],
)
def test_a_project_of_texts_alone_does_not_ask_for_them_again(
    texts: int, detail: str, qtbot: QtBot, tmp_path: Path, look: ThemeManager
) -> None:
    path = towns_project(tmp_path / "texts.gpkg", ())
    store = Store.open(path)
    for number in range(texts):
        file = tmp_path / f"report-{number}.txt"
        file.write_text(f"What happened at {file.stem}.\n", encoding="utf-8")
        import_text(store, file, "2016-11-28")
    store.close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        assert len(desk_of(view).data.loaded.sources) == texts
        notice = view.panel.notice.notice
        assert notice is not None
        assert (notice.text, notice.detail) == ("No events yet.", detail)
        assert view.panel.notice.isVisible()
        assert view.panel.date.isHidden()


def test_events_without_dates_show_no_date(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    path = towns_project(tmp_path / "undated.gpkg", ())
    store = Store.open(path)
    with store.step("Add") as session:
        add_event(session, "Some day", kind_id=1)
    store.close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        assert desk_of(view).data.index.n == 1
        assert view.panel.date.isHidden()
        assert view.panel.notice.isVisible()


# Changes


def test_a_moved_event_is_painted_at_its_new_place(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    row = row_of(town_map, "Tikrit is retaken")
    desk.commands.set_new_place(desk.data.row_ref(row), "Rutba", 40.28, 33.04)
    qtbot.waitUntil(lambda: not desk.jobs.writing and desk.jobs.idle, timeout=10_000)
    settle(qtbot, town_map)
    x, y = town_map.viewport.screen(*to_world(40.28, 33.04))
    assert town_map.picture.hit(float(x), float(y)) == row_of(town_map, "Tikrit is retaken")
    desk.commands.undo()
    qtbot.waitUntil(lambda: not desk.jobs.writing and desk.jobs.idle, timeout=10_000)
    settle(qtbot, town_map)
    assert town_map.picture.hit(float(x), float(y)) is None


def choose(view: MapView, words: str) -> None:
    """Take an entry of the menu of the style button."""
    QTest.mouseClick(view.panel.style, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(each for each in menu.actions() if each.text().startswith(words)).trigger()
    menu.close()


def test_the_style_button_and_the_theme_change_the_ground(town_map: MapView, qtbot: QtBot, look: ThemeManager) -> None:
    def ground() -> tuple[int, int, int]:
        settle(qtbot, town_map, rendered=True)
        color = town_map.grab().toImage().pixelColor(560, 420)
        return color.red(), color.green(), color.blue()

    atlas = ground()
    choose(town_map, "Plain")
    assert desk_of(town_map).state.view.map_style == "plain"
    desk_of(town_map).settings.set(DISPUTED, "full")
    look_now = town_map.picture.basemap
    assert isinstance(look_now, Basemap)
    assert look_now.look.disputed == "full"
    assert ground() != atlas
    look.set_preference("dark")
    assert max(ground()) < 100


def test_another_projection_shows_the_same_country_with_every_mark_on_its_town(town_map: MapView, qtbot: QtBot) -> None:
    desk = desk_of(town_map)
    desk.state.set("test", extent=Extent(36.0, 32.0, 46.0, 38.0))
    settle(qtbot, town_map, rendered=True)
    middle = town_map.viewport.degrees_at(480, 275)
    plain = town_map.grab().toImage()
    for words, name in (("Albers", "albers"), ("Equal Earth", "equal-earth")):
        choose(town_map, words)
        settle(qtbot, town_map, rendered=True)
        assert town_map.viewport.projection.name == name
        assert desk.state.view.projection == town_map.viewport.projection.spec
        assert town_map.viewport.degrees_at(480, 275) == pytest.approx(middle, abs=0.6)
        assert town_map.grab().toImage() != plain
        mosul = town_map.viewport.spot(*TOWNS["Mosul"])
        assert town_map.picture.hit(*mosul) is not None
        assert desk.settings.get(PROJECTION) == name
    click(town_map, QPoint(*map(round, town_map.viewport.spot(*TOWNS["Tikrit"]))))
    assert desk.data.loaded.places[desk.data.index.columns.place[town_map.picture.scene.selected[0]]].name == "Tikrit"
    choose(town_map, "Web Mercator")
    settle(qtbot, town_map, rendered=True)
    assert town_map.viewport.projection.wraps


def test_filters_and_hidden_sources_leave_no_trace(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    path = tmp_path / "small.gpkg"
    small_project(path).close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk = desk_of(view)
        desk.state.set("test", time_cursor=edtf.parse("2017-06-01").best, trail=365 * MS_DAY)
        settle(qtbot, view)
        assert "Mosul is entered" in {desk.data.title(int(row)) for row in view.picture.scene.rows}
        herald = next(row for row in desk.data.loaded.sources.values() if row.title == "Herald")
        desk.commands.toggle_source(herald.uid)
        qtbot.waitUntil(lambda: desk.jobs.idle, timeout=10_000)
        settle(qtbot, view)
        shown = {desk.data.title(int(row)) for row in view.picture.scene.rows}
        assert "Mosul is entered" not in shown  # the other source tells it of Raqqa
        assert "Raqqa is entered" in shown


def test_sources_are_shown_again_as_they_were_or_as_they_have_become(
    qtbot: QtBot, tmp_path: Path, look: ThemeManager
) -> None:
    path = tmp_path / "small.gpkg"
    small_project(path).close()
    with shown_map(qtbot, path, tmp_path, look) as view:
        desk, picture = desk_of(view), view.picture
        desk.state.set("test", time_cursor=edtf.parse("2017-06-01").best, trail=365 * MS_DAY, extent=IRAQ)
        uids = [row.uid for row in desk.data.loaded.sources.values()][:2]

        def toggled(*which: str) -> set[str]:
            for uid in which:
                desk.commands.toggle_source(uid)
            qtbot.waitUntil(lambda: desk.jobs.idle, timeout=10_000)
            settle(qtbot, view)
            assert picture.layer.index is desk.data.index
            return {desk.data.title(int(row)) for row in picture.scene.rows}

        every, layer = toggled(), picture.layer
        assert toggled(uids[0]) != every
        assert picture.layer is not layer
        toggled(uids[1])
        assert toggled(*uids) == every
        assert picture.layer is layer, "nothing has changed, so nothing is made anew"
        toggled(uids[0])
        desk.state.set("test", projection="equal-earth")
        assert toggled(uids[0]) == every
        assert picture.layer.projection == picture.view.projection
        toggled(uids[0])
        row = next(row for row in picture.scene.rows if desk.data.title(int(row)) == "Raqqa is entered")
        desk.commands.set_title(desk.data.row_ref(int(row)), "Raqqa is taken")
        assert "Raqqa is taken" in toggled(uids[0])


@pytest.mark.display
def test_the_map_is_painted_on_a_display(town_map: MapView, qtbot: QtBot) -> None:
    settle(qtbot, town_map, rendered=True)
    screen = town_map.screen()
    assert screen is not None
    at = town_map.mapToGlobal(QPoint(0, 0))
    shot = pixels(screen.grabWindow(0, at.x(), at.y(), town_map.width(), town_map.height()))
    own = pixels(town_map.grab())
    assert (np.abs(shot.astype(int) - own.astype(int)).max(axis=2) > 24).mean() < 0.01


def test_without_its_ground_the_map_still_shows_the_events_and_says_so(
    qtbot: QtBot, tmp_path: Path, look: ThemeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*parts: str) -> Path:
        raise EnvironmentFault("A part of the program is missing.")

    monkeypatch.setattr("viewer.views.map.ground.resource", missing)
    with shown_map(qtbot, towns_project(tmp_path / "towns.gpkg"), tmp_path, look) as view:
        desk_of(view).state.set("test", time_cursor=edtf.parse(OPENS).best, extent=IRAQ)
        settle(qtbot, view, rendered=True)
        click(view, spot(view, "Tikrit is retaken"))
        assert selected_titles(view) == {"Tikrit is retaken"}
        assert view.picture.names.placed_names() == []
    desk = make_desk(tmp_path / "map.gpkg", tmp_path)
    view = MapView(desk, look)
    qtbot.addWidget(view)
    with qtbot.waitSignal(desk.messages.said) as said:
        view.show()
    assert said.args is not None
    assert said.args[0].text == (
        "The map has no ground: A part of the program is missing. Events are shown without it."
    )
    view.hide()
    again: list[object] = []
    desk.messages.said.connect(again.append)
    view.show()
    assert not again, "it is said once"
    desk.close()


def test_names_are_arabic_where_the_user_reads_arabic(qtbot: QtBot, tmp_path: Path, look: ThemeManager) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("ar_IQ"))
    try:
        with shown_map(qtbot, towns_project(tmp_path / "towns.gpkg"), tmp_path, look) as view:
            desk_of(view).state.set("test", extent=IRAQ)
            settle(qtbot, view)
            names = view.picture.names.placed_names()
            assert "بغداد" in names
            assert sum(any("\u0600" <= letter <= "\u06ff" for letter in name) for name in names) > len(names) / 2
    finally:
        QLocale.setDefault(before)

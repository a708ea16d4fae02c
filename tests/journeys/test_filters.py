"""Leaving things out: what vanishes, where it vanishes from, the sentence that says why, and how it comes back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QWidget
from sqlmodel import Session

from db.tables import Event, Kind
from db.timewords import show_instant
from db.values import Status
from tests.helpers.window import Program, painted, picture
from viewer.core.actions import BY_ID
from viewer.core.state import NO_KIND, Filters
from viewer.models.wording import source_name

DROP = {"shape": "circle", "light": "#1260C4", "dark": "#4FA0F8"}


def source_of(app: Program, name: str) -> int:
    return next(each.id for each in app.window.desk.data.loaded.sources.values() if source_name(each) == name)


def switch(app: Program, row: QAbstractButton) -> None:
    app.click(row, row.rect().center() / 4)
    app.settle()


def sentence(app: Program) -> str:
    bar = app.window.status_bar
    return bar._hidden.text() if bar._hidden.isVisible() else ""


def test_a_source_that_is_unticked_takes_its_events_everywhere(app: Program) -> None:
    window, data = app.window, app.window.desk.data
    filters = window.left_panel.filters
    reuters = source_of(app, "Reuters")
    columns = data.index.columns
    alone = {data.row_ref(row) for row in range(data.index.n) if set(columns.sources_of(row).tolist()) == {reuters}}
    shared = {
        data.row_ref(row)
        for row in range(data.index.n)
        if reuters in columns.sources_of(row) and len(columns.sources_of(row)) > 1
    }
    assert alone
    assert shared
    total, tikrit = data.index.n, app.event("ISIS driven out of Tikrit")
    assert tikrit in alone
    row = filters._sources[data.loaded.sources[reuters].uid]
    switch(app, row)
    assert data.index.n == total - len(alone)
    assert {ref for ref in alone if data.row(ref) is not None} == set()
    assert all(data.row(ref) is not None for ref in shared)
    for ref in shared:
        assert reuters not in data.index.columns.sources_of(data.row(ref))
    assert sentence(app) == f"{len(alone)} hidden, because Reuters is off"
    assert window.status_bar._counts.text() == f"{total - len(alone)} of {total} events"
    assert window.left_panel.outline.events.rowCount() == total - len(alone)
    assert window.table_view.model.rowCount() == total - len(alone)
    picture(window)
    lanes = [child.name for child in window.timeline_view.lanes.painted_children()]
    assert not any("driven out of Tikrit" in name for name in lanes)
    assert not row.isChecked()
    switch(app, row)
    assert data.index.n == total
    assert sentence(app) == ""
    assert data.row(tikrit) is not None


def test_a_source_that_is_ticked_again_is_there_at_once(app: Program) -> None:
    """What was in force before is kept: nothing is read, and the first picture shows it."""
    window, data = app.window, app.window.desk.data
    before = data.fresh
    reuters = source_of(app, "Reuters")
    switch(app, window.left_panel.filters._sources[data.loaded.sources[reuters].uid])
    assert data.fresh is not before
    window.desk.commands.toggle_source(data.loaded.sources[reuters].uid)
    assert data.fresh is before
    assert window.map_view.picture.layer.index is before.index
    app.settle()
    assert data.fresh is before
    app.window.desk.commands.set_title(data.row_ref(0), "Renamed")
    app.settle()
    assert data.title(0) == "Renamed", "an edit afterwards is read"
    switch(app, window.left_panel.filters._sources[data.loaded.sources[reuters].uid])
    app.window.desk.commands.set_title(data.row_ref(0), "Renamed again")
    window.desk.commands.toggle_source(data.loaded.sources[reuters].uid)
    app.settle()
    assert data.title(0) == "Renamed again", "what changed while it was hidden is not forgotten"
    assert data.index.n == before.index.n


def test_the_event_in_the_panel_goes_with_its_only_source(app: Program) -> None:
    window, data = app.window, app.window.desk.data
    debka = source_of(app, "DEBKA Weekly")
    assert window.right_panel.inspector.isVisible()
    assert set(data.index.columns.sources_of(data.row(app.state.current)).tolist()) == {debka}
    switch(app, window.left_panel.filters._sources[data.loaded.sources[debka].uid])
    assert data.row(app.state.current) is None
    assert not window.right_panel.inspector.isVisible()
    assert not any("Abadi says" in child.name for child in window.map_view.painted_children())
    window.desk.commands.clear_filters()
    app.settle()
    assert window.right_panel.inspector.isVisible()


def test_claims_of_a_hidden_source_leave_the_event_of_two(app: Program) -> None:
    window = app.window
    window.desk.commands.select((app.event("Baghdadi declares caliphate at Mosul"),), "test")
    app.settle()
    inspector = window.right_panel.inspector
    assert len(inspector.detail.claims) == 2
    assert inspector.detail.disagrees
    arabs = source_of(app, "The Arab Weekly")
    switch(app, window.left_panel.filters._sources[window.desk.data.loaded.sources[arabs].uid])
    assert len(inspector.detail.claims) == 1
    assert not inspector.detail.disagrees
    assert not inspector._disagree.isVisible()
    row = window.desk.data.row(app.state.current)
    assert not window.desk.data.index.columns.disagrees[row]


def test_a_status_chip(app: Program) -> None:
    window, index = app.window, app.window.desk.data.index
    predicted = int(np.count_nonzero(index.columns.status == 2))
    chip = window.left_panel.filters._status[Status.PREDICTED]
    app.click(chip)
    app.settle()
    assert app.state.filters.hidden_statuses == {Status.PREDICTED}
    assert sentence(app) == f"{predicted} hidden, because Predicted is off"
    assert window.table_view.model.rowCount() == index.n - predicted
    app.click(chip)
    assert sentence(app) == ""
    app.settle()


def test_a_lane_header_hides_its_kind_and_alt_shows_it_alone(app: Program) -> None:
    window = app.window
    lanes = window.timeline_view.lanes
    picture(lanes)
    kinds = window.desk.data.loaded.kinds
    control = next(kind for kind in kinds.values() if kind.name == "Control change")
    spot = app.in_lanes("Control change lane")
    app.click(lanes, spot)
    assert app.state.filters.hidden_kinds == {control.uid}
    assert "Control change is off" in sentence(app)
    assert not window.left_panel.filters._kinds[control.uid].isChecked()
    picture(lanes)
    assert painted(lanes, "Control change lane, 0 of 28 shown, off").isValid()
    app.click(lanes, app.in_lanes("Control change lane"))
    assert not app.state.filters.hidden_kinds
    app.click(lanes, app.in_lanes("Control change lane"), Qt.KeyboardModifier.AltModifier)
    assert app.state.filters.hidden_kinds == {kind.uid for kind in kinds.values()} - {control.uid}
    app.settle()


def test_show_only_conflicting_claims(app: Program) -> None:
    window, index = app.window, app.window.desk.data.index
    row = window.left_panel.filters._checks["disagreeing"]
    scroll_to(app, row)
    app.click(row, row.rect().center() / 4)
    app.settle()
    wanted = int(index.columns.disagrees.sum())
    assert app.state.filters.only == {"disagreeing"}
    assert window.table_view.model.rowCount() == wanted
    assert "only conflicting claims are shown" in sentence(app)


def test_no_match_says_so_on_the_map_and_one_click_clears(app: Program) -> None:
    window, commands = app.window, app.window.desk.commands
    for kind in window.desk.data.loaded.kinds.values():
        commands.toggle_kind(kind.uid)
    app.settle()
    assert window.desk.data.index.shown_count == 0
    assert window.map_view.panel.notice.isVisible()
    assert "130" in window.map_view.panel.notice.accessibleName()
    assert "hidden, because" in sentence(app)
    assert not window.timeline_view.transport.play.isEnabled()
    app.click(window.status_bar._hidden)
    app.settle()
    assert app.state.filters.count == 0
    assert window.desk.data.index.shown_count == 130
    assert not window.map_view.panel.notice.isVisible()
    assert window.timeline_view.transport.play.isEnabled()


def test_clear_filters_in_the_panel_and_back_by_history(app: Program) -> None:
    window = app.window
    window.desk.history.settle()
    uids = [source.uid for source in window.desk.data.loaded.sources.values()]
    for uid in uids[:2]:
        window.desk.commands.toggle_source(uid)
    window.desk.commands.toggle_status(Status.CLAIMED)
    app.settle()
    fewer = window.desk.data.index.shown_count
    window.desk.history.settle()
    clear = window.left_panel.filters._clear
    scroll_to(app, clear)
    app.click(clear)
    app.settle()
    assert window.desk.data.index.shown_count == 130
    assert not clear.isVisible()
    window.map_view.setFocus()
    app.key("Alt+Left")
    app.settle()
    assert window.desk.data.index.shown_count == fewer
    assert app.state.filters.hidden_sources == set(uids[:2])


def test_with_all_sources_hidden_there_are_still_dates(app: Program) -> None:
    window = app.window
    desk, timeline = window.desk, window.timeline_view
    desk.commands.set_filters(Filters(hidden_sources=frozenset(each.uid for each in desk.data.loaded.sources.values())))
    app.settle()
    assert desk.data.index.n == 0
    transport = timeline.transport
    assert transport.date.isEnabled()
    assert transport.trail.isEnabled()
    assert transport.date.text() == show_instant(app.state.time_cursor)
    assert not transport.play.isEnabled()
    assert timeline.overview.words()[0] == "No dates shown"
    assert window.map_view.panel.date.isVisible()
    assert BY_ID["date"].enabled(window)
    desk.commands.clear_filters()
    app.settle()


def test_stepping_and_playing_pass_over_what_is_hidden(app: Program) -> None:
    window = app.window
    statements = next(kind for kind in window.desk.data.loaded.kinds.values() if kind.name == "Statements")
    window.desk.commands.lanes.solo(statements.uid)
    app.key("Home")
    kinds = set()
    for _ in range(5):
        row = window.desk.data.row(app.state.current)
        kinds.add(int(window.desk.data.index.columns.kind[row]))
        app.key(".")
    assert kinds == {statements.id}
    app.settle()


def scroll_to(app: Program, widget: QWidget) -> None:
    area = next(area for area in app.window.left_panel.filters.findChildren(QScrollArea) if area.isAncestorOf(widget))
    area.ensureWidgetVisible(widget)


def test_the_status_bar_counts_what_the_visible_sources_hold(app: Program) -> None:
    source = next(iter(app.window.desk.data.loaded.sources.values()))
    words = app.window.status_bar._more
    assert words.text().startswith("162 quotes · 5 sources")
    app.window.desk.commands.toggle_source(source.uid)
    app.settle()
    assert words.text().startswith(f"{162 - source.quotes} quotes · 4 sources")


def test_a_kind_of_which_the_other_filters_leave_nothing_says_so(app: Program) -> None:
    desk, filters = app.window.desk, app.window.left_panel.filters
    desk.commands.toggle_check("disagreeing")
    app.settle()
    for kind_id, (shown, total) in desk.data.index.shown_by_kind().items():
        row = filters._kinds[desk.data.loaded.kinds[kind_id].uid]
        assert row.count() == (str(total) if shown == total else f"{shown} / {total}")
    assert any(row.count().startswith("0 / ") for row in filters._kinds.values())


def test_events_without_a_kind_have_a_row_of_their_own(app: Program) -> None:
    window, desk = app.window, app.window.desk
    filters, tikrit = window.left_panel.filters, app.event("ISIS driven out of Tikrit")
    row = filters._kinds[NO_KIND]
    assert row.isHidden(), "every event of the sample has a kind"
    event_id = desk.data.event_id(tikrit)

    def forget(session: Session) -> None:
        event = session.get(Event, event_id)
        assert event is not None
        event.kind_id = None

    desk.commands.write("Forget the kind", "Forgotten", forget)
    app.wait(lambda: not row.isHidden())
    assert desk.data.row(tikrit) is not None
    desk.commands.select((tikrit,), "test")
    app.settle()
    assert "No kind" in [entry.text for entry in window.map_view.panel.legend.entries]
    row.click()
    app.settle()
    assert not desk.data.index.shown[desk.data.row(tikrit) or 0]
    assert "no kind" in sentence(app)
    row.click()
    app.settle()
    assert desk.data.index.shown[desk.data.row(tikrit) or 0]


def test_kinds_without_events_stand_below_those_with_until_they_have_some(app: Program) -> None:
    desk, filters = app.window.desk, app.window.left_panel.filters
    app.window.resize(1600, 1200)

    def listed() -> list[str]:
        rows = [row for row in filters._kinds.values() if row.isVisible()]
        return [row.words() for row in sorted(rows, key=lambda row: row.mapTo(filters, row.rect().topLeft()).y())]

    before = listed()
    desk.commands.write(
        "Kind", "Added", lambda session: session.add(Kind(name="Floods", key=None, position=-1, **DROP))
    )
    app.wait(lambda: listed() == [*before, "Floods"])
    kind_id = next(each.id for each in desk.data.loaded.kinds.values() if each.name == "Floods")
    event_id = desk.data.event_id(app.event("ISIS driven out of Tikrit"))

    def flood(session: Session) -> None:
        event = session.get(Event, event_id)
        assert event is not None
        event.kind_id = kind_id

    desk.commands.write("Flood", "Changed", flood)
    app.wait(lambda: listed() == ["Floods", *before])
    desk.commands.undo()
    app.wait(lambda: listed() == [*before, "Floods"])

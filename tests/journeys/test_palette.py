"""Ctrl+K: a few letters lead to any event, place, quote, source, date or command."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from db.edtf import parse
from db.timewords import show_instant
from tests.helpers.maps import on_screen
from tests.helpers.palette import find, go_to, open_ones, walk_to
from tests.helpers.window import Program, instant, picture
from viewer.core.finder import PER_DATE, PER_GROUP, Group, around
from viewer.core.jobs import READERS
from viewer.core.settings import REDUCE_MOTION


def test_to_an_event(app: Program) -> None:
    event = app.event("Coup attempted in Turkey")
    go_to(app, "coup turkey", Group.EVENT, "Coup attempted")
    assert app.state.current == event
    assert app.state.selection == {event}
    index = app.window.desk.data.index
    row = app.window.desk.data.row(event)
    assert app.state.time_cursor == index.columns.best[row]
    assert app.window.map_view.rect().contains(
        *(round(v) for v in on_screen(app.window.map_view.viewport, index.columns.lon[row], index.columns.lat[row]))
    )
    assert app.quote_text()


def test_to_all_events_where_more_match_than_are_listed(app: Program) -> None:
    opened = find(app, "mosul")
    events = [each for each in opened.lines.found if each.group is Group.EVENT and not each.best]
    assert events[-1].title == "All events with “mosul”"
    assert len([each for each in events if each.ref is not None]) == PER_GROUP
    app.key("Escape")
    go_to(app, "  mosul ", Group.EVENT, "All events with")
    table = app.window.table_view
    assert app.window.stage.shows_table
    app.wait(lambda: table.model.narrowed and not table.model.looking)
    assert table.field.text() == "mosul"
    assert table.table.hasFocus()
    assert PER_GROUP < table.model.rowCount() < app.window.desk.data.index.shown_count
    app.key("Ctrl+K")
    (opened,) = open_ones(app)
    app.type("coup in turkey")
    app.wait(lambda: not opened._awaited)
    assert not any(each.words for each in opened.lines.found), "all that match are listed"


def test_to_a_quote(app: Program) -> None:
    app.settle()
    page = app.window.right_panel.source.page
    quote = next(each for each in page.quotes if each.claims and each.uid != app.state.quote.uid)
    words = " ".join(page.text[quote.start : quote.end].split()[:6])
    opened = find(app, words)
    lines = [each for each in opened.lines.found if each.group is Group.QUOTE]
    assert lines
    at = next(at for at, each in enumerate(opened.lines.found) if each.ref is not None and each.ref.uid == quote.uid)
    walk_to(app, opened, at)
    app.key("Return")
    app.settle()
    assert app.state.quote.uid == quote.uid
    assert app.quote_text() == page.text[quote.start : quote.end]
    assert app.state.current.uid in {claim.event_uid for claim in quote.claims}


@pytest.mark.parametrize(
    ("quote", "sought", "line"),
    [
        ("The army held the bridge.", "army", "The army held the bridge."),
        ("In the sixth week of the battle the enemy had lost heart.", "lost hea", "… enemy had lost heart."),
        ("In the sixth week of the battle the enemy had lost Héart.", "HEART", "… had lost Héart."),
        ("وفي الأسبوع السادس من المعركة سقط الجسر", "الجسر", "… المعركة سقط الجسر"),
        (
            "A quote in which nothing of it stands, a long one",
            "zz",
            "A quote in which nothing of it stands, a long one",
        ),
        ("…", "…", "…"),
    ],
)
def test_a_line_of_a_quote_shows_the_words_sought(quote: str, sought: str, line: str) -> None:
    assert around(quote, sought) == line


def test_to_a_source(app: Program) -> None:
    go_to(app, "hills again", Group.SOURCE, "As caliphate shrinks")
    arabs = next(each for each in app.window.desk.data.loaded.sources.values() if "Arab" in (each.publisher or ""))
    assert app.state.reading.uid in {document.uid for document in arabs.documents}
    assert app.window.right_panel.source.page.document_id in {document.id for document in arabs.documents}


def test_to_a_date(app: Program) -> None:
    go_to(app, "dec 2016", Group.DATE, "Dec 2016")
    assert show_instant(app.state.time_cursor)[-8:] == "Dec 2016"
    assert app.window.map_view.panel.date.lines[0] == show_instant(app.state.time_cursor)
    app.says("16 Dec 2016, in the middle of Dec 2016")


def test_a_date_brings_the_events_that_touch_it_the_soonest_first(app: Program) -> None:
    opened = find(app, "dec 2016")
    index = app.window.desk.data.index
    rows = [app.window.desk.data.row(each.ref) for each in opened.lines.found if each.group is Group.EVENT]
    assert 0 < len(rows) <= PER_DATE
    first, last = instant("2016-12-01"), instant("2016-12-31")
    assert all(index.columns.earliest[row] <= last and index.columns.latest[row] >= first for row in rows)
    inside = [index.columns.best[row] for row in rows if first <= index.columns.best[row] <= last]
    assert len(inside) > 3
    assert inside == sorted(inside)
    assert "ISIS loses Sirte" in [each.title for each in opened.lines.found]
    app.key("Escape")


def test_of_more_events_than_are_listed_the_most_exactly_dated_come_first(app: Program) -> None:
    opened, data = find(app, "28 nov 2016"), app.window.desk.data
    columns = data.index.columns
    rows = [data.row(each.ref) for each in opened.lines.found if each.group is Group.EVENT]
    day = parse("2016-11-28")
    first, last = day.earliest_start, day.latest_end
    touching = np.flatnonzero(columns.dated & (columns.earliest <= last) & (columns.latest >= first))
    assert len(rows) == PER_DATE < len(touching)
    assert opened.lines.found[0].detail == f"Go to this date, {PER_DATE} of {len(touching)} events"
    assert data.row(app.state.current) in rows, "the event that the sample opens at"
    rest = [row for row in rows if not first <= columns.best[row] <= last]
    spans = (columns.latest - columns.earliest)[rest].tolist()
    assert spans == sorted(spans)
    left_out = [row for row in touching if row not in rows]
    assert max(spans) <= min((columns.latest - columns.earliest)[left_out])
    app.key("Escape")


def test_what_words_and_date_find_alike_stands_once(app: Program) -> None:
    opened = find(app, "may")
    found = [each.ref for each in opened.lines.found if each.ref is not None]
    assert len(found) == len(set(found))
    app.key("Escape")


@pytest.mark.parametrize("typed", ["", "dec 2016", "hills again", "zzzzqqq"])
def test_it_covers_the_search_field_and_is_no_higher_than_what_it_shows(app: Program, typed: str) -> None:
    opened = find(app, typed)
    field = app.window.top_bar.search_anchor()
    assert (opened.pane.topLeft(), opened.pane.width()) == (field.topLeft(), field.width())
    lines = opened.lines.rowCount()
    if lines:
        last = opened.list.visualRect(opened.lines.index(lines - 1, 0))
        assert opened.list.height() - last.bottom() < 12 or last.bottom() >= opened.list.height()
    else:
        assert opened.pane.height() < 140
    app.key("Escape")


def test_motion_is_reduced_by_a_switch_that_says_whether_it_is_on(app: Program) -> None:
    look, settings = app.application.look, app.window.desk.settings
    assert look.reduce_motion
    go_to(app, "reduce motion", Group.COMMAND, "Reduce motion (on)")
    assert not look.reduce_motion
    assert not settings.get(REDUCE_MOTION)
    go_to(app, "reduce motion", Group.COMMAND, "Reduce motion (off)")
    assert look.reduce_motion
    assert settings.get(REDUCE_MOTION)
    app.window._enable_actions()
    item = app.window.actions_by_id["motion"]
    assert item.isCheckable()
    assert item.isChecked()


def test_to_a_command(app: Program) -> None:
    dark = app.application.look.theme.dark
    go_to(app, "light or dark", Group.COMMAND, "Light or dark")
    assert app.application.look.theme.dark is not dark


def test_a_command_that_cannot_be_done_is_not_offered(app: Program) -> None:
    opened = find(app, "undo")
    assert "Undo" not in [each.title for each in opened.lines.found]
    app.key("Escape")


def test_nothing_found_says_what_can_be_typed(app: Program) -> None:
    opened = find(app, "zzzzqqq")
    assert not opened.lines.found
    assert opened._none.isVisible()
    assert "zzzzqqq" in opened._none.text()
    assert all(str(group).lower()[:-1] in opened._none.text().lower() for group in Group)
    app.key("Return")
    assert opened.isVisible()
    app.key("Escape")


def test_nothing_is_said_to_be_missing_before_it_was_looked_for(app: Program) -> None:
    opened = find(app, "")
    go_on = threading.Event()
    for _ in range(READERS):
        app.window.desk.jobs.run(lambda: go_on.wait(20), lambda _answer: None)
    app.type("zzzzqqq")
    app.wait(lambda: opened._typed == "zzzzqqq")
    assert not opened._none.isVisible()
    go_on.set()
    app.settle()
    assert opened._none.isVisible()


def test_it_closes_by_escape_or_a_click_beside_it_and_gives_the_focus_back(app: Program) -> None:
    app.window.map_view.setFocus()
    before = app.state
    find(app, "mosul")
    app.key("Escape")
    assert not open_ones(app)
    assert QApplication.focusWidget() is app.window.map_view
    app.click(app.window.top_bar._search)
    assert open_ones(app)
    app.click(app.window.status_bar)
    assert not open_ones(app)
    assert app.state == before


def test_what_means_something_to_a_search_engine_is_only_text_here(app: Program) -> None:
    for typed in ("'", '"mosul', "mosul*", "AND", "a OR (", "%", "\\", "near/2", "-"):
        opened = find(app, typed)
        assert opened.isVisible()
        assert not app.window.toasts.toasts(), typed
        app.key("Escape")


def test_what_is_found_is_painted_with_its_heading(app: Program) -> None:
    opened = find(app, "mosul")
    headings = [opened.lines.heading(line) for line in range(opened.lines.rowCount())]
    shown = [heading for heading in headings if heading]
    assert shown[:2] == ["Places", "Events"], "the place that was named comes first"
    kinds = [heading.replace("Other places", "Places") for heading in shown[1:]]
    assert kinds == sorted(kinds, key=[str(group) for group in Group].index)
    assert (opened.lines.found[0].title, opened.lines.found[0].best) == ("Mosul", True)
    assert [each.title for each in opened.lines.found].count("Mosul") == 1
    image = picture(opened.list)
    rect = opened.list.visualRect(opened.lines.index(0, 0))
    assert len({image.pixel(x, rect.center().y()) for x in range(rect.left(), rect.right())}) > 3
    app.key("Escape")

"""Ctrl+K: a few letters lead to any event, place, quote, source, date or command."""

from __future__ import annotations

import threading
from contextlib import closing

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from db import queries
from db.edtf import parse
from db.tables import Actor, ClaimActor
from db.timewords import show_instant
from db.values import Ref, RefKind
from tests.helpers.maps import on_screen
from tests.helpers.window import Program, instant, picture
from viewer.core import commands
from viewer.core.finder import PER_DATE, PER_GROUP, Group, around
from viewer.core.jobs import READERS
from viewer.core.settings import REDUCE_MOTION
from viewer.shell.palette import Palette


def open_ones(app: Program) -> list[Palette]:
    return [each for each in app.window.findChildren(Palette) if each.isVisible()]


def palette(app: Program) -> Palette:
    (found,) = open_ones(app)
    return found


def find(app: Program, text: str) -> Palette:
    app.key("Ctrl+K")
    opened = palette(app)
    assert opened.field.edit.hasFocus()
    app.type(text)
    app.wait(lambda: opened._typed == text)
    app.settle()
    app.wait(lambda: not opened._awaited)
    return opened


def go_to(app: Program, text: str, group: Group, title: str) -> None:
    """Type, walk down to the wanted line, press Enter."""
    opened = find(app, text)
    line = next(
        at for at, each in enumerate(opened.lines.found) if each.group is group and each.title.startswith(title)
    )
    walk_to(app, opened, line)
    app.key("Return")
    app.settle()
    assert not open_ones(app)


def walk_to(app: Program, opened: Palette, line: int) -> None:
    """By the arrow keys from the line that is chosen: what was found as typed, though other spellings stand above."""
    app.wait(lambda: not opened._awaited)
    steps = line - opened.list.currentIndex().row()
    app.key("Down" if steps > 0 else "Up", times=abs(steps))


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


def test_to_a_place_in_arabic_or_without_its_accents(app: Program) -> None:
    go_to(app, "سرت", Group.PLACE, "Sirte")
    west, east = app.state.extent.west, app.state.extent.east
    assert west < 16.59 < east


def test_a_place_called_by_its_name_or_its_beginning_comes_first(app: Program) -> None:
    for typed in ("ra", "mosul offensive", "dec 2016"):
        opened = find(app, typed)
        assert opened.lines.found
        assert not any(each.best for each in opened.lines.found), typed
        assert (opened.lines.found[0].title == "Dec 2016") is (typed == "dec 2016")
        app.key("Escape")
    for typed, name in (("RAQ", "Raqqa"), ("الموصل", "Mosul")):
        opened = find(app, typed)
        assert opened.list.currentIndex().row() == 0
        assert (opened.lines.found[0].group, opened.lines.found[0].title) == (Group.PLACE, name)
        app.key("Return")
        app.settle()
        place = next(each for each in app.window.desk.data.loaded.places.values() if each.name == name)
        x, y = on_screen(app.window.map_view.viewport, place.lon, place.lat)
        assert app.window.map_view.rect().contains(round(x), round(y))


def test_to_the_events_of_an_actor(app: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    data = app.window.desk.data
    with closing(data.store.reader()) as con:
        events, actors = (each.tolist() for each in queries.event_actors(con))
    (row,) = (each for each in data.loaded.actors.values() if each.name == "Peshmerga")
    theirs = {data.loaded.uids[event] for event, actor in zip(events, actors, strict=True) if actor == row.id}
    assert 2 < len(theirs) < len(set(events))
    opened = find(app, "PESHMÉRGA")
    first = opened.lines.found[0]
    assert (first.group, first.title, first.detail) == (Group.ACTOR, "Peshmerga", f"{len(theirs)} events")
    assert [each.title for each in opened.lines.found].count("Peshmerga") == 1
    assert opened.lines.heading(0) == "Actors"
    app.key("Return")
    app.settle()
    assert {each.uid for each in app.state.selection} == theirs
    columns, rows = data.index.columns, [data.row(each) for each in app.state.selection]
    assert app.state.time_cursor == max(columns.best[row] for row in rows if columns.dated[row])
    assert app.state.current in app.state.selection
    assert all(app.state.time_window.contains(int(columns.best[row])) for row in rows if columns.dated[row])
    west, east = app.state.extent.west, app.state.extent.east
    assert all(west < columns.lon[row] < east for row in rows if data.index.mapped[row])
    # Aliases and other spellings; what the filters hide is not counted and not selected; no more than there is room.
    go_to(app, "iraqi kurdish forces", Group.ACTOR, "Peshmerga")
    hidden = data.loaded.kinds[int(columns.kind[data.row(app.state.current)])].uid
    app.window.desk.commands.toggle_kind(hidden)
    app.settle()
    rest = {each.uid for each in app.state.selection if data.index.shown[data.row(each)]}
    assert 1 < len(rest) < len(theirs)
    monkeypatch.setattr(commands, "MOST_SELECTED", 1)
    opened = find(app, "بيشمركة")
    line = next(at for at, each in enumerate(opened.lines.found) if each.group is Group.ACTOR)
    assert opened.lines.found[line].detail == f"{len(rest)} events"
    walk_to(app, opened, line)
    app.key("Return")
    app.settle()
    dated = sorted(rest, key=lambda uid: columns.best[data.row(Ref(RefKind.EVENT, uid))])
    assert {each.uid for each in app.state.selection} == {dated[0]}
    (toast,) = app.window.toasts.toasts()
    assert f"{len(rest)} events, and no more than 1 are selected at once: the first by date." in toast.text()


def test_an_actor_called_by_its_name_is_found_among_many_that_begin_so(app: Program) -> None:
    data = app.window.desk.data
    with closing(data.store.reader()) as con:
        claims = dict(con.execute("SELECT source_id, min(id) FROM claim GROUP BY source_id").fetchall())
    with data.store.step("Actors") as session:
        names = [*(f"Militia 7{number}" for number in range(PER_GROUP + 4)), "Militia 7"]
        actors = [Actor(name=name) for name in names]
        session.add_all(actors)
        session.flush()
        session.add_all(ClaimActor(claim_id=claims[2], actor_id=each.id) for each in actors[:-1])
        session.add(ClaimActor(claim_id=claims[1], actor_id=actors[-1].id))
    app.wait(lambda: "Militia 7" in {each.name for each in data.loaded.actors.values()})
    opened = find(app, "militia 7")
    assert (opened.lines.found[0].title, opened.lines.found[0].detail) == ("Militia 7", "1 event")
    app.key("Escape")
    uid = next(row.uid for row in data.loaded.sources.values() if row.id == 1)
    app.window.desk.commands.toggle_source(uid)
    app.settle()
    opened = find(app, "militia 7")
    called = [each.title for each in opened.lines.found if each.group is Group.ACTOR]
    assert len(called) == PER_GROUP
    assert "Militia 7" not in called, "a hidden source alone names it"
    app.key("Escape")


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


@pytest.mark.parametrize(
    ("typed", "title"),
    [("rakka", "Raqqa offensive being prepared"), ("الرقة", "Raqqa offensive"), ("dayr az zawr", "ISIS leaders to go")],
)
def test_to_an_event_by_another_spelling_of_its_place(app: Program, typed: str, title: str) -> None:
    opened = find(app, typed)
    app.wait(lambda: not opened._awaited)
    events = [each for each in opened.lines.found if each.group is Group.EVENT]
    wanted = next(each for each in events if each.title.startswith(title))
    assert len(events) <= PER_GROUP
    walk_to(app, opened, opened.lines.found.index(wanted))
    app.key("Return")
    app.settle()
    assert app.state.current == wanted.ref


def test_what_is_found_as_typed_comes_before_other_spellings(app: Program) -> None:
    opened = find(app, "baghdadi")
    app.wait(lambda: not opened._awaited)
    events = [each.title for each in opened.lines.found if each.group is Group.EVENT]
    assert "Baghdadi" in events[0]
    spelt = [at for at, title in enumerate(events) if "Baghdad" in title and "Baghdadi" not in title]
    literal = [at for at, title in enumerate(events) if "Baghdadi" in title]
    assert spelt
    assert max(literal) < min(spelt)


def test_to_a_passage_of_a_text(app: Program) -> None:
    app.window.map_view.setFocus()
    opened = find(app, "not believe him newsletter")
    app.wait(lambda: not opened._awaited)
    at = next(at for at, each in enumerate(opened.lines.found) if each.group is Group.TEXT)
    assert "does not believe him" in opened.lines.found[at].title
    walk_to(app, opened, at)
    app.key("Return")
    app.settle()
    source = app.window.right_panel.source
    assert app.state.reading == opened_ref(app, "DEBKA Weekly")
    cursor = source.reader.textCursor()
    assert cursor.selectedText() == "newsletter does not believe him"
    (first, *_rest) = source.reader.rects_of(cursor.selectionStart(), cursor.selectionEnd())
    assert 0 <= first.top() < source.reader.viewport().height()
    find(app, "smuggled turkish")
    app.wait(lambda: not palette(app)._awaited)
    line = next(at for at, each in enumerate(palette(app).lines.found) if each.group is Group.TEXT)
    palette(app)._choose(palette(app).lines.index(line, 0))
    app.settle()
    assert "smuggled" in source.reader.textCursor().selectedText()
    assert app.state.reading != opened_ref(app, "DEBKA Weekly")


def opened_ref(app: Program, publisher: str) -> Ref:
    """The digest of a source."""
    sources = app.window.desk.data.loaded.sources.values()
    source = next(each for each in sources if each.publisher == publisher)
    return Ref(RefKind.DOCUMENT, next(doc.uid for doc in source.documents if doc.has_text))

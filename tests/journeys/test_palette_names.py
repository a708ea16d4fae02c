"""Ctrl+K: names of places and actors lead to them in any spelling, and words of a text to their passage."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import Any

import pytest

from db import queries, search
from db.tables import Actor, ClaimActor
from db.values import Ref, RefKind
from tests.helpers.maps import on_screen
from tests.helpers.palette import find, go_to, palette, walk_to
from tests.helpers.window import Program
from viewer.core import commands
from viewer.core.finder import PER_GROUP, Group


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


def test_the_number_of_an_actors_events_waits_for_no_search_for_other_spellings(
    app: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, spelt = threading.Event(), search.search_spellings

    def late(*asked: Any) -> dict[RefKind, list[search.Hit]]:
        assert go_on.wait(30)
        return spelt(*asked)

    monkeypatch.setattr(search, "search_spellings", late)
    app.key("Ctrl+K")
    opened = palette(app)
    opened.field.edit.setText("peshmerga")
    app.wait(lambda: bool(opened.lines.found) and opened.lines.found[0].detail.endswith(" events"))
    counted = opened.lines.found[0]
    assert opened._awaited, "other spellings are not there yet"
    go_on.set()
    app.wait(lambda: not opened._awaited)
    assert opened.lines.found[0] == counted
    opened.field.edit.setText("bishmarka")
    app.wait(lambda: not opened._awaited)
    assert counted in opened.lines.found, "an actor that another spelling brings is counted as well"
    app.key("Escape")


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

"""After an edit only what it touched is read again; the outcome is that of reading everything."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from sqlmodel import Session

from db import edits, queries
from db.displayed import span_columns
from db.edtf import parse
from db.queries import EventColumns
from db.store import Change, Store
from db.tables import Claim, Document, Place, Quote, Source
from db.templates import new_project
from db.values import Status, TimeWindow
from tests.helpers.desk import make_desk
from tests.helpers.generate import generate
from viewer.core import loading
from viewer.core.loaded import Loaded
from viewer.core.loading import Fresh, load, look_through, prepare, reload
from viewer.core.state import Filters


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return generate(tmp_path / "generated.gpkg", 120, sources=4, places=12)


def read(reader: sqlite3.Connection, hidden: frozenset[str] = frozenset()) -> Fresh:
    """Everything from the file."""
    whole = prepare(load(reader))
    return look_through(reader, whole, hidden) if hidden else whole


def same(one: Loaded, other: Loaded) -> None:
    for field in fields(Loaded):
        if field.name != "columns":
            assert getattr(one, field.name) == getattr(other, field.name), field.name
    same_columns(one.columns, other.columns)


def same_columns(one: EventColumns, other: EventColumns) -> None:
    for field in fields(EventColumns):
        left, right = getattr(one, field.name), getattr(other, field.name)
        assert left.dtype == right.dtype, field.name
        np.testing.assert_array_equal(left, right, field.name)


def is_what_the_file_gives(now: Fresh, reader: sqlite3.Connection, hidden: frozenset[str]) -> None:
    """The slow way: SQL and the derivation of all events that a hidden source speaks of, and orders by sorting."""
    ids = frozenset(row.id for row in now.loaded.sources.values() if row.uid in hidden)
    columns = queries.event_columns(reader, ids)
    same_columns(now.loaded.columns, columns)
    titles = queries.event_titles(reader, None, ids)
    assert {key: now.loaded.titles[key] for key in columns.id.tolist()} == dict(titles)
    assert list(now.loaded.places.values()) == queries.places(reader, ids)
    anew = prepare(now.loaded).index
    for name in ("announced", "ends", "all_bests", "stop_bests", "able"):
        np.testing.assert_array_equal(getattr(now.index, name), getattr(anew, name))
    assert now.index.shown_by_kind() == anew.shown_by_kind()
    assert now.index.count_in(TimeWindow(0, 2_000_000_000_000)) == anew.count_in(TimeWindow(0, 2_000_000_000_000))
    for order, key in zip(now.index.orders, (columns.best, columns.latest, columns.id), strict=True):
        np.testing.assert_array_equal(order, np.argsort(key, kind="stable"))


def change_something(session: Session, chance: random.Random) -> None:
    event, place = chance.randint(1, 110), chance.randint(1, 12)
    match chance.randint(0, 7):
        case 0:
            edits.set_event_title(session, event, f"Renamed {chance.random()}")
        case 1:
            edits.set_event_date(session, event, parse(f"20{chance.randint(10, 20)}-0{chance.randint(1, 9)}"))
        case 2:
            edits.set_event_place(session, event, place)
        case 3:
            edits.set_event_status(session, event, chance.choice(list(Status)))
        case 4:
            edits.delete_events(session, [chance.randint(111, 120)])
        case 5:
            edits.set_event_place(session, event, edits.add_place(session, "Somewhere", 40.0, 34.0))
        case 6:
            edits.set_source_reliability(session, chance.randint(1, 4), chance.choice("ABCDE"))
        case 7:
            edits.set_event_kind(session, event, chance.randint(1, 6))


@pytest.mark.parametrize("hidden_count", [0, 1, 3])
def test_reading_what_changed_gives_what_reading_all_gives(project: Path, hidden_count: int) -> None:
    chance = random.Random(hidden_count)
    store = Store.open(project)
    reader = store.reader()
    try:
        uids = [uid for (uid,) in reader.execute("SELECT uid FROM source ORDER BY id").fetchall()]
        hidden = frozenset(uids[:hidden_count])
        heard: list[Change] = []
        store.subscribe(heard.append)
        now = read(reader, hidden)
        for turn in range(60):
            if chance.random() < 0.2:
                store.undo()
            elif chance.random() < 0.1:
                store.redo()
            else:
                with store.step(f"Turn {turn}") as session:
                    change_something(session, chance)
            if chance.random() < 0.7:  # else several changes are read at once
                now = reload(reader, hidden, now, heard)
                heard.clear()
                same(now.loaded, read(reader, hidden).loaded)
                is_what_the_file_gives(now, reader, hidden)
    finally:
        reader.close()
        store.close()


def test_a_change_unknown_to_the_reader_has_everything_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(project)
    reader = store.reader()
    loads = []
    whole = loading.load
    monkeypatch.setattr(loading, "load", lambda *arguments: loads.append(1) or whole(*arguments))
    try:
        heard: list[Change] = []
        store.subscribe(heard.append)
        before = read(reader)
        for title in ("One", "Two"):
            with store.step(title) as session:
                edits.set_event_title(session, 1, title)
        assert reload(reader, frozenset(), before, heard).loaded.titles[1] == "Two"
        assert not loads
        assert reload(reader, frozenset(), before, heard[1:]).loaded.titles[1] == "Two"
        assert reload(reader, frozenset(), before, [replace(heard[0], stamp=0), heard[1]]).loaded.titles[1] == "Two"
        assert len(loads) == 2
        hidden = frozenset(uid for (uid,) in reader.execute("SELECT uid FROM source LIMIT 1"))
        assert reload(reader, hidden, before, heard).loaded.hidden_sources == hidden
        assert len(loads) == 2, "what is hidden is left out of what is known"
    finally:
        reader.close()
        store.close()


def test_a_place_that_moves_and_a_source_that_is_renamed_are_seen(project: Path) -> None:
    store = Store.open(project)
    reader = store.reader()
    try:
        heard: list[Change] = []
        store.subscribe(heard.append)
        before = read(reader)
        with store.step("Move") as session:
            place, source = session.get(Place, 3), session.get(Source, 2)
            assert place is not None
            assert source is not None
            other = session.get(Place, 4)
            assert other is not None
            place.geom, source.title = other.geom, "Another title"
        now = reload(reader, frozenset(), before, heard).loaded
        same(now, load(reader))
        there = now.columns.place == 3
        assert there.any()
        assert (now.columns.lon[there] == now.places[4].lon).all()
        assert now.sources[2].title == "Another title"
    finally:
        reader.close()
        store.close()


def test_what_is_hidden_makes_no_dates_and_takes_none_away(tmp_path: Path) -> None:
    path = tmp_path / "plain.gpkg"
    new_project(path, "Plain")
    store = Store.open(path)
    reader = store.reader()
    try:
        with store.step("Add") as session:
            source = Source(title="Herald")
            session.add(source)
            session.flush()
            document = Document(source_id=source.id, text_length=9)
            session.add(document)
            session.flush()
            quote = Quote(document_id=document.id, start=0, end=5, exact="words")
            session.add(quote)
            session.flush()
            event = edits.add_event(session, "Some day", kind_id=1)
            session.add(Claim(event_id=event, quote_id=quote.id, title="Some day"))
            hidden = frozenset({source.uid})
        assert not load(reader).has_dates
        assert not read(reader, hidden).loaded.has_dates
        with store.step("Date") as session:
            claim = Claim(event_id=event, quote_id=quote.id, title="Some day", edtf="2016-11-28", time_shape="moment")
            for name, value in span_columns(parse("2016-11-28")).items():
                setattr(claim, name, value)
            session.add(claim)
        assert load(reader).has_dates
        looked_past = read(reader, hidden).loaded
        assert not looked_past.columns.dated.any()
        assert looked_past.has_dates
    finally:
        reader.close()
        store.close()


def test_a_source_shown_again_while_a_change_is_read_is_shown_with_the_change(
    project: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """What was there before it was hidden is at hand, but without the change."""
    desk = make_desk(project, tmp_path)
    try:
        source = next(iter(desk.data.loaded.sources.values()))
        desk.commands.set_filters(Filters(hidden_sources=frozenset({source.uid})))
        qtbot.waitUntil(lambda: desk.jobs.idle)
        assert desk.data.loaded.hidden_sources
        event_id = int(desk.data.loaded.columns.id[0])

        def show(reading: bool) -> None:
            if reading:
                desk.data.loading.disconnect(show)
                QTimer.singleShot(0, lambda: desk.commands.set_filters(Filters()))

        desk.data.loading.connect(show)
        desk.commands.set_title(desk.data.ref(event_id), "Quite another title")
        qtbot.waitUntil(lambda: desk.data.loaded.titles[event_id] == "Quite another title" and desk.jobs.idle)
        assert not desk.state.view.filters.hidden_sources
        assert not desk.data.loaded.hidden_sources
    finally:
        desk.close()

"""Where things go wrong or odd, through the real window: nothing is lost, and nothing wrong is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from db import queries
from db.errors import EnvironmentFault
from db.store import Store
from db.values import OPEN_FUTURE, TimeWindow
from tests.helpers.window import Program
from viewer.core.commands import FIRST_INSTANT, LAST_INSTANT, LONGEST_WINDOW
from viewer.paths import as_project
from viewer.views.source import view as source_module


def test_the_lanes_can_be_zoomed_out_for_ever(app: Program) -> None:
    for _ in range(80):
        app.window.desk.commands.zoom_time(-1)
    app.settle()
    window = app.state.time_window
    assert window.length <= LONGEST_WINDOW
    assert window.first >= FIRST_INSTANT
    assert window.last <= LAST_INSTANT
    app.window.grab()
    app.window.desk.commands.go_to(OPEN_FUTURE)
    app.settle()
    assert app.state.time_cursor == LAST_INSTANT
    assert app.state.time_window.last <= LAST_INSTANT
    app.window.grab()


def test_what_is_being_typed_is_saved_when_the_window_closes(app: Program) -> None:
    path = app.window.desk.data.store.path
    app.key("F2")
    app.wait(lambda: app.window.right_panel.inspector.is_editing)
    app.key("Ctrl+A")
    app.type("Typed and not left")
    app.window.close()
    store = Store.open(path)
    reader = store.reader()
    titles = list(queries.event_titles(reader).values())
    reader.close()
    store.close()
    assert "Typed and not left" in titles


def test_an_edit_holds_while_a_source_is_hidden(app: Program) -> None:
    data = app.window.desk.data
    columns = data.index.columns
    row = next(row for row in range(data.index.n) if len(columns.sources_of(row)) > 1)
    ref = data.row_ref(row)
    hidden = data.loaded.sources[int(columns.sources_of(row)[0])].uid
    app.window.desk.commands.toggle_source(hidden)
    app.settle()
    app.window.desk.commands.set_title(ref, "Named by what is seen")
    app.settle()
    assert app.title(ref) == "Named by what is seen"
    app.window.desk.commands.clear_filters()
    app.settle()
    assert app.title(ref) == "Named by what is seen"


def test_delete_leaves_what_is_hidden(app: Program) -> None:
    data = app.window.desk.data
    refs = [data.row_ref(row) for row in range(5)]
    before = data.loaded.total_events
    app.window.desk.commands.select(refs, "test")
    for kind in data.loaded.kinds.values():
        app.window.desk.commands.toggle_kind(kind.uid)
    app.window.desk.commands.delete_selected()
    app.settle()
    assert app.window.desk.data.loaded.total_events == before
    app.says("hidden by filters")


def test_undo_leaves_no_older_undo_to_click(app: Program) -> None:
    ref = app.state.current
    assert ref is not None
    app.window.desk.commands.set_title(ref, "First")
    app.settle()
    app.window.desk.commands.set_title(ref, "Second")
    app.settle()
    app.key("Ctrl+Z")
    app.settle()
    texts = [toast.text() for toast in app.window.toasts.toasts()]
    assert "Undone: rename event" in texts
    assert "Rename event" not in texts


def test_a_text_that_cannot_be_read_says_so_in_its_place(app: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_arguments: object, **_named: object) -> None:
        raise EnvironmentFault("The stored text is damaged and is not shown.")

    source = app.window.right_panel.source
    old = source.page
    assert old is not None
    monkeypatch.setattr(source_module, "read_page", damaged)
    other = next(
        document
        for row in app.window.desk.data.loaded.sources.values()
        for document in row.documents
        if document.id != old.document_id and document.has_text
    )
    app.window.desk.commands.read_document(source_module.Ref(source_module.RefKind.DOCUMENT, other.uid))
    app.settle()
    assert source.page is None
    assert not source.reader.isVisible()


def test_a_reload_that_fails_keeps_filter_and_picture_in_step(app: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from viewer.core import data as data_module

    def locked(*_arguments: object) -> None:
        raise EnvironmentFault("The file is locked by another program.")

    monkeypatch.setattr(data_module, "reload", locked)
    source = next(iter(app.window.desk.data.loaded.sources.values()))
    app.window.desk.commands.toggle_source(source.uid)
    app.settle()
    app.says("locked by another program")
    assert not app.state.filters.hidden_sources
    monkeypatch.undo()
    app.window.desk.commands.toggle_source(source.uid)
    app.settle()
    assert app.window.desk.data.index.n < app.window.desk.data.loaded.total_events


def test_opening_the_open_project_again_keeps_the_window(app: Program) -> None:
    window = app.window
    app.application.open_project(window.desk.data.store.path)
    assert app.window is window


def test_flying_to_an_event_stops_the_playing(app: Program) -> None:
    app.window.desk.playback.go(1)
    ref = app.event("Mosul falls to ISIS")
    app.window.desk.commands.fly_to_event(ref)
    row = app.window.desk.data.row(ref)
    assert not app.window.desk.playback.playing
    QApplication.processEvents()
    assert app.state.time_cursor == int(app.window.desk.data.index.columns.best[row])


def test_a_filter_leaves_the_reader_where_it_is(app: Program) -> None:
    bar = app.window.right_panel.source.reader.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    kind = next(iter(app.window.desk.data.loaded.kinds.values()))
    app.window.desk.commands.toggle_kind(kind.uid)
    app.settle()
    assert bar.value() == before > 0


def test_a_typed_name_keeps_its_dots(tmp_path: Path) -> None:
    assert as_project("report 12.2016") == Path("report 12.2016.gpkg")
    assert as_project("own.gpkg") == Path("own.gpkg")
    assert as_project("OWN.GPKG") == Path("OWN.GPKG")


def test_a_window_of_nothing_is_refused(app: Program) -> None:
    before = app.state.time_window
    app.window.desk.commands.show_window(TimeWindow(5, 5))
    assert app.state.time_window == before

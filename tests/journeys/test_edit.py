"""Editing an event in the window: each change is in the file, undone and redone by keys, also after reopening."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from db import queries
from tests.helpers.editing import TAKEN, choose, replace_text
from tests.helpers.window import Program, detail_on_disk, painted, picture, reopened

pytestmark = pytest.mark.real_window

ABADI = "Abadi says ISIS is collapsing"


def test_a_title_is_edited_undone_redone_and_undone_again_after_reopening(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    assert editor.title.hasFocus()
    assert editor.title.text() == TAKEN
    replace_text(app, "YPG enters Tel Abyad")
    app.key("Return")
    app.settle()
    app.says("Renamed event")
    assert app.title(event) == "YPG enters Tel Abyad"
    app.key("Escape")
    assert not app.window.right_panel.inspector.is_editing
    app.window.map_view.setFocus()
    picture(app.window)
    painted(app.window.timeline_view.lanes, "YPG enters Tel Abyad")
    assert detail_on_disk(sample, event).title == "YPG enters Tel Abyad"
    app.key("Ctrl+Z")
    app.settle()
    app.says("Undone: rename event")
    assert app.title(event) == TAKEN
    assert detail_on_disk(sample, event).title == TAKEN
    app.key("Ctrl+Shift+Z")
    app.settle()
    assert app.title(event) == "YPG enters Tel Abyad"
    app.window.close()

    window = app.open(sample)
    assert app.title(event) == "YPG enters Tel Abyad"
    assert window.top_bar.undo.isEnabled()
    app.key("Ctrl+Z")
    app.settle()
    assert app.title(event) == TAKEN
    assert detail_on_disk(sample, event).title == TAKEN
    assert not window.top_bar.undo.isEnabled()
    app.click(window.top_bar.redo)
    app.settle()
    assert app.title(event) == "YPG enters Tel Abyad"


def test_what_is_undone_and_redone_is_chosen(app: Program) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.window.desk.commands.set_title(event, "Another title")
    app.settle()
    app.window.map_view.setFocus()
    app.key(".")
    app.settle()
    assert app.state.current != event
    for keys in ("Ctrl+Z", "Ctrl+Shift+Z"):
        app.window.desk.commands.clear_selection()
        app.key(keys)
        app.settle()
        assert app.state.current == event
        assert app.window.right_panel.inspector.detail.uid == event.uid
    app.window.desk.commands.delete_selected()
    app.settle()
    assert app.state.current is None
    app.key("Ctrl+Z")
    app.settle()
    assert app.state.current == event


def test_undo_by_key_right_after_enter_in_the_field(app: Program) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.key("F2")
    replace_text(app, "Something else")
    app.key("Return")
    app.settle()
    assert app.title(event) == "Something else"
    app.key("Ctrl+Z")
    app.settle()
    assert app.title(event) == TAKEN
    assert app.window.right_panel.inspector.editor.title.text() == TAKEN
    app.key("Ctrl+Shift+Z")
    app.settle()
    assert app.title(event) == "Something else"
    app.type("xyz")
    app.key("Ctrl+Z")
    app.settle()
    assert app.title(event) == "Something else"
    assert "xyz" not in app.window.right_panel.inspector.editor.title.text()


def test_what_is_entered_is_the_project_s_to_undo_from_that_moment_on(app: Program) -> None:
    """Not only when it has been read back: who is quick would take back a letter and believe it was all."""
    choose(app, TAKEN)
    event, editor = app.state.current, app.window.right_panel.inspector.editor
    app.key("F2")
    replace_text(app, "Something else")
    assert editor.title.isUndoAvailable()
    app.key("Return")
    assert not editor.title.isUndoAvailable()
    assert editor.title.text() == "Something else"
    app.wait(lambda: app.title(event) == "Something else")
    app.key("Ctrl+Z")
    app.settle()
    assert app.title(event) == TAKEN
    for field, text in ((editor.date, "2016-11-05"), (editor.place, "Raqqa")):
        field.setFocus(Qt.FocusReason.TabFocusReason)
        replace_text(app, text)
        assert field.isUndoAvailable()
        app.key("Return")
        assert not field.isUndoAvailable()
        app.settle()


def test_an_empty_title_is_refused(app: Program) -> None:
    choose(app, TAKEN)
    app.key("F2")
    app.key("Ctrl+A")
    app.key("Del")
    app.key("Return")
    app.settle()
    assert app.title(app.state.current) == TAKEN
    assert app.window.right_panel.inspector.editor.title.text() == TAKEN
    assert app.window.desk.data.store.undo_label is None


def test_the_kind_from_its_list(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.key("F2")
    app.choose(app.window.right_panel.inspector.editor.kind, "Statements")
    app.settle()
    assert detail_on_disk(sample, event).kind.name == "Statements"
    picture(app.window)
    assert painted(app.window.timeline_view.lanes, TAKEN).isValid()
    names = [child.name for child in app.window.timeline_view.lanes.painted_children()]
    assert any(name.startswith("Statements") and TAKEN in name for name in names)


def test_a_date_is_moved_and_an_impossible_one_refused(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    before = detail_on_disk(sample, event)
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    app.click(editor.date)
    replace_text(app, "31 jun 2015")
    app.key("Return")
    app.settle()
    assert "Jun" in editor._fault.text()
    assert editor._fault.isVisible()
    assert detail_on_disk(sample, event) == before
    replace_text(app, "15 or 16 jun 2015")
    app.key("Return")
    app.settle()
    assert not editor._fault.isVisible()
    app.key("Escape")
    after = detail_on_disk(sample, event)
    assert after.when.edtf == "[2015-06-15,2015-06-16]"
    assert app.window.desk.commands.when(app.window.desk.data.row(event)) == "15 or 16 Jun 2015"
    app.window.map_view.setFocus()
    app.key("Ctrl+Z")
    app.settle()
    assert detail_on_disk(sample, event).when == before.when


def test_the_place_from_the_projects_places(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    app.click(editor.place)
    replace_text(app, "الموصل")
    app.key("Return")
    app.settle()
    detail = detail_on_disk(sample, event)
    assert detail.place.name == "Mosul"
    columns = app.window.desk.data.index.columns
    row = app.window.desk.data.row(event)
    assert (round(columns.lon[row], 2), round(columns.lat[row], 2)) == (
        round(detail.place.lon, 2),
        round(detail.place.lat, 2),
    )


def test_a_place_by_a_click_on_the_map(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event, window = app.state.current, app.window
    app.key("F2")
    editor = window.right_panel.inspector.editor
    app.click(editor.place)
    replace_text(app, "The crossroads")
    app.click(editor.pick)
    assert window.desk.picker.active
    assert window.map_view.panel.banner.isVisible()
    point = QPointF(430, 300)
    lon, lat = window.map_view.viewport.degrees_at(point.x(), point.y())
    app.click(window.map_view, point)
    app.settle()
    assert not window.desk.picker.active
    place = detail_on_disk(sample, event).place
    assert place.name == "The crossroads"
    assert abs(place.lon - lon) < 1e-4
    assert abs(place.lat - lat) < 1e-4
    assert app.state.current == event
    window.map_view.setFocus()
    app.key("Ctrl+Z")
    app.settle()
    assert detail_on_disk(sample, event).place.name != "The crossroads"
    names = reopened(sample, lambda connection: {place.name for place in queries.places(connection, frozenset())})
    assert "The crossroads" not in names


def test_picking_can_be_given_up(app: Program) -> None:
    choose(app, TAKEN)
    app.key("F2")
    app.click(app.window.right_panel.inspector.editor.pick)
    assert app.window.desk.picker.active
    app.key("Escape")
    assert not app.window.desk.picker.active
    assert app.state.current == app.event(TAKEN)
    app.settle()
    assert app.window.desk.data.store.undo_label is None


def test_delete_and_take_it_back(app: Program, sample: Path) -> None:
    choose(app, ABADI)
    event = app.state.current
    total = app.window.desk.data.loaded.total_events
    quotes = app.window.right_panel.source.page.quotes
    app.key("Del")
    app.settle()
    app.says("Deleted event")
    assert app.window.desk.data.event_id(event) is None
    assert app.window.desk.data.loaded.total_events == total - 1
    assert not app.window.right_panel.inspector.isVisible()
    assert detail_on_disk(sample, event) is None
    assert len(app.window.right_panel.source.page.quotes) == len(quotes)
    toast = app.window.toasts.toasts()[-1]
    undo = next(button for button in toast.findChildren(type(app.window.right_panel.inspector.editor._done)))
    app.click(undo)
    app.settle()
    assert app.title(event).startswith(ABADI)
    detail = detail_on_disk(sample, event)
    assert len(detail.claims) == 4


def test_several_are_deleted_in_one_step(app: Program) -> None:
    desk = app.window.desk
    total = desk.data.loaded.total_events
    desk.commands.select([desk.data.row_ref(row) for row in range(3)], "test")
    app.key("Del")
    app.settle()
    assert desk.data.loaded.total_events == total - 3
    assert desk.data.store.undo_label == "Delete 3 events"
    app.key("Ctrl+Z")
    app.settle()
    assert desk.data.loaded.total_events == total


def test_del_in_a_field_deletes_letters_not_the_event(app: Program) -> None:
    choose(app, TAKEN)
    app.key("F2")
    app.key("Home")
    app.key("Del")
    app.settle()
    assert app.window.right_panel.inspector.editor.title.text() == TAKEN[1:]
    assert app.window.desk.data.event_id(app.event(TAKEN)) is not None
    app.key("Escape")
    app.settle()
    assert app.title(app.state.current) == TAKEN


def test_closing_at_once_keeps_the_edit(app: Program, sample: Path) -> None:
    event = app.event(TAKEN)
    app.window.desk.commands.set_title(event, "Kept")
    app.window.close()
    QApplication.processEvents()
    assert detail_on_disk(sample, event).title == "Kept"

"""The form of an event: shapes of dates, faults, and its room in a low window."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect

from db.edtf import parse
from db.timewords import show
from db.values import Shape
from tests.helpers.editing import TAKEN, choose, replace_text
from tests.helpers.window import Program, detail_on_disk, picture

pytestmark = pytest.mark.real_window


def test_the_shape_of_a_date(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    before = detail_on_disk(sample, event).when
    app.choose(editor.shape, "All through")
    app.settle()
    after = detail_on_disk(sample, event).when
    assert after.edtf == before.edtf
    meant = parse(before.edtf, after.shape)
    assert (after.earliest_start, after.latest_start) == (meant.earliest_start, meant.latest_start)
    assert (after.earliest_end, after.latest_end) == (meant.earliest_end, meant.latest_end)
    assert after.shape is not before.shape
    assert show(after) == app.window.desk.commands.when(app.window.desk.data.row(event))


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_form_keeps_its_height_in_a_low_window(program: Program, sample: Path, scale: float) -> None:
    program.application.look.set_scale(scale)
    window = program.open(sample, (1280, 720))
    choose(program, "ISIS holds Sirte")
    program.key("F2")
    inspector = window.right_panel.inspector
    editor = inspector.editor

    def is_whole() -> bool:
        lines = [editor.title, editor.kind, editor.date, editor.place, editor._done]
        if not editor._fault.isHidden():
            lines.insert(4, editor._fault)
        picture(window)
        places = [QRect(line.mapTo(editor, QPoint()), line.size()) for line in lines]
        apart = all(above.bottom() < below.top() for above, below in itertools.pairwise(places))
        return apart and editor.height() >= editor.sizeHint().height()

    program.wait(is_whole)
    assert inspector._scroll.geometry().top() == 0
    program.click(editor.date)
    replace_text(program, "31 jun 2015")
    program.key("Return")
    program.settle()
    assert editor._fault.isVisible()
    program.wait(is_whole)
    program.key("Escape")
    program.wait(lambda: inspector._facts.isVisible() and inspector._scroll.minimumHeight() > 100)


def test_between_two_dates_all_through_is_from_the_one_to_the_other(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    app.click(editor.date)
    replace_text(app, "between 3 and 5 may 2016")
    app.choose(editor.shape, "All through")
    app.settle()
    app.says("Changed date")
    after = detail_on_disk(sample, event).when
    assert after == parse("2016-05-03/2016-05-05", Shape.LASTING)
    assert editor.date.text() == "3 to 5 May 2016"
    assert app.window.desk.data.store.undo_label == "Change date"


def test_alternatives_cannot_last_all_through(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    app.click(editor.date)
    replace_text(app, "3 or 5 may 2016")
    app.key("Return")
    app.settle()
    before = detail_on_disk(sample, event).when
    app.choose(editor.shape, "All through")
    app.settle()
    assert "cannot last all through" in editor._fault.text()
    assert detail_on_disk(sample, event).when == before
    app.choose(editor.shape, "At some time within")
    app.settle()
    assert not editor._fault.isVisible()
    assert detail_on_disk(sample, event).when == before
    app.choose(editor.shape, "All through")
    app.click(editor.date)
    app.key("Escape")
    app.settle()
    assert detail_on_disk(sample, event).when == before


def test_nothing_is_told_of_a_change_that_changes_nothing(app: Program) -> None:
    choose(app, TAKEN)
    event, commands = app.state.current, app.window.desk.commands
    commands.set_date(event, "3 may 2016")
    app.settle()
    app.says("Changed date")
    told: list[str] = []
    app.window.desk.messages.said.connect(lambda message: told.append(message.text))
    commands.set_date(event, "2016-05-03")
    commands.set_title(event, "Something new")
    app.settle()
    assert told == ["Renamed event"]


def test_of_a_long_text_the_beginning_is_seen(app: Program) -> None:
    choose(app, TAKEN)
    event = app.state.current
    app.window.desk.commands.set_title(event, "A long title that does not fit " * 5)
    app.window.desk.commands.set_date(event, "2016-05-03T10:00/2016-11~")
    app.settle()
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    assert editor.title.selectedText() == editor.title.text()
    for field in (editor.title, editor.date, editor.place):
        assert field.cursorPosition() == 0
    app.key("Tab")
    app.key("Tab")
    assert editor.date.hasFocus()
    assert editor.date.selectedText() == editor.date.text()
    assert editor.date.cursorPosition() == 0
    app.key("Tab")
    assert editor.shape.hasFocus()
    assert editor.date.toolTip() == editor.date.text()
    app.window.desk.commands.set_date(event, "[2016-09-30..2017-11-05]")
    app.settle()
    assert len(editor.date.text()) > 24
    picture(app.window)
    room = editor.date.width() - 2 * 12
    assert editor.date.fontMetrics().horizontalAdvance(editor.date.text()) <= room


def test_each_field_keeps_its_own_fault_until_it_is_mended(app: Program, sample: Path) -> None:
    choose(app, TAKEN)
    event = app.state.current
    before = detail_on_disk(sample, event)
    app.key("F2")
    editor = app.window.right_panel.inspector.editor
    app.click(editor.date)
    replace_text(app, "31 jun 2015")
    app.key("Return")
    app.click(editor.place)
    replace_text(app, "Nowhereville")
    app.key("Return")
    app.choose(editor.kind, "Statements")
    app.settle()

    def faulty() -> list[bool]:
        return [field.property("invalid") == "true" for field in (editor.title, editor.date, editor.place)]

    assert "June" in editor._fault.text()
    assert "Nowhereville" in editor._fault.text()
    assert faulty() == [False, True, True]
    assert (editor.date.text(), editor.place.text()) == ("31 jun 2015", "Nowhereville")
    app.click(editor.place)
    replace_text(app, "Mosul")
    app.key("Return")
    app.settle()
    assert "Nowhereville" not in editor._fault.text()
    assert "June" in editor._fault.text()
    assert faulty() == [False, True, False]
    app.click(editor.date)
    app.key("Ctrl+A")
    app.key("Del")
    app.key("Return")
    app.settle()
    assert editor._fault.isHidden()
    assert editor.date.text() == show(before.when)
    after = detail_on_disk(sample, event)
    assert (after.when, after.place.name, after.kind.name) == (before.when, "Mosul", "Statements")
    app.click(editor.date)
    replace_text(app, "31 jun 2015")
    app.key("Return")
    assert editor._fault.isVisible()
    app.key("Escape")
    app.key("F2")
    assert editor._fault.isHidden()
    assert editor.date.text() == show(before.when)

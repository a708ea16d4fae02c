"""From the list of sources to the text of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint

from db.edits import add_event
from db.edtf import parse
from db.store import Store
from db.templates import new_project
from tests.helpers import tables
from tests.helpers.imported import bring
from tests.helpers.window import Program
from viewer.models.wording import source_name

pytestmark = pytest.mark.real_window


def test_the_name_of_a_source_opens_its_text_and_its_box_ticks(app: Program) -> None:
    window, data = app.window, app.window.desk.data
    for name, by_key in (("Reuters", False), ("The Arab Weekly", True)):
        source = next(each for each in data.loaded.sources.values() if source_name(each) == name)
        document = next(each for each in source.documents if each.has_text)
        row = window.left_panel.filters._sources[source.uid]
        if by_key:
            row.setFocus()
            app.key("Return")
        else:
            app.click(row, QPoint(60, 14))
        app.settle()
        assert row.isChecked()
        assert app.state.reading.uid == document.uid
        assert window.right_panel.source.page.document_id == document.id
        assert window.right_panel.source.page.text
        assert "Read the source" in row.toolTip()
        app.click(row, QPoint(8, 14))
        app.settle()
        assert source.uid in app.state.filters.hidden_sources
        app.click(row, QPoint(8, 14))
        app.settle()
        assert not app.state.filters.hidden_sources


@pytest.mark.parametrize("width", [1200, 1600], ids=["drawer", "panel"])
def test_a_text_that_is_asked_for_brings_the_panel_that_is_away(program: Program, sample: Path, width: int) -> None:
    window = program.open(sample, (width, 800))
    if window._right.is_open:
        window.map_view.setFocus()
        program.key("Ctrl+Alt+B")
    program.settle()
    assert not window.right_panel.isVisible()
    name, row = next(iter(window.left_panel.filters._sources.items()))
    row.setFocus()
    program.key("Return")
    program.settle()
    assert window.right_panel.isVisible()
    assert window.right_panel.source.page.text
    source = next(each for each in window.desk.data.loaded.sources.values() if each.uid == name)
    assert window.right_panel.source.page.document_id in {each.id for each in source.documents}


def test_a_panel_that_shows_nothing_says_what_can_be_read(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "project.gpkg"
    new_project(path, "Project")
    program.open(path)
    desk, source = program.window.desk, program.window.right_panel.source
    assert source._stack.currentWidget() is source._empty
    assert source._empty.sentence() == "This project has no documents yet."

    desk.commands.write(
        "Add event",
        "Added event",
        lambda session: add_event(session, "First", kind_id=1, when=parse("2016-11-28"), place_id=None),
    )
    program.wait(lambda: desk.data.index.n == 1)
    program.settle()
    assert source._stack.currentWidget() is source._empty
    assert source._empty.sentence().startswith("This project has no text and no table,")
    program.window.close()

    store = Store.open(path)
    bring(store, tables.acled(tmp_path / "events.csv", 20, towns=8, groups=5))
    store.close()
    program.open(path)
    source = program.window.right_panel.source
    assert source._stack.currentWidget() is source._nothing
    assert source._nothing.sentence() == "The events of this project came from tables. Choose one to read its row."
    assert source._nothing.isVisible()


def test_beside_texts_a_panel_that_shows_nothing_speaks_of_both(app: Program) -> None:
    source = app.window.right_panel.source
    app.window.desk.state.set("test", current=None, selection=frozenset(), reading=None, quote=None)
    app.settle()
    assert source._stack.currentWidget() is source._nothing
    assert source._nothing.sentence() == "Choose an event or a source to read what it rests on."

"""From the list of sources to the text of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint

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

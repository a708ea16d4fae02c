"""The outline: events under headings that say no more than is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import edits
from db.edtf import parse
from db.store import Store
from db.values import Shape
from tests.helpers.window import Program
from viewer.models.events import Column

pytestmark = pytest.mark.real_window

DATES = {
    "A year": "2003",
    "Since a year": "2003/..",
    "Over years": "2003/2017-01",
    "A month": "2003-03",
    "A few days": "2003-03-05/2003-03-09",
    "Two months": "2003-02-20/2003-03-02",
    "A decade": "200X",
    "No day": None,
}


@pytest.fixture
def dated(sample: Path) -> Path:
    store = Store.open(sample)
    with store.step("Add") as session:
        for title, text in DATES.items():
            shape = Shape.LASTING if text and "/" in text else Shape.MOMENT
            edits.add_event(session, title, when=parse(text, shape) if text else None)
    store.close()
    return sample


def test_a_heading_says_no_more_than_is_known(program: Program, dated: Path) -> None:
    window = program.open(dated)
    program.show_tab("Outline")
    outline = window.left_panel.outline
    headings: dict[str, str] = {}
    order, heading = [], ""
    for line in range(outline.events.rowCount()):
        heading = outline.itemDelegate()._heading(line) or heading
        if not order or order[-1] != heading:
            order.append(heading)
        headings[window.desk.data.title(outline.events.row_at(line))] = heading
    assert {title: headings[title] for title in DATES} == {
        "A year": "2003",
        "Since a year": "2003",
        "Over years": "2003",
        "A month": "Mar 2003",
        "A few days": "Mar 2003",
        "Two months": "2003",
        "A decade": "2000s (decade)",
        "No day": "No date",
    }
    assert order[0] == "No date"
    assert order.index("2000s (decade)") < order.index("2003") < order.index("Mar 2003") < order.index("2016")
    assert len(order) == len(set(order))
    for title in ("ISIS holds Sirte", "Two months", "No day"):
        window.desk.commands.select((program.event(title),), "test")
        program.settle()
        line = outline.events.line_of(window.desk.data.row(program.event(title)))
        index = outline.events.index(line, Column.TITLE)
        program.wait(lambda index=index: outline.viewport().rect().intersects(outline.visualRect(index)))

"""What claims count, as 49 killed: on their cards and in the table."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from sqlmodel import select

from db.geometry import geometry_blob
from db.store import Store
from db.tables import Place
from tests.helpers.window import Program
from viewer.models.events import Column
from viewer.widgets.cards import Card

pytestmark = pytest.mark.real_window


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("49 killed in Orlando", "49 killed"),
        ("100+ ISIS leaders killed, by US count", "At least 100 ISIS leaders killed"),
    ],
)
def test_a_card_says_what_its_claim_counts(app: Program, title: str, words: str) -> None:
    app.window.desk.commands.fly_to_event(app.event(title))
    app.settle()
    (card,) = (each for each in app.window.right_panel.inspector.claims.findChildren(Card) if each.isVisible())
    (said,) = (each for each in card.findChildren(QLabel) if each.text() == words)
    assert said.isVisible()
    assert words.lower() in card.accessibleName().lower().split(", ")
    inspector = app.window.right_panel.inspector
    assert inspector._count.text() == words
    assert inspector._count.isVisible()
    app.window.desk.commands.fly_to_event(app.event("YPG takes Tel Abyad"))
    app.settle()
    assert not inspector._count.isVisible()
    assert not inspector._count_icon.isVisible()


def test_an_area_says_how_large_it_is(program: Program, sample: Path) -> None:
    store = Store.open(sample)
    with store.step("Draw") as session:
        place = session.exec(select(Place).where(Place.name == "Tel Abyad")).one()
        place.geom, place.radius_m = geometry_blob(shapely.box(38.5, 36.5, 39.5, 37.0)), 72_000.0
        place.kind, place.type = "area", None
    store.close()
    program.open(sample)
    program.window.desk.commands.fly_to_event(program.event("YPG takes Tel Abyad"))
    program.settle()
    assert program.window.right_panel.inspector._how_exact.text() == "area of 4,960 km²"


def test_counts_are_a_column_sorted_by_number(app: Program) -> None:
    app.window.show_table()
    app.settle()
    view = app.window.table_view
    model, header = view.model, view.table.horizontalHeader()
    assert not view.table.isColumnHidden(Column.COUNT)

    def texts() -> list[str]:
        return [model.text(row, Column.COUNT) for row in model.rows.tolist()]

    given = [each for each in texts() if each]
    wanted = ["1", "2.1+", "4", "6", "10%"]
    for way in (1, -1):
        app.click(header.viewport(), QPoint(header.sectionViewportPosition(Column.COUNT) + 12, 10))
        app.settle()
        found = texts()[: len(given)]
        assert sorted(found) == sorted(given), "what counts nothing comes last either way"
        assert found[::way][: len(wanted)] == wanted
    assert found[:2] == ["≤ 1.5M", "1M"]
    cell = model.index(1, Column.COUNT)
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "1,000,000 people in Mosul"
    assert "1,000,000 people in Mosul" in cell.data(Qt.ItemDataRole.AccessibleTextRole)
    for typed in ("1,000,000", "1m"):
        model.narrow(typed)
        assert "1M" in texts()
    model.narrow("killed orlando")
    assert texts() == ["49"]
    model.narrow("")
    assert model.as_csv(model.rows[1:2].tolist(), [Column.COUNT]) == "Count\r\n1000000\r\n"

    # What a hidden source counts is gone.
    row = model.rows.tolist()[1]
    (source,) = app.window.desk.data.index.columns.sources_of(row).tolist()
    uid = app.window.desk.data.loaded.sources[source].uid
    app.window.desk.commands.toggle_source(uid)
    app.settle()
    assert "1M" not in texts()

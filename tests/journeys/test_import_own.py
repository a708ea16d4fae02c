"""An export of ours in another project: recognised, brought in, its sources hidden and read as any."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from db.exporters import export_events
from db.importers import bundle
from db.store import Store
from tests.helpers.described import described
from tests.helpers.table_dialog import Look, column
from tests.helpers.window import Program
from viewer.paths import resource


def test_our_own_export_comes_back_with_its_sources(
    program: Program, tables_project: Path, look: Look, tmp_path: Path
) -> None:
    bundle.build(resource("sample"), tmp_path / "sample.gpkg")
    with closing(Store.open(tmp_path / "sample.gpkg")) as store, closing(store.reader()) as con:
        export_events(con, tmp_path / "out.csv")
        expected = described(con)
    dialog = look(tmp_path / "out.csv")
    assert dialog.choices.mapping.currentText() == "Dateline export, recognised"
    assert dialog.columns is not None
    assert dialog.columns.buttons[column(dialog, "claim_grades")].text() == "What each claim says, in our own exports"
    dialog.start.click()
    program.says("Imported 130 events from out.csv")
    program.settle()
    desk = program.window.desk
    assert desk.data.index.count_in(program.state.time_window) == 130, "an empty project goes to what came in"
    with closing(desk.data.store.reader()) as con:
        assert described(con) == expected

    # A source is hidden as any: what it alone says goes, and its quote is the row.
    reuters = next(row for row in desk.data.loaded.sources.values() if row.publisher == "Reuters")
    assert (reuters.reliability, reuters.quotes) == ("B", 42)
    desk.commands.select((desk.data.row_ref(100),), "test")
    source = program.window.right_panel.source
    program.wait(lambda: source.row_view.isVisible() and source.page is not None and source.page.row is not None)
    assert source.row_view.row is not None
    cells = dict(zip(source.row_view.row.columns, source.row_view.row.cells, strict=True))
    assert cells["title"] == program.title(desk.data.row_ref(100))
    assert source._name.text() in cells["claim_sources"]
    told = sum(reuters.title in {each["source"][0] for each in event["claims"]} for event in expected.values())
    alone = sum({reuters.title} == {each["source"][0] for each in event["claims"]} for event in expected.values())
    assert 0 < alone < told
    desk.commands.toggle_source(reuters.uid)
    program.wait(lambda: desk.data.index.n == 130 - alone)

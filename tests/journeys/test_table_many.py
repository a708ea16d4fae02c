"""Many events in the table changed in one step, with the mouse and the keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint

from db.values import Status
from tests.helpers.event_table import narrow, pick, select_all
from tests.helpers.event_table import table as table_fixture
from tests.helpers.generate import generate
from tests.helpers.window import Program, detail_on_disk
from viewer.views.many.choosers import Chooser
from viewer.views.table.view import TableView

table = table_fixture


def test_the_bar_is_there_for_two_and_more(app: Program, table: TableView) -> None:
    app.click(table.table.viewport(), QPoint(200, 10))
    app.settle()
    assert not app.window.stage.bar.isVisible()
    app.key("Shift+Down")
    app.settle()
    assert app.window.stage.bar.isVisible()
    assert app.window.stage.bar.words.text() == "2 selected"
    app.key("Q")  # letters look for no line: what is selected stays
    assert app.window.stage.bar.words.text() == "2 selected"
    app.click(app.window.stage.bar.clear)
    assert not app.window.stage.bar.isVisible()
    assert app.state.selection == frozenset()


def test_of_too_many_lines_the_first_are_selected_and_the_user_is_told(
    app: Program, table: TableView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.models.selection.MOST_SELECTED", 7)
    chosen = select_all(app, table)
    columns = app.window.desk.data.index.columns
    assert chosen == columns.id[table.model.rows[:7]].tolist()
    assert len(app.state.selection) == 7
    app.says("These are 130 events, and no more than 7 are selected at once: the first of them.")
    app.key("Ctrl+End")
    app.key("Ctrl+Shift+Home")
    app.settle()
    assert table.chosen_ids() == chosen
    assert app.window.stage.bar.words.text() == "7 selected"


def test_a_kind_is_set_for_all_and_one_undo_takes_it_back(app: Program, table: TableView) -> None:
    narrow(app, table, "mosul")
    ids = select_all(app, table)
    columns = app.window.desk.data.index.columns
    before = columns.kind.copy()
    app.click(app.window.stage.bar.kind)
    pick(app, "Assessments")
    app.says(f"Changed the kind of {len(ids)} events")
    app.settle()
    kinds = app.window.desk.data.loaded.kinds
    now = app.window.desk.data.index.columns
    assert {kinds[int(kind)].name for kind, key in zip(now.kind, now.id, strict=True) if key in ids} == {"Assessments"}
    assert table.chosen_ids() == ids, "they stay selected"
    assert app.window.desk.data.store.undo_label == f"Change the kind of {len(ids)} events"
    app.key("Ctrl+Z")
    app.settle()
    assert app.window.desk.data.index.columns.kind.tolist() == before.tolist()
    app.key("Ctrl+Shift+Z")
    app.settle()
    assert app.window.desk.data.index.columns.kind.tolist() == now.kind.tolist()


def test_a_status_is_set_for_all(app: Program, table: TableView) -> None:
    narrow(app, table, "ramadi")
    ids = select_all(app, table)
    refs = [app.window.desk.data.ref(each) for each in ids]
    app.click(app.window.stage.bar.status)
    pick(app, "Denied")
    app.says(f"Changed the status of {len(ids)} events")
    app.settle()
    path = app.window.desk.data.store.path
    for ref in refs:
        detail = detail_on_disk(path, ref)
        assert detail is not None
        assert detail.status is Status.DENIED


def chooser(app: Program) -> Chooser:
    found = [each for each in app.window.findChildren(Chooser) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def test_a_place_is_found_and_set_for_all_by_keys(app: Program, table: TableView) -> None:
    narrow(app, table, "ramadi")
    ids = select_all(app, table)
    app.click(app.window.stage.bar.place)
    app.type("palmyra")
    assert chooser(app).list.model().rowCount() > 0
    app.key("Return")
    app.says(f"Changed the place of {len(ids)} events")
    app.settle()
    columns, places = app.window.desk.data.index.columns, app.window.desk.data.loaded.places
    found = {places[int(place)].name for place, key in zip(columns.place, columns.id, strict=True) if key in ids}
    assert found == {"Palmyra (Tadmur)"}


def test_a_tag_is_added_and_taken_away(app: Program, table: TableView) -> None:
    narrow(app, table, "ramadi")
    ids = select_all(app, table)
    ref = app.window.desk.data.ref(ids[0])
    path = app.window.desk.data.store.path
    app.click(app.window.stage.bar.tag)
    app.type("to {check}")
    app.key("Return")
    app.says(f"Tagged {len(ids)} events with “to {{check}}”")
    app.settle()
    detail = detail_on_disk(path, ref)
    assert detail is not None
    assert detail.tags == ("to {check}",)
    # What other events alone have is only to be added.
    others = [each for each in app.window.desk.data.index.columns.id.tolist() if each not in ids]
    app.window.desk.commands.add_tag_to([ids[0], others[0]], "some")
    app.window.desk.commands.add_tag_to(others[:3], "elsewhere")
    app.settle()
    app.click(app.window.stage.bar.tag)
    app.wait(lambda: chooser(app).list.model().rowCount() > 0)
    model = chooser(app).list.model()
    offered = {model.index(line, 0).data() for line in range(model.rowCount())}
    assert offered == {"Add “elsewhere”", "Add “some”", "Remove “to {check}”", "Remove “some”"}
    app.type("check")
    app.wait(lambda: chooser(app).list.model().rowCount() == 2)
    app.key("Down")
    app.key("Return")
    app.settle()
    detail = detail_on_disk(path, ref)
    assert detail is not None
    assert detail.tags == ("some",)


def test_delete_takes_only_what_the_table_shows(app: Program, table: TableView) -> None:
    select_all(app, table)
    narrow(app, table, "ramadi")
    table.table.setFocus()
    shown = table.model.rowCount()
    app.key("Ctrl+A")
    app.settle()
    total = app.window.desk.data.index.n
    app.key("Del")
    app.says(f"Deleted {shown} events")
    app.settle()
    assert app.window.desk.data.index.n == total - shown
    assert table.model.rowCount() == 0
    app.key("Ctrl+Z")
    app.settle()
    assert app.window.desk.data.index.n == total
    assert table.model.rowCount() == shown


def test_what_is_selected_and_not_in_the_table_stays_as_it_is(app: Program, table: TableView) -> None:
    every = select_all(app, table)
    app.key("Ctrl+F")
    app.type("ramadi")
    app.wait(lambda: table.model.narrowed)
    selected = len(table.chosen_ids())
    assert selected == table.model.rowCount() < len(every)
    assert app.window.stage.bar.words.text() == f"{selected} selected"
    assert f"{len(every) - selected} selected events are not in the table" in app.window.stage.bar.words.toolTip()
    app.click(app.window.stage.bar.delete)
    app.settle()
    assert app.window.desk.data.index.n == len(every) - selected
    assert len(app.state.selection) == len(every) - selected


def test_a_long_change_can_be_stopped(program: Program, tmp_path: Path) -> None:
    program.open(generate(tmp_path / "many.gpkg", 4000))
    desk = program.window.desk
    before = desk.data.index.columns.status.tolist()
    ids = desk.data.index.columns.id.tolist()
    stops: list[object] = []
    desk.jobs.long_began.connect(lambda _progress, label, stop: stops.append((label, stop())))
    desk.commands.set_status_of(ids, Status.DENIED)
    program.says("Stopped. Nothing was changed.")
    program.settle()
    assert [label for label, _none in stops] == ["Change the status of 4,000 events"]  # type: ignore[misc]
    assert desk.data.store.undo_label is None
    assert desk.data.index.columns.status.tolist() == before

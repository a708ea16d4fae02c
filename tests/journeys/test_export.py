"""Events exported from the window: what the filters show, with progress and a way to stop."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressBar

from db.values import Status
from tests.helpers.exports import FORMATS, displayed, read
from tests.helpers.generate import generate
from tests.helpers.window import Program, reopened
from viewer.shell.dialogs.export import with_ending


class Dialog:
    """Answers the file dialog and notes what it was asked with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path: Path | None = None
        self.kind = "CSV table (*.csv)"
        self.titles: list[str] = []
        self.offers = ""
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._answer)

    def _answer(self, _parent: object, title: str, _start: str, offers: str) -> tuple[str, str]:
        self.titles.append(title)
        self.offers = offers
        return str(self.path or ""), self.kind


@pytest.fixture
def dialog(monkeypatch: pytest.MonkeyPatch) -> Dialog:
    return Dialog(monkeypatch)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("suffix", FORMATS)
def test_all_events_by_the_key(app: Program, sample: Path, dialog: Dialog, out: Path, suffix: str) -> None:
    dialog.path = out / f"events{suffix}"
    app.key("Ctrl+Shift+X")
    app.says(f"Exported 130 events to events{suffix}")
    assert dialog.titles == ["Export 130 events"]
    assert [offer.split("(")[1] for offer in dialog.offers.split(";;")] == [f"*{each})" for each in FORMATS]
    assert read(dialog.path) == reopened(sample, displayed)
    assert list(out.iterdir()) == [dialog.path]


def test_from_the_palette_and_the_menu(app: Program, dialog: Dialog, out: Path) -> None:
    dialog.path = out / "events.csv"
    app.key("Ctrl+K")
    app.type("export eve")
    app.key("Return")
    app.says("Exported 130 events")
    app.settle()
    item = app.window.actions_by_id["export"]
    assert item in [each for menu in app.window.top_bar._menu.actions() for each in menu.menu().actions()]
    assert item.isEnabled()


def test_only_what_the_filters_show_and_nothing_of_a_hidden_source(
    app: Program, sample: Path, dialog: Dialog, out: Path
) -> None:
    desk = app.window.desk
    source = next(row for row in desk.data.loaded.sources.values() if row.publisher == "Reuters")
    kind = next(row for row in desk.data.loaded.kinds.values() if row.name == "Statements")
    desk.commands.toggle_source(source.uid)
    app.settle()
    desk.commands.toggle_kind(kind.uid)
    desk.commands.toggle_status(Status.PREDICTED)
    app.settle()
    shown = desk.data.index.shown_count
    dialog.path = out / "events.geojson"
    app.key("Ctrl+Shift+X")
    app.says(f"Exported {shown} events to events.geojson")
    assert dialog.titles == [f"Export {shown} of 130 events"]
    events = read(dialog.path)
    expected = [
        event
        for event in reopened(sample, lambda con: displayed(con, frozenset({source.id})))
        if event["kind"] != "Statements" and event["status"] != "predicted"
    ]
    assert 20 < len(expected) < 100
    assert events == expected
    text = dialog.path.read_text("utf-8")
    assert "Reuters" not in text
    assert source.title not in text


def test_a_source_hidden_this_moment_leaves_no_trace(app: Program, dialog: Dialog, out: Path) -> None:
    """Before the views have been loaded without it."""
    desk = app.window.desk
    source = next(row for row in desk.data.loaded.sources.values() if row.publisher == "Reuters")
    dialog.path = out / "events.csv"
    desk.commands.toggle_source(source.uid)
    assert not desk.data.loaded.hidden_sources
    app.window.export_events()
    app.says("to events.csv")
    assert 50 < len(read(dialog.path)) < 130
    assert "Reuters" not in dialog.path.read_text("utf-8")


def test_the_ending_is_that_of_the_chosen_format(
    app: Program, dialog: Dialog, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]

    def answer(_parent: object, _title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", answer)
    dialog.path, dialog.kind = out / "till 12.2016", "KML (*.kml)"
    target = out / "till 12.2016.kml"
    target.write_text("mine")
    app.window.export_events()
    app.settle()
    assert target.read_text() == "mine"
    app.window.export_events()
    app.says("Exported 130 events to till 12.2016.kml")
    assert len(read(target)) == 130
    assert len(asked) == 2
    assert with_ending(Path("a.KMZ"), "CSV table (*.csv)") == Path("a.KMZ")
    assert with_ending(Path("a"), "") == Path("a.csv")


def test_a_project_is_not_replaced_by_its_events(app: Program, sample: Path, dialog: Dialog) -> None:
    before = sample.read_bytes()
    dialog.path = sample
    app.window.export_events()
    app.says("That is the project itself")
    assert sample.read_bytes() == before


def test_a_cancelled_dialog_and_no_events(app: Program, dialog: Dialog, out: Path) -> None:
    app.key("Ctrl+Shift+X")
    assert dialog.titles == ["Export 130 events"]
    app.settle()
    assert list(out.iterdir()) == []
    desk = app.window.desk
    for kind in desk.data.loaded.kinds.values():
        desk.commands.toggle_kind(kind.uid)
    app.settle()
    app.key("Ctrl+Shift+X")
    assert len(dialog.titles) == 1, "there is nothing to export"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("many") / "many.gpkg", 40_000)


def test_a_long_export_shows_how_far_it_is_and_can_be_stopped(
    program: Program, many: Path, dialog: Dialog, out: Path
) -> None:
    window = program.open(many)
    dialog.path = out / "events.kmz"
    dialog.path.write_bytes(b"mine")
    busy = window.busy
    window.export_events()
    program.wait(busy.isVisible)
    assert busy.text() == "Exporting to events.kmz"
    program.wait(lambda: busy.findChild(QProgressBar).value() > 0)
    assert busy.findChild(QProgressBar).maximum() == 40_000
    program.click(busy.cancel_button)
    assert not busy.isVisible()
    program.says("The export was stopped; events.kmz was not written")
    assert dialog.path.read_bytes() == b"mine"
    assert list(out.iterdir()) == [dialog.path]


def test_an_event_can_be_renamed_while_others_are_written(
    program: Program, many: Path, dialog: Dialog, out: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(many.read_bytes())
    window = program.open(copy)
    dialog.path = out / "events.csv"
    ref = window.desk.data.row_ref(0)
    window.export_events()
    program.wait(lambda: bool(list(out.glob("*.part"))))
    window.desk.commands.set_title(ref, "Renamed meanwhile")
    program.says("Exported 40,000 events")
    assert read(dialog.path)[0]["title"] == "Renamed meanwhile"


def test_closing_the_window_ends_the_export(program: Program, many: Path, dialog: Dialog, out: Path) -> None:
    window = program.open(many)
    dialog.path = out / "events.gpkg"
    window.export_events()
    program.wait(lambda: bool(list(out.glob("*.part"))))
    window.close_window()
    assert list(out.iterdir()) == []
    assert not [thread for thread in threading.enumerate() if "long reader" in thread.name]

"""The window itself: a drawer where it is narrow, banners, toasts, dialogs, what may not be changed, closing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from db import edits
from db.store import Store
from tests.helpers.window import Program, detail_on_disk, picture
from viewer.core.settings import LEFT_OPEN, SCALE
from viewer.shell.dialogs.help import HelpDialog
from viewer.shell.dialogs.keys import KeysDialog
from viewer.shell.main_window import MainWindow
from viewer.widgets.buttons import Button, IconButton

TAKEN = "YPG takes Tel Abyad"
LARGE = 125
"""A size of the interface (percent) at which NARROW has no room for panels beside the map."""
NARROW = (1200, 760)
WIDE = (1800, 1000)


def make_later(path: Path) -> None:
    """Have a project say that only a later version may write it."""
    con = sqlite3.connect(path)
    con.execute("UPDATE app_meta SET value = '99' WHERE key = 'min_writer'")
    con.commit()
    con.close()


@pytest.mark.parametrize("size", [(1279, 760), (1180, 720)])
def test_a_button_shows_the_panel_that_is_away_and_puts_the_drawer_back(
    program: Program, sample: Path, size: tuple[int, int]
) -> None:
    program.application.settings.set(SCALE, LARGE)
    window = program.open(sample, size)
    button, panel = window.top_bar.right, window.right_panel
    assert not panel.isVisible()
    assert button.isVisible()
    assert window.rect().contains(button.mapTo(window, button.rect().bottomRight()))
    assert button.accessibleName() == "Show the event and its source"
    assert "Alt+B" in button.toolTip()
    program.click(button)
    program.settle()
    assert panel.isVisible()
    assert panel.inspector.isVisible()
    assert button.accessibleName() == "Hide the event and its source"
    program.click(button)
    assert not panel.isVisible()


def test_a_panel_that_was_hidden_in_a_wide_window_leaves_a_button(app: Program) -> None:
    window = app.window
    for button, panel, keys in (
        (window.top_bar.left, window.left_panel, "Ctrl+B"),
        (window.top_bar.right, window.right_panel, "Ctrl+Alt+B"),
    ):
        assert not button.isVisible()
        app.key(keys)
        assert not panel.isVisible()
        assert button.isVisible()
        app.click(button)
        assert panel.isVisible()
        assert not button.isVisible()


def test_the_right_panel_is_a_drawer_in_a_narrow_window(program: Program, sample: Path) -> None:
    program.application.settings.set(SCALE, LARGE)
    window = program.open(sample, NARROW)
    panel, map_view = window.right_panel, window.map_view
    right = window._right
    assert right.is_drawer
    if right.is_open:
        window.map_view.setFocus()
        program.key("Ctrl+Alt+B")
    assert not panel.isVisible()
    assert map_view.mapTo(window, QPoint(map_view.width(), 0)).x() == window.width()
    spot = program.in_lanes(TAKEN)
    program.click(window.timeline_view.lanes, spot)
    program.settle()
    assert panel.isVisible()
    assert panel.inspector.detail.title.startswith(TAKEN)
    left = panel.mapTo(window, QPoint(0, 0)).x()
    assert left < window.width() - 300
    assert panel.isAncestorOf(window.childAt(left + 150, window.height() // 2))
    program.key("Escape")
    assert not panel.isVisible()
    assert program.state.current == program.event(TAKEN)
    program.key("Ctrl+F")
    assert panel.isVisible()
    assert panel.source.find_bar.field.hasFocus()
    program.type("tel")
    program.key("Escape")
    program.key("Escape")
    assert not panel.isVisible()


def test_the_panel_moves_between_drawer_and_place_as_the_window_is_resized(program: Program, sample: Path) -> None:
    program.application.settings.set(SCALE, LARGE)
    window = program.open(sample, WIDE)
    panel = window.right_panel
    program.settle()
    quote = program.state.quote
    assert not window._right.is_drawer
    assert panel.isVisible()
    window.resize(*NARROW)
    program.wait(lambda: window._right.is_drawer)
    assert not panel.isVisible()
    window.resize(*WIDE)
    program.wait(lambda: not window._right.is_drawer)
    program.settle()
    assert panel.isVisible()
    assert panel.width() >= 425
    assert panel.mapTo(window, QPoint(panel.width(), 0)).x() == window.width()
    assert program.state.quote == quote
    assert panel.related._lines[0].isVisible()
    window.resize(1700, 1000)
    program.wait(lambda: not panel.related._lines[0].isVisible())
    window.resize(*WIDE)
    program.wait(lambda: panel.related._lines[0].isVisible())


@pytest.mark.parametrize("size", [(1280, 720), (1180, 720)])
def test_on_a_small_screen_the_map_has_its_room_beside_the_source(
    program: Program, sample: Path, size: tuple[int, int]
) -> None:
    window = program.open(sample, size)
    panel, stage = window.right_panel, window.stage
    assert panel.isVisible()
    assert window.left_panel.isHidden(), "until it is asked for"
    assert panel.width() == 400
    assert stage.width() >= size[0] - 410
    program.key("Ctrl+B")
    assert window.left_panel.width() == 240
    assert panel.width() >= 340
    assert stage.width() >= min(640, size[0] - 240 - 340) - 10
    assert stage.width() + panel.width() + 240 <= size[0]
    # Who has asked for it finds it again, here and not in a wide window's place.
    assert window.desk.settings.get(LEFT_OPEN)
    window.close()
    window = program.open(sample, size)
    assert window.left_panel.isVisible()
    program.key("Ctrl+B")
    window.resize(1600, 900)
    program.wait(lambda: window.left_panel.isVisible())
    program.wait(lambda: panel_widths(window) == (240, 400))
    window.resize(*size)
    program.wait(lambda: window.left_panel.isHidden())


def panel_widths(window: MainWindow) -> tuple[int, int]:
    return window.left_panel.width(), window.right_panel.width()


def test_a_project_of_a_later_version_is_looked_at_and_not_changed(program: Program, sample: Path) -> None:
    make_later(sample)
    before = sample.read_bytes()
    window = program.open(sample)
    assert window.banner.isVisible()
    assert "later version of Dateline" in window.banner.text()
    assert window.top_bar._saved.text() == "Read-only"
    event = program.event(TAKEN)
    program.click(window.timeline_view.lanes, program.in_lanes(TAKEN))
    program.settle()
    assert program.state.current == event
    assert program.quote_text()
    for key in ("F2", "Del", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+I"):
        program.key(key)
    assert not window.right_panel.inspector.is_editing
    assert QApplication.activeModalWidget() is None
    window.desk.commands.set_title(event, "No")
    program.settle()
    program.says("Nothing was changed.")
    window.desk.commands.attach([sample])
    window.desk.commands.undo()
    program.settle()
    assert program.title(event).startswith(TAKEN)
    window.close()
    assert sample.read_bytes() == before


def test_an_import_that_was_cut_off_is_told_when_the_project_is_opened(program: Program, sample: Path) -> None:
    note = {"at": "2016-11-27T00:00:00.000Z", "by": ["another machine", 1], "ranges": {}}
    with closing(sqlite3.connect(sample, isolation_level=None)) as other:
        other.execute("CREATE TABLE swept AS SELECT zeroblob(3000000) AS left")
        other.execute("DROP TABLE swept")
        other.execute("INSERT INTO app_meta VALUES ('bulk/x', ?)", (json.dumps(note),))
    window = program.open(sample)
    assert window.banner.isVisible()
    assert window.banner.text() == (
        "The program ended while an import came in or was taken back: nothing of it is in the project. It left 3 MB of "
        "the file empty, which the next import uses again."
    )
    window.close()
    assert not program.open(sample).banner.isVisible(), "it is said once"


def test_a_project_that_another_program_holds_is_told_when_a_change_fails(program: Program, sample: Path) -> None:
    window = program.open(sample)
    event = program.event(TAKEN)
    other = sqlite3.connect(sample, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        window.desk.commands.set_title(event, "Blocked")
        program.wait(lambda: not window.desk.jobs.writing)
        program.says("locked by another program")
    finally:
        other.execute("ROLLBACK")
        other.close()
    program.settle()
    assert program.title(event).startswith(TAKEN)
    window.desk.commands.set_title(event, "Through")
    program.settle()
    assert program.title(event) == "Through"
    assert detail_on_disk(sample, event).title == "Through"


def test_a_change_from_another_window_shows_here_with_the_next_of_ours(program: Program, sample: Path) -> None:
    program.open(sample)
    event, other = program.event(TAKEN), program.event("Coup attempted in Turkey")
    elsewhere = Store.open(sample)
    with elsewhere.step("Elsewhere") as session:
        edits.set_event_title(session, program.window.desk.data.event_id(event), "From elsewhere")
    elsewhere.close()
    program.window.desk.commands.set_title(other, "From here")
    program.settle()
    assert program.title(other) == "From here"
    assert program.title(event) == "From elsewhere"


def test_saving_shows_and_closing_waits_for_it(app: Program, sample: Path) -> None:
    window, saved = app.window, app.window.top_bar._saved
    assert saved.text() == "Saved"
    event = app.event(TAKEN)
    window.desk.commands.set_title(event, "One")
    assert saved.text() == "Saving…"
    app.settle()
    assert saved.text() == "Saved"
    for number in range(20):
        window.desk.commands.set_title(event, f"Title {number}")
    window.close()
    assert detail_on_disk(sample, event).title == "Title 19"


def test_what_is_being_typed_is_kept_when_the_window_closes(app: Program, sample: Path) -> None:
    app.window.desk.commands.fly_to_event(app.event(TAKEN))
    app.settle()
    event = app.state.current
    app.key("F2")
    app.key("Ctrl+A")
    app.type("Typed and not entered")
    app.key("Ctrl+Q")
    QApplication.processEvents()
    assert not app.window.isVisible()
    assert detail_on_disk(sample, event).title == "Typed and not entered"


def test_what_is_being_typed_is_kept_when_another_event_is_chosen(app: Program, sample: Path) -> None:
    app.window.desk.commands.fly_to_event(app.event(TAKEN))
    app.settle()
    event = app.state.current
    app.key("F2")
    app.key("Ctrl+A")
    app.type("Typed and left")
    app.click(app.window.timeline_view.lanes, app.in_lanes("Siege of Kobani broken"))
    app.settle()
    assert app.state.current == app.event("Siege of Kobani broken")
    assert not app.window.right_panel.inspector.is_editing
    assert detail_on_disk(sample, event).title == "Typed and left"
    assert app.window.right_panel.inspector.detail.title == "Siege of Kobani broken"


@pytest.mark.parametrize(("key", "kind"), [("F1", HelpDialog), ("Ctrl+/", KeysDialog), ("?", KeysDialog)])
def test_help_and_keys(app: Program, monkeypatch: pytest.MonkeyPatch, key: str, kind: type[QDialog]) -> None:
    shown: list[QDialog] = []
    monkeypatch.setattr(kind, "exec", lambda self: (shown.append(self), self.open()))
    app.window.map_view.setFocus()
    app.key(key)
    (dialog,) = shown
    app.wait(dialog.isVisible)
    assert picture(dialog).width() > 300
    app.click(next(each for each in dialog.findChildren(Button) if each.text() == "Close"))
    app.wait(lambda: not any(each.isVisible() for each in app.window.findChildren(QDialog)))


def test_the_menu_holds_every_action_with_its_key(app: Program) -> None:
    app.key("F10")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [item.text() for part in menu.findChildren(QMenu) for item in part.actions()]
    assert any(text.startswith("Undo") and "Ctrl+Z" in text for text in words)
    assert not app.window.actions_by_id["undo"].isEnabled()
    assert app.window.actions_by_id["delete"].isEnabled()
    menu.close()
    # What could not be done when the menu was open can be done by its keys as soon as there is something to do
    desk = app.window.desk
    current = desk.state.view.current
    assert current is not None
    before = desk.data.title(desk.data.row(current) or 0)
    desk.commands.set_title(current, "Renamed")
    app.wait(lambda: desk.data.title(desk.data.row(current) or 0) == "Renamed")
    app.key("Ctrl+Z")
    app.wait(lambda: desk.data.title(desk.data.row(current) or 0) == before)


def test_toasts_pass_by_the_cross_and_never_pile_up(app: Program) -> None:
    for number in range(6):
        app.window.desk.messages.warn(f"Warning {number}")
    toasts = app.window.toasts.toasts()
    assert len(toasts) <= 3
    assert toasts[-1].text() == "Warning 5"
    assert all(app.window.rect().contains(toast.geometry().center()) for toast in toasts)


def test_the_banner_goes_by_its_cross(program: Program, sample: Path) -> None:
    make_later(sample)
    window = program.open(sample)
    program.click(window.banner.findChild(IconButton))
    assert not window.banner.isVisible()


def test_panels_are_resized_by_hand_within_their_limits(app: Program) -> None:
    window = app.window
    handle = window._body.columns.handle(1)

    def drag(by: int) -> None:
        start = QPointF(handle.mapTo(window, handle.rect().center()))
        app.drag(window, [start, start + QPointF(by / 2, 0), start + QPointF(by, 0)])

    before = window.right_panel.width()
    drag(-120)
    assert abs(window.right_panel.width() - before - 120) <= 4
    drag(600)
    assert window.right_panel.width() == 340
    app.settle()
    assert window.right_panel.source.reader.horizontalScrollBar().maximum() == 0


def test_the_claims_are_as_high_as_their_cards_from_the_first_look(program: Program, sample: Path) -> None:
    window = program.open(sample, (1280, 720))
    inspector = window.right_panel.inspector
    height = inspector._scroll.height()
    inspector._fit_claims()
    assert inspector._scroll.height() == height
    assert height > 120

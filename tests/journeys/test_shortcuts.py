"""Settings and shortcuts of one's own: chosen in a dialog, in force at once wherever keys are pressed or shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from tests.helpers.window import Program
from viewer.core.settings import COORDINATES, MAP_STYLE, OWN_KEYS, SCALE, THEME
from viewer.shell.dialogs.settings import SettingsDialog
from viewer.shell.dialogs.shortcuts import Row
from viewer.shell.palette import Palette
from viewer.widgets.text import KeyCap

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[SettingsDialog]:
    shown: list[SettingsDialog] = []
    monkeypatch.setattr(SettingsDialog, "exec", lambda self: (shown.append(self), self.open()))
    return shown


def record(row: Row, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    assert row.keys is not None
    row.keys.setFocus()
    QTest.keyClick(row.keys, Qt.Key.Key_Space)
    assert row.keys.waiting
    if modifiers:
        QTest.keyPress(row.keys, Qt.Key.Key_Control, CTRL)
        assert row.keys.waiting, "a modifier alone is not all of it"
    QTest.keyClick(row.keys, key, modifiers)
    assert not row.keys.waiting


def test_a_key_of_ones_own_calls_and_is_shown_everywhere(
    app: Program, opened: list[SettingsDialog], monkeypatch: pytest.MonkeyPatch
) -> None:
    window, keymap = app.window, app.window.desk.keymap
    app.key("Ctrl+,")
    dialog = opened.pop()
    dialog.tabs.setCurrentIndex(2)
    shortcuts = dialog.shortcuts
    app.wait(shortcuts.isVisible)

    shortcuts.field.set_text("play or")
    app.wait(lambda: not shortcuts.rows["open"].isVisible())
    assert shortcuts.rows["play"].isVisible()
    shortcuts.field.set_text("ctrl+k")
    app.wait(lambda: shortcuts.rows["palette"].isVisible())
    assert not shortcuts.rows["play"].isVisible()
    shortcuts.field.set_text("xyzzy")
    app.wait(lambda: not shortcuts.rows["palette"].isVisible())
    assert "xyzzy" in shortcuts._none.text()
    shortcuts.field.clear()
    app.wait(lambda: shortcuts.rows["play"].isVisible())

    back, home = shortcuts.rows["day_back"].elsewhere, shortcuts.rows["first_event"].elsewhere
    assert back.text().startswith("While the map has the focus the arrow keys pan it")
    assert (back.isVisible(), home.isVisible()) == (True, False)
    play = shortcuts.rows["play"]
    assert not play.reset_button.isVisible()
    record(play, Qt.Key.Key_F9)
    assert keymap.keys("play") == ("F9",)
    assert play.keys.text() == "F9"
    assert play.reset_button.isVisible()
    assert window.timeline_view.transport.play.toolTip() == "Play (F9)"
    assert any(cap.text() == "F9" for cap in window.status_bar.findChildren(KeyCap))
    assert window.actions_by_id["play"].text() == "Play or pause\tF9"

    assert "Ctrl++ and" in dialog.scale_hint.text()
    record(shortcuts.rows["larger"], Qt.Key.Key_F8)
    assert "F8 and" in dialog.scale_hint.text()
    shortcuts.rows["larger"].reset_button.click()
    assert "Ctrl++ and" in dialog.scale_hint.text()

    record(play, Qt.Key.Key_K, CTRL)
    assert "“Find anything”" in play.said.text()
    assert keymap.keys("play") == ("F9",)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert not play.said.isVisible()
    assert dialog.isVisible()
    assert keymap.keys("palette") == ("Ctrl+K",)
    record(play, Qt.Key.Key_K, CTRL)
    play.replace_button.click()
    assert keymap.keys("play") == ("Ctrl+K",)
    assert keymap.keys("palette") == ()
    assert window.top_bar._search.toolTip() == "Find anything"

    record(shortcuts.rows["stop"], Qt.Key.Key_Tab)
    assert "Tab" in shortcuts.rows["stop"].said.text()
    assert keymap.keys("stop") == ("K",)
    record(shortcuts.rows["palette"], Qt.Key.Key_Question)
    assert "“Keyboard shortcuts”" in shortcuts.rows["palette"].said.text()
    shortcuts.rows["palette"].cancel_button.click()
    record(shortcuts.rows["palette"], Qt.Key.Key_F7)
    dialog.close()
    app.back_in_window()

    app.key("Ctrl+K")
    assert window.desk.playback.playing
    app.key("Ctrl+K")
    assert not window.desk.playback.playing
    app.key("Space")
    assert not window.desk.playback.playing
    app.key("F7")
    (palette,) = [each for each in window.findChildren(Palette) if each.isVisible()]
    app.type("play or")
    app.wait(lambda: palette.lines.found and palette.lines.found[0].title == "Play or pause")
    assert palette.lines.found[0].detail == "Ctrl+K"
    app.key("Escape")

    app.window.show_settings("keys")
    dialog = opened.pop()
    shortcuts = dialog.shortcuts
    shortcuts.rows["palette"].reset_button.click()
    assert "“Play or pause”" in shortcuts.rows["palette"].said.text()
    shortcuts.rows["palette"].replace_button.click()
    assert keymap.keys("palette") == ("Ctrl+K",)
    assert keymap.keys("play") == ()
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: answers.pop(0))
    shortcuts.reset_button.click()
    assert keymap.keys("play") == ()
    shortcuts.reset_button.click()
    assert keymap.keys("play") == ("Space",)
    assert not shortcuts.reset_button.isEnabled()
    assert window.top_bar._search.toolTip() == "Find anything (Ctrl+K)"
    dialog.close()
    app.back_in_window()
    app.key("Space")
    assert window.desk.playback.playing
    app.key("Space")


def test_what_is_set_holds_at_once_and_in_the_next_run(
    qtbot: QtBot, tmp_path: Path, sample: Path, opened: list[SettingsDialog]
) -> None:
    first = Program(qtbot, tmp_path, "light")
    start = first.start()
    first.click(start.settings_button)
    dialog = opened.pop()
    dialog.theme.findChildren(QPushButton)[2].click()
    assert first.application.look.theme.dark
    first.choose(dialog.scale, "125 %")
    assert first.application.look.scale == 1.25
    dialog.close()
    window = first.open(sample)
    assert window.top_bar.height() == 60
    window.show_settings("map")
    dialog = opened.pop()
    dialog.style_choice.findChildren(QPushButton)[1].click()
    assert first.state.map_style == "plain"
    dialog.older.click()
    assert not first.state.with_older
    first.choose(dialog.coordinates, "MGRS")
    dialog.close()
    window.desk.keymap.assign("play", "F9")
    first.settle()
    first.close()

    second = Program(qtbot, tmp_path)
    window = second.open(sample)
    settings = second.application.settings
    kept = [settings.get(setting) for setting in (THEME, SCALE, MAP_STYLE, COORDINATES, OWN_KEYS)]
    assert kept == ["dark", 125, "plain", "mgrs", ["play\tF9"]]
    assert second.application.look.theme.dark
    assert second.state.map_style == "plain"
    assert not second.state.with_older
    second.back_in_window()
    second.key("F9")
    assert window.desk.playback.playing
    second.close()


def test_the_status_bar_says_what_the_arrows_do_where_the_keyboard_is(app: Program) -> None:
    window, hint = app.window, app.window.status_bar.arrows
    for part, words in (
        (window.map_view, "move the map"),
        (window.timeline_view.lanes, "go to events and lanes"),
        (window.timeline_view.overview, "move the stretch of time"),
    ):
        part.setFocus()
        app.wait(lambda words=words: hint.words() == words)
        assert hint.isVisible()
    extent = window.map_view.viewport
    window.map_view.setFocus()
    app.key("Left")
    app.settle()
    assert window.map_view.viewport != extent, "and that is what they do"
    app.key("Ctrl+F")  # in a field they move in the text
    app.wait(lambda: not hint.isVisible())
    window.map_view.setFocus()
    app.wait(hint.isVisible)
    assert "F6" in hint.toolTip()
    window.resize(1180, 720)
    app.application.look.set_scale(1.5)
    app.settle()
    assert not hint.isVisible(), "counts come first"

"""What the program remembers between runs, and that nothing odd in its settings can stop it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.values import MS_DAY
from tests.helpers.palette import go_to
from tests.helpers.window import Program
from viewer.core.finder import Group
from viewer.core.settings import LEFT_WIDTH
from viewer.shell.dialogs.settings import SettingsDialog
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.view import MapView


def drawn_as(view: MapView) -> str:
    ground = view.picture.basemap
    assert isinstance(ground, Basemap)
    return ground.look.worldview


def test_looks_panels_and_playback_are_as_they_were_left(qtbot: QtBot, tmp_path: Path, sample: Path) -> None:
    first = Program(qtbot, tmp_path)
    window = first.open(sample)
    dark = first.application.look.theme.dark
    first.key("Ctrl+Shift+L")
    first.show_tab("Outline")
    first.choose(window.timeline_view.transport.speed, "1 year / s")
    first.choose(window.timeline_view.transport.trail, "1 year")
    first.click(window.timeline_view.transport.loop)
    window.map_view.setFocus()
    first.key("S")
    first.key("H")
    first.key("M")
    go_to(first, "worldview united", Group.COMMAND, "Worldview: United Nations")
    splitter = window._body.upper
    splitter.moveSplitter(300, 1)
    window._body.columns.moveSplitter(window.width() - 500, 1)
    first.settle()
    left, right = window.left_panel.width(), window.right_panel.width()
    assert left == 300
    assert right > 450
    first.close()

    second = Program(qtbot, tmp_path)
    window = second.open(sample)
    assert second.application.look.theme.dark is not dark
    assert window.left_panel.outline.isVisible()
    transport = window.timeline_view.transport
    assert transport.speed.currentText() == "1 year / s"
    assert second.state.trail == 365 * MS_DAY
    assert transport.trail.currentText() == "1 year"
    assert transport.loop.isChecked()
    assert not transport.snap.isChecked()
    assert second.state.map_style == "plain"
    assert drawn_as(window.map_view) == "un"
    settings = SettingsDialog(window.desk.settings, window.desk.keymap, second.application.look, window, "map")
    assert settings.worldview.value() == "un"
    settings.show()
    second.choose(settings.worldview, "In control: de facto, as Natural Earth has it")
    assert drawn_as(window.map_view) == "control"
    settings.close()
    second.back_in_window()
    assert not window.right_panel.source.reader._highlights
    assert abs(window.left_panel.width() - left) <= 2
    assert abs(window.right_panel.width() - right) <= 2
    second.close()


def test_panels_that_were_hidden_stay_hidden_and_keep_their_widths(qtbot: QtBot, tmp_path: Path, sample: Path) -> None:
    first = Program(qtbot, tmp_path)
    window = first.open(sample)
    width = window.left_panel.width()
    for key in ("Ctrl+B", "Ctrl+J", "Ctrl+Alt+B"):
        first.key(key)
    assert not any(each.isVisible() for each in (window.left_panel, window.timeline_view, window.right_panel))
    first.settle()
    first.close()

    second = Program(qtbot, tmp_path)
    window = second.open(sample)
    assert not any(each.isVisible() for each in (window.left_panel, window.timeline_view, window.right_panel))
    for key in ("Ctrl+B", "Ctrl+J", "Ctrl+Alt+B"):
        second.key(key)
    assert all(each.isVisible() for each in (window.left_panel, window.timeline_view, window.right_panel))
    second.settle()
    assert abs(window.left_panel.width() - width) <= 2
    second.close()


@pytest.mark.parametrize(
    "text",
    [
        "\x00\x01 no ini at all \xff",
        "[window]\nleft_width=true\nright_width=-5\ntimeline_height=99999\nleft_tab=7\ngeometry=junk\n"
        '[playback]\nspeed="\\"warp\\""\ntrail_days=0\n[look]\ntheme="\\"purple\\""\nmap_style="\\"x\\""\n'
        '[files]\nrecent="[1, 2]"\n',
    ],
    ids=["garbage", "wrong"],
)
def test_settings_that_make_no_sense_do_no_harm(qtbot: QtBot, tmp_path: Path, sample: Path, text: str) -> None:
    (tmp_path / "settings.ini").write_bytes(text.encode("latin-1"))
    program = Program(qtbot, tmp_path)
    program.start()
    window = program.open(sample, None)
    assert window.map_view.isVisible()
    assert window.map_view.width() >= 320
    assert window.timeline_view.height() < window.height()
    program.key("Space")
    program.key("Space")
    program.settle()
    program.close()


def test_a_setting_of_another_type_counts_as_not_set(app: Program) -> None:
    settings = app.window.desk.settings
    settings._file.setValue(LEFT_WIDTH.key, '"wide"')
    assert settings.get(LEFT_WIDTH) == LEFT_WIDTH.default

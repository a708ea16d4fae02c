"""The main job on a real display, by keys and mouse of the X server itself: nothing is fed to Qt from within."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from db.timewords import show_instant
from tests.helpers.window import Program, painted, picture
from viewer.shell.palette import Palette

pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed"),
]


def x(app: Program, *arguments: object) -> None:
    """Have the X server press and move; the program goes on meanwhile."""
    command = subprocess.Popen(["xdotool", *map(str, arguments)], stderr=subprocess.PIPE)
    app.wait(lambda: command.poll() is not None)
    _out, errors = command.communicate()
    assert command.returncode == 0, errors.decode()


def at(widget: QWidget, point: QPoint) -> tuple[int, int]:
    spot = widget.mapToGlobal(point)
    return spot.x(), spot.y()


def test_the_main_job_by_real_keys_and_mouse(app: Program) -> None:
    window = app.window
    window.move(0, 0)
    window.map_view.setFocus()
    app.wait(lambda: QApplication.activeWindow() is window)
    app.settle()

    x(app, "key", "t")
    x(app, "type", "--delay", "5", "15 mar 2016")
    x(app, "key", "Return")
    app.wait(lambda: show_instant(app.state.time_cursor) == "15 Mar 2016")
    app.settle()

    ruler = window.timeline_view.ruler
    middle = ruler.left + round(ruler.scale().x(app.state.time_cursor))
    x(app, "mousemove", *at(ruler, QPoint(middle, 12)), "mousedown", 1)
    for step in (30, 60, 90):
        x(app, "mousemove", *at(ruler, QPoint(middle + step, 12)))
    x(app, "mouseup", 1)
    app.settle()
    assert app.state.time_cursor > ruler.scale().at(middle - ruler.left + 60)
    assert window.map_view.panel.date.lines[0] == show_instant(app.state.time_cursor)

    lanes = window.timeline_view.lanes
    spot = app.in_lanes("Syrian army retakes Palmyra")
    picture(lanes)
    x(app, "mousemove", *at(lanes, spot), "click", 1)
    app.wait(lambda: app.state.current == app.event("Syrian army retakes Palmyra"))
    app.settle()
    assert app.quote_text()

    x(app, "key", "F2")
    app.wait(lambda: window.right_panel.inspector.editor.title.hasFocus())
    x(app, "key", "ctrl+a")
    x(app, "type", "--delay", "5", "Palmyra is retaken")
    x(app, "key", "Return")
    app.wait(lambda: app.title(app.state.current) == "Palmyra is retaken")
    x(app, "key", "ctrl+z")
    app.wait(lambda: app.title(app.state.current) == "Syrian army retakes Palmyra")
    x(app, "key", "Escape")

    x(app, "key", "ctrl+k")
    x(app, "type", "--delay", "5", "coup turkey")
    app.wait(lambda: any(each._typed == "coup turkey" for each in window.findChildren(Palette)))
    app.settle()
    x(app, "key", "Return")
    app.wait(lambda: app.state.current == app.event("Coup attempted in Turkey"))
    app.settle()

    window.map_view.setFocus()
    before = app.state.time_cursor
    x(app, "key", "space")
    app.wait(lambda: app.state.time_cursor > before)
    x(app, "key", "space")
    app.wait(lambda: not window.desk.playback.playing)
    leave_dialogs = QTimer()
    seen: list[str] = []

    def leave() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is not None and dialog.isActiveWindow():
            seen.append(dialog.windowTitle())
            subprocess.run(["xdotool", "key", "Escape"], check=True)

    leave_dialogs.timeout.connect(leave)
    leave_dialogs.start(200)
    x(app, "key", "question")
    app.wait(lambda: seen and QApplication.activeModalWidget() is None)
    leave_dialogs.stop()
    assert seen[0] == "Keyboard shortcuts"
    assert painted(ruler, "Playhead").isValid()

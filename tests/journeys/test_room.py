"""Windows and dialogs on a screen that is smaller than they would like to be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMargins, QRect, QSize

from viewer.shell.room import within

ROOT = Path(__file__).resolve().parents[2]
SCREEN = (1280, 720)
RUN = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QMessageBox
from viewer.app import Application
from viewer.shell.dialogs.settings import SettingsDialog

sample, folder = Path(sys.argv[1]), Path(sys.argv[2])
said = {}

def note(name, window):
    for _ in range(1000):
        if window.isActiveWindow():
            break
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()
    application.qt.processEvents()
    said[name] = window.frameGeometry().getRect()

def session(name, size, then=lambda window: None):
    global application
    application = Application(folder / "settings.ini", "light")
    window = application.show_project(sample, size)
    note(name, window)
    bar = window.status_bar
    assert bar.mapTo(window, bar.rect().bottomLeft()).y() < window.height()
    then(window)
    application.close()
    application.look.deleteLater()

def dialogs(window):
    application.look.set_scale(1.5)
    settings = SettingsDialog(window.desk.settings, window.desk.keymap, application.look, window, "look")
    settings.open()
    note("settings", settings)
    settings.close()
    box = QMessageBox(QMessageBox.Icon.Question, "Away", "Above the edge of the screen", parent=window)
    box.open()
    box.move(-30, -30)
    note("message", box)
    box.close()
    application.look.set_scale(1.0)
    window.setMinimumSize(0, 0)
    window.setGeometry(30, 40, 1500, 900)

application = Application(folder / "settings.ini", "light")
start = application.show_start()
note("start", start)
application.close()
session("first", None, dialogs)
session("kept", None)
session("asked", (1600, 1000))
print(json.dumps(said))
"""


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        (QRect(100, 100, 800, 500), QRect(100, 100, 800, 500)),
        (QRect(0, 0, 1600, 1000), QRect(4, 30, 1272, 686)),
        (QRect(0, -20, 800, 500), QRect(4, 30, 800, 500)),
        (QRect(900, 600, 800, 500), QRect(476, 216, 800, 500)),
        (QRect(0, 0, 100, 100), QRect(4, 30, 300, 200)),
    ],
)
def test_the_nearest_place_with_room_for_the_frame(wish: QRect, place: QRect) -> None:
    assert within(wish, QRect(0, 0, 1280, 720), QMargins(4, 30, 4, 4), QSize(300, 200)) == place


def test_what_is_larger_than_the_room_shows_its_title_bar() -> None:
    assert within(QRect(0, 0, 10, 10), QRect(50, 60, 400, 300), QMargins(4, 30, 4, 4), QSize(900, 800)) == QRect(
        54, 90, 900, 800
    )


def test_all_of_it_is_on_a_small_screen(sample: Path, tmp_path: Path) -> None:
    """First start, geometry kept from a larger screen, dialogs; only a size that was asked for stays as it is."""
    screen = tmp_path / "screen.json"
    one = {"name": "small", "x": 0, "y": 0, "width": SCREEN[0], "height": SCREEN[1]}
    dots = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screen.write_text(json.dumps({"screens": [one | dots]}), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, str(sample), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    said = {name: QRect(*rect) for name, rect in json.loads(run.stdout.splitlines()[-1]).items()}
    asked = said.pop("asked")
    assert (asked.width(), asked.height()) == (1604, 1004)
    outside = {name: rect for name, rect in said.items() if not QRect(0, 0, *SCREEN).contains(rect)}
    assert not outside
    room_for_a_title_bar = 24
    assert said["first"].height() <= SCREEN[1] - room_for_a_title_bar
    assert said["kept"].height() <= SCREEN[1] - room_for_a_title_bar
    assert said["settings"].height() > SCREEN[1] / 2

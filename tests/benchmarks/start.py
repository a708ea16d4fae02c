"""The scenario of the start. Imports little beside the program: all of it is in the figure."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.figures import Figure
from tests.benchmarks.setting import Setting
from tests.benchmarks.stage import SIZE, Loop, Paints, sync
from viewer.app import Application

EMPTY_WINDOW = """
import sys, time
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.resize(1600, 1000)
window.show()
application.processEvents()
print((time.monotonic() - float(sys.argv[1])) * 1000)
"""


def start(setting: Setting) -> Iterator[Figure]:
    """From the start of a process to the window painted, and to everything in its place."""
    copy = setting.folder / "open.gpkg"
    shutil.copyfile(setting.project, copy)
    application = Application(setting.folder / "settings.ini", theme="light")
    window = application.show_project(copy, SIZE)
    views = [window.map_view, window.timeline_view.lanes]
    paints, loop = Paints(views), Loop()
    loop.wait(lambda: all(paints.counts[view] for view in views), "the first picture")
    paints.remove()
    sync(window)
    painted = (time.monotonic() - setting.started) * 1000
    loop.wait(window.is_settled, "the window to settle")
    settled = (time.monotonic() - setting.started) * 1000
    application.close()
    words, empty = "a fresh process that shows an empty window", _empty_window_ms()
    yield Figure("start to first painted window", (painted,), words, empty, setting.events)
    yield Figure("start to everything in place", (settled,), words, empty, setting.events)


def _empty_window_ms() -> float:
    command = [sys.executable, "-c", EMPTY_WINDOW]
    return float(subprocess.check_output([*command, str(time.monotonic())], text=True, stderr=subprocess.DEVNULL))

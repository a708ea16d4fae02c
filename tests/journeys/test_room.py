"""Windows and dialogs on a screen that is smaller than they would like to be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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

LARGE = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QScrollArea
from db.importers.tables.columns import BadLine, Fate
from db.importers.tables.outcome import Listed, TableImported
from db.values import Ref, RefKind
from tests.helpers import layers as made
from viewer.app import Application
from viewer.core.settings import SCALE
from viewer.shell.dialogs.help import HelpDialog
from viewer.shell.dialogs.import_tables import TableDialog
from viewer.shell.dialogs.import_texts import ImportDialog
from viewer.shell.dialogs.keys import KeysDialog
from viewer.shell.dialogs.layer import LayerDialog, TableChoice
from viewer.shell.dialogs.settings import SettingsDialog
from viewer.shell.dialogs.table_rows import TableRowsPage
from viewer.shell.room import put_in_room

FOOT = ("Save", "Save these rows…", "Cancel", "Close", "Add", "Import", "Import 9 texts")
sample, folder = Path(sys.argv[1]), Path(sys.argv[2])
said = {}
application = Application(folder / "settings.ini", "light")
application.settings.set(SCALE, 200)
window = application.show_project(sample)
desk, look = window.desk, application.look

def until(holds):
    for _ in range(2000):
        if holds():
            break
        QTest.qWait(5)
    else:
        raise AssertionError("it did not come")
    QTest.qWait(30)

def seen(part):
    return QRect(part.mapToGlobal(QPoint(0, 0)), part.size())

def shows(dialog, part):
    # All of it, once what it lies in is scrolled there.
    each = part.parentWidget()
    while each is not dialog:
        if isinstance(each, QScrollArea):
            middle = part.mapTo(each.widget(), part.rect().center())
            each.ensureVisible(middle.x(), middle.y(), part.width() // 2, part.height() // 2 + 1)
        each = each.parentWidget()
    return part.visibleRegion().boundingRect() == part.rect()

def note(name, dialog):
    said[name] = [dialog.frameGeometry().getRect()]
    said[name] += [seen(each).getRect() for each in dialog.findChildren(QAbstractButton)
                   if each.isVisible() and each.text() in FOOT]
    assert len(said[name]) > 1, name

def opened(name, dialog):
    dialog.open()
    until(dialog.isActiveWindow)
    note(name, dialog)
    return dialog

until(window.isActiveWindow)
window.show_layers()
until(lambda: window.minimumSizeHint().height() > 720)
put_in_room(window)
said["window"] = [window.frameGeometry().getRect(), seen(window.status_bar).getRect()]
for page in ("look", "map", "keys"):
    opened(page, SettingsDialog(desk.settings, desk.keymap, look, window, page)).close()
opened("keys", KeysDialog(look, desk.keymap, window)).close()
opened("help", HelpDialog(look, window)).close()
opened("choice", TableChoice(look, "Shapes.gpkg", ("one", "two"), window)).close()
texts = [folder / f"{number}.txt" for number in range(9)]
opened("texts", ImportDialog(desk, look, texts, window)).close()

path = made.geojson(folder / "Line.geojson", made.feature({"type": "LineString", "coordinates": [[39, 31], [40, 32]]}))
window.layers.add([path])
until(lambda: desk.data.loaded.layers)
layer = opened("layer", LayerDialog(desk, look, desk.data.loaded.layers[0], window))
layer.when.set_value("span")
layer.when.chosen.emit("span")
layer.begins.setText("31 feb 2016")
layer.save.click()
until(layer.said.isVisible)
note("layer with a fault", layer)
assert layer.said.visibleRegion().boundingRect() == layer.said.rect()
assert layer.begins.visibleRegion().boundingRect() == layer.begins.rect(), "what is wrong is seen"
assert all(shows(layer, each) for each in (layer.name, layer.opacity, layer.ends))
layer.close()

table = folder / "Incidents.csv"
rows = "".join(f"{row},2016-03-01,Title,33.5,40.1,note\\n" for row in range(9))
table.write_text("Incidents of 2016\\n\\nid,date,title,lat,lon,notes\\n" + rows, "utf-8")
tables = TableDialog(desk, look, table, window)
opened("table", tables)
until(tables.start.isEnabled)
for box in (tables.choices.only_new, tables.choices.take_over):
    box.show()  # as where rows came in before
QTest.qWait(30)
note("table with all choices", tables)
parts = (tables.title, tables.choices.headings, tables.choices.only_new, tables.choices.take_over, tables.verdict)
hidden = [each.accessibleName() or each.text() for each in (*parts, *tables.columns.buttons) if not shows(tables, each)]
assert not hidden, hidden
tables.done(0)

lines = [BadLine(row, row + 1, "its date cannot be read " * 9, ()) for row in range(40)]
came = TableImported(Ref(RefKind.SOURCE, ""), Ref(RefKind.DOCUMENT, ""), "", events=5)
came.listed = {Fate.LEFT: Listed(40, lines), Fate.UNDATED: Listed(40, lines)}
opened("rows", TableRowsPage(look, desk.messages, "Incidents.csv", came, folder / "rows" / "left.csv", window)).close()
application.close()
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


def on_small_screen(script: str, sample: Path, tmp_path: Path) -> Any:
    """What a script prints at its end, as JSON, that is run on a copy of the sample with a small screen."""
    screen = tmp_path / "screen.json"
    one = {"name": "small", "x": 0, "y": 0, "width": SCREEN[0], "height": SCREEN[1]}
    dots = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screen.write_text(json.dumps({"screens": [one | dots]}), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(sample), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path), "QT_QPA_PLATFORM": f"offscreen:configfile={screen}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_all_of_it_is_on_a_small_screen(sample: Path, tmp_path: Path) -> None:
    """First start, geometry kept from a larger screen, dialogs; only a size that was asked for stays as it is."""
    said = {name: QRect(*rect) for name, rect in on_small_screen(RUN, sample, tmp_path).items()}
    asked = said.pop("asked")
    assert (asked.width(), asked.height()) == (1604, 1004)
    outside = {name: rect for name, rect in said.items() if not QRect(0, 0, *SCREEN).contains(rect)}
    assert not outside
    room_for_a_title_bar = 24
    assert said["first"].height() <= SCREEN[1] - room_for_a_title_bar
    assert said["kept"].height() <= SCREEN[1] - room_for_a_title_bar
    assert said["settings"].height() > SCREEN[1] / 2


def test_a_large_interface_has_its_buttons_on_a_small_screen(sample: Path, tmp_path: Path) -> None:
    """The window and every dialog at 200 %: what there is no room for is scrolled."""
    said = on_small_screen(LARGE, sample, tmp_path)
    outside = {
        name for name, rects in said.items() for rect in rects if not QRect(0, 0, *SCREEN).contains(QRect(*rect))
    }
    assert not outside

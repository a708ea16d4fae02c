"""A large project for the first time: its map is there before its events are."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAccessible, QPaintEvent
from PySide6.QtWidgets import QApplication, QProgressBar

from db.errors import EnvironmentFault
from db.values import Extent
from tests.helpers.building import Steps
from tests.helpers.generate import generate
from tests.helpers.maps import Paints
from tests.helpers.pictures import pixels
from tests.helpers.window import Program
from viewer.core import column_cache, first, turns
from viewer.core.index import EventIndex
from viewer.core.priority import LAST, NICE
from viewer.shell.main_window import MainWindow
from viewer.shell.opening_window import OpeningWindow
from viewer.shell.start_window import StartWindow
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.early import EarlyMap
from viewer.widgets.buttons import IconButton


class Gate:
    """Holds a reading up when all is read but not made ready, until it is opened; then it may ``fail``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on = threading.Event()
        self.fail = False
        self._indexed = first.indexed
        monkeypatch.setattr(first, "indexed", self._wait)

    def _wait(self, *given: object) -> EventIndex:
        assert self.go_on.wait(60)
        if self.fail:
            raise EnvironmentFault("The project cannot be read: the disk is gone.")
        return self._indexed(*given)  # type: ignore[arg-type]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Gate]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(column_cache, "WORTH", 100)
    gate = Gate(monkeypatch)
    yield gate
    gate.go_on.set()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return generate(tmp_path / "large.gpkg", 400)


def opening(program: Program) -> OpeningWindow:
    program.wait(lambda: isinstance(program.application.window, OpeningWindow))
    window = program.application.window
    assert isinstance(window, OpeningWindow)
    window.resize(1280, 720)
    program._shown(window)
    return window


def is_final(view: EarlyMap) -> bool:
    return view._basemap.complete and not view._rest.isActive() and not view._picture.lettering


def test_the_map_works_while_the_events_are_read_and_stays_where_it_was_moved(
    program: Program, large: Path, gate: Gate
) -> None:
    program.start()
    program.application.open_project(large)
    window = opening(program)
    assert window.busy.isVisible()
    assert window.busy.text().startswith("Reading the 400 events of Generated")
    assert "Generated" in window.windowTitle()
    assert window.extent is None, "nobody has moved it"
    view = window.map
    assert QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Name) == "Map"

    # By the hand, the wheel and the keyboard.
    before = view.view
    program.drag(view, [QPoint(600, 300), QPoint(650, 330), QPoint(700, 360)])
    assert view.view.degrees_at(700, 360) == pytest.approx(before.degrees_at(600, 300), abs=1e-3)
    program.wheel(view, QPointF(700, 360), 2)
    assert view.view.scale == pytest.approx(before.scale * 2)
    assert view.hasFocus()
    program.key("Right")
    program.key("+")
    assert view.view.scale > 3 * before.scale
    program.key("-")
    program.double_click(view, QPointF(640, 300))
    assert view.view.scale == pytest.approx(before.scale * 4)
    zoomed, (closer, wider) = view.view.scale, view.findChildren(IconButton)
    program.click(closer)
    assert view.view.scale == pytest.approx(2 * zoomed)
    program.click(wider)
    assert view.view.scale == pytest.approx(zoomed)
    middle = view.view.degrees_at(view.width() / 2, view.height() / 2)
    window.resize(1300, 760)
    program.wait(lambda: view.view.width == view.width() == 1300)
    assert view.view.degrees_at(view.width() / 2, view.height() / 2) == pytest.approx(middle, abs=1e-6)
    extent = window.extent
    assert extent is not None

    gate.go_on.set()
    program.settle()
    assert program.window.desk.data.index.n == 400
    shown = program.window.map_view.viewport.extent()
    # It is moved a little where cards would cover events.
    wide, high = shown.east - shown.west, shown.north - shown.south
    assert (shown.west + shown.east) / 2 == pytest.approx((extent.west + extent.east) / 2, abs=0.2 * wide)
    assert (shown.south + shown.north) / 2 == pytest.approx((extent.south + extent.north) / 2, abs=0.2 * high)
    assert wide < 2.5 * (extent.east - extent.west)
    assert (program.window.width(), program.window.height()) == (1300, 760), "it stands where the first one was put"


def test_the_early_map_is_painted_in_light_and_dark(program: Program, large: Path, gate: Gate) -> None:
    program.start()
    program.application.open_project(large)
    window = opening(program)
    names, bright = window.map._picture.names, []
    paints = Paints(names)
    window.map.installEventFilter(paints)
    for theme in ("light", "dark"):
        program.application.look.set_preference(theme)
        program.wait(lambda: is_final(window.map))
        program.wait(lambda: paints.versions[-1:] == [names.version])
        picture = pixels(window.map.grab())
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 500, "the relief is there"
        assert len(names.placed_names()) > 20
        bright.append(picture.mean())
    assert bright[0] > bright[1] + 60
    gate.go_on.set()
    program.settle()


def test_a_large_project_can_be_given_up(program: Program, large: Path, gate: Gate) -> None:
    program.start()
    program.application.open_project(large)
    window = opening(program)
    program.click(window.busy.cancel_button)
    program.wait(lambda: isinstance(program.application.window, StartWindow))
    start = program.application.window
    assert isinstance(start, StartWindow)
    assert start.sample.isEnabled()
    assert not program.application.opening
    gate.go_on.set()
    program.wait(lambda: not program.application._opener._on_the_way)
    assert program.application.window is start


@pytest.mark.parametrize("at", range(7))
def test_an_early_window_that_is_not_wanted_any_more_leaves_nothing(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    start = program.start()
    threads = threading.active_count()
    steps = Steps(monkeypatch)
    steps.at, steps.act = at, lambda: start.busy.cancel_button.click()
    program.application.open_project(large)
    program.wait(lambda: not program.application.opening)
    assert steps.count == at
    assert program.application.window is start
    gate.go_on.set()
    program.wait(lambda: threading.active_count() <= threads + 1)  # the one that opens stays


def test_a_fault_while_the_early_window_is_built_is_told_at_once(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = program.start()
    gate.fail = True
    steps = Steps(monkeypatch)
    steps.at, steps.act = 3, lambda: gate.go_on.set()
    program.application.open_project(large)
    program.wait(start.banner.isVisible)
    assert "the disk is gone" in start.banner.text()
    assert program.application.window is start
    steps.at = -1
    program.wait(lambda: program.application._early is None)
    assert program.application.window is start


def test_reading_makes_way_for_the_map_that_stands_meanwhile(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would wait for a processor, and for the interpreter that a reading thread holds. Small projects do not."""
    if sys.platform != "linux":
        pytest.skip("threads have no niceness of their own")
    found: dict[str, int] = {}
    for name in ("_read", "_places", "_from_kept"):
        ask = getattr(first, name)

        def watched(*given: object, ask: Callable[..., object] = ask, name: str = name) -> object:
            found[name] = os.getpriority(os.PRIO_PROCESS, 0)
            return ask(*given)

        monkeypatch.setattr(first, name, watched)
    gate.go_on.set()
    program.start()
    program.application.open_project(large)
    program.settle()
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert found["_read"] == found["_places"] == min(here + NICE, LAST)


def test_what_is_made_is_not_walked_before_it_stands(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_off: list[type] = []
    program.start()
    collector = program.application._collector
    later = collector.put_off
    monkeypatch.setattr(collector, "put_off", lambda: (put_off.append(type(program.application.window)), later()))
    gate.go_on.set()
    program.application.open_project(large)
    program.settle()
    assert put_off[0] is StartWindow, "from the click on"
    assert put_off[-1] is not MainWindow, "and from when it comes up"
    assert len(put_off) >= 2


def test_the_early_map_stops_drawing_as_it_closes(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_S", 0.0)
    program.start()
    program.application.open_project(large)
    view = opening(program).map
    program.wait(lambda: view._picture.lettering)
    view.close()
    assert not view._picture.lettering
    gate.go_on.set()
    program.settle()


def test_the_early_map_is_as_large_when_it_is_painted_beforehand(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else all that was made ready would be made anew when it is seen."""
    sizes: list[tuple[bool, int, int]] = []
    paint = EarlyMap.paintEvent

    def watched(view: EarlyMap, event: QPaintEvent) -> None:
        sizes.append((view.isVisible(), view.width(), view.height()))
        paint(view, event)

    monkeypatch.setattr(EarlyMap, "paintEvent", watched)
    composed: list[int] = []
    compose = Basemap.compose
    monkeypatch.setattr(
        Basemap, "compose", lambda *given, **how: (composed.append(len(sizes)), compose(*given, **how))[1]
    )
    program.start()
    program.application.open_project(large)
    program.wait(lambda: any(visible for visible, _width, _height in sizes))
    assert len({(width, height) for _visible, width, height in sizes}) == 1
    assert {visible for visible, _width, _height in sizes} == {False, True}
    assert composed[0] == 0, "its ground is there before it is painted for the first time"
    gate.go_on.set()
    program.settle()


def test_a_large_project_that_cannot_be_read_is_told_of(program: Program, large: Path, gate: Gate) -> None:
    gate.fail = True
    program.start()
    program.application.open_project(large)
    opening(program)
    gate.go_on.set()
    program.wait(lambda: isinstance(program.application.window, StartWindow))
    start = program.application.window
    assert isinstance(start, StartWindow)
    assert start.banner.isVisible()
    assert "the disk is gone" in start.banner.text()


def test_who_has_a_project_before_them_goes_on_with_it(app: Program, large: Path, gate: Gate) -> None:
    first = app.window
    app.application.open_project(large)
    app.wait(first.busy.isVisible)
    assert app.application.window is first
    gate.go_on.set()
    app.settle()
    assert app.window is not first
    assert app.window.desk.data.index.n == 400


def test_the_map_shows_where_the_project_was_left_or_where_its_places_are(
    program: Program, large: Path, gate: Gate
) -> None:
    program.start()
    program.application.open_project(large)
    window = opening(program)
    lon, lat = window.map._places
    x, y = window.map.view.screen(*window.map.view.projection.to_world(lon, lat))
    assert (x > 0).all()
    assert (x < window.map.width()).all()
    assert (y > 0).all()
    assert (y < window.map.height()).all()
    gate.go_on.set()
    program.settle()
    program.window.desk.state.set("test", extent=Extent(10.0, 40.0, 20.0, 50.0))
    program.settle()
    program.start()
    gate.go_on.clear()
    shutil.rmtree(column_cache.folder(), ignore_errors=True)
    program.application.open_project(large)
    shown = opening(program).map.view.extent()
    assert shown.west < 10.0 < 20.0 < shown.east < 60.0
    gate.go_on.set()
    program.settle()


def test_the_focus_is_seen_on_the_early_map(program: Program, large: Path, gate: Gate) -> None:
    program.start()
    program.application.open_project(large)
    window = opening(program)
    window.busy.cancel_button.setFocus(Qt.FocusReason.TabFocusReason)
    program.wait(lambda: is_final(window.map))
    before = pixels(window.map.grab())
    window.map.setFocus(Qt.FocusReason.TabFocusReason)
    after = pixels(window.map.grab())
    assert (before[1, 200:] != after[1, 200:]).any(axis=1).all(), "a ring goes around it"
    gate.go_on.set()
    program.settle()


def test_closing_the_early_window_ends_all_that_works_for_it(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.start()
    program.application.open_project(large)
    window = opening(program)
    closed: list[bool] = []
    close = window.map._basemap.close
    monkeypatch.setattr(window.map._basemap, "close", lambda: (closed.append(True), close()))
    window.close()
    assert closed == [True]
    assert not program.application.opening, "nobody waits for it any more"
    assert window.map.grab().toImage().pixelColor(5, 5) == program.application.look.theme.land
    gate.go_on.set()
    program.wait(lambda: not program.application._opener._on_the_way)
    assert not any(each.isVisible() for each in QApplication.topLevelWidgets())


def test_from_the_command_line_the_early_map_is_the_first_window(
    program: Program, large: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program's own loop: it ends when the project's window is closed."""
    seen: list[type] = []

    def look() -> None:
        window = program.application.window
        if isinstance(window, OpeningWindow):
            seen.append(OpeningWindow)
            program.application._on_progressed(300, 1000)
            assert window.busy.findChild(QProgressBar).value() == 300
            gate.go_on.set()
        elif isinstance(window, MainWindow) and window.is_settled():
            seen.append(MainWindow)
            watch.stop()
            window.close()

    watch = QTimer(interval=30)
    watch.timeout.connect(look)
    watch.start()
    assert program.application.run("large", lambda: large) == 0
    assert seen[0] is OpeningWindow
    assert seen[-1] is MainWindow

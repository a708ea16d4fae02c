"""The processes that paint tiles: the same pictures as here, and what happens when one ends."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from viewer.core.priority import make_way
from viewer.paths import resource
from viewer.views.map.basemap import aside as module
from viewer.views.map.basemap.aside import Aside
from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.basemap.painter import Look, open_painter
from viewer.views.map.basemap.tiles import Grid, TileKey
from viewer.views.map.projection import MERCATOR, EqualEarth, Projection

PATIENCE_S = 30.0


@pytest.fixture
def aside() -> Iterator[Aside]:
    """One process, started for the first tile."""
    painters = Aside(resource("basemap"), processes=1, first=0)
    yield painters
    painters.close()


def frame_at(projection: Projection = MERCATOR) -> Frame:
    return TileKey(Grid(Look(), 2.0**13, projection), 9, 6).frame()


def painted(painters: Aside, frame: Frame, look: Look) -> QImage:
    """What a process paints, waited for until it has started."""
    end = time.monotonic() + PATIENCE_S
    while (image := painters.paint(frame, look)) is None:
        assert time.monotonic() < end, "no process came"
        time.sleep(0.01)
    return image


def test_a_process_paints_what_is_painted_here(aside: Aside) -> None:
    painter = open_painter(resource("basemap"))
    for projection in (MERCATOR, EqualEarth()):
        for look in (Look(), Look(worldview="un"), Look("plain", dark=True, focus=frozenset({3}), ratio=2.0)):
            frame = frame_at(projection)
            assert painted(aside, frame, look) == painter.paint(frame, look)
    painter.close()


def test_the_first_tiles_are_left_to_the_caller() -> None:
    painters = Aside(resource("basemap"), processes=1, first=3)
    assert [painters.paint(frame_at(), Look()) for _ in range(3)] == [None] * 3
    assert not painters.processes
    painted(painters, frame_at(), Look())
    assert len(painters.processes) == 1
    painters.close()


def test_after_a_process_has_ended_the_caller_paints(aside: Aside, caplog: pytest.LogCaptureFixture) -> None:
    painted(aside, frame_at(), Look())
    aside.processes[0].popen.kill()
    assert aside.paint(frame_at(), Look()) is None
    assert "on a thread now" in caplog.text
    assert aside.paint(frame_at(), Look()) is None
    assert not aside.processes, "one that has ended is not started again and again"


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
def test_one_that_hangs_is_ended(aside: Aside, monkeypatch: pytest.MonkeyPatch) -> None:
    painted(aside, frame_at(), Look())
    monkeypatch.setattr(module, "PATIENCE_S", 0.2)
    os.kill(aside.processes[0].popen.pid, signal.SIGSTOP)
    assert aside.paint(frame_at(), Look()) is None
    assert not aside.processes


def test_a_process_ends_when_its_owner_is_gone(aside: Aside) -> None:
    painted(aside, frame_at(), Look())
    (process,) = aside.processes
    process.wanted.close()  # as when the owner ends, in whatever way
    assert process.popen.wait(PATIENCE_S) == 0


def test_what_a_process_cannot_paint_is_left_to_the_caller(aside: Aside) -> None:
    painted(aside, frame_at(), Look())
    bad = Look("no such style")  # type: ignore[arg-type]
    assert aside.paint(frame_at(), bad) is None
    assert aside.paint(frame_at(), Look()) is not None, "it goes on"


@pytest.mark.skipif(sys.platform != "linux", reason="only there has each thread a niceness of its own")
def test_a_process_runs_as_far_behind_the_window_as_the_thread_that_asks(aside: Aside) -> None:
    found: list[int] = []

    def ask() -> None:
        make_way()
        painted(aside, frame_at(), Look())
        found.extend(os.getpriority(os.PRIO_PROCESS, each) for each in (0, aside.processes[0].popen.pid))

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join()
    assert found[0] == found[1]


def test_a_process_is_the_program_whatever_lies_in_the_folder_it_was_started_from(
    aside: Aside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "viewer").mkdir()
    (tmp_path / "viewer" / "__init__.py").touch()
    (tmp_path / "viewer" / "__main__.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    painted(aside, frame_at(), Look())


def test_a_process_that_starts_while_all_are_ended_is_ended_too(aside: Aside, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    class Late:
        def __init__(self, _folder: Path) -> None:
            aside.close()

        def wait_ready(self) -> None: ...

        def end(self) -> None:
            ended.set()

    monkeypatch.setattr(module, "Process", Late)
    assert aside.paint(frame_at(), Look()) is None
    assert ended.wait(PATIENCE_S)
    assert not aside.processes


def test_what_is_asked_of_an_ended_process_is_left_to_the_caller(aside: Aside, monkeypatch: pytest.MonkeyPatch) -> None:
    painted(aside, frame_at(), Look())
    (process,) = aside.processes
    paint = process.paint

    def ended_first(frame: Frame, look: Look) -> bytes:
        aside.close()
        return paint(frame, look)

    monkeypatch.setattr(process, "paint", ended_first)
    assert aside.paint(frame_at(), Look()) is None
    assert aside.paint(frame_at(), Look()) is None


def test_a_process_ended_after_its_last_picture_is_not_asked_again(
    aside: Aside, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted(aside, frame_at(), Look())
    (process,) = aside.processes
    paint = process.paint

    def ended_after(frame: Frame, look: Look) -> bytes:
        pixels = paint(frame, look)
        aside.close()
        return pixels

    monkeypatch.setattr(process, "paint", ended_after)
    assert aside.paint(frame_at(), Look()) is not None
    assert aside.paint(frame_at(), Look()) is None


def test_where_no_process_can_be_started_the_caller_paints(
    aside: Aside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert aside.paint(frame_at(), Look()) is None
    for thread in threading.enumerate():
        if thread.name == "basemap starter":
            thread.join()
    assert "could be started" in caplog.text
    assert aside.paint(frame_at(), Look()) is None

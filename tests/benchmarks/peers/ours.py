"""Dateline's side of a comparison in a process of its own: python -m tests.benchmarks.peers.ours WHAT PROJECT.

WHAT is ``map`` or ``lanes``. Prints one JSON list: for each share of the time what was shown, where, and how long each
frame took.
"""

from __future__ import annotations

import viewer.__main__  # isort: skip - first, as in the program: it sets up the interpreter

import json
import math
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from db.values import TimeWindow
from tests.benchmarks.stage import Stage
from viewer.views.map.projection import EQUATOR_M

MAP_SIZE = (1600, 1000)
MAP_SHARES = (0.01, 0.1)
MAP_FRAMES = 15
LANE_SHARES = (0.1, 1.0)
LANE_FRAMES = 20
PATIENCE_S = 180


def ask(what: str, project: Path) -> list[dict[str, Any]]:
    """Have it measured. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "tests.benchmarks.peers.ours", what, str(project)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE_S)
    return json.loads(done.stdout.splitlines()[-1])


def map_frames(stage: Stage) -> Iterator[dict[str, Any]]:
    """Time thrown about on a map of MAP_SIZE, older events left out; the whole window is painted with it.

    ``extent``: west, south, east, north in metres of EPSG:3857; ``ranges``: first and last instant of each frame (ms);
    ``counts``: how many events lie within both.
    """
    view, window = stage.window.map_view, stage.window
    window.resize(window.width() + MAP_SIZE[0] - view.width(), window.height() + MAP_SIZE[1] - view.height())
    stage.settle()
    if (view.width(), view.height()) != MAP_SIZE:
        raise RuntimeError(f"the map is {view.width()}x{view.height()}")
    seen, index = view.viewport, stage.desk.data.index
    half_x, half_y = seen.width / seen.scale / 2, seen.height / seen.scale / 2
    west, east = ((seen.x + side - 0.5) * EQUATOR_M for side in (-half_x, half_x))
    south, north = ((0.5 - seen.y - side) * EQUATOR_M for side in (half_y, -half_y))
    x, y = seen.screen(*seen.projection.to_world(index.columns.lon, index.columns.lat))
    inside = (x >= 0) & (x <= seen.width) & (y >= 0) & (y <= seen.height)
    span = index.span()
    assert span is not None
    for share in MAP_SHARES:
        trail = int(span.length * share)
        steps = [span.first + trail + (span.length - trail) * n // MAP_FRAMES for n in range(1, MAP_FRAMES + 1)]
        random.Random(7).shuffle(steps)
        stage.desk.state.set("benchmark", trail=trail, with_older=False)
        stage.settle()
        go = partial(stage.desk.state.set, "benchmark")
        took = stage.frames([partial(go, time_cursor=step) for step in steps], paints=[view])
        yield {
            "share": share,
            "extent": (west, south, east, north),
            "size": MAP_SIZE,
            "ranges": [(step - trail, step) for step in steps],
            "counts": [int(np.count_nonzero(inside[index.at(step, trail).lit])) for step in steps],
            "ms": took.wall,
        }


def lane_frames(stage: Stage) -> Iterator[dict[str, Any]]:
    """The lanes moved by a two-hundredth of their window in each frame.

    ``size``: of lanes and ruler in px; ``ranges``: first and last instant of the window (ms); ``counts``: events in it.
    """
    timeline, commands, index = stage.window.timeline_view, stage.desk.commands, stage.desk.data.index
    span = index.span()
    assert span is not None
    for share in LANE_SHARES:
        length = math.ceil(span.length * share)
        first = span.first + (span.length - length) // 2
        windows = [TimeWindow(at, at + length) for at in (first + length * n // 200 for n in range(LANE_FRAMES + 1))]
        commands.show_window(windows[0])
        stage.settle()
        took = stage.frames(
            [partial(commands.show_window, each) for each in windows[1:]], paints=[timeline.lanes, timeline.ruler]
        )
        yield {
            "share": share,
            "size": (timeline.lanes.width(), timeline.lanes.height() + timeline.ruler.height()),
            "ranges": [(each.first, each.last) for each in windows],
            "counts": [index.count_in(each) for each in windows[1:]],
            "ms": took.wall,
        }


def main(what: str, project: str) -> None:
    assert viewer.__main__
    application = QApplication(["dateline"])
    frames = {"map": map_frames, "lanes": lane_frames}[what]
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        with Stage(Path(project), Path(folder)) as stage:
            print(json.dumps(list(frames(stage))))
    del application


if __name__ == "__main__":
    main(*sys.argv[1:])

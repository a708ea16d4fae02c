"""Scenarios of movement: time, the map and the lanes, frame by frame in the whole window."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from db.values import TimeWindow
from tests.benchmarks.bare import FETCH, fetch_ms
from tests.benchmarks.figures import Figure
from tests.benchmarks.setting import Setting
from tests.benchmarks.stage import BLIT, Stage, blit_ms, now_ms
from viewer.core.grouping import Grouping

SMOOTH = 300
JUMPS = 150
MOVES = 90
TRAILS = (100, 10)
"""The trail as a part of the window: 1 and 10 %."""
Act = Callable[[], object]


def scrub(setting: Setting) -> Iterator[Figure]:
    """The time cursor dragged across the lanes, then thrown about."""
    blit = blit_ms()
    with Stage(setting.project, setting.folder) as stage:
        views = [stage.window.map_view, stage.window.timeline_view.lanes, stage.window.timeline_view.ruler]
        for share in TRAILS:
            trail = stage.desk.state.view.time_window.length // share
            stage.desk.state.set("benchmark", trail=trail)
            for name, acts in (("scrub, smooth", _smooth(stage)), ("scrub, jumps", _jumps(stage))):
                stage.settle()
                took = stage.frames(acts, paints=views)
                yield took.figure(f"{name}, {100 // share} %", setting.events, blit, stage.loop.longest)


def scrub_while_saving(setting: Setting) -> Iterator[Figure]:
    """The same while edits are written and the data is read anew after each."""
    blit = blit_ms()
    with Stage(setting.project, setting.folder) as stage:
        views = [stage.window.map_view, stage.window.timeline_view.lanes]
        refs = [stage.desk.data.row_ref(row) for row in range(12)]
        every = SMOOTH // len(refs)

        def also(number: int, act: Act) -> None:
            if number % every == 0:
                stage.desk.commands.set_title(refs[number // every], f"Renamed while time moves {number}")
            act()

        acts = [partial(also, number, act) for number, act in enumerate(_smooth(stage))]
        stage.loop.longest = 0.0
        took = stage.frames(acts, paints=views)
        block = stage.loop.longest
        yield took.figure("scrub while edits are saved", setting.events, blit, block)


def move_map(setting: Setting) -> Iterator[Figure]:
    """The map dragged about and zoomed at the pointer."""
    blit = blit_ms()
    with Stage(setting.project, setting.folder) as stage:
        view = stage.window.map_view
        turn = [(8.0, 3.0)] * (MOVES // 3) + [(-6.0, 5.0)] * (MOVES // 3) + [(-2.0, -8.0)] * (MOVES // 3)
        middle = QPointF(view.width() / 2, view.height() / 2)
        zooms: list[Act] = [partial(_turn_wheel, view, middle, 15)] * (MOVES // 3)
        zooms += [partial(_turn_wheel, view, middle, -15)] * (MOVES // 2)
        spots = [middle := middle + QPointF(dx, dy) for dx, dy in turn]
        pans: list[Act] = [partial(_move_mouse, view, spot, QEvent.Type.MouseMove) for spot in spots]
        pans.insert(0, partial(_move_mouse, view, spots[0], QEvent.Type.MouseButtonPress))
        for name, acts in (("map pan", pans), ("map zoom", zooms)):
            stage.settle()
            took = stage.frames(acts, paints=[view])
            _move_mouse(view, spots[-1], QEvent.Type.MouseButtonRelease)
            yield took.figure(name, setting.events, blit, stage.loop.longest)


def move_lanes(setting: Setting) -> Iterator[Figure]:
    """The window of the lanes moved and zoomed, by kind and by actor; what it takes to go from one to the other."""
    blit = blit_ms()
    with Stage(setting.project, setting.folder) as stage:
        timeline, commands = stage.window.timeline_view, stage.desk.commands
        window = stage.desk.state.view.time_window
        step = window.length // 200

        def show(first: float, length: float) -> Act:
            return partial(commands.show_window, TimeWindow(int(first), int(first + length)))

        pans = [show(window.first + step * number, window.length) for number in range(1, MOVES + 1)]
        zooms = []
        for number in range(1, MOVES + 1):
            length = window.length * 2 ** (-number / 15)
            zooms.append(show(window.first + (window.length - length) / 2, length))
        for lanes in ("", " by actor"):
            if lanes:
                commands.show_window(window)
                stage.settle()
                wait, block = _regroup(stage)
                yield Figure("lanes by actor asked for", (wait,), BLIT, blit, setting.events, longest_block_ms=block)
            for name, acts in (("lanes pan", pans), ("lanes zoom", zooms)):
                commands.show_window(window)
                stage.settle()
                took = stage.frames(acts, paints=[timeline.lanes, timeline.ruler])
                yield took.figure(name + lanes, setting.events, blit, stage.loop.longest)


def _regroup(stage: Stage) -> tuple[float, float]:
    """Until the lanes stand for actors, and the longest time in which nothing was answered meanwhile; ms."""
    stage.loop.longest = 0.0
    start = now_ms()
    stage.desk.commands.lanes.group_by(Grouping.ACTOR)
    frames = stage.window.timeline_view.lanes.sight.frames
    stage.loop.wait(lambda: frames.grouping is Grouping.ACTOR, "lanes by actor")
    return now_ms() - start, stage.loop.longest


def filters(setting: Setting) -> Iterator[Figure]:
    """A kind hidden and shown, then a source hidden and shown."""
    blit = blit_ms()
    with Stage(setting.project, setting.folder) as stage:
        data, commands = stage.desk.data, stage.desk.commands
        kinds = [row.uid for row in data.loaded.kinds.values()][:3]
        toggles: list[Act] = [partial(commands.toggle_kind, uid) for uid in kinds for _ in range(6)]
        took = stage.frames(toggles, paints=[stage.window.map_view, stage.window.timeline_view.lanes])
        yield took.figure("filter toggle", setting.events, blit, stage.loop.longest)


def lens(setting: Setting) -> Iterator[Figure]:
    """A source hidden and shown: what only it tells of goes at once, then everything displayed is derived anew."""
    fetch, blit = fetch_ms(setting.project), blit_ms()
    with Stage(setting.project, setting.folder) as stage:
        sources = [row.uid for row in stage.desk.data.loaded.sources.values()][:3]
        seen, hides, shows = [], [], []
        for uid in sources:
            toggle = partial(stage.desk.commands.toggle_source, uid)
            hides.append(stage.until_changed(lambda toggle=toggle: seen.append(stage.frame(toggle)[0])))
            stage.rest()
            shows.append(stage.until_changed(toggle))
            stage.rest()
        block = stage.loop.longest
        yield Figure("source hidden, seen", tuple(seen), BLIT, blit, setting.events, longest_block_ms=block)
        yield Figure("source hidden, derived", tuple(hides), FETCH, fetch, setting.events, longest_block_ms=block)
        yield Figure("source shown again", tuple(shows), FETCH, fetch, setting.events, longest_block_ms=block)


def _turn_wheel(view: QWidget, at: QPointF, degrees: int) -> None:
    QApplication.sendEvent(
        view,
        QWheelEvent(
            at,
            view.mapToGlobal(at),
            QPoint(),
            QPoint(0, 8 * degrees),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def _move_mouse(view: QWidget, at: QPointF, what: QEvent.Type) -> None:
    button = Qt.MouseButton.NoButton if what == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if what == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QMouseEvent(what, at, view.mapToGlobal(at), button, held, keys))


def _smooth(stage: Stage) -> list[Act]:
    window = stage.desk.state.view.time_window
    steps = [window.first + window.length * number // SMOOTH for number in range(SMOOTH)]
    return [partial(_go, stage, instant) for instant in steps]


def _jumps(stage: Stage) -> list[Act]:
    window, chance = stage.desk.state.view.time_window, random.Random(7)
    return [partial(_go, stage, chance.randrange(window.first, window.last)) for _ in range(JUMPS)]


def _go(stage: Stage, instant: int) -> None:
    stage.desk.state.set("benchmark", time_cursor=instant)

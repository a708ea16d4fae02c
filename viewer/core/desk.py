"""Everything that is handed to a view, in one hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from db import edtf
from db.faults import as_fault
from db.store import Store
from db.values import MS_DAY, Ref, RefKind
from viewer.core.commands import Commands
from viewer.core.data import ProjectData
from viewer.core.first import Watch, Works, load_first, unwatched
from viewer.core.grouping import Grouping
from viewer.core.history import History
from viewer.core.jobs import Jobs
from viewer.core.keymap import Keymap
from viewer.core.lane_moves import kept_lanes
from viewer.core.last_view import LastView, kept_grouping, stand_as_left
from viewer.core.loading import Fresh
from viewer.core.messages import Messages
from viewer.core.picking import PlacePicker
from viewer.core.playback import Playback
from viewer.core.settings import LANES, MAP_STYLE, PROJECTION, TRAIL_DAYS, WITH_OLDER, Settings
from viewer.core.state import State, ViewState


@dataclass(frozen=True, slots=True)
class Desk:
    """One open project with its state and tools."""

    data: ProjectData
    state: State
    commands: Commands
    jobs: Jobs
    settings: Settings
    messages: Messages
    playback: Playback
    history: History
    picker: PlacePicker
    keymap: Keymap
    last_view: LastView

    def close(self) -> None:
        """Wait for what is being written, then close the file. The desk is of no use after this."""
        self.playback.stop()
        self.last_view.keep()
        self.jobs.close()
        self.data.close()
        self.data.store.close()


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """A project opened and read, waiting for its desk. Close ``store`` when there will be none.

    ``made``: what views have had made of it. ``unkept``: the state of the file whose columns are worth keeping for the
    next opening, where they are not kept yet.
    """

    store: Store
    fresh: Fresh
    unkept: str | None
    made: Mapping[str, object]


def read_project(path: Path, watch: Watch = unwatched, works: Works = MappingProxyType({})) -> OpenedProject:
    """Open and read a project, on whichever thread. Raises EnvironmentFault when it cannot be; nothing is open then.

    ``watch`` as ``load_first`` has it; ``works`` make of it what views need first. Raises Cancelled when it stopped the
    reading.
    """
    store = Store.open(path)
    try:
        with closing(store.reader()) as reader:
            fresh, unkept = load_first(reader, path, store.reader, watch)
        return OpenedProject(store, fresh, unkept, {topic: work(fresh) for topic, work in works.items()})
    except sqlite3.Error as error:
        store.close()
        raise as_fault(error, path) from error
    except BaseException:
        store.close()
        raise


def build_desk(opened: OpenedProject, settings: Settings, keymap: Keymap) -> Desk:
    """All that one open project needs short of a window, standing where it was left or else says that it opens."""
    store, uid = opened.store, opened.fresh.loaded.project.uid
    state = State(
        ViewState(
            trail=settings.get(TRAIL_DAYS) * MS_DAY,
            with_older=settings.get(WITH_OLDER),
            map_style=settings.get(MAP_STYLE),
            projection=settings.get(PROJECTION),
            lanes=kept_lanes(settings, uid, kept_grouping(settings, uid) or Grouping(settings.get(LANES))),
        )
    )
    state.follow(settings)
    jobs = Jobs(store.reader)
    data = ProjectData(store, opened.fresh, state, jobs, opened.made)
    messages = Messages()
    playback = Playback(data, state, settings)
    commands = Commands(data, state, jobs, settings, messages, playback)
    jobs.failed.connect(messages.fault)
    _stand_at_start(data, state, commands)
    stand_as_left(commands, settings)
    if opened.unkept is not None:
        data.keep_columns(opened.unkept)
    history, picker, kept = History(state), PlacePicker(), LastView(state, settings, uid)
    return Desk(data, state, commands, jobs, settings, messages, playback, history, picker, keymap, kept)


def _stand_at_start(data: ProjectData, state: State, commands: Commands) -> None:
    """Where the project says it opens, else at its last event; the lanes show most events, not the stragglers.

    A project without dates opens today.
    """
    project = data.loaded.project
    span, core = data.index.span(), data.index.core_span()
    if core is not None:
        commands.show_time(core)
    else:
        commands.go_to(edtf.parse(date.today().isoformat()).best, "app")
        commands.fit_time()
    start = _instant_of(project.opens_at)
    if start is not None:
        commands.go_to(start, "app")
    elif span is not None:
        commands.go_to(span.last, "app")
    if project.extent is not None:
        state.set("app", extent=project.extent)
    if project.opens_with:
        ref = Ref(RefKind.EVENT, project.opens_with)
        if data.event_id(ref) is not None:
            commands.select((ref,), "app")


def _instant_of(text: str | None) -> int | None:
    """The instant (ms) to stand at for a date of the file; None for what is no date, as other programs may write."""
    try:
        return edtf.parse(text).best if text else None
    except edtf.EdtfError:
        return None

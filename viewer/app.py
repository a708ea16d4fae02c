"""The composition root: the only module that sees every floor. Builds the objects, hands them in, runs."""

from __future__ import annotations

from pathlib import Path

from db import edtf
from db.store import Store
from db.values import MS_DAY, Ref, RefKind
from viewer.core.commands import Commands
from viewer.core.data import ProjectData
from viewer.core.desk import Desk
from viewer.core.history import History
from viewer.core.jobs import Jobs
from viewer.core.messages import Messages
from viewer.core.playback import Playback
from viewer.core.settings import MAP_STYLE, TRAIL_DAYS, Settings
from viewer.core.state import State, ViewState


def build_desk(store: Store, settings_path: Path) -> Desk:
    """Everything that one open project needs short of a window."""
    settings = Settings(settings_path)
    state = State(ViewState(trail=settings.get(TRAIL_DAYS) * MS_DAY, map_style=settings.get(MAP_STYLE)))
    jobs = Jobs(store.reader)
    data = ProjectData(store, state, jobs)
    history = History(state)
    messages = Messages()
    playback = Playback(data, state, settings)
    commands = Commands(data, state, jobs, settings, messages, playback, history)
    jobs.failed.connect(messages.fault)
    _stand_at_start(data, state, commands)
    history.settle()
    return Desk(data, state, commands, jobs, settings, messages, playback, history)


def _stand_at_start(data: ProjectData, state: State, commands: Commands) -> None:
    """Where the project says it opens, else at its last event."""
    project = data.loaded.project
    span = data.index.span()
    if project.opens_at:
        state.set("app", time_cursor=edtf.parse(project.opens_at).best)
    elif span is not None:
        state.set("app", time_cursor=span.last)
    commands.fit_time()
    if project.opens_with:
        ref = Ref(RefKind.EVENT, project.opens_with)
        if data.event_id(ref) is not None:
            commands.select((ref,), "app")

"""Everything that is handed to a view, in one hand."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.core.commands import Commands
from viewer.core.data import ProjectData
from viewer.core.history import History
from viewer.core.jobs import Jobs
from viewer.core.messages import Messages
from viewer.core.playback import Playback
from viewer.core.settings import Settings
from viewer.core.state import State


@dataclass(frozen=True, slots=True)
class Desk:
    """One open project with its state and tools; built by app.py."""

    data: ProjectData
    state: State
    commands: Commands
    jobs: Jobs
    settings: Settings
    messages: Messages
    playback: Playback
    history: History

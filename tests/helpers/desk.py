"""A desk over a real project file, as the program builds it, without a window."""

from __future__ import annotations

from pathlib import Path

from viewer.core.actions import keymap_of
from viewer.core.desk import Desk, build_desk, read_project
from viewer.core.settings import Settings


def make_desk(path: Path, settings_folder: Path) -> Desk:
    """Open the project at ``path``; settings go to a file in ``settings_folder``. Close it with ``desk.close()``."""
    settings = Settings(settings_folder / "settings.ini")
    return build_desk(read_project(path), settings, keymap_of(settings))

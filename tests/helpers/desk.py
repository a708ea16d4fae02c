"""A desk over a real project file, as app.py builds it, without a window."""

from __future__ import annotations

from pathlib import Path

from db.store import Store
from viewer.app import build_desk
from viewer.core.desk import Desk


def make_desk(path: Path, settings_folder: Path) -> Desk:
    """Open the project at ``path``; settings go to a file in ``settings_folder``. Close with ``close_desk``."""
    return build_desk(Store.open(path), settings_folder / "settings.ini")


def close_desk(desk: Desk) -> None:
    """Wait for what is being written, then close the file."""
    desk.jobs.close()
    desk.data.close()
    desk.data.store.close()

"""Where the files that come with the program are: in a checkout, in an installed wheel and in a frozen build.

Where the user's own files go (settings, backups) is not decided here, only what a project file is called.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from db.errors import EnvironmentFault


def _root() -> Path:
    """A frozen build unpacks its files where the loader says; otherwise they lie beside viewer/."""
    unpacked = getattr(sys, "_MEIPASS", None)
    return Path(unpacked) if unpacked is not None else Path(__file__).resolve().parent.parent


RESOURCES: Final = _root() / "resources"


def resource(*parts: str) -> Path:
    """One bundled file or folder, e.g. ``resource("themes", "light.toml")``.

    Raises:
        EnvironmentFault: it is not there, so the installation is damaged.
    """
    path = RESOURCES.joinpath(*parts)
    if not path.exists():
        raise EnvironmentFault(f"A part of the program is missing: {path}. Install Dateline again.")
    return path


def as_project(path: str) -> Path:
    """A typed path with our ending, added when it has another or none: ``report 12.2016`` keeps its name."""
    return Path(path if path.lower().endswith(".gpkg") else f"{path}.gpkg")

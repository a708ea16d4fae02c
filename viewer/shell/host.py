"""What a window may ask of the application that holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

PROJECTS: Final = "Dateline projects (*.gpkg);;All files (*)"
TEXTS: Final = "Texts (*.txt *.text *.md);;All files (*)"
"""What file dialogs offer."""


class Host(Protocol):
    """Opens and replaces projects. Faults are shown by the host, in the window that asked."""

    def open_project(self, path: Path) -> None: ...
    def new_project(self, path: Path) -> None: ...
    def open_sample(self) -> None: ...
    def import_into_new(self, path: Path, texts: list[Path]) -> None: ...

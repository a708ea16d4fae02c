"""Where file dialogs begin: the folder that was used last, and before there is one a folder that people know."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from viewer.core.settings import LAST_FOLDER, Settings


class Folders:
    """Knows where to begin, and hears where files were chosen."""

    def __init__(self, settings: Settings, project: Path | None = None) -> None:
        """``project``: the file of the project that is open."""
        self._settings, self._project = settings, project

    def start(self) -> str:
        """The last folder, else that of the project, else the user's documents; never one that the user cannot see.

        The user's own copy of the sample lies among the program's files, where nobody would look for a project.
        """
        last = self._settings.get(LAST_FOLDER)
        if last and Path(last).is_dir():
            return last
        if self._project is not None and not any(part.startswith(".") for part in self._project.parts):
            return str(self._project.parent)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return documents if Path(documents).is_dir() else str(Path.home())

    def remember(self, path: str | Path) -> None:
        """A file was chosen here."""
        self._settings.set(LAST_FOLDER, str(Path(path).parent))

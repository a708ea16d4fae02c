"""What a window may ask of the application that holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

from PySide6.QtWidgets import QMessageBox, QWidget

PROJECTS: Final = "Dateline projects (*.gpkg);;All files (*)"
TEXTS: Final = "Texts (*.txt *.text *.md);;All files (*)"
TEXTS_AND_TABLES: Final = (
    "Texts and tables (*.txt *.text *.md *.csv *.tsv *.tab *.xlsx *.geojson *.geojsonl *.gpkg *.kml *.kmz);;"
    "All files (*)"
)
"""What file dialogs offer."""


class Host(Protocol):
    """Opens and replaces projects. Faults are shown by the host, in the window that asked."""

    def open_project(self, path: Path) -> None: ...
    def new_project(self, path: Path) -> None: ...
    def open_sample(self) -> None: ...
    def import_into_new(self, path: Path, texts: list[Path]) -> None: ...


def may_replace(parent: QWidget, path: Path) -> bool:
    """Ask whether a file that is there may be replaced."""
    answer = QMessageBox.question(parent, "Replace the file", f"There is already a file {path.name} here. Replace it?")
    return answer == QMessageBox.StandardButton.Yes

"""Layers in the window: files chosen or dropped on the map become layers, and dialogs set them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from db.layers.adding import tables_of
from db.layers.opening import RASTERS, VECTORS
from db.queries import LayerRow
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.shell.dialogs.layer import LayerDialog, TableChoice
from viewer.shell.folders import Folders
from viewer.views.layers.view import LayersView
from viewer.views.map.view import MapView

FILES: Final = f"Layers (*{' *'.join((*VECTORS, *RASTERS))});;All files (*)"
PICTURES: Final = f"Pictures of the earth (*{' *'.join(RASTERS)});;All files (*)"


class LayerDoor(QObject):
    """Where layers come in. Takes files that are dropped on the map."""

    def __init__(
        self, desk: Desk, look: ThemeManager, map_view: MapView, view: LayersView, folders: Folders, window: QWidget
    ) -> None:
        super().__init__(window)
        self._desk, self._look, self._window = desk, look, window
        self._map, self._folders = map_view, folders
        map_view.setAcceptDrops(True)
        map_view.installEventFilter(self)
        view.add_wanted.connect(self.choose)
        view.settings_wanted.connect(self.set_up)
        view.file_wanted.connect(self.find)

    def choose(self) -> None:
        """Ask for files, and add them one after another."""
        paths, _kind = QFileDialog.getOpenFileNames(self._window, "Add a layer", self._folders.start(), FILES)
        if paths:
            self._folders.remember(paths[0])
            self.add([Path(path) for path in paths])

    def add(self, paths: list[Path]) -> None:
        """Add files as layers; of one with several tables it is asked which."""
        for path in paths:
            self._desk.jobs.run(partial(tables_of, path), partial(self._on_tables, path), self._desk.messages.fault)

    def _on_tables(self, path: Path, tables: tuple[str, ...]) -> None:
        if len(tables) < 2:
            self._desk.commands.layers.add(path)
            return
        dialog = TableChoice(self._look, path.name, tables, self._window)
        dialog.accepted.connect(lambda: self._desk.commands.layers.add(path, dialog.table.value()))
        dialog.open()

    def set_up(self, row: LayerRow) -> None:
        """Have a layer set in a dialog."""
        if self._desk.commands.is_writable():
            LayerDialog(self._desk, self._look, row, self._window).open()

    def find(self, row: LayerRow) -> None:
        """Have the file of a raster pointed out."""
        start = row.file.parent if row.file is not None and row.file.parent.is_dir() else Path(self._folders.start())
        path, _kind = QFileDialog.getOpenFileName(self._window, f"Find the file of {row.name}", str(start), PICTURES)
        if path:
            self._folders.remember(path)
            self._desk.commands.layers.relink(row, Path(path))

    # Dropped files

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._map and isinstance(event, QDropEvent | QDragMoveEvent | QDragEnterEvent):
            paths = dropped(event)
            if paths and not self._desk.data.store.read_only:
                event.acceptProposedAction()
                if event.type() is QEvent.Type.Drop:
                    self.add(paths)
            else:
                event.ignore()
            return True
        return super().eventFilter(watched, event)


def dropped(event: QDropEvent) -> list[Path]:
    """The files in what is dragged that can become layers."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in (*VECTORS, *RASTERS)]

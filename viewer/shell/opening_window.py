"""The window of a large project while its events are being read: what is being done, and its map."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.values import Extent
from viewer.core.first import Ahead
from viewer.core.last_view import kept_extent
from viewer.core.settings import Settings
from viewer.look.theme import ThemeManager
from viewer.shell.main_window import DESIGN, MINIMUM
from viewer.shell.room import open_in_room
from viewer.views.map.early import EarlyMap
from viewer.views.map.ground import Ground
from viewer.widgets.busy import Busy

OPENING: Final = "opening"
"""Stands for the opening of a project among what is going on in a window."""


def _nothing() -> None:
    """What a window that is left does about the project."""


class OpeningWindow(QWidget):
    """Stands where the project's own window will, with the map where it was left."""

    def __init__(
        self,
        settings: Settings,
        look: ThemeManager,
        ahead: Ahead,
        ground: Ground,
        on_cancel: Callable[[], None],
        on_closed: Callable[[], None],
    ) -> None:
        """``ground`` is the map's, closed with it. ``on_cancel`` is called for the button in the window, ``on_closed``
        when it is closed.
        """
        super().__init__()
        self._settings, self._on_closed = settings, on_closed
        project = ahead.project
        words = f"Reading the {ahead.events:,} events of {project.title}. The map can be moved about meanwhile."
        self.setObjectName("opening_window")
        self.setWindowTitle(f"{project.title} – Dateline")
        self.setProperty("panel", "app")
        open_in_room(self, DESIGN, MINIMUM, settings.geometry())
        self.busy = Busy(look)
        self.map = EarlyMap(look, settings, ahead, ground, kept_extent(settings, project.uid) or project.extent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.busy)
        column.addWidget(self.map, 1)
        self.busy.begin(OPENING, words, on_cancel, at_once=True)
        self.map.setFocus()

    @property
    def extent(self) -> Extent | None:
        """Where the map was moved to; None where it was not."""
        return self.map.view.extent() if self.map.moved else None

    def keep_place(self) -> None:
        """The next window stands where this one was put."""
        self._settings.set_geometry(self.saveGeometry())

    def warm(self) -> Iterator[QWidget]:
        """As MainWindow has it."""
        self.grab(QRect(0, 0, 1, 1))
        yield self
        self.map.prepare()
        yield self.map
        self.map.grab()
        yield self.map

    def leave(self) -> None:
        """Close it without giving up what it waits for."""
        self._on_closed = _nothing
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._on_closed()
        self.map.close()
        super().closeEvent(event)

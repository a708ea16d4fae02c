"""Asking for a point on the map from a view that does not know the map."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class PlacePicker(QObject):
    """One request at a time: who asks gives a callback, the map answers it or the user cancels.

    Signals:
        changed(bool): a request is, or no longer is, waiting for a click.
    """

    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_picked: Callable[[float, float], None] | None = None

    @property
    def active(self) -> bool:
        return self._on_picked is not None

    def begin(self, on_picked: Callable[[float, float], None]) -> None:
        """Ask for a point: ``on_picked(lon, lat)`` in degrees, called at most once. An earlier request is dropped."""
        self._on_picked = on_picked
        self.changed.emit(True)

    def pick(self, lon: float, lat: float) -> None:
        """Answer the request."""
        on_picked, self._on_picked = self._on_picked, None
        if on_picked is not None:
            self.changed.emit(False)
            on_picked(lon, lat)

    def cancel(self) -> None:
        if self._on_picked is not None:
            self._on_picked = None
            self.changed.emit(False)

"""Back and forward through where the user has been. Not undo: data never changes here."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from viewer.core.state import State, ViewState

ORIGIN: Final = "history"
SETTLE_MS: Final = 700
CAPACITY: Final = 200


class History(QObject):
    """Remembers a ViewState once it has rested for a moment, so that a drag is one place, not a hundred.

    Signals:
        changed(): can_go_back or can_go_forward may be different.
    """

    changed = Signal()

    def __init__(self, state: State, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._past: list[ViewState] = [state.view]
        self._future: list[ViewState] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self.settle)
        state.changed.connect(self._on_state)

    @property
    def can_go_back(self) -> bool:
        return len(self._past) > 1 or self._past[-1] != self._state.view

    @property
    def can_go_forward(self) -> bool:
        return bool(self._future)

    def settle(self) -> None:
        """Record the present state now."""
        self._timer.stop()
        if self._past[-1] != self._state.view:
            self._past.append(self._state.view)
            del self._past[:-CAPACITY]
            self._future.clear()
            self.changed.emit()

    def back(self) -> None:
        self.settle()
        if len(self._past) > 1:
            self._future.append(self._past.pop())
            self._go(self._past[-1])

    def forward(self) -> None:
        if self._future:
            self._past.append(self._future.pop())
            self._go(self._past[-1])

    def _go(self, view: ViewState) -> None:
        self._state.apply(ORIGIN, view)
        self._timer.stop()
        self.changed.emit()

    def _on_state(self, _names: frozenset[str], origin: str) -> None:
        if origin != ORIGIN:
            self._timer.start()

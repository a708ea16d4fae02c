"""Flying: the viewport goes from where it is to a goal in a short, eased time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from viewer.views.map.geometry import Viewport

FLIGHT_MS: Final = 180


class Flight(QObject):
    """At most one flight; a new one starts from where the last has come."""

    def __init__(self, move: Callable[[Viewport], None], duration: Callable[[int], int], parent: QObject) -> None:
        """``move`` takes each viewport on the way; ``duration`` says how long an animation may be, 0 for none."""
        super().__init__(parent)
        self._move, self._duration = move, duration
        self._start: Viewport | None = None
        self.goal: Viewport | None = None
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._on_value)
        self._animation.finished.connect(self._on_finished)

    @property
    def flying(self) -> bool:
        return self.goal is not None

    def fly(self, start: Viewport, goal: Viewport) -> None:
        """Go from ``start`` to ``goal``; at once where motion is reduced."""
        self.stop()
        milliseconds = self._duration(FLIGHT_MS)
        if milliseconds <= 0 or start == goal:
            self._move(goal)
            return
        self._start, self.goal = start, goal
        self._animation.setDuration(milliseconds)
        self._animation.start()

    def stop(self) -> None:
        """Stay where the flight has come to."""
        self.goal = None
        self._animation.stop()

    def _on_value(self, value: float) -> None:
        if self._start is not None and self.goal is not None and value < 1.0:
            self._move(self._start.towards(self.goal, value))

    def _on_finished(self) -> None:
        goal, self.goal = self.goal, None
        if goal is not None:
            self._move(goal)

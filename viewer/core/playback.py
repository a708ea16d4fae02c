"""Time passing by itself: moves the cursor in real time until the end, or round again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from db.values import MS_DAY, MS_HOUR, TimeWindow
from viewer.core.data import ProjectData
from viewer.core.settings import LOOP, SPEED, Settings
from viewer.core.state import State

FRAME_MS: Final = 16
ORIGIN: Final = "playback"


@dataclass(frozen=True, slots=True)
class Speed:
    """``step`` ms of the project's time pass in a second of ours."""

    label: str
    step: int


SPEEDS: Final = {
    "hour": Speed("1 hour / s", MS_HOUR),
    "day": Speed("1 day / s", MS_DAY),
    "week": Speed("1 week / s", 7 * MS_DAY),
    "month": Speed("1 month / s", 30 * MS_DAY),
    "quarter": Speed("1 quarter / s", 91 * MS_DAY),
    "year": Speed("1 year / s", 365 * MS_DAY),
    "decade": Speed("10 years / s", 3652 * MS_DAY),
}


class Playback(QObject):
    """Plays forward or backward from the cursor within the range (or the events' whole span).

    Signals:
        changed(): playing, direction or rate is different.
    """

    changed = Signal()

    def __init__(self, data: ProjectData, state: State, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data, self._state, self._settings = data, state, settings
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._factor = 0  # sign: direction; size: 1, 2, 4, 8 times the speed
        self._exact = 0.0
        state.changed.connect(self._on_state)

    @property
    def playing(self) -> bool:
        return self._factor != 0

    @property
    def factor(self) -> int:
        """0 at rest; +1 forward, -1 backward; doubled by each repeat up to 8."""
        return self._factor

    @property
    def by_hours(self) -> bool:
        """Whether less than a day passes in a second of play."""
        return self.playing and self._speed().step * abs(self._factor) < MS_DAY

    def toggle(self) -> None:
        self.stop() if self.playing else self.go(1)

    def go(self, direction: int) -> None:
        """Play in a direction (+1, -1); again the same way doubles the rate."""
        limits = self._limits()
        if limits is None:
            return
        same = self._factor * direction > 0
        self._factor = direction * min(8, abs(self._factor) * 2) if same else direction
        cursor = self._state.view.time_cursor
        if direction > 0 and cursor >= limits.last:
            cursor = limits.first
        elif direction < 0 and cursor <= limits.first:
            cursor = limits.last
        self._exact = float(min(max(cursor, limits.first), limits.last))
        self._clock.start()
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        if self._factor:
            self._factor = 0
            self._timer.stop()
            self.changed.emit()

    def _on_state(self, names: frozenset[str], origin: str) -> None:
        """Whoever moves the cursor meanwhile has it: time stands where it was put."""
        if "time_cursor" in names and origin != ORIGIN:
            self.stop()

    def _speed(self) -> Speed:
        return SPEEDS.get(self._settings.get(SPEED), SPEEDS["month"])

    def _limits(self) -> TimeWindow | None:
        return self._state.view.time_range or self._data.index.span()

    def _tick(self) -> None:
        limits = self._limits()
        if limits is None:
            self.stop()
            return
        self._exact += self._clock.restart() / 1000 * self._speed().step * self._factor
        if limits.first <= self._exact <= limits.last:
            self._state.set(ORIGIN, time_cursor=int(self._exact))
            return
        end, other = (limits.last, limits.first) if self._factor > 0 else (limits.first, limits.last)
        if self._settings.get(LOOP):
            self._exact = float(other)
            self._state.set(ORIGIN, time_cursor=other)
        else:
            self._state.set(ORIGIN, time_cursor=end)
            self.stop()

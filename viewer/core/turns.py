"""Work for the GUI thread in small steps: a few milliseconds of it at a time, between which events are handled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QObject, QTimer

TURN_S: Final = 0.008
"""Half a frame at 60 Hz: what is painted in between is not late."""


class Turns(QObject):
    """Takes the steps of one work after another. GUI thread only."""

    def __init__(self, done: Callable[[], None]) -> None:
        """``done`` is called at the end of each work that comes to its end."""
        super().__init__()
        self._done = done
        self._steps: Iterator[None] | None = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._take)

    @property
    def active(self) -> bool:
        """Whether there are steps left."""
        return self._steps is not None

    def start(self, steps: Iterator[None]) -> None:
        """Take these instead of what is left of others: the first one now, and then as many as a turn has time for.

        Raises what a step raises; those after it are not taken.
        """
        self.stop()
        self._steps = steps
        if self._step():
            self._take()

    def stop(self) -> None:
        """What is left is not taken any more."""
        self._timer.stop()
        self._steps = None

    def _take(self) -> None:
        began = time.perf_counter()
        while self._step():
            if time.perf_counter() - began > TURN_S:
                self._timer.start()
                return

    def _step(self) -> bool:
        """Take one; whether there may be more."""
        if self._steps is None:
            return False
        try:
            next(self._steps)
        except StopIteration:
            self.stop()
            self._done()
            return False
        except BaseException:
            self.stop()
            raise
        return True

"""Python's garbage, collected on the GUI thread alone and between events.

Python looks for cycles on whichever thread happens to allocate, and a widget or timer that is freed on another thread
than its own can bring Qt down; and a full look at everything takes 0.1 s or more, in the middle of a frame. So the
automatic way is off while a window is up. What stands while a window is up is set aside.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

EVERY_MS: Final = 2_000
YOUNG: Final = 2_000
"""New objects that make a look worth while."""
FULL_EVERY: Final = 15
"""One in so many looks goes over everything made since the start."""


class Collector(QObject):
    """Stands in for the automatic collection from its making until ``close``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self._on_time)
        self._timer.start(EVERY_MS)

    def settle(self) -> None:
        """Set aside what stands by now, so that it is not walked while time is scrubbed: at once, but what is garbage
        by then is kept as well, until ``renew``.
        """
        gc.freeze()

    def renew(self) -> None:
        """The same, and what was set aside before and is gone is freed: 0.1 s and more."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def put_off(self) -> None:
        """A window is on its way or has just come up, which ``settle`` will set aside: before that only what is young
        is walked.
        """
        self._looks = 0
        self._timer.start()

    def close(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _on_time(self) -> None:
        if gc.get_count()[0] < YOUNG:
            return
        self._looks += 1
        gc.collect(1 if self._looks % FULL_EVERY else 2)

"""What is going on that takes its time: a sentence, a bar, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from viewer.look.theme import ThemeManager
from viewer.widgets.buttons import Button
from viewer.widgets.text import ElidedLabel, announce

WAIT_MS: Final = 300
"""What is done sooner than this is never announced: a strip that comes and goes at once only distracts."""
BAR_WIDTH: Final = 180


@dataclass(slots=True)
class _Task:
    text: str
    cancel: Callable[[], None] | None
    done: int = 0
    total: int = 0  # 0 where nobody knows


class Busy(QFrame):
    """A line while something long is under way; hidden otherwise.

    Signals:
        running(bool): something has begun or ended, seen or not.
        seen(bool): it has appeared or is hidden again.
    """

    running = Signal(bool)
    seen = Signal(bool)

    def __init__(self, look: ThemeManager, *, slim: bool = False) -> None:
        """``slim`` fits into a bar; else it is a strip of its own across a window."""
        super().__init__()
        self._look, self._slim = look, slim
        self._tasks: dict[object, _Task] = {}
        self.setProperty("slim", "true" if slim else "false")
        self._words = ElidedLabel("", "meta_strong" if slim else "label", "text")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel_button = Button(look, "Cancel", "link")
        self.cancel_button.setProperty("compact", "true" if slim else "false")
        self.cancel_button.clicked.connect(lambda _checked=False: self._on_cancel())
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._appear)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._words, 0 if slim else 1)
        self._row.addWidget(self._bar)
        self._row.addWidget(self.cancel_button)
        self._on_look()
        look.changed.connect(self._on_look)
        self.hide()

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def begin(self, key: object, text: str, cancel: Callable[[], None] | None, *, at_once: bool = False) -> None:
        """Something begins, known by ``key``; ``cancel``, if any, is called when the user wants it no more.

        Of several things the last is shown, and the one before it when that is over. ``at_once``: it is known to take
        its time.
        """
        self._tasks.pop(key, None)
        self._tasks[key] = _Task(text, cancel)
        self._show_last()
        if at_once:
            self._appear()
        elif not self.isVisible():
            self._wait.start()
        self.running.emit(True)

    def report(self, key: object, done: int, total: int) -> None:
        """How far it is."""
        if key in self._tasks:
            self._tasks[key].done, self._tasks[key].total = done, total
            self._show_last()

    def end(self, key: object) -> None:
        """It is over, one way or another."""
        if self._tasks.pop(key, None) is None:
            return
        if self._tasks:
            self._show_last()
            return
        self._wait.stop()
        self.hide()
        self.seen.emit(False)
        self.running.emit(False)

    def _show_last(self) -> None:
        task = next(reversed(self._tasks.values()))
        self._words.setText(task.text)
        self._bar.setAccessibleName(task.text)
        self.cancel_button.setAccessibleDescription(task.text)
        self.cancel_button.setVisible(task.cancel is not None)
        self._bar.setRange(0, task.total)
        self._bar.setValue(task.done)

    def _appear(self) -> None:
        self.show()
        self.seen.emit(True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            announce(self, self._words.text())

    def _on_cancel(self) -> None:
        key, task = next(reversed(self._tasks.items()))
        if task.cancel is not None:
            self.end(key)
            task.cancel()

    def _on_look(self) -> None:
        px = self._look.theme.px
        self._row.setSpacing(px(12))
        self._bar.setFixedWidth(px(BAR_WIDTH))
        if self._slim:
            self._row.setContentsMargins(0, 0, 0, 0)
        else:
            self._row.setContentsMargins(px(16), px(4), px(10), px(4))
            self.setMinimumHeight(px(38))

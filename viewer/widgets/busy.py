"""What is going on that takes its time: a sentence, a bar, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from viewer.look.theme import ThemeManager
from viewer.widgets.buttons import Button
from viewer.widgets.text import ElidedLabel, announce

WAIT_MS: Final = 300
"""What is done sooner than this is never announced: a strip that comes and goes at once only distracts."""
BAR_WIDTH: Final = 180


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
        self.setProperty("slim", "true" if slim else "false")
        self._cancel: Callable[[], None] | None = None
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

    def begin(self, text: str, cancel: Callable[[], None]) -> None:
        """Something begins; ``cancel`` is called when the user wants it no more. It takes the place of what was."""
        self._cancel = cancel
        self._words.setText(text)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(text)
        self.cancel_button.setAccessibleDescription(text)
        if not self.isVisible():
            self._wait.start()
        self.running.emit(True)

    def report(self, done: int, total: int) -> None:
        """How far it is."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def end(self) -> None:
        """It is over, one way or another."""
        self._wait.stop()
        self._cancel = None
        self.hide()
        self.seen.emit(False)
        self.running.emit(False)

    def _appear(self) -> None:
        self.show()
        self.seen.emit(True)
        announce(self, self._words.text())

    def _on_cancel(self) -> None:
        cancel = self._cancel
        self.end()
        if cancel is not None:
            cancel()

    def _on_look(self) -> None:
        px = self._look.theme.px
        self._row.setSpacing(px(12))
        self._bar.setFixedWidth(px(BAR_WIDTH))
        if self._slim:
            self._row.setContentsMargins(0, 0, 0, 0)
        else:
            self._row.setContentsMargins(px(16), px(4), px(10), px(4))
            self.setMinimumHeight(px(38))

"""Sentences for the user: said by commands, shown by the shell as toasts or in the banner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from db.errors import EnvironmentFault


class Level(StrEnum):
    """What was done takes the place of what was done before, and so does where one went; a warning stays."""

    DONE = "done"
    WENT = "went"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence; ``action`` may offer what to do about it, ``more`` another thing (its words, and what it does)."""

    text: str
    level: Level = Level.DONE
    action_label: str = ""
    action: Callable[[], None] | None = None
    more: tuple[str, Callable[[], None]] | None = None


class Messages(QObject):
    """Signals:
    said(Message): something to tell the user.
    announced(str): a sentence for assistive technology alone.
    """

    said = Signal(object)
    announced = Signal(str)

    def done(
        self,
        text: str,
        action_label: str = "",
        action: Callable[[], None] | None = None,
        more: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        self.said.emit(Message(text, Level.DONE, action_label, action, more))

    def went(self, text: str, action_label: str, action: Callable[[], None]) -> None:
        """Tell where a move has led; what was done before can still be undone by its own message."""
        self.said.emit(Message(text, Level.WENT, action_label, action))

    def warn(self, text: str, action_label: str = "", action: Callable[[], None] | None = None) -> None:
        self.said.emit(Message(text, Level.WARNING, action_label, action))

    def fault(self, error: Exception) -> None:
        """Tell of an error: a fault in its own words, anything else as ours to mend."""
        if isinstance(error, EnvironmentFault):
            self.warn(str(error))
        else:
            self.warn(f"That did not work and nothing was changed. The log has the details ({type(error).__name__}).")


def within(label: str) -> str:
    """The label of a step inside a sentence: ``rename event``."""
    return label[:1].lower() + label[1:]

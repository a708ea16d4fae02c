"""Keymap: which keys call which action. Those that it came with, or the user's own in their place.

Keys are Qt's portable text, as ``QKeySequence.toString`` writes it. No key calls two actions: the user's own come
first, and whoever had one of them by default is without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final
from weakref import WeakMethod

import shiboken6
from PySide6.QtCore import QObject, Signal

from viewer.core.settings import OWN_KEYS, Settings

REFUSED: Final = {
    "Esc": "Esc leaves whatever is open, so it cannot be given away.",
    "Tab": "Tab moves between controls, so it cannot be given away.",
    "Shift+Backtab": "Shift+Tab moves between controls, so it cannot be given away.",
    "Backtab": "Shift+Tab moves between controls, so it cannot be given away.",
    "Return": "Enter chooses what has the focus, so it cannot be given away.",
    "Enter": "Enter chooses what has the focus, so it cannot be given away.",
    "Ctrl+C": "Ctrl+C copies, so it cannot be given away.",
    "Ctrl+V": "Ctrl+V pastes, so it cannot be given away.",
    "Ctrl+X": "Ctrl+X cuts, so it cannot be given away.",
    "Ctrl+A": "Ctrl+A selects all, so it cannot be given away.",
}
"""Keys that controls need for themselves, each with the reason."""
OF_REGIONS: Final = {
    "+": "While the map has the focus, + zooms there.",
    "-": "While the map has the focus, - zooms there.",
    "Up": "Map, lanes and lists keep the arrow keys for themselves while they have the focus.",
    "Down": "Map, lanes and lists keep the arrow keys for themselves while they have the focus.",
    "Left": "While the map has the focus the arrow keys pan it, in the lanes they go from event to event.",
    "Right": "While the map has the focus the arrow keys pan it, in the lanes they go from event to event.",
    "Shift+Left": "While the map has the focus, Shift and an arrow key pan it further.",
    "Shift+Right": "While the map has the focus, Shift and an arrow key pan it further.",
}
"""Keys that some regions want first, with what to know about it."""


class Keymap(QObject):
    """The keys that hold now. Several may live at once on the same settings; they agree.

    Signals:
        changed(): some action has other keys.
    """

    changed = Signal()

    def __init__(
        self, settings: Settings, came_with: Mapping[str, tuple[str, ...]], fixed: Collection[str] = ()
    ) -> None:
        """``came_with``: the keys of each action by its id; those of ``fixed`` stay."""
        super().__init__()
        self._settings, self._came_with, self._fixed = settings, came_with, fixed
        self._own: dict[str, tuple[str, ...]] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._shown: list[tuple[str, WeakMethod[Callable[[str], object]]]] = []
        self._load()
        settings.changed.connect(self._on_setting)

    def keys(self, action: str) -> tuple[str, ...]:
        """All keys of an action, by its id; the first is the one that is shown."""
        return self._keys[action]

    def first(self, action: str) -> str:
        """The key that is shown for an action; empty where it has none."""
        return next(iter(self._keys[action]), "")

    def is_own(self, action: str) -> bool:
        """Whether an action has other keys than it came with."""
        return self._keys[action] != self._came_with[action]

    def holder(self, key: str) -> str | None:
        """The action that a key calls, by its id."""
        return next((action for action, keys in self._keys.items() if key in keys), None)

    def assign(self, action: str, key: str) -> None:
        """Let a key, and no other, call an action; whoever had it loses it.

        ValueError for a key or an action that stays as it is.
        """
        if not key or action in self._fixed or key in REFUSED:
            raise ValueError(f"{key} cannot call {action}")
        own = self._without((key,), self._own)
        own[action] = (key,)
        self._keep(own)

    def reset(self, action: str) -> None:
        """Give an action the keys it came with; whoever has one of them now loses it."""
        own = {each: keys for each, keys in self._own.items() if each != action}
        self._keep(self._without(self._came_with[action], own))

    def taken_by(self, action: str) -> list[str]:
        """Who would lose a key when an action is reset."""
        holders = (self.holder(key) for key in self._came_with[action])
        return list(dict.fromkeys(each for each in holders if each is not None and each != action))

    def reset_all(self) -> None:
        """Give every action the keys it came with."""
        self._keep({})

    def bind(self, action: str, show: Callable[[str], object]) -> None:
        """Call a method of a QObject with the key that is shown for an action: now, and when it is another."""
        self._shown.append((action, WeakMethod(show)))
        show(self.first(action))

    def _without(self, keys: tuple[str, ...], own: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {action: tuple(key for key in mine if key not in keys) for action, mine in own.items()}

    def _keep(self, own: dict[str, tuple[str, ...]]) -> None:
        rows = ["\t".join((action, *keys)) for action, keys in own.items() if keys != self._came_with[action]]
        self._settings.set(OWN_KEYS, rows)

    def _load(self) -> None:
        own: dict[str, tuple[str, ...]] = {}
        claimed: set[str] = set()
        for row in self._settings.get(OWN_KEYS):
            action, *keys = row.split("\t")
            if action in self._came_with and action not in self._fixed:
                own[action] = tuple(key for key in keys if key and key not in claimed and key not in REFUSED)
                claimed.update(own[action])
        self._own = own
        self._keys = {
            action: own.get(action, tuple(key for key in keys if key not in claimed))
            for action, keys in self._came_with.items()
        }

    def _on_setting(self, key: str) -> None:
        if key != OWN_KEYS.key:
            return
        before = self._keys
        self._load()
        if self._keys == before:
            return
        for action, method in list(self._shown):
            show = method()
            if show is None or not shiboken6.isValid(getattr(show, "__self__", None)):
                self._shown.remove((action, method))
            else:
                show(self.first(action))
        self.changed.emit()

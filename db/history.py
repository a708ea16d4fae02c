"""Which step would be undone or redone next, worked out from the steps in the file: so it survives closing.

A step that undoes another is itself a step; redoing is undoing that one. No I/O.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepHead:
    """The heading of a step: its journal entries are ``first_entry .. first_entry + entries - 1``."""

    id: int
    label: str
    undoes_id: int | None
    first_entry: int | None
    entries: int


class History:
    """Two stacks of steps. ``floor`` is the id of the last step that cannot be undone (0 for none)."""

    def __init__(self, steps: Iterable[StepHead], floor: int = 0) -> None:
        self._undo: list[StepHead] = []
        self._redo: list[StepHead] = []
        for step in steps:
            if step.id > floor:
                self.add(step)

    def add(self, step: StepHead) -> None:
        """Take the next step into account."""
        if step.undoes_id is None:
            self._redo.clear()
            self._undo.append(step)
        elif self._undo and self._undo[-1].id == step.undoes_id:
            self._undo.pop()
            self._redo.append(step)
        elif self._redo and self._redo[-1].id == step.undoes_id:
            self._redo.pop()
            self._undo.append(step)
        else:
            # It reverts a step below the floor: nothing before it can be undone any more.
            self.clear()

    def clear(self) -> None:
        self._undo.clear()
        self._redo.clear()

    @property
    def next_undo(self) -> StepHead | None:
        return self._undo[-1] if self._undo else None

    @property
    def next_redo(self) -> StepHead | None:
        return self._redo[-1] if self._redo else None

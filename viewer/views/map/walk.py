"""The events on the map one by one, in order of their dates: for the Tab key and for assistive technology."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QRect

from viewer.core.desk import Desk
from viewer.core.sentences import event_sentence
from viewer.models.wording import count
from viewer.views.map.items import Age
from viewer.views.map.picture import HIT, MapPicture
from viewer.widgets.accessible import PaintedChild

MOST_CHILDREN: Final = 300
"""Marks that are told of one by one; the table of events has them all."""


class Walk:
    """Stands on at most one mark, the one with the keyboard."""

    def __init__(self, desk: Desk, picture: MapPicture, activate: Callable[[int], None]) -> None:
        """``activate`` does what Enter does, for the row on top of a mark."""
        self._desk, self._picture, self._activate = desk, picture, activate
        self._children: tuple[PaintedChild, ...] | None = None

    @property
    def row(self) -> int | None:
        """The row on top of the mark that has the keyboard."""
        return self._picture.focus_row

    def forget(self) -> None:
        """What is on the map is another."""
        self._children = None

    def leave(self) -> bool:
        """Stand on none; tells whether it stood on one."""
        stood = self._picture.focus_row is not None
        self._picture.focus_row = None
        self._children = None
        return stood

    def step(self, direction: int) -> int | None:
        """Go to the next (+1) or previous (-1) mark -> its place in ``children``; None beyond the last."""
        stops = self._picture.walk()
        here = self._picture.focus_row
        at = stops.index(here) + direction if here in stops else 0 if direction > 0 else len(stops) - 1
        if not 0 <= at < len(stops):
            self.leave()
            return None
        self._picture.focus_row = stops[at]
        self._children = None
        return at

    def children(self) -> tuple[PaintedChild, ...]:
        """The marks as accessible children."""
        if self._children is None:
            self._children = tuple(self._child(row) for row in self._picture.walk()[:MOST_CHILDREN])
        return self._children

    def _child(self, row: int) -> PaintedChild:
        x, y = self._picture.spot(row) or (0.0, 0.0)
        here = len(self._picture.members(row))
        name = event_sentence(self._desk, row)
        half = int(HIT * self._picture.layer.enlarged)
        return PaintedChild(
            f"{count(here, 'event')}, on top: {name}" if here > 1 else name,
            QRect(round(x) - half, round(y) - half, 2 * half, 2 * half),
            activate=partial(self._activate, row),
            selected=self._picture.scene.age(row) is Age.CHOSEN,
            focused=row == self._picture.focus_row,
        )

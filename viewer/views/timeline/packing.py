"""Putting marks and labels of one lane into rows so that none covers another. Pure, no Qt.

Greedy from the left: a thing keeps the row that it had, else takes the first row with room, else a new row, and when
there are no more rows the label in the way is dropped, never the mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOWHERE = -1e9


@dataclass(slots=True)
class Box:
    """What one event wants: ``left..right`` with label and capsule, ``mark_left..mark_right`` at the least (px).

    After packing ``row`` is set, and ``full`` tells whether it got all that it wanted or only its mark.
    """

    left: float
    right: float
    mark_left: float
    mark_right: float
    wish: int = -1  # the row it had before
    kept: bool = False  # its label is not to be dropped for another's sake
    row: int = 0
    full: bool = True


def crowded(xs: NDArray[np.float64], need: float, rows: int) -> NDArray[np.bool_]:
    """Which marks at ``xs`` (px, ascending) are too many to be drawn one by one.

    These are the members of any ``rows + 1`` marks whose first and last are less than ``need`` px apart: they cannot
    all find a row.
    """
    n = len(xs)
    if n <= rows:
        return np.zeros(n, bool)
    tight = xs[rows:] - xs[:-rows] < need
    change = np.zeros(n + 1, np.int64)
    change[: n - rows] += tight
    change[rows + 1 :] -= tight
    return np.cumsum(change[:n]) > 0


def pack(boxes: Sequence[Box], most: int) -> int:
    """Give every box a row of at most ``most``; ``boxes`` ascend by ``left``. Returns the number of rows used."""
    rights: list[float] = []  # how far each row is taken, labels included
    marks: list[float] = []  # how far by marks alone
    owners: list[Box | None] = []
    for box in boxes:
        row = _row_with_room(box, rights, most)
        if row < 0:
            row = _row_by_force(box, rights, marks, owners)
        while len(rights) <= row:
            rights.append(NOWHERE)
            marks.append(NOWHERE)
            owners.append(None)
        box.row = row
        rights[row] = max(rights[row], box.right if box.full else box.mark_right)
        marks[row] = max(marks[row], box.mark_right)
        owners[row] = box
    return max((box.row for box in boxes), default=-1) + 1


def _row_with_room(box: Box, rights: list[float], most: int) -> int:
    left = box.left
    if 0 <= box.wish < most and (box.wish >= len(rights) or rights[box.wish] <= left):
        return box.wish
    for row, right in enumerate(rights):
        if right <= left:
            return row
    return len(rights) if len(rights) < most else -1


def _row_by_force(box: Box, rights: list[float], marks: list[float], owners: list[Box | None]) -> int:
    """The row whose last label can be dropped and would have reached furthest, so that most labels stay.

    Where none can be dropped, the least bad row for the mark alone.
    """
    best, cost = -1, NOWHERE
    for row, owner in enumerate(owners):
        if owner is not None and marks[row] <= box.left and not owner.kept and rights[row] > cost:
            best, cost = row, rights[row]
    if best >= 0:
        dropped = owners[best]
        if dropped is not None:
            dropped.full = False
        rights[best] = marks[best]
        return best
    box.full = False
    cost = float("inf")
    for row, mark in enumerate(marks):
        if rights[row] <= box.mark_left:
            return row
        if mark < cost:
            best, cost = row, mark
    return best

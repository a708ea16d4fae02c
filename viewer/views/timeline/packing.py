"""Putting marks and labels of one lane into rows so that none covers another. Pure, no Qt.

Greedy from the left: a thing keeps the row that it had, else takes the first row with room, else a new row, and when
there are no more rows a label in the way is dropped, never the mark. Things that can stand in several ways (``insert``)
come after those that cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

NOWHERE: Final = -1e9


@dataclass(slots=True, eq=False)
class Box:
    """What one event wants: ``left..right`` with label and capsule, ``mark_left..mark_right`` at the least (px).

    ``wish`` is the row it had before, or -1. After packing ``line`` is its row, and ``full`` tells whether it got all
    that it wanted or only its mark.
    """

    left: float
    right: float
    mark_left: float
    mark_right: float
    wish: int
    line: int = field(default=-1, init=False)
    full: bool = field(default=True, init=False)


AnyBox = TypeVar("AnyBox", bound=Box)


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


def spread(xs: NDArray[np.float64], many: NDArray[np.bool_], reach: float) -> NDArray[np.bool_]:
    """``many``, and all between which and one of them no gap is wider than ``reach`` (px); ``xs`` ascend."""
    if not many.any():
        return many
    starts = np.flatnonzero(np.concatenate(([True], np.diff(xs) > reach)))
    drawn_in = np.logical_or.reduceat(many, starts)
    return np.repeat(drawn_in, np.diff(np.append(starts, len(xs))))


def pack(boxes: Sequence[Box], most: int, limit: int = 0) -> int:
    """Give every box a row; ``boxes`` ascend by ``left``. Returns the number of rows used.

    There are at most ``most`` rows for the sake of labels, and up to ``limit`` where marks would meet without.
    """
    rights: list[float] = []  # how far each row is taken, labels included
    marks: list[float] = []  # how far by marks alone
    owners: list[Box | None] = []
    for box in boxes:
        row = _row_with_room(box, rights, most)
        if row < 0:
            row = _row_by_force(box, rights, marks, owners, limit)
        while len(rights) <= row:
            rights.append(NOWHERE)
            marks.append(NOWHERE)
            owners.append(None)
        box.line = row
        rights[row] = max(rights[row], box.right if box.full else box.mark_right)
        marks[row] = max(marks[row], box.mark_right)
        owners[row] = box
    return max((box.line for box in boxes), default=-1) + 1


def _row_with_room(box: Box, rights: list[float], most: int) -> int:
    left = box.left
    if 0 <= box.wish < most and (box.wish >= len(rights) or rights[box.wish] <= left):
        return box.wish
    for row, right in enumerate(rights):
        if right <= left:
            return row
    return len(rights) if len(rights) < most else -1


def _row_by_force(box: Box, rights: list[float], marks: list[float], owners: list[Box | None], limit: int) -> int:
    """The row whose last label can be dropped and would have reached furthest, so that most labels stay.

    Where none can be dropped, another row within the limit; else the mark alone where it meets nothing. Marks that meet
    even so cover no label.
    """
    best = _furthest(box.left, rights, marks, owners)
    if best < 0 and len(rights) < limit:
        return len(rights)
    if best < 0:
        box.full = False
        free = next((row for row, right in enumerate(rights) if right <= box.mark_left), -1)
        if free >= 0:
            return free
        best = _furthest(box.mark_left, rights, marks, owners)
    if best < 0:
        best = min(range(len(marks)), key=lambda row: marks[row])
    dropped = owners[best]
    if dropped is not None:
        dropped.full = False
    rights[best] = marks[best]
    return best


def _furthest(left: float, rights: list[float], marks: list[float], owners: list[Box | None]) -> int:
    """Of the rows whose marks end before ``left`` (px) the one with the longest label; -1 for none."""
    best, cost = -1, NOWHERE
    for row, owner in enumerate(owners):
        if owner is not None and marks[row] <= left and rights[row] > cost:
            best, cost = row, rights[row]
    return best


def insert(rows: list[list[AnyBox]], box: AnyBox, options: Sequence[tuple[float, float]], most: int) -> int:
    """Put a box among the others into the first free place, the row it had before the first row.

    ``rows`` are the boxes by row and get the new one; ``options`` the extents (px) in which it could stand, best first.
    Returns the option that it got; -1 when only its mark found room, for which a label may have been dropped.
    """
    wished = [box.wish] if 0 <= box.wish < most else []
    lines = [*wished, *range(most)]
    for number, (left, right) in enumerate(options):
        for line in lines:
            if _is_free(rows, line, left, right):
                box.left, box.right = left, right
                _put(rows, box, line)
                return number
    box.full = False
    for line in lines:
        if _is_free(rows, line, box.mark_left, box.mark_right):
            _put(rows, box, line)
            return -1
    crowds = [[other for other in rows[line] if _meets(other, box.mark_left, box.mark_right)] for line in lines]
    costs = [
        sum(each.mark_left < box.mark_right and each.mark_right > box.mark_left for each in there) for there in crowds
    ]
    least = min(range(len(lines)), key=lambda at: costs[at])
    for other in crowds[least]:
        other.full = False
    _put(rows, box, lines[least])
    return -1


def by_row(boxes: Sequence[AnyBox], most: int) -> list[list[AnyBox]]:
    """Packed boxes by their row, for ``insert``."""
    rows: list[list[AnyBox]] = [[] for _ in range(most)]
    for box in boxes:
        rows[box.line].append(box)
    return rows


def _put(rows: list[list[AnyBox]], box: AnyBox, line: int) -> None:
    box.line = line
    rows[line].append(box)


def _is_free(rows: Sequence[Sequence[Box]], line: int, left: float, right: float) -> bool:
    for box in reversed(rows[line]):  # a plain loop, asked thousands of times for a frame, mostly about the right edge
        if box.full:
            if box.left < right and box.right > left:
                return False
        elif box.mark_left < right and box.mark_right > left:
            return False
    return True


def _meets(box: Box, left: float, right: float) -> bool:
    low, high = (box.left, box.right) if box.full else (box.mark_left, box.mark_right)
    return low < right and high > left

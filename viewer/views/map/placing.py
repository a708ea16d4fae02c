"""Which labels have room: greedy placing by priority, without overlap, for names of the map and of events alike.

Pure arithmetic in logical pixels. The same input gives the same output; handing in the last result keeps labels where
they are while the map moves, as long as they still fit.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from viewer.views.map.geometry import Rect

CELL: Final = 64.0
"""Side of the cells in which taken rectangles are looked up."""
SAME: Final = 5.0
"""Points no further apart than this are one spot to the eye, px."""
CLOSER: Final = 4.0
"""A label that names a point is nearer to its mark than to any other by so many px ..."""
CLOSER_MIDDLE: Final = 1.0
"""... and by so many to its middle."""

Point = tuple[float, float, float]
"""What a label may name: x, y, and the radius of its mark, px."""

Candidate = tuple[Rect, ...]
"""The rectangles that a label would cover at one position: one, or several along a curve."""


class Points:
    """What the eye may join a label to, found by the cell in which it lies."""

    def __init__(self, points: Iterable[Point]) -> None:
        self._cells: dict[tuple[int, int], list[Point]] = {}
        self._widest = 0.0
        for point in points:
            cell = math.floor(point[0] / CELL), math.floor(point[1] / CELL)
            self._cells.setdefault(cell, []).append(point)
            self._widest = max(self._widest, point[2])

    def leave(self, rect: Rect, own: Sequence[Point]) -> bool:
        """Whether a label in ``rect`` is clearly that of ``own``: no other point is about as near.

        A point at the same spot as an own one is no other.
        """
        middle = min(rect.distance(x, y) for x, y, _radius in own) + CLOSER_MIDDLE
        edge = min(rect.distance(x, y) - radius for x, y, radius in own) + CLOSER
        return all(
            rect.distance(x, y) >= max(middle, edge + radius)
            or any(math.hypot(x - each[0], y - each[1]) <= SAME for each in own)
            for cell in _cells(rect.grown(max(middle, edge + self._widest)))
            for x, y, radius in self._cells.get(cell, ())
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """A label that wants to be placed.

    ``key`` names it; lower ``priority`` goes first, equal ones in the order given; ``candidates`` from the best
    position to the worst. ``group`` and ``repeat``: labels of one group keep ``repeat`` px between their middles.
    ``own``: the points that the label names; it is placed only where it cannot be taken for that of one of ``rivals``.
    """

    key: Hashable
    priority: float
    candidates: Sequence[Candidate]
    group: Hashable = None
    repeat: float = 0.0
    own: tuple[Point, ...] = ()
    rivals: Points | None = None


def around(
    x: float, y: float, width: float, height: float, gap: float, corner: float | None = None
) -> tuple[Candidate, ...]:
    """The eight positions of a text about a marker, best first: E W NE SE NW SW N S.

    ``x``, ``y``: middle of the marker; ``width``, ``height``: size of the text; ``gap``: px from the one to the other,
    ``corner``: the same across and down for the four at the corners.
    """
    near = gap * 0.72 if corner is None else corner
    over = gap * 0.8 if corner is None else gap
    left, right, top, bottom = x - gap - width, x + gap, y - height / 2, y + over
    return (
        (Rect(right, top, width, height),),
        (Rect(left, top, width, height),),
        (Rect(x + near, y - near - height, width, height),),
        (Rect(x + near, y + near, width, height),),
        (Rect(x - near - width, y - near - height, width, height),),
        (Rect(x - near - width, y + near, width, height),),
        (Rect(x - width / 2, y - over - height, width, height),),
        (Rect(x - width / 2, bottom, width, height),),
    )


def centred(x: float, y: float, width: float, height: float) -> tuple[Candidate, ...]:
    """One position: the middle of the text on the point."""
    return ((Rect(x - width / 2, y - height / 2, width, height),),)


def nearby(rect: Rect, most: float) -> list[Candidate]:
    """Further spots for the name of an area, up to ``most`` px from the first, the nearest before."""
    sides, levels = (0.0, -0.2, 0.2, -0.4, 0.4), (0.0, -1.0, 1.0, -2.0, 2.0)
    moves = [(across * rect.w, down * rect.h) for down in levels for across in sides]
    near = sorted((math.hypot(*move), *move) for move in moves[1:])
    return [(Rect(rect.x + dx, rect.y + dy, rect.w, rect.h),) for away, dx, dy in near if away <= most]


def place(
    wishes: Iterable[Wish],
    bounds: Rect,
    blocked: Iterable[Rect] = (),
    previous: Mapping[Hashable, int] | None = None,
) -> dict[Hashable, int]:
    """The labels that find room -> the number of the candidate each takes.

    ``bounds``: labels lie wholly within; ``blocked``: what no label may cover (overlays, markers); ``previous``: an
    earlier result, whose positions are tried first.
    """
    taken = _Taken()
    for rect in blocked:
        taken.add(rect)
    before = previous or {}
    middles: dict[Hashable, list[tuple[float, float]]] = {}
    result: dict[Hashable, int] = {}
    for wish in sorted(wishes, key=lambda each: each.priority):
        order: list[int] = list(range(len(wish.candidates)))
        kept = before.get(wish.key)
        if kept is not None and kept < len(order):
            order.remove(kept)
            order.insert(0, kept)
        for number in order:
            rects = wish.candidates[number]
            if not all(_within(rect, bounds) and taken.free(rect) for rect in rects):
                continue
            if wish.rivals is not None and not wish.rivals.leave(rects[0], wish.own):
                continue
            middle = _middle(rects)
            others = middles.setdefault(wish.group, []) if wish.group is not None else []
            if any(math.dist(middle, other) < wish.repeat for other in others):
                continue
            others.append(middle)
            for rect in rects:
                taken.add(rect)
            result[wish.key] = number
            break
    return result


class _Taken:
    """Rectangles by the cells they touch."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Rect]] = {}

    def add(self, rect: Rect) -> None:
        for cell in _cells(rect):
            self._cells.setdefault(cell, []).append(rect)

    def free(self, rect: Rect) -> bool:
        return not any(rect.meets(other) for cell in _cells(rect) for other in self._cells.get(cell, ()))


def _cells(rect: Rect) -> list[tuple[int, int]]:
    columns = range(math.floor(rect.x / CELL), math.floor(rect.right / CELL) + 1)
    rows = range(math.floor(rect.y / CELL), math.floor(rect.bottom / CELL) + 1)
    return [(column, row) for column in columns for row in rows]


def _within(rect: Rect, bounds: Rect) -> bool:
    return rect.x >= bounds.x and rect.y >= bounds.y and rect.right <= bounds.right and rect.bottom <= bounds.bottom


def _middle(rects: Candidate) -> tuple[float, float]:
    count = len(rects)
    return sum(r.x + r.w / 2 for r in rects) / count, sum(r.y + r.h / 2 for r in rects) / count

"""Turns shapes of the store into painter paths for one picture, leaving out what the picture does not show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, Qt
from PySide6.QtGui import QPainterPath

from viewer.views.map.basemap.store import Shapes
from viewer.views.map.projection import MERCATOR, Projection

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

RUN: Final = 32
"""Segments of one of the short paths that thick lines are stroked as."""
_ELEMENT: Final = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of the world: ``left``, ``top`` in world units, ``scale`` device px to the world, size in device px."""

    left: float
    top: float
    scale: float
    width: int
    height: int
    projection: Projection = MERCATOR

    @property
    def likened(self) -> float:
        """The scale at which Web Mercator shows about as much."""
        return self.projection.likened(self.scale)

    def box(self, margin: float) -> tuple[float, float, float, float]:
        """The part of the world in the picture and ``margin`` px around it."""
        grown = margin / self.scale
        return (
            self.left - grown,
            self.top - grown,
            self.left + self.width / self.scale + grown,
            self.top + self.height / self.scale + grown,
        )


Chosen = Callable[[NDArray[np.int32]], Flags]


def fill_path(
    frame: Frame, cells: Iterable[tuple[Shapes, float]], chosen: Chosen | None = None, margin: float = 8.0
) -> QPainterPath:
    """Rings as one path, filled by winding so that cells that overlap and countries that touch leave no seam.

    ``cells``: shapes and the whole worlds by which they are moved east; ``chosen``: which tags to take.
    """
    gathered = _gather(frame, cells, chosen, margin)
    if gathered is None:
        path = QPainterPath()
    else:
        x, y, first = gathered
        path = make_path(*held(x, y, first, -margin, frame.width + margin, -margin, frame.height + margin))
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def line_path(
    frame: Frame, cells: Iterable[tuple[Shapes, float]], chosen: Chosen | None = None, margin: float = 8.0
) -> QPainterPath:
    """Lines as one path, without the segments that lie ``margin`` px outside the picture."""
    gathered = _gather(frame, cells, chosen, margin)
    if gathered is None:
        return QPainterPath()
    x, y, first = gathered
    seen = _seen(x, y, first, -margin, frame.width + margin, -margin, frame.height + margin)
    last = np.append(seen[1:], False)
    keep = seen | last
    return make_path(x[keep], y[keep], ~seen[keep])


def line_runs(
    frame: Frame, cells: Iterable[tuple[Shapes, float]], chosen: Chosen | None = None, margin: float = 8.0
) -> list[QPainterPath]:
    """The same lines as short paths. Stroking one long path costs much more than its pieces, because Qt resolves all
    of its overlaps; pieces overlap at their ends, so they suit opaque pens with round caps only."""
    gathered = _gather(frame, cells, chosen, margin)
    if gathered is None:
        return []
    x, y, first = gathered
    seen = _seen(x, y, first, -margin, frame.width + margin, -margin, frame.height + margin)
    runs = []
    for start, end in _stretches(seen):
        for a in range(start - 1, end - 1, RUN):
            b = min(a + RUN + 1, end)
            head = np.zeros(b - a, np.bool_)
            head[0] = True
            runs.append(make_path(x[a:b], y[a:b], head))
    return runs


def _stretches(seen: Flags) -> list[tuple[int, int]]:
    """Bounds of the stretches of true values."""
    edges = np.diff(seen.astype(np.int8), prepend=np.int8(0), append=np.int8(0))
    return list(zip(np.nonzero(edges == 1)[0].tolist(), np.nonzero(edges == -1)[0].tolist(), strict=True))


def make_path(x: Floats, y: Floats, first: Flags) -> QPainterPath:
    """A path through points; ``first`` marks those that start a new line. Built from bytes: no call for each point."""
    path = QPainterPath()
    count = len(x)
    if count < 2:
        return path
    elements = np.empty(count, _ELEMENT)
    elements["type"] = ~first
    elements["x"] = x
    elements["y"] = y
    body = elements.tobytes()
    data = QByteArray(count.to_bytes(4, "big") + body + bytes(4) + (1).to_bytes(4, "big"))
    stream = QDataStream(data, QIODevice.OpenModeFlag.ReadOnly)
    stream >> path
    return path


def _gather(
    frame: Frame, cells: Iterable[tuple[Shapes, float]], chosen: Chosen | None, margin: float
) -> tuple[Floats, Floats, Flags] | None:
    """The points, in px, of all parts that reach into the picture."""
    left, top, right, bottom = frame.box(margin)
    xs, ys, firsts = [], [], []
    for shapes, shift in cells:
        boxes = shapes.boxes
        hit = (boxes[:, 0] + shift <= right) & (boxes[:, 2] + shift >= left)
        hit &= (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
        if chosen is not None:
            hit &= chosen(shapes.tags)
        if not hit.any():
            continue
        if hit.all():
            x, y, first = shapes.x, shapes.y, shapes.first
        else:
            points = np.repeat(hit, np.diff(shapes.offsets))
            x, y, first = shapes.x[points], shapes.y[points], shapes.first[points]
        xs.append((x + (shift - frame.left)) * frame.scale)
        ys.append((y - frame.top) * frame.scale)
        firsts.append(first)
    if not xs:
        return None
    return np.concatenate(xs), np.concatenate(ys), np.concatenate(firsts)


def _codes(x: Floats, y: Floats, x0: float, x1: float, y0: float, y1: float) -> NDArray[np.uint8]:
    """Which sides of the box each point lies beyond, one bit a side."""
    return (x < x0) * np.uint8(1) + (x > x1) * np.uint8(2) + (y < y0) * np.uint8(4) + (y > y1) * np.uint8(8)


def _seen(x: Floats, y: Floats, first: Flags, x0: float, x1: float, y0: float, y1: float) -> Flags:
    """For each point, whether the segment that ends in it may cross the box."""
    code = _codes(x, y, x0, x1, y0, y1)
    seen = np.zeros(len(x), np.bool_)
    seen[1:] = ((code[1:] & code[:-1]) == 0) & ~first[1:]
    return seen


def held(
    x: Floats, y: Floats, first: Flags, x0: float, x1: float, y0: float, y1: float
) -> tuple[Floats, Floats, Flags]:
    """Rings with the points that no visible segment needs drawn in to the box, and then thinned.

    A segment wholly beyond one side stays beyond it, so what is filled inside the box does not change.
    """
    code = _codes(x, y, x0, x1, y0, y1)
    if not code.any():
        return x, y, first
    seen = np.zeros(len(x), np.bool_)
    seen[1:] = ((code[1:] & code[:-1]) == 0) & ~first[1:]
    needed = seen | np.append(seen[1:], False)
    held_x = np.where(needed, x, np.clip(x, x0, x1))
    held_y = np.where(needed, y, np.clip(y, y0, y1))
    same = np.zeros(len(x), np.bool_)
    same[1:] = (held_x[1:] == held_x[:-1]) & (held_y[1:] == held_y[:-1]) & ~first[1:]
    keep = ~same
    return held_x[keep], held_y[keep], first[keep]

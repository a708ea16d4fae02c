"""Where a country is best named when its usual spot is off the screen: the middle of what is seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.views.map.basemap.store import Shapes

COLUMNS: Final = 30
ROWS: Final = 20
LEAST: Final = 0.035
"""The least share of the screen that a country must cover to be named there."""


def seen_spots(
    cells: Iterable[Shapes],
    numbers: Iterable[int],
    box: tuple[float, float, float, float],
    whose: Callable[[NDArray[np.int32]], NDArray[np.int32]],
) -> dict[int, tuple[float, float, float]]:
    """Number of a country -> (x, y, share): the point of the box deepest within it, and how much of the box it covers.

    ``box`` (left, top, right, bottom) in world units; countries that cover too little of it are left out. Points of a
    grid are tested against the outlines by counting crossings. ``whose`` gives the countries that tags count to.
    """
    left, top, right, bottom = box
    x = left + (np.arange(COLUMNS) + 0.5) / COLUMNS * (right - left)
    y = top + (np.arange(ROWS) + 0.5) / ROWS * (bottom - top)
    inside = {number: np.zeros((ROWS, COLUMNS), np.bool_) for number in numbers}
    for shapes in cells:
        boxes = shapes.boxes
        hit = (boxes[:, 0] <= right) & (boxes[:, 2] >= left) & (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)
        tags = whose(shapes.tags)
        for part in np.nonzero(hit & np.isin(tags, list(inside)))[0]:
            a, b = shapes.offsets[part], shapes.offsets[part + 1]
            inside[int(tags[part])] ^= _within(shapes.x[a:b], shapes.y[a:b], x, y)
    found: dict[int, tuple[float, float, float]] = {}
    for number, mask in inside.items():
        share = float(mask.mean())
        if share >= LEAST:
            depth = _depth(mask)
            row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
            found[number] = float(x[column]), float(y[row]), share
    return found


def _within(
    ring_x: NDArray[np.float64], ring_y: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """bool[rows, columns]: which grid points a ring encloses."""
    x0, y0, x1, y1 = ring_x[:-1], ring_y[:-1], ring_x[1:], ring_y[1:]
    rows, edges = np.nonzero((y0 > y[:, None]) != (y1 > y[:, None]))
    at = x0[edges] + (y[rows] - y0[edges]) / (y1[edges] - y0[edges]) * (x1[edges] - x0[edges])
    crossed = np.zeros((len(y), len(x) + 1), np.int32)
    np.add.at(crossed, (rows, np.searchsorted(x, at)), 1)
    return (np.cumsum(crossed[:, :-1], axis=1) % 2).astype(np.bool_)


def _depth(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How many steps inwards each point lies, the sides of the box counting as an edge; wide rooms before deep ones."""
    inner = np.pad(mask, 1)
    total = np.zeros(mask.shape)
    while inner.any():
        total += inner[1:-1, 1:-1]
        core = inner[1:-1, 1:-1] & inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
        inner = np.pad(core, 1)
    # Names are wide: of equally deep points the one with most room to its sides.
    wide = np.cumsum(mask, axis=1) * np.cumsum(mask[:, ::-1], axis=1)[:, ::-1]
    return total + 0.9 * wide / max(float(wide.max()), 1.0) * mask

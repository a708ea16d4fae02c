"""Which events are drawn as one mark because they would cover each other. Pure arrays, no Qt."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.views.map.projection import Floats

CELL: Final = 16.0
"""Side of the grid that stacks events, logical px."""
NEAR: Final = 15.0
"""Cells whose middles are closer than this are one stack all the same, logical px."""


def stack(x: Floats, y: Floats, mapped: NDArray[np.bool_], scale: float) -> NDArray[np.intp]:
    """A stack number for each point (world units) at a scale; points at one place always share it.

    Cells of a grid over the whole world; a cell whose middle of mass is NEAR that of a fuller neighbour joins it,
    one step only, so that no chain of joins draws far points together.
    """
    across = _across(scale / CELL)
    key = np.where(mapped, grid(x, y, scale / CELL), -1)
    keys, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    middle_x = np.bincount(inverse, weights=x * scale) / counts
    middle_y = np.bincount(inverse, weights=y * scale) / counts
    weight = counts * (len(keys) + 1) - np.arange(len(keys))  # no two alike
    target = np.full((8, len(keys)), -1, np.int64)
    for at, step in enumerate((-across - 1, -across, -across + 1, -1, 1, across - 1, across, across + 1)):
        near = np.minimum(np.searchsorted(keys, keys + step), len(keys) - 1)
        close = np.hypot(middle_x[near] - middle_x, middle_y[near] - middle_y) < NEAR
        target[at] = np.where((keys[near] == keys + step) & close & (keys >= 0) & (keys[near] >= 0), near, -1)
    heavier = np.where((target >= 0) & (weight[target] > weight), weight[target], 0)
    root = np.asarray(heavier.max(axis=0) == 0)
    heavier[~root[target]] = 0
    best = np.argmax(heavier, axis=0)
    every = np.arange(len(keys))
    joins = ~root & (heavier[best, every] > 0)
    parent = np.where(joins, target[best, every], every)
    return np.asarray(parent[inverse], np.intp)


def grid(x: Floats, y: Floats, cells: float) -> NDArray[np.int64]:
    """The number of the cell in which each point (world units) lies, with ``cells`` of them across the world."""
    column = np.floor(x * cells).astype(np.int64) + 1
    return (np.floor(y * cells).astype(np.int64) + 1) * _across(cells) + column


def _across(cells: float) -> int:
    return int(cells) + 3

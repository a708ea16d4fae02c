"""Which events are drawn as one mark because they would cover each other. Pure arrays, no Qt."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.counts import Rows
from viewer.views.map.projection import Floats

CELL: Final = 16.0
"""Side of the grid that stacks events, logical px."""
NEAR: Final = 15.0
"""Cells whose middles are closer than this are one stack all the same, logical px."""
APART: Final = 26.0
"""The same two lengths for stacks of several: each has a badge with their number beside its mark."""
ROUNDS: Final = 3
"""So often what has been joined is joined again, at the most."""


class Stacks:
    """What is drawn as one thing, as arrays of one length, the most important last.

    ``count``: rows in all; ``lit``: those of them in the trail; ``x``, ``y``: logical px. ``cells``: the number of the
    cell that each is, where they are cells.
    """

    def __init__(
        self,
        x: Floats,
        y: Floats,
        count: NDArray[np.intp],
        lit: NDArray[np.intp],
        find_top: Callable[[], Rows],
        cells: NDArray[np.intp] | None = None,
    ) -> None:
        self.x, self.y, self.count, self.lit, self.cells = x, y, count, lit, cells
        self._find_top = find_top

    def __len__(self) -> int:
        return len(self.x)

    @cached_property
    def top(self) -> Rows:
        """The row on top of each."""
        return self._find_top()

    def spots(self) -> dict[int, tuple[float, float]]:
        """Where the mark with each row on top stands, logical px."""
        return dict(zip(self.top.tolist(), zip(self.x.tolist(), self.y.tolist(), strict=True), strict=True))


def stack(x: Floats, y: Floats, mapped: NDArray[np.bool_], scale: float) -> NDArray[np.intp]:
    """A stack number for each point (world units) at a scale; points at one place always share it.

    Stacks of several that are so near to each other that their badges would meet are one.
    """
    groups = _join(x, y, mapped, np.ones(len(x), np.intp), scale, CELL, NEAR)
    for _ in range(ROUNDS):
        counts = np.bincount(groups, weights=mapped).astype(np.intp)
        several = np.flatnonzero(counts > 1)
        if len(several) < 2:
            break
        weights = counts[several]
        middle_x, middle_y = (np.bincount(groups, weights=world)[several] / weights for world in (x, y))
        joined = _join(middle_x, middle_y, np.ones(len(several), bool), weights, scale, APART, APART)
        fullest = np.zeros(len(several), np.intp)
        order = np.argsort(weights, kind="stable")
        fullest[joined[order]] = several[order]  # the last to be written
        if (fullest[joined] == several).all():
            break
        renamed = np.arange(len(counts))
        renamed[several] = fullest[joined]
        groups = renamed[groups]
    return groups


def middles_of(x: Floats, y: Floats, groups: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """The middle of mass of each group (world units)."""
    counts = np.maximum(np.bincount(groups), 1)
    middle_x, middle_y = (np.bincount(groups, weights=world) / counts for world in (x, y))
    return middle_x, middle_y


class Stacked:
    """The stacks of many events at one scale, kept as long as both stay the same."""

    def __init__(self, x: Floats, y: Floats) -> None:
        """World units of all rows."""
        self._x, self._y = x, y
        self._scale, self._rows = 0.0, np.empty(0, np.intp)
        self._groups: NDArray[np.intp] = np.empty(0, np.intp)
        self.middles: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        """The middle of mass of each (world units)."""

    def groups(self, rows: Rows, scale: float, among: Rows) -> NDArray[np.intp]:
        """The stack of each of ``rows``, which are all ``among`` those stacked (ascending, known by being the same
        array).
        """
        if self._rows is not among or self._scale != scale:
            x, y = self._x[among], self._y[among]
            self._groups = stack(x, y, np.ones(len(among), bool), scale)
            self.middles = middles_of(x, y, self._groups)
            self._scale, self._rows = scale, among
        return self._groups[np.searchsorted(self._rows, rows)]


def _join(
    x: Floats, y: Floats, mapped: NDArray[np.bool_], weights: NDArray[np.intp], scale: float, cell: float, near: float
) -> NDArray[np.intp]:
    """A number for each point: of its ``cell`` (px) in a grid over the whole world, or of one beside it.

    A cell whose middle of mass is ``near`` (px) that of a heavier neighbour joins it, one step only, so that no chain
    of joins draws far points together.
    """
    across = _across(scale / cell)
    key = np.where(mapped, grid(x, y, scale / cell), -1)
    keys, inverse = np.unique(key, return_inverse=True)
    counts = np.bincount(inverse, weights=weights)
    middle_x = np.bincount(inverse, weights=x * scale * weights) / counts
    middle_y = np.bincount(inverse, weights=y * scale * weights) / counts
    weight = counts.astype(np.int64) * (len(keys) + 1) - np.arange(len(keys))  # no two alike
    target = np.full((8, len(keys)), -1, np.int64)
    for at, step in enumerate((-across - 1, -across, -across + 1, -1, 1, across - 1, across, across + 1)):
        other = np.minimum(np.searchsorted(keys, keys + step), len(keys) - 1)
        close = np.hypot(middle_x[other] - middle_x, middle_y[other] - middle_y) < near
        target[at] = np.where((keys[other] == keys + step) & close & (keys >= 0) & (keys[other] >= 0), other, -1)
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

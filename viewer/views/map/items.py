"""What is drawn at an instant: active events, stacked where they would cover each other. Pure arrays, no Qt.

Stacks depend on the scale alone and never on the instant or on where the map was dragged to, so that neither scrubbing
nor panning makes them jump. Rows are rows of the EventIndex.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.core.index import EventIndex, Moment, Rows
from viewer.views.map.geometry import EQUATOR_M, Floats, Viewport, to_world

CELL: Final = 16.0
"""Side of the grid that stacks events, logical px."""
SIDE: Final = 26.0
"""Side of the grid of Level.CELLS, logical px."""
DRIFT: Final = 0.07
"""How far from the middle of its cell a disc may stand, as a part of SIDE."""
NEAR: Final = 15.0
"""Cells whose middles are closer than this are one stack all the same, logical px."""
REACH: Final = 12.0
"""Marks whose middle is this far outside the map are still drawn at its edge, logical px."""
MOST_MARKS: Final = 1_500
MOST_ROWS: Final = 5_000
CALM: Final = 0.85
"""A coarser level is left only below this share of its threshold, so that scrubbing does not flicker."""
LEAST_RADIUS_M: Final = 25_000.0


class Age(IntEnum):
    """What the instant makes of an event; the larger covers the smaller in a stack."""

    NONE = 0
    OLDER = 1
    AHEAD = 2
    LIT = 3
    CHOSEN = 4  # active and selected


class Level(IntEnum):
    """How active events are drawn: shaped marks with counts, small marks one by one, or cells with counts."""

    MARKS = 0
    DOTS = 1
    CELLS = 2


@dataclass(frozen=True, slots=True)
class Stacks:
    """What is drawn as one thing, as arrays of one length, the most important last.

    ``top``: the row on top; ``count``: rows in all; ``lit``: those of them in the trail; ``x``, ``y``: logical px.
    """

    top: Rows
    count: NDArray[np.intp]
    lit: NDArray[np.intp]
    x: Floats
    y: Floats


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything active at an instant. ``ages`` has one Age for each row of the index.

    ``rows`` are within reach of the map, ``off`` have their middle outside it. ``stacks`` cover exactly ``rows``;
    ``groups`` has the stack number of each row of the index.
    """

    level: Level
    ages: NDArray[np.int8]
    rows: Rows
    off: Rows
    stacks: Stacks
    groups: NDArray[np.intp]


class EventLayer:
    """Places the rows of an index on the screen and picks what is drawn."""

    def __init__(self, index: EventIndex) -> None:
        self.index = index
        columns = index.columns
        x, y = to_world(np.where(index.mapped, columns.lon, 0.0), np.where(index.mapped, columns.lat, 0.0))
        self.world_x, self.world_y = x, y
        self.region_rows = np.flatnonzero(index.region)
        self._number_regions()
        latitude = np.radians(np.where(index.mapped, columns.lat, 0.0))
        radius = np.where(index.region, np.maximum(columns.radius_m, LEAST_RADIUS_M), columns.radius_m)
        self._world_radius = radius / (EQUATOR_M * np.maximum(np.cos(latitude), 0.05))
        order = np.lexsort((np.arange(index.n), columns.best))
        self._rank = np.empty(index.n, np.int64)
        self._rank[order] = np.arange(index.n)
        self._by_rank = order
        self._view = Viewport(0.5, 0.5, 1.0, 1, 1)
        self._cell_x: Floats = np.empty(0)
        self._cell_y: Floats = np.empty(0)
        self._level = Level.MARKS
        self._groups: dict[Level, NDArray[np.intp]] = {}
        self.x: Floats = np.zeros(index.n)
        self.y: Floats = np.zeros(index.n)
        self._inside = np.zeros(index.n, bool)
        self._near = np.zeros(index.n, bool)

    def _number_regions(self) -> None:
        """``region_numbers``: for each of ``region_rows`` which region it lies in, places alike being one."""
        columns, rows = self.index.columns, self.region_rows
        same = np.stack((columns.lon[rows], columns.lat[rows], columns.radius_m[rows].astype(np.float64)), axis=1)
        _each, numbers = np.unique(same, axis=0, return_inverse=True)
        self.region_numbers: NDArray[np.intp] = numbers.ravel()

    def look(self, view: Viewport) -> None:
        """Move all rows to where ``view`` shows them."""
        if view.scale != self._view.scale:
            self._groups.clear()
        self._view = view
        self.x, self.y = view.screen(self.world_x, self.world_y)
        mapped = self.index.mapped
        self._inside = mapped & (self.x >= 0) & (self.x < view.width) & (self.y >= 0) & (self.y < view.height)
        wide, high = view.width + REACH, view.height + REACH
        self._near = mapped & (self.x > -REACH) & (self.x < wide) & (self.y > -REACH) & (self.y < high)

    def radius(self, row: int) -> float:
        """The radius within which the place of a row lies, logical px; 0 for an exact point."""
        return float(self.radii(row))

    def radii(self, rows: Rows | int) -> Floats:
        """As radius, for many rows."""
        return np.asarray(self._world_radius[rows] * self._view.scale)

    def scene(self, moment: Moment, chosen: Rows) -> Scene:
        """What to draw at a moment with the rows ``chosen`` selected."""
        ages = np.zeros(self.index.n, np.int8)
        ages[moment.older] = Age.OLDER
        ages[moment.ahead] = Age.AHEAD
        ages[moment.lit] = Age.LIT
        ages[chosen[ages[chosen] > 0]] = Age.CHOSEN
        active = ages > 0
        rows = np.flatnonzero(active & self._near)
        off = np.flatnonzero(active & ~self._inside)
        level = level_for(len(rows), 0, self._level)
        if level is not Level.CELLS:
            stacks = self._stacks(rows, ages, Level.MARKS)
            level = level_for(len(rows), len(stacks.top), self._level)
        if level is not Level.MARKS:
            stacks = self._stacks(rows, ages, level)
        self._level = level
        return Scene(level, ages, rows, off, stacks, self._group(level))

    def members(self, scene: Scene, top: int) -> Rows:
        """The rows of the stack that ``top`` is drawn for: the selected first, then newest first."""
        rows = scene.rows[scene.groups[scene.rows] == scene.groups[top]]
        order = np.lexsort((-self._rank[rows], scene.ages[rows] != Age.CHOSEN))
        return np.asarray(rows[order], np.intp)

    def _group(self, level: Level) -> NDArray[np.intp]:
        """A stack number for each row, at the present scale."""
        if level not in self._groups:
            match level:
                case Level.MARKS:
                    group = stack(self.world_x, self.world_y, self.index.mapped, self._view.scale)
                case Level.DOTS:
                    group = np.arange(self.index.n)
                case Level.CELLS:
                    group = self._cells()
            self._groups[level] = group
        return self._groups[level]

    def _cells(self) -> NDArray[np.intp]:
        """The cell of each row. Discs stand where most of all their events lie, but keep apart from one another."""
        step = SIDE / self._view.scale
        keys, group, counts = np.unique(
            grid(self.world_x, self.world_y, 1 / step), return_inverse=True, return_counts=True
        )
        middles = []
        for world in (self.world_x, self.world_y):
            low = np.full(len(keys), 2.0)
            np.minimum.at(low, group, world)
            centre = (np.floor(low / step) + 0.5) * step
            mean = np.bincount(group, weights=world) / counts
            middles.append(centre + np.clip(mean - centre, -DRIFT * step, DRIFT * step))
        self._cell_x, self._cell_y = middles
        return np.asarray(group, np.intp)

    def _stacks(self, rows: Rows, ages: NDArray[np.int8], level: Level) -> Stacks:
        if not len(rows):
            none = np.empty(0, np.intp)
            return Stacks(none, none, none, np.empty(0), np.empty(0))
        group = self._group(level)
        groups = group[rows]
        size = int(groups.max()) + 1
        weight = ages[rows].astype(np.int64) * self.index.n + self._rank[rows]
        best = np.full(size, -1, np.int64)
        np.maximum.at(best, groups, weight)
        counts = np.bincount(groups, minlength=size)
        lit = np.bincount(groups[ages[rows] >= Age.LIT], minlength=size)
        winners = np.sort(best[counts > 0])  # so that older ones are drawn first and the selected last
        top = self._by_rank[winners % self.index.n]
        at = group[top]
        x, y = self.x[top], self.y[top]
        if level is Level.CELLS:
            x, y = self._view.screen(self._cell_x[at], self._cell_y[at])
        return Stacks(top, counts[at], lit[at], x, y)


def level_for(rows: int, stacks: int, now: Level) -> Level:
    """The level for so many active rows and stacks in view, given the level in force."""
    many = MOST_ROWS * (CALM if now is Level.CELLS else 1)
    full = MOST_MARKS * (CALM if now is not Level.MARKS else 1)
    if rows > many:
        return Level.CELLS
    return Level.DOTS if stacks > full else Level.MARKS


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

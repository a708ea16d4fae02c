"""What is drawn at an instant: active events, stacked where they would cover each other. Pure arrays, no Qt.

Stacks depend on the scale alone and never on the instant or on where the map was dragged to, so that neither scrubbing
nor panning makes them jump. Rows are rows of the EventIndex.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import cached_property, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.values import OPEN_PAST
from viewer.core.counts import Rows
from viewer.core.index import EventIndex, Moment
from viewer.views.map.cells import SIDE, Cells
from viewer.views.map.geometry import MOST_POINTS, Box, Viewport, box_around
from viewer.views.map.levels import Level, level_for
from viewer.views.map.projection import MERCATOR, Floats, Projection
from viewer.views.map.regions import Regions, world_radii
from viewer.views.map.stacking import Stacked, Stacks, middles_of, stack

REACH: Final = 12.0
"""Marks whose middle is this far outside the map are still drawn at its edge, logical px."""
WORLD: Final = Viewport(0.5, 0.5, 64 * SIDE, round(64 * SIDE), round(64 * SIDE))
"""For a grid over the whole world, 64 cells across."""
DRIFT: Final = 4.0
"""So far from the middle of its places the mark of a stack may stand, logical px."""
MOST_SINGLE: Final = 200
"""Where events are drawn as cells, so many selected ones are drawn on them one by one."""
MOST_STACKED: Final = 50_000
"""Stacks are made of no more events than this, as that is too slow for a frame."""

Later = Callable[[Callable[[], Cells], Callable[[Cells], None]], None]


def _nothing() -> None:
    """Nobody needs to know."""


class Age(IntEnum):
    """What the instant makes of an event; the larger covers the smaller in a stack."""

    NONE = 0
    OLDER = 1
    AHEAD = 2
    LIT = 3
    CHOSEN = 4  # active and selected


class Scene:
    """Everything active at an instant and how it is drawn; of many events only what is asked for is worked out.

    ``stacks`` cover exactly ``rows``.
    """

    def __init__(self, layer: EventLayer, moment: Moment, chosen: Rows, level: Level, stacks: Stacks) -> None:
        self._layer, self.moment, self._chosen = layer, moment, chosen
        self.level, self.stacks = level, stacks

    @property
    def wanted(self) -> Rows:
        """The selected rows, active or not."""
        return self._chosen

    def age(self, row: int) -> Age:
        """What the instant makes of a row."""
        return Age(int(self.ages(np.array([row], np.intp))[0]))

    def ages(self, rows: Rows) -> NDArray[np.int8]:
        """One Age for each of some rows."""
        return self._layer.ages(rows, self.moment, self._chosen)

    @cached_property
    def selected(self) -> Rows:
        """The selected rows that are active, wherever."""
        return self._chosen[self._layer.ages(self._chosen, self.moment, self._chosen[:0]) > Age.NONE]

    @cached_property
    def chosen(self) -> Rows:
        """Those of them within reach of the map."""
        return self._layer.near(self.selected)

    @cached_property
    def shares(self) -> NDArray[np.intp] | None:
        """How many rows of each of ``stacks`` are selected; None where these are drawn one by one."""
        cells = self.stacks.cells
        if cells is None or len(self.chosen) <= MOST_SINGLE:
            return None
        return self._layer.cells().count_rows(self.selected)[cells]

    @cached_property
    def rows(self) -> Rows:
        """The rows that are drawn, ascending: within reach of the map, or in a cell that is."""
        return self._layer.drawn(self.level, self.moment)

    @cached_property
    def off(self) -> Rows:
        """The active rows that have their middle outside the map."""
        moment = self.moment
        return self._layer.outside(moment.active(np.flatnonzero(self._layer.index.able)))

    @cached_property
    def groups(self) -> NDArray[np.intp]:
        """The number of the stack of each of ``rows``."""
        return self._layer.group(self.rows, self.level)


class EventLayer:
    """Places the rows of an index on the screen and picks what is drawn.

    A grid over very many events is made elsewhere while the one before it is still drawn.
    """

    def __init__(
        self,
        index: EventIndex,
        later: Later | None = None,
        renewed: Callable[[], None] = _nothing,
        projection: Projection = MERCATOR,
    ) -> None:
        """``later`` does work on a thread and hands its outcome to a function on this one; without it, nothing is done
        elsewhere. ``renewed`` is called when the scene is another for it.
        """
        self.index, self.projection = index, projection
        self.work_with(later, renewed)
        self.waiting = False
        """Whether a grid is being made."""
        self.codes: NDArray[np.int32] | None = None
        """One small number for each row, where a grid is to have counted them for the time at rest."""
        self.enlarged = 1.0
        """How large marks and discs are drawn: as many times farther those reach that are one."""
        columns = index.columns
        x, y = projection.to_world(np.where(index.mapped, columns.lon, 0.0), np.where(index.mapped, columns.lat, 0.0))
        self.world_x, self.world_y = x, y
        self.view = Viewport(0.5, 0.5, 1000.0, 1000, 600, projection)
        self.regions = Regions(index, x, y, projection)
        self._rank: Rows | None = None
        self._cells: Cells | None = None
        self._world: Cells | None = None
        self._level = Level.MARKS
        self._stacked = Stacked(x, y)

    def work_with(self, later: Later | None, renewed: Callable[[], None]) -> None:
        """As when it is made: for a layer that was made before there was anybody to work with."""
        self._later, self._renewed = later, renewed

    @cached_property
    def spread(self) -> tuple[Box, Floats, Floats]:
        """The box around all places, and where some thousand of them are: for a view of all. There must be any."""
        x, y = self.world_x[self.index.mapped], self.world_y[self.index.mapped]
        step = len(x) // MOST_POINTS + 1
        return box_around(x, y, self.projection), x[::step], y[::step]

    def look(self, view: Viewport) -> None:
        """See the rows where ``view`` shows them."""
        self.view = view

    def prepare(self, moment: Moment) -> None:
        """Work out what the first frame of a view needs, at about a moment, on whichever thread has the time; and what
        it needs at rest: which of the ``codes`` there are, what lies outside.
        """
        moment = self.index.at(moment.cursor, moment.cursor - moment.since, with_older=moment.with_older)
        self.cells().counts(self.cells().used, moment)
        if self.codes is not None:
            self.cells().codes_begun(self.codes, moment)
        self.cells().prepare(rows=True)
        if self.index.n > MOST_STACKED:
            self.world_cells().prepare(rows=True)
        self.regions.lit(moment)
        _ = self.rank

    # Where rows are

    def spot(self, row: int) -> tuple[float, float]:
        """Logical px of a row."""
        x, y = self.view.screen(self.world_x[row], self.world_y[row])
        return float(x), float(y)

    def screen(self, rows: Rows) -> tuple[Floats, Floats]:
        """Logical px of many rows."""
        return self.view.screen(self.world_x[rows], self.world_y[rows])

    def radius(self, row: int) -> float:
        """The radius within which the place of a row lies, logical px; 0 for an exact point."""
        return float(self.radii(np.array([row], np.intp))[0])

    def radii(self, rows: Rows) -> Floats:
        """As radius, for many rows."""
        return world_radii(self.index, rows, self.projection) * self.view.scale

    def near(self, rows: Rows) -> Rows:
        """Those of some rows that are within reach of the map."""
        x, y = self.screen(rows)
        return rows[(x > -REACH) & (x < self.view.width + REACH) & (y > -REACH) & (y < self.view.height + REACH)]

    def outside(self, rows: Rows) -> Rows:
        """Those of some rows whose middle is outside the map."""
        x, y = self.screen(rows)
        return rows[(x < 0) | (x >= self.view.width) | (y < 0) | (y >= self.view.height)]

    # What is drawn

    def ages(self, rows: Rows, moment: Moment, chosen: Rows) -> NDArray[np.int8]:
        """One Age for each of some rows, with the rows ``chosen`` selected."""
        able = self.index.able[rows]
        begun = able & (rows < moment.begun)
        older = Age.OLDER if moment.with_older else Age.NONE
        ages = np.where(begun, np.where(moment.is_recent(rows), Age.LIT, older), Age.NONE).astype(np.int8)
        if len(moment.ahead):
            ages[np.isin(rows, moment.ahead)] = Age.AHEAD
        if len(chosen):
            ages[np.isin(rows, chosen) & (ages > Age.NONE)] = Age.CHOSEN
        return ages

    def scene(self, moment: Moment, chosen: Rows) -> Scene:
        """What to draw at a moment with the rows ``chosen`` selected."""
        cells = self.cells()
        seen = cells.seen(self.view, REACH)
        counts, lit = cells.counts(seen, moment)
        level = level_for(int(counts.sum()), 0, self._level)
        if level is Level.CELLS:
            self._level = level
            return Scene(self, moment, chosen, level, self._discs(seen, counts, lit, moment, chosen))
        rows = self._active(moment)
        ages = self.ages(rows, moment, chosen)
        groups = self.group(rows, Level.MARKS)
        stacks = self._stacks(rows, ages, groups, self._middles(rows, groups))
        level = level_for(len(rows), len(stacks), self._level)
        if level is not Level.MARKS:
            stacks = self._stacks(rows, ages, self.group(rows, level))
        self._level = level
        return Scene(self, moment, chosen, level, stacks)

    def cells(self) -> Cells:
        """The grid under the present view; for a moment it may be the one before it."""
        cells = self._cells
        if cells is None or self._later is None or self.index.n <= MOST_STACKED:
            if cells is None or not self._serves(cells):
                cells = self._cells = self._make_cells(self.view)
        elif not cells.passes(self.index, self.view, self.enlarged):
            self._renew(self._later)
        cells.look_at()
        return cells

    def refine(self) -> None:
        """The map has come to rest: have the very grid of its scale made where another stands in for it."""
        if self._later is not None and self._cells is not None and not self._serves(self._cells):
            self._renew(self._later, rows=True)

    def _serves(self, cells: Cells) -> bool:
        return cells.serves(self.index, self.view, REACH, self.enlarged)

    def _renew(self, later: Later, *, rows: bool = False) -> None:
        if not self.waiting:
            self.waiting = True
            later(partial(self._make_cells, self.view, rows=rows), self._adopt)

    def _make_cells(self, view: Viewport, *, rows: bool = False) -> Cells:
        """``rows``: ready to tell which rows are in a cell, too, as the pointer asks for at rest, and which codes."""
        cells = Cells(self.index, self.world_x, self.world_y, view, self.enlarged)
        cells.prepare(rows=rows)
        if rows and self.codes is not None:
            cells.codes_begun(self.codes, self.index.at(OPEN_PAST, 0))
        return cells

    def _adopt(self, cells: Cells) -> None:
        self.waiting = False
        self._cells = cells
        self._renewed()

    def drawn(self, level: Level, moment: Moment) -> Rows:
        """The rows drawn at a level, ascending."""
        if level is not Level.CELLS:
            return self._active(moment)
        cells = self.cells()
        return moment.active(cells.rows_in(cells.seen(self.view, REACH)))

    def world_cells(self) -> Cells:
        """A coarse grid over the whole world."""
        if self._world is None or not self._world.serves(self.index, WORLD, 0.0):
            self._world = Cells(self.index, self.world_x, self.world_y, WORLD)
        self._world.look_at()
        return self._world

    def _active(self, moment: Moment) -> Rows:
        """The active rows within reach of the map, ascending: looked for among the fewest."""
        if moment.empty:
            return np.empty(0, np.intp)
        cells = self.cells()
        seen = cells.seen(self.view, REACH)
        begun = int(np.searchsorted(cells.rows, moment.begun))
        if begun <= cells.held(seen):
            rows = cells.rows[:begun]
            if not moment.with_older:
                rows = rows[moment.is_recent(rows)]
            if len(moment.ahead):
                rows = np.concatenate((rows, cells.within(moment.ahead)))
        else:
            rows = moment.active(cells.rows_in(seen))
        return self.near(rows)

    def members(self, scene: Scene, top: int) -> Rows:
        """The rows of the stack that ``top`` is drawn for: the selected first, then newest first."""
        if scene.level is Level.CELLS:
            cells = self.cells()
            rows = scene.moment.active(cells.rows_in(np.array([cells.number(top)])))
        else:
            rows = scene.rows[scene.groups == scene.groups[np.searchsorted(scene.rows, top)]]
        order = np.lexsort((-self.rank[rows], scene.ages(rows) != Age.CHOSEN))
        return np.asarray(rows[order], np.intp)

    @property
    def rank(self) -> Rows:
        """The place of each row in the order by best estimate."""
        if self._rank is None:
            self._rank = np.empty(self.index.n, np.intp)
            self._rank[self.index.by_best] = np.arange(self.index.n)
        return self._rank

    def group(self, rows: Rows, level: Level) -> NDArray[np.intp]:
        """A stack number for each of ``rows`` at the present scale."""
        match level:
            case Level.DOTS:
                return np.arange(len(rows))
            case Level.CELLS:
                return self.cells().numbers(rows)
        return self._stack(rows)

    def _stack(self, rows: Rows) -> NDArray[np.intp]:
        """Stacks of marks. They are made of all events there are, so that time does not move them; but of too many only
        of those about the map, and of too many there as well only of ``rows``."""
        scale, cells = self.view.scale / self.enlarged, self.cells()
        if self.index.n <= MOST_STACKED:
            return self._stacked.groups(rows, scale, self._mapped_rows)
        if cells.count <= MOST_STACKED:
            return self._stacked.groups(rows, scale, cells.rows)
        return stack(self.world_x[rows], self.world_y[rows], np.ones(len(rows), bool), scale)

    @cached_property
    def _mapped_rows(self) -> Rows:
        return np.flatnonzero(self.index.mapped)

    def _middles(self, rows: Rows, groups: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The middle of mass of each stack (world units), of all its events where these are known."""
        known = self.index.n <= MOST_STACKED or self.cells().count <= MOST_STACKED
        return self._stacked.middles if known else middles_of(self.world_x[rows], self.world_y[rows], groups)

    def _discs(
        self, seen: NDArray[np.intp], counts: NDArray[np.intp], lit: NDArray[np.intp], moment: Moment, chosen: Rows
    ) -> Stacks:
        """One for each cell with active rows, the fullest last."""
        some = counts > 0
        seen, counts, lit = seen[some], counts[some], lit[some]
        order = np.argsort(counts, kind="stable")
        seen, counts, lit = seen[order], counts[order], lit[order]
        cells = self.cells()
        x, y = cells.screen(seen, self.view)

        def find_top() -> Rows:
            rows = moment.active(cells.rows_in(seen))
            best = self._best(rows, self.ages(rows, moment, chosen), cells.numbers(rows))
            return self.index.by_best[best[seen] % self.index.n]

        return Stacks(x, y, counts, lit, find_top, seen)

    def _best(self, rows: Rows, ages: NDArray[np.int8], groups: NDArray[np.intp]) -> NDArray[np.int64]:
        """For each group the weight of its most important row; the remainder by n is that row's rank."""
        weight = ages.astype(np.int64) * self.index.n + self.rank[rows]
        best = np.full(int(groups.max(initial=-1)) + 1, -1, np.int64)
        np.maximum.at(best, groups, weight)
        return best

    def _stacks(
        self,
        rows: Rows,
        ages: NDArray[np.int8],
        groups: NDArray[np.intp],
        middles: tuple[Floats, Floats] | None = None,
    ) -> Stacks:
        """``middles`` (world units) of the groups: a mark that stands for several places keeps near to it, so that it
        keeps clear of the next one; but not that of a selected event.
        """
        best = self._best(rows, ages, groups)
        counts = np.bincount(groups, minlength=len(best))
        lit = np.bincount(groups[ages >= Age.LIT], minlength=len(best))
        used = np.flatnonzero(counts)
        used = used[np.argsort(best[used])]  # older ones are drawn first and the selected last
        top = self.index.by_best[best[used] % max(self.index.n, 1)]
        x, y = self.screen(top)
        if middles is not None:
            several = (counts[used] > 1) & (best[used] // max(self.index.n, 1) < Age.CHOSEN)
            at_x, at_y = self.view.screen(middles[0][used], middles[1][used])
            x = np.where(several, np.clip(x, at_x - DRIFT, at_x + DRIFT), x)
            y = np.where(several, np.clip(y, at_y - DRIFT, at_y + DRIFT), y)
        return Stacks(x, y, counts[used], lit[used], lambda: top)

"""What lies outside the map, by direction, so that nothing is forgotten. Pure, no Qt."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import PlaceRow
from viewer.core.counts import Rows
from viewer.core.index import EventIndex
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.items import MOST_STACKED, EventLayer, Scene
from viewer.views.map.projection import Floats

SECTORS: Final = 6
"""At most so many pointers, each for a sixth of the compass."""
MANY_PLACES: Final = 40
EDGE: Final = 14.0
_STEP: Final = 6.0
_SHORT: Final = 24
_FULLEST: Final = 3
"""Of very many events the places in so many cells are named ..."""
_NAMED: Final = 2_000
"""... from about so many of them."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Events in one direction: ``angle`` in radians from east towards south, ``count`` how many lie there.

    ``rows``: all of them, of very many those of the places with most. ``where`` names the places.
    """

    where: str
    angle: float
    rows: Rows
    count: int

    @property
    def text(self) -> str:
        """Where, and how many events: "Sirte, Libya · 1"."""
        return f"{self.where} · {self.count:,}"


def point_out(
    layer: EventLayer,
    scene: Scene,
    view: Viewport,
    places: Mapping[int, PlaceRow],
    country: Callable[[str], str] = lambda code: "",
) -> list[Pointer]:
    """One pointer for each direction in which active events lie outside, those with most events first.

    ``country`` gives the name for the code in PlaceRow.country, empty when it is not known.
    """
    if layer.index.n > MOST_STACKED:
        return _point_to_cells(layer, scene, view, places, country)
    off = scene.off
    if not len(off):
        return []
    x, y = layer.screen(off)
    dx, dy = x - view.width / 2, y - view.height / 2
    sector = _sectors(dx, dy)
    found = []
    for number in np.unique(sector):
        rows = off[sector == number]
        angle = math.atan2(float(dy[sector == number].mean()), float(dx[sector == number].mean()))
        found.append(Pointer(name_rows(layer.index, rows, places, country), angle, rows, len(rows)))
    return sorted(found, key=lambda each: (-each.count, each.where))


def _point_to_cells(
    layer: EventLayer, scene: Scene, view: Viewport, places: Mapping[int, PlaceRow], country: Callable[[str], str]
) -> list[Pointer]:
    """The same from the cells of a coarse grid over the world; only where the map's edge cuts one its events are seen
    one by one.
    """
    world = layer.world_cells()
    cells = world.used
    counts, _lit = world.counts(cells, scene.moment)
    x, y = world.screen(cells, view)
    reach = world.farthest * view.scale
    within = (x > reach) & (x < view.width - reach) & (y > reach) & (y < view.height - reach)
    beyond = (x < -reach) | (x > view.width + reach) | (y < -reach) | (y > view.height + reach)
    for at in np.flatnonzero(~within & ~beyond & (counts > 0)).tolist():
        counts[at] = len(layer.outside(scene.moment.active(world.rows_in(cells[at : at + 1]))))
    counts[within] = 0
    dx, dy = x - view.width / 2, y - view.height / 2
    sector = _sectors(dx, dy)
    found = []
    for number in range(SECTORS):
        here = np.flatnonzero((sector == number) & (counts > 0))
        if len(here):
            total = int(counts[here].sum())
            angle = math.atan2(float(dy[here] @ counts[here]), float(dx[here] @ counts[here]))
            fullest = cells[here[np.argsort(-counts[here], kind="stable")[:_FULLEST]]]
            rows = layer.outside(scene.moment.active(world.rows_in(fullest)))
            rows = rows[:: len(rows) // _NAMED + 1]
            found.append(Pointer(name_rows(layer.index, rows, places, country), angle, rows, total))
    return sorted(found, key=lambda each: (-each.count, each.where))


def _sectors(dx: Floats, dy: Floats) -> NDArray[np.int64]:
    """The sixth of the compass in which each direction lies."""
    return np.asarray(np.rint(np.arctan2(dy, dx) / (2 * math.pi / SECTORS)).astype(np.int64) % SECTORS)


def name_rows(index: EventIndex, rows: Rows, places: Mapping[int, PlaceRow], country: Callable[[str], str]) -> str:
    """Where rows are, in few words: "Sirte, Libya", "Brussels, Nice", "Paris, Rome +3"; of very many places no name."""
    ids, counts = np.unique(index.columns.place[rows], return_counts=True)
    order = np.lexsort((ids, -counts))
    known = [places[place] for place in ids[order].tolist() if place in places]
    names = list(dict.fromkeys(place.name for place in known))
    if not names:
        return "Outside the map"
    if len(names) > MANY_PLACES:
        return "Many places"
    if len(names) == 1:
        land = country(known[0].country) if known[0].country else ""
        return f"{names[0]}, {land}" if land and land != names[0] else names[0]
    shown = names[:2] if len(names[0]) + len(names[1]) <= _SHORT else names[:1]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more else "")


def settle_at_edge(angle: float, width: float, height: float, view: Viewport, blocked: Sequence[Rect]) -> Rect | None:
    """Where at the edge of the map a chip of a size goes that points at ``angle``: the nearest free spot, or None."""
    right, bottom = view.width - EDGE - width, view.height - EDGE - height
    if right < EDGE or bottom < EDGE:
        return None
    middle_x, middle_y = (EDGE + right) / 2, (EDGE + bottom) / 2
    half_x, half_y = max(right - middle_x, 1e-6), max(bottom - middle_y, 1e-6)
    cos, sin = math.cos(angle), math.sin(angle)
    reach = 1 / max(abs(cos) / half_x, abs(sin) / half_y)
    start = _along(middle_x + cos * reach, middle_y + sin * reach, right, bottom)
    around = 2 * (right - EDGE + bottom - EDGE)
    for step in range(int(around / _STEP / 3)):
        for sign in (1, -1) if step else (1,):
            spot = _spot((start + sign * step * _STEP) % around, right, bottom)
            rect = Rect(*spot, width, height)
            if not any(rect.grown(4).meets(other) for other in blocked):
                return rect
    return None


def _along(x: float, y: float, right: float, bottom: float) -> float:
    """How far round the edge, clockwise from the top left, a point on it lies."""
    wide, high = right - EDGE, bottom - EDGE
    sides = [
        (abs(y - EDGE), x - EDGE),
        (abs(x - right), wide + y - EDGE),
        (abs(y - bottom), wide + high + right - x),
        (abs(x - EDGE), 2 * wide + high + bottom - y),
    ]
    return min(sides)[1]


def _spot(at: float, right: float, bottom: float) -> tuple[float, float]:
    wide, high = right - EDGE, bottom - EDGE
    if at < wide:
        return EDGE + at, EDGE
    if at < wide + high:
        return right, EDGE + at - wide
    if at < 2 * wide + high:
        return right - (at - wide - high), bottom
    return EDGE, bottom - (at - 2 * wide - high)

"""Places known only as a region: a soft tint over its shape, or out to its radius, and a dashed edge."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QRadialGradient

from viewer.views.map.geometry import Viewport
from viewer.views.map.items import EventLayer, Scene
from viewer.views.map.looks import Looks
from viewer.views.map.outlines import Outline
from viewer.views.map.regions import Regions
from viewer.views.map.rings import UNIT, Ring

MOST: Final = 16
"""Tints drawn at once; the selected region first, then those with a shape, then those with most events."""
LEAST_PX: Final = 14.0
_SMALL: Final = 160
LATEST: Final = 2_000
"""The last to have begun, among which the one is looked for that gives a region its colour."""
WIDEST: Final = 0.27
"""A region with a radius beyond this part of the map's lesser side, a whole country say, would dye everything: no tint
unless it is selected, and then its edge alone."""

ALIKE: Final = 1.25
NEAR: Final = 0.3
"""Circles are one whose radii are no further apart than this, and their middles no more than this part of one."""
STRETCH: Final = 4.0
"""No projection draws a circle out to more than so many times its mean radius, but where a pole is within."""
WIDEST_SHAPE: Final = 0.75
"""The same for a region with a shape of its own, which says where it ends."""


@dataclass(frozen=True, slots=True)
class Tint:
    """One region: the row whose kind gives the colour, logical px of its middle and radius.

    ``wide``: too large to be filled. ``place``: its id, if it has a shape; the others have a ``ring``.
    """

    row: int
    x: float
    y: float
    radius: float
    chosen: bool
    wide: bool
    place: int = 0
    ring: Ring | None = field(default=None, compare=False)  # goes with the place and the radius


def regions(layer: EventLayer, scene: Scene, view: Viewport, shapes: Mapping[int, Outline]) -> list[Tint]:
    """One tint for each region with an event that is lit or selected and that reaches into the map, largest first.

    ``shapes``: of the places (ids) that have one; the others are round.
    """
    every = layer.regions
    extents, has_shape = every.extents(shapes)
    numbers = np.flatnonzero(extents * view.scale >= LEAST_PX)
    x, y, radius = *view.screen(every.x[numbers], every.y[numbers]), extents[numbers] * view.scale
    # A circle reaches further than its mean radius where a projection draws it out, and round a pole anywhere.
    far = np.where(every.is_polar[numbers], np.inf, STRETCH * radius)
    inside = (-far < x) & (x < view.width + far) & (-far < y) & (y < view.height + far)
    numbers, x, y, radius = numbers[inside], x[inside], y[inside], radius[inside]
    if not len(numbers):  # nothing to be counted
        return []
    shaped = has_shape[numbers]  # where an event was is known better there than within a radius
    wide = radius > np.where(shaped, WIDEST_SHAPE, WIDEST) * min(view.width, view.height)
    counts, chosen = every.lit(scene.moment)[numbers], np.isin(numbers, every.numbers_of(scene.selected))
    drawn = np.flatnonzero(chosen | ((counts > 0) & ~wide))
    order = np.lexsort((numbers[drawn], -counts[drawn], ~shaped[drawn], ~chosen[drawn]))
    found: list[Tint] = []
    for at in drawn[order].tolist():
        number = int(numbers[at])
        place, circle = (int(every.places[number]), None) if shaped[at] else (0, every.ring(number))
        spot, reach = (float(x[at]), float(y[at])), float(radius[at])
        if circle is not None and not chosen[at] and any(_as_one(each, *spot, reach) for each in found):
            continue
        if circle is None or circle.copies(*spot, view):
            top = _top(every, number, scene)
            found.append(Tint(top, *spot, reach, bool(chosen[at]), bool(wide[at]), place, circle))
        if len(found) == MOST:
            break
    return sorted(found, key=lambda each: -each.radius)


def _as_one(tint: Tint, x: float, y: float, radius: float) -> bool:
    """Whether a circle can hardly be told from one that is drawn: many of them would add up to an opaque disc, and
    leave others none.
    """
    least, most = sorted((tint.radius, radius))
    return tint.ring is not None and most <= ALIKE * least and math.hypot(tint.x - x, tint.y - y) < NEAR * least


def _top(every: Regions, number: int, scene: Scene) -> int:
    """The most important row of a region: selected, else the newest in the trail; of very many the newest begun."""
    rows = every.rows_of(number)
    begun = rows[: int(np.searchsorted(rows, scene.moment.begun))]
    some = np.union1d(begun[-LATEST:], np.intersect1d(scene.selected, rows))
    return int(some[np.lexsort((some, scene.ages(some)))[-1]])


def paint_tints(
    painter: QPainter,
    tints: list[Tint],
    looks: Looks,
    view: Viewport,
    shapes: Mapping[int, Outline],
    *,
    dark: bool,
    moving: bool,
) -> None:
    """Draw them, in the colour of the kind on top; ``moving``: from small pictures, a little coarser."""
    for tint in tints:
        color = QColor(looks.color(tint.row))
        strength = 0.26 if dark else 0.22
        if tint.place:
            path = shapes[tint.place].path(tint.x, tint.y, view)
            if not tint.wide:
                painter.fillPath(path, _faint(color, 0.62 * strength))
            painter.strokePath(path, _edge(color))
            continue
        if tint.ring is not None:
            _paint_ring(painter, tint, tint.ring, color, strength, view, moving=moving)


def _paint_ring(
    painter: QPainter, tint: Tint, ring: Ring, color: QColor, strength: float, view: Viewport, *, moving: bool
) -> None:
    for x in ring.copies(tint.x, tint.y, view):
        placed = ring.placed(x, tint.y, view)
        if tint.wide:
            pass
        elif placed is None:
            painter.fillPath(ring.fill(x, tint.y, view), _faint(color, 0.5 * strength))
        elif moving:
            before = painter.transform()
            painter.setTransform(placed, combine=True)
            painter.drawImage(UNIT, _disc(color.rgb(), strength))
            painter.setTransform(before)
        else:
            shade = QBrush(_shade(QPointF(0, 0), 1.0, color.rgb(), strength))
            shade.setTransform(placed)
            painter.fillPath(ring.fill(x, tint.y, view), shade)
        painter.setPen(_edge(color))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(ring.edge(x, tint.y, view))  # strokePath takes twice as long


def _faint(color: QColor, alpha: float) -> QColor:
    faint = QColor(color)
    faint.setAlphaF(alpha)
    return faint


def _edge(color: QColor) -> QPen:
    pen = QPen(_faint(color, 0.85), 1.3)
    pen.setDashPattern([4, 3.2])
    return pen


def _shade(middle: QPointF, radius: float, rgb: int, strength: float) -> QRadialGradient:
    """Strongest in the middle, a breath of it left at the edge."""
    shade = QRadialGradient(middle, radius)
    color = QColor.fromRgb(rgb)
    for stop, alpha in ((0.0, strength), (0.55, 0.62 * strength), (1.0, 0.12 * strength)):
        color.setAlphaF(alpha)
        shade.setColorAt(stop, color)
    return shade


@functools.lru_cache(maxsize=32)
def _disc(rgb: int, strength: float) -> QImage:
    """A tint as a small picture."""
    image = QImage(_SMALL, _SMALL, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setPen(Qt.PenStyle.NoPen)
        middle = QPointF(_SMALL / 2, _SMALL / 2)
        painter.setBrush(_shade(middle, _SMALL / 2, rgb, strength))
        painter.drawEllipse(middle, _SMALL / 2, _SMALL / 2)
    return image

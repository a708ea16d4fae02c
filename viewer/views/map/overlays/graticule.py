"""Meridians and parallels at round intervals, with their degrees along the upper and the left edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.look.theme import ThemeManager
from viewer.views.map.coordinates import degree_text
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.overlays.glow import GlowTexts, Label
from viewer.views.map.projection import Floats

STEPS: Final = (1 / 60, 2 / 60, 5 / 60, 10 / 60, 20 / 60, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Intervals in degrees."""
LEAST: Final = 88.0
"""Meridians are at least so far apart, logical px; so there is room for their labels."""
_EDGE: Final = 5.0
_POINTS: Final = 65
_FINER: Final = 513
_NEAR: Final = 2.0


@dataclass(frozen=True, slots=True)
class Line:
    """A meridian or parallel: its degrees, its way over the map (logical px), and the point at which it is labelled: of
    a meridian the uppermost that is seen, of a parallel the leftmost.
    """

    degrees: float
    way: QPolygonF
    x: float
    y: float


def step_for(scale: float, least: float) -> float:
    """The interval (degrees) for ``scale`` logical px across the world and lines at least ``least`` px apart."""
    return next((step for step in STEPS if step * scale / 360 >= least), STEPS[-1])


@lru_cache(maxsize=4)
def meridians(view: Viewport, step: float) -> list[Line]:
    """From west to east; over the antimeridian they go on at 180 W."""
    west, south, east, north = _reach(view)
    lat = np.linspace(south, north, 2 if view.projection.wraps else _POINTS)
    middle = view.projection.middle
    lines = (
        _line(view, (n * step + 180) % 360 - 180, np.full(len(lat), n * step - middle), lat, upright=True)
        for n in _numbers(west, east, step)
    )
    return [line for line in lines if line]


@lru_cache(maxsize=4)
def parallels(view: Viewport, step: float) -> list[Line]:
    """From south to north."""
    west, south, east, north = _reach(view)
    lon = np.linspace(west, east, 2 if view.projection.wraps else _POINTS) - view.projection.middle
    lines = (
        _line(view, n * step, lon, np.full(len(lon), n * step), upright=False) for n in _numbers(south, north, step)
    )
    return [line for line in lines if line and abs(line.degrees) < 90.0]


def _reach(view: Viewport) -> tuple[float, float, float, float]:
    """West, south, east, north of what is seen; east may exceed 180 and west fall below -180."""
    half_w, half_h = view.width / view.scale / 2, view.height / view.scale / 2
    projection = view.projection
    west, south, east, north = projection.reach(view.x - half_w, view.y - half_h, view.x + half_w, view.y + half_h)
    if not projection.wraps:
        west, east = max(west, -180.0), min(east, 180.0)
    return west + projection.middle, max(south, -90.0), east + projection.middle, min(north, 90.0)


def _numbers(low: float, high: float, step: float) -> range:
    return range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)


def _line(view: Viewport, degrees: float, lon: Floats, lat: Floats, *, upright: bool) -> Line | None:
    """A line through degrees (longitudes relative to the middle); None where nothing of it is seen."""
    plane_x, plane_y = view.projection.plane(lon, lat)
    x = view.width / 2 + (plane_x - view.x) * view.scale
    y = view.height / 2 + (plane_y - view.y) * view.scale
    way = QPolygonF(list(map(QPointF, x.tolist(), y.tolist())))
    finer = np.linspace(0, len(x) - 1, _FINER)
    x, y = np.interp(finer, np.arange(len(x)), x), np.interp(finer, np.arange(len(y)), y)
    seen = (x >= -_NEAR) & (x <= view.width + _NEAR) & (y >= -_NEAR) & (y <= view.height + _NEAR)
    if not seen.any():
        return None
    at = int(np.argmin(np.where(seen, y if upright else x, np.inf)))
    return Line(degrees, way, float(x[at]), float(y[at]))


def graticule_labels(look: ThemeManager, view: Viewport, covered: Sequence[Rect]) -> list[Label]:
    """The labels of a viewport's lines where nothing of ``covered`` lies."""
    step = step_for(view.projection.likened(view.scale), look.theme.px(LEAST))
    metrics = QFontMetricsF(look.theme.font("meta"))
    tall, found = metrics.height(), []
    for each in meridians(view, step):
        text = degree_text(each.degrees, step, "E", "W")
        half = metrics.horizontalAdvance(text) / 2
        top = max(each.y, 0.0)
        room = Rect(each.x - half - 3, top, 2 * half + 6, tall + _EDGE)
        if room.x > look.theme.px(40) and room.right < view.width:
            found.append(Label(text, each.x + half, top + _EDGE + metrics.ascent(), room))
    for each in parallels(view, step):
        text = degree_text(each.degrees, step, "N", "S")
        wide = metrics.horizontalAdvance(text)
        left = max(each.x, 0.0)
        room = Rect(left, each.y - tall / 2, wide + 2 * _EDGE, tall)
        if room.y > tall + _EDGE and room.bottom < view.height:
            found.append(Label(text, left + _EDGE + wide, each.y + metrics.ascent() / 2 - 1, room))
    clear: list[Label] = []
    for label in found:
        if not any(label.room.meets(other) for other in (*covered, *(each.room for each in clear))):
            clear.append(label)
    return clear


def paint_graticule(
    painter: QPainter, look: ThemeManager, texts: GlowTexts, view: Viewport, labels: Sequence[Label]
) -> None:
    """Draw the lines over the whole map, and their labels."""
    theme = look.theme
    step = step_for(view.projection.likened(view.scale), theme.px(LEAST))
    painter.setPen(QPen(theme.color("place", 0.34 if theme.dark else 0.26), 1))
    if view.projection.wraps:  # straight: crisp
        painter.drawLines(
            [QLineF(x, 0, x, view.height) for x in (round(each.x) + 0.5 for each in meridians(view, step))]
        )
        painter.drawLines(
            [QLineF(0, y, view.width, y) for y in (round(each.y) + 0.5 for each in parallels(view, step))]
        )
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in (*meridians(view, step), *parallels(view, step)):
            painter.drawPolyline(line.way)
    for each in labels:
        texts.write(painter, theme.font("meta"), each.text, each.right, each.base)

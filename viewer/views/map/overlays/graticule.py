"""Meridians and parallels at round intervals, with their degrees along the upper and the left edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from viewer.look.theme import ThemeManager
from viewer.views.map.coordinates import degree_text
from viewer.views.map.geometry import MAX_LATITUDE, Rect, Viewport, to_world
from viewer.views.map.overlays.glow import GlowTexts, Label

STEPS: Final = (1 / 60, 2 / 60, 5 / 60, 10 / 60, 20 / 60, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Intervals in degrees."""
LEAST: Final = 88.0
"""Meridians are at least so far apart, logical px; so there is room for their labels."""
_EDGE: Final = 5.0


@dataclass(frozen=True, slots=True)
class Line:
    """A meridian or parallel: its degrees, and where it is on the map, logical px from the left or the top."""

    degrees: float
    at: float


def step_for(scale: float, least: float) -> float:
    """The interval (degrees) for ``scale`` logical px across the world and lines at least ``least`` px apart."""
    return next((step for step in STEPS if step * scale / 360 >= least), STEPS[-1])


def meridians(view: Viewport, step: float) -> list[Line]:
    """From left to right; over the antimeridian they go on at 180 W."""
    west = (view.x - view.width / 2 / view.scale) * 360 - 180
    east = west + view.width / view.scale * 360
    numbers = range(math.ceil(west / step - 1e-9), math.floor(east / step + 1e-9) + 1)
    return [Line((n * step + 180) % 360 - 180, (n * step - west) / 360 * view.scale) for n in numbers]


def parallels(view: Viewport, step: float) -> list[Line]:
    """From south to north."""
    north, south = view.degrees_at(0, 0)[1], view.degrees_at(0, view.height)[1]
    numbers = range(math.ceil(south / step - 1e-9), math.floor(north / step + 1e-9) + 1)
    found = [n * step for n in numbers if abs(n * step) < MAX_LATITUDE]
    _x, y = to_world([0.0] * len(found), found)
    return [
        Line(lat, view.height / 2 + (float(each) - view.y) * view.scale) for lat, each in zip(found, y, strict=True)
    ]


def graticule_labels(look: ThemeManager, view: Viewport, covered: Sequence[Rect]) -> list[Label]:
    """The labels of a viewport's lines where nothing of ``covered`` lies."""
    step = step_for(view.scale, look.theme.px(LEAST))
    metrics = QFontMetricsF(look.theme.font("meta"))
    tall, found = metrics.height(), []
    for each in meridians(view, step):
        text = degree_text(each.degrees, step, "E", "W")
        half = metrics.horizontalAdvance(text) / 2
        room = Rect(each.at - half - 3, 0, 2 * half + 6, tall + _EDGE)
        if room.x > look.theme.px(40) and room.right < view.width:
            found.append(Label(text, each.at + half, _EDGE + metrics.ascent(), room))
    for each in parallels(view, step):
        text = degree_text(each.degrees, step, "N", "S")
        wide = metrics.horizontalAdvance(text)
        room = Rect(0, each.at - tall / 2, wide + 2 * _EDGE, tall)
        if room.y > tall + _EDGE and room.bottom < view.height:
            found.append(Label(text, _EDGE + wide, each.at + metrics.ascent() / 2 - 1, room))
    return [each for each in found if not any(each.room.meets(other) for other in covered)]


def paint_graticule(
    painter: QPainter, look: ThemeManager, texts: GlowTexts, view: Viewport, labels: Sequence[Label]
) -> None:
    """Draw the lines over the whole map, and their labels."""
    theme = look.theme
    step = step_for(view.scale, theme.px(LEAST))
    painter.setPen(QPen(theme.color("place", 0.34 if theme.dark else 0.26), 1))
    upright = [round(each.at) + 0.5 for each in meridians(view, step)]
    level = [round(each.at) + 0.5 for each in parallels(view, step)]
    painter.drawLines([QLineF(x, 0, x, view.height) for x in upright])
    painter.drawLines([QLineF(0, y, view.width, y) for y in level])
    for each in labels:
        texts.write(painter, theme.font("meta"), each.text, each.right, each.base)

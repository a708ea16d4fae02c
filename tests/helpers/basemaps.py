"""The basemap alone: views, colours, edges of its shapes, and pictures with the names that find room."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtGui import QImage, QPainter

from tests.helpers.maps import on_screen
from tests.helpers.pictures import pixels
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.basemap.label_painter import LabelPainter
from viewer.views.map.basemap.labels import Script
from viewer.views.map.basemap.store import Shapes
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.placing import place
from viewer.views.map.projection import to_world

WHOLE: Final = (0.0, 0.0, 1.0, 1.0)


def view_at(lon: float, lat: float, scale: float, width: int = 480, height: int = 320) -> Viewport:
    x, y = to_world(lon, lat)
    return Viewport(float(x), float(y), scale, width, height).settle()


def color_at(image: QImage, view: Viewport, lon: float, lat: float) -> tuple[int, int, int]:
    x, y = on_screen(view, lon, lat)
    red, green, blue = pixels(image)[round(y), round(x)].tolist()
    return red, green, blue


def named(
    basemap: Basemap, view: Viewport, focus: frozenset[str] = frozenset(), script: Script = "latin", least: int = 10
) -> QImage:
    """The map with the names that find room: more than so many."""
    image = basemap.render(view).copy()
    names = LabelPainter(basemap.palette)
    offered = basemap.atlas.labels(view, focus=focus, script=script)
    wishes = {label.key: names.wish(label, view) for label in offered}
    marks = [rect for label in offered if (rect := names.mark_rect(label, view))]
    taken = place(wishes.values(), Rect(0, 0, view.width, view.height), marks)
    assert len(taken) > least
    painter = QPainter(image)
    for label in offered:
        names.paint_mark(painter, label, view)
        if label.key in taken:
            names.paint(painter, label, view, wishes[label.key].candidates[taken[label.key]])
    painter.end()
    return image


def box_around(lon: float, lat: float, degrees: float) -> tuple[float, float, float, float]:
    x, y = to_world([lon - degrees, lon + degrees], [lat + degrees, lat - degrees])
    return float(x[0]), float(y[0]), float(x[1]), float(y[1])


def edges(shapes: list[Shapes], box: tuple[float, float, float, float]) -> set[tuple[float, ...]]:
    """Undirected segments whose ends both lie in a box, to a ten-millionth of the world."""
    found: set[tuple[float, ...]] = set()
    left, top, right, bottom = box
    for each in shapes:
        points = np.round(np.stack((each.x, each.y), axis=1), 8)
        inside = (points[:, 0] > left) & (points[:, 0] < right) & (points[:, 1] > top) & (points[:, 1] < bottom)
        for at in np.nonzero(inside[1:] & inside[:-1] & ~each.first[1:])[0]:
            pair = sorted((tuple(points[at].tolist()), tuple(points[at + 1].tolist())))
            found.add((*pair[0], *pair[1]))
    return found

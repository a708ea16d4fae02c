"""The measured line or ring: its ways, its points, and the length of each leg."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.measure import Leg, Measure, Point, length_text, on_one_copy
from viewer.views.map.overlays.glow import GlowTexts, Label

POINT: Final = 4.0
"""Radius of a point, logical px."""
_PLACES: Final = (0.5, 0.35, 0.65, 0.2, 0.8)
"""Where along a leg its length may stand, best first."""


def paint_measure(
    painter: QPainter,
    look: ThemeManager,
    texts: GlowTexts,
    view: Viewport,
    measure: Measure,
    goal: Point | None,
    blocked: Sequence[Rect],
) -> None:
    """Draw what is measured; the leg to a ``goal`` is dashed, as it is not yet taken.

    Lengths keep clear of ``blocked``.
    """
    theme = look.theme
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    legs = on_one_copy(measure.legs(goal))
    taken = len(measure.legs())
    for turn in _copies(legs, view):
        ways = [_way(each, view, turn) for each in legs]
        if measure.closed and abs(legs[-1].lon[-1] - legs[0].lon[0]) < 180.0:  # else it runs about a pole
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent", 0.14))
            painter.drawPolygon(QPolygonF([point for way in ways for point in way.toList()]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, way in enumerate(ways):
            painter.setPen(QPen(theme.color("halo", 0.8), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(way)
            style = Qt.PenStyle.SolidLine if number < taken else Qt.PenStyle.DashLine
            painter.setPen(QPen(theme.accent, 2, style, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(way)
    for label in length_labels(look, view, legs, blocked):
        texts.write(painter, theme.font("meta_medium"), label.text, label.right, label.base)
    painter.setPen(QPen(theme.accent, 2))
    painter.setBrush(theme.surface)
    for lon, lat in measure.points:
        painter.drawEllipse(QPointF(*view.spot(lon, lat)), POINT, POINT)
    painter.restore()


def _copies(legs: Sequence[Leg], view: Viewport) -> list[float]:
    """By how many degrees the ways are to be turned so that all of them that is in view is drawn."""
    if not legs:
        return []
    low, high = min(float(each.lon.min()) for each in legs), max(float(each.lon.max()) for each in legs)
    middle, half = view.projection.middle, 180.0
    if view.projection.wraps:
        middle, half = view.x * 360.0 - 180.0, view.width / view.scale * 180.0
    return [360.0 * n for n in range(-2, 3) if low + 360.0 * n <= middle + half and high + 360.0 * n >= middle - half]


def _way(leg: Leg, view: Viewport, turn: float) -> QPolygonF:
    """The way in logical px, as far as it lies on this side of the edge of the world."""
    relative, lat = leg.lon + turn - view.projection.middle, leg.lat
    if not view.projection.wraps:
        here = np.abs(relative) <= 180.0
        relative, lat = relative[here], lat[here]
    plane_x, plane_y = view.projection.plane(relative, lat)
    x = view.width / 2 + (plane_x - view.x) * view.scale
    y = view.height / 2 + (plane_y - view.y) * view.scale
    return QPolygonF(list(map(QPointF, x.tolist(), y.tolist())))


def length_labels(look: ThemeManager, view: Viewport, legs: Sequence[Leg], blocked: Sequence[Rect] = ()) -> list[Label]:
    """The length of each leg where it is long enough on the map for that; of one leg alone none.

    It stands at the middle of the leg or, where that is ``blocked``, above another part of it; where all is, nowhere.
    """
    joined = on_one_copy(list(legs)) if len(legs) > 1 else []
    metrics = QFontMetricsF(look.theme.font("meta_medium"))
    found = []
    for turn in _copies(joined, view):
        for each in joined:
            way = _way(each, view, turn)
            if way.size() < 2:
                continue
            text = length_text(each.length)
            wide = metrics.horizontalAdvance(text)
            ends = way.last() - way.first()
            if max(abs(ends.x()), abs(ends.y())) <= wide + 4 * POINT:
                continue
            for share in _PLACES:
                at = _along(way, share)
                right, base = at.x() + wide / 2, at.y() - 6
                room = Rect(right - wide - 2, base - metrics.ascent(), wide + 4, metrics.height())
                if not any(room.meets(each) for each in blocked):
                    found.append(Label(text, right, base, room))
                    break
    return found


def _along(way: QPolygonF, share: float) -> QPointF:
    """The point at a share of the way, whose points are as far from each other on the ground."""
    at = share * (way.size() - 1)
    low = min(int(at), way.size() - 2)
    return way.at(low) + (way.at(low + 1) - way.at(low)) * (at - low)

"""The measured line or ring: its ways, its points, and the length of each leg."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect, Viewport, to_world
from viewer.views.map.measure import Leg, Measure, Point, length_text, on_one_copy
from viewer.views.map.overlays.glow import GlowTexts, Label

POINT: Final = 4.0
"""Radius of a point, logical px."""


def paint_measure(
    painter: QPainter, look: ThemeManager, texts: GlowTexts, view: Viewport, measure: Measure, goal: Point | None
) -> None:
    """Draw what is measured; the leg to a ``goal`` is dashed, as it is not yet taken."""
    theme = look.theme
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    legs = on_one_copy(measure.legs(goal))
    taken = len(measure.legs())
    for shift in _copies(legs, view):
        ways = [_way(each, view, shift) for each in legs]
        if measure.closed and abs(legs[-1].x[-1] - legs[0].x[0]) < 0.5:  # else it runs about a pole
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
    for label in length_labels(look, view, legs):
        texts.write(painter, theme.font("meta_medium"), label.text, label.right, label.base)
    painter.setPen(QPen(theme.accent, 2))
    painter.setBrush(theme.surface)
    for lon, lat in measure.points:
        x, y = _spot(view, lon, lat)
        painter.drawEllipse(QPointF(x, y), POINT, POINT)
    painter.restore()


def _spot(view: Viewport, lon: float, lat: float) -> tuple[float, float]:
    x, y = view.screen(*to_world(lon, lat))
    return float(x), float(y)


def _copies(legs: Sequence[Leg], view: Viewport) -> list[int]:
    """By how many worlds the ways are to be shifted so that all of them that is in view is drawn."""
    if not legs:
        return []
    low, high = min(float(each.x.min()) for each in legs), max(float(each.x.max()) for each in legs)
    half = view.width / view.scale / 2
    return [shift for shift in (-2, -1, 0, 1, 2) if low + shift <= view.x + half and high + shift >= view.x - half]


def _way(leg: Leg, view: Viewport, shift: int) -> QPolygonF:
    x = view.width / 2 + (leg.x + shift - view.x) * view.scale
    y = view.height / 2 + (leg.y - view.y) * view.scale
    return QPolygonF([QPointF(*each) for each in np.column_stack((x, y)).tolist()])


def length_labels(look: ThemeManager, view: Viewport, legs: Sequence[Leg]) -> list[Label]:
    """The length of each leg at its middle, where it is long enough on the map for that; of one leg alone none."""
    joined = on_one_copy(list(legs)) if len(legs) > 1 else []
    metrics = QFontMetricsF(look.theme.font("meta_medium"))
    found = []
    for shift in _copies(joined, view):
        for each in joined:
            way = _way(each, view, shift)
            text = length_text(each.length)
            wide = metrics.horizontalAdvance(text)
            ends, middle = way.last() - way.first(), way.at(way.size() // 2)
            if max(abs(ends.x()), abs(ends.y())) > wide + 4 * POINT:
                right, base = middle.x() + wide / 2, middle.y() - 6
                room = Rect(right - wide - 2, base - metrics.ascent(), wide + 4, metrics.height())
                found.append(Label(text, right, base, room))
    return found

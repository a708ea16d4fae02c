"""Movements on the map: a bent line from place to place with an arrow as far along as the time cursor."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from db.queries import Movement, PlaceRow
from db.values import OPEN_FUTURE, OPEN_PAST
from viewer.core.index import EventIndex
from viewer.views.map.geometry import Viewport
from viewer.views.map.items import Scene
from viewer.views.map.looks import Looks
from viewer.views.map.projection import Floats

MOST: Final = 60
"""Movements drawn at once: the selected ones, then the newest."""
BULGE: Final = 0.11
"""How far a line bends to its left, as a part of its length: so that there and back are two lines."""
LEAST_PX: Final = 26.0
"""Between places that are closer nothing is drawn."""
CLEAR: Final = 9.0
"""Lines end so far from the marks at their ends, logical px."""
HEAD: Final = 9.0
LEAST_DONE: Final = 0.12
"""A movement that has just begun is drawn over this part of its way."""
_STEPS: Final = 32

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Way:
    """A movement of a row of the index: its places as (lon, lat) in order."""

    row: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line in logical px, float64[k, 2], and how much of it (0..1) is done at the instant.

    ``open``: planned or predicted. ``chosen``: the event is selected.
    """

    row: int
    line: Floats
    done: float
    open: bool
    chosen: bool


def ways_of(movements: Sequence[Movement], index: EventIndex, places: Mapping[int, PlaceRow]) -> list[Way]:
    """The movements of the events of an index between places that are somewhere, in order of their rows."""
    found: dict[tuple[int, tuple[Spot, ...]], Way] = {}
    for movement in movements:
        row = index.row_of(movement.event_id)
        known = [places[each] for each in movement.places if each in places]
        spots = tuple((place.lon, place.lat) for place in known if math.isfinite(place.lon))
        if row is not None and len(spots) > 1 and len(known) == len(movement.places) == len(spots):
            found.setdefault((row, spots), Way(row, spots))
    return sorted(found.values(), key=lambda way: way.row)


def drawn(ways: Sequence[Way], scene: Scene, index: EventIndex, view: Viewport) -> list[Drawn]:
    """What is drawn of some ways in a scene, the most important last."""
    if not ways:
        return []
    columns, moment = index.columns, scene.moment
    rows = np.array([way.row for way in ways], np.intp)
    # Not the scene's ages: an event on the way may have no place of its own, and so no mark.
    begun = rows < moment.begun
    active = np.where(begun, moment.is_recent(rows), index.hollow[rows] & (index.announced[rows] <= moment.cursor))
    chosen = np.isin(rows, scene.wanted) & (begun | active)
    some = np.flatnonzero((active | chosen) & index.shown[rows] & columns.dated[rows])
    some = some[np.lexsort((rows[some], chosen[some]))][-MOST:]
    lines = []
    for at in some.tolist():
        for line in lines_of(ways[at].spots, view):
            row = int(rows[at])
            first, last = int(columns.earliest[row]), int(columns.latest[row])
            done = _done(first, last, bool(columns.lasting[row]), moment.cursor)
            lines.append(Drawn(row, line, done, bool(index.hollow[row]), bool(chosen[at])))
    return lines


def _done(first: int, last: int, lasting: bool, cursor: int) -> float:
    """How much of the way is behind at an instant: all of it unless the event goes on."""
    if not lasting or first <= OPEN_PAST or last >= OPEN_FUTURE or last <= first:
        return 1.0
    return min(max((cursor - first) / (last - first), LEAST_DONE), 1.0)


@lru_cache(maxsize=1024)
def _great_circle(start: Spot, end: Spot) -> tuple[Floats, Floats]:
    """Longitudes (running on beyond 180) and latitudes along the shortest way on the sphere."""
    vectors = []
    for lon, lat in (start, end):
        x, y = math.radians(lon), math.radians(lat)
        vectors.append(np.array([math.cos(y) * math.cos(x), math.cos(y) * math.sin(x), math.sin(y)]))
    angle = math.acos(min(max(float(vectors[0] @ vectors[1]), -1.0), 1.0))
    share = np.linspace(0.0, 1.0, _STEPS + 1)[:, None]
    if angle < 1e-6 or angle > math.pi - 1e-6:
        points = vectors[0] * (1 - share) + vectors[1] * share
    else:
        points = (np.sin((1 - share) * angle) * vectors[0] + np.sin(share * angle) * vectors[1]) / math.sin(angle)
    turned = np.degrees(np.unwrap(np.arctan2(points[:, 1], points[:, 0])))
    return turned, np.degrees(np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1])))


def lines_of(spots: Sequence[Spot], view: Viewport) -> list[Floats]:
    """The bent line through some places, float64[k, 2] in logical px: once for each world in which it is seen.

    A leg that the edge of the world tears is left out, and so is what is too short to be read.
    """
    lines: list[list[Floats]] = [[]]
    for start, end in pairwise(spots):
        x, y = view.screen(*view.projection.to_world(*_great_circle(start, end)))
        if view.projection.wraps:
            around = view.scale  # the copy next to the one before, rather than the one nearest to the middle
            x = x + around * np.cumsum(np.round(np.diff(x, prepend=x[0]) / -around))
        elif np.abs(np.diff(x)).max() > view.scale / 4:
            lines.append([])
            continue
        leg = np.stack((x, y), axis=1)
        chord = leg[-1] - leg[0]
        share = np.linspace(0.0, 1.0, len(leg))
        leg += np.outer(4 * share * (1 - share) * BULGE, (chord[1], -chord[0]))
        before = lines[-1]
        before.append(leg[1:] + (before[-1][-1] - leg[0]) if before else leg)
    worlds = (-view.scale, 0.0, view.scale) if view.projection.wraps else (0.0,)
    found = []
    for line in (np.concatenate(legs) for legs in lines if legs):
        for aside in worlds:
            copy = line + np.array([aside, 0.0])
            (left, top), (right, foot) = copy.min(axis=0), copy.max(axis=0)
            short = _shortened(copy)
            if short is not None and right >= 0 and foot >= 0 and left <= view.width and top <= view.height:
                found.append(short)
    return found


def _shortened(line: Floats) -> Floats | None:
    """A line without its ends, which lie under marks."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    if along[-1] < LEAST_PX + 2 * CLEAR:
        return None
    at = np.linspace(CLEAR, along[-1] - CLEAR, len(line))
    return np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], axis=1)


def paint_moves(painter: QPainter, lines: Sequence[Drawn], looks: Looks, halo: QColor) -> None:
    """Draw movements: what is done as a full line with an arrow's head, what is to come dashed."""
    for each in lines:
        color = QColor(looks.color(each.row))
        wide = 3.2 if each.chosen else 2.2
        at = each.done * (len(each.line) - 1)
        whole = math.floor(at)
        head = each.line[whole] + (each.line[min(whole + 1, len(each.line) - 1)] - each.line[whole]) * (at - whole)
        done, rest = [*each.line[: whole + 1], head], [head, *each.line[whole + 1 :]]
        for points, dashed in ((rest, True), (done, each.open)):
            if len(points) < 2:
                continue
            way = QPolygonF([QPointF(float(x), float(y)) for x, y in points])
            painter.setPen(_pen(halo, wide + 2.6, dashed=False))
            painter.drawPolyline(way)
            painter.setPen(_pen(color, wide, dashed=dashed))
            painter.drawPolyline(way)
        back = each.line[max(whole - 3, 0)] if whole else each.line[0] - (each.line[1] - each.line[0])
        _paint_head(painter, head, math.atan2(*(head - back)[::-1].tolist()), color, halo, wide, hollow=each.open)


def _pen(color: QColor, width: float, *, dashed: bool) -> QPen:
    pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([2.6, 2.0])
    return pen


def _paint_head(
    painter: QPainter, tip: Floats, angle: float, color: QColor, halo: QColor, wide: float, *, hollow: bool
) -> None:
    size = HEAD + 1.6 * (wide - 2.2)
    ahead = tip + np.array([math.cos(angle), math.sin(angle)]) * size * 0.45
    corners = [
        ahead + size * 1.25 * np.array([math.cos(angle + turn), math.sin(angle + turn)]) for turn in (2.65, -2.65)
    ]
    shape = QPolygonF([QPointF(*point.tolist()) for point in (ahead, *corners)])
    painter.setPen(QPen(halo, 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(halo if hollow else color)
    painter.drawPolygon(shape)
    painter.setPen(QPen(color, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolygon(shape)

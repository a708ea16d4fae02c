"""Paints a layer of shapes as one picture. Any thread."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from viewer.views.map.basemap.outlines import Chosen, Frame, fill_path, line_runs
from viewer.views.map.basemap.store import Shapes
from viewer.views.map.layers.labels import spots
from viewer.views.map.layers.plane import Plane
from viewer.views.map.projection import Floats

Shown = NDArray[np.bool_]
FILLED_AT_ONCE: Final = 1_000
"""Points in one path that is filled."""
_POINT: Final = 2.5
"""The radius of a point whose line has no width, px."""


@dataclass(frozen=True, slots=True)
class Ink:
    """What a layer is painted with. Lengths in device px."""

    color: QColor
    halo: QColor
    width: float
    fill: float
    ratio: float


def paint_shapes(frame: Frame, plane: Plane, ink: Ink, shown: Shown | None) -> QImage:
    """The picture of a frame, transparent where nothing is. ``shown``: which features, bool[count]; None for all."""
    image = blank(frame)
    reach = ink.width + 8.0

    def chosen(tags: NDArray[np.int32]) -> NDArray[np.bool_]:
        assert shown is not None
        return shown[tags]

    choose: Chosen | None = None if shown is None else chosen
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hold_to_world(painter, frame)
        rings, lines = plane.rings(frame.scale), plane.lines(frame.scale)
        if rings is not None and ink.fill > 0:
            for piece in pieces(rings, FILLED_AT_ONCE):
                painter.fillPath(fill_path(frame, worlds(frame, piece, reach), choose, reach), ink.color)
            # Opaque first and faded together, so that nothing is darker where two pieces meet.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
            painter.fillRect(image.rect(), QColor.fromRgbF(0, 0, 0, ink.fill))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if ink.width > 0:
            pen = QPen(ink.color, ink.width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            for shapes in (rings, lines):
                if shapes is not None:
                    for path in line_runs(frame, worlds(frame, shapes, reach), choose, reach):
                        painter.drawPath(path)
        _paint_points(painter, frame, plane, ink, shown)
    return image


def blank(frame: Frame) -> QImage:
    """A transparent picture of a frame."""
    image = QImage(frame.width, frame.height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image


def hold_to_world(painter: QPainter, frame: Frame) -> None:
    """Let nothing be painted beyond the edge of the world."""
    ring = frame.projection.outline()
    if ring is not None:
        edge = QPainterPath()
        x, y = (ring[0] - frame.left) * frame.scale, (ring[1] - frame.top) * frame.scale
        edge.addPolygon(polygon(x, y))
        painter.setClipPath(edge)


def worlds(frame: Frame, shapes: Shapes, margin: float) -> list[tuple[Shapes, float]]:
    """The shapes once for each world in which some of them are seen."""
    if not frame.projection.wraps:
        return [(shapes, 0.0)]
    left, _top, right, _bottom = frame.box(margin)
    west, east = float(shapes.boxes[:, 0].min()), float(shapes.boxes[:, 2].max())
    return [(shapes, float(shift)) for shift in range(math.ceil(left - east), math.floor(right - west) + 1)]


def pieces(shapes: Shapes, points: int) -> Iterator[Shapes]:
    """The same shapes in pieces of about so many points, no feature in two of them.

    Qt goes along all edges of a row of pixels for each new one: a path of ten thousand rings costs seconds, a hundred
    paths of a hundred rings cost milliseconds each.
    """
    ends = np.flatnonzero(np.append(shapes.tags[1:] != shapes.tags[:-1], True)) + 1
    sizes = shapes.offsets[ends]
    start = 0
    while start < len(shapes.tags):
        at = int(np.searchsorted(sizes, shapes.offsets[start] + points, "right"))
        end = int(ends[min(at, len(ends) - 1)])
        if end - start > 1 and at > 0 and ends[at - 1] > start:
            end = int(ends[at - 1])
        low, high = int(shapes.offsets[start]), int(shapes.offsets[end])
        yield Shapes(
            shapes.x[low:high],
            shapes.y[low:high],
            shapes.first[low:high],
            shapes.offsets[start : end + 1] - shapes.offsets[start],
            shapes.tags[start:end],
            shapes.boxes[start:end],
        )
        start = end


def polygon(x: Floats, y: Floats) -> QPolygonF:
    """Points as Qt takes them, built from bytes: no call for each."""
    pairs = np.empty((len(x), 2), ">f8")
    pairs[:, 0], pairs[:, 1] = x, y
    made = QPolygonF()
    data = QByteArray(len(x).to_bytes(4, "big") + pairs.tobytes())
    stream = QDataStream(data, QIODevice.OpenModeFlag.ReadOnly)
    stream >> made
    return made


def _paint_points(painter: QPainter, frame: Frame, plane: Plane, ink: Ink, shown: Shown | None) -> None:
    if not len(plane.x):
        return
    radius = _POINT * ink.ratio + ink.width / 2
    x, y, which = spots(frame, plane.x, plane.y, radius + 2)
    if shown is not None:
        seen = shown[plane.tags[which]]
        x, y = x[seen], y[seen]
    if not len(x):
        return
    # Of points on one pixel one is enough.
    _places, firsts = np.unique(
        np.round(y).astype(np.int64) * (1 << 20) + np.round(x).astype(np.int64), return_index=True
    )
    dots = polygon(x[firsts], y[firsts])
    for color, size in ((ink.halo, radius + ink.ratio), (ink.color, radius)):
        painter.setPen(QPen(color, 2 * size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(dots)


def lay(painter: QPainter, image: QImage, frame: Frame, left: float, top: float, scale: float) -> None:
    """Lay a picture of a frame where it belongs on another one of the same projection, given in device px."""
    factor = scale / frame.scale
    x, y = frame.left, frame.top
    if frame.projection.wraps:
        middle = (left + painter.device().width() / 2) / scale
        x -= round(x + frame.width / frame.scale / 2 - middle)
    if factor == 1.0:
        painter.drawImage(QPointF(round(x * scale) - left, round(y * scale) - top), image)
        return
    place = QRectF(x * scale - left, y * scale - top, frame.width * factor, frame.height * factor)
    painter.drawImage(place, image, QRectF(image.rect()))

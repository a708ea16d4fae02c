"""Marks of events: one shape for each kind, its filling for the status. The same on map, lanes, lists and chips.

Reported is filled, claimed half filled, denied struck through, planned hollow, predicted hollow and dashed; an event
that no quote supports is a thin grey outline of its shape. A halo keeps a mark apart from what lies under it.

Painters that draw thousands use ``Marks.sprite`` and drawPixmap; ``paint_mark`` draws one directly.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QPixmap, QPolygonF, QTransform

from db.values import Status

SHAPES: Final = ("square", "triangle", "diamond", "circle", "chevron", "hexagon")
HALO: Final = 1.5
"""Width of the halo in px around a mark."""
_REMEMBERED: Final = 4096


@functools.cache
def mark_path(shape: str) -> QPainterPath:
    """The outline of a shape about (0, 0) with y down, sized so that all shapes weigh as much as a disc of radius 1.

    A shape that is not in SHAPES (an older or newer project) is a circle.
    """
    path = QPainterPath()
    match shape:
        case "square":
            path.addRoundedRect(QRectF(-0.86, -0.86, 1.72, 1.72), 0.3, 0.3)
        case "triangle":
            path.addPolygon(_polygon((0, -1.04), (1.12, 0.88), (-1.12, 0.88)))
        case "diamond":
            path.addPolygon(_polygon((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)))
        case "chevron":
            path.addPolygon(_polygon((-1.1, -0.88), (0.3, -0.88), (1.15, 0), (0.3, 0.88), (-1.1, 0.88), (-0.35, 0)))
        case "hexagon":
            # Wider than high: a regular one cannot be told from a circle at 5 px.
            path.addPolygon(_polygon((-1.24, 0), (-0.6, -0.92), (0.6, -0.92), (1.24, 0), (0.6, 0.92), (-0.6, 0.92)))
        case _:
            path.addEllipse(QPointF(0, 0), 0.96, 0.96)
    path.closeSubpath()
    return path


def _polygon(*corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners])


@dataclass(frozen=True, slots=True)
class MarkLook:
    """Everything that a sprite depends on. ``radius``, ``halo_width``, ``ring_width`` in logical px, colours as RGBA.

    ``halo`` is the ground it stands out from (white on light, near black on dark); hollow marks are filled with it.
    ``ring`` is the accent ring of the selected mark, 0 for none.
    """

    shape: str
    status: Status
    radius: float
    color: int
    halo: int
    muted: int
    supported: bool = True
    halo_width: float = HALO
    ring: int = 0
    ring_width: float = 2.0

    @property
    def reach(self) -> float:
        """Half the side of the square that the mark touches, in logical px."""
        ring = self.ring_width + 2.0 if self.ring else 0.0
        return math.ceil(1.2 * self.radius + 1.5 + self.halo_width + ring) + 1.0


def paint_mark(painter: QPainter, center: QPointF, look: MarkLook) -> None:
    """Draw one mark with its halo and ring. Leaves the painter's pen, brush and transform as they were."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(center)
    path = _scaled(look.shape, look.radius)
    halo = QColor.fromRgba(look.halo)
    if look.ring:
        gap = look.halo_width + 1.0
        _stroke(painter, path, QColor.fromRgba(look.ring), 2 * (gap + look.ring_width))
        _stroke(painter, path, halo, 2 * gap)
    elif look.halo_width > 0:
        _stroke(painter, path, halo, 2 * look.halo_width)
    _fill(painter, path, look)
    painter.restore()


def _scaled(shape: str, radius: float) -> QPainterPath:
    return QTransform.fromScale(radius, radius).map(mark_path(shape))


def _stroke(painter: QPainter, path: QPainterPath, color: QColor, width: float) -> None:
    painter.strokePath(path, QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, _ROUND))


def _fill(painter: QPainter, path: QPainterPath, look: MarkLook) -> None:
    """The inside and the outline; outlines lie inside the shape, so that hollow and filled marks are of one size."""
    color, halo = QColor.fromRgba(look.color), QColor.fromRgba(look.halo)
    line = max(1.4, 0.26 * look.radius)
    painter.setPen(Qt.PenStyle.NoPen)
    if not look.supported:
        painter.fillPath(path, halo)
        _outline(painter, path, QColor.fromRgba(look.muted), 1.0, dashed=look.status is Status.PREDICTED)
    elif look.status in (Status.PLANNED, Status.PREDICTED):
        painter.fillPath(path, halo)
        _outline(painter, path, color, line, dashed=look.status is Status.PREDICTED)
    elif look.status is Status.CLAIMED:
        painter.fillPath(path, halo)
        half = QPainterPath()
        half.addRect(QRectF(-2 * look.radius, -2 * look.radius, 2 * look.radius, 4 * look.radius))
        painter.fillPath(path.intersected(half), color)
        _outline(painter, path, color, line, dashed=False)
    else:
        painter.fillPath(path, color)
        if look.status is Status.DENIED:
            _strike(painter, path, look, color, halo)


def _outline(painter: QPainter, path: QPainterPath, color: QColor, width: float, *, dashed: bool) -> None:
    pen = QPen(color, 2 * width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, _MITER)
    if dashed:
        around = path.length() / (2 * width)  # dash lengths count in pen widths
        pieces = max(5, round(path.length() / 6.0))
        pen.setDashPattern([0.58 * around / pieces, 0.42 * around / pieces])
    painter.save()
    painter.setClipPath(path)
    painter.strokePath(path, pen)
    painter.restore()


def _strike(painter: QPainter, path: QPainterPath, look: MarkLook, color: QColor, halo: QColor) -> None:
    """The bar of a denied event: from lower left to upper right, past the shape, cut free by the halo."""
    bar = QPainterPath(QPointF(-1.15 * look.radius, 1.15 * look.radius))
    bar.lineTo(1.15 * look.radius, -1.15 * look.radius)
    width = max(1.4, 0.24 * look.radius)
    stroker = QPainterPathStroker()
    stroker.setWidth(width + 2 * max(1.0, 0.18 * look.radius))
    painter.fillPath(stroker.createStroke(bar), halo)
    stroker.setWidth(width)
    painter.fillPath(stroker.createStroke(bar), color)


class Marks:
    """Remembers marks as pixmaps, so that drawing one again is a copy. GUI thread only."""

    def __init__(self) -> None:
        self._sprites: dict[tuple[MarkLook, float], QPixmap] = {}

    def sprite(self, look: MarkLook, ratio: float) -> QPixmap:
        """A square pixmap of side ``2 * look.reach`` logical px, the mark in its middle, at a device pixel ratio."""
        key = (look, ratio)
        found = self._sprites.get(key)
        if found is None:
            if len(self._sprites) >= _REMEMBERED:
                self._sprites.clear()
            found = self._sprites[key] = _draw(look, ratio)
        return found

    def draw(self, painter: QPainter, center: QPointF, look: MarkLook) -> None:
        """Copy the mark's sprite to ``center``, at whole device pixels so that it stays crisp."""
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        pixmap = self.sprite(look, ratio)
        x = round((center.x() - look.reach) * ratio) / ratio
        y = round((center.y() - look.reach) * ratio) / ratio
        painter.drawPixmap(QPointF(x, y), pixmap)


def _draw(look: MarkLook, ratio: float) -> QPixmap:
    side = math.ceil(2 * look.reach * ratio)
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        paint_mark(painter, QPointF(look.reach, look.reach), look)
    return pixmap


_ROUND: Final = Qt.PenJoinStyle.RoundJoin
_MITER: Final = Qt.PenJoinStyle.MiterJoin

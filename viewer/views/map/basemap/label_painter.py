"""LabelPainter: measures and paints the names of the basemap, each with a halo, from pictures made once.

Town marks are painted apart from their names: a name may find no room, its town is still there.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QTransform

from viewer.look.fonts import make_font
from viewer.views.map.basemap.halo import with_halo
from viewer.views.map.basemap.labels import Label
from viewer.views.map.basemap.palette import Palette
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.placing import Candidate, Wish, around

SANS: Final = ("Inter", "Noto Sans Arabic")
BOOK: Final = ("EB Garamond", "Noto Serif", "Noto Naskh Arabic")
HALO: Final = 3.0
"""Width of the stroke around letters, half of it outside them; logical px."""
MARGIN: Final = 3.0
KEPT: Final = 900
"""Pictures of names kept."""
DOT: Final = {"capital": 4.4, "main": 3.4, "city": 2.9, "town": 2.6, "village": 2.2, "site": 2.2}


@dataclass(frozen=True, slots=True)
class DrawnName:
    """A painted name: its picture and where its anchor (top left of the text, or the course's anchor) lies in it."""

    image: QImage
    x: float
    y: float


class LabelPainter:
    """Paints names in one palette at one pixel density. GUI thread only."""

    def __init__(self, palette: Palette, ratio: float = 1.0, *, scale: float = 1.0, halo: float = HALO) -> None:
        """``scale`` enlarges all names, for a projector; ``halo`` 4 for high contrast."""
        self._palette, self._ratio, self._scale, self._halo = palette, ratio, scale, halo
        self._drawn: OrderedDict[tuple[object, ...], DrawnName] = OrderedDict()
        self._sizes: dict[tuple[object, ...], tuple[float, float]] = {}

    # Room

    def size(self, label: Label) -> tuple[float, float]:
        """Width and height of a name, upright, in logical px."""
        key = self._key(label)
        if key not in self._sizes:
            metrics = QFontMetricsF(self._font(label))
            lines = _lines(label)
            width = max(metrics.horizontalAdvance(line) for line in lines) - self._letter_gap(label)
            self._sizes[key] = width, metrics.height() * 0.86 * len(lines)
        return self._sizes[key]

    def wish(self, label: Label, view: Viewport) -> Wish:
        """The positions at which a name may stand in a viewport."""
        px, py = (float(v) for v in view.screen(label.x, label.y))
        width, height = self.size(label)
        candidates: tuple[Candidate, ...]
        if label.course:
            candidates = (self._course_rects(label, px, py, height),)
        elif label.role in DOT:
            candidates = around(px, py, width, height, (DOT[label.role] + 3.6) * self._scale)
        else:
            line = height / len(_lines(label))  # a name of two lines moves no further: it would leave its sea
            moves = ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0), (-2, 0), (2, 0))
            candidates = tuple(
                self._turned(label, px + dx * line, py + dy * line, width, height)
                for dx, dy in (moves[:1] if label.role == "country" else moves)  # how far depends on the country
            )
        repeat = {"river": 420.0, "sea": 700.0}.get(label.role, 0.0)
        return Wish(label.key, label.priority, candidates, label.group, repeat)

    def mark_rect(self, label: Label, view: Viewport) -> Rect | None:
        """What the mark of a place covers; None for names without a mark."""
        if label.role not in DOT:
            return None
        px, py = (float(v) for v in view.screen(label.x, label.y))
        radius = (DOT[label.role] + 2.0) * self._scale
        return Rect(px - radius, py - radius, 2 * radius, 2 * radius)

    # Painting

    def paint(self, painter: QPainter, label: Label, view: Viewport, candidate: Candidate) -> None:
        """Paint a name where it was placed (the candidate of its wish that was taken)."""
        drawn = self.draw(label)
        if label.course:
            px, py = (float(v) for v in view.screen(label.x, label.y))
            at = QPointF(px, py)
        elif label.role in DOT:
            at = QPointF(candidate[0].x, candidate[0].y)
        else:
            count = len(candidate)
            at = QPointF(sum(r.x + r.w / 2 for r in candidate) / count, sum(r.y + r.h / 2 for r in candidate) / count)
        # Whole device pixels keep the letters as crisp as they were painted.
        left = round((at.x() - drawn.x) * self._ratio) / self._ratio
        top = round((at.y() - drawn.y) * self._ratio) / self._ratio
        painter.drawImage(QPointF(left, top), drawn.image)

    def paint_mark(self, painter: QPainter, label: Label, view: Viewport) -> None:
        """Paint the mark of a place: ring and dot for a capital, a dot for a main city, a ring for a town."""
        if label.role not in DOT:
            return
        px, py = (float(v) for v in view.screen(label.x, label.y))
        colors = self._palette
        ink = QColor(colors.label_outside if label.dim else colors.label)
        ground = QColor(colors.halo)
        radius = DOT[label.role] * self._scale
        middle = QPointF(px, py)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawEllipse(middle, radius + 1.2, radius + 1.2)
        if label.role in ("main", "city"):
            painter.setBrush(ink)
            painter.drawEllipse(middle, radius, radius)
        elif label.role == "site":
            painter.setBrush(ink)
            painter.drawRect(QRectF(px - radius * 0.7, py - radius * 0.7, radius * 1.4, radius * 1.4))
        else:
            painter.setPen(QPen(ink, 1.15 * self._scale))
            painter.drawEllipse(middle, radius, radius)
            if label.role == "capital":
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink)
                painter.drawEllipse(middle, radius * 0.5, radius * 0.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # Pictures

    def _key(self, label: Label) -> tuple[object, ...]:
        return (label.text, label.role, label.size, label.spacing, label.angle, label.dim, label.course)

    def _letter_gap(self, label: Label) -> float:
        return label.spacing * label.size * self._scale

    def _font(self, label: Label) -> QFont:
        book = label.role in ("country", "ocean", "sea", "lake", "region", "river")
        weight = 500 if book else 400
        if label.role in ("capital", "main"):
            weight = 600
        elif label.role in ("city", "town") and not label.dim:
            weight = 500
        italic = label.role in ("ocean", "sea", "lake", "region", "river")
        size = round(label.size * self._scale * (1.16 if book else 1.0))
        return make_font(BOOK if book else SANS, size, weight, italic=italic, spacing=self._letter_gap(label))

    def _color(self, label: Label) -> QColor:
        colors = self._palette
        if label.role == "country":
            color = QColor(colors.country)
            color.setAlphaF(0.82 if label.dim else 1.0)
            return color
        if label.role in ("ocean", "sea", "lake", "river"):
            return QColor(colors.water)
        if label.role == "region":
            return QColor(colors.region)
        return QColor(colors.label_outside if label.dim else colors.label)

    def draw(self, label: Label) -> DrawnName:
        """The picture of a name, made where there is none kept: ``paint`` takes no time then."""
        key = self._key(label)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = self._draw(label)
            self._drawn[key] = drawn
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(key)
        return drawn

    def _draw(self, label: Label) -> DrawnName:
        path = self._along(label) if label.course else self._straight(label)
        room = path.boundingRect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        ratio = self._ratio
        left, top = math.floor(room.left() * ratio) / ratio, math.floor(room.top() * ratio) / ratio
        width = math.ceil((room.right() - left) * ratio)
        height = math.ceil((room.bottom() - top) * ratio)
        letters = QImage(max(width, 1), max(height, 1), QImage.Format.Format_Grayscale8)
        letters.fill(0)
        with QPainter(letters) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(ratio, ratio)
            painter.translate(-left, -top)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("white"))
            # Not fillPath: it lets other threads have the interpreter for what takes less than they would keep it.
            painter.drawPath(path)
        halo = QColor(self._palette.halo)
        if label.role in ("ocean", "sea", "lake"):
            halo = QColor(self._palette.lake if label.role == "lake" else self._palette.sea)
        soft = label.role in ("country", "ocean", "sea", "region")
        halo.setAlpha(int(self._palette.halo_alpha * (0.55 if soft else 1.0)))
        image = with_halo(letters, self._color(label), halo, self._halo / 2 * self._scale * ratio)
        image.setDevicePixelRatio(ratio)
        return DrawnName(image, -left, -top)

    def _straight(self, label: Label) -> QPainterPath:
        """Text lines as a path: from its top left for places, about its middle for areas."""
        font = self._font(label)
        metrics = QFontMetricsF(font)
        width, height = self.size(label)
        lines = _lines(label)
        step = height / len(lines)
        baseline = (step - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
        path = QPainterPath()
        # One winding fill: letters of joined scripts overlap.
        path.setFillRule(Qt.FillRule.WindingFill)
        for number, line in enumerate(lines):
            own = metrics.horizontalAdvance(line) - self._letter_gap(label)
            indent = 0.0 if label.role in DOT else (width - own) / 2
            path.addText(QPointF(indent, baseline + number * step), font, line)
        if label.role in DOT:
            return path
        turn = QTransform().rotate(label.angle).translate(-width / 2, -height / 2)
        return turn.map(path)

    def _along(self, label: Label) -> QPainterPath:
        """Text that follows the course, a little above it, letter by letter; joined scripts as one straight word."""
        font = self._font(label)
        metrics = QFontMetricsF(font)
        lift = -3.2 * self._scale
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        points = label.course
        lengths = [0.0]
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            lengths.append(lengths[-1] + math.hypot(bx - ax, by - ay))
        text_width = metrics.horizontalAdvance(label.text) - self._letter_gap(label)
        start = (lengths[-1] - text_width) / 2
        if not label.text.isascii() and any("\u0590" <= letter <= "\u08ff" for letter in label.text):
            x, y, angle = _at(points, lengths, lengths[-1] / 2)
            straight = QPainterPath()
            straight.setFillRule(Qt.FillRule.WindingFill)
            straight.addText(QPointF(-text_width / 2, lift), font, label.text)
            return QTransform().translate(x, y).rotate(math.degrees(angle)).map(straight)
        for number, letter in enumerate(label.text):
            before = metrics.horizontalAdvance(label.text[:number])
            wide = metrics.horizontalAdvance(label.text[: number + 1]) - before
            x, y, angle = _at(points, lengths, start + before + wide / 2)
            glyph = QPainterPath()
            glyph.addText(QPointF(-wide / 2, lift), font, letter)
            path.addPath(QTransform().translate(x, y).rotate(math.degrees(angle)).map(glyph))
        return path

    def _course_rects(self, label: Label, px: float, py: float, height: float) -> Candidate:
        step = max(len(label.course) // 6, 1)
        return tuple(
            Rect(px + x - height * 0.5, py + y - height * 0.85, height, height) for x, y in label.course[::step]
        )

    def _turned(self, label: Label, px: float, py: float, width: float, height: float) -> Candidate:
        """What a name about its middle covers: one rectangle upright, a row of squares at an angle."""
        if abs(label.angle) < 1:
            return (Rect(px - width / 2, py - height / 2, width, height),)
        count = max(math.ceil(width / height), 1)
        angle = math.radians(label.angle)
        offsets = [(number + 0.5) / count * width - width / 2 for number in range(count)]
        return tuple(
            Rect(px + math.cos(angle) * at - height / 2, py + math.sin(angle) * at - height / 2, height, height)
            for at in offsets
        )


def _lines(label: Label) -> tuple[str, ...]:
    """A sea's name of two words or more is set on two lines, as on a printed map; others as their text is broken."""
    if label.room:
        return tuple(label.text.split("\n"))
    words = label.text.split(" ")
    if label.role in ("ocean", "sea") and len(words) > 1 and not label.angle:
        return " ".join(words[:-1]), words[-1]
    return (label.text,)


def _at(points: tuple[tuple[float, float], ...], lengths: list[float], along: float) -> tuple[float, float, float]:
    """The point and direction (radians) at a distance along a line, continued straight beyond its ends."""
    number = 0
    while number < len(points) - 2 and lengths[number + 1] < along:
        number += 1
    (ax, ay), (bx, by) = points[number], points[number + 1]
    span = max(lengths[number + 1] - lengths[number], 1e-9)
    share = (along - lengths[number]) / span
    far = min(number + 3, len(points) - 1)
    back = max(number - 2, 0)
    angle = math.atan2(points[far][1] - points[back][1], points[far][0] - points[back][0])
    return ax + (bx - ax) * share, ay + (by - ay) * share, angle


@functools.lru_cache(maxsize=2)
def label_painter(palette: Palette, ratio: float, scale: float) -> LabelPainter:
    """The one for a look, with what it has drawn for the window before; those of the last looks are kept."""
    return LabelPainter(palette, ratio, scale=scale)

"""The card that says what the selected event is, tied to its mark by a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from viewer.marks import MarkLook
from viewer.theme import RADIUS_CARD, ThemeManager
from viewer.views.map.geometry import Floats, Rect
from viewer.views.map.overlays.card import SHADOW, draw_card
from viewer.widgets.chips import badge_size, paint_badge

HEIGHT: Final = 60
_MOST_TITLE: Final = 264
_MARGIN: Final = 12
_LEAD: Final = 22
_SPOTS: Final = (
    (-1.0, 1), (0.15, 1), (0.5, 1), (0.85, 1), (2.0, 1), (-1.0, 0), (2.0, 0),
    (-1.0, -1), (2.0, -1), (0.15, -1), (0.85, -1), (0.5, -1),
)  # fmt: skip
_DISTANCES: Final = (42.0, 64.0, 96.0, 140.0)
_CROSSING: Final = 9.0
RING: Final = 13.0
"""Where the line to a mark begins, logical px from its middle."""


@dataclass(frozen=True, slots=True)
class Callout:
    """What a card says. ``chip`` empty: the claims agree."""

    mark: MarkLook
    title: str
    when: str
    chip: str = ""


class CalloutPainter:
    """Draws cards, keeping the last one as a picture."""

    def __init__(self, look: ThemeManager) -> None:
        self._look = look
        self._kept: tuple[tuple[Callout, float, str, float], QPixmap] | None = None

    def size(self, callout: Callout) -> tuple[int, int]:
        """Width and height of the card's body, logical px."""
        theme = self._look.theme
        title = min(
            QFontMetricsF(theme.font("body_strong")).horizontalAdvance(callout.title) + theme.px(_LEAD),
            theme.px(_MOST_TITLE),
        )
        second = QFontMetricsF(theme.font("note")).horizontalAdvance(callout.when)
        if callout.chip:
            second += theme.px(10) + badge_size(self._look, callout.chip, pill=True).width()
        return math.ceil(max(title, second)) + theme.px(2 * _MARGIN), theme.px(HEIGHT)

    def paint(self, painter: QPainter, callout: Callout, rect: Rect, mark_x: float, mark_y: float) -> None:
        """Draw the card in ``rect`` and its line to the mark."""
        theme = self._look.theme
        end_x, end_y = _end(rect, mark_x, mark_y)
        far = math.hypot(end_x - mark_x, end_y - mark_y)
        if far > RING:
            start = QPointF(mark_x + (end_x - mark_x) * RING / far, mark_y + (end_y - mark_y) * RING / far)
            painter.setPen(QPen(theme.accent, 1.5))
            painter.drawLine(start, QPointF(end_x, end_y))
        painter.drawPixmap(QPointF(rect.x - SHADOW, rect.y - SHADOW), self._picture(painter, callout, rect))

    def _picture(self, painter: QPainter, callout: Callout, rect: Rect) -> QPixmap:
        device = painter.device()
        ratio = device.devicePixelRatio() if device is not None else 1.0
        theme = self._look.theme
        key = (callout, ratio, theme.name, theme.scale)
        if self._kept is None or self._kept[0] != key:
            pixmap = draw_card(self._look, int(rect.w), int(rect.h), RADIUS_CARD, ratio)
            self._draw(pixmap, callout, rect)
            self._kept = (key, pixmap)
        return self._kept[1]

    def _draw(self, pixmap: QPixmap, callout: Callout, rect: Rect) -> None:
        theme = self._look.theme
        px = theme.px
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(SHADOW, SHADOW)
            self._look.marks.draw(painter, QPointF(px(_MARGIN) + px(6), px(20)), callout.mark)
            font = theme.font("body_strong")
            painter.setFont(font)
            painter.setPen(theme.text)
            left = px(_MARGIN + _LEAD)
            room = rect.w - left - px(_MARGIN)
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            title = QFontMetricsF(font).elidedText(callout.title, Qt.TextElideMode.ElideRight, room + 1)
            painter.drawText(QRectF(left, px(9), room + 2, px(22)), align, title)
            font = theme.font("note")
            painter.setFont(font)
            painter.setPen(theme.text2)
            painter.drawText(QRectF(px(_MARGIN), px(32), rect.w, px(20)), align, callout.when)
            if callout.chip:
                size = badge_size(self._look, callout.chip, pill=True)
                at = px(_MARGIN) + QFontMetricsF(font).horizontalAdvance(callout.when) + px(10)
                chip = QRectF(round(at), px(32), size.width(), size.height())
                paint_badge(painter, chip, self._look, callout.chip, "amber", pill=True)


def leader_rects(rect: Rect, mark_x: float, mark_y: float) -> list[Rect]:
    """Small rectangles along the line from a mark to its card: nothing is to be written across it."""
    end_x, end_y = _end(rect, mark_x, mark_y)
    steps = math.ceil(math.hypot(end_x - mark_x, end_y - mark_y) / 8)
    shares = (step / max(steps, 1) for step in range(steps + 1))
    return [
        Rect(mark_x + (end_x - mark_x) * share - 4, mark_y + (end_y - mark_y) * share - 4, 8, 8) for share in shares
    ]


def _end(rect: Rect, mark_x: float, mark_y: float) -> tuple[float, float]:
    """Where in a card the line from a mark ends."""
    return min(max(mark_x, rect.x + 8), rect.right - 8), min(max(mark_y, rect.y + 8), rect.bottom - 8)


def choose_spot(
    mark: tuple[float, float],
    size: tuple[float, float],
    room: Rect,
    blocked: Sequence[Rect],
    others: tuple[Floats, Floats],
) -> Rect | None:
    """Where a card of a size goes beside a mark: inside ``room``, clear of ``blocked``, covering few ``others``.

    Nearer spots come first, up and to the right before the rest. None when there is no clear spot at all.
    """
    best: tuple[float, Rect] | None = None
    other_x, other_y = others
    width, height = size
    for ring, distance in enumerate(_DISTANCES):
        for turn, (side, level) in enumerate(_SPOTS):
            # ``side`` 0..1 is where along the card the mark is, below or above it; beyond that the card is beside it.
            x = mark[0] + (distance if side < 0 else -distance - width if side > 1 else -side * width)
            y = mark[1] - (0.6 * distance + height if level > 0 else -0.6 * distance if level < 0 else height / 2)
            rect = Rect(round(x), round(y), width, height)
            if rect.x < room.x or rect.right > room.right or rect.y < room.y or rect.bottom > room.bottom:
                continue
            if any(rect.grown(4).meets(other) for other in blocked):
                continue
            wide = rect.grown(8)
            hides = np.count_nonzero(
                (other_x > wide.x) & (other_x < wide.right) & (other_y > wide.y) & (other_y < wide.bottom)
            )
            end_x, end_y = min(max(mark[0], rect.x), rect.right), min(max(mark[1], rect.y), rect.bottom)
            crossed = np.count_nonzero(_from_line(mark, (end_x, end_y), other_x, other_y) < _CROSSING)
            cost = 3.0 * float(hides) + 2.0 * float(crossed) + ring + 0.08 * turn
            if best is None or cost < best[0]:
                best = (cost, rect)
    return best[1] if best else None


def _from_line(start: tuple[float, float], end: tuple[float, float], x: Floats, y: Floats) -> Floats:
    """How far points are from the line between two points."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length = max(along_x**2 + along_y**2, 1e-9)
    share = np.clip(((x - start[0]) * along_x + (y - start[1]) * along_y) / length, 0.0, 1.0)
    return np.asarray(np.hypot(x - start[0] - share * along_x, y - start[1] - share * along_y), np.float64)

"""The card that says what the selected event is, tied to its mark by a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap

from viewer.look.marks import MarkLook
from viewer.look.theme import RADIUS_CARD, ThemeManager
from viewer.views.map.geometry import Rect
from viewer.views.map.overlays.card import SHADOW, draw_card
from viewer.views.map.projection import Floats
from viewer.widgets.chips import badge_size, paint_badge

HEIGHT, SMALL_HEIGHT = 60, 52
_MOST_TITLE, _SMALL_TITLE = 264, 204
_LINES, _SMALL_LINES = (9, 32), (6, 27)
"""Where the two lines begin, px from the top."""
_ICON: Final = 13
_MARGIN: Final = 12
_LEAD: Final = 22
_STEP: Final = 10.0
_NEAREST: Final = 16.0
_FARTHEST: Final = 150.0
"""A card's edge is between so many and so many px from its mark."""
_HIDES: Final = 4.0
_TOUCHES: Final = 0.8
_CROSSES: Final = 5.0
"""What it costs to hide a mark, to come close to it, to have the line run over it; a px of the line costs _FAR."""
_FAR: Final = 0.02
_AT_ONCE: Final = 32
_MOST_CROSSINGS: Final = 20_000
"""So many cards are held against all marks at once, and so many pairs of card and mark altogether."""
_INSET: Final = 8.0
RING: Final = 13.0
"""Where the line to a mark begins, logical px from its middle."""


@dataclass(frozen=True, slots=True)
class Callout:
    """What a card says. ``chip`` empty: the claims agree. ``small``: the chip is an icon alone."""

    mark: MarkLook
    title: str
    when: str
    chip: str = ""
    small: bool = False


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
            theme.px(_SMALL_TITLE if callout.small else _MOST_TITLE),
        )
        second = QFontMetricsF(theme.font("note")).horizontalAdvance(callout.when)
        if callout.small:
            second = min(second + (theme.px(6 + _ICON) if callout.chip else 0), theme.px(_SMALL_TITLE))
        elif callout.chip:
            second += theme.px(10) + badge_size(self._look, callout.chip, pill=True).width()
        return math.ceil(max(title, second)) + theme.px(2 * _MARGIN), theme.px(
            SMALL_HEIGHT if callout.small else HEIGHT
        )

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
        first, second = _SMALL_LINES if callout.small else _LINES
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(SHADOW, SHADOW)
            self._look.marks.draw(painter, QPointF(px(_MARGIN) + px(6), px(first + 11)), callout.mark)
            font = theme.font("body_strong")
            painter.setFont(font)
            painter.setPen(theme.text)
            left = px(_MARGIN + _LEAD)
            room = rect.w - left - px(_MARGIN)
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            title = QFontMetricsF(font).elidedText(callout.title, Qt.TextElideMode.ElideRight, room + 1)
            painter.drawText(QRectF(left, px(first), room + 2, px(22)), align, title)
            font = theme.font("note")
            painter.setFont(font)
            painter.setPen(theme.text2)
            room = rect.w - 2 * px(_MARGIN)
            if callout.small and callout.chip:
                room -= px(6 + _ICON)
            when = QFontMetricsF(font).elidedText(callout.when, Qt.TextElideMode.ElideRight, room + 1)
            painter.drawText(QRectF(px(_MARGIN), px(second), rect.w, px(20)), align, when)
            if callout.chip and callout.small:
                icon = self._look.pixmap("git-compare", "warn", _ICON)
                high = icon.height() / icon.devicePixelRatio()
                at = px(_MARGIN) + QFontMetricsF(font).horizontalAdvance(when) + px(6)
                painter.drawPixmap(QPointF(round(at), round(px(second) + (px(20) - high) / 2)), icon)
            elif callout.chip:
                size = badge_size(self._look, callout.chip, pill=True)
                at = px(_MARGIN) + QFontMetricsF(font).horizontalAdvance(callout.when) + px(10)
                chip = QRectF(round(at), px(second), size.width(), size.height())
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
    return (
        min(max(mark_x, rect.x + _INSET), rect.right - _INSET),
        min(max(mark_y, rect.y + _INSET), rect.bottom - _INSET),
    )


def choose_spot(
    mark: tuple[float, float], size: tuple[float, float], room: Rect, blocked: Sequence[Rect], others: Sequence[Rect]
) -> Rect | None:
    """Where a card of a size goes beside a mark: inside ``room``, clear of ``blocked``.

    Of such spots the one that hides the fewest of ``others`` (marks, badges) and whose line crosses none; of those the
    nearest, up and to the right before the rest. None when there is no clear spot at all.
    """
    width, height = size
    reach_x, reach_y = width + _FARTHEST, height + _FARTHEST
    if width > room.w or height > room.h:
        return None
    across, down = (
        np.unique(np.clip(np.rint(np.arange(at - reach, at + _FARTHEST + 1, _STEP)), low, high))
        for at, reach, low, high in (
            (mark[0], reach_x, room.x, room.right - width),
            (mark[1], reach_y, room.y, room.bottom - height),
        )
    )
    off_x, off_y = _beyond(mark[0], across, width), _beyond(mark[1], down, height)
    away = np.hypot(off_x, off_y[:, None])
    fits = (away >= _NEAREST) & (away <= _FARTHEST) & (_met(across, down, size, _array(blocked), 4.0) == 0)
    if not fits.any():
        return None
    marks = _array(others)
    near = (np.abs(marks[:, :2] - mark) <= (reach_x, reach_y) + marks[:, 2:]).all(axis=1)
    marks = marks[near]
    aside = 0.6 * (down[:, None] + height / 2 > mark[1]) + 0.3 * (across + width / 2 < mark[0])
    cost = _HIDES * _met(across, down, size, marks, 0.0) + _TOUCHES * _met(across, down, size, marks, 6.0)
    cost += _FAR * away + aside
    row, column = np.nonzero(fits)
    order = np.argsort(cost[row, column], kind="stable")
    best = _least_crossed(mark, across[column[order]], down[row[order]], cost[row, column][order], size, marks)
    at = order[best]
    return Rect(float(across[column[at]]), float(down[row[at]]), width, height)


def _least_crossed(
    mark: tuple[float, float], x: Floats, y: Floats, cost: Floats, size: tuple[float, float], marks: Floats
) -> int:
    """Which of the cards at (x, y), ascending by ``cost``, costs least when what its line crosses is added.

    The lines are what takes time: they are looked at only while a card could still be the best, and in a crowd only
    for the first so many.
    """
    reach = _FARTHEST + _INSET + marks[:, 2:].max(initial=0.0)
    middle = marks[:, :2] + marks[:, 2:] / 2
    marks = marks[np.hypot(middle[:, 0] - mark[0], middle[:, 1] - mark[1]) <= reach]
    most = max(_MOST_CROSSINGS // max(len(marks), 1), _AT_ONCE)
    best, least = 0, math.inf
    for start in range(0, min(len(x), most), _AT_ONCE):
        if cost[start] >= least:
            break
        part = slice(start, start + _AT_ONCE)
        total = cost[part] + _CROSSES * np.count_nonzero(_crosses(mark, x[part], y[part], size, marks), axis=1)
        if total.min() < least:
            best, least = start + int(np.argmin(total)), float(total.min())
    return best


def _beyond(at: float, start: Floats, length: float) -> Floats:
    """How far a value is from stretches of a length."""
    return np.asarray(np.maximum(np.maximum(start - at, at - start - length), 0.0), np.float64)


def _array(rects: Sequence[Rect]) -> Floats:
    """Rectangles -> (n, 4): left, top, width, height."""
    return np.array(rects, np.float64).reshape(-1, 4)


def _met(across: Floats, down: Floats, size: tuple[float, float], rects: Floats, gap: float) -> Floats:
    """How many rectangles are closer than ``gap`` px to a card at each (across, down) -> (len(down), len(across))."""
    left, top, wide, high = rects[:, 0] - gap, rects[:, 1] - gap, rects[:, 2] + 2 * gap, rects[:, 3] + 2 * gap
    # Those that meet one rectangle are a block of the grid: its corners are noted, and summed up at the end.
    first, last = np.searchsorted(across, left - size[0], "right"), np.searchsorted(across, left + wide)
    upper, lower = np.searchsorted(down, top - size[1], "right"), np.searchsorted(down, top + high)
    corners = np.zeros((len(down) + 1, len(across) + 1))
    for row, column, sign in ((upper, first, 1), (upper, last, -1), (lower, first, -1), (lower, last, 1)):
        np.add.at(corners, (row, column), sign)
    return np.asarray(corners.cumsum(axis=0).cumsum(axis=1)[:-1, :-1], np.float64)


def _crosses(
    mark: tuple[float, float], x: Floats, y: Floats, size: tuple[float, float], rects: Floats
) -> NDArray[np.bool_]:
    """For each card at (x, y) and each rectangle whether the line from the mark to the card runs over it."""
    middle_x, middle_y = rects[:, 0] + rects[:, 2] / 2, rects[:, 1] + rects[:, 3] / 2
    along_x = np.clip(mark[0], x + _INSET, x + size[0] - _INSET)[:, None] - mark[0]
    along_y = np.clip(mark[1], y + _INSET, y + size[1] - _INSET)[:, None] - mark[1]
    length = np.maximum(np.hypot(along_x, along_y), 1e-9)
    share = ((middle_x - mark[0]) * along_x + (middle_y - mark[1]) * along_y) / length**2
    share = np.clip(share, np.minimum(RING / length, 1.0), 1.0)
    gap = np.hypot(middle_x - mark[0] - share * along_x, middle_y - mark[1] - share * along_y)
    return np.asarray(gap < np.maximum(rects[:, 2], rects[:, 3]) / 2 + 2.0, np.bool_)

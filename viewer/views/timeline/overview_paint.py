"""Paints the overview: bars of events over time, years, and the frame of the window with its handles."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from viewer.core.index import EventIndex
from viewer.look.theme import ThemeManager
from viewer.look.tokens import mix
from viewer.views.timeline.bands import BAR
from viewer.views.timeline.geometry import Tick, TimeScale, bin_edges, place_labels, ticks
from viewer.views.timeline.headers import LEFT_MARGIN

AFTER: Final = 0.5
OUTSIDE: Final = 0.28
FLOOR: Final = 7
CURSOR_REACH: Final = 3
"""How far the cursor's line and its ground reach to either side, rounded up, px."""


Bars = list[tuple[int, int, float]]
"""Left and right (px) of each bar, and its height as a share of the highest."""


def bars_of(index: EventIndex, scale: TimeScale) -> Bars:
    """The bars of the shown events."""
    _name, edges = bin_edges(scale)
    counts, xs = index.histogram(edges), np.rint(scale.xs(edges)).astype(int)
    full = np.flatnonzero(counts)
    shares = counts[full] / max(int(counts.max(initial=0)), 1)
    return list(zip((xs[full] + 1).tolist(), (xs[full + 1] - 1).tolist(), shares.tolist(), strict=True))


class OverviewPainter:
    """Draws into a painter whose origin is the left edge of the plot; ``height`` is the widget's, in px."""

    def __init__(self, look: ThemeManager) -> None:
        self._look = look

    def paint_head(self, painter: QPainter, left: int, height: int, title: str, about: str) -> None:
        """What the overview is, in the column of the headers; origin at the widget's corner."""
        theme, px = self._look.theme, self._look.theme.px
        width = left - px(LEFT_MARGIN)
        painter.setFont(theme.font("label_strong"))
        painter.setPen(theme.text2)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(px(LEFT_MARGIN), px(8), width, px(17)), middle, title)
        painter.setFont(theme.font("meta"))
        painter.setPen(theme.text3)
        painter.drawText(QRectF(px(LEFT_MARGIN), px(26), width, px(16)), middle, about)
        painter.fillRect(left - 1, 0, 1, height, theme.border)

    def paint_parts(
        self, painter: QPainter, scale: TimeScale, height: int, bars: Bars, *, inside: bool, after: bool
    ) -> None:
        """Ground, years and bars: as ``inside`` the window or paler, as before the cursor or paler ``after`` it."""
        theme = self._look.theme
        if inside:
            painter.fillRect(QRectF(0, 3, scale.width, height - 7), mix(theme.surface2, theme.accent, 0.06))
        years = [tick for tick in ticks(scale) if tick.major]
        for tick in years:
            painter.fillRect(
                round(scale.x(tick.at)), 6, 1, height - 13, theme.color("border2", 0.85 if inside else 0.5)
            )
        floor = height - theme.px(FLOOR)
        painter.setOpacity(1.0 if inside else OUTSIDE)
        painter.fillRect(QRectF(0, floor, scale.width, 1), theme.border)
        color = theme.pick(*BAR)
        color.setAlphaF(AFTER if after else 1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        room = theme.px(25)
        for left, right, share in bars:
            high = max(2.0, room * share)
            painter.drawRoundedRect(QRectF(left, floor - high, max(right - left, 2), high), 1.5, 1.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setOpacity(1.0)
        self._name_years(painter, scale, years, 0.95 if inside else 0.6)

    def paint_cursor(self, painter: QPainter, height: int, cursor: float) -> None:
        """The line at the cursor (px)."""
        theme, x = self._look.theme, round(cursor)
        painter.fillRect(x - 2, 2, 4, height - 5, theme.color("surface2", 0.55))
        painter.fillRect(x - 1, 2, 2, height - 5, theme.color("text", 0.9))

    def _name_years(self, painter: QPainter, scale: TimeScale, years: list[Tick], alpha: float) -> None:
        theme = self._look.theme
        font = theme.font("label")
        metrics = QFontMetricsF(font)
        lefts = [round(scale.x(tick.at)) + 5.0 for tick in years]
        places = [
            (left, left + metrics.horizontalAdvance(tick.label), True) for left, tick in zip(lefts, years, strict=True)
        ]
        painter.setFont(font)
        for tick, place, shown in zip(years, places, place_labels(places, 8.0), strict=True):
            if shown and place[0] >= 0 and place[1] <= scale.width:
                painter.setPen(theme.color("text3", alpha))
                rect = QRectF(place[0], 3, place[1] - place[0] + 2, theme.px(15))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, tick.label)

    def paint_frame(
        self, painter: QPainter, height: int, window: tuple[float, float], focused: tuple[bool, bool, bool]
    ) -> None:
        """The window (px) as a frame with two handles; ``focused`` tells which of first, middle, last has the keys."""
        theme, px = self._look.theme, self._look.theme.px
        first, last = window
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.accent, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(first + 0.5, 2.5, max(last - first - 1.0, 2.0), height - 6), 4, 4)
        grips = [QRectF(x - 4.5, height / 2 - 0.5 - px(12), 9, px(24)) for x in window]
        for grip in grips:
            painter.setPen(QPen(theme.surface2, 1))
            painter.setBrush(theme.accent)
            painter.drawRoundedRect(grip, 4, 4)
            painter.setPen(QPen(theme.color("accent_text", 0.8), 1))
            for x in (grip.center().x() - 1.5, grip.center().x() + 1.5):
                painter.drawLine(QPointF(x, grip.center().y() - 5), QPointF(x, grip.center().y() + 5))
        inner = QRectF(first + 10, 9, max(last - first - 20, 4), height - 19)
        for rect, has_keys in zip((grips[0], inner, grips[1]), focused, strict=True):
            if has_keys:
                painter.setPen(QPen(theme.accent, 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

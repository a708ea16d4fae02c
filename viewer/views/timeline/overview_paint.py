"""Paints the overview: bars of events over time, years, and the frame of the window with its handles."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPen

from viewer.core.index import EventIndex
from viewer.look.theme import ThemeManager
from viewer.look.tokens import mix
from viewer.views.timeline.bands import BAR
from viewer.views.timeline.geometry import Tick, TimeScale, bin_edges, place_labels, ticks
from viewer.views.timeline.headers import LEFT_MARGIN

AFTER: Final = 0.5
OUTSIDE: Final = 0.28
FLOOR: Final = 7


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

    def bars(self, index: EventIndex, scale: TimeScale, height: int, ratio: float, *, bright: bool) -> QImage:
        """The bars as they are before the playhead, or paler as after it, on nothing."""
        theme = self._look.theme
        image = QImage(
            max(round(scale.width * ratio), 1), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        _name, edges = bin_edges(scale)
        counts, xs = index.histogram(edges), scale.xs(edges)
        most = int(counts.max()) if len(counts) else 0
        floor, room = height - theme.px(FLOOR), theme.px(25)
        color = theme.pick(*BAR)
        color.setAlphaF(1.0 if bright else AFTER)
        with QPainter(image) as painter:
            painter.fillRect(QRectF(0, floor, scale.width, 1), theme.border)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            for at in np.flatnonzero(counts):
                high = max(2.0, room * float(counts[at]) / most)
                left, right = round(float(xs[at])) + 1, round(float(xs[at + 1])) - 1
                painter.drawRoundedRect(QRectF(left, floor - high, max(right - left, 2), high), 1.5, 1.5)
        return image

    def paint_parts(
        self, painter: QPainter, scale: TimeScale, height: int, window: tuple[float, float], bars: QImage
    ) -> None:
        """Ground, years and bars: pale outside the window (px)."""
        theme = self._look.theme
        first, last = window
        painter.fillRect(QRectF(first, 3, last - first, height - 7), mix(theme.surface2, theme.accent, 0.06))
        years = [tick for tick in ticks(scale) if tick.major]
        for tick in years:
            x = round(scale.x(tick.at))
            inside = first <= x <= last
            painter.fillRect(x, 6, 1, height - 13, theme.color("border2", 0.85 if inside else 0.5))
        ratio = bars.devicePixelRatio()
        for left, right, opacity in ((0.0, first, OUTSIDE), (first, last, 1.0), (last, float(scale.width), OUTSIDE)):
            if right > left:
                source = QRectF(left * ratio, 0, (right - left) * ratio, height * ratio)
                painter.setOpacity(opacity)
                painter.drawImage(QRectF(left, 0, right - left, height), bars, source)
        painter.setOpacity(1.0)
        self._name_years(painter, scale, years, window)

    def paint_cursor(self, painter: QPainter, height: int, cursor: float) -> None:
        """The line at the cursor (px)."""
        theme, x = self._look.theme, round(cursor)
        painter.fillRect(x - 2, 2, 4, height - 5, theme.color("surface2", 0.55))
        painter.fillRect(x - 1, 2, 2, height - 5, theme.color("text", 0.9))

    def _name_years(self, painter: QPainter, scale: TimeScale, years: list[Tick], window: tuple[float, float]) -> None:
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
                painter.setPen(theme.color("text3", 0.95 if window[0] <= place[0] <= window[1] else 0.6))
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

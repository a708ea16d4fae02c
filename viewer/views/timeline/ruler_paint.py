"""Paints the ruler: ticks, the playhead's flag, the range, the chips at its ends. Origin at the left of the plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QPolygonF

from db.values import TimeWindow
from viewer.look.theme import ThemeManager
from viewer.look.tokens import mix
from viewer.views.timeline.geometry import Tick, TimeScale, place_labels, ticks

MOST_WORDS: Final = 500
"""Labels that are kept as pictures."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Events outside the window: before it (``way`` -1) or after (+1)."""

    rect: QRectF
    text: str
    way: int


class Label(NamedTuple):
    """The words beside a tick, between two px of the plot; ``major``: of the coarser kind."""

    text: str
    left: float
    right: float
    major: bool


def beside(labels: Sequence[Label], rect: QRectF) -> list[Label]:
    """Those that a rectangle leaves whole: of the others a part would stand out from under it."""
    return [label for label in labels if label.right < rect.left() - 2 or label.left > rect.right() + 2]


class RulerPainter:
    """Draws with the present theme; ``scale`` maps the window onto the plot, ``height`` is the ruler's, px."""

    def __init__(self, look: ThemeManager) -> None:
        self._look = look
        self._marks: list[tuple[Tick, Label]] = []
        self._words: dict[tuple[object, ...], QPixmap] = {}
        self._widths: dict[tuple[str, bool, float], float] = {}
        self._marks_of: tuple[TimeScale, str, float] | None = None

    def paint_head(self, painter: QPainter, left: int, width: int, height: int) -> None:
        """The lines about the column of the headers; origin at the widget's corner."""
        theme = self._look.theme
        painter.fillRect(left - 1, 0, 1, height, theme.border)
        painter.fillRect(0, height - 1, width, 1, mix(theme.surface, theme.border, 0.62))

    def paint_range(self, painter: QPainter, scale: TimeScale, height: int, span: TimeWindow) -> None:
        """The stretch that playback stays in, between its two brackets."""
        theme = self._look.theme
        left, right = scale.x(span.first), scale.x(span.last)
        low, high = max(left, -4.0), min(right, scale.width + 4.0)
        if high <= low:
            return
        painter.fillRect(QRectF(low, 0, high - low, height - 1), theme.accent_soft)
        for x, inward in ((left, 5), (right, -5)):
            painter.fillRect(QRectF(round(x) - 1, 3, 2, height - 5), theme.accent)
            for y in (3, height - 4):
                painter.fillRect(QRectF(min(x, x + inward), y, abs(inward), 2), theme.accent)

    def place_labels(self, scale: TimeScale, taken: Sequence[tuple[float, float]]) -> list[Label]:
        """The labels of ticks that have room beside what is ``taken`` (px)."""
        labels = [label for _tick, label in self._ticks(scale) if label.text]
        places = [(label.left, label.right, label.major) for label in labels]
        return list(compress(labels, place_labels(places, self._look.theme.px(6), taken)))

    def paint_ticks(self, painter: QPainter, scale: TimeScale, height: int) -> None:
        """Lines without their labels."""
        theme, px = self._look.theme, self._look.theme.px
        minor, major = mix(theme.surface, theme.border, 0.7), mix(theme.surface, theme.border2, 0.75)
        for tick, label in self._ticks(scale):
            top = px(5) if tick.major else height - px(8 if tick.label else 5)
            painter.fillRect(round(label.left) - px(5), top, 1, height - top, major if tick.major else minor)

    def paint_labels(self, painter: QPainter, height: int, labels: Sequence[Label]) -> None:
        """The words beside the ticks, copied: while the window moves the same ones come again and again."""
        ratio = painter.device().devicePixelRatio()
        for label in labels:
            painter.drawPixmap(QPointF(label.left, 0), self._word(label, height - 1, ratio))

    def _word(self, label: Label, height: int, ratio: float) -> QPixmap:
        theme = self._look.theme
        key = label.text, label.major, height, ratio, theme.name, theme.scale
        if key not in self._words:
            if len(self._words) >= MOST_WORDS:
                self._words.clear()
            pixmap = QPixmap((QSizeF(math.ceil(label.right - label.left) + 2, height) * ratio).toSize())
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setFont(self._fonts()[label.major])
                painter.setPen(theme.text if label.major else theme.text3)
                rect = QRectF(QPointF(0, 0), pixmap.deviceIndependentSize())
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, label.text)
            self._words[key] = pixmap
        return self._words[key]

    def _fonts(self) -> dict[bool, QFont]:
        """Of the labels, by whether their tick is a major one."""
        return {False: self._look.theme.font("note"), True: self._look.theme.font("label", weight=700)}

    def _ticks(self, scale: TimeScale) -> list[tuple[Tick, Label]]:
        """The ticks with their labels, kept from frame to frame."""
        key = scale, self._look.theme.name, self._look.theme.scale
        if self._marks_of != key:
            self._marks_of, self._marks = key, self._measure_ticks(scale)
        return self._marks

    def _measure_ticks(self, scale: TimeScale) -> list[tuple[Tick, Label]]:
        found = []
        for tick in ticks(scale):
            start = float(round(scale.x(tick.at)) + self._look.theme.px(5))
            wide = self._width(tick.label, tick.major)
            found.append((tick, Label(tick.label, start, start + wide, tick.major)))
        return found

    def _width(self, text: str, major: bool) -> float:
        key = text, major, self._look.theme.scale
        if key not in self._widths:
            if len(self._widths) >= MOST_WORDS:
                self._widths.clear()
            self._widths[key] = QFontMetricsF(self._fonts()[major]).horizontalAdvance(text)
        return self._widths[key]

    def flag_rect(self, scale: TimeScale, cursor: int, text: str) -> QRectF:
        """Where the flag is, in the plot; kept inside as long as the playhead is."""
        theme = self._look.theme
        x = scale.x(cursor)
        wide = QFontMetricsF(theme.font("label_strong")).horizontalAdvance(text) + theme.px(18)
        left = x - wide / 2
        if 0 <= x <= scale.width:
            left = min(max(left, 2.0), scale.width - wide - 2.0)
        return QRectF(round(left), 2, wide, theme.px(20))

    def paint_flag(self, painter: QPainter, scale: TimeScale, flag: QRectF, cursor: int, text: str) -> None:
        """The flag with its tip on the playhead."""
        theme = self._look.theme
        x = round(scale.x(cursor))
        if not -flag.width() <= x <= scale.width + flag.width():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(flag, 6, 6)
        low = flag.bottom() - 0.5
        painter.drawPolygon(QPolygonF([QPointF(x - 5, low), QPointF(x + 5, low), QPointF(x, low + 5)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(theme.font("label_strong"))
        painter.setPen(theme.accent_text)
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)

    def ghost_rect(self, x: int, width: float, text: str, flag: QRectF, chips: Sequence[Chip]) -> QRectF:
        """Where it stands what is to be said of the pointer at ``x`` px: beside its line, clear of the flag and, where
        there is room, of the chips.
        """
        theme = self._look.theme
        wide = QFontMetricsF(theme.font("meta_medium")).horizontalAdvance(text) + theme.px(14)
        beside = [flag.right() + 4, flag.left() - 4 - wide]
        lefts = [x + 6, x - 6 - wide, *(beside if x >= flag.center().x() else beside[::-1])]
        rects = [QRectF(left, 3, wide, theme.px(19)) for left in lefts if 0 <= left <= width - wide]
        free = [rect for rect in rects if not rect.intersects(flag)]
        clear = (rect for rect in free if not any(rect.intersects(chip.rect) for chip in chips))
        return next(clear, free[0] if free else QRectF(max(width - wide, 0.0), 3, wide, theme.px(19)))

    def paint_ghost(self, painter: QPainter, x: int, height: int, text: str, rect: QRectF) -> None:
        """The pointer's thin line at ``x`` px and what is to be said of it, in ``rect``."""
        theme = self._look.theme
        painter.fillRect(x, 0, 1, height, theme.color("text2", 0.55))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.border2, 1))
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(theme.font("meta_medium"))
        painter.setPen(theme.text2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def chip_rects(self, width: float, outside: tuple[int, int]) -> list[Chip]:
        """The chips for so many events before and after the window."""
        theme = self._look.theme
        metrics = QFontMetricsF(theme.font("meta_medium"))
        found = []
        for count, way, word in ((outside[0], -1, "earlier"), (outside[1], 1, "later")):
            if count:
                text = f"{count:,} {word}"
                wide = metrics.horizontalAdvance(text) + theme.px(31)
                left = 5.0 if way < 0 else width - wide - 5
                found.append(Chip(QRectF(left, 3, wide, theme.px(19)), text, way))
        return found

    def paint_chip(self, painter: QPainter, chip: Chip) -> None:
        """An arrow and a count."""
        theme, rect, way = self._look.theme, chip.rect, chip.way
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.ctl, 1))
        painter.setBrush(QColor(theme.raised))
        radius = rect.height() / 2
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        icon = self._look.pixmap("arrow-left" if way < 0 else "arrow-right", "text2", 12)
        side = icon.width() / icon.devicePixelRatio()
        x = rect.left() + 6 if way < 0 else rect.right() - 6 - side
        painter.drawPixmap(QPointF(round(x), round(rect.center().y() - side / 2)), icon)
        painter.setFont(theme.font("meta_medium"))
        painter.setPen(theme.text2)
        words = rect.adjusted(side + 9, 0, -8, 0) if way < 0 else rect.adjusted(8, 0, -side - 9, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, chip.text)

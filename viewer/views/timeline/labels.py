"""Titles as ready pictures: text with a soft halo of the ground, made once, so that setting a label again is a copy."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPixmap

from viewer.look.theme import ThemeManager

WIDEST: Final = 250
MARGIN: Final = 3
_AROUND: Final = (
    (-1, 0),
    (1, 0),
    (0, -1),
    (0, 1),
    (-1, -1),
    (1, 1),
    (1, -1),
    (-1, 1),
    (-2, 0),
    (2, 0),
    (0, 2),
    (0, -2),
)
_HALO: Final = 0.82
_REMEMBERED: Final = 2500
_PLAIN: Final = 0x250
"""Letters below are set one after the other, so that their widths add up; other scripts are measured whole."""


class Labels:
    """Measures and draws titles for one theme and screen density; ``reset`` after either changes. GUI thread only."""

    def __init__(self, look: ThemeManager) -> None:
        self._look = look
        self._pixmaps: dict[tuple[str, bool], QPixmap] = {}
        self._widths: dict[tuple[str, bool], tuple[str, float]] = {}
        self._letters: dict[tuple[str, bool], float] = {}
        self.reset(1.0)

    def reset(self, ratio: float) -> None:
        """Forget everything; ``ratio`` is device pixels per logical pixel."""
        theme = self._look.theme
        self.ratio = ratio
        self._fonts = {False: theme.font("label"), True: theme.font("label_strong")}
        self._metrics = {strong: QFontMetricsF(font) for strong, font in self._fonts.items()}
        self._height = theme.px(17)
        self._limit = theme.px(WIDEST)
        for known in (self._pixmaps, self._widths, self._letters):
            known.clear()

    def width(self, text: str, strong: bool = False) -> float:
        """How wide a title is set (px), cut at WIDEST."""
        return self._fit(text, strong)[1]

    def shown(self, text: str, strong: bool = False) -> str:
        """The title as it is set, with an ellipsis where it was cut."""
        return self._fit(text, strong)[0]

    def pixmap(self, text: str, strong: bool = False, room: float | None = None) -> QPixmap:
        """The title as a picture, one row high, MARGIN px wider on each side; without halo when ``strong``.

        It is cut where ``room`` (px) is less than its width.
        """
        if room is not None and room < self._fit(text, strong)[1] - 0.5:
            text = self._metrics[strong].elidedText(text, Qt.TextElideMode.ElideRight, room)
        key = (text, strong)
        found = self._pixmaps.get(key)
        if found is None:
            if len(self._pixmaps) >= _REMEMBERED:
                self._pixmaps.clear()
            found = self._pixmaps[key] = self._draw(*self._fit(text, strong), strong)
        return found

    def _fit(self, text: str, strong: bool) -> tuple[str, float]:
        key = (text, strong)
        found = self._widths.get(key)
        if found is None:
            if len(self._widths) >= 40 * _REMEMBERED:
                self._widths.clear()
            width = self._measure(text, strong)
            if width > self._limit:
                text = self._metrics[strong].elidedText(text, Qt.TextElideMode.ElideRight, self._limit)
                width = self._metrics[strong].horizontalAdvance(text)
            found = self._widths[key] = text, width
        return found

    def _measure(self, text: str, strong: bool) -> float:
        if text and max(text) >= chr(_PLAIN) and not set(text) <= _KNOWN:
            return self._metrics[strong].horizontalAdvance(text)
        letters, metrics = self._letters, self._metrics[strong]
        total = 0.0
        for letter in text:
            key = (letter, strong)
            if key not in letters:
                letters[key] = metrics.horizontalAdvance(letter)
            total += letters[key]
        return total

    def _draw(self, text: str, width: float, strong: bool) -> QPixmap:
        font, theme = self._fonts[strong], self._look.theme
        image = self._text(text, width, font, theme.text)
        if not strong:
            ground = self._text(text, width, font, theme.halo)
            below = self._blank(width)
            with QPainter(below) as painter:
                for right, down in _AROUND:
                    painter.drawImage(QPointF(right, down), ground)
            whole = self._blank(width)
            with QPainter(whole) as painter:
                painter.setOpacity(_HALO)
                painter.drawImage(0, 0, below)
                painter.setOpacity(1.0)
                painter.drawImage(0, 0, image)
            image = whole
        return QPixmap.fromImage(image)

    def _text(self, text: str, width: float, font: QFont, color: QColor) -> QImage:
        image = self._blank(width)
        with QPainter(image) as painter:
            painter.setFont(font)
            painter.setPen(color)
            metrics = self._metrics[False]
            base = (self._height + metrics.ascent() - metrics.descent()) / 2 - 0.25
            painter.drawText(QPointF(MARGIN, round(base * self.ratio) / self.ratio), text)
        return image

    def _blank(self, width: float) -> QImage:
        ratio = self.ratio
        image = QImage(
            round((width + 2 * MARGIN + 1) * ratio),
            round(self._height * ratio),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        return image


_KNOWN: Final = frozenset(chr(code) for code in range(_PLAIN)) | frozenset("–—‘’“”…•€")

"""Titles of events, and labels of features, written on the map, each drawn once."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from viewer.look.theme import ThemeManager

MOST_WIDTH: Final = 190.0
_KEPT: Final = 400
_HALO: Final = 3.2
_ROUND: Final = Qt.PenJoinStyle.RoundJoin


class TitlePainter:
    """Measures and paints texts with a halo, each drawn once. GUI thread only."""

    def __init__(self, look: ThemeManager, ratio: float, role: str = "label_strong", kept: int = _KEPT) -> None:
        """``role`` of the type; so many drawn texts are ``kept``."""
        self._look, self._ratio, self._most = look, ratio, kept
        self._font = look.theme.font(role)
        self._metrics = QFontMetricsF(self._font)
        self._drawn: OrderedDict[str, QImage] = OrderedDict()

    def fit(self, title: str) -> str:
        """A title no wider than MOST_WIDTH, cut between words."""
        room = self._look.theme.px(MOST_WIDTH)
        if self._metrics.horizontalAdvance(title) <= room:
            return title
        words = title.split(" ")
        while len(words) > 1 and self._metrics.horizontalAdvance(" ".join(words) + "…") > room:
            words.pop()
        cut = " ".join(words).rstrip(",;:–-") + "…"
        return cut if len(words) > 1 else self._metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)

    def size(self, text: str) -> tuple[float, float]:
        return self._metrics.horizontalAdvance(text), self._metrics.height() * 0.9

    def paint(self, painter: QPainter, text: str, x: float, y: float) -> None:
        """Write ``text`` with its top left at logical px."""
        ratio = self._ratio
        painter.drawImage(QPointF(round((x - 3) * ratio) / ratio, round((y - 3) * ratio) / ratio), self.draw(text))

    def draw(self, text: str) -> QImage:
        """The picture of a text, made where there is none kept: ``paint`` takes no time then."""
        image = self._drawn.get(text)
        if image is None:
            image = self._drawn[text] = self._draw(text)
            if len(self._drawn) > self._most:
                self._drawn.popitem(last=False)
        return image

    def _draw(self, text: str) -> QImage:
        width, height = self.size(text)
        ratio = self._ratio
        image = QImage(
            math.ceil((width + 6) * ratio), math.ceil((height + 8) * ratio), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(ratio)
        image.fill(0)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addText(QPointF(3, 3 + self._metrics.ascent() - self._metrics.height() * 0.05), self._font, text)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            halo = self._look.theme.color("halo", 0.9)
            painter.strokePath(path, QPen(halo, _HALO, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, _ROUND))
            painter.fillPath(path, self._look.theme.text)
        return image

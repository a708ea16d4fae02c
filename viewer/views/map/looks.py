"""Which sprite each row gets: kind, status, support and age become one pixmap, drawn once and copied from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from db.queries import KindRow
from db.values import Status
from viewer.core.index import EventIndex
from viewer.look.marks import MarkLook
from viewer.look.theme import ThemeManager
from viewer.models.wording import short_count
from viewer.views.map.items import Age

RADIUS: Final = {Age.OLDER: 5.2, Age.AHEAD: 7.5, Age.LIT: 7.5, Age.CHOSEN: 7.5}
OLDER_OPACITY: Final = 0.8
DOT_RADIUS: Final = 3.4
DOT_HALO: Final = 1.0
BADGE: Final = 15.0
"""Height of a count's badge, logical px."""
_STATUSES: Final = tuple(Status)
_UNKNOWN: Final = ("circle", None, None)


def codes_of(index: EventIndex, kinds: Mapping[int, KindRow]) -> NDArray[np.int32]:
    """For each row one number for its kind, status and whether there is a quote; ``Looks.split`` takes it apart."""
    columns = index.columns
    places = np.full(int(max([*kinds, int(columns.kind.max(initial=0))], default=0)) + 1, len(kinds), np.int32)
    places[list(kinds)] = np.arange(len(kinds))
    return np.asarray((places[columns.kind] * len(_STATUSES) + columns.status) * 2 + columns.supported, np.int32)


class Looks:
    """The sprites of one index in one theme at one pixel density. GUI thread only."""

    def __init__(
        self, look: ThemeManager, kinds: Mapping[int, KindRow], codes: NDArray[np.int32], ratio: float
    ) -> None:
        """``codes``: of the index's rows, as ``codes_of`` makes them of the same kinds."""
        self._look = look
        self._ratio = ratio
        self._kinds = [(row.shape, row.light, row.dark) for row in kinds.values()]
        self.codes = codes
        self._sprites: dict[tuple[int, int], tuple[QPixmap, float]] = {}
        self._badges: dict[str, tuple[QPixmap, float]] = {}
        self._dots: dict[tuple[int, bool], QImage] = {}

    def split(self, code: int) -> tuple[int, Status, bool]:
        """(Place among the kinds, status, whether there is a quote) behind a value of ``codes``."""
        kind, rest = divmod(code, 2 * len(_STATUSES))
        return kind, _STATUSES[rest // 2], bool(rest % 2)

    def color(self, row: int) -> QColor:
        """The colour of a row's kind."""
        return self._parts(int(self.codes[row]))[2]

    def mark(self, row: int, age: Age) -> MarkLook:
        """The look of a row's mark at an age."""
        shape, status, color, supported = self._parts(int(self.codes[row]))
        chosen = age is Age.CHOSEN
        radius = RADIUS[age] * self._look.scale
        return self._look.mark(shape, status, color, radius, supported=supported, selected=chosen)

    def sprite(self, row: int, age: int) -> tuple[QPixmap, float]:
        """A row's mark and half its side in logical px."""
        key = (int(self.codes[row]), age)
        found = self._sprites.get(key)
        if found is None:
            mark = self.mark(row, Age(age))
            pixmap = self._look.marks.sprite(mark, self._ratio)
            if age == Age.OLDER:
                plain = replace(mark, color=mark.halo, muted=mark.halo, status=Status.OCCURRED, supported=True)
                pixmap = _faded(pixmap, self._look.marks.sprite(plain, self._ratio))
            found = self._sprites[key] = pixmap, mark.reach
        return found

    def badge(self, count: int) -> tuple[QPixmap, float]:
        """The badge of a stack of ``count`` events and its width in logical px; its height is that of BADGE."""
        text = short_count(count)
        found = self._badges.get(text)
        if found is None:
            found = self._badges[text] = self._draw_badge(text)
        return found

    def dot(self, code: int, *, strong: bool) -> QImage:
        """The small mark for ``codes`` value ``code``, premultiplied ARGB at device pixels; weak ones are older."""
        found = self._dots.get((code, strong))
        if found is None:
            shape, status, color, supported = self._parts(code)
            radius = DOT_RADIUS if strong else 0.8 * DOT_RADIUS
            mark = self._look.mark(shape, status, color, radius * self._look.scale, supported=supported)
            pixmap = self._look.marks.sprite(replace(mark, halo_width=DOT_HALO), self._ratio)
            image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
            found = self._dots[code, strong] = image
        return found

    def _parts(self, code: int) -> tuple[str, Status, QColor, bool]:
        kind, status, supported = self.split(code)
        shape, light, dark = self._kinds[kind] if kind < len(self._kinds) else _UNKNOWN
        return shape, status, self._look.theme.pick(light, dark), supported

    def _draw_badge(self, text: str) -> tuple[QPixmap, float]:
        theme = self._look.theme
        font = theme.font("meta_strong")
        font.setPixelSize(theme.px(10))
        height = BADGE * self._look.scale
        probe = QPixmap(1, 1)
        with QPainter(probe) as painter:
            painter.setFont(font)
            wide = painter.fontMetrics().horizontalAdvance(text)
        width = max(height, wide + 7.0 * self._look.scale)
        pixmap = QPixmap(round((width + 2) * self._ratio), round((height + 2) * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.halo)
            painter.drawRoundedRect(QRectF(0, 0, width + 2, height + 2), height / 2 + 1, height / 2 + 1)
            painter.setBrush(theme.text)
            painter.drawRoundedRect(QRectF(1, 1, width, height), height / 2, height / 2)
            painter.setFont(font)
            painter.setPen(theme.halo)
            painter.drawText(QRectF(1, 1, width, height), Qt.AlignmentFlag.AlignCenter, text)
        return pixmap, width + 2


def _faded(pixmap: QPixmap, ground: QPixmap) -> QPixmap:
    """A copy at the opacity of older events on ``ground``, so that nothing shines through from below."""
    copy = QPixmap(ground)
    with QPainter(copy) as painter:
        painter.setOpacity(OLDER_OPACITY)
        painter.drawPixmap(QPointF(0, 0), pixmap)
    return copy

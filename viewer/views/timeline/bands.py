"""Soft bands for what is uncertain, bodies for what lasts, columns for what is too many: the ground under the marks."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter

from viewer.views.timeline.geometry import COLUMN, TimeScale, has_band
from viewer.views.timeline.lane_model import Crowd

BAND: Final = 15.0
PEAK: Final = 0.42
BODY_FIRST: Final = 0.30
BODY_LAST: Final = 0.22
EDGE: Final = 1.6
BAR: Final = ("#7187B0", "#7A90BA")
"""Colour of what counts events of all kinds together, light and dark: neutral."""
COUNTED: Final = 0.72
BEHIND: Final = 0.4
"""How strong columns are, and where some of what they count is selected, which may be of a like colour."""
_CERTAIN_PX: Final = 2.0
"""Bounds nearer to each other than this are one edge."""
_OUTSIDE: Final = 2.0


class BandInk:
    """The colours of one kind's bands, made once for a picture."""

    def __init__(self, color: QColor) -> None:
        self.color = color
        self.clear, self.peak = self.shade(0.0), self.shade(PEAK)
        self.edge = self.shade(0.9)

    def shade(self, alpha: float) -> QColor:
        color = QColor(self.color)
        color.setAlphaF(alpha)
        return color


def paint_moment(
    painter: QPainter, ink: BandInk, scale: TimeScale, y: float, high: float, bounds: tuple[int, int, int]
) -> None:
    """The band of an uncertain moment: ``bounds`` are earliest, best, latest (ms); nothing for an exact day."""
    earliest, best, latest = bounds
    if not has_band(earliest, latest, scale):
        return
    left, middle, right = scale.x(earliest), scale.x(best), scale.x(latest)
    if left >= -_OUTSIDE and right <= scale.width + _OUTSIDE:
        gradient = QLinearGradient(left, 0, right, 0)
        gradient.setColorAt(0.0, ink.clear)
        gradient.setColorAt((middle - left) / (right - left), ink.peak)
        gradient.setColorAt(1.0, ink.clear)
        painter.fillRect(QRectF(left, y - high / 2, right - left, high), gradient)
    else:
        _paint_ramp(painter, ink, y, high, [(left, 0.0), (middle, PEAK), (right, 0.0)], scale.width)


def paint_lasting(
    painter: QPainter, ink: BandInk, scale: TimeScale, y: float, high: float, bounds: tuple[int, int, int, int]
) -> None:
    """The body of what lasts: ``bounds`` are earliest and latest start, earliest and latest end (ms).

    A crisp edge where the start is known; it fades only where an end is vague.
    """
    starts_at, started, ends_at, ended = (scale.x(at) for at in bounds)
    if ended - starts_at < _CERTAIN_PX:
        return
    known = started - starts_at < _CERTAIN_PX
    vague = ended - ends_at >= _CERTAIN_PX
    full, fade = (started, ends_at) if started <= ends_at else ((starts_at + ended) / 2,) * 2
    stops = [(full, BODY_FIRST), (fade, BODY_LAST)]
    if not known:
        stops.insert(0, (starts_at, 0.0))
    if vague:
        stops.append((ended, 0.0))
    _paint_ramp(painter, ink, y, high, stops, scale.width)
    if known and -EDGE <= starts_at <= scale.width:
        painter.fillRect(QRectF(starts_at - EDGE / 2, y - high / 2, EDGE, high), ink.edge)


def _paint_ramp(
    painter: QPainter, ink: BandInk, y: float, high: float, stops: list[tuple[float, float]], width: float
) -> None:
    """Fill between the first and the last of ``stops`` (px, alpha ascending in px), only where it can be seen."""
    left, right = max(stops[0][0], -_OUTSIDE), min(stops[-1][0], width + _OUTSIDE)
    if right - left <= 0:
        return
    gradient = QLinearGradient(left, 0, right, 0)
    for at, alpha in ((left, _alpha(stops, left)), *stops, (right, _alpha(stops, right))):
        if left <= at <= right:
            gradient.setColorAt((at - left) / (right - left), ink.shade(alpha))
    painter.fillRect(QRectF(left, y - high / 2, right - left, high), gradient)


def _alpha(stops: list[tuple[float, float]], at: float) -> float:
    for (low, before), (high, after) in pairwise(stops):
        if low <= at <= high:
            return before + (after - before) * ((at - low) / (high - low) if high > low else 1.0)
    return stops[0][1] if at < stops[0][0] else stops[-1][1]


def count_columns(crowd: Crowd, width: int, column: int = 0) -> NDArray[np.intp]:
    """How many of a crowd fall into each column across ``width``, ``column`` px wide or as the crowd has them."""
    column = column or crowd.column
    at = np.floor(crowd.xs / column).astype(np.intp)
    columns = -(-width // column)
    seen = (at >= 0) & (at < columns)
    return np.bincount(at[seen], weights=crowd.counts[seen], minlength=columns).astype(np.intp)


def paint_columns(
    image: QImage,
    color: QColor,
    counts: NDArray[np.intp],
    most: int,
    top: float,
    high: float,
    ratio: float,
    column: int = COLUMN,
    chosen: tuple[NDArray[np.intp], QColor] | None = None,
) -> None:
    """Draw counts as columns up from the bottom of a lane into ``image`` (premultiplied, straight into its memory), in
    place of what is there of the lane.

    ``top``, ``high`` and the width of a ``column`` in logical px; they may reach outside the image. Heights go with the
    square root of the count, so that a single event is still seen beside a thousand. ``chosen``: how many of each
    column have another colour, from its foot; a few of many are two px all the same.
    """
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    first, foot = round(top * ratio), round((top + high) * ratio) - ratio
    low, end = max(first, 0), min(math.ceil(foot), image.height())
    if low >= end or most <= 0:
        return
    tall = np.ceil(np.sqrt(counts / most) * (high - 5) + (counts > 0) * 3) * ratio
    across, gap = _across(image.width(), column * ratio, ratio)
    tops = np.ceil(foot - np.where(gap, 0, tall[np.minimum(across, len(counts) - 1)])).astype(np.int32)
    shade = QColor(color)
    chosen = chosen if chosen is not None and chosen[0].any() else None
    shade.setAlphaF(COUNTED if chosen is None else BEHIND)
    rows = np.arange(low, end, dtype=np.int32)[:, None]
    # a product: writing by a mask takes eight times as long
    ink = _premultiplied(shade)
    np.multiply(rows >= tops, ink, out=pixels[low:end, : image.width()])
    if chosen is not None:
        some = np.minimum(chosen[0], counts)
        part = np.where(some > 0, np.maximum(tall * some / np.maximum(counts, 1), 2 * ratio), 0)
        tops = np.ceil(foot - np.where(gap, 0, np.minimum(part, tall)[across])).astype(np.int32)
        pixels[low:end, : image.width()] += (rows >= tops) * np.uint32(
            (int(_premultiplied(chosen[1])) - int(ink)) % (1 << 32)
        )


@lru_cache(maxsize=8)
def _across(width: int, step: float, ratio: float) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Which column, ``step`` wide, each of ``width`` device pixels belongs to, and whether it is left free after it."""
    at = np.arange(width)
    free = at % max(round(step), 1) >= max(round(step - ratio), 1) if step >= 3 else np.zeros(width, bool)
    return (at / step).astype(np.intp), free


def _premultiplied(color: QColor) -> np.uint32:
    alpha = color.alpha()
    red, green, blue = (round(channel * alpha / 255) for channel in (color.red(), color.green(), color.blue()))
    return np.uint32((alpha << 24) | (red << 16) | (green << 8) | blue)

"""Draws one frame of the lanes from their pictures: what lies before the playhead, what after it, and the line."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QRegion

from viewer.look.tokens import Theme
from viewer.views.timeline.pictures import AFTER_OPACITY, NEVER_DIMMED, Pictures

WIDTH: Final = 2
_REACH: Final = WIDTH + 2
"""How far the line and its glow reach to either side, and a little more, px."""
_LABEL_MARGIN: Final = 4.0
_SHORTEST: Final = 5
"""A piece of the line between two labels that is no longer than this (px) is left out."""


def paint_frame(painter: QPainter, pictures: Pictures, theme: Theme, cursor: int, x: float, row: float) -> None:
    """Draw the lanes with the playhead at ``x`` px, the instant ``cursor`` (ms); ``row`` is the height of a line.

    Once they have been seen copies only, so that scrubbing is as fast as the screen; while the window moves each is
    seen once, and only what is seen of it is put together. An event is bright when it may have begun by the cursor, on
    whichever side of the line its label lies.
    """
    width, height = _size(pictures)
    edge = _edge(pictures, x)
    _paint_base(painter, pictures, QRectF(0, 0, edge, height), QRectF(edge, 0, width - edge, height))
    _paint_line(painter, pictures, theme, x, row)
    bright = bright_region(pictures, cursor, x, row)
    whole = QRegion(0, 0, width, height)
    painter.save()
    painter.setClipRegion(bright)
    painter.drawImage(0, 0, pictures.top)
    painter.setClipRegion(whole.subtracted(bright))
    if pictures.seen:
        painter.drawImage(0, 0, pictures.top_after)
    else:
        painter.setOpacity(AFTER_OPACITY)
        painter.drawImage(0, 0, pictures.top)
    painter.restore()
    pictures.seen = True


def _paint_base(painter: QPainter, pictures: Pictures, before: QRectF, after: QRectF) -> None:
    """What lies under the line in two parts of the picture."""
    if pictures.seen:
        _copy(painter, pictures.base, before)
        _copy(painter, pictures.base_after, after)
        return
    _copy(painter, pictures.ground, before | after)
    _copy(painter, pictures.bands, before)
    _copy(painter, pictures.hatching, after)
    painter.setOpacity(AFTER_OPACITY)
    _copy(painter, pictures.bands, after)
    painter.setOpacity(1.0)


def moved_region(pictures: Pictures, old: tuple[int, float], new: tuple[int, float], row: float) -> QRegion:
    """What looks otherwise after the playhead went from one instant (ms) and place (px) to another."""
    (width, height), before, after = (
        _size(pictures),
        bright_region(pictures, *old, row),
        bright_region(pictures, *new, row),
    )
    left, right = (min(max(x, -_REACH), width + _REACH) for x in sorted((old[1], new[1])))
    passed = QRect(math.floor(left) - _REACH, 0, math.ceil(right) - math.floor(left) + 2 * _REACH, height)
    return before.xored(after).united(passed)


def bright_region(pictures: Pictures, cursor: int, x: float, row: float) -> QRegion:
    """Where marks and labels are shown in full: left of the line, but for those on the wrong side of it."""
    (width, height), split = _size(pictures), round(_edge(pictures, x))
    region = QRegion(0, 0, split, height)
    begun = pictures.begins <= cursor
    high = round(row) + 6
    inside = (pictures.rights > 0) & (pictures.lefts < width)
    pale = np.flatnonzero(~begun & inside & (pictures.lefts < split))
    for at in pale:
        region -= _box(pictures, int(at), high)
    # Of what is bright on the left nothing is to be added, but for what something pale may lie over.
    covered = (pictures.begins == NEVER_DIMMED) & np.isin(pictures.ys, pictures.ys[pale])
    for at in np.flatnonzero(begun & inside & (covered | (pictures.rights > split))):
        region += _box(pictures, int(at), high)
    return region


def _box(pictures: Pictures, at: int, high: int) -> QRect:
    left, right = max(int(pictures.lefts[at]) - 2, -20), min(int(pictures.rights[at]) + 3, 20_000)
    return QRect(left, round(pictures.ys[at] - high / 2), right - left, high)


def _size(pictures: Pictures) -> tuple[int, int]:
    """Width and height, logical px."""
    ratio = pictures.ground.devicePixelRatio()
    return round(pictures.ground.width() / ratio), round(pictures.ground.height() / ratio)


def _edge(pictures: Pictures, x: float) -> float:
    """Where what has been ends, within the picture and at a whole device pixel: nothing is blurred."""
    ratio = pictures.ground.devicePixelRatio()
    return min(max(round(x * ratio) / ratio, 0.0), float(_size(pictures)[0]))


def _copy(painter: QPainter, image: QImage, rect: QRectF) -> None:
    if rect.width() > 0:
        ratio = image.devicePixelRatio()
        source = QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio)
        painter.drawImage(rect, image, source)


def paint_ghost(painter: QPainter, pictures: Pictures, theme: Theme, x: float, row: float) -> None:
    """The thin line under the pointer, at ``x`` px."""
    ink = theme.color("text2", 0.55)
    for top, end in _pieces(pictures, x, row):
        painter.fillRect(round(x), top, 1, end - top, ink)


def _paint_line(painter: QPainter, pictures: Pictures, theme: Theme, x: float, row: float) -> None:
    if x < 0:  # before the window: the column of the headers is there
        return
    left = round(x) - WIDTH // 2
    glow = theme.color("halo", 0.75)
    for top, end in _pieces(pictures, x, row):
        painter.fillRect(left - 1, top, WIDTH + 2, end - top, glow)
        painter.fillRect(left, top, WIDTH, end - top, theme.accent)


def _pieces(pictures: Pictures, x: float, row: float) -> list[tuple[int, int]]:
    """From top to bottom the stretches of an upright line at ``x`` px that cross no label."""
    hit = (pictures.label_lefts - _LABEL_MARGIN < x) & (pictures.label_rights + _LABEL_MARGIN > x)
    pieces, top = [], 0
    for middle in np.sort(pictures.ys[hit]):
        end = round(middle - row / 2 + 1)
        if end - top > _SHORTEST:
            pieces.append((top, end))
        top = max(top, round(middle + row / 2 - 1))
    height = _size(pictures)[1]
    if height - top > _SHORTEST:
        pieces.append((top, height))
    return pieces

"""Paints the column at the left of the lanes: mark, name and how many events are shown of how many."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from db.values import Status
from viewer.look.theme import ThemeManager
from viewer.look.tokens import mix
from viewer.models.wording import short_count
from viewer.views.timeline.items import LanePainter
from viewer.views.timeline.lane_model import Lane, Layout, Metrics

LEFT_WIDTH: Final = 240
"""Width of the headers of lanes, ruler and overview, whatever the width of the panel above."""
LEFT_MARGIN: Final = 16
RIGHT_MARGIN: Final = 14
NAME_AT: Final = 40
MOST_WHOLE: Final = 10_000
"""From so many events on a lane counts them in thousands."""


def lane_name(lane: Lane) -> str:
    """A lane as a screen reader says it."""
    return f"{lane.name} lane, {lane.shown:,} of {lane.total:,} shown, {'off' if lane.hidden else 'on'}"


def lane_tip(lane: Lane) -> str:
    """What a click on the header does."""
    if lane.kind is None:
        return "Events without a kind"
    return f"Show {lane.name}" if lane.hidden else f"Hide {lane.name}\nAlt+click: show nothing else"


def paint_headers(
    painter: QPainter,
    look: ThemeManager,
    lanes: LanePainter,
    layout: Layout,
    metrics: Metrics,
    *,
    width: int,
    scroll: int,
    height: int,
    hovered: int | None,
) -> None:
    """Draw the headers of the lanes that are in view, ``hovered`` marked, down to ``height``."""
    theme = look.theme
    painter.fillRect(0, 0, width, height, theme.surface)
    for at, lane in enumerate(layout.lanes):
        top = lane.top - scroll
        if top + lane.height < 0 or top > height:
            continue
        ground = lanes.ground_of(at, lane)
        if at == hovered and lane.kind is not None:
            ground = mix(ground, theme.hover, 0.8)
        painter.fillRect(QRectF(0, top, width, lane.height), ground)
        painter.fillRect(QRectF(0, top + lane.height - 1, width, 1), mix(theme.surface, theme.border, 0.62))
        first = (lane.height - 1 if lane.hidden else metrics.pad + metrics.row) / 2
        pinned = min(max(top, 0.0), top + lane.height - 2 * first)  # in view as long as its lane is
        if pinned + first + metrics.row / 2 <= height:
            _paint_header(painter, look, lanes, lane, pinned + first, width, hovered=at == hovered)
    painter.fillRect(width - 1, 0, 1, height, theme.border)


def _paint_header(
    painter: QPainter, look: ThemeManager, lanes: LanePainter, lane: Lane, y: float, width: int, *, hovered: bool
) -> None:
    theme = look.theme
    px = theme.px
    shape = lane.kind.shape if lane.kind is not None else "circle"
    color = lanes.color(lane)
    if lane.hidden:
        color.setAlphaF(0.45)
    look.marks.draw(
        painter,
        QPointF(px(24), y),
        look.mark(shape, Status.OCCURRED, color, 6.0 * theme.scale, halo=False),
    )
    right = width - px(RIGHT_MARGIN)
    painter.setFont(theme.font("note"))
    painter.setPen(theme.text3)
    count = " / ".join(
        f"{each:,}" if lane.total < MOST_WHOLE else short_count(each) for each in (lane.shown, lane.total)
    )
    high = px(20)
    if lane.kind is not None and (lane.hidden or hovered):
        icon = look.pixmap("eye-off" if lane.hidden else "eye", "text3", 14)
        side = icon.width() / icon.devicePixelRatio()
        painter.drawPixmap(QPointF(round(right - side), round(y - side / 2)), icon)
    else:
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, y - high / 2, right, high), align, count)
    font = theme.font("label")
    painter.setFont(font)
    painter.setPen(theme.text3 if lane.hidden else theme.text)
    room = right - px(NAME_AT) - QFontMetrics(theme.font("note")).horizontalAdvance(count) - px(8)
    name = QFontMetrics(font).elidedText(lane.name, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(px(NAME_AT), y - high / 2, room, high), Qt.AlignmentFlag.AlignVCenter, name)

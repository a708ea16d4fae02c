"""Paints the column at the left of the lanes: chevron, sign, name and how many events are shown of how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from viewer.look.theme import ThemeManager
from viewer.look.tokens import Theme, mix
from viewer.models.wording import short_count
from viewer.views.timeline.items import LanePainter
from viewer.views.timeline.lane_model import Lane, Layout, Metrics
from viewer.views.timeline.lanes import AWAY
from viewer.views.timeline.pictures import Viewport

LEFT_WIDTH: Final = 240
"""Width of the headers of lanes, ruler and overview, whatever the width of the panel above."""
LEFT_MARGIN: Final = 16
RIGHT_MARGIN: Final = 14
CHEVRON_TO: Final = 19
"""So far from the left a click collapses a lane or expands it."""
CHEVRON_AT: Final = 10
SIGN_AT: Final = 26
NAME_AT: Final = 40
MOST_WHOLE: Final = 10_000
"""From so many events on a lane counts them in thousands."""


def lane_name(lane: Lane) -> str:
    """A lane as a screen reader says it."""
    if lane.key == AWAY:
        return lane.name
    state = ["off" if lane.hidden else "on", *(["collapsed"] if lane.collapsed else [])]
    return f"{lane.name} lane, {lane.shown:,} of {lane.total:,} shown, {', '.join(state)}"


def chevron_name(lane: Lane) -> str:
    """What the chevron of a lane does."""
    return f"{'Expand' if lane.collapsed else 'Collapse'} {lane.name}"


def lane_tip(lane: Lane) -> str:
    """What a click on the header does."""
    if lane.key == AWAY:
        return "Show all lanes"
    if lane.hidden:
        return f"Show {lane.name}"
    first = f"Hide {lane.name}\nRight click: more" if lane.switchable else "Events without a kind"
    return f"{first}\nDrag, or Alt+Up and Alt+Down: move it" if lane.movable else first


def has_chevron(lane: Lane) -> bool:
    """Whether a lane can be collapsed or expanded where it stands."""
    return not lane.hidden


def header_middle(lane: Lane, metrics: Metrics) -> float:
    """How far below a lane's top its name stands (px)."""
    return (lane.height - 1 if lane.thin else metrics.pad + metrics.row) / 2


def pinned(lane: Lane, scroll: int, high: float) -> float:
    """Where the line with a lane's name begins (px), ``high`` px of it: in view as long as its lane is."""
    top = lane.top - scroll
    return min(max(top, 0.0), top + lane.height - high)


def paint_headers(
    painter: QPainter,
    look: ThemeManager,
    lanes: LanePainter,
    layout: Layout,
    metrics: Metrics,
    column: Viewport,
    *,
    hovered: int | None,
) -> None:
    """Draw the headers of the lanes that are in view of the ``column``, ``hovered`` marked."""
    theme, width, height, scroll = look.theme, column.width, column.height, column.scroll
    painter.fillRect(0, 0, width, height, theme.surface)
    brief = is_brief(look, layout.lanes, width)
    for at, lane in enumerate(layout.lanes):
        top = lane.top - scroll
        if top + lane.height < 0 or top > height:
            continue
        ground = lanes.ground_of(at, lane)
        if at == hovered:
            ground = mix(ground, theme.hover, 0.8)
        painter.fillRect(QRectF(0, top, width, lane.height), ground)
        painter.fillRect(QRectF(0, top + lane.height - 1, width, 1), mix(theme.surface, theme.border, 0.62))
        first = header_middle(lane, metrics)
        middle = pinned(lane, scroll, 2 * first) + first
        if middle + metrics.row / 2 <= height:
            _paint_header(painter, look, lane, middle, width, hovered=at == hovered, brief=brief)
    painter.fillRect(width - 1, 0, 1, height, theme.border)


def is_brief(look: ThemeManager, lanes: Sequence[Lane], width: int) -> bool:
    """Whether names would be cut that are whole where lanes of which all is shown say one number instead of two."""
    metrics = QFontMetrics(look.theme.font("label"))
    whole = (lane for lane in lanes if lane.shown == lane.total)
    return any(metrics.horizontalAdvance(lane.name) > name_room(look.theme, width, count_words(lane)) for lane in whole)


def count_words(lane: Lane, *, brief: bool = False) -> str:
    """How many events of a lane are shown of how many; ``brief``: one number where these are the same."""
    both = [f"{each:,}" if lane.total < MOST_WHOLE else short_count(each) for each in (lane.shown, lane.total)]
    return both[0] if brief and lane.shown == lane.total else " / ".join(both)


def name_room(theme: Theme, width: int, count: str) -> int:
    """How wide a name may be beside a count (px)."""
    taken = QFontMetrics(theme.font("note")).horizontalAdvance(count)
    return width - theme.px(RIGHT_MARGIN) - theme.px(NAME_AT) - theme.px(8) - taken


def _paint_header(
    painter: QPainter, look: ThemeManager, lane: Lane, y: float, width: int, *, hovered: bool, brief: bool
) -> None:
    theme = look.theme
    px = theme.px
    if has_chevron(lane):
        _paint_icon(painter, look, "chevron-right" if lane.collapsed else "chevron-down", px(CHEVRON_AT), y, 12)
    _paint_sign(painter, look, lane, px(SIGN_AT), y)
    right = width - px(RIGHT_MARGIN)
    painter.setFont(theme.font("note"))
    painter.setPen(theme.text3)
    count = count_words(lane, brief=brief)
    high = px(20)
    if lane.hidden or (hovered and lane.switchable):
        _paint_icon(painter, look, "eye-off" if lane.hidden else "eye", right - px(7), y, 14)
    else:
        align = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, y - high / 2, right, high), align, count)
    painter.setFont(theme.font("label"))
    painter.setPen(theme.text3 if lane.hidden else theme.text)
    room = name_room(theme, width, count)
    name = painter.fontMetrics().elidedText(lane.name, Qt.TextElideMode.ElideRight, room)
    left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
    painter.drawText(QRectF(px(NAME_AT), y - high / 2, room, high), left, name)


def _paint_sign(painter: QPainter, look: ThemeManager, lane: Lane, x: float, y: float) -> None:
    """The mark or icon before a lane's name, pale where the lane is hidden."""
    theme, sign = look.theme, lane.sign
    painter.setOpacity(0.45 if lane.hidden else 1.0)
    if sign.icon:
        _paint_icon(painter, look, sign.icon, x, y, 13, "text2")
    else:
        mark = look.mark(
            sign.shape, sign.status, theme.pick(sign.light, sign.dark, "text2"), 6.0 * theme.scale, halo=False
        )
        look.marks.draw(painter, QPointF(x, y), mark)
    painter.setOpacity(1.0)


def _paint_icon(
    painter: QPainter, look: ThemeManager, icon: str, x: float, y: float, size: int, role: str = "text3"
) -> None:
    """An icon with its middle at a point."""
    pixmap = look.pixmap(icon, role, size)
    side = pixmap.width() / pixmap.devicePixelRatio()
    painter.drawPixmap(QPointF(round(x - side / 2), round(y - side / 2)), pixmap)

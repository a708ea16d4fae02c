"""The lanes in words: for assistive technology, and as tooltips."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAccessible

from db.timewords import show_instant
from viewer.core.sentences import event_sentence
from viewer.views.timeline.headers import chevron_name, has_chevron, lane_name, lane_tip
from viewer.views.timeline.lane_focus import LaneFocus
from viewer.views.timeline.lane_model import Item, Layout
from viewer.views.timeline.lane_sight import ORIGIN, LaneSight
from viewer.views.timeline.packing import NOWHERE
from viewer.widgets.accessible import PaintedChild


def lane_children(sight: LaneSight, focus: LaneFocus) -> list[PaintedChild]:
    """The headers with their chevrons, each followed by the events of its lane that can be told apart."""
    layout = sight.layout_now()
    children = []
    for at, lane in enumerate(layout.lanes):
        here = at == focus.lane and focus.row is None
        switch = partial(sight.switch_lane, at, solo=False)
        children.append(
            PaintedChild(lane_name(lane), sight.header_rect(at), switch, QAccessible.Role.CheckBox, focused=here)
        )
        if has_chevron(lane):
            fold = partial(sight.fold_lane, at)
            children.append(PaintedChild(chevron_name(lane), sight.chevron_rect(at), fold, QAccessible.Role.Button))
        children += [_child(sight, focus, item) for item in layout.items if item.lane == at and _is_seen(item, layout)]
    return children


def _is_seen(item: Item, layout: Layout) -> bool:
    """Whether some of it lies in the window; what has no mark there has its band."""
    return item.mark_left == NOWHERE or (item.right > 0 and item.left < layout.scale.width)


def _child(sight: LaneSight, focus: LaneFocus, item: Item) -> PaintedChild:
    ref = sight.desk.data.row_ref(item.row)
    return PaintedChild(
        event_sentence(sight.desk, item.row),
        sight.item_rect(item),
        partial(sight.desk.commands.select, (ref,), ORIGIN),
        selected=item.selected,
        focused=item.row == focus.row and item.lane == focus.lane,
    )


def tip_at(sight: LaneSight, at: QPoint) -> str:
    """What the pointer is on, in words: a header, an event with its date, a column with its count; else nothing."""
    layout = sight.layout_now()
    number = layout.lane_at(at.y() + sight.offset)
    lane = layout.lanes[number] if number is not None else None
    if at.x() < sight.left:
        if lane is None:
            return ""
        return chevron_name(lane) if sight.chevron_at(QPointF(at)) is not None else lane_tip(lane)
    item = sight.item_at(QPointF(at))
    if item is not None:
        return f"{sight.desk.data.title(item.row)}\n{sight.desk.commands.when(item.row)}"
    if lane is None or lane.hidden:
        return ""
    wide = lane.columns.column
    first = (at.x() - sight.left) // wide * wide
    count = lane.columns.between(first, first + wide)
    if not count:
        return ""
    events = "1 event" if count == 1 else f"{count:,} events"
    if chosen := min(lane.chosen.between(first, first + wide), count):
        events += f", {chosen:,} of them selected,"
    return f"{events} about {show_instant(layout.scale.at(first))}\nDouble click: closer"

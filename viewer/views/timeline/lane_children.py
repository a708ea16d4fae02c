"""The lanes in words: for assistive technology, and as tooltips."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAccessible

from db.timewords import show_instant
from viewer.core.sentences import event_sentence
from viewer.views.timeline.bands import COLUMN
from viewer.views.timeline.headers import lane_name, lane_tip
from viewer.views.timeline.lane_model import Item, Layout
from viewer.views.timeline.lane_tools import ORIGIN
from viewer.views.timeline.packing import NOWHERE
from viewer.widgets.accessible import PaintedChild

if TYPE_CHECKING:
    from viewer.views.timeline.lane_view import LaneView


def lane_children(view: LaneView) -> list[PaintedChild]:
    """The headers, each followed by the events of its lane that can be told apart."""
    layout = view.layout_now()
    children = []
    for at, lane in enumerate(layout.lanes):
        here = at == view.focus.lane and view.focus.row is None
        switch = partial(view.switch_lane, at, solo=False)
        children.append(
            PaintedChild(lane_name(lane), view.header_rect(at), switch, QAccessible.Role.CheckBox, focused=here)
        )
        children += [_child(view, item) for item in layout.items if item.lane == at and _is_seen(item, layout)]
    return children


def _is_seen(item: Item, layout: Layout) -> bool:
    """Whether some of it lies in the window; what has no mark there has its band."""
    return item.mark_left == NOWHERE or (item.right > 0 and item.left < layout.scale.width)


def _child(view: LaneView, item: Item) -> PaintedChild:
    ref = view.desk.data.row_ref(item.row)
    return PaintedChild(
        event_sentence(view.desk, item.row),
        view.item_rect(item),
        partial(view.desk.commands.select, (ref,), ORIGIN),
        selected=item.selected,
        focused=item.row == view.focus.row,
    )


def tip_at(view: LaneView, at: QPoint) -> str:
    """What the pointer is on, in words: a header, an event with its date, a column with its count; else nothing."""
    layout = view.layout_now()
    number = layout.lane_at(at.y() + view.offset)
    lane = layout.lanes[number] if number is not None else None
    if at.x() < view.left:
        return lane_tip(lane) if lane is not None else ""
    item = view.item_at(QPointF(at))
    if item is not None:
        return f"{view.desk.data.title(item.row)}\n{view.desk.commands.when(item.row)}"
    if lane is None or lane.hidden:
        return ""
    first = (at.x() - view.left) // COLUMN * COLUMN
    count = int(np.count_nonzero((lane.columns >= first) & (lane.columns < first + COLUMN)))
    if not count:
        return ""
    events = "1 event" if count == 1 else f"{count:,} events"
    return f"{events} about {show_instant(layout.scale.at(first))}\nDouble click: closer"

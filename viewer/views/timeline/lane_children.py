"""The lanes in words: what assistive technology finds in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible

from viewer.core.sentences import event_sentence
from viewer.views.timeline.headers import lane_name
from viewer.views.timeline.lane_model import Item
from viewer.views.timeline.lane_tools import ORIGIN
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
        children += [_child(view, item) for item in layout.items if item.lane == at]
    return children


def _child(view: LaneView, item: Item) -> PaintedChild:
    ref = view.desk.data.row_ref(item.row)
    return PaintedChild(
        event_sentence(view.desk, item.row),
        view.item_rect(item),
        partial(view.desk.commands.select, (ref,), ORIGIN),
        selected=item.selected,
        focused=item.row == view.focus.row,
    )

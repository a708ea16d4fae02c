"""The lanes in words: what assistive technology finds in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAccessible

from db.queries import STATUS_CODES
from viewer.views.timeline.headers import lane_name
from viewer.views.timeline.lane_model import Item
from viewer.views.timeline.lane_tools import ORIGIN
from viewer.widgets.accessible import PaintedChild

if TYPE_CHECKING:
    from viewer.views.timeline.lane_view import LaneView

_STATUS_WORDS: Final = {"occurred": "reported"}


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
        sentence(view, item),
        view.item_rect(item),
        partial(view.desk.commands.select, (ref,), ORIGIN),
        selected=item.selected,
        focused=item.row == view.focus.row,
    )


def sentence(view: LaneView, item: Item) -> str:
    """An event in words: kind, title, date, status, and whether its claims disagree."""
    data = view.desk.data
    status = STATUS_CODES[int(data.index.columns.status[item.row])].value
    parts = [
        view.layout_now().lanes[item.lane].name,
        data.title(item.row),
        view.desk.commands.when(item.row),
        _STATUS_WORDS.get(status, status),
    ]
    if item.disagrees:
        parts.append("claims disagree")
    return ", ".join(parts)

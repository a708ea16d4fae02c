"""The mark of an event for lists, cards and chips: the same shape, colour and filling as on map and lanes."""

from __future__ import annotations

from collections.abc import Callable

from db.queries import STATUS_CODES, KindRow
from db.values import Status
from viewer.core.data import ProjectData
from viewer.look.marks import MarkLook
from viewer.look.theme import ThemeManager

LIST_RADIUS = 5.0
"""In px at scale 1."""


def event_mark(
    kind: KindRow | None, status: Status, *, supported: bool = True, radius: float = LIST_RADIUS
) -> Callable[[ThemeManager], MarkLook]:
    """Makes the mark of an event of a kind and status anew for each theme."""

    def make(look: ThemeManager) -> MarkLook:
        theme = look.theme
        color = theme.pick(kind.light, kind.dark) if kind else theme.color("text3")
        shape = kind.shape if kind else "circle"
        return look.mark(shape, status, color, radius * theme.scale, supported=supported, halo=False)

    return make


def row_mark(data: ProjectData, row: int, radius: float = LIST_RADIUS) -> Callable[[ThemeManager], MarkLook]:
    """The mark of the event in a row of the index."""
    columns = data.index.columns
    kind = data.loaded.kinds.get(int(columns.kind[row]))
    return event_mark(kind, STATUS_CODES[columns.status[row]], supported=bool(columns.supported[row]), radius=radius)

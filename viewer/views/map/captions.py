"""What the map says of events in its card, tooltips and lists."""

from __future__ import annotations

import numpy as np

from viewer.core.counts import Rows
from viewer.core.desk import Desk
from viewer.core.sentences import disagreement
from viewer.models.wording import count
from viewer.views.map.items import Age
from viewer.views.map.looks import Looks
from viewer.views.map.overlays.callout import Callout


def callout_for(desk: Desk, looks: Looks, *, small: bool = False) -> tuple[Callout | None, int | None]:
    """The card of the current event and its row; None and None without one. ``small``: for a small map."""
    row = desk.data.row(desk.state.view.current)
    if row is None:
        return None, None
    columns = desk.data.index.columns
    chip = disagreement(int(columns.claims[row])).replace("two", "2") if columns.disagrees[row] else ""
    mark = looks.mark(row, Age.OLDER)
    return Callout(mark, desk.data.title(row), desk.commands.when(row), chip[:1].upper() + chip[1:], small), row


def tip_for(desk: Desk, row: int, here: int) -> str:
    """The tooltip of a mark with ``here`` events, ``row`` on top."""
    text = f"{desk.data.title(row)}\n{desk.commands.when(row)}"
    return text + (f"\nand {count(here - 1, 'other event')} here" if here > 1 else "")


def heading_for(desk: Desk, rows: Rows) -> str:
    """The heading of a stack's list: "3 events at Mosul", or near it when there are other places among them."""
    ids, counts = np.unique(desk.data.index.columns.place[rows], return_counts=True)
    place = desk.data.loaded.places.get(int(ids[np.argmax(counts)]))
    if place is None:
        return f"{count(len(rows), 'event')} here"
    return f"{count(len(rows), 'event')} {'at' if len(ids) == 1 else 'at and near'} {place.name}"

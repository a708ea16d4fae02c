"""Why nothing is on the map, in a sentence, and what can be done about it."""

from __future__ import annotations

from viewer.core.desk import Desk
from viewer.core.index import Moment
from viewer.models.hidden import reasons
from viewer.models.wording import count
from viewer.views.map.overlays.notice import Notice, Offer


def notice_for(desk: Desk, moment: Moment) -> Notice | None:
    """What to say when the map is empty at ``moment``; None while something is on it."""
    data, index = desk.data, desk.data.index
    filters = desk.state.view.filters
    if data.loaded.total_events == 0:
        sources = len(data.loaded.sources)
        if not sources:
            return Notice("Nothing here yet. Import a text or a table of events to begin.")
        which, them = ("Its source", "it") if sources == 1 else (f"Its {sources:,} sources", "them")
        return Notice("No events yet.", f"{which} can be read.\nThis version cannot make events from {them}.")
    if not index.shown_count:
        hidden = data.loaded.total_events
        if not filters.count:
            return Notice("No event has a claim to show.")
        verb = "is" if hidden == 1 else "are"
        text = f"No events match. {hidden:,} {verb} hidden by {count(filters.count, 'filter')}."
        detail = reasons(data, filters)
        offer = Offer("Clear filters", desk.commands.clear_filters)
        return Notice(text, detail[:1].upper() + detail[1:] + ".", (offer,))
    if not moment.empty:
        return None
    placed = index.shown & index.mapped & index.columns.dated
    if not placed.any():
        return Notice("None of the events shown has both a date and a place.", "The lanes and the table have them.")
    best = index.columns.best[placed]
    cursor = desk.state.view.time_cursor
    before, after = best[best < cursor], best[best > cursor]
    ways: list[Offer] = []
    if len(before):
        last = int(before.max())
        ways.append(Offer(f"{len(before)} earlier", lambda: desk.commands.go_to(last)))
    if len(after):
        first = int(after.min())
        ways.append(Offer(f"{len(after)} later", lambda: desk.commands.go_to(first)))
    return Notice("Nothing is on the map at this date.", offers=tuple(ways))

"""The dates of events as entered: what stands beside the bounds in the columns."""

from __future__ import annotations

import sqlite3

from db.displayed import displayed_events, events_of_sources


def event_dates(con: sqlite3.Connection, hidden_sources: frozenset[int] = frozenset()) -> dict[int, str]:
    """Displayed EDTF text by event id; undated events and those that are not displayed are left out."""
    sql = "SELECT id, edtf FROM event WHERE claim_count > 0 AND edtf IS NOT NULL"
    dates: dict[int, str] = dict(con.execute(sql).fetchall())
    if not hidden_sources:
        return dates
    affected = events_of_sources(con, hidden_sources)
    shown = displayed_events(con, affected, hidden_sources)
    for event_id in affected:
        event = shown.get(event_id)
        if event is None or event.when is None:
            dates.pop(event_id, None)
        else:
            dates[event_id] = event.when.edtf
    return dates

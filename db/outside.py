"""What another program has done to the file, found by comparing it with the journal, and taken over as one step.

The journal's last image of a row is what Dateline left; a row that differs was changed outside. What was done to
claims, places and sources stands as it is. The displayed columns of an event are made from its claims: where one of
them was edited, a decision is recorded, so that the edit holds.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlmodel import Session

from db import edits, edtf
from db.bulk import imageless
from db.displayed import DERIVED_COLUMNS, derived_values, displayed_events, span_columns, status_of, underived
from db.errors import EnvironmentFault
from db.geometry import marker_point
from db.journal import COLUMNS_KEY, TRACKED, Tracked
from db.safety import is_known_trigger
from db.tables import Claim, Event
from db.uid import new_uid
from db.values import Shape, Status, TimeSpan

LABEL: Final = "Edited outside"
ADOPTED_KEY: Final = "adopted"
"""Where in app_meta the number of the last step stands that took over what another program had written: of rows that
have no image it leaves no entry.
"""
_AT_ONCE: Final = 10_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def drop_foreign_indexes(con: sqlite3.Connection) -> None:
    """Take off our tables the spatial indexes and counters that other programs keep by triggers.

    Plain SQLite lacks the functions that they call, and without them they would go stale. Within a transaction, before
    anything else is written: so no such trigger ever fires.
    """
    rows = con.execute("SELECT type, name, tbl_name FROM main.sqlite_master").fetchall()
    for kind, name, table in rows:
        if kind == "trigger" and table in TRACKED and is_known_trigger(name, table):
            con.execute(f'DROP TRIGGER main."{name}"')
    tables = {name for kind, name, _table in rows if kind == "table"}
    if "rtree_place_geom" in tables:
        con.execute("DROP TABLE main.rtree_place_geom")
        con.execute("DELETE FROM gpkg_extensions WHERE table_name = 'place' AND extension_name = 'gpkg_rtree_index'")
    if "gpkg_ogr_contents" in tables:
        marks = ",".join("?" * len(TRACKED))
        con.execute(f"UPDATE gpkg_ogr_contents SET feature_count = NULL WHERE table_name IN ({marks})", TRACKED)


def fit_images(con: sqlite3.Connection, step_id: int, tracked: dict[str, Tracked]) -> None:
    """Bring the stored row images to the present columns, where another program has added some.

    Columns without a default are NULL in every old row. Images that cannot be brought along give way to one of every
    row as it is now, and undo does not go beyond them.
    """
    stored = con.execute("SELECT value FROM app_meta WHERE key = ?", (COLUMNS_KEY,)).fetchone()
    old: dict[str, list[str]] = {} if stored is None else json.loads(stored[0])
    for name, table in tracked.items():
        columns = tuple(old.get(name, ()))
        if columns == table.columns:
            continue
        defaults = {row[1]: row[4] for row in con.execute(f'PRAGMA main.table_info("{name}")').fetchall()}
        added = table.columns[len(columns) :]
        if columns and columns == table.columns[: len(columns)] and all(defaults[each] is None for each in added):
            tail = ",NULL" * len(added)
            con.execute(
                "UPDATE journal SET before = before || ?, after = after || ? WHERE table_name = ?", (tail, tail, name)
            )
        else:
            con.execute("DELETE FROM journal WHERE table_name = ?", (name,))
            baseline(con, step_id, table)
            con.execute(
                "INSERT OR REPLACE INTO app_meta (key, value) SELECT 'undo_floor', coalesce(max(id), 0) FROM step"
            )
    put_columns(con, tracked.values())


def baseline(con: sqlite3.Connection, step_id: int, table: Tracked) -> None:
    """Write an image of every row as it is, so that later changes by other programs show."""
    con.execute(
        "INSERT INTO journal (step_id, table_name, row_id, before, after) "
        f'SELECT ?, ?, id, i, i FROM (SELECT id, {table.image("t")} AS i FROM main."{table.name}" AS t)',
        (step_id, table.name),
    )


def put_columns(con: sqlite3.Connection, tracked: Iterable[Tracked]) -> None:
    """Note the columns of the journalled tables, to see later whether another program has added some."""
    text = json.dumps({table.name: table.columns for table in tracked})
    con.execute("INSERT OR REPLACE INTO app_meta (key, value) VALUES (?, ?)", (COLUMNS_KEY, text))


def adopt(con: sqlite3.Connection, session: Session, step_id: int, tracked: dict[str, Tracked]) -> None:
    """Within a step: record what differs from the journal, mend what no longer fits together, keep edits of events."""
    fit_images(con, step_id, tracked)
    con.execute("INSERT OR REPLACE INTO app_meta (key, value) VALUES (?, ?)", (ADOPTED_KEY, str(step_id)))
    changed = {name: _record(con, step_id, table) for name, table in tracked.items()}
    _mend_references(con)
    for name in tracked:
        _name_rows(con, name, changed[name])
    _fit_places(con, changed["place"])
    adopted = _adopt_new_events(con, session, changed["event"])
    _keep_edits(con, session, _moved_events(con, changed) | adopted)


def _record(con: sqlite3.Connection, step_id: int, table: Tracked) -> set[int]:
    """Write a journal entry for every row that is not as the journal left it; answers the ids of those still there."""
    last = dict(
        con.execute(
            "SELECT row_id, after FROM journal WHERE id IN "
            "(SELECT max(id) FROM journal WHERE table_name = ? GROUP BY row_id)",
            (table.name,),
        ).fetchall()
    )
    # Rows of a bulk step have no image to be compared with: they are taken as they are.
    sql = f'SELECT id, {table.image("t")} FROM main."{table.name}" AS t WHERE NOT {imageless(con, table.name)}'
    now = dict(con.execute(sql).fetchall())
    entries = [
        (step_id, table.name, row_id, last.get(row_id), image)
        for row_id, image in now.items()
        if last.get(row_id) != image
    ]
    entries += [
        (step_id, table.name, row_id, image, None)
        for row_id, image in last.items()
        if image is not None and row_id not in now
    ]
    con.executemany("INSERT INTO journal (step_id, table_name, row_id, before, after) VALUES (?, ?, ?, ?, ?)", entries)
    return {entry[2] for entry in entries if entry[4] is not None}


def _mend_references(con: sqlite3.Connection) -> None:
    """Do for rows that were deleted outside what a foreign key does: delete with them, or let go."""
    for _round in range(20):
        broken = con.execute("PRAGMA main.foreign_key_check").fetchall()
        ours = [row for row in broken if row[1] is not None]
        if not ours:
            return
        for table, row_id, _parent, number in ours:
            keys = con.execute(f'PRAGMA main.foreign_key_list("{table}")').fetchall()
            column, action = next((key[3], key[6]) for key in keys if key[0] == number)
            if action == "CASCADE":
                con.execute(f'DELETE FROM main."{table}" WHERE id = ?', (row_id,))
            else:
                con.execute(f'UPDATE main."{table}" SET "{column}" = NULL WHERE id = ?', (row_id,))
    raise EnvironmentFault("Another program has left rows that do not fit together. Nothing was changed.")


def _name_rows(con: sqlite3.Connection, table: str, ids: set[int]) -> None:
    """Give rows added outside a proper uid: the default of the schema is a random one of another form."""
    columns = {row[1] for row in con.execute(f'PRAGMA main.table_info("{table}")').fetchall()}
    if "uid" in columns:
        con.executemany(
            f'UPDATE main."{table}" SET uid = ? WHERE id = ? AND length(uid) <> 36',
            [(new_uid(), row_id) for row_id in sorted(ids)],
        )


def _fit_places(con: sqlite3.Connection, ids: set[int]) -> None:
    """A place that was given a polygon is an area, one that was given a point no longer."""
    for row_id in sorted(ids):
        row = con.execute("SELECT geom, kind FROM place WHERE id = ?", (row_id,)).fetchone()
        point = None if row is None else marker_point(row[0])
        if point is not None and row[1] in ("point", "area"):
            kind = "area" if point[2] else "point"
            con.execute("UPDATE place SET kind = ? WHERE id = ? AND kind <> ?", (kind, row_id, kind))


def _adopt_new_events(con: sqlite3.Connection, session: Session, ids: set[int]) -> set[int]:
    """Give each event added outside, which has no claim, a claim of the analyst's own with its values."""
    adopted = set()
    for row_id in sorted(ids):
        if con.execute("SELECT 1 FROM claim WHERE event_id = ?", (row_id,)).fetchone() is not None:
            continue
        event = session.get(Event, row_id)
        if event is None or not (event.title or event.edtf or event.place_id):
            continue
        session.refresh(event)
        claim = Claim(event_id=row_id, title=event.title, summary=event.summary, place_id=event.place_id)
        claim.status = status_of(event.status).value
        span = _span(event.edtf, event.begins, event.ends, None)
        if span is not None:
            claim.edtf, claim.time_shape = span.edtf, span.shape.value
            for name, value in span_columns(span).items():
                setattr(claim, name, value)
        session.add(claim)
        adopted.add(row_id)
    session.flush()
    return adopted


def _moved_events(con: sqlite3.Connection, changed: dict[str, set[int]]) -> set[int]:
    """Events whose claims, decisions, sources, kinds or places were changed: their columns are behind, not edited."""
    moved: set[int] = set()
    questions = {
        "claim": "SELECT event_id FROM claim WHERE id = ?",
        "decision": "SELECT event_id FROM decision WHERE id = ?",
        "source": "SELECT event_id FROM claim WHERE source_id = ?",
        "kind": "SELECT id FROM event WHERE kind_id = ?",
    }
    for table, sql in questions.items():
        for row_id in changed[table]:
            moved.update(row[0] for row in con.execute(sql, (row_id,)).fetchall())
    moved.update(row[0] for row in con.execute("SELECT DISTINCT event_id FROM touched").fetchall())
    return moved


def _keep_edits(con: sqlite3.Connection, session: Session, moved: set[int]) -> None:
    """Record a decision for each displayed value that differs from what the claims give."""
    ids = [each for each in underived(con) if each not in moved]
    for start in range(0, len(ids), _AT_ONCE):  # a million of them fill the memory
        _keep_edits_of(con, session, _stored(con, ids[start : start + _AT_ONCE]))


def _stored(con: sqlite3.Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The derived columns of events by id."""
    columns = ", ".join(DERIVED_COLUMNS)
    sql = f"SELECT id, {columns} FROM event WHERE id IN ({','.join(map(str, ids))})"
    return {row[0]: dict(zip(DERIVED_COLUMNS, row[1:], strict=True)) for row in con.execute(sql).fetchall()}


def _keep_edits_of(con: sqlite3.Connection, session: Session, stored: dict[int, dict[str, Any]]) -> None:
    shown = displayed_events(con, stored)
    for event_id, event in shown.items():
        made = dict(zip(DERIVED_COLUMNS, derived_values(event), strict=True))
        found = stored[event_id]
        different = {name for name in DERIVED_COLUMNS if found[name] != made[name]}
        if different:
            _keep(session, event_id, found, different, event.when)


def _keep(session: Session, event_id: int, found: dict[str, Any], different: set[str], when: TimeSpan | None) -> None:
    if "title" in different and (found["title"] or "").strip():
        edits.set_event_title(session, event_id, found["title"])
    if "summary" in different and (found["summary"] or "").strip():
        edits.set_event_summary(session, event_id, found["summary"])
    if "status" in different and found["status"] in set(Status):
        edits.set_event_status(session, event_id, Status(found["status"]))
    if "place_id" in different and found["place_id"] is not None:
        edits.set_event_place(session, event_id, found["place_id"])
    span = None
    if "edtf" in different:
        span = _span(found["edtf"], None, None, when)
    elif different & {"begins", "ends"}:
        span = _span(None, found["begins"], found["ends"], when)
    if span is not None:
        edits.set_event_date(session, event_id, span)


def _span(text: str | None, begins: str | None, ends: str | None, when: TimeSpan | None) -> TimeSpan | None:
    """The date in an event's columns as another program left them; None when there is none that can be understood."""
    shape = Shape.MOMENT if when is None else when.shape
    try:
        if text and text.strip():
            return edtf.parse(text, shape)
        if begins or ends:
            first = _instant(begins or ends)
            return edtf.enclosing(first, max(first, _instant(ends or begins)), shape)
    except (EnvironmentFault, ValueError):
        return None
    return None


def _instant(text: str | None) -> int:
    """Milliseconds of a DATETIME of a GeoPackage. Raises ValueError."""
    moment = datetime.fromisoformat(text or "")
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return (moment - _EPOCH) // (_EPOCH.resolution * 1000)


def all_rows(con: sqlite3.Connection, tracked: Iterable[Tracked]) -> dict[str, frozenset[int]]:
    """All row ids, for a Change that may have touched everything."""
    found: dict[str, set[int]] = defaultdict(set)
    for table in tracked:
        found[table.name] = {row[0] for row in con.execute(f'SELECT id FROM main."{table.name}"').fetchall()}
    return {name: frozenset(ids) for name, ids in found.items() if ids}

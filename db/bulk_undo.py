"""Undoing a bulk step: its rows go, those that somebody has worked on since stay and are named.

A row that was changed since, or that a row from elsewhere points at, keeps what came with it: event, claim and quote,
and the place, kind, actors, document and source that they need.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from db import journal, search
from db.bulk import MANY, RECORD, SHARED, Bulk, Ranges, Record, Segments, delete, record_of
from db.change import Change
from db.history import StepHead
from db.importers.tables import again, replaced
from db.journal import TRACKED
from db.outside import ADOPTED_KEY
from db.outside import LABEL as OUTSIDE

_NAMED: Final = 3


def undo(bulk: Bulk, record: Record, target: StepHead) -> Change | None:
    """Take away what a bulk step brought, in a step of its own; or bring back what such a step took away.

    With the first commit nothing of it shows any more; what is left then is swept away by parts. Raises
    EnvironmentFault as ``journal.check_untouched`` and ``again.redo``.
    """
    con, tracked = bulk.con, dict(bulk.tracked)
    changes = [each for each in journal.entries(con, target.first_entry or 0, target.entries) if each.table != RECORD]
    if record.removed:
        return again.redo(bulk, record, changes, target)
    last_entry = (target.first_entry or 0) + target.entries - 1
    places = frozenset(each.row_id for each in changes if each.table == "place")
    by_others = _changed_outside(con, record, target, places)
    with bulk.closing_step() as close:
        decided = {each.row_id for each in changes if each.table == "decision"}
        kept = _whole(con, _touched(con, record, last_entry, decided) | by_others, record)
        stay_away = {old for new, old, _uid in replaced.replaced_by(con, record) if new in kept}
        con.execute("CREATE TEMP TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY)")
        con.execute("DELETE FROM temp.kept")
        con.executemany("INSERT INTO temp.kept VALUES (?)", [(each,) for each in sorted(kept)])
        note = _sentence(max(len(kept) - _beside(con), bool(kept)), _titles(con, kept))
        ranges = _without_kept(con, record.ranges, kept)
        for first, last in ranges.get("event", []):
            search.remove_range(con, "event", first, last)
            delete(con, "event", first, last)
        needed = {table: _needed(con, table, ranges) for table in ("place", "actor", "kind", "document", "source")}
        needed["decision"] = _decided(con, decided)
        going = [each for each in changes if each.row_id not in needed.get(each.table, ())]
        going = replaced.without(going, stay_away, tracked["claim_actor"].columns.index("claim_id"))
        journal.check_untouched(con, going, tracked, target.label)
        with bulk.watched():
            journal.revert(con, going, tracked)
        rest = {name: segments for name, segments in ranges.items() if name != "event" and segments}
        bulk.sweep_later(rest)
        close(Record(record.ranges, {**record.about, "kept": len(kept)}, removed=True), note)
    bulk.finish_sweeping(rest)
    return bulk.change


def worked_on(con: sqlite3.Connection, document_id: int) -> set[int] | None:
    """Numbers of the rows of a table that are no longer as they came, or that something else points at; None where its
    import is not known. Raises EnvironmentFault when the table cannot be read and another program has changed rows.
    """
    found = con.execute(
        "SELECT s.id, s.label, s.undoes_id, s.first_entry, s.entries FROM journal AS j JOIN step AS s "
        "ON s.id = j.step_id JOIN document AS d ON d.uid = json_extract(j.after, '$.about.document') "
        "WHERE j.table_name = ? AND d.id = ? ORDER BY s.id DESC LIMIT 1",
        (RECORD, document_id),
    ).fetchone()
    step = None if found is None else StepHead(*found)
    record = None if step is None else record_of(con, step.first_entry or 0, step.entries)
    if step is None or record is None:
        return None
    changes = journal.entries(con, step.first_entry or 0, step.entries)
    places = frozenset(each.row_id for each in changes if each.table == "place")
    last_entry = (step.first_entry or 0) + step.entries - 1
    return _touched(con, record, last_entry, set()) | _changed_outside(con, record, step, places)


def _changed_outside(con: sqlite3.Connection, record: Record, target: StepHead, places: frozenset[int]) -> set[int]:
    """Rows that another program has changed since: they have no image, so they are compared with the kept table."""
    sql = (
        "SELECT 1 FROM step WHERE id > ?1 AND label = ?2 AND undoes_id IS NULL "
        "UNION ALL SELECT 1 FROM app_meta WHERE key = ?3 AND CAST(value AS INTEGER) > ?1"
    )
    if con.execute(sql, (target.id, OUTSIDE, ADOPTED_KEY)).fetchone() is None:
        return set()
    return again.changed_rows(con, record, places)


def _whole(con: sqlite3.Connection, kept: set[int], record: Record) -> set[int]:
    """With each number those of the other claims of its event that came along: of several in one row the event has the
    first's.
    """
    if not kept:
        return kept
    con.execute("CREATE TEMP TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY)")
    con.execute("DELETE FROM temp.kept")
    con.executemany("INSERT INTO temp.kept VALUES (?)", [(each,) for each in kept])
    sql = (
        "SELECT c.event_id, o.id FROM temp.kept AS k JOIN claim AS c ON c.id = k.id "
        "JOIN claim AS o ON o.event_id = c.event_id UNION "
        "SELECT c.event_id, c.id FROM temp.kept AS k JOIN claim AS c ON c.event_id = k.id"
    )
    beside = {each for row in con.execute(sql).fetchall() for each in row}
    ranges = record.ranges.get("claim", [])
    return kept | {each for each in beside if any(first <= each <= last for first, last in ranges)}


def _beside(con: sqlite3.Connection) -> int:
    """How many of the numbers that are kept are not of an event: those of its second claim and further ones."""
    sql = "SELECT count(*) FROM temp.kept AS k JOIN claim AS c ON c.id = k.id WHERE c.event_id <> c.id"
    return int(con.execute(sql).fetchone()[0])


def _decided(con: sqlite3.Connection, decided: Iterable[int]) -> set[int]:
    """Those of some decisions that are on events that are kept."""
    sql = "SELECT id FROM decision WHERE event_id IN (SELECT id FROM temp.kept)"
    return {row[0] for row in con.execute(sql).fetchall()}.intersection(decided)


def _touched(con: sqlite3.Connection, record: Record, last_entry: int, decided: set[int]) -> set[int]:
    """Numbers of the rows that are no longer as they came, or that others than ``decided`` (decisions) point at."""
    found: set[int] = set()
    for first, last in record.ranges.get("event", []):
        for table in SHARED:
            found |= _changed(con, table, first, last, last_entry)
            found |= _pointed_at(con, table, first, last, record.ranges, decided)
    for first, last in record.ranges.get("claim_actor", []):
        ids = _changed(con, "claim_actor", first, last, last_entry)
        for actor_id in ids:
            row = con.execute("SELECT claim_id FROM claim_actor WHERE id = ?", (actor_id,)).fetchone()
            found |= {row[0]} if row else set()
    return found


def _changed(con: sqlite3.Connection, table: str, first: int, last: int, last_entry: int) -> set[int]:
    """Rows whose images since are not, all in all, what they began with."""
    rows = con.execute(
        "SELECT row_id, before, after FROM journal WHERE id > ? AND table_name = ? AND row_id BETWEEN ? AND ? "
        "ORDER BY id",
        (last_entry, table, first, last),
    ).fetchall()
    began: dict[int, str | None] = {}
    ended: dict[int, str | None] = {}
    for row_id, before, after in rows:
        began.setdefault(row_id, before)
        ended[row_id] = after
    return {row_id for row_id in began if began[row_id] != ended[row_id]}


def _pointed_at(
    con: sqlite3.Connection, table: str, first: int, last: int, ranges: Ranges, decided: set[int]
) -> set[int]:
    """Rows of a table that rows which did not come with them point at."""
    found: set[int] = set()
    for other, column in _references(con, table):
        own = _within(other, ranges)
        sql = f'SELECT DISTINCT "{column}" FROM main."{other}" AS t WHERE "{column}" BETWEEN ? AND ? AND NOT {own}'
        given: tuple[object, ...] = (first, last)
        if other == "decision" and decided:
            sql += " AND t.id NOT IN (SELECT value FROM json_each(?))"
            given = first, last, json.dumps(sorted(decided))
        found |= {row[0] for row in con.execute(sql, given).fetchall()}
    return found


def _needed(con: sqlite3.Connection, table: str, going: Ranges) -> set[int]:
    """Rows of a small table that what stays points at."""
    found: set[int] = set()
    for other, column in _references(con, table):
        if other in ("actor", "document") and column in ("parent_id", "origin_id"):
            continue  # it only lets go of them
        if (table, other) == ("source", "document"):
            stays = "t.id IN (SELECT document_id FROM quote AS q WHERE q.document_id = t.id AND NOT " + _within(
                "quote", going, "q"
            )
            sql = f'SELECT DISTINCT "{column}" FROM main."{other}" AS t WHERE {stays})'
        else:
            own = _within(other, going)
            sql = f'SELECT DISTINCT "{column}" FROM main."{other}" AS t WHERE "{column}" IS NOT NULL AND NOT {own}'
        found |= {row[0] for row in con.execute(sql).fetchall()}
    return found


def _references(con: sqlite3.Connection, parent: str) -> list[tuple[str, str]]:
    """Columns that point at a table: (table, column)."""
    found = []
    for name in TRACKED:
        keys = con.execute(f'PRAGMA main.foreign_key_list("{name}")').fetchall()
        found += [(name, key[3]) for key in keys if key[2] == parent]
    return found


def _within(table: str, ranges: Ranges, alias: str = "t") -> str:
    """SQL that is true of the rows in ranges."""
    segments = ranges.get(table, []) if table in MANY else []
    parts = [f"{alias}.id BETWEEN {int(first)} AND {int(last)}" for first, last in segments]
    return f"({' OR '.join(parts)})" if parts else "(0)"


def _without_kept(con: sqlite3.Connection, ranges: Ranges, kept: set[int]) -> Ranges:
    if not kept:
        return {name: [list(each) for each in segments] for name, segments in ranges.items()}
    actors = con.execute("SELECT id FROM claim_actor WHERE claim_id IN (SELECT id FROM temp.kept)").fetchall()
    stays = {"claim_actor": {row[0] for row in actors}}
    return {name: _split(segments, stays.get(name, kept)) for name, segments in ranges.items()}


def _split(segments: Segments, kept: Iterable[int]) -> Segments:
    """Ranges with single ids taken out."""
    found: Segments = []
    out = sorted(kept)
    for first, last in segments:
        at = first
        for each in out:
            if first <= each <= last:
                if at < each:
                    found.append([at, each - 1])
                at = each + 1
        if at <= last:
            found.append([at, last])
    return found


def _titles(con: sqlite3.Connection, kept: set[int]) -> list[str]:
    rows = con.execute(
        "SELECT title FROM event WHERE id IN (SELECT id FROM temp.kept) ORDER BY id LIMIT ?", (_NAMED,)
    ).fetchall()
    return [str(row[0]) for row in rows if row[0]] if kept else []


def _sentence(count: int, names: Sequence[str]) -> str:
    if not count:
        return ""
    named = ", ".join(f"“{name}”" for name in names)
    more = f" and {count - len(names)} more" if count > len(names) and names else ""
    events = "1 event has" if count == 1 else f"{count:,} events have"
    stay = "stays" if count == 1 else "stay"
    return f"{events} been worked on since and {stay}, with what they rest on: {named}{more}. The rest is gone."

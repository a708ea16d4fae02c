"""SQL of a table on its way in: from the temporary tables to those of the project.

``bulk_row`` holds one part of the rows, ``bulk_actor`` their actors, ``bulk_day`` every date once, ``bulk_event`` what
an event has that its claim has not. The claim and the event of a row show the same: an event with one claim displays
what that claim says (db/derive.py), so its displayed columns are copied; a test compares them with what is derived.
A row with several claims (claims.py) has as many lines in ``bulk_row``: ``place_in`` counts them from 0, and the event
has the number of the first.
The bulk step drops temporary tables whose names begin with ``bulk_``.
"""

from __future__ import annotations

from typing import Final

from db.derive import FALLBACK_KIND

SCRATCH: Final = (
    "CREATE TEMP TABLE bulk_row (id INTEGER PRIMARY KEY, uid, number, hash, title, day, place, kind, said, "
    "credibility, quantity, low, high, what, unit, summary, status, note, tags, own_uid, "
    "place_in, source, document, stance)",
    "CREATE TEMP TABLE bulk_actor (claim, actor)",
    "CREATE TEMP TABLE bulk_day (id INTEGER PRIMARY KEY, edtf, shape, earliest, latest_start, earliest_end, latest, "
    "precision, best, begins, ends)",
    "CREATE TEMP TABLE bulk_event (id INTEGER PRIMARY KEY, kind, day, note, tags, own_uid)",
)

QUOTES: Final = (
    "INSERT INTO quote (id, uid, document_id, selector, row_selector, row_sha256, state) "
    "SELECT id, uid || '2', coalesce(document, ?), 'row', 'row=' || number, hash, 'anchored' FROM temp.bulk_row"
)

CLAIMS: Final = (
    "INSERT INTO claim (id, uid, event_id, quote_id, source_id, stance, title, summary, status, edtf, time_shape, "
    "earliest, latest_start, earliest_end, latest, precision, place_id, attributed_to, protected, quantity_what, "
    "quantity_value, quantity_low, quantity_high, quantity_unit, credibility) "
    "SELECT r.id, r.uid || '1', r.id - coalesce(r.place_in, 0), r.id, coalesce(r.source, ?1), "
    "coalesce(r.stance, 'supports'), r.title, r.summary, r.status, d.edtf, d.shape, "
    "d.earliest, d.latest_start, d.earliest_end, d.latest, d.precision, r.place, r.said, 0, "
    "r.what, r.quantity, r.low, r.high, r.unit, "
    "r.credibility FROM temp.bulk_row AS r LEFT JOIN temp.bulk_day AS d ON d.id = r.day"
)

CLAIM_ACTORS: Final = (
    "INSERT INTO claim_actor (id, claim_id, actor_id, role) "
    "SELECT rowid - (SELECT min(rowid) FROM temp.bulk_actor) + ?, claim, actor, 'involved' FROM temp.bulk_actor"
)

FIRSTS: Final = (
    "INSERT INTO temp.bulk_event SELECT id, kind, day, note, tags, own_uid FROM temp.bulk_row "
    "WHERE coalesce(place_in, 0) = 0"
)

EVENTS: Final = f"""INSERT INTO event (id, uid, kind_id, note, tags, title, summary, status, edtf, time_shape, earliest,
 latest_start, earliest_end, latest, best, precision, place_id, claim_count, disagrees, supported,
 quote_count, grade, begins, ends)
 SELECT c.id, coalesce(e.own_uid, substr(c.uid, 1, 35) || '0'), e.kind, e.note, e.tags,
 coalesce(c.title, coalesce(k.name, '{FALLBACK_KIND}') || coalesce(' at ' || p.name, '')),
 c.summary, c.status, c.edtf, c.time_shape, c.earliest, c.latest_start, c.earliest_end, c.latest, d.best, c.precision,
 c.place_id, 1, 0, 1, 1, CASE WHEN coalesce(s.reliability, c.credibility) IS NOT NULL
 THEN coalesce(s.reliability, '–') || coalesce(c.credibility, '–') END, d.begins, d.ends
 FROM temp.bulk_event AS e JOIN claim AS c ON c.id = e.id LEFT JOIN temp.bulk_day AS d ON d.id = e.day
 LEFT JOIN kind AS k ON k.id = e.kind LEFT JOIN place AS p ON p.id = c.place_id
 LEFT JOIN source AS s ON s.id = c.source_id"""

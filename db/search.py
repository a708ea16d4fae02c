"""Full-text search over titles, the quotes' own text, places and sources (SQLite FTS5), kept by the Store.

The index is external to its content table ``search_text``, one row for each thing found: its id is the thing's row id
times 8 plus a code for its table. Diacritics and case do not count. The Store brings it up to date by plain statements
inside the step, undo included, because a trigger may not write to it under trusted_schema=OFF.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from db.displayed import displayed_events, events_of_sources
from db.values import RefKind

CREATE_INDEX: Final = (
    "CREATE VIRTUAL TABLE search_index USING fts5(body, content='search_text', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
)

_CODES: Final = {"event": 1, "quote": 2, "place": 3, "source": 4, "actor": 5}
_TABLES: Final = {code: name for name, code in _CODES.items()}
_BODIES: Final = {
    "event": "SELECT id, title || coalesce(char(10) || summary, '') FROM event WHERE claim_count > 0 AND title <> ''",
    "quote": "SELECT id, exact FROM quote WHERE exact <> ''",
    "place": "SELECT id, name || coalesce(char(10) || (SELECT group_concat(value, char(10)) "
    "FROM json_each(CASE WHEN json_valid(names) THEN names ELSE '{}' END)), '') FROM place WHERE name <> ''",
    "source": "SELECT id, title || coalesce(char(10) || publisher, '') || coalesce(char(10) || author, '') "
    "FROM source WHERE title <> ''",
    "actor": "SELECT id, name || coalesce(char(10) || (SELECT group_concat(value, char(10)) "
    "FROM json_each(CASE WHEN json_valid(aliases) THEN aliases ELSE '[]' END)), '') FROM actor WHERE name <> ''",
}
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. ``text`` is what was indexed of it; ``score`` is smaller for better (bm25)."""

    kind: RefKind
    id: int
    text: str
    score: float


def update(con: sqlite3.Connection, rows: Mapping[str, Iterable[int]]) -> None:
    """Bring the index up to date for changed rows, those deleted included: table name -> row ids."""
    for table, ids in rows.items():
        if table not in _CODES:
            continue
        changed = sorted(set(ids))
        for start in range(0, len(changed), _BATCH):
            _update(con, table, changed[start : start + _BATCH])


def _update(con: sqlite3.Connection, table: str, ids: list[int]) -> None:
    code = _CODES[table]
    marks = ",".join("?" * len(ids))
    keys = [row_id * 8 + code for row_id in ids]
    old = dict(con.execute(f"SELECT id, body FROM search_text WHERE id IN ({marks})", keys).fetchall())
    rows = con.execute(f"{_BODIES[table]} AND id IN ({marks})", ids).fetchall()
    new = {row_id * 8 + code: body for row_id, body in rows}
    gone = [(key, body) for key, body in old.items() if new.get(key) != body]
    come = [(key, body) for key, body in new.items() if old.get(key) != body]
    con.executemany("INSERT INTO search_index (search_index, rowid, body) VALUES ('delete', ?, ?)", gone)
    con.executemany("DELETE FROM search_text WHERE id = ?", [(key,) for key, _body in gone])
    con.executemany("INSERT INTO search_text (id, body) VALUES (?, ?)", come)
    con.executemany("INSERT INTO search_index (rowid, body) VALUES (?, ?)", come)


def rebuild(con: sqlite3.Connection) -> None:
    """Make the whole index anew from the tables."""
    con.execute("DELETE FROM search_text")
    for table, body in _BODIES.items():
        into = f"INSERT INTO search_text (id, body) SELECT id * 8 + {_CODES[table]}, "
        con.execute(body.replace("SELECT id, ", into, 1))
    with _gathering(con):
        con.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")


def search(
    con: sqlite3.Connection,
    text: str,
    limit: int = 100,
    kinds: Iterable[RefKind] | None = None,
    hidden_sources: frozenset[int] = frozenset(),
) -> list[Hit]:
    """Up to ``limit`` things in which every word of ``text`` begins a word, best first.

    Nothing that only a hidden source says is found. An empty text finds nothing.
    """
    found = search_each(con, text, limit, kinds, hidden_sources)
    return sorted((hit for hits in found.values() for hit in hits), key=lambda hit: hit.score)[:limit]


def search_each(
    con: sqlite3.Connection,
    text: str,
    limit: int = 100,
    kinds: Iterable[RefKind] | None = None,
    hidden_sources: frozenset[int] = frozenset(),
) -> dict[RefKind, list[Hit]]:
    """As ``search``, by kind and with up to ``limit`` things of each; a kind of which nothing is found is left out."""
    words = re.findall(r"\w+", text)
    if not words:
        return {}
    query = " ".join(f'"{word}"*' for word in words)
    wanted = {kind for kind in RefKind if kind in _CODES} if kinds is None else set(kinds)
    codes = [code for name, code in _CODES.items() if name in wanted]
    rows = con.execute(
        # Subqueries without names: what is asked within a named one counts as asked by a view (db/connection.py).
        "SELECT t.id, t.body, r.score FROM (SELECT id, score, row_number() OVER (PARTITION BY id % 8 ORDER BY score, "
        "id) AS place FROM (SELECT rowid AS id, bm25(search_index) AS score FROM search_index WHERE search_index MATCH "
        f"? LIMIT -1) WHERE id % 8 IN ({','.join('?' * len(codes))})) AS r JOIN search_text AS t ON t.id = r.id "
        "WHERE r.place <= ? ORDER BY r.score, t.id",
        (query, *codes, limit if not hidden_sources else 100 * limit),
    ).fetchall()
    hits = [Hit(RefKind(_TABLES[key % 8]), key // 8, body, score) for key, body, score in rows]
    if hidden_sources:
        hits = _visible(con, hits, hidden_sources, words, events=RefKind.EVENT in wanted)
    found: dict[RefKind, list[Hit]] = {}
    for hit in hits:
        of_kind = found.setdefault(hit.kind, [])
        if len(of_kind) < limit:
            of_kind.append(hit)
    return found


def fold(text: str) -> str:
    """Lower case without diacritics, for comparing what people type with what there is."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _visible(
    con: sqlite3.Connection, hits: list[Hit], hidden: frozenset[int], words: list[str], *, events: bool
) -> list[Hit]:
    """What would be found if the hidden sources were not there: events of which they speak by what is shown then.

    ``events``: whether events are wanted at all.
    """
    affected = events_of_sources(con, hidden) if events else []
    marks = ",".join(map(str, sorted(hidden)))
    sql = f"SELECT q.id FROM quote AS q JOIN document AS d ON d.id = q.document_id WHERE d.source_id IN ({marks})"
    gone: dict[RefKind, Collection[int]] = {
        RefKind.SOURCE: hidden,
        RefKind.QUOTE: {row[0] for row in con.execute(sql).fetchall()},
        RefKind.EVENT: set(affected),
    }
    scores = {hit.id: hit.score for hit in hits if hit.kind is RefKind.EVENT}
    result = [hit for hit in hits if hit.id not in gone.get(hit.kind, ())]
    for event_id, event in displayed_events(con, affected, hidden).items():
        text = "\n".join(filter(None, (event.title, event.summary)))
        if _matches(text, words):
            result.append(Hit(RefKind.EVENT, event_id, text, scores.get(event_id, 0.0)))
    return sorted(result, key=lambda hit: hit.score)


def _matches(text: str, words: list[str]) -> bool:
    present = [fold(word) for word in re.findall(r"\w+", text)]
    return all(any(word.startswith(fold(wanted)) for word in present) for wanted in words)


def add_range(con: sqlite3.Connection, table: str, first: int, last: int) -> None:
    """Add many rows that are not in the index yet, by the range of their ids.

    The index gathers 16 MB before it writes instead of 1, and merges later: four times as fast.
    """
    code = _CODES[table]
    body = _BODIES[table].replace("SELECT id, ", f"SELECT id * 8 + {code}, ", 1)
    con.execute(f"INSERT INTO search_text (id, body) {body} AND id BETWEEN ? AND ?", (first, last))
    with _gathering(con):
        con.execute(
            "INSERT INTO search_index (rowid, body) SELECT id, body FROM search_text "
            "WHERE id BETWEEN ? AND ? AND id % 8 = ?",
            (first * 8, last * 8 + 7, code),
        )


def remove_range(con: sqlite3.Connection, table: str, first: int, last: int) -> None:
    """Take many rows out of the index by the range of their ids; made anew from the rest where that is less work."""
    code = _CODES[table]
    span = (first * 8, last * 8 + 7, code)
    where = "id BETWEEN ? AND ? AND id % 8 = ?"
    (gone,) = con.execute(f"SELECT count(*) FROM search_text WHERE {where}", span).fetchone()
    (all_of_it,) = con.execute("SELECT count(*) FROM search_text").fetchone()
    anew = 2 * gone > all_of_it
    if not anew:
        con.execute(
            "INSERT INTO search_index (search_index, rowid, body) SELECT 'delete', id, body FROM search_text "
            f"WHERE {where}",
            span,
        )
    con.execute(f"DELETE FROM search_text WHERE {where}", span)
    if anew:
        with _gathering(con):
            con.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")


@contextmanager
def _gathering(con: sqlite3.Connection) -> Iterator[None]:
    con.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 16777216)")
    try:
        yield
    finally:
        con.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', 1048576)")

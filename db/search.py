"""Full-text search over titles, quotes, places, sources and the texts of documents (SQLite FTS5), kept by the Store.

The index is external to its content table ``search_text``, one row for each thing found: its id is the thing's row id
times 8 plus a code for its table. Diacritics and case do not count. The Store brings it up to date by plain statements
inside the step, undo included, because a trigger may not write to it under trusted_schema=OFF.

Names in other spellings and scripts (db/spellings.py) are looked for in a second question, for its answers rank below:
each word typed stands for those of the index's own words that may be spellings of it. So nothing more is kept in the
file, nothing is written at an import, and a project of any age has it.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from db.actors import decided_actors
from db.displayed import displayed_events, events_of_sources
from db.index_shown import shown
from db.index_words import other_spellings
from db.reading.files import unpack
from db.spellings import ARTICLES
from db.values import RefKind

log = logging.getLogger(__name__)

CREATE_INDEX: Final = (
    "CREATE VIRTUAL TABLE search_index USING fts5(body, content='search_text', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
)

_CODES: Final = {"event": 1, "quote": 2, "place": 3, "source": 4, "actor": 5, "document": 6}
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
_TEXTS: Final = "SELECT % FROM document AS d JOIN content AS c ON c.sha256 = d.text_sha256 WHERE d.role <> 'table'"
_BATCH: Final = 500
_TOGETHER: Final = 100
"""So many texts are put in by one commit: what is not yet on disk is held in memory."""
CROWD: Final = 1_000
"""Where more match, the shortest of so many stand for all: to rank a million by bm25 takes seconds."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One word that is looked for: what begins with it, or is one of its other spellings."""

    word: str
    spellings: frozenset[str] = frozenset()

    @property
    def query(self) -> str:
        return " OR ".join((f'"{self.word}"*', *(f'"{each}"' for each in sorted(self.spellings))))

    def fits(self, word: str) -> bool:
        return word.startswith(fold(self.word)) or word in self.spellings


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
    if table == "document":
        rows = list(_texts(con, ids))
    else:
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
    _add_texts(con, _texts(con, _ids_of_texts(con)))
    with gathering(con):
        con.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")


def complete(con: sqlite3.Connection, commit: Callable[[], object]) -> None:
    """Put in the texts of documents where they are not: in a project that was made before they were in the index.

    Where that cannot be done now, it is logged and left for the next opening.
    """
    missing = "AND NOT EXISTS (SELECT 1 FROM search_text AS t WHERE t.id = d.id * 8 + ?)"
    code = _CODES["document"]
    try:
        ids = _ids_of_texts(con, missing, (code,))
        for start in range(0, len(ids), _TOGETHER):
            con.execute("BEGIN IMMEDIATE")
            for row_id, body in _texts(con, ids[start : start + _TOGETHER]):
                con.execute("INSERT INTO search_text (id, body) VALUES (?, ?)", (row_id * 8 + code, body))
                con.execute("INSERT INTO search_index (rowid, body) VALUES (?, ?)", (row_id * 8 + code, body))
            commit()
    except Exception:  # whatever it is: a project without them in its index is whole and is to be opened
        if con.in_transaction:
            con.execute("ROLLBACK")
        log.exception("The texts of documents could not be put into the search index")


def _ids_of_texts(con: sqlite3.Connection, where: str = "", values: Sequence[int] = ()) -> list[int]:
    return [row[0] for row in con.execute(f"{_TEXTS} {where}".replace("%", "d.id"), values).fetchall()]


def _texts(con: sqlite3.Connection, ids: Iterable[int]) -> Iterator[tuple[int, str]]:
    """The documents of these that have a canonical text, with it, one after the other; it is empty for one that is
    damaged.
    """
    one = _TEXTS.replace("%", "c.body, c.sha256") + " AND d.id = ?"
    for row_id in ids:
        for body, sha256 in con.execute(one, (row_id,)).fetchall():
            yield row_id, (unpack(body, sha256) or b"").decode("utf-8", "replace")


def _add_texts(con: sqlite3.Connection, texts: Iterable[tuple[int, str]]) -> None:
    keys = [(row_id * 8 + _CODES["document"], body) for row_id, body in texts]
    con.executemany("INSERT INTO search_text (id, body) VALUES (?, ?)", keys)


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
    return _search(con, _typed(text), limit, kinds, hidden_sources)


def search_spellings(
    con: sqlite3.Connection,
    text: str,
    limit: int = 100,
    kinds: Iterable[RefKind] | None = None,
    hidden_sources: frozenset[int] = frozenset(),
) -> dict[RefKind, list[Hit]]:
    """As ``search_each``, for other spellings of the words of ``text``, articles left out; what that one finds as well
    is left to it.
    """
    typed = _typed(text)
    nouns = _nouns(typed)
    spelt = [_Wanted(each.word, frozenset(other_spellings(con, fold(each.word)))) for each in nouns]
    if len(nouns) == len(typed) and not any(wanted.spellings for wanted in spelt):
        return {}
    found = _search(con, spelt, limit, kinds, hidden_sources)
    others = {kind: [hit for hit in hits if not _is_literal(con, hit, typed)][:limit] for kind, hits in found.items()}
    return {kind: hits for kind, hits in others.items() if hits}


def _is_literal(con: sqlite3.Connection, hit: Hit, typed: Sequence[_Wanted]) -> bool:
    """Whether it has every word as it was typed. Of a book the index knows that without reading it."""
    if hit.kind is not RefKind.DOCUMENT:
        return _matches(hit.text, typed)
    key = hit.id * 8 + _CODES["document"]
    sql = "SELECT 1 FROM search_index WHERE search_index MATCH ? AND rowid = ?"
    return con.execute(sql, (_query(typed), key)).fetchone() is not None


def _query(words: Sequence[_Wanted]) -> str:
    return " AND ".join(f"({wanted.query})" for wanted in words)


def _typed(text: str) -> list[_Wanted]:
    """The words of a text. A letter alone narrows nothing and costs most, so it counts only where nothing else does."""
    words = re.findall(r"\w+", text)
    return [_Wanted(word) for word in words if len(word) > 1 or not word.isascii()] or [_Wanted(word) for word in words]


def _nouns(typed: list[_Wanted]) -> list[_Wanted]:
    """Without articles, where there is anything else: they are spoken and written in many ways."""
    return [wanted for wanted in typed if fold(wanted.word) not in ARTICLES] or typed


def words_sought(text: str, *, spellings: bool = False) -> list[str]:
    """The words of ``text`` that must be in what is found by ``search_each``, or ``search_spellings``: folded, once."""
    typed = _typed(text)
    return list(dict.fromkeys(fold(wanted.word) for wanted in (_nouns(typed) if spellings else typed)))


def _search(
    con: sqlite3.Connection,
    words: Sequence[_Wanted],
    limit: int,
    kinds: Iterable[RefKind] | None,
    hidden_sources: frozenset[int],
) -> dict[RefKind, list[Hit]]:
    if not words:
        return {}
    query = _query(words)
    wanted_kinds = {kind for kind in RefKind if kind in _CODES} if kinds is None else set(kinds)
    codes = [code for name, code in _CODES.items() if name in wanted_kinds]
    hits = _ranked(con, query, codes, limit, hidden_sources)
    if hidden_sources and RefKind.EVENT in wanted_kinds:
        hits = _derived_again(con, hits, hidden_sources, words)
    found: dict[RefKind, list[Hit]] = {}
    for hit in hits:
        of_kind = found.setdefault(hit.kind, [])
        if len(of_kind) < limit:
            of_kind.append(hit)
    return found


def _ranked(con: sqlite3.Connection, query: str, codes: Sequence[int], limit: int, hidden: frozenset[int]) -> list[Hit]:
    """The hits of each kind, best first; of a crowd the first come, the shorter before the longer.

    What only hidden sources say is left out. Events of which they speak may be there, for their score.
    """
    added = {actor for each in decided_actors(con, hidden).values() for actor in each.added} if hidden else ()
    is_shown = shown(_CODES, hidden, added)
    any_of = "SELECT rowid FROM search_index WHERE search_index MATCH ?"
    first = [row[0] for row in con.execute(f"{any_of} LIMIT ?", (query, CROWD + 1)).fetchall()]
    if len(first) <= CROWD:
        rows = con.execute(
            # Subqueries without names: what is asked within a named one counts as asked by a view (db/connection.py).
            "SELECT t.id, t.body, r.score FROM (SELECT id, score, shown, row_number() OVER (PARTITION BY id % 8, shown "
            "ORDER BY score, id) AS place FROM (SELECT rowid AS id, bm25(search_index) AS score, "
            f"{is_shown} AS shown FROM search_index WHERE search_index MATCH ? LIMIT -1) "
            f"WHERE id % 8 IN ({','.join('?' * len(codes))})) AS r JOIN search_text AS t ON t.id = r.id "
            "WHERE CASE WHEN r.shown THEN r.place <= ? ELSE r.id % 8 = ? END ORDER BY r.score, t.id",
            (query, *codes, limit, _CODES["event"]),
        ).fetchall()
    else:
        keys = [key for key in _crowd(con, query, is_shown) if key % 8 in codes]
        rows = con.execute(
            f"SELECT id, body, 0.0 FROM search_text WHERE id IN ({','.join(map(str, keys))}) ORDER BY length(body), id"
        ).fetchall()
    return [Hit(RefKind(_TABLES[key % 8]), key // 8, body, score) for key, body, score in rows]


def _crowd(con: sqlite3.Connection, query: str, is_shown: str) -> list[int]:
    """Keys of what matches and is shown, up to CROWD of each kind. Looking for what there is little of reads all that
    matches, so each kind is asked for alone only where others hide it: mostly there are many events and little else.
    """
    matching = f"SELECT rowid FROM search_index WHERE search_index MATCH ? AND {is_shown}"
    some = f"{matching} AND rowid % 8 {{}} ? LIMIT ?"
    event = _CODES["event"]
    keys = [row[0] for row in con.execute(some.format("="), (query, event, CROWD)).fetchall()]
    others = [row[0] for row in con.execute(some.format("<>"), (query, event, CROWD)).fetchall()]
    if len(others) == CROWD:
        for code in _CODES.values():
            if code != event:
                keys += [row[0] for row in con.execute(some.format("="), (query, code, CROWD)).fetchall()]
    return keys + others if len(others) < CROWD else keys


def fold(text: str) -> str:
    """Lower case without diacritics, for comparing what people type with what there is."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _derived_again(
    con: sqlite3.Connection, hits: list[Hit], hidden: frozenset[int], words: Sequence[_Wanted]
) -> list[Hit]:
    """The hits, with the events of which hidden sources speak as they are without those, where they still match."""
    affected = events_of_sources(con, hidden)
    gone = frozenset(affected)
    scores = {hit.id: hit.score for hit in hits if hit.kind is RefKind.EVENT}
    result = [hit for hit in hits if hit.kind is not RefKind.EVENT or hit.id not in gone]
    for event_id, event in displayed_events(con, affected, hidden).items():
        text = "\n".join(filter(None, (event.title, event.summary)))
        if _matches(text, words):
            result.append(Hit(RefKind.EVENT, event_id, text, scores.get(event_id, 0.0)))
    return sorted(result, key=lambda hit: hit.score)


def _matches(text: str, words: Sequence[_Wanted]) -> bool:
    present = [fold(word) for word in re.findall(r"\w+", text)]
    return all(any(wanted.fits(word) for word in present) for wanted in words)


def add_range(con: sqlite3.Connection, table: str, first: int, last: int) -> None:
    """Add many rows that are not in the index yet, by the range of their ids.

    The index gathers 16 MB before it writes instead of 1, and merges later: four times as fast.
    """
    code = _CODES[table]
    body = _BODIES[table].replace("SELECT id, ", f"SELECT id * 8 + {code}, ", 1)
    con.execute(f"INSERT INTO search_text (id, body) {body} AND id BETWEEN ? AND ?", (first, last))
    with gathering(con):
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
        with gathering(con):
            con.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")


@contextmanager
def gathering(con: sqlite3.Connection, index: str = "search_index") -> Iterator[None]:
    """An index gathers 16 MB before it writes instead of 1, and merges later."""
    con.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('hashsize', 16777216)")
    try:
        yield
    finally:
        con.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('hashsize', 1048576)")

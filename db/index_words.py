"""The words of a project's full-text index by their skeletons: among them other spellings of a word are looked for."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from typing import Final

from db.spellings import alike, skeletons

_MOST_SPELLINGS: Final = 40
_KEPT: Final = 4
"""So many projects' words are kept in memory."""
_known: dict[str, tuple[str, dict[str, list[str]]]] = {}
_lock: Final = threading.Lock()


def spellings_among(words: Mapping[str, Sequence[str]], word: str) -> list[str]:
    """Other spellings of a folded word among the words of an index, by their skeletons."""
    found = {each for key in skeletons(word) for each in words.get(key, ()) if not each.startswith(word)}
    return sorted(each for each in found if alike(word, each))[:_MOST_SPELLINGS]


def words_of(con: sqlite3.Connection) -> Mapping[str, Sequence[str]]:
    """The words of the index by their skeletons, read once for each state of the file: 0.4 s of a million events."""
    path = con.execute("PRAGMA database_list").fetchone()[2]
    (stamp,) = con.execute(
        "SELECT (SELECT value FROM app_meta WHERE key = 'project_uid') || ' ' || coalesce(max(id), 0) FROM step"
    ).fetchone()
    with _lock:
        known = _known.get(path)
        if known is None or known[0] != stamp:
            words: dict[str, list[str]] = {}
            for (word,) in _terms(con):
                for key in skeletons(word):
                    words.setdefault(key, []).append(word)
            known = _known[path] = stamp, words
            while len(_known) > _KEPT:
                del _known[next(iter(_known))]
        return known[1]


def _terms(con: sqlite3.Connection) -> list[tuple[str]]:
    """Every word of the index once. A reader's connection may make the view of it that SQLite has, in memory alone."""
    (guarded,) = con.execute("PRAGMA query_only").fetchone()
    con.execute("PRAGMA query_only = OFF")
    try:
        con.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab('main', 'search_index', 'row')"
        )
        terms: list[tuple[str]] = con.execute("SELECT term FROM temp.search_words").fetchall()
        con.execute("DROP TABLE temp.search_words")
        return terms
    finally:
        con.execute(f"PRAGMA query_only = {guarded}")

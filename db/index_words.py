"""Other spellings of a word are looked for among the words of a project's full-text index, by their skeletons."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from db.spellings import alike, beginnings, skeletons

_MOST_SPELLINGS: Final = 40
_KEPT: Final = 4
"""So many projects' words are kept in memory."""
_lock: Final = threading.Lock()


@dataclass(slots=True)
class _Words:
    """Those words of one state of a project that have been needed so far."""

    stamp: str
    by_skeleton: dict[str, list[str]] = field(default_factory=dict)
    letters: set[str] = field(default_factory=set)
    """All words that begin with one of these are there."""


_known: dict[str, _Words] = {}


def other_spellings(con: sqlite3.Connection, word: str) -> list[str]:
    """Other spellings of a folded word among the words of the index.

    Only those words are read, once for each state of the file, that begin with a letter that some spelling may begin
    with: of a hundred thousand some thousands, where all would take a second.
    """
    keys = skeletons(word)
    with _lock:
        words = _words_of(con)
        missing = sorted(frozenset[str]().union(*map(beginnings, keys)) - words.letters)
        if missing:
            _read(con, words, missing)
        found = {each for key in keys for each in words.by_skeleton.get(key, ()) if not each.startswith(word)}
    return sorted(each for each in found if alike(word, each))[:_MOST_SPELLINGS]


def _words_of(con: sqlite3.Connection) -> _Words:
    path = con.execute("PRAGMA database_list").fetchone()[2]
    (stamp,) = con.execute(
        "SELECT (SELECT value FROM app_meta WHERE key = 'project_uid') || ' ' || coalesce(max(id), 0) FROM step"
    ).fetchone()
    if path not in _known or _known[path].stamp != stamp:
        _known[path] = _Words(stamp)
        while len(_known) > _KEPT:
            del _known[next(iter(_known))]
    return _known[path]


def _read(con: sqlite3.Connection, words: _Words, letters: Sequence[str]) -> None:
    """Every word of the index that begins so. A reader's connection may make the view of it that SQLite has, in memory
    alone.
    """
    (guarded,) = con.execute("PRAGMA query_only").fetchone()
    con.execute("PRAGMA query_only = OFF")
    try:
        con.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab('main', 'search_index', 'row')"
        )
        begun = "SELECT term FROM temp.search_words WHERE term >= ? AND term < ?"
        for letter in letters:
            for (word,) in con.execute(begun, (letter, chr(ord(letter) + 1))).fetchall():
                for key in skeletons(word):
                    words.by_skeleton.setdefault(key, []).append(word)
            words.letters.add(letter)
        con.execute("DROP TABLE temp.search_words")
    finally:
        con.execute(f"PRAGMA query_only = {guarded}")

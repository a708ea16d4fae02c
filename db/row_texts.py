"""Full-text search over what rows of tables say: the passage of a row, where the mapping of its table names one.

The words stay in the kept table. The index has of each row only which words it holds (FTS5 without content and without
positions): it takes less than half the room of one with positions, and costs a twentieth of an import's time. Words are
folded first, because SQLite takes the marks of Arabic for ends of words. Nothing is ever taken out of it. The id of a
row is that of its quote, no number of a quote is given twice, and a redone import makes the same quotes again: so what
an undone or stopped import left there is found no more as soon as its quotes are gone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from typing import Final

from db.search import fold, gathering

SINCE: Final = 3
"""The version of the schema that has the index."""
CREATE_INDEX: Final = (
    "CREATE VIRTUAL TABLE row_index USING fts5(body, content='', columnsize=0, detail=none, "
    "tokenize='unicode61 remove_diacritics 2')"
)
LEAST: Final = 3
"""Letters of the longest word that is looked for: so short a beginning is in most rows. Not so in ``_UNPARTED``."""
_UNPARTED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
"""A letter of a script written without spaces: Thai, Lao, Burmese, Khmer, kana, Han. Their words are short."""


def add(con: sqlite3.Connection, texts: Iterable[tuple[int, str]]) -> None:
    """Put in what rows say, by the ids of their quotes; each once and for all."""
    with gathering(con, "row_index"):
        folded = ((key, text if text.isascii() else fold(text)) for key, text in texts)
        con.executemany("INSERT INTO row_index (rowid, body) VALUES (?, ?)", folded)


def find(con: sqlite3.Connection, text: str, limit: int, hidden_sources: frozenset[int] = frozenset()) -> list[int]:
    """Ids of up to ``limit`` quotes of rows in which every word of ``text`` begins a word, the first rows first.

    Only those on which a claim rests, and none of hidden sources. Nothing for words that are all shorter than LEAST,
    but in scripts written without spaces. In these the index takes all that stands between two marks for one word, so
    a word is found where it stands first, after a space or a mark, and not within.
    """
    words = re.findall(r"[^\W_]+", fold(text))
    if not any(len(word) >= LEAST or _UNPARTED.match(word) for word in words) or not _is_there(con):
        return []
    hidden = ",".join(map(str, sorted(hidden_sources)))
    try:
        rows = con.execute(
            "SELECT q.id FROM row_index CROSS JOIN quote AS q ON q.id = row_index.rowid "
            "CROSS JOIN document AS d ON d.id = q.document_id "
            f"WHERE row_index MATCH ? AND d.source_id NOT IN ({hidden}) "
            "AND EXISTS (SELECT 1 FROM claim AS c JOIN event AS e ON e.id = c.event_id WHERE c.quote_id = q.id) "
            "LIMIT ?",
            (" AND ".join(f'"{word}"*' for word in words), limit),
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        return []  # a letter that SQLite does not know parts a word into a phrase, which the index cannot look for
    return [row[0] for row in rows]


def _is_there(con: sqlite3.Connection) -> bool:
    """A project of before that could not be brought up to date, as it is read-only, has no such index."""
    return con.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'row_index'").fetchone() is not None

"""The real articles with their annotated passages, copies of them in other typography, and texts made up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from db.reading.text import canonicalise
from tests.helpers.shared import SHARED

_STRAIGHT = str.maketrans("“”‘’–—", "\"\"''--")


@dataclass(frozen=True)
class Article:
    name: str
    text: str
    passages: tuple[tuple[int, int], ...]


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """The five articles in order; 162 passages in all. Needs the shared folder."""
    rows = json.loads((SHARED / "sample" / "events.json").read_text("utf-8"))
    return tuple(
        Article(
            path.name,
            canonicalise(path.read_bytes()),
            tuple((row["char_start"], row["char_end"]) for row in rows if row["file"] == path.name),
        )
        for path in sorted((SHARED / "seeds").glob("*.txt"))
    )


def wrapped(text: str, width: int = 60) -> str:
    lines = (re.findall(rf".{{1,{width}}}(?:\s+|$)|\S+", line) or [""] for line in text.split("\n"))
    return "\n".join(piece for pieces in lines for piece in pieces)


def hyphenated(text: str) -> str:
    """Every seventh long word broken at the end of a line, as in a copy taken from a printed page."""
    return re.sub(r"\b([a-z]{4})([a-z]{4,} )", lambda m: f"{m[1]}-\n{m[2]}" if m.start() % 7 == 0 else m[0], text)


RETYPED: dict[str, Callable[[str], str]] = {
    "the same": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "old Macintosh line ends": lambda text: text.replace("\n", "\r"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "straight quotes and hyphens": lambda text: text.translate(_STRAIGHT),
    "typewriter": lambda text: text.replace("—", "--").replace("“", "``").replace("”", "''").replace("…", ". . ."),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "wrapped": wrapped,
    "one line": lambda text: re.sub(r"\s+", " ", text),
    "double-spaced": lambda text: re.sub("\n", "\n\n", text).replace(". ", ".  "),
    "soft hyphens": lambda text: re.sub(r"(\w{3})(\w{3})", "\\1\u00ad\\2", text),
    "words broken at line ends": hyphenated,
}
"""Copies whose words are all the same: every passage must be found in each."""

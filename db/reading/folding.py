"""Folded text: what is left of a passage when typography and line breaks no longer count.

NFKC, quotation marks and dashes each folded to one, white space and invisible format characters removed; case kept.
Two copies of a passage that differ only in such things have the same folded text, and so the same hash of it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

_QUOTES: Final = "\"'`´‘’‚‛“”„‟′″‴‵‶‷‹›«»「」『』〝〞〟＂＇ʹʺʻʼʽˈ"
_DASHES: Final = "-‐‑‒–—―−⁃﹘﹣－─"
_QUOTE: Final = "'"
_DASH: Final = "-"
_MARKS: Final = {**dict.fromkeys(_QUOTES, _QUOTE), **dict.fromkeys(_DASHES, _DASH)}
# Doubled single quotes and hyphens stand for one mark in plain typing.
_DOUBLED: Final = re.compile("''|``|´´|‘‘|’’|-{2,}")
# Beside combining marks, what may melt into the character before it under NFKC: Hangul vowels and finals, and the
# vowels of Kirat Rai. The tests check this against Python's whole table.
_JOINING: Final = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff\U00016d63-\U00016d6a]")
_LINE_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])[-‐](?=[ \t]*\n\s*[^\W\d_])")
_SOFT_HYPHEN: Final = "\u00ad"  # folds to nothing
_NOT_ASCII: Final = re.compile("[^\x00-\x7f]")
# What folds to itself, and what folds to nothing, unless a character follows that may melt into the last of it.
_AS_IT_IS: Final = re.compile("[!#-&(-,./0-9:-_a-~]+(?![\u0300-\U0010ffff])")
_NOTHING: Final = re.compile("[ \t\n]+(?![\u0300-\U0010ffff])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and where each of its characters came from.

    ``starts[i]`` and ``ends[i]`` bound, in code points of the original, what became character ``i``; both ascend.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original behind the folded characters ``start..end`` (end exclusive, not empty)."""
        return self.starts[start], self.ends[end - 1]

    def index(self, offset: int) -> int:
        """The first folded character that begins at or after an offset of the original (0..len(text))."""
        return bisect_left(self.starts, offset)


def fold(text: str) -> str:
    """The folded text alone."""
    return fold_with_map(text).text


def without_line_hyphens(text: str) -> str:
    """The text, of the same length, with the hyphens that break words at line ends made invisible to folding."""
    return _LINE_HYPHEN.sub(_SOFT_HYPHEN, text)


def folded_sha256(folded: str) -> str:
    """Hexadecimal SHA-256 of an already folded text as UTF-8."""
    return sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()


def occurrences(text: str, passage: str) -> list[int]:
    """Where a passage, not empty, begins in a text: every place, overlapping ones too."""
    places = []
    place = text.find(passage)
    while place >= 0:
        places.append(place)
        place = text.find(passage, place + 1)
    return places


def fold_with_map(text: str) -> Folded:
    """The folded text with its map back."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    length = len(text)
    doubled = {m.start(): m.end() for m in _DOUBLED.finditer(text)}
    while position < length:
        if plain := _AS_IT_IS.match(text, position):
            after = plain.end()
            pieces.append(plain[0])
            starts += range(position, after)
            ends += range(position + 1, after + 1)
            position = after
            continue
        if blank := _NOTHING.match(text, position):
            position = blank.end()
            continue
        end = doubled.get(position)
        if end is not None:
            piece = _MARKS[text[position]]
        else:
            end = position + 1
            while end < length and joins(text[end]):
                end += 1
            piece = _fold_cluster(text[position:end])
        if piece:
            pieces.append(piece)
            starts += [position] * len(piece)
            ends += [end] * len(piece)
        position = end
    return Folded("".join(pieces), tuple(starts), tuple(ends))


@lru_cache(maxsize=4096)
def joins(character: str) -> bool:
    """Whether a character may melt into the one before it, so that the two must be folded together."""
    if character < "\u0300":
        return False
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first).startswith("M") or _JOINING.match(first) is not None


@lru_cache(maxsize=16384)
def _fold_cluster(cluster: str) -> str:
    # Marks go first: NFKC takes some of them apart into a space and an accent.
    marked = "".join(_MARKS.get(character, character) for character in cluster)
    composed = unicodedata.normalize("NFKC", marked) if _NOT_ASCII.search(marked) else marked
    return "".join(_MARKS.get(c, c) for c in composed if not c.isspace() and unicodedata.category(c) != "Cf")

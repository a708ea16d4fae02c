"""What is known of a quote, and what was found of it in a text: the values that anchoring speaks in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, Final

from db.reading.folding import Folded, fold, fold_with_map, folded_sha256, without_line_hyphens
from db.reading.text import text_sha256
from db.tables import Quote
from db.values import QuoteState

MIN_MOVABLE: Final = 20
"""Folded characters below which a passage is too short to be found by itself elsewhere."""

COLUMNS: Final = (
    "selector",
    "start",
    "end",
    "exact_sha256",
    "folded_sha256",
    "folded_length",
    "folded_start",
    "exact",
    "prefix",
    "suffix",
)
"""The columns of ``quote`` that make a TextSelector."""

_SHA256: Final = re.compile("[0-9a-f]{64}")


def _is_sha256(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class TextSelector:
    """W3C text position and text quote selectors of one quote, or position and hashes alone (stand-off).

    ``start..end`` count code points of the canonical text the quote was taken from; hashes are hexadecimal SHA-256.
    ``folded_start`` is where it begins in that text folded, where known.
    """

    start: int
    end: int
    exact_sha256: str
    folded_sha256: str
    folded_length: int
    folded_start: int | None = None
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, quote: Quote) -> TextSelector | None:
        """The selector of a row; None where the row lacks one (a table row, an image region, a damaged row)."""
        return cls.from_columns([getattr(quote, name) for name in COLUMNS])

    @classmethod
    def from_columns(cls, values: Sequence[Any]) -> TextSelector | None:
        """The same from the values of COLUMNS."""
        kind, start, end, exact_hash, folded_hash, length, folded_start, exact, prefix, suffix = values
        whole = all(isinstance(value, int) for value in (start, end, length))
        if kind != "text" or not whole or not 0 <= start < end or length < 1:
            return None
        if not _is_sha256(exact_hash) or not _is_sha256(folded_hash):
            return None
        texts = [value if isinstance(value, str) else None for value in (exact, prefix, suffix)]
        place = folded_start if isinstance(folded_start, int) and folded_start >= 0 else None
        return cls(start, end, exact_hash, folded_hash, length, place, texts[0], texts[1] or "", texts[2] or "")

    @property
    def is_standoff(self) -> bool:
        return self.exact is None

    @property
    def is_movable(self) -> bool:
        return self.folded_length >= MIN_MOVABLE

    def holds(self, passage: str) -> bool:
        """Whether a passage is this quote: its hash, or its folded hash, a word broken at a line's end or not."""
        if sha256(passage.encode("utf-8", "surrogatepass")).hexdigest() == self.exact_sha256:
            return True
        return any(folded_sha256(fold(form)) == self.folded_sha256 for form in {passage, without_line_hyphens(passage)})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be the quote. ``score`` runs from 0 to 1 and serves to order candidates."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """What became of a quote in a text: found at ``start..end`` (None for an orphan), or candidates at most."""

    state: QuoteState
    start: int | None = None
    end: int | None = None
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_found(self) -> bool:
        return self.start is not None

    def columns(self, selector: TextSelector) -> Mapping[str, str | int | None]:
        """The columns of ``quote`` that say so."""
        stays = (self.start, self.end) == (selector.start, selector.end)
        return {
            "state": self.state.value,
            "found_start": None if stays else self.start,
            "found_end": None if stays else self.end,
        }


ORPHAN: Final = Anchor(QuoteState.ORPHAN)


def found(selector: TextSelector, start: int, end: int) -> Anchor:
    """The quote verified at a position: anchored where that is its own, moved elsewhere."""
    state = QuoteState.ANCHORED if (start, end) == (selector.start, selector.end) else QuoteState.MOVED
    return Anchor(state, start, end)


class SearchedText:
    """A canonical text with what a search in it needs, made when first asked for.

    ``pause`` is called now and then while it is searched for long; what it raises ends the search.
    """

    def __init__(self, text: str, pause: Callable[[], None] = lambda: None) -> None:
        self.text = text
        self.pause = pause
        self.sha256 = text_sha256(text)

    @cached_property
    def forms(self) -> tuple[Folded, ...]:
        """The folded text; a second one, where lines end in broken words, with those words joined."""
        joined = without_line_hyphens(self.text)
        plain = folded_document(self.text)
        return (plain,) if joined == self.text else (plain, fold_with_map(joined))

    def form_of(self, sha256_of_folded: str | None) -> Folded | None:
        """The folded text that has a hash, if one has it."""
        return self._by_hash.get(sha256_of_folded) if sha256_of_folded is not None else None

    @cached_property
    def _by_hash(self) -> Mapping[str, Folded]:
        return {folded_sha256(form.text): form for form in self.forms}


@lru_cache(maxsize=2)
def folded_document(text: str) -> Folded:
    """The folded text of a whole document, kept for the next quote of the same document."""
    return fold_with_map(text)

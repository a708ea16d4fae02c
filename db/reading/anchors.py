"""Quotes and the text they were taken from: making selectors, and finding quotes again in a text.

The columns of a new quote or document are made here, with its words or stand-off (positions and hashes alone), and
``find_quotes`` says what becomes of quotes in a text: the same text, the same in other typography, or another copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from db.errors import InputFault
from db.reading.alignment import CONTEXT, find_by_words
from db.reading.folding import fold, folded_sha256
from db.reading.selectors import Anchor, SearchedText, TextSelector, folded_document, found
from db.reading.text import CANONICALISER, text_sha256
from db.reading.windows import find_by_hash


def document_fields(text: str) -> dict[str, Any]:
    """The columns of ``document`` that a canonical text gives, stand-off or not."""
    return {
        "text_sha256": text_sha256(text),
        "text_length": len(text),
        "folded_sha256": folded_sha256(folded_document(text).text),
        "canonicaliser": CANONICALISER,
    }


def make_quote_fields(text: str, start: int, end: int, *, standoff: bool = False) -> dict[str, Any]:
    """The columns of ``quote`` for the stretch ``start..end`` (code points) of a canonical text.

    Stand-off leaves out the words: exact, prefix and suffix are None, and the state says that there is no text.
    Raises InputFault for a stretch outside the text or without a visible character.
    """
    if not 0 <= start < end <= len(text):
        raise InputFault(f"There is no passage from {start} to {end} in a text of {len(text)} characters.")
    exact = text[start:end]
    folded = fold(exact)
    if not folded:
        raise InputFault("A quote needs at least one visible character.")
    whole = folded_document(text)
    place = whole.index(start)
    return {
        "selector": "text",
        "start": start,
        "end": end,
        "exact": None if standoff else exact,
        "prefix": None if standoff else text[max(0, start - CONTEXT) : start],
        "suffix": None if standoff else text[end : end + CONTEXT],
        "exact_sha256": sha256(exact.encode()).hexdigest(),
        "folded_sha256": folded_sha256(folded),
        "folded_length": len(folded),
        "folded_start": place if whole.text.startswith(folded, place) else None,
        "state": "standoff" if standoff else "anchored",
    }


def standoff(text: str, start: int, end: int) -> dict[str, Any]:
    """The columns of a stand-off ``quote``: positions, lengths and hashes, no word of the text."""
    return make_quote_fields(text, start, end, standoff=True)


@dataclass(frozen=True, slots=True)
class Taken:
    """The text that quotes were taken from: hashes of its canonical and of its folded form, where known."""

    text_sha256: str | None
    folded_sha256: str | None = None
    text: SearchedText | None = None


def find_quotes(searched: SearchedText, selectors: Sequence[TextSelector], taken: Taken) -> list[Anchor]:
    """What becomes of each quote in a text; one Anchor each, in order.

    In the same text, or the same in other typography, positions hold and are verified by hash. In another copy a
    quote whose words are known is looked for by them, a stand-off quote by its hash.
    """
    anchors = {i: anchor for i, s in enumerate(selectors) if (anchor := _in_place(searched, s, taken)) is not None}
    by_hash = [i for i, selector in enumerate(selectors) if i not in anchors and selector.is_standoff]
    anchors.update(zip(by_hash, find_by_hash(searched, [selectors[i] for i in by_hash]), strict=True))
    for i, selector in enumerate(selectors):
        if i not in anchors:
            anchors[i] = find_by_words(searched, selector, taken.text)
    return [anchors[i] for i in range(len(selectors))]


def _in_place(searched: SearchedText, selector: TextSelector, taken: Taken) -> Anchor | None:
    """The quote at its own position, in the same text or in one with the same folded form."""
    own = searched.text[selector.start : selector.end]
    if searched.sha256 == taken.text_sha256:
        return found(selector, selector.start, selector.end) if selector.holds(own) else None
    if taken.folded_sha256 is None or selector.folded_start is None:
        return None
    form = searched.form_of(taken.folded_sha256)
    if form is None:
        return None
    end = selector.folded_start + selector.folded_length
    if folded_sha256(form.text[selector.folded_start : end]) != selector.folded_sha256:
        return None
    if form.index(selector.start) == selector.folded_start and selector.holds(own):
        return found(selector, selector.start, selector.end)
    return found(selector, *form.original(selector.folded_start, end))

"""Where in a text the words that were looked for stand closest together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import Final

from db.search import fold, words_sought
from db.spellings import same

WIDEST: Final = 300
"""Words farther apart than this, in code points, are not one passage: then the last of them alone stands for all."""
FAR: Final = 100_000
"""A passage once found, no shorter one is looked for beyond so many code points of a text: a book has a million."""


def passage(text: str, sought: str, *, spellings: bool = False) -> tuple[int, int]:
    """The shortest stretch of a text, in code points, that has every word of ``sought``, as the beginning of a word.

    ``spellings``: or in another spelling, articles left out, as ``search_spellings`` finds it. Where some word is not
    there, the first that is; (0, 0) where none is. Of a book the shortest there is before FAR, if any is.
    """
    wanted = sorted(words_sought(sought, spellings=spellings), key=len, reverse=True)
    first, best, closing = _shortest(text, wanted, spellings=spellings)
    if best is not None and best[1] - best[0] <= WIDEST:
        return best
    # What begins another word has been found where that one is.
    longer = [word for word in wanted if not any(each != word and each.startswith(word) for each in wanted)]
    if len(longer) < len(wanted):
        first, best, closing = _shortest(text, longer, spellings=spellings)
    if best is None:
        return first or (0, 0)
    return best if best[1] - best[0] <= WIDEST else closing


def _shortest(
    text: str, wanted: Sequence[str], *, spellings: bool
) -> tuple[tuple[int, int] | None, tuple[int, int] | None, tuple[int, int]]:
    """The first word that is wanted, the shortest stretch with all of them, None where there is none, and the word
    that ends it.
    """
    known: dict[str, int] = {}
    last: dict[int, tuple[int, int]] = {}
    first: tuple[int, int] | None = None
    best: tuple[int, int] | None = None
    closing = 0, 0
    for token in re.finditer(r"\w+", text):
        if token.start() > FAR and best is not None and best[1] - best[0] <= WIDEST:
            break
        word = token[0]
        if word not in known:
            known[word] = _which(fold(word), wanted, spellings=spellings)
        if known[word] < 0:
            continue
        last[known[word]] = token.span()
        first = first or token.span()
        if len(last) == len(wanted):
            start = min(begins for begins, _ends in last.values())
            if best is None or token.end() - start < best[1] - best[0]:
                best, closing = (start, token.end()), token.span()
                if len(wanted) == 1:
                    break
    return first, best, closing


def _which(word: str, wanted: Sequence[str], *, spellings: bool) -> int:
    """The number of the wanted word, longer ones first, that a word stands for; -1 for none."""
    begun = (number for number, each in enumerate(wanted) if word.startswith(each))
    spelt = (number for number, each in enumerate(wanted) if spellings and same(each, word))
    return next(chain(begun, spelt), -1)

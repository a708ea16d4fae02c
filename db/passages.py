"""Where in a text the words that were looked for stand closest together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from db.search import fold
from db.spellings import same

WIDEST: Final = 300
"""Words farther apart than this, in code points, are not one passage: then the last of them alone stands for all."""


def passage(text: str, sought: str, *, spellings: bool = False) -> tuple[int, int]:
    """The shortest stretch of a text, in code points, that has every word of ``sought``, as the beginning of a word.

    ``spellings``: or in another spelling. Where some word is not there, the first that is; (0, 0) where none is.
    """
    wanted = list(dict.fromkeys(fold(word) for word in re.findall(r"\w+", sought)))
    known: dict[str, int] = {}
    last: dict[int, tuple[int, int]] = {}
    first: tuple[int, int] | None = None
    best: tuple[int, int] | None = None
    for token in re.finditer(r"\w+", text):
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
                best = start, token.end()
                if len(wanted) == 1:
                    break
    if best is None:
        return first or (0, 0)
    if best[1] - best[0] <= WIDEST:
        return best
    end = best[1]
    return next(span for span in sorted(last.values(), reverse=True) if span[1] <= end) if last else best


def _which(word: str, wanted: Sequence[str], *, spellings: bool) -> int:
    """The number of the wanted word that a word stands for; -1 for none."""
    for number, each in enumerate(wanted):
        if word.startswith(each) or (spellings and same(each, word)):
            return number
    return -1

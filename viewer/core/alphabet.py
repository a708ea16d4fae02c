"""Puts very many texts in alphabetical order on a thread that lets others go on. No Qt.

To sort a list of texts is one call of Python's, which holds the interpreter's lock for seconds where there are a
million. Here their bytes are sorted as numbers, eight at a time, by numpy, which does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries.texts import SEPARATOR, Texts

AT_ONCE: Final = 2_000
"""Texts that are folded in one go: in less than a millisecond."""
_WORD: Final = 8


def text_ranks(texts: Texts, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers from 0 that sort the rows of ``ids`` as their texts do with no regard to case; equal texts have equal
    ones. An id without a text has -1.
    """
    found, parts = [np.empty(0, np.int64)], []
    for some, words in texts.parts(AT_ONCE):
        found.append(some)
        parts.append(SEPARATOR.join(words).casefold().encode("utf-8", "replace"))
    known = np.concatenate(found)
    if not len(known):
        return np.full(len(ids), -1, np.int64)
    block = np.frombuffer(SEPARATOR.encode().join(parts), np.uint8)
    ranks = _ranks(block, np.append(np.flatnonzero(block == ord(SEPARATOR)), len(block)))
    order = np.argsort(known, kind="stable")
    at = order[np.minimum(np.searchsorted(known, ids, sorter=order), len(known) - 1)]
    return np.where(known[at] == ids, ranks[at], -1)


def _ranks(block: NDArray[np.uint8], ends: NDArray[np.intp]) -> NDArray[np.int64]:
    """Of texts in UTF-8, whose bytes sort as their characters do; each ends before the separator at ``ends``."""
    starts = np.concatenate(([0], ends[:-1] + 1))
    ranks: NDArray[np.int64] = np.zeros(len(ends), np.int64)
    tied = np.arange(len(ends))
    depth = 0
    while len(tied):
        words = _words(block, starts[tied] + depth, ends[tied])
        order = np.lexsort((words, ranks[tied]))
        tied, words = tied[order], words[order]
        before = ranks[tied]
        group = np.append(True, before[1:] != before[:-1])
        part = group | np.append(True, words[1:] != words[:-1])
        at = np.arange(len(tied))
        ranks[tied] = before + np.maximum.accumulate(np.where(part, at, 0))
        ranks[tied] -= np.maximum.accumulate(np.where(group, at, 0))
        alone = part & np.append(part[1:], True)
        depth += _WORD
        tied = tied[~alone & (ends[tied] - starts[tied] >= depth)]  # shorter ones with one rank are equal
    return ranks


def _words(block: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Eight bytes of each text as a number; zero behind its end, which no text contains."""
    words = np.zeros(len(starts), np.uint64)
    for at in range(_WORD):
        place = starts + at
        letters = np.where(place < ends, block[np.minimum(place, len(block) - 1)] if len(block) else 0, 0)
        words = words << np.uint64(8) | letters.astype(np.uint64)
    return words

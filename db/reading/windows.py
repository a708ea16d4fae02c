"""Finding stand-off quotes: nothing is known of them but position, length and hash.

A passage is found where a window of its folded length over the folded copy has its hash. Nothing else counts as
found, and two such windows are two candidates, never a choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import accumulate
from typing import Final

from db.reading.folding import Folded, occurrences
from db.reading.selectors import ORPHAN, Anchor, Candidate, SearchedText, TextSelector, found
from db.values import QuoteState

_REACH: Final = 200  # folded characters either side of where a passage is expected that are looked at first
_SHORT: Final = 40_000
"""In folded texts up to this length passages are looked for that begin within a word, too: one in six or so begins a
word, and looking at all of a book takes minutes."""
_UNSPACED: Final = "\u0e00"
"""Among the scripts from here on are those that write words without spaces (Thai, Khmer, Chinese, Japanese)."""
_PREFIXES: Final = frozenset("وفبلكسوהבלמשכ")
"""Letters of Arabic and Hebrew that a word may follow without a space: and, so, in, to, as, will; the, that, from."""


def find_by_hash(
    searched: SearchedText, selectors: Sequence[TextSelector], *, of_one_text: bool = True
) -> list[Anchor]:
    """Look for each selector in the text by hash alone; one Anchor each, in order.

    ``of_one_text`` says that all were taken from one text, so that where one is found tells where to look for the next.
    """
    missing = list(range(len(selectors)))
    anchors = [ORPHAN] * len(selectors)
    for form in searched.forms:
        hits = _hits(form, [selectors[i] for i in missing], of_one_text, searched.pause)
        for i, places in zip(missing, hits, strict=True):
            if places:
                anchors[i] = _judge(searched, form, selectors[i], places)
        missing = [i for i, places in zip(missing, hits, strict=True) if not places]
        if not missing:
            break
    return anchors


def _judge(searched: SearchedText, form: Folded, selector: TextSelector, places: Sequence[int]) -> Anchor:
    length = selector.folded_length
    if len(places) == 1 and selector.is_movable:
        own = searched.text[selector.start : selector.end]
        if form.index(selector.start) == places[0] and selector.holds(own):
            return found(selector, selector.start, selector.end)
        return found(selector, *form.original(places[0], places[0] + length))
    candidates = (Candidate(*form.original(place, place + length), 1.0) for place in places)
    return Anchor(QuoteState.ORPHAN, candidates=tuple(candidates))


class _Windows:
    """Hashes of windows over a folded text, counted in its characters."""

    def __init__(self, folded: str) -> None:
        data = folded.encode()
        self._data = memoryview(data)
        self.length = len(folded)
        self._offsets: Sequence[int] = range(self.length + 1)
        if len(data) != self.length:
            self._offsets = list(accumulate((len(c.encode()) for c in folded), initial=0))

    def find(self, starts: Iterable[int], length: int, wanted: frozenset[bytes]) -> list[tuple[int, bytes]]:
        """Those of ``starts`` where a window of ``length`` has a wanted digest, with it."""
        data, offsets, last = self._data, self._offsets, self.length - length
        matches = []
        for start in starts:
            if 0 <= start <= last:
                digest = sha256(data[offsets[start] : offsets[start + length]]).digest()
                if digest in wanted:
                    matches.append((start, digest))
        return matches


def _hits(
    form: Folded, selectors: Sequence[TextSelector], of_one_text: bool, pause: Callable[[], None]
) -> list[list[int]]:
    """All windows of the folded text with the hash of each selector, ascending."""
    windows = _Windows(form.text)
    hits: list[list[int]] = [[] for _ in selectors]
    if of_one_text:
        _find_in_order(windows, form, selectors, hits)
    # What is left is looked for everywhere, all passages of one length at once.
    rest: dict[int, dict[bytes, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, selector in enumerate(selectors):
        if not hits[i]:
            rest[selector.folded_length][bytes.fromhex(selector.folded_sha256)].append(i)
    beginnings, others = _starts(form) if rest else ([], [])
    for length, wanted in rest.items():
        pause()
        for starts in (beginnings, others):
            for start, digest in windows.find(starts, length, frozenset(wanted)):
                places = occurrences(form.text, form.text[start : start + length])
                for i in wanted.pop(digest, ()):
                    hits[i] += places
            if not wanted:
                break
    return hits


def _starts(form: Folded) -> tuple[list[int], list[int]]:
    """Where words begin or end, and all other places; none of those where there are too many of them."""
    beginnings: list[int] = []
    others: list[int] = []
    before, reached = "", 0
    for place, character in enumerate(form.text):
        within = character.isalnum() and character < _UNSPACED
        same = within and before and character.isdigit() == before.isdigit() and before not in _PREFIXES
        (others if same and form.starts[place] <= reached else beginnings).append(place)
        before, reached = character if within else "", form.ends[place]
    return beginnings, others if len(form.text) <= _SHORT else []


def _find_in_order(
    windows: _Windows, form: Folded, selectors: Sequence[TextSelector], hits: Sequence[list[int]]
) -> None:
    """Look for each passage near where the one before it says that it should be."""
    drift = 0
    for i in sorted(range(len(selectors)), key=lambda i: selectors[i].start):
        selector = selectors[i]
        origin = form.index(selector.start) if selector.folded_start is None else selector.folded_start
        wanted = frozenset((bytes.fromhex(selector.folded_sha256),))
        near = windows.find(_outward(origin + drift), selector.folded_length, wanted)
        if near:
            place = near[0][0]
            drift = place - origin
            hits[i] += occurrences(form.text, form.text[place : place + selector.folded_length])


def _outward(middle: int) -> Iterable[int]:
    yield middle
    for distance in range(1, _REACH + 1):
        yield middle - distance
        yield middle + distance

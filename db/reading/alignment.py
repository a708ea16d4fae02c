"""Finding quotes whose words are known in an edited text: exact first, then the nearest alignment in its context.

Source of the method: W3C Web Annotation selectors, re-anchored as Hypothesis does (position, quote in context,
approximate match), with rapidfuzz's partial alignment in place of a diff. Whatever is doubtful is an orphan with
candidates: the thresholds below prefer a lost quote to a wrong passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from db.reading.folding import Folded, fold, occurrences
from db.reading.selectors import ORPHAN, Anchor, Candidate, SearchedText, TextSelector, found
from db.values import QuoteState

CONTEXT: Final = 32
"""Characters of text kept on either side of a quote."""

MIN_SIMILARITY: Final = 0.7  # of a changed passage to the quote (normalised indel similarity, folded)
_SURE_CONTEXT: Final = 0.75  # with a context at least this alike, MIN_SIMILARITY is enough
_MIN_CONTEXT: Final = 0.6  # with less than the sure one, the passage must be nearer to the quote
_NEAR_SIMILARITY: Final = 0.8
_MARGIN: Final = 0.15  # by which one of several equal passages must beat the next in context
_RIVAL: Final = 0.08  # a passage elsewhere this much more alike than the one in context makes the case doubtful
_MAX_CANDIDATES: Final = 5
_SAME_NAME: Final = 66.0  # percent
_SOME_NAMES: Final = 0.5
_MOST_NAMES: Final = 0.8  # where the earlier text cannot tell whether the passage was another one's
_WORD: Final = re.compile(r"\d+|\w{3,}")
_SNAP: Final = 3  # characters that an edge may move to meet the edge of a word
_REACH: Final = 16  # characters that an edge may move to meet the words of the quote


class _Match(NamedTuple):
    start: int  # folded characters
    end: int
    similarity: float
    context: float


def find_by_words(searched: SearchedText, selector: TextSelector, earlier: SearchedText | None = None) -> Anchor:
    """Look for one quote whose exact words are known.

    ``earlier`` is the text it was taken from, where at hand: a passage that stood there already, elsewhere, is another
    passage however alike, and is never taken for the quote.
    """
    form = searched.forms[0]
    needle = fold(selector.exact or "")
    before, after = fold(selector.prefix), fold(selector.suffix)
    if not needle:
        return ORPHAN
    equal = [
        _Match(place, place + len(needle), 1.0, _context(form.text, place, place + len(needle), before, after))
        for place in occurrences(form.text, needle)
    ]
    twins = earlier is None or len(occurrences(earlier.forms[0].text, needle)) > 1
    if twins and len(equal) == 1 and equal[0].context < _MIN_CONTEXT and selector.is_movable:
        # Moved elsewhere, or a twin of the quote where the quote itself was edited: its context tells.
        near = _near(form, needle, before, after)[0]
        equal += [near] if near.context >= _MIN_CONTEXT and near.similarity >= MIN_SIMILARITY else []
    if equal:
        return _judge_equal(searched, form, selector, equal)
    if not selector.is_movable or not form.text:
        return ORPHAN
    return _judge_near(searched, form, selector, _near(form, needle, before, after), earlier)


def _judge_equal(searched: SearchedText, form: Folded, selector: TextSelector, matches: Sequence[_Match]) -> Anchor:
    ranked = sorted(matches, key=lambda match: -match.context)
    best = ranked[0]
    if best.similarity < 1:
        return _candidates(form, ranked)
    alone = len(ranked) == 1 or best.context - ranked[1].context >= _MARGIN
    known = best.context >= _MIN_CONTEXT or (len(ranked) == 1 and selector.is_movable)
    if not alone or not known:
        return _candidates(form, ranked)
    start, end = form.original(best.start, best.end)
    # Folding knows nothing of white space at the edges of a quote.
    exact = selector.exact or ""
    wide = start - len(exact) + len(exact.lstrip()), end + len(exact) - len(exact.rstrip())
    return found(selector, *(wide if searched.text[max(0, wide[0]) : wide[1]] == exact else (start, end)))


def _judge_near(
    searched: SearchedText,
    form: Folded,
    selector: TextSelector,
    matches: Sequence[_Match],
    earlier: SearchedText | None,
) -> Anchor:
    """The first match is the one in context, the second the most alike of all."""
    best, rival = matches
    enough = best.similarity >= (MIN_SIMILARITY if best.context >= _SURE_CONTEXT else _NEAR_SIMILARITY)
    doubtful = rival.similarity >= best.similarity + _RIVAL
    stood_before = earlier is not None and form.text[best.start : best.end] in earlier.forms[0].text
    start, end = _snapped(searched.text, selector, *form.original(best.start, best.end))
    share = _SOME_NAMES if earlier is not None else _MOST_NAMES
    named = _agreement_of_names(selector.exact or "", searched.text[start:end]) >= share
    if best.context < _MIN_CONTEXT or not enough or doubtful or stood_before or not named:
        return _candidates(form, [match for match in {best, rival} if match.similarity >= MIN_SIMILARITY])
    return Anchor(QuoteState.CHANGED, start, end)


def _agreement_of_names(exact: str, passage: str) -> float:
    """The share of the names and figures of a quote that stand in a passage, slips allowed for; 1 without any.

    Reports are written to a pattern: sentences that differ in who, where and when are not the same passage, however
    alike the rest. The first word is left out, which has a capital in any case.
    """
    names = [word for word in _WORD.findall(exact)[1:] if word[0].isupper() or word[0].isdigit()]
    agreeing = sum(fuzz.partial_ratio(name, passage) >= _SAME_NAME for name in names)
    return agreeing / len(names) if names else 1.0


def _candidates(form: Folded, matches: Sequence[_Match]) -> Anchor:
    ranked = sorted(matches, key=lambda match: -(match.similarity + match.context))[:_MAX_CANDIDATES]
    spans = ((form.original(match.start, match.end), match) for match in ranked)
    return Anchor(
        QuoteState.ORPHAN,
        candidates=tuple(Candidate(*span, (match.similarity + match.context) / 2) for span, match in spans),
    )


def _near(form: Folded, needle: str, before: str, after: str) -> tuple[_Match, _Match]:
    """The passage most like the quote with its context, and the one most like the quote alone."""
    # Aligned with its context, the quote's own edges lie well inside the window, where alignment is trustworthy.
    start, end = _aligned(form.text, before + needle + after, len(before), len(before) + len(needle))
    best = _match(form, needle, before, after, start, end)
    return best, _match(form, needle, before, after, *_aligned(form.text, needle, 0, len(needle)))


def _match(form: Folded, needle: str, before: str, after: str, start: int, end: int) -> _Match:
    start, end = _fitted(form.text, needle, before, after, start, end)
    similarity = Indel.normalized_similarity(needle, form.text[start:end])
    return _Match(start, end, similarity, _context(form.text, start, end, before, after))


def _aligned(text: str, needle: str, start: int, end: int) -> tuple[int, int]:
    """Where the part ``start..end`` of a needle falls in the window of the text that is most like the needle."""
    if len(needle) >= len(text):
        first, last = 0, len(text)
    else:
        window = fuzz.partial_ratio_alignment(needle, text)
        first, last = (0, len(text)) if window is None else (window.dest_start, window.dest_end)
    edges = [last - first, last - first]
    for piece in Levenshtein.opcodes(needle, text[first:last]):
        for number, edge in enumerate((start, end)):
            if piece.src_start <= edge < piece.src_end:
                edges[number] = min(piece.dest_start + edge - piece.src_start, piece.dest_end)
    low, high = first + edges[0], first + edges[1]
    return (low, high) if low < high else (min(low, len(text) - 1), min(low, len(text) - 1) + 1)


def _fitted(text: str, needle: str, before: str, after: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with each edge moved, a few characters at most, to where quote and context fit best together.

    The window of a partial alignment is as long as the needle: where slips made the passage longer, it misses words.
    """

    def ending(place: int) -> tuple[int, int]:
        misfit = Levenshtein.distance(needle, text[start:place])
        return misfit + Levenshtein.distance(after, text[place : place + len(after)]), abs(place - end)

    def beginning(place: int) -> tuple[int, int]:
        misfit = Levenshtein.distance(needle, text[place:last])
        return misfit + Levenshtein.distance(before, text[max(0, place - len(before)) : place]), abs(place - start)

    last = min(range(max(start + 1, end - _REACH), min(len(text), end + _REACH) + 1), key=ending, default=end)
    return min(range(max(0, start - _REACH), min(last - 1, start + _REACH) + 1), key=beginning, default=start), last


def _context(text: str, start: int, end: int, before: str, after: str) -> float:
    """How alike what stands around ``start..end`` is to a quote's context, 0..1; 1 where the quote had none."""
    total = len(before) + len(after)
    if not total:
        return 1.0
    left = Indel.normalized_similarity(before, text[max(0, start - len(before)) : start])
    right = Indel.normalized_similarity(after, text[end : end + len(after)])
    mean = (left * len(before) + right * len(after)) / total
    # A sentence put in beside the passage spoils one side whole: the other then speaks, at a discount.
    return max(mean, *(0.8 * side for side, own in ((left, before), (right, after)) if len(own) >= CONTEXT // 2), 0.0)


def _snapped(text: str, selector: TextSelector, start: int, end: int) -> tuple[int, int]:
    """The stretch with its edges moved, a few characters at most, to edges of words, where the quote had them there."""
    whole = selector.prefix + (selector.exact or "") + selector.suffix
    first = len(selector.prefix)
    if _is_edge(whole, first):
        start = _snap(text, start)
    if _is_edge(whole, len(whole) - len(selector.suffix)):
        end = _snap(text, end)
    return start, max(end, start + 1)


def _snap(text: str, edge: int) -> int:
    places = [place for distance in range(_SNAP + 1) for place in (edge - distance, edge + distance)]
    return next((place for place in places if 0 <= place <= len(text) and _is_edge(text, place)), edge)


def _is_edge(text: str, place: int) -> bool:
    return not (text[max(0, place - 1) : place].isalnum() and text[place : place + 1].isalnum())

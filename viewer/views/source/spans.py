"""Where quotes lie in a shown text: pure arithmetic on UTF-16 positions, no Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from db.queries import QuoteRow
from db.reading.text import Utf16Map


@dataclass(frozen=True, slots=True)
class Span:
    """A quote in the shown text: ``start`` and ``end`` in UTF-16 units, end exclusive."""

    start: int
    end: int
    quote: QuoteRow

    @property
    def length(self) -> int:
        return self.end - self.start


def spans_of(text: str, quotes: Sequence[QuoteRow]) -> list[Span]:
    """The quotes that have a position, in order of the text; a longer one comes before those inside it."""
    units = Utf16Map(text)
    spans = [
        Span(units.to_utf16(quote.start), units.to_utf16(quote.end), quote)
        for quote in quotes
        if quote.start is not None and quote.end is not None and quote.start < quote.end
    ]
    return sorted(spans, key=lambda span: (span.start, -span.end, span.quote.id))


def at_position(spans: Sequence[Span], position: int, current: int | None = None) -> Span | None:
    """The quote to choose for a click at ``position``: the shortest there, or the next one round from ``current``."""
    here = sorted((span for span in spans if span.start <= position < span.end), key=lambda span: span.length)
    if not here:
        return None
    for number, span in enumerate(here):
        if span.quote.id == current:
            return here[(number + 1) % len(here)]
    return here[0]


def neighbour(spans: Sequence[Span], current: int | None, position: int, direction: int) -> Span | None:
    """The next (+1) or previous (-1) quote after the current one, else after ``position``; None at the end."""
    for number, span in enumerate(spans):
        if span.quote.id == current:
            at = number + direction
            return spans[at] if 0 <= at < len(spans) else None
    starts = [span.start for span in spans]
    at = bisect_left(starts, position) if direction > 0 else bisect_left(starts, position) - 1
    return spans[at] if 0 <= at < len(spans) else None

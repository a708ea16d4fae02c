"""The project's facts in the words of the interface: the same in every view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from db import timewords
from db.geometry import Part, area_m2
from db.queries import PlaceRow, QuantityRow, SourceRow
from db.values import CREDIBILITY, RELIABILITY, DocumentRole, Grade, Stance, Status, TimeSpan

STATUS_WORDS: Final = {
    Status.OCCURRED: "Reported",
    Status.PLANNED: "Planned",
    Status.PREDICTED: "Predicted",
    Status.CLAIMED: "Claimed",
    Status.DENIED: "Denied",
}
STANCE_WORDS: Final = {Stance.SUPPORTS: "supports", Stance.DISPUTES: "disputes", Stance.MENTIONS: "mentions"}
ROLE_WORDS: Final = {
    DocumentRole.ORIGINAL: "Original",
    DocumentRole.COPY: "Copy",
    DocumentRole.TRANSLATION: "Translation",
    DocumentRole.DIGEST: "Digest",
    DocumentRole.TABLE: "Table",
    DocumentRole.IMAGE: "Image",
}
NOT_JUDGED: Final = "–"


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 event``, ``2 events``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def source_name(source: SourceRow) -> str:
    """The short name of a source: its publisher, else its title; a table's is its title, as one publisher has many."""
    # With a title of its own it holds rows that tell of the source, and is not what was published.
    if any(document.role is DocumentRole.TABLE and document.title is None for document in source.documents):
        return source.title
    return (source.publisher or source.title).partition(" (")[0]


def published(source: SourceRow) -> str:
    return timewords.show_text(source.published) if source.published else "undated"


def reliability_badge(letter: str | None) -> tuple[str, str, str]:
    """Text, tone (chips.tone_colors) and meaning of a source's reliability."""
    if letter is None:
        return NOT_JUDGED, "neutral", "Reliability of the source not judged"
    tone = "ok" if letter in "AB" else "warn" if letter in "DE" else "neutral"
    return letter, tone, f"{letter}: {RELIABILITY[letter]}"


def grade_badge(grade: Grade) -> tuple[str, str, str]:
    """Text, tone and meaning of a claim's whole grade; empty text when nothing was judged."""
    if not grade.code:
        return "", "neutral", "Not judged"
    _letter, tone, _meaning = reliability_badge(grade.reliability)
    return grade.code, tone, f"{grade.code}: {grade.words}"


def grade_sentence(grade: Grade) -> str:
    """For accessible names: ``C4, fairly reliable source, doubtful``."""
    if not grade.code:
        return "not graded"
    source = f"{RELIABILITY[grade.reliability]} source" if grade.reliability else "source not judged"
    information = f"{CREDIBILITY[grade.credibility]}" if grade.credibility else "information not judged"
    return f"{grade.code}, {source}, {information}"


def place_words(place: PlaceRow, polygons: Sequence[Sequence[Part]] = ()) -> str:
    """What kind of place and how exactly it is known: ``city, within 10 km``. With its shape, ``polygons``, how large
    it is, in three figures: ``area of 12,300 km²``.
    """
    if polygons and (size := area_m2(polygons)):
        kind = place.type or "area"
        return f"{kind} of {rounded_area(size)}" if kind == "area" else f"{kind}, {rounded_area(size)}"
    kind = place.type or ("area" if place.kind == "area" else "place")
    if place.radius_m >= 1000:
        return f"{kind}, within {place.radius_m / 1000:.0f} km"
    return kind


def rounded_area(square_metres: float) -> str:
    """An area in three figures: ``12,300 km²``, ``0.25 km²``, ``840 m²``."""
    scale = 10.0 ** (2 - math.floor(math.log10(square_metres)))
    rounded = round(square_metres * scale) / scale
    return f"{number_words(rounded / 1e6)} km²" if rounded >= 100_000 else f"{number_words(rounded)} m²"


def when_words(span: TimeSpan | None) -> str:
    return timewords.show(span) if span is not None else "no date"


def short_count(count: int) -> str:
    """A count where there is little room: 7, 812, 1.2k, 34k."""
    if count < 1_000:
        return str(count)
    if count < 9_950:
        return f"{count / 1000:.1f}k".replace(".0k", "k")
    return f"{count / 1000:.0f}k"


def number_words(number: float) -> str:
    """``1,024``, ``2.1``."""
    return f"{number:,.0f}" if number == round(number) else f"{number:,.3f}".rstrip("0").rstrip(".")


def range_words(low: float | None, high: float | None) -> str:
    """``5 to 9``, ``at least 100``, ``up to 900``; empty where neither end is known."""
    if low is None or high is None:
        return (
            f"at least {number_words(low)}"
            if low is not None
            else f"up to {number_words(high)}"
            if high is not None
            else ""
        )
    return number_words(low) if low == high else f"{number_words(low)} to {number_words(high)}"


def quantity_words(quantity: QuantityRow | None) -> str:
    """What is counted, with its range: ``7 killed``, ``5 to 9 killed``, ``7 killed (5 to 9)``,
    ``share of the caliphate lost: 60%``; empty for no number.
    """
    if quantity is None:
        return ""
    spread = range_words(quantity.low, quantity.high)
    number = spread if quantity.value is None else number_words(quantity.value)
    if not number:
        return ""
    what, unit = (quantity.what or "").strip(), (quantity.unit or "").strip()
    what = "killed" if what.casefold() == "people killed" else what
    if not what or (unit and unit != "people" and unit.casefold() not in what.casefold()):
        measured = number + ("" if unit.startswith("%") else " ") + unit if unit else f"a count of {number}"
        words = f"{what}: {measured}" if what else measured
    else:
        words = f"{number} {what}"
    return f"{words} ({spread})" if quantity.value is not None and spread and spread != number else words

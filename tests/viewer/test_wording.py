"""Facts in words: what a claim counts, with its range; how large an area is."""

from __future__ import annotations

import pytest

from db.queries import QuantityRow
from viewer.models.wording import quantity_words, rounded_area


@pytest.mark.parametrize(
    ("what", "value", "low", "high", "unit", "words"),
    [
        ("people killed", 7, None, None, None, "7 killed"),
        ("people killed", 0, 0, 0, None, "0 killed"),
        ("people killed", None, 5, 9, None, "5 to 9 killed"),
        ("people killed", 7, 5, 9, None, "7 killed (5 to 9)"),
        ("ISIS leaders killed", None, 100, None, "people", "at least 100 ISIS leaders killed"),
        ("killed", None, None, 1200, None, "up to 1,200 killed"),
        ("suicide attacks claimed", 1024, None, None, "attacks", "1,024 suicide attacks claimed"),
        ("share of the caliphate lost", 60, None, None, "%", "share of the caliphate lost: 60%"),
        ("new money", None, 2.1, None, "billion dollars", "new money: at least 2.1 billion dollars"),
        ("قتلى", 3, None, None, None, "3 قتلى"),
        (None, 3, None, None, "tents", "3 tents"),
        (None, 3, None, None, None, "a count of 3"),
        ("people killed", None, None, None, None, ""),
    ],
)
def test_a_count_is_said_with_its_range(
    what: str | None, value: float | None, low: float | None, high: float | None, unit: str | None, words: str
) -> None:
    assert quantity_words(QuantityRow(what, value, low, high, unit)) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (91_680_929_224.0, "91,700 km²"),
        (12_340_000.0, "12.3 km²"),
        (250_400.0, "0.25 km²"),
        (9_996.0, "10,000 m²"),
        (843.2, "843 m²"),
    ],
)
def test_an_area_has_three_figures(size: float, words: str) -> None:
    assert rounded_area(size) == words

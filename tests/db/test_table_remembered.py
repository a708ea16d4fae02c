"""What is made of cells is made once, whether they can be taken, are in the way, or are left out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from db.importers.tables import remembered
from db.importers.tables.columns import BadRow, Field, Missing, Unread
from db.importers.tables.remembered import Remembered

AT = {Field.QUANTITY: (0,), Field.QUANTITY_WHAT: (1,)}


class Maker:
    """Reads a count of something; hears what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, given: Mapping[Field, tuple[str, ...]]) -> tuple[int, str]:
        count, what = given[Field.QUANTITY][0], given[Field.QUANTITY_WHAT][0]
        self.asked.append((count, what))
        if what == "nonsense":
            raise BadRow("it counts nonsense")
        if count and not count.isdecimal():
            raise Unread(f"“{count}” is no number", Field.QUANTITY)
        return int(count or 0), what


def test_each_is_made_once_and_told_with_each_row() -> None:
    maker, missing = Maker(), list[Missing]()
    made = Remembered(AT, tuple(AT), maker, missing)
    for _ in range(2):
        assert made(["3", "people"]) == (3, "people")
        assert missing == []
        assert made(["many", "people"]) == (0, "people")
        assert missing == [Missing((Field.QUANTITY,), "“many” is no number")]
        missing.clear()
        with pytest.raises(BadRow, match="it counts nonsense"):
            made(["many", "nonsense"])
        assert missing == [], "of a row that is left nothing else is told"
    assert maker.asked == [("3", "people"), ("many", "people"), ("", "people"), ("many", "nonsense")]


def test_rows_are_left_where_nothing_is_to_be_missing() -> None:
    made = Remembered(AT, tuple(AT), Maker())
    for _ in range(2):
        with pytest.raises(BadRow, match="“many” is no number"):
            made(["many", "people"])


def test_no_more_than_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    maker, missing = Maker(), list[Missing]()
    made = Remembered(AT, tuple(AT), maker, missing)
    for count in ("1", "some", "2", "3", "1"):
        made([count, "people"])
    assert [count for count, _what in maker.asked] == ["1", "some", "", "2", "3", "1"]

"""Grades of a table's rows, as people write them and as our own export does."""

from __future__ import annotations

import pytest

from db.importers.tables.cells import credibility_of
from db.importers.tables.columns import BadRow, Field


@pytest.mark.parametrize(
    ("text", "credibility"),
    [("", None), ("-", None), ("–", None), ("B–", None), ("d-", None), ("B", None), ("B2", 2), ("–4", 4), ("3", 3)],
)
def test_what_is_not_judged_stays_unjudged(text: str, credibility: int | None) -> None:
    assert credibility_of({Field.GRADE: (text,)}) == credibility


@pytest.mark.parametrize("text", ["B7", "good", "22", "–x"])
def test_what_is_no_grade_is_refused(text: str) -> None:
    with pytest.raises(BadRow, match="is none"):
        credibility_of({Field.GRADE: (text,)})

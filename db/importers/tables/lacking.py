"""What a row that can be taken lacks: told alike of the rows that are tried and of those that come in. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from db.importers.tables.claims import Claims
from db.importers.tables.columns import Fate, Field, Missing
from db.importers.tables.rows import Made

TITLE: Final = 2
WHEN: Final = 3
PLACE: Final = 4
KIND: Final = 5
"""Where these stand among the values of a row."""


def lacks(row: Made, said: Claims | None, missing: Sequence[Missing]) -> list[tuple[Fate, str]]:
    """What it lacks, and why where that is to be told. ``missing`` as the maker of the row has it."""
    if row[WHEN] is not None and row[TITLE] is not None and row[PLACE] is not None and not missing:
        return []
    found = []
    if first_said(row, said, PLACE) is None:
        found.append((Fate.NOWHERE, ""))
    if row[WHEN] is None and not any(Field.START in each.fields for each in missing):
        found.append((Fate.UNDATED, ""))
    if first_said(row, said, TITLE) is None:
        found.append((Fate.UNTITLED, ""))
    if missing:
        why = "; ".join(dict.fromkeys(each.reason for each in missing))
        found.append((Fate.UNREAD, f"{why}; it stands undated" if misdated(row, said, missing) else why))
    return found


def misdated(row: Made, said: Claims | None, missing: Sequence[Missing]) -> list[Missing]:
    """The dates for which an event will stand undated, as they cannot be read; none where one of its claims has one."""
    return [each for each in missing if Field.START in each.fields] if first_said(row, said, WHEN) is None else []


def first_said(row: Made, said: Claims | None, at: int) -> Any:
    """The value at a place of a row, or else that of the first of its claims that has one."""
    values = (each[at] for each in (row, *(said.made if said is not None else ())))
    return next((each for each in values if each is not None), None)

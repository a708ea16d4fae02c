"""What became of the rows of a table, counted and listed, and how that is said. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from db.errors import InputFault
from db.importers.tables.columns import BadLine, Fate
from db.values import Ref

LISTED: Final = 1_000
"""Rows of each fate that are remembered for showing; those in the file of rows are all there."""
FILED: Final = (Fate.LEFT, Fate.UNREAD, Fate.CHANGED, Fate.REPEATED)
"""Fates of the rows that are in that file."""

_SAID: Final[dict[Fate, Callable[[bool], str]]] = {
    Fate.LEFT: lambda _one: "could not be taken",
    Fate.UNREAD: lambda one: f"came in without what cannot be read in {'it' if one else 'them'}",
    Fate.TAKEN: lambda one: (
        "came in before and differs now; its event has the new values"
        if one
        else "came in before and differ now; their events have the new values"
    ),
    Fate.CHANGED: lambda one: (
        "came in before, but differs now; its event stays as it is"
        if one
        else "came in before, but differ now; their events stay as they are"
    ),
    Fate.REPEATED: lambda one: (
        "has the id of a row further up; passed over" if one else "have the id of a row further up; passed over"
    ),
    Fate.RESHAPED: lambda one: f"{'has' if one else 'have'} a geometry that is not taken as it is",
    Fate.NOWHERE: lambda one: (
        "has no geometry: it stands nowhere on the map" if one else "have no geometry: they stand nowhere on the map"
    ),
    Fate.UNDATED: lambda one: "has no date: it stands undated" if one else "have no date: they stand undated",
    Fate.UNTITLED: lambda one: (
        "has no title: it is called by kind and place" if one else "have no title: they are called by kind and place"
    ),
    Fate.SAME: lambda _one: "came in before; passed over",
}


_SHORT: Final = {
    Fate.LEFT: "not taken",
    Fate.UNREAD: "taken without what cannot be read",
    Fate.TAKEN: "with new values",
    Fate.CHANGED: "came in before but differ now",
    Fate.REPEATED: "repeat an id",
    Fate.RESHAPED: "not in their own shape",
    Fate.NOWHERE: "without a geometry",
    Fate.UNDATED: "undated",
    Fate.UNTITLED: "untitled",
    Fate.SAME: "came in before",
}


@dataclass(slots=True)
class Listed:
    """How many rows had a fate, and the first thousand of them."""

    count: int = 0
    rows: list[BadLine] = field(default_factory=list)


@dataclass(slots=True)
class TableImported:
    """What came of it. ``listed`` are the rows to tell of: those that did not go in, and those that lack something.
    ``events`` have come in, ``new`` of them were not there before with other values.
    ``numbers``: the ids of the events are from the first to the last of them. ``sources`` are new, beside the table's.
    """

    source: Ref
    document: Ref
    title: str
    events: int = 0
    places: int = 0
    actors: int = 0
    kinds: int = 0
    sources: int = 0
    numbers: tuple[int, int] = (0, -1)
    listed: dict[Fate, Listed] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """How many events there are more than before."""
        return self.events - self.number(Fate.TAKEN)

    @property
    def left(self) -> int:
        """How many rows could not be taken."""
        return self.number(Fate.LEFT)

    @property
    def bad(self) -> list[BadLine]:
        """The first of the rows that could not be taken."""
        return self.listed.get(Fate.LEFT, Listed()).rows

    def number(self, *fates: Fate) -> int:
        """How many rows had one of these fates."""
        return sum(self.listed[each].count for each in fates if each in self.listed)

    def tell(self, fate: Fate, line: BadLine) -> None:
        """Count a row, and list it where there is room."""
        found = self.listed.setdefault(fate, Listed())
        found.count += 1
        if len(found.rows) < LISTED:
            found.rows.append(line)

    def told(self) -> list[tuple[Fate, Listed, str]]:
        """What there is to tell, each with its sentence without a full stop, in the order of ``Fate``."""
        return [(each, self.listed[each], said(each, self.listed[each].count)) for each in Fate if each in self.listed]

    def in_short(self) -> str:
        """All there is to tell in one sentence without a full stop; nothing where there is nothing."""
        told = self.told()
        if len(told) < 2:
            return told[0][2] if told else ""
        return "Rows: " + ", ".join(f"{listed.count:,} {_SHORT[fate]}" for fate, listed, _said in told)


class NothingNew(InputFault):
    """No row of a table could be taken that did not come in before; ``imported`` lists them."""

    def __init__(self, message: str, imported: TableImported) -> None:
        super().__init__(message)
        self.imported = imported


def said(fate: Fate, number: int) -> str:
    """How many rows had a fate, in words: “12 rows came in before; passed over”."""
    return f"{rows(number)} {_SAID[fate](number == 1)}"


def rows(number: int) -> str:
    return f"{number:,} row" if number == 1 else f"{number:,} rows"


def nothing_taken(name: str, imported: TableImported) -> InputFault:
    """Why nothing came of a table of which no row went in."""
    came, changed = imported.number(Fate.SAME, Fate.CHANGED), imported.number(Fate.CHANGED)
    if came:
        more = f", {changed:,} of them with other values" if changed else ""
        more += "; the others cannot be taken" if imported.left else ""
        return NothingNew(f"{name} has no new row: {rows(came)} came in before{more}. Nothing was written.", imported)
    first = next(iter(imported.bad), None)
    if first is None:
        return InputFault(f"{name} has headings and no rows. Nothing was written.")
    return InputFault(f"No row of {name} could be taken. Line {first.line}: {first.reason}. Nothing was written.")

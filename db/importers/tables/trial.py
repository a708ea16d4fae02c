"""What would become of the first rows of a table: tried before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Final

from db.importers.tables.columns import BadRow
from db.importers.tables.dates import DateOrder
from db.importers.tables.dialect import Dialect
from db.importers.tables.mapping import TableMapping
from db.importers.tables.rows import RowMaker
from db.values import TimeSpan

TRIED: Final = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """How many rows were tried and could not be taken, the first reason, and what the first good one says."""

    tried: int
    left: int
    reason: str
    title: str | None
    when: TimeSpan | None
    place: str | None
    kind: str | None
    actors: tuple[str, ...]


def try_rows(dialect: Dialect, mapping: TableMapping, order: DateOrder, most: int = TRIED) -> Trial:
    """Make values of a table's first rows. Raises InputFault for a mapping that does not fit or says nothing."""
    mapping.check()
    ids = count(1)
    maker = RowMaker(mapping, dialect, order, lambda _table: next(ids))
    left, reason = 0, ""
    good: Trial | None = None
    rows = dialect.sample[:most]
    for number, cells in enumerate(rows, 1):
        try:
            made, actors = maker.make(number, list(cells))
        except BadRow as fault:
            left += 1
            reason = reason or str(fault)
            continue
        if good is None:
            _number, _hash, title, day, place, kind, *_rest = made
            good = Trial(
                len(rows),
                0,
                "",
                title,
                None if day is None else maker.dates[day - 1],
                None if place is None else maker.places.new[place].name,
                None if kind is None else maker.kind_names[kind],
                tuple(maker.actors.new[each] for each in actors),
            )
    if good is None:
        return Trial(len(rows), left, reason, None, None, None, None, ())
    return Trial(len(rows), left, reason, good.title, good.when, good.place, good.kind, good.actors)

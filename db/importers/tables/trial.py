"""What would become of the first rows of a table: tried before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from db.importers.tables.came_in import id_at, id_key
from db.importers.tables.claims import ClaimMaker
from db.importers.tables.columns import BadRow, Fate
from db.importers.tables.dates import DateOrder
from db.importers.tables.lacking import KIND, PLACE, TITLE, WHEN, first_said, lacks, misdated
from db.importers.tables.mapping import TableMapping
from db.importers.tables.rows import RowMaker
from db.kept.dialect import Dialect
from db.values import TimeSpan

TRIED: Final = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """How many rows were tried and could not be taken, the first reason, and what the first good one says.

    ``repeated`` have the id or the uid of a row further up, so they will be passed over. Of those that come in,
    ``undated`` and ``untitled`` say no date and no title; ``unread`` come in without a cell that cannot be read, for
    the first of which ``missing`` is the reason; ``misdated`` without their date, first because it is ``misdate``.
    """

    tried: int
    left: int = 0
    reason: str = ""
    title: str | None = None
    when: TimeSpan | None = None
    place: str | None = None
    kind: str | None = None
    actors: tuple[str, ...] = ()
    repeated: int = 0
    undated: int = 0
    untitled: int = 0
    unread: int = 0
    missing: str = ""
    misdated: int = 0
    misdate: str = ""


def try_rows(dialect: Dialect, mapping: TableMapping, order: DateOrder, most: int = TRIED) -> Trial:
    """Make values of a table's first rows. Raises InputFault for a mapping that does not fit or says nothing."""
    mapping.check()
    ids = count(1)
    maker = RowMaker(mapping, dialect, order, lambda _table: next(ids))
    claims = ClaimMaker.of(maker, mapping, dialect, lambda _table: next(ids))
    left, repeated, undated, untitled, unread, undatable = 0, 0, 0, 0, 0, 0
    reason = missing = misdate = ""
    good = Trial(0)
    rows = dialect.sample[:most]
    known: set[int | None] = set()
    at = id_at(dialect, mapping)
    for number, cells in enumerate(rows, 1):
        key = id_key(cells, at, len(dialect.names))
        if key in known:
            repeated += 1
            continue
        try:
            made, actors = maker.make(number, list(cells))
            said = None if claims is None else claims.make(made, actors, cells)
            maker.took(made)
        except BadRow as fault:
            if fault.fate is Fate.LEFT:
                left += 1
                reason = reason or str(fault)
            else:
                repeated += 1
            continue
        if key is not None:
            known.add(key)
        fates = dict(lacks(made, said, maker.missing))
        undated += Fate.UNDATED in fates
        untitled += Fate.UNTITLED in fates
        dates = misdated(made, said, maker.missing)
        others = [each for each in maker.missing if each not in dates]
        undatable += bool(dates)
        unread += bool(others)
        misdate = misdate or next((each.reason for each in dates), "")
        missing = missing or next((each.reason for each in others), "")
        if not good.tried:
            day, place, kind = first_said(made, said, WHEN), first_said(made, said, PLACE), made[KIND]
            good = Trial(
                len(rows),
                title=first_said(made, said, TITLE),
                when=None if day is None else maker.dates[day - 1],
                place=None if place is None else maker.places.new[place].name,
                kind=None if kind is None else maker.kind_names[kind],
                actors=tuple(maker.actors.new[each] for each in actors),
            )
    return replace(
        good,
        tried=len(rows),
        left=left,
        reason=reason,
        repeated=repeated,
        undated=undated,
        untitled=untitled,
        unread=unread,
        missing=missing,
        misdated=undatable,
        misdate=misdate,
    )

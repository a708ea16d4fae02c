"""Rows made of a table, gathered and written part by part within a bulk step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from db import row_texts
from db.bulk import Bulk
from db.displayed import rebuild_derived, span_columns
from db.geopackage import moment_text
from db.importers.tables.claims import ONLY, ClaimMaker, Decided
from db.importers.tables.columns import Fate
from db.importers.tables.lacking import lacks
from db.importers.tables.rows import Made, RowMaker
from db.importers.tables.statements import CLAIM_ACTORS, CLAIMS, EVENTS, FIRSTS, QUOTES, SCRATCH
from db.uid import UidRun
from db.values import TimeSpan

BATCH: Final = 50_000
"""Rows of one part."""


class PartWriter:
    """Quotes, claims and actors of rows; ``count`` claims and ``events`` are written. The same makers and uids give the
    same rows again.

    ``decided``: what was decided of events, by number of the event, and how many claims it has.
    """

    def __init__(
        self,
        bulk: Bulk,
        maker: RowMaker,
        claims: ClaimMaker | None,
        uids: UidRun,
        source_id: int,
        document_id: int,
        passage: int | None = None,
    ) -> None:
        """The ids of rows are reserved already. ``claims`` of rows that may have several.

        ``passage``: the column of what rows say, for the search; None where there is none, or it is known already.
        """
        self.count = self.events = 0
        self.decided: dict[int, tuple[int, list[Decided]]] = {}
        self._bulk, self._con, self._maker, self._claims, self._uids = bulk, bulk.con, maker, claims, uids
        self._source_id, self._document_id = source_id, document_id
        self._made: list[Made] = []
        self._actors: list[Sequence[int]] = []
        self._waiting: dict[int, tuple[int, list[Decided]]] = {}  # by place in ``_made``
        self._derived: list[int] = []
        self._first: int | None = None
        self._passage = passage
        self._texts: list[str] = []
        marks = ", ".join("?" * (20 if claims is None else 24))
        columns = (
            ""
            if claims is not None
            else (
                "(id, uid, number, hash, title, day, place, kind, said, credibility, quantity, low, high, what, unit, "
                "summary, status, note, tags, own_uid)"
            )
        )
        self._insert = f"INSERT INTO temp.bulk_row {columns} VALUES ({marks})"
        for statement in SCRATCH:
            self._con.execute(statement)

    def put(self, number: int, cells: list[str]) -> Sequence[tuple[Fate, str]]:
        """Take a row; answers what it lacks, and why where that is to be told. Raises BadRow."""
        row, actors = self._maker.make(number, cells)
        said = None if self._claims is None else self._claims.make(row, actors, cells)
        self._maker.took(row)
        if said is None:
            self._made.append(row if self._claims is None else (*row, *ONLY))
            self._actors.append(actors)
        else:
            if len(said.made) > 1 or said.decided:
                self._waiting[len(self._made)] = len(said.made), said.decided
            self._made += said.made
            self._actors += said.actors
        self.events += 1
        if self._passage is not None:
            self._texts.append(cells[self._passage])
            self._texts += [""] * (len(self._made) - len(self._texts))
        return lacks(row, said, self._maker.missing)

    @property
    def numbers(self) -> tuple[int, int]:
        """The first and the last number of what is written."""
        return self._first or 0, (self._first or 0) + self.count - 1

    @property
    def is_full(self) -> bool:
        return len(self._made) >= BATCH

    def write(self, also: Callable[[], None] = lambda: None) -> None:
        """One part: the rows taken so far, and what ``also`` adds."""
        con, count = self._con, len(self._made)
        first = self._bulk.next_ids("event", count)
        self._first = first if self._first is None else self._first
        self._bulk.next_ids("claim", count)
        self._bulk.next_ids("quote", count)
        with self._bulk.part():
            con.executemany(
                "INSERT INTO temp.bulk_day VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_day, self._maker.dates)
            )
            self._maker.dates.clear()
            con.executemany(
                self._insert,
                [
                    (first + at, uid, *row)
                    for at, (uid, row) in enumerate(zip(self._uids.take(count), self._made, strict=True))
                ],
            )
            pairs = [(first + at, actor) for at, several in enumerate(self._actors) for actor in several]
            actor_id = self._bulk.next_ids("claim_actor", len(pairs))
            con.executemany("INSERT INTO temp.bulk_actor VALUES (?, ?)", pairs)
            con.execute(QUOTES, (self._document_id,))
            con.execute(CLAIMS, (self._source_id,))
            con.execute(CLAIM_ACTORS, (actor_id,))
            con.execute(FIRSTS)
            con.execute("DELETE FROM temp.bulk_row")
            con.execute("DELETE FROM temp.bulk_actor")
            if self._texts:
                row_texts.add(con, ((first + at, text) for at, text in enumerate(self._texts) if text))
            also()
        self.count += count
        self.decided |= {first + at: found for at, found in self._waiting.items() if found[1]}
        self._derived += [first + at for at in self._waiting]
        self._waiting.clear()
        self._made.clear()
        self._actors.clear()
        self._texts.clear()

    def write_events(self) -> None:
        """Within the last part: the events of all rows, once the places and kinds that they name are there."""
        self._con.execute(EVENTS)
        rebuild_derived(self._con, self._derived)


def _day(when: TimeSpan) -> tuple[Any, ...]:
    bounds = span_columns(when)
    return (
        when.edtf,
        when.shape.value,
        *(bounds[name] for name in ("earliest", "latest_start", "earliest_end", "latest", "precision")),
        when.best,
        moment_text(when.earliest_start),
        moment_text(when.latest_end),
    )

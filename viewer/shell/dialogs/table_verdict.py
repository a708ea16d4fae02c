"""What would become of a table's rows, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from db import timewords
from db.importers.tables.columns import Field
from db.importers.tables.dates import DateOrder
from db.importers.tables.importer import OpenTable
from db.importers.tables.mapping import TableMapping
from db.importers.tables.same_rows import Again
from db.importers.tables.trial import Trial, try_rows


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the rows in words, whether that is a warning, and whether any can come in."""

    text: str
    warns: bool
    ready: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What becomes of rows that came in before: ``has_tables`` where some can have. Without ids ``only_new`` leaves
    them; with ids ``take_over`` takes the new values of those that differ.
    """

    has_tables: bool = False
    only_new: bool = True
    take_over: bool = False


def judged(table: OpenTable, mapping: TableMapping, order: DateOrder, again: Again, rows: Known) -> Verdict:
    """Try the first rows. ``again`` says nothing where a column holds ids. Raises InputFault for a mapping that does
    not fit or says nothing.
    """
    only_new = rows.only_new
    columns, dialect, count = mapping.columns, table.dialect, table.row_count
    all_here = count == (len(dialect.sample), True)
    before = ""
    if again.count:
        before = again.said(whole=all_here, only_new=only_new)
        if only_new:
            rest = tuple(row for row, there in zip(dialect.sample, again.there, strict=True) if not there)
            if not rest:
                return Verdict(before, warns=all_here, ready=not all_here)
            dialect, count = replace(dialect, sample=rest), (len(rest), True) if all_here else None
    trial = try_rows(dialect, mapping, order)
    titled = bool(columns.get(Field.TITLE) or mapping.codebook)
    dated = any(columns.get(each) for each in (Field.START, Field.END, Field.EDTF))
    known = columns[Field.ID][0] if columns.get(Field.ID) and rows.has_tables else ""
    others = bool(before) and only_new
    said = described(trial, count, titled=titled, dated=dated, known=known, others=others)
    if known and rows.take_over:
        said = f"{said} Those that differ now are taken over, where nobody has worked on their events."
    if dialect.above:
        said = f"{said} What stands above the headings in line {table.head.line} is not taken."
    lacks = trial.left or trial.unread or trial.misdated or not trial.tried
    twice = bool(before) and not only_new
    return Verdict(
        f"{before} {said}".strip(), bool(lacks) or twice or not (titled and dated), ready=trial.left < trial.tried
    )


def described(
    trial: Trial,
    count: tuple[int, bool] | None,
    *,
    titled: bool = True,
    dated: bool = True,
    known: str = "",
    others: bool = False,
) -> str:
    """What becomes of a table's first rows, in words; ``count`` as ``OpenTable.row_count``. ``titled`` and ``dated``:
    whether a column gives events their titles and dates. ``known``: the column whose ids are compared with those of
    earlier tables, where there are any. ``others``: these are the rows besides those that came in before.
    """
    if trial.left == trial.tried:
        none = "No other row" if others else "No row"
        return f"{none} can be taken so{_why(trial.left, trial.reason)}." if trial.tried else "The table has no rows."
    whole = count == (trial.tried, True)
    noun = "other rows" if others else "rows"
    can = "can be read" if known else "can be taken"  # of those that came in before nothing is known here
    rows = f"{trial.tried} {noun}" if whole else f"first {trial.tried}{_of_all(trial.tried, count)} {noun}"
    if trial.left:
        taken = f"{trial.left} of the {rows} cannot be taken{_why(trial.left, trial.reason)}."
    elif trial.repeated:
        taken = f"{trial.tried - trial.repeated} of the {rows} {can}."
    elif trial.tried == 1:
        taken = f"The {'one' if whole else 'first'} {noun[:-1]} {can}."
    else:
        taken = f"{'All' if whole else 'The'} {rows} {can}."
    if trial.repeated:
        repeat = "repeats the id of a row further up and is" if trial.repeated == 1 else "repeat ids and are"
        taken = f"{taken} {trial.repeated} {repeat} passed over."
    if 2 * trial.misdated > trial.tried - trial.left - trial.repeated - trial.undated:
        why = _why(trial.misdated, trial.misdate)
        taken = f"Most dates cannot be read{why}. Does another column hold them? {taken}"
    when = timewords.show(trial.when) if trial.when is not None else "no date"
    parts = [when, trial.title or trial.kind or "no title", trial.place or "no place", *trial.actors[:3]]
    said = [taken, f"For example: {' · '.join(parts)}."]
    if not titled:
        said.append("No column is the title: events will be called by kind and place.")
    elif trial.untitled:
        said.append(f"{trial.untitled} without a title will be called by kind and place.")
    if trial.misdated:
        why = "" if taken.startswith("Most") else _why(trial.misdated, trial.misdate)
        said.append(f"{trial.misdated} with a date that cannot be read will stand undated{why}.")
    if trial.unread:
        said.append(f"{trial.unread} will come in without what cannot be read{_why(trial.unread, trial.missing)}.")
    if not dated:
        said.append("No column is the date: events will stand undated.")
    elif trial.undated:
        said.append(f"{trial.undated} without a date will stand undated.")
    if known:
        said.append(f"Rows whose {known} came in before are passed over.")
    return " ".join(said)


def _why(rows: int, first: str) -> str:
    """The reason of the first of some rows; others may have theirs."""
    return f": {first}" if rows == 1 else f", the first because {first}"


def _of_all(tried: int, count: tuple[int, bool] | None) -> str:
    """Of how many rows the first were tried, in words; nothing where that is not known."""
    if count is None or count[0] <= tried:
        return ""
    return f" of {count[0]:,}" if count[1] else f" of up to {count[0]:,}"

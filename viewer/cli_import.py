"""``dateline import``: texts become sources, rows of tables become events."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from db.errors import EnvironmentFault, InputFault
from viewer.core.mappings import mappings_folder

if TYPE_CHECKING:
    from db.importers.tables.columns import Field
    from db.importers.tables.importer import OpenTable
    from db.importers.tables.mapping import TableMapping
    from db.importers.tables.outcome import TableImported
    from db.importers.tables.reading import Asked
    from db.store import Store

STOPPED: Final = 130
"""The exit code after Ctrl+C, as shells give it."""
SHOWN: Final = 10
_DELIMITERS: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


class Order(StrEnum):
    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class _Said:
    """What the command line says of tables."""

    asked: Asked
    mapping: str | None
    maps: tuple[str, ...]
    save_mapping: str | None
    order: Order | None
    title: str | None
    publisher: str | None
    published: str | None
    bad_rows: Path | None
    again: bool
    take_over: bool


def import_(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A Dateline project (.gpkg).", show_default=False)],
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Texts, one source each, or tables.")],
    published: Annotated[
        str | None,
        typer.Option(
            metavar="EDTF", help="Publication date of all of them: 2016-12-02, 2016-09~, 2016. Asked for otherwise."
        ),
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Publisher of all of them.")] = None,
    title: Annotated[str | None, typer.Option(help="Table: what its source is called; the file's name else.")] = None,
    mapping: Annotated[
        str | None, typer.Option(metavar="NAME|FILE.json", help="Table: a saved mapping of its columns, or a file.")
    ] = None,
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Table: what a column means; again for more columns."),
    ] = None,
    save_mapping: Annotated[str | None, typer.Option(metavar="NAME", help="Table: keep the mapping used.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Table: utf-8, cp1252, utf-16-le ...; guessed else.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Table: comma, semicolon, tab, pipe; guessed else.")] = None,
    decimal: Annotated[str | None, typer.Option(help="Table: the decimal mark, . or a comma; guessed else.")] = None,
    header: Annotated[
        bool | None, typer.Option("--header/--no-header", help="Table: whether a row names the columns.")
    ] = None,
    header_line: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Table: the line of the file with the headings; guessed else."),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Table: sheet of a workbook or layer; the first else.")] = None,
    dates: Annotated[Order | None, typer.Option(help="Table: how 3/4/2016 is read; guessed else.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Table without ids: take rows again that are in the project already.")
    ] = False,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over",
            help="Table with ids: take over what is new in rows that came in before, save where their event was "
            "worked on here.",
        ),
    ] = False,
    bad_rows: Annotated[
        Path | None, typer.Option(metavar="OUT.csv", help="Table: write the rows that were left to this file.")
    ] = None,
) -> None:
    """Add text files as sources, and the rows of tables as events.

    Tables are CSV, TSV, XLSX, GeoJSON, GeoPackage, KML and KMZ files. ACLED, UCDP GED and GDELT exports are
    recognised; of others the columns are guessed by their names, or told with --map title=Column --map start=Column.
    Rows that cannot be taken are listed and left, as are those whose id came in before with a table of the same
    publisher. Without a column of ids those are left that came in before with the same cells. Each file is one step
    for undo.
    """
    from db import edtf
    from db.importers.tables.outcome import NothingNew
    from db.importers.tables.reading import Asked, is_table
    from db.store import Store

    if published:
        edtf.parse(published)
    if decimal not in (None, ".", ","):
        raise InputFault("The decimal mark is a point or a comma: --decimal . or --decimal ,")
    if delimiter is not None:
        delimiter = _DELIMITERS.get(delimiter.casefold(), delimiter)
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise InputFault("The delimiter is one character, or comma, semicolon, tab or pipe.")
    if header is False and header_line is not None:
        raise InputFault("Either a line has the headings or none does: --header-line or --no-header, not both.")
    asked = Asked(encoding, delimiter, decimal, header, sheet, header_line)
    said = _Said(
        asked, mapping, tuple(maps or ()), save_mapping, dates, title, publisher, published, bad_rows, again, take_over
    )
    store = Store.open(project)
    try:
        if store.read_only:
            raise EnvironmentFault(f"Nothing was changed. {store.read_only_reason}")
        tables = [each for each in files if is_table(each)]
        failed = _texts(store, [each for each in files if each not in tables], published, publisher)
        for file in tables:
            try:
                _table(store, file, said)
            except EnvironmentFault as fault:
                failed += 1
                text = str(fault)
                if isinstance(fault, NothingNew):
                    _list(fault.imported, bad_rows)
                _err.print(text if text.startswith(file.name) else f"{file.name}: {text}", markup=False)
    finally:
        store.close()
    if failed:
        raise EnvironmentFault(
            f"{failed} of {_count(len(files), 'file')} could not be imported; the others are in the project."
            if failed < len(files)
            else "Nothing was imported and the project is as it was."
        )


def _texts(store: Store, files: Sequence[Path], published: str | None, publisher: str | None) -> int:
    """Import texts; answers how many could not be."""
    from db.importers.text import import_text

    if not files:
        return 0
    failed = 0
    with Progress(console=_err, transient=True) as progress:
        task = progress.add_task("Importing", total=len(files))
        for file in files:
            date = published
            if date is None and sys.stdin.isatty():
                progress.stop()
                date = _ask_date(file)
                progress.start()
            try:
                import_text(store, file, published=date or None, publisher=publisher)
                _out.print(f"{file.name}: imported" + ("" if date else ", undated"))
            except EnvironmentFault as fault:
                failed += 1
                _err.print(f"{file.name}: {fault}")
            progress.advance(task)
    return failed


def _ask_date(file: Path) -> str:
    from db import edtf

    while True:
        text: str = typer.prompt(
            f"When was {file.name} published (EDTF; empty for not known)", default="", show_default=False
        )
        try:
            if text:
                edtf.parse(text)
            return text
        except InputFault as fault:
            _err.print(str(fault))


def _table(store: Store, file: Path, said: _Said) -> None:
    from db.importers.tables.columns import Fate, Field
    from db.importers.tables.dates import DateOrder, guess_order
    from db.importers.tables.importer import About, import_table
    from db.importers.tables.mapping import save_mapping
    from db.importers.tables.reading import open_table

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as progress:
        task = progress.add_task(f"Reading {file.name}", total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        _check_headings(file, said.asked)
        table = open_table(file, said.asked, report)
        mapping = _mapping(table, said)
        if _is_elsewhere(table, mapping, said.asked):
            table = open_table(file, replace(said.asked, line=mapping.line), report, table.scan)
        try:
            mapping.check()
        except InputFault as fault:
            raise InputFault(f"{fault} Name columns with --map, such as --map title=Headline.") from fault
        told = True
        order = DateOrder(said.order.value) if said.order else None
        if order is None:
            at = mapping.indexes(table.dialect.names)
            days = [at[each][0] for each in (Field.START, Field.END) if each in at]
            order, told = guess_order(row[each] for row in table.dialect.sample for each in days if each < len(row))
        _err.print(_described(table, mapping, order, told), markup=False)
        about = About(said.title, said.publisher, said.published, order, said.again, said.take_over)
        hint = _tell_again(store, table, mapping, said)
        progress.update(task, description=f"Importing {file.name}")
        try:
            imported = import_table(store, table, mapping, about, bad_rows=said.bad_rows, report=report)
        except KeyboardInterrupt:
            _err.print(f"Stopped. Nothing of {file.name} is in the project.", markup=False)
            raise typer.Exit(STOPPED) from None
    _say(file, imported, said.bad_rows)
    if imported.number(Fate.SAME) and hint:
        _err.print(hint, markup=False)
    if said.save_mapping:
        save_mapping(replace(mapping, line=table.head.line), said.save_mapping, mappings_folder())
        _out.print(f"Saved the mapping “{said.save_mapping}”", markup=False)


def _check_headings(file: Path, asked: Asked) -> None:
    """Raises InputFault where headings cannot be told of as it was asked."""
    from db.importers.tables.reading import DELIMITED

    kind = file.suffix.casefold()
    if kind in DELIMITED:
        return
    if asked.header is False:
        raise InputFault(f"{file.name}: --no-header is for CSV and TSV files.")
    if asked.line is not None and kind != ".xlsx":
        raise InputFault(f"{file.name}: --header-line is for CSV, TSV and XLSX files.")


def _tell_again(store: Store, table: OpenTable, mapping: TableMapping, said: _Said) -> str:
    """Say how many of the first rows came in before, where no column holds ids. Answers how such rows are taken if any
    are left that were not told of.
    """
    from db.importers.tables.same_rows import again_of, are_compared
    from db.importers.tables.taking_over import can_be_taken_over

    if said.take_over and not can_be_taken_over(mapping):
        _err.print("--take-over changes nothing here: no column of the table holds ids of its rows.", markup=False)
    if not are_compared(mapping):
        if said.again:
            _err.print("--again changes nothing here: ids tell which rows came in before.", markup=False)
        return ""
    hint = "--again takes the rows that came in before once more."
    with closing(store.reader()) as con:
        found = again_of(con, table.dialect)
    words = found.said(whole=table.row_count == (len(table.dialect.sample), True), only_new=not said.again)
    if words:
        _err.print(words if said.again else f"{words} {hint}", markup=False)
    return "" if words else hint


def _mapping(table: OpenTable, said: _Said) -> TableMapping:
    """The mapping asked for, recognised or guessed, with what --map says."""
    from db.importers.tables.known import KNOWN, recognise
    from db.importers.tables.mapping import field_called, guess, read_mapping, saved_mappings

    names = table.dialect.names
    if said.mapping is None:
        mapping = recognise(names) or guess(names, table.made)
    else:
        saved = saved_mappings(mappings_folder())
        known = {each.name.casefold(): each for each in KNOWN}
        if said.mapping in saved:
            mapping = read_mapping(saved[said.mapping])
        elif said.mapping.casefold() in known:
            mapping = known[said.mapping.casefold()]
        elif said.mapping.endswith(".json"):
            mapping = read_mapping(Path(said.mapping))
        else:
            there = ", ".join([*saved, *(each.name for each in KNOWN)])
            raise InputFault(f"There is no mapping “{said.mapping}”. There are: {there}. Nothing was written.")
    given: dict[Field, list[str]] = {}
    for pair in said.maps:
        name, mark, column = pair.partition("=")
        if not mark:
            raise InputFault(
                f"--map says FIELD=COLUMN, such as title=Headline; “{pair}” does not. Nothing was written."
            )
        given.setdefault(field_called(name), []).extend([column] if column else [])
    for field, found in given.items():
        mapping = mapping.with_column(field, *found)
    return mapping


def _is_elsewhere(table: OpenTable, mapping: TableMapping, asked: Asked) -> bool:
    """Whether the headings are to be looked for in the line that the mapping remembers: not in one that was asked for,
    and not where they were found.
    """
    if asked.line is not None or asked.header is not None:
        return False
    return mapping.line in (0, *table.head.lines) and not mapping.fits(table.dialect.names)


def _described(table: OpenTable, mapping: TableMapping, order: str, told: bool) -> str:
    """How a table is read, in one line."""
    from db.kept.dialect import plain

    dialect = table.dialect
    marks = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    made = {plain(name): of for name, of in table.made.items()}
    parts = [mapping.name, _count(sum(plain(each) not in made for each in dialect.names), "column")]
    if table.format in ("csv", "tsv"):
        parts += [f"parted by {marks.get(dialect.delimiter, dialect.delimiter)}", dialect.encoding]
    if dialect.above:
        parts.append(f"headings in line {table.head.line}")
    if dialect.decimal == ",":
        parts.append("decimal comma")
    if order == Order.MDY:
        parts.append("dates as month/day/year")
    elif not told:
        parts.append("dates as day/month/year (--dates mdy for the other)")
    said: list[str] = []
    others: dict[str, list[str]] = {}  # what cells are made of that the file does not have -> their fields
    for each, names in mapping.columns.items():
        of = made.get(plain(names[0]))
        if of is None:
            said.append(f"{each.value}={' + '.join(names)}")
        else:
            others.setdefault(of, []).append(each.value)
    said += [f"{' + '.join(fields)} from {of}" for of, fields in others.items()]
    return f"{table.path.name}: {', '.join(parts)}\n  {', '.join(said)}"


def _say(file: Path, imported: TableImported, bad_rows: Path | None) -> None:
    new = [
        _count(number, f"new {noun}")
        for number, noun in (
            (imported.sources, "source"),
            (imported.places, "place"),
            (imported.actors, "actor"),
            (imported.kinds, "kind"),
        )
        if number
    ]
    words = f"{file.name}: {_count(imported.new, 'event')} imported" + (f", {', '.join(new)}" if new else "")
    _out.print(words, markup=False)
    _list(imported, bad_rows)


def _list(imported: TableImported, bad_rows: Path | None) -> None:
    """The rows to tell of: the first of each fate, with their lines."""
    from db.importers.tables.outcome import FILED

    for _fate, listed, sentence in imported.told():
        _err.print(f"{sentence}:", markup=False)
        for each in listed.rows[:SHOWN]:
            _err.print(f"  line {each.line}: {each.reason}", markup=False)
        if listed.count > SHOWN:
            _err.print(f"  and {listed.count - SHOWN:,} more")
    if imported.number(*FILED):
        which = "what could not be taken or read, differs or repeats"
        where = (
            f"{which[0].upper()}{which[1:]} is in {bad_rows}." if bad_rows else f"--bad-rows FILE.csv writes {which}."
        )
        _err.print(where, markup=False)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

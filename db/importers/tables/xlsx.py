"""XLSX workbooks: one sheet, row by row (openpyxl, read-only), its first row that is no title naming the columns.

Formulas give the values that the program which saved the file had worked out. A workbook is a zip archive of XML:
before it is opened its parts are counted and measured, and how each of them begins is looked at. A document type, the
one place where entities can be declared, stands before the first element, so a part that has one is refused. That looks
at a few bytes where a parser in Python, which openpyxl takes otherwise, costs ten times the reading.
"""

from __future__ import annotations

import importlib
import os
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from db.errors import InputFault
from db.importers.tables.delimited import opened
from db.importers.tables.heading_line import LOOKED_AT, Head, head_of
from db.importers.tables.records import Record, cell
from db.importers.tables.spots import Spots

MAX_UNPACKED: Final = 2 << 30
MOST_ROWS: Final = 1 << 20
"""Rows that a sheet can have."""
MAX_PARTS: Final = 10_000
MAX_STRINGS: Final = 512 << 20
_HEAD: Final = 1 << 16
_BLANKS: Final = 2_000
"""Rows among which the first that say anything are looked for."""
_PROLOG: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*\?>\s*|<!--(?:(?!-->).)*-->\s*)*<[A-Za-z_]", re.DOTALL)


class Sheet:
    """The rows of a sheet as records, each time anew."""

    def __init__(self, path: Path, name: str | None = None, line: int | None = None) -> None:
        """``name`` of the sheet; the first that is shown otherwise. ``line`` of the headings, else where they seem to
        be. Raises InputFault for what is no workbook, and where no row of the sheet is in that line.
        """
        self._path, self._asked, self._line = path, name, line
        self.head = Head()
        self.above: Sequence[Sequence[str]] = ()
        self.most = MOST_ROWS
        self.spots = Spots()
        self._at = 0.0
        check_archive(path, "a workbook")
        _check_prologs(path)
        try:
            self.parts = tuple(self._sheets())
        except InputFault:
            raise
        except Exception as error:  # openpyxl raises whatever it meets in a broken file
            raise self._broken() from error

    def _sheets(self) -> list[str]:
        """Names of the sheets with cells, those that are shown first."""
        with self._book() as book:
            sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
            names = [str(sheet.title) for sheet in sheets]
            if names and self._asked in (None, *names):
                self._look(book[self._asked or names[0]])
        if not names:
            raise InputFault(f"{self._path.name} has no sheet with cells. Nothing was written.")
        if self._asked is not None and self._asked not in names:
            raise InputFault(
                f"{self._path.name} has no sheet “{self._asked}”. There are: {', '.join(names)}. Nothing was written."
            )
        return names

    def _look(self, sheet: Any) -> None:
        """Where the headings are, and what stands above them."""
        lines, rows = list[int](), list[list[str]]()
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [cell(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                lines.append(number)
                rows.append(cells)
            if number >= (self._line or 0) and (len(rows) >= LOOKED_AT or number >= _BLANKS):
                break
        if rows:
            self.head = head_of(self._path.name, lines, rows, self._line, header=True)
            self.above = rows[: self.head.above]

    def progress(self) -> float:
        return self._at

    def __iter__(self) -> Iterator[Record]:
        name = self._asked or self.parts[0]
        names: list[str] | None = None
        above = len(self.above)
        try:
            with self._book() as book:
                sheet = book[name]
                total = sheet.max_row or 0
                for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                    self._at = min(number / total, 1.0) if total else 0.0
                    cells = [cell(value) for value in values]
                    if not any(cells):
                        continue
                    if above:
                        above -= 1
                        continue
                    if names is None:
                        names = _names(cells)
                        continue
                    yield number, dict(zip(names, cells, strict=False)), None
        except InputFault:
            raise
        except Exception as error:  # as above
            raise self._broken() from error

    @contextmanager
    def _book(self) -> Iterator[Any]:
        os.environ["OPENPYXL_DEFUSEDXML"] = "False"  # read when it is loaded: see above
        openpyxl = importlib.import_module("openpyxl")  # slow to load
        with opened(self._path) as file:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and checks that do not matter here
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            with closing(book):
                yield book

    def _broken(self) -> InputFault:
        return InputFault(f"{self._path.name} cannot be read as a workbook: it is damaged, or has a password.")


def _names(cells: list[str]) -> list[str]:
    """Names of columns: the second of a name gets a number, one without a name its place."""
    while cells and not cells[-1]:
        cells.pop()
    found: dict[str, None] = {}
    for number, text in enumerate(cells, 1):
        name = base = " ".join(text.split()) or f"Column {number}"
        again = 2
        while name in found:
            name, again = f"{base} {again}", again + 1
        found[name] = None
    return list(found)


def _check_prologs(path: Path) -> None:
    """Refuse XML that declares anything before its first element. Raises InputFault."""
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                if part.filename.casefold().endswith((".xml", ".rels", ".vml")):
                    with archive.open(part) as file:
                        if _PROLOG.match(file.read(_HEAD)) is None:
                            raise InputFault(
                                f"{path.name} cannot be read as a workbook: one of its parts declares a document type, "
                                "or is damaged. Nothing was written."
                            )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputFault(f"{path.name} cannot be read as a workbook: it is damaged. Nothing was written.") from error


def check_archive(path: Path, what: str) -> None:
    """Measure a zip archive before anything in it is read. Raises InputFault when it is none, or a bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputFault(f"{path.name} cannot be read as {what}: it is damaged. Nothing was written.") from error
    strings = sum(part.file_size for part in parts if part.filename.casefold().endswith("sharedstrings.xml"))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED or strings > MAX_STRINGS:
        raise InputFault(f"{path.name} is too large to be unpacked. Save it as CSV; nothing was written.")
    if any(part.flag_bits & 1 for part in parts):
        raise InputFault(f"{path.name} has a password. Save it without one; nothing was written.")

"""The rows that were left, as a CSV file: line, reason and their cells, to be mended and imported again."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from db.errors import EnvironmentFault
from db.importers.tables.columns import BadLine

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what begins like one, and is no number, gets an apostrophe."""
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


class BadRowFile:
    """Written as the rows come, under another name, and put in its place at the end; there is none without bad rows."""

    def __init__(self, path: Path | None, names: Sequence[str]) -> None:
        self._path, self._names = path, names
        self._part = None if path is None else path.with_name(f".{path.name}.{os.getpid()}.part")
        self._file: IO[str] | None = None

    def write(self, line: BadLine) -> None:
        """Add a row. Raises EnvironmentFault when the file cannot be written."""
        if self._part is None:
            return
        try:
            if self._file is None:
                self._file = self._part.open("w", encoding="utf-8-sig", newline="")
                csv.writer(self._file).writerow(["line", "reason", *map(harmless, self._names)])
            csv.writer(self._file).writerow([line.line, line.reason, *map(harmless, line.cells)])
        except OSError as error:
            raise self._fault(error) from error

    def __enter__(self) -> BadRowFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        if self._file is None or self._part is None or self._path is None:
            return
        try:
            self._file.close()
            if kind is None or issubclass(kind, EnvironmentFault):  # what failed has its reasons here
                self._part.replace(self._path)
            else:
                self._part.unlink()
        except OSError as error:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)
            if kind is None:
                raise self._fault(error) from error

    def _fault(self, error: OSError) -> EnvironmentFault:
        name = "" if self._path is None else self._path.name
        return EnvironmentFault(f"The bad rows could not be written to {name}: {error.strerror or error}.")

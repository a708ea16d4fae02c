"""CSV and TSV files: how they are written, guessed from their beginning, and their rows, read in pieces.

A file is read in blocks that end at a line's end, so that any one of them can be kept and decoded by itself; which row
is the first to begin in it is noted, so that a row is found again without reading what is before it.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from db.errors import EnvironmentFault, InputFault
from db.importers.tables.known import gdelt_header
from db.kept.dialect import MAX_CELL, Dialect, Part, Row
from db.reading.text import decode

BLOCK: Final = 1 << 20
SAMPLE: Final = 1 << 20
SAMPLE_ROWS: Final = 1000
DELIMITERS: Final = (",", ";", "\t", "|")
_READ: Final = 8 << 20
_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
_COMMA: Final = re.compile(r"-?\d{1,3},\d+")
_POINT: Final = re.compile(r"-?\d{1,3}\.\d+")
_MARKS: Final = ((b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"), (b"\xff\xfe", "utf-16-le"),
                 (b"\xfe\xff", "utf-16-be"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scan:
    """A file read through once: bytes, lines at most, hexadecimal SHA-256, whether all of it is UTF-8."""

    size: int
    lines: int
    sha256: str
    is_utf8: bool


def scan(path: Path, report: Callable[[int, int], None] = lambda _done, _total: None) -> Scan:
    """Read a file through: about 0.4 s for each 100 MB. ``report`` hears of bytes done and of all.

    Raises EnvironmentFault when it cannot be read.
    """
    digest, lines, done, end = hashlib.sha256(), 0, 0, b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    with opened(path) as file:
        total = file.seek(0, io.SEEK_END)
        file.seek(0)
        while data := file.read(_READ):
            digest.update(data)
            lines += data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n") - data.count(b"\r\0\n")  # UTF-16
            done, end = done + len(data), data[-2:]
            if is_utf8:
                try:
                    decoder.decode(data)
                except UnicodeDecodeError:
                    is_utf8 = False
            report(done, total)
    lines += end != b"\n\0" and end[-1:] not in (b"\n", b"\r")
    return Scan(done, lines, digest.hexdigest(), is_utf8)


def opened(path: Path) -> BinaryIO:
    """An ordinary file, open for reading. Raises EnvironmentFault with a sentence."""
    try:
        if path.is_dir():
            raise InputFault(f"{path.name} is a folder, not a table.")
        if path.exists() and not path.is_file():
            raise InputFault(f"{path.name} is not an ordinary file.")
        return path.open("rb")
    except FileNotFoundError:
        raise EnvironmentFault(f"There is no file {path}.") from None
    except OSError as error:
        raise EnvironmentFault(f"{path.name} cannot be read: {error.strerror or error}.") from error


def guess_dialect(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Dialect:
    """How a file is written, from its first megabyte; what is handed in is taken as it is.

    Raises InputFault when it is no table or cannot be read so, EnvironmentFault when it cannot be read at all.
    """
    with opened(path) as file:
        data = file.read(SAMPLE)
        whole = not file.read(1)
    if not data.strip():
        raise InputFault(f"{path.name} is empty: there is no table in it. Nothing was written.")
    encoding, text = _decoded(path, data, encoding, whole)
    lines = list(io.StringIO(text, newline=""))
    if not whole and len(lines) > 1:
        lines.pop()
    marks = DELIMITERS if delimiter is None else (delimiter,)
    rows, delimiter = max(
        ((_sample(lines, each), each) for each in marks), key=lambda found: _evenness(found[0], found[1] == "\t")
    )
    if not rows:
        raise InputFault(f"{path.name} is empty: there is no table in it. Nothing was written.")
    named = gdelt_header(rows[0])
    header = named is None and _is_header(rows)
    names = named or (_names(rows[0]) if header else tuple(f"Column {number + 1}" for number in range(len(rows[0]))))
    body = rows[1:] if header else rows
    return Dialect(encoding, delimiter, _decimal(body), header, tuple(names), tuple(map(tuple, body)))


def with_header(dialect: Dialect, header: bool) -> Dialect:
    """The same with the first row taken as names or as a row like the others."""
    if header == dialect.header:
        return dialect
    if header:
        if not dialect.sample:
            return dialect
        return replace(dialect, header=True, names=_names(dialect.sample[0]), sample=dialect.sample[1:])
    names = tuple(f"Column {number + 1}" for number in range(len(dialect.names)))
    return replace(dialect, header=False, names=names, sample=(dialect.names, *dialect.sample))


def _decoded(path: Path, data: bytes, encoding: str | None, whole: bool) -> tuple[str, str]:
    for mark, codec in _MARKS:
        if data.startswith(mark) and encoding is None:
            encoding, data = codec, data[len(mark) :]
    if encoding is None:
        try:
            encoding = decode(data if whole else data[: data.rfind(b"\n") + 1 or None]).encoding
        except InputFault as fault:
            raise InputFault(f"{path.name}: {fault} Nothing was written.") from fault
        encoding = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    try:
        text = data.decode(encoding, "strict" if whole else "ignore")
    except LookupError:
        raise InputFault(f"There is no encoding called “{encoding}”. Nothing was written.") from None
    except UnicodeError:
        raise cannot_read(path.name, encoding) from None
    return encoding, text.lstrip("\ufeff")


def cannot_read(name: str, encoding: str) -> InputFault:
    return InputFault(
        f"{name} cannot be read as {encoding}: some of its bytes are not allowed there. Name another encoding "
        "(--encoding cp1252); nothing was written."
    )


def _sample(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_CELL)
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if cells:
                rows.append(cells)
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:
        return []
    return rows


def _evenness(rows: Sequence[Sequence[str]], is_tab: bool) -> tuple[float, int, bool]:
    """How much like a table: the share of rows as wide as the first, if that has more than one column."""
    width = len(rows[0]) if rows else 0
    if width < 2:
        return (0.0, 0, is_tab)
    return (round(sum(len(cells) == width for cells in rows) / len(rows), 1), width, is_tab)


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    first = [cell.strip() for cell in rows[0]]
    return any(first) and not any(_NUMBER.fullmatch(cell) for cell in first)


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns: one without a name gets its number."""
    return tuple(" ".join(cell.split()) or f"Column {number + 1}" for number, cell in enumerate(cells))


def _decimal(rows: Sequence[Sequence[str]]) -> str:
    commas = sum(_COMMA.fullmatch(cell.strip()) is not None for cells in rows for cell in cells)
    points = sum(_POINT.fullmatch(cell.strip()) is not None for cells in rows for cell in cells)
    return "," if commas > points else "."


class DelimitedRows:
    """The rows of a CSV or TSV file, in order, once. Hands its blocks to ``keep`` as they are done with."""

    def __init__(self, path: Path, dialect: Dialect, keep: Callable[[Part], None]) -> None:
        self._path, self._dialect, self._keep = path, dialect, keep
        self._open: list[Part] = []
        self._pulled = 0
        self.bytes_read = 0

    def __iter__(self) -> Iterator[Row]:
        """Rows with their number (the header counts, blank lines do not) and first line. Raises InputFault."""
        csv.field_size_limit(MAX_CELL)
        number = line = 0
        skip_header = self._dialect.header
        with opened(self._path) as file:
            reader = csv.reader(self._lines(file), delimiter=self._dialect.delimiter)
            try:
                for cells in reader:
                    begins, line = line + 1, reader.line_num
                    if not cells:
                        continue
                    number += 1
                    if self._open:
                        self._place(number, begins)
                    if number == 1 and skip_header:
                        continue
                    yield number, begins, cells, None
            except csv.Error as error:
                raise InputFault(
                    f"{self._path.name} cannot be read from line {line + 1} on: {error}. Nothing was written."
                ) from error
            except UnicodeError:
                raise cannot_read(self._path.name, self._dialect.encoding) from None
        self._place(number + 1, line + 1, at_end=True)

    def _place(self, number: int, line: int, *, at_end: bool = False) -> None:
        """Note for the blocks that begin at or before a line that this row is the first to begin in them."""
        while self._open and (at_end or self._open[0].first_line <= line):
            part = self._open.pop(0)
            self._keep(replace(part, first_row=number, skip=max(line - part.first_line, 0)))

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        for data in blocks(file, self._dialect.encoding):
            text = data.decode(self._dialect.encoding)
            if not self._pulled:
                text = text.removeprefix("\ufeff")
            self.bytes_read += len(data)
            self._open.append(Part(data, self._pulled + 1))
            lines = list(io.StringIO(text, newline=""))
            self._pulled += len(lines)
            yield from lines


def blocks(file: BinaryIO, encoding: str, size: int = BLOCK) -> Iterator[bytes]:
    """A file in pieces that end at a line's end where there is one, ``size`` bytes or a little more."""
    wide = re.fullmatch(r"utf-(16|32)-(?:le|be)", encoding)
    width = int(wide[1]) // 8 if wide else 1
    ends = ["\n".encode(encoding), "\r".encode(encoding)] if wide else [b"\n", b"\r"]
    rest = b""
    while data := file.read(size):
        rest += data
        cut = next((at for end in ends if (at := _last(rest[:-width], end, width)) > 0), 0)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > 16 * size + MAX_CELL:
            raise InputFault("The file has a line too long to be a row of a table. Nothing was written.")
    if rest:
        yield rest


def _last(data: bytes, end: bytes, width: int) -> int:
    """Where the last line end in data is over; 0 for none. A carriage return may belong to a line feed after it."""
    at = data.rfind(end)
    while at > 0 and at % width:
        at = data.rfind(end, 0, at + len(end) - 1)
    return at + len(end) if at >= 0 and at % width == 0 else 0

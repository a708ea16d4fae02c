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
from db.importers.tables.heading_line import Head, head_of, rows_above
from db.importers.tables.known import gdelt_header
from db.kept.dialect import MAX_CELL, Dialect, Part, Row
from db.reading.text import decode

BLOCK: Final = 1 << 20
SAMPLE: Final = 1 << 20
SAMPLE_ROWS: Final = 1000
DELIMITERS: Final = (",", ";", "\t", "|")
_READ: Final = 8 << 20
_TABLE: Final = 0.5
"""More of the rows than this are as wide as the first, or it is not the first that a table begins with."""
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


@dataclass(frozen=True, slots=True)
class _Sample:
    """The first rows of a file by one delimiter, and the lines in which they begin."""

    delimiter: str
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[int, ...] = ()

    def evenness(self, above: int = 0) -> tuple[float, int, bool]:
        """How much like a table from some row on: the share of rows as wide as that, if it has more than one column."""
        is_tab = self.delimiter == "\t"
        width = len(self.rows[above]) if self.rows else 0
        if width < 2:
            return (0.0, 0, is_tab)
        fitting = sum(len(cells) == width for cells in self.rows[above:])
        return (round(fitting / (len(self.rows) - above), 1), width, is_tab)


def guess_dialect(
    path: Path,
    encoding: str | None = None,
    delimiter: str | None = None,
    line: int | None = None,
    header: bool | None = None,
) -> tuple[Dialect, Head]:
    """How a file is written and where its headings are, from its first megabyte; what is handed in is taken as it is,
    ``line`` and ``header`` as ``head_of``.

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
    found = _most_even([_sample(lines, each) for each in marks])
    rows = found.rows
    if not rows:
        raise InputFault(f"{path.name} is empty: there is no table in it. Nothing was written.")
    named = gdelt_header(rows[0])
    head = head_of(path.name, found.lines, rows, line, False if named and header is None else header)
    if head.header:
        names = _names(rows[head.above])
    else:
        names = named or tuple(f"Column {number + 1}" for number in range(len(rows[0])))
    body = rows[head.above + 1 :] if head.header else rows
    return Dialect(encoding, found.delimiter, _decimal(body), head.header, names, body, head.above), head


def _most_even(samples: Sequence[_Sample]) -> _Sample:
    """That which is most like a table: from its first row on, or where none is so from the row on that seems to hold
    the headings.
    """
    best = max(samples, key=_Sample.evenness)
    share = best.evenness()[0]
    if share > _TABLE:
        return best
    # Numbers with decimal commas part lines too, but not the headings.
    above = {each.delimiter: rows_above(each.rows) for each in samples}
    even = {each.delimiter: each.evenness(above[each.delimiter]) for each in samples}
    other = max(samples, key=lambda each: (even[each.delimiter][0], -above[each.delimiter], even[each.delimiter]))
    return other if even[other.delimiter][0] > max(share, _TABLE) else best


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


def _sample(lines: Sequence[str], delimiter: str) -> _Sample:
    csv.field_size_limit(MAX_CELL)
    rows: list[tuple[str, ...]] = []
    begins, line = list[int](), 0
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            if cells:
                rows.append(tuple(cells))
                begins.append(line + 1)
            line = reader.line_num
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:
        return _Sample(delimiter)
    return _Sample(delimiter, tuple(rows), tuple(begins))


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
        """Rows with their number (the header and what is above it count, blank lines do not) and first line.

        Raises InputFault.
        """
        csv.field_size_limit(MAX_CELL)
        number = line = 0
        heads = self._dialect.heads
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
                    if number <= heads:
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

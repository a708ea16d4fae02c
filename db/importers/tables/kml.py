"""KML 2.2 (OGC 07-147r2) and KMZ: each placemark a row, its geometry cells (spots.py), its time two columns.

The XML is read as a stream by expat with handlers of our own; a document type declaration ends it, so no entity is
ever expanded. Of an archive only the first .kml is unpacked, by and by, and no more than a gigabyte of it.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final
from xml.parsers import expat

import numpy as np

from db.errors import EnvironmentFault, InputFault
from db.geometry import Geometry, Part
from db.importers.tables.antimeridian import MOST
from db.importers.tables.delimited import opened
from db.importers.tables.records import MAX_TEXT, Record, Stream, cell
from db.importers.tables.spots import Spots
from db.importers.tables.xlsx import check_archive

MAX_BYTES: Final = 1 << 30
MAX_DEPTH: Final = 200
_READ: Final = 1 << 18
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_PLAIN: Final = {"name": "name", "description": "description", "when": "begin", "begin": "begin", "end": "end"}
_SHAPES: Final = ("Point", "LineString", "Polygon")


class Placemarks(Stream):
    """The placemarks of a file as records, each time anew."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if path.suffix.casefold() == ".kmz":
            check_archive(path, "a KMZ file")

    def __iter__(self) -> Iterator[Record]:
        reader = _Reader(self.spots)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        self._read = 0
        try:
            with ExitStack() as stack:
                file = stack.enter_context(self._opened(stack))
                while data := file.read(_READ):
                    self._read += len(data)
                    if self._read > MAX_BYTES:
                        raise InputFault(f"{self._path.name} is too large to be unpacked. Nothing was written.")
                    parser.Parse(data)
                    yield from reader.take()
                parser.Parse(b"", True)
                yield from reader.take()
        except expat.ExpatError as error:
            raise InputFault(
                f"{self._path.name} is not KML that can be read, at line {error.lineno}. Nothing was written."
            ) from error
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise EnvironmentFault(f"{self._path.name} cannot be read: {error}. Nothing was written.") from error

    def _opened(self, stack: ExitStack) -> IO[bytes]:
        if self._path.suffix.casefold() != ".kmz":
            self._size = max(self._path.stat().st_size, 1) if self._path.exists() else 1
            return opened(self._path)
        archive = stack.enter_context(zipfile.ZipFile(self._path))
        parts = [part for part in archive.infolist() if part.filename.casefold().endswith(".kml")]
        if not parts:
            raise InputFault(f"There is no KML in {self._path.name}. Nothing was written.")
        main = next((part for part in parts if part.filename.casefold() == "doc.kml"), parts[0])
        self._size = max(main.file_size, 1)
        return archive.open(main)


class _Reader:
    """What expat tells, gathered into records."""

    def __init__(self, spots: Spots) -> None:
        self.spots, self._unread = spots, False
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._record: dict[str, str] | None = None
        self._data: str | None = None
        self._shape = ""
        self._rings: list[Part] = []
        self._points: list[tuple[float, float]] = []
        self._lines: list[Part] = []
        self._polygons: list[tuple[Part, ...]] = []
        self._count = 0
        self._ready: list[Record] = []

    def take(self) -> list[Record]:
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._path.append(local)
        if len(self._path) > MAX_DEPTH:
            raise InputFault("The KML is nested too deeply. Nothing was written.")
        self._text.clear()
        self._length = 0
        if local == "Placemark":
            self._record = {}
            self._points, self._lines, self._polygons, self._unread = [], [], [], False
        elif local in ("Data", "SimpleData"):
            self._data = " ".join(attributes.get("name", "").split()) or "Column"
        elif local in _SHAPES:
            self._shape, self._rings = local, []

    def text(self, data: str) -> None:
        self._length += len(data)
        if self._length <= 64 * MAX_TEXT:
            self._text.append(data)

    def end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self._path.pop()
        record = self._record
        if record is None:
            return
        said = "".join(self._text).strip()
        parent = self._path[-1] if self._path else ""
        if local in _PLAIN and parent in ("Placemark", "TimeStamp", "TimeSpan"):
            record[_PLAIN[local]] = cell(_words(said) if local == "description" else said)
        elif (local == "value" or local == "SimpleData") and self._data is not None:
            record[self._data] = cell(said)
        elif local == "coordinates":
            self._coordinates(said)
        elif local == "Polygon" and self._rings:
            self._polygons.append(tuple(self._rings))
        elif local == "Placemark":
            self._finish(record)
        self._text.clear()
        self._length = 0

    def _coordinates(self, said: str) -> None:
        try:
            pairs = [(float(x), float(y)) for x, y, *_ in (each.split(",") for each in said.split())]
        except ValueError:
            self._unread = True
            return
        if not pairs or not all(abs(x) <= MOST[0] and abs(y) <= MOST[1] for x, y in pairs):
            self._unread = bool(pairs)
            return
        if self._shape == "Point":
            self._points.append(pairs[0])
        elif self._shape == "LineString":
            self._lines.append(np.array(pairs, np.float64))
        elif self._shape == "Polygon":
            self._rings.append(np.array(pairs, np.float64))

    def _finish(self, record: dict[str, str]) -> None:
        self._count += 1
        geometry = Geometry(tuple(self._points), tuple(self._lines), tuple(self._polygons))
        cells, remark = self.spots.columns(geometry, record, unread=self._unread)
        self._ready.append((self._count, record | cells, remark))
        self._record = None


def _refuse_doctype(*_given: Any) -> None:
    raise InputFault("The KML declares a document type, which is not read: it could expand without end.")


def _words(text: str) -> str:
    """A description without its HTML."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split()) if "<" in text or "&" in text else text

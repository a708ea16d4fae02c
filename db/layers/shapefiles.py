"""Shapefiles: shapes, the table beside them, and what the .prj says of their coordinates."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapefile

from db.errors import InputFault
from db.geometry import Geometry, Part
from db.importers.tables.delimited import opened
from db.layers.files import Feature, VectorFile
from db.layers.reference import WGS84, by_wkt

_ENCODINGS: Final = {"UTF8": "utf-8", "ISO88591": "iso-8859-1", "LATIN1": "iso-8859-1"}
_POINTS: Final = (1, 11, 21)
_MULTIPOINTS: Final = (8, 18, 28)
_LINES: Final = (3, 13, 23)
_POLYGONS: Final = (5, 15, 25)
_BROKEN: Final = (shapefile.ShapefileException, struct.error, ValueError, IndexError, TypeError, OSError, EOFError)


class Shapefile(VectorFile):
    """The features of a shapefile. Its table may be missing; so may its index."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with opened(path) as file:
            head = file.read(28)
            size = file.seek(0, 2)
        if len(head) < 28 or 2 * int.from_bytes(head[24:28], "big") > size:
            raise self._fault("as its end is missing")
        self._at, self._count = 0, 1
        projection = _beside(path, ".prj")
        self.reference = by_wkt(projection.read_text("utf-8", "replace")) if projection else WGS84
        self._encoding = _encoding(path)
        try:
            with self._reader() as reader:
                self._count = max(len(reader), 1)
        except _BROKEN as error:
            raise self._fault(str(error)) from error

    def progress(self) -> float:
        return min(self._at / self._count, 1.0)

    def __iter__(self) -> Iterator[Feature]:
        self._at = 0
        try:
            with self._reader() as reader:
                rows: Iterator[Any] = iter(reader.iterShapeRecords() if reader.dbf else reader.iterShapes())
                for each in rows:
                    self._at += 1
                    shape, record = (each.shape, each.record.as_dict()) if reader.dbf else (each, {})
                    properties = {name: _value(value) for name, value in record.items() if name != "DeletionFlag"}
                    yield self.placed(_geometry(shape)), properties
        except _BROKEN as error:
            raise self._fault(f"at feature {self._at + 1}: {error}") from error

    def _reader(self) -> Any:
        table = _beside(self.path, ".dbf")
        index = _beside(self.path, ".shx")
        return shapefile.Reader(
            shp=str(self.path),
            dbf=str(table) if table else None,
            shx=str(index) if index else None,
            encoding=self._encoding,
            encodingErrors="replace",
        )

    def _fault(self, why: str) -> InputFault:
        return InputFault(f"{self.path.name} cannot be read as a shapefile, {why}. Nothing was written.")


def _beside(path: Path, ending: str) -> Path | None:
    """The file of the same name with another ending, in small letters or large."""
    return next((each for each in (path.with_suffix(ending), path.with_suffix(ending.upper())) if each.is_file()), None)


def _encoding(path: Path) -> str:
    """What the table is written in, by the .cpg beside it; else UTF-8 where all of its beginning is that."""
    said = _beside(path, ".cpg")
    if said is not None:
        name = said.read_text("ascii", "replace").strip()
        name = _ENCODINGS.get(name.upper().replace("-", "").replace(" ", ""), name)
        with suppress(LookupError):
            "".encode(f"cp{name}" if name.isdigit() else name)
            return f"cp{name}" if name.isdigit() else name
    table = _beside(path, ".dbf")
    if table is not None:
        with table.open("rb") as file:
            head = file.read(1 << 20)
        try:
            head.decode("utf-8")
        except UnicodeDecodeError as error:
            return "utf-8" if error.start > len(head) - 4 else "cp1252"
    return "utf-8"


def _geometry(shape: Any) -> Geometry | None:
    kind = shape.shapeType
    if kind == 0 or not shape.points:
        return None
    points = np.array([point[:2] for point in shape.points], np.float64)
    if kind in _POINTS or kind in _MULTIPOINTS:
        return Geometry(points=tuple((float(x), float(y)) for x, y in points))
    parts: list[Part] = np.split(points, list(shape.parts)[1:])
    if kind in _LINES:
        return Geometry(lines=tuple(part for part in parts if len(part)))
    return Geometry(polygons=_polygons([part for part in parts if len(part) > 2])) if kind in _POLYGONS else None


def _polygons(rings: list[Part]) -> tuple[tuple[Part, ...], ...]:
    """Rings as polygons: those that turn right are outer, the others holes in the one before that holds them.

    As all fill in one path it does not matter to which outer ring a hole belongs, only that it is one.
    """
    found: list[list[Part]] = []
    for ring in rings:
        x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
        left = float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) > 0
        if left and found:
            found[-1].append(ring)
        else:
            found.append([ring])
    return tuple(map(tuple, found))


def _value(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value

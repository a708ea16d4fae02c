"""GeoJSON (RFC 7946), as one collection or one feature a line: each feature a row, its geometry cells (spots.py).

Features are parsed one by one from a window on the file, so that memory holds a megabyte or one feature of it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from db.errors import InputFault
from db.geometry import Geometry, Part
from db.importers.tables.antimeridian import MOST
from db.importers.tables.delimited import opened
from db.importers.tables.records import Record, Stream, cell

MAX_FEATURE: Final = 64 << 20
MAX_DEPTH: Final = 32
HEAD: Final = 1 << 20
"""Characters within which a collection says where its features begin."""
_READ: Final = 1 << 20
_FEATURES: Final = re.compile(r'"features"\s*:\s*\[')
_SPACE: Final = re.compile(r"[\s,\x1e]*")


class Features(Stream):
    """The features of a file as records, each time anew."""

    def __iter__(self) -> Iterator[Record]:
        for number, feature in enumerate(self.features(), 1):
            yield number, *self._record(feature)

    def _record(self, feature: dict[str, Any]) -> tuple[dict[str, str], str | None]:
        properties, given = feature.get("properties"), feature.get("geometry")
        record: dict[str, str] = {}
        if "id" in feature:
            record["id"] = _text(feature["id"])
        if isinstance(properties, dict):
            for name, value in properties.items():
                record[" ".join(name.split()) or "Column"] = _text(value)
        geometry = geometry_of(given, MOST)
        cells, remark = self.spots.columns(geometry, record, unread=geometry is None and _says(given))
        return record | cells, remark

    def features(self) -> Iterator[dict[str, Any]]:
        """The features as parsed JSON. Raises InputFault for a file that cannot be read, or what is no feature."""
        for number, feature in enumerate(self._features(), 1):
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise self._broken(number, "it is no feature")
            yield feature

    def _features(self) -> Iterator[Any]:
        """Features as parsed JSON."""
        parser, decoder = json.JSONDecoder(), codecs.getincrementaldecoder("utf-8")()
        number = 1
        with opened(self._path) as file:
            self._size, self._read = max(self._path.stat().st_size, 1), 0
            text, at, more, wanted = "", 0, True, HEAD
            begun = False
            while True:
                if more and len(text) - at < wanted:
                    data = file.read(_READ)
                    more = bool(data)
                    self._read += len(data)
                    text, at = text[at:] + self._decoded(decoder, data), 0
                    continue
                if not begun:
                    text = text.removeprefix("\ufeff")
                    found = _FEATURES.search(text)
                    begun, at = True, found.end() if found else 0
                at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
                if at >= len(text) or text[at] in "]}":
                    if more and at >= len(text):
                        continue
                    return
                try:
                    feature, at = parser.raw_decode(text, at)
                except RecursionError:
                    raise self._broken(number, "it is nested too deeply") from None
                except ValueError as error:
                    if more and wanted < MAX_FEATURE:
                        wanted = max(2 * (len(text) - at), _READ)  # it may go on in what is not read yet
                        continue
                    why = "it is not written as JSON is" if more else "the file ends in the middle of it"
                    raise self._broken(number, why) from error
                yield feature
                number += 1
                wanted = _READ

    def _decoded(self, decoder: codecs.IncrementalDecoder, data: bytes) -> str:
        try:
            return decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise InputFault(
                f"{self._path.name} is not in UTF-8, as GeoJSON has to be. Nothing was written."
            ) from error

    def _broken(self, number: int, why: str) -> InputFault:
        return InputFault(f"{self._path.name} cannot be read at feature {number}: {why}. Nothing was written.")


def _says(geometry: Any) -> bool:
    """Whether a geometry that cannot be taken was meant to be somewhere."""
    return geometry is not None and not (isinstance(geometry, dict) and geometry.get("coordinates") == [])


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return cell(json.dumps(value, ensure_ascii=False))
    return cell(value)


def geometry_of(value: Any, most: tuple[float, float] = (180.0, 90.0)) -> Geometry | None:
    """The geometry in parsed GeoJSON; None for none and for one that cannot be, or goes further than ``most``."""
    points: list[tuple[float, float]] = []
    lines: list[Part] = []
    polygons: list[tuple[Part, ...]] = []
    waiting: list[tuple[Any, int]] = [(value, 0)]
    try:
        while waiting:
            each, depth = waiting.pop()
            if not isinstance(each, dict) or depth > MAX_DEPTH:
                continue
            inner: Any = each.get("coordinates")
            match each.get("type"):
                case "Point" if inner:
                    points.append((float(inner[0]), float(inner[1])))
                case "MultiPoint":
                    points += [(float(pair[0]), float(pair[1])) for pair in inner]
                case "LineString" if inner:
                    lines.append(_run(inner, most))
                case "MultiLineString":
                    lines += [_run(line, most) for line in inner if line]
                case "Polygon" if inner:
                    polygons.append(tuple(_run(ring, most) for ring in inner))
                case "MultiPolygon":
                    polygons += [tuple(_run(ring, most) for ring in rings) for rings in inner if rings]
                case "GeometryCollection":
                    waiting += [(member, depth + 1) for member in each.get("geometries", ())]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return None
    if not all(abs(x) <= most[0] and abs(y) <= most[1] for x, y in points):
        return None
    return Geometry(tuple(points), tuple(lines), tuple(polygons)) if points or lines or polygons else None


def _run(pairs: Any, most: tuple[float, float]) -> Part:
    run = np.array([(float(pair[0]), float(pair[1])) for pair in pairs], np.float64)
    if not np.isfinite(run).all() or np.abs(run[:, 0]).max() > most[0] or np.abs(run[:, 1]).max() > most[1]:
        raise ValueError("not on the earth")
    return run

"""Files in other reference systems, by pyogrio where it is installed: GDAL reads them and brings them to WGS 84."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from db.errors import InputFault
from db.geometry import Geometry, walk
from db.layers.files import Feature, VectorFile

_AT_ONCE: Final = 5_000
_NAME: Final = "layer"


class Reprojected(VectorFile):
    """The features of one table of a file, in degrees."""

    def __init__(self, path: Path, part: str | None, parts: tuple[str, ...]) -> None:
        super().__init__(path)
        self.parts, self._part = parts, part
        self._at, self._count = 0, 1

    def progress(self) -> float:
        return min(self._at / self._count, 1.0)

    def __iter__(self) -> Iterator[Feature]:
        raw, pyogrio = _pyogrio()
        # GDAL's virtual format is the one way to have it reproject without pyproj.
        with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
            virtual = Path(folder) / "layer.vrt"
            virtual.write_text(self._virtual(), "utf-8")
            self._at = 0
            while True:
                try:
                    if not self._at:
                        self._count = max(int(pyogrio.read_info(virtual)["features"]), 1)
                    about, _ids, shapes, columns = raw.read(
                        virtual, skip_features=self._at, max_features=_AT_ONCE, datetime_as_string=True
                    )
                except Exception as error:  # GDAL's faults are of many kinds
                    said = f"{self.path.name} could not be brought to WGS 84: {error}. Nothing was written."
                    raise InputFault(said) from error
                names = [str(name) for name in about["fields"]]
                for number, wkb in enumerate(shapes):
                    values = {name: _value(column[number]) for name, column in zip(names, columns, strict=True)}
                    yield self._geometry(wkb), values
                self._at += len(shapes)
                if len(shapes) < _AT_ONCE:
                    return

    def _virtual(self) -> str:
        part = self._part or self.path.stem
        return (
            f"<OGRVRTDataSource><OGRVRTWarpedLayer><OGRVRTLayer name={quoteattr(_NAME)}>"
            f"<SrcDataSource>{escape(str(self.path.absolute()))}</SrcDataSource><SrcLayer>{escape(part)}</SrcLayer>"
            "</OGRVRTLayer><TargetSRS>EPSG:4326</TargetSRS></OGRVRTWarpedLayer></OGRVRTDataSource>"
        )

    def _geometry(self, wkb: bytes | None) -> Geometry | None:
        try:
            return None if wkb is None else self.placed(walk(bytes(wkb), self.most))
        except InputFault:
            return None


def _pyogrio() -> tuple[Any, Any]:
    """Two modules of the library, untyped; present only where the user has installed it."""
    return importlib.import_module("pyogrio.raw"), importlib.import_module("pyogrio")


def _value(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value

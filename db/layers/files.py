"""What a file of shapes is, whatever its format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from db.geometry import Geometry
from db.layers.reference import HALF, MOST_LONGITUDE, WGS84, Reference, in_degrees

Feature = tuple[Geometry | None, dict[str, Any]]
MOST_DEGREES: Final = (MOST_LONGITUDE, 90.0)
MOST_METRES: Final = (3 * HALF, 10 * HALF)


class VectorFile(ABC):
    """The features of a file, or of one of the tables in it, each time anew.

    ``parts``: the tables there are, where there can be several; ``number`` of features, 0 where it is not known.
    """

    parts: tuple[str, ...] = ()
    reference: Reference = WGS84

    def __init__(self, path: Path) -> None:
        self.path = path

    @abstractmethod
    def __iter__(self) -> Iterator[Feature]:
        """Geometry in degrees, None where there is none that could be drawn, and properties. Raises InputFault."""

    @abstractmethod
    def progress(self) -> float:
        """How much of the file has been read, 0 to 1."""

    @property
    def most(self) -> tuple[float, float]:
        """How far from zero coordinates may be."""
        return MOST_DEGREES if self.reference.degrees else MOST_METRES

    def placed(self, geometry: Geometry | None) -> Geometry | None:
        """A geometry of the file in degrees."""
        return None if geometry is None else in_degrees(geometry, self.reference)

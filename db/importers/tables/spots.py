"""Where a geometry lies, as cells: longitude, latitude, the radius in metres within which all of it is, its outline.

A table has points. A line becomes a point in it with the radius that holds all of it. So does an area, but its shape
goes beside the cells, into ``Spots.areas``, and the fourth cell names it there: ``5 points, 8f3c0a1b22d94e77``, by the
hash of its bytes, so that rows with one shape have one place. The geometry as it came stays in the file.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.claim_columns import number_text
from db.geometry import Geometry, geometry_blob, marker_of, read_blob, wkb_of
from db.importers.tables import outlines
from db.importers.tables.antimeridian import cut
from db.importers.tables.cells import shown

OUTLINE: Final = "area_outline"
NO_GEOMETRY: Final = "it has no geometry"
GEOMETRY: Final = "its geometry"
COLUMNS: Final = ("longitude", "latitude", "radius_m", OUTLINE)
MAX_POINTS: Final = 5_000
"""Of one shape; one with more is simplified: what is drawn with each picture of the map must stay light."""
MAX_BYTES: Final = 32 << 20
"""Of all shapes of a file, some two million points: a project reads them whenever it is opened."""
_NOWHERE: Final = ("", "", "", "")
_UNSEEN: Final = ("", "", "", "not looked at yet")
_UNREAD: Final = ("", "", "", "no area: its geometry cannot be read, so it is nowhere")
_FLAT: Final = "no area: its shape has no width, so it stands as a point"
_FULL: Final = f"no area: the shapes of this file fill {MAX_BYTES >> 20} MB already, so it stands as a point"
_NAMED: Final = re.compile(r"(?:([\d,]+) of )?([\d,]+) points?, ([0-9a-f]{16})")
_KEY: Final = 16
_EARTH: Final = 6_371_000.0  # metres, mean radius


class Spots:
    """The cells of a file's geometries. ``areas``: the shapes that these name, as GeoPackage blobs. ``made``: columns
    that the file does not have, and of what their cells are made.
    """

    def __init__(self) -> None:
        self.areas: dict[str, bytes] = {}
        self.made: dict[str, str] = {}
        self._known: dict[bytes, tuple[str, ...]] = {}
        self._room = MAX_BYTES
        self._shown: int | None = None

    def look(self, shown: int | None) -> None:
        """From now on work out no more than ``shown`` areas, and of heavy ones only about where they are: for a look at
        a file, as the rest of its rows is not seen. None: work out all.
        """
        self._shown = shown

    def columns(
        self, geometry: Geometry | None, taken: Iterable[str], *, unread: bool = False
    ) -> tuple[dict[str, str], str | None]:
        """The cells by column, under names not ``taken``; without the outline where there is nothing to say of it. And
        what there is to tell that no cell says.

        ``unread``: there is a geometry, and it cannot be taken.
        """
        if geometry is not None:
            geometry = cut(geometry)
            unread = unread or geometry is None
        if geometry is None or not geometry.is_area:
            cells = spot(geometry)
            cells = _UNREAD if unread and cells == _NOWHERE else cells
        else:
            cells = self._cells(geometry)
        names = _free_names(COLUMNS if cells[3] else COLUMNS[:3], taken)
        self.made.update(dict.fromkeys(names, GEOMETRY))
        return dict(zip(names, cells, strict=False)), _remark(geometry, cells)

    def _cells(self, geometry: Geometry) -> tuple[str, ...]:
        if self._shown is not None:
            self._shown -= 1
            if self._shown < 0:
                return _UNSEEN
        raw = _digest(geometry)
        if raw not in self._known:
            if self._shown is not None and sum(map(len, chain.from_iterable(geometry.polygons))) > MAX_POINTS:
                return _rough(geometry, raw)
            self._known[raw] = self._area(geometry)
        return self._known[raw]

    def _area(self, geometry: Geometry) -> tuple[str, ...]:
        shape, points = outlines.shape_of(geometry, MAX_POINTS)
        blob = None if shape is None else geometry_blob(shape)
        # Of a heavy one the middle of what is drawn: to find that of all of it takes minutes.
        drawn = None
        if blob is None and points > MAX_POINTS:
            drawn = Geometry(lines=tuple(outer for outer, *_holes in filter(None, geometry.polygons)))
        elif outlines.size(shape) < points:
            drawn = read_blob(blob)
        return *spot(geometry, drawn)[:3], self._outline(shape, blob, points)

    def _outline(self, shape: Any, blob: bytes | None, points: int) -> str:
        if shape is None or blob is None:
            return _FLAT
        if len(blob) > self._room and area_key(blob) not in self.areas:
            return _FULL
        kept = outlines.size(shape)
        key = area_key(blob)
        if key not in self.areas:
            self.areas[key] = blob
            self._room -= len(blob)
        return f"{f'{kept:,} of ' if kept < points else ''}{points:,} points, {key}"


def _free_names(wanted: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Names for columns of ours beside those of a file."""
    there = {name.casefold() for name in taken}
    return [name if name.casefold() not in there else f"geometry {name}" for name in wanted]


def spot(geometry: Geometry | None, drawn: Geometry | None = None) -> tuple[str, ...]:
    """The cells of a geometry without its outline; empty for none. In the middle of what is ``drawn`` of it."""
    marker = None if geometry is None else marker_of(drawn or geometry)
    if geometry is None or marker is None:
        return _NOWHERE
    lon, lat, _area = marker
    if len(geometry.points) == 1 and not geometry.lines and not geometry.polygons:
        return number_text(lon), number_text(lat), "", ""  # as it came: nothing was worked out
    runs = (np.array(geometry.points).reshape(-1, 2), *geometry.lines, *(each[0] for each in geometry.polygons if each))
    radius = max((_metres(lon, lat, run).max() for run in runs if len(run)), default=0.0)
    return f"{lon:.7g}", f"{lat:.7g}", f"{radius:.0f}" if radius >= 1 else "", ""


def _remark(geometry: Geometry | None, cells: Sequence[str]) -> str | None:
    """What is to be told of a geometry that its outline does not say: None for a single point, or an area alone."""
    if geometry is None or cells == _NOWHERE:
        return None if cells[3] else NO_GEOMETRY
    if geometry.is_area:
        return (
            "of its shape only the area is drawn, not its lines or points"
            if geometry.lines or geometry.points
            else None
        )
    if not geometry.lines:
        count = len(geometry.points)
        return f"it has {count:,} points, so it stands as one{_within(cells[2])}" if count > 1 else None
    what = "is a line" if len(geometry.lines) == 1 else f"has {len(geometry.lines):,} lines"
    what += " beside points" if geometry.points else ""
    return f"it {what}, so it stands as a point{_within(cells[2])}"


def _within(radius: str) -> str:
    return f" with a radius of {shown(float(radius))}" if radius else ""


def _rough(geometry: Geometry, raw: bytes) -> tuple[str, ...]:
    """As the cells of a heavy area will be, about: in the middle of its box."""
    every = np.concatenate(list(chain.from_iterable(geometry.polygons)))
    lon, lat = (every.min(axis=0) + every.max(axis=0)) / 2
    radius = float(_metres(lon, lat, every).max())
    return f"{lon:.7g}", f"{lat:.7g}", f"{radius:.0f}", f"{len(every):,} points, {raw.hex()[:_KEY]}"


def area_key(blob: bytes) -> str:
    """What names the shape of an area: by its WKB, since headers differ from program to program."""
    return hashlib.sha256(wkb_of(blob) or b"").hexdigest()[:_KEY]


def named(cell: str) -> str | None:
    """The key of the shape that a cell of the outline names; None where it names none."""
    found = _NAMED.fullmatch(cell)
    return None if found is None else found[3]


def without_key(cell: str) -> str:
    """A cell as it is shown: of an outline how many points it has, not by what its shape is found."""
    key = named(cell)
    return cell if key is None else cell.removesuffix(f", {key}")


def said_of_outline(cell: str) -> str | None:
    """What is to be told of a row by the cell of its outline: None where its shape is as it came."""
    if cell.startswith("no area: "):
        return cell.removeprefix("no area: ")
    found = _NAMED.fullmatch(cell)
    if found is None or found[1] is None:
        return None
    return f"its shape has {found[2]} points, of which {found[1]} are drawn"


def _digest(geometry: Geometry) -> bytes:
    read = hashlib.sha256()
    for rings in geometry.polygons:
        for ring in rings:
            read.update(len(ring).to_bytes(4, "little"))
            read.update(np.ascontiguousarray(ring).tobytes())
        read.update(b"/")
    return read.digest()


def _metres(lon: float, lat: float, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances by the haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984)."""
    low, high = math.radians(lat), np.radians(points[:, 1])
    half = np.sin((high - low) / 2) ** 2
    half += math.cos(low) * np.cos(high) * np.sin(np.radians(points[:, 0] - lon) / 2) ** 2
    return np.asarray(2 * _EARTH * np.arcsin(np.minimum(1.0, np.sqrt(half))))

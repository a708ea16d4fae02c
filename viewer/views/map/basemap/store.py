"""Reads the vector store of the basemap (resources/basemap/world.sqlite): geometry by cell, names by query.

Geometry comes in world units (see viewer/views/map/geometry.py) and is kept in memory in a small cache. Everything here
may be called from any thread: each has its own read-only connection.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from db.errors import EnvironmentFault
from viewer.views.map.basemap.bending import bent
from viewer.views.map.basemap.packing import decode
from viewer.views.map.basemap.worldview import Holding, View, Worldview
from viewer.views.map.projection import MERCATOR, Bounds, Floats, Projection

Line = tuple[Floats, Floats]
T = TypeVar("T")

CACHE_POINTS: Final = 3_000_000
"""Points kept decoded, 16 bytes each."""
COURSE_QUANTUM: Final = 0.001
"""Step of the stored courses, degrees."""
_TURNS: Final = (-360.0, 0.0, 360.0)
_Key = tuple[int, Projection, float]


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Parts (rings or lines) of one cell in world units.

    ``first`` bool[m] marks the first point of each part; ``boxes`` float64[n, 4] is (left, top, right, bottom) of each
    part, ``offsets`` int32[n + 1] its points, ``tags`` int32[n] its country or rank.
    """

    x: Floats
    y: Floats
    first: NDArray[np.bool_]
    offsets: NDArray[np.int32]
    tags: NDArray[np.int32]
    boxes: Floats


@dataclass(frozen=True, slots=True)
class Place:
    """A named settlement or site. ``kind``: capital, main (of a province), town, place or area."""

    id: int
    name: str
    name_ar: str | None
    lon: float
    lat: float
    kind: str
    min_zoom: float
    population: int
    country: str


@dataclass(frozen=True, slots=True)
class Country:
    """The name of a country, or of a territory that is a country in some view, and where it is written.

    ``number`` is the tag of its shapes, -1 where it has none; ``breadth`` the side, in degrees at the equator, of a
    square as large on the map as its greatest part.
    """

    number: int
    code: str
    name: str
    name_ar: str | None
    lon: float
    lat: float
    min_zoom: float
    rank: int
    breadth: float


@dataclass(frozen=True, slots=True)
class Area:
    """A name written over an area: ocean, sea, lake or region. ``angle`` in degrees, ``spacing`` in em."""

    id: int
    name: str
    name_ar: str | None
    kind: str
    lon: float
    lat: float
    min_zoom: float
    max_zoom: float
    size: float
    angle: float
    spacing: float


@dataclass(frozen=True, slots=True)
class Course:
    """A named river within an extent in degrees. ``rank`` 1 is the widest."""

    id: int
    name: str
    name_ar: str | None
    rank: int
    west: float
    south: float
    east: float
    north: float


class WorldStore:
    """The vector store at ``path``.

    :raises EnvironmentFault: the file is missing or cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._shapes: OrderedDict[_Key, Shapes] = OrderedDict()
        self._points = 0
        self._worldviews: dict[View, Worldview] = {}
        if not path.exists():
            raise EnvironmentFault(f"The map {path.name} is missing. Install Dateline again.")
        try:
            levels = self._con.execute("SELECT level, quantum, tolerance FROM level").fetchall()
            cells = self._con.execute("SELECT rowid, level, layer, west, south, east, north FROM cell").fetchall()
        except sqlite3.DatabaseError as error:
            raise EnvironmentFault(f"The map {path.name} cannot be read. Install Dateline again.") from error
        self.tolerances: dict[int, float] = {level: tolerance for level, _, tolerance in levels}
        self._quantum: dict[int, float] = {level: quantum for level, quantum, _ in levels}
        self._cells: dict[tuple[int, str], tuple[list[int], Floats]] = {}
        grouped: dict[tuple[int, str], list[tuple[int, float, float, float, float]]] = {}
        for rowid, level, layer, west, south, east, north in cells:
            grouped.setdefault((level, layer), []).append((rowid, west, south, east, north))
        for key, found in grouped.items():
            bounds = np.array([row[1:] for row in found])
            self._cells[key] = [row[0] for row in found], bounds

    @property
    def _con(self) -> sqlite3.Connection:
        con: sqlite3.Connection | None = getattr(self._local, "con", None)
        if con is None:
            con = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._local.con = con
            with self._lock:
                self._opened.append(con)
        return con

    def close(self) -> None:
        """Closes all connections. No thread may be reading."""
        with self._lock:
            for con in self._opened:
                con.close()
            self._opened.clear()
        self._local = threading.local()

    def shapes(self, level: int, layer: str, box: Bounds, projection: Projection = MERCATOR) -> list[Shapes]:
        """The cells of a layer that reach into ``box`` (left, top, right, bottom in world units).

        Of a projection that wraps x is within 0..1; others give what crosses their edge once for each of its sides.
        """
        known = self._cells.get((level, layer))
        if known is None:
            return []
        rowids, bounds = known
        west, south, east, north = projection.reach(*box)
        high = (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
        found = []
        for turn in (0.0,) if projection.wraps else _TURNS:
            away = turn - projection.middle
            hit = high & (bounds[:, 0] + away <= east) & (bounds[:, 2] + away >= west)
            found += [self._cell((rowids[index], projection, turn), level) for index in np.nonzero(hit)[0]]
        return found

    def _cell(self, key: _Key, level: int) -> Shapes:
        with self._lock:
            shapes = self._shapes.get(key)
            if shapes is not None:
                self._shapes.move_to_end(key)
                return shapes
        shapes = self._read(key, level)
        with self._lock:
            if key not in self._shapes:
                self._shapes[key] = shapes
                self._points += len(shapes.x)
            while self._points > CACHE_POINTS and len(self._shapes) > 1:
                _, old = self._shapes.popitem(last=False)
                self._points -= len(old.x)
        return shapes

    def _read(self, key: _Key, level: int) -> Shapes:
        rowid, projection, turn = key
        (blob,) = self._con.execute("SELECT data FROM cell WHERE rowid = ?", (rowid,)).fetchone()
        parts = decode(blob)
        quantum, offsets = self._quantum[level], parts.offsets
        lon, lat = (np.asarray(each * quantum, np.float64) for each in (parts.x, parts.y))
        if projection.wraps:
            x, y = projection.to_world(lon, lat)
        else:
            x, y, offsets = bent(projection, turn, lon, lat, offsets)
        start = offsets[:-1]
        first = np.zeros(len(x), np.bool_)
        first[start] = True
        reduce = np.minimum.reduceat, np.maximum.reduceat
        boxes = np.stack((reduce[0](x, start), reduce[0](y, start), reduce[1](x, start), reduce[1](y, start)), axis=1)
        return Shapes(x, y, first, offsets, parts.tags, boxes)

    # Names

    def places(self, west: float, south: float, east: float, north: float, zoom: float, limit: int) -> list[Place]:
        """Places shown at a zoom within an extent (degrees, west <= east), the most important first."""
        return self._rows(
            Place,
            "SELECT * FROM place WHERE min_zoom <= ? AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?"
            " ORDER BY min_zoom, population DESC, id LIMIT ?",
            (zoom, west, east, south, north, limit),
        )

    def find(self, text: str, limit: int = 20) -> list[Place]:
        """Places whose Latin or Arabic name starts with ``text``, the most important first."""
        pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        return self._rows(
            Place,
            "SELECT * FROM place WHERE name LIKE ?1 ESCAPE '\\' OR name_ar LIKE ?1 ESCAPE '\\'"
            " ORDER BY min_zoom, population DESC, id LIMIT ?2",
            (pattern, limit),
        )

    def countries(self) -> list[Country]:
        """All countries."""
        return self._rows(Country, "SELECT * FROM country ORDER BY rank, code")

    def holdings(self) -> list[Holding]:
        """Whom the worldviews count territories to."""
        return self._rows(Holding, "SELECT * FROM holding ORDER BY view, code")

    def worldview(self, view: View) -> Worldview:
        """Which country has what in a view."""
        if view not in self._worldviews:
            numbers = {country.code: country.number for country in self.countries()}
            self._worldviews[view] = Worldview([each for each in self.holdings() if each.view == view], numbers)
        return self._worldviews[view]

    def areas(self) -> list[Area]:
        """All names of waters and regions."""
        return self._rows(Area, "SELECT * FROM area ORDER BY min_zoom, id")

    def courses(self) -> list[Course]:
        """All named rivers, the widest first."""
        return self._rows(
            Course, "SELECT id, name, name_ar, rank, west, south, east, north FROM course ORDER BY rank, id"
        )

    def course_lines(self, course: Course, projection: Projection = MERCATOR) -> tuple[Line, ...]:
        """The lines that a river's name follows, in world units."""
        (blob,) = self._con.execute("SELECT data FROM course WHERE id = ?", (course.id,)).fetchone()
        parts = decode(blob)
        x, y = projection.to_world(parts.x * COURSE_QUANTUM, parts.y * COURSE_QUANTUM)
        cuts = parts.offsets[1:-1]
        return tuple(zip(np.split(x, cuts), np.split(y, cuts), strict=True))

    def _rows(self, make: Callable[..., T], query: str, values: Sequence[float | str] = ()) -> list[T]:
        return [make(*row) for row in self._con.execute(query, values)]

"""Atlas: which names a viewport may show, how important each is and where it is anchored. No Qt, nothing painted.

The map view turns the labels into wishes (LabelPainter.wish), places them together with those of events
(viewer/views/map/placing.py) and has the LabelPainter paint what found room.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, TypeVar

import numpy as np

from viewer.views.map.basemap.store import Area, Country, Course, Line, Place, WorldStore
from viewer.views.map.basemap.visible import seen_spots
from viewer.views.map.basemap.worldview import Tags, View
from viewer.views.map.geometry import Viewport
from viewer.views.map.projection import MERCATOR, Floats, Projection

Role: TypeAlias = Literal[
    "capital", "main", "city", "town", "village", "site", "country", "ocean", "sea", "lake", "region", "river"
]
Script: TypeAlias = Literal["latin", "arabic"]

Named = TypeVar("Named", Country, Area)

PRIORITY: Final[dict[str, float]] = {
    "capital": 10.0, "main": 20.0, "country": 30.0, "ocean": 31.0, "sea": 32.0, "city": 46.0, "town": 50.0,
    "lake": 56.0, "river": 58.0, "region": 59.0, "site": 66.0, "village": 70.0,
}  # fmt: skip
"""Lower goes first. Labels of events belong at about 5 (selected) and 40 (in the trail)."""
SIZES: Final[dict[str, tuple[float, float]]] = {
    "capital": (14.0, 1.7), "main": (13.5, 1.4), "city": (13.0, 1.1), "town": (12.0, 0.9), "village": (11.0, 0.7),
    "site": (10.5, 0.4),
}  # fmt: skip
"""Size of a place's name when it first shows, and how much it grows with each zoom for three zooms, logical px."""
MAIN_ZOOM: Final = 4.4
CITY_ZOOM: Final = 5.6
TOWN_ZOOM: Final = 7.2
CITY_PEOPLE: Final = 60_000
"""Places first shown up to these zooms are main cities, cities and towns, those after them villages."""
MOST_ROOM: Final = 5200.0
"""A country larger than this on the screen, logical px, is only named where it is seen."""
MOST_REGION: Final = 14.0
"""The largest size of the name of what is no country, logical px."""
COURSE_BLOCK: Final = 560.0
"""Each stretch of a river of so many px offers its name once."""
COURSE_STEP: Final = 5.0
COURSE_CHOICES: Final = 3
MOST_TURN: Final = 2.0
"""A stretch that turns by more than this many radians altogether carries no name."""
REACH: Final = 0.85
"""How far from its middle a view is answered for, in views: half for itself, the rest for a pan within its block."""
MOST_PLACES: Final = 420


@dataclass(frozen=True, slots=True)
class Label:
    """One name that may be shown.

    ``x``, ``y``: anchor in world units: the dot of a place, the middle of an area's name. ``size`` in logical px,
    ``spacing`` in em between letters, ``angle`` in degrees clockwise. ``dim``: outside the countries in focus.
    ``course``: for a river, points in logical px relative to the anchor that the name follows, left to right.
    ``room``: for a country, how wide it is on the screen, logical px.
    """

    key: str
    text: str
    role: Role
    x: float
    y: float
    priority: float
    size: float
    spacing: float = 0.0
    angle: float = 0.0
    dim: bool = False
    group: str | None = None
    room: float = 0.0
    course: tuple[tuple[float, float], ...] = ()


def zoom_of(view: Viewport) -> float:
    """Zoom level of a viewport: 0 shows the world 512 logical px wide, each whole step doubles it."""
    return math.log2(view.projection.likened(view.scale) / 512.0)


class Atlas:
    """The names of the basemap. One thread."""

    def __init__(self, store: WorldStore, tributaries: WorldStore | None = None) -> None:
        self._store = store
        self.worldview: View = "control"
        """Which of the names are those of countries."""
        self._rivers = [(course, each) for each in (store, tributaries) if each for course in each.courses()]
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._tracks, self._tracks_arabic = _Courses(0.0), False
        self._project(MERCATOR)
        self._key: tuple[object, ...] = ()
        self._labels: tuple[Label, ...] = ()

    def _project(self, projection: Projection) -> None:
        """Know where everything is in another projection."""
        self._projection = projection
        self._lines.clear()
        self._tracks = _Courses(0.0)
        self._countries = _located(self._store.countries(), projection)
        self._areas = _located(self._store.areas(), projection)

    def find(self, text: str, limit: int = 20) -> list[Place]:
        """Places of the map by the start of their Latin or Arabic name."""
        return self._store.find(text, limit)

    def codes(self, names: Collection[str]) -> frozenset[str]:
        """Codes of the countries with these English names, and of the territories that any view counts to them."""
        codes = {country.code for country, _x, _y in self._countries if country.name in names}
        return frozenset(codes | {each.code for each in self._store.holdings() if each.holder in codes})

    def labels(
        self, view: Viewport, *, focus: frozenset[str] = frozenset(), script: Script = "latin"
    ) -> tuple[Label, ...]:
        """What a viewport, with a margin so that it holds for a pan, may show, the most important first.

        ``focus``: codes of the countries whose names are drawn at full strength; none means all. ``script`` chooses
        the names; a name that is not known in Arabic is given in Latin.
        """
        zoom = zoom_of(view)
        if view.projection != self._projection:
            self._project(view.projection)
        # The answer is kept while the middle of the view stays within the same block of half a view, and is about the
        # middle of that block: it does not depend on the way by which the view came there.
        half_w, half_h = view.width / view.scale / 2, view.height / view.scale / 2
        view = replace(view, x=round(view.x / half_w) * half_w, y=round(view.y / half_h) * half_h)
        key = (view, focus, script, self.worldview)
        if key != self._key:
            west, south, east, north = _wide_extent(view)
            arabic = script == "arabic"
            found = [
                *self._places(west, south, east, north, zoom, focus, arabic),
                *self._country_labels(view, zoom, focus, arabic),
                *self._area_labels(view, zoom, arabic),
                *self._river_labels(view, west, south, east, north, zoom, arabic),
            ]
            self._labels = tuple(sorted(found, key=lambda label: (label.priority, label.key)))
            self._key = key
        return self._labels

    def _places(
        self, west: float, south: float, east: float, north: float, zoom: float, focus: frozenset[str], arabic: bool
    ) -> list[Label]:
        places: list[Place] = []
        for low, high in ((west, min(east, 180.0)), (-180.0, east - 360.0), (west + 360.0, 180.0)):
            if low < high and high > -180.0 and low < 180.0:
                places += self._store.places(max(low, -180.0), south, high, north, zoom, MOST_PLACES)
        return [self._place_label(place, zoom, focus, arabic) for place in places]

    def _place_label(self, place: Place, zoom: float, focus: frozenset[str], arabic: bool) -> Label:
        role: Role
        if place.kind == "capital":
            role = "capital" if self._store.worldview(self.worldview).is_country(place.country) else "main"
        elif place.kind in ("place", "area"):
            role = "site"
        elif place.min_zoom <= MAIN_ZOOM:
            role = "main"
        elif place.min_zoom <= CITY_ZOOM and place.population >= CITY_PEOPLE:
            role = "city"
        else:
            role = "town" if place.min_zoom <= TOWN_ZOOM else "village"
        # A name grows a little after it first appears, so that a closer view has steps of importance too.
        ahead = min(max(zoom - place.min_zoom, 0.0), 3.0)
        base, growth = SIZES[role]
        size = base + ahead * growth
        x, y = map(float, self._projection.to_world(place.lon, place.lat))
        order = place.min_zoom - math.log10(max(place.population, 1)) / 20
        dim = bool(focus) and place.country not in focus
        return Label(
            f"place:{place.id}", _name(place, arabic), role, x, y, PRIORITY[role] + order / 2 + 5.0 * dim,
            round(size * 2) / 2, dim=dim,
        )  # fmt: skip

    def _country_labels(self, view: Viewport, zoom: float, focus: frozenset[str], arabic: bool) -> list[Label]:
        """Names set to the size of their country: they fill about half of it, and go when it is far larger or smaller
        than they are. What is no country in the worldview is named as a region."""
        labels = []
        spots = self._spots(view, zoom)
        worldview = self._store.worldview(self.worldview)
        for country, x, y in self._countries:
            room = self._breadth(country) * view.scale
            if zoom < country.min_zoom - 2.2 or room < 26.0:
                continue
            if country.number in spots:
                x, y, room = spots[country.number]
            elif room > MOST_ROOM or not _near(view, x, y):
                continue
            role: Role = "country" if worldview.is_country(country.code) else "region"
            size = round(min(max(5.5 + 0.66 * math.sqrt(room), 10.0), 28.0 if role == "country" else MOST_REGION))
            lines = _broken(_name(country, arabic), room / (size * 0.68), arabic)
            longest = max(len(line) for line in lines)
            wide = longest * size * 0.68
            if wide > room * 1.9 + 24.0:
                continue
            widest = 0.95 if role == "country" else 0.4
            spacing = 0.0 if arabic else min(max((0.52 * room - wide) / (longest * size), 0.07), widest)
            dim = bool(focus) and country.code not in focus
            text = "\n".join(lines)
            priority = PRIORITY[role] + dim * 0.5 - min(room, 2000.0) / 4000.0
            labels.append(
                Label(
                    f"country:{country.code}", text if arabic else text.upper(), role, x, y, priority, size,
                    spacing=round(spacing, 2), dim=dim, room=room,
                )
            )  # fmt: skip
        return labels

    def _breadth(self, country: Country) -> float:
        """The side of a square as large as a country's greatest part, world units."""
        on_mercator = country.breadth / 360.0
        if self._projection.wraps:
            return on_mercator
        per_metre = self._projection.units_per_metre(country.lat) / MERCATOR.units_per_metre(country.lat)
        return on_mercator * float(per_metre)

    def _spots(self, view: Viewport, zoom: float) -> dict[int, tuple[float, float, float]]:
        """Where to name countries whose own spot is off the screen -> (x, y, logical px of room)."""
        width, height = view.width / view.scale, view.height / view.scale
        if width > 0.4:
            return {}
        box = view.x - width * 0.47, view.y - height * 0.45, view.x + width * 0.47, view.y + height * 0.45
        away = [
            country.number
            for country, x, y in self._countries
            if country.number >= 0
            and self._breadth(country) * view.scale > 60.0
            and not (box[0] < x < box[2] and box[1] < y < box[3])
        ]
        level = min(max(self._store.tolerances), 2 if zoom > 6.0 else 3)
        cells = self._store.shapes(level, "country", box, view.projection)
        spots = seen_spots(cells, away, box, self._named)
        side = math.sqrt(view.width * view.height)
        return {number: (x, y, math.sqrt(share) * side * 0.8) for number, (x, y, share) in spots.items()}

    def _named(self, tags: Tags) -> Tags:
        """The numbers by which shapes are named: their own, or where they have no name those of the country in whose
        hands the worldview has them."""
        own = np.isin(tags, [country.number for country, _x, _y in self._countries])
        return np.where(own, tags, self._store.worldview(self.worldview).whose(tags))

    def _area_labels(self, view: Viewport, zoom: float, arabic: bool) -> list[Label]:
        labels = []
        for area, x, y in self._areas:
            if not area.min_zoom <= zoom <= area.max_zoom or not _near(view, x, y):
                continue
            role: Role = area.kind  # type: ignore[assignment]
            size = area.size + min(zoom - area.min_zoom, 2.0) * (1.2 if role != "lake" else 0.6)
            text = _name(area, arabic)
            labels.append(
                Label(
                    f"area:{area.id}", text.upper() if role == "region" and not arabic else text, role, x, y,
                    PRIORITY[role] + area.min_zoom / 20, round(size), spacing=0.0 if arabic else area.spacing,
                    angle=area.angle,
                )
            )  # fmt: skip
        return labels

    def _river_labels(
        self, view: Viewport, west: float, south: float, east: float, north: float, zoom: float, arabic: bool
    ) -> list[Label]:
        if zoom < 3.6:
            return []
        if self._tracks.scale != view.scale or self._tracks_arabic != arabic:
            self._tracks, self._tracks_arabic = _Courses(view.scale), arabic
        rank = int(min((zoom - 3.0) * 1.7, 10))
        labels: list[Label] = []
        for course, store in self._rivers:
            if course.rank > rank or course.south > north or course.north < south:
                continue
            if all(course.west + turn > east or course.east + turn < west for turn in (-360.0, 0.0, 360.0)):
                continue
            if course.id not in self._lines:
                self._lines[course.id] = store.course_lines(course, view.projection)
            text = _name(course, arabic)
            size = (13.5 if course.rank <= 2 else 12.0 if course.rank <= 4 else 11.0) + min(max(zoom - 6.0, 0.0), 1.5)
            length = len(text) * size * 0.62
            for number, line in enumerate(self._lines[course.id]):
                for spot_number, spot in self._tracks.spots(view, (course.id, number), line, length):
                    key = f"river:{course.id}:{number}:{spot_number}"
                    middle = spot[len(spot) // 2]
                    course_px = tuple((float(p[0] - middle[0]), float(p[1] - middle[1])) for p in spot)
                    world_x, world_y = middle[0] / view.scale, middle[1] / view.scale
                    order = PRIORITY["river"] + course.rank / 10 + spot_number % COURSE_CHOICES / 100
                    labels.append(
                        Label(
                            key, text, "river", world_x, world_y, order, round(size),
                            spacing=0.06, group=f"river:{course.name}", course=course_px,
                        )
                    )  # fmt: skip
        return labels


def _located(named: Sequence[Named], projection: Projection) -> list[tuple[Named, float, float]]:
    """What has a name, and where that belongs, in world units."""
    x, y = projection.to_world(np.array([each.lon for each in named]), np.array([each.lat for each in named]))
    return list(zip(named, x.tolist(), y.tolist(), strict=True))


def _broken(name: str, letters: float, arabic: bool) -> list[str]:
    """A name on one line, or on two of about equal length where it is longer than so many letters."""
    words = name.split(" ")
    if len(name) <= letters or len(words) == 1 or arabic:
        return [name]
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    upper, lower = min(cuts, key=lambda cut: (max(len(cut[0]), len(cut[1])), -len(cut[0])))
    return [upper, lower]


class _Courses:
    """The stretches of rivers that can carry their names at one scale, found once for each block of a course."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self._tracks: dict[tuple[int, int], tuple[Line, Floats]] = {}
        self._spots: dict[tuple[int, int, int], list[Floats]] = {}

    def spots(self, view: Viewport, key: tuple[int, int], line: Line, length: float) -> Iterator[tuple[int, Floats]]:
        """For each block of a course near the view the straightest stretches of ``length`` px, the best first.

        Of each: a number that names it within the course, and its points in px from the world's corner.
        """
        x, y = line
        dx = x - view.x
        if view.projection.wraps:
            dx = (dx + 0.5) % 1.0 - 0.5
        near = (np.abs(dx) < view.width / view.scale * REACH) & (np.abs(y - view.y) < view.height / view.scale * REACH)
        if not near.any():
            return
        if key not in self._tracks:
            px, py = x * self.scale, y * self.scale
            self._tracks[key] = (px, py), np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(px), np.diff(py)))))
        (px, py), along = self._tracks[key]
        if along[-1] < length * 1.2:
            return
        first, last = int(np.argmax(near)), len(near) - int(np.argmax(near[::-1]))
        start = math.floor(along[max(first - 1, 0)] / COURSE_BLOCK)
        end = math.floor(along[min(last, len(along) - 1)] / COURSE_BLOCK)
        for block in range(start, end + 1):
            place = (*key, block)
            if place not in self._spots:
                at = np.arange(block * COURSE_BLOCK, min((block + 1) * COURSE_BLOCK, along[-1]), COURSE_STEP)
                stretch = np.stack((np.interp(at, along, px), np.interp(at, along, py)), axis=1)
                self._spots[place] = _straightest(stretch, int(length / COURSE_STEP))
            for choice, spot in enumerate(self._spots[place]):
                yield block * COURSE_CHOICES + choice, spot


def _straightest(line: Floats, window: int) -> list[Floats]:
    """The least bent stretches of ``window`` steps of a line, from left to right, the best first."""
    if len(line) < window + 3:
        return []
    smooth = _smoothed(line, 13)
    turns = np.arctan2(np.diff(smooth[:, 1]), np.diff(smooth[:, 0]))
    turn = np.abs((np.diff(turns) + math.pi) % (2 * math.pi) - math.pi)
    total = np.concatenate(([0.0], np.cumsum(turn)))
    bends = total[window:] - total[: len(total) - window]
    spots = []
    for _ in range(COURSE_CHOICES):
        best = int(np.argmin(bends))
        if bends[best] > MOST_TURN:
            break
        spot = smooth[best : best + window + 2]
        spots.append(spot if spot[-1, 0] >= spot[0, 0] else spot[::-1])
        bends[max(best - window // 2, 0) : best + window // 2 + 1] = np.inf
    return spots


def _smoothed(line: Floats, width: int) -> Floats:
    kernel = np.hanning(width + 2)[1:-1]
    padded = np.pad(line, ((width // 2, width // 2), (0, 0)), mode="edge")
    return np.stack([np.convolve(padded[:, axis], kernel / kernel.sum(), mode="valid") for axis in (0, 1)], axis=1)


def _wide_extent(view: Viewport) -> tuple[float, float, float, float]:
    """The view and a third of it on each side, in degrees; east may exceed 180 or west fall below -180."""
    half_w, half_h = min(view.width / view.scale * REACH, 0.5), view.height / view.scale * REACH
    top, bottom = max(view.y - half_h, 0.0), min(view.y + half_h, 1.0)
    west, south, east, north = view.projection.reach(view.x - half_w, top, view.x + half_w, bottom)
    middle = view.projection.middle
    return west + middle, south, east + middle, north


def _near(view: Viewport, x: float, y: float) -> bool:
    dx = x - view.x
    if view.projection.wraps:
        dx = (dx + 0.5) % 1.0 - 0.5
    return abs(dx) < view.width / view.scale * REACH and abs(y - view.y) < view.height / view.scale * REACH


def _name(named: Place | Country | Area | Course, arabic: bool) -> str:
    return (named.name_ar if arabic else None) or named.name

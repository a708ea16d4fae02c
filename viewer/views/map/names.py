"""Words on the map: names of the basemap, titles of events and labels of layers, placed together so that none covers
another.

Event titles come before most place names; a name gives way, a mark never. Between two placings, while time runs or the
map is dragged, what was placed stays where it is on the ground.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from viewer.look.theme import ThemeManager
from viewer.views.map.basemap.label_painter import DOT, label_painter
from viewer.views.map.basemap.labels import Label, Script
from viewer.views.map.feature_names import FeatureNames
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.ground import Ground
from viewer.views.map.items import Age, EventLayer, Scene
from viewer.views.map.layers.labels import Written
from viewer.views.map.levels import Level
from viewer.views.map.placing import SAME, Candidate, Point, Points, Wish, around, nearby, place
from viewer.views.map.projection import Floats, Projection
from viewer.views.map.titles import TitlePainter

MOST_TITLES: Final = 60
"""Titles offered at once, the newest first."""
MARK: Final = {Age.OLDER: 6.5, Age.AHEAD: 9.0, Age.LIT: 9.0, Age.CHOSEN: 13.0}
DISC: Final = 9.0
"""Half the side of what a mark covers, and a disc, logical px where marks are not enlarged."""
_SELECTED, _LIT, _AHEAD = 5.0, 40.0, 44.0
_AROUND: Final = 160.0
_EVENT: Final = "event:"
_DOT_REACH: Final = 10
_STRAY: Final = 0.18
"""The name of a country, which is as true some way off its middle, is moved by at most this part of its width."""
_BADGE_TOP: Final = 19.0
_BADGE: Final = (3.0, 17.5, 16.0)
"""How far right and up of the middle of a mark its badge begins, and its side."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title of an event as placed: its text and the offset of its top left from the mark, logical px."""

    text: str
    dx: float
    dy: float


class Names:
    """The placed names and titles of one map."""

    def __init__(self, look: ThemeManager, basemap: Ground, title: Callable[[int], str]) -> None:
        """``title`` gives the title of a row."""
        self._look, self._basemap, self._title = look, basemap, title
        self.written: Callable[[Projection], Sequence[Written]] = lambda _projection: ()
        """Answers the labels of layers in a projection."""
        self.focus: frozenset[str] = frozenset()
        self.script: Script = "arabic" if QLocale().script() is QLocale.Script.ArabicScript else "latin"
        self.version = 0
        """Counts placings, for those who keep a picture of the names."""
        self.restyle(1.0)

    def restyle(self, ratio: float) -> None:
        """Write with the theme, map style and pixel density in force now."""
        self.version += 1
        self._placing: object = None
        """The latest placing that has begun, None when it is overtaken."""
        self._names = label_painter(self._basemap.palette, ratio, self._look.scale)
        self._titles = TitlePainter(self._look, ratio)
        self._features = FeatureNames(self._look, ratio)
        self._ratio = ratio
        self._dots: list[Label] = []
        self._dots_x = self._dots_y = np.empty(0)
        self._dot_pixmaps: dict[tuple[str, bool], QPixmap] = {}
        self._placed: list[tuple[Label, Candidate]] = []
        self._previous: dict[Hashable, int] = {}
        self._anchor: Viewport | None = None
        self._hurried: Viewport | None = None
        """The map as it was when room for titles was last looked for while time ran."""
        self.titles: dict[int, Title] = {}

    def forget_titles(self) -> None:
        """Rows are those of another index now. Names of places stay where they are, and what is drawn is kept."""
        self._placing = None
        self.titles = {}
        self._previous = {key: at for key, at in self._previous.items() if not str(key).startswith(_EVENT)}

    def placing(
        self, view: Viewport, scene: Scene, layer: EventLayer, blocked: Sequence[Rect], silent: int | None
    ) -> Iterator[None]:
        """Find room for everything, in the first step; then draw what has found it, text after text. At the end all of
        it stands where other was placed before, which stays until then, and for good where titles are placed, all are
        forgotten or the style changes in between.

        ``silent`` is a row whose title stands elsewhere (the callout).
        """
        self._placing = mine = object()
        labels = self._labels(view)
        dots = [label for label in labels if label.role in DOT]
        near = NearMarks(scene, layer)
        rects = [rect for label in dots if (rect := self._names.mark_rect(label, view))]
        taken = [*blocked, *near.rects(), *(rect for rect in rects if near.over(_middle(rect)) is None)]
        rivals = Points([*near.points(), *map(_middle, rects)])
        wishes = {label.key: wish for label in labels if (wish := self._name_wish(label, view, near, rivals))}
        texts: dict[int, str] = {}
        titles = self._title_wishes(scene, layer, silent, texts, near)
        features = self._features.wishes(view, self.written(view.projection), near.cover)
        result = place([*wishes.values(), *titles, *features], _bounds(view), taken, self._previous)
        placed = [(label, wishes[label.key].candidates[result[label.key]]) for label in labels if label.key in result]
        yield
        for label, _candidate in placed:
            self._names.draw(label)
            yield
        for wish, text in zip(titles, texts.values(), strict=True):
            if wish.key in result:
                self._titles.draw(text)
                yield
        yield from self._features.draw(result)
        if self._placing is not mine:
            return
        self._previous, self._placed, self._anchor = result, placed, view
        self._dots = dots
        self._dots_x, self._dots_y = (np.array([getattr(each, axis) for each in dots]) for axis in "xy")
        self._features.keep(view, result)
        self._keep_titles(titles, result, texts, scene)
        self.version += 1

    def place_titles(
        self, view: Viewport, scene: Scene, layer: EventLayer, blocked: Sequence[Rect], silent: int | None
    ) -> bool:
        """Find room for titles between the names as they stand: in a tenth of the time, while time runs.

        Answers False and places nothing when the map was dragged, so that names have to be placed as well. While it is
        zoomed not even titles are placed.
        """
        before, self._hurried = self._hurried, view
        if (self._anchor is None or view.scale != self._anchor.scale) and view != before:
            return True  # sizes of names change with it, so that waits for its end
        if view != self._anchor:
            return False
        self._placing = None
        near = NearMarks(scene, layer)
        taken = [*blocked, *near.rects()]
        taken += [rect for _label, candidate in self._placed for rect in candidate]
        taken += self._features.rects()
        texts: dict[int, str] = {}
        titles = self._title_wishes(scene, layer, silent, texts, near)
        result = place(titles, _bounds(view), taken, self._previous)
        self._previous |= result
        self._keep_titles(titles, result, texts, scene)
        return True

    def _keep_titles(
        self, wishes: Sequence[Wish], result: Mapping[Hashable, int], texts: Mapping[int, str], scene: Scene
    ) -> None:
        self.titles = {}
        where = scene.stacks.spots() if wishes else {}  # of cells, tops are looked for only when they are asked for
        for wish, (row, text) in zip(wishes, texts.items(), strict=True):
            if wish.key in result:
                rect = wish.candidates[result[wish.key]][0]
                x, y = where[row]
                self.titles[row] = Title(text, rect.x - x, rect.y - y)

    def placed_features(self) -> dict[str, Rect]:
        """The labels of layers that found room, and where, on the map as it was then."""
        return self._features.placed()

    def placed_names(self) -> list[str]:
        """Texts of the place names that found room, the most important first."""
        return [label.text for label, _candidate in self._placed]

    def paint_names(self, painter: QPainter, view: Viewport) -> None:
        """The marks of towns and all placed names."""
        if self._anchor is None or self._anchor.projection != view.projection:
            return
        ratio = self._ratio
        self._features.paint(painter, view)
        dots_x, dots_y = view.screen(self._dots_x, self._dots_y)
        for label, x, y in zip(self._dots, dots_x.tolist(), dots_y.tolist(), strict=True):
            if -9 < x < view.width + 9 and -9 < y < view.height + 9:
                at = QPointF(round((x - _DOT_REACH) * ratio) / ratio, round((y - _DOT_REACH) * ratio) / ratio)
                painter.drawPixmap(at, self._dot(label))
        for label, candidate in reversed(self._placed):
            if view == self._anchor:
                self._names.paint(painter, label, view, candidate)
                continue
            here, there = view.screen(label.x, label.y), self._anchor.screen(label.x, label.y)
            dx, dy = float(here[0] - there[0]), float(here[1] - there[1])
            moved = tuple(Rect(rect.x + dx, rect.y + dy, rect.w, rect.h) for rect in candidate)
            self._names.paint(painter, label, view, moved)

    def paint_titles(self, painter: QPainter, scene: Scene) -> None:
        """The titles whose events are still on top of their stacks and in the trail or announced."""
        if not self.titles or scene.level is not Level.MARKS:
            return
        spots = scene.stacks.spots()
        for row, title in self.titles.items():
            if row in spots and scene.age(row) >= Age.AHEAD:
                x, y = spots[row]
                self._titles.paint(painter, title.text, x + title.dx, y + title.dy)

    def _labels(self, view: Viewport) -> list[Label]:
        """The basemap's labels that can be on the screen; it offers those around it as well."""
        labels = self._basemap.atlas.labels(view, focus=self.focus, script=self.script)
        if not labels:
            return []
        x, y = view.screen(np.array([each.x for each in labels]), np.array([each.y for each in labels]))
        wide, high = view.width + _AROUND, view.height + _AROUND
        near = (x > -_AROUND) & (x < wide) & (y > -_AROUND) & (y < high)
        return [labels[at] for at in np.flatnonzero(near).tolist()]

    def _dot(self, label: Label) -> QPixmap:
        """The mark of a town, drawn once for each role."""
        key = (label.role, label.dim)
        found = self._dot_pixmaps.get(key)
        if found is None:
            side = 2 * _DOT_REACH
            found = QPixmap(round(side * self._ratio), round(side * self._ratio))
            found.setDevicePixelRatio(self._ratio)
            found.fill(Qt.GlobalColor.transparent)
            with QPainter(found) as painter:
                self._names.paint_mark(painter, replace(label, x=0.5, y=0.5), Viewport(0.5, 0.5, 1024.0, side, side))
            self._dot_pixmaps[key] = found
        return found

    def _name_wish(self, label: Label, view: Viewport, near: NearMarks, rivals: Points) -> Wish | None:
        """A name's wish; None when the mark of an event elsewhere lies on its town, so that it would name that."""
        wish = self._names.wish(label, view)
        if label.room:
            return replace(wish, candidates=[*wish.candidates, *nearby(wish.candidates[0][0], _STRAY * label.room)])
        rect = self._names.mark_rect(label, view)
        if rect is None:
            return wish
        town = _middle(rect)
        over = near.over(town)
        if over is None:
            return replace(wish, own=(town,), rivals=rivals)
        if not over.its:
            return None
        x, y, half = over.mark
        about = _about(x, y, *self._names.size(label), half, near.enlarged)
        first = _SELECTED if over.chosen else wish.priority
        return replace(wish, priority=first, candidates=about, own=(town, over.mark), rivals=rivals)

    def _title_wishes(
        self, scene: Scene, layer: EventLayer, silent: int | None, texts: dict[int, str], near: NearMarks
    ) -> list[Wish]:
        if scene.level is not Level.MARKS:
            return []
        tops = scene.stacks.top
        ages = scene.ages(tops)
        offered = (ages >= Age.AHEAD) & (tops != (-1 if silent is None else silent))
        tops, ages = tops[offered], ages[offered]
        order = np.lexsort((-layer.index.columns.best[tops], -ages.astype(np.int64)))[:MOST_TITLES]
        wishes = []
        rivals, spots = Points(near.points()), scene.stacks.spots()
        for rank, (row, number) in enumerate(zip(tops[order].tolist(), ages[order].tolist(), strict=True)):
            text = texts[row] = self._titles.fit(self._title(row))
            age = Age(number)
            base = {Age.CHOSEN: _SELECTED, Age.LIT: _LIT}.get(age, _AHEAD)
            x, y = spots[row]
            half = MARK[age] * layer.enlarged
            candidates = _about(x, y, *self._titles.size(text), half, layer.enlarged)
            wishes.append(Wish(f"{_EVENT}{row}", base + rank / 100, candidates, own=((x, y, half),), rivals=rivals))
        return wishes


def _bounds(view: Viewport) -> Rect:
    return Rect(2, 2, view.width - 4, view.height - 4)


def _about(x: float, y: float, width: float, height: float, half: float, enlarged: float) -> tuple[Candidate, ...]:
    """The positions of a text about a square mark of half a side: as near as can be, none of them on it.

    The second is east below the badge that it may have, the last above that.
    """
    east, *others = around(x, y, width, height, half + 3.0, half + 0.7)
    below = Rect(x + half + 3.0, y - 1.0, width, height)
    above = Rect(x - width / 2, y - _BADGE_TOP * enlarged - height, width, height)
    return (east, (below,), *others, (above,))


def _middle(rect: Rect) -> Point:
    """The middle of a mark and half its side."""
    return rect.x + rect.w / 2, rect.y + rect.h / 2, rect.w / 2


class Over(NamedTuple):
    """A mark over a town; whether it stands for something in the town itself, and for the selected event."""

    mark: Point
    its: bool
    chosen: bool


class NearMarks:
    """Which ground the marks of events cover. Small dots do not count: a name may lie under them."""

    def __init__(self, scene: Scene, layer: EventLayer) -> None:
        stacks = scene.stacks
        self._scene, self._layer = scene, layer
        self._x, self._y = stacks.x, stacks.y
        self.enlarged = layer.enlarged
        self._half = np.full(len(stacks), DISC)
        if scene.level is Level.MARKS:
            self._half = np.array([MARK[Age(age)] for age in scene.ages(stacks.top).tolist()])
        elif scene.level is Level.DOTS:
            self._half, self._x, self._y = self._half[:0], self._x[:0], self._y[:0]
        self._half *= self.enlarged
        self._many = (stacks.count > 1)[: len(self._x)] & (scene.level is Level.MARKS)

    def rects(self) -> list[Rect]:
        """Marks, and the badges of stacks."""
        found = [
            Rect(x - half, y - half, 2 * half, 2 * half)
            for x, y, half in zip(self._x.tolist(), self._y.tolist(), self._half.tolist(), strict=True)
        ]
        badges = zip(self._x[self._many].tolist(), self._y[self._many].tolist(), strict=True)
        right, up, side = (length * self.enlarged for length in _BADGE)
        return found + [Rect(x + right, y - up, side, side) for x, y in badges]

    def points(self) -> list[Point]:
        """The middles of marks that stand for places; a cell's disc stands for none."""
        if self._scene.level is not Level.MARKS:
            return []
        return list(zip(self._x.tolist(), self._y.tolist(), self._half.tolist(), strict=True))

    def cover(self, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Which of some points lie below a mark."""
        away = np.maximum(np.abs(self._x[:, None] - x), np.abs(self._y[:, None] - y))
        return np.asarray((away < self._half[:, None]).any(axis=0))

    def over(self, town: Point) -> Over | None:
        """The mark that covers a point, of several the nearest; None where there is none."""
        if not len(self._x):
            return None
        dx, dy = np.abs(self._x - town[0]), np.abs(self._y - town[1])
        covering = np.flatnonzero((dx < self._half) & (dy < self._half))
        if not len(covering):
            return None
        at = int(covering[np.argmin(np.hypot(dx, dy)[covering])])
        mark = float(self._x[at]), float(self._y[at]), float(self._half[at])
        if self._scene.level is not Level.MARKS:
            return Over(mark, its=True, chosen=False)
        top = int(self._scene.stacks.top[at])
        return Over(mark, self._is_at(top, town), self._scene.age(top) is Age.CHOSEN)

    def _is_at(self, top: int, town: Point) -> bool:
        """Whether an event of a stack took place in a town, as far as its place is known."""
        layer = self._layer
        rows = layer.members(self._scene, top)
        rows = rows[~layer.index.region[rows]]
        x, y = layer.screen(rows)
        away = np.hypot(x - town[0], y - town[1])
        return bool(np.any(away <= np.maximum(layer.radii(rows), SAME)))

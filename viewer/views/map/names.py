"""Words on the map: names of the basemap and titles of events, placed together so that none covers another.

Event titles come before most place names; a name gives way, a mark never. Between two placings, while time runs or the
map is dragged, what was placed stays where it is on the ground.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from viewer.theme import ThemeManager
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.basemap.label_painter import LabelPainter
from viewer.views.map.basemap.labels import Label, Script
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.items import Age, EventLayer, Level, Scene
from viewer.views.map.placing import Candidate, Wish, around, place

MOST_TITLES: Final = 60
"""Titles offered at once, the newest first."""
MOST_WIDTH: Final = 190.0
MARK: Final = {Age.OLDER: 6.5, Age.AHEAD: 9.0, Age.LIT: 9.0, Age.CHOSEN: 13.0}
"""Half the side of what a mark covers, logical px."""
_SELECTED, _LIT, _AHEAD = 5.0, 40.0, 44.0
_KEPT: Final = 400
_HALO: Final = 3.2


@dataclass(frozen=True, slots=True)
class Title:
    """The title of an event as placed: its text and the offset of its top left from the mark, logical px."""

    text: str
    dx: float
    dy: float


class TitlePainter:
    """Measures and paints event titles with a halo, each drawn once. GUI thread only."""

    def __init__(self, look: ThemeManager, ratio: float) -> None:
        self._look, self._ratio = look, ratio
        self._font = look.theme.font("label_strong")
        self._metrics = QFontMetricsF(self._font)
        self._drawn: OrderedDict[str, QImage] = OrderedDict()

    def fit(self, title: str) -> str:
        """A title no wider than MOST_WIDTH, cut between words."""
        room = self._look.theme.px(MOST_WIDTH)
        if self._metrics.horizontalAdvance(title) <= room:
            return title
        words = title.split(" ")
        while len(words) > 1 and self._metrics.horizontalAdvance(" ".join(words) + "…") > room:
            words.pop()
        cut = " ".join(words).rstrip(",;:–-") + "…"
        return cut if len(words) > 1 else self._metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)

    def size(self, text: str) -> tuple[float, float]:
        return self._metrics.horizontalAdvance(text), self._metrics.height() * 0.9

    def paint(self, painter: QPainter, text: str, x: float, y: float) -> None:
        """Write ``text`` with its top left at logical px."""
        image = self._drawn.get(text)
        if image is None:
            image = self._drawn[text] = self._draw(text)
            if len(self._drawn) > _KEPT:
                self._drawn.popitem(last=False)
        ratio = self._ratio
        painter.drawImage(QPointF(round((x - 3) * ratio) / ratio, round((y - 3) * ratio) / ratio), image)

    def _draw(self, text: str) -> QImage:
        width, height = self.size(text)
        ratio = self._ratio
        image = QImage(
            math.ceil((width + 6) * ratio), math.ceil((height + 8) * ratio), QImage.Format.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(ratio)
        image.fill(0)
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addText(QPointF(3, 3 + self._metrics.ascent() - self._metrics.height() * 0.05), self._font, text)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        halo = self._look.theme.color("halo", 0.9)
        painter.strokePath(path, QPen(halo, _HALO, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, _ROUND))
        painter.fillPath(path, self._look.theme.text)
        painter.end()
        return image


class Names:
    """The placed names and titles of one map."""

    def __init__(self, look: ThemeManager, basemap: Basemap, title: Callable[[int], str]) -> None:
        """``title`` gives the title of a row."""
        self._look, self._basemap, self._title = look, basemap, title
        self.focus: frozenset[str] = frozenset()
        self.script: Script = "latin"
        self.restyle(1.0)

    def restyle(self, ratio: float) -> None:
        """Write with the theme, map style and pixel density in force now."""
        self._names = LabelPainter(self._basemap.palette, ratio, scale=self._look.scale)
        self._titles = TitlePainter(self._look, ratio)
        self._dots: list[Label] = []
        self._placed: list[tuple[Label, Candidate]] = []
        self._previous: dict[Hashable, int] = {}
        self._anchor: Viewport | None = None
        self.titles: dict[int, Title] = {}

    def place(
        self, view: Viewport, scene: Scene, layer: EventLayer, blocked: Sequence[Rect], silent: int | None
    ) -> None:
        """Find room for everything; ``silent`` is a row whose title stands elsewhere (the callout)."""
        labels = self._basemap.atlas.labels(view, focus=self.focus, script=self.script)
        self._dots = [label for label in labels if self._names.mark_rect(label, view) is not None]
        near = NearMarks(scene)
        taken = [*blocked, *near.rects()]
        taken += [rect for label in self._dots if (rect := self._names.mark_rect(label, view)) and not near.at(rect)]
        wishes = {label.key: self._name_wish(label, view, near) for label in labels}
        texts: dict[int, str] = {}
        title_wishes = self._title_wishes(scene, layer, silent, texts)
        bounds = Rect(2, 2, view.width - 4, view.height - 4)
        result = place([*wishes.values(), *title_wishes], bounds, taken, self._previous)
        self._previous = result
        self._anchor = view
        self._placed = [
            (label, wishes[label.key].candidates[result[label.key]]) for label in labels if label.key in result
        ]
        self.titles = {}
        for wish in title_wishes:
            if wish.key in result:
                row = int(str(wish.key).partition(":")[2])
                rect = wish.candidates[result[wish.key]][0]
                self.titles[row] = Title(texts[row], rect.x - float(layer.x[row]), rect.y - float(layer.y[row]))

    def placed_names(self) -> list[str]:
        """Texts of the place names that found room, the most important first."""
        return [label.text for label, _candidate in self._placed]

    def paint_names(self, painter: QPainter, view: Viewport) -> None:
        """The marks of towns and all placed names."""
        for label in self._dots:
            self._names.paint_mark(painter, label, view)
        if self._anchor is None:
            return
        if view == self._anchor:
            for label, candidate in reversed(self._placed):
                self._names.paint(painter, label, view, candidate)
            return
        for label, candidate in reversed(self._placed):
            here, there = view.screen(label.x, label.y), self._anchor.screen(label.x, label.y)
            dx, dy = float(here[0] - there[0]), float(here[1] - there[1])
            moved = tuple(Rect(rect.x + dx, rect.y + dy, rect.w, rect.h) for rect in candidate)
            self._names.paint(painter, label, view, moved)

    def paint_titles(self, painter: QPainter, scene: Scene, layer: EventLayer) -> None:
        """The titles whose events are still on top of their stacks and in the trail or announced."""
        ages = scene.ages
        tops = set(scene.stacks.top.tolist()) if self.titles else set()
        for row, title in self.titles.items():
            if row in tops and ages[row] >= Age.AHEAD:
                self._titles.paint(painter, title.text, layer.x[row] + title.dx, layer.y[row] + title.dy)

    def _name_wish(self, label: Label, view: Viewport, near: NearMarks) -> Wish:
        """A name's wish; the name of a town below an event's mark keeps clear of the mark."""
        wish = self._names.wish(label, view)
        rect = self._names.mark_rect(label, view)
        if rect is None:
            return wish
        reach = near.at(rect)
        if not reach:
            return wish
        width, height = self._names.size(label)
        x, y = rect.x + rect.w / 2, rect.y + rect.h / 2
        return replace(wish, candidates=around(x, y, width, height, _clear(reach)))

    def _title_wishes(self, scene: Scene, layer: EventLayer, silent: int | None, texts: dict[int, str]) -> list[Wish]:
        if scene.level is not Level.MARKS:
            return []
        tops = scene.stacks.top
        ages = scene.ages[tops]
        offered = tops[(ages >= Age.AHEAD) & (tops != (-1 if silent is None else silent))]
        best = layer.index.columns.best[offered]
        order = np.lexsort((-best, -scene.ages[offered].astype(np.int64)))
        wishes = []
        for rank, row in enumerate(offered[order][:MOST_TITLES].tolist()):
            text = texts[row] = self._titles.fit(self._title(row))
            age = Age(int(scene.ages[row]))
            base = {Age.CHOSEN: _SELECTED, Age.LIT: _LIT}.get(age, _AHEAD)
            x, y = float(layer.x[row]), float(layer.y[row])
            candidates = around(x, y, *self._titles.size(text), _clear(MARK[age]))
            wishes.append(Wish(f"event:{row}", base + rank / 100, candidates))
        return wishes


def _clear(half: float) -> float:
    """The gap for ``around`` at which also the diagonal positions keep clear of a square mark of half a side."""
    return half / 0.72 + 1.0


class NearMarks:
    """Which ground the marks of events cover."""

    def __init__(self, scene: Scene) -> None:
        stacks = scene.stacks
        self._x, self._y = stacks.x, stacks.y
        self._half = np.array([MARK[Age(age)] for age in scene.ages[stacks.top].tolist()])
        if scene.level is Level.CELLS:
            self._half = np.full(len(stacks.top), 9.0)
        self._many = stacks.count > 1

    def rects(self) -> list[Rect]:
        """Marks, and the badges of stacks."""
        found = [
            Rect(x - half, y - half, 2 * half, 2 * half)
            for x, y, half in zip(self._x.tolist(), self._y.tolist(), self._half.tolist(), strict=True)
        ]
        badges = zip(self._x[self._many].tolist(), self._y[self._many].tolist(), strict=True)
        return found + [Rect(x + 3, y - 18, 16, 16) for x, y in badges]

    def at(self, rect: Rect) -> float:
        """Half the side of the mark that covers the middle of ``rect``; 0 where there is none."""
        if not len(self._x):
            return 0.0
        dx, dy = np.abs(self._x - rect.x - rect.w / 2), np.abs(self._y - rect.y - rect.h / 2)
        over = (dx < self._half) & (dy < self._half)
        return float(self._half[over].max()) if over.any() else 0.0


_ROUND: Final = Qt.PenJoinStyle.RoundJoin

"""The map's picture: basemap, regions, marks, labels, callout. Knows what is where; owns no widget and no key.

``set_view`` and ``set_moment`` are cheap and called for each frame; ``place_callout`` and ``place_names`` find room for
words when things have come to rest. Until then labels whose events are still drawn stay where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF

from db.geometry import inside_ring
from db.queries import KindRow
from db.values import OPEN_PAST
from viewer.core.counts import Rows
from viewer.core.index import EventIndex, Moment
from viewer.core.loading import Fresh
from viewer.core.turns import Turns
from viewer.look.theme import ThemeManager
from viewer.views.map.content import Content, content_of
from viewer.views.map.crowd import CellPainter, DotPainter
from viewer.views.map.geometry import MAX_SCALE, Rect, Viewport
from viewer.views.map.ground import Ground
from viewer.views.map.items import Age, EventLayer, Later, Scene
from viewer.views.map.layers.stack import LayerStack
from viewer.views.map.levels import Level
from viewer.views.map.looks import Looks, codes_of
from viewer.views.map.moves import Drawn, drawn, paint_moves
from viewer.views.map.names import Names, NearMarks
from viewer.views.map.outlines import outlines_of
from viewer.views.map.overlays.callout import Callout, CalloutPainter, choose_spot, leader_rects
from viewer.views.map.projection import Projection
from viewer.views.map.tints import Tint, paint_tints, regions

HIT: Final = 12.0
"""A mark is hit this far from its middle, logical px where marks are not enlarged."""
FOCUS_RADIUS: Final = 15.0
SPREAD: Final = 60.0
"""Events are apart where they reach over so much of the closest map, logical px."""
_NOTHING: Final = np.empty(0, np.intp)


class MapPicture:
    """Everything that is painted on the map itself."""

    def __init__(
        self,
        look: ThemeManager,
        basemap: Ground,
        content: Content,
        kinds: Mapping[int, KindRow],
        title: Callable[[int], str],
        repaint: Callable[[], None],
        later: Later | None = None,
        renewed: Callable[[], None] = lambda: None,
        layers: LayerStack | None = None,
    ) -> None:
        """``content`` as ``content_for`` or ``first_content`` makes it; ``title`` gives the title of a row of the index
        in force; ``repaint`` is called when names have been drawn; ``later`` as EventLayer has it, ``renewed`` is
        called when there is another picture for it; ``layers`` are the user's own, laid on the basemap.
        """
        self._look = look
        self._later, self._renewed = later, renewed
        self._lettering = Turns(repaint)
        self.basemap, self.layers = basemap, layers
        self.names = Names(look, basemap, title)
        self._ratio = 1.0
        self.view = content.layer.view
        self._moment = content.layer.index.at(OPEN_PAST, 0)
        self._chosen: Rows = _NOTHING
        self._dots = DotPainter()
        self._cells = CellPainter(look, self._ratio)
        self._callout_painter = CalloutPainter(look)
        self._callout: tuple[Callout, int, Rect] | None = None
        self._base: tuple[tuple[Viewport, bool], QImage] | None = None
        self._seen: tuple[Viewport, int, int] | None = None
        self._ground: tuple[tuple[object, ...], QImage] | None = None
        self._words: QImage | None = None
        self.focus_row: int | None = None
        self.moving = False
        content.layer.work_with(later, self._on_renewed)
        self.set_content(content, kinds)

    # What there is

    def set_content(self, content: Content, kinds: Mapping[int, KindRow]) -> None:
        """Show other data, as ``content_for`` has made them ready."""
        if content.layer.projection != self.view.projection:
            content = self._projected(content, self.view.projection)
        self._content, self._kinds = content, kinds
        self.layer = content.layer
        self.layer.enlarged = self._look.theme.scale
        self._moment = self.layer.index.at(OPEN_PAST, 0)
        self._chosen = _NOTHING
        self.focus_row = None
        self.looks = Looks(self._look, kinds, content.codes, self._ratio)
        self.names.forget_titles()
        self._callout = None
        self.layer.look(self.view)
        self._set_focus(content.focus)
        self._rescene()

    def content_for(self, fresh: Fresh) -> Content:
        """What is to be shown of a project, ready for what the map shows now; on whichever thread has the time."""
        kept = self.content_at_hand(fresh)
        if kept is not None:
            return kept
        view, index = self.view, fresh.index
        before = self._content.whole or self._content
        layer, codes = self._layer_of(index, view.projection), codes_of(index, fresh.loaded.kinds)
        layer.look(view)
        layer.codes = codes
        layer.prepare(self._moment)
        whole = before if fresh.whole is not None and self._is_of(before, fresh.whole) else None
        return content_of(layer, codes, fresh.loaded, whole)

    def content_at_hand(self, fresh: Fresh) -> Content | None:
        """What was shown of this very project before sources were hidden; None where it is not known any more."""
        whole = self._content.whole
        return whole if whole is not None and fresh.whole is None and self._is_of(whole, fresh) else None

    def _is_of(self, content: Content, fresh: Fresh) -> bool:
        """Whether a content was made of this very project, for the projection in force."""
        return content.layer.index is fresh.index and content.layer.projection == self.view.projection

    def _projected(self, content: Content, projection: Projection) -> Content:
        layer = self._layer_of(content.layer.index, projection)
        layer.codes = content.codes
        return content._replace(layer=layer, shapes=outlines_of(content.areas, content.places, projection))

    def _layer_of(self, index: EventIndex, projection: Projection) -> EventLayer:
        layer = EventLayer(index, self._later, self._on_renewed, projection)
        layer.enlarged = self._look.theme.scale
        return layer

    def restyle(self, ratio: float) -> None:
        """Draw with the theme and pixel density in force now."""
        self._ratio = ratio
        self.looks = Looks(self._look, self._kinds, self._content.codes, ratio)
        self.refresh_ground()
        self._cells = CellPainter(self._look, ratio)
        self.names.restyle(ratio)
        self._callout = None
        if self.layer.enlarged != self._look.theme.scale:
            self.layer.enlarged = self._look.theme.scale
            self._rescene()

    def refresh_ground(self) -> None:
        """A better picture of the basemap can be had, or it has another style."""
        self._base = None

    def _set_focus(self, names: frozenset[str]) -> None:
        focus = self.basemap.atlas.codes(names)
        if focus != self.names.focus:
            self.names.focus = focus
            self.basemap.set_style(focus=focus)
            self.refresh_ground()

    def set_view(self, view: Viewport) -> None:
        """Look at another part of the world."""
        if view != self.view:
            if view.projection != self.view.projection:
                self._content = self._projected(self._content, view.projection)
                self.layer = self._content.layer
            self.view = view
            self._callout = None
            self.layer.look(view)
            self._rescene()

    def set_moment(self, moment: Moment, chosen: Rows) -> None:
        """Show another instant or selection."""
        self._moment, self._chosen = moment, chosen
        self._rescene()

    @property
    def moment(self) -> Moment:
        """What is active now."""
        return self._moment

    def _on_renewed(self) -> None:
        self._rescene()
        self._renewed()

    def _rescene(self) -> None:
        self.scene: Scene = self.layer.scene(self._moment, self._chosen)
        self.tints: list[Tint] = regions(self.layer, self.scene, self.view, self._content.shapes)
        self.moves: list[Drawn] = drawn(self._content.ways, self.scene, self.layer.index, self.view)
        if self._callout is not None and self.scene.age(self._callout[1]) is not Age.CHOSEN:
            self._callout = None

    def place_callout(self, blocked: Sequence[Rect], callout: Callout | None, row: int | None) -> None:
        """Find a place for the callout of ``row``, clear of the rectangles ``blocked`` (logical px)."""
        scene = self.scene
        self._callout = None
        if callout is None or row is None or row not in scene.chosen:
            return
        room = Rect(10, 10, self.view.width - 20, self.view.height - 20)
        at = self.layer.spot(row)
        others = [rect for rect in self.mark_rects() if not rect.holds(*at)]
        spot = choose_spot(at, self._callout_painter.size(callout), room, blocked, others)
        if spot is not None:
            self._callout = (callout, row, spot)

    def place_names(self, blocked: Sequence[Rect], *, hurried: bool) -> None:
        """Place the labels, clear of the rectangles ``blocked`` (logical px) and of the callout; they are there when
        they are drawn, which may take some turns.

        ``hurried``: more is to come at once, so names of places stay as they are.
        """
        silent = self._callout[1] if self._callout else None
        where = self.view, self.scene, self.layer, [*blocked, *self.callout_rects()], silent
        if not (hurried and self.names.place_titles(*where)):
            self._lettering.start(self.names.placing(*where))

    @property
    def lettering(self) -> bool:
        """Whether labels that have been placed are still to be drawn."""
        return self._lettering.active

    def close(self) -> None:
        """End what works for it; it must not be painted again."""
        self._lettering.stop()
        self.basemap.close()

    def callout_rects(self) -> list[Rect]:
        """What the callout and its line cover; empty when there is none."""
        if self._callout is None:
            return []
        _callout, row, spot = self._callout
        return [spot.grown(3), *leader_rects(spot, *self.layer.spot(row))]

    # What is where

    def hit(self, x: float, y: float) -> int | None:
        """The row on top of the mark at a point (logical px); None where there is none."""
        stacks = self.scene.stacks
        if self._callout is not None and self._callout[2].holds(x, y):
            return self._callout[1]
        if not len(stacks):
            return None
        away = np.hypot(stacks.x - x, stacks.y - y)
        nearest = int(np.argmin(away[::-1]))  # of equals the one drawn last
        at = len(away) - 1 - nearest
        return int(stacks.top[at]) if away[at] <= HIT * self.layer.enlarged else None

    def spot(self, row: int) -> tuple[float, float] | None:
        """Logical px of the mark on top of which ``row`` is; None when it is on top of none."""
        stacks = self.scene.stacks
        at = np.flatnonzero(stacks.top == row)
        return (float(stacks.x[at[0]]), float(stacks.y[at[0]])) if len(at) else None

    def inside(self, shape: QPolygonF) -> Rows:
        """The drawn rows whose mark lies within a shape, in order of time; where it overlaps itself, is outside."""
        stacks, scene = self.scene.stacks, self.scene
        if shape.size() < 3:
            return _NOTHING
        within = inside_ring(np.array([(point.x(), point.y()) for point in shape.toList()]), stacks.x, stacks.y)
        tops = np.searchsorted(scene.rows, stacks.top[within])
        rows = scene.rows[np.isin(scene.groups, scene.groups[tops])]
        return rows[np.argsort(self.layer.index.columns.best[rows], kind="stable")]

    def is_spread(self, rows: Rows) -> bool:
        """Whether rows lie so far apart that a closer look would show them in several places."""
        x, y = self.layer.screen(rows)
        closest = MAX_SCALE / self.view.scale
        return bool(max(np.ptp(x), np.ptp(y)) * closest > SPREAD)

    def codes(self) -> list[int]:
        """The ``looks.codes`` of all that is drawn; of so many events that they are drawn as cells also of what has
        begun just outside the map.
        """
        if self.scene.level is Level.CELLS:
            return self.layer.cells().codes_begun(self.looks.codes, self._moment)
        codes: list[int] = np.unique(self.looks.codes[self.scene.rows]).tolist()
        return codes

    def members(self, top: int) -> Rows:
        """The rows of the stack whose top is drawn."""
        return self.layer.members(self.scene, top)

    def mark_rects(self) -> list[Rect]:
        """What the drawn marks and the badges of stacks cover, logical px."""
        return NearMarks(self.scene, self.layer).rects()

    def walk(self) -> list[int]:
        """The tops of all stacks in view in order of their dates: where Tab halts."""
        stacks, best = self.scene.stacks, self.layer.index.columns.best
        inside = (stacks.x >= 0) & (stacks.x < self.view.width) & (stacks.y >= 0) & (stacks.y < self.view.height)
        tops = stacks.top[inside]
        return [int(row) for row in tops[np.lexsort((tops, best[tops]))]]

    # Painting

    def paint(self, painter: QPainter, below: Callable[[QPainter], None] = lambda _painter: None) -> None:
        """Paint all but the callout; ``below`` paints what lies on the ground, below the events."""
        self._paint_ground(painter)
        below(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_moves(painter, self.moves, self.looks, self._look.theme.color("halo", 0.85))
        match self.scene.level:
            case Level.MARKS:
                self._paint_marks(painter)
            case Level.DOTS:
                image = self._dots.image(self.scene, self.layer, self.looks, self.view, self._ratio)
                painter.drawImage(QPointF(0, 0), image)
                self._paint_chosen(painter)
            case Level.CELLS:
                self._cells.paint(painter, self.scene.stacks, self.scene.shares)
                self._paint_chosen(painter)
        self.names.paint_titles(painter, self.scene)
        if self.focus_row is not None:
            self._paint_focus(painter, self.focus_row)

    def paint_callout(self, painter: QPainter) -> None:
        """Paint the card of the selected event, over all else."""
        if self._callout is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            callout, row, rect = self._callout
            self._callout_painter.paint(painter, callout, rect, *self.layer.spot(row))

    def base(self) -> QImage:
        """The basemap as it is seen now."""
        wanted = (self.view, self.moving)
        if self._base is None or self._base[0] != wanted:
            self._base = (wanted, self.basemap.compose(self.view, self._ratio, moving=self.moving))
        return self._base[1]

    def _paint_ground(self, painter: QPainter) -> None:
        """Basemap, regions and names. While the map stands still they are one picture, and so are the names alone."""
        base = self.base()
        key = (self.view, self.names.version, base.cacheKey())
        if key != self._seen:  # on the move: nothing to be gained
            self._seen, self._ground, self._words = key, None, None
            self._lay_ground(painter, base, None)
            return
        tints = tuple(self.tints), self.layers.state() if self.layers is not None else ()
        if self._ground is None or self._ground[0] != tints:
            if self._words is None:
                self._words = QImage(base.size(), QImage.Format.Format_ARGB32_Premultiplied)
                self._words.setDevicePixelRatio(self._ratio)
                self._words.fill(0)
                with QPainter(self._words) as inner:
                    inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                    self.names.paint_names(inner, self.view)
            ground = QImage(base.size(), QImage.Format.Format_RGB32)
            ground.setDevicePixelRatio(self._ratio)
            with QPainter(ground) as inner:
                self._lay_ground(inner, base, self._words)
            self._ground = (tints, ground)
        painter.drawImage(QPointF(0, 0), self._ground[1])

    def _lay_ground(self, painter: QPainter, base: QImage, words: QImage | None) -> None:
        painter.drawImage(QPointF(0, 0), base)
        if self.layers is not None:
            self.layers.paint(painter, self.view, self._ratio, moving=self.moving)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.tints:
            dark, moving = self._look.theme.dark, words is None
            paint_tints(painter, self.tints, self.looks, self.view, self._content.shapes, dark=dark, moving=moving)
        if words is None:
            self.names.paint_names(painter, self.view)
        else:
            painter.drawImage(QPointF(0, 0), words)

    def _paint_marks(self, painter: QPainter) -> None:
        stacks, ratio = self.scene.stacks, self._ratio
        sprite, badge, draw = self.looks.sprite, self.looks.badge, painter.drawPixmap
        ages, at = self.scene.ages(stacks.top).tolist(), (stacks.x.tolist(), stacks.y.tolist())
        for row, age, x, y in zip(stacks.top.tolist(), ages, *at, strict=True):
            pixmap, reach = sprite(row, age)
            draw(QPointF(round((x - reach) * ratio) / ratio, round((y - reach) * ratio) / ratio), pixmap)
        right, up = 2.5 * self.layer.enlarged, 17.5 * self.layer.enlarged
        for count, x, y in zip(stacks.count.tolist(), *at, strict=True):
            if count > 1:  # a number is not to be covered by the next mark
                disc, _width = badge(count)
                draw(QPointF(round((x + right) * ratio) / ratio, round((y - up) * ratio) / ratio), disc)

    def _paint_chosen(self, painter: QPainter) -> None:
        """Selected events one by one; of very many the one that has its card."""
        rows = self.scene.chosen
        if self.scene.shares is not None:
            rows = np.array([] if self._callout is None else [self._callout[1]], np.intp)
        for row, x, y in zip(rows.tolist(), *(at.tolist() for at in self.layer.screen(rows)), strict=True):
            pixmap, reach = self.looks.sprite(row, Age.CHOSEN)
            painter.drawPixmap(QPointF(x - reach, y - reach), pixmap)

    def _paint_focus(self, painter: QPainter, row: int) -> None:
        spot = self.spot(row)
        if spot is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            half, corner = FOCUS_RADIUS * self.layer.enlarged, 5.0 * self.layer.enlarged
            for color, width in ((self._look.theme.halo, 5.0), (self._look.theme.accent, 2.0)):
                painter.setPen(QPen(color, width))
                painter.drawRoundedRect(QRectF(spot[0] - half, spot[1] - half, 2 * half, 2 * half), corner, corner)

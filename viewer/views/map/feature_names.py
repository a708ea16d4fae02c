"""The labels of the user's own layers among the names of the map."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from viewer.look.theme import ThemeManager
from viewer.views.map.geometry import Rect, Viewport
from viewer.views.map.layers.labels import MOST_LABELS, Written
from viewer.views.map.placing import Candidate, Point, Points, Wish, around, centred, nearby
from viewer.views.map.projection import Floats
from viewer.views.map.titles import TitlePainter

PRIORITY: Final = 42.0
"""After capitals, countries and the events in the trail, before other towns: see basemap.labels.PRIORITY."""
_LAST: Final = 0.9
"""The last label comes so much after the first."""
_GAP, _GAP_BELOW = 7, 16
"""From a point to its label, and where the mark of an event lies on it."""
_POINT: Final = 3
_AROUND: Final = 160.0
_STRAY: Final = 0.3
"""The label of an area is moved by at most this part of its width."""

Covered = Callable[[Floats, Floats], NDArray[np.bool_]]


class FeatureNames:
    """Offers, keeps and paints them. Between two placings they stay where they are on the ground."""

    def __init__(self, look: ThemeManager, ratio: float) -> None:
        self._look = look
        self._painter = TitlePainter(look, ratio, "meta_strong", 2 * MOST_LABELS)
        self._offered: list[tuple[Written, Wish]] = []
        self._placed: list[tuple[Written, Rect]] = []
        self._anchor: Viewport | None = None

    def wishes(self, view: Viewport, written: Sequence[Written], covered: Covered) -> list[Wish]:
        """What wants to be placed of the labels that can be on the map.

        ``covered`` says which points (logical px) lie below the mark of an event.
        """
        self._offered = []
        x, y = self._screen(view, written)
        near = (np.abs(x - view.width / 2) < view.width / 2 + _AROUND) & (
            np.abs(y - view.height / 2) < view.height / 2 + _AROUND
        )
        points: dict[int, Point] = {
            rank: (float(x[rank]), float(y[rank]), float(_POINT))
            for rank in np.flatnonzero(near).tolist()
            if written[rank].label.beside
        }
        rivals, below = Points(points.values()), covered(x, y)
        for rank in np.flatnonzero(near).tolist():
            each, own = written[rank], (points[rank],) if rank in points else ()
            candidates = self._candidates(each, float(x[rank]), float(y[rank]), view.scale, below=bool(below[rank]))
            priority = PRIORITY + _LAST * rank / len(written)
            wish = Wish(each.key, priority, candidates, own=own, rivals=rivals if own else None)
            self._offered.append((each, wish))
        return [wish for _written, wish in self._offered]

    def draw(self, result: Mapping[Hashable, int]) -> Iterator[None]:
        """Draw those of the last wishes that found room, one after the other."""
        for written, wish in self._offered:
            if wish.key in result:
                self._painter.draw(written.label.text)
                yield

    def keep(self, view: Viewport, result: Mapping[Hashable, int]) -> None:
        """Show those of the last wishes that found room."""
        self._anchor = view
        self._placed = [
            (written, wish.candidates[result[wish.key]][0]) for written, wish in self._offered if wish.key in result
        ]

    def rects(self) -> list[Rect]:
        """What they covered when they were placed, logical px."""
        return [rect for _written, rect in self._placed]

    def placed(self) -> dict[str, Rect]:
        """The texts that found room, and where."""
        return {written.label.text: rect for written, rect in self._placed}

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Write them on a map of the projection for which they were placed."""
        anchor, written = self._anchor, [each for each, _rect in self._placed]
        if anchor is None or not written or anchor.projection != view.projection:
            return
        (x, y), (old_x, old_y) = self._screen(view, written), self._screen(anchor, written)
        moved_x, moved_y = (x - old_x).tolist(), (y - old_y).tolist()
        before = painter.opacity()
        for (each, rect), dx, dy in zip(self._placed, moved_x, moved_y, strict=True):
            painter.setOpacity(before * each.opacity)
            self._painter.paint(painter, each.label.text, rect.x + dx, rect.y + dy)
        painter.setOpacity(before)

    def _screen(self, view: Viewport, written: Sequence[Written]) -> tuple[Floats, Floats]:
        labels = [each.label for each in written]
        return view.screen(np.array([each.x for each in labels]), np.array([each.y for each in labels]))

    def _candidates(self, written: Written, x: float, y: float, scale: float, *, below: bool) -> Sequence[Candidate]:
        label, px = written.label, self._look.theme.px
        width, height = self._painter.size(label.text)
        if label.beside:
            return around(x, y, width, height, px(_GAP_BELOW if below else _GAP))
        (middle,) = centred(x, y, width, height)
        return [middle, *nearby(middle[0], _STRAY * label.room * scale)]

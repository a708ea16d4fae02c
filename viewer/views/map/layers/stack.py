"""The layers of the map as the map sees them: which show now, their pictures, and which feature is at a point.

``paint`` answers at once with the pictures there are, moved to where the map is now, and has better ones painted on a
thread; ``ready`` tells when there are. A picture is wider than the map, so that panning needs no other for a while.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from db.errors import EnvironmentFault
from db.layers.opening import open_raster
from db.layers.style import PLAIN, LayerStyle
from db.layers.times import spans_of
from db.queries import LayerRow, layer_shapes, layer_values
from viewer.core.desk import Desk
from viewer.look.theme import Theme, ThemeManager
from viewer.models.layer_colors import layer_color
from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.geometry import Viewport
from viewer.views.map.layers.brush import Ink, lay, paint_shapes
from viewer.views.map.layers.features import Features
from viewer.views.map.layers.labels import MOST_LABELS, FeatureLabel, Written, label_text, labels_in
from viewer.views.map.layers.plane import Plane
from viewer.views.map.layers.resample import Sampler
from viewer.views.map.layers.thread import Painting
from viewer.views.map.projection import Projection

MARGIN: Final = 0.15
"""A picture goes on beyond the map by so much of its size on each side."""
STILL_MS: Final = 120
"""A scale is painted once it has stood still for so long."""
RASTER: Final = "raster"
Source = tuple[str, ...]
"""Of what a layer is read: for features their content and the fields that are looked at, for a raster its file as it
was saved last.
"""


@dataclass(frozen=True, slots=True)
class _Wish:
    """All that makes two pictures of a layer differ."""

    source: Source
    style: LayerStyle
    epoch: int
    theme: tuple[bool, float]
    ratio: float
    frame: Frame


class LayerStack(QObject):
    """The layers of one map. GUI thread only; pictures are painted on a thread of its own until ``close``.

    Signals:
        ready(): a better picture than the last one painted can be had.
        labelled(): ``labels`` answers others than before.
    """

    ready = Signal()
    labelled = Signal()
    _painted = Signal(str, object, object)

    def __init__(self, desk: Desk, look: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.rows: tuple[LayerRow, ...] = ()
        self._sources: dict[str, Source] = {}
        self.version = 0
        self._features: dict[str, tuple[Source, Features]] = {}
        self._asked: dict[str, Source] = {}
        self._pictures: dict[str, tuple[_Wish, QImage | None]] = {}
        self._labels: dict[str, tuple[FeatureLabel, ...]] = {}  # in the part of the world of its picture
        self._wishes: dict[str, _Wish] = {}
        self._planes: dict[tuple[Source, Projection], Plane] = {}
        self._samplers: dict[Source, Sampler] = {}
        self._told: set[Source] = set()
        self._later: dict[str, tuple[LayerRow, _Wish]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STILL_MS)
        self._timer.timeout.connect(self._on_still)
        self._thread = Painting(self._painted.emit)
        self._painted.connect(self._on_painted)
        self.destroyed.connect(partial(_close, self._thread, self._samplers))
        self.take(desk.data.loaded.layers)
        desk.data.changed.connect(self._on_change)
        QGuiApplication.instance().applicationStateChanged.connect(self._on_active)  # type: ignore[union-attr]

    # What there is

    def take(self, rows: Sequence[LayerRow]) -> None:
        """These are the layers now, from the lowest to the highest."""
        before = self._sources
        self.rows, self._sources = tuple(rows), {row.uid: _source(row) for row in rows}
        for kept in (self._features, self._asked, self._pictures, self._labels, self._wishes, self._later):
            for uid in [uid for uid in kept if uid not in self._sources]:
                kept.pop(uid, None)
        others = {uid: source for uid, source in before.items() if self._sources.get(uid) != source}
        for uid in others:
            self._later.pop(uid, None)
            self._thread.forget(uid)
        if any(source[0] == RASTER for source in others.values()):
            self._thread.want("", self.version, partial(self._let_go, frozenset(self._sources.values())))
        self.version += 1

    def showing(self) -> list[LayerRow]:
        """The layers that are on at the time cursor, from the lowest to the highest: rasters lie below shapes."""
        cursor = self._desk.state.view.time_cursor
        rows = [row for row in self.rows if row.shows_at(cursor) and not row.missing]
        return sorted(rows, key=lambda row: not row.is_raster)

    @property
    def waiting(self) -> bool:
        """Whether something that shows is still being read or painted."""
        return not all(self._is_painted(row) for row in self.showing())

    def _is_painted(self, row: LayerRow) -> bool:
        """Whether the picture that there is of a layer is the one that was last wished for, and shows it as it is."""
        found = self._pictures.get(row.uid)
        if found is None or found[0] != self._wishes.get(row.uid) or found[0].source != self._sources[row.uid]:
            return False
        cursor = self._desk.state.view.time_cursor
        return found[0].style == _look_of(row) and found[0].epoch == self._epoch(row, cursor)

    def state(self) -> tuple[object, ...]:
        """Changes whenever what ``paint`` paints for the same view would be another picture."""
        cursor = self._desk.state.view.time_cursor
        return self.version, tuple((row.uid, self._epoch(row, cursor)) for row in self.showing())

    def close(self) -> None:
        """End the thread."""
        self._timer.stop()
        _close(self._thread, self._samplers)

    def _on_change(self, _change: object) -> None:
        self.take(self._desk.data.loaded.layers)

    def _on_active(self, state: Qt.ApplicationState) -> None:
        """Another program may have saved a raster anew meanwhile."""
        if state is Qt.ApplicationState.ApplicationActive and any(
            self._sources[row.uid] != _source(row) for row in self.rows if row.is_raster
        ):
            self.take(self.rows)
            self.ready.emit()

    def labels(self, projection: Projection) -> list[Written]:
        """What is to be written beside features, as far as it is known in a projection; the topmost layer first."""
        found: list[Written] = []
        for row in reversed(self.showing()):
            picture = self._pictures.get(row.uid)
            if row.is_raster or picture is None or picture[0].frame.projection != projection:
                continue
            found += [Written(row.uid, row.style.opacity, each) for each in self._labels.get(row.uid, ())]
        return found[:MOST_LABELS]

    # Painting

    def paint(self, painter: QPainter, view: Viewport, ratio: float, *, moving: bool = False) -> None:
        """Paint the layers that show on a map of a viewport; ``moving``: no new pictures are worth while."""
        rows = self.showing()
        if not rows:
            return
        scale = view.scale * ratio
        left, top = round(view.x * scale - view.width * ratio / 2), round(view.y * scale - view.height * ratio / 2)
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not moving)
        for row in rows:
            wish = self._wish(row, view, ratio)
            if wish is None:
                continue
            found = self._pictures.get(row.uid)
            if not moving or found is None:
                self._wishes[row.uid] = wish
                if found is None or found[0] != wish:
                    self._want(row, wish, found[0] if found is not None else None)
            if found is not None and found[1] is not None and found[0].frame.projection == view.projection:
                painter.setOpacity(row.style.opacity)
                lay(painter, found[1], found[0].frame, left, top, scale)
        painter.restore()

    def _want(self, row: LayerRow, wish: _Wish, present: _Wish | None) -> None:
        """Have a picture painted; where only the scale is another one, once that has stood still for a moment: a zoom
        goes through many scales, and painting them would keep the hand waiting.
        """
        zooming = present is not None and present.frame.scale != wish.frame.scale
        if zooming and present is not None and replace(present, frame=wish.frame) == wish:
            self._later[row.uid] = row, wish
            self._thread.forget(row.uid)
            self._timer.start()
            return
        self._later.pop(row.uid, None)
        self._thread.want(row.uid, wish, self._work(row, wish))

    def _on_still(self) -> None:
        later, self._later = self._later, {}
        for uid, (row, wish) in later.items():
            if self._wishes.get(uid) == wish and (row.is_raster or self._read(uid) is not None):
                self._thread.want(uid, wish, self._work(row, wish))

    def _wish(self, row: LayerRow, view: Viewport, ratio: float) -> _Wish | None:
        """The picture that a layer ought to have; None while it is being read."""
        source = self._sources[row.uid]
        if not row.is_raster and self._read(row.uid) is None:
            self._ask(row, source)
            return None
        theme = self._look.theme
        wish = _Wish(
            source,
            _look_of(row),
            self._epoch(row, self._desk.state.view.time_cursor),
            (False, 1.0) if row.is_raster else (theme.dark, theme.scale),
            ratio,
            _frame(view, ratio),
        )
        found = self._pictures.get(row.uid)
        if found is not None and _covers(found[0].frame, wish.frame):
            wish = replace(wish, frame=found[0].frame)
        return wish

    def _epoch(self, row: LayerRow, cursor: int) -> int:
        features = self._read(row.uid)
        return 0 if features is None or row.is_raster else features.epoch(cursor)

    def _work(self, row: LayerRow, wish: _Wish) -> Callable[[], object]:
        if row.is_raster:
            return partial(self._resample, row.file, wish)
        features = self._read(row.uid)
        assert features is not None
        shown = features.shown(self._desk.state.view.time_cursor)
        ink = _ink(wish.style, self._look.theme, wish.ratio)

        def paint() -> object:
            key = wish.source, wish.frame.projection
            plane = self._planes.get(key)
            if plane is None:
                others = [each for each in self._planes if each[0] == wish.source or each[1] != wish.frame.projection]
                for other in others:
                    del self._planes[other]
                plane = self._planes[key] = Plane(features.parts, wish.frame.projection)
            image = paint_shapes(wish.frame, plane, ink, shown)
            return image, labels_in(wish.frame, plane, features.labels, shown, ink.ratio)

        return paint

    def _resample(self, file: Path | None, wish: _Wish) -> object:
        assert file is not None
        if wish.source not in self._samplers:
            self._samplers[wish.source] = Sampler(open_raster(file))
        return self._samplers[wish.source].paint(wish.frame)

    def _let_go(self, kept: Collection[Source]) -> None:
        """Close what is no layer any more, on the thread that paints: its samplers are for that alone."""
        for source in [source for source in self._samplers if source not in kept]:
            self._samplers.pop(source).close()

    def _on_painted(self, uid: str, wish: object, answer: object) -> None:
        if not isinstance(wish, _Wish) or uid not in {row.uid for row in self.rows}:
            return
        if isinstance(answer, Exception):
            self._tell(wish.source, answer)
            answer = None
        image, labels = answer if isinstance(answer, tuple) else (answer, ())
        assert image is None or isinstance(image, QImage)
        self._pictures[uid] = wish, image
        self.version += 1
        if labels != self._labels.get(uid, ()):
            self._labels[uid] = labels
            self.labelled.emit()
        self.ready.emit()

    # Reading

    def _read(self, uid: str) -> Features | None:
        """What has been read of a layer of shapes, if it is of what the layer is now."""
        found = self._features.get(uid)
        return found[1] if found is not None and found[0] == self._sources.get(uid) else None

    def _ask(self, row: LayerRow, source: Source) -> None:
        if self._asked.get(row.uid) == source:
            return
        self._asked[row.uid] = source
        begin, end, label = row.begin_field, row.end_field, row.style.label

        def read(connection: sqlite3.Connection) -> Features:
            parts = layer_shapes(connection, row.sha256)
            labels: tuple[str, ...] = ()
            if label:
                labels = tuple(label_text(value) for (value,) in layer_values(connection, row.sha256, label))
            if not row.by_feature:
                return Features(parts, labels)
            values = layer_values(connection, row.sha256, begin, end)
            return Features(parts, labels, spans_of((first, last) for first, last in values))

        def arrived(features: Features) -> None:
            self._features[row.uid] = source, features
            if features.unread and source not in self._told:
                self._told.add(source)
                said = "1 feature has" if features.unread == 1 else f"{features.unread:,} features have"
                self._desk.messages.warn(
                    f"In the layer {row.name} {said} a time that cannot be read; it counts as open."
                )
            self.version += 1
            self.ready.emit()

        def failed(error: Exception) -> None:
            self._features[row.uid] = source, Features.none()
            self._tell(source, error)

        self._desk.data.ask(f"layer {row.uid}", read, arrived, failed)

    def _tell(self, source: Source, error: Exception) -> None:
        """Tell of a layer that cannot be drawn, once."""
        if source not in self._told:
            self._told.add(source)
            if isinstance(error, EnvironmentFault):
                self._desk.messages.warn(str(error).removesuffix(" Nothing was written."))
            else:
                self._desk.messages.fault(error)

    # What is where

    def feature_at(self, view: Viewport, x: float, y: float) -> tuple[LayerRow, int] | None:
        """The topmost layer of shapes with a feature at a point of the map (logical px), and the feature's number."""
        cursor = self._desk.state.view.time_cursor
        if not view.shows(x, y):
            return None
        for row in reversed(self.showing()):
            features = self._read(row.uid)
            if row.is_raster or features is None:
                continue
            number = features.at(view, x, y, cursor, row.style.width)
            if number is not None:
                return row, number
        return None


def _close(thread: Painting, samplers: dict[Source, Sampler]) -> None:
    thread.close()
    for sampler in samplers.values():
        sampler.close()
    samplers.clear()


def _source(row: LayerRow) -> Source:
    if row.is_raster:
        with suppress(OSError, ValueError):
            if row.file is not None:
                found = row.file.stat()
                return RASTER, str(row.file), str(found.st_size), str(found.st_mtime_ns)
        return RASTER, str(row.file)
    return row.sha256, row.begin_field, row.end_field, row.style.label or ""


def _look_of(row: LayerRow) -> LayerStyle:
    """What of a layer's style its picture depends on."""
    return PLAIN if row.is_raster else replace(row.style, opacity=1.0)


def _frame(view: Viewport, ratio: float) -> Frame:
    """The part of the world that a picture for a viewport shows: whole device px, and some around the map."""
    scale = view.scale * ratio
    across, down = round(view.width * ratio * MARGIN), round(view.height * ratio * MARGIN)
    left = round(view.x * scale - view.width * ratio / 2) - across
    top = round(view.y * scale - view.height * ratio / 2) - down
    width, height = round(view.width * ratio) + 2 * across, round(view.height * ratio) + 2 * down
    return Frame(left / scale, top / scale, scale, width, height, view.projection)


def _covers(kept: Frame, wanted: Frame) -> bool:
    """Whether a picture that is there shows all of the map that another one was meant for, in the same scale."""
    if (kept.scale, kept.width, kept.height) != (wanted.scale, wanted.width, wanted.height):
        return False
    if kept.projection != wanted.projection:
        return False
    across, down = (kept.left - wanted.left) * kept.scale, (kept.top - wanted.top) * kept.scale
    if kept.projection.wraps:
        across -= round(across / kept.scale) * kept.scale
    room_x, room_y = (round(side * MARGIN / (1 + 2 * MARGIN)) for side in (kept.width, kept.height))
    return bool(np.hypot(max(abs(across) - room_x, 0), max(abs(down) - room_y, 0)) < 1)


def _ink(style: LayerStyle, theme: Theme, ratio: float) -> Ink:
    color, width = layer_color(style.color, dark=theme.dark), style.width * theme.scale * ratio
    return Ink(color, theme.halo, width, style.fill, ratio * theme.scale)

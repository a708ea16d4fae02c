"""Paints the lanes into pictures that scrubbing only has to copy: ground, bands, marks and labels (pictures.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap

from db.values import Status
from viewer.core.data import ProjectData
from viewer.look.theme import ThemeManager
from viewer.look.tokens import mix
from viewer.views.timeline.bands import BAND, BAR, BandInk, count_columns, paint_columns, paint_lasting, paint_moment
from viewer.views.timeline.capsules import Capsules
from viewer.views.timeline.geometry import Tick
from viewer.views.timeline.labels import MARGIN, Labels
from viewer.views.timeline.lane_model import LOOKS, Item, Lane, Layout, Metrics
from viewer.views.timeline.pictures import NEVER_DIMMED, Pictures, Viewport, shows_line

HATCH: Final = 8
LOW_PEAK: Final = 12
"""Columns are drawn as if the highest stood for at least as many, so that few events look few."""
NOTHING: Final = "No events in this window"
NO_DATES: Final = "Events will stand here by their dates, each in its lane"
_STATUSES: Final = tuple(Status)


class LanePainter:
    """Turns layouts into pictures in the present theme."""

    def __init__(self, look: ThemeManager, data: ProjectData, labels: Labels) -> None:
        self._look, self._data, self._labels = look, data, labels
        self._sprites: dict[tuple[int, int, bool], tuple[QPixmap, float]] = {}
        self._capsules = Capsules(look)
        self._hatch: tuple[tuple[int, int, float], QImage] | None = None
        self._compare: QPixmap | None = None
        self._peak = 0.0
        """The most in one column of all lanes, for each ms of a px."""

    def reset(self) -> None:
        """After a change of theme, kinds or screen density."""
        self._sprites.clear()
        self._capsules.reset()
        self._hatch = None
        self._compare = None

    def color(self, lane: Lane) -> QColor:
        """The colour of a lane's columns and its mark in this theme: its own, else one for all kinds together."""
        return self._look.theme.pick(lane.sign.light or BAR[0], lane.sign.dark or BAR[1])

    def _kind_color(self, kind_id: int) -> QColor:
        kind = self._data.loaded.kinds.get(kind_id)
        return self._look.theme.pick(kind.light, kind.dark) if kind is not None else self._look.theme.color("text3")

    def ground_of(self, at: int, lane: Lane) -> QColor:
        """What lies under a lane: every other one is a shade off, so that the eye keeps the line."""
        theme = self._look.theme
        if lane.hidden:
            return theme.surface2
        return mix(theme.surface, theme.surface2, 0.7) if at % 2 else theme.surface

    def paint(self, layout: Layout, port: Viewport, ticks: Sequence[Tick], metrics: Metrics) -> Pictures:
        """Paint what is seen of ``layout``, with lines at ``ticks``."""
        items = [item for item in layout.items if shows_line(item.y - port.scroll, metrics.row, port.height)]
        earliest = self._data.index.columns.earliest
        rows = np.array([item.row for item in items], np.intp)
        undimmed = np.array([item.hollow or item.selected for item in items], bool)
        starts = np.array([np.nan if item.label is None else item.label for item in items])
        return Pictures(
            self._ground(layout, items, port, ticks, metrics),
            self._bands(layout, items, port, metrics),
            self._top(layout, items, port, metrics),
            self._hatching(port),
            items,
            np.array([item.left for item in items]),
            np.array([item.right for item in items]),
            np.array([item.y - port.scroll for item in items]),
            np.where(undimmed, NEVER_DIMMED, earliest[rows]),
            starts,
            starts + np.array([item.width for item in items]),
        )

    # The ground

    def _ground(
        self, layout: Layout, items: list[Item], port: Viewport, ticks: Sequence[Tick], metrics: Metrics
    ) -> QImage:
        theme = self._look.theme
        image = port.picture(QImage.Format.Format_RGB32)
        if layout.height - port.scroll < port.height:
            image.fill(theme.surface)
        line = mix(theme.surface, theme.border, 0.62)
        minor, major = mix(theme.surface, theme.border, 0.55), mix(theme.surface, theme.border2, 0.66)
        grounds = [self.ground_of(at, lane) for at, lane in enumerate(layout.lanes)]
        with QPainter(image) as painter:
            painter.translate(0, -port.scroll)
            for lane, ground in zip(layout.lanes, grounds, strict=True):
                painter.fillRect(QRectF(0, lane.top, port.width, lane.height), ground)
            bottom = max(layout.height, port.height + port.scroll)
            for tick in ticks:
                painter.fillRect(QRectF(round(layout.scale.x(tick.at)), 0, 1, bottom), major if tick.major else minor)
            for lane, ground in zip(layout.lanes, grounds, strict=True):
                if lane.hidden:
                    painter.fillRect(QRectF(0, lane.top, port.width, lane.height), ground)
                painter.fillRect(QRectF(0, lane.top + lane.height - 1, port.width, 1), line)
            for item in items:
                if item.label is not None:  # no line through a label
                    rect = QRectF(item.label - 2, item.y - metrics.row / 2 + 1, item.width + 4, metrics.row - 2)
                    painter.fillRect(rect, grounds[item.lane])
        return image

    def _hatching(self, port: Viewport) -> QImage:
        """A whole picture of it is copied in a quarter of the time that filling with a pattern takes."""
        size = port.width, port.height, port.ratio
        if self._hatch is None or self._hatch[0] != size:
            theme, ratio = self._look.theme, port.ratio
            side, thick = round(HATCH * ratio), max(round(ratio), 1)
            tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
            tile.fill(Qt.GlobalColor.transparent)
            ink = theme.color("text", 0.075 if theme.dark else 0.07)
            for at in range(side):
                for aside in range(thick):
                    tile.setPixelColor((side - 1 - at + aside) % side, at, ink)
            tile.setDevicePixelRatio(ratio)
            whole = port.clear()
            with QPainter(whole) as painter:
                painter.fillRect(0, 0, port.width, port.height, QBrush(tile))
            self._hatch = size, whole
        return self._hatch[1]

    # Bands and columns

    def _bands(self, layout: Layout, items: list[Item], port: Viewport, metrics: Metrics) -> QImage:
        image = port.clear()
        if self._columns(image, layout, port):
            self._keep_clear(image, layout, items, port, metrics)
        c = self._data.index.columns
        high = self._look.theme.px(BAND)
        solid = [item for item in items if not item.hollow and not layout.lanes[item.lane].thin]
        inks = {kind: BandInk(self._kind_color(kind)) for kind in {item.kind for item in solid}}
        rows = np.array([item.row for item in solid], np.intp)
        bounds = (c.earliest, c.latest_start, c.earliest_end, c.latest, c.best, c.lasting)
        with QPainter(image) as painter:
            for item, *values in zip(solid, *(column[rows].tolist() for column in bounds), strict=True):
                earliest, started, ends, latest, best, lasting = values
                y = item.y - port.scroll
                if lasting:
                    paint_lasting(painter, inks[item.kind], layout.scale, y, high, (earliest, started, ends, latest))
                else:
                    paint_moment(painter, inks[item.kind], layout.scale, y, high, (earliest, best, latest))
        return image

    def _keep_clear(self, image: QImage, layout: Layout, items: list[Item], port: Viewport, metrics: Metrics) -> None:
        """No column stands under a mark or a label, such as those of plans that found no other place."""
        band = self._look.theme.px(BAND)
        with QPainter(image) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            for item in items:
                if not len(layout.lanes[item.lane].columns):
                    continue
                high = metrics.row if item.selected else band  # no stripes between the pills of lines that follow
                top, wide = item.y - port.scroll - high / 2, 2 * metrics.mark + 4
                painter.fillRect(QRectF(item.x - wide / 2, top, wide, high), Qt.GlobalColor.transparent)
                if item.label is not None:
                    around = metrics.gap if item.selected else 3.0
                    rect = QRectF(item.label - around, top, item.width + 2 * around, high)
                    painter.fillRect(rect, Qt.GlobalColor.transparent)

    def _columns(self, image: QImage, layout: Layout, port: Viewport) -> bool:
        """Draw what is counted; tells whether anything is."""
        counted = [
            (lane, count_columns(lane.columns, port.width))
            for lane in layout.lanes
            if not lane.hidden and len(lane.columns)
        ]
        most = max([LOW_PEAK, *(int(counts.max()) for _lane, counts in counted)])
        if layout.whole:
            self._peak = most / layout.scale.ms_per_px
        else:  # as it will be about when all lanes are counted: columns do not change their heights then
            most = max(most, round(self._peak * layout.scale.ms_per_px))
        for lane, counts in counted:
            top = lane.top - port.scroll
            column = lane.columns.column
            some = None
            if len(lane.chosen):
                some = count_columns(lane.chosen, port.width, column), self._look.theme.accent
            paint_columns(image, self.color(lane), counts, most, top, lane.height, port.ratio, column, some)
        return bool(counted)

    # Marks and labels

    def _top(self, layout: Layout, items: list[Item], port: Viewport, metrics: Metrics) -> QImage:
        top = port.clear()
        with QPainter(top) as painter:
            if layout.empty:
                self._say_nothing(painter, layout, port)
            lines = defaultdict(list)
            for item in items:
                if item.label is not None:
                    lines[item.lane, item.line].append(item)
            for item in sorted(items, key=lambda item: item.selected):
                beside = [*lines[item.lane, item.line - 1], *lines[item.lane, item.line + 1]] if item.selected else []
                tight = any(other.left < item.right and other.right > item.left for other in beside)
                high = metrics.row + (-1.5 if tight else 4)  # no pill reaches into words above or below
                self._paint_item(painter, item, port, metrics, high)
        return top

    def _say_nothing(self, painter: QPainter, layout: Layout, port: Viewport) -> None:
        theme = self._look.theme
        painter.setFont(theme.font("note"))
        painter.setPen(theme.text3)
        where = QRectF(0, 0, port.width, port.height)
        if layout.lanes:
            lane = layout.lanes[len(layout.lanes) // 2]
            where = QRectF(0, lane.top - port.scroll, port.width, lane.height)
        words = NOTHING if self._data.has_dates else NO_DATES
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_item(self, painter: QPainter, item: Item, port: Viewport, metrics: Metrics, pill: float) -> None:
        """``pill`` is how high the outline of a selected event is (px)."""
        y = item.y - port.scroll
        if item.capsule is not None:
            self._capsules.paint(painter, item.capsule, round(y), port.width, self._kind_color(item.kind))
        if item.selected and item.label is not None:
            self._paint_pill(painter, item, item.label, port.snap(y), metrics, pill)
        sprite, reach = self._sprite(item, port.ratio)
        painter.drawPixmap(QPointF(port.snap(item.x - reach), port.snap(y - reach)), sprite)
        if item.label is None or (item.label < 0 and not item.selected):
            return  # of a label that slides out of sight nothing is left to read: no half words at the edge
        room = item.width - (metrics.icon if item.disagrees else 0.0)
        text = self._labels.pixmap(self._data.title(item.row), item.selected, room)
        painter.drawPixmap(QPointF(port.snap(item.label - MARGIN), port.snap(y - metrics.row / 2)), text)
        if item.disagrees:
            if self._compare is None:
                self._compare = self._look.pixmap("git-compare", "warn", 13)
            side = self._compare.width() / self._compare.devicePixelRatio()
            left = port.snap(item.label + item.width - side)
            painter.drawPixmap(QPointF(left, port.snap(y - side / 2)), self._compare)

    def _paint_pill(self, painter: QPainter, item: Item, label: float, y: float, metrics: Metrics, high: float) -> None:
        """The accent pill of the selected event, around mark and label; around the label alone beside a capsule."""
        theme = self._look.theme
        left, right = label - metrics.gap, label + item.width + metrics.gap + 1
        if item.capsule is None and item.x >= 0:
            left, right = min(left, item.x - metrics.label), max(right, item.x + metrics.label)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.accent, 1.5))
        painter.setBrush(theme.accent_soft)
        pill = QRectF(left, y - high / 2, right - left, high)
        painter.drawRoundedRect(pill, high / 2, high / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _sprite(self, item: Item, ratio: float) -> tuple[QPixmap, float]:
        ring = item.selected and item.label is None
        key = (item.kind, item.look, ring)
        found = self._sprites.get(key)
        if found is None:
            kind = self._data.loaded.kinds.get(item.kind)
            shape = kind.shape if kind is not None else "circle"
            status, supported = _STATUSES[item.look // LOOKS], bool(item.look % LOOKS)
            radius, color = 6.0 * self._look.theme.scale, self._kind_color(item.kind)
            mark = self._look.mark(shape, status, color, radius, supported=supported, selected=ring)
            found = self._sprites[key] = self._look.marks.sprite(mark, ratio), mark.reach
        return found

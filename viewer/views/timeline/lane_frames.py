"""The lanes as they were last laid out and painted; each part is made anew only where it no longer holds."""

from __future__ import annotations

from PySide6.QtGui import QImage, QPainter

from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.views.timeline.geometry import TimeScale, ticks
from viewer.views.timeline.headers import paint_headers
from viewer.views.timeline.items import LanePainter
from viewer.views.timeline.labels import Labels
from viewer.views.timeline.lane_model import Layout, Metrics
from viewer.views.timeline.lanes import Laying, make_lanes
from viewer.views.timeline.pictures import Pictures, Viewport


class LaneFrames:
    """Layout, pictures and headers of the present moment."""

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        self._desk, self._look = desk, look
        self.labels = Labels(look)
        self.metrics = Metrics.at(look.theme.scale)
        self._painter = LanePainter(look, desk.data, self.labels)
        self._laying = Laying()
        self._widths: dict[int, float] = {}  # of labels, by row of the index
        self._counts: dict[int, tuple[int, int]] | None = None  # kind -> shown, all
        self._kinds = desk.data.loaded.kinds
        self._layout: Layout | None = None
        self.pictures: Pictures | None = None
        self.headers: QImage | None = None

    def renew(self, ratio: float) -> None:
        """Other colours, sizes or density: nothing that was remembered holds."""
        self._painter.reset()
        self.labels.reset(ratio)
        self.metrics = Metrics.at(self._look.theme.scale)
        self.reread()

    def reread(self) -> None:
        """Other data or filters: texts and marks that were drawn can be used again."""
        kinds = self._desk.data.loaded.kinds
        if kinds != self._kinds:
            self._kinds = kinds
            self._painter.reset()
        self._laying.forget()
        self._widths.clear()
        self._counts = None
        self.relay()

    def relay(self) -> None:
        """Another window, selection or size: everything is placed anew."""
        self._layout = None
        self.repaint()

    def repaint(self) -> None:
        """Another part of the lanes is in view."""
        self.pictures = self.headers = None

    def layout(self, scale: TimeScale, *, settle: bool = True) -> Layout:
        """Where everything is; see Laying.lay."""
        if self._layout is None:
            data = self._desk.data
            if self._counts is None:
                self._counts = data.index.shown_by_kind()
            hidden = self._desk.state.view.filters.hidden_kinds
            lanes = make_lanes(self._counts, data.loaded.kinds, hidden)
            selected = frozenset(data.selected_rows())
            self._layout = self._laying.lay(
                data.index, lanes, scale, self.metrics, self._width_of, selected, settle=settle
            )
        return self._layout

    def paint(self, layout: Layout, port: Viewport, left: int, hovered: int | None) -> tuple[Pictures, QImage]:
        """The plot through ``port`` and the column of headers, ``left`` px wide, beside it."""
        if self.pictures is None:
            self.pictures = self._painter.paint(layout, port, ticks(layout.scale), self.metrics)
        if self.headers is None:
            column = Viewport(left, port.height, port.scroll, port.ratio)
            self.headers = column.picture(QImage.Format.Format_RGB32)
            with QPainter(self.headers) as painter:
                paint_headers(
                    painter,
                    self._look,
                    self._painter,
                    layout,
                    self.metrics,
                    width=left,
                    scroll=port.scroll,
                    height=port.height,
                    hovered=hovered,
                )
        return self.pictures, self.headers

    def _width_of(self, row: int, strong: bool) -> float:
        if strong:
            return self.labels.width(self._desk.data.title(row), strong)
        width = self._widths.get(row)
        if width is None:
            width = self._widths[row] = self.labels.width(self._desk.data.title(row))
        return width

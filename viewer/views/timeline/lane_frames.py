"""The lanes as they were last laid out and painted; each part is made anew only where it no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtGui import QImage, QPainter

from viewer.core.counts import Mask, Rows
from viewer.core.desk import Desk
from viewer.core.grouping import Grouping
from viewer.core.groups import Groups, by_kind
from viewer.core.jobs import Cancelled
from viewer.core.loaded import Loaded
from viewer.core.parts import Parts
from viewer.core.state import Filters, Lanes
from viewer.look.theme import ThemeManager
from viewer.views.timeline.geometry import TimeScale, ticks
from viewer.views.timeline.headers import paint_headers
from viewer.views.timeline.items import LanePainter
from viewer.views.timeline.labels import Labels
from viewer.views.timeline.lane_chosen import Chosen, stand_out
from viewer.views.timeline.lane_model import Lane, Layout, Metrics
from viewer.views.timeline.lanes import Laying, make_lanes
from viewer.views.timeline.pictures import Pictures, Viewport


class LaneFrames:
    """Layout, pictures and headers of the present moment."""

    def __init__(self, desk: Desk, look: ThemeManager, sorted_anew: Callable[[], None]) -> None:
        """``sorted_anew`` is called when what the lanes are to stand for is at hand."""
        self._desk, self._look, self._sorted = desk, look, sorted_anew
        self.labels = Labels(look)
        self.metrics = Metrics.at(look.theme.scale)
        self._painter = LanePainter(look, desk.data, self.labels)
        self._laying = Laying()
        self._widths: dict[int, float] = {}  # of labels, by row of the index
        self._kinds = desk.data.loaded.kinds
        self._wanted = desk.state.view.lanes
        self._asked: Grouping | None = None
        self._parts: Parts | None = None  # those of the lanes as they were last laid out
        self._plain: Layout | None = None  # with nothing selected
        self._layout: Layout | None = None
        self._chosen: tuple[tuple[list[int], Mask, Parts], Chosen] | None = None  # and made of what
        self._moved = False
        self._lanes: tuple[tuple[Groups, Loaded, Lanes, Filters, Mask], list[Lane]] | None = None  # and made of what
        self.pictures: Pictures | None = None
        self._headers: tuple[object, QImage] | None = None  # and what it was painted of

    def renew(self, ratio: float) -> None:
        """Other colours, sizes or density: nothing that was remembered holds."""
        self._painter.reset()
        self.labels.reset(ratio)
        self.metrics = Metrics.at(self._look.theme.scale)
        self._headers = None
        self.reread()

    def reread(self) -> None:
        """Other data or filters: texts and marks that were drawn can be used again."""
        kinds = self._desk.data.loaded.kinds
        if kinds != self._kinds:
            self._kinds = kinds
            self._painter.reset()
        self._laying.forget()
        self._widths.clear()
        self.relay()

    def relay(self, *, moved: bool = False) -> None:
        """Another window, size or arrangement: everything is placed anew; where only the window has ``moved``, what is
        in sight.
        """
        self._plain, self._layout, self._moved = None, None, moved
        self._groups()
        self.repaint()

    def choose(self) -> None:
        """Another selection: it stands out, and everything else stays where it is."""
        self._layout = None
        self.repaint()

    def repaint(self) -> None:
        """Another part of the lanes is in view."""
        self.pictures = None

    def layout(self, scale: TimeScale, room: float, seen: tuple[float, float], *, settle: bool = True) -> Layout:
        """Where everything is; see Laying.lay."""
        data, view = self._desk.data, self._desk.state.view
        if self._plain is None:
            groups = self._groups()
            self._parts, self._layout = groups.parts, None
            made_of = (groups, data.loaded, self._wanted, view.filters, data.index.shown)
            if self._lanes is None or any(new is not old for new, old in zip(made_of, self._lanes[0], strict=True)):
                self._lanes = made_of, make_lanes(*made_of)
            self._plain = self._laying.lay(
                data.index,
                groups.parts,
                self._lanes[1],
                scale,
                self.metrics,
                self._width_of,
                settle=settle,
                room=room,
                seen=seen if self._moved else None,
            )
        if self._layout is None:
            assert self._parts is not None
            parts, metrics = self._parts, self.metrics
            selected = (data.selected_rows(), data.index.shown, parts)
            if self._chosen is None or any(new is not old for new, old in zip(selected, self._chosen[0], strict=True)):
                self._chosen = selected, Chosen(selected[0], data.index, parts)
            self._layout = stand_out(self._plain, self._chosen[1], data.index, parts, metrics, self._width_of)
        return self._layout

    @property
    def grouping(self) -> Grouping:
        """What the lanes stand for as they are shown."""
        return self._wanted.grouping

    @property
    def sorting(self) -> bool:
        """Whether what is wanted of the lanes is still being made ready, and what was before is shown."""
        return self._asked is not None

    def _groups(self) -> Groups:
        """The events as the lanes are to have them; until that is at hand, as the lanes had them before."""
        data, wanted = self._desk.data, self._desk.state.view.lanes
        found = data.grouped(wanted.grouping)
        if found is not None:
            self._wanted, self._asked = wanted, None
            return found
        if self._asked is not wanted.grouping:
            self._asked = wanted.grouping
            done, failed = partial(self._on_sorted, self._asked), partial(self._on_not_sorted, self._asked)
            data.group(self._asked, done, failed)
        before = data.grouped(self._wanted.grouping)
        if before is None:
            self._wanted = Lanes()
        return before or data.grouped(Grouping.KIND) or by_kind(data.loaded, data.index)

    def _on_sorted(self, grouping: Grouping) -> None:
        if self._asked is grouping:
            self._asked = None
            self._sorted()

    def _on_not_sorted(self, grouping: Grouping, error: Exception) -> None:
        """Stopped, or the file could not be read: the lanes stay what they are."""
        if self._asked is grouping:
            self._asked = None
            self._desk.commands.lanes.group_by(self._wanted.grouping)
        if not isinstance(error, Cancelled):
            self._desk.jobs.failed.emit(error)

    def rows_of(self, lane: Lane) -> Rows:
        """Rows of a lane's shown events by best estimate; of a thin lane none can be gone to."""
        if lane.part is None or lane.thin or self._parts is None:
            return np.empty(0, np.intp)
        return self._parts.stops(lane.part, self._desk.data.index.shown).rows

    def paint(self, layout: Layout, port: Viewport, left: int, hovered: int | None) -> tuple[Pictures, QImage]:
        """The plot through ``port`` and the column of headers, ``left`` px wide, beside it."""
        if self.pictures is None:
            self.pictures = self._painter.paint(layout, port, ticks(layout.scale), self.metrics)
        return self.pictures, self._headers_at(layout, Viewport(left, port.height, port.scroll, port.ratio), hovered)

    def _headers_at(self, layout: Layout, column: Viewport, hovered: int | None) -> QImage:
        """The column of headers: the same picture as before while only the window moves."""
        seen = column, hovered, tuple(lane.header for lane in layout.lanes)
        if self._headers is None or self._headers[0] != seen:
            picture = column.picture(QImage.Format.Format_RGB32)
            with QPainter(picture) as painter:
                paint_headers(painter, self._look, self._painter, layout, self.metrics, column, hovered=hovered)
            self._headers = seen, picture
        return self._headers[1]

    def _width_of(self, row: int, strong: bool) -> float:
        if strong:
            return self.labels.width(self._desk.data.title(row), strong)
        width = self._widths.get(row)
        if width is None:
            width = self._widths[row] = self.labels.width(self._desk.data.title(row))
        return width

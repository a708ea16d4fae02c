"""What a click, a drag and a passing pointer mean on the map: events chosen, a point that is asked for, the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from viewer.core.commands import MOST_SELECTED
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.views.map.captions import heading_for
from viewer.views.map.geometry import Rect
from viewer.views.map.navigator import ORIGIN, Navigator
from viewer.views.map.overlays.popover import StackPopover
from viewer.views.map.panel import EDGE
from viewer.views.map.picture import MapPicture
from viewer.views.map.survey import Survey

MOST_LISTED: Final = 200
"""A longer list is not read; a closer look tells its events apart."""


class Hand:
    """The target of one map's Mouse."""

    def __init__(
        self,
        desk: Desk,
        look: ThemeManager,
        picture: MapPicture,
        navigator: Navigator,
        popover: StackPopover,
        widget: QWidget,
        clicked: Callable[[], object],
        survey: Survey,
    ) -> None:
        """``clicked`` is called before a click does anything; ``survey`` takes it while something is measured."""
        self._desk, self._look, self._picture, self._navigator = desk, look, picture, navigator
        self._popover, self._widget, self._clicked = popover, widget, clicked
        self._survey = survey
        self.nothing_hit: Callable[[float, float], object] = lambda _x, _y: None
        """Called with logical px where a click meets no event."""
        self._shape: QPolygonF | None = None

    def pan(self, dx: float, dy: float) -> None:
        """Drag the map by logical px."""
        self._popover.close_list()
        self._navigator.pan(dx, dy)

    def click(self, x: float, y: float, *, add: bool) -> None:
        """A click at logical px; ``add``: Shift was held."""
        self._clicked()
        if self._desk.picker.active:
            if self._picture.view.shows(x, y):
                lon, lat = self._picture.view.degrees_at(x, y)
                self._desk.picker.pick(round(lon, 5), round(lat, 5))
            return
        if self._survey.click(x, y):
            return
        row = self._picture.hit(x, y)
        if row is None:
            self.nothing_hit(x, y)
            if not add and self._desk.state.view.selection:
                self._desk.commands.clear_selection()
        elif add:
            self._desk.commands.add_to_selection(self._desk.data.row_ref(row), ORIGIN)
        else:
            self.open(row)

    def open(self, row: int) -> None:
        """Select the event of a mark, or list those of a stack; too many to be read are looked at more closely first,
        where that parts them.
        """
        rows = self._picture.members(row)
        if len(rows) <= 1:
            self.select(row)
            return
        spot = self._picture.spot(row)
        if spot is not None and len(rows) > MOST_LISTED and self._picture.is_spread(rows):
            self._navigator.zoom_to_rows(rows, *spot)
        elif spot is not None:
            room = Rect(EDGE, EDGE, self._widget.width() - 2 * EDGE, self._widget.height() - 2 * EDGE)
            heading = heading_for(self._desk, rows)
            if len(rows) > MOST_LISTED:
                heading = f"{MOST_LISTED} newest of {heading}"
            self._popover.open_list(heading, rows[:MOST_LISTED].tolist(), *spot, room)

    def select(self, row: int) -> None:
        """Select one event."""
        self._desk.commands.select((self._desk.data.row_ref(row),), ORIGIN)

    def select_within(self, shape: QPolygonF) -> None:
        """Select the drawn events within a box or a lasso (logical px)."""
        rows = self._picture.inside(shape)
        if len(rows) > MOST_SELECTED:
            words = f"{len(rows):,} events lie there, and no more than {MOST_SELECTED:,} are selected at once."
            self._desk.messages.warn(f"{words} Draw a smaller shape, or hide some with the filters.")
            return
        self._desk.commands.select([self._desk.data.row_ref(row) for row in rows.tolist()], ORIGIN)

    def hover(self, x: float, y: float) -> None:
        """The pointer passes over the map."""
        if self._desk.picker.active or self._survey.active:
            self._widget.setCursor(Qt.CursorShape.CrossCursor)
        elif self._picture.hit(x, y) is not None:
            self._widget.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._widget.unsetCursor()

    def show_shape(self, shape: QPolygonF | None) -> None:
        """Show the box or lasso that is being drawn, or none."""
        self._shape = shape
        self._widget.update()

    def set_dragging(self, dragging: bool) -> None:
        """Whether the map is being dragged: the cursor says so."""
        if dragging:
            self._widget.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._desk.picker.active or self._survey.active:
            self._widget.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self._widget.unsetCursor()

    def paint(self, painter: QPainter) -> None:
        """Paint the box or lasso that is being drawn."""
        if self._shape is not None:
            painter.setPen(QPen(self._look.theme.accent, 1.5))
            painter.setBrush(self._look.theme.color("accent", 0.12))
            painter.drawPolygon(self._shape)

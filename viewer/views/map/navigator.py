"""Where the map looks: follows the extent in the state, tells the state where the user went, flies between the two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtWidgets import QWidget

from db.values import Extent
from viewer.core.counts import Mask, Rows
from viewer.core.desk import Desk
from viewer.core.index import EventIndex
from viewer.look.theme import ThemeManager
from viewer.views.map.flight import Flight
from viewer.views.map.geometry import FIT_MARGIN, Viewport, fit_extent, fit_points, show_extent
from viewer.views.map.panel import Panel
from viewer.views.map.picture import MapPicture
from viewer.views.map.projection import Projection

ORIGIN: Final = "map"
CARD_MARGIN: Final = 12.0
"""Between events and what lies over the map, logical px."""
LEAST_GAIN: Final = 3.0
"""A closer look is so many times as close."""
WORLD: Final = Extent(-180.0, -56.0, 180.0, 72.0)


class Navigator:
    """Moves the viewport of one map."""

    def __init__(
        self,
        desk: Desk,
        look: ThemeManager,
        picture: MapPicture,
        panel: Panel,
        widget: QWidget,
        moved: Callable[[], None],
    ) -> None:
        """``widget`` is the map, whose size counts; ``moved`` is called whenever another part of the world is shown."""
        self._desk, self._picture, self._panel, self._widget = desk, picture, panel, widget
        self._moved = moved
        self._flight = Flight(self._show, look.duration, widget)
        self._free = False  # the user has moved the map since it was told where to look
        self._seen = False  # the map has come to rest there, and somebody looks at it

    @property
    def viewport(self) -> Viewport:
        """What part of the world is shown, at the end of any flight."""
        return self._flight.goal or self._picture.view

    @property
    def flying(self) -> bool:
        return self._flight.flying

    def stop(self) -> None:
        """Stay where a flight has come to."""
        self._flight.stop()

    # Told by the state

    def follow(self) -> None:
        """Go where the state's extent says, from now on anew."""
        self._free = self._seen = False
        goal = self._home(self._desk.state.view.extent)
        if self._widget.isVisible():
            self._flight.fly(self._picture.view, goal)
        else:
            self._show(goal)

    def resize(self) -> None:
        """The map has another size: the same place, as close as before. Until it has come to rest where it was told to
        look, as while a window opens, it looks there in its new size."""
        self._flight.stop()
        width, height = self._widget.width(), self._widget.height()
        self._panel.arrange(self._picture.view.resized(width, height))
        if self._free or self._seen:
            self._show(self._picture.view.resized(width, height))
        else:
            self._show(self._home(self._desk.state.view.extent))

    def rested(self) -> None:
        """The map has come to rest."""
        self._seen = self._widget.isVisible() and not self._flight.flying

    def look_anew(self) -> None:
        """All has another size: in its new one the map looks where it was told to, as if it had opened so."""
        self._seen = False

    def project(self, projection: Projection) -> None:
        """Show what is shown in another projection."""
        self._flight.stop()
        self._show(self._picture.view.projected(projection))
        if not self._free:
            self._show(self._home(self._desk.state.view.extent))

    def _home(self, extent: Extent | None) -> Viewport:
        """Where to look for an extent of the state; None is all events, or what the project is about without any."""
        width, height = max(self._widget.width(), 1), max(self._widget.height(), 1)
        layer = self._picture.layer
        mapped = layer.index.mapped
        if extent is not None:
            inside = mapped & _holds(extent, layer.index)
            x, y = layer.world_x[inside], layer.world_y[inside]
            return fit_extent(extent, x, y, width, height, self._panel.fixed(), CARD_MARGIN, layer.projection)
        if not mapped.any():
            return show_extent(self._desk.data.loaded.project.extent or WORLD, width, height, layer.projection)
        box, x, y = layer.spread
        return fit_points(x, y, width, height, self._panel.fixed(), FIT_MARGIN, layer.projection, box)

    def _fit(self, rows: Rows) -> Viewport:
        layer = self._picture.layer
        width, height = max(self._widget.width(), 1), max(self._widget.height(), 1)
        x, y = layer.world_x[rows], layer.world_y[rows]
        return fit_points(x, y, width, height, self._panel.fixed(), FIT_MARGIN, layer.projection)

    # Asked by the user

    def go(self, view: Viewport, *, fly: bool) -> None:
        """Look at another part of the world, and tell the state."""
        self._free = True
        if fly and self._widget.isVisible():
            self._flight.fly(self._picture.view, view)
        else:
            self._flight.stop()
            self._show(view)
        self._desk.state.set(ORIGIN, extent=view.extent())

    def go_to_rows(self, rows: Rows) -> None:
        """Fly to where some events are."""
        self.go(self._fit(rows), fly=True)

    def zoom_to_rows(self, rows: Rows, x: float, y: float) -> None:
        """The same where that is closer, else closer about (x, y) logical px, where they are now."""
        goal = self._fit(rows)
        if goal.scale >= LEAST_GAIN * self._picture.view.scale:
            self.go(goal, fly=True)
        else:
            self.zoom_at(LEAST_GAIN, x, y, fly=True)

    def pan(self, dx: float, dy: float, *, fly: bool = False) -> None:
        """Drag the map by logical px."""
        start = self.viewport if fly else self._picture.view
        self.go(start.panned(dx, dy), fly=fly)

    def zoom_at(self, factor: float, x: float, y: float, *, fly: bool = False) -> None:
        """Closer (factor > 1) or wider, with the place at (x, y) logical px staying there."""
        start = self.viewport if fly else self._picture.view
        self.go(start.zoomed(factor, x, y), fly=fly)

    def zoom_middle(self, factor: float) -> None:
        """Closer or wider about the middle."""
        self.zoom_at(factor, self._widget.width() / 2, self._widget.height() / 2, fly=True)

    def _show(self, view: Viewport) -> None:
        self._picture.moving = self._flight.flying
        self._picture.set_view(view)
        self._panel.arrange(view)
        self._moved()


def _holds(extent: Extent, index: EventIndex) -> Mask:
    """The rows whose place lies in an extent."""
    lon, lat = index.columns.lon, index.columns.lat
    across = (lon - extent.west) % 360.0 <= (extent.east - extent.west) % 360.0
    return np.asarray(across & (lat >= extent.south) & (lat <= extent.north))

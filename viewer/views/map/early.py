"""The map of a project while its events are still being read: its ground, which can be moved about already."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from db.values import Extent
from viewer.core.first import Ahead
from viewer.core.index import EventIndex
from viewer.core.settings import MAP_STYLE, PROJECTION, Settings
from viewer.look.theme import ThemeManager
from viewer.views.map.appearance import set_style
from viewer.views.map.content import bare_content
from viewer.views.map.flight import Flight
from viewer.views.map.geometry import FIT_MARGIN, Rect, Viewport, fit_points, show_extent
from viewer.views.map.ground import Ground
from viewer.views.map.keys import BY_KEYBOARD, panned_by, zoomed_by
from viewer.views.map.navigator import WORLD
from viewer.views.map.overlays.buttons import ButtonCard
from viewer.views.map.overlays.scale import ScaleLine
from viewer.views.map.panel import CREDITS, EDGE
from viewer.views.map.picture import MapPicture
from viewer.views.map.projection import fitted, projection_of
from viewer.views.map.tools import WHEEL_STEP, Mouse
from viewer.widgets.buttons import IconButton

REST_MS: Final = 60
"""Names are placed when the map has stood still for so long."""


class EarlyMap(QWidget):
    """Drawn and moved as the map proper; nothing is on it, and nothing can be chosen."""

    def __init__(
        self, look: ThemeManager, settings: Settings, ahead: Ahead, ground: Ground, extent: Extent | None
    ) -> None:
        """``extent``: where to look; None is where the places are. ``ground`` is closed with it."""
        super().__init__()
        self._look, self._settings, self._extent, self._places = look, settings, extent, ahead.places
        self.moved = False
        """Whether somebody has moved it."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setAccessibleName("Map")
        self._basemap = ground
        self._closed = self._ring = False
        nothing = bare_content(EventIndex(ahead.nothing, {}, {}), {})
        self._picture = MapPicture(look, self._basemap, nothing, {}, lambda _row: "", self.update)
        self._flight = Flight(self._show, look.duration, self)
        self._mouse = Mouse(self)
        self._scale = ScaleLine(look, CREDITS)
        closer, wider = IconButton(look, "plus", "Zoom in", "+"), IconButton(look, "minus", "Zoom out", "-")
        closer.clicked.connect(lambda: self._zoom_middle(2.0))
        wider.clicked.connect(lambda: self._zoom_middle(0.5))
        self._buttons = ButtonCard(look, self, [closer, wider])
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._basemap.ready.connect(self._on_ready)
        look.changed.connect(self._restyle)
        self._restyle()

    @property
    def view(self) -> Viewport:
        """What part of the world is on the screen, at the end of any flight."""
        return self._flight.goal or self._picture.view

    # Moving about

    def _go(self, view: Viewport, *, fly: bool = False) -> None:
        self.moved = True
        if fly:
            self._flight.fly(self._picture.view, view)
        else:
            self._flight.stop()
            self._show(view)

    def _zoom_middle(self, factor: float) -> None:
        self._go(self.view.zoomed(factor, self.width() / 2, self.height() / 2), fly=True)

    def _show(self, view: Viewport) -> None:
        self._picture.moving = self._flight.flying
        self._picture.set_view(view)
        self._basemap.give_way()
        self._rest.start()
        self.update()

    def _home(self) -> Viewport:
        width, height, spec = max(self.width(), 1), max(self.height(), 1), self._settings.get(PROJECTION)
        projection = projection_of(spec) or fitted(spec, self._extent or WORLD)
        if self._extent is not None or not len(self._places[0]):
            return show_extent(self._extent or WORLD, width, height, projection)
        return fit_points(*projection.to_world(*self._places), width, height, [], FIT_MARGIN, projection)

    # As Mouse has it

    def pan(self, dx: float, dy: float) -> None:
        """Drag the map by logical px."""
        self._go(self._picture.view.panned(dx, dy))

    def click(self, x: float, y: float, *, add: bool) -> None:
        """There is nothing to be chosen."""

    def select_within(self, shape: QPolygonF) -> None:
        """Nor here."""

    def hover(self, x: float, y: float) -> None:
        """Nothing lies under the pointer."""

    def show_shape(self, shape: QPolygonF | None) -> None:
        """No box or lasso is drawn where nothing can be chosen."""

    def set_dragging(self, dragging: bool) -> None:
        """The pointer shows whether the map is being dragged."""
        self.setCursor(Qt.CursorShape.ClosedHandCursor if dragging else Qt.CursorShape.ArrowCursor)

    # Drawing

    def prepare(self) -> None:
        """Have at hand what takes longest to paint."""
        self._picture.base()

    def _restyle(self) -> None:
        set_style(self._basemap, self._settings.get(MAP_STYLE), self._settings, dark=self._look.theme.dark)
        self._picture.restyle(self.devicePixelRatioF())
        self._arrange()
        self._rest.start()
        self.update()

    def _arrange(self) -> None:
        bar, _credits = self._scale.rects(self._picture.view)
        self._buttons.arrange(self.width() - EDGE, bar.y - self._look.theme.px(12))

    def _on_rest(self) -> None:
        covered: list[Rect] = [self._buttons.body(), *self._scale.rects(self._picture.view)]
        self._picture.place_names(covered, hurried=False)
        self._picture.moving = self._flight.flying
        self.update()

    def _on_ready(self) -> None:
        self._picture.refresh_ground()
        self.update()

    # Qt's calls

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self._closed:
                painter.fillRect(self.rect(), self._look.theme.land)
                return
            self._picture.paint(painter)
            self._scale.paint(painter, self._picture.view)
            if self._ring:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._look.theme.accent, 2))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._flight.stop()
        view = self._picture.view
        self._show(view.resized(self.width(), self.height()) if self.moved else self._home())
        self._arrange()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._flight.stop()
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._go(self.view.zoomed(2.0, event.position().x(), event.position().y()), fly=True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned and not self._mouse.busy:
            at = event.position()
            self._go(self._picture.view.zoomed(2.0 ** (turned / WHEEL_STEP), at.x(), at.y()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (way := panned_by(event)) is not None:
            self._go(self.view.panned(*way), fly=True)
        elif (factor := zoomed_by(event)) is not None:
            self._zoom_middle(factor)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        super().focusOutEvent(event)
        self.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        """It is not shown again: the ground's threads end."""
        self._flight.stop()
        self._rest.stop()
        if not self._closed:
            self._closed = True
            self._picture.close()
        super().closeEvent(event)

"""MapView: the atlas with the events of the instant on it. Links the picture, the overlays, the mouse and the keys to
the desk; what is painted is picture.py's, what lies over it panel.py's.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from viewer.core.desk import Desk
from viewer.core.settings import DISPUTED, WORLDVIEW
from viewer.look.marks import MarkLook
from viewer.look.theme import ThemeManager
from viewer.views.map.appearance import Appearance
from viewer.views.map.captions import callout_for, tip_for
from viewer.views.map.content import TOPIC, USUAL, Content, content_at_start
from viewer.views.map.geometry import Viewport
from viewer.views.map.ground import open_ground
from viewer.views.map.hand import Hand
from viewer.views.map.items import MOST_STACKED, Age
from viewer.views.map.keys import BY_KEYBOARD, Keys
from viewer.views.map.layers.stack import LayerStack
from viewer.views.map.layers.tips import LayerTips
from viewer.views.map.navigator import ORIGIN, Navigator
from viewer.views.map.overlays.popover import StackPopover
from viewer.views.map.panel import Panel
from viewer.views.map.picture import MapPicture
from viewer.views.map.pointers import Pointer
from viewer.views.map.survey import Survey
from viewer.views.map.tools import WHEEL_STEP, Mouse
from viewer.views.map.walk import Walk
from viewer.widgets.accessible import PaintedChild, child_focused, children_changed, expose

SETTLE_MS: Final = 40
"""Labels, legend and pointers are placed anew when time has stood still for so long, ms ..."""
MOVED_MS: Final = 130
"""... or the map: a zoom changes the size of every name, so it has to be over ..."""
PATIENCE_MS: Final = 250
"""... or after so long at the latest, so that they follow while time plays."""
_MOMENT: Final = {"time_cursor", "trail", "with_older", "filters", "selection", "current"}


class MapView(QWidget):
    """The map. Writes selection and extent to the state; hears of everything else from there.

    Signals:
        layers_wanted(str): the user wants to ``add`` a layer, or to have the list of them ``show``n.
    """

    layers_wanted = Signal(str)

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setProperty("arrows", "move the map")
        self.setMouseTracking(True)
        self.setMinimumSize(320, 200)
        self.setAccessibleName("Map")
        basemap, missing = open_ground()
        self.destroyed.connect(basemap.close)
        self.layers = LayerStack(desk, look, self)
        self.picture = MapPicture(
            look,
            basemap,
            content_at_start(desk),
            desk.data.loaded.kinds,
            desk.data.title,
            self.update,
            desk.jobs.run,  # each answer comes: a layer may be shown again after the one that took its place
            self._touch,
            self.layers,
        )
        self.panel = Panel(desk, look, self, self._on_zoom, self._on_pointer, self.layers_wanted.emit)
        self._navigator = Navigator(desk, look, self.picture, self.panel, self, self._on_moved)
        self._appearance = Appearance(desk, look, self.picture, self._navigator)
        self.popover = StackPopover(desk, look, self._list_mark, self)
        self.survey = Survey(desk, look, self.picture, self.panel, self, self._touch)
        self._hand = Hand(
            desk, look, self.picture, self._navigator, self.popover, self, lambda: self._walk.leave(), self.survey
        )
        self._tips = LayerTips(desk, self.layers, self.picture, self)
        self._hand.nothing_hit = self._tips.show
        self._walk = Walk(desk, self.picture, self._hand.open)
        self._mouse = Mouse(self._hand)
        self._keys = Keys(desk, self._navigator, self.popover, self.survey, self._walk, self._hand, self._mouse)
        self._closed = False
        self._ring = False
        self._settle_timer = QTimer(self)
        self._settle_timer.setSingleShot(True)
        self._settle_timer.timeout.connect(self._on_rest)
        self._since = QElapsedTimer()
        self._since.start()
        self.popover.chosen.connect(self._hand.select)
        self.popover.closed.connect(self.update)
        basemap.ready.connect(self._on_ready)
        self.layers.ready.connect(self.update)
        self.picture.names.written = self.layers.labels
        self.layers.labelled.connect(self._touch)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        desk.data.beforehand(TOPIC, self.picture.content_for, self.picture.content_at_hand)
        desk.picker.changed.connect(self._on_picking)
        desk.settings.changed.connect(self._on_setting)
        look.changed.connect(self._on_look)
        self._missing = missing
        expose(self)
        self._restyle()
        self.resize(self.sizeHint())
        self._navigator.resize()
        self._appearance.project()
        self._show_moment()

    # What others ask

    @property
    def viewport(self) -> Viewport:
        """What part of the world is on the screen, at the end of any flight."""
        return self._navigator.viewport

    def is_settled(self) -> bool:
        """Whether what is painted is final: nothing flies, waits to be placed or is still being rendered."""
        return self.is_at_rest() and (
            (self.picture.basemap.complete and not self.layers.waiting) or not self.isVisible()
        )

    def is_at_rest(self) -> bool:
        """Whether all events, labels and overlays are where they belong; the ground may still become finer."""
        waiting = self._settle_timer.isActive() or self.picture.lettering or self.picture.layer.waiting
        return not self._navigator.flying and not waiting

    def sizeHint(self) -> QSize:
        return QSize(*USUAL)

    # Moving about

    def _zoom(self, factor: float, x: float, y: float, *, fly: bool = False) -> None:
        self.popover.close_list()
        self._navigator.zoom_at(factor, x, y, fly=fly)

    def _on_zoom(self, factor: float) -> None:
        self.popover.close_list()
        self._navigator.zoom_middle(factor)

    def _on_pointer(self, pointer: Pointer) -> None:
        self._navigator.go_to_rows(pointer.rows)

    # Hearing of changes

    def _on_state(self, names: frozenset[str], origin: str) -> None:
        if "map_style" in names:
            self._restyle()
        if "projection" in names:
            self.popover.close_list()
            self._appearance.project()
        if "extent" in names and origin != ORIGIN:
            self.popover.close_list()
            self._navigator.follow()
        if names & _MOMENT:
            self._show_moment()

    def _on_change(self, _change: object) -> None:
        had = bool(self.picture.layer.index.mapped.any())
        self.popover.close_list()
        made = self._desk.data.made(TOPIC)
        assert isinstance(made, Content)
        self.picture.set_content(made, self._desk.data.loaded.kinds)
        self._since.restart()  # labels of other data wait until all else is painted
        self._show_moment()
        if self._desk.state.view.extent is None and not had:
            self._navigator.follow()

    def _on_ready(self) -> None:
        self.picture.refresh_ground()
        self.update()

    def _on_look(self) -> None:
        self._restyle()
        self._navigator.look_anew()
        self.panel.arrange(self.picture.view)

    def _on_setting(self, key: str) -> None:
        if key in (DISPUTED.key, WORLDVIEW.key):
            self._restyle()

    def _on_picking(self, active: bool) -> None:
        if active:
            self.survey.stop()
        self.panel.show_picking(active)
        self._hand.set_dragging(False)
        self._touch()
        if active:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restyle(self) -> None:
        self._appearance.restyle(self.devicePixelRatioF())
        self._touch()

    def _show_moment(self) -> None:
        view, data = self._desk.state.view, self._desk.data
        chosen = np.array(data.selected_rows(), np.intp)
        moment = data.index.at(view.time_cursor, view.trail, with_older=view.with_older)
        self.picture.set_moment(moment, chosen)
        self.panel.show_moment(self.picture.moment)
        if data.index.n > MOST_STACKED:  # they are counted anew only at rest
            self.panel.hide_pointers()
        if self.popover.isVisible() and not self._still_listed():
            self.popover.close_list()
        self._touch()

    def _still_listed(self) -> bool:
        rows = np.array(self.popover.rows, np.intp)
        return bool((rows < self.picture.layer.index.n).all() and (self.picture.scene.ages(rows) > Age.NONE).all())

    def _on_moved(self) -> None:
        self.survey.moved()
        self._touch(MOVED_MS)

    def _touch(self, rest: int = SETTLE_MS) -> None:
        """Something moved: repaint now, place labels and the like when it has come to rest for ``rest`` ms."""
        self._walk.forget()
        self.picture.basemap.give_way()
        self.update()
        if self._settle_timer.isActive() and self._since.elapsed() > PATIENCE_MS:
            self.settle(hurried=True)
        self._settle_timer.start(rest)

    def _on_rest(self) -> None:
        if self.isVisible():
            self.settle()

    def settle(self, *, hurried: bool = False) -> None:
        """Place what is only placed at rest; ``hurried``: in between, as well as can be done in the time of a frame."""
        self._since.restart()
        if not hurried:
            self.picture.layer.refine()
        self.panel.show_rest(self.picture)
        callout = callout_for(self._desk, self.picture.looks, small=self.panel.is_small)
        self.picture.place_callout(self.panel.cards(), *callout)
        if not hurried or self.picture.layer.index.n <= MOST_STACKED:
            self.panel.show_pointers(self.picture)
        covered = [*self.panel.covered(), *self.survey.covered(self.picture.view)]
        self.picture.place_names(covered, hurried=hurried)
        self.picture.moving = self._navigator.flying
        self.update()
        if not hurried:
            self._navigator.rested()
            children_changed(self)

    def _list_mark(self, row: int) -> MarkLook:
        return self.picture.looks.mark(row, Age.OLDER)

    # For assistive technology

    def painted_children(self) -> tuple[PaintedChild, ...]:
        """The events on the map as accessible children, in order of their dates."""
        return self._walk.children()

    # Qt's calls

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self._closed:
                painter.fillRect(self.rect(), self._look.theme.land)
                return
            self.picture.paint(painter, self.survey.paint_ground)
            self.survey.paint(painter, self.picture.view)
            self.picture.paint_callout(painter)
            self.panel.paint(painter, self.picture.view)
            self._hand.paint(painter)
            if self._ring:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._look.theme.accent, 2))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def closeEvent(self, event: QCloseEvent) -> None:
        """The map is not shown again: the basemap's threads end."""
        self._navigator.stop()
        self._settle_timer.stop()
        if not self._closed:
            self._closed = True
            self.picture.close()
            self.layers.close()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """There is somebody now to see what is placed at rest, and to hear of what is missing."""
        super().showEvent(event)
        self._touch()
        if self._missing:
            self._desk.messages.warn(self._missing)
            self._missing = ""

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.popover.close_list()
        self._navigator.resize()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._navigator.stop()
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)
        self.survey.hover(event.position().x(), event.position().y())

    def leaveEvent(self, event: QEvent) -> None:
        self.survey.leave()
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.survey.double_click():
            return
        at = event.position()
        left = event.button() is Qt.MouseButton.LeftButton
        if left and not self._desk.picker.active and self.picture.hit(at.x(), at.y()) is None:
            self._zoom(2.0, at.x(), at.y(), fly=True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned and not self._mouse.busy:
            at = event.position()
            self._zoom(2.0 ** (turned / WHEEL_STEP), at.x(), at.y())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = QPoint(self.width() // 2, self.height() // 2)
        self.survey.show_menu(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._keys.press(event):
            event.accept()
        else:
            super().keyPressEvent(event)
        self.update()

    def focusNextPrevChild(self, forward: bool) -> bool:
        at = self._walk.step(1 if forward else -1)
        self.update()
        if at is not None:
            child_focused(self, at)
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in BY_KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self._walk.leave()
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            at = event.position()
            self._zoom(max(1.0 + event.value(), 0.1), at.x(), at.y())
            return True
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        at = QPointF(event.pos())
        row = self.picture.hit(at.x(), at.y())
        if row is None:
            self._tips.show(at.x(), at.y())
            return
        text = tip_for(self._desk, row, len(self.picture.members(row)))
        QToolTip.showText(event.globalPos(), text, self)

"""MapView: the atlas with the events of the instant on it. Links the picture, the overlays, the mouse and the keys to
the desk; what is painted is picture.py's, what lies over it panel.py's.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from db.values import Extent
from viewer.core.desk import Desk
from viewer.core.index import Rows
from viewer.core.sentences import disagreement, event_sentence
from viewer.marks import MarkLook
from viewer.models.wording import count
from viewer.paths import resource
from viewer.theme import ThemeManager
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.basemap.palette import Style
from viewer.views.map.flight import Flight
from viewer.views.map.geometry import Rect, Viewport, fit_points, show_extent
from viewer.views.map.items import Age
from viewer.views.map.overlays.callout import Callout
from viewer.views.map.overlays.popover import StackPopover
from viewer.views.map.panel import EDGE, Panel
from viewer.views.map.picture import HIT, MapPicture
from viewer.views.map.pointers import Pointer
from viewer.views.map.tools import WHEEL_STEP, Mouse
from viewer.widgets.accessible import PaintedChild, child_focused, children_changed, expose
from viewer.widgets.buttons import Menu

ORIGIN: Final = "map"
SETTLE_MS: Final = 40
"""Labels, legend and pointers are placed anew when nothing has moved for so long, ms ..."""
PATIENCE_MS: Final = 250
"""... or after so long at the latest, so that they follow while time plays."""
FIT_MARGIN: Final = 34.0
PAN_STEP: Final = 80.0
ZOOM_STEP: Final = 1.6
MOST_CHILDREN: Final = 300
_ARROWS: Final = {
    Qt.Key.Key_Left: (PAN_STEP, 0.0),
    Qt.Key.Key_Right: (-PAN_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, PAN_STEP),
    Qt.Key.Key_Down: (0.0, -PAN_STEP),
}
_MOMENT: Final = {"time_cursor", "trail", "filters", "selection", "current"}
_KEYBOARD: Final = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class MapView(QWidget):
    """The map. Writes selection and extent to the state; hears of everything else from there."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Map")
        basemap = Basemap(resource("basemap"))
        self.destroyed.connect(partial(_close, basemap))
        self.picture = MapPicture(look, basemap, desk.data.index, desk.data.loaded.kinds, desk.data.title)
        self.panel = Panel(desk, look, self, self._zoom_middle, self._fly_to_pointer)
        self.popover = StackPopover(desk, look, self._list_mark, self)
        self._mouse = Mouse(self)
        self._flight = Flight(self._show_view, look.duration, self)
        self._box: QRectF | None = None
        self._ring = False
        self._free = False  # the user has moved the map since it was told where to look
        self._children: tuple[PaintedChild, ...] | None = None
        self._settle_timer = QTimer(self)
        self._settle_timer.setSingleShot(True)
        self._settle_timer.setInterval(SETTLE_MS)
        self._settle_timer.timeout.connect(self._settle)
        self._since = QElapsedTimer()
        self._since.start()
        self.popover.chosen.connect(self._on_list_chosen)
        self.popover.closed.connect(self._on_list_closed)
        basemap.ready.connect(self.update)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        desk.picker.changed.connect(self._on_picking)
        look.changed.connect(self._on_look)
        expose(self)
        self._restyle()
        self._look_afresh()

    # What others ask

    @property
    def viewport(self) -> Viewport:
        """What part of the world is on the screen, at the end of any flight."""
        return self._flight.goal or self.picture.view

    def is_settled(self) -> bool:
        """Whether what is painted is final: nothing flies, waits to be placed or is still being rendered."""
        still = not self._flight.flying and not self._settle_timer.isActive()
        return still and self.picture.basemap.complete

    def sizeHint(self) -> QSize:
        return QSize(960, 551)

    # Moving about

    def _home(self, extent: Extent | None) -> Viewport:
        """Where to look for an extent of the state; None is all events, or the whole world without any."""
        width, height = max(self.width(), 1), max(self.height(), 1)
        if extent is not None:
            return show_extent(extent, width, height)
        layer, mapped = self.picture.layer, self.picture.layer.index.mapped
        if not mapped.any():
            project = self._desk.data.loaded.project.extent
            return show_extent(project or Extent(-180.0, -56.0, 180.0, 72.0), width, height)
        return fit_points(layer.world_x[mapped], layer.world_y[mapped], width, height, self.panel.fixed(), FIT_MARGIN)

    def _show_view(self, view: Viewport) -> None:
        """Paint another part of the world, on the way or at the goal."""
        self.picture.moving = self._flight.flying
        self.picture.set_view(view)
        self.panel.arrange(view)
        self._touch()

    def _go(self, view: Viewport, *, fly: bool) -> None:
        """Look at another part of the world because the user asked, and say so."""
        self._free = True
        self.popover.close_list(back=False)
        if fly and self.isVisible():
            self._flight.fly(self.picture.view, view)
        else:
            self._flight.stop()
            self._show_view(view)
        self._desk.state.set(ORIGIN, extent=view.extent())

    def pan(self, dx: float, dy: float) -> None:
        """Drag the map by logical px."""
        self._go(self.picture.view.panned(dx, dy), fly=False)

    def zoom_at(self, factor: float, x: float, y: float) -> None:
        """Closer (factor > 1) or wider, with the place at (x, y) staying there."""
        self._go(self.picture.view.zoomed(factor, x, y), fly=False)

    def _zoom_middle(self, factor: float) -> None:
        self._go(self.viewport.zoomed(factor, self.width() / 2, self.height() / 2), fly=True)

    def _fly_to_pointer(self, pointer: Pointer) -> None:
        layer = self.picture.layer
        x, y = layer.world_x[pointer.rows], layer.world_y[pointer.rows]
        self._go(fit_points(x, y, self.width(), self.height(), self.panel.fixed(), FIT_MARGIN), fly=True)

    # Choosing

    def click(self, x: float, y: float, *, add: bool) -> None:
        """A click at logical px; ``add``: Shift was held."""
        self.picture.focus_row = None
        if self._desk.picker.active:
            lon, lat = self.picture.view.degrees_at(x, y)
            self._desk.picker.pick(round(lon, 5), round(lat, 5))
            return
        row = self.picture.hit(x, y)
        if row is None:
            if not add and self._desk.state.view.selection:
                self._desk.commands.clear_selection()
        elif add:
            self._desk.commands.add_to_selection(self._desk.data.row_ref(row), ORIGIN)
        else:
            self._open(row, keyboard=False)

    def _open(self, row: int, *, keyboard: bool) -> None:
        """Select the event of a mark, or list those of a stack."""
        rows = self.picture.members(row)
        if len(rows) <= 1:
            self._select(row)
            return
        spot = self._spot(row)
        if spot is not None:
            names = {self._place_name(each) for each in rows[:50].tolist()}
            where = f" at {names.pop()}" if len(names) == 1 and "" not in names else " here"
            room = Rect(EDGE, EDGE, self.width() - 2 * EDGE, self.height() - 2 * EDGE)
            self.popover.open_list(count(len(rows), "event") + where, rows.tolist(), *spot, room)

    def select_box(self, box: QRectF) -> None:
        """Select the drawn events in a box of logical px."""
        rows = self.picture.inside(box)
        self._desk.commands.select([self._desk.data.row_ref(row) for row in rows.tolist()], ORIGIN)

    def _select(self, row: int) -> None:
        self._desk.commands.select((self._desk.data.row_ref(row),), ORIGIN)

    def hover(self, x: float, y: float) -> None:
        """The pointer passes over the map."""
        if self._desk.picker.active:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif self.picture.hit(x, y) is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def show_box(self, box: QRectF | None) -> None:
        self._box = box
        self.update()

    def set_dragging(self, dragging: bool) -> None:
        if dragging:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._desk.picker.active:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def _on_list_chosen(self, row: int) -> None:
        self._select(row)

    def _on_list_closed(self, back: bool) -> None:
        if back:
            self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.update()

    # Hearing of changes

    def _on_state(self, names: frozenset[str], origin: str) -> None:
        if "map_style" in names:
            self._restyle()
        if "extent" in names and origin != ORIGIN:
            self._free = False
            self.popover.close_list(back=False)
            goal = self._home(self._desk.state.view.extent)
            if self.isVisible():
                self._flight.fly(self.picture.view, goal)
            else:
                self._show_view(goal)
        if names & _MOMENT:
            self._show_moment()

    def _on_change(self, _change: object) -> None:
        had = bool(self.picture.layer.index.mapped.any())
        self.popover.close_list(back=False)
        self.picture.set_index(self._desk.data.index, self._desk.data.loaded.kinds)
        self._show_moment()
        if self._desk.state.view.extent is None and not had:
            self._show_view(self._home(None))

    def _on_look(self) -> None:
        self._restyle()
        self.panel.arrange(self.picture.view)

    def _on_picking(self, active: bool) -> None:
        self.panel.show_picking(active)
        self.set_dragging(False)
        self._touch()
        if active:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restyle(self) -> None:
        style: Style = "plain" if self._desk.state.view.map_style == "plain" else "atlas"
        self.picture.basemap.set_style(style, dark=self._look.theme.dark)
        self.picture.restyle(self.devicePixelRatioF())
        self._touch()

    def _look_afresh(self) -> None:
        """Where the state says, at the present size."""
        self.panel.arrange(self.picture.view.resized(self.width(), self.height()))
        self._show_view(self._home(self._desk.state.view.extent))
        self._show_moment()

    def _show_moment(self) -> None:
        view, data = self._desk.state.view, self._desk.data
        chosen = np.array(data.selected_rows(), np.intp)
        self.picture.set_moment(data.index.at(view.time_cursor, view.trail), chosen)
        self.panel.show_moment(self.picture.moment)
        if self.popover.isVisible() and not self._still_listed():
            self.popover.close_list(back=True)
        self._touch()

    def _still_listed(self) -> bool:
        ages = self.picture.scene.ages
        return all(row < len(ages) and ages[row] > Age.NONE for row in self.popover.rows)

    def _touch(self) -> None:
        """Something moved: repaint now, place labels and the like when it has come to rest."""
        self._children = None
        self.update()
        if self._settle_timer.isActive() and self._since.elapsed() > PATIENCE_MS:
            self._settle()
        else:
            self._settle_timer.start()

    def _settle(self) -> None:
        self._settle_timer.stop()
        self._since.restart()
        self.panel.show_rest(self.picture)
        callout, row = self._callout()
        self.picture.settle(self.panel.covered(), callout, row)
        self.picture.moving = self._flight.flying
        self.update()
        children_changed(self)

    def _callout(self) -> tuple[Callout | None, int | None]:
        """What the card at the current event says."""
        data = self._desk.data
        row = data.row(self._desk.state.view.current)
        if row is None:
            return None, None
        columns = data.index.columns
        chip = disagreement(int(columns.claims[row])) if columns.disagrees[row] else ""
        chip = chip.replace("two", "2")
        mark = self._list_mark(row)
        return Callout(mark, data.title(row), self._desk.commands.when(row), chip[:1].upper() + chip[1:]), row

    def _list_mark(self, row: int) -> MarkLook:
        return self.picture.looks.mark(row, Age.OLDER)

    def _place_name(self, row: int) -> str:
        place = self._desk.data.loaded.places.get(int(self._desk.data.index.columns.place[row]))
        return place.name if place else ""

    def _spot(self, row: int) -> tuple[float, float] | None:
        """Logical px of the mark on top of which ``row`` is."""
        stacks = self.picture.scene.stacks
        at = np.flatnonzero(stacks.top == row)
        return (float(stacks.x[at[0]]), float(stacks.y[at[0]])) if len(at) else None

    # For assistive technology

    def painted_children(self) -> tuple[PaintedChild, ...]:
        """The events on the map as accessible children, in order of their dates."""
        if self._children is None:
            rows = self.picture.walk()[:MOST_CHILDREN]
            self._children = tuple(self._child(row) for row in rows)
        return self._children

    def _child(self, row: int) -> PaintedChild:
        spot = self._spot(row) or (0.0, 0.0)
        rows: Rows = self.picture.members(row)
        name = event_sentence(self._desk, row)
        if len(rows) > 1:
            name = f"{count(len(rows), 'event')}, on top: {name}"
        half = int(HIT)
        rect = QRect(round(spot[0]) - half, round(spot[1]) - half, 2 * half, 2 * half)
        selected = self.picture.scene.ages[row] == Age.CHOSEN
        return PaintedChild(
            name,
            rect,
            activate=partial(self._open, row, keyboard=True),
            selected=bool(selected),
            focused=row == self.picture.focus_row,
        )

    def _walk(self, step: int) -> bool:
        """Tab: put the keyboard on the next (+1) or previous (-1) event; False when there is none left."""
        stops = self.picture.walk()
        here = self.picture.focus_row
        at = stops.index(here) + step if here in stops else 0 if step > 0 else len(stops) - 1
        if not 0 <= at < len(stops):
            self.picture.focus_row = None
            self.update()
            return False
        self.picture.focus_row = stops[at]
        self._children = None
        if at < MOST_CHILDREN:
            child_focused(self, at)
        self.update()
        return True

    # Qt's calls

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.picture.paint(painter)
        self.panel.paint(painter, self.picture.view)
        if self._box is not None:
            painter.setPen(QPen(self._look.theme.accent, 1))
            painter.setBrush(self._look.theme.color("accent", 0.12))
            painter.drawRect(self._box)
        if self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.theme.accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The map is not shown again: the basemap's threads end."""
        self._flight.stop()
        self._settle_timer.stop()
        self.picture.basemap.ready.disconnect(self.update)
        self.picture.basemap.close()
        super().closeEvent(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._flight.stop()
        self.popover.close_list(back=False)
        if self._free:
            self._show_view(self.picture.view.resized(self.width(), self.height()))
        else:
            self._look_afresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._flight.stop()
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        left = event.button() is Qt.MouseButton.LeftButton
        if left and not self._desk.picker.active and self.picture.hit(at.x(), at.y()) is None:
            self._go(self.viewport.zoomed(2.0, at.x(), at.y()), fly=True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned and not self._mouse.busy:
            at = event.position()
            self.zoom_at(2.0 ** (turned / WHEEL_STEP), at.x(), at.y())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = QPoint(self.width() // 2, self.height() // 2)
        lon, lat = self.picture.view.degrees_at(at.x(), at.y())
        text = f"{lat:.5f}, {lon:.5f}"
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(f"Copy coordinates  {text}", lambda: QGuiApplication.clipboard().setText(text))
        menu.popup(self.mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and key in _ARROWS:
            dx, dy = _ARROWS[Qt.Key(key)]
            times = 3.0 if modifiers else 1.0
            self._go(self.viewport.panned(dx * times, dy * times), fly=True)
        elif plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom_middle(ZOOM_STEP)
        elif plain and key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._zoom_middle(1 / ZOOM_STEP)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.picture.focus_row is not None:
            self._open(self.picture.focus_row, keyboard=True)
        elif key == Qt.Key.Key_Escape and self._leave():
            event.accept()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> bool:
        """Esc: drop a drag, a request for a point, or the keyboard's place; False when there is nothing to leave."""
        if self._mouse.give_up():
            return True
        if self._desk.picker.active:
            self._desk.picker.cancel()
            return True
        if self.picture.focus_row is not None:
            self.picture.focus_row = None
            self._touch()
            return True
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        if self._walk(1 if forward else -1):
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() in _KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring = False
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.picture.focus_row = None
            self._children = None
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            at = event.position()
            self.zoom_at(max(1.0 + event.value(), 0.1), at.x(), at.y())
            return True
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        at = QPointF(event.pos())
        row = self.picture.hit(at.x(), at.y())
        if row is None:
            QToolTip.hideText()
            return
        data = self._desk.data
        text = f"{data.title(row)}\n{self._desk.commands.when(row)}"
        more = len(self.picture.members(row)) - 1
        if more:
            text += f"\nand {count(more, 'other event')} here"
        QToolTip.showText(event.globalPos(), text, self)


def _close(basemap: Basemap) -> None:
    basemap.close()

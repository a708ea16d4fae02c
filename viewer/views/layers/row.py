"""One layer in the list: an eye, its colour, its name, and what else is to be known of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db import timewords
from db.queries import LayerRow
from viewer.look.sizes import gap, margins
from viewer.look.theme import RADIUS_CHIP, ThemeManager
from viewer.models.layer_colors import layer_color
from viewer.models.wording import count
from viewer.widgets.buttons import IconButton
from viewer.widgets.text import ElidedLabel, restyle

_SWATCH: Final = 14


class LayerLine(QWidget):
    """A row of the list. Keys: Space hides or shows, Enter sets, Alt with an arrow moves, Del removes.

    Signals:
        eye_clicked(), settings_wanted(), removal_wanted(), menu_wanted(), flight_wanted(): what the user wants.
        moved(int): one up (+1) or down (-1). stepped(int): the focus wants to go to the row above (+1) or below (-1).
        dragged(float), dropped(float): the row is held at a height of its parent (px).
    """

    eye_clicked = Signal()
    settings_wanted = Signal()
    removal_wanted = Signal()
    menu_wanted = Signal()
    flight_wanted = Signal()
    moved = Signal(int)
    stepped = Signal(int)
    dragged = Signal(float)
    dropped = Signal(float)

    def __init__(self, look: ThemeManager, row: LayerRow, *, on_now: bool) -> None:
        super().__init__()
        self._press: QPointF | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", float(RADIUS_CHIP))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.eye = IconButton(look, "eye", "Hide")
        self.more = IconButton(look, "ellipsis", "More about this layer")
        for button in (self.eye, self.more):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the row has keys for what they do
        self.swatch = Swatch(look)
        self.name = ElidedLabel("", "body_medium", "text")
        self.note = ElidedLabel("", "meta", "text3")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.note)
        line = QHBoxLayout(self)
        margins(line, 2, 3, 2, 3)
        gap(line, 6)
        line.addWidget(self.eye)
        line.addWidget(self.swatch)
        line.addLayout(words, 1)
        line.addWidget(self.more)
        self.eye.clicked.connect(lambda _checked=False: self.eye_clicked.emit())
        self.more.clicked.connect(lambda _checked=False: self.menu_wanted.emit())
        self.show_row(row, on_now=on_now)

    def show_row(self, row: LayerRow, *, on_now: bool) -> None:
        """Show what is known of a layer; ``on_now``: whether it is on at the time cursor, apart from its eye."""
        self.row = row
        self.name.setText(row.name)
        restyle(self.name, tone="text" if row.visible and on_now and not row.missing else "text3")
        self.note.setText(note_of(row, on_now=on_now))
        restyle(self.note, tone="warn" if row.missing else "text3")
        self.eye.set_icon("eye" if row.visible else "eye-off")
        self.eye.set_text(f"Hide {row.name}" if row.visible else f"Show {row.name}")
        self.swatch.show_row(row)
        hidden = "" if row.visible else ", hidden"
        self.setAccessibleName(f"Layer {row.name}{hidden}, {self.note.text()}")
        self.setAccessibleDescription("Space hides or shows, Enter sets, Alt and an arrow moves, Delete removes")
        path = f"\n{row.file}" if row.file is not None else ""
        self.setToolTip(f"{row.name}\n{self.note.text()}{path}")

    # Qt's calls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(key), 0)
        if step:
            (self.moved if event.modifiers() & Qt.KeyboardModifier.AltModifier else self.stepped).emit(step)
        elif key == Qt.Key.Key_Space:
            self.eye_clicked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settings_wanted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_wanted.emit()
        elif key == Qt.Key.Key_Menu:
            self.menu_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._press = event.position()
        elif event.button() is Qt.MouseButton.RightButton:
            self.menu_wanted.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        far = (event.position() - self._press).manhattanLength() >= QApplication.startDragDistance()
        if far or self._dragging:
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(float(self.mapToParent(event.position()).y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging, self._dragging, self._press = self._dragging, False, None
        self.unsetCursor()
        if dragging:
            self.dropped.emit(float(self.mapToParent(event.position()).y()))

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.flight_wanted.emit()


def note_of(row: LayerRow, *, on_now: bool) -> str:
    """What a layer is, how much of it there is, and when it shows."""
    if row.missing:
        return f"File not found: {row.file_name}"
    parts = []
    if row.begins or row.ends:
        begins, ends = (timewords.show_text(each) if each else "" for each in (row.begins, row.ends))
        parts.append(f"{begins} to {ends}" if begins and ends else f"From {begins}" if begins else f"To {ends}")
        if not on_now:
            parts.append("not now")
    parts.append("Picture" if row.is_raster else count(row.features, "feature"))
    if row.by_feature:
        parts.append("by their times")
    return " · ".join(parts)


class Swatch(QWidget):
    """The look of a layer in small: its fill within its line; a picture as a chequered square."""

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self._look = look
        self._row: LayerRow | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def show_row(self, row: LayerRow) -> None:
        """Show the look of a layer."""
        self._row = row
        self.update()

    def sizeHint(self) -> QSize:
        side = self._look.theme.px(_SWATCH)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._row is None:
            return
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self._row.visible else 0.45)
            box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            if self._row.is_raster:
                half = box.width() / 2
                painter.fillRect(QRectF(box.left(), box.top(), half, half), theme.text3)
                painter.fillRect(QRectF(box.left() + half, box.top() + half, half, half), theme.text3)
                painter.setPen(QPen(theme.text3, 1))
                painter.drawRect(box)
                return
            style = self._row.style
            color = layer_color(style.color, dark=theme.dark)
            fill = QColor(color)
            fill.setAlphaF(style.fill)
            painter.setBrush(fill)
            painter.setPen(QPen(color, min(style.width, 3.0)) if style.width else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, 3, 3)

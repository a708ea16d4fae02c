"""The list of the map's layers, the topmost first: shown or hidden, moved, set, removed, flown to."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from db.queries import LayerRow
from viewer.core.desk import Desk
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.views.layers.row import LayerLine
from viewer.widgets.buttons import Button, Menu
from viewer.widgets.states import EmptyState
from viewer.widgets.text import announce

EMPTY: Final = (
    "No layers yet. Put borders, routes, front lines or old maps below the events: GeoJSON, GeoPackage, shapefile, "
    "MBTiles or GeoTIFF. A file can also be dropped on the map."
)


class LayersView(QWidget):
    """Writes through the commands; hears of changes from the data and of time from the state.

    Signals:
        add_wanted(): a file is to be chosen. settings_wanted(LayerRow), file_wanted(LayerRow): a layer is to be set,
            or the file of a picture to be found.
    """

    add_wanted = Signal()
    settings_wanted = Signal(object)
    file_wanted = Signal(object)

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        super().__init__()
        self._desk, self._look = desk, look
        self.lines: list[LayerLine] = []
        self._list = _Lines(look)
        self.add_button = Button(look, "Add a layer…", "quiet", icon="plus")
        first = Button(look, "Add a layer…", "primary")
        for button in (self.add_button, first):
            button.setEnabled(not desk.data.store.read_only)
            button.clicked.connect(lambda _checked=False: self.add_wanted.emit())
        self.empty = EmptyState(look, "layers", EMPTY, (first,))
        content = QWidget()
        column = QVBoxLayout(content)
        margins(column, 10, 8, 8, 14)
        gap(column, 8)
        column.addWidget(self._list)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        desk.data.changed.connect(self._on_change)
        desk.state.changed.connect(self._on_state)
        self._show()

    # What is shown

    def _show(self) -> None:
        """A line for each layer; lines that stay keep the focus."""
        rows = list(reversed(self._desk.data.loaded.layers))
        self._stack.setCurrentIndex(1 if rows else 0)
        kept = {line.row.id: line for line in self.lines}
        focused = next((at for at, line in enumerate(self.lines) if line.hasFocus()), None)
        for row_id in kept.keys() - {row.id for row in rows}:
            kept.pop(row_id).deleteLater()
        self.lines = [kept.get(row.id) or self._line(row) for row in rows]
        self._list.put(self.lines)
        self._show_rows(rows)
        if focused is not None and self.lines and not any(line.hasFocus() for line in self.lines):
            # Another line takes the place of one that was removed, once the layout knows of it.
            line = self.lines[min(focused, len(self.lines) - 1)]
            soon = QTimer(line, singleShot=True, interval=0)
            soon.timeout.connect(line.setFocus)
            soon.start()

    def _show_rows(self, rows: list[LayerRow]) -> None:
        cursor = self._desk.state.view.time_cursor
        for line, row in zip(self.lines, rows, strict=True):
            line.show_row(row, on_now=row.first <= cursor <= row.last)

    def _line(self, row: LayerRow) -> LayerLine:
        line = LayerLine(self._look, row, on_now=True)
        line.eye_clicked.connect(partial(self._toggle, line))
        line.settings_wanted.connect(lambda: self.settings_wanted.emit(line.row))
        line.removal_wanted.connect(lambda: self._desk.commands.layers.remove(line.row))
        line.flight_wanted.connect(lambda: self._desk.commands.layers.fly_to(line.row))
        line.menu_wanted.connect(partial(self._open_menu, line))
        line.moved.connect(partial(self._move, line))
        line.stepped.connect(partial(self._step, line))
        line.dragged.connect(self._list.mark)
        line.dropped.connect(partial(self._drop, line))
        return line

    # What is done

    def _toggle(self, line: LayerLine) -> None:
        self._desk.commands.layers.show(line.row, not line.row.visible)

    def _move(self, line: LayerLine, step: int) -> None:
        self._desk.commands.layers.move(line.row, step)
        announce(self, f"{line.row.name} moved {'up' if step > 0 else 'down'}")

    def _step(self, line: LayerLine, step: int) -> None:
        at = self.lines.index(line) - step
        if 0 <= at < len(self.lines):
            self.lines[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _drop(self, line: LayerLine, y: float) -> None:
        self._list.mark(None)
        before = self._list.gap_at(y)
        ids = [each.row.id for each in self.lines]
        at = self.lines.index(line)
        ids.insert(before - (at < before), ids.pop(at))
        self._desk.commands.layers.order(ids[::-1], line.row.name)

    def menu(self, line: LayerLine) -> Menu:
        """What can be done with a layer."""
        row, layers = line.row, self._desk.commands.layers
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Style and times…\tEnter", lambda: self.settings_wanted.emit(row))
        menu.addAction("Fly to it", partial(layers.fly_to, row))
        if row.is_raster:
            menu.addAction("Find its file…", lambda: self.file_wanted.emit(row))
        menu.addSeparator()
        at = self.lines.index(line)
        menu.addAction("Move up\tAlt+Up", partial(layers.move, row, 1)).setEnabled(at > 0)
        menu.addAction("Move down\tAlt+Down", partial(layers.move, row, -1)).setEnabled(at < len(self.lines) - 1)
        menu.addSeparator()
        menu.addAction("Remove\tDel", partial(layers.remove, row))
        return menu

    def _open_menu(self, line: LayerLine) -> None:
        self.menu(line).popup(line.more.mapToGlobal(QPoint(0, line.more.height())))

    # What is heard

    def _on_change(self, _change: object) -> None:
        self._show()

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "time_cursor" in names and any(line.row.begins or line.row.ends for line in self.lines):
            self._show_rows([line.row for line in self.lines])


class _Lines(QWidget):
    """The lines one below the other, with a mark where a dragged one would go."""

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self._look = look
        self._at: int | None = None
        self._lines: list[LayerLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def put(self, lines: list[LayerLine]) -> None:
        """Show these lines, in this order."""
        self._lines = lines
        for at, line in enumerate(lines):
            self._column.insertWidget(at, line)
        for before, after in itertools.pairwise(lines):
            QWidget.setTabOrder(before, after)

    def gap_at(self, y: float) -> int:
        """Before which line something that is dropped at a height (px) would go."""
        return sum(line.geometry().center().y() < y for line in self._lines)

    def mark(self, y: float | None) -> None:
        """Show where something that is held at a height would go; None to show nothing."""
        at = None if y is None else self.gap_at(y)
        if at != self._at:
            self._at = at
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._at is None or not self._lines:
            return
        edge = self._lines[self._at].y() if self._at < len(self._lines) else self._lines[-1].geometry().bottom()
        with QPainter(self) as painter:
            painter.setPen(QPen(self._look.theme.accent, 2))
            painter.drawLine(0, max(edge, 1), self.width(), max(edge, 1))

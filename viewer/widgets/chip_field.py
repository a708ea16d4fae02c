"""A row of removable chips with a way to add one: for names that a thing has several of, such as tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from viewer.look.sizes import fix
from viewer.look.theme import ThemeManager
from viewer.look.tokens import TARGET
from viewer.widgets.chips import Chip
from viewer.widgets.field import Field, completer
from viewer.widgets.flow_layout import FlowLayout
from viewer.widgets.text import AT_LEFT, each_its_way

MOST: Final = 6
"""More chips wait behind one that says how many."""
LONGEST_WORDS: Final = 210
FIELD_WIDTH: Final = 220
HEIGHT: Final = 24
CROSS: Final = 20
DOT: Final = 13
_AHEAD: Final = 9


@dataclass(frozen=True, slots=True)
class ChipItem:
    """What a chip says: a name, a paler ``note`` after it, and a dot in a colour of its own (light, dark), if any."""

    key: str
    text: str
    note: str = ""
    colors: tuple[str, str] | None = None


class NameChip(QAbstractButton):
    """One name. A click takes the focus; its cross, Delete or Backspace asks to take it away.

    Signals:
        removed(): it is to be taken away.
        stepped(int): Left (-1) or Right (+1) was pressed.
    """

    removed = Signal()
    stepped = Signal(int)

    def __init__(self, look: ThemeManager, item: ChipItem, noun: str, *, removable: bool) -> None:
        super().__init__()
        self._look, self.item, self._removable = look, item, removable
        self._over_cross = False
        keys = " (Delete removes it)" if removable else ""
        words = f"{item.text}, {item.note}" if item.note else item.text
        self.setAccessibleName(f"{noun[:1].upper()}{noun[1:]} {words}")
        self.setAccessibleDescription(f"Delete removes this {noun}" if removable else "")
        self.setToolTip(f"{words}{keys}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", 12.0)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.changed.connect(self._on_look)

    def _on_look(self) -> None:
        self.updateGeometry()
        self.update()

    def cross(self) -> QRect:
        """Where the cross is, empty where there is none."""
        px = self._look.theme.px
        return QRect(self.width() - px(CROSS), 0, px(CROSS), self.height()) if self._removable else QRect()

    def _widths(self) -> tuple[int, int]:
        """Of the name and of the note with the space before it."""
        theme = self._look.theme
        name = QFontMetrics(theme.font("label")).horizontalAdvance(self.item.text)
        note = QFontMetrics(theme.font("meta")).horizontalAdvance(self.item.note) + 2 + theme.px(6)
        return min(name + 2, theme.px(LONGEST_WORDS)), note if self.item.note else 0

    def sizeHint(self) -> QSize:
        px = self._look.theme.px
        ends = px(_AHEAD) + (px(CROSS) if self._removable else px(_AHEAD)) + (px(DOT) if self.item.colors else 0)
        return QSize(sum(self._widths()) + ends + 1, px(TARGET))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(60), self._look.theme.px(TARGET))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        px = theme.px
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.border2, 1))
            painter.setBrush(theme.hover if self.underMouse() else theme.surface2)
            high = px(HEIGHT)
            rect = QRectF(0.5, (self.height() - high) / 2 + 0.5, self.width() - 1, high - 1)
            painter.drawRoundedRect(rect, high / 2, high / 2)
            left = px(_AHEAD)
            if self.item.colors is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(self.item.colors[theme.dark]))
                painter.drawEllipse(QPointF(left + px(4), rect.center().y()), px(4), px(4))
                left += px(DOT)
            each_its_way(painter)
            end = self.width() - (px(CROSS) if self._removable else px(_AHEAD))
            name, note = self._widths()
            name = max(min(name, end - left - note), px(20))
            for text, role, ink, width in (
                (self.item.text, "label", theme.text, name),
                (self.item.note, "meta", theme.text3, end - left - name - px(6)),
            ):
                painter.setFont(theme.font(role))
                painter.setPen(ink)
                shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0))
                painter.drawText(
                    QRect(left, 0, width + 1, self.height()), AT_LEFT | Qt.AlignmentFlag.AlignVCenter, shown
                )
                left += name + px(6)
            if self._removable:
                role = "text" if self._over_cross else "text3"
                pixmap = self._look.pixmap("x", role, 12, self)
                side = pixmap.width() / pixmap.devicePixelRatio()
                middle = QRectF(self.cross()).center() - QPointF(px(1), 0)
                painter.drawPixmap(middle - QPointF(side / 2, side / 2), pixmap)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.cross().contains(event.position().toPoint())
        if over != self._over_cross:
            self._over_cross = over
            self.update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._over_cross = False
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.cross().contains(event.position().toPoint()):
            self.removed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)


class _Line(Field):
    """Where a new name is typed.

    Signals:
        left(): Escape, or the focus has gone elsewhere.
    """

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = self.completer()
        popup = names.popup() if names is not None else None
        if event.key() == Qt.Key.Key_Escape and not (popup is not None and popup.isVisible()):
            self.left.emit()
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()  # it goes no further: the name has been added

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()


class ChipField(QWidget):
    """Names as chips in rows, and a button that becomes a line to type another in; Enter adds it, Escape leaves.

    Signals:
        added(str): a name was typed or chosen.
        removed(str): the chip with this key is to go.
        asked(): a name is about to be typed; ``offer`` then gives the names to choose from.
    """

    added = Signal(str)
    removed = Signal(str)
    asked = Signal()

    def __init__(self, look: ThemeManager, noun: str) -> None:
        """``noun`` is what a chip stands for: ``tag``."""
        super().__init__()
        self._look, self._noun = look, noun
        self._items: tuple[ChipItem, ...] = ()
        self._writable = False
        self._unfolded = False
        self.chips: list[NameChip] = []
        self.add = Chip(look, noun, icon="plus", tip=f"Add {'an' if noun[0] in 'aeiou' else 'a'} {noun}")
        self.add.setAccessibleName(self.add.toolTip())
        self.more = Chip(look, "", tip="Show the others too")
        self.line = _Line()
        self.line.setAccessibleName(self.add.toolTip())
        fix(self.line, width=FIELD_WIDTH)
        for part in (self.add, self.more, self.line):
            part.setParent(self)  # not only when there is something to show: else nobody frees them
            part.hide()
        self._flow = FlowLayout(self, gap=5, tight=True)
        self.add.clicked.connect(lambda _checked=False: self.begin())
        self.more.clicked.connect(lambda _checked=False: self._unfold())
        self.line.returnPressed.connect(self._on_entered)
        self.line.left.connect(self._on_left)
        # Qt puts the chosen words into the line after it has said that they are chosen.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._on_entered)
        self.setAccessibleName(f"{noun[:1].upper()}{noun[1:]}s")

    def show_chips(self, items: Sequence[ChipItem], *, writable: bool, afresh: bool = False) -> None:
        """Show these. ``afresh``: of another thing than before, so that what is being typed is let go."""
        if afresh:
            self._unfolded = False
            self._close()
        if (tuple(items), writable) == (self._items, self._writable) and self._flow.count() and not afresh:
            return
        focused = next((at for at, chip in enumerate(self.chips) if chip.hasFocus()), None)
        self._items, self._writable = tuple(items), writable
        self._fill()
        if not self.line.isHidden():
            self.asked.emit()  # with what has come by now
        if focused is not None:
            last: list[QWidget] = [*self.chips, self.add] if writable else [*self.chips]
            if last:
                last[min(focused, len(last) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to see in it, nor to do."""
        return not self._items and not self._writable

    def begin(self) -> None:
        """Open the line to type a name in."""
        if self._writable:
            self.line.setPlaceholderText("")
            self.line.clear()
            self.line.show()
            self.add.hide()
            self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.asked.emit()

    def offer(self, names: Sequence[str], hint: str) -> None:
        """Complete what is typed from ``names``; the empty line says ``hint``."""
        self.line.setPlaceholderText(hint)
        self.line.setToolTip(hint)
        made = completer(names, self.line)
        made.activated.connect(lambda _text: self._soon.start())
        self.line.setCompleter(made)

    def _fill(self) -> None:
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        while self._flow.takeAt(0) is not None:
            pass
        few = self._unfolded or len(self._items) <= MOST + 1
        self.chips = [
            NameChip(self._look, item, self._noun, removable=self._writable)
            for item in (self._items if few else self._items[:MOST])
        ]
        for at, chip in enumerate(self.chips):
            chip.removed.connect(lambda key=chip.item.key: self.removed.emit(key))
            chip.stepped.connect(lambda step, at=at: self._step(at + step))
            self._flow.addWidget(chip)
            chip.show()  # at once, so that it can take the focus of the one before it
        self.add.setText("" if self._items else self._noun)
        self.add.updateGeometry()
        self.more.set_text(f"{len(self._items) - MOST:,} more")
        for part in (self.more, self.add, self.line):
            self._flow.addWidget(part)
        self.more.setVisible(not few)
        self.add.setVisible(self._writable and self.line.isHidden())
        parts: list[QWidget] = [*self.chips, self.more, self.add, self.line]
        for before, after in pairwise(parts):
            QWidget.setTabOrder(before, after)
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete pressed once more than there are chips must not reach whatever else it means."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            for button in (self.add, self.more):
                if button.hasFocus():
                    button.click()
        elif event.key() not in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            super().keyPressEvent(event)

    def _step(self, to: int) -> None:
        stops: list[QWidget] = [each for each in (*self.chips, self.more, self.add) if not each.isHidden()]
        if 0 <= to < len(stops):
            stops[to].setFocus(Qt.FocusReason.TabFocusReason)

    def _unfold(self) -> None:
        self._unfolded = True
        self._fill()
        self.chips[MOST].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_entered(self) -> None:
        text = " ".join(self.line.text().split())
        if text:
            self.line.clear()
            self.added.emit(text)
        elif self.line.hasFocus():
            self._on_left()

    def _on_left(self) -> None:
        had = self.line.hasFocus()
        self._close()
        if had:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self._soon.stop()
        self.line.hide()
        self.line.clear()
        self.add.setVisible(self._writable)

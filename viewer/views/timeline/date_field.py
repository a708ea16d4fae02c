"""The date of the playhead, to be read and typed over: any year, and words such as ``late aug 2016`` or ``+3w``."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from db.errors import InputFault
from db.timewords import show_instant
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.widgets.text import announce, restyle, with_keys

WIDTH = 128


class DateField(QLineEdit):
    """Shows the cursor's date; Enter goes to what was typed, Esc restores it.

    What cannot be understood stays as typed, with the reason beneath it.
    """

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        super().__init__()
        self._desk, self._look = desk, look
        self._came_from: QWidget | None = None
        self._typing = False
        self._reason = _Reason(look)
        self.setAccessibleName("Date of the playhead")
        self.setPlaceholderText("No dates yet")
        desk.keymap.bind("date", self._tell_key)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus | Qt.FocusPolicy.TabFocus)
        self.textEdited.connect(self._on_edited)
        self.returnPressed.connect(self._on_return)
        look.changed.connect(self._on_look)
        self._on_look()
        self.show_cursor()

    def _tell_key(self, key: str) -> None:
        self.setToolTip(f"{with_keys('Type a date', key)}, such as 28 nov 2016, late aug 2016 or +3w")

    def show_cursor(self) -> None:
        """Show the date of the cursor, unless one is being typed; none where no event has one."""
        if not self._typing:
            dated = self._desk.data.has_dates
            text = show_instant(self._desk.state.view.time_cursor) if dated else ""
            if text != self.text():
                self.setText(text)

    def edit(self) -> None:
        """Take the keyboard, everything selected."""
        window = self.window()
        self._came_from = window.focusWidget() if window is not None else None
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @property
    def fault(self) -> str:
        """Why what was typed is no date; empty while there is nothing wrong."""
        return self._reason.text() if self.property("invalid") else ""

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        text = QFontMetrics(theme.font("body_medium")).horizontalAdvance("28 Nov 20160")
        return QSize(max(theme.px(WIDTH), text + theme.px(40)), theme.px(32))

    def _on_look(self) -> None:
        self.setFont(self._look.theme.font("body_medium"))
        self.setTextMargins(0, 0, self._look.theme.px(20), 0)
        self.setFixedWidth(self.sizeHint().width())

    def _on_edited(self) -> None:
        self._typing = True
        self._accuse("")

    def _on_return(self) -> None:
        try:
            self._desk.commands.type_date(self.text())
        except InputFault as fault:
            self._accuse(str(fault))
            announce(self, str(fault))
            return
        self._leave()

    def _leave(self) -> None:
        self._typing = False
        self._accuse("")
        self.show_cursor()
        self.deselect()
        back, self._came_from = self._came_from, None
        if back is not None and back is not self and back.isVisible():
            back.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def _accuse(self, reason: str) -> None:
        restyle(self, invalid="true" if reason else None)
        self._reason.say(reason, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._desk.playback.stop()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._typing = False
            self._accuse("")
            self.show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self._typing and not self.hasSelectedText():
            self.selectAll()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        icon = self._look.pixmap("calendar", "text3", 15, self)
        side = icon.width() / icon.devicePixelRatio()
        with QPainter(self) as painter:
            left = self.width() - side - self._look.theme.px(9)
            painter.drawPixmap(QPointF(round(left), round((self.height() - side) / 2)), icon)


class _Reason(QLabel):
    """A sentence beneath the field, over what lies there."""

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self._look = look
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "note")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, text: str, field: QWidget) -> None:
        """Show a sentence at ``field``, or nothing for the empty text."""
        self.setText(text)
        if not text:
            self.hide()
            return
        window = field.window()
        theme = self._look.theme
        self.setParent(window)
        self.setStyleSheet(
            f"background: {theme.warn_soft.name()}; color: {theme.warn.name()}; "
            f"border: 1px solid {theme.warn_line.name()}; border-radius: {theme.px(7)}px; "
            f"padding: {theme.px(5)}px {theme.px(9)}px;"
        )
        self.setWordWrap(False)
        self.adjustSize()
        at = field.mapTo(window, field.rect().bottomLeft())
        room = window.width() - theme.px(12)
        if self.width() > room:
            self.setWordWrap(True)
            self.setFixedWidth(room)
            self.adjustSize()
        left = min(at.x(), max(room - self.width(), 0))
        self.move(left, at.y() + theme.px(5))
        self.show()
        self.raise_()

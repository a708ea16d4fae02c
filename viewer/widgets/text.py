"""Labels: type and colour by role, text cut to fit, key caps, hairlines. Also what a screen reader is told."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


def label(text: str = "", role: str = "body", tone: str = "text", *, wrap: bool = False) -> QLabel:
    """A label of a type role (keys of tokens.TYPE) in a colour role; plain text, never HTML."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


AT_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
"""At the left edge, whatever way the text runs."""


def each_its_way(painter: QPainter) -> None:
    """Let each text that is painted run as its own letters do, so that an Arabic full stop stands at its end."""
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties that the style sheet looks at, and have it look again where one is new."""
    stale = [name for name, value in properties.items() if widget.property(name) != value]
    for name in stale:
        widget.setProperty(name, properties[name])
    if stale:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def hairline(*, vertical: bool = False) -> QFrame:
    """A line of one pixel between parts of a panel."""
    line = QFrame()
    line.setProperty("line", "vertical" if vertical else "true")
    return line


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say ``text`` at the next pause. Silent where none listens."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def key_text(keys: str) -> str:
    """A key sequence in Qt's portable text as the system writes it, e.g. ``Ctrl+Z`` or ``⌘Z``."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def with_keys(text: str, keys: str) -> str:
    """The tooltip of something that keys can do as well: ``Undo (Ctrl+Z)``."""
    return f"{text} ({key_text(keys)})" if keys else text


class ElidedLabel(QLabel):
    """One line of text, cut with an ellipsis where it does not fit; then the tooltip has all of it."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "text",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(text)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def shown_text(self) -> str:
        """What is to be read on the screen, ellipsis and all."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

    def _update_tip(self) -> None:
        tip = self.text() if self.shown_text() != self.text() else ""
        if tip != self.toolTip():
            self.setToolTip(tip)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 3, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._update_tip()
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            each_its_way(painter)
            flags = int(self.alignment() | Qt.AlignmentFlag.AlignAbsolute) | Qt.TextFlag.TextSingleLine
            painter.drawText(self.contentsRect(), flags, self.shown_text())


class KeyCap(QLabel):
    """A key as on a keyboard, e.g. ``Space``: given in Qt's portable text, shown as the system writes it."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_keys(keys)

    def set_keys(self, keys: str) -> None:
        """Show other keys."""
        self.setText(key_text(keys) or keys)
        self.setAccessibleName(f"Key {self.text()}")

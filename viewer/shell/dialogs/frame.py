"""What all dialogs have in common: their content from edge to edge, their buttons at the foot, always to be seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.look.sizes import gap, margins, scaled
from viewer.look.theme import ThemeManager
from viewer.shell.room import FRAME, put_in_room, room_of
from viewer.widgets.buttons import Button

_LEAST_LIST: Final = 120
"""The last part of a dialog scrolls by itself while it is as high as this, px at scale 1; below all scrolls as one."""


def fill(dialog: QDialog, *parts: QWidget, buttons: tuple[QWidget, ...], said: QWidget | None = None) -> None:
    """Lay out a dialog: the parts from the top, the last of them taking the room that is left, buttons at the right.

    ``said`` stands above the buttons. These are always to be seen: the parts scroll where the screen has no room.
    """
    foot = _Foot(dialog, buttons, said)
    layout = _Filled(dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(_Body(dialog, parts, foot), 1)
    layout.addWidget(foot)


def scrolled(content: QWidget) -> QScrollArea:
    """A part that is scrolled where it is higher than the dialog."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setWidget(content)
    return scroll


def fit(dialog: QDialog, width: int) -> None:
    """Make a dialog that is filled as high as its parts are in a width, px, within its room."""
    for body in dialog.findChildren(_Body):
        dialog.setMinimumSize(0, 0)
        dialog.resize(width, body.needed(width) + body.foot.needed(width))
        put_in_room(dialog)


class _Filled(QVBoxLayout):
    """Asks for what its parts need, but for no more than the screen has: the highest of them gives way."""

    def __init__(self, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def minimumSize(self) -> QSize:
        return super().minimumSize().boundedTo(room_of(self._dialog).marginsRemoved(FRAME).size())


class _Foot(QWidget):
    """The buttons, and above them what there is to say."""

    def __init__(self, dialog: QDialog, buttons: tuple[QWidget, ...], said: QWidget | None) -> None:
        super().__init__()
        self._dialog = dialog
        self._column = QVBoxLayout(self)
        margins(self._column, 20, 10, 20, 14)
        gap(self._column, 8)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        if said is not None:
            self._column.addWidget(said)
        self._column.addLayout(row)

    def needed(self, width: int) -> int:
        """Its height in a width, px."""
        high = self._column.minimumSize().height()
        return max(high, self._column.minimumHeightForWidth(width)) if self._column.hasHeightForWidth() else high

    def minimumSizeHint(self) -> QSize:
        return QSize(self._column.minimumSize().width(), self.needed(self._dialog.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() > event.oldSize().height():
            _put_when_grown(self, self._dialog)


class _Body(QScrollArea):
    """The parts one below another, scrolled where they have less than the height that they need."""

    def __init__(self, dialog: QDialog, parts: tuple[QWidget, ...], foot: _Foot) -> None:
        super().__init__()
        self.foot = foot
        self._dialog = dialog
        self._asked = 0
        content = QWidget()
        content.setProperty("panel", "surface")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for part in parts:
            self._column.addWidget(part, 1 if part is parts[-1] else 0)
        last = parts[-1]
        self._list = last if isinstance(last, QScrollArea) else None
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)

    def needed(self, width: int) -> int:
        """The height of the parts in a width, px, the last being no higher than it must be."""
        column = self._column
        high = column.minimumHeightForWidth(width) if column.hasHeightForWidth() else column.minimumSize().height()
        if self._list is not None and not self._list.isHidden():
            high += self._least_of_list() - self._list.minimumHeight()
        return high

    def _least_of_list(self) -> int:
        content = None if self._list is None else self._list.widget()
        return scaled(_LEAST_LIST) if content is None else min(scaled(_LEAST_LIST), _height(content, self.width()))

    def minimumSizeHint(self) -> QSize:
        wide = self._column.minimumSize().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(wide, self.needed(max(self._dialog.width(), wide)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._on_focus(None, QApplication.focusWidget())

    def viewportEvent(self, event: QEvent) -> bool:
        done = super().viewportEvent(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return done

    def _arrange(self) -> None:
        """Ask for the height that is needed now, and let the last part scroll by itself only where it has the room."""
        if self._list is not None:
            least = self._least_of_list()
            content = self._list.widget()
            if content is not None and self.needed(self.width()) > self.height():
                least = _height(content, self.width())
            if least != self._list.minimumHeight():
                self._list.setMinimumHeight(least)
        asked = self.minimumSizeHint().height()
        if asked == self._asked:
            return
        if asked > max(self._asked, self.height()):
            _put_when_grown(self, self._dialog)
        self._asked = asked
        self.updateGeometry()

    @Slot(QWidget, QWidget)
    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        content = self.widget()
        if now is not None and content is not None and content.isAncestorOf(now):
            self.ensureWidgetVisible(now)


def _put_when_grown(part: QWidget, dialog: QDialog) -> None:
    """A dialog that is shown grows with its parts: then its foot may have left the screen."""
    if dialog.isVisible():
        QTimer.singleShot(0, part, lambda: put_in_room(dialog))


def _height(content: QWidget, width: int) -> int:
    """What a widget needs in a width, px."""
    layout = content.layout()
    least = max(content.minimumSizeHint().height(), 0)
    return max(least, layout.minimumHeightForWidth(width)) if layout and layout.hasHeightForWidth() else least


def open_size(dialog: QDialog, look: ThemeManager, width: int, height: int) -> None:
    """Give a dialog its size, in px at scale 1, but none that the screen has no room for."""
    room = room_of(dialog).marginsRemoved(FRAME).size()
    dialog.resize(QSize(look.theme.px(width), look.theme.px(height)).boundedTo(room))


class Page(QDialog):
    """A dialog that is only read, with one button to close it."""

    def __init__(self, look: ThemeManager, title: str, size: tuple[int, int], parent: QWidget) -> None:
        """``size`` in logical pixels at scale 1."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, look, *size)
        self.close_button = Button(look, "Close", "primary")
        self.close_button.clicked.connect(self.accept)

    def show_part(self, part: QWidget) -> None:
        """What there is to read."""
        fill(self, part, buttons=(self.close_button,))

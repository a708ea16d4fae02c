"""What all dialogs have in common: their content from edge to edge, their buttons at the foot."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.look.sizes import margins
from viewer.look.theme import ThemeManager
from viewer.shell.room import FRAME, room_of
from viewer.widgets.buttons import Button


def fill(dialog: QDialog, *parts: QWidget, buttons: tuple[QWidget, ...]) -> None:
    """Lay out a dialog: the parts from the top, the last of them taking the room that is left, buttons at the right."""
    foot = QHBoxLayout()
    margins(foot, 20, 10, 20, 14)
    foot.addStretch(1)
    for button in buttons:
        foot.addWidget(button)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        layout.addWidget(part, 1 if part is parts[-1] else 0)
    layout.addLayout(foot)


def scrolled(content: QWidget) -> QScrollArea:
    """A part that is scrolled where it is higher than the dialog."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setWidget(content)
    return scroll


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

"""Keeps windows and dialogs, title bars included, within the part of the screen that is free for them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QMargins, QObject, QRect, QSize, Slot
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QWidget

FRAME: Final = QMargins(5, 40, 5, 5)
"""Kept free for the frame while nobody knows how wide it is, logical px: a window has one only when it is shown."""
FLOOR: Final = (960, 600)
"""A window need not be made smaller than this, px, whatever the screen."""
_KEEPS: Final = "keeps_in_room"
_PLACED: Final = "placed_in_room"


def within(wish: QRect, room: QRect, frame: QMargins, least: QSize) -> QRect:
    """The rectangle nearest to ``wish``, not smaller than ``least``, that lies in ``room`` with its frame around it.

    What is larger than the room begins at its upper left corner, so that the title bar can be reached.
    """
    inner = room.marginsRemoved(frame)
    size = wish.size().boundedTo(inner.size()).expandedTo(least)
    x = max(min(wish.x(), inner.x() + inner.width() - size.width()), inner.x())
    y = max(min(wish.y(), inner.y() + inner.height() - size.height()), inner.y())
    return QRect(x, y, size.width(), size.height())


def room_of(window: QWidget) -> QRect:
    """What a window or dialog has: the free part of its screen.

    A window that was given a size by name may be larger than the screen; its dialogs have the whole of it.
    """
    parent = window.parentWidget()
    over = parent.window() if parent is not None else None
    screen = (over or window).screen().availableGeometry()
    if over is None or over.property(_KEEPS) or isinstance(over, QDialog):
        return screen
    return screen.united(over.geometry())


def open_in_room(window: QWidget, size: tuple[int, int], least: tuple[int, int], kept: QByteArray | None) -> None:
    """Give a window that is not shown yet its size (px), or the geometry that it was left with, as the screen has room.

    ``least`` is the smallest it can be made; on a small screen that is what there is room for, but no less than FLOOR.
    """
    window.setProperty(_KEEPS, True)
    _least(window, room_of(window), least)
    window.resize(within(QRect(0, 0, *size), room_of(window), FRAME, window.minimumSize()).size())
    if kept is None or not window.restoreGeometry(kept):
        return
    screen = QGuiApplication.screenAt(window.geometry().center()) or window.screen()
    room = screen.availableGeometry()
    _least(window, room, least)
    if not (window.isMaximized() or window.isFullScreen()):
        place = within(window.geometry(), room, FRAME, window.minimumSize())
        if place != window.geometry():
            window.setGeometry(place)


def put_in_room(window: QWidget) -> None:
    """Move a window or dialog that is shown into its room, and make it smaller where it is larger."""
    handle = window.windowHandle()
    if handle is None or window.isMaximized() or window.isFullScreen():
        return
    room, frame = room_of(window), handle.frameMargins()
    # What the parts would like counts as far as there is room: a window on a small screen was made smaller than that.
    wish = window.minimumSizeHint().boundedTo(room.marginsRemoved(frame).size())
    place = within(window.geometry(), room, frame, window.minimumSize().expandedTo(wish))
    if place != window.geometry():
        window.setGeometry(place)


def _least(window: QWidget, room: QRect, least: tuple[int, int]) -> None:
    wish = QSize(*least)
    inner = room.marginsRemoved(FRAME).size().expandedTo(QSize(*FLOOR))
    window.setMinimumSize(wish.boundedTo(inner))


class InRoom(QObject):
    """Puts each dialog, and each window that chose its own size, into its room when it first has the keyboard.

    Only then is its frame known.
    """

    def __init__(self) -> None:
        super().__init__()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.focusWindowChanged.connect(self._on_focus)

    @Slot(QWindow)
    def _on_focus(self, focused: QWindow | None) -> None:
        if focused is None:
            return
        for window in QApplication.topLevelWidgets():
            if window.windowHandle() == focused and not window.property(_PLACED):
                if isinstance(window, QDialog) or window.property(_KEEPS):
                    window.setProperty(_PLACED, True)
                    put_in_room(window)
                return

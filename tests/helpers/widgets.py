"""Widgets in a window of their own."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot


def shown(qtbot: QtBot, *widgets: QWidget, width: int = 400) -> QWidget:
    """A window with the widgets below each other, active and exposed; it lives as long as ``qtbot``."""
    window = QWidget()
    qtbot.__dict__.setdefault("kept", []).append(window)
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    window.resize(width, max(window.sizeHint().height(), 60))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.isVisible())
    return window

"""What the mouse does on the map: click, drag to pan, with Shift to draw a box, with Ctrl a lasso. Paints nothing."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPolygonF
from PySide6.QtWidgets import QApplication

WHEEL_STEP: Final = 240.0
"""Units of the wheel (eighths of a degree) that double the scale; a notch is 120."""


class Target(Protocol):
    """What the mouse acts upon."""

    def pan(self, dx: float, dy: float) -> None: ...
    def click(self, x: float, y: float, *, add: bool) -> None: ...
    def select_within(self, shape: QPolygonF) -> None: ...
    def hover(self, x: float, y: float) -> None: ...
    def show_shape(self, shape: QPolygonF | None) -> None: ...
    def set_dragging(self, dragging: bool) -> None: ...


class _Mode(Enum):
    IDLE = auto()
    PRESSED = auto()
    PANNING = auto()
    BOXING = auto()
    LASSOING = auto()


class Mouse:
    """Tells clicks from drags and passes them on, in logical px of the map."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._mode = _Mode.IDLE
        self._start = QPointF()
        self._last = QPointF()
        self._add = False
        self._drags = _Mode.PANNING
        self._lasso = QPolygonF()

    @property
    def busy(self) -> bool:
        """Whether a button is held."""
        return self._mode is not _Mode.IDLE

    def press(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._mode = _Mode.PRESSED
            self._start = self._last = event.position()
            held = event.modifiers()
            self._add = bool(held & Qt.KeyboardModifier.ShiftModifier)
            lassoing = held & Qt.KeyboardModifier.ControlModifier
            self._drags = _Mode.BOXING if self._add else _Mode.LASSOING if lassoing else _Mode.PANNING
            self._lasso = QPolygonF([self._start])

    def move(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._mode is _Mode.IDLE:
            self._target.hover(at.x(), at.y())
            return
        if self._mode is _Mode.PRESSED and (at - self._start).manhattanLength() >= QApplication.startDragDistance():
            self._mode = self._drags
            self._target.set_dragging(self._mode is _Mode.PANNING)
        if self._mode is _Mode.PANNING:
            self._target.pan(at.x() - self._last.x(), at.y() - self._last.y())
        elif self._mode is _Mode.BOXING:
            self._target.show_shape(QPolygonF(QRectF(self._start, at).normalized()))
        elif self._mode is _Mode.LASSOING:
            self._lasso.append(at)
            self._target.show_shape(self._lasso)
        self._last = at

    def release(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        mode, self._mode = self._mode, _Mode.IDLE
        at = event.position()
        if mode is _Mode.PRESSED:
            self._target.click(at.x(), at.y(), add=self._add)
        elif mode is _Mode.PANNING:
            self._target.set_dragging(False)
        elif mode in (_Mode.BOXING, _Mode.LASSOING):
            box = QPolygonF(QRectF(self._start, at).normalized())
            self._target.show_shape(None)
            self._target.select_within(box if mode is _Mode.BOXING else self._lasso)

    def give_up(self) -> bool:
        """Drop what is being dragged (Esc); tells whether there was anything."""
        if self._mode is _Mode.IDLE:
            return False
        self._mode = _Mode.IDLE
        self._target.show_shape(None)
        self._target.set_dragging(False)
        return True

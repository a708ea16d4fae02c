"""Painted things for assistive technology: what a widget paints shows up as accessible children of it.

A widget that paints its own items has a method ``painted_children()`` and calls ``expose(self)`` once. Screen readers
and tests then see each child with its name, role, place, state and actions. Nothing runs until somebody asks.

Traps of the binding, all tried with PySide6 6.11: ``interface_cast`` has to return the interface object itself or
``VoidPtr(0)`` (a number or None crashes); Qt does not keep the Python side of an interface alive, so the widget's
interface holds its children and the widget holds its interface; and Qt forgets the children of a widget that is gone
only when told to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, cast

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleValueInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import Shiboken

_KEPT: Final = "_accessible_interface"
_installed: list[bool] = []


@dataclass(frozen=True, slots=True)
class Scale:
    """The number behind a slider: where it stands, its limits, one step, and how to move it."""

    now: float
    low: float
    high: float
    step: float
    move: Callable[[float], None]


@dataclass(frozen=True, slots=True)
class PaintedChild:
    """One painted thing. ``rect`` in logical pixels of the widget; ``name`` reads as a sentence.

    ``activate`` does what Enter or a click on it does. ``scale`` makes it a slider, ``value`` says its value in words.
    """

    name: str
    rect: QRect
    activate: Callable[[], None] | None = None
    role: QAccessible.Role = QAccessible.Role.ListItem
    value: str = ""
    selected: bool = False
    focused: bool = False
    scale: Scale | None = None


class Painted(Protocol):
    """A widget that can say what it paints, in the order in which it should be read."""

    def painted_children(self) -> Sequence[PaintedChild]: ...


def expose(widget: QWidget) -> None:
    """Make the painted children of ``widget`` known to assistive technology; it must have ``painted_children``."""
    if not hasattr(widget, "painted_children"):
        raise TypeError(f"{type(widget).__name__} has no painted_children")
    if not _installed:
        QAccessible.installFactory(_factory)
        _installed.append(True)


def children_changed(widget: QWidget) -> None:
    """Tell that the painted children are others; free of cost while nobody listens."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.ObjectReorder))


def child_focused(widget: QWidget, index: int) -> None:
    """Tell that the keyboard now stands on one of the painted children."""
    _tell(widget, index, QAccessible.Event.Focus)


def value_changed(widget: QWidget, index: int) -> None:
    """Tell that the value of a painted slider is another."""
    _tell(widget, index, QAccessible.Event.ValueChanged)


def _tell(widget: QWidget, index: int, what: QAccessible.Event) -> None:
    if QAccessible.isActive() and 0 <= index < len(cast(Painted, widget).painted_children()):
        event = QAccessibleEvent(widget, what)
        event.setChild(index)
        QAccessible.updateAccessibility(event)


def _factory(_class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget) or not hasattr(thing, "painted_children"):
        return None
    interface = _WidgetInterface(thing)
    setattr(thing, _KEPT, interface)
    thing.destroyed.connect(partial(_forget, interface.registered))
    return interface


def _forget(registered: list[int]) -> None:
    for number in registered:
        QAccessible.deleteAccessibleInterface(number)
    registered.clear()


class _WidgetInterface(QAccessibleWidget):
    """The widget itself: its painted children come first, then its child widgets."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, QAccessible.Role.List, widget.accessibleName())
        self._widget = widget
        self._items: dict[int, _ChildInterface] = {}
        self.registered: list[int] = []

    def painted(self) -> Sequence[PaintedChild]:
        if not Shiboken.isValid(self._widget):
            return ()
        return cast(Painted, self._widget).painted_children()

    def childCount(self) -> int:
        return len(self.painted()) + super().childCount()

    def child(self, index: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        count = len(self.painted())
        if index >= count:
            return super().child(index - count)
        return self.item(index) if index >= 0 else None

    def item(self, index: int) -> _ChildInterface:
        item = self._items.get(index)
        if item is None:
            item = _ChildInterface(self, self._widget, index)
            self.registered.append(QAccessible.registerAccessibleInterface(item))
            self._items[index] = item
        return item

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:
        if isinstance(child, _ChildInterface):
            return child.index
        at = super().indexOfChild(child)
        return at if at < 0 else at + len(self.painted())

    def childAt(self, x: int, y: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        at = self._widget.mapFromGlobal(QPoint(x, y))
        for index, child in enumerate(self.painted()):
            if child.rect.contains(at):
                return self.item(index)
        return super().childAt(x, y)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        if self._widget.hasFocus():
            for index, child in enumerate(self.painted()):
                if child.focused:
                    return self.item(index)
        return super().focusChild()


class _ChildInterface(QAccessibleInterface):
    """The painted child at an index; what it is gets looked up each time, so that it is never stale."""

    def __init__(self, owner: _WidgetInterface, widget: QWidget, index: int) -> None:
        super().__init__()
        self.index = index
        self._owner = owner
        self._widget = widget
        self._action = _Action(self)
        self._value = _Value(self)

    def painted(self) -> PaintedChild | None:
        children = self._owner.painted()
        return children[self.index] if self.index < len(children) else None

    def isValid(self) -> bool:
        return self.painted() is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        return self._widget.window().windowHandle() if Shiboken.isValid(self._widget) else None

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return QAccessible.queryAccessibleInterface(self._widget) if Shiboken.isValid(self._widget) else None

    def child(self, _index: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, _x: int, _y: int, /) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, _child: QAccessibleInterface, /) -> int:
        return -1

    def rect(self) -> QRect:
        child = self.painted()
        if child is None:
            return QRect()
        shown = child.rect & self._widget.rect()
        return QRect(self._widget.mapToGlobal(shown.topLeft()), shown.size())

    def role(self) -> QAccessible.Role:
        child = self.painted()
        return QAccessible.Role.NoRole if child is None else child.role

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        child = self.painted()
        if child is None:
            state.invalid = True
            return state
        flags: Any = state
        flags.focusable = True
        flags.selectable = child.role == QAccessible.Role.ListItem
        flags.selected = child.selected
        flags.focused = child.focused and self._widget.hasFocus()
        flags.offscreen = not child.rect.intersects(self._widget.rect())
        return state

    def text(self, kind: QAccessible.Text, /) -> str:
        child = self.painted()
        if child is None:
            return ""
        if kind == QAccessible.Text.Name:
            return child.name
        return child.value if kind == QAccessible.Text.Value else ""

    def setText(self, _kind: QAccessible.Text, _text: str, /) -> None:
        """Painted things are renamed elsewhere."""

    def interface_cast(self, kind: QAccessible.InterfaceType, /) -> Any:
        child = self.painted()
        if child is not None and kind == QAccessible.InterfaceType.ActionInterface and child.activate is not None:
            return self._action
        if child is not None and kind == QAccessible.InterfaceType.ValueInterface and child.scale is not None:
            return self._value
        return Shiboken.VoidPtr(0)


class _Action(QAccessibleActionInterface):
    """Pressing a painted child."""

    def __init__(self, child: _ChildInterface) -> None:
        super().__init__()
        self._child = child

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str, /) -> None:
        child = self._child.painted()
        if child is not None and child.activate is not None and name == QAccessibleActionInterface.pressAction():
            child.activate()

    def keyBindingsForAction(self, _name: str, /) -> list[str]:
        return []


class _Value(QAccessibleValueInterface):
    """The number of a painted slider."""

    def __init__(self, child: _ChildInterface) -> None:
        super().__init__()
        self._child = child

    def _scale(self) -> Scale | None:
        child = self._child.painted()
        return child.scale if child is not None else None

    def currentValue(self) -> float:
        scale = self._scale()
        return scale.now if scale else 0.0

    def setCurrentValue(self, value: Any, /) -> None:
        scale = self._scale()
        if scale is not None:
            scale.move(min(max(float(value), scale.low), scale.high))

    def maximumValue(self) -> float:
        scale = self._scale()
        return scale.high if scale else 0.0

    def minimumValue(self) -> float:
        scale = self._scale()
        return scale.low if scale else 0.0

    def minimumStepSize(self) -> float:
        scale = self._scale()
        return scale.step if scale else 0.0

"""Painted children as a screen reader sees them, and that the binding stays sound while it does."""

from __future__ import annotations

import gc
import sys

import pytest
from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from shiboken6 import Shiboken

from viewer.widgets.accessible import PaintedChild, Scale, child_focused, children_changed, expose, value_changed

NAME, VALUE = QAccessible.Text.Name, QAccessible.Text.Value


class Shelf(QWidget):
    """Paints some things and a slider."""

    def __init__(self, count=4):
        super().__init__()
        self.count, self.pressed, self.level = count, [], 5.0
        self.resize(200, 100)
        expose(self)

    def painted_children(self):
        things = [
            PaintedChild(
                f"Thing {at}", QRect(at * 20, 10, 15, 15), lambda at=at: self.pressed.append(at), selected=at == 1
            )
            for at in range(self.count)
        ]
        scale = Scale(self.level, 0, 10, 1, lambda value: setattr(self, "level", value))
        slider = PaintedChild(
            "Playhead", QRect(0, 0, 4, 8), None, QAccessible.Role.Slider, value="28 November 2016", scale=scale
        )
        return [*things, slider]


@pytest.fixture
def shelf(qtbot):
    widget = Shelf()
    qtbot.addWidget(widget)
    return widget


def test_painted_children_have_name_role_place_and_state(shelf):
    interface = QAccessible.queryAccessibleInterface(shelf)
    assert interface.childCount() == 5
    thing = interface.child(1)
    assert thing.text(NAME) == "Thing 1"
    assert thing.role() == QAccessible.Role.ListItem
    assert thing.state().selected
    assert not interface.child(0).state().selected
    assert thing.rect().topLeft() == shelf.mapToGlobal(QRect(20, 10, 15, 15).topLeft())
    assert thing.rect().size() == QRect(20, 10, 15, 15).size()
    assert thing.parent() is interface
    assert interface.indexOfChild(thing) == 1


def test_child_widgets_follow_the_painted_ones(shelf):
    QLabel("beside", shelf)
    interface = QAccessible.queryAccessibleInterface(shelf)
    assert interface.childCount() == 6
    assert interface.child(5).text(NAME) == "beside"


def test_pressing_and_sliding(shelf):
    interface = QAccessible.queryAccessibleInterface(shelf)
    action = interface.child(2).actionInterface()
    action.doAction(action.actionNames()[0])
    assert shelf.pressed == [2]
    slider = interface.child(4)
    assert slider.actionInterface() is None
    assert interface.child(2).valueInterface() is None
    assert slider.text(VALUE) == "28 November 2016"
    value = slider.valueInterface()
    assert (value.currentValue(), value.minimumValue(), value.maximumValue(), value.minimumStepSize()) == (5, 0, 10, 1)
    value.setCurrentValue(99.0)
    assert shelf.level == 10.0


def test_a_child_that_is_no_longer_painted_is_invalid(shelf):
    thing = QAccessible.queryAccessibleInterface(shelf).child(3)
    assert thing.isValid()
    shelf.count = 1
    assert not thing.isValid()
    assert thing.text(NAME) == ""


def test_announcing_is_silent_for_what_is_not_there(shelf):
    was_active = QAccessible.isActive()
    QAccessible.setActive(True)
    try:
        children_changed(shelf)
        child_focused(shelf, 2)
        value_changed(shelf, 4)
        child_focused(shelf, 77)  # Qt would warn, and a warning fails a test
    finally:
        QAccessible.setActive(was_active)


def test_children_go_with_their_widget(qapp):
    widget = Shelf(20)
    interface = QAccessible.queryAccessibleInterface(widget)
    things = [interface.child(at) for at in range(20)]
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not any(Shiboken.isValid(thing) for thing in things)


def test_references_do_not_drain(shelf):
    interface = QAccessible.queryAccessibleInterface(shelf)

    def ask():
        for at in range(5):
            child = interface.child(at)
            child.text(NAME), child.rect(), child.state(), child.role(), child.object(), child.window(), child.parent()
            child.child(0), child.childAt(0, 0), child.actionInterface(), child.valueInterface(), interface.focusChild()

    ask()
    gc.collect()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(2000):
        ask()
    gc.collect()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert all(abs(new - old) < 500 for new, old in zip(after, before, strict=True))

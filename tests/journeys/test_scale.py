"""The size of the interface: chosen by keys, kept, and the same whether chosen now or before the window opened."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QSplitterHandle, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.window import Program
from viewer.core.settings import LEFT_OPEN_NARROW, LEFT_WIDTH, SCALE, TIMELINE_HEIGHT
from viewer.shell.main_window import MainWindow

SMALL = (1280, 720)


def parts(window: MainWindow) -> Counter[tuple[str, tuple[int, int, int, int]]]:
    """Where everything stands that is seen: kinds of widgets with their places in the window."""
    found: Counter[tuple[str, tuple[int, int, int, int]]] = Counter()
    for each in window.findChildren(QWidget):
        if each.isVisible() and not isinstance(each, QSplitterHandle) and not _floats(each):
            at = each.mapTo(window, QPoint(0, 0))
            found[type(each).__name__, (at.x(), at.y(), each.width(), each.height())] += 1
    return found


def _floats(widget: QWidget) -> bool:
    """Whether it is a toast, or the focus ring: they come and go."""
    names = {type(widget).__name__}
    parent = widget.parentWidget()
    while parent is not None:
        names.add(type(parent).__name__)
        parent = parent.parentWidget()
    return bool(names & {"Toasts", "Toast", "_Toast", "_Ring"})


def cut_off(window: QWidget) -> list[str]:
    """Words and buttons that reach beyond what holds them, or are narrower than they can be; what scrolls may."""
    found = []
    for each in window.findChildren(QWidget):
        if not each.isVisible() or not isinstance(each, QLabel | QAbstractButton) or not each.width():
            continue
        outside = not QRect(QPoint(0, 0), each.parentWidget().size()).contains(each.geometry())
        narrow = each.width() < each.minimumSizeHint().width()
        parent = each.parentWidget()
        while parent is not None and not isinstance(parent, QAbstractScrollArea):
            parent = parent.parentWidget()
        if outside or (narrow and parent is None):
            found.append(f"{type(each).__name__} {each.accessibleName()} {each.geometry()}")
    return found


def test_the_interface_grows_by_keys_as_if_it_had_been_opened_so(qtbot: QtBot, tmp_path: Path, sample: Path) -> None:
    first = Program(qtbot, tmp_path)
    first.application.settings.set(LEFT_OPEN_NARROW, True)
    window = first.open(sample)
    high = window.top_bar.height()
    for _ in range(3):
        first.key("Ctrl+=")
    first.settle()
    assert first.application.settings.get(SCALE) == 150
    assert window.top_bar.height() == round(high * 1.5)
    assert window.left_panel.width() == 360
    assert window.map_view.picture.layer.enlarged == 1.5
    first.says("150 %")
    live = parts(window)
    first.close()

    second = Program(qtbot, tmp_path)
    window = second.open(sample)
    assert second.application.look.scale == 1.5
    again = parts(window)
    assert again - live == live - again == Counter()
    second.key("Ctrl+0")
    second.settle()
    assert window.top_bar.height() == high
    assert window.left_panel.width() == 240
    assert window.right_panel.width() == 400
    second.key("Ctrl+-")
    assert second.application.look.scale == 0.9
    second.close()


def test_a_large_interface_does_not_take_the_sizes_that_were_given(qtbot: QtBot, tmp_path: Path, sample: Path) -> None:
    program = Program(qtbot, tmp_path)
    window = program.open(sample, (1600, 1000))
    settings = program.application.settings
    settings.set(LEFT_OPEN_NARROW, True)
    window._body.rows.moveSplitter(window._body.rows.height() - 378, 1)
    high = window.timeline_view.height()
    settings.set(SCALE, 150)
    program.settle()
    assert window.timeline_view.height() < 1.2 * high, "there is no room for all of it"
    window._body.upper.moveSplitter(420, 1)
    program.settle()
    assert window.left_panel.width() == 420
    settings.set(SCALE, 100)
    program.settle()
    assert window.timeline_view.height() == high
    assert window.left_panel.width() == 280
    settings.set(SCALE, 200)
    program.settle()
    program.close()
    assert settings.get(TIMELINE_HEIGHT) == high
    assert settings.get(LEFT_WIDTH) == 280


@pytest.mark.parametrize("percent", [125, 200])
def test_nothing_is_cut_off_in_a_small_window(qtbot: QtBot, tmp_path: Path, sample: Path, percent: int) -> None:
    program = Program(qtbot, tmp_path)
    program.application.settings.set(SCALE, percent)
    window = program.open(sample, SMALL)
    assert (window.width(), window.height()) == SMALL
    assert window.minimumSizeHint().width() <= SMALL[0]
    assert window.minimumSizeHint().height() <= SMALL[1]
    assert cut_off(window) == []
    transport = window.timeline_view.transport
    if percent == 200:
        assert window.left_panel.isHidden()
        program.key("Ctrl+B")
        assert window.left_panel.isVisible()
        program.key("Ctrl+B")
        program.click(transport.more)
        menu = next(each for each in transport.findChildren(QWidget) if each.isVisible() and each.isWindow())
        words = [action.text() for action in menu.actions()]
        assert "Start over at the end" in words
        next(action for action in menu.actions() if action.text() == "Start over at the end").trigger()
        menu.close()
        assert transport.loop.isChecked()
    program.key("Ctrl+Alt+B")
    program.settle()
    panel = window.right_panel
    assert panel.mapTo(window, QPoint(panel.width(), 0)).x() == window.width()
    assert window.map_view.mapTo(window, QPoint(window.map_view.width(), 0)).x() == window.width()
    assert panel.inspector._title.height() >= panel.inspector._title.heightForWidth(panel.inspector._title.width())
    assert cut_off(window) == []
    program.close()

"""Panels, rows and the focus ring, and what holds for every widget."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.values import Status
from tests.helpers.gallery import Gallery
from tests.helpers.pictures import pixels
from tests.viewer.test_widgets_controls import KEY, shown
from viewer.look.focus import _Ring
from viewer.look.theme import ThemeManager
from viewer.widgets.banner import Banner
from viewer.widgets.buttons import Button, IconButton, Menu
from viewer.widgets.cards import FloatingCard
from viewer.widgets.check_row import CheckRow
from viewer.widgets.chips import Chip
from viewer.widgets.rows import ROW_ROLE, RowContent, RowDelegate
from viewer.widgets.search_field import SearchField
from viewer.widgets.sections import CollapsiblePanel, SectionHeader
from viewer.widgets.segmented import Choice, Segmented
from viewer.widgets.select import Select
from viewer.widgets.splitter import Splitter
from viewer.widgets.states import EmptyState

LEFT = Qt.MouseButton.LeftButton


def ring_of(window: QWidget) -> _Ring | None:
    return next((ring for ring in window.findChildren(_Ring) if ring.isVisible()), None)


# Panels


def test_a_panel_folds_by_mouse_and_keyboard(look: ThemeManager, qtbot: QtBot) -> None:
    panel = CollapsiblePanel(look, "Show only")
    content = QLabel("content")
    panel.body.addWidget(content)
    shown(qtbot, panel)
    spy = QSignalSpy(panel.folded)
    qtbot.mouseClick(panel._head, LEFT)
    qtbot.waitUntil(lambda: not content.isVisible())
    panel._head.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(panel._head, KEY.Key_Space)
    qtbot.waitUntil(content.isVisible)
    assert [spy.at(row)[0] for row in range(2)] == [True, False]
    panel.set_open(False)
    panel.set_note("2 active")
    assert spy.count() == 2
    assert panel._head.accessibleName() == "Show only, 2 active, folded"


def test_folding_takes_its_time_unless_motion_is_reduced(look: ThemeManager, qtbot: QtBot) -> None:
    look.set_reduce_motion(False)
    panel = CollapsiblePanel(look, "Show only")
    content = QLabel("content\n" * 5)
    panel.body.addWidget(content)
    shown(qtbot, panel)
    panel.set_open(False)
    assert content.isVisible()
    qtbot.waitUntil(lambda: not content.isVisible(), timeout=2000)
    panel.set_open(True)
    qtbot.waitUntil(lambda: panel._content.maximumHeight() > 10_000, timeout=2000)


def test_a_splitter_moves_by_arrow_keys_and_asks_for_its_size_back(look: ThemeManager, qtbot: QtBot) -> None:
    splitter = Splitter(Qt.Orientation.Horizontal, look)
    for _ in range(2):
        splitter.addWidget(QWidget())
    shown(qtbot, splitter, width=624)
    splitter.setSizes([300, 300])
    handle = splitter.handle(1)
    before = splitter.sizes()[0]
    handle.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(handle, KEY.Key_Right)
    assert splitter.sizes()[0] == before + 16
    qtbot.keyClick(handle, KEY.Key_Left)
    qtbot.keyClick(handle, KEY.Key_Left)
    assert splitter.sizes()[0] == before - 16
    spy = QSignalSpy(splitter.reset)
    qtbot.mouseDClick(handle, LEFT)
    assert spy.at(0)[0] == 1
    assert handle.accessibleName() == "Size of the panels"


def test_a_splitter_s_handle_is_a_line_but_easy_to_grab(look: ThemeManager, qtbot: QtBot) -> None:
    splitter = Splitter(Qt.Orientation.Horizontal, look)
    for _ in range(2):
        splitter.addWidget(QWidget())
    shown(qtbot, splitter)
    handle = splitter.handle(1)
    assert handle.contentsRect().width() == 1
    assert handle.width() >= 5


def test_an_empty_state_offers_a_way_out(look: ThemeManager, qtbot: QtBot) -> None:
    button = Button(look, "Clear filters")
    state = EmptyState(look, "filter", "No events match.", (button,))
    shown(qtbot, state)
    state.set_sentence("No events match. 32 are hidden by 2 filters.")
    assert state.sentence().endswith("2 filters.")
    assert button.isVisible()


# Rows


def test_rows_show_their_content_in_every_state(look: ThemeManager, qtbot: QtBot) -> None:
    model = QStandardItemModel()
    content = RowContent(
        "Aim: retake Mosul this year",
        fact="2016",
        badge=("B", "ok"),
        mark=lambda look: look.mark("square", Status.PLANNED, look.theme.kinds[0].color, 5),
        bold=((5, 11),),
    )
    for each in (content, RowContent("Palmyra", "Homs Governorate, Syria", icon="map-pin")):
        item = QStandardItem(each.title)
        item.setData(each, ROW_ROLE)
        model.appendRow(item)
    view = QListView()
    view.setModel(model)
    view.setItemDelegate(RowDelegate(look, view))
    shown(qtbot, view)
    assert view.visualRect(model.index(0, 0)).height() == 30
    assert view.visualRect(model.index(1, 0)).height() == 46
    plain = view.grab().toImage()
    view.setCurrentIndex(model.index(1, 0))
    assert view.grab().toImage() != plain
    box = view.visualRect(model.index(1, 0))
    ground = view.grab().toImage().pixelColor(box.left() + 100, box.top() + 4)
    assert ground == look.theme.accent_soft
    assert model.index(0, 0).data() == content.title  # what a screen reader gets


# The focus ring


def test_the_ring_follows_the_focus(look: ThemeManager, qtbot: QtBot) -> None:
    first, second, field = Button(look, "One"), Button(look, "Two"), QLineEdit()
    window = shown(qtbot, first, second, field)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(window)
    assert ring is not None
    assert ring.geometry() == first.geometry().adjusted(-4, -4, 4, 4)
    qtbot.keyClick(first, KEY.Key_Tab)
    assert ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    window.resize(window.width() + 80, window.height() + 60)
    qtbot.waitUntil(lambda: ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4))
    second.hide()
    qtbot.waitUntil(lambda: not ring.isVisible() or first.hasFocus() or field.hasFocus())
    field.setFocus()
    assert ring_of(window) is None


def test_the_ring_is_two_pixels_of_accent_two_pixels_away(look: ThemeManager, qtbot: QtBot) -> None:
    button = Button(look, "One")
    window = shown(qtbot, button)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    image = window.grab().toImage()
    y = button.geometry().center().y()
    row = [image.pixelColor(button.x() + offset, y) for offset in range(-5, 1)]
    accent = look.theme.accent
    assert [color == accent for color in row] == [False, True, True, False, False, False]


def test_the_ring_lets_the_mouse_through_and_dies_with_its_window(look: ThemeManager, qtbot: QtBot) -> None:
    button = Button(look, "One")
    window = QWidget()
    QVBoxLayout(window).addWidget(button)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(window)
    assert ring is not None
    assert window.childAt(button.geometry().center()) is button
    shiboken6.delete(window)
    assert not shiboken6.isValid(ring)
    other = shown(qtbot, Button(look, "Two"))
    other.findChildren(Button)[0].setFocus(Qt.FocusReason.TabFocusReason)
    assert ring_of(other) is not None


# All of them

MAKERS: dict[str, Callable[[ThemeManager], QWidget]] = {
    "icon button": lambda look: IconButton(look, "x", "Close"),
    "button": lambda look: Button(look, "OK", icon="pencil"),
    "segmented": lambda look: Segmented(look, (Choice("a", "A"), Choice("b", "B")), "Mode"),
    "chip": lambda look: Chip(look, "Reported", checkable=True),
    "check row": lambda look: CheckRow(look, "Reuters"),
    "search": lambda look: SearchField(look, "Find", "Ctrl+K"),
    "select": lambda look: Select(look, "Speed", (("a", "A"),)),
    "panel": lambda look: CollapsiblePanel(look, "Show only"),
    "heading": lambda look: SectionHeader(look, "Sources"),
    "banner": lambda look: Banner(look, "Read-only", "warn", (("Save a copy", lambda: None),), closable=True),
    "empty": lambda look: EmptyState(look, "filter", "No events match."),
    "card": lambda look: FloatingCard(look),
    "menu": lambda _look: Menu("More"),
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_widget_that_is_deleted_is_gone(look: ThemeManager, qtbot: QtBot, name: str) -> None:
    """The look outlives every widget: being connected to it must neither keep one alive nor call a dead one."""
    widget = MAKERS[name](look)
    widget.resize(200, 60)
    widget.grab()
    ghost = weakref.ref(widget)
    shiboken6.delete(widget)
    del widget
    gc.collect()
    assert ghost() is None
    look.set_preference("dark")


def test_the_gallery_differs_between_themes_and_not_for_nothing(look: ThemeManager, qtbot: QtBot) -> None:
    gallery = Gallery(look)
    qtbot.addWidget(gallery)
    gallery.show()
    light = pixels(gallery.grab())
    again = pixels(gallery.grab())
    assert np.array_equal(light, again)
    look.set_preference("dark")
    dark = pixels(gallery.grab())
    assert (np.abs(light.astype(int) - dark).max(axis=2) > 60).mean() > 0.9
    assert light.mean() > 200 > 60 > dark.mean()
    look.set_preference("light")
    assert np.array_equal(pixels(gallery.grab()), light)


def test_every_control_of_the_gallery_can_be_reached_by_tab_and_has_a_name(look: ThemeManager, qtbot: QtBot) -> None:
    gallery = Gallery(look)
    qtbot.addWidget(gallery)
    gallery.show()
    gallery.activateWindow()
    qtbot.waitUntil(gallery.isActiveWindow)
    reached: list[QWidget] = []
    for _ in range(200):
        focus = QApplication.focusWidget()
        if focus is not None and focus in reached:
            break
        if focus is not None:
            reached.append(focus)
        gallery.focusNextPrevChild(True)
    ours = [
        each
        for kind in (IconButton, Button, Chip, CheckRow, Select)
        for each in gallery.findChildren(kind)
        if each.isVisibleTo(gallery) and each.isEnabled()
    ]
    assert len(ours) > 25
    assert not [each.accessibleName() or each.text() for each in ours if each not in reached]
    assert not [each for each in ours if not (each.accessibleName() or each.text())]

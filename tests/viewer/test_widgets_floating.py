"""What lies over the rest for a while: banners, toasts, popovers, drawers and cards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.viewer.test_widgets_controls import KEY, shown
from viewer.look.theme import ThemeManager
from viewer.widgets.banner import Banner
from viewer.widgets.buttons import Button, IconButton, Menu
from viewer.widgets.cards import FloatingCard
from viewer.widgets.popover import Drawer, Popover
from viewer.widgets.toast import Toasts

LEFT = Qt.MouseButton.LeftButton


def test_a_banner_says_does_and_goes(look: ThemeManager, qtbot: QtBot) -> None:
    done: list[str] = []
    banner = Banner(look, "Read-only", "info", (("Save a copy", lambda: done.append("copy")),), closable=True)
    shown(qtbot, banner)
    banner.warn("The disk is full.")
    assert (banner.text(), banner.accessibleName(), banner.property("kind")) == ("The disk is full.",) * 2 + ("warn",)
    qtbot.mouseClick(next(b for b in banner.findChildren(Button)), LEFT)
    spy = QSignalSpy(banner.closed)
    qtbot.mouseClick(next(b for b in banner.findChildren(IconButton)), LEFT)
    assert (done, spy.count(), banner.isVisible()) == (["copy"], 1, False)
    banner.info("Saved")
    assert banner.isVisible()


def test_toasts_stack_and_pass(look: ThemeManager, qtbot: QtBot) -> None:
    window = shown(qtbot, QLabel("x"), width=600)
    window.resize(600, 400)
    toasts = Toasts(look, window)
    first = toasts.show("One", milliseconds=60)
    second = toasts.show("Two", milliseconds=60_000)
    assert first.pane.bottom() < second.pane.top()
    assert abs(second.pane.center().x() - 300) <= 1
    assert second.pane.bottom() < 400
    qtbot.waitUntil(lambda: toasts.toasts() == [second])
    for words in ("Three", "Four", "Five"):
        toasts.show(words)
    assert [toast.text() for toast in toasts.toasts()] == ["Three", "Four", "Five"]
    window.resize(800, 500)
    qtbot.waitUntil(lambda: abs(toasts.toasts()[0].pane.center().x() - 400) <= 1)
    toasts.clear()
    assert not toasts.toasts()


def test_a_toast_that_still_slides_in_makes_room_for_the_next(look: ThemeManager, qtbot: QtBot) -> None:
    look.set_reduce_motion(False)
    window = shown(qtbot, QLabel("x"), width=600)
    window.resize(600, 400)
    toasts = Toasts(look, window)
    first = toasts.show("Added a layer", milliseconds=60_000)
    qtbot.wait(30)
    second = toasts.show("16 features were left out", milliseconds=60_000)
    qtbot.wait(300)
    assert first.pane.bottom() < second.pane.top()
    assert second.pane.bottom() < 400


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_a_toast_too_wide_for_its_window_takes_more_lines_and_one_again_when_there_is_room(
    look: ThemeManager, qtbot: QtBot, scale: float
) -> None:
    look.set_scale(scale)
    window = shown(qtbot, QLabel("x"), width=620)
    window.resize(620, 500)
    toasts = Toasts(look, window)
    short = toasts.show("Changed date", ("Undo", lambda: None)).height()
    text = "These are 100,000 events, and no more than 20,000 are selected at once: the first of them."
    toast = toasts.show(text, ("Show", lambda: None), tone="warn")
    (words,) = (each for each in toast.findChildren(QLabel) if each.text() == text)
    assert toast.x() >= 0
    assert toast.geometry().right() <= 620
    assert toast.height() > short
    needed = QFontMetrics(words.font()).boundingRect(
        QRect(0, 0, words.width(), 1 << 16), Qt.TextFlag.TextWordWrap, text
    )
    assert words.height() >= needed.height() - 1, "no line is cut"
    window.resize(2600, 500)
    qtbot.waitUntil(lambda: toast.height() == short)


def test_a_toast_s_undo_undoes_once_and_the_next_edit_takes_its_place(look: ThemeManager, qtbot: QtBot) -> None:
    window = shown(qtbot, QLabel("x"))
    toasts = Toasts(look, window)
    done: list[str] = []
    toasts.show("Changed title", ("Undo", lambda: done.append("title")), name="edit")
    toast = toasts.show("Changed date", ("Undo", lambda: done.append("date")), name="edit")
    toasts.show("The file could not be read", tone="warn")
    assert [each.text() for each in toasts.toasts()] == ["Changed date", "The file could not be read"]
    undo = toast.findChildren(Button)[0]
    undo.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(undo, KEY.Key_Space)
    assert done == ["date"]
    assert [each.text() for each in toasts.toasts()] == ["The file could not be read"]
    qtbot.mouseClick(toasts.toasts()[0].findChildren(IconButton)[0], LEFT)
    assert not toasts.toasts()


def test_the_pointer_holds_a_toast(look: ThemeManager, qtbot: QtBot) -> None:
    window = shown(qtbot, QLabel("x"))
    toasts = Toasts(look, window)
    toast = toasts.show("Date changed", milliseconds=80)
    middle = QPoint(5, 5).toPointF()
    QApplication.sendEvent(toast, QEnterEvent(middle, middle, middle))
    assert not toast._timer.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: not toasts.toasts())


# Panes over the window


def _popover(look: ThemeManager, window: QWidget) -> tuple[Popover, QLineEdit, Button]:
    popover = Popover(look, window, "New event")
    title, create = QLineEdit(), Button(look, "Create event", "primary")
    popover.body.addWidget(title)
    popover.body.addWidget(create)
    return popover, title, create


def test_a_popover_keeps_tab_inside_and_gives_the_focus_back(look: ThemeManager, qtbot: QtBot) -> None:
    before, after = QLineEdit(), QLineEdit()
    window = shown(qtbot, before, after)
    window.resize(500, 400)
    before.setFocus()
    popover, title, create = _popover(look, window)
    spy = QSignalSpy(popover.closed)
    popover.open_at(QRect(100, 50, 20, 20))
    assert title.hasFocus()
    for wanted in (create, title, create):
        qtbot.keyClick(QApplication.focusWidget(), KEY.Key_Tab)
        assert wanted.hasFocus()
    qtbot.keyClick(create, KEY.Key_Backtab)
    assert title.hasFocus()
    qtbot.keyClick(title, KEY.Key_Escape)
    assert (popover.isVisible(), before.hasFocus(), spy.count()) == (False, True, 1)
    popover.close_popover()
    assert spy.count() == 1


def test_a_click_elsewhere_closes_a_popover_and_one_inside_does_not(look: ThemeManager, qtbot: QtBot) -> None:
    other = QLineEdit()
    window = shown(qtbot, other)
    window.resize(500, 400)
    popover, title, _create = _popover(look, window)
    popover.open_at(QRect(100, 100, 20, 20))
    qtbot.mouseClick(title, LEFT)
    assert popover.isVisible()
    qtbot.mouseClick(other, LEFT)
    assert not popover.isVisible()


@pytest.mark.parametrize("anchor", [QRect(0, 0, 10, 10), QRect(490, 390, 10, 10), QRect(250, 380, 10, 10)])
def test_a_popover_stays_inside_its_window(look: ThemeManager, qtbot: QtBot, anchor: QRect) -> None:
    window = shown(qtbot, QLabel("x"))
    window.resize(500, 400)
    popover, _title, _create = _popover(look, window)
    popover.open_at(anchor)
    assert window.rect().contains(popover.pane)
    assert not popover.pane.intersects(anchor)
    popover.close_popover()


def test_a_drawer_lies_over_the_edge_and_leaves_by_escape(look: ThemeManager, qtbot: QtBot) -> None:
    window = shown(qtbot, QLabel("x"))
    window.resize(900, 400)
    drawer = Drawer(look, window, "Source", width=300)
    field = QLineEdit()
    drawer.set_content(field)
    drawer.slide_in()
    qtbot.waitUntil(lambda: drawer.geometry().right() == window.width() - 1)
    assert drawer.height() == window.height()
    window.resize(700, 500)
    qtbot.waitUntil(lambda: drawer.geometry().right() == 699 and drawer.height() == 500)
    spy = QSignalSpy(drawer.closed)
    field.setFocus()
    qtbot.keyClick(field, KEY.Key_Escape)
    assert (drawer.isVisible(), spy.count()) == (False, 1)


def test_a_floating_card_is_placed_by_what_is_seen(look: ThemeManager, qtbot: QtBot) -> None:
    window = shown(qtbot, QLabel("x"))
    card = FloatingCard(look, window)
    card.resize_pane(QSize(268, 92))
    card.move_pane(QPoint(14, 14))
    assert card.pane == QRect(14, 14, 268, 92)
    card.show()
    image = card.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() // 2) == look.theme.raised


def test_a_menu_is_gone_through_by_keys(look: ThemeManager, qtbot: QtBot) -> None:
    menu = Menu("Means")
    qtbot.addWidget(menu)
    for words in ("Title", "Latitude", "End of the date", "Longitude", "Note"):
        menu.addAction(words)
    menu.addSeparator()
    away, off = menu.addAction("Away"), menu.addAction("Lost")
    away.setVisible(False)
    off.setEnabled(False)
    menu.popup(QPoint(10, 10))

    def at(key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
        qtbot.keyClick(menu, key, modifier)
        active = menu.activeAction()
        return active.text() if active is not None else ""

    went = [at(key) for key in (Qt.Key.Key_End, Qt.Key.Key_Home, "l", "L", "l", "x", "n", "e")]
    assert went == ["Note", "Title", "Latitude", "Longitude", "Latitude", "Latitude", "Note", "End of the date"]
    assert at(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier) == "End of the date"
    assert at(Qt.Key.Key_Down) == "Longitude"
    menu.close()


def test_a_menu_that_is_higher_than_the_screen_scrolls(look: ThemeManager, qtbot: QtBot) -> None:
    menu = Menu("Means")
    qtbot.addWidget(menu)
    entries = [menu.addAction(f"Entry {number}") for number in range(80)]
    menu.popup(QPoint(300, 300))
    assert menu.screen().geometry().contains(menu.geometry())
    assert len({menu.actionGeometry(each).x() for each in entries}) == 1
    qtbot.keyClick(menu, Qt.Key.Key_End)
    assert menu.rect().contains(menu.actionGeometry(entries[-1]))
    menu.close()

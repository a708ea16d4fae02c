"""Buttons, segments, chips, fields and rows: the mouse, the keyboard, and what assistive technology is told."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QImage, QPainter
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.pictures import pixels
from tests.helpers.widgets import shown
from viewer.look.theme import ThemeManager
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.cards import Card
from viewer.widgets.check_row import CheckRow
from viewer.widgets.chips import Badge, Chip
from viewer.widgets.flow_layout import FlowLayout
from viewer.widgets.rows import RowContent, paint_row
from viewer.widgets.search_field import SearchField
from viewer.widgets.sections import TabBar
from viewer.widgets.segmented import Choice, Segmented
from viewer.widgets.select import Select
from viewer.widgets.text import ElidedLabel, KeyCap

MODES = (Choice("explore", "Explore", "Ctrl+1"), Choice("annotate", "Annotate"), Choice("brief", "Brief"))
KEY = Qt.Key


def test_an_icon_button_says_what_it_does_and_which_key(look: ThemeManager, qtbot: QtBot) -> None:
    button = IconButton(look, "undo-2", "Undo", "Ctrl+Z")
    shown(qtbot, button)
    assert button.accessibleName() == "Undo"
    assert button.toolTip() == "Undo (Ctrl+Z)"
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == "Undo"
    button.set_text("Pause")
    assert button.toolTip() == "Pause (Ctrl+Z)", "keys stay unless others are given"
    button.set_text("Pause", "")
    assert button.toolTip() == "Pause"


def test_an_icon_button_follows_its_action(look: ThemeManager, qtbot: QtBot) -> None:
    button = IconButton(look, "magnet", "")
    shown(qtbot, button)
    action = QAction("Snap", button)
    action.setCheckable(True)
    action.setShortcut("S")
    button.follow(action)
    spy = QSignalSpy(action.triggered)
    assert (button.accessibleName(), button.toolTip()) == ("Snap", "Snap (S)")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (spy.count(), action.isChecked(), button.isChecked()) == (1, True, True)
    action.setChecked(False)
    action.setText("Do not snap")
    action.setEnabled(False)
    assert (button.isChecked(), button.isEnabled(), button.accessibleName()) == (False, False, "Do not snap")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert spy.count() == 1


@pytest.mark.parametrize("key", [KEY.Key_Space])
def test_buttons_work_from_the_keyboard_and_leave_the_focus_to_it(
    look: ThemeManager, qtbot: QtBot, key: Qt.Key
) -> None:
    field = SearchField(look, "Find")
    buttons = [Button(look, "Present", "primary", icon="play"), IconButton(look, "x", "Close"), Chip(look, "Nice · 2")]
    shown(qtbot, field, *buttons)
    field.setFocus()
    for button in buttons:
        spy = QSignalSpy(button.clicked)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert field.edit.hasFocus()
        button.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(button, key)
        assert spy.count() == 2
        field.setFocus()


def test_everything_to_click_is_large_enough(look: ThemeManager, qtbot: QtBot) -> None:
    segments = Segmented(look, MODES, "Mode")
    things: list[QWidget] = [
        IconButton(look, "x", "Close"),
        Button(look, "OK"),
        Button(look, "Undo", "link"),
        Chip(look, "B"),
        CheckRow(look, "Reuters"),
        Select(look, "Speed", (("a", "A"),)),
        SearchField(look, "Find"),
        segments,
    ]
    shown(qtbot, *things)
    for scale in (1.0, 2.0, 0.8):
        look.set_scale(scale)
        for thing in things:
            size = thing.sizeHint().expandedTo(thing.minimumSize())
            assert size.width() >= round(28 * scale), thing
            assert size.height() >= round(28 * scale), thing


# Segments and tabs


def test_segments_are_chosen_by_mouse_and_arrows(look: ThemeManager, qtbot: QtBot) -> None:
    segments = Segmented(look, MODES, "Mode")
    shown(qtbot, segments)
    spy = QSignalSpy(segments.chosen)
    explore, annotate, brief = segments._buttons.values()
    qtbot.mouseClick(annotate, Qt.MouseButton.LeftButton)
    assert segments.value() == "annotate"
    annotate.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(annotate, KEY.Key_Right)
    assert (segments.value(), brief.hasFocus()) == ("brief", True)
    qtbot.keyClick(brief, KEY.Key_Left)
    assert [spy.at(row)[0] for row in range(spy.count())] == ["annotate", "brief", "annotate"]
    segments.set_value("explore")
    assert (segments.value(), spy.count()) == ("explore", 3)
    with pytest.raises(KeyError):
        segments.set_value("none")
    assert explore.accessibleName() == "Mode: Explore"
    assert explore.toolTip() == "Explore (Ctrl+1)"


def test_choosing_a_segment_moves_nothing_and_cuts_nothing(look: ThemeManager, qtbot: QtBot) -> None:
    segments = Segmented(look, MODES, "Mode")
    row = QWidget()
    column = QVBoxLayout(row)
    column.addWidget(segments, 0, Qt.AlignmentFlag.AlignLeft)
    shown(qtbot, row, width=600)
    before = [button.geometry() for button in segments._buttons.values()]
    for key, button in segments._buttons.items():
        segments.set_value(key)
        button.ensurePolished()
        assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width() - 8
    assert [button.geometry() for button in segments._buttons.values()] == before


def test_tabs_tell_only_of_the_user(look: ThemeManager, qtbot: QtBot) -> None:
    tabs = TabBar(look, (("filter", "Filter"), ("outline", "Outline")), "Left panel")
    shown(qtbot, tabs)
    spy = QSignalSpy(tabs.chosen)
    tabs.set_value("outline")
    tabs.set_value("none")
    assert (tabs.value(), spy.count()) == ("outline", 0)
    tabs.setFocus()
    qtbot.keyClick(tabs, KEY.Key_Left)
    assert (tabs.value(), spy.count(), spy.at(0)[0]) == ("filter", 1, "filter")


# Chips and cards


def test_a_filter_chip_is_a_switch(look: ThemeManager, qtbot: QtBot) -> None:
    chip = Chip(look, "Reported", checkable=True)
    shown(qtbot, chip)
    on = chip.grab().toImage()
    spy = QSignalSpy(chip.toggled)
    chip.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chip, KEY.Key_Space)
    assert (chip.isChecked(), spy.count()) == (False, 1)
    assert chip.grab().toImage() != on
    assert QAccessible.queryAccessibleInterface(chip).role() == QAccessible.Role.CheckBox


def test_a_badge_says_its_meaning_in_words(look: ThemeManager, qtbot: QtBot) -> None:
    badge = Badge(look, "C4", meaning="fairly reliable source, doubtful information")
    shown(qtbot, badge)
    assert badge.accessibleName() == badge.toolTip() == "fairly reliable source, doubtful information"
    width = badge.sizeHint().width()
    badge.set_badge("2 claims disagree", "amber")
    assert badge.sizeHint().width() > width
    assert badge.accessibleName() == "2 claims disagree"


def test_a_card_that_is_a_button_takes_enter(look: ThemeManager, qtbot: QtBot) -> None:
    card, still = Card(look, clickable=True, name="Haider al-Abadi"), Card(look)
    card.body.addWidget(QLabel("ISIS is collapsing"))
    shown(qtbot, card, still)
    spy = QSignalSpy(card.clicked)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(card, KEY.Key_Return)
    qtbot.keyClick(card, KEY.Key_A)
    assert spy.count() == 2
    other = QSignalSpy(still.clicked)
    qtbot.mouseClick(still, Qt.MouseButton.LeftButton)
    assert (other.count(), still.focusPolicy()) == (0, Qt.FocusPolicy.NoFocus)


# Fields


def test_a_search_waits_for_a_pause_and_tells_once(look: ThemeManager, qtbot: QtBot) -> None:
    field = SearchField(look, "Find", "Ctrl+K", pause=30)
    shown(qtbot, field)
    spy = QSignalSpy(field.changed)
    field.setFocus()
    qtbot.keyClicks(field.edit, "mosul")
    qtbot.waitUntil(lambda: spy.count() == 1)
    assert spy.at(0)[0] == "mosul"
    submitted = QSignalSpy(field.submitted)
    qtbot.keyClicks(field.edit, "!")
    qtbot.keyClick(field.edit, KEY.Key_Return)
    assert (spy.at(1)[0], submitted.at(0)[0]) == ("mosul!", "mosul!")


def test_escape_empties_a_search_and_then_leaves_it(look: ThemeManager, qtbot: QtBot) -> None:
    field = SearchField(look, "Find", "Ctrl+K")
    shown(qtbot, field)
    left, stepped, changed = QSignalSpy(field.left), QSignalSpy(field.stepped), QSignalSpy(field.changed)
    assert field._cap is not None
    assert field._cap.isVisible()
    field.set_text("raqqa")
    assert (field._cap.isVisible(), field._clear.isVisible()) == (False, True)
    qtbot.keyClick(field.edit, KEY.Key_Return)
    qtbot.keyClick(field.edit, KEY.Key_Down)
    qtbot.keyClick(field.edit, KEY.Key_Up)
    qtbot.keyClick(field.edit, KEY.Key_Escape)
    assert (field.text(), left.count()) == ("", 0)
    qtbot.keyClick(field.edit, KEY.Key_Escape)
    assert left.count() == 1
    assert [stepped.at(row)[0] for row in range(2)] == [1, -1]
    assert [changed.at(row)[0] for row in range(changed.count())] == ["raqqa", ""]
    assert field.edit.accessibleName() == "Find"


def test_a_select_tells_of_the_user_and_ignores_the_wheel(look: ThemeManager, qtbot: QtBot) -> None:
    select = Select(look, "Speed", (("day", "1 day / s"), ("month", "1 month / s")), prefix="Speed")
    shown(qtbot, select)
    spy = QSignalSpy(select.chosen)
    select.set_value("month")
    select.set_value("year")
    assert (select.value(), spy.count()) == ("month", 0)
    select.setFocus()
    qtbot.keyClick(select, KEY.Key_Up)
    assert (select.value(), spy.at(0)[0]) == ("day", "day")
    select.set_items((("month", "1 month / s"), ("day", "1 day / s")))
    assert select.value() == "day"
    assert Select(look, "Nothing").value() == ""


# Labels and layouts


def test_a_cut_label_has_all_of_it_in_its_tooltip(look: ThemeManager, qtbot: QtBot) -> None:
    words = "Source says Monday 27th, but the 27th was a Sunday."
    text = ElidedLabel(words, "note")
    window = shown(qtbot, text, width=160)
    assert text.shown_text().endswith("…")
    assert text.toolTip() == words
    window.resize(900, 60)
    qtbot.waitUntil(lambda: text.width() > 600)
    text.repaint()
    assert (text.shown_text(), text.toolTip()) == (words, "")


def test_a_label_never_reads_markup(look: ThemeManager, qtbot: QtBot) -> None:
    text = ElidedLabel("<b>bold</b>")
    assert text.textFormat() is Qt.TextFormat.PlainText
    assert KeyCap("Ctrl+Z").accessibleName() == "Key Ctrl+Z"


def test_chips_flow_into_rows(look: ThemeManager, qtbot: QtBot) -> None:
    holder = QWidget()
    flow = FlowLayout(holder, gap=6)
    chips = [Chip(look, words, checkable=True) for words in ("Reported", "Planned", "Predicted")]
    for chip in chips:
        flow.addWidget(chip)
    width = chips[0].sizeHint().width() + chips[1].sizeHint().width() + 6
    height = chips[0].sizeHint().height()
    assert flow.heightForWidth(2000) == height
    assert flow.heightForWidth(width) == 2 * height + 6
    assert flow.heightForWidth(width - 1) == 3 * height + 12
    chips[1].hide()
    assert flow.heightForWidth(10) == 2 * height + 6
    chips[1].show()
    qtbot.addWidget(holder)
    holder.resize(width, 100)
    holder.show()
    assert chips[1].x() == chips[0].width() + 6
    assert (chips[2].x(), chips[2].y()) == (0, height + 6)
    assert flow.takeAt(9) is None
    assert flow.takeAt(0) is not None
    assert flow.count() == 2


@pytest.mark.parametrize("make", ["label", "row", "check"])
def test_a_full_stop_stands_at_the_end_of_an_arabic_text(look: ThemeManager, qtbot: QtBot, make: str) -> None:
    def columns(text: str) -> np.ndarray:
        """How many pixels are inked in each column of the painted text."""
        image = QImage(300, 40, QImage.Format.Format_RGB32)
        image.fill(look.theme.surface)
        if make == "row":
            with QPainter(image) as painter:
                painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as on a widget
                paint_row(painter, image.rect(), look, RowContent(text))
        else:
            widget = ElidedLabel(text) if make == "label" else CheckRow(look, text)
            image = shown(qtbot, widget).grab(widget.geometry()).toImage()
        ground = pixels(image)[1, -2].astype(int)
        ink = (abs(pixels(image).astype(int) - ground).max(axis=2) > 60)[:, 26 if make == "check" else 0 :]
        counts = ink.sum(axis=0)
        return counts[np.flatnonzero(counts)[0] : np.flatnonzero(counts)[-1] + 1]

    plain, stopped = columns("تقرير من الموصل"), columns("تقرير من الموصل.")
    assert len(stopped) > len(plain)
    assert stopped[0] <= 3, "no full stop at the left, where the text ends"
    assert abs(int(stopped[-3:].sum()) - int(plain[-3:].sum())) <= 3, "the right end is another one"


def test_enter_presses_a_button_as_space_does(qtbot: QtBot, look: ThemeManager) -> None:
    button = Button(look, "Replace")
    qtbot.addWidget(button)
    pressed = QSignalSpy(button.clicked)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        qtbot.keyClick(button, key)
    assert pressed.count() == 3


def test_no_choice_of_a_dialog_looks_chosen_but_the_one_that_is(qtbot: QtBot, look: ThemeManager) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    column = QVBoxLayout(dialog)
    choices = Segmented(look, (Choice("a", "One"), Choice("b", "Two")), "Number")
    column.addWidget(choices)
    dialog.show()
    choices.set_value("b")
    assert not any(button.isDefault() or button.autoDefault() for button in choices.findChildren(QPushButton))

"""Rows of facts and rows to tick: room, counts and what a click does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QPainter, QPixmap
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.helpers.pictures import pixels
from tests.helpers.widgets import shown
from viewer.look.theme import ThemeManager
from viewer.widgets.check_row import CheckRow
from viewer.widgets.rows import RowContent, paint_row

KEY = Qt.Key


def test_a_long_fact_leaves_its_row_the_larger_part(look: ThemeManager) -> None:
    def inked(fact: str) -> int:
        picture = QPixmap(400, 40)
        picture.fill(look.theme.surface)
        with QPainter(picture) as painter:
            paint_row(painter, picture.rect(), look, RowContent("M" * 80, fact=fact), selected=False, hovered=False)
        return int((pixels(picture).astype(int).min(axis=2) < 200)[:, :205].any(axis=0).sum())

    assert inked("between 26 Apr and 2 May 2021 · Omdurman (about 100 km) · ACLED") > 0.85 * inked("2021")


@pytest.mark.parametrize("scale", [0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("fact", ["8,333", "3,401", "1,671", "16", "20,000", "100,000"])
def test_a_figure_that_has_room_is_whole_at_any_scale(look: ThemeManager, scale: float, fact: str) -> None:
    look.set_scale(scale)

    def inked(draw: Callable[[QPainter, QRect], None]) -> int:
        picture = QPixmap(look.theme.px(300), look.theme.px(30))
        picture.fill(look.theme.surface)
        with QPainter(picture) as painter:
            draw(painter, picture.rect())
        dark = (pixels(picture).astype(int).min(axis=2) < 200).any(axis=0)[look.theme.px(200) :]
        columns = np.flatnonzero(dark)
        return int(columns[-1] - columns[0])

    def alone(painter: QPainter, rect: QRect) -> None:
        painter.setFont(look.theme.font("meta"))
        painter.setPen(look.theme.text2)
        right = rect.adjusted(0, 0, -look.theme.px(14), 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, fact)

    content = RowContent("Remove “verified”", fact=fact, icon="minus")
    in_row = inked(lambda painter, rect: paint_row(painter, rect, look, content))
    assert abs(in_row - inked(alone)) <= 1


def test_a_check_row_counts_a_click_anywhere_and_the_space_bar(look: ThemeManager, qtbot: QtBot) -> None:
    row = CheckRow(look, "Reuters", small="early 2016", count="11 quotes", badge=("B", "ok", "usually reliable"))
    shown(qtbot, row)
    spy = QSignalSpy(row.clicked)
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(row.width() - 4, row.height() // 2))
    assert not row.isChecked()
    row.setFocus()
    qtbot.keyClick(row, KEY.Key_Space)
    assert (row.isChecked(), spy.count()) == (True, 2)
    face = QAccessible.queryAccessibleInterface(row)
    assert face.role() == QAccessible.Role.CheckBox
    assert face.text(QAccessible.Text.Name) == "Reuters, usually reliable, early 2016, 11 quotes"
    row.set_count("3 quotes")
    assert "3 quotes" in row.accessibleName()


def test_long_words_in_a_check_row_wrap(look: ThemeManager, qtbot: QtBot) -> None:
    row = CheckRow(look, "A source with quite a long name that wraps", count="9 quotes", small="27 Jan 2017")
    short = CheckRow(look, "Reuters", count="9 quotes", small="27 Jan 2017")
    window = shown(qtbot, row, short, width=240)
    line = row.fontMetrics().height()
    assert row.heightForWidth(210) >= short.heightForWidth(210) + line - 2
    assert row.heightForWidth(600) == short.heightForWidth(600)
    qtbot.waitUntil(lambda: row.height() > short.height())
    window.resize(700, window.height())
    qtbot.waitUntil(lambda: row.width() > 600)


def test_a_check_row_that_opens_ticks_by_its_box_alone(look: ThemeManager, qtbot: QtBot) -> None:
    row = CheckRow(look, "Reuters", badge=("B", "ok", "usually reliable"), opens="Read the source")
    shown(qtbot, row)
    ticked, opened = QSignalSpy(row.clicked), QSignalSpy(row.opened)
    middle = row.height() // 2
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(8, middle))
    assert (row.isChecked(), ticked.count(), opened.count()) == (False, 1, 0)
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(50, middle))
    assert (row.isChecked(), ticked.count(), opened.count()) == (False, 1, 1)
    row.setFocus()
    qtbot.keyClick(row, KEY.Key_Return)
    assert (row.isChecked(), ticked.count(), opened.count()) == (False, 1, 2)
    qtbot.keyClick(row, KEY.Key_Space)
    assert (row.isChecked(), ticked.count(), opened.count()) == (True, 2, 2)
    assert row.toolTip() == "usually reliable\nRead the source"
    assert "Enter: read the source" in row.accessibleDescription()


def test_a_row_is_as_high_as_its_count_needs_at_every_width(qtbot: QtBot, look: ThemeManager) -> None:
    row, below = CheckRow(look, "Place is only a region of some size", count="2"), QLabel("below")
    window = shown(qtbot, row, below, width=270)
    window.layout().addStretch(1)
    window.resize(270, 400)
    qtbot.waitUntil(lambda: row.height() == row.heightForWidth(row.width()))
    place, high = below.y(), row.height()
    row.set_count("3")
    qtbot.wait(20)
    assert (below.y(), row.height()) == (place, high)
    row.set_count("1,000,000 / 1,000,000")
    qtbot.waitUntil(lambda: row.height() > high)
    for width in (600, 270, 400, 270):
        window.resize(width, 400)
        row.set_count("2" if width == 270 else "2,000,000 / 2,000,000")
        qtbot.waitUntil(lambda: row.height() == row.heightForWidth(row.width()))
    assert row.height() == high


def test_other_words_are_given_their_room_at_a_width_of_before(qtbot: QtBot, look: ThemeManager) -> None:
    """Layouts remember heights of widths that were, and are not told where the present one does not change."""
    row = CheckRow(look, "Place is only a region of some size, and more words", count="2,000,000 / 2,000")
    window = shown(qtbot, row, QLabel("below"), width=600)
    window.layout().addStretch(1)
    for width in (600, 150):
        window.resize(width, 400)
        qtbot.waitUntil(lambda: row.height() == row.heightForWidth(row.width()))
    before = row.height()
    row.set_count("2,000,000 / 2,000,000, 2,000,000 of 2,000,000 and all the 2,000,000")
    assert row.heightForWidth(row.width()) == before, "it has no more room than that"
    window.resize(600, 400)
    qtbot.waitUntil(lambda: row.height() == row.heightForWidth(row.width()) > row._look.theme.px(28))

"""What is drawn once and copied: it is never old, and looks as it would if it were drawn anew."""

from __future__ import annotations

from collections.abc import Hashable

import pytest
from PySide6.QtCore import QPoint, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from viewer.look.theme import ThemeManager
from viewer.views.map.overlays.date_card import DateCard
from viewer.widgets.buttons import IconButton
from viewer.widgets.kept import KeptDrawing

SIZE = QSizeF(20, 10)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_it_is_drawn_straight_then_into_a_picture_and_from_then_on_copied(qapp: QApplication, ratio: float) -> None:
    kept, drawn = KeptDrawing(), 0

    def draw(painter: QPainter) -> None:
        nonlocal drawn
        drawn += 1
        painter.fillRect(2, 3, 8, 4, Qt.GlobalColor.red)
        painter.translate(5, 5)

    def paint(key: Hashable) -> tuple[QImage, int]:
        image = QImage((SIZE * ratio).toSize(), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.white)
        with QPainter(image) as painter:
            kept.paint(painter, SIZE, ratio, key, draw)
            painter.fillRect(14, 0, 2, 2, Qt.GlobalColor.blue)  # the painter is as it was
        return image, drawn

    straight = paint("one")
    assert straight[0].pixelColor(round(4 * ratio), round(5 * ratio)) == Qt.GlobalColor.red
    assert straight[0].pixelColor(int(15 * ratio), 0) == Qt.GlobalColor.blue
    once = int(ratio.is_integer())  # else it is a picture from the first: a copy would stand between device pixels
    assert [paint("one"), paint("one"), paint("one")] == [(straight[0], 1 + once)] * 3
    assert paint("other") == (straight[0], 2 + once)
    assert paint("one")[1] == 3 + once
    kept.forget()
    assert paint("one")[1] == 4 + once


def _seen(widget: QWidget) -> QImage:
    """What is shown, after it has been painted so often that it is a copy."""
    for _ in range(3):
        image = widget.grab().toImage()
    return image


def test_a_card_shows_what_it_was_last_told_in_the_theme_in_force(qtbot: QtBot, look: ThemeManager) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(500, 200)
    card = DateCard(look, ground)
    card.arrange(10, 10, small=False)
    looks = []
    for date, theme in (("12 May 2014", "light"), ("13 May 2014", "light"), ("13 May 2014", "dark")):
        look.set_preference(theme)
        card.show_lines(date, "3 events in the last 90 days", "none before that")
        fresh = DateCard(look, ground)
        fresh.arrange(10, 10, small=False)
        fresh.show_lines(*card.lines)
        looks.append(_seen(card))
        assert looks[-1] == fresh.grab().toImage()
    assert looks[0] != looks[1] != looks[2]


def test_a_button_shows_its_state(qtbot: QtBot, look: ThemeManager) -> None:
    button = IconButton(look, "magnet", "Snap", checkable=True)
    qtbot.addWidget(button)
    button.show()
    qtbot.mouseMove(button, QPoint(-40, -40))
    rest = _seen(button)
    button.setChecked(True)
    chosen = _seen(button)
    button.setEnabled(False)
    disabled = _seen(button)
    button.setEnabled(True)
    button.set_icon("play")
    other = _seen(button)
    looks = [rest, chosen, disabled, other]
    assert all(one != two for at, one in enumerate(looks) for two in looks[at + 1 :])
    button.set_icon("magnet")
    button.setChecked(False)
    assert _seen(button) == rest

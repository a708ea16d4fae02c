"""What claims count, as 49 killed: on their cards and in the table."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from tests.helpers.window import Program
from viewer.widgets.cards import Card

pytestmark = pytest.mark.real_window


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("49 killed in Orlando", "49 killed"),
        ("100+ ISIS leaders killed, by US count", "At least 100 ISIS leaders killed"),
    ],
)
def test_a_card_says_what_its_claim_counts(app: Program, title: str, words: str) -> None:
    app.window.desk.commands.fly_to_event(app.event(title))
    app.settle()
    (card,) = (each for each in app.window.right_panel.inspector.claims.findChildren(Card) if each.isVisible())
    (said,) = (each for each in card.findChildren(QLabel) if each.text() == words)
    assert said.isVisible()
    assert words.lower() in card.accessibleName().lower().split(", ")

"""Actions are data: unique, callable, and no two share a key."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from viewer.core.actions import ACTIONS, Window, is_plain

ROOT = Path(__file__).resolve().parents[1]


def test_ids_and_titles_are_unique() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert len({action.title for action in ACTIONS}) == len(ACTIONS)


def test_no_two_actions_share_a_key() -> None:
    counts = Counter(QKeySequence(key).toString() for action in ACTIONS for key in action.keys)
    assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_keys_can_be_parsed(action) -> None:
    for key in action.keys:
        sequence = QKeySequence(key, QKeySequence.SequenceFormat.PortableText)
        assert not sequence.isEmpty()
        assert sequence.toString(QKeySequence.SequenceFormat.PortableText)


@pytest.mark.parametrize("action", [a for a in ACTIONS if a.icon], ids=lambda action: action.id)
def test_icons_exist(action) -> None:
    assert (ROOT / "resources" / "icons" / f"{action.icon}.svg").is_file()


def test_the_main_window_can_do_all_that_actions_ask() -> None:
    from viewer.shell.main_window import MainWindow

    asked = {name for name in vars(Window) if not name.startswith("_")} - {"desk"}
    assert {name for name in asked if not hasattr(MainWindow, name)} == set()


def test_plain_keys_are_told_from_those_with_modifiers() -> None:
    assert is_plain("Space")
    assert is_plain("Shift+X")
    assert is_plain(",")
    assert is_plain("Ctrl+Left")
    assert not is_plain("Ctrl+K")
    assert not is_plain("Alt+Left")
    assert not is_plain("F6")
    assert not is_plain("Shift+F6")

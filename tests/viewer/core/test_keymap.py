"""The user's own keys: no key calls two actions, what is kept is read with care, whoever shows a key hears of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from viewer.core.actions import ACTIONS, keymap_of
from viewer.core.keymap import REFUSED, Keymap
from viewer.core.settings import OWN_KEYS, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


def every_key(keymap: Keymap) -> list[str]:
    return [key for action in ACTIONS for key in keymap.keys(action.id)]


def test_keys_are_written_as_key_presses_are_named_and_none_is_refused() -> None:
    portable = QKeySequence.SequenceFormat.PortableText
    for action in ACTIONS:
        assert [QKeySequence(key).toString(portable) for key in action.keys] == list(action.keys)
        assert not set(action.keys) & set(REFUSED) or action.id == "escape"


def test_a_key_is_taken_from_whoever_had_it_and_given_back(settings: Settings) -> None:
    keymap = keymap_of(settings)
    keymap.assign("open", "Ctrl+K")
    assert keymap.keys("open") == ("Ctrl+K",)
    assert keymap.keys("palette") == ()
    assert keymap.holder("Ctrl+K") == "open"
    assert keymap.holder("Ctrl+O") is None
    assert keymap.is_own("open")
    assert keymap.is_own("palette")
    keymap.assign("play", "Ctrl+K")
    assert keymap.keys("open") == ()
    keymap.assign("redo", "Ctrl+O")
    assert keymap.keys("redo") == ("Ctrl+O",)
    assert sorted(every_key(keymap)) == sorted(set(every_key(keymap)))
    assert keymap.taken_by("open") == ["redo"]
    keymap.reset("open")
    assert keymap.keys("open") == ("Ctrl+O",)
    assert keymap.keys("redo") == ()
    assert keymap.keys("play") == ("Ctrl+K",)
    keymap.reset("palette")
    assert keymap.keys("palette") == ("Ctrl+K",)
    assert keymap.keys("play") == ()
    keymap.reset_all()
    assert all(keymap.keys(action.id) == action.keys for action in ACTIONS)
    assert settings.get(OWN_KEYS) == []


def test_what_is_kept_holds_in_the_next_run_and_in_every_keymap(settings: Settings, tmp_path: Path) -> None:
    one, other = keymap_of(settings), keymap_of(settings)
    one.assign("next_event", "Ctrl+Shift+N")
    assert other.first("next_event") == "Ctrl+Shift+N"
    settings.flush()
    again = keymap_of(Settings(tmp_path / "settings.ini"))
    assert again.keys("next_event") == ("Ctrl+Shift+N",)
    assert again.holder(".") is None


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        (["nonsense\tA", "", "play"], {"play": (), "open": ("Ctrl+O",)}),
        (["play\tEsc\tP", "open\tP"], {"play": ("P",), "open": (), "escape": ("Esc",)}),
        (["escape\tX", "stop\t\tB"], {"escape": ("Esc",), "stop": ("B",)}),
    ],
)
def test_odd_rows_do_no_harm(settings: Settings, rows: list[str], kept: dict[str, tuple[str, ...]]) -> None:
    settings.set(OWN_KEYS, rows)
    keymap = keymap_of(settings)
    assert {action: keymap.keys(action) for action in kept} == kept
    assert sorted(every_key(keymap)) == sorted(set(every_key(keymap)))


@pytest.mark.parametrize(("action", "key"), [("open", "Esc"), ("open", "Ctrl+C"), ("escape", "F9"), ("open", "")])
def test_some_keys_and_actions_stay_as_they_are(settings: Settings, action: str, key: str) -> None:
    keymap = keymap_of(settings)
    with pytest.raises(ValueError, match="cannot"):
        keymap.assign(action, key)
    assert settings.get(OWN_KEYS) == []


class Shown(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.keys: list[str] = []

    def show(self, key: str) -> None:
        self.keys.append(key)


def test_whoever_shows_a_key_hears_of_another_and_may_go(settings: Settings) -> None:
    keymap, stays, goes = keymap_of(settings), Shown(), Shown()
    keymap.bind("play", stays.show)
    keymap.bind("play", goes.show)
    del goes
    keymap.assign("play", "F9")
    assert stays.keys == ["Space", "F9"]

"""What is going on: the last thing is shown, each ends by itself, and only what takes its time is seen at all."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from viewer.look.theme import ThemeManager
from viewer.widgets.busy import Busy


@pytest.fixture
def stopped() -> list[str]:
    return []


@pytest.fixture
def busy(look: ThemeManager, qtbot: QtBot) -> Busy:
    busy = Busy(look)
    qtbot.addWidget(busy)
    return busy


def test_the_last_thing_is_shown_and_the_one_before_it_when_that_is_over(
    busy: Busy, qtbot: QtBot, stopped: list[str]
) -> None:
    bar = busy.findChild(QProgressBar)
    busy.begin("a", "Attaching", lambda: stopped.append("a"))
    busy.report("a", 8, 20)
    qtbot.waitUntil(busy.isVisible)
    assert (busy.text(), bar.value(), bar.maximum()) == ("Attaching", 8, 20)
    busy.begin("b", "Opening", lambda: stopped.append("b"))
    assert (busy.text(), bar.maximum()) == ("Opening", 0)
    busy.report("a", 9, 20)
    assert busy.text() == "Opening"
    busy.cancel_button.click()
    assert stopped == ["b"]
    assert busy.isVisible()
    assert (busy.text(), bar.value()) == ("Attaching", 9)
    busy.end("b")
    assert busy.isVisible()
    busy.end("a")
    assert not busy.isVisible()


def test_what_ends_late_does_not_end_another(busy: Busy, qtbot: QtBot, stopped: list[str]) -> None:
    seen: list[bool] = []
    busy.seen.connect(seen.append)
    busy.begin("a", "First", lambda: stopped.append("a"))
    busy.begin("b", "Second", lambda: stopped.append("b"))
    busy.end("a")
    busy.end("a")
    busy.report("a", 1, 2)
    qtbot.waitUntil(busy.isVisible)
    assert busy.text() == "Second"
    busy.end("b")
    assert seen == [True, False]


def test_it_is_told_when_it_is_seen_and_once(look: ThemeManager, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a window that is still being built nobody hears anything."""
    told: list[str] = []
    monkeypatch.setattr("viewer.widgets.busy.announce", lambda _widget, text: told.append(text))
    window = QWidget()
    qtbot.addWidget(window)
    busy = Busy(look)
    QVBoxLayout(window).addWidget(busy)
    busy.begin("a", "Reading", None, at_once=True)
    assert told == []
    window.show()
    qtbot.waitExposed(window)
    assert told == ["Reading"]
    busy.report("a", 1, 2)
    assert told == ["Reading"]


def test_what_is_over_at_once_is_never_seen(busy: Busy, qtbot: QtBot) -> None:
    seen: list[bool] = []
    busy.seen.connect(seen.append)
    busy.begin("a", "Quick", lambda: None)
    busy.end("a")
    qtbot.wait(400)
    assert True not in seen


def test_what_cannot_be_stopped_offers_no_stop(qtbot: QtBot, look: ThemeManager) -> None:
    busy = Busy(look)
    qtbot.addWidget(busy)
    stopped: list[str] = []
    busy.begin("undo", "Undoing: import of a table", None)
    qtbot.waitUntil(busy.isVisible)
    assert busy.text() == "Undoing: import of a table"
    assert busy.cancel_button.isHidden()
    busy.begin("export", "Exporting", lambda: stopped.append("export"))
    assert not busy.cancel_button.isHidden()
    busy.cancel_button.click()
    assert stopped == ["export"]
    assert busy.cancel_button.isHidden()
    busy.end("undo")
    assert busy.isHidden()

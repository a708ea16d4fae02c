"""What is said of changes: of which step, and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.edits import add_event
from db.errors import EnvironmentFault
from tests.helpers.desk import make_desk
from tests.helpers.project import small_project
from viewer.core import data as data_module
from viewer.core.desk import Desk
from viewer.core.loading import Fresh


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    store = small_project(tmp_path / "small.gpkg", seal=True)
    store.close()
    made = make_desk(store.path, tmp_path)
    yield made
    made.close()


def test_an_undo_is_told_of_by_its_own_name_and_when_it_is_seen(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle() -> None:
        qtbot.waitUntil(lambda: desk.jobs.idle)

    event = desk.data.ref(1)
    title = desk.data.loaded.titles[1]
    desk.commands.set_title(event, "First")
    settle()
    desk.commands.set_date(event, "2015")
    settle()
    told: list[tuple[str, str, int]] = []
    began: list[str] = []
    desk.messages.said.connect(
        lambda message: told.append((message.text, desk.data.loaded.titles[1], desk.data.loaded.stamp))
    )
    desk.jobs.long_began.connect(lambda _progress, label, _cancel: began.append(label))
    stamp = desk.data.loaded.stamp

    desk.commands.undo()
    desk.commands.undo()
    desk.commands.undo()
    settle()
    assert began == ["Undoing: change date", "Undoing: rename event", "Undoing"], "each knows what it is about"
    assert [text for text, *_rest in told] == ["Undone: change date", "Undone: rename event", "Nothing to undo"]
    assert told[0][2] > stamp
    assert told[1][1:] == (title, stamp + 2)

    # Where what is on disk cannot be read, it is said all the same.
    def unreadable(*_given: object) -> Fresh:
        raise EnvironmentFault("The project cannot be read.")

    told.clear()
    monkeypatch.setattr(data_module, "reload", unreadable)
    desk.commands.redo()
    qtbot.waitUntil(lambda: any(text == "Redone: rename event" for text, *_rest in told))


def test_an_undo_chooses_the_one_event_that_it_changed_and_no_other(desk: Desk, qtbot: QtBot) -> None:
    def settle() -> None:
        qtbot.waitUntil(lambda: desk.jobs.idle)

    first, second = desk.data.ref(1), desk.data.ref(2)
    desk.commands.select([second], "test")
    desk.commands.set_title(first, "First")
    settle()
    desk.commands.undo()
    settle()
    assert desk.state.view.selection == {first}

    desk.commands.select([second], "test")
    desk.commands.delete_events([1, 3])
    settle()
    desk.commands.undo()
    settle()
    assert desk.state.view.selection == {second}, "of several none stands out"

    with desk.data.store.step("Add") as session:
        add_event(session, "One more", kind_id=1)
    settle()
    desk.commands.undo()
    settle()
    assert desk.state.view.selection == {second}, "what is gone cannot be chosen"

"""Work in steps: some at a time, events in between, and nothing of what is not wanted any more."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from viewer.core import turns
from viewer.core.turns import Turns


@pytest.fixture
def ended() -> list[str]:
    return []


@pytest.fixture
def work(ended: list[str], qtbot: QtBot) -> Turns:
    return Turns(lambda: ended.append("done"))


def steps(taken: list[int], count: int, took: float = 0.0) -> Iterator[None]:
    for number in range(count):
        time.sleep(took)
        taken.append(number)
        yield


def test_what_takes_no_time_is_over_at_once(work: Turns, ended: list[str]) -> None:
    taken: list[int] = []
    work.start(steps(taken, 50))
    assert (len(taken), ended, work.active) == (50, ["done"], False)


def test_between_the_turns_events_are_handled(
    work: Turns, ended: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_S", 0.0)
    taken: list[int] = []
    seen: list[int] = []
    beat = QTimer(interval=0)
    beat.timeout.connect(lambda: seen.append(len(taken)))
    beat.start()
    work.start(steps(taken, 6, took=0.001))
    assert (taken, ended, work.active) == ([0, 1], [], True)
    qtbot.waitUntil(lambda: bool(ended))
    beat.stop()
    assert taken == list(range(6))
    assert set(seen) >= {2, 3, 4, 5}
    assert not work.active


def test_a_turn_takes_as_many_steps_as_there_is_time_for(work: Turns, monkeypatch: pytest.MonkeyPatch) -> None:
    turns_s, now = turns.TURN_S, iter(range(100))
    monkeypatch.setattr(turns.time, "perf_counter", lambda: next(now))
    monkeypatch.setattr(turns, "TURN_S", 3.5)
    taken: list[int] = []
    work.start(steps(taken, 20))
    assert taken == [0, 1, 2, 3, 4], "the first is not counted, and then four"
    assert 0.002 < turns_s < 0.017, "events are handled between two frames"


def test_new_work_takes_the_place_of_what_is_left(
    work: Turns, ended: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_S", 0.0)
    first: list[int] = []
    second: list[int] = []
    work.start(steps(first, 5, took=0.001))
    work.start(steps(second, 3, took=0.001))
    qtbot.waitUntil(lambda: not work.active)
    assert (first, second, ended) == ([0, 1], [0, 1, 2], ["done"])


def test_what_is_stopped_is_not_gone_on_with(
    work: Turns, ended: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_S", 0.0)
    taken: list[int] = []
    work.start(steps(taken, 5, took=0.001))
    work.stop()
    assert not work.active
    qtbot.wait(20)
    assert (taken, ended) == ([0, 1], [])


def test_after_a_fault_nothing_is_left_to_do(work: Turns, ended: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "TURN_S", 0.0)

    def failing(at: int) -> Iterator[None]:
        for _number in range(at):
            time.sleep(0.001)
            yield
        raise MemoryError

    for at in (0, 1):
        with pytest.raises(MemoryError):
            work.start(failing(at))
        assert not work.active
    work.start(failing(3))  # two of them at once
    assert work.active
    work._take()
    assert work.active
    with pytest.raises(MemoryError):
        work._take()
    assert not work.active
    work.start(steps([], 1))
    assert ended == ["done"]

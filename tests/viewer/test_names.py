"""The names that events have several of, against the plainest way of listing, sorting and finding them."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from db.tables import Actor, ClaimActor
from tests.helpers.desk import make_desk
from tests.helpers.project import small_project
from viewer.models.names import NOTHING, EventNames, names_of
from viewer.models.quantities import LAST
from viewer.views.table.columns import Column, remembered

NAMES = ["Ägypten", "army", "Zebra", "قوات سوريا", "Border guard", "Army"]


def test_texts_ranks_and_words_are_those_of_sorted_lists() -> None:
    chance = random.Random(3)
    pairs = [(chance.randrange(1, 60), chance.randrange(len(NAMES))) for _ in range(120)]
    by_event: dict[int, list[str]] = {}
    for event, key in pairs:
        by_event.setdefault(event, []).append(NAMES[key])
    lists = {e: sorted(set(found), key=lambda name: (name.casefold(), name)) for e, found in by_event.items()}
    made = names_of(np.array([e for e, _ in pairs], np.int64), np.array([k for _, k in pairs], np.int64), NAMES)
    every = list(range(70))
    assert [made.text(event) for event in every] == [", ".join(lists.get(event, ())) for event in every]
    for word, found in (("agypten", "Ägypten"), ("guard", "Border guard"), ("سوريا", "قوات سوريا")):
        assert made.with_word(word).tolist() == [event for event in every if found in lists.get(event, ())]
    assert made.with_word("nowhere").tolist() == []
    ranks = made.ranks_of(np.array(every))
    assert [event for event in every if ranks[event] == LAST] == [event for event in every if event not in lists]
    alphabet = sorted(NAMES, key=lambda name: (name.casefold(), name))
    firsts = {event: [alphabet.index(name) for name in found[:3]] for event, found in lists.items()}
    in_order = sorted(lists, key=lambda event: (firsts[event], event))
    assert sorted(lists, key=lambda event: (int(ranks[event]), event)) == in_order


def test_nothing_has_no_names() -> None:
    assert names_of(np.empty(0, np.int64), np.empty(0, np.int64), []) is NOTHING
    assert NOTHING.text(5) == ""
    assert NOTHING.with_word("x").tolist() == []
    assert NOTHING.ranks_of(np.array([1, 2])).tolist() == [LAST, LAST]


def test_hidden_columns_are_read_back_as_far_as_they_make_sense() -> None:
    assert remembered(["tags", "claims", "colour", "title", ""]) == {Column.TAGS, Column.CLAIMS}


def test_what_is_left_of_names_without_some_events() -> None:
    made = names_of(np.array([1, 1, 2, 4, 4]), np.array([0, 1, 1, 2, 0]), ["a", "b", "c"])
    left = made.without(np.array([2, 9, 1]))
    assert [left.text(event) for event in range(6)] == ["", "", "", "", "a, c", ""]
    assert left.with_word("b").tolist() == []
    assert left.ranks_of(np.array([1, 4])).tolist() == [LAST, made.ranks_of(np.array([4]))[0]]


def test_what_a_hidden_source_names_is_gone_before_the_names_are_read_anew(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = small_project(tmp_path / "small.gpkg")
    with store.step("Actors") as session:
        for number, name, claim in ((1, "Army", 1), (2, "Guard", 2), (3, "Navy", 4)):
            session.add(Actor(id=number, name=name))
            session.flush()
            session.add(ClaimActor(claim_id=claim, actor_id=number))
    store.close()
    desk = make_desk(store.path, tmp_path)
    names = EventNames(desk.data, desk.data)
    with qtbot.waitSignal(names.changed):
        names.want(True)
    assert [names.actors.text(event) for event in (1, 2, 3)] == ["Army, Guard", "", "Navy"]
    (uid,) = (row.uid for row in desk.data.loaded.sources.values() if row.id == 2)
    with qtbot.waitSignal(desk.data.changed):
        desk.commands.toggle_source(uid)
    with monkeypatch.context() as slow:
        slow.setattr(desk.data, "ask", lambda *_question: None)
        with qtbot.waitSignal(names.changed):
            names.refresh()
    assert [names.actors.text(event) for event in (1, 2, 3)] == ["", "", "Navy"]
    names = EventNames(desk.data, desk.data)
    with qtbot.waitSignal(names.changed):
        names.want(True)
    assert [names.actors.text(event) for event in (1, 2, 3)] == ["Army", "", "Navy"]
    with qtbot.waitSignal(desk.data.changed):
        desk.commands.toggle_source(uid)
    with qtbot.waitSignal(names.changed):
        names.refresh()
    assert [names.actors.text(event) for event in (1, 2, 3)] == ["Army, Guard", "", "Navy"]
    desk.close()

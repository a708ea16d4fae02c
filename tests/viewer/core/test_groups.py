"""Events by actor, source, place, status and tag, against plain loops over the claims in the file."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import edtf
from db.displayed import span_columns
from db.queries import STATUS_CODES
from db.store import Store
from db.tables import Actor, Claim, ClaimActor, Event, Place, Source
from db.templates import CONFLICT, add_kinds
from db.values import Status
from viewer.core import groups
from viewer.core.grouping import Grouping
from viewer.core.groups import NONE, OTHERS, Group, Groups, Label, group
from viewer.core.loading import Fresh, load, look_through, prepare
from viewer.core.parts import Parts
from viewer.core.state import Filters

SOURCES = 5
ACTORS = 60
TAGS = ("بغداد", "border", "night", "urban", "~none")
SAID = {
    None: (), " ": (), "Herald": ("Herald",), "Herald; وكالة": ("Herald", "وكالة"),
    "https://www.Times.invalid/a?b": ("times.invalid",), "http://times.invalid/c;d": ("times.invalid",),
    "HTTP://a.invalid/x; b": ("a.invalid", "b"),
    '"Bee; Co"; ~none': ("Bee; Co", "~none"),
}  # fmt: skip
COUNTRIES = ("IQ", "SY", None)


def build(path: Path, events: int = 160, *, places: int = 12, seed: int = 3) -> Store:
    """Events with one to three claims by some sources or by nobody; actors, tags and places as chance has it."""
    chance = random.Random(seed)
    store = Store.create(path, "Grouped")
    add_kinds(store, CONFLICT)
    with store.step("Set up") as session:
        session.add_all(Source(id=n, title=f"Source {n}", position=SOURCES - n) for n in range(1, SOURCES + 1))
        session.add_all(Actor(id=n, name="القوات" if n == 1 else f"Actor {n}") for n in range(1, ACTORS + 1))
        session.add_all(
            Place(id=n, name=f"Place {n}", country=COUNTRIES[n % 3], admin1=f"Province {n % 7}" if n % 5 else None)
            for n in range(1, places + 1)
        )
        session.flush()
        for n in range(1, events + 1):
            tags = chance.sample(TAGS, chance.choice((0, 0, 1, 2)))
            text = json.dumps(tags) if tags else chance.choice((None, "[]", "not a list"))
            session.add(Event(id=n, kind_id=chance.choice((None, 1, 2, 3)), tags=text))
            session.flush()
            for _ in range(chance.choice((1, 1, 2, 3))):
                status = chance.choice(list(Status)).value
                source, place = (
                    chance.choice((None, *range(1, SOURCES + 1))),
                    chance.choice((None, *range(1, places + 1))),
                )
                claim = Claim(event_id=n, source_id=source, place_id=place, title=f"Event {n}", status=status)
                claim.attributed_to = chance.choice(list(SAID))
                if chance.random() < 0.85:
                    span = edtf.parse(f"{chance.randint(2014, 2017)}-{chance.randint(1, 12):02d}")
                    claim.edtf, claim.time_shape = span.edtf, span.shape.value
                    for name, value in span_columns(span).items():
                        setattr(claim, name, value)
                session.add(claim)
                session.flush()
                for actor in {1 + int(ACTORS * chance.random() ** 2) for _ in range(chance.choice((0, 1, 2, 4)))}:
                    session.add(ClaimActor(claim_id=claim.id, actor_id=actor, role=chance.choice(("acts", "target"))))
    return store


@dataclass
class Opened:
    """A project's readers and what is read of it with some sources hidden, read once each."""

    connection: Connection
    sources: list[str]
    read: dict[frozenset[str], Fresh]

    def fresh(self, hidden: frozenset[str]) -> Fresh:
        if hidden not in self.read:
            whole = prepare(load(self.connection))
            self.read[hidden] = look_through(self.connection, whole, hidden) if hidden else whole
        return self.read[hidden]


def opened(store: Store) -> Iterator[Opened]:
    with closing(store), closing(store.reader()) as connection:
        uids = [uid for (uid,) in connection.execute("SELECT uid FROM source ORDER BY id")]
        yield Opened(connection, uids, {})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    yield from opened(build(tmp_path_factory.mktemp("groups") / "groups.gpkg"))


def plain(project: Opened, fresh: Fresh, grouping: Grouping) -> dict[int, set[str]]:
    """What each event (id) is grouped by, by one look at each row of the file."""
    con = project.connection
    hidden = fresh.loaded.hidden_ids
    found: dict[int, set[str]] = defaultdict(set)
    uids = {kind: dict(con.execute(f"SELECT id, uid FROM {kind}")) for kind in ("kind", "actor", "source", "place")}
    columns = fresh.index.columns
    for row, event in enumerate(columns.id.tolist()):
        mine = found[event]
        if grouping is Grouping.KIND and columns.kind[row]:
            mine.add(uids["kind"][int(columns.kind[row])])
        elif grouping is Grouping.STATUS:
            mine.add(str(STATUS_CODES[columns.status[row]]))
        elif grouping is Grouping.PLACE and columns.place[row]:
            mine.add(uids["place"][int(columns.place[row])])
        elif grouping is Grouping.TAG:
            (text,) = con.execute("SELECT tags FROM event WHERE id = ?", (event,)).fetchone()
            mine.update(f"#{tag}" for tag in (json.loads(text) if text and text.startswith("[") else ()))
        for claim, source in con.execute("SELECT id, source_id FROM claim WHERE event_id = ?", (event,)).fetchall():
            if source in hidden:
                continue
            if grouping is Grouping.SOURCE and source is not None:
                mine.add(uids["source"][source])
            if grouping is Grouping.ATTRIBUTION:
                (text,) = con.execute("SELECT attributed_to FROM claim WHERE id = ?", (claim,)).fetchone()
                mine.update(f"@{name}" for name in SAID[text])
            if grouping is Grouping.ACTOR:
                actors = con.execute("SELECT actor_id FROM claim_actor WHERE claim_id = ?", (claim,))
                mine.update(uids["actor"][actor] for (actor,) in actors.fetchall())
    return found


def folded(found: dict[int, set[str]], names: dict[str, str], most: int) -> dict[str, set[int]]:
    """Events by key, the largest ``most`` apart where there are more than one besides."""
    events: dict[str, set[int]] = defaultdict(set)
    for event, keys in found.items():
        for key in keys or {NONE}:
            events[key].add(event)
    sizes = sorted((key for key in events if key != NONE), key=lambda key: (-len(events[key]), names[key], key))
    if len(sizes) > most + 1:
        for key in sizes[most:]:
            events[OTHERS] |= events.pop(key)
    return events


chosen = st.builds(
    Filters,
    hidden_statuses=st.frozensets(st.sampled_from(list(Status)), max_size=3),
    only=st.frozensets(st.sampled_from(("disagreeing", "vague_date")), max_size=1),
)


@settings(max_examples=90, deadline=None)
@given(st.sampled_from(list(Grouping)), st.frozensets(st.integers(0, SOURCES - 1)), chosen, st.sampled_from((2, 4, 40)))
def test_each_lane_has_what_a_plain_look_finds(
    project: Opened, grouping: Grouping, hidden: frozenset[int], filters: Filters, most: int
) -> None:
    fresh = project.fresh(frozenset(project.sources[at] for at in hidden))
    index = fresh.index
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "MOST_GROUPS", 40 if grouping is Grouping.PLACE else most)
        got = group(project.connection, fresh.loaded, index, grouping)
    index.apply(filters)
    names = {each.key: each.label.name.casefold() for each in got.groups}
    if grouping in (Grouping.ACTOR, Grouping.TAG):
        rows = [*fresh.loaded.actors.values()]
        names |= {row.uid: row.name.casefold() for row in rows} | {f"#{tag}": tag for tag in TAGS}
    if grouping is Grouping.ATTRIBUTION:
        names |= {f"@{name}": name.casefold() for each in SAID.values() for name in each}
    if grouping in (Grouping.SOURCE, Grouping.STATUS):
        names |= dict.fromkeys((*project.sources, *map(str, Status)), "")
    limit = most if grouping not in (Grouping.KIND, Grouping.PLACE) else 40
    wanted = folded(plain(project, fresh, grouping), names, limit)
    assert {each.key for each in got.groups if each.total} == set(wanted)
    shown = set(index.columns.id[index.shown].tolist())
    dated = set(index.columns.id[index.columns.dated].tolist())
    counts = got.parts.shown(index.shown)
    for each in got.groups:
        mine = wanted.get(each.key, set())
        assert each.total == len(mine)
        if each.part is None:
            assert not mine
            continue
        assert counts[each.part] == len(mine & shown)
        stops = got.parts.stops(each.part, index.shown)
        assert sorted(index.columns.id[stops.rows].tolist()) == sorted(mine & shown & dated)
        assert stops.bests.tolist() == sorted(index.columns.best[stops.rows].tolist())
        assert len(stops) == len(stops.rows)
        assert all(each.part in got.parts.of_row(index.row_of(event) or 0) for event in mine)


def test_hidden_sources_leave_no_trace_among_the_groups(project: Opened) -> None:
    """What only they name is not there, not even empty."""
    everything = project.fresh(frozenset())
    before = set(group(project.connection, everything.loaded, everything.index, Grouping.SOURCE).keys())
    assert before == {*project.sources, NONE}
    fresh = project.fresh(frozenset(project.sources))
    left = {
        grouping: group(project.connection, fresh.loaded, fresh.index, grouping).keys()
        for grouping in (Grouping.ACTOR, Grouping.SOURCE)
    }
    assert left[Grouping.SOURCE] == [NONE]
    own = "SELECT DISTINCT a.uid FROM actor a JOIN claim_actor c ON c.actor_id = a.id JOIN claim m ON m.id = c.claim_id"
    mine = {uid for (uid,) in project.connection.execute(f"{own} WHERE m.source_id IS NULL")}
    assert set(left[Grouping.ACTOR]) - {NONE, OTHERS} <= mine
    assert mine


def test_very_many_places_are_provinces_or_countries(tmp_path: Path) -> None:
    for case in opened(build(tmp_path / "many.gpkg", places=150)):
        fresh = case.fresh(frozenset())
        got = group(case.connection, fresh.loaded, fresh.index, Grouping.PLACE)
        names = [each.label.name for each in got.groups]
        assert {"Iraq", "Syria"} <= set(names)  # provinces with what has none would still be too many
        assert len(names) <= groups.MOST_GROUPS + 2
        columns = fresh.index.columns
        country = {row.id: row.country for row in fresh.loaded.places.values()}
        iraq = sum(country.get(int(place)) == "IQ" for place in columns.place)
        assert next(each.total for each in got.groups if each.label.name == "Iraq") == iraq
        assert sum(each.total for each in got.groups) == fresh.index.n  # each has one place at the most


def test_few_places_stand_for_themselves_and_actors_by_their_number(project: Opened) -> None:
    fresh = project.fresh(frozenset())
    places = group(project.connection, fresh.loaded, fresh.index, Grouping.PLACE)
    assert {each.label.name for each in places.groups} == {*(f"Place {n}" for n in range(1, 13)), "No place"}
    actors = group(project.connection, fresh.loaded, fresh.index, Grouping.ACTOR).groups
    assert actors[0].label.name == "القوات"  # the one most often named
    totals = [each.total for each in actors[:-2]]
    assert totals == sorted(totals, reverse=True)
    assert [each.key for each in actors[-2:]] == [OTHERS, NONE]
    (named,) = project.connection.execute("SELECT count(DISTINCT actor_id) FROM claim_actor").fetchone()
    assert actors[-2].label.name == f"All others ({named - groups.MOST_GROUPS})"


def test_kinds_without_any_event_stand_last_unless_they_were_carried(tmp_path: Path) -> None:
    store = build(tmp_path / "kinds.gpkg", events=20)
    with store.step("Empty the first") as session:
        session.connection().exec_driver_sql("UPDATE event SET kind_id = 5 WHERE kind_id IN (1, 3)")
    for case in opened(store):
        fresh = case.fresh(frozenset())
        rows = sorted(fresh.loaded.kinds.values(), key=lambda each: each.position)
        of = {row.id: row.uid for row in rows}
        got = group(case.connection, fresh.loaded, fresh.index, Grouping.KIND)
        empty = [row.uid for row in rows if row.id not in (2, 5)]
        assert empty[0] == of[1]
        assert got.keys() == [of[2], of[5], *empty, NONE]
        assert [each.total > 0 for each in got.groups] == [True, True, *(False for _each in empty), True]
        assert [each.key for each in got.arranged([of[3], of[5]])][:3] == [of[3], of[5], of[2]]


def test_an_order_of_ones_own_leaves_what_it_does_not_name_behind() -> None:
    parts: Any = Parts.__new__(Parts)
    keys = ["a", "b", "c", "d", OTHERS, NONE]
    made = Groups(Grouping.TAG, tuple(Group(Label(key), None, 0) for key in keys), parts)
    arranged = [each.key for each in made.arranged(["d", "gone", "b"])]
    assert arranged == ["d", "b", "a", "c", OTHERS, NONE]
    assert [each.key for each in made.arranged([])] == keys


def test_rows_of_ids(project: Opened) -> None:
    index = project.fresh(frozenset()).index
    ids = np.array([0, *index.columns.id.tolist(), 10**9], np.int64)
    assert index.rows_of(ids).tolist() == [-1, *range(index.n), -1]

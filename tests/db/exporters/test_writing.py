"""How a file comes to be: whole or not at all, never in place of a project, and without a trace of hidden sources."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db import edits, edtf, exporters
from db.errors import EnvironmentFault, InputFault
from db.exporters import PROTECTED, export_events, rows
from db.store import Store
from db.tables import Actor, Claim, ClaimActor, Source
from tests.helpers.exports import FORMATS, displayed, read
from tests.helpers.generate import generate


@pytest.fixture
def con(store: Store) -> Iterator[sqlite3.Connection]:
    with closing(store.reader()) as con:
        yield con


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("many") / "many.gpkg", 3 * rows.CHUNK)


class Stop(Exception):
    pass


# What is refused


@pytest.mark.parametrize("name", ["events", "events.txt", "events.csv.gz", ".csv"])
def test_an_unknown_ending_is_refused(con: sqlite3.Connection, out: Path, name: str):
    with pytest.raises(InputFault, match=r"\.csv, \.geojson, \.kml, \.kmz or \.gpkg"):
        export_events(con, out / name)
    assert list(out.iterdir()) == []


def test_endings_may_be_capitals(con: sqlite3.Connection, out: Path):
    assert export_events(con, out / "EVENTS.CSV") == 3


def test_a_file_is_not_replaced_unless_asked(con: sqlite3.Connection, out: Path):
    target = out / "events.csv"
    target.write_text("mine")
    with pytest.raises(InputFault, match=r"already a file events\.csv"):
        export_events(con, target)
    assert target.read_text() == "mine"
    assert export_events(con, target, overwrite=True) == 3
    assert len(read(target)) == 3
    assert list(out.iterdir()) == [target]


def test_a_project_is_never_replaced(con: sqlite3.Connection, store: Store, out: Path):
    other = out / "other.gpkg"
    shutil.copyfile(store.path, other)
    before = other.read_bytes()
    with pytest.raises(InputFault, match=r"other\.gpkg is a Dateline project"):
        export_events(con, other, overwrite=True)
    with pytest.raises(InputFault, match="the project itself"):
        export_events(con, store.path, overwrite=True)
    assert other.read_bytes() == before
    assert list(out.iterdir()) == [other]
    (out / "export.gpkg").write_bytes(b"")
    assert export_events(con, out / "export.gpkg", overwrite=True) == 3
    assert export_events(con, out / "export.gpkg", overwrite=True) == 3


def test_folders_are_named_as_what_they_are(con: sqlite3.Connection, out: Path):
    (out / "folder.csv").mkdir()
    with pytest.raises(InputFault, match=r"folder.csv is a folder"):
        export_events(con, out / "folder.csv", overwrite=True)
    with pytest.raises(InputFault, match=r"no folder .*missing"):
        export_events(con, out / "missing" / "events.csv")


def test_a_byte_order_mark_is_for_csv(con: sqlite3.Connection, out: Path):
    with pytest.raises(InputFault, match="byte order mark"):
        export_events(con, out / "events.kml", bom=True)
    assert list(out.iterdir()) == []


# Whole or not at all


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("there", [False, True], ids=["new", "replaced"])
def test_what_is_stopped_leaves_nothing(many: Path, out: Path, suffix: str, there: bool):
    target = out / f"events{suffix}"
    if there:
        target.write_bytes(b"mine")
    seen: list[list[Path]] = []

    def stop(done: int, _total: int) -> None:
        if done >= 2 * rows.CHUNK:
            seen.append(list(out.iterdir()))
            raise Stop

    store = Store.open(many, read_only=True)
    with closing(store.reader()) as con, pytest.raises(Stop):
        export_events(con, target, stop, overwrite=there)
    store.close()
    assert len(seen[0]) == 1 + there, "it was being written beside the target"
    assert list(out.iterdir()) == ([target] if there else [])
    assert not there or target.read_bytes() == b"mine"


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_full_disk_is_told_and_leaves_nothing(many: Path, out: Path, suffix: str):
    resource = pytest.importorskip("resource", reason="no such limits here")
    store = Store.open(many, read_only=True)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with closing(store.reader()) as con:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
        try:
            with pytest.raises(EnvironmentFault, match=rf"^events{suffix} could not be written: .*another place\.$"):
                export_events(con, out / f"events{suffix}")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    store.close()
    assert list(out.iterdir()) == []


def test_how_far_it_is(many: Path, out: Path):
    heard: list[tuple[int, int]] = []
    store = Store.open(many, read_only=True)
    with closing(store.reader()) as con:
        total = 3 * rows.CHUNK
        assert export_events(con, out / "events.csv", lambda done, of: heard.append((done, of))) == total
    store.close()
    assert heard == [(done, total) for done in range(0, total + 1, rows.CHUNK)]


@pytest.mark.parametrize("suffix", [".csv", ".gpkg"])
def test_a_project_that_changes_meanwhile_is_read_from_one_state(many: Path, out: Path, suffix: str):
    """A step between two pieces adds an event at the beginning and renames one at the end."""
    path = Path(shutil.copy(many, out.parent / "copy.gpkg"))
    store = Store.open(path)
    changed = []

    def change(done: int, _total: int) -> None:
        if done == rows.CHUNK and not changed:
            changed.append(done)
            with store.step("Meanwhile") as session:
                edits.add_event(session, "First of all", when=edtf.parse("1900"))

    with closing(store.reader()) as con:
        count = export_events(con, out / f"events{suffix}", change)
        assert (changed, count) == ([rows.CHUNK], 3 * rows.CHUNK + 1)
        found = read(out / f"events{suffix}")
        assert found[0]["title"] == "First of all"
        assert len({event["uid"] for event in found}) == count
    store.close()


def test_a_project_that_never_rests_is_given_up(many: Path, out: Path):
    store = Store.open(Path(shutil.copy(many, out.parent / "copy.gpkg")))

    def change(done: int, _total: int) -> None:
        if done == rows.CHUNK:
            with store.step("Again") as session:
                edits.add_event(session, "Another")

    with closing(store.reader()) as con, pytest.raises(EnvironmentFault, match="changed again and again"):
        export_events(con, out / "events.csv", change)
    assert list(out.iterdir()) == []
    store.close()


def test_a_step_can_be_taken_while_a_piece_is_written(many: Path, out: Path):
    """The reader holds no transaction between two pieces."""
    store = Store.open(Path(shutil.copy(many, out.parent / "copy.gpkg")))
    with closing(store.reader()) as con:

        def check(_done: int, _total: int) -> None:
            assert not con.in_transaction

        export_events(con, out / "events.csv", check)
    store.close()


def test_a_damaged_project_is_told(con: sqlite3.Connection, store: Store, out: Path):
    store.close()
    with store.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (store.path.stat().st_size - 4096))
    with pytest.raises(EnvironmentFault, match=r"small\.gpkg is damaged"):
        export_events(con, out / "events.csv")
    assert list(out.iterdir()) == []


def test_more_than_a_plain_archive_holds_is_refused(
    con: sqlite3.Connection, out: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1_000)
    with pytest.raises(InputFault, match=r"too many events for KMZ.*\.kml or \.gpkg"):
        export_events(con, out / "events.kmz")
    assert list(out.iterdir()) == []
    assert export_events(con, out / "events.kml") == 3


# What is in it


@pytest.mark.parametrize("suffix", FORMATS)
def test_chosen_events_in_their_order(con: sqlite3.Connection, out: Path, suffix: str):
    target = out / f"events{suffix}"
    assert export_events(con, target, ids=[3, 1, 99]) == 2
    assert [event["title"] for event in read(target)] == ["A guess", "Mosul is entered"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_project_without_events(tmp_path: Path, out: Path, suffix: str):
    store = Store.create(tmp_path / "empty.gpkg", "Empty")
    with closing(store.reader()) as con:
        assert export_events(con, out / f"events{suffix}") == 0
    store.close()
    assert read(out / f"events{suffix}") == []


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("ids", [None, [1, 2, 3]], ids=["all", "chosen"])
def test_hidden_sources_leave_no_trace(
    con: sqlite3.Connection, store: Store, out: Path, suffix: str, ids: list[int] | None
):
    """The export is to the byte that of the project from which the hidden source was deleted."""
    name_people(store)
    hidden, deleted = out / f"hidden{suffix}", out / f"deleted{suffix}"
    assert export_events(con, hidden, hidden_sources=frozenset({2}), ids=ids) == 2
    assert sorted(event["uid"] for event in read(hidden)) == sorted(
        event["uid"] for event in displayed(con, frozenset({2}))
    )
    with store.step("Delete") as session:
        session.delete(session.get(Source, 2))
    assert export_events(con, deleted, ids=ids) == 2
    assert read(hidden) == read(deleted)
    if suffix not in (".gpkg", ".kmz"):  # these hold the time at which they were written
        assert hidden.read_bytes() == deleted.read_bytes()
    for word in (b"Gazette", b"Raqqa is entered", b"A statement", b"Militia", b"Whisperer"):
        assert word not in hidden.read_bytes()


def test_hiding_a_source_changes_what_the_sample_shows(many: Path, out: Path):
    store = Store.open(many, read_only=True)
    with closing(store.reader()) as con:
        hidden = frozenset({1, 4})
        count = export_events(con, out / "events.csv", hidden_sources=hidden)
        assert 0 < count < 3 * rows.CHUNK
        found = read(out / "events.csv")
        assert [event["title"] for event in found[:300]] == [event["title"] for event in displayed(con, hidden)[:300]]
        assert not any("Report 1" in str(event["sources"]) for event in found)
    store.close()


def test_a_protected_source_is_not_named(con: sqlite3.Connection, store: Store, out: Path):
    with store.step("Protect") as session:
        for number in (1, 2):
            source = session.get(Source, number)
            assert source is not None
            source.protected = 1
    for suffix in FORMATS:
        export_events(con, out / f"events{suffix}")
        assert {event["sources"] for event in read(out / f"events{suffix}")} == {PROTECTED, None}
        if suffix != ".kmz":
            assert b"Herald" not in (out / f"events{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
def test_actors_and_who_said_it_are_those_of_visible_supporting_claims(
    con: sqlite3.Connection, store: Store, out: Path, suffix: str
):
    name_people(store)

    def people(target: Path, hidden: frozenset[int] = frozenset()) -> dict[str, tuple[str | None, str | None]]:
        export_events(con, target, hidden_sources=hidden, overwrite=True)
        return {event["title"]: (event["actors"], event["attributed_to"]) for event in read(target)}

    target = out / f"events{suffix}"
    assert people(target) == {
        "Mosul is entered": ("الجيش; Army; Militia", "A colonel; Whisperer"),
        "A statement is made": ("Militia", "Whisperer"),
        "A guess": (None, None),
    }
    assert people(target, frozenset({2})) == {
        "Mosul is entered": ("الجيش; Army", "A colonel"),
        "A guess": (None, None),
    }
    with store.step("Dispute") as session:
        claim = session.get(Claim, 2)
        assert claim is not None
        claim.stance = "disputes"
    assert people(target)["Mosul is entered"] == ("الجيش; Army", "A colonel")


def test_who_said_it_is_left_out_where_the_claim_or_its_source_is_protected(
    con: sqlite3.Connection, store: Store, out: Path
):
    name_people(store)
    with store.step("Protect") as session:
        claim, source = session.get(Claim, 1), session.get(Source, 2)
        assert claim is not None
        assert source is not None
        claim.protected = source.protected = 1
    for suffix in FORMATS:
        target = out / f"events{suffix}"
        export_events(con, target)
        found = read(target)
        assert {event["attributed_to"] for event in found} == {None}
        assert {event["actors"] for event in found} == {"الجيش; Army; Militia", "Militia", None}
        if suffix != ".kmz":
            assert not any(word in target.read_bytes() for word in (b"colonel", b"Whisperer"))


def name_people(store: Store) -> None:
    """Actors and who said it in claim 1, of source 1, and in 2 and 3, of source 2; Army is in both of event 1."""
    with store.step("People") as session:
        for number, name in enumerate(("Army", "الجيش", "Militia"), 1):
            session.add(Actor(id=number, name=name))
        session.flush()
        for claim_id, actor_id in ((1, 2), (1, 1), (2, 3), (2, 1), (3, 3)):
            session.add(ClaimActor(claim_id=claim_id, actor_id=actor_id))
            session.flush()
        for claim_id, name in ((1, "A colonel"), (2, "Whisperer"), (3, "Whisperer")):
            claim = session.get(Claim, claim_id)
            assert claim is not None
            claim.attributed_to = name


def test_every_format_has_its_words():
    assert tuple(exporters.FORMATS) == FORMATS

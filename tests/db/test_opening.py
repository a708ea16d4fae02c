"""Every way in which a file can be wrong is told in a plain sentence, and nothing of it is changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import opening, queries, safety
from db.errors import EnvironmentFault
from db.header import HeaderWatch, read_header
from db.store import Store
from tests.helpers.project import small_project

LATER = "later version of Dateline"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "sound.gpkg"
    small_project(path, seal=True).close()
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path / "project.gpkg"))


@pytest.fixture
def untouched(path: Path) -> Iterator[None]:
    """The file and its folder are byte for byte what the test made of them, when it calls for that."""
    yield
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def assert_refused(path: Path, words: str) -> None:
    """Opening is refused with a sentence that has ``words``, and the file is as it was."""
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(EnvironmentFault, match=words) as caught:
            Store.open(path, read_only=read_only)
        assert path.name in str(caught.value)
        assert str(caught.value).endswith(".")
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def change(path: Path, *statements: str) -> None:
    """Change the file without a trace in its stamp, as a hostile or later program may."""
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("BEGIN")
    for statement in statements:
        con.execute(statement)
    con.execute("COMMIT")
    con.execute("UPDATE app_meta SET value = ? WHERE key = 'change_counter'", (_counter(path) + 1,)) if _meta(
        con
    ) else None
    con.close()


def _meta(con: sqlite3.Connection) -> bool:
    return con.execute("SELECT 1 FROM sqlite_master WHERE name = 'app_meta'").fetchone() is not None


def _counter(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[24:28], "big")


@pytest.mark.parametrize("raw", [b"%PDF-1.7 and more", b"x" * 5_000, "Mosul, 28 Nov".encode("utf-16")])
def test_a_file_of_another_sort(tmp_path: Path, raw: bytes):
    path = tmp_path / "some.gpkg"
    path.write_bytes(raw)
    assert_refused(path, "not a Dateline project")


def test_an_empty_file(tmp_path: Path):
    path = tmp_path / "some.gpkg"
    path.touch()
    assert_refused(path, "is empty")


def test_no_file_and_a_folder(tmp_path: Path):
    for _ in range(2):
        with pytest.raises(EnvironmentFault, match="no file"):
            Store.open(tmp_path / "nothing.gpkg")
    with pytest.raises(EnvironmentFault, match="folder"):
        Store.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_no_geopackage(tmp_path: Path):
    path = tmp_path / "some.db"
    con = sqlite3.connect(path)
    con.execute("CREATE TABLE t (x)")
    con.close()
    assert_refused(path, "is a database, but not a Dateline project")


def test_a_geopackage_that_is_no_project(path: Path):
    change(path, "DROP TABLE app_meta")
    assert_refused(path, "is a GeoPackage, but")


def test_a_project_of_a_later_version_that_may_be_read(path: Path):
    change(path, "UPDATE app_meta SET value = '9' WHERE key IN ('schema_version', 'min_writer')",
           "ALTER TABLE event ADD COLUMN later TEXT CHECK (later <> 'x')", "CREATE TABLE later (x)")  # fmt: skip
    before = path.read_bytes()
    store = Store.open(path)
    assert store.read_only
    assert LATER in str(store.read_only_reason)
    con = store.reader()
    assert len(queries.event_columns(con)) == 3
    con.close()
    with pytest.raises(EnvironmentFault, match=LATER), store.step("No"):
        pass
    with pytest.raises(EnvironmentFault, match=LATER):
        store.undo()
    assert store.undo_label is None
    store.close()
    assert path.read_bytes() == before


def test_a_project_of_a_later_version_that_cannot_be_read(path: Path):
    change(path, "UPDATE app_meta SET value = '9' WHERE key IN ('schema_version', 'min_reader', 'min_writer')")
    assert_refused(path, LATER)


def test_a_project_that_does_not_say_its_version(path: Path):
    change(path, "UPDATE app_meta SET value = 'x' WHERE key = 'schema_version'")
    assert_refused(path, "damaged")


@pytest.mark.parametrize("kept", [50, 100, 4_096, 4_097, 100_000])
def test_a_project_that_is_cut_short(path: Path, kept: int):
    raw = path.read_bytes()
    path.write_bytes(raw[:kept])
    assert_refused(path, "not a Dateline project" if kept < 100 else "damaged")


def test_a_zeroed_page(path: Path):
    raw = bytearray(path.read_bytes())
    raw[5 * 4096 : 6 * 4096] = bytes(4096)
    path.write_bytes(raw)
    assert_refused(path, "damaged")
    with pytest.raises(EnvironmentFault, match="damaged"):
        safety.quick_check(path)


def test_damage_never_ends_in_anything_but_a_sentence(path: Path, tmp_path: Path):
    import random

    chance = random.Random(5)
    raw = path.read_bytes()
    refused = 0
    for _ in range(120):
        damaged = bytearray(raw)
        start = chance.randrange(len(raw))
        for at in range(start, min(start + chance.choice((1, 8, 300)), len(raw))):
            damaged[at] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            store = Store.open(path)
        except EnvironmentFault:
            refused += 1
            assert path.read_bytes() == bytes(damaged)
            continue
        con = store.reader()
        try:
            queries.event_columns(con)
            queries.sources(con)
        except (sqlite3.DatabaseError, EnvironmentFault):
            pass
        con.close()
        store.close()
        path.with_name(path.name + "-journal").unlink(missing_ok=True)
    assert refused > 3


def test_a_file_that_may_only_be_read(path: Path, monkeypatch: pytest.MonkeyPatch):
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda target, mode: allowed(target, mode) and not (mode == os.W_OK and Path(target) == path)
    )
    before = path.read_bytes()
    store = Store.open(path)
    assert store.read_only
    assert store.read_only_reason == "project.gpkg is read-only: it can be looked at, and not changed."
    con = store.reader()
    assert queries.info(con)["events"] == 3
    con.close()
    store.close()
    assert path.read_bytes() == before


def test_a_folder_that_may_only_be_read(path: Path, monkeypatch: pytest.MonkeyPatch):
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda target, mode: allowed(target, mode) and not (mode == os.W_OK and Path(target).is_dir())
    )
    store = Store.open(path)
    assert "folder" in str(store.read_only_reason)
    store.close()


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="needs to mount a read-only folder")
def test_a_medium_that_cannot_be_written(path: Path, tmp_path: Path):
    target = tmp_path / "medium"
    target.mkdir()
    for wal in (False, True):
        if wal:
            con = sqlite3.connect(path)
            con.execute("PRAGMA journal_mode = WAL")
            con.close()
        shutil.copy(path, target / "project.gpkg")
        mount = ["mount", "--bind", str(target), str(target)]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("mounting is not allowed here")
        try:
            subprocess.run(["mount", "-o", "remount,ro,bind", str(target)], check=True)
            store = Store.open(target / "project.gpkg")
            assert "read-only" in str(store.read_only_reason)
            con = store.reader()
            assert queries.info(con)["events"] == 3
            con.close()
            store.close()
        finally:
            subprocess.run(["umount", str(target)], check=True)


def test_a_file_that_another_program_keeps_in_wal_mode(path: Path):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("UPDATE place SET name = 'In the log' WHERE id = 1")
    store = Store.open(path)
    assert store.read_only
    assert "in use by another program" in str(store.read_only_reason)
    con = store.reader()
    assert con.execute("SELECT name FROM place WHERE id = 1").fetchone() == ("In the log",)
    con.close()
    store.close()
    other.close()
    store = Store.open(path)
    assert not store.read_only
    assert path.read_bytes()[18:20] == b"\1\1"
    store.close()


def test_a_file_that_another_program_has_locked(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "OPEN_BUSY_MS", 100)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(EnvironmentFault, match="locked by another program"):
        Store.open(path)
    other.execute("ROLLBACK")
    other.close()
    Store.open(path).close()


def test_a_transaction_cut_off_by_a_crash_is_taken_back(path: Path, tmp_path: Path):
    script = (
        "import os, sqlite3, sys\n"
        "con = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "con.execute('PRAGMA cache_size = 1'); con.execute('BEGIN')\n"
        "con.execute('UPDATE quote SET note = hex(zeroblob(200000))')\n"
        "con.execute('UPDATE place SET note = hex(zeroblob(200000))')\n"
        "os._exit(1)"
    )
    sound = path.read_bytes()
    for read_only in (True, False):
        subprocess.run([sys.executable, "-c", script, str(path)], check=False)
        assert path.with_name(path.name + "-journal").exists()
        assert path.read_bytes() != sound
        store = Store.open(path, read_only=read_only)
        con = store.reader()
        assert con.execute("SELECT count(*) FROM place WHERE note IS NOT NULL").fetchone() == (0,)
        con.close()
        store.close()
    safety.quick_check(path)


def test_quick_check_finds_a_sound_file_sound_and_can_be_given_up(path: Path):
    safety.quick_check(path)
    found: list[BaseException | None] = []

    def work() -> None:
        try:
            safety.quick_check(path, cancelled=lambda: True)
            found.append(None)
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [None]
    for raw, words in ((b"", "empty"), (b"text" * 100, "not a Dateline project")):
        path.write_bytes(raw)
        with pytest.raises(EnvironmentFault, match=words):
            safety.quick_check(path)
    path.unlink()
    with pytest.raises(EnvironmentFault):
        safety.quick_check(path)


def test_reading_the_header_does_not_drop_the_locks_of_a_step(path: Path):
    store = Store.open(path)
    script = (
        "import sqlite3, sys\n"
        "con = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)\n"
        "try:\n    con.execute('BEGIN IMMEDIATE'); print('got in')\n"
        "except sqlite3.OperationalError as error:\n    print(error)"
    )
    with store.step("Hold"):
        read_header(path)
        second = HeaderWatch(path)
        second.read()
        second.close()
        second.close()
        ran = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "database is locked"
    store.close()

"""What is kept of a large project serves exactly the file it was made from, and nothing else."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from db import edits
from db.queries import EventColumns
from db.store import Store
from tests.helpers.desk import make_desk
from tests.helpers.million import generate_many
from viewer.core import column_cache, data
from viewer.core.desk import Desk
from viewer.core.first import load_first
from viewer.core.loading import Fresh

EVENTS = 400


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(column_cache, "WORTH", EVENTS // 2)
    return generate_many(tmp_path / "many.gpkg", EVENTS)


def read(path: Path) -> tuple[Fresh, str | None]:
    store = Store.open(path)
    try:
        with closing(store.reader()) as reader:
            return load_first(reader, path, store.reader)
    finally:
        store.close()


def open_and_leave(path: Path, folder: Path) -> None:
    desk: Desk = make_desk(path, folder)
    desk.close()


def rename(path: Path, title: str) -> None:
    store = Store.open(path)
    try:
        with store.step("Rename event") as session:
            edits.set_event_title(session, 1, title)
    finally:
        store.close()


def same(one: Fresh, other: Fresh) -> None:
    for field in fields(EventColumns):
        left, right = getattr(one.loaded.columns, field.name), getattr(other.loaded.columns, field.name)
        assert left.dtype == right.dtype, field.name
        np.testing.assert_array_equal(left, right, field.name)
    assert one.loaded.titles == other.loaded.titles
    assert one.loaded.uids == other.loaded.uids
    assert one.loaded.sources == other.loaded.sources
    assert one.loaded.places == other.loaded.places
    assert any(row.claims for row in one.loaded.places.values())
    assert (one.index.by_best == other.index.by_best).all()
    assert (one.index.by_end == other.index.by_end).all()


def test_the_second_opening_takes_what_the_first_has_kept(project: Path, tmp_path: Path) -> None:
    plain, unkept = read(project)
    assert unkept is not None
    open_and_leave(project, tmp_path)
    kept, unkept = read(project)
    assert unkept is None
    same(plain, kept)
    uid = kept.loaded.uids[7]
    assert kept.loaded.uids.find(uid) == 7
    assert not kept.loaded.columns.earliest.flags.writeable


def test_after_a_change_the_old_columns_do_not_serve(project: Path, tmp_path: Path) -> None:
    open_and_leave(project, tmp_path)
    rename(project, "Another title")
    fresh, unkept = read(project)
    assert unkept is not None
    assert fresh.loaded.titles[1] == "Another title"


def test_what_was_changed_in_the_window_is_kept_as_it_is_left(project: Path, tmp_path: Path) -> None:
    desk = make_desk(project, tmp_path)
    desk.jobs.write(lambda: rename_in(desk.data.store, "Renamed here"))
    desk.jobs._writer.submit(lambda: None).result()
    desk.close()
    fresh, unkept = read(project)
    assert fresh.loaded.titles[1] == "Renamed here"
    plain, _state = read(project)
    same(fresh, plain)
    assert unkept is not None  # its news had not been read any more when it was left


def rename_in(store: Store, title: str) -> None:
    with store.step("Rename event") as session:
        edits.set_event_title(session, 1, title)


def test_another_file_in_the_same_place_is_read_itself(project: Path, tmp_path: Path) -> None:
    open_and_leave(project, tmp_path)
    other = tmp_path / "other.gpkg"
    shutil.copyfile(project, other)
    for path, title in ((project, "One"), (other, "Two")):  # two lives of one project: both at the same change
        rename(path, title)
    open_and_leave(project, tmp_path)
    other.replace(project)
    assert read(project)[0].loaded.titles[1] == "Two"


@pytest.mark.parametrize("name", ["head.json", "earliest.npy", "uids_block.npy"])
@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"no array", None])
@pytest.mark.parametrize("mapped", [0, 1 << 20])
def test_damaged_columns_are_passed_over(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, damage: bytes | None, mapped: int
) -> None:
    monkeypatch.setattr(column_cache, "MAPPED", mapped)
    open_and_leave(project, tmp_path)
    (place,) = column_cache.folder().iterdir()
    array = place / f"{name}"
    body = bytearray(array.read_bytes())
    body[-1] ^= 0xFF
    array.write_bytes(bytes(body) if damage is None else damage)
    fresh, unkept = read(project)
    assert unkept is not None
    assert fresh.index.n == EVENTS


def test_numbers_of_another_kind_are_passed_over(project: Path, tmp_path: Path) -> None:
    """One bit of a file's head: the bytes behind it, and their checksum, are the same."""
    open_and_leave(project, tmp_path)
    (place,) = column_cache.folder().iterdir()
    array = place / "earliest.npy"
    body = array.read_bytes()
    assert b"'<i8'" in body
    array.write_bytes(body.replace(b"'<i8'", b"'>i8'"))
    assert read(project)[1] is not None


def test_what_has_changed_within_the_wait_is_not_kept_as_it_was(
    project: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "KEEP_AFTER_MS", 10_000)
    desk = make_desk(project, tmp_path)
    (soon,) = [each for each in desk.data.findChildren(QTimer) if each.isActive() and each.interval() == 10_000]
    desk.jobs.write(lambda: rename_in(desk.data.store, "Renamed here"))
    qtbot.waitUntil(lambda: desk.data.loaded.titles[1] == "Renamed here")
    written: list[object] = []
    monkeypatch.setattr(column_cache, "write", lambda *given: written.append(given))
    soon.timeout.emit()
    qtbot.waitUntil(lambda: desk.jobs.idle)
    assert not written
    desk.close()
    assert len(written) == 1


def test_small_projects_are_not_kept_and_of_large_ones_the_last_few(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(column_cache.MOST_FILES + 2):
        copy = tmp_path / f"copy{number}.gpkg"
        shutil.copyfile(project, copy)
        open_and_leave(copy, tmp_path)
    assert len(list(column_cache.folder().iterdir())) == column_cache.MOST_FILES
    monkeypatch.setattr(column_cache, "WORTH", EVENTS + 1)
    assert read(project)[1] is None


def test_of_a_project_only_the_last_state_is_kept(project: Path, tmp_path: Path) -> None:
    open_and_leave(project, tmp_path)
    (before,) = column_cache.folder().iterdir()
    rename(project, "Another title")
    open_and_leave(project, tmp_path)
    (after,) = column_cache.folder().iterdir()
    assert after != before
    assert read(project)[0].loaded.titles[1] == "Another title"


def test_what_is_mapped_outlives_its_files(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_cache, "MAPPED", 0)
    open_and_leave(project, tmp_path)
    plain, _state = read(project)
    shutil.rmtree(column_cache.folder())
    same(plain, read(project)[0])


def test_what_is_read_is_kept_soon_and_once(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(data, "KEEP_AFTER_MS", 1)
    desk = make_desk(project, tmp_path)
    qtbot.waitUntil(lambda: any(column_cache.folder().glob("*/head.json")))
    written: list[object] = []
    monkeypatch.setattr(column_cache, "write", lambda *given: written.append(given))
    hide_first_source(desk, qtbot)
    desk.close()
    assert not written
    assert read(project)[1] is None


def test_while_it_is_kept_the_window_goes_before(
    project: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But not as it is left: then nobody works in it any more."""
    monkeypatch.setattr(column_cache, "_AT_ONCE", 50)
    monkeypatch.setattr(data, "KEEP_AFTER_MS", 1)
    paused: list[float] = []
    sleep = time.sleep
    monkeypatch.setattr(column_cache.time, "sleep", lambda seconds: (paused.append(seconds), sleep(seconds)))
    desk: Desk = make_desk(project, tmp_path)
    qtbot.waitUntil(lambda: desk.jobs.idle and any(column_cache.folder().glob("*/*.json")))
    assert paused.count(data.PAUSE_S) == EVENTS // 50
    desk.close()
    first, _unkept = read(project)
    shutil.rmtree(column_cache.folder())
    paused.clear()
    monkeypatch.setattr(data, "KEEP_AFTER_MS", 60_000)
    open_and_leave(project, tmp_path)
    assert data.PAUSE_S not in paused
    second, _unkept = read(project)
    same(first, second)


def test_all_is_kept_though_a_source_is_hidden_as_the_project_is_left(
    project: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    plain, _state = read(project)
    desk = make_desk(project, tmp_path)
    hide_first_source(desk, qtbot)
    desk.close()
    kept, unkept = read(project)
    assert unkept is None
    same(plain, kept)


def hide_first_source(desk: Desk, qtbot: QtBot) -> None:
    before = desk.data.index.n
    desk.commands.toggle_source(next(iter(desk.data.loaded.sources.values())).uid)
    qtbot.waitUntil(lambda: desk.jobs.idle and desk.data.index.n < before)

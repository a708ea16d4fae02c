"""Copies of an open project."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import edits, queries
from db.errors import EnvironmentFault, InputFault
from db.store import Store


@pytest.fixture
def store(tmp_path: Path):
    made = Store.create(tmp_path / "own.gpkg", "Own")
    with made.step("Add") as session:
        edits.add_event(session, title="Something happened")
    yield made
    made.close()


def test_a_copy_has_everything_and_opens(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.gpkg"
    store.save_copy(target)
    copy = Store.open(target)
    reader = copy.reader()
    assert list(queries.event_titles(reader).values()) == ["Something happened"]
    reader.close()
    assert copy.undo_label == "Add"
    copy.close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".gpkg") == ["copy.gpkg", "own.gpkg"]
    assert not list(tmp_path.glob(".*part"))


def test_a_copy_replaces_an_old_one_whole(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.gpkg"
    target.write_bytes(b"old")
    store.save_copy(target)
    Store.open(target).close()


def test_the_project_is_not_copied_onto_itself(store: Store) -> None:
    with pytest.raises(InputFault, match="project itself"):
        store.save_copy(store.path)


def test_a_copy_that_cannot_be_written_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="could not be written"):
        store.save_copy(tmp_path / "missing" / "copy.gpkg")
    assert not (tmp_path / "missing").exists()

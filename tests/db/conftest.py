"""Projects for tests of the file: a small one written by hand, and one with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store
from tests.helpers.project import small_project


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The project of tests.helpers.project; a module that needs another has a fixture of this name itself."""
    store = small_project(tmp_path / "small.gpkg")
    yield store
    store.close()


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[Store]:
    """A project with nothing in it, alone in its folder's project.gpkg."""
    store = Store.create(tmp_path / "project.gpkg", "Blank")
    yield store
    store.close()

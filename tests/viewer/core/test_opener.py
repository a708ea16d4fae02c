"""Opening off the GUI thread: the newest wish is answered, and whatever else was opened is closed again."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import EnvironmentFault
from db.store import Store
from viewer.core.desk import OpenedProject
from viewer.core.opener import Opener


@pytest.fixture
def opener(qtbot: QtBot) -> Iterator[Opener]:
    opener = Opener(lambda: False)
    yield opener
    opener.close()


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "a.gpkg", tmp_path / "b.gpkg"]
    for path in made:
        Store.create(path, path.stem).close()
    return made


def is_free(path: Path) -> bool:
    """Whether nobody has the file open: then, and only then, its journal can be made another."""
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        other.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    links = Path("/proc/self/fd").iterdir()
    return not any(link.exists() and link.resolve() == path.resolve() for link in links)


def test_a_project_comes_open_on_the_threads_of_the_asker(opener: Opener, paths: list[Path], qtbot: QtBot) -> None:
    came: list[OpenedProject] = []
    threads: list[threading.Thread] = []

    def find() -> Path:
        threads.append(threading.current_thread())
        return paths[0]

    def done(opened: OpenedProject) -> None:
        threads.append(threading.current_thread())
        came.append(opened)

    opener.open(find, done, pytest.fail)
    assert opener.busy
    qtbot.waitUntil(lambda: bool(came))
    assert not opener.busy
    assert threads[0] is not threading.main_thread()
    assert threads[1] is threading.main_thread()
    assert came[0].store.path == paths[0]
    assert came[0].fresh.loaded.project.title == "a"
    came[0].store.close()


def test_a_fault_comes_to_the_asker(opener: Opener, tmp_path: Path, qtbot: QtBot) -> None:
    came: list[Exception] = []
    opener.open(lambda: tmp_path / "none.gpkg", pytest.fail, came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert isinstance(came[0], EnvironmentFault)
    assert not opener.busy


def test_a_newer_wish_takes_the_place_of_an_older_one(opener: Opener, paths: list[Path], qtbot: QtBot) -> None:
    go_on = threading.Event()
    came: list[OpenedProject] = []

    def slowly() -> Path:
        assert go_on.wait(20)
        return paths[0]

    opener.open(slowly, pytest.fail, pytest.fail)
    opener.open(lambda: paths[1], came.append, pytest.fail)
    go_on.set()
    qtbot.waitUntil(lambda: bool(came))
    assert came[0].store.path == paths[1]
    came[0].store.close()
    assert is_free(paths[0])


def test_what_is_not_wanted_any_more_is_closed_again(opener: Opener, paths: list[Path], qtbot: QtBot) -> None:
    found = threading.Event()

    def find() -> Path:
        found.set()
        return paths[0]

    opener.open(find, pytest.fail, pytest.fail)
    opener.cancel()
    assert not opener.busy
    assert found.wait(20)
    qtbot.waitUntil(lambda: is_free(paths[0]))


def test_a_file_made_for_a_wish_that_is_taken_back_goes_again(
    opener: Opener, tmp_path: Path, paths: list[Path], qtbot: QtBot
) -> None:
    new = tmp_path / "new.gpkg"

    def make() -> Path:
        Store.create(new, "new").close()
        return new

    opener.open(make, pytest.fail, pytest.fail, new.unlink)
    opener.cancel()
    came: list[OpenedProject] = []
    opener.open(lambda: paths[0], came.append, pytest.fail, paths[0].unlink)
    qtbot.waitUntil(lambda: bool(came))
    came[0].store.close()
    assert not new.exists()
    assert paths[0].exists()


def test_an_answer_is_kept_back_for_as_long_as_it_must_wait(qtbot: QtBot, paths: list[Path]) -> None:
    asked: list[bool] = []
    answers = iter([True, True, False])
    came: list[OpenedProject] = []
    opener = Opener(lambda: asked.append(True) or next(answers))
    opener.open(lambda: paths[0], came.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(asked))
    assert opener.busy
    qtbot.waitUntil(lambda: bool(came))
    assert len(asked) == 3
    came[0].store.close()
    opener.close()


def test_what_is_kept_back_can_still_be_taken_back(qtbot: QtBot, paths: list[Path]) -> None:
    asked: list[bool] = []
    opener = Opener(lambda: asked.append(True) or True)
    opener.open(lambda: paths[0], pytest.fail, pytest.fail)
    qtbot.waitUntil(lambda: bool(asked))
    opener.cancel()
    qtbot.waitUntil(lambda: is_free(paths[0]))
    opener.close()


def test_closing_waits_and_leaves_nothing_open(qtbot: QtBot, paths: list[Path]) -> None:
    opener = Opener(lambda: False)
    came: list[object] = []
    opener.open(lambda: paths[0], came.append, came.append)
    opener.close()
    assert is_free(paths[0])
    QApplication.processEvents()  # what was on its way home is not delivered
    assert not came

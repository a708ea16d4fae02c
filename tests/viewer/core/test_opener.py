"""Opening off the GUI thread: the newest wish is answered, and whatever else was opened is closed again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.errors import EnvironmentFault
from db.store import Store
from tests.helpers.free import is_free
from tests.helpers.generate import generate
from viewer.core import column_cache, first
from viewer.core.desk import OpenedProject
from viewer.core.first import Ahead
from viewer.core.index import EventIndex
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


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that takes its time, as far as anybody can tell."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(column_cache, "WORTH", 100)
    monkeypatch.setattr(first, "STEPS", 500)
    return generate(tmp_path / "large.gpkg", 300)


def test_what_is_known_of_a_large_project_comes_before_it_is_read(opener: Opener, large: Path, qtbot: QtBot) -> None:
    told: list[Ahead | tuple[int, int]] = []
    came: list[OpenedProject] = []
    opener.reading.connect(told.append)
    opener.progressed.connect(lambda done, total: told.append((done, total)))
    opener.open(lambda: large, came.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(came))
    fresh = came[0].fresh
    ahead, *parts = told
    assert isinstance(ahead, Ahead)
    assert ahead.events == fresh.index.n == 300
    assert ahead.project == fresh.loaded.project
    assert len(ahead.nothing) == 0
    assert len(ahead.places[0]) == len(ahead.places[1]) > 5
    columns = fresh.loaded.columns
    assert set(zip(columns.lon.tolist(), columns.lat.tolist(), strict=True)) & set(
        zip(*(each.tolist() for each in ahead.places), strict=True)
    )
    assert len(parts) > 5
    assert parts == sorted(parts), "it goes on and never back"
    assert all(done < total for done, total in parts)
    assert parts[-1][0] > parts[-1][1] / 2, "at the end it is nearly done"
    came[0].store.close()


def test_a_small_project_is_opened_without_a_word(opener: Opener, paths: list[Path], qtbot: QtBot) -> None:
    told: list[object] = []
    came: list[OpenedProject] = []
    opener.reading.connect(told.append)
    opener.progressed.connect(told.append)
    opener.open(lambda: paths[0], came.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(came))
    assert not told
    came[0].store.close()


def test_a_large_project_that_is_not_wanted_any_more_is_not_read_to_its_end(
    opener: Opener, large: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[object] = []
    opener_waits = threading.Event()

    def indexed(*given: object) -> EventIndex:
        prepared.append(given)
        raise AssertionError("it was read to its end")

    watched = opener._watch

    def watch(wish: object, ahead: Ahead) -> object:
        report = watched(wish, ahead)  # type: ignore[arg-type]
        assert opener_waits.wait(20)
        return report

    monkeypatch.setattr(opener, "_watch", watch)
    monkeypatch.setattr(first, "indexed", indexed)
    unmade: list[bool] = []
    opener.reading.connect(lambda _ahead: (opener.cancel(), opener_waits.set()))
    opener.open(lambda: large, pytest.fail, pytest.fail, lambda: unmade.append(True))
    qtbot.waitUntil(lambda: bool(unmade))
    assert not opener.busy
    qtbot.waitUntil(lambda: is_free(large))
    assert not prepared


def test_what_is_known_ahead_waits_for_a_dialog_to_close(
    large: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, go_on = [True], threading.Event()
    indexed = first.indexed

    def slowly(*given: object) -> EventIndex:
        assert go_on.wait(20)
        return indexed(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(first, "indexed", slowly)
    opener = Opener(lambda: asking[0])
    told: list[Ahead] = []
    came: list[OpenedProject] = []
    opener.reading.connect(told.append)
    opener.open(lambda: large, came.append, pytest.fail)
    qtbot.waitUntil(lambda: bool(opener._kept_back))
    assert not told
    asking[0] = False
    qtbot.waitUntil(lambda: bool(told))
    go_on.set()
    qtbot.waitUntil(lambda: bool(came))
    came[0].store.close()
    opener.close()

"""Runs before everything: an offscreen Qt unless a display was asked for, no network, nothing left behind."""

from __future__ import annotations

import gc
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.examples import settle_examples

ON_DISPLAY = os.environ.get("DATELINE_TEST_DISPLAY") == "1"
if not ON_DISPLAY:
    # A screen such as people have: Qt's own is 800x800, which no window of ours fits on.
    screen = Path(__file__).parent / "helpers" / "screen.json"
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"

# Compiled modules are kept whatever the caller prefers: every worker and every process that a test starts would
# otherwise compile the program and the tests again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


settle_examples()

MANY = 50_000
"""Objects that outlive a test and are set aside, so that not every search for garbage goes over them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "display" in item.keywords and not ON_DISPLAY:
            item.add_marker(pytest.mark.skip(reason="runs in the round with a display"))


def pytest_collection_finish() -> None:
    """What the imports made stays for the whole run: no search for garbage need look at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program never opens an internet socket; a local one is how X and Qt's loop talk."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a network connection to {address} was tried")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings, data and cache of a test go to its own folder, never to the user's."""
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that leaves a thread or a visible window behind fails."""
    before, open_before = set(threading.enumerate()), _visible_windows(request)
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(2)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}"
    if "qapp" not in request.fixturenames:
        return
    gc.collect()
    if len(gc.get_objects(generation=2)) > MANY:  # the program, when it ends, leaves all to be searched again
        gc.freeze()
    left_open = _visible_windows(request) - open_before
    assert not left_open, f"windows left open: {sorted(name for _number, name in left_open)}"


def _visible_windows(request: pytest.FixtureRequest) -> set[tuple[int, str]]:
    """The windows that are shown, by identity and name; none for a test without Qt."""
    if "qapp" not in request.fixturenames:
        return set()
    from PySide6.QtWidgets import QApplication

    QApplication.sendPostedEvents(None, 0)
    shown = (widget for widget in QApplication.topLevelWidgets() if widget.isVisible())
    return {(id(widget), widget.objectName() or type(widget).__name__) for widget in shown}

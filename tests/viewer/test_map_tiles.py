"""The threads that render the basemap's tiles."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtGui import QImage

from viewer.views.map.basemap import tiles
from viewer.views.map.basemap.painter import Look
from viewer.views.map.basemap.tiles import Grid, TileKey, Workers


@pytest.mark.parametrize("where", ["render", "done"])
def test_a_tile_that_fails_costs_that_tile_only(where: str, caplog: pytest.LogCaptureFixture) -> None:
    bad, good = (TileKey(Grid(Look(), 512.0), column, 0) for column in (0, 1))
    came = threading.Event()

    def fail_at(place: str, key: TileKey) -> None:
        if key == bad and place == where:
            raise ValueError("a broken outline")

    def render(key: TileKey) -> QImage:
        fail_at("render", key)
        return QImage()

    def done(key: TileKey, _image: QImage) -> None:
        fail_at("done", key)
        came.set()

    workers = Workers(render, done, count=1)
    workers.want([bad, good])
    assert came.wait(5)
    workers.close()
    assert "a broken outline" in caplog.text


def test_what_is_wanted_ahead_waits_until_nothing_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "GIVE_WAY_S", 0.2)
    now, later = (TileKey(Grid(Look(), 512.0), column, 0) for column in (0, 1))
    began: list[tuple[TileKey, float]] = []
    finished = threading.Semaphore(0)

    def render(key: TileKey) -> QImage:
        began.append((key, time.monotonic()))
        return QImage()

    workers = Workers(render, lambda _key, _image: finished.release(), count=2)
    moved = time.monotonic()
    workers.give_way()
    workers.want([now], ahead=[later])
    assert finished.acquire(timeout=5)
    assert finished.acquire(timeout=5)
    workers.close()
    assert [key for key, _at in began] == [now, later]
    assert began[1][1] - moved >= 0.2

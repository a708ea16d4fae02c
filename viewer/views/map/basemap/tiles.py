"""Tiles of the basemap: rendered on threads, kept in a cache with a cap, asked for anew with each picture."""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from viewer.core.priority import make_way
from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.basemap.painter import Look
from viewer.views.map.projection import MERCATOR, Projection

log = logging.getLogger(__name__)

SIDE: Final = 512
"""Device px along a tile's side."""
CAP_BYTES: Final = 128 * 1024 * 1024
WORKERS: Final = 2
GIVE_WAY_S: Final = 0.25
"""Something moves until so long after it last did. Frames need the processor then: one tile at a time is rendered, and
nothing ahead."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Tiles of one look at one scale. ``scale``: device px across the world; tiles start at its top left."""

    look: Look
    scale: float
    projection: Projection = MERCATOR


@dataclass(frozen=True, slots=True)
class TileKey:
    """One tile of a grid. Columns run around the world once: 0 <= column < columns."""

    grid: Grid
    column: int
    row: int

    def frame(self) -> Frame:
        """What the tile shows."""
        scale = self.grid.scale
        return Frame(self.column * SIDE / scale, self.row * SIDE / scale, scale, SIDE, SIDE, self.grid.projection)


class TileCache:
    """Rendered tiles, the least recently used dropped above ``cap`` bytes. Any thread."""

    def __init__(self, cap: int = CAP_BYTES) -> None:
        self._cap = cap
        self._lock = threading.Lock()
        self._tiles: OrderedDict[TileKey, QImage] = OrderedDict()
        self._grids: dict[Grid, int] = {}
        self.bytes = 0

    def get(self, key: TileKey) -> QImage | None:
        """The tile, now the most recently used."""
        with self._lock:
            image = self._tiles.get(key)
            if image is not None:
                self._tiles.move_to_end(key)
            return image

    def put(self, key: TileKey, image: QImage) -> None:
        """Keep a tile; others may be dropped for it."""
        with self._lock:
            old = self._tiles.pop(key, None)
            if old is not None:
                self._forget(key, old)
            self._tiles[key] = image
            self._grids[key.grid] = self._grids.get(key.grid, 0) + 1
            self.bytes += image.sizeInBytes()
            while self.bytes > self._cap and len(self._tiles) > 1:
                self._forget(*self._tiles.popitem(last=False))

    def grids(self, look: Look, projection: Projection = MERCATOR) -> list[Grid]:
        """The scales of which some tile of a look is kept."""
        with self._lock:
            return [grid for grid in self._grids if grid.look == look and grid.projection == projection]

    def __contains__(self, key: TileKey) -> bool:
        with self._lock:
            return key in self._tiles

    def __len__(self) -> int:
        with self._lock:
            return len(self._tiles)

    def _forget(self, key: TileKey, image: QImage) -> None:
        self.bytes -= image.sizeInBytes()
        self._grids[key.grid] -= 1
        if not self._grids[key.grid]:
            del self._grids[key.grid]


@functools.cache
def kept_tiles(folder: Path) -> TileCache:
    """Those of the program for one folder: the map of the next window has its picture at once."""
    return TileCache()


class Workers:
    """Threads that render the tiles wanted last, in the order given; what is no longer wanted is never started."""

    def __init__(
        self, render: Callable[[TileKey], QImage], done: Callable[[TileKey, QImage], None], count: int = WORKERS
    ) -> None:
        """``done`` is called on the thread that rendered."""
        self._render, self._done = render, done
        self._wanted: list[TileKey] = []
        self._ahead: list[TileKey] = []
        self._still_at = 0.0
        self._busy: set[TileKey] = set()
        self._change = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._run, name=f"basemap-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, keys: Sequence[TileKey], ahead: Sequence[TileKey] = ()) -> None:
        """Replace what is wanted; what is wanted only ``ahead`` comes last, and never while others are at work."""
        with self._change:
            self._wanted = [key for key in keys if key not in self._busy]
            self._ahead = [key for key in ahead if key not in self._busy]
            self._change.notify_all()

    def wanted(self) -> list[TileKey]:
        """The tiles that are still to be rendered, without those being rendered now."""
        with self._change:
            return [*self._wanted, *self._ahead]

    def give_way(self) -> None:
        """Something moves."""
        self._still_at = time.monotonic() + GIVE_WAY_S

    def close(self) -> None:
        """Stop after the tiles being rendered and wait for the threads."""
        with self._change:
            self._closed = True
            self._wanted.clear()
            self._ahead.clear()
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _next(self) -> TileKey | None:
        """The next tile to render, waited for with the lock held; None when it is all over."""
        while not self._closed:
            rest = self._still_at - time.monotonic()
            if self._wanted and (rest <= 0 or not self._busy):
                return self._wanted.pop(0)
            if self._ahead and not self._wanted and rest <= 0:
                return self._ahead.pop(0)
            self._change.wait(rest if rest > 0 and (self._wanted or self._ahead) else None)
        return None

    def _run(self) -> None:
        make_way()
        while True:
            with self._change:
                key = self._next()
                if key is None:
                    return
                self._busy.add(key)
            try:
                try:
                    image = self._render(key)
                finally:
                    with self._change:
                        self._busy.discard(key)
                        self._change.notify_all()
                self._done(key, image)
            except Exception:  # one tile is missing then; the thread has others to render
                log.exception("Tile %d, %d could not be rendered", key.column, key.row)

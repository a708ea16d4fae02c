"""Tiles painted in processes of their own.

PySide holds the interpreter's lock while Qt paints (measured with 6.11: strokePath, fillPath, drawImage and scaled hold
it, each for as long as it takes). A tile painted on a thread would keep the window's own thread waiting, just while the
map is moved. The processes serve all maps of the program, and end with it.
"""

from __future__ import annotations

import functools
import logging
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.basemap.painter import Look, Painter, open_painter

log = logging.getLogger(__name__)

PROCESSES: Final = 2
FIRST: Final = 8
"""So many tiles are left to the caller before a process is started: those of the first picture would have to wait."""
NICE: Final = 10
_READY: Final = b"ready"
_FAILED: Final = b""


class Aside:
    """The processes that paint from the files in one folder. Any thread."""

    def __init__(self, folder: Path, processes: int = PROCESSES, first: int = FIRST) -> None:
        self._folder = folder
        self.name = f"basemap {id(self):x}"
        """Of its processes."""
        self._lock = threading.Lock()
        self._left, self._first = processes, first  # how many may still be started, and tiles until then
        self._starting: list[Connection] = []
        self._idle: list[Connection] = []

    def paint(self, frame: Frame, look: Look) -> QImage | None:
        """The picture, Format_RGB32; None where no process is free to paint it or it could not, and the caller has to.

        Waits without the interpreter's lock.
        """
        connection = self._take()
        if connection is None:
            return None
        try:
            connection.send((frame, look))
            pixels = connection.recv_bytes()
        except (OSError, EOFError):
            log.warning("A process that paints tiles has ended; they are painted on a thread now")
            connection.close()
            return None
        with self._lock:
            self._idle.append(connection)
        if pixels == _FAILED:
            return None
        return QImage(pixels, frame.width, frame.height, 4 * frame.width, QImage.Format.Format_RGB32).copy()

    def close(self) -> None:
        """End the processes that are idle; others go on until the program ends."""
        with self._lock:
            self._left = 0
            for connection in (*self._starting, *self._idle):
                connection.close()
            self._starting.clear()
            self._idle.clear()

    def _take(self) -> Connection | None:
        with self._lock:
            if self._first > 0:
                self._first -= 1
                return None
            for connection in [each for each in self._starting if each.poll()]:
                self._starting.remove(connection)
                self._idle.append(connection)
                connection.recv_bytes()
            if self._idle:
                return self._idle.pop()
            if self._left and not self._starting:
                self._left -= 1
                self._starting.append(_start(self.name, self._folder))
            return None


@functools.cache
def aside(folder: Path) -> Aside:
    """Those of the program for one folder."""
    return Aside(folder)


def _start(name: str, folder: Path) -> Connection:
    context = multiprocessing.get_context("spawn")  # a fork would take the threads' locks along
    ours, theirs = context.Pipe()
    context.Process(target=_serve, args=(theirs, folder), name=name, daemon=True).start()
    theirs.close()
    return ours


def _serve(connection: Connection, folder: Path) -> None:
    """Paint what is asked for until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the program's to hear
    if hasattr(os, "nice"):
        os.nice(NICE)
    painter: Painter = open_painter(folder)
    try:
        connection.send_bytes(_READY)
        while True:
            frame, look = connection.recv()
            try:
                image = painter.paint(frame, look)
            except Exception:
                log.exception("A tile could not be painted")
                connection.send_bytes(_FAILED)
            else:
                connection.send_bytes(image.constBits())
    except (OSError, EOFError):
        painter.close()

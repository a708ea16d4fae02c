"""Tiles painted in processes of their own.

PySide holds the interpreter's lock while Qt paints (measured with 6.11: strokePath, fillPath, drawImage and scaled hold
it, each for as long as it takes). A tile painted on a thread would keep the window's own thread waiting, just while the
map is moved. The processes serve all maps of the program and end with it.

A process is the program started anew with ``PAINT``. It reads pairs of a Frame and a Look from its standard input and
answers each on its standard output: four bytes of length, then so many bytes of pixels; none where it could not paint.
"""

from __future__ import annotations

import atexit
import functools
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from PySide6.QtGui import QImage

from viewer.core.priority import make_way_for_parent
from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.basemap.painter import Look, open_painter

log = logging.getLogger(__name__)

PAINT: Final = "--paint-tiles"
PROCESSES: Final = 2
FIRST: Final = 8
"""So many tiles are left to the caller before a process is started: those of the first picture would have to wait."""
PATIENCE_S: Final = 10.0
"""A tile takes some hundredths of a second, and some tenths on a slow and busy machine."""
_ROOT: Final = Path(__file__).parents[4]
_LENGTH: Final = 4


class Aside:
    """The processes that paint from the files in one folder. Any thread."""

    def __init__(self, folder: Path, processes: int = PROCESSES, first: int = FIRST) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._left, self._first = processes, first  # how many may still be started, and tiles until then
        self._starting = self._closed = False
        self.processes: list[Process] = []
        """Those that run."""
        self._idle: list[Process] = []

    def paint(self, frame: Frame, look: Look) -> QImage | None:
        """The picture, Format_RGB32; None where no process is free to paint it or it could not, and the caller has to.

        Waits without the interpreter's lock.
        """
        process = self._take()
        if process is None:
            return None
        try:
            pixels = process.paint(frame, look)
        except (OSError, EOFError, ValueError):  # of what is closed meanwhile Python says ValueError
            self._give_up(process)
            return None
        with self._lock:
            if process in self.processes:
                self._idle.append(process)
        if not pixels:
            return None
        return QImage(pixels, frame.width, frame.height, 4 * frame.width, QImage.Format.Format_RGB32).copy()

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            self._left, self._closed, ended = 0, True, self.processes
            self.processes, self._idle = [], []
        for process in ended:
            process.end()

    def _take(self) -> Process | None:
        with self._lock:
            if self._first > 0:
                self._first -= 1
            elif self._idle:
                return self._idle.pop()
            elif self._left and not self._starting:
                self._left -= 1
                self._starting = True
                threading.Thread(target=self._start, name="basemap starter", daemon=True).start()
            return None

    def _start(self) -> None:
        try:
            process = Process(self._folder)
        except OSError as error:
            log.warning("No process could be started to paint tiles: %s", error)
            return
        with self._lock:
            closed = self._closed
            if not closed:
                self.processes.append(process)
        if closed:
            process.end()
            return
        try:
            process.wait_ready()
        except (OSError, EOFError, ValueError):
            self._give_up(process)
            return
        with self._lock:
            self._starting = False
            if process in self.processes:
                self._idle.append(process)

    def _give_up(self, process: Process) -> None:
        """Go on without a process that has ended."""
        with self._lock:
            if process not in self.processes:  # closed meanwhile
                return
            self.processes.remove(process)
        log.warning("A process that paints tiles has ended; they are painted on a thread now")
        process.end()


@functools.cache
def aside(folder: Path) -> Aside:
    """Those of the program for one folder."""
    found = Aside(folder)
    atexit.register(found.close)
    return found


class Process:
    """One of them. Raises OSError where it cannot be started."""

    def __init__(self, folder: Path) -> None:
        frozen = getattr(sys, "frozen", False)
        module = [] if frozen else ["-P", "-m", "viewer"]  # -P: ours, whatever lies in the folder one is in
        command = [sys.executable, *module, PAINT, str(folder)]
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = os.environ if frozen else {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        pipe = subprocess.PIPE
        self.popen = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, creationflags=hidden)
        assert self.popen.stdin is not None
        assert self.popen.stdout is not None
        self.wanted, self.answers = self.popen.stdin, self.popen.stdout

    def wait_ready(self) -> None:
        """Until it can paint. Raises EOFError when it has ended."""
        self._received()

    def paint(self, frame: Frame, look: Look) -> bytes:
        """The pixels of a picture; none where it cannot paint it. Raises OSError or EOFError when it has ended.

        One that hangs is ended after PATIENCE_S.
        """
        patience = threading.Timer(PATIENCE_S, self.popen.kill)
        patience.daemon = True
        patience.start()
        try:
            pickle.dump((frame, look), self.wanted)
            self.wanted.flush()
            return self._received()
        finally:
            patience.cancel()

    def end(self) -> None:
        """End it, whatever it is at."""
        self.popen.kill()
        self.popen.wait()
        self.answers.close()
        with suppress(OSError):  # something may be left that it has not read
            self.wanted.close()

    def _received(self) -> bytes:
        head = self.answers.read(_LENGTH)
        length = int.from_bytes(head, "big")
        body = self.answers.read(length) if length else b""
        if len(head) < _LENGTH or len(body) < length:
            raise EOFError
        return body


def serve(folder: Path) -> None:
    """Paint what is asked for on standard input until that is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the program's to hear
    make_way_for_parent()
    wanted, answers = sys.stdin.buffer, sys.stdout.buffer
    painter = open_painter(folder)
    try:
        _answer(answers, b"")
        while True:
            frame, look = pickle.load(wanted)
            try:
                image = painter.paint(frame, look)
            except Exception:
                log.exception("A tile could not be painted")
                _answer(answers, b"")
            else:
                _answer(answers, memoryview(image.constBits()))
    except (OSError, EOFError):
        painter.close()


def _answer(answers: IO[bytes], pixels: bytes | memoryview) -> None:
    answers.write(len(pixels).to_bytes(_LENGTH, "big"))
    answers.write(pixels)
    answers.flush()

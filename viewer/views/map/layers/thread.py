"""The thread that paints layers: of each layer the last picture that was asked for, one after the other."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from viewer.core.priority import make_way

_Task = tuple[object, Callable[[], object]]
_NAME: Final = "layers"


class Painting:
    """One thread. ``done(name, key, answer)`` is called on it, the answer being an Exception where there is none."""

    def __init__(self, done: Callable[[str, object, object], None]) -> None:
        self._done = done
        self._change = threading.Condition()
        self._tasks: OrderedDict[str, _Task] = OrderedDict()
        self._busy: tuple[str, object] | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def want(self, name: str, key: object, work: Callable[[], object]) -> None:
        """Have ``work`` done in place of what waits under a name, unless it is being done."""
        with self._change:
            if self._closed or self._busy == (name, key):
                return
            waiting = self._tasks.get(name)
            if waiting is not None and waiting[0] == key:
                return
            self._tasks[name] = key, work
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=_NAME, daemon=True)
                self._thread.start()
            self._change.notify_all()

    def forget(self, name: str) -> None:
        """What waits under a name is no longer wanted."""
        with self._change:
            self._tasks.pop(name, None)

    def close(self) -> None:
        """End the thread, after what it is at."""
        with self._change:
            self._closed = True
            self._tasks.clear()
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        make_way()
        while True:
            with self._change:
                while not self._tasks and not self._closed:
                    self._change.wait()
                if self._closed:
                    return
                name, (key, work) = self._tasks.popitem(last=False)
                self._busy = name, key
            try:
                answer = work()
            except Exception as error:  # told to the user, or logged, by who asked
                answer = error
            with self._change:
                self._busy = None
                closed = self._closed
            if not closed:
                with suppress(RuntimeError):  # the map has gone meanwhile
                    self._done(name, key, answer)

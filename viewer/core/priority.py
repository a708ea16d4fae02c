"""Which threads and processes the processor serves first: the window's, then those that work for it. No Qt."""

from __future__ import annotations

import os
import sys
from typing import Final

NICE: Final = 10
LAST: Final = 19
"""The greatest niceness there is."""


def make_way() -> None:
    """Have the calling thread run behind the window's own wherever both want the processor.

    On Linux each thread has a niceness of its own, see setpriority(2), "C library/kernel differences". Elsewhere that
    is the whole process's, and this does nothing.
    """
    if sys.platform == "linux":
        _go_behind(os.getpid())


def make_way_for_parent() -> None:
    """Have the calling process, of one thread so far, run behind the window of the one that started it.

    Not on Windows.
    """
    if sys.platform != "win32":
        _go_behind(os.getppid())


def _go_behind(process: int) -> None:
    """Niceness is inherited, and only the administrator may lower it: it is raised where it is not enough yet."""
    behind = min(os.getpriority(os.PRIO_PROCESS, process) + NICE, LAST)
    if os.getpriority(os.PRIO_PROCESS, 0) < behind:
        os.setpriority(os.PRIO_PROCESS, 0, behind)

"""Which threads the processor serves first: the window's, then those that work for it. No Qt."""

from __future__ import annotations

import os
import sys
import threading
from typing import Final

NICE: Final = 10


def make_way() -> None:
    """Have the calling thread run behind the window's own wherever both want the processor.

    On Linux each thread has a niceness of its own, see setpriority(2), "C library/kernel differences". Elsewhere that
    is the whole process's, and this does nothing.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)

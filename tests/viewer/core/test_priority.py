"""What works for the window runs behind it, also where the whole program runs behind others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there has each thread a niceness of its own")
ROOT = Path(__file__).parents[3]

IN_A_THREAD = """
import os, threading
from viewer.core.priority import make_way

os.nice({nice})

def work():
    make_way()
    make_way()
    print(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) - before)

before = os.getpriority(os.PRIO_PROCESS, 0)
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(os.getpriority(os.PRIO_PROCESS, 0) - before, before)
"""


@pytest.mark.parametrize("nice", [0, 5, 15])
def test_a_thread_goes_behind_the_window_wherever_that_stands(nice: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_A_THREAD.format(nice=nice)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    further, window, before = map(int, done.stdout.split())
    assert further == min(10, 19 - before)
    assert window == 0

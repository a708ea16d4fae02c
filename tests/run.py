"""All tests: first offscreen on both cores, then those that need a real display under Xvfb.

python -m tests.run            everything
python -m tests.run offscreen  the first round only
python -m tests.run display    the second round only
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

SCREEN = "1920x1200x24"


def offscreen() -> int:
    return subprocess.call([sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"])


def display() -> int:
    xvfb = shutil.which("xvfb-run")
    if xvfb is None:
        print("xvfb-run is missing: packaging/linux/system-packages.sh test installs it", file=sys.stderr)
        return 1
    environment = {**os.environ, "DATELINE_TEST_DISPLAY": "1", "QT_QPA_PLATFORM": "xcb"}
    command = [xvfb, "-a", "-s", f"-screen 0 {SCREEN}", sys.executable, "-m", "pytest", "-q", "-m", "display"]
    return subprocess.call(command, env=environment)


def main() -> int:
    rounds = {"offscreen": [offscreen], "display": [display]}.get(" ".join(sys.argv[1:]), [offscreen, display])
    return max(each() for each in rounds)


if __name__ == "__main__":
    sys.exit(main())

"""All tests: first offscreen on both cores, then those that need a real display under Xvfb.

python -m tests.run            everything
python -m tests.run offscreen  the first round only
python -m tests.run display    the second round only

With DATELINE_THOROUGH=1 properties are tried with ten times as many examples.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

SCREEN = "1920x1200x24"


def offscreen() -> int:
    return subprocess.call([sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"])


def display() -> int:
    """Under a virtual screen with a window manager, without which no window becomes active."""
    missing = [name for name in ("xvfb-run", "openbox") if shutil.which(name) is None]
    if missing:
        print(
            f"{' and '.join(missing)} missing: packaging/linux/system-packages.sh test installs them", file=sys.stderr
        )
        return 1
    environment = {**os.environ, "DATELINE_TEST_DISPLAY": "1", "QT_QPA_PLATFORM": "xcb"}
    tests = shlex.join([sys.executable, "-m", "pytest", "-q", "-m", "display or real_window"])
    script = f"openbox >/dev/null 2>&1 & {tests}; code=$?; kill $! 2>/dev/null; exit $code"
    return subprocess.call(["xvfb-run", "-a", "-s", f"-screen 0 {SCREEN}", "bash", "-c", script], env=environment)


def main() -> int:
    rounds = {"offscreen": [offscreen], "display": [display]}.get(" ".join(sys.argv[1:]), [offscreen, display])
    return max(each() for each in rounds)


if __name__ == "__main__":
    sys.exit(main())

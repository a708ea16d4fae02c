"""The Python of the system, for which the bindings of GDAL and QGIS are installed where they are."""

from __future__ import annotations

import functools
import os
import subprocess
from pathlib import Path

PYTHON = "/usr/bin/python3"


@functools.cache
def has_qgis() -> bool:
    if not Path(PYTHON).exists():
        return False
    return subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0


def process(code: str, *arguments: object) -> str:
    """What ``code`` prints there, told ``arguments`` as sys.argv[1:]."""
    ran = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()

"""QGIS: frames of its map over time, from the GeoPackage that Dateline exports for it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median_low

from tests.benchmarks.peers import ours
from tests.benchmarks.peers.comparison import Comparison, NotHere

SCRIPT = Path(__file__).with_name("qgis_frames.py")
PATIENCE_S = 400


def find() -> str:
    """The Python that has QGIS: that of the system, or QGIS_PYTHON. Raises NotHere."""
    python = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
    try:
        done = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    except OSError:
        done = None
    if done is None or done.returncode:
        raise NotHere(
            "QGIS is not measured because it is not installed; "
            "on Debian or Ubuntu: sudo apt-get install --no-install-recommends qgis python3-qgis"
        )
    return python


def compare(python: str, project: Path, export: Path, events: int) -> Iterator[Comparison]:
    """The same instants on the same part of the world, in a picture of the same size, at each share of the time.

    Raises RuntimeError when the two do not show the same events, CalledProcessError when one of them fails.
    """
    tasks = ours.ask("map", project)
    done = subprocess.run(
        [python, str(SCRIPT), str(export)],
        input=json.dumps(tasks),
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    for task, theirs in zip(tasks, said["tasks"], strict=True):
        counts = task["counts"][: len(theirs["counts"])]
        if theirs["counts"] != counts:
            raise RuntimeError(f"QGIS shows {theirs['counts']} events where Dateline shows {counts}")
        yield Comparison(
            f"map at an instant, {task['share']:.0%} of the time lit",
            events,
            median_low(task["counts"]),
            "QGIS",
            said["version"],
            tuple(theirs["ms"]),
            tuple(task["ms"]),
        )

"""Peers beside the benchmarks: the table, the JSON, and the sentence where a peer is not installed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from tests.benchmarks.peers.comparison import Comparison, show, write

ROOT = Path(__file__).resolve().parents[1]


def test_table_and_json_give_both_sides_and_the_ratio(tmp_path: Path):
    slow, quick = (40.0, 30.0, 900.0, 20.0, 30.0), (12.0, 10.0, 8.0)
    compared = Comparison("map, 1% of the time", 20_000, 240, "QGIS", "3.22.16", slow, quick)
    console = Console(width=200, file=io.StringIO())
    with console.capture() as said_there:
        show([compared], console)
    line = said_there.get().splitlines()[1]
    assert line.split("  ")[0] == "map, 1% of the time"
    for said in ("20,000", "240", "QGIS 3.22.16", "30.0 ms", "900.0 ms", "10.0 ms", "12.0 ms", "3.0x"):
        assert said in line
    write([compared], ["B is not here."], {"cores": 2}, tmp_path / "build" / "out.json")
    assert json.loads((tmp_path / "build" / "out.json").read_text("utf-8")) == {
        "cores": 2,
        "missing": ["B is not here."],
        "comparisons": [
            {
                "figure": "map, 1% of the time",
                "events": 20_000,
                "shown": 240,
                "n": 5,
                "our_n": 3,
                "peer": "QGIS",
                "peer_version": "3.22.16",
                "peer_ms": 30.0,
                "our_ms": 10.0,
                "peer_p95_ms": 900.0,
                "our_p95_ms": 12.0,
                "ratio": 3.0,
            }
        ],
    }


def test_without_peers_it_says_how_to_install_each_and_ends_well(tmp_path: Path):
    nowhere = str(tmp_path / "nowhere")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.peers"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": nowhere, "QGIS_PYTHON": nowhere},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    qgis, timeline, written = ran.stdout.splitlines()
    assert qgis.startswith("QGIS is not measured because it is not installed;")
    assert qgis.endswith("apt-get install --no-install-recommends qgis python3-qgis")
    assert timeline.startswith("vis-timeline is not measured because Chromium and npm are not installed;")
    assert timeline.endswith("apt-get install chromium npm")
    told = json.loads((tmp_path / "build" / "bench-peers.json").read_text("utf-8"))
    assert (told["missing"], told["comparisons"]) == ([qgis, timeline], [])
    assert "bench-peers.json" in written

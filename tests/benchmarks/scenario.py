"""One scenario in a process of its own: python -m tests.benchmarks.scenario NAME PROJECT EVENTS STARTED."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.benchmarks import frames, work
from tests.benchmarks.figures import Figure, encode
from tests.benchmarks.setting import Setting

SCENARIOS: dict[str, Callable[[Setting], Iterator[Figure]]] = {
    "start": work.start,
    "scrub": frames.scrub,
    "scrub_while_saving": frames.scrub_while_saving,
    "move_map": frames.move_map,
    "move_lanes": frames.move_lanes,
    "filters": frames.filters,
    "lens": frames.lens,
    "opening": work.opening,
    "edits": work.edits,
    "search": work.search,
    "attach": work.attach,
    "import_large": work.import_large,
    "memory": work.memory,
}


def main(name: str, project: str, events: str, started: str) -> None:
    application = QApplication(["dateline"])
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        setting = Setting(Path(project), Path(folder), int(events) or None, float(started))
        for figure in SCENARIOS[name](setting):
            print(encode(figure), flush=True)
    del application


if __name__ == "__main__":
    main(*sys.argv[1:])

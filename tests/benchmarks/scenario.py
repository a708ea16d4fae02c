"""One scenario in a process of its own: python -m tests.benchmarks.scenario NAME PROJECT EVENTS STARTED."""

from __future__ import annotations

import viewer.__main__  # isort: skip - first, as in the program: it sets up the interpreter

import importlib
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.benchmarks.figures import encode
from tests.benchmarks.setting import Setting

MODULES = {
    "start": "start",
    "scrub": "frames",
    "scrub_while_saving": "frames",
    "move_map": "frames",
    "move_lanes": "frames",
    "filters": "frames",
    "lens": "frames",
    "opening": "work",
    "edits": "work",
    "search": "work",
    "attach": "work",
    "import_large": "work",
    "export": "work",
    "import_table": "tables",
    "memory": "work",
    "growth": "growth",
}
"""The module of each scenario, imported in its process only, so that the start is that of the program."""


def main(name: str, project: str, events: str, started: str) -> None:
    assert viewer.__main__
    application = QApplication(["dateline"])
    scenario = getattr(importlib.import_module(f"tests.benchmarks.{MODULES[name]}"), name)
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        os.environ["XDG_CACHE_HOME"] = folder  # what is kept of a project there is made by the scenario itself
        setting = Setting(Path(project), Path(folder), int(events) or None, float(started))
        for figure in scenario(setting):
            print(encode(figure), flush=True)
    del application


if __name__ == "__main__":
    main(*sys.argv[1:])

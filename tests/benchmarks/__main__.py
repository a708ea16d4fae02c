"""Runs all scenarios one after the other, writes build/bench.json and prints the table.

python -m tests.benchmarks                  everything, 5 to 10 minutes
python -m tests.benchmarks scrub opening    these scenarios only; bench.json is left alone
python -m tests.benchmarks scrub 5000000    the same on a project of so many events, which is made first
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from db.importers import bundle
from tests.benchmarks import curve, figures, machine, table
from tests.benchmarks.figures import Figure
from tests.helpers.generate import generate
from tests.helpers.million import generate_many
from viewer.paths import resource

OUT = Path("build/bench.json")
SCREEN = "1600x1000x24"
SCREENLESS = f"offscreen:configfile={Path('tests/helpers/screen.json').absolute()}"
"""A screen that has room for the window, as the platform's own has not."""
SAMPLE, MANY, MOST = 0, 20_000, 1_000_000
BOTH, OFFSCREEN = ("offscreen", "xvfb"), ("offscreen",)
PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Round:
    """A scenario on projects of some sizes, on some platforms, in ``repeats`` processes whose samples are joined."""

    scenario: str
    sizes: tuple[int, ...]
    platforms: tuple[str, ...] = OFFSCREEN
    repeats: int = 1


ROUNDS = (
    Round("start", (SAMPLE, MANY), BOTH, repeats=5),
    Round("scrub", (SAMPLE, MANY, MOST), BOTH),
    Round("scrub_while_saving", (SAMPLE, MANY), BOTH),
    Round("move_map", (SAMPLE, MANY, MOST), BOTH),
    Round("move_lanes", (SAMPLE, MANY, MOST), BOTH),
    Round("filters", (SAMPLE, MANY, MOST), BOTH),
    Round("lens", (SAMPLE, MANY, MOST)),
    Round("opening", (SAMPLE, MANY, MOST)),
    Round("edits", (SAMPLE, MANY, MOST)),
    Round("search", (SAMPLE, MANY, MOST)),
    Round("attach", (SAMPLE,), repeats=3),
    Round("import_large", (SAMPLE,), repeats=3),
    Round("export", (SAMPLE, MANY)),
    Round("import_table", (SAMPLE,)),
    Round("memory", (SAMPLE, MANY, MOST)),
    Round("growth", (SAMPLE,), BOTH),
)


def main(names: list[str]) -> int:
    console = Console(width=220)
    sizes = tuple(int(name) for name in names if name.isdecimal())
    names = [name for name in names if not name.isdecimal()]
    rounds = [each for each in ROUNDS if not names or each.scenario in names]
    if sizes:
        rounds = [replace(each, sizes=sizes) for each in rounds]
    unknown = set(names) - {each.scenario for each in ROUNDS}
    if unknown:
        console.print(f"There is no scenario {', '.join(sorted(unknown))}.")
        return 2
    run = machine.Run()
    measured: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        projects = _projects(Path(folder), {size for each in rounds for size in each.sizes})
        for each in rounds:
            for size in each.sizes:
                for where in each.platforms:
                    if each.scenario == "start":  # the first one only warms what the system keeps of files
                        _run(each.scenario, projects[size], size, where)
                    found = _joined([_run(each.scenario, projects[size], size, where) for _ in range(each.repeats)])
                    measured += [replace(figure, platform=where) for figure in found]
                    console.print(f"{run.seconds:4.0f} s  {each.scenario} {size or 'sample'} {where}")
    table.show(measured, console)
    curve.draw(measured, OUT.with_name("growth.png"))
    if not (names or sizes):
        figures.write(measured, run.about(), OUT)
        console.print(f"Written to {OUT}")
    return 0


def _projects(folder: Path, sizes: set[int]) -> dict[int, Path]:
    made = {}
    for size in sorted(sizes):
        path = folder / f"{size or 'sample'}.gpkg"
        if size:
            (generate_many if size >= MOST else generate)(path, size)
        else:
            bundle.build(resource("sample"), path)
        made[size] = path
    return made


def _run(scenario: str, project: Path, size: int, where: str) -> list[Figure]:
    """The figures of one process. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "tests.benchmarks.scenario", scenario, str(project), str(size)]
    environment = {**os.environ, "QT_QPA_PLATFORM": SCREENLESS if where == "offscreen" else "xcb"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a start without compiled modules is none that a user sees twice
    if where == "xvfb":
        xvfb = shutil.which("xvfb-run")
        if xvfb is None:
            raise SystemExit("xvfb-run is missing: packaging/linux/system-packages.sh test installs it")
        # The display stands before the clock starts.
        inner = 'exec "$@" "$(cut -d" " -f1 /proc/uptime)"'
        command = [xvfb, "-a", "-s", f"-screen 0 {SCREEN}", "bash", "-c", inner, "bash", *command]
    else:
        command.append(str(time.monotonic()))
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE_S)
    return [figures.decode(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _joined(runs: list[list[Figure]]) -> list[Figure]:
    """One figure from those of the same name, with the samples of all."""
    joined = []
    for same in zip(*runs, strict=True):
        samples = tuple(value for figure in same for value in figure.samples)
        blocks = [figure.longest_block_ms for figure in same if figure.longest_block_ms is not None]
        least = sorted(figure.baseline_median for figure in same)[len(same) // 2]
        longest = max(blocks, default=None)
        joined.append(replace(same[0], samples=samples, baseline_median=least, longest_block_ms=longest))
    return joined


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

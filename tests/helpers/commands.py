"""The command line as tests run it: in this process or in one of its own, on a copy of the sample."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.importers import bundle
from viewer.cli import main
from viewer.paths import resource

ROOT = Path(__file__).resolve().parents[2]
TEXT = "A short report.\n\nIt says that the bridge was held on 28 November 2016.\n"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What was said, on one line."""
        return " ".join(self.err.split())


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        try:
            main([str(each) for each in arguments])
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ran(code, said.out, said.err)

    return call


def process(*arguments: object, **environment: str) -> Ran:
    """Run the command line as its own process; warnings are errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "viewer", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "sample.gpkg"
    bundle.build(resource("sample"), path)
    return path


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "projects"
    folder.mkdir()
    return Path(shutil.copy(built, folder / "project.gpkg"))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def statements(path: Path, *lines: str) -> None:
    con = sqlite3.connect(path, isolation_level=None)
    for line in lines:
        con.execute(line)
    con.close()

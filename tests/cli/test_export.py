"""`dateline export`: what it writes and says, and that Ctrl+C leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from db.store import Store
from tests.helpers.commands import ROOT, Run, contents, process
from tests.helpers.exports import FORMATS, displayed, read
from tests.helpers.generate import generate
from viewer.cli import FAULT
from viewer.cli_export import STOPPED


@pytest.mark.parametrize("suffix", FORMATS)
def test_all_events_are_written(run: Run, project: Path, tmp_path: Path, suffix: str) -> None:
    before = contents(project.parent)
    target = tmp_path / f"events{suffix}"
    said = run("export", project, target)
    assert (said.code, said.out.strip(), said.err) == (0, f"Wrote {target}: 130 events", "")
    store = Store.open(project, read_only=True)
    with closing(store.reader()) as con:
        assert read(target) == displayed(con)
    store.close()
    assert contents(project.parent) == before


def test_a_file_is_replaced_only_when_asked(run: Run, project: Path, tmp_path: Path) -> None:
    target = tmp_path / "events.csv"
    target.write_text("mine")
    said = run("export", project, target)
    assert said.code == FAULT
    assert said.sentence == f"There is already a file {target}. It was left as it is; --overwrite replaces it."
    assert target.read_text() == "mine"
    assert run("export", project, target, "--overwrite", "--bom").code == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbftitle,")
    assert len(read(target)) == 130


def test_what_is_refused_is_told_in_a_sentence(run: Run, project: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.gpkg"
    text.write_text("not a project")
    for source, name, options, words in (
        (project, "events.xls", (), "Choose a name that ends in .csv"),
        (project, "events.kml", ("--bom",), "Only a CSV file"),
        (project, "missing/events.csv", (), "There is no folder"),
        (project, project, ("--overwrite",), "That is the project itself"),
        (text, "events.csv", (), "text.gpkg is not a Dateline project"),
        (tmp_path / "none.gpkg", "events.csv", (), "none.gpkg"),
    ):
        before = contents(tmp_path)
        said = run("export", source, tmp_path / name, *options)
        assert said.code == FAULT
        assert words in said.sentence
        assert contents(tmp_path) == before


def test_it_needs_no_display_and_warns_of_nothing(project: Path, tmp_path: Path) -> None:
    said = process("export", project, tmp_path / "events.kmz", DISPLAY="", WAYLAND_DISPLAY="")
    assert (said.code, said.out.strip(), said.err) == (0, f"Wrote {tmp_path / 'events.kmz'}: 130 events", "")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("many") / "many.gpkg", 30_000)


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is sent otherwise there")
@pytest.mark.parametrize("suffix", [".csv", ".gpkg"])
def test_ctrl_c_leaves_nothing(many: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-m", "viewer", "export", str(many), str(out / f"events{suffix}")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while running.poll() is None and not list(out.glob("*.part")) and time.monotonic() < deadline:
        time.sleep(0.001)
    running.send_signal(signal.SIGINT)
    told, error = running.communicate(timeout=60)
    assert (running.returncode, told, error.strip()) == (STOPPED, "", f"Stopped. events{suffix} was not written.")
    assert list(out.iterdir()) == []

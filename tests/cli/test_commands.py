"""The command line: each command, its exit code and what it says when all is well."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import typer
from PySide6.QtGui import QImage
from typer.core import TyperGroup

from db import queries
from db.migrations import latest
from db.store import Store
from tests.helpers.commands import TEXT, Run, contents, process
from tests.helpers.shared import SHARED, needs_shared
from viewer import cli

# What works


def test_each_command_explains_itself(run: Run) -> None:
    listed = run("--help")
    assert listed.code == 0
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)
    names = list(group.commands)
    assert set(names) == {"open", "new", "sample", "import", "attach", "check", "info", "export", "render"}
    for name in names:
        assert name in listed.out
        said = run(name, "--help")
        assert said.code == 0
        assert "Usage:" in said.out
        assert len(said.out.splitlines()) > 4


def test_what_is_called_wrongly_is_told_with_exit_code_2(run: Run) -> None:
    for arguments in (["info"], ["info", "a", "b"], ["new", "--nonsense", "x"], ["render", "x.gpkg"], ["--nonsense"]):
        said = run(*arguments)
        assert said.code == 2, arguments
        assert said.err


def test_a_new_project_and_what_is_in_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new.gpkg"
    said = run("new", path, "--title", "Bridge, 2016")
    assert (said.code, said.out.split()) == (0, ["Made", str(path)])
    facts = json.loads(run("info", path, "--json").out)
    assert facts["title"] == "Bridge, 2016"
    assert (facts["sources"], facts["events"], facts["kinds"], facts["schema_version"]) == (0, 0, 6, latest())
    assert run("check", path).code == 0
    store = Store.open(path)
    assert store.undo_label is None
    store.close()


def test_a_project_has_its_ending(run: Run, tmp_path: Path) -> None:
    for command in ("new", "sample"):
        path = tmp_path / f"{command} 12.2016.gpkg"
        said = run(command, path.with_suffix(""))
        assert (said.code, said.out.split(maxsplit=1)[1].strip()) == (0, str(path))
        assert run("info", path).code == 0


def test_the_sample_and_its_counts(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    assert run("sample", path).code == 0
    said = run("info", path, "--json")
    facts = json.loads(said.out)
    assert (facts["sources"], facts["documents"], facts["claims"]) == (5, 10, 162)
    assert facts["quotes"] == {"anchored": 162, "moved": 0, "changed": 0, "orphan": 0, "standoff": 162}
    assert said.err == ""
    table = run("info", path)
    for key in facts:
        assert key.replace("_", " ") in table.out
    assert "162 standoff" in table.out
    check = run("check", path)
    assert check.code == 0
    assert check.out.startswith("Sound: ")


def test_texts_are_imported_with_their_date(run: Run, project: Path, tmp_path: Path) -> None:
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Report {number}\n\n{TEXT}", "utf-8")
        paths.append(path)
    said = run("import", project, *paths[:2], "--published", "2016-12-02~", "--publisher", "The Herald")
    assert said.code == 0
    assert said.out.splitlines() == ["0.txt: imported", "1.txt: imported"]
    assert run("import", project, paths[2]).out.splitlines() == ["2.txt: imported, undated"]
    store = Store.open(project)
    con = store.reader()
    sources = queries.sources(con)[5:]
    assert [(each.publisher, each.published) for each in sources] == [
        ("The Herald", "2016-12-02~"),
        ("The Herald", "2016-12-02~"),
        (None, None),
    ]
    assert store.undo_label == "Import 2.txt"
    con.close()
    store.close()


def test_a_date_is_asked_for_at_a_terminal(
    run: Run, project: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["sometime", "2016-11"]
    asked: list[str] = []

    def prompt(question: str, **_named: object) -> str:
        asked.append(question)
        return answers.pop(0)

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(typer, "prompt", prompt)
    said = run("import", project, text)
    assert said.code == 0
    assert len(asked) == 2
    assert "report.txt" in asked[0]
    assert "sometime" in said.err
    store = Store.open(project)
    con = store.reader()
    assert queries.sources(con)[-1].published == "2016-11"
    con.close()
    store.close()


@needs_shared
def test_own_copies_are_attached(run: Run, project: Path) -> None:
    assert SHARED is not None
    said = run("attach", project, *sorted((SHARED / "seeds").glob("*.txt")))
    assert said.code == 0, said.err
    assert len(said.out.splitlines()) == 5
    facts = json.loads(run("info", project, "--json").out)
    assert facts["quotes"]["standoff"] == facts["quotes"]["orphan"] == 0
    assert facts["quotes"]["anchored"] + facts["quotes"]["moved"] == 324
    assert run("check", project).code == 0


def test_pictures_of_the_window_and_of_its_parts(project: Path, tmp_path: Path) -> None:
    before = contents(project.parent)
    window, part = tmp_path / "new" / "folder" / "window.png", tmp_path / "map.png"
    said = process("render", project, "--out", window, "--at", "15 mar 2016", "--size", "1280x800", "--theme", "dark")
    assert (said.code, said.out.strip(), said.err) == (0, str(window), "")
    image = QImage(str(window))
    assert (image.width(), image.height()) == (1280, 800)
    assert image.pixelColor(2, 2).lightness() < 60
    said = process("render", project, "--out", part, "--view", "map", "--size", "1400x900", "--scale", "125")
    assert said.code == 0
    image = QImage(str(part))
    assert image.width() == 1400 - 1.25 * 400 - 1  # beside the source: the left panel is folded in so narrow a window
    assert 300 <= image.height() < 900
    assert image.pixelColor(image.width() // 2, 4).lightness() > 100
    assert contents(project.parent) == before


def test_a_picture_at_a_month_shows_its_middle_and_no_notice(project: Path, tmp_path: Path) -> None:
    pictures = []
    for at in ("mar 2016", "16 mar 2016"):
        target = tmp_path / f"{at}.png"
        assert process("render", project, "--out", target, "--at", at, "--size", "1280x800").code == 0
        pictures.append(QImage(str(target)).copy(0, 500, 1280, 300))  # below the map, where notices stand
    assert pictures[0] == pictures[1]


def test_with_no_display_the_window_becomes_a_picture(tmp_path: Path) -> None:
    target = tmp_path / "build" / "dateline.png"
    homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    said = process("open", "--sample", "--picture", target, **homes, DISPLAY="", WAYLAND_DISPLAY="")
    assert said.code == 0
    assert "no display" in said.err
    assert said.out.strip() == str(target)
    assert (QImage(str(target)).width(), QImage(str(target)).height()) == (1600, 1000)

"""What the documents say is so: links lead somewhere, commands and keys exist, the picture is the window's size."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QKeySequence

from viewer.core.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(ROOT.glob("*.md"))
README = (ROOT / "README.md").read_text("utf-8")
ARROWS = {"←": "Left", "→": "Right", "Delete": "Del"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_commands_of_the_readme_are_those_there_are() -> None:
    told = set(re.findall(r"^    dateline ([a-z]+)", README, re.MULTILINE))
    text = subprocess.run(
        [sys.executable, "-m", "viewer", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = set(re.findall(r"^  ([a-z]+) {2,}", text.split("Commands:")[1], re.MULTILINE))
    assert told == listed - {"open"}


def test_the_keys_of_the_readme_do_something() -> None:
    known = {QKeySequence(key).toString() for action in ACTIONS for key in action.keys}
    table = README.split("## Keys")[1].split("## Command line")[0]
    cells = [
        cell.strip() for row in table.splitlines()[4:] if row.startswith("|") for cell in row.strip("|").split("|")
    ]
    keys = [key for cell in cells[::2] for key in re.split(r" and |, (?!and)| (?=[^ ])", cell) if key.strip()]
    for key in keys:
        for word, name in ARROWS.items():
            key = key.replace(word, name)
        assert QKeySequence(key.strip()).toString() in known, key


def test_the_picture_is_of_the_window_as_designed() -> None:
    picture = QImage(str(ROOT / "resources" / "help" / "window-light.png"))
    assert (picture.width(), picture.height()) == (1600, 1000)


def test_every_file_of_data_is_credited() -> None:
    text = (ROOT / "CREDITS.md").read_text("utf-8")
    for folder in ("basemap", "fonts", "icons", "sample"):
        assert f"resources/{folder}/" in text


def test_the_help_is_in_paragraphs_that_can_be_taken_in() -> None:
    lines = (ROOT / "resources" / "help" / "index.md").read_text("utf-8").splitlines()
    assert [line[:60] for line in lines if len(line) > 950] == []
    tables = lines[lines.index("## Tables") : lines.index("## Changing an event")]
    assert sum(line.startswith("- ") for line in tables) > 8

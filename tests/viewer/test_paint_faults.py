"""A fault while painting is reported and nothing else: it never takes the process down."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from db.importers import bundle
from viewer.paths import resource

PAINTERS = {"QPainter", "QStylePainter"}
VIEWER = Path(__file__).resolve().parents[2] / "viewer"
BROKEN_PAINT = """
import sys
from pathlib import Path
from viewer.render import render
from viewer.views.map.picture import MapPicture

paint = MapPicture.paint
def broken(self, painter, *rest):
    paint(self, painter, *rest)
    raise ValueError("boom")
MapPicture.paint = broken
try:
    render(Path(sys.argv[1]), Path(sys.argv[2]), at=None, width=1200, height=800, theme="light")
except ValueError as error:
    print("reported", error)
"""


def test_every_painter_ends_with_its_block() -> None:
    # One that is still open when an exception leaves the paint event brings Qt down at the next one.
    loose = [
        f"{path.relative_to(VIEWER.parent)}:{node.lineno}"
        for path in sorted(VIEWER.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in PAINTERS
    ]
    assert not loose, f"use `with QPainter(...) as painter:` in {', '.join(loose)}"


def test_a_fault_while_painting_ends_a_rendering_with_its_cause(tmp_path: Path) -> None:
    project, picture = tmp_path / "sample.gpkg", tmp_path / "picture.png"
    bundle.build(resource("sample"), project)
    command = [sys.executable, "-c", BROKEN_PAINT, str(project), str(picture)]
    done = subprocess.run(command, cwd=VIEWER.parent, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "reported" in done.stdout
    assert "boom" in done.stdout
    assert not picture.exists()

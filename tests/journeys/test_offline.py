"""The whole job without a network: no socket is opened, and the program has no part that could open one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.window import Program, picture

ROOT = Path(__file__).resolve().parents[2]
WHAT_IS_LOADED = """
import json, os, sys, tempfile
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
target = Path(sys.argv[1])
from viewer.cli import main
try:
    main(["sample", str(target / "s.gpkg")])
except SystemExit as end:
    assert not end.code, end.code
try:
    main(["render", str(target / "s.gpkg"), "--out", str(target / "w.png"), "--size", "1200x760"])
except SystemExit as end:
    assert not end.code, end.code
maps = [line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line]
print(json.dumps({"modules": sorted(sys.modules), "libraries": sorted({os.path.basename(each) for each in maps})}))
"""


def test_the_whole_job_opens_no_socket(app: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []

    def refuse(*arguments: object, **_named: object) -> None:
        tried.append(arguments)
        raise OSError("no network")

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    for key in (".", ".", ",", "N", "P", "Home", "End", "0", "Z", "M", "M", "Ctrl+Shift+L", "Ctrl+Shift+L"):
        app.key(key)
        app.settle()
    app.key("Ctrl+K")
    app.type("mosul")
    app.settle()
    app.key("Return")
    app.settle()
    app.window.desk.commands.set_title(app.state.current, "Without a network")
    app.settle()
    app.key("Ctrl+Z")
    app.settle()
    for source in app.window.desk.data.loaded.sources.values():
        app.window.desk.commands.toggle_source(source.uid)
        app.settle()
    picture(app.window)
    assert tried == []


def test_nothing_that_speaks_to_a_network_is_loaded(tmp_path: Path) -> None:
    """Command line, store, window and a picture of it: neither Qt's network library nor its modules for the web."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", WHAT_IS_LOADED, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    loaded = json.loads(run.stdout.splitlines()[-1])
    forbidden = ("QtNetwork", "QtWebEngine", "QtWebSockets", "QtHttpServer", "QtQml")
    assert [name for name in loaded["modules"] if name.startswith(tuple(f"PySide6.{each}" for each in forbidden))] == []
    assert [name for name in loaded["modules"] if name in ("urllib.request", "http.client", "requests")] == []
    assert [name for name in loaded["libraries"] if name.startswith(("libQt6Network", "libQt6WebEngine"))] == []
    assert (tmp_path / "w.png").stat().st_size > 10_000

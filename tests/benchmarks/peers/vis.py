"""vis-timeline in headless Chromium: its timeline moved, with the events of the GeoPackage that Dateline exports."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median_low
from typing import Any

from tests.benchmarks.peers import ours
from tests.benchmarks.peers.comparison import Comparison, NotHere

PAGE = Path(__file__).with_name("vis.html")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BUDGET_S = 30
PATIENCE_S = 400
FETCH_S = 60
UNLOCKED = ("--disable-gpu-vsync", "--disable-frame-rate-limit")
"""Frames come as soon as they are made, not when a screen has its next turn."""
_EVENTS = (
    "SELECT title, kind, CAST(strftime('%s', begins) AS INTEGER) * 1000, "
    "CAST(strftime('%s', ends) AS INTEGER) * 1000 + 999 FROM events WHERE begins NOTNULL AND ends NOTNULL"
)
NEAR = 0.02
"""Labels of vis-timeline may reach into the window where their events do not: such a share more or less may be seen."""


def find() -> str:
    """The browser. Raises NotHere."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    missing = [name for name, there in (("Chromium", browser), ("npm", shutil.which("npm"))) if not there]
    if browser is None or missing:
        verb = "are" if len(missing) > 1 else "is"
        raise NotHere(
            f"vis-timeline is not measured because {' and '.join(missing)} {verb} not installed; "
            "on Debian: sudo apt-get install chromium npm"
        )
    return browser


def fetch(folder: Path) -> str:
    """Put the library into an empty folder from npm's registry and answer its version. Raises NotHere."""
    command = ["npm", "pack", "vis-timeline", "--silent"]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=FETCH_S)
    except (subprocess.SubprocessError, OSError) as error:
        raise NotHere(
            "vis-timeline is not measured because npm could not fetch it; `npm pack vis-timeline` says why"
        ) from error
    (packed,) = folder.glob("*.tgz")
    files = {
        "vis.js": "package/standalone/umd/vis-timeline-graph2d.min.js",
        "vis.css": "package/styles/vis-timeline-graph2d.min.css",
        "package.json": "package/package.json",
    }
    with tarfile.open(packed) as archive:
        for name, inside in files.items():
            file = archive.extractfile(inside)
            assert file is not None
            (folder / name).write_bytes(file.read())
    return str(json.loads((folder / "package.json").read_text("utf-8"))["version"])


def compare(browser: str, version: str, folder: Path, project: Path, export: Path, events: int) -> Iterator[Comparison]:
    """The same windows in a timeline of the size of the lanes and their ruler, at each share of the time.

    ``folder`` is that of ``fetch``.

    Raises RuntimeError when the browser fails, does not answer or shows other events.
    """
    tasks = ours.ask("lanes", project)
    with closing(sqlite3.connect(export)) as con:
        rows = con.execute(_EVENTS).fetchall()
    items = [
        {"id": number, "content": title, "group": kind or "", "start": begins, "end": ends}
        for number, (title, kind, begins, ends) in enumerate(rows)
    ]
    kinds = [{"id": kind, "content": kind} for kind in sorted({item["group"] for item in items})]
    asked = [{"size": task["size"], "ranges": task["ranges"], "budget": BUDGET_S} for task in tasks]
    (folder / "tasks.json").write_text(json.dumps({"tasks": asked, "events": items, "kinds": kinds}), "utf-8")
    shutil.copyfile(PAGE, folder / "index.html")
    said = _run(browser, folder)
    if "error" in said:
        raise RuntimeError(f"vis-timeline failed: {said['error']}")
    for task, theirs in zip(tasks, said["tasks"], strict=True):
        shown = median_low(task["counts"])
        if abs(median_low(theirs["shown"]) - shown) > NEAR * shown:
            raise RuntimeError(f"vis-timeline shows {median_low(theirs['shown'])} events where Dateline shows {shown}")
        yield Comparison(
            f"timeline moved, {task['share']:.0%} of the time in the window",
            events,
            shown,
            "vis-timeline",
            version,
            tuple(theirs["ms"]),
            tuple(task["ms"]),
        )


def _run(browser: str, folder: Path) -> dict[str, Any]:
    """What the page in ``folder`` posts when it is through."""
    with _served(folder) as (address, told), (folder / "browser.txt").open("w") as log:
        command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", *UNLOCKED, "--window-size=1600,1000"]
        running = subprocess.Popen([*command, f"--user-data-dir={folder / 'profile'}", address], stderr=log, stdout=log)
        try:
            end = time.monotonic() + PATIENCE_S
            while not told.wait(1):
                if running.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(
                        f"{browser} did not answer: {(folder / 'browser.txt').read_text('utf-8')[-500:]}"
                    )
        finally:
            running.terminate()
            running.wait()
    return json.loads((folder / "told.json").read_text("utf-8"))


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, threading.Event]]:
    """An address of this machine where ``folder`` is served; what is posted there goes to told.json."""
    told = threading.Event()

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "told.json").write_bytes(body)
            self.send_response(204)
            self.end_headers()
            told.set()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", told
    finally:
        server.shutdown()
        serving.join()
        server.server_close()

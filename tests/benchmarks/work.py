"""Scenarios of work on the data: opening, edits, search, texts, memory."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
from PySide6.QtWidgets import QWidget

from db.importers.text import import_text
from tests.benchmarks import bare
from tests.benchmarks.figures import Figure
from tests.benchmarks.setting import Setting
from tests.benchmarks.stage import SIZE, Loop, Paints, Stage, now_ms, sync
from tests.helpers.shared import SHARED
from viewer.app import Application
from viewer.core import column_cache
from viewer.core.finder import find_in_project
from viewer.shell.main_window import MainWindow

EDITS = 12
STILL_MS = 300


def opening(setting: Setting) -> Iterator[Figure]:
    """A project opened from the first screen, until its time is scrubbed; the interpreter is warm."""
    copy = setting.folder / "open.gpkg"
    shutil.copyfile(setting.project, copy)
    fetch = bare.fetch_ms(copy)
    large = setting.events is not None and setting.events >= column_cache.WORTH
    took = [_open(copy, setting.folder) for _ in range(5)]
    if large:  # the first opening keeps the columns, the others take them
        first, block = took.pop(0)
        yield Figure("open, nothing kept", (first,), bare.FETCH, fetch, setting.events, longest_block_ms=block)
    name = "open, columns kept" if large else "open, to first scrub"
    times, blocks = zip(*took, strict=True)
    yield Figure(name, times, bare.FETCH, fetch, setting.events, longest_block_ms=max(blocks))


def _open(path: Path, folder: Path) -> tuple[float, float]:
    """Ms from a click on a project to the first frame that is scrubbed in it, and the longest block meanwhile."""
    application, loop = Application(folder / "settings.ini", theme="light"), Loop()
    application.show_start()
    loop.rest(now_ms() + STILL_MS)
    loop.longest, begun = 0.0, now_ms()
    application.open_project(path)
    loop.run(lambda: isinstance(application.window, MainWindow), "the window")
    window = application.window
    assert isinstance(window, MainWindow)
    views = [window.map_view, window.timeline_view.lanes]
    paints = Paints(views)
    shown = window.desk.state.view
    ends = shown.time_window.first, shown.time_window.last
    window.desk.commands.go_to(ends[shown.time_cursor == ends[0]])  # it opens where it was left
    loop.wait(lambda: all(paints.counts[view] for view in views), "the first picture")
    sync(window)
    took, block = now_ms() - begun, loop.longest
    paints.remove()
    loop.wait(lambda: window.is_settled() and window.desk.jobs.idle, "the window to settle")
    application.close()
    return took, block


def edits(setting: Setting) -> Iterator[Figure]:
    """Titles changed one by one, each until it is on disk and announced; then taken back one by one."""
    commit = bare.commit_ms(setting.project, setting.folder)
    with Stage(setting.project, setting.folder) as stage:
        commands, rows = stage.desk.commands, random.Random(3).sample(range(stage.desk.data.index.n), EDITS)
        refs = [stage.desk.data.row_ref(row) for row in rows]
        kept: list[float] = []
        took, undone = [], []
        stage.desk.jobs.busy_changed.connect(lambda busy: None if busy else kept.append(now_ms()))
        saved = []
        for number, ref in enumerate(refs):
            begun = now_ms()
            took.append(stage.until_changed(partial(commands.set_title, ref, f"Renamed {number}")))
            saved.append(kept[-1] - begun)
        block, stage.loop.longest = stage.loop.longest, 0.0
        for _ in refs:
            undone.append(stage.until_changed(commands.undo))
        for name, times, longest in (
            ("edit, to on disk", saved, block),
            ("edit, to announced and painted", took, block),
            ("undo, to announced and painted", undone, stage.loop.longest),
        ):
            yield Figure(name, tuple(times), bare.COMMIT, commit, setting.events, longest_block_ms=longest)


def search(setting: Setting) -> Iterator[Figure]:
    """Words typed letter by letter, each until what is found stands in the list."""
    texts = [word[:end] for word in ("mosul", "raqqa is re", "report 3") for end in range(1, len(word) + 1)]
    match = bare.match_ms(setting.project, texts)
    with Stage(setting.project, setting.folder) as stage:
        took = []
        for text in texts:
            answers: list[object] = []
            begun = now_ms()
            stage.desk.data.ask("search", find_in_project(text, stage.desk.data), answers.append)
            stage.loop.wait(lambda answers=answers: bool(answers), "what was found")
            took.append(now_ms() - begun)
        block = stage.loop.longest
        yield Figure("search, a letter typed", tuple(took), bare.MATCH, match, setting.events, longest_block_ms=block)


def attach(setting: Setting) -> Iterator[Figure]:
    """Own copies of the five articles given to the sample, where they lie beside the checkout."""
    if SHARED is None:
        return
    paths = sorted((SHARED / "seeds").glob("*.txt"))
    keep = bare.keep_ms(paths, setting.folder)
    with Stage(setting.project, setting.folder) as stage:
        took = stage.until_changed(partial(stage.desk.commands.attach, paths))
        yield Figure("attach five texts", (took,), bare.KEEP, keep, setting.events, longest_block_ms=stage.loop.longest)


def import_large(setting: Setting) -> Iterator[Figure]:
    """A text of 2 MB imported as a source."""
    path = setting.folder / "large.txt"
    words = [f"word{number}" for number in range(5_000)]
    chance = random.Random(5)
    text = ""
    parts = []
    while len(text) < 2_000_000:
        parts.append(" ".join(chance.choices(words, k=90)) + ".\n\n")
        if len(parts) % 500 == 0:
            text = "".join(parts)
    path.write_text(text[:2_000_000], encoding="utf-8")
    keep = bare.keep_ms([path], setting.folder)
    with Stage(setting.project, setting.folder) as stage:
        store, jobs = stage.desk.data.store, stage.desk.jobs
        took = stage.until_changed(lambda: jobs.write(lambda: import_text(store, path, published="2016-11")))
        yield Figure("import 2 MB", (took,), bare.KEEP, keep, setting.events, longest_block_ms=stage.loop.longest)


def export(setting: Setting) -> Iterator[Figure]:
    """All events exported from the window, each time until the file has its name and the user is told."""
    least = bare.export_ms(setting.project, setting.folder)
    with Stage(setting.project, setting.folder) as stage:
        stage.loop.rest(now_ms() + 1500)  # by then the collector has been frozen, as before any hand is on the menu
        ended: list[object] = []
        stage.desk.jobs.long_ended.connect(ended.append)
        for suffix in (".csv", ".gpkg"):
            target = setting.folder / f"events{suffix}"
            took, stage.loop.longest = [], 0.0
            for _ in range(5):
                target.unlink(missing_ok=True)
                ended.clear()
                begun = now_ms()
                stage.desk.commands.export(target)
                stage.loop.wait(lambda: bool(ended), "the export")
                took.append(now_ms() - begun)
                if not target.exists():
                    raise AssertionError(f"{target.name} was not written")
            block = stage.loop.longest
            yield Figure(f"export {suffix}", tuple(took), bare.EXPORT, least, setting.events, longest_block_ms=block)


def memory(setting: Setting) -> Iterator[Figure]:
    """What the process holds with the window open and settled."""
    empty = QWidget()
    empty.resize(*SIZE)
    empty.show()
    Loop().rest(now_ms() + 100)
    words, before = "the same process with an empty window", _resident_mb()
    empty.close()
    with Stage(setting.project, setting.folder):
        held = _resident_mb()
    yield Figure("memory, window settled", (held,), words, before, setting.events, unit="MB")


def _resident_mb() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 2**20

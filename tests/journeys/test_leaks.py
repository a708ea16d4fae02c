"""Opening and closing leaves nothing: no widget, thread, timer, connection or file, however often."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import Counter
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog

from tests.helpers.window import Program
from viewer.shell.dialogs.help import HelpDialog
from viewer.shell.dialogs.import_tables import TableDialog
from viewer.shell.dialogs.import_texts import ImportDialog
from viewer.shell.dialogs.keys import KeysDialog
from viewer.shell.dialogs.settings import SettingsDialog

ROUNDS = 5


def flush() -> None:
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        gc.collect()


def objects() -> Counter[str]:
    """The kinds of Qt's objects that are alive: all within windows, and those that Python alone knows.

    What is within windows is asked for by name, as Python knows of such a part only from the first time that it met it,
    which is a matter of time, not of what is alive.
    """
    within = [each for top in QApplication.topLevelWidgets() for each in top.findChildren(QObject)]
    known = [each for each in gc.get_objects() if isinstance(each, QObject) and shiboken6.isValid(each)]
    alive = {shiboken6.getCppPointer(each)[0]: each for each in (*known, *within, *QApplication.allWindows())}
    return Counter(type(each).__name__ for each in alive.values())


def open_files(path: Path) -> int:
    """How many descriptors of this process are open on a file."""
    links = list(Path("/proc/self/fd").iterdir())
    return sum(1 for link in links if link.exists() and link.resolve() == path.resolve())


def use(program: Program) -> None:
    """A little of everything."""
    program.key("Ctrl+K")
    program.type("mosul")
    program.settle()
    program.key("Escape")
    program.key("Space")
    program.key(".")
    program.key("Ctrl+Shift+E")
    program.settle()
    program.key("Ctrl+Shift+E")
    program.key("F2")
    program.key("Escape")
    source = program.window.desk.data.loaded.sources[1]
    program.window.desk.commands.toggle_source(source.uid)
    program.settle()


def test_a_window_that_is_closed_is_gone(program: Program, sample: Path) -> None:
    counts: list[Counter[str]] = []
    widgets: list[int] = []
    dead: list[list[weakref.ref[object]]] = []
    before = set(threading.enumerate())
    for _ in range(ROUNDS):
        window = program.open(sample)
        use(program)
        desk = window.desk
        dead.append([weakref.ref(each) for each in (desk.data, desk.data.index, desk.commands, desk.data.store)])
        del window, desk
        program.application.close()
        flush()
        counts.append(objects())
        widgets.append(len(QApplication.allWidgets()))
        assert set(threading.enumerate()) <= before
        assert open_files(sample) == 0
    assert len(set(widgets[1:])) == 1, f"widgets after each round: {widgets}"
    grown = {name: number - counts[1][name] for name, number in counts[-1].items() if number > counts[1][name]}
    assert not grown, f"objects that stay: {grown}"
    alive = [number for number, refs in enumerate(dead) if any(ref() is not None for ref in refs)]
    assert alive in ([], [ROUNDS - 1]), "something keeps more than the last project"


def test_what_opens_within_a_window_is_gone_when_it_closes(
    app: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("A text of some length, to be imported.", "utf-8")
    shown: list[QDialog] = []
    (tmp_path / "a.csv").write_text("title,date\nA,2016\n", "utf-8")
    for kind in (HelpDialog, KeysDialog, SettingsDialog, ImportDialog, TableDialog):
        monkeypatch.setattr(kind, "exec", lambda self: (shown.append(self), self.open()))

    def once() -> None:
        app.window.show_help()
        app.window.show_keys()
        app.window.show_settings("keys")
        app.window.import_files([tmp_path / "a.txt", tmp_path / "a.csv"])
        app.wait(lambda: app.window.desk.jobs.idle)
        while shown:
            shown.pop().close()
        for _ in range(3):
            app.window.show_palette()
            app.key("Escape")
        for event in ("Coup attempted in Turkey", "Baghdadi declares caliphate"):
            app.window.desk.commands.select((app.event(event),), "test")
            app.settle()
        app.window.desk.messages.done("Said")
        app.window.toasts.clear()
        app.back_in_window()
        flush()

    once()
    once()
    before, widgets = objects(), len(QApplication.allWidgets())
    for _ in range(3):
        once()
    after = objects()
    assert {name: number - before[name] for name, number in after.items() if number > before[name]} == {}
    assert len(QApplication.allWidgets()) == widgets

"""The running program on a copy of the sample, driven as a person drives it: by the mouse and the keys of its window.

Presses go to the window, not to a widget, so what lies on top takes them, as it would under a hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QInputMethodEvent, QKeySequence, QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from db import queries
from db.edtf import parse
from db.importers import bundle
from db.store import Store
from db.values import Ref
from viewer.app import Application
from viewer.core.settings import REDUCE_MOTION
from viewer.core.state import ViewState
from viewer.paths import resource
from viewer.shell.main_window import MainWindow
from viewer.shell.start_window import StartWindow

PATIENCE_MS: Final = 30_000
SIZE: Final = (1600, 1000)
NONE: Final = Qt.KeyboardModifier.NoModifier
LEFT: Final = Qt.MouseButton.LeftButton


class Program:
    """One run of the program. ``window`` is whatever window it shows now."""

    def __init__(self, qtbot: QtBot, folder: Path, theme: str | None = None, *, motion: bool = False) -> None:
        """Settings are ``folder``/settings.ini; nothing is shown yet. ``motion``: flights and fades take their time."""
        self._qtbot = qtbot
        self.folder = folder
        self.application = Application(folder / "settings.ini", theme)
        self.application.settings.set(REDUCE_MOTION, not motion)
        self.application.look.set_reduce_motion(not motion)

    # Windows

    def start(self) -> StartWindow:
        window = self.application.show_start()
        self._shown(window)
        return window

    def open(self, path: Path, size: tuple[int, int] | None = SIZE) -> MainWindow:
        window = self.application.show_project(path, size)
        self._shown(window)
        self.settle()
        return window

    def _shown(self, window: QWidget) -> None:
        self._qtbot.waitExposed(window)

        def is_active() -> bool:
            if not window.isActiveWindow():
                window.activateWindow()  # asked for again: the window before may only now have gone
            return window.isActiveWindow()

        self.wait(is_active)

    @property
    def window(self) -> MainWindow:
        window = self.application.window
        assert isinstance(window, MainWindow), f"the window shown is {window}"
        return window

    def close(self) -> None:
        """End the program; the theme leaves the test's QApplication as it was."""
        self.application.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        qt = self.application.qt
        shiboken6.delete(self.application.look)
        qt.setStyleSheet("")
        with suppress(AttributeError):
            qt.styleHints().unsetColorScheme()

    def back_in_window(self) -> None:
        """After a dialog: the window is active again, as the window manager makes it."""
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)
        self.window.map_view.setFocus()

    # Waiting

    def wait(self, until: Callable[[], Any]) -> None:
        """Until a condition holds; a failing one is shown."""
        self._qtbot.waitUntil(until, timeout=PATIENCE_MS)

    def opened(self) -> None:
        """Until no project is being opened any more: it is in its window, or has been told to be none."""
        self.wait(lambda: not self.application.opening)

    def settle(self) -> None:
        """Until all that is shown is final, the window of a project that is being opened included."""
        self.opened()
        window = self.window
        self.wait(lambda: window.is_settled() and not window.desk.jobs.writing)
        in_place(window.right_panel)
        self.wait(window.is_settled)

    # What it knows

    @property
    def state(self) -> ViewState:
        return self.window.desk.state.view

    def event(self, title: str) -> Ref:
        """The one event whose displayed title begins so."""
        loaded = self.window.desk.data.loaded
        found = [event_id for event_id, each in loaded.titles.items() if each.startswith(title)]
        assert len(found) == 1, f"{len(found)} events are called {title!r}"
        return self.window.desk.data.ref(found[0])

    def title(self, ref: Ref | None) -> str:
        row = self.window.desk.data.row(ref)
        return "" if row is None else self.window.desk.data.title(row)

    def quote_text(self) -> str:
        """The text of the quote that the reader stands at, cut from the very text that is shown."""
        source = self.window.right_panel.source
        page, quote = source.page, self.state.quote
        assert page is not None
        assert page.text is not None
        assert quote is not None
        row = next(each for each in page.quotes if each.uid == quote.uid)
        return page.text[row.start : row.end]

    def says(self, sentence: str) -> None:
        """Wait until a toast with this in it is shown."""
        self.wait(lambda: any(sentence in toast.text() for toast in self.window.toasts.toasts()))

    # Hands

    def key(self, keys: str, times: int = 1) -> None:
        """Press keys such as ``Ctrl+K`` or ``Space`` wherever the keyboard is."""
        handle = self._handle()
        for _ in range(times):
            combination = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)[0]
            QTest.keyClick(handle, combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        """Type letters into whatever has the keyboard; those no key stands for come as an input method brings them."""
        for letter in text:
            if letter.isascii():
                QTest.keyClick(self._handle(), letter)
            else:
                event = QInputMethodEvent()
                event.setCommitString(letter)
                QApplication.sendEvent(QApplication.focusWidget(), event)

    def click(self, widget: QWidget, at: QPoint | QPointF | None = None, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click at a point of a widget, by default its middle."""
        window, point = self._place(widget, at)
        QTest.mouseClick(window, LEFT, modifiers, point)

    def double_click(self, widget: QWidget, at: QPoint | QPointF | None = None) -> None:
        window, point = self._place(widget, at)
        QTest.mouseClick(window, LEFT, NONE, point)
        QTest.mouseDClick(window, LEFT, NONE, point)

    def drag(
        self,
        widget: QWidget,
        path: Sequence[QPoint | QPointF],
        modifiers: Qt.KeyboardModifier = NONE,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Press at the first point, move through the others, release at the last; ``meanwhile`` runs at each."""
        window, first = self._place(widget, path[0])
        QTest.mousePress(window, LEFT, modifiers, first)
        for each in path[1:]:
            _window, point = self._place(widget, each)
            QTest.mouseMove(window, point)
            if meanwhile is not None:
                meanwhile()
        _window, last = self._place(widget, path[-1])
        QTest.mouseRelease(window, LEFT, modifiers, last)

    def wheel(self, widget: QWidget, at: QPointF, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Turn the wheel over a point of a widget; away from the hand is positive."""
        event = QWheelEvent(
            at,
            widget.mapToGlobal(at),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def choose(self, select: QComboBox, text: str) -> None:
        """Choose an item of a drop-down list by its words: a click drops it down, keys do the rest."""
        self.click(select)
        view = select.view()
        self.wait(view.isVisible)
        row = select.findText(text)
        assert row >= 0, f"{text!r} is not in the list"
        QTest.keyClick(view, Qt.Key.Key_Home)
        for _ in range(row):
            QTest.keyClick(view, Qt.Key.Key_Down)
        QTest.keyClick(view, Qt.Key.Key_Return)

    def show_tab(self, text: str) -> None:
        """Click a tab of the left panel."""
        tabs = self.window.left_panel.tabs
        number = next(at for at in range(tabs.count()) if tabs.tabText(at).replace("&", "") == text)
        self.click(tabs, tabs.tabRect(number).center())

    def in_lanes(self, name: str) -> QPoint:
        """Turn the wheel until an event is in sight in the lanes; answers where to click for it."""
        lanes = self.window.timeline_view.lanes
        picture(lanes)
        for _ in range(60):
            place = painted(lanes, name)
            if lanes.rect().top() <= place.top() and place.bottom() <= lanes.rect().bottom():
                return place.center()
            self.wheel(lanes, QPointF(lanes.width() / 2, 40), 1 if place.top() < 0 else -1)
            picture(lanes)
        raise AssertionError(f"{name!r} never came into sight")

    def _handle(self) -> QWindow:
        focus = QApplication.focusWidget()
        widget = focus.window() if focus is not None else self.application.window
        assert widget is not None
        handle = widget.windowHandle()
        assert handle is not None
        return handle

    def _place(self, widget: QWidget, at: QPoint | QPointF | None) -> tuple[QWindow, QPoint]:
        top = widget.window()
        handle = top.windowHandle()
        assert handle is not None
        assert widget.isVisible(), f"{type(widget).__name__} is not shown"
        point = widget.rect().center() if at is None else at.toPoint() if isinstance(at, QPointF) else at
        return handle, widget.mapTo(top, point)


def painted(view: Any, name: str) -> QRect:
    """Where the one painted thing is whose accessible name holds ``name``."""
    found = [child for child in view.painted_children() if name in child.name]
    assert len(found) == 1, f"{[child.name for child in found]} are called {name!r}"
    return found[0].rect


def in_place(widget: QWidget) -> None:
    """Process events until all within has its place: layouts within layouts take a few rounds."""
    before: list[QRect] = []
    same = 0
    for _ in range(30):
        QApplication.processEvents()
        now = [each.geometry() for each in widget.findChildren(QWidget)]
        same = same + 1 if now == before else 0
        if same == 2:
            return
        before = now


def picture(widget: QWidget) -> QImage:
    """What is painted, once everything has its place."""
    in_place(widget)
    return widget.grab().toImage()


def answer(monkeypatch: pytest.MonkeyPatch, **paths: Path | list[Path] | None) -> None:
    """What the system's file dialogs will answer: ``open_one``, ``open_many``, ``save``; None is Cancel."""
    one, many, save = paths.get("open_one"), paths.get("open_many"), paths.get("save")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(one or ""), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(each) for each in many or []], ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(save or ""), ""))


def instant(text: str) -> int:
    """The best estimate of a date, ms."""
    return parse(text).best


def reopened(path: Path, ask: Callable[[Any], Any]) -> Any:
    """Ask a fresh reader of the file: what is on disk, whatever a window believes."""
    store = Store.open(path, read_only=True)
    try:
        connection = store.reader()
        try:
            return ask(connection)
        finally:
            connection.close()
    finally:
        store.close()


def detail_on_disk(path: Path, ref: Ref) -> queries.EventDetail | None:
    """An event as the file has it."""

    def ask(connection: Any) -> queries.EventDetail | None:
        ids = {uid: event_id for event_id, uid in queries.event_uids(connection).items()}
        return queries.event_detail(connection, ids[ref.uid], frozenset()) if ref.uid in ids else None

    return reopened(path, ask)


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built once; not to be changed."""
    path = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    bundle.build(resource("sample"), path)
    return path


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Path:
    """A test's own copy of the sample."""
    path = tmp_path / "sample.gpkg"
    path.write_bytes(sample_file.read_bytes())
    return path


@pytest.fixture
def program(qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    """The program in light colours, with no window yet."""
    program = Program(qtbot, tmp_path, "light")
    yield program
    program.close()


@pytest.fixture
def app(program: Program, sample: Path) -> Program:
    """The program with its window on a copy of the sample."""
    program.open(sample)
    return program

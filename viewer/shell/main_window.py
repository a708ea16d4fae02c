"""The main window: places the views, carries the keys and menus, opens dialogs. No domain work here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from db import safety
from db.errors import EnvironmentFault
from db.importers.tables.reading import is_table
from db.values import Ref
from viewer.core.desk import Desk
from viewer.core.messages import Level, Message
from viewer.core.settings import HIGHLIGHTS, REDUCE_MOTION, SCALE, SCALES, THEME
from viewer.look.theme import ThemeManager
from viewer.paths import as_project
from viewer.shell.body import Body
from viewer.shell.dialogs.export import ask_export
from viewer.shell.dialogs.help import HelpDialog
from viewer.shell.dialogs.import_tables import TableDialog
from viewer.shell.dialogs.import_texts import ImportDialog
from viewer.shell.dialogs.keys import KeysDialog
from viewer.shell.dialogs.settings import SettingsDialog
from viewer.shell.entering import opening_words
from viewer.shell.fitting import Fitting
from viewer.shell.folders import Folders
from viewer.shell.host import PROJECTS, TEXTS, TEXTS_AND_TABLES, Host, may_replace
from viewer.shell.keys import PlainKeys, bind_keys, make_actions, refresh, run
from viewer.shell.layers import LayerDoor
from viewer.shell.leaving import may_stop
from viewer.shell.palette import Palette
from viewer.shell.parts import Parts
from viewer.shell.recent import RecentMenu
from viewer.shell.regions import Regions
from viewer.shell.right_side import RightSide
from viewer.shell.room import open_in_room
from viewer.shell.top_bar import TopBar
from viewer.widgets.banner import Banner
from viewer.widgets.toast import Toasts

MINIMUM: Final = (1180, 720)
DESIGN: Final = (1600, 1000)


class MainWindow(QWidget):
    """One open project. Implements actions.Window."""

    def __init__(
        self, desk: Desk, look: ThemeManager, host: Host, parts: Parts, size: tuple[int, int] | None = None
    ) -> None:
        """``parts`` of this very desk; ``size`` in logical pixels overrides where the window stood last."""
        super().__init__()
        self._desk, self._look, self._host = desk, look, host
        self._leaving = False
        self.setObjectName("main_window")
        self.setMinimumSize(*MINIMUM)
        self.map_view, self.timeline_view, self.table_view = parts.map_view, parts.timeline_view, parts.table_view
        self.left_panel, self.right_panel, self.status_bar = parts.left_panel, parts.right_panel, parts.status_bar
        self.right_panel.attach_wanted.connect(self.attach_texts)
        self.right_panel.import_wanted.connect(self.import_texts)
        self.folders = Folders(desk.settings, desk.data.store.path)
        self.layers = LayerDoor(desk, look, self.map_view, self.left_panel.layers, self.folders, self)
        self.map_view.layers_wanted.connect(self._on_layers_wanted)
        self.actions_by_id = make_actions(self, self)
        self._bind_keys()
        desk.keymap.changed.connect(self._bind_keys)
        parts.hide_left.clicked.connect(self.actions_by_id["left"].trigger)
        self.top_bar = TopBar(desk, look, self.actions_by_id, RecentMenu(desk, host), self._enable_actions)
        self.busy = self.status_bar.busy
        self.banner = Banner(look, "", "warn", closable=True)
        self.banner.hide()
        self.toasts = Toasts(look, self, lift=36)
        self._plain_keys = PlainKeys(desk.keymap)
        self._body = Body(desk, look, parts, self)
        self.stage = self._body.stage
        self._place()
        self._regions = Regions(
            self.top_bar,
            self.left_panel,
            self.stage,
            self.timeline_view.transport,
            self.timeline_view.lanes,
            self.right_panel,
        )
        self._right = RightSide(desk, look, self.right_panel, self._body.columns, self._body, self)
        splitters = self._body.upper, self._body.rows, self._body.columns
        self._fitting = Fitting(
            desk, look, self, splitters, self.left_panel, self.right_panel, self.timeline_view, self._right
        )
        self.top_bar.follow(self.left_panel, self._right)
        self._restore(size)
        desk.messages.said.connect(self._on_said)
        desk.data.changed.connect(self._on_change)
        desk.jobs.run(
            lambda: safety.quick_check(desk.data.store.path, lambda: desk.jobs.closed or desk.jobs.writing),
            lambda _none: None,
            self._on_damage,
        )
        if said := opening_words(desk.data.store):
            self.tell_fault(said)
        desk.data.let_go_of_made()
        self._retitle()
        self.map_view.setFocus()

    @property
    def desk(self) -> Desk:
        return self._desk

    def shows(self, path: Path) -> bool:
        """Whether this is the window of the project in a file."""
        return path.exists() and (own := self._desk.data.store.path).exists() and path.samefile(own)

    def may_close(self) -> bool:
        """Ask where something long is being written, which closing would stop."""
        return may_stop(self, self._desk.jobs)

    def warm(self) -> Iterator[QWidget]:
        """Before it is seen: lay all out, then paint part after part, so that each has at hand what it is painted with
        and its first picture takes no longer than those after it.
        """
        self.grab(QRect(0, 0, 1, 1))
        yield self
        for part in (self.top_bar, self.left_panel, self.map_view, self.timeline_view, self.right_panel):
            if not part.isHidden():
                part.grab()
                yield part
        self.map_view.settle()
        yield self.map_view
        while self.map_view.picture.lettering:
            yield self.map_view
        self.map_view.grab()
        yield self.map_view

    def leave(self) -> None:
        """Close without asking."""
        self._leaving = True
        self.close()

    def is_settled(self) -> bool:
        """Whether all that is shown is final: nothing loading, placed later or moving."""
        still = (view.is_settled() for view in (self.right_panel, self.map_view, self.timeline_view))
        return self._desk.jobs.idle and all(still)

    # What actions ask (viewer/core/actions.py)

    def show_palette(self) -> None:
        palette = Palette(self, self._look, self)
        palette.closed.connect(palette.deleteLater)
        palette.open_below(self.top_bar.search_anchor())

    def show_menu(self) -> None:
        self.top_bar.show_menu()

    def show_keys(self) -> None:
        KeysDialog(self._look, self._desk.keymap, self).exec()

    def show_settings(self, page: str = "look") -> None:
        SettingsDialog(self._desk.settings, self._desk.keymap, self._look, self, page).exec()

    def show_help(self) -> None:
        HelpDialog(self._look, self).exec()

    def show_table(self) -> None:
        """The table in place of the map, or the map again."""
        self.stage.show_table(not self.stage.shows_table)
        (self.table_view if self.stage.shows_table else self.map_view).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def list_events(self, words: str) -> None:
        """The table, narrowed to events with some words."""
        self.stage.show_table(True)
        self.table_view.field.set_text(words)
        self.table_view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_project(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, "Open a project", self.folders.start(), PROJECTS)
        if path:
            self.folders.remember(path)
            self._host.open_project(Path(path))

    def new_project(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, "New project", self.folders.start(), PROJECTS)
        if path:
            self.folders.remember(path)
            self._host.new_project(as_project(path))

    def open_sample(self) -> None:
        self._host.open_sample()

    def import_texts(self) -> None:
        paths, _kind = QFileDialog.getOpenFileNames(
            self, "Import texts or tables", self.folders.start(), TEXTS_AND_TABLES
        )
        if paths:
            self.folders.remember(paths[0])
            self.import_files([Path(path) for path in paths])

    def import_files(self, paths: list[Path]) -> None:
        """Import texts as sources, a row per file with its cause when it cannot be; then tables, one after another."""
        texts = [path for path in paths if not is_table(path)]
        if texts:
            ImportDialog(self._desk, self._look, texts, self).exec()
        for path in paths:
            if path not in texts:
                dialog = TableDialog(self._desk, self._look, path, self)
                dialog.other_wanted.connect(self.import_texts, Qt.ConnectionType.QueuedConnection)
                dialog.exec()

    def attach_texts(self) -> None:
        paths, _kind = QFileDialog.getOpenFileNames(self, "Attach own copies of sources", self.folders.start(), TEXTS)
        if paths:
            self.folders.remember(paths[0])
            self._desk.commands.attach([Path(path) for path in paths])

    def add_layer(self) -> None:
        self.layers.choose()

    def show_layers(self) -> None:
        """The list of layers in the left panel."""
        if self.left_panel.isHidden():
            self._fitting.toggle_left()
        self.left_panel.show_tab("layers")
        first: list[QWidget] = [*self.left_panel.layers.lines[:1], self.left_panel.tabs]
        first[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save_copy(self) -> None:
        start = str(Path(self.folders.start()) / f"{self._desk.data.store.path.stem} copy.gpkg")
        path, _kind = QFileDialog.getSaveFileName(self, "Save a copy", start, PROJECTS)
        if path:
            self.folders.remember(path)
            target = as_project(path)
            # The dialog has asked about the name as typed, not about the one with our ending.
            if str(target) == path or not target.exists() or may_replace(self, target):
                self._desk.commands.save_copy(target)

    def export_events(self) -> None:
        """Write the events that are shown to a file for other programs."""
        path = ask_export(self, self._desk.data, self.folders.start())
        if path is not None:
            self.folders.remember(str(path))
            self._desk.commands.export(path)

    def close_window(self) -> None:
        self.close()

    def toggle_left(self) -> None:
        self._fitting.toggle_left()

    def toggle_right(self) -> None:
        self._right.set_open(not self._right.is_open)

    def toggle_timeline(self) -> None:
        self._fitting.toggle_timeline()

    def choose_lanes(self) -> None:
        """Drop down what the lanes can stand for; the timeline comes forward."""
        if not self.timeline_view.isVisible():
            self.toggle_timeline()
        self.timeline_view.head.open()

    def measure(self) -> None:
        """Measure on the map, or leave it; the map comes forward."""
        self.stage.show_table(False)
        self.map_view.survey.toggle()

    def toggle_theme(self) -> None:
        self._desk.settings.set(THEME, self._look.toggle())

    def toggle_motion(self) -> None:
        """Leave out flights and fades, or allow them again."""
        self._desk.settings.set(REDUCE_MOTION, not self._desk.settings.get(REDUCE_MOTION))

    def change_scale(self, step: int) -> None:
        """A larger (+1) or smaller (-1) interface, or as designed (0)."""
        at = SCALES.index(self._desk.settings.get(SCALE))
        chosen = SCALES[min(max(at + step, 0), len(SCALES) - 1)] if step else SCALE.default
        self._desk.settings.set(SCALE, chosen)
        self._desk.messages.done(f"Interface at {chosen} %")

    def next_region(self) -> None:
        self._regions.move(1)

    def previous_region(self) -> None:
        self._regions.move(-1)

    def edit_date(self) -> None:
        self.timeline_view.edit_date()

    def edit_event(self) -> None:
        self._right.set_open(True)
        self.right_panel.inspector.edit()

    def find_in_document(self) -> None:
        self._right.set_open(True)
        self.right_panel.source.open_find()

    def step_quote(self, direction: int) -> None:
        self.right_panel.source.step_quote(direction)

    def read_at(self, document: Ref, start: int, end: int) -> None:
        """Read a document, with the passage from ``start`` to ``end`` (code points) marked and in sight."""
        self._right.set_open(True)
        self.right_panel.source.passage.want(document.uid, start, end)
        self._desk.commands.read_document(document)
        self.right_panel.source.stand_at_passage()

    def toggle_highlights(self) -> None:
        self._desk.settings.set(HIGHLIGHTS, not self._desk.settings.get(HIGHLIGHTS))

    def escape(self) -> None:
        """The nearest thing there is to leave: a request for a point, the drawer, the table, the selection."""
        if self._desk.picker.active:
            self._desk.picker.cancel()
        elif self.stage.shows_table:
            self.show_table()
        elif self._right.close_drawer():
            return
        elif self._desk.playback.playing:
            self._desk.playback.stop()
        else:
            self._desk.commands.clear_selection()

    def tell_fault(self, text: str) -> None:
        """A fault that concerns the whole window."""
        self.banner.set_text(text, "warn")
        self.banner.show()

    # Inside

    def _place(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.top_bar, self.banner, self._body, self.status_bar):
            layout.addWidget(part, 1 if part is self._body else 0)

    def _restore(self, size: tuple[int, int] | None) -> None:
        if size is not None:
            self.resize(*size)
        else:
            open_in_room(self, DESIGN, MINIMUM, self._desk.settings.geometry())
        self._fitting.restore()

    def _bind_keys(self) -> None:
        bind_keys(self.actions_by_id, self._desk.keymap)

    def _enable_actions(self) -> None:
        refresh(self.actions_by_id, self)

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self._desk.data.loaded.project.title} – Dateline")

    def _on_said(self, message: Message) -> None:
        action = (message.action_label, message.action) if message.action is not None else None
        actions = [each for each in (message.more, action) if each is not None]
        warning = message.level is Level.WARNING
        name, tone = ("", "warn") if warning else (message.level.value, "plain")
        self.toasts.show(message.text, *actions, name=name, tone=tone)

    def _on_layers_wanted(self, what: str) -> None:
        self.add_layer() if what == "add" else self.show_layers()

    def _on_change(self, _change: object) -> None:
        self._retitle()

    def _on_damage(self, error: Exception) -> None:
        if isinstance(error, EnvironmentFault):
            self.tell_fault(str(error))

    # Qt's calls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._plain_keys.action_for(event)
        if action is None or not run(action, self):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self._leaving or self.may_close()):
            event.ignore()
            return
        self.right_panel.inspector.finish_editing()
        focus = self.focusWidget()
        if focus is not None:
            focus.clearFocus()  # a field that is being typed in saves itself when it is left
        settings = self._desk.settings
        settings.set_geometry(self.saveGeometry())
        self._fitting.remember()
        self.hide()  # what is kept of a large project takes a second
        self.map_view.close()  # its threads end before the file is closed
        self._desk.close()
        super().closeEvent(event)

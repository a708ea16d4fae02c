"""The first screen: open the sample, import documents, start empty, or go on with a recent project."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.core.actions import keymap_of
from viewer.core.settings import RECENT, THEME, Settings
from viewer.look.sizes import add_gap, fix, gap, margins, most
from viewer.look.theme import ThemeManager
from viewer.paths import as_project
from viewer.shell.dialogs.settings import SettingsDialog
from viewer.shell.folders import Folders
from viewer.shell.host import PROJECTS, TEXTS, Host
from viewer.shell.logo import Logo
from viewer.shell.room import open_in_room
from viewer.widgets.banner import Banner
from viewer.widgets.busy import Busy
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.pictures import IconLabel
from viewer.widgets.text import ElidedLabel, label

MINIMUM: Final = (880, 600)
DESIGN: Final = (1080, 720)
TILE: Final = (236, 150)
APART: Final = 16
RECENT_SHOWN: Final = 5


class StartWindow(QWidget):
    """No account, no tour: three tiles."""

    def __init__(self, host: Host, settings: Settings, look: ThemeManager) -> None:
        super().__init__()
        self._host, self._settings, self._look = host, settings, look
        self._folders = Folders(settings)
        self.setObjectName("start_window")
        self.setWindowTitle("Dateline")
        self.setProperty("panel", "app")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        open_in_room(self, DESIGN, MINIMUM, None)
        self.banner = Banner(look, "", "warn", closable=True)
        self.banner.hide()
        self.busy = Busy(look)
        self.sample = self._tile(
            "book-open",
            "Open the sample",
            "Five reports on the decline of ISIS territory, 2014 to 2017",
            host.open_sample,
        )
        self.importing = self._tile("import", "Import documents", "Texts and tables become a new project", self._import)
        self.empty = self._tile("file-plus-2", "Start empty", "A new project file with nothing in it yet", self._new)
        self._tiles = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        gap(self._tiles, APART)
        for tile in (self.sample, self.importing, self.empty):
            self._tiles.addWidget(tile, 0, Qt.AlignmentFlag.AlignHCenter)
        tiles = QHBoxLayout()
        tiles.addStretch(1)
        tiles.addLayout(self._tiles)
        tiles.addStretch(1)
        self.settings_button = IconButton(look, "settings-2", "Settings")
        self.settings_button.clicked.connect(lambda _checked=False: self.show_settings())
        theme = IconButton(look, "sun-moon", "Light or dark")
        theme.clicked.connect(lambda _checked=False: settings.set(THEME, look.toggle()))
        corner = QHBoxLayout()
        margins(corner, 12, 12, 12, 0)
        corner.addStretch(1)
        corner.addWidget(self.settings_button)
        corner.addWidget(theme)
        recent = self._recent()
        self._ways = (self.sample, self.importing, self.empty, recent)
        self.busy.running.connect(self._on_busy)
        content = QWidget()
        content.setProperty("panel", "app")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(content)
        margins(column, 0, 0, 0, 24)
        column.setSpacing(0)
        column.addLayout(corner)
        column.addStretch(2)
        column.addWidget(Logo(look, 56), 0, Qt.AlignmentFlag.AlignHCenter)
        add_gap(column, 14)
        column.addWidget(label("Dateline", "headline", "text"), 0, Qt.AlignmentFlag.AlignHCenter)
        add_gap(column, 6)
        column.addWidget(
            label("Reconstruct what happened from documents.", "body", "text2"), 0, Qt.AlignmentFlag.AlignHCenter
        )
        add_gap(column, 28)
        column.addLayout(tiles)
        add_gap(column, 28)
        line = QHBoxLayout()
        margins(line, APART, 0, APART, 0)
        line.addWidget(recent)
        column.addLayout(line)
        column.addStretch(3)
        column.addWidget(
            label("Everything stays on this computer. One file holds a project.", "meta", "text3"),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for part in (self.banner, self.busy, scroll):
            outer.addWidget(part, 1 if part is scroll else 0)
        look.changed.connect(self._arrange)
        self._arrange()
        self.sample.setFocus()

    def show_settings(self) -> None:
        """Settings, of which some are wanted before there is a project."""
        SettingsDialog(self._settings, keymap_of(self._settings), self._look, self, "look").exec()

    def _arrange(self) -> None:
        """The tiles below each other where three have no room side by side."""
        wide = self._look.theme.px(3 * TILE[0] + 4 * APART) <= self.width()
        self._tiles.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def tell_fault(self, text: str) -> None:
        """A project could not be opened: say so, keep the tiles."""
        self.banner.set_text(text, "warn")
        self.banner.show()

    def _on_busy(self, running: bool) -> None:
        """While one project is being opened there is no way to another; the keyboard is at the way to stop."""
        for way in self._ways:
            way.setDisabled(running)
        (self.busy.cancel_button if running else self.sample).setFocus()

    def _tile(self, icon: str, title: str, small: str, act: Callable[[], None]) -> QPushButton:
        tile = QPushButton()
        fix(tile, width=TILE[0], height=TILE[1])
        tile.setAccessibleName(title)
        tile.setAccessibleDescription(small)
        inside = QVBoxLayout(tile)
        margins(inside, 18, 18, 18, 16)
        gap(inside, 6)
        parts: tuple[QWidget, ...] = (
            IconLabel(self._look, icon, "accent", 22),
            label(title, "body_strong", "text"),
            label(small, "note", "text2", wrap=True),
        )
        for part in parts:
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(part)
        inside.addStretch(1)
        tile.clicked.connect(lambda _checked=False: act())
        return tile

    def _recent(self) -> QWidget:
        box = QWidget()
        most(box, width=3 * TILE[0] + 2 * APART)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        gap(column, 2)
        paths = [Path(text) for text in self._settings.get(RECENT) if Path(text).is_file()][:RECENT_SHOWN]
        if paths:
            column.addWidget(label("Recent", "label_strong", "text2"))
        for path in paths:
            line = QPushButton()
            line.setProperty("variant", "row")
            fix(line, height=32)
            most(line, width=3 * TILE[0] + 2 * APART)
            line.setAccessibleName(f"Open {path.stem}")
            line.setToolTip(str(path))
            inside = QHBoxLayout(line)
            margins(inside, 10, 0, 10, 0)
            inside.addWidget(ElidedLabel(path.stem, "body_medium", "text"))
            inside.addWidget(ElidedLabel(str(path.parent), "meta", "text3", mode=Qt.TextElideMode.ElideMiddle), 1)
            for part in line.findChildren(QLabel):
                part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            line.clicked.connect(partial(self._open, path))
            column.addWidget(line)
        browse = Button(self._look, "Open another project…", "link", icon="folder-open")
        browse.clicked.connect(lambda _checked=False: self._browse())
        column.addWidget(browse, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _open(self, path: Path, _checked: bool = False) -> None:
        self._host.open_project(path)

    def _browse(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, "Open a project", self._folders.start(), PROJECTS)
        if path:
            self._folders.remember(path)
            self._open(Path(path))

    def _new(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, "New project", self._folders.start(), PROJECTS)
        if path:
            self._folders.remember(path)
            self._host.new_project(as_project(path))

    def _import(self) -> None:
        texts, _kind = QFileDialog.getOpenFileNames(self, "Import documents", self._folders.start(), TEXTS)
        if not texts:
            return
        self._folders.remember(texts[0])
        path, _kind = QFileDialog.getSaveFileName(
            self, "Where to keep the new project", str(Path(texts[0]).with_suffix(".gpkg")), PROJECTS
        )
        if path:
            self._host.import_into_new(as_project(path), [Path(text) for text in texts])

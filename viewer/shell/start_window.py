"""The first screen: open the sample, import documents, start empty, or go on with a recent project."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from viewer.core.settings import LAST_FOLDER, RECENT, THEME, Settings
from viewer.look.theme import ThemeManager
from viewer.paths import as_project
from viewer.shell.host import PROJECTS, TEXTS, Host
from viewer.shell.logo import Logo
from viewer.widgets.banner import Banner
from viewer.widgets.busy import Busy
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.pictures import IconLabel
from viewer.widgets.text import ElidedLabel, label

TILE: Final = (236, 150)
RECENT_SHOWN: Final = 5


class StartWindow(QWidget):
    """No account, no tour: three tiles."""

    def __init__(self, host: Host, settings: Settings, look: ThemeManager) -> None:
        super().__init__()
        self._host, self._settings, self._look = host, settings, look
        self.setObjectName("start_window")
        self.setWindowTitle("Dateline")
        self.setProperty("panel", "app")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(look.theme.px(880), look.theme.px(600))
        self.resize(look.theme.px(1080), look.theme.px(720))
        self.banner = Banner(look, "", "warn", closable=True)
        self.banner.hide()
        self.busy = Busy(look)
        self.sample = self._tile(
            "book-open",
            "Open the sample",
            "Five reports on the decline of ISIS territory, 2014 to 2017",
            host.open_sample,
        )
        self.importing = self._tile("import", "Import documents", "Texts become sources of a new project", self._import)
        self.empty = self._tile("file-plus-2", "Start empty", "A new project file with nothing in it yet", self._new)
        tiles = QHBoxLayout()
        tiles.setSpacing(16)
        tiles.addStretch(1)
        for tile in (self.sample, self.importing, self.empty):
            tiles.addWidget(tile)
        tiles.addStretch(1)
        theme = IconButton(look, "sun-moon", "Light or dark", "Ctrl+Shift+L")
        theme.clicked.connect(lambda _checked=False: settings.set(THEME, look.toggle()))
        corner = QHBoxLayout()
        corner.setContentsMargins(12, 12, 12, 0)
        corner.addStretch(1)
        corner.addWidget(theme)
        recent = self._recent()
        self._ways = (self.sample, self.importing, self.empty, recent)
        self.busy.running.connect(self._on_busy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.busy)
        column.addLayout(corner)
        column.addStretch(2)
        column.addWidget(Logo(look, 56), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(14)
        column.addWidget(label("Dateline", "headline", "text"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addWidget(
            label("Reconstruct what happened from documents.", "body", "text2"), 0, Qt.AlignmentFlag.AlignHCenter
        )
        column.addSpacing(28)
        column.addLayout(tiles)
        column.addSpacing(28)
        column.addWidget(recent, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        column.addWidget(
            label("Everything stays on this computer. One file holds a project.", "meta", "text3"),
            0,
            Qt.AlignmentFlag.AlignHCenter,
        )
        self.sample.setFocus()

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
        tile.setFixedSize(self._look.theme.px(TILE[0]), self._look.theme.px(TILE[1]))
        tile.setAccessibleName(title)
        tile.setAccessibleDescription(small)
        inside = QVBoxLayout(tile)
        inside.setContentsMargins(18, 18, 18, 16)
        inside.setSpacing(6)
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
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        paths = [Path(text) for text in self._settings.get(RECENT) if Path(text).is_file()][:RECENT_SHOWN]
        if paths:
            column.addWidget(label("Recent", "label_strong", "text2"))
        for path in paths:
            line = QPushButton()
            line.setProperty("variant", "row")
            line.setFixedSize(self._look.theme.px(3 * TILE[0] + 32), self._look.theme.px(32))
            line.setAccessibleName(f"Open {path.stem}")
            line.setToolTip(str(path))
            inside = QHBoxLayout(line)
            inside.setContentsMargins(10, 0, 10, 0)
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
        path, _kind = QFileDialog.getOpenFileName(self, "Open a project", self._settings.get(LAST_FOLDER), PROJECTS)
        if path:
            self._open(Path(path))

    def _new(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, "New project", self._settings.get(LAST_FOLDER), PROJECTS)
        if path:
            self._host.new_project(as_project(path))

    def _import(self) -> None:
        texts, _kind = QFileDialog.getOpenFileNames(self, "Import documents", self._settings.get(LAST_FOLDER), TEXTS)
        if not texts:
            return
        path, _kind = QFileDialog.getSaveFileName(
            self, "Where to keep the new project", str(Path(texts[0]).with_suffix(".gpkg")), PROJECTS
        )
        if path:
            self._host.import_into_new(as_project(path), [Path(text) for text in texts])

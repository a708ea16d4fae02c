"""The menu of projects that were opened lately."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from viewer.core.desk import Desk
from viewer.core.settings import RECENT
from viewer.shell.host import Host
from viewer.widgets.buttons import Menu

SHOWN: Final = 8
_LETTERS: Final = 44
"""So many of a folder's name are shown."""


class RecentMenu(Menu):
    """The last projects besides the one that is open, the newest first, each with its folder."""

    def __init__(self, desk: Desk, host: Host) -> None:
        super().__init__("Open recent")
        self._desk, self._host = desk, host
        self.setToolTipsVisible(True)
        desk.settings.changed.connect(self._on_setting)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        own = self._desk.data.store.path.resolve()
        lately = self._desk.settings.get(RECENT)
        paths = [path for path in map(Path, lately) if path != own][:SHOWN]
        for path in paths:
            action = self.addAction(f"{_plain(path.stem)}\t{_plain(_short(path.parent))}")
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._open, path))
        self.menuAction().setEnabled(bool(paths))

    def _open(self, path: Path, _checked: bool = False) -> None:
        # Looked for only now: a drive that sleeps would hold the menu.
        if path.is_file():
            self._host.open_project(path)
        else:
            self._desk.messages.warn(f"{path.name} is not in {path.parent} now. It was moved, or its drive is away.")

    def _on_setting(self, key: str) -> None:
        if key == RECENT.key:
            self._fill()


def _short(folder: Path) -> str:
    """A folder in a few letters: the home as ~, the middle left out."""
    home = Path.home()
    text = f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) and folder != home else str(folder)
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS // 2 - 1]}…{text[-_LETTERS // 2 :]}"


def _plain(text: str) -> str:
    """Words for a menu, where & would name a key."""
    return text.replace("&", "&&")

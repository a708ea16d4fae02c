"""Asks where events go and in which format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QWidget

from db.exporters import FORMATS
from viewer.core.data import ProjectData
from viewer.models.wording import count
from viewer.shell.host import may_replace

_OFFERED: Final = {f"{words} (*{suffix})": suffix for suffix, words in FORMATS.items()}


def ask_export(parent: QWidget, data: ProjectData, folder: str) -> Path | None:
    """The file for the events that are shown, their number in the dialog's title; None when the user wants none."""
    shown, total = data.index.shown_count, data.loaded.total_events
    what = count(shown, "event") if shown == total else f"{shown:,} of {count(total, 'event')}"
    start = str(Path(folder) / f"{data.store.path.stem} events.csv")
    name, kind = QFileDialog.getSaveFileName(parent, f"Export {what}", start, ";;".join(_OFFERED))
    if not name:
        return None
    path = with_ending(Path(name), kind)
    # The dialog has asked about the name as typed, not about the one with our ending.
    if str(path) != name and path.exists() and not may_replace(parent, path):
        return None
    return path


def with_ending(path: Path, kind: str) -> Path:
    """The path with the ending of the format chosen in the dialog, unless it has one of the formats' already."""
    if path.suffix.lower() in FORMATS:
        return path
    return path.with_name(path.name + _OFFERED.get(kind, ".csv"))

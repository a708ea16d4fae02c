"""Whether there is a screen to open a window on. Qt itself aborts the process when there is none."""

from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path

X_PORT = 6000


def has_display() -> bool:
    """True where a window can be opened: always on Windows and macOS, with an answering X or Wayland server elsewhere.

    A platform named in QT_QPA_PLATFORM is taken at its word.
    """
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.split(":")[0] not in ("offscreen", "minimal")
    if not sys.platform.startswith("linux"):
        return True
    return _wayland_answers() or _x_answers()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    return _connects(str(Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / name))


def _x_answers() -> bool:
    match = re.fullmatch(r"(.*):(\d+)(\.\d+)?", os.environ.get("DISPLAY", ""))
    if not match:
        return False
    host, number = match[1], int(match[2])
    if host in ("", "unix"):
        return _connects(f"/tmp/.X11-unix/X{number}") or _connects(f"\0/tmp/.X11-unix/X{number}")
    try:
        with socket.create_connection((host.strip("[]"), X_PORT + number), timeout=2):
            return True
    except OSError:
        return False


def _connects(address: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(2)
            probe.connect(address)
            return True
    except OSError:
        return False

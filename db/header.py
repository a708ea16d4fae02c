"""The first hundred bytes of an SQLite file (https://www.sqlite.org/fileformat.html, section 1.3), read with care.

POSIX drops all locks that a process has on a file when it closes *any* descriptor of it. So while a Store has a file
open its header is read through one descriptor, which is kept until the last Store of that file has closed.
"""

from __future__ import annotations

import os
import struct
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SIZE: Final = 100
MAGIC: Final = b"SQLite format 3\0"

_lock = threading.Lock()
_kept: dict[tuple[int, int], list[int]] = {}  # (device, inode) -> [descriptor, number of users]


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says. ``change_counter`` grows by one with each transaction in rollback-journal mode."""

    size: int  # bytes of the whole file
    is_sqlite: bool
    is_wal: bool
    page_size: int
    change_counter: int
    pages: int
    user_version: int
    application_id: int

    @property
    def is_cut_short(self) -> bool:
        """Whether the file is shorter than its header says (where the header's size is to be trusted)."""
        return self.is_sqlite and not self.is_wal and self.size < self.pages * self.page_size


def _parse(raw: bytes, size: int) -> Header:
    if len(raw) < SIZE or raw[:16] != MAGIC:
        return Header(size, False, False, 0, 0, 0, 0, 0)
    page = struct.unpack_from(">H", raw, 16)[0]
    counter, pages = struct.unpack_from(">II", raw, 24)
    (user_version,) = struct.unpack_from(">i", raw, 60)
    (application_id,) = struct.unpack_from(">I", raw, 68)
    valid_for = struct.unpack_from(">I", raw, 92)[0]
    pages = pages if valid_for == counter else 0
    return Header(size, True, raw[18] == 2, 65536 if page == 1 else page, counter, pages, user_version, application_id)


def read_header(path: Path) -> Header:
    """The header as it is on disk now. Raises OSError."""
    status = path.stat()
    with _lock:
        kept = _kept.get((status.st_dev, status.st_ino))
        if kept is not None:
            return _parse(_read(kept[0]), os.fstat(kept[0]).st_size)
        descriptor = _open(path)
        try:
            return _parse(_read(descriptor), status.st_size)
        finally:
            os.close(descriptor)


class HeaderWatch:
    """Keeps one descriptor on a file so that its header can be read at any time while SQLite has it open.

    Make it before the first connection and close it after the last one.
    """

    def __init__(self, path: Path) -> None:
        status = path.stat()
        self._key: tuple[int, int] | None = (status.st_dev, status.st_ino)
        with _lock:
            kept = _kept.get(self._key)
            if kept is None:
                _kept[self._key] = kept = [_open(path), 0]
            kept[1] += 1
            self._descriptor = kept[0]

    def read(self) -> Header:
        """The header as it is on disk now. Raises OSError."""
        with _lock:
            return _parse(_read(self._descriptor), os.fstat(self._descriptor).st_size)

    def close(self) -> None:
        with _lock:
            if self._key is None:
                return
            kept = _kept[self._key]
            kept[1] -= 1
            if kept[1] == 0:
                del _kept[self._key]
                os.close(kept[0])
            self._key = None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))


def _read(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, SIZE)

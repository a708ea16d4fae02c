"""What is read of a project with very many events, kept ready in the user's cache folder for the next opening.

It holds nothing that the project does not, and serves only a file that is, by its place, its size, its times and its
last change, the one that it was made from; else it is made anew. A folder for each state, with a file for each array in
numpy's own form (numpy.lib.format, no pickles) and the checksums of all, which are looked at when they are read. Large
arrays are mapped, not copied: they are there as soon as the system has them, and it may take their memory back.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import time
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QStandardPaths

from db.queries import EventColumns, Texts
from db.store import last_stamp
from viewer.core.counts import Orders

log = logging.getLogger(__name__)
WORTH: Final = 100_000
"""Projects with fewer events are read as fast."""
MOST_FILES: Final = 4
"""Of so many projects the columns are kept; a million events take some 250 MB."""
FORM: Final = 5
"""What is kept, and how; raise it when either changes."""
_AT_ONCE: Final = 2_000
"""Dates that are numbered in one go, some tenths of a millisecond."""
MAPPED: Final = 1 << 20
"""Arrays of so many bytes are mapped."""
_HEAD: Final = "head.json"
_ORDERS: Final = ("by_best", "by_end", "by_id")


@dataclass(frozen=True, slots=True)
class Kept:
    """What need not be read or worked out again; ``orders`` are those of EventIndex.

    ``at_places``: by place how many claims name it; ``of_sources``: by source how many claims are its own, and of how
    many events.
    """

    columns: EventColumns
    titles: Texts
    uids: Texts
    orders: Orders
    at_places: Mapping[int, int]
    of_sources: Mapping[int, tuple[int, int]]


def identity(connection: sqlite3.Connection, path: Path) -> str:
    """Which state of which file a connection sees, which must be within a transaction so that it stays the same."""
    there = path.stat()
    uid = connection.execute("SELECT uid FROM project").fetchone()
    facts = [FORM, str(path.resolve()), there.st_size, there.st_mtime_ns, there.st_ino, last_stamp(connection), uid]
    return json.dumps(facts)


def read(path: Path, wanted: str) -> Kept | None:
    """What is kept of the project at ``path`` in the state ``wanted`` (as ``identity``); None where that is nothing."""
    place = _place(path, wanted)
    try:
        if not place.exists():
            return None
        head = json.loads((place / _HEAD).read_bytes())
        if head["state"] != wanted:
            return None
        arrays = {name: _load(place / f"{name}.npy") for name in head["sums"]}
        with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_FILES)) as pool:  # zlib lets the interpreter go
            if dict(zip(arrays, pool.map(_sum, arrays.values()), strict=True)) != head["sums"]:
                raise ValueError("a checksum is another")
        os.utime(place)
        return _unpacked(arrays)
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        log.warning("The columns kept of %s are of no use: %s", path, error)
        shutil.rmtree(place, ignore_errors=True)
        return None


def write(path: Path, state: str, kept: Kept, pause_s: float = 0.0) -> None:
    """Keep what was read of the project at ``path`` in a ``state``. What cannot be kept is read again next time.

    ``pause_s``: so long the interpreter is left to others again and again, where somebody works in the window
    meanwhile; a frame asks for it dozens of times, and waits each time for whoever has it.
    """
    place = _place(path, state)
    partial = place.with_suffix(f".{os.getpid()}.part")
    arrays = {name: np.ascontiguousarray(array) for name, array in _packed(kept, pause_s).items()}
    try:
        partial.mkdir(parents=True, exist_ok=True)
        for name, array in arrays.items():
            np.save(partial / f"{name}.npy", array, allow_pickle=False)
        head = {"state": state, "sums": {name: _sum(array) for name, array in arrays.items()}}
        (partial / _HEAD).write_text(json.dumps(head))
        if place.exists():
            shutil.rmtree(place)
        partial.replace(place)
        _forget_oldest(place)
    except OSError as error:
        log.warning("The columns of %s are not kept: %s", path, error)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _load(file: Path) -> NDArray[Any]:
    large = file.stat().st_size > MAPPED
    return np.asarray(np.load(file, mmap_mode="r" if large else None, allow_pickle=False))


def _sum(array: NDArray[Any]) -> list[Any]:
    """Of what is in an array and of what it is: its file begins with that."""
    return [_crc(array), array.dtype.str, list(array.shape)]


def _crc(array: NDArray[Any]) -> int:
    return zlib.crc32(array.reshape(-1).view(np.uint8).data) if array.size else 0


def folder() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)) / "columns"


def _place(path: Path, state: str) -> Path:
    return folder() / f"{_digest(str(path.resolve()))}-{_digest(state)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _forget_oldest(newest: Path) -> None:
    """Other states of the same project go, and those of the projects that were opened longest ago.

    What is mapped by another window stays there for it; Windows keeps its files until it is closed.
    """
    own = newest.name.partition("-")[0]
    others = [each for each in newest.parent.iterdir() if each != newest]
    same = [each for each in others if each.name.partition("-")[0] == own]
    rest = sorted((each for each in others if each not in same), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in [*same, *rest[MOST_FILES - 1 :]]:
        shutil.rmtree(old, ignore_errors=True)


def _packed(kept: Kept, pause_s: float) -> dict[str, NDArray[Any]]:
    arrays = {field.name: getattr(kept.columns, field.name) for field in fields(EventColumns)}
    numbers: dict[str, int] = {}
    dates, codes = arrays["edtf"], np.empty(len(arrays["edtf"]), np.int32)
    for at in range(0, len(dates), _AT_ONCE):
        here = slice(at, at + _AT_ONCE)
        codes[here] = [numbers.setdefault(date, len(numbers)) for date in dates[here].tolist()]
        if pause_s:
            time.sleep(pause_s)
    arrays["edtf"] = codes
    arrays["dates"] = _bytes("\n".join(numbers).encode())
    for name, texts in (("titles", kept.titles), ("uids", kept.uids)):
        arrays |= {f"{name}_{part}": array for part, array in texts.arrays().items()}
    arrays |= dict(zip(_ORDERS, kept.orders, strict=True))
    places, sources = list(kept.at_places.items()), [(key, *counts) for key, counts in kept.of_sources.items()]
    arrays["at_places"] = np.array(places, np.int64).reshape(-1, 2)
    arrays["of_sources"] = np.array(sources, np.int64).reshape(-1, 3)
    return arrays


def _unpacked(arrays: dict[str, NDArray[Any]]) -> Kept:
    dates = np.array(arrays["dates"].tobytes().decode().split("\n"), object)
    arrays["edtf"] = dates[arrays["edtf"]]
    columns = EventColumns(**{field.name: arrays[field.name] for field in fields(EventColumns)})
    if any(len(getattr(columns, name)) != len(columns) for name in ("edtf", "earliest", "lon")):
        raise ValueError("columns of different lengths")
    for field in fields(EventColumns):
        getattr(columns, field.name).flags.writeable = False
    titles, uids = (
        Texts.from_arrays({part: arrays[f"{name}_{part}"] for part in Texts.PARTS}) for name in ("titles", "uids")
    )
    by_best, by_end, by_id = (arrays[name] for name in _ORDERS)
    places = dict(arrays["at_places"].tolist())
    sources = {key: (claims, events) for key, claims, events in arrays["of_sources"].tolist()}
    return Kept(columns, titles, uids, (by_best, by_end, by_id), places, sources)


def _bytes(body: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(body, np.uint8)

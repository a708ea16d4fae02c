"""What is read of a project with very many events, kept ready in the user's cache folder for the next opening.

It holds nothing that the project does not, and serves only a file that is, by its place, its size, its times and its
last change, the one that it was made from; else it is made anew. numpy's own archive (numpy.lib.format, no pickles)
within a zip, whose checksums are looked at when it is read.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Mapping
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
FORM: Final = 4
"""What is kept, and how; raise it when either changes."""
_HEAD: Final = "head"
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
    place = _place(path)
    try:
        if not place.exists():
            return None
        with np.load(place, allow_pickle=False) as archive:
            if archive[_HEAD].tobytes().decode("utf-8", "replace") != wanted:
                return None
            arrays = {name: archive[name] for name in archive.files}
        os.utime(place)
        return _unpacked(arrays)
    except (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile, zlib.error) as error:
        log.warning("The columns kept of %s are of no use: %s", path, error)
        return None


def write(path: Path, state: str, kept: Kept) -> None:
    """Keep what was read of the project at ``path`` in a ``state``. What cannot be kept is read again next time."""
    place = _place(path)
    partial = place.with_suffix(f".{os.getpid()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            np.savez(file, **_packed(kept), **{_HEAD: _bytes(state.encode())})  # type: ignore[arg-type]
        partial.replace(place)
        _forget_oldest(place.parent)
    except OSError as error:
        log.warning("The columns of %s are not kept: %s", path, error)
        partial.unlink(missing_ok=True)


def folder() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)) / "columns"


def _place(path: Path) -> Path:
    return folder() / f"{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:24]}.npz"


def _forget_oldest(where: Path) -> None:
    newest = sorted(where.glob("*.npz"), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in newest[MOST_FILES:]:
        old.unlink(missing_ok=True)


def _packed(kept: Kept) -> dict[str, NDArray[Any]]:
    arrays = {field.name: getattr(kept.columns, field.name) for field in fields(EventColumns)}
    numbers: dict[str, int] = {}
    dates = [numbers.setdefault(date, len(numbers)) for date in arrays["edtf"].tolist()]
    arrays["edtf"] = np.array(dates, np.int32)
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

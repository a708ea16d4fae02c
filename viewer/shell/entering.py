"""What there is to say of a project when its window opens."""

from __future__ import annotations

from contextlib import closing
from typing import Final

from db import queries
from db.store import Store

_MEGABYTE: Final = 1_000_000


def opening_words(store: Store) -> str:
    """Sentences for the banner; empty for nothing worth a word."""
    if store.read_only:
        return f"Opened read-only. {store.read_only_reason}"
    if not store.swept:
        return ""
    with closing(store.reader()) as con:
        unused = queries.unused_bytes(con)
    said = "The program ended while an import came in or was taken back: nothing of it is in the project."
    if unused >= _MEGABYTE:
        said += f" It left {unused / _MEGABYTE:,.0f} MB of the file empty, which the next import uses again."
    return said

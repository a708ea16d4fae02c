"""Values as their columns promise them. SQLite keeps any type in any column, and other programs write there too."""

from __future__ import annotations

import json
import math


def text_of(value: object) -> str:
    """Text as it is, bytes read as UTF-8, numbers written out; nothing is the empty text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def text_or_none(value: object) -> str | None:
    """As ``text_of``, nothing staying None."""
    return None if value is None else text_of(value)


def number_or_none(value: object) -> float | None:
    """A finite number; None for everything else."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def strings_of(value: object) -> tuple[str, ...]:
    """The strings of a JSON list; none where there is no list."""
    try:
        found = json.loads(text_of(value)) if value else ()
    except ValueError:
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()

"""Several names in one text, ``a; b``, that come apart again as they were. No I/O.

A name with a semicolon in it, or a quotation mark or bracket before it (else it might be taken for a JSON list), or
white space at an end, is set in quotation marks, and those within it are doubled, as in CSV (RFC 4180, 2):
``"Herald; Co"; Times``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_QUOTED: Final = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:;|\Z)')
_PLAIN: Final = re.compile(r"([^;]*)(?:;|\Z)")


def join_names(names: Iterable[str]) -> str:
    """The names in one text; empty for none."""
    return "; ".join(_quoted(name) for name in names)


def split_names(text: str) -> list[str]:
    """The names in a text, without white space at their ends where they were not quoted. What only begins with a
    quotation mark is taken as it stands.
    """
    if '"' not in text:
        return [each.strip() for each in text.split(";")]
    names: list[str] = []
    at = 0
    while True:
        found = _QUOTED.match(text, at)
        if found is not None:
            names.append(found[1].replace('""', '"'))
        else:
            found = _PLAIN.match(text, at)
            assert found is not None  # it matches anything, nothing included
            names.append(found[1].strip())
        at = found.end()
        if not found[0].endswith(";"):
            return names


def _quoted(name: str) -> str:
    if ";" not in name and not name.startswith(('"', "[")) and name == name.strip() and name:
        return name
    return '"' + name.replace('"', '""') + '"'

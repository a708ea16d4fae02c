"""Digests: our own words about a source, in Markdown that says which words render which quote of the original.

``{e001}some words{/e001}`` marks the words that stand for row e001. Marks may nest and overlap. A heading is for who
edits the file and no part of the text; lines are joined within a paragraph, paragraphs are set apart by a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from db.errors import InputFault

_MARK: Final = re.compile(r"\{(/?)([A-Za-z0-9_-]+)\}")
_HEADING: Final = re.compile(r"^#.*$", re.MULTILINE)
_BLANK: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest's text without marks, and the stretch (start, end in code points) of each row in it."""

    text: str
    spans: Mapping[str, tuple[int, int]]


def read_digest(markdown: str) -> Digest:
    """Take a digest apart. Raises InputFault, naming the row, for marks that do not match or hold no words."""
    paragraphs = (" ".join(part.split()) for part in _BLANK.split(_HEADING.sub("", markdown)))
    marked = "\n\n".join(part for part in paragraphs if part)
    pieces: list[str] = []
    length = position = 0
    opened: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for mark in _MARK.finditer(marked):
        pieces.append(marked[position : mark.start()])
        length += len(pieces[-1])
        position = mark.end()
        closing, row = mark.groups()
        if not closing:
            if row in opened:
                raise InputFault(f"{row} is marked twice.")
            opened[row] = length
        elif row not in opened or row in spans:
            raise InputFault(f"{row} ends where it has not begun.")
        else:
            spans[row] = (opened[row], length)
    pieces.append(marked[position:])
    text = "".join(pieces)
    for row, start in opened.items():
        if row not in spans:
            raise InputFault(f"{row} begins and has no end.")
        words = text[start : spans[row][1]]
        if not words or words != words.strip():
            raise InputFault(f"{row} marks no words, or blanks around them.")
    return Digest(text, spans)

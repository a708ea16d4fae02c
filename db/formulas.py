"""Cells that a spreadsheet would take for formulas, and their way back.

A cell whose first character is one of ``= + - @``, a tab or a carriage return is run by spreadsheets when a CSV file is
opened (OWASP, CSV Injection). Such a text gets an apostrophe in front, which spreadsheets show as text. A text that
begins with apostrophes and then one of these characters gets one more, so that taking one away always gives the text as
it was. Numbers are not texts: they stay as they are.
"""

from __future__ import annotations

import re
from typing import Final

_RISKY: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if _RISKY.match(text) else text


def unguarded(cell: str) -> str:
    """The text that ``guarded`` made the cell of; a cell that has no guard stays as it is."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell

"""How wide the columns of the table are: as their content needs, the title with what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from viewer.models.events import Column

TITLE_AT_EASE: Final = 280
TITLE_LEAST: Final = 150
GIVING: Final = (Column.SOURCES, Column.ACTORS, Column.TAGS, Column.PLACE, Column.KIND, Column.DATE)
"""Columns that are set in two lines where there is little room, in this order."""
MOST: Final = 240
"""A column is no wider by itself (px)."""
NARROW: Final = 92
"""Any but the date may become so narrow, its longest words cut (px)."""
LEAST_KEPT: Final = 40
MOST_KEPT: Final = 1200


@dataclass(frozen=True, slots=True)
class Need:
    """What the content of a column takes (px): most of it in one line, all of it in two."""

    ease: int
    least: int


def shared(
    needs: Mapping[Column, Need], kept: Mapping[Column, int], room: int, scale: float = 1.0
) -> dict[Column, int]:
    """A width for each column in px; ``needs`` of all that are shown but the title, which gets what is left.

    ``kept`` is what the user chose, of all but the title. ``room`` is exceeded only where the least that makes sense is
    wider; ``scale`` is that of the interface.
    """
    most, narrow = round(MOST * scale), round(NARROW * scale)
    least = {column: need.least if column is Column.DATE else min(need.least, narrow) for column, need in needs.items()}
    widths = {column: max(min(need.ease, most), least[column]) for column, need in needs.items()}
    widths |= {column: width for column, width in kept.items() if column in needs}
    missing = sum(widths.values()) + round(TITLE_AT_EASE * scale) - room
    for column in GIVING:
        if missing > 0 and column in needs and column not in kept:
            given = min(widths[column] - least[column], missing)
            widths[column] -= given
            missing -= given
    widths[Column.TITLE] = max(room - sum(widths.values()), round(TITLE_LEAST * scale))
    return widths


def in_two_lines(text: str, width: Callable[[str], int]) -> int:
    """The least width (px) in which a text stands in two lines, broken between words; ``width`` measures a line."""
    words = text.split()
    breaks = (max(width(" ".join(words[:at])), width(" ".join(words[at:]))) for at in range(1, len(words)))
    return min(breaks, default=width(text))


def broken(text: str, room: int, width: Callable[[str], int]) -> tuple[str, str]:
    """A text in two lines: as many words as ``room`` (px) holds, and the rest."""
    words = text.split()
    at = next((at for at in range(len(words), 1, -1) if width(" ".join(words[:at])) <= room), 1)
    return " ".join(words[:at]), " ".join(words[at:])


def held(width: int) -> int:
    """A width that the user chose (px at scale 1), within what makes sense."""
    return min(max(width, LEAST_KEPT), MOST_KEPT)


def remembered(texts: Iterable[str]) -> dict[Column, int]:
    """The widths that the settings hold as ``date=170``, in px at scale 1; what is none is left out."""
    found: dict[Column, int] = {}
    for text in texts:
        name, _equals, width = text.partition("=")
        if name.upper() in Column.__members__ and width.isascii() and width.isdigit():
            found[Column[name.upper()]] = held(int(width[:6]))
    found.pop(Column.TITLE, None)  # it has what the others leave
    return found


def to_remember(widths: Mapping[Column, int]) -> list[str]:
    """What ``remembered`` reads."""
    return [f"{column.name.lower()}={widths[column]}" for column in sorted(widths)]

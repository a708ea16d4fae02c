"""What single cells of a table say: texts, names in lists, status, grade. No I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from db.importers.tables.columns import Field, Unread
from db.joined import split_names
from db.values import Stance, Status

MAX_NAME: Final = 300
_JOINERS: Final = "\u200c\u200d"
"""Seen by what they do to the letters beside them: in Persian, Kurdish and Hindi they are spelling."""
_GRADE: Final = re.compile(r"[A-Fa-f]?[-–]?\s*([1-6])")
SPLIT: Final = re.compile(r"\s*;\s*")


def clean(text: str) -> str:
    """A name in one line, without characters that nobody sees, 300 at most."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() or each in _JOINERS else " " for each in text)
    return " ".join(text.split())[:MAX_NAME]


def shown(metres: float) -> str:
    return f"{metres / 1000:.3g} km" if metres >= 1000 else f"{metres:.3g} m"


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def title_of(given: Mapping[Field, tuple[str, ...]]) -> str | None:
    return clean(", ".join(text for each in given[Field.TITLE] if (text := each.strip()))) or None


def all_said(given: Mapping[Field, tuple[str, ...]]) -> str | None:
    """As ``said_of``, of our own export: each cell is a list of names."""
    return (
        clean("; ".join(text for each in given[Field.SOURCE] for name in listed(each) if (text := name.strip())))
        or None
    )


def said_of(given: Mapping[Field, tuple[str, ...]]) -> str | None:
    texts = ("; ".join(listed(each)) if each.startswith("[") else each for each in given[Field.SOURCE])
    return clean("; ".join(text for each in texts if (text := each.strip()))) or None


def status_of(given: Mapping[Field, tuple[str, ...]]) -> str:
    text = given[Field.STATUS][0].strip().casefold()
    if not text or text == Status.OCCURRED.word:
        return Status.OCCURRED.value
    try:
        return Status(text).value
    except ValueError:
        there = ", ".join(each.word for each in Status)
        raise Unread(f"its status “{text[:20]}” is none: there are {there}", Field.STATUS) from None


def tags_of(given: Mapping[Field, tuple[str, ...]]) -> str | None:
    """Tags as a JSON list; they come as one, or parted by semicolons."""
    tags = list(dict.fromkeys(tag for each in listed(given[Field.TAGS][0]) if (tag := clean(each))))
    return json.dumps(tags, ensure_ascii=False) if tags else None


def listed(text: str) -> list[str]:
    """The texts of a cell with several: a JSON list, as from GeoJSON, or joined by semicolons (joined.py)."""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return [each for each in found if isinstance(each, str)]
    return split_names(text)


def credibility_of(given: Mapping[Field, tuple[str, ...]]) -> int | None:
    text = given[Field.GRADE][0].strip()
    if not text.strip("ABCDEFabcdef-–"):  # nothing, or the source alone is judged: B–
        return None
    found = _GRADE.fullmatch(text)
    if found is None:
        raise Unread(f"its grade “{text[:20]}” is none: credibility is a number from 1 to 6", Field.GRADE)
    return int(found[1])


def reliability_of(text: str) -> str | None:
    """The letter of a grade; None where the source is not judged, and of what ``credibility_of`` does not take."""
    text = text.strip()
    letter = text[:1].upper()
    taken = _GRADE.fullmatch(text) or not text.strip("ABCDEFabcdef-–")
    return letter if letter and letter in "ABCDEF" and taken else None


def stance_of(text: str) -> Stance:
    """What a claim of our own export does. Raises Unread."""
    name = text.strip().casefold()
    try:
        return Stance(name) if name else Stance.SUPPORTS
    except ValueError:
        raise Unread(f"the stance of a claim is “{text[:20]}”, which is none of {', '.join(Stance)}") from None


def exact_title_of(given: Mapping[Field, tuple[str, ...]]) -> str | None:
    """A title of our own export, as it stands."""
    text = given[Field.TITLE][0]
    return title_of(given) if len(given[Field.TITLE]) > 1 else text if text.strip() else None


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

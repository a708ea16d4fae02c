"""Floor 0: early, mid and late: which dates they stand for, in one place for reading and for showing.

A month's thirds are days 1-10, 11-20 and 21 to its end; a year's January-April, May-August and September-December;
a decade's years 0-3, 4-6 and 7-9; a century's 00-33, 34-66 and 67-99. The edges inside the whole are vague
(approximate, so padded), the whole's own first and last day are not: late August does not run into September.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from db.civil import month_length
from db.dating.grammar import read_point
from db.dating.model import Point, point_text
from db.values import Precision, Qualifier

WORDS: Final = ("early", "mid", "late")
_MONTHS: Final = ((1, 4), (5, 8), (9, 12))
_DECADE: Final = ((0, 3), (4, 6), (7, 9))
_CENTURY: Final = ((0, 33), (34, 66), (67, 99))
_VAGUE: Final = (("", "~"), ("~", "~"), ("~", ""))
_DOUBTED: Final = {"": "?", "~": "%"}


class Third(NamedTuple):
    word: str
    whole: Point


def third_of(word: str, whole: Point) -> tuple[str, str] | None:
    """EDTF of the first and last date of the early, mid or late part of a whole; None where it has no such parts.

    A whole is a month, a year of four digits, or a decade or century of the common era. Its doubt (``?``) is kept;
    its ``~`` adds nothing to edges that are vague already.
    """
    index = WORDS.index(word)
    text = point_text(whole._replace(qualifier=Qualifier.NONE))
    if whole.some is not None or not -9999 <= whole.year <= 9999:
        return None
    if whole.precision is Precision.MONTH:
        first, last = ((1, 10), (11, 20), (21, month_length(whole.year, whole.month)))[index]
        ends = (f"{text}-{first:02d}", f"{text}-{last:02d}")
    elif whole.precision is Precision.YEAR:
        first, last = _MONTHS[index]
        ends = (f"{text}-{first:02d}", f"{text}-{last:02d}")
    elif whole.precision in (Precision.DECADE, Precision.CENTURY) and whole.year >= 100:
        first, last = (_DECADE if whole.precision is Precision.DECADE else _CENTURY)[index]
        ends = (f"{whole.year + first:04d}", f"{whole.year + last:04d}")
    else:
        return None
    left, right = _VAGUE[index]
    if whole.qualifier in (Qualifier.UNCERTAIN, Qualifier.BOTH):
        left, right = _DOUBTED[left], _DOUBTED[right]
    return ends[0] + left, ends[1] + right


def third_named(left: Point, right: Point) -> Third | None:
    """The early, mid or late part that an interval is, or None."""
    if left.precision is not right.precision or not (left.qualifier or right.qualifier):
        return None
    texts = (point_text(left), point_text(right))
    doubt = "?" if left.qualifier in (Qualifier.UNCERTAIN, Qualifier.BOTH) else ""
    if left.precision is Precision.DAY or (left.precision is Precision.MONTH and left.some is None):
        wholes = [texts[0][: texts[0].rindex("-")]]
    elif left.precision is Precision.YEAR and 100 <= left.year <= 9999:
        wholes = [f"{left.year // 10:03d}X", f"{left.year // 100:02d}XX"]
    else:
        return None
    for text in wholes:
        whole = read_point(text + doubt, text)
        for word in WORDS:
            if third_of(word, whole) == texts:
                return Third(word, whole)
    return None

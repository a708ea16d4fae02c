"""Floor 0: dates as people type them, turned into EDTF and its bounds. English words; EDTF itself is taken as it is.

One date is the business of phrase. Here are several: ``oct 2015 to mar 2016``, ``27-28 nov 2016``, ``since oct 2015``,
``after``, ``before``, ``until``, ``2014 or earlier``, ``27 or 28 nov 2016``, ``between 3 and 9 nov 2016``. *Before*
and *after* leave the named date out; *since*, *from*, *until* and *by* take it in. The earlier date of a range may
leave its month and year to the later one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from db.dating.figures import CLOCK, NUMBERS, Context, Ends
from db.dating.grammar import MAX_TEXT
from db.dating.model import EXAMPLES, EdtfError, Point, point_text, zone_text
from db.dating.phrase import MONTH, one_point, phrase, point_of, single
from db.edtf import date_text, normalise, parse
from db.values import MS_MINUTE, Precision, Shape, TimeSpan

_EDTF: Final = re.compile(r"[0-9xyzt~?%.:+/-]*(?:open|unknown)?")
_YEAR: Final = re.compile(r"[0-9]{4}")
_YEAR_PAIR: Final = re.compile(r"(?P<year>[0-9]{4})/(?P<to>[0-9]{2})")
_MONTH_DAY: Final = re.compile(rf"{MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?")
_BETWEEN: Final = re.compile(r"between (?P<first>.+) and (?P<last>.+)")
_OR_BEYOND: Final = re.compile(r"(?P<date>.+) or (?P<way>earlier|before|later|after)")
_OR: Final = re.compile(r" or (?!(?:earlier|before|later|after)(?:,| or |$))")
_UNKNOWN_END: Final = re.compile(r"(?:from|since) (?P<date>.+?),? end unknown")
_UNKNOWN_START: Final = re.compile(r"(?:until|till|to|by) (?P<date>.+?),? start unknown")
_RANGE: Final = re.compile(r"(?:from )?(?P<first>.+?) (?:to|until|till|through) (?P<last>.+)")
_ONWARDS: Final = re.compile(r"(?:since|from|starting|starting in) (?P<date>.+)|(?P<date2>.+) onwards?")
_WINTER: Final = re.compile(r"winter(?: of)? (?P<year>[0-9]{4}) to (?P<to>[0-9]{2,5})")
_AFTER: Final = re.compile(r"after (?P<date>.+)")
_BEFORE: Final = re.compile(r"before (?P<date>.+)")
_UNTIL: Final = re.compile(r"(?:until|till|to|up to|by) (?P<date>.+)")


def parse_typed(text: str, now_ms: int, shape: Shape = Shape.MOMENT, zone_minutes: int | None = None) -> TimeSpan:
    """The span a user means by a typed date; its ``edtf`` is canonical EDTF.

    ``now_ms`` is the instant (UTC) that ``today`` and ``+3w`` count from: the playhead as a rule. ``zone_minutes`` is
    the zone of dates that give none, as in edtf.parse. Raises EdtfError (an InputFault) with a sentence for the user,
    and in ``offers`` texts that say what may have been meant.
    """
    return parse(typed_edtf(text, now_ms + (zone_minutes or 0) * MS_MINUTE), shape, zone_minutes)


def typed_edtf(text: str, now_ms: int) -> str:
    """Canonical EDTF of a typed date; ``now_ms`` is by the wall clock. Raises EdtfError as parse_typed does."""
    if len(text) > MAX_TEXT:
        raise EdtfError(f"This date is longer than {MAX_TEXT} characters. {EXAMPLES}")
    words = _cleaned(text)
    if not words:
        raise EdtfError(f"There is no date here. {EXAMPLES}")
    if words[0] in "[{":
        return normalise(words)
    return normalise(_several(words, Context(now_ms)))


def _cleaned(text: str) -> str:
    """Small letters, plain dashes and digits, single spaces; dashes that join two dates become "to"."""
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("−", "-").split())
    if words[:1] in ("[", "{"):
        return words.replace(" ", "")
    words = re.sub(r"(?<=[0-9]),(?=[0-9]{3}\b)", "", words)
    words = re.sub(r"\b([abc])\.([dce])\.(?:(e)\.)?", r"\1\2\3", words)
    words = re.sub(r"\b(winter(?: of)? [0-9]{4}) ?[–—] ?([0-9]{2,4})\b", r"\1-\2", words)
    words = re.sub(r" ?[–—] ?| - ", " to ", words).strip()
    words = re.sub(r"^([0-9]{4})-([0-9]{4})$", r"\1 to \2", words)
    words = re.sub(rf"^([0-9]{{1,2}})-([0-9]{{1,2}} {MONTH})", r"\1 to \2", words)
    return re.sub(rf"^((?:[0-9]{{1,2}} )?{MONTH}(?: [0-9]{{4}})?)-((?:[0-9]{{1,2}} )?{MONTH})\b", r"\1 to \2", words)


def _several(words: str, context: Context) -> str:
    """EDTF of a whole typed text."""
    match = _YEAR_PAIR.fullmatch(words)
    if match is not None and str(int(match["year"]) + 1).endswith(match["to"]):
        return f"{match['year']}/{int(match['year']) + 1:04d}"
    if "/" in words and _EDTF.fullmatch(words) and not NUMBERS.fullmatch(words):
        return words
    match = _BETWEEN.fullmatch(words)
    if match is not None and " or " not in words:
        return f"[{_between(match, context)}]"
    match = _OR_BEYOND.fullmatch(words)
    if match is not None and len(_OR.split(words)) == 1:
        return f"[{_beyond(match, context)}]"
    if " or " in words:
        return _alternatives(words, context)
    match = _UNKNOWN_END.fullmatch(words)
    if match is not None:
        return f"{phrase(_plain(match['date']), context)[0]}/"
    match = _UNKNOWN_START.fullmatch(words)
    if match is not None:
        return f"/{phrase(_plain(match['date']), context)[1]}"
    return _range(_plain(words), context)


def _plain(words: str) -> str:
    return " ".join(words.replace(",", " ").split())


def _range(words: str, context: Context) -> str:
    """EDTF of a range, of one with an open end, or of one date."""
    match = _ONWARDS.fullmatch(words)
    if match is not None and " to " not in words and " until " not in words:
        return f"{phrase(match['date'] or match['date2'], context)[0]}/.."
    match = _AFTER.fullmatch(words)
    if match is not None:
        return f"{_neighbour(match['date'], context, 1)}/.."
    match = _BEFORE.fullmatch(words)
    if match is not None:
        return f"../{_neighbour(match['date'], context, -1)}"
    match = _UNTIL.fullmatch(words)
    if match is not None:
        return f"../{phrase(match['date'], context)[1]}"
    match = None if _is_one_winter(words) else _RANGE.fullmatch(words)
    left, right = phrase(words, context) if match is None else _both(match["first"], match["last"], context)
    return left if match is None and left == right else f"{left}/{right}"


def _is_one_winter(words: str) -> bool:
    match = _WINTER.fullmatch(words)
    return match is not None and str(int(match["year"]) + 1).endswith(match["to"])


def _both(first: str, last: str, context: Context) -> tuple[str, str]:
    """EDTF of the first and last date of a range; either may leave to the other what is plain."""
    if CLOCK.fullmatch(last):
        left = point_text(one_point(first, context))
        return left, phrase(last, context._replace(day=left.partition("T")[0]))[1]
    right = phrase(last, context)[1]
    (left, left_end), elided = _before(first, context, point_of(right, last))
    if elided and left == left_end:
        left, right = _shared([left], right, last)
    return left, right


def _before(words: str, context: Context, later: Point) -> tuple[Ends, bool]:
    """EDTF of a date before a later one in a phrase, and whether it leaves its year or month to that one."""
    try:
        return phrase(words, context), False
    except EdtfError:
        return phrase(words, context._replace(year=later.year, month=later.month or None)), True


def _shared(earlier: list[str], last: str, last_words: str) -> list[str]:
    """Dates that share their year share a qualifier before the first or after the last: perhaps 27 or 28 nov 2016."""
    marks = {text[-1] for text in earlier} & set("?~%")
    if last_words[-1] in "?~%)":
        marks |= {last[-1]} & set("?~%")
    if not marks:
        return [*earlier, last]
    mark = marks.pop() if len(marks) == 1 else "%"
    own = last[-1] if last[-1] in "?~%" else mark
    return [*(text.rstrip("?~%") + mark for text in earlier), last.rstrip("?~%") + (mark if own == mark else "%")]


def _between(match: re.Match[str], context: Context) -> str:
    left, right = _both(_plain(match["first"]), _plain(match["last"]), context)
    return f"{left}..{right}"


def _beyond(match: re.Match[str], context: Context) -> str:
    date = point_text(one_point(_plain(match["date"]), context))
    return f"..{date}" if match["way"] in ("earlier", "before") else f"{date}.."


def _alternatives(words: str, context: Context) -> str:
    """EDTF of "27, 28 or 29 nov 2016"; a comma parts dates where it cannot belong to one."""
    *earlier, last = _OR.split(words)
    items = [item.strip(" ,") for part in earlier for item in _listed(part)]
    texts: list[str] = []
    elided = 0
    later: Point | None = None
    for item in [*items, last.strip(" ,")][::-1]:
        match = _BETWEEN.fullmatch(item)
        if match is not None:
            texts.insert(0, _between(match, context))
            continue
        match = _OR_BEYOND.fullmatch(item)
        if match is not None:
            texts.insert(0, _beyond(match, context))
            continue
        words = _plain(item)
        ends, leaves = (phrase(words, context), False) if later is None else _before(words, context, later)
        later = point_of(single(ends, words), words)
        texts.insert(0, ends[0])
        elided += leaves
    if elided and elided == len(texts) - 1:
        texts = _shared(texts[:-1], texts[-1], last)
    return f"[{','.join(texts)}]"


def _listed(part: str) -> list[str]:
    """The dates between commas; "nov 28, 2016" stays one."""
    dates: list[str] = []
    for piece in re.split(r",\s*", part):
        if dates and _YEAR.fullmatch(piece) and _MONTH_DAY.fullmatch(dates[-1]):
            dates[-1] = f"{dates[-1]} {piece}"
        else:
            dates.append(piece)
    return dates


def _neighbour(words: str, context: Context, direction: int) -> str:
    """EDTF of the date next to a named one: its year's, month's, day's or minute's neighbour."""
    ends = phrase(words, context)
    point = point_of(ends[1] if direction > 0 else ends[0], words)
    precision = point.precision
    if precision is Precision.SEASON:
        precision = Precision.MONTH
    elif precision > Precision.YEAR:
        precision = Precision.YEAR
    moved = point.high + 1 if direction > 0 else point.low - 1
    zone = zone_text(point.zone) if point.time else ""
    return date_text(moved, precision) + zone + point.qualifier.value

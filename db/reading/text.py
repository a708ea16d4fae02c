"""Canonical text: the one form of a document in which offsets are counted, and the way from there to UTF-16.

Offsets everywhere in the project are code points of the canonical text. Qt counts UTF-16 units; ``Utf16Map`` is the
only converter. What the bytes mean is decided here too (``decode``); how a passage is found again is in anchors.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import median
from typing import Final, NamedTuple

import charset_normalizer
import numpy as np
from numpy.typing import ArrayLike, NDArray

from db.errors import InputFault

CANONICALISER: Final = 1
"""Version of the rules of canonical text (here) and folded text (folding.py), stored with each document."""

MAX_TEXT_BYTES: Final = 64 * 1024 * 1024

_BOM: Final = "\ufeff"
_LINE_ENDS: Final = re.compile("\r\n?|[\u2028\u2029]")
# Qt marks frames with U+FDD0 and U+FDD1 and ends strings at NUL; a lone surrogate has no UTF-8 form at all.
_UNUSABLE: Final = re.compile("[\x00\ufdd0\ufdd1\ud800-\udfff]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROLS: Final = 0.02  # share of characters above which bytes are no text


def canonicalise(data: bytes | str) -> str:
    """The canonical text of a file's bytes or of a text.

    A leading BOM is dropped; CRLF, CR and U+2028/9 become LF; NUL, U+FDD0/1 and lone surrogates become U+FFFD.
    Applying it again changes nothing. Raises InputFault where bytes are no text (see ``decode``).
    """
    text = decode(data)[0] if isinstance(data, bytes) else data
    return _UNUSABLE.sub("\ufffd", _LINE_ENDS.sub("\n", text.lstrip(_BOM)))


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """From code points of a text as received to code points of its canonical text."""

    removed: tuple[int, ...]  # ascending offsets of the characters that the canonical text lacks

    def to_canonical(self, offset: int) -> int:
        """Where ``offset`` lies in the canonical text; a removed character lies where the next kept one does."""
        return offset - bisect_left(self.removed, offset)


def canonicalise_with_map(text: str) -> tuple[str, OffsetMap]:
    """The canonical text and the map of offsets into it."""
    marks = len(text) - len(text.lstrip(_BOM))
    removed = (*range(marks), *(m.start() for m in re.finditer("\r(?=\n)", text)))
    return canonicalise(text), OffsetMap(removed)


def text_sha256(text: str) -> str:
    """Hexadecimal SHA-256 of a canonical text as UTF-8."""
    return sha256(text.encode()).hexdigest()


class Decoded(NamedTuple):
    """A text and the name of the encoding it was read with, as Python's codecs call it."""

    text: str
    encoding: str


_KNOWN_FORMATS: Final = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive, or a document made of one such as DOCX or EPUB"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3\x00", "a database or a project"),
    (b"{\\rtf", "a rich text document"),
    (b"\x1f\x8b", "a compressed file"),
)
# UTF-32 comes first: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Read bytes as text: by byte order mark, as UTF-8, as UTF-16, else as charset-normalizer judges.

    ``encoding`` overrides the judgement. Raises InputFault with a plain sentence for what is no text, for what no
    encoding fits, and beyond MAX_TEXT_BYTES.
    """
    if len(data) > MAX_TEXT_BYTES:
        limit = MAX_TEXT_BYTES // 2**20
        raise InputFault(f"The file holds {len(data) / 2**20:.0f} MB; a text may have up to {limit} MB.")
    if encoding is not None:
        return _decode_as(data, encoding)
    for magic, name in _KNOWN_FORMATS:
        if data.startswith(magic):
            raise InputFault(f"This is {name}, not a plain text file.")
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _checked(_decode_as(data, codec))
    try:
        return _checked(Decoded(data.decode("utf-8-sig"), "utf-8"))
    except UnicodeDecodeError:
        pass
    except InputFault:  # two-byte text without a mark is often valid UTF-8 full of NUL
        return _checked(_unmarked_utf16(data))
    if data.count(0):
        return _checked(_unmarked_utf16(data))
    return _checked(_guess(data))


def _decode_as(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except LookupError:
        raise InputFault(f"There is no encoding called “{encoding}”.") from None
    except UnicodeError:
        raise InputFault(f"The file cannot be read as {encoding}: some of its bytes are not allowed there.") from None


def _checked(decoded: Decoded) -> Decoded:
    controls = len(_CONTROLS.findall(decoded.text))
    if controls > _MAX_CONTROLS * len(decoded.text):
        raise InputFault("The file is not a text: it is full of control characters.")
    return decoded


def _unmarked_utf16(data: bytes) -> Decoded:
    """UTF-16 without its mark: every eighth character at least is ASCII, and its NUL always on the same side."""
    for encoding, high, low in (("utf-16-le", data[1::2], data[0::2]), ("utf-16-be", data[0::2], data[1::2])):
        ascii_pairs = sum(h == 0 and (32 <= c < 127 or c in b"\t\n\r") for h, c in zip(high, low, strict=False))
        if len(data) % 2 == 0 and ascii_pairs > len(data) // 16 and low.count(0) <= ascii_pairs // 8:
            return _decode_as(data, encoding)
    raise InputFault("The file is not a text: it is full of control characters.")


# What texts are found in. DOS, Macintosh and mainframe pages, near to these and rare, are for the user to name.
_GUESSED: Final = [
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859_{number}" for number in (2, 5, 6, 7, 8)),
    *("koi8_r", "koi8_u", "big5", "gb18030", "cp932", "euc_jp", "cp949", "euc_kr", "tis_620"),
]
_TYPOGRAPHY: Final = re.compile("[\x00-\x7f‘’‚“”„‹›«»–—…•\u00a0£€©®°·§]*")


def _guess(data: bytes) -> Decoded:
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        western = None
    if western is not None and _TYPOGRAPHY.fullmatch(western):  # too little to go by, and alike in all Windows pages
        return Decoded(western, "cp1252")
    best = charset_normalizer.from_bytes(data, cp_isolation=_GUESSED).best()
    if best is None:
        raise InputFault("The file is not a text in any encoding that could be recognised. Save it as UTF-8.")
    text = str(best)
    return Decoded(text, "cp1252" if text == western else best.encoding)  # several pages often read alike


_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")


class Utf16Map:
    """Offsets of one text in code points and in UTF-16 units, either way in O(log astral characters).

    Offsets run from 0 to the length inclusive; others raise IndexError. A UTF-16 offset between the two halves of a
    character belongs to the character's start.
    """

    __slots__ = ("_astral", "_astral16", "length", "length16")

    def __init__(self, text: str) -> None:
        self._astral = [m.start() for m in _ASTRAL.finditer(text)]
        self._astral16 = [offset + n for n, offset in enumerate(self._astral)]
        self.length = len(text)
        self.length16 = len(text) + len(self._astral)

    def to_utf16(self, offset: int) -> int:
        """Code points to UTF-16 units."""
        if not 0 <= offset <= self.length:
            raise IndexError(f"offset {offset} is outside a text of {self.length} characters")
        return offset + bisect_left(self._astral, offset)

    def to_code_point(self, offset16: int) -> int:
        """UTF-16 units to code points."""
        if not 0 <= offset16 <= self.length16:
            raise IndexError(f"UTF-16 offset {offset16} is outside a text of {self.length16} units")
        return offset16 - bisect_left(self._astral16, offset16)

    def to_utf16_many(self, offsets: ArrayLike) -> NDArray[np.int64]:
        """``to_utf16`` for an array of any shape."""
        return self._many(offsets, self._astral, self.length, 1)

    def to_code_point_many(self, offsets16: ArrayLike) -> NDArray[np.int64]:
        """``to_code_point`` for an array of any shape."""
        return self._many(offsets16, self._astral16, self.length16, -1)

    @staticmethod
    def _many(offsets: ArrayLike, steps: Sequence[int], length: int, sign: int) -> NDArray[np.int64]:
        values = np.asarray(offsets, dtype=np.int64)
        if values.size and (values.min() < 0 or values.max() > length):
            raise IndexError(f"offsets outside 0..{length}")
        shift = np.searchsorted(np.asarray(steps, dtype=np.int64), values, side="left")
        moved: NDArray[np.int64] = values + sign * shift
        return moved


_LINE: Final = re.compile(r"[^\n]+")
_SENTENCE_END: Final = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_WRAP_WIDTH: Final = 100  # lines of wrapped text are no longer than this as a rule


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The paragraphs of a canonical text as (start, end) in code points, without the white space around them.

    Each character that is not white space lies in exactly one. Every line is a paragraph, unless the text is
    hard-wrapped (short lines, most of which stop in mid-sentence): then a blank line, or the end of a sentence at the
    end of a line, ends a paragraph.
    """
    lines = [span for m in _LINE.finditer(text) if (span := _trimmed(text, *m.span()))]
    if not _is_wrapped(text, lines):
        return lines
    found: list[tuple[int, int]] = []
    open_ = False
    for start, end in lines:
        if open_ and text.count("\n", found[-1][1], start) == 1:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
        open_ = not _SENTENCE_END.search(text, max(start, end - 8), end)
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    line = text[start:end]
    inner = line.strip()
    if not inner:
        return None
    start += len(line) - len(line.lstrip())
    return start, start + len(inner)


def _is_wrapped(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    if len(lines) < 6 or median(end - start for start, end in lines) > _WRAP_WIDTH:
        return False
    unfinished = sum(not _SENTENCE_END.search(text, max(start, end - 8), end) for start, end in lines)
    return unfinished > 0.6 * len(lines)

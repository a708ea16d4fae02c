"""Spellings of one name in several scripts and systems: what they share is the skeleton of their consonants.

Raqqa, Ar Raqqah, Rakka and الرقة are one name; so are Deir ez-Zor and دير الزور, Kiev, Kyiv and Киев. Short vowels are
not written in Arabic and Hebrew, and every system of romanisation writes them in another way, so a word is reduced to
classes of consonants that are mixed up between systems: the way of Soundex, with classes for Arabic as in S. U. Aqeel,
S. Beitzel, E. Jensen, D. Grossman and O. Frieder, "On the development of name search techniques for Arabic", Journal of
the American Society for Information Science and Technology 57(6), 2006 (ASOUNDEX). The values of the letters follow the
BGN/PCGN and ALA-LC tables of romanisation.

Where both words have vowels, those must be alike too, so that ``rock`` is no spelling of ``Raqqa``.

Words are taken as SQLite's tokenizer unicode61 with remove_diacritics gives them: small letters without marks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import Final

LEAST: Final = 2
"""A skeleton of fewer consonants says nothing."""
MOST_KEYS: Final = 8
"""Letters with several values give several skeletons; of a word with very many only the first count."""
UNLIKE: Final = 0.4
"""The share of letters in which two words with vowels may differ, by edits over the longer one."""

ARTICLES: Final = frozenset(
    ("al", "el", "ul", "il", "ar", "er", "as", "es", "az", "ez", "ad", "ed", "an", "en", "at", "et", "ash", "esh")
)
"""The Arabic article as it stands before its noun in Latin letters, its l as it is spoken."""

# Consonants are capitals, A stands for whatever vowel a word begins with; alternatives are parted by a bar.
_ARABIC: Final = {
    **dict.fromkeys("اأإآٱعءئؤىةـ", ""),
    **dict.fromkeys("وي", ""),
    **dict.fromkeys("یېۍۆێە", ""),
    **dict.fromkeys("بپ", "B"),
    **dict.fromkeys("تط", "T"),
    "ث": "T|S",
    "ج": "J|K",
    "چ": "C",
    **dict.fromkeys("حهھہ", "H"),
    "خ": "H",
    **dict.fromkeys("دض", "D"),
    "ذ": "D|Z",
    **dict.fromkeys("رڕ", "R"),
    "ز": "Z",
    "ظ": "Z|D",
    "ژ": "J",
    **dict.fromkeys("سشص", "S"),
    **dict.fromkeys("غقكکگ", "K"),
    **dict.fromkeys("فڤ", "F"),
    **dict.fromkeys("لڵ", "L"),
    "م": "M",
    "ن": "N",
}
_HEBREW: Final = {
    **dict.fromkeys("אעוי", ""),
    "ב": "B|F",
    "ג": "K",
    "ד": "D",
    "ה": "H",
    "ז": "Z",
    "ח": "H",
    **dict.fromkeys("טת", "T"),
    **dict.fromkeys("כך", "K|H"),
    "ל": "L",
    **dict.fromkeys("מם", "M"),
    **dict.fromkeys("נן", "N"),
    **dict.fromkeys("סש", "S"),
    **dict.fromkeys("פף", "B|F"),
    **dict.fromkeys("צץ", "S"),
    "ק": "K",
    "ר": "R",
}
# To Latin letters first: these scripts have vowels to compare.
_CYRILLIC: Final = dict(
    zip("абвгґдеєжзиіїйклмнопрстуфхцшьъыэѓѕјќћђ", "abvggdeezziiiiklmnoprstufhcs  yegzjkcd", strict=True)
) | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "yu", "я": "ya", "љ": "l", "њ": "n"}
_GREEK: Final = dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstifo", strict=True)) | {
    "θ": "th",
    "χ": "h",
    "ψ": "ps",
}
_GREEK_PAIRS: Final = {"μπ": "b", "ντ": "d", "γκ": "g", "γγ": "ng", "ου": "ou", "τζ": "dz", "αυ": "av", "ευ": "ev"}
_TO_LATIN: Final = {letter: latin.strip() for letter, latin in {**_CYRILLIC, **_GREEK}.items()}
_LATIN: Final = {
    **dict.fromkeys(("sch", "shch", "sh", "ss", "s", "ts", "tz", "ß"), "S"),
    **dict.fromkeys(("tch",), "C"),
    "ch": "C|H",
    "kh": "H",
    **dict.fromkeys(("ck", "kk", "cc", "cq", "k", "q", "qq", "gg"), "K"),
    "g": "K",
    "gh": "K",
    "c": "K",
    "ce": "S|K",
    "ci": "S|K",
    **dict.fromkeys(("dj", "dzh", "j", "zh"), "J"),
    **dict.fromkeys(("th", "t"), "T"),
    **dict.fromkeys(("dh", "d"), "D"),
    **dict.fromkeys(("ph", "f", "v"), "F"),
    **dict.fromkeys(("b", "p"), "B"),
    "x": "KS",
    "z": "Z",
    "h": "H",
    "l": "L",
    "m": "M",
    "n": "N",
    "r": "R",
    **dict.fromkeys("aeiouyw", ""),
    "ı": "",
}
_PIECES: Final = re.compile("|".join(sorted((re.escape(each) for each in _LATIN), key=len, reverse=True)))
_SEMITIC: Final = {**_ARABIC, **_HEBREW}
_IS_SEMITIC: Final = re.compile(r"[\u0590-\u06ff]")
_HAS_TO_BE_LATIN: Final = re.compile(r"[\u0370-\u03ff\u0400-\u04ff]")
_ARTICLE: Final = re.compile("^(?:ال|ٱل)(?=..)")
_LATIN_WORD: Final = re.compile(r"[a-zßı]+")
_ALIKE: Final = str.maketrans(
    {"e": "a", "y": "i", "ı": "i", "o": "u", "w": "u", "q": "k", "c": "k", "g": "k", "v": "f"}
)


@lru_cache(maxsize=65_536)
def skeletons(word: str) -> frozenset[str]:
    """The skeletons of a word; none for what is in no script that is known here, has a figure, or says too little."""
    if _IS_SEMITIC.search(word):
        found = _semitic(_ARTICLE.sub("", word))
    else:
        # г is g in Russian and h in Ukrainian.
        forms = {in_latin(word), in_latin(word.replace("г", "х"))}
        found = tuple(each for form in forms if _LATIN_WORD.fullmatch(form) for each in _latin(form))
    return frozenset(each for each in found if len(each.strip("A")) >= LEAST)


def in_latin(word: str) -> str:
    """A Greek or Cyrillic word in Latin letters; any other as it is."""
    if not _HAS_TO_BE_LATIN.search(word):
        return word
    for pair, latin in _GREEK_PAIRS.items():
        word = word.replace(pair, latin)
    return "".join(_TO_LATIN.get(letter, letter) for letter in word)


def alike(one: str, other: str) -> bool:
    """Whether two words of the same skeleton may be one name: by their vowels, where both have them."""
    if _IS_SEMITIC.search(one) or _IS_SEMITIC.search(other):
        return True
    first, second = _spoken(in_latin(one)), _spoken(in_latin(other))
    return _edits(first, second) <= UNLIKE * max(len(first), len(second))


def same(one: str, other: str) -> bool:
    """Whether two words may be spellings of one name."""
    return not skeletons(one).isdisjoint(skeletons(other)) and alike(one, other)


def _semitic(word: str) -> tuple[str, ...]:
    values = [_SEMITIC.get(letter) for letter in word]
    if not word or None in values:
        return ()
    choices = [(value or "").split("|") for value in values]
    if choices[0] == [""]:
        choices[0] = ["A"]
    if word[-1] in "هھہה" and len(word) > 1:  # as final h in Latin letters
        choices[-1] = [""]
    return _all_of(choices)


def _latin(word: str) -> tuple[str, ...]:
    if word.endswith("h") and len(word) > 1 and word[-2] in "aeiouy":
        word = word[:-1]
    choices: list[list[str]] = []
    before, at = "", 0
    while at < len(word):
        piece = _PIECES.match(word, at)
        if piece is None:
            return ()
        values = _LATIN[piece[0]].split("|")
        if values == [""]:
            before = ""
            if at == 0:
                choices.append(["A"])
        elif values != [before]:  # doubled letters count once
            choices.append(values)
            before = "" if piece[0] in ("ce", "ci") else values[0] if len(values) == 1 else ""
        at = piece.end()
    return _all_of(choices)


def _all_of(choices: list[list[str]]) -> tuple[str, ...]:
    number = 1
    for values in choices:
        number *= len(values)
    if number > MOST_KEYS:
        choices = [values[:1] for values in choices]
    return tuple("".join(each) for each in product(*choices))


def beginnings(skeleton: str) -> frozenset[str]:
    """The letters, one of which a folded word must begin with to have this skeleton."""
    return _BEGINNINGS.get(skeleton[:1], frozenset())


def _first_letters() -> dict[str, frozenset[str]]:
    """By the first letter of a skeleton."""
    latin: dict[str, set[str]] = {}
    for piece, values in _LATIN.items():
        latin.setdefault(piece[0], set()).update(value[:1] or "A" for value in values.split("|"))
    every = set[str]().union(*latin.values())
    found: dict[str, set[str]] = {letter: set(keys) for letter, keys in latin.items()}
    for letter, values in _SEMITIC.items():
        found.setdefault(letter, set()).update(value[:1] or "A" for value in values.split("|"))
    for letters, spelt in (*_TO_LATIN.items(), *_GREEK_PAIRS.items(), ("г", _TO_LATIN["х"])):
        found.setdefault(letters[0], set()).update(latin[spelt[0]] if spelt else every)
    found["ا"] = found["ٱ"] = every  # as the article, behind which the word begins
    return {key: frozenset(letter for letter, keys in found.items() if key in keys) for key in every}


_BEGINNINGS: Final = _first_letters()


@lru_cache(maxsize=65_536)
def _spoken(word: str) -> str:
    """A Latin word with letters that systems of romanisation exchange made one, h after a consonant left out."""
    plain = re.sub(r"(?<=[^aeiouy])h|(?<=[aeiouy])h$", "", word).translate(_ALIKE)
    return re.sub(r"(.)\1+", r"\1", plain)


def _edits(one: str, other: str) -> int:
    """The least number of letters to put in, leave out or change between two words (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        above, row[0] = row[0], number
        for at, its in enumerate(other, 1):
            above, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, above + (letter != its))
    return row[-1]

"""Folded text: what counts as the same passage, and the way back to the original."""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.reading import folding
from db.reading.folding import fold, fold_with_map, joins

texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("ab '’“”\"-–— \n\u00a0\u0301\u200dﬁ…½ᄀㅏᅡ각😀")
    ),
    max_size=60,
)


@given(texts)
def test_the_map_ascends_and_each_stretch_folds_to_its_characters(text):
    folded = fold_with_map(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert all(a <= b for a, b in pairwise(folded.starts))
    assert all(a <= b for a, b in pairwise(folded.ends))
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))
    for i, (start, end) in enumerate(zip(folded.starts, folded.ends, strict=True)):
        assert folded.text[i] in fold(text[start:end])


@given(texts)
def test_plain_stretches_fold_as_their_characters_do(text):
    never = re.compile("(?!)")
    with patch.multiple(folding, _AS_IT_IS=never, _NOTHING=never):
        one_by_one = fold_with_map(text)
    assert fold_with_map(text) == one_by_one


@given(texts, st.data())
def test_a_stretch_of_whole_characters_folds_to_its_part_of_the_whole(text, data):
    folded = fold_with_map(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    first, last = folded.original(start, end)
    assert folded.text[start:end] in fold(text[first:last])
    assert folded.index(first) <= start


@given(texts)
def test_folding_is_nfkc_without_white_space_where_there_are_no_marks(text):
    plain = "".join(c for c in text if c.isalnum() or unicodedata.category(c).startswith("M"))
    composed = unicodedata.normalize("NFKC", plain)
    expected = "".join(c for c in composed if not c.isspace())
    if "'" not in fold(plain) and "-" not in fold(plain):
        assert fold(plain) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the “caliphate” — Syria’s", 'the "caliphate" - Syria\'s'),
        ("the “caliphate” – Syria’s", "the ``caliphate'' -- Syria`s"),
        ("«calife»", "\u2018calife\u2019"),
        ("100\u00a0km\nfrom Mosul…", "100 km from Mosul..."),
        ("oﬃcials", "officials"),
        ("café", "cafe\u0301"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("Mosul", "Mosul"),
    ],
)
def test_typography_does_not_count(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Mosul", "mosul"), ("10-12", "1012"), ("60%", "66%"), ("a.b", "a,b")])
def test_words_figures_and_case_count(one, other):
    assert fold(one) != fold(other)


def test_quotation_marks_of_neighbours_stay_apart():
    """Else a quote that ends a passage would reach into the next one."""
    folded = fold_with_map("it fell.” “It")
    assert folded.text == "itfell.''It"
    assert folded.original(0, 8) == (0, 9)


def test_every_character_that_unicode_composes_with_the_one_before_joins_it():
    for code in range(sys.maxunicode + 1):
        decomposition = unicodedata.decomposition(chr(code)).split()
        if len(decomposition) == 2 and not decomposition[0].startswith("<"):
            assert joins(chr(int(decomposition[1], 16))), hex(code)

"""Texts in one block are the dictionary that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.queries import Texts

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
tables = st.dictionaries(st.integers(1, 60), texts, max_size=30)


@given(tables, st.lists(st.tuples(tables, st.sets(st.integers(1, 60))), max_size=4))
@settings(max_examples=150, deadline=None)
def test_they_are_the_dictionary_through_all_changes(
    start: dict[int, str], changes: list[tuple[dict[int, str], set[int]]]
) -> None:
    expected, block = dict(start), Texts.of(start)
    for new, gone in changes:
        block = block.replaced(new, gone)
        expected = {key: text for key, text in expected.items() if key not in gone} | new
    for each in (block, Texts.from_arrays(block.arrays())):
        assert dict(each.items()) == expected
        assert len(each) == len(expected)
        for key in range(62):
            assert (key in each) == (key in expected)
            assert each.get(key) == expected.get(key)
        for text in expected.values():
            found = each.find(text)
            assert found is not None
            assert expected[found] == text
        assert each.find("nothing has this text") is None


def test_a_block_with_too_few_texts_is_refused() -> None:
    with pytest.raises(ValueError, match="as many texts"):
        Texts.joined(np.array([1, 2, 3]), b"one\0two")

"""The order of very many texts against Python's own sorting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.queries.texts import SEPARATOR, Texts
from viewer.core import alphabet
from viewer.core.alphabet import text_ranks

letters = st.text(st.characters(blacklist_characters=SEPARATOR, blacklist_categories=("Cs",)), max_size=30)
alike = st.sampled_from(
    ["", "a", "Aleppo falls", "aleppo falls", "Aleppo falls again", "aleppo fallś", "حلب", "حلب تسقط", "ß", "SS"]
)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few texts come in several parts."""
    monkeypatch.setattr(alphabet, "AT_ONCE", 3)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(letters, alike), max_size=40), st.dictionaries(st.integers(0, 60), st.one_of(alike, letters)))
def test_texts_stand_as_python_sorts_them(texts: list[str], replaced: dict[int, str]) -> None:
    kept = Texts.of(dict(enumerate(texts))).replaced(replaced, [2])
    ids = np.array([*range(45), 70], np.int64)
    np.random.default_rng(len(texts)).shuffle(ids)
    ranks = text_ranks(kept, ids)
    wanted = [kept.get(key) for key in ids.tolist()]
    assert (ranks[[text is None for text in wanted]] <= 0).all()
    known = [
        (text.casefold().encode(), rank) for text, rank in zip(wanted, ranks.tolist(), strict=True) if text is not None
    ]
    for one, rank in known:
        for other, beside in known:
            assert (one < other) == (rank < beside)


def test_no_texts_at_all() -> None:
    assert text_ranks(Texts.of({}), np.array([1, 2], np.int64)).tolist() == [-1, -1]
    assert not len(text_ranks(Texts.of({1: "a"}), np.empty(0, np.int64)))


def test_long_texts_that_begin_alike() -> None:
    texts = {key: "The same long beginning of a headline, number " + str(key % 50).zfill(3) for key in range(400)}
    ranks = text_ranks(Texts.of(texts), np.arange(400))
    assert len(np.unique(ranks)) == 50
    assert [texts[key] for key in np.argsort(ranks, kind="stable").tolist()] == sorted(texts.values())

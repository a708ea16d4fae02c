"""Names in one text come apart again as they were."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.joined import join_names, split_names

NAMES = st.lists(st.text(st.sampled_from('a;" \n\u0627'), max_size=6), min_size=1, max_size=4)


@given(NAMES)
@example(["a; b", '"', ' "x"', ""])
def test_names_come_apart_as_they_were(names: list[str]) -> None:
    assert split_names(join_names(names)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", [""]),
        ("a;b ; c", ["a", "b", "c"]),
        ('"Herald; Co": Title; b', ['"Herald', 'Co": Title', "b"]),
        ('the "Free; Army"', ['the "Free', 'Army"']),
        ('"a; b" ;c;', ["a; b", "c", ""]),
        ('"never closed; b', ['"never closed', "b"]),
    ],
)
def test_what_others_wrote_is_parted_at_semicolons(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_plain_names_are_joined_as_ever() -> None:
    assert join_names(['Free "Army"', "داعش"]) == 'Free "Army"; داعش'

"""One name in several scripts and systems of romanisation: found by each of them, and not by just any other word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db import search as searching
from db.search import CROWD, fold, search_each, search_spellings
from db.spellings import beginnings, in_latin, same, skeletons
from db.store import Store
from db.tables import Place, Source
from db.values import RefKind
from tests.helpers.project import small_project

NAMES = (
    ("Raqqa", "Rakka", "Raqqah", "Racca", "الرقة"),
    ("Deir", "Dayr", "Deyr", "دير"),
    ("Zor", "Zawr", "Zour", "الزور"),
    ("Mosul", "Mawsil", "Mossoul", "الموصل"),
    ("Kiev", "Kyiv", "Киев", "Київ"),
    ("Kharkiv", "Харків"),
    ("Luhansk", "Луганськ"),
    ("Lugansk", "Луганск"),
    ("Hasakah", "Hassakeh", "Hasaka", "الحسكة"),
    ("Fallujah", "Falluja", "Fallouja", "الفلوجة"),
    ("Gaddafi", "Qadhafi", "Kadhafi", "القذافي"),
    ("Homs", "Hims", "حمص"),
    ("Idlib", "Edlib", "إدلب"),
    ("Erbil", "Arbil", "أربيل"),
    ("Tehran", "Teheran", "تهران", "Tehrān"),
    ("Kermanshah", "کرمانشاه"),
    ("Haifa", "חיפה"),
    ("Netanyahu", "נתניהו", "Нетаньяху"),
    ("Thessaloniki", "Θεσσαλονίκη"),
    ("Volos", "Βόλος"),
    ("Muhammad", "Mohammed", "محمد", "Мухаммад"),
    ("Hezbollah", "Hizballah"),
    ("Erdoğan", "Erdogan", "أردوغان", "Эрдоган"),
)
DIFFERENT = (
    ("Raqqa", "rock"),
    ("Raqqa", "Iraq"),
    ("Mosul", "missile"),
    ("Homs", "Hama"),
    ("Kiev", "Kobani"),
    ("1", "2"),
)


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[0])
def test_spellings_of_a_name_are_the_same(names: tuple[str, ...]) -> None:
    first = fold(names[0])
    assert [name for name in names if not same(first, fold(name))] == []


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_words_are_not(one: str, other: str) -> None:
    assert not same(fold(one), fold(other))


@given(st.text(max_size=20))
def test_any_word_has_few_skeletons_and_is_its_own_spelling(word: str) -> None:
    word = fold(word)
    keys = skeletons(word)
    assert len(keys) <= 16
    assert not keys or same(word, word)
    assert in_latin(in_latin(word)) == in_latin(word)


@given(st.text("abcdeghijkmnostuxyzßıغقكهاأءٱلجبثویאבגהוכצשабвгджхцьюяαβγμνπτυθψχ", min_size=1, max_size=6))
@example("القاهرة")
@example("ьмя")
def test_any_word_begins_with_a_letter_that_its_skeletons_may_begin_with(word: str) -> None:
    assert all(word[0] in beginnings(key) for key in skeletons(word))


def test_a_skeleton_says_much_about_the_letter_that_a_word_begins_with() -> None:
    (peshmerga,) = skeletons("peshmerga")
    assert beginnings(peshmerga).isdisjoint("acdeghijklmnoqrstuvwxyz0123456789")
    assert beginnings("") == frozenset()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = small_project(tmp_path_factory.mktemp("spellings") / "small.gpkg")
    with store.step("Names") as session:
        session.add(Place(id=10, name="Deir ez-Zor"))
        session.add(Place(id=11, name="الرقة"))
        session.add(Place(id=12, name="Киев"))
        session.add(Place(id=13, name="Rock of Gibraltar"))
    yield store
    store.close()


def places(store: Store, text: str, *, hidden: frozenset[int] = frozenset()) -> list[int]:
    con = store.reader()
    try:
        return [hit.id for hit in search_spellings(con, text, 8, [RefKind.PLACE], hidden).get(RefKind.PLACE, [])]
    finally:
        con.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dayr az Zawr", [10]),
        ("دير الزور", [10]),
        ("deir ez zor", []),  # found as it stands
        ("raqqa", [11]),
        ("ar rakkah", [11]),
        ("kyiv", [12]),
        ("dayr raqqa", []),
        ("", []),
        ("az", []),
        ('"*', []),
    ],
)
def test_places_are_found_by_other_spellings(store: Store, text: str, found: list[int]) -> None:
    assert [place for place in places(store, text) if place >= 10] == found
    assert [place for place in places(store, text, hidden=frozenset({1})) if place >= 10] == found


def test_what_changes_is_known_at_once_and_a_reader_cannot_write(store: Store) -> None:
    assert places(store, "tekrit") == [3]
    assert places(store, "fallouja") == []
    with store.step("One more") as session:
        session.add(Place(id=20, name="Fallujah"))
    assert places(store, "fallouja") == [20]
    store.undo()
    assert places(store, "fallouja") == []
    con = store.reader()
    search_spellings(con, "fallouja")
    assert con.execute("PRAGMA query_only").fetchone() == (1,)
    assert con.execute("SELECT name FROM sqlite_temp_master").fetchall() == []
    con.close()


def test_of_a_crowd_the_shortest_come_first_and_other_kinds_are_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "CROWD", 4)
    assert CROWD >= 1_000
    store = small_project(tmp_path / "p.gpkg")
    with store.step("Many") as session:
        for number in range(20, 40):
            session.add(Place(id=number, name="Mosul " + "east " * (number % 7)))
        session.add(Source(id=9, title="The fall of Mosul"))
    con = store.reader()
    found = search_each(con, "mosul", 3)
    assert len(found[RefKind.PLACE]) == 3
    lengths = [len(hit.text) for hit in found[RefKind.PLACE]]
    assert lengths == sorted(lengths)
    assert RefKind.EVENT in found
    con.close()
    store.close()

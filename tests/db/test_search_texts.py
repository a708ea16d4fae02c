"""Words of whole texts: found wherever they stand, kept through undo, and put in where a project lacks them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from db import search as searching
from db.importers.text import import_text
from db.passages import FAR, WIDEST, passage
from db.search import search_each, search_spellings
from db.store import Store
from db.values import RefKind
from tests.helpers.project import small_project

TEXT = "Harvest in the north\n\nThe wheat was poor this year. 𐎠 Traders of الرقة spoke of smuggling.\n"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return small_project(tmp_path / "small.gpkg")


def add(store: Store, folder: Path) -> None:
    (folder / "harvest.txt").write_text(TEXT, "utf-8")
    import_text(store, folder / "harvest.txt", "2016")


def found(store: Store, words: str, *, spelt: bool = False, hidden: frozenset[int] = frozenset()) -> list[str]:
    con = store.reader()
    try:
        look = search_spellings if spelt else search_each
        hits = look(con, words, 8, [RefKind.DOCUMENT], hidden).get(RefKind.DOCUMENT, [])
        return [hit.text for hit in hits]
    finally:
        con.close()


def test_words_of_a_text_are_found_through_undo_and_redo(store: Store, tmp_path: Path) -> None:
    assert found(store, "wheat") == []
    add(store, tmp_path)
    (text,) = found(store, "wheat smuggl")
    assert "Traders" in text
    assert found(store, "rakka", spelt=True) == [text]
    assert found(store, "wheat barley") == []
    (tmp_path / "raqqa.txt").write_text("Raqqa, or الرقة, was quiet.\n", "utf-8")
    import_text(store, tmp_path / "raqqa.txt", "2016")
    assert len(found(store, "raqqa")) == 1
    assert found(store, "raqqa", spelt=True) == [text], "the other has it as it was typed"
    assert found(store, "الرقة", spelt=True) == [], "both have it as it was typed"
    store.undo()
    assert found(store, "wheat", hidden=frozenset({1})) == [text]
    con = store.reader()
    (source,) = con.execute("SELECT source_id FROM document WHERE text_sha256 IS NOT NULL").fetchone()
    con.close()
    assert found(store, "wheat", hidden=frozenset({source})) == []
    store.undo()
    assert found(store, "wheat") == []
    store.redo()
    assert found(store, "wheat") == [text]
    store.close()


def without_texts(store: Store) -> Path:
    """The project closed, as one is that was made before texts were in the index."""
    path = store.path
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        stamp = store._watch.read().change_counter + 1
        con.execute("BEGIN")
        con.execute(
            "INSERT INTO search_index (search_index, rowid, body) SELECT 'delete', id, body FROM search_text "
            "WHERE id % 8 = 6"
        )
        con.execute("DELETE FROM search_text WHERE id % 8 = 6")
        con.execute("UPDATE app_meta SET value = ? WHERE key = 'change_counter'", (str(stamp),))
        con.execute("COMMIT")
    store.close()
    return path


def test_a_project_of_before_gets_them_when_it_is_opened_and_only_then(store: Store, tmp_path: Path) -> None:
    add(store, tmp_path)
    path = without_texts(store)
    looked = Store.open(path, read_only=True)
    assert found(looked, "wheat") == []
    looked.close()
    opened = Store.open(path)
    assert len(found(opened, "wheat")) == 1
    assert opened.undo_label is not None
    opened.close()
    before = path.read_bytes()
    Store.open(path).close()
    assert path.read_bytes() == before
    with closing(sqlite3.connect(path)) as con:
        con.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")


def test_a_project_opens_where_they_cannot_be_put_in_and_gets_them_later(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add(store, tmp_path)
    path = without_texts(store)
    complete = searching.complete

    def where_nothing_fits(con: sqlite3.Connection, commit: Callable[[], object]) -> None:
        con.execute(
            "CREATE TEMP TRIGGER touch_full BEFORE INSERT ON main.search_text BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
        complete(con, commit)
        con.execute("DROP TRIGGER touch_full")

    with monkeypatch.context() as patch:
        patch.setattr(searching, "complete", where_nothing_fits)
        opened = Store.open(path)
    assert not opened._con.in_transaction
    assert not opened.read_only
    assert found(opened, "wheat") == []
    assert "could not be put into the search index" in caplog.text
    opened.close()
    opened = Store.open(path)
    assert len(found(opened, "wheat")) == 1
    opened.close()


def test_a_text_that_is_damaged_is_passed_over(store: Store, tmp_path: Path) -> None:
    add(store, tmp_path)
    path = store.path
    store.close()
    with closing(sqlite3.connect(path)) as con:
        con.execute("UPDATE content SET body = x'00'")
        con.commit()
    opened = Store.open(path)  # changed by another program, so all that is derived is made anew
    assert found(opened, "wheat") == []
    opened.close()


@pytest.mark.parametrize(
    ("text", "sought", "words"),
    [
        ("one two three", "two", "two"),
        ("Mosul far away. Then oil near Mosul again", "mosul oil", "oil near Mosul"),
        ("Déïr ez-Zor", "deir", "Déïr"),
        ("smugglers", "smuggl", "smugglers"),
        ("nothing here", "else", ""),
        ("only one", "one other", "one"),
        ("𐎠𐎠 Raqqa", "raqqa", "Raqqa"),
        ("a " + "x " * WIDEST + "b", "a b", "b"),
        ("All say Aleppo fell", "al aleppo", "All say Aleppo"),
        ("All " + "x " * WIDEST + "Aleppo " + "x " * WIDEST + "all", "al aleppo", "Aleppo"),
        ("Aleppo, then Homs", "al homs aleppo", "Aleppo, then Homs"),
        ("A x Mosul " + "x " * WIDEST + " a", "mosul a", "Mosul"),
    ],
)
def test_the_passage_is_the_shortest_with_all_words(text: str, sought: str, words: str) -> None:
    start, end = passage(text, sought)
    assert text[start:end] == words


def test_the_passage_may_be_in_another_spelling() -> None:
    text = "Traders of الرقة spoke"
    assert passage(text, "rakka") == (0, 0)
    start, end = passage(text, "rakka", spellings=True)
    assert text[start:end] == "الرقة"
    text = "All spoke. Azaz too. Then the road to دير الزور was open"
    start, end = passage(text, "dayr az zawr", spellings=True)
    assert text[start:end] == "دير الزور"
    text = "All of it: az"
    start, end = passage(text, "az", spellings=True)
    assert text[start:end] == "az"


def test_the_passage_that_is_too_wide_is_the_word_that_ends_it() -> None:
    text = "convoy " + "x" * 870 + " bridge " + "x" * 900 + " convoy " + "x" * 900 + " bridge"
    assert passage(text, "convoy bridge") == (text.index("bridge"), text.index("bridge") + 6)


@pytest.mark.parametrize(("near", "words"), [("convoy at the bridge ", "convoy at the bridge"), ("", "convoy, bridge")])
def test_of_a_book_the_shortest_passage_is_one_of_its_beginning_if_there_is_one(near: str, words: str) -> None:
    text = near + "x " * FAR + "convoy, bridge"
    start, end = passage(text, "bridge convoy")
    assert text[start:end] == words

"""Own copies attached to stand-off sources: which source, which quotes, one step, never a wrong passage."""

from __future__ import annotations

import random
import re
from hashlib import sha256

import pytest

from db.errors import EnvironmentFault
from db.queries.sources import document_bytes, document_text, quotes_of_document, sources
from db.reading.anchors import make_quote_fields
from db.reading.attach import Outcome, attach
from db.reading.folding import fold
from db.reading.text import canonicalise
from db.store import Store
from db.tables import Quote
from db.uid import new_uid
from db.values import QuoteState
from tests.helpers.articles import RETYPED, articles
from tests.helpers.shared import SHARED, needs_shared
from tests.helpers.standoff import NORTH, SOUTH, add_standoff, passages, write


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "project.gpkg", "Two reports")
    yield made
    made.close()


@pytest.fixture
def reports(store):
    """The ids of the documents of a northern and a southern report."""
    return [add_standoff(store, t.split("\n")[0], t, passages(t)) for t in (NORTH, SOUTH)]


@pytest.fixture
def real(store):
    """The ids of the stand-off originals of the five articles."""
    return [add_standoff(store, article.name, article.text, article.passages) for article in articles()]


def read(store, document_id):
    con = store.reader()
    try:
        return document_text(con, document_id), quotes_of_document(con, document_id)
    finally:
        con.close()


def states(store, document_id):
    return [quote.state for quote in read(store, document_id)[1]]


# -- the real articles


@needs_shared
def test_all_162_quotes_come_alive_by_hash(store, real):
    files = sorted((SHARED / "seeds").glob("*.txt"))
    report = attach(store, list(reversed(files)))
    assert [row.outcome for row in report.rows] == [Outcome.ATTACHED] * 5
    assert [row.document_id for row in report.rows] == real[::-1]
    alive = 0
    for document_id in real:
        text, quotes = read(store, document_id)
        for quote in quotes:
            assert quote.state is QuoteState.ANCHORED
            assert sha256(text[quote.start : quote.end].encode()).hexdigest() == quote.exact_sha256
            assert quote.exact is None
            alive += 1
    assert alive == 162


@needs_shared
@pytest.mark.parametrize("way", [way for way in RETYPED if way != "the same"])
def test_all_162_quotes_come_alive_in_retyped_copies(store, real, tmp_path, way):
    files = [write(tmp_path, f"copy {n}.txt", RETYPED[way](article.text)) for n, article in enumerate(articles())]
    report = attach(store, files)
    assert [(row.outcome, row.document_id) for row in report.rows] == [(Outcome.ATTACHED, i) for i in real]
    assert sum(count for row in report.rows for count in row.counts.values()) == 162
    assert {state for row in report.rows for state in row.counts} <= {QuoteState.ANCHORED, QuoteState.MOVED}
    for article, document_id in zip(articles(), real, strict=True):
        text, quotes = read(store, document_id)
        assert len(quotes) == len(article.passages)
        for quote in quotes:
            passage = fold(text[quote.start : quote.end]).replace("-", "")
            assert passage == fold(article.text[quote.given_start : quote.given_end]).replace("-", "")


@needs_shared
@pytest.mark.parametrize("seed", range(2))
def test_edited_copies_find_their_source_and_no_wrong_passage(store, real, tmp_path, seed):
    rng = random.Random(seed)
    files = []
    for number, article in enumerate(articles()):
        words = re.split(r"( )", article.text)
        for _ in range(len(words) // 60):
            words[rng.randrange(len(words) // 2) * 2] = "EDITED"
        files.append(write(tmp_path, f"{number}.txt", "A preface.\n\n" + "".join(words)))
    report = attach(store, files)
    assert [row.document_id for row in report.rows] == real
    found = lost = 0
    for article, document_id in zip(articles(), real, strict=True):
        text, quotes = read(store, document_id)
        for quote in quotes:
            if quote.state is QuoteState.ORPHAN:
                assert quote.start is None
                lost += 1
            else:
                assert quote.state in (QuoteState.ANCHORED, QuoteState.MOVED)
                assert fold(text[quote.start : quote.end]) == fold(article.text[quote.given_start : quote.given_end])
                found += 1
    assert found > 40
    assert lost > 5


# -- made-up ones


def test_a_copy_by_hash_is_one_undoable_step(store, reports, tmp_path):
    changes = []
    store.subscribe(changes.append)
    done = []
    path = write(tmp_path, "north.txt", NORTH)
    report = attach(store, [path], lambda *progress: done.append(progress), origin="test")
    row = report.rows[0]
    assert (row.outcome, row.document_id, row.source_title, row.attached) == (
        Outcome.ATTACHED,
        reports[0],
        "Northern report",
        True,
    )
    assert row.counts == {QuoteState.ANCHORED: 4}
    assert row.sentence == "north.txt: now the text of “Northern report”; all 4 quotes were found."
    assert (done, report.attached) == ([(1, 1)], 1)
    assert [(change.label, change.origin, sorted(change.rows)) for change in changes] == [
        ("Attach a text", "test", ["document", "quote"])
    ]
    assert read(store, reports[0])[0] == NORTH
    store.undo()
    assert read(store, reports[0])[0] is None
    assert states(store, reports[0]) == [QuoteState.STANDOFF] * 4
    store.redo()
    assert read(store, reports[0])[0] == NORTH
    assert states(store, reports[0]) == [QuoteState.ANCHORED] * 4
    store.undo()
    assert attach(store, [path]).rows[0].outcome is Outcome.ATTACHED  # though its bytes are still in the file


def test_the_bytes_and_their_encoding_are_kept(store, reports, tmp_path):
    data = NORTH.replace("\n", "\r\n").encode("cp1252")
    attach(store, [write(tmp_path, "north.txt", data)])
    con = store.reader()
    document = next(d for s in sources(con) for d in s.documents if d.id == reports[0])
    assert document_bytes(con, reports[0]) == data
    con.close()
    assert (document.file_name, document.encoding, document.media_type) == ("north.txt", "cp1252", "text/plain")
    assert document.attached_at is not None
    assert read(store, reports[0])[0] == NORTH


def test_many_files_are_one_step_and_each_has_its_row(store, reports, tmp_path):
    files = [
        write(tmp_path, "south.txt", canonicalise(SOUTH).replace("‘", "'")),
        write(tmp_path, "picture.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        tmp_path / "nowhere.txt",
        write(tmp_path, "letter.txt", "A letter about something else altogether, of which nobody has quoted a word."),
        write(tmp_path, "empty.txt", "\ufeff \r\n"),
        tmp_path,
        write(tmp_path, "north.txt", NORTH),
        write(tmp_path, "north again.txt", NORTH),
    ]
    report = attach(store, files)
    assert [row.outcome.value for row in report.rows] == [
        *("attached", "failed", "failed", "unmatched", "failed", "failed", "attached", "already")
    ]
    assert [row.sentence.split(": ", 1)[1] for row in report.rows[1:6]] == [
        "This is a picture, not a plain text file.",
        "There is no such file.",
        "matches no source of this project.",
        "The file is empty: there is no text in it.",
        "This is a folder, not a text file.",
    ]
    assert report.summary == (
        "2 texts were attached; all 8 quotes were found. picture.png: This is a picture, not a plain text file. "
        "nowhere.txt: There is no such file. 4 more were not attached."
    )
    assert store.undo_label == "Attach 2 texts"
    store.undo()
    assert states(store, reports[0]) == states(store, reports[1]) == [QuoteState.STANDOFF] * 4


def test_nothing_attached_is_no_step(store, reports, tmp_path):
    before = store.undo_label
    attach(store, [write(tmp_path, "x.txt", "Nothing that anybody quoted stands in here at all.")])
    assert store.undo_label == before


def test_attached_twice_says_so(store, reports, tmp_path):
    path = write(tmp_path, "north.txt", NORTH)
    attach(store, [path])
    row = attach(store, [path]).rows[0]
    assert (row.outcome, row.sentence) == (Outcome.ALREADY, "north.txt: already the text of “Northern report”.")
    assert row.counts == {QuoteState.ANCHORED: 4}


def test_a_better_copy_replaces_a_worse_one_and_not_the_other_way(store, reports, tmp_path):
    worse = write(tmp_path, "worse.txt", NORTH.replace("at dawn on Monday", "in the evening"))
    better = write(tmp_path, "better.txt", NORTH)
    row = attach(store, [worse]).rows[0]
    assert row.outcome is Outcome.ATTACHED
    assert row.sentence.endswith("3 of 4 quotes were found, 1 not.")
    assert states(store, reports[0]) == [*[QuoteState.MOVED] * 3, QuoteState.ORPHAN]
    row = attach(store, [better]).rows[0]
    assert row.outcome is Outcome.REPLACED
    assert states(store, reports[0]) == [QuoteState.ANCHORED] * 4
    assert read(store, reports[0])[0] == NORTH
    assert attach(store, [worse]).rows[0].outcome is Outcome.ALREADY
    assert read(store, reports[0])[0] == NORTH
    store.undo()
    assert states(store, reports[0]) == [*[QuoteState.MOVED] * 3, QuoteState.ORPHAN]


def test_a_quote_made_in_a_copy_follows_into_a_better_one(store, reports, tmp_path):
    copy = "A preface.\n\n" + NORTH.replace("on Tuesday", "on Thursday")
    attach(store, [write(tmp_path, "copy.txt", copy)])
    start = copy.index("By noon")
    with store.step("Quote") as session:
        fields = make_quote_fields(copy, start, start + 60)
        session.add(Quote(uid=new_uid(), document_id=reports[0], **fields))
    assert attach(store, [write(tmp_path, "own.txt", NORTH)]).rows[0].outcome is Outcome.REPLACED
    own = next(quote for quote in read(store, reports[0])[1] if quote.exact is not None)
    assert (own.state, own.start) == (QuoteState.MOVED, start - 12)
    assert NORTH[own.start : own.end] == own.exact


def test_a_damaged_text_is_healed_by_attaching_it_again(store, reports, tmp_path):
    path = write(tmp_path, "north.txt", NORTH)
    attach(store, [path])
    with store.step("Damage") as session:
        session.connection().exec_driver_sql("UPDATE content SET body = x'00'")
    with pytest.raises(EnvironmentFault, match="damaged"):
        read(store, reports[0])
    assert attach(store, [path]).rows[0].outcome is Outcome.ATTACHED
    assert read(store, reports[0])[0] == NORTH


def test_a_text_of_two_equal_sources_goes_to_none(store, tmp_path):
    spans = passages(NORTH)
    for title in ("One", "Another"):
        add_standoff(store, title, f"{title}\n\n{NORTH}", [(a + len(title) + 2, b + len(title) + 2) for a, b in spans])
    row = attach(store, [write(tmp_path, "north.txt", "Third\n\n" + NORTH)]).rows[0]
    assert row.outcome is Outcome.UNMATCHED
    assert "“One” and of “Another”" in row.sentence


def test_one_shared_sentence_does_not_make_a_copy(store, reports, tmp_path):
    start, end = passages(NORTH)[0]
    text = f"A digest of the week's news.\n\n{NORTH[start:end]} All else was quiet, and the editor went home early."
    assert attach(store, [write(tmp_path, "digest.txt", text)]).rows[0].outcome is Outcome.UNMATCHED


def test_a_project_opened_for_reading_is_left_as_it_is(store, reports, tmp_path):
    path = write(tmp_path, "north.txt", NORTH)
    other = Store.open(store.path, read_only=True)
    try:
        with pytest.raises(EnvironmentFault):
            attach(other, [path])
    finally:
        other.close()
    assert states(store, reports[0]) == [QuoteState.STANDOFF] * 4

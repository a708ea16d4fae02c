"""What a check of a project finds, and that it finds nothing in a sound one."""

from __future__ import annotations

import zlib

import pytest

from db import checks, edtf
from db.checks import Severity, check
from db.displayed import span_columns
from db.importers.text import import_text
from db.reading.anchors import make_quote_fields
from db.reading.attach import attach
from db.reading.files import keep_content
from db.store import Store
from db.tables import Claim, Event, Quote
from db.uid import new_uid
from db.values import Shape
from tests.helpers.standoff import NORTH, add_standoff, passages, write


@pytest.fixture
def store(tmp_path):
    """A project with a source of its own, a stand-off one, a quote, a claim."""
    made = Store.create(tmp_path / "project.gpkg", "Checks")
    text = "A heading\n\nThe bridge was blown on Tuesday. Nobody was hurt, the mayor said."
    import_text(made, write(tmp_path, "bridge.txt", text), "2016-11~")
    add_standoff(made, "Northern report", NORTH, passages(NORTH))
    with made.step("Code") as session:
        quote = Quote(uid=new_uid(), document_id=1, **make_quote_fields(text, 11, 44))
        event = Event(uid=new_uid())
        session.add_all([quote, event])
        session.flush()
        span = edtf.parse("2016-11-22", Shape.MOMENT)
        session.add(
            Claim(
                uid=new_uid(),
                event_id=event.id,
                quote_id=quote.id,
                title="Bridge blown",
                edtf=span.edtf,
                time_shape=span.shape.value,
                **span_columns(span),
            )
        )
    yield made
    made.close()


def spoil(store, sql, *values):
    with store.step("Spoil") as session:
        session.connection().exec_driver_sql(sql, values)


def test_a_sound_project_has_no_finding(store):
    report = check(store)
    assert report.findings == ()
    assert report.sound
    assert report.summary == ("2 sources, 2 documents, 5 quotes (1 anchored, 4 without a text), 1 claim, 1 event.")


def test_a_connection_will_do(store):
    con = store.reader()
    assert check(con) == check(store)
    con.close()


def test_an_empty_project_is_sound(tmp_path):
    with_nothing = Store.create(tmp_path / "empty.gpkg", "Empty")
    report = check(with_nothing)
    with_nothing.close()
    assert (report.sound, report.summary) == (True, "0 sources, 0 documents, 0 quotes, 0 claims, 0 events.")


OTHER = zlib.compress(b"Quite another text.")
DAMAGE = [
    ("UPDATE content SET body = x'00' WHERE id = 1", (), "content", "is damaged. Attach a copy"),
    ("UPDATE content SET body = ? WHERE id = 1", (OTHER,), "content", "is damaged"),
    ("DELETE FROM content", (), "text", "is missing from the project"),
    ("UPDATE document SET text_length = 3 WHERE id = 1", (), "text", "should have 3 characters"),
    ("UPDATE document SET text_sha256 = NULL WHERE id = 1", (), "text", "has no text, though 1 of its quotes"),
    ("UPDATE quote SET start = 12 WHERE exact IS NOT NULL", (), "quote", "are not those of the quote"),
    ("UPDATE quote SET end = 4000 WHERE exact IS NOT NULL", (), "quote", "should be at characters 11 to 4000"),
    ("UPDATE quote SET start = -1 WHERE exact IS NOT NULL", (), "quote", "no position or hash"),
    ("UPDATE quote SET exact_sha256 = 'x' WHERE exact IS NOT NULL", (), "quote", "no position or hash"),
    ("UPDATE quote SET found_start = 0, found_end = 9 WHERE exact IS NOT NULL", (), "quote", "are not those of"),
    ("UPDATE quote SET state = 'standoff' WHERE exact IS NOT NULL", (), "quote", "was not looked for"),
    ("UPDATE claim SET edtf = '2016-13'", (), "date", "“Bridge blown” cannot be: “2016-13”"),
    ("UPDATE claim SET edtf = NULL", (), "date", "has bounds and no text"),
    ("UPDATE claim SET time_shape = 'wavy'", (), "date", "unknown shape"),
    ("UPDATE claim SET latest = earliest - 1", (), "date", "ends before it begins"),
    ("UPDATE claim SET earliest = earliest - 1", (), "date", "stored otherwise than its text"),
    ("UPDATE claim SET earliest = NULL", (), "date", "stored otherwise than its text"),
    ("UPDATE source SET published = 'soon'", (), "date", "was published cannot be: “soon”"),
    ("UPDATE source SET published_last = 0", (), "date", "ends before it begins"),
]


@pytest.mark.parametrize(("sql", "values", "rule", "words"), DAMAGE)
def test_damage_is_found_and_named(store, sql, values, rule, words):
    spoil(store, sql, *values)
    report = check(store)
    assert not report.sound
    found = [finding for finding in report.findings if words in finding.sentence]
    assert found
    assert {(finding.rule, finding.severity) for finding in found} == {(rule, Severity.DAMAGE)}
    assert all(finding.refs for finding in found)


def test_a_damaged_text_that_nobody_uses_is_found(store):
    with store.step("Keep") as session:
        keep_content(session, b"A text that was undone.")
    spoil(store, "UPDATE content SET body = x'01' WHERE id = (SELECT max(id) FROM content)")
    (finding,) = check(store).findings
    assert finding.sentence == "A stored text that no document uses now is damaged."


def test_quotes_that_were_not_found_are_a_notice(store, tmp_path):
    copy = NORTH.replace("at dawn on Monday", "in the evening")
    attach(store, [write(tmp_path, "copy.txt", copy)])
    report = check(store)
    assert report.sound
    (finding,) = report.findings
    assert finding.severity is Severity.NOTICE
    assert finding.sentence == "1 quote is not found in the copy of “Northern report” that is attached."
    assert len(finding.refs) == 1
    assert "4 anchored" not in report.summary
    assert "1 not found" in report.summary


def test_flipped_bits_of_texts_are_never_shown_as_sound(store):
    con = store.reader()
    (body,) = con.execute("SELECT body FROM content WHERE id = 1").fetchone()
    con.close()
    for place in range(0, 8 * len(body), 7):
        flipped = bytearray(body)
        flipped[place // 8] ^= 1 << place % 8
        assert checks.unpack(bytes(flipped), "0" * 64) is None
        spoil(store, "UPDATE content SET body = ? WHERE id = 1", bytes(flipped))
        assert not check(store).sound, place

"""Edits of what is displayed: decisions where there are claims, the claim itself where it is the analyst's own."""

from __future__ import annotations

import pytest
from sqlmodel import select

from db import edits, edtf, queries
from db.errors import InputFault
from db.store import Store
from db.tables import Claim, Decision
from db.values import OPEN_FUTURE, OPEN_PAST, Shape, Status
from tests.helpers.project import add_claim, contents, detail

DEC = edtf.parse("2016-12-24")


@pytest.mark.parametrize("event_id", [1, 2, 3])
def test_every_edit_is_shown_and_undone(store: Store, event_id: int):
    before = detail(store, event_id)
    with store.step("Edit") as session:
        edits.set_event_title(session, event_id, "  A new\n title ")
        edits.set_event_summary(session, event_id, "In short")
        edits.set_event_date(session, event_id, DEC)
        edits.set_event_place(session, event_id, 3)
        edits.set_event_status(session, event_id, Status.PLANNED)
        edits.set_event_kind(session, event_id, 2)
    after = detail(store, event_id)
    assert (after.title, after.summary, after.status) == ("A new title", "In short", Status.PLANNED)
    assert (after.when, after.place.name, after.kind.name) == (DEC, "Tikrit", "Statements")
    own = event_id == 3
    assert len(after.decisions) == (0 if own else 5)
    claims = (after.claims[0].title, after.claims[0].when)
    assert claims == (("A new title", DEC) if own else (before.claims[0].title, before.claims[0].when))
    store.undo()
    assert detail(store, event_id) == before


def test_a_second_edit_takes_the_place_of_the_first(store: Store):
    for title in ("one", "two"):
        with store.step("Rename") as session:
            edits.set_event_title(session, 1, title)
    assert [decision.value for decision in detail(store, 1).decisions] == ["two"]
    with store.step("Rename") as session:
        edits.set_event_title(session, 1, "two")
    store.undo()
    assert detail(store, 1).title == "one"


def test_an_edit_rests_on_the_claims_of_its_time(store: Store):
    with store.step("Rename") as session:
        edits.set_event_title(session, 1, "Mine")
        uids = session.exec(select(Claim.uid).where(Claim.event_id == 1)).all()
    assert detail(store, 1).decisions[0].claims == tuple(uids)
    with store.step("Hear more") as session:
        add_claim(session, 1, source_id=1, title="Later")
    assert detail(store, 1).title == "Mine"
    with store.step("Drop a claim") as session:
        session.delete(session.exec(select(Claim).where(Claim.uid == uids[1])).one())
    assert detail(store, 1).title == "Mosul is entered"
    assert detail(store, 1).decisions == ()


def test_a_decision_can_be_taken_back(store: Store):
    with store.step("Edit") as session:
        edits.set_event_title(session, 1, "Mine")
        edits.set_event_date(session, 1, DEC)
    with store.step("Let the claims speak") as session:
        edits.clear_decision(session, 1, "title")
    assert (detail(store, 1).title, detail(store, 1).when) == ("Mosul is entered", DEC)


def test_an_asserted_event_that_a_source_comes_to_support_is_edited_by_decisions(store: Store):
    with store.step("Support") as session:
        add_claim(session, 3, quote_id=1, title="Supported")
    with store.step("Rename") as session:
        edits.set_event_title(session, 3, "Mine")
    assert detail(store, 3).claims[0].title == "A guess"
    assert len(detail(store, 3).decisions) == 1


def test_open_and_lasting_dates_come_back_whole(store: Store):
    for text, shape in (("../2014", Shape.LASTING), ("2015/..", Shape.MOMENT), ("-9999", Shape.MOMENT)):
        span = edtf.parse(text, shape)
        for event_id in (1, 3):
            with store.step("Date") as session:
                edits.set_event_date(session, event_id, span)
            assert detail(store, event_id).when == span
    con = store.reader()
    columns = queries.event_columns(con)
    con.close()
    assert columns.earliest.min() >= OPEN_PAST
    assert columns.latest.max() <= OPEN_FUTURE


def test_a_place_that_is_deleted_ends_the_decision_for_it_until_undo(store: Store):
    with store.step("Move") as session:
        edits.set_event_place(session, 1, 3)
    with store.step("Delete place") as session:
        session.connection().exec_driver_sql("DELETE FROM place WHERE id = 3")
    assert detail(store, 1).place.name == "Mosul"
    store.undo()
    assert detail(store, 1).place.name == "Tikrit"


def test_an_event_is_added_with_a_claim_of_the_analysts_own(store: Store):
    with store.step("Add") as session:
        number = edits.add_event(session, "New", kind_id=2, when=DEC, place_id=1, status=Status.PREDICTED, summary="s")
    added = detail(store, number)
    assert (added.title, added.when, added.place.id, added.status, added.summary) == ("New", DEC, 1, "predicted", "s")
    assert not added.supported
    assert [(claim.quote, claim.source_id) for claim in added.claims] == [(None, None)]


def test_deleting_events_keeps_their_quotes(store: Store):
    with store.step("Delete") as session:
        edits.set_event_title(session, 1, "Mine")
        edits.delete_events(session, [1, 2, 77])
    after = contents(store)
    assert [len(after[name]) for name in ("event", "claim", "decision", "quote")] == [1, 1, 0, 3]


def test_grades_move_what_is_displayed(store: Store):
    with store.step("Judge") as session:
        edits.set_source_reliability(session, 2, "A", "N. N.")
    assert detail(store, 1).title == "Raqqa is entered"
    assert detail(store, 1).grade.code == "A–"
    with store.step("Judge") as session:
        edits.set_source_reliability(session, 1, "A")
        edits.set_claim_credibility(session, 1, 2, "N. N.")
        edits.set_claim_credibility(session, 2, 4)
    assert (detail(store, 1).title, detail(store, 1).grade.code) == ("Mosul is entered", "A2")
    with store.step("Take back") as session:
        edits.set_source_reliability(session, 1, None, "N. N.")
        edits.set_claim_credibility(session, 1, None, "N. N.")
        edits.set_source_reliability(session, 2, None)
    assert detail(store, 1).claims[0].judged_by is None


@pytest.mark.parametrize(
    "edit",
    [
        lambda session: edits.set_event_title(session, 1, "  "),
        lambda session: edits.set_event_title(session, 99, "x"),
        lambda session: edits.set_event_kind(session, 1, 99),
        lambda session: edits.set_event_kind(session, 99, 1),
        lambda session: edits.set_event_place(session, 1, 99),
        lambda session: edits.set_event_date(session, 99, DEC),
        lambda session: edits.add_event(session, ""),
        lambda session: edits.add_place(session, " ", 1, 1),
        lambda session: edits.add_place(session, "x", 1, 100),
        lambda session: edits.set_source_reliability(session, 1, "G"),
        lambda session: edits.set_source_reliability(session, 99, "A"),
        lambda session: edits.set_claim_credibility(session, 1, 7),
        lambda session: edits.set_claim_credibility(session, 99, 1),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(store: Store, edit):
    before = contents(store)
    with pytest.raises(InputFault, match=r"\.$"), store.step("Edit") as session:
        edit(session)
    assert contents(store) == before


def test_a_decision_is_signed_with_its_time(store: Store):
    with store.step("Rename") as session:
        edits.set_event_title(session, 1, "Mine")
        found = session.exec(select(Decision)).one()
        assert found.decided_at is not None
        assert found.decided_at.endswith("Z")

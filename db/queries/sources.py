"""Sources, their documents, and the quotes in a document."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np

from db.coerce import text_of, text_or_none
from db.displayed import stance_of, status_of
from db.errors import EnvironmentFault
from db.kept.tables import file_bytes
from db.queries import bulk
from db.queries.rows import DocumentRow, QuoteClaim, QuoteRow, SourceRow
from db.queries.snapshot import at_one_instant
from db.queries.tables import table_layout
from db.reading.files import unpack
from db.values import DocumentRole, QuoteState

_STATES: Final = {state.value: state for state in QuoteState}
_ROLES: Final = {role.value: role for role in DocumentRole}

_SOURCES: Final = (
    "SELECT id, uid, title, publisher, author, language, url, dateline_place, published, published_first, "
    "published_last, published_evidence, accessed, reliability, judged_by, note, protected, position FROM source"
)
_DOCUMENTS: Final = (
    "SELECT d.id, d.uid, d.source_id, d.role, d.title, d.media_type, d.file_name, d.sha256, d.text_sha256, "
    "d.text_length, d.canonicaliser, d.encoding, d.origin_id, d.attached_at, t.id IS NOT NULL AND d.role <> 'table' "
    "FROM document AS d LEFT JOIN content AS t ON t.sha256 = d.text_sha256"
)
_QUOTES: Final = (
    "SELECT q.id, q.uid, q.document_id, d.source_id, q.selector, q.start, q.end, q.found_start, q.found_end, q.exact, "
    "q.prefix, q.suffix, q.state, q.note, q.exact_sha256, q.folded_sha256, q.folded_length, q.row_selector, "
    "q.same_as_id FROM quote AS q JOIN document AS d ON d.id = q.document_id"
)


@at_one_instant
def sources(con: sqlite3.Connection, counts: Mapping[int, tuple[int, int]] | None = None) -> list[SourceRow]:
    """All sources in their order, with documents and counts.

    ``counts``: by source how many claims are its own, and of how many events, where that is known already.
    """
    # A digest's quote and the original's that it renders are one quote.
    counted = dict(
        con.execute(
            "SELECT d.source_id, count(*) FROM quote AS q JOIN document AS d ON d.id = q.document_id "
            "WHERE q.same_as_id IS NULL GROUP BY 1"
        ).fetchall()
    )
    documents: dict[int, list[DocumentRow]] = defaultdict(list)
    for row in documents_of(con):
        documents[row.source_id].append(row)
    counts = _counts(con) if counts is None else counts
    result = []
    for row in con.execute(_SOURCES + " ORDER BY position, id").fetchall():
        own = tuple(documents[row[0]])
        claims, events = counts.get(row[0], (0, 0))
        quotes = counted.get(row[0], 0)
        values = [
            *row[:2],
            text_of(row[2]),
            *map(text_or_none, row[3:9]),
            *row[9:16],
            bool(row[16]),
            row[17],
            own,
            quotes,
            claims,
            events,
        ]
        result.append(SourceRow(*values))
    return result


def _counts(con: sqlite3.Connection) -> dict[int, tuple[int, int]]:
    """By source: how many claims are its own, and of how many events."""
    owners, events = bulk.numbers(con, ("source_id", "event_id"), "FROM claim WHERE typeof(source_id) = 'integer'")
    each, numbers = np.unique(owners, return_inverse=True)
    width = int(events.max(initial=0)) + 1
    pairs = np.sort(numbers * width + events)
    different = pairs[np.diff(pairs, prepend=-1) > 0] // width
    claims, events = np.bincount(numbers, minlength=len(each)), np.bincount(different, minlength=len(each))
    return dict(zip(each.tolist(), zip(claims.tolist(), events.tolist(), strict=True), strict=True))


@at_one_instant
def documents_of(con: sqlite3.Connection, source_id: int | None = None) -> list[DocumentRow]:
    """The documents of one source or of all, in their order."""
    quotes = dict(con.execute("SELECT document_id, count(*) FROM quote GROUP BY 1").fetchall())
    sql, parameters = (_DOCUMENTS, ()) if source_id is None else (_DOCUMENTS + " WHERE d.source_id = ?", (source_id,))
    result = []
    for row in con.execute(sql + " ORDER BY d.source_id, d.position, d.id", parameters).fetchall():
        role = _ROLES.get(row[3], DocumentRole.COPY)
        values = [*row[:3], role, *row[4:14], bool(row[14]), quotes.get(row[0], 0)]
        result.append(DocumentRow(*values))
    return result


def document_text(con: sqlite3.Connection, document_id: int) -> str | None:
    """The canonical text; None for a document without one (stand-off, a table, or no such document).

    Raises EnvironmentFault when the stored text does not have its hash: a damaged text is never shown as sound.
    """
    if table_layout(con, document_id) is not None:
        return None
    body = _content(con, document_id, "text_sha256")
    return None if body is None else body.decode("utf-8")


def document_bytes(con: sqlite3.Connection, document_id: int) -> bytes | None:
    """The original bytes; None where they are not in the project. Raises as ``document_text``."""
    layout = table_layout(con, document_id)
    return _content(con, document_id, "sha256") if layout is None else b"".join(file_bytes(con, layout))


def _content(con: sqlite3.Connection, document_id: int, column: str) -> bytes | None:
    row = con.execute(
        f"SELECT c.body, c.sha256, coalesce(d.title, d.file_name, s.title) FROM document AS d "
        f"JOIN content AS c ON c.sha256 = d.{column} JOIN source AS s ON s.id = d.source_id WHERE d.id = ?",
        (document_id,),
    ).fetchone()
    if row is None:
        return None
    body = unpack(row[0], row[1])
    if body is None:
        raise EnvironmentFault(
            f"The stored text of “{row[2]}” is damaged and is not shown. Attach a copy of it, or open a backup."
        )
    return body


@at_one_instant
def quotes_of_document(
    con: sqlite3.Connection, document_id: int, hidden_sources: frozenset[int] = frozenset()
) -> list[QuoteRow]:
    """The quotes of a document by position, each with the claims that rest on it; none when its source is hidden."""
    rows = con.execute(_QUOTES + " WHERE q.document_id = ?", (document_id,)).fetchall()
    rows = [row for row in rows if row[3] not in hidden_sources]
    claims = _claims(con, "q.document_id = ?", (document_id,))
    quotes = [_quote(row, tuple(claims[row[0]])) for row in rows]
    return sorted(quotes, key=lambda quote: (quote.start is None, quote.start or 0, quote.end or 0, quote.id))


def quote(con: sqlite3.Connection, quote_id: int) -> QuoteRow | None:
    """One quote with its claims."""
    return quotes_by_id(con, (quote_id,)).get(quote_id)


@at_one_instant
def quotes_by_id(con: sqlite3.Connection, quote_ids: Iterable[int]) -> dict[int, QuoteRow]:
    """Quotes with their claims by id; ids that are none are left out."""
    ids = sorted(set(quote_ids))
    marks = ",".join("?" * len(ids))
    claims = _claims(con, f"q.id IN ({marks})", ids)
    rows = con.execute(f"{_QUOTES} WHERE q.id IN ({marks})", ids).fetchall()
    return {row[0]: _quote(row, tuple(claims[row[0]])) for row in rows}


def quote_by_uid(con: sqlite3.Connection, uid: str) -> QuoteRow | None:
    """The quote with a uid, with its claims."""
    row = con.execute("SELECT id FROM quote WHERE uid = ?", (uid,)).fetchone()
    return quote(con, row[0]) if row else None


def twins(con: sqlite3.Connection, quote_ids: Iterable[int]) -> list[QuoteRow]:
    """The same words elsewhere: the original's quotes that these of a digest render, and the other way round."""
    ids = sorted(set(quote_ids))
    marks = ",".join("?" * len(ids))
    rows = con.execute(
        f"SELECT same_as_id FROM quote WHERE id IN ({marks}) AND same_as_id IS NOT NULL "
        f"UNION SELECT id FROM quote WHERE same_as_id IN ({marks})",
        (*ids, *ids),
    ).fetchall()
    return list(quotes_by_id(con, (row[0] for row in rows)).values())


def _claims(con: sqlite3.Connection, where: str, parameters: Iterable[int]) -> dict[int, list[QuoteClaim]]:
    """By quote, the claims that rest on it or on the digest's quote that renders it."""
    found: dict[int, list[QuoteClaim]] = defaultdict(list)
    given = tuple(parameters)
    rows = con.execute(
        "SELECT h.id, c.id, c.uid, e.id, e.uid, coalesce(e.kind_id, 0), c.stance, c.status FROM "
        f"(SELECT q.id, q.id AS own FROM quote AS q WHERE {where} UNION ALL "
        f"SELECT q.id, r.id FROM quote AS q JOIN quote AS r ON r.same_as_id = q.id WHERE {where}) AS h "
        "JOIN claim AS c ON c.quote_id = h.own JOIN event AS e ON e.id = c.event_id ORDER BY c.id",
        given + given,
    ).fetchall()
    for quote_id, claim_id, claim_uid, event_id, event_uid, kind_id, stance, status in rows:
        found[quote_id].append(
            QuoteClaim(claim_id, claim_uid, event_id, event_uid, kind_id, stance_of(stance), status_of(status))
        )
    return found


def _quote(row: tuple[Any, ...], claims: tuple[QuoteClaim, ...]) -> QuoteRow:
    given, found = row[5:7], row[7:9]
    state = _STATES.get(row[12], QuoteState.ORPHAN)
    start, end = (None, None) if state is QuoteState.ORPHAN else found if None not in found else given
    values = [*row[:5], start, end, *given, *row[9:12], state, *row[13:19], claims]
    return QuoteRow(*values)

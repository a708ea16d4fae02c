"""What the source panel reads from the file: a text with its quotes, or one row of a table."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db import queries
from db.queries import DocumentRow, QuoteRow, TableRow
from db.values import DocumentRole


@dataclass(frozen=True, slots=True)
class Page:
    """A document as read from the file. ``text`` None: there is none to show.

    Of a table only the row is read that is wanted, with its quote: a table may have a million. ``row`` None then: no
    row of it is wanted.
    """

    document_id: int
    text: str | None
    quotes: tuple[QuoteRow, ...]
    is_table: bool = False
    row: TableRow | None = None


@queries.at_one_instant
def read_page(
    connection: sqlite3.Connection, document_id: int, hidden: frozenset[int], quote_uid: str | None = None
) -> Page:
    """Text and quotes of a document; of a table, the row of a quote. Raises EnvironmentFault for what is damaged."""
    if queries.is_table(connection, document_id):
        quote = None if quote_uid is None else queries.quote_by_uid(connection, quote_uid)
        if quote is None or quote.document_id != document_id or quote.source_id in hidden:
            return Page(document_id, None, (), is_table=True)
        return Page(document_id, None, (quote,), is_table=True, row=queries.table_row(connection, quote.id))
    text = queries.document_text(connection, document_id)
    return Page(document_id, text, tuple(queries.quotes_of_document(connection, document_id, hidden)))


def best_quote(
    quotes: Sequence[QuoteRow], documents: Mapping[int, DocumentRow], open_id: int | None, role: DocumentRole
) -> QuoteRow | None:
    """The quote to stand at: one that can be read, in the document that is open, in the role last chosen."""
    able = [quote for quote in quotes if quote.document_id in documents]
    if not able:
        return None

    def rank(quote: QuoteRow) -> tuple[bool, bool, bool]:
        document = documents[quote.document_id]
        readable = document.has_text and quote.start is not None
        return not readable, quote.document_id != open_id, document.role is not role

    return min(able, key=rank)
